"""From a stored report to the dossier: which lines, by whom, and when not."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from analytics.dossier import FoundLine, _structure, is_whole, lines_of
from analytics.dossier_release import Part, release_lines
from analytics.factor_results import RmseaResult
from analytics.form_plan import plan_of
from analytics.instrument_results import language_groups
from analytics.models import Analysis
from analytics.psychometrics import Item, ResponseMatrix
from analytics.report import Report, build_report
from analytics.results import Figure
from surveys import actions, definition
from surveys.models import EvidenceLine, Organization, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    brand_form,
    make_analysis,
    make_form,
    make_member,
    make_responses,
    make_survey,
    make_wave,
    publish_library,
    signed_in,
)
from tests.jobs import run_waiting_jobs

SAMPLE = {
    "who_en": "Customers of a tea shop",
    "where_en": "Two cities in China",
    "when_en": "Spring 2026",
    "recruited_en": "Asked at the till",
    "again": "no",
}


@cache
def report(n: int = 640, chinese: int = 300) -> Report:
    """What 640 people answer to the brand study, from a model with five factors."""
    form = brand_form()
    rng = np.random.default_rng(4)
    trust = rng.standard_normal(n)
    scales = {
        scale.code: 0.7 * trust + 0.7 * rng.standard_normal(n) for scale in form.scales
    }
    columns = []
    for item in form.items:
        sign = -1 if item.reverse else 1
        level = sign * scales[item.scale] + 0.7 * rng.standard_normal(n)
        middle, reach = (item.low + item.high) / 2, (item.high - item.low) / 5
        points = np.rint(middle + reach * level)
        columns.append(np.clip(points, item.low, item.high))
    items = [Item(i.code, i.low, i.high, i.reverse) for i in form.items]
    data = ResponseMatrix.from_raw(np.array(columns, dtype=np.int64).T, items)
    languages = np.zeros(n, dtype=np.int8)
    languages[n - chinese :] = 1
    plan = replace(plan_of(form, simulated=False, seed=1), n_draws=20, n_resamples=20)
    groups = language_groups(languages)
    return build_report(data, plan, groups=groups, languages=languages)


def found(kind: str, instrument: str = "TBE", language: str = "en") -> list[FoundLine]:
    return [
        line
        for line in lines_of(report())
        if (line.kind, line.instrument, line.language) == (kind, instrument, language)
    ]


def test_reliability_stands_for_every_reflective_scale() -> None:
    lines = found("reliability")
    assert [line.scale for line in lines] == ["T", "C", "A", "H", "E"]
    stored = report().by_instrument[0].reliability["TBE.T"]
    assert isinstance(stored.alpha, Figure)
    assert lines[0].figures["alpha"] == stored.alpha.estimate
    assert lines[0].figures["alpha_low"] == stored.alpha.low
    assert lines[0].figures["n"] == 340


def test_the_structure_is_of_the_questionnaire_alone() -> None:
    (line,) = found("structure")
    fit = report().by_instrument[0].fit
    assert fit is not None
    assert line.figures["cfi"] == fit.cfi
    assert line.figures["df"] == 160
    assert line.figures["scales"] == ["T", "C", "A", "H", "E"]
    assert (line.figures["model"], line.figures["estimator"]) == ("correlated", "MLMV")


def test_of_ordered_items_the_dossier_takes_scaled_indices() -> None:
    one = report().by_instrument[0]
    assert one.fit is not None
    scaled = RmseaResult(0.04, 0.03, 0.05)
    ordered = replace(
        one.fit,
        estimator="WLSMV",
        cfi_scaled=0.912,
        chi2_scaled=321.0,
        rmsea_scaled=scaled,
    )
    figures = _structure(one, ordered)
    assert (figures["cfi"], figures["chi2"], figures["rmsea"]) == (0.912, 321.0, 0.04)
    assert figures["srmr"] == one.fit.srmr


def test_correlations_are_relations_to_named_outcomes() -> None:
    lines = found("relation")
    outcomes = {line.figures["outcome"] for line in lines}
    assert len(lines) == 5 * len(outcomes)
    assert set(report().outcomes) == outcomes
    assert all(line.figures["outcome_name"]["zh-hans"] for line in lines)
    assert found("relation", "OUT-C") == []


def test_the_comparison_belongs_to_no_language() -> None:
    (line,) = found("invariance", language="")
    assert line.figures["n"] == {"en": 340, "zh-hans": 300}
    assert line.figures["verdict"] == report().groups["language"].invariance.verdict
    assert line.figures["scales"] == ["T", "C", "A", "H", "E"]
    assert all(one.startswith("OUT-C.") for one in line.figures["beside"])


def test_both_languages_have_lines_of_their_own() -> None:
    english, chinese = found("pilot"), found("pilot", language="zh-hans")
    assert [line.figures["n"] for line in (*english, *chinese)] == [340, 300]


def test_without_enough_answers_there_is_no_line() -> None:
    assert lines_of(replace(report(), by_instrument=(), groups={})) == ()


def test_a_fit_that_cannot_fail_is_no_line() -> None:
    first, *others = report().by_instrument
    assert first.fit is not None
    for changed in ({"df": 0}, {"converged": False}):
        part = replace(first, fit=replace(first.fit, **changed))
        lines = lines_of(replace(report(), by_instrument=(part, *others)))
        kinds = [one.kind for one in lines if one.instrument == "TBE"]
        assert kinds.count("structure") == 1  # of the other language


def form_of(**part: Any) -> tuple[definition.Form, definition.Questionnaire]:
    asks = next(one for one in definition.load_library() if one.short_form)
    form = definition.compile_form(
        [definition.FormPart(asks, **{"short": False, **part})],
        referent="brand",
        languages=definition.LANGUAGES,
        comment=False,
        title=definition.Text("Trust", "信任"),
    )
    return form, asks


def test_a_short_form_is_not_the_whole() -> None:
    assert is_whole(*form_of())
    assert not is_whole(*form_of(short=True))


# --- the pages


def closed_wave(organization: Organization, **survey: Any) -> Wave:
    wave = make_wave(make_survey(organization, **survey))
    with organization_scope(organization.pk):
        actions.close_wave(wave_id=wave.pk, at=NOW)
    return wave


def analysed(wave: Wave, *, later: int = 1, result: Report | None = None) -> Analysis:
    stored = json.dumps((result or report()).to_json())
    return make_analysis(
        wave,
        status="done",
        at=NOW + timedelta(hours=later),
        result=stored,
        input_sha256="0" * 64,
    )


def address(analysis: Analysis) -> str:
    return reverse("analytics:release-lines", args=[analysis.pk])


def text_of(client: Client, where: str) -> str:
    reply = client.get(where)
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def lines_stored(organization: Organization) -> list[EvidenceLine]:
    with organization_scope(organization.pk):
        return list(EvidenceLine.objects.order_by("id"))


def test_what_is_shown_is_what_is_released(
    organization: Organization, owner: Client
) -> None:
    versions = {one.code: one for one in publish_library() if one.version == 1}
    analysis = analysed(closed_wave(organization))
    page = text_of(owner, address(analysis))
    alpha = found("reliability")[0].figures["alpha"]
    assert f"{alpha:.3f}" in page
    assert "English · Reliability" in page
    assert "Chinese · Fit of the factor model" in page
    assert "Measuring alike in both languages" in page
    assert "The outcomes were" not in page  # asked at one time, and nobody may say else

    reply = owner.post(address(analysis), SAMPLE)
    dossier = reverse("surveys:dossier", args=[versions["TBE"].pk])
    assert reply["Location"] == dossier
    stored = lines_stored(organization)
    assert len(stored) == len(lines_of(report()))
    assert {line.wave_id for line in stored} == {analysis.wave_id}
    assert {line.released_by for line in stored} == {"owner@example.org"}
    assert {line.sample["part"] for line in stored} == {"whole"}
    designs = {one.figures["design"] for one in stored if one.kind == "relation"}
    assert designs == {"same time"}
    page = text_of(owner, dossier)
    assert "English: E3" in page
    assert "Chinese: E3" in page
    assert "Independent samples" not in page
    assert "2 independent samples that meet E3. There: 1." in page


def test_a_wave_counts_once_until_it_is_withdrawn(
    organization: Organization, owner: Client
) -> None:
    publish_library()
    wave = closed_wave(organization)
    first, second = analysed(wave), analysed(wave, later=2)
    owner.post(address(first), SAMPLE)
    before = lines_stored(organization)
    assert "one wave counts once" in text_of(owner, address(second))
    owner.post(address(second), SAMPLE)
    assert lines_stored(organization) == before
    for code in ("TBE", "OUT-C"):
        line = next(one for one in before if one.questionnaire_code == code)
        owner.post(reverse("surveys:withdraw", args=[line.pk]))
    owner.post(address(second), SAMPLE)
    assert len(lines_stored(organization)) == 2 * len(before)


def test_nothing_is_released_without_a_description(
    organization: Organization, owner: Client
) -> None:
    analysis = analysed(closed_wave(organization))
    for missing in ("who_en", "again"):
        sent = {key: value for key, value in SAMPLE.items() if key != missing}
        reply = owner.post(address(analysis), sent)
        assert "Nothing was released yet" in reply.content.decode()
    assert lines_stored(organization) == []


def test_simulated_answers_are_refused_in_words(
    organization: Organization, owner: Client
) -> None:
    wave = closed_wave(organization, simulated=True)
    analysis = analysed(wave)
    assert "They are no evidence about anybody" in text_of(owner, address(analysis))
    owner.post(address(analysis), SAMPLE)
    assert lines_stored(organization) == []
    page = text_of(owner, reverse("analytics:report", args=[wave.pk]))
    assert "this report cannot be released" in page
    assert address(analysis) not in page


def test_simulated_answers_are_refused_by_the_database(
    organization: Organization,
) -> None:
    wave = closed_wave(organization, simulated=True)
    analysis = analysed(wave)
    asked = wave.form.asked().instruments[0]
    part = Part(asked, None, True, tuple(found("pilot")))
    with (
        pytest.raises(IntegrityError, match="evidence_is_not_simulated"),
        organization_scope(organization.pk),
    ):
        release_lines(
            analysis=analysis,
            parts=[part],
            sample={"described": {}, "independent": True, "n": 640},
            design="same time",
            by="owner@example.org",
            at=NOW,
        )
    assert lines_stored(organization) == []


def test_a_report_of_an_open_wave_is_not_released(
    organization: Organization, owner: Client
) -> None:
    wave = closed_wave(organization)
    early = analysed(wave, later=-1)
    assert "made while the wave was open" in text_of(owner, address(early))
    owner.post(address(early), SAMPLE)
    assert lines_stored(organization) == []


def test_a_report_without_parts_says_why(
    organization: Organization, owner: Client
) -> None:
    few = replace(report(), by_instrument=(), groups={})
    analysis = analysed(closed_wave(organization), result=few)
    assert "fewer than 50 people" in text_of(owner, address(analysis))


def test_of_imported_answers_the_owner_says_when_outcomes_were_measured(
    organization: Organization, owner: Client
) -> None:
    publish_library()
    survey = make_survey(organization, origin=Survey.Origin.IMPORTED)
    form = make_form(survey)
    with organization_scope(organization.pk):
        wave = Wave.objects.create(
            organization=organization,
            survey=survey,
            form=form,
            number=1,
            state=Wave.State.CLOSED,
            opened_at=NOW,
            closed_at=NOW,
        )
    analysis = analysed(wave)
    assert "The outcomes were" in text_of(owner, address(analysis))
    owner.post(address(analysis), {**SAMPLE, "design": "lagged", "again": "yes"})
    stored = lines_stored(organization)
    designs = {one.figures["design"] for one in stored if one.kind == "relation"}
    assert designs == {"lagged"}
    assert {one.sample["independent"] for one in stored} == {False}


def test_lines_of_a_version_that_is_gone_count_for_no_rung(
    organization: Organization, owner: Client
) -> None:
    analysis = analysed(closed_wave(organization))  # nothing is published
    assert "Only a part of the questionnaire" in text_of(owner, address(analysis))
    owner.post(address(analysis), SAMPLE)
    assert {one.sample["part"] for one in lines_stored(organization)} == {"part"}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_only_owners_release(organization: Organization, role: Role) -> None:
    wave = closed_wave(organization)
    analysis = analysed(wave)
    client = signed_in(make_member(organization, email="a@example.org", role=role))
    assert client.post(address(analysis), SAMPLE).status_code == 403
    page = text_of(client, reverse("analytics:report", args=[wave.pk]))
    assert address(analysis) not in page


def test_answers_become_a_dossier_through_the_real_queue(
    organization: Organization, owner: Client
) -> None:
    version = next(one for one in publish_library() if one.code == "TBE")
    wave = make_wave(make_survey(organization))
    make_responses(wave, 130)
    with organization_scope(organization.pk):
        actions.close_wave(wave_id=wave.pk, at=NOW)
    owner.post(reverse("analytics:analyse", args=[wave.pk]))
    run_waiting_jobs()
    page = text_of(owner, reverse("analytics:analysis", args=[wave.pk]))
    with organization_scope(organization.pk):
        analysis = Analysis.objects.get()
    assert address(analysis) in page
    owner.post(address(analysis), SAMPLE)
    page = text_of(owner, reverse("surveys:dossier", args=[version.pk]))
    assert "130" in page
    assert "E0 · theory-mapped draft, not validated" in page
    assert "A factor model of at least 300 complete answers. There:" in page
