from enum import StrEnum

class ListDeliveriesState(StrEnum):
    DELIVERED = "delivered"
    FAILED = "failed"
    SENDING = "sending"
    WAITING = "waiting"

    def __str__(self) -> str:
        return str(self.value)
