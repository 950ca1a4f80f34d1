"""Waves of teams with planted agreement and distance, for tests of segments."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure import Decision, Rules, decide
from analytics.plan import AnalysisPlan, Text
from analytics.release_parts import EVERYONE, Members, SegmentKind, WaveAnswers
from analytics.segments import measures_of, scores_of
from tests.analytics import samples


def members(
    key: str,
    rows: NDArray[np.bool_],
    *,
    kind: SegmentKind = "unit",
    parent: str | None = EVERYONE,
    depth: int = 1,
    invited: int | None = None,
) -> Members:
    name = Text(key.title(), f"{key}组")
    return Members(key, kind, name, parent, depth, None, invited, rows)


def wave(
    sizes: Mapping[str, int],
    raw: NDArray[np.int64] | None = None,
    *,
    plan: AnalysisPlan | None = None,
    above: Mapping[str, str] | None = None,
    invited: int | None = None,
    languages: Sequence[int] | None = None,
) -> WaveAnswers:
    """A wave in which so many of each team answered, rows team by team.

    `above` puts teams under a department, which is made of them.
    """
    plan = plan or samples.plan()
    n = sum(sizes.values())
    raw = samples.answers(plan, n) if raw is None else raw
    team = np.repeat(np.arange(len(sizes)), list(sizes.values()))
    above = above or {}
    everyone = members(
        EVERYONE,
        np.ones(n, dtype=bool),
        kind="everyone",
        parent=None,
        depth=0,
        invited=None if invited is None else invited * len(sizes),
    )
    tree = [everyone]
    names = list(sizes)
    for department in dict.fromkeys(above.values()):
        own = [k for k, name in enumerate(names) if above.get(name) == department]
        tree.append(members(department, np.isin(team, own)))
    for k, name in enumerate(names):
        parent = above.get(name, EVERYONE)
        depth = 2 if name in above else 1
        tree.append(
            members(name, team == k, parent=parent, depth=depth, invited=invited)
        )
    spoken = np.zeros(n, dtype=np.int8)
    if languages is not None:
        spoken = np.array(languages, dtype=np.int8)
        for place, code in enumerate(("en", "zh-hans")):
            rows = spoken == place
            tree.append(members(f"language:{code}", rows, kind="language"))
    return WaveAnswers(
        wave=1,
        date="2026-03-01",
        data=samples.matrix(raw, plan),
        plan=plan,
        languages=spoken,
        asked_codes=(),
        asked=np.zeros((n, 0), dtype=np.int16),
        expected={},
        durations=None,
        pseudonyms=None,
        segments=tuple(tree),
        sha256="0" * 64,
    )


def decided(now: WaveAnswers, least: int = 5) -> Decision:
    scores = scores_of(now)
    return decide(now.segments, measures_of(now, scores), rules=Rules(least=least))
