from enum import StrEnum

class ExportKindEnum(StrEnum):
    BUNDLE = "bundle"
    CODEBOOK = "codebook"
    COMMENTS = "comments"
    DATA = "data"
    MICRODATA = "microdata"
    QUESTIONNAIRE = "questionnaire"

    def __str__(self) -> str:
        return str(self.value)
