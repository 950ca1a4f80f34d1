from enum import StrEnum

class DoneEnum(StrEnum):
    ABSENT = "absent"
    CHANGED = "changed"
    CREATED = "created"
    REMOVED = "removed"
    UNCHANGED = "unchanged"

    def __str__(self) -> str:
        return str(self.value)
