from enum import StrEnum

class CriterionKindEnum(StrEnum):
    BINARY = "binary"
    NUMBER = "number"

    def __str__(self) -> str:
        return str(self.value)
