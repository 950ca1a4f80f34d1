from enum import StrEnum

class ListReleasesState(StrEnum):
    BUILDING = "building"
    FAILED = "failed"
    PUBLISHED = "published"
    QUEUED = "queued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    def __str__(self) -> str:
        return str(self.value)
