from enum import StrEnum

class ListSurveysOrigin(StrEnum):
    COLLECTED = "collected"
    IMPORTED = "imported"

    def __str__(self) -> str:
        return str(self.value)
