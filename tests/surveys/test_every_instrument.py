"""Every shipped questionnaire, in every form: asked, answered in each language, analysed."""

from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from django.test import Client

from analytics.form_plan import plan_of
from analytics.report import build_report
from analytics.responses import load_responses
from surveys import actions, definition, needs
from surveys.actions import AskedVersion
from surveys.definition import Form, FormItem
from surveys.definition.library import FOLDER
from surveys.models import Comment, Organization, QuestionnaireVersion, Response, Wave
from surveys.tenancy import organization_scope
from tests.factories import NOW, answer_address, make_response

FILES = sorted(FOLDER.glob("*.yaml"))
PEOPLE = 60


def version_in(path: Path) -> QuestionnaireVersion:
    """Version as the library publishes it; a survey freezes what it says."""
    return QuestionnaireVersion(source=path.read_text(encoding="utf-8"))


ABI = FOLDER / "ability_benevolence_integrity.yaml"


def ways_to_ask(version: QuestionnaireVersion) -> list[AskedVersion]:
    """In every named form, full and, where there is one, short."""
    asks = version.questionnaire()
    named: list[str | None] = [form.code for form in asks.forms]
    return [
        AskedVersion(version, short=short, form=form)
        for form in named or [None]
        for short in ([False, True] if asks.short_form else [False])
    ]


def open_wave_of(organization: Organization, asked: AskedVersion) -> tuple[Wave, Form]:
    """Ask a questionnaire, or a pack beside one: no survey asks a pack alone."""
    asks = asked.version.questionnaire()
    parts = [asked]
    if asks.kind != "questionnaire":
        parts.insert(0, AskedVersion(version_in(ABI), short=True))
    with organization_scope(organization.pk):
        survey = actions.start_survey(
            key=uuid4(),
            organization=organization,
            questionnaire=parts[0],
            outcomes=parts[1:],
            title=asks.name,
            referent=needs.example_referent(asks),
            comment=False,
            simulated=True,
            at=NOW,
        )
        wave = actions.open_wave(survey=survey, at=NOW)
        return wave, wave.form.asked()


def plausible(form: Form, random: Random) -> dict[str, str]:
    """Fields that somebody sends who leans the same way throughout."""
    leaning = random.gauss(0, 1)
    return {item.code: str(_point(item, leaning, random)) for item in form.items} | {
        text.code: "They told us at once." for text in form.texts
    }


def _point(item: FormItem, leaning: float, random: Random) -> int:
    if item.expect is not None:
        return item.expect
    if item.kind == "choice":
        # the first option opens the questions behind a filter
        return item.low if random.random() < 0.9 else item.high
    if item.kind == "number":
        return random.randint(item.low, min(item.high, 60))
    tilt = (leaning + random.gauss(0, 0.8)) * (-1 if item.reverse else 1)
    middle, reach = (item.low + item.high) / 2, (item.high - item.low) / 4
    return min(item.high, max(item.low, round(middle + reach * tilt)))


def send(wave: Wave, language: str, fields: dict[str, str]) -> None:
    reply = Client().post(answer_address(wave, language), fields)
    assert reply.status_code == 303, reply.content.decode()


# the short form takes those with conditions, own referents, controls and an outcome pack
QUICK = {"controls", "customer_outcomes_2", "employee_trust", "trust_crisis_repair"}
ASKED = [
    pytest.param(
        path, id=path.stem, marks=[] if path.stem in QUICK else [pytest.mark.long]
    )
    for path in FILES
]


@pytest.mark.parametrize("path", ASKED)
def test_it_can_be_asked_answered_and_analysed(
    organization: Organization, path: Path
) -> None:
    random, analysed = Random(path.stem), set[tuple[str, ...]]()
    for asked in ways_to_ask(version_in(path)):
        wave, form = open_wave_of(organization, asked)
        for language in form.languages:
            page = Client().get(answer_address(wave, language)).content.decode()
            assert page.count('<span class="number">') == len(form.questions)
            send(wave, language, plausible(form, random))
        check_stored(wave, form)
        # another wording of the same items is the same analysis
        codes = tuple(item.code for item in form.items)
        if not asked.short and codes not in analysed:
            analysed.add(codes)
            check_analysed(wave, form, random)


def check_stored(wave: Wave, form: Form) -> None:
    """Each language is one row of answers in the order of the form."""
    with organization_scope(wave.organization_id):
        rows = list(Response.objects.filter(wave=wave).order_by("language"))
        assert [row.language for row in rows] == sorted(form.languages)
        for row in rows:
            assert len(row.answers) == form.item_count
            assert definition.SKIPPED not in row.answers
        texts = Comment.objects.filter(wave=wave).exclude(question="")
        assert set(texts.values_list("question", flat=True)) <= {
            text.code for text in form.texts
        }


def check_analysed(wave: Wave, form: Form, random: Random) -> None:
    """Sixty people later the wave closes and every scored scale has its result."""
    for number in range(PEOPLE):
        answers = definition.decode_answers(form, plausible(form, random))
        language = form.languages[number % len(form.languages)]
        make_response(wave, list(answers), language=language)
    with organization_scope(wave.organization_id):
        assert actions.close_wave(wave_id=wave.pk, at=NOW)
        loaded = load_responses(wave, form)
    # twenty resamples: this is no test of intervals
    standard = plan_of(form, simulated=True, seed=1)
    plan = replace(standard, n_resamples=20, n_draws=20)
    report = build_report(
        loaded.data, plan, input_sha256=loaded.sha256, software={"numpy": "2"}
    )
    assert report.n_rows == PEOPLE + len(form.languages)
    for role, found in (("trust", report.scales), ("outcome", report.outcomes)):
        scored = (scale for scale in form.scales if scale.scored)
        assert set(found) == {scale.code for scale in scored if scale.role == role}
