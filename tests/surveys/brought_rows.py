"""A file of answers on its way in, for tests that go through all addresses."""

from django.utils import timezone

from surveys.brought import files
from surveys.models import AnswerFile, Survey
from surveys.tenancy import organization_scope


def make_answer_file(survey: Survey) -> AnswerFile:
    """Upload one row to a survey; nothing is checked yet."""
    with organization_scope(survey.organization_id):
        form = survey.forms.get(number=1)
        said = {"language": "en", "simulated": survey.simulated}
        code = form.asked().items[0].code
        return files.upload(
            files.Whither(
                survey.organization, {"survey": survey, "form": form, "said": said}
            ),
            filename="answers.csv",
            size=9,
            chunks=[f"{code}\n3\n".encode()],
            at=timezone.now(),
        )
