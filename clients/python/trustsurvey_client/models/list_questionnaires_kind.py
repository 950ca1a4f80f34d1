from enum import StrEnum

class ListQuestionnairesKind(StrEnum):
    CONTROLS = "controls"
    OUTCOMES = "outcomes"
    QUESTIONNAIRE = "questionnaire"

    def __str__(self) -> str:
        return str(self.value)
