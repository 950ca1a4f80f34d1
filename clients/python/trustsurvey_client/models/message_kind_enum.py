from enum import StrEnum

class MessageKindEnum(StrEnum):
    INVITATION = "invitation"
    LAST_CALL = "last_call"
    REMINDER = "reminder"

    def __str__(self) -> str:
        return str(self.value)
