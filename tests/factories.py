"""One plain function a model. Rows are written through the roles of the application."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db import connections
from django.test import Client

from analytics.models import Analysis
from surveys import actions, authoring, definition, evidence, operating
from surveys.collect import keys
from surveys.definition.draft import content_of_questionnaire
from surveys.definition.library import FOLDER
from surveys.experts import item_codes
from surveys.models import (
    ContentReview,
    Event,
    EvidenceLine,
    ExpertRating,
    Form,
    Membership,
    Organization,
    QuestionnaireDraft,
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


# Code and version of what the brand study asks.
BRAND_STUDY = {("TBE", 1), ("OUT-C", 1)}


@cache
def brand_form() -> definition.Form:
    """Form of the shipped brand study: 20 trust items and 9 outcomes."""
    parts = [
        definition.FormPart(questionnaire, short=False)
        for questionnaire in definition.load_library()
        if (questionnaire.code, questionnaire.version) in BRAND_STUDY
    ]
    return definition.compile_form(
        sorted(parts, key=lambda part: part.questionnaire.kind, reverse=True),
        referent="brand",
        languages=definition.LANGUAGES,
        comment=True,
        title=definition.Text("Trust in Harbour Tea", "我们信任港湾茶吗"),
    )


@cache
def two_brands() -> definition.Form:
    """Form that asks one block about a brand and about its competitor."""
    newest = {q.code: q for q in definition.load_library()}
    return definition.compile_form(
        [definition.FormPart(newest[code], short=False) for code in ("TBE", "OUT-C")],
        title=definition.Text("Two brands", "两个品牌"),
        referent=definition.Text("Harbour Tea", "港湾茶"),
        others=[definition.Text("Rival Tea", "对手茶")],
        languages=definition.LANGUAGES,
        comment=False,
    )


EVERY_KIND = Path(__file__).parent / "surveys" / "every_kind.yaml"


@cache
def every_kind_form(
    languages: tuple[str, ...] = definition.LANGUAGES,
) -> definition.Form:
    """Form that asks one question of every kind, with conditions and texts."""
    asked = definition.parse_questionnaire(
        EVERY_KIND.read_text(encoding="utf-8"), source=EVERY_KIND.name
    )
    return definition.compile_form(
        [definition.FormPart(asked, short=False)],
        referent="brand",
        languages=languages,
        comment=True,
        title=definition.Text("Every kind of question", "各种题型"),
    )


def make_survey(
    organization: Organization | None = None,
    *,
    simulated: bool = False,
    mode: str = Survey.Mode.OPEN,
    origin: str = Survey.Origin.COLLECTED,
    title_en: str = "Trust in Harbour Tea",
    title_zh_hans: str = "我们信任港湾茶吗",
) -> Survey:
    organization = organization or make_organization()
    with organization_scope(organization.pk):
        return Survey.objects.create(
            organization=organization,
            title_en=title_en,
            title_zh_hans=title_zh_hans,
            mode=mode,
            origin=origin,
            simulated=simulated,
            created_at=NOW,
        )


def make_form(
    survey: Survey, *, number: int = 1, asks: definition.Form | None = None
) -> Form:
    """Freeze what a survey asks; without `asks` the brand study."""
    form = asks or brand_form()
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
    if survey.mode in actions.WITH_CREDENTIALS:
        return _wave_with_credentials(survey)
    with organization_scope(survey.organization_id):
        return actions.open_wave(survey=survey, at=NOW)


def _wave_with_credentials(survey: Survey) -> Wave:
    """Store an open wave without its keys and groups, which few tests need."""
    with organization_scope(survey.organization_id):
        return Wave.objects.create(
            organization_id=survey.organization_id,
            survey=survey,
            form=Form.objects.filter(survey=survey).latest("number"),
            number=Wave.objects.filter(survey=survey).count() + 1,
            opened_at=NOW,
        )


def close_for_good(wave: Wave) -> None:
    """End a wave as mixing does, without its grace."""
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED, closed_at=NOW)


def make_every_kind_wave() -> Wave:
    """Open a wave that asks one question of every kind."""
    survey = make_survey()
    make_form(survey, asks=every_kind_form())
    return make_wave(survey)


def make_response(wave: Wave, answers: list[int], *, language: str = "en") -> None:
    """Store answers as the collector (or mixing) does, without its checks."""
    key = uuid4()
    with organization_scope(wave.organization_id):
        is_open = Survey.objects.get(pk=wave.survey_id).mode == Survey.Mode.OPEN
    # answers of other modes reach the table when they are mixed, by the owner
    alias = "collector" if is_open else "owner"
    with connections[alias].cursor() as cursor:
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
    return operating.publish_library()


def make_responses(wave: Wave, number: int, *, seed: int = 1) -> None:
    """Store plausible answers to the wave's form: a general trust and its loyalty.

    For tests of pages, not of statistics.
    """
    random = Random(seed)
    with organization_scope(wave.organization_id):
        form = Form.objects.get(pk=wave.form_id).asked()
    for _ in range(number):
        trust = random.gauss(0, 1)
        level = {"trust": trust, "outcome": 0.6 * trust + random.gauss(0, 0.8)}
        answers = [_point(i, level[i.role], random) for i in form.items]
        make_response(wave, answers, language=random.choice(definition.LANGUAGES))


def _point(item: definition.FormItem, level: float, random: Random) -> int:
    """Point of an item on which somebody of this level stands, with noise."""
    leaning = (level + random.gauss(0, 0.9)) * (-1 if item.reverse else 1)
    middle, reach = (item.low + item.high) / 2, (item.high - item.low) / 4
    return min(item.high, max(item.low, round(middle + reach * leaning)))


def make_comment(wave: Wave, text: str, *, question: str = "") -> None:
    """Store a comment as the collector does."""
    with connections["collector"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true)", [str(wave.pk)]
        )
        cursor.execute(
            "INSERT INTO surveys_comment (organization_id, wave_id, id, question, text)"
            " VALUES (%s, %s, %s, %s, %s)",
            [wave.organization_id, wave.pk, uuid4(), question, text],
        )
        cursor.execute("COMMIT")


def make_version(
    organization: Organization, *, number: int = 1
) -> QuestionnaireVersion:
    """Publish a questionnaire of an organization's own."""
    source = (FOLDER / "trust_building_elements.yaml").read_text(encoding="utf-8")
    with organization_scope(organization.pk):
        return QuestionnaireVersion.objects.create(
            organization=organization,
            code="OWN",
            version=number,
            kind=QuestionnaireVersion.Kind.QUESTIONNAIRE,
            evidence_level="E0",
            source=source,
            digest="0" * 64,
        )


def make_evidence(
    organization: Organization,
    version: QuestionnaireVersion,
    kind: str = "pilot",
    **values: Any,
) -> EvidenceLine:
    """Release a line for the dossier of a version, as an owner does."""
    line: dict[str, Any] = {
        "language": "en",
        "source": evidence.KINDS[kind],
        "figures": {"n": 160, "n_complete": 150},
        "sample": {"part": "whole", "independent": True, "release": str(uuid4())},
        "released_by": "owner@example.org",
        "released_at": NOW,
        **values,
    }
    with organization_scope(organization.pk):
        return EvidenceLine.objects.create(
            organization=organization, kind=kind, **version.named(), **line
        )


def make_event(organization: Organization) -> Event:
    """Note something that happened to an organization."""
    with organization_scope(organization.pk):
        return Event.objects.create(
            organization=organization,
            date=NOW.date(),
            kind=Event.Kind.TRAINING,
            title_en="Training of leaders",
            title_zh_hans="领导力培训",
        )


def make_draft(organization: Organization, *, code: str = "EK") -> QuestionnaireDraft:
    """Begin a questionnaire with one part of every kind."""
    asked = definition.parse_questionnaire(
        EVERY_KIND.read_text(encoding="utf-8"), source=EVERY_KIND.name
    )
    content = content_of_questionnaire(asked) | {"code": code, "lineage": None}
    with organization_scope(organization.pk):
        draft, _ = authoring.begin(
            organization=organization, content=content, base=None, at=NOW
        )
    return draft


def make_review(
    organization: Organization, version: QuestionnaireVersion, language: str = "en"
) -> ContentReview:
    """Open a round of experts for a version."""
    with organization_scope(organization.pk):
        return ContentReview.objects.create(
            organization=organization,
            **version.named(),
            language=language,
            item_count=len(item_codes(version.questionnaire())),
            opened_at=NOW,
        )


def make_rating(
    review: ContentReview, *, expert: str = "Dr. Lin", relevance: int | list[int] = 4
) -> ExpertRating:
    """Store what one expert says; a number says the same of every item."""
    count = review.item_count
    given = [relevance] * count if isinstance(relevance, int) else relevance
    with organization_scope(review.organization_id):
        return ExpertRating.objects.create(
            organization_id=review.organization_id,
            review=review,
            item_count=count,
            expert=expert,
            expertise="Work psychology",
            relevance=given,
            given_at=NOW,
        )


def make_analysis(
    wave: Wave, *, status: str = "queued", at: datetime = NOW, **values: Any
) -> Analysis:
    """Store an analysis without its job."""
    with organization_scope(wave.organization_id):
        return Analysis.objects.create(
            organization_id=wave.organization_id,
            wave=wave,
            status=status,
            settings={"seed": 1},
            requested_at=at,
            **values,
        )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer_address(
    wave: Wave, language: str = "en", *, key: UUID | None = None, **query: str
) -> str:
    """Address of the form of an open link, under a key of the landing page."""
    signed = keys.signed(wave.pk, key or uuid4())
    asked = urlencode({"r": signed, **query})
    return f"/s/{wave.pk}/{language}/?{asked}"
