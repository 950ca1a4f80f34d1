from enum import StrEnum

class ChannelEnum(StrEnum):
    EMAIL = "email"
    NONE = "none"
    PAPER = "paper"
    PHONE = "phone"

    def __str__(self) -> str:
        return str(self.value)
