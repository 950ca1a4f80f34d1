from enum import StrEnum

class DirectionEnum(StrEnum):
    LESS = "less"
    MORE = "more"

    def __str__(self) -> str:
        return str(self.value)
