"""The section on trend: what it says at each mark, in both languages, and draws."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.html import escape

from analytics import plain
from analytics.alarms import Alarm, AlarmsPart
from analytics.linked import LinkedPart, LinkedScale
from analytics.release_parts import EVERYONE, SegmentsPart
from analytics.release_sections.parts import Parts
from analytics.release_sections.trend import TrendSection, step_said, trend_section
from analytics.results import Absent
from analytics.sentences import say
from analytics.sentences.trend import CONDITIONS, TREND
from analytics.trend import Shift, Step, TrendEvent
from analytics.trend_charts import common_domain, event_marks, letter
from analytics.trend_making import trend_parts
from tests.analytics.release_samples import facts
from tests.analytics.trend_samples import (
    CARE,
    NAMES,
    SCALES,
    SKILL,
    TEAM,
    Told,
    event,
    segments,
    told,
    wave,
)

LEVELS = (
    (60, 5.4, 1.1),
    (58, 5.3, 1.2),
    (55, 4.6, 1.5),
    (61, 4.7, 1.3),
    (57, 5.1, 1.2),
)
EVENTS = (event("2026-04-10", "crisis"), event("2026-06-10", "repair", "Talks"))


def shift(estimate: float, low: float, high: float) -> Shift:
    return Shift(estimate, low, high, "Welch")


def alarm(**changes: Any) -> Alarm:
    one = Alarm(
        TEAM,
        NAMES[TEAM],
        CARE,
        SCALES[CARE],
        shift(-0.7, -1.1, -0.3),
        shift(-0.6, -0.9, -0.2),
        0.02,
    )
    return replace(one, **changes)


def alarms(*fired: Alarm, **changes: Any) -> AlarmsPart:
    return replace(AlarmsPart(3, 2, 0.05, 4, 2, 2, fired, None, 20_000), **changes)


def texts(
    waves: int = 3,
    *,
    events: tuple[TrendEvent, ...] = (),
    now: Told | None = None,
    **more: object,
) -> dict[str, str]:
    """Everything of wave `waves` that the section reads; the team in each."""
    team = (16, 5.0, 1.0)
    known = [told(LEVELS[k], team=team) for k in range(waves)]
    last = now or known[-1]
    shown: SegmentsPart = segments(last)
    bases = [wave(k + 1, one) for k, one in enumerate([*known[:-1], last])]
    trends = trend_parts(shown, bases[-1], bases[:-1], events)
    found = {"segments": shown, **trends, **more}
    return {name: json.dumps(plain.to_plain(one)) for name, one in found.items()}


def parts(
    waves: int = 3, *, visible: frozenset[str] | None = None, **more: Any
) -> Parts:
    return Parts(texts(waves, **more), facts(), visible=visible)


def said(section: TrendSection) -> str:
    return " ".join(
        render_to_string("analytics/release/_trend.html", {"section": section}).split()
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everything_stands_in_one_section(language: str) -> None:
    linked = LinkedPart(
        2,
        40,
        {
            CARE: LinkedScale(
                shift(-0.2, -0.3, -0.1), shift(-0.2, -0.3, -0.1), 0.1, 0.3, 0.9, 0.8
            )
        },
        {SKILL: say("linked_few", needs=20, least=5)},
        None,
    )
    found = parts(5, events=EVENTS, alarms=alarms(alarm()), linked=linked)
    section = trend_section(found, language)
    page = said(section)
    assert [figure.title for figure in section.figures] == [
        SCALES[CARE].in_language(language),
        SCALES[SKILL].in_language(language),
    ]
    for text in (*section.alarm_notes, *section.recovery, *section.linked):
        assert " ".join(escape(text).split()) in page
    assert page.index('class="alarms"') < page.index('class="multiples"')
    assert page.count("<figure") == 2
    # a table behind every chart, and one of the events' steps for each event
    assert page.count('class="stack"') == 2 + len(section.around) + 1
    assert EVENTS[0].title.in_language(language) in page
    assert "None" not in page


def test_a_first_wave_says_why_there_is_no_trend() -> None:
    first = alarms(before=None, watched=0, reason=say("alarm_first"))
    section = trend_section(parts(1, alarms=first), "en")
    assert (
        section.empty
        == "This is the first published wave. A trend begins with the second."
    )
    assert section.alarms == ()
    assert "<figure" not in said(section)


def test_a_release_without_parts_is_no_error() -> None:
    section = trend_section(Parts({}, facts()), "zh-hans")
    assert section.empty.startswith("这是首次发布")


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        (1e-9, 0.5, "trend_up"),
        (0.0, 0.5, "trend_open"),
        (-0.5, 0.0, "trend_open"),
        (-0.5, -1e-9, "trend_down"),
    ],
)
def test_a_change_is_clear_where_its_interval_leaves_out_zero(
    low: float, high: float, code: str
) -> None:
    middle = shift((low + high) / 2, low, high)
    words = step_said(Step(2, middle, middle, reworded=False), "Care", "en")
    start = {"trend_up": "Up ", "trend_down": "Down ", "trend_open": "No clear"}[code]
    assert words.text.startswith(start)
    assert words.name == "Care"


def test_a_change_without_number_says_why() -> None:
    absent = Absent(say("trend_changed"))
    words = step_said(Step(None, absent, absent, reworded=False), "Care", "en")
    assert words.text.startswith("Its items changed")
    assert words.chip == "No comparison"


def test_quiet_and_loud_waves_say_so_with_the_rate() -> None:
    quiet = trend_section(parts(alarms=alarms()), "en")
    assert quiet.alarms[0].text.startswith("No alarm. 4 scores were watched")
    assert "a chance of 5\u00a0%" in quiet.alarm_notes[0]
    assert quiet.alarm_notes[1].startswith("No alarm is not proof")
    loud = trend_section(parts(alarms=alarms(alarm())), "en")
    assert loud.alarms[0].text.startswith("Alarms: 1, among 4 scores")
    assert loud.alarms[1].text == (
        "Care fell by 0.70 points since wave 2 (95\u00a0% interval of the change "
        "\u22121.10 to \u22120.30; \u22120.60 SD)."
    )
    assert loud.alarms[1].name == "Sales"
    assert len(loud.alarm_notes) == 1


def test_where_nothing_was_watched_no_rate_is_told() -> None:
    part = alarms(watched=0, reason=say("alarm_nothing"))
    section = trend_section(parts(alarms=part), "en")
    assert section.alarms[0].text.startswith("Nothing could be watched")
    assert section.alarm_notes == ()


def test_only_what_fired_is_marked_among_the_groups_below() -> None:
    now = told(LEVELS[2], team=(16, 2.0, 1.0))
    unmarked = trend_section(parts(now=now, alarms=alarms()), "en").below
    marked = trend_section(parts(now=now, alarms=alarms(alarm())), "en").below
    assert unmarked is not None
    assert marked is not None
    assert [cell.tone for _, cell in unmarked.rows[0].cells] == [None, None]
    assert [cell.tone for _, cell in marked.rows[0].cells] == ["stop", None]
    assert marked.rows[0].cells[0][1].text.startswith("\u22123.00\n(")
    assert marked.rows[0].cells[1][1].text == "–"


def test_one_scale_alone_needs_no_word_about_twenty() -> None:
    both = trend_section(parts(), "en")
    assert both.step_notes[0].startswith("Each scale is read by itself")
    one = trend_section(parts(), "en", focus=TEAM)
    assert one.group == "Sales"
    assert one.step_notes == ()


def test_an_unknown_or_hidden_group_shows_everyone() -> None:
    assert trend_section(parts(), "en", focus="unit:none").group == "Everyone"
    seen = parts(visible=frozenset({EVERYONE}), alarms=alarms(alarm()))
    section = trend_section(seen, "en", focus=TEAM)
    assert section.group == "Everyone"
    assert section.below is None
    assert section.alarms[0].text.startswith("No alarm in the groups that you see.")
    own = parts(visible=frozenset({EVERYONE, TEAM}), alarms=alarms(alarm()))
    told_to_lead = trend_section(own, "en").alarms
    assert told_to_lead[0].text.startswith("Alarms in the groups that you see: 1.")
    assert told_to_lead[1].name == "Sales"
    assert "Sales" not in said(section)


def test_events_between_the_same_waves_are_told_once() -> None:
    twice = (EVENTS[0], event("2026-04-20", "training", "Course"))
    section = trend_section(parts(4, events=twice), "en")
    first, second = section.around
    assert len(first.table.rows) == 2
    assert second.table.rows == ()
    assert second.lines[0].startswith("No wave lies between A and this event")


def test_an_event_after_all_waves_but_one_side_says_so() -> None:
    section = trend_section(parts(2, events=(event("2026-03-30"),)), "en")
    assert section.around[0].lines == (
        "Waves with a published score lie on one side of it only.",
    )


def test_hidden_waves_are_gaps_with_the_reason_in_the_table() -> None:
    found = parts(3)
    gap = [
        wave(1, told(LEVELS[0])),
        wave(2, {EVERYONE: {SKILL: (58, 5.0, 1.0)}}),
        wave(3, told(LEVELS[2])),
    ]
    shown = segments(told(LEVELS[2]))
    stored = {
        name: json.dumps(plain.to_plain(one))
        for name, one in trend_parts(shown, gap[-1], gap[:-1]).items()
    }
    found = Parts({"segments": json.dumps(plain.to_plain(shown)), **stored}, facts())
    figure = trend_section(found, "en").figures[0]
    assert "wave 2 not shown" in figure.description
    middle = figure.table.rows[1]
    assert middle.cells[1][1].text == "–"
    assert middle.cells[3][1].text.startswith("No score of this group")
    spec = json.loads(figure.wide.replace("\\u003c", "<"))
    rows = spec["data"]["values"]
    assert [row["x"] for row in rows] == [0, 2]
    assert rows[0]["run"] != rows[1]["run"]


def test_many_waves_number_the_ends_and_the_extremes_only() -> None:
    found = trend_parts(
        segments(told((60, 5.0, 1.0))),
        *(lambda all_waves: (all_waves[-1], all_waves[:-1]))(
            [
                replace(
                    wave(1, told((60, 5 + 0.1 * (k % 3), 1.0))),
                    wave=k + 1,
                    date=f"2026-{k + 1:02d}-01",
                )
                for k in range(9)
            ]
        ),
    )
    shown = segments(told((60, 5.2, 1.0)))
    every = {"segments": shown, **found}
    stored = {name: json.dumps(plain.to_plain(one)) for name, one in every.items()}
    figure = trend_section(Parts(stored, facts()), "en").figures[0]
    rows = json.loads(figure.narrow)["data"]["values"]
    assert [row["x"] for row in rows if row["told"]] == [0, 2, 8]


def test_charts_of_one_range_share_whole_points_around_all_intervals() -> None:
    part = trend_parts(
        segments(told((60, 5.0, 1.0), (60, 2.1, 1.0))),
        wave(2, told((60, 5.0, 1.0), (60, 2.1, 1.0))),
        [wave(1, told((60, 5.0, 1.0), (60, 2.2, 1.0)))],
    )["trend"]
    trends = list(part.scales.values())
    assert common_domain(trends, (1, 7)) == (1, 6)
    assert common_domain(trends[:1], (1, 7)) == (4, 6)
    assert common_domain([], (1, 7)) == (1, 7)


def test_letters_of_close_events_stand_above_each_other() -> None:
    near = (event("2026-04-10"), event("2026-04-12"), event("2026-06-20"))
    shown = segments(told(LEVELS[3]))
    waves = [wave(k + 1, told(LEVELS[k])) for k in range(4)]
    part = trend_parts(shown, waves[-1], waves[:-1], near)["trend"]
    marks = event_marks(part)
    assert [one.row for one in marks] == [0, 1, 0]
    assert [one.letter for one in marks] == ["A", "B", "C"]
    assert [1 < one.at < 2 for one in marks] == [True, True, False]
    assert letter(26) == "A2"


def test_every_full_sentence_has_its_condition() -> None:
    whole = {code for code, (english, _) in TREND.items() if english.endswith(".")}
    whole -= {"trend_chart"}  # the description of a picture
    assert whole <= set(CONDITIONS)
    assert set(CONDITIONS) <= set(TREND)
