from enum import StrEnum

class FormatEnum(StrEnum):
    CSV = "csv"
    DDI = "ddi"
    DTA = "dta"
    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    PDF = "pdf"
    SAV = "sav"
    XLSX = "xlsx"
    ZIP = "zip"

    def __str__(self) -> str:
        return str(self.value)
