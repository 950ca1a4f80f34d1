from enum import StrEnum

class ReleaseStateEnum(StrEnum):
    BUILDING = "building"
    FAILED = "failed"
    PUBLISHED = "published"
    QUEUED = "queued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    def __str__(self) -> str:
        return str(self.value)
