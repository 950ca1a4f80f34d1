"""A file of answers on its way in, for tests that go through all addresses."""

from django.utils import timezone

from surveys.brought import files
from surveys.models import AnswerFile, Survey
from surveys.tenancy import organization_scope


def take_in(survey: Survey, data: bytes) -> AnswerFile:
    """Upload a file to a survey; nothing is checked yet."""
    with organization_scope(survey.organization_id):
        form = survey.forms.get(number=1)
        said = {"language": "en", "simulated": survey.simulated}
        values = {"survey": survey, "form": form, "said": said}
        return files.upload(
            files.Whither(survey.organization, values),
            filename="answers",
            size=len(data),
            chunks=[data],
            at=timezone.now(),
        )


def make_answer_file(survey: Survey, *, rows: int = 1) -> AnswerFile:
    """Upload some rows of one item to a survey."""
    with organization_scope(survey.organization_id):
        code = survey.forms.get(number=1).asked().items[0].code
    return take_in(survey, (f"{code}\n" + "3\n" * rows).encode())
