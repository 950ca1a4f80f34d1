from enum import StrEnum

class ModeEnum(StrEnum):
    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"
    IDENTIFIED = "identified"
    OPEN = "open"

    def __str__(self) -> str:
        return str(self.value)
