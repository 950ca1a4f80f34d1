from enum import StrEnum

class QuestionnaireKindEnum(StrEnum):
    CONTROLS = "controls"
    OUTCOMES = "outcomes"
    QUESTIONNAIRE = "questionnaire"

    def __str__(self) -> str:
        return str(self.value)
