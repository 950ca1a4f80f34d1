from enum import StrEnum

class EstimatorEnum(StrEnum):
    FIML = "FIML"
    ML = "ML"
    MLMV = "MLMV"
    MLR = "MLR"
    RULE = "rule"
    WLSMV = "WLSMV"

    def __str__(self) -> str:
        return str(self.value)
