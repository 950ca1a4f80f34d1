"""The grid of groups, one group beside those above it, and the methods."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string

from analytics.audit_part import AuditPart
from analytics.plan import Text
from analytics.release_parts import Count, Gate
from analytics.release_sections import SECTIONS, sections
from analytics.release_sections.heat import HeatCell, count_words, share_words, step_of
from analytics.release_sections.methods import audit_lines, methods_section, rules
from analytics.release_sections.parts import Facts, Parts
from analytics.release_sections.teams import TeamsSection, teams_section
from analytics.sentences import say
from tests.analytics.release_samples import (
    bound,
    everyone,
    facts,
    hidden,
    part_texts,
    parts,
    score,
    segment,
    segments_part,
)


def html_of(section: TeamsSection) -> str:
    return render_to_string("analytics/release/_teams.html", {"section": section})


def cell_of(section: TeamsSection, key: str, scale: int) -> HeatCell:
    rows = section.kinds[0].heat.rows
    return next(row for row in rows if row.key == key).cells[scale]


@pytest.mark.parametrize(
    ("mean", "step"),
    [(1.0, 1), (2.79, 1), (2.8, 2), (4.0, 4), (4.59, 4), (4.6, 5), (5.8, 7), (7.0, 7)],
)
def test_a_colour_is_a_place_on_the_points(mean: float, step: int) -> None:
    assert step_of(mean, (1, 7)) == step


def test_every_step_has_its_words() -> None:
    words = [one.words for one in teams_section(parts(), "en").legend]
    assert words == [
        "below 30",
        "30–40",
        "40–50",
        "50–60",
        "60–70",
        "70–80",
        "80 and up",
    ]


def test_a_cell_holds_mean_and_interval() -> None:
    cell = cell_of(teams_section(parts(), "en"), "unit:sales", 0)
    assert (cell.value, cell.interval, cell.step) == ("3.1", "2.7–3.5", 2)


@pytest.mark.parametrize(
    ("ends", "language", "words"),
    [
        ({"at_least": 5.5}, "en", "5.5 or more"),
        ({"at_least": 6.0}, "zh-hans", "6 或以上"),
        ({"at_most": 2.5}, "en", "2.5 or less"),
        ({"at_most": 2.0}, "zh-hans", "2 或以下"),
    ],
)
def test_a_bound_stands_in_place_of_a_value(
    ends: dict[str, float], language: str, words: str
) -> None:
    scores = {"CARE": bound(**ends), "SKILL": score(4), "LOY": score(4)}
    part = segments_part((everyone(), segment("unit:a", Text.same("A"), scores)))
    cell = cell_of(teams_section(parts(part), language), "unit:a", 0)
    assert (cell.value, cell.interval) == (words, "")


def test_a_hidden_cell_says_why_once_for_every_reason() -> None:
    scores = {
        "CARE": hidden("hidden_alike"),
        "SKILL": hidden("hidden_alike"),
        "LOY": hidden("release_index_hidden"),
    }
    part = segments_part((everyone(), segment("unit:a", Text.same("A"), scores)))
    section = teams_section(parts(part), "en")
    grid = section.kinds[0].heat
    assert [one.mark for one in grid.reasons] == ["a", "b"]
    assert [cell_of(section, "unit:a", k).mark for k in range(3)] == ["a", "a", "b"]
    html = html_of(section)
    assert html.count('href="#why-ua"') == 2
    assert html.count('id="why-ua"') == 1
    assert "everybody in some group answered alike" in unescape(html)


def test_a_hidden_group_says_why_in_its_row() -> None:
    html = unescape(html_of(teams_section(parts(), "en")))
    row = re.search(r"<tr[^>]*>\s*<th[^>]*>Legal</th>.*?</tr>", html, re.S)
    assert row is not None
    assert 'class="reason" colspan="3"' in row[0]
    assert "not shown" in row[0]
    # nothing to look at, so it is no link and no choice
    assert "unit:legal" not in html


def test_groups_stand_in_the_order_of_the_tree() -> None:
    rows = teams_section(parts(), "en").kinds[0].heat.rows
    keys = [row.key.removeprefix("unit:") for row in rows]
    assert keys == ["everyone", "sales", "north", "south", "platform", "legal"]
    assert [row.depth for row in rows] == [0, 1, 2, 2, 1, 1]


@pytest.mark.parametrize(
    ("verdict", "tone"),
    [
        ("comparable", "good"),
        ("partly", "plain"),
        ("not comparable", "stop"),
        ("not testable", "watch"),
    ],
)
def test_the_gate_stands_above_its_groups(verdict: str, tone: str) -> None:
    gate = Gate(verdict, say("release_careful_apart"))  # type: ignore[arg-type]
    section = teams_section(parts(segments_part(gates={"unit": gate})), "en")
    kind = section.kinds[0]
    assert kind.gate is not None
    assert kind.gate.tone == tone
    assert kind.gate.text == say("release_careful_apart").text("en")
    assert section.kinds[1].gate is None


def test_languages_and_questions_have_grids_of_their_own() -> None:
    kinds = teams_section(parts(), "zh-hans").kinds
    assert [kind.title for kind in kinds] == ["团队", "按语言", "按问题的回答"]


# one group


def test_one_group_stands_beside_everything_above_it() -> None:
    section = teams_section(parts(), "en", focus="unit:south")
    assert section.chosen is not None
    rows = section.chosen.heat.rows
    assert [row.name for row in rows] == ["Everyone", "Sales", "Sales South"]
    assert [row.current for row in rows] == [False, False, True]
    assert "Everyone 4.70" in section.chosen.figures[0].description
    assert section.chosen.agreement is not None


@pytest.mark.parametrize("focus", ["", "unit:nowhere", "everyone"])
def test_an_unknown_group_chooses_nothing(focus: str) -> None:
    assert teams_section(parts(), "en", focus=focus).chosen is None


def test_who_may_see_some_groups_cannot_choose_another() -> None:
    visible = frozenset({"everyone", "unit:sales", "unit:north"})
    seen = Parts(part_texts(), facts(), visible=visible)
    assert teams_section(seen, "en", focus="unit:south").chosen is None
    html = html_of(teams_section(seen, "en", focus="unit:north"))
    assert "Sales North" in html
    for name in ("Sales South", "Platform", "Legal", "English", "Under a year"):
        assert name not in html
    assert seen.trend("unit:south") is None


# many groups


def test_a_tree_of_any_size_is_shown_from_the_top() -> None:
    found = [everyone()]
    for k in range(70):
        parent = "everyone" if k % 10 == 0 else f"unit:{k // 10 * 10}"
        depth = 1 if k % 10 == 0 else 2
        found.append(
            segment(
                f"unit:{k}",
                Text.same(str(k)),
                {"CARE": score(4)},
                parent=parent,
                depth=depth,
            )
        )
    many = parts(segments_part(tuple(found)))
    top = teams_section(many, "en")
    assert len(top.kinds[0].heat.rows) == 1 + 7
    assert len(top.choices) == 70
    below = teams_section(many, "en", focus="unit:20")
    assert len(below.kinds[0].heat.rows) == 1 + 9
    assert len(teams_section(many, "en", drawn=True).kinds[0].heat.rows) == 1 + 70


def test_a_flat_organization_is_shown_in_windows() -> None:
    flat = [
        segment(f"unit:{k}", Text.same(str(k)), {"CARE": score(4)}) for k in range(130)
    ]
    many = parts(segments_part((everyone(), *flat)))
    first = teams_section(many, "en")
    assert (first.window, first.previous) == ("Groups 1 to 60 of 130", "")
    assert first.next == "?start=60"
    last = teams_section(many, "en", start=120)
    assert (last.window, last.next) == ("Groups 121 to 130 of 130", "")
    assert last.previous == "?start=60"
    assert teams_section(many, "en", start=999).window == first.window


# people


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (None, "not shown"),
        (Count(10, 14), "10–14"),
        (Count(20, 20), "20"),
        (Count(1200, 1200), "1,200"),
    ],
)
def test_small_numbers_are_bands(count: Count | None, words: str) -> None:
    assert count_words(count, "en") == words


def test_a_rate_tells_no_more_than_its_band() -> None:
    one = segment("unit:a", Text.same("A"), {}, invited=18)
    banded = replace(one, answered=Count(10, 14), rate=13 / 18)
    assert share_words(banded, "en") == "56–78\u00a0%"
    assert share_words(replace(banded, invited=12), "en") == "83–100\u00a0%"
    exact = replace(one, invited=40, answered=Count(31, 31), rate=31 / 40)
    assert share_words(exact, "zh-hans") == "78%"


# nothing to show


def test_without_groups_the_section_says_so() -> None:
    alone = parts(segments_part((everyone(),)))
    assert "no groups beside everyone" in teams_section(alone, "en").empty
    none = Parts({}, facts())
    assert teams_section(none, "en").empty == "This release holds no scores of groups."


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_section_stands_without_any_part(language: str) -> None:
    for kind, builder in sections():
        section = builder(Parts({}, facts()), language)
        html = render_to_string(kind.template, {"section": section})
        assert f'id="{kind.key}"' in html
        assert "None" not in re.sub(r"<[^>]+>", "", html)


def test_sections_are_known_by_their_names() -> None:
    assert len({kind.key for kind in SECTIONS}) == len(SECTIONS) == 8


# methods


def audit(**changes: Any) -> AuditPart:
    one = AuditPart(
        passed=True,
        least=5,
        systems=2,
        figures=24,
        rounds=2,
        hidden={"complement": 2},
        groups=1,
        combinations=0,
        programs=8,
        exhaustive=True,
        earlier=0,
    )
    return replace(one, **changes)


def test_the_attack_is_counted() -> None:
    size, lost, end = audit_lines(audit(), "en")
    assert "2 systems of equations over 24 means, 8 linear programs, 2 rounds" in size
    assert lost.endswith("fewer than 5 people: 1.")
    assert "every combination of figures was ruled out" in end
    lines = audit_lines(audit(groups=0, exhaustive=False), "en")
    assert "hid nothing beyond the rules" in lines[1]
    assert "too many combinations" in lines[2]


def test_the_methods_hold_promise_hash_and_settings() -> None:
    section = methods_section(parts(), "en")
    assert section.promise.startswith("Anonymous survey.")
    assert facts().digest in section.promise_digest
    cells = {row.head.text: row.cells[0][1].text for row in section.settings.rows}
    assert cells["Release"] == "1 of wave 3"
    assert cells["Seed"] == "3"
    assert cells["Software"] == "trustsurvey 0.7, numpy 2.4"
    assert cells["SHA-256 of the data"] == "0f" * 32
    assert len(cells) == len(section.settings.rows)


def test_the_rules_carry_the_numbers_of_the_wave() -> None:
    said = " ".join(rules(facts(), "en"))
    assert "from 5 answers on, comments and distributions from 10" in said
    assert "1 to 4 people" in said
    open_link: Facts = facts(mode="open", thresholds={})
    assert "are seen" in " ".join(rules(open_link, "en"))
    assert "subtraction" not in " ".join(rules(open_link, "en"))
