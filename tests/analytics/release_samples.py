"""A release built by hand: an organization of teams, and everything that is told of it."""

import json
from dataclasses import replace
from typing import Any, Final

from analytics import plain
from analytics.plan import Text
from analytics.release_parts import (
    EVERYONE,
    Count,
    Gate,
    Segment,
    SegmentKind,
    SegmentScore,
    SegmentsPart,
)
from analytics.release_sections.parts import Facts, Parts
from analytics.results import Absent, Figure, Report, TeamResult, TeamTest
from analytics.sentences import say
from surveys.promise import Thresholds, promise_digest, promise_text
from tests.analytics.samples import plan, report

SCALES: Final = {
    "CARE": Text("Care", "关怀"),
    "SKILL": Text("Skill", "能力"),
    "LOY": Text("Loyalty", "忠诚"),
}
RANGES: Final = {"CARE": (1, 7), "SKILL": (1, 7), "LOY": (1, 7)}
TEAMS: Final = (
    ("sales", "everyone", "Sales", "销售部", 1, 40),
    ("north", "sales", "Sales North", "北方销售", 2, 18),
    ("south", "sales", "Sales South", "南方销售", 2, 22),
    ("platform", "everyone", "Platform", "平台部", 1, 31),
    ("legal", "everyone", "Legal", "法务部", 1, 4),
)


def score(mean: float, half: float = 0.4, n: int = 25, **changes: Any) -> SegmentScore:
    count = Count(n, n) if n >= 20 else Count(n // 10 * 10 or 5, 19 if n > 9 else 9)
    one = SegmentScore(mean, mean - half, mean + half, None, None, count, 0.82, None)
    return replace(one, **changes)


def bound(**ends: Any) -> SegmentScore:
    nothing = SegmentScore(None, None, None, None, None, Count(10, 19), None, None)
    return replace(nothing, **ends)


def hidden(code: str = "release_index_hidden") -> SegmentScore:
    return SegmentScore(None, None, None, None, None, None, None, say(code))


def segment(
    key: str,
    name: Text,
    scores: dict[str, SegmentScore],
    *,
    kind: SegmentKind = "unit",
    parent: str | None = EVERYONE,
    depth: int = 1,
    invited: int | None = 30,
    **changes: Any,
) -> Segment:
    n = 24 if invited is None else round(invited * 0.8)
    answered = Count(n, n) if n >= 20 else Count(10, 19)
    rate = None if invited is None or invited < 8 else 0.8
    one = Segment(
        key, kind, name, parent, depth, None, invited, answered, rate, None, scores
    )
    return replace(one, **changes)


def everyone(**changes: Any) -> Segment:
    scores = {
        "CARE": score(4.7, 0.15, 212),
        "SKILL": score(5.4, 0.14, 212),
        "LOY": score(4.9, 0.2, 212),
    }
    one = segment(
        EVERYONE,
        Text("Everyone", "全体"),
        scores,
        kind="everyone",
        parent=None,
        depth=0,
        invited=268,
    )
    counted = replace(one, answered=Count(212, 212), rate=212 / 268)
    return replace(counted, **changes)


def units() -> tuple[Segment, ...]:
    found = []
    for k, (key, parent, en, zh, depth, invited) in enumerate(TEAMS):
        above = parent if parent == EVERYONE else f"unit:{parent}"
        more: dict[str, Any] = {"parent": above, "depth": depth, "invited": invited}
        scores = {
            "CARE": score(3.1 + 0.7 * k),
            "SKILL": score(5.8 - 0.3 * k, 0.6),
            "LOY": score(4.6, 0.5),
        }
        if key == "legal":
            scores = {}
            more |= {"reason": say("release_index_hidden"), "answered": None}
        if key == "north":
            scores["SKILL"] = bound(at_least=6.0)
            scores["LOY"] = hidden()
            more |= {"joined": 3, "left": 2}
        found.append(segment(f"unit:{key}", Text(en, zh), scores, **more))
    return tuple(found)


def others() -> tuple[Segment, ...]:
    languages = (("en", "English", "英文"), ("zh-hans", "Chinese", "中文"))
    scores = {code: score(4.8) for code in SCALES}
    more: dict[str, Any] = {"invited": None}
    return (
        *(
            segment(f"language:{code}", Text(en, zh), scores, kind="language", **more)
            for code, en, zh in languages
        ),
        segment(
            "question:TENURE:1",
            Text("Under a year", "不到一年"),
            scores,
            kind="question",
            **more,
        ),
    )


def spread() -> dict[str, TeamResult]:
    def figure(value: float) -> Figure:
        return Figure(value, value - 0.1, value + 0.1, 210, "ANOVA")

    one = TeamResult(
        icc1=figure(0.12),
        icc2=figure(0.7),
        rwg_j=figure(0.81),
        rwg_j_skewed=figure(0.72),
        n_teams=4,
        test=TeamTest(2.4, 3, 206, 0.01),
    )
    few = Absent(say("team_few", has=1))
    return {"CARE": one, "SKILL": replace(one, rwg_j=few, test=None)}


def segments_part(
    found: tuple[Segment, ...] | None = None, **changes: Any
) -> SegmentsPart:
    open_gate = Gate("not testable", say("release_careful_untestable"))
    part = SegmentsPart(
        (everyone(), *units(), *others()) if found is None else found,
        SCALES,
        RANGES,
        ("LOY",),
        spread(),
        {"unit": open_gate, "language": replace(open_gate, verdict="comparable")},
        5,
    )
    return replace(part, **changes)


def facts(**changes: Any) -> Facts:
    thresholds = Thresholds()
    words = promise_text("anonymous", thresholds)
    one = Facts(
        title=Text("Team-trust pulse", "团队信任调查"),
        wave=3,
        number=1,
        date="2026-06-30",
        mode="anonymous",
        simulated=True,
        promise=Text(words.en, words.zh_hans),
        digest=promise_digest("anonymous", thresholds),
        thresholds={
            "least_for_scores": 5,
            "least_for_comments": 10,
            "least_for_sensitive": 20,
            "least_batch": 10,
        },
        software={"trustsurvey": "0.7", "numpy": "2.4"},
        input_sha256="0f" * 32,
    )
    return replace(one, **changes)


def part_texts(
    segments: SegmentsPart | None = None, found: Report | None = None
) -> dict[str, str]:
    segments = segments or segments_part()
    found = found or report(plan(simulated=True))
    return {
        "report": json.dumps(found.to_json()),
        "segments": json.dumps(plain.to_plain(segments)),
    }


def parts(
    segments: SegmentsPart | None = None, found: Report | None = None, **changes: Any
) -> Parts:
    return Parts(part_texts(segments, found), facts(**changes))
