"""What the sections of a release say, around the marks of each sentence."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics import plain, readings
from analytics.careless import signs_of
from analytics.quality_readings import alike
from analytics.release_parts import Gate
from analytics.release_sections.methods import audit_lines, rules
from analytics.release_sections.parts import Parts
from analytics.release_sections.trend import TrendSection, trend_section
from analytics.results import Absent, Figure
from analytics.sentences import label, say
from analytics.trend import Recovered, ScaleTrend, Shift, TrendPart
from tests.analytics.quality_samples import wave
from tests.analytics.release_samples import facts, segments_part
from tests.analytics.samples import plan, report
from tests.analytics.test_release_groups import audit
from tests.analytics.test_trend_section import EVENTS, texts


@pytest.mark.parametrize(
    ("omega", "code"),
    [
        (0.951, "reliability_repeating"),
        (0.95, "reliability_individual"),
        (0.90, "reliability_individual"),
        (0.899, "reliability_compare"),
        (0.80, "reliability_compare"),
        (0.799, "reliability_research"),
        (0.70, "reliability_research"),
        (0.699, "reliability_weak"),
    ],
)
def test_how_closely_items_hang_together(omega: float, code: str) -> None:
    scale = report().scales["CARE"]
    one = replace(scale, omega_total=Figure(omega, omega, 1.0, 300, "m"))
    (sentence,) = readings.reliability(one).sentences
    assert sentence.code == code
    assert f"{omega}"[:5].rstrip("0") in sentence.text("en")


@pytest.mark.parametrize(
    ("verdict", "chip"),
    [
        ("comparable", "chip_comparable"),
        ("partly", "chip_partly_comparable"),
        ("not comparable", "chip_not_comparable"),
        ("not testable", "chip_not_testable"),
    ],
)
def test_a_gate_has_its_chip(verdict: Any, chip: str) -> None:
    gate = Gate(verdict, say("gates_none"))
    (answer,) = alike(segments_part(gates={"unit": gate}))
    assert answer.reading.chip.code == chip
    assert answer.about == say("gate_unit")


def test_without_gates_there_is_nothing_to_compare() -> None:
    (answer,) = alike(segments_part(gates={}))
    assert [one.code for one in answer.reading.sentences] == ["gates_none"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("groups", "exhaustive"), [(0, True), (0, False), (1, True), (2, False)]
)
def test_what_an_attack_found(language: str, groups: int, exhaustive: bool) -> None:
    lines = audit_lines(audit(groups=groups, exhaustive=exhaustive), language)
    hidden = label("release_audit_hidden", language, count=groups, least=5)
    nothing = label("release_audit_nothing", language, least=5)
    end = "release_audit_passed" if exhaustive else "release_audit_searched"
    assert lines[1:] == (hidden if groups else nothing, label(end, language))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("promised", [True, False])
def test_which_rules_are_told(language: str, promised: bool) -> None:
    given = facts() if promised else facts(mode="open", thresholds={})
    said = rules(given, language)
    for code in ("release_rule_frozen", "release_rule_compare"):
        assert label(code, language) in said
    for code in ("release_rule_alike", "release_rule_counts"):
        assert (label(code, language) in said) is promised
    assert (label("release_rule_open", language) in said) is not promised
    assert len(said) == (6 if promised else 3)


# --- trend


def changed(part: TrendPart, **changes: object) -> TrendPart:
    """The first scale of a trend, changed."""
    first, *rest = part.scales.items()
    one: ScaleTrend = replace(first[1], **changes)  # type: ignore[arg-type]
    return replace(part, scales={first[0]: one, **dict(rest)})


def section(part: TrendPart, found: dict[str, str]) -> TrendSection:
    told = {**found, "trend": json.dumps(plain.to_plain(part))}
    return trend_section(Parts(told, facts()), "en")


def trend_of(found: dict[str, str]) -> TrendPart:
    part = Parts(found, facts()).trend()
    assert part is not None
    return part


@pytest.mark.parametrize("edited", [False, True])
def test_words_that_were_edited_are_said(edited: bool) -> None:
    found = texts(3)
    part = trend_of(found)
    step = next(iter(part.scales.values())).step
    notes = section(
        changed(part, step=replace(step, reworded=edited)), found
    ).step_notes
    assert any("wording of Care was edited" in one for one in notes) is edited


@pytest.mark.parametrize("is_known", [False, True])
def test_what_came_back_is_told_or_why_not(is_known: bool) -> None:
    found = texts(5, events=EVENTS)
    share = Shift(0.6, 0.2, 1.1, "Fieller")
    why = Absent(say("trend_recovery_too_soon"))
    recovery = (Recovered(0, 1, share if is_known else why),)
    (line, *_) = section(changed(trend_of(found), recovery=recovery), found).recovery
    assert ("has been regained" in line) is is_known
    assert ("this wave opened before the repair" in line) is not is_known


def test_groups_below_are_explained_where_there_are_any() -> None:
    found = texts(3)
    part = trend_of(found)
    below = section(part, found).below
    assert below is not None
    assert below.notes == (label("trend_below_guide", "en"),)
    assert section(replace(part, children=()), found).below is None


# --- signs of careless answers


def pairs(
    count: int, *, opposite: bool
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Random answers in which so many pairs of items follow one another."""
    rng = np.random.default_rng(4)
    raw = rng.integers(1, 8, size=(200, len(plan().item_codes)))
    for k in range(count):
        follows = raw[:, 2 * k]
        raw[:, 2 * k + 1] = 8 - follows if opposite else follows
    return raw


@pytest.mark.parametrize(("count", "found"), [(2, False), (3, True)])
@pytest.mark.parametrize(
    ("kind", "opposite"), [("synonyms", False), ("antonyms", True)]
)
def test_three_pairs_are_needed(
    kind: Any, opposite: bool, count: int, found: bool
) -> None:
    signs = signs_of(wave(plan(), pairs(count, opposite=opposite)))
    reason = signs[kind].reason
    assert (reason is None) is found
    if reason is not None:
        assert reason.code == f"careless_no_{kind}"
    assert signs["instructed"].reason == say("careless_no_instructed")
