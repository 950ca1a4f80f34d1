from enum import StrEnum

class ReferentEnum(StrEnum):
    AI_SERVICE = "ai_service"
    BRAND = "brand"
    COLLEAGUES = "colleagues"
    COMPANY = "company"
    EMPLOYER = "employer"
    LEADER = "leader"
    MANAGEMENT = "management"
    PROJECT_PARTNER = "project_partner"
    SALESPERSON = "salesperson"
    SUPPLIER = "supplier"

    def __str__(self) -> str:
        return str(self.value)
