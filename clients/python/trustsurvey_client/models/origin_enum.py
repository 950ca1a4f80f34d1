from enum import StrEnum

class OriginEnum(StrEnum):
    COLLECTED = "collected"
    IMPORTED = "imported"

    def __str__(self) -> str:
        return str(self.value)
