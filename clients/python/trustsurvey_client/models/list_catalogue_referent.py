from enum import StrEnum

class ListCatalogueReferent(StrEnum):
    BRAND = "brand"
    COLLEAGUES = "colleagues"
    COMPANY = "company"
    EMPLOYER = "employer"
    INSTITUTION = "institution"
    LEADER = "leader"
    MANAGEMENT = "management"
    PARTNER = "partner"
    PEOPLE = "people"
    PHYSICIAN = "physician"
    SALESPERSON = "salesperson"
    SELF = "self"
    SUPPLIER = "supplier"
    TEAM = "team"
    TECHNOLOGY = "technology"
    WEBSITE = "website"

    def __str__(self) -> str:
        return str(self.value)
