from enum import StrEnum

class ListCatalogueLicence(StrEnum):
    ASK = "ASK"
    NC = "NC"
    OPEN = "OPEN"
    PD = "PD"
    SOLD = "SOLD"
    TM = "TM"

    def __str__(self) -> str:
        return str(self.value)
