from enum import StrEnum

class EndpointStateEnum(StrEnum):
    DISABLED = "disabled"
    OFF = "off"
    ON = "on"

    def __str__(self) -> str:
        return str(self.value)
