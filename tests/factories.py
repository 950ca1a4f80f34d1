"""One plain function a model. Rows are written through the roles of the application."""

from datetime import UTC, datetime
from functools import cache
from uuid import uuid4

from django.db import connections

from surveys import actions, definition
from surveys.models import (
    Form,
    Membership,
    Organization,
    QuestionnaireVersion,
    Survey,
    User,
    Wave,
)
from surveys.models.people import Role
from surveys.tenancy import organization_scope

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


def make_organization(name: str = "Harbour Tea") -> Organization:
    organization = Organization(name=name)
    with organization_scope(organization.pk):
        organization.save(force_insert=True)
    return organization


def make_member(
    organization: Organization | None = None,
    *,
    email: str = "owner@example.org",
    role: Role = Role.OWNER,
) -> User:
    organization = organization or make_organization()
    user = User.objects.create_user(email, PASSWORD)
    with organization_scope(organization.pk):
        Membership.objects.create(organization=organization, user=user, role=role)
    return user


@cache
def brand_form() -> definition.Form:
    """Form of the shipped brand study: 20 trust items and 9 outcomes."""
    parts = [
        definition.FormPart(questionnaire, short=False)
        for questionnaire in definition.load_library()
    ]
    return definition.compile_form(
        sorted(parts, key=lambda part: part.questionnaire.kind, reverse=True),
        referent="brand",
        languages=definition.LANGUAGES,
        comment=True,
        title=definition.Text("Trust in Harbour Tea", "我们信任港湾茶吗"),
    )


def make_survey(
    organization: Organization | None = None, *, simulated: bool = False
) -> Survey:
    organization = organization or make_organization()
    with organization_scope(organization.pk):
        return Survey.objects.create(
            organization=organization,
            title_en="Trust in Harbour Tea",
            title_zh_hans="我们信任港湾茶吗",
            simulated=simulated,
            created_at=NOW,
        )


def make_form(survey: Survey, *, number: int = 1) -> Form:
    form = brand_form()
    with organization_scope(survey.organization_id):
        return Form.objects.create(
            organization_id=survey.organization_id,
            survey=survey,
            number=number,
            item_count=form.item_count,
            definition=form.to_data(),
            digest=form.digest,
        )


def make_wave(survey: Survey | None = None) -> Wave:
    """Open the next wave of a survey."""
    survey = survey or make_survey()
    with organization_scope(survey.organization_id):
        known = Form.objects.filter(survey=survey).exists()
    if not known:
        make_form(survey)
    with organization_scope(survey.organization_id):
        return actions.open_wave(survey=survey, at=NOW)


def make_response(wave: Wave, answers: list[int], *, language: str = "en") -> None:
    """Store answers as the collector does, without its checks."""
    key = uuid4()
    with connections["collector"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true),"
            " set_config('trustsurvey.response', %s, true)",
            [str(wave.pk), str(key)],
        )
        cursor.execute(
            "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
            " item_count, answers, language) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                wave.organization_id,
                wave.pk,
                wave.form_id,
                key,
                len(answers),
                answers,
                language,
            ],
        )
        cursor.execute("COMMIT")


def publish_library() -> list[QuestionnaireVersion]:
    """Put the shipped questionnaires into the database, as `load_library` does."""
    return actions.publish_library()
