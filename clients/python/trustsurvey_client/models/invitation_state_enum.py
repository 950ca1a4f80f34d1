from enum import StrEnum

class InvitationStateEnum(StrEnum):
    ASKED = "asked"
    LISTED = "listed"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"

    def __str__(self) -> str:
        return str(self.value)
