from enum import StrEnum

class ListCatalogueConstruct(StrEnum):
    COMMITMENT = "commitment"
    CONTRACT = "contract"
    DISTRUST = "distrust"
    LOYALTY = "loyalty"
    PROPENSITY = "propensity"
    REPAIR = "repair"
    SAFETY = "safety"
    SATISFACTION = "satisfaction"
    TRANSPARENCY = "transparency"
    TRUST = "trust"
    TRUSTWORTHINESS = "trustworthiness"

    def __str__(self) -> str:
        return str(self.value)
