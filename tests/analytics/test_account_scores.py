"""Scores of single people go out where the mode says so, and announcements say no more."""

import csv
import io
import json
from typing import Any

import numpy as np
import pytest

from analytics.announcing import announce_analysis, announce_release
from analytics.psychometrics import scale_scores
from analytics.responses import load_wave_answers
from surveys.models import Organization, Participant, Survey, Wave, WebhookEvent
from surveys.tenancy import organization_scope
from tests.analytics.test_criteria import make_known_people
from tests.factories import (
    NOW,
    close_for_good,
    make_analysis,
    make_organization,
    make_survey,
    make_wave,
)
from tests.released import make_release
from tests.surveys.api.conftest import make_program, problem
from tests.surveys.test_webhooks import make_endpoint


def test_scores_come_by_customer_number_with_their_error(database: None) -> None:
    wave = make_known_people(24)
    program = make_program(wave.organization, "outcomes:read")
    found = program.get(f"waves/{wave.pk}/scores/")
    accounts = {one["number"]: one["scores"] for one in found["accounts"]}
    assert set(accounts) == {f"C-{place}" for place in range(24)}
    with organization_scope(wave.organization_id):
        now = load_wave_answers(wave, wave.form.asked(), seed=1)
    # customer C-k was given points from which the mean follows without our code
    for number, scores in accounts.items():
        place = int(number.removeprefix("C-"))
        for scale, told in zip(now.plan.constructs, scores, strict=True):
            assert told["scale"] == scale.code
            expected = np.mean([points(wave, place, i) for i in scale.item_codes])
            assert told["score"] == pytest.approx(expected, abs=1e-12)
    first = now.plan.scales[0]
    values = scale_scores(now.data, first.item_codes)
    items = now.data.select(first.item_codes).values()
    shared = np.cov(items.T)
    p = len(shared)
    alpha = p / (p - 1) * (1 - np.trace(shared) / shared.sum())
    error = values.std(ddof=1) * np.sqrt(1 - alpha)
    told = accounts["C-3"][0]["standard_error"]
    assert told == pytest.approx(error, abs=1e-10)


def points(wave: Wave, place: int, code: str) -> int:
    """Keyed answer that `make_known_people` gave to an item."""
    for at, item in enumerate(wave.form.asked().items):
        if item.code == code:
            raw = item.low + (place + at) % (item.high - item.low + 1)
            return item.low + item.high - raw if item.reverse else raw
    raise KeyError(code)


def test_the_file_says_the_same_and_no_cell_is_a_formula(database: None) -> None:
    wave = make_known_people(3)
    with organization_scope(wave.organization_id):
        Participant.objects.filter(key="C-1").update(key="=HYPERLINK(1)")
    program = make_program(wave.organization, "outcomes:read")
    reply = program("GET", f"waves/{wave.pk}/scores.csv")
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    accounts = program.get(f"waves/{wave.pk}/scores/")["accounts"]
    assert len(rows) == 1 + len(accounts) == 4
    assert not any(row[0].startswith("=") for row in rows)
    # below 20 people no error of measurement is told
    assert all(one["scores"][0]["standard_error"] is None for one in accounts)
    by_number = {row[0].lstrip("'"): row for row in rows[1:]}
    for one in accounts:
        assert float(by_number[one["number"]][1]) == one["scores"][0]["score"]


def test_who_was_erased_has_no_score(database: None) -> None:
    wave = make_known_people(3)
    with organization_scope(wave.organization_id):
        Participant.objects.get(key="C-2").delete()
    program = make_program(wave.organization, "outcomes:read")
    found = program.get(f"waves/{wave.pk}/scores/")["accounts"]
    assert [one["number"] for one in found] == ["C-0", "C-1"]


@pytest.mark.parametrize("mode", ["open", "anonymous", "confidential"])
@pytest.mark.parametrize("ending", ["scores/", "scores.csv"])
def test_every_other_mode_is_refused_with_the_reason(
    organization: Organization, mode: str, ending: str
) -> None:
    wave = make_wave(make_survey(organization, mode=mode))
    close_for_good(wave)
    program = make_program(organization, "outcomes:read")
    told = problem(program("GET", f"waves/{wave.pk}/{ending}"), 403)
    assert told["type"].endswith(":mode")
    assert "Only identified waves have them" in told["detail"]


def test_an_open_wave_has_no_scores_yet(organization: Organization) -> None:
    wave = make_wave(make_survey(organization, mode=Survey.Mode.IDENTIFIED))
    program = make_program(organization, "outcomes:read")
    told = problem(program("GET", f"waves/{wave.pk}/scores/"), 403)
    assert told["type"].endswith(":not-closed")


def test_a_wave_of_others_is_not_there(organization: Organization) -> None:
    program = make_program(organization, "outcomes:read")
    wave = make_wave(make_survey(make_organization("Hill Coffee")))
    problem(program("GET", f"waves/{wave.pk}/scores/"), 404)


# ------------------------------------------------------------------- announcements


def told_of(organization: Organization) -> dict[str, dict[str, Any]]:
    with organization_scope(organization.pk):
        events = WebhookEvent.objects.all()
        return {one.kind: json.loads(one.content)["data"] for one in events}


@pytest.mark.parametrize(
    ("mode", "fired", "kinds"),
    [
        ("identified", [], {"release.published", "scores.ready"}),
        ("anonymous", [], {"release.published"}),
        ("anonymous", [{}], {"release.published", "alarm.raised"}),
    ],
)
def test_a_release_is_announced_by_its_id_alone(
    organization: Organization, mode: str, fired: list[Any], kinds: set[str]
) -> None:
    make_endpoint(organization.pk)
    wave = make_wave(make_survey(organization, mode=mode))
    release = make_release(wave)
    texts = {"alarms": json.dumps({"fired": fired, "before": 2})}
    for _ in range(2):
        with organization_scope(organization.pk):
            release.wave = Wave.objects.select_related("survey").get(pk=wave.pk)
            announce_release(release, texts, at=NOW)
    told = told_of(organization)
    assert set(told) == kinds
    for data in told.values():
        assert data == {
            "survey": str(wave.survey_id),
            "wave": str(wave.pk),
            "wave_number": 1,
            "mode": mode,
            "simulated": False,
            "release": str(release.pk),
        }


def test_an_analysis_is_announced_once(organization: Organization) -> None:
    make_endpoint(organization.pk)
    wave = make_wave(make_survey(organization))
    analysis = make_analysis(wave)
    with organization_scope(organization.pk):
        analysis.wave = Wave.objects.select_related("survey").get(pk=wave.pk)
        announce_analysis(analysis, at=NOW)
    assert told_of(organization)["analysis.finished"]["analysis"] == str(analysis.pk)
