from enum import StrEnum

class WaveStateEnum(StrEnum):
    CLOSED = "closed"
    GRACE = "grace"
    OPEN = "open"
    PREPARING = "preparing"

    def __str__(self) -> str:
        return str(self.value)
