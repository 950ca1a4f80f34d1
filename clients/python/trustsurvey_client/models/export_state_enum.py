from enum import StrEnum

class ExportStateEnum(StrEnum):
    AWAITING = "awaiting"
    EXPIRED = "expired"
    FAILED = "failed"
    QUEUED = "queued"
    READY = "ready"
    REFUSED = "refused"
    RUNNING = "running"

    def __str__(self) -> str:
        return str(self.value)
