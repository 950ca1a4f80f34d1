"""How fast the stored report of a large organization answers.

500 teams in 50 departments, 12 waves, 30 items: the parts of the last release are made
by the code that makes every release, over simulated answers, and stored in a fresh
PostgreSQL. Then a browser's requests are timed from the address to the finished bytes,
in turn: the page in both languages, the page of one team, one exchanged section, and
the whole release for programs. The process keeps what a frozen section showed, so the
first time of each stands beside. The mark is 300 ms for the page (issue of the reports).
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any
from uuid import UUID

import numpy as np

from benchmarks import print_row, seconds_text, surroundings, wanted, write
from benchmarks._site import throw_away_site

TEAMS, TEAMS_A_DEPARTMENT, WAVES, ANSWERS_A_TEAM = 500, 10, 12, 10
SCALES, ITEMS_A_SCALE = 5, 5
OUTCOME_ITEMS = 5
SEED = 20261122
ROUNDS = 15
MARK = 0.3
WIDTHS = (32, 12, 12, 12, 12)


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds of one request, the first time and then, and the size of what came."""

    request: str
    first_seconds: float
    median_seconds: float
    slowest_seconds: float
    size_bytes: int


def answers_of(teams: int) -> Any:
    """Answers of one wave: a share of every item belongs to the team."""
    from analytics.plan import AnalysisPlan, PlanItem, PlanScale, Text
    from analytics.psychometrics import Item, ResponseMatrix
    from analytics.release_parts import WaveAnswers

    def scale(code: str, n_items: int, group: Any) -> PlanScale:
        items = tuple(
            PlanItem(f"{code}{k}", Text(f"Item {code}{k}", f"题目 {code}{k}"), 1, 7)
            for k in range(1, n_items + 1)
        )
        name = Text(f"Dimension {code}", f"维度{code}")
        return PlanScale(code, name, items, group=group)

    names = [chr(ord("A") + k) for k in range(SCALES)]
    plan = AnalysisPlan(
        title=Text("A pulse", "脉搏调查"),
        scales=tuple(scale(one, ITEMS_A_SCALE, "trust") for one in names),
        outcomes=(scale("L", OUTCOME_ITEMS, "outcome"),),
        seed=SEED,
        simulated=True,
    )
    rng = np.random.default_rng(SEED)
    n = teams * ANSWERS_A_TEAM
    team = np.repeat(np.arange(teams), ANSWERS_A_TEAM)
    level = 0.5 * rng.standard_normal(teams)[team] + 0.8 * rng.standard_normal(n)
    raw = np.column_stack(
        [
            np.clip(np.rint(4.5 + level + 0.9 * rng.standard_normal(n)), 1, 7)
            for _ in plan.items()
        ]
    ).astype(np.int64)
    items = [Item(i.code, i.low, i.high) for i in plan.items()]
    return WaveAnswers(
        wave=WAVES,
        date="2026-11-01",
        data=ResponseMatrix.from_raw(raw, items),
        plan=plan,
        languages=np.zeros(n, dtype=np.int8),
        asked_codes=(),
        asked=np.zeros((n, 0), dtype=np.int16),
        expected={},
        durations=None,
        pseudonyms=None,
        segments=tree_of(team),
        sha256="0" * 64,
    )


def tree_of(team: Any) -> Any:
    """Everyone, the departments, and below each of them its teams."""
    from analytics.plan import Text
    from analytics.release_parts import EVERYONE, Members

    n = len(team)
    everyone = Text("Everyone", "全体人员")
    rows = np.ones(n, dtype=bool)
    tree = [Members(EVERYONE, "everyone", everyone, None, 0, None, 2 * n, rows)]
    department = team // TEAMS_A_DEPARTMENT
    for k in np.unique(department):
        rows, key = department == k, f"unit:department-{k:03d}"
        name = Text(f"Department {k + 1}", f"部门 {k + 1}")
        invited = 2 * int(rows.sum())
        tree.append(Members(key, "unit", name, EVERYONE, 1, None, invited, rows))
        for one in np.unique(team[rows]):
            own = team == one
            name = Text(f"Team {one + 1}", f"团队 {one + 1}")
            invited = 2 * int(own.sum())
            tree.append(
                Members(f"unit:{one:04d}", "unit", name, key, 2, None, invited, own)
            )
    return tuple(tree)


def earlier_of(basis: Any) -> tuple[Any, ...]:
    """The waves before: the same groups, every mean a little elsewhere."""
    rng = np.random.default_rng(SEED + 1)
    return tuple(
        replace(
            basis,
            wave=wave,
            date=f"2025-{wave:02d}-01" if wave < WAVES else basis.date,
            moments={
                key: {
                    code: replace(one, mean=one.mean + 0.2 * rng.standard_normal())
                    for code, one in scales.items()
                }
                for key, scales in basis.moments.items()
            },
        )
        for wave in range(1, WAVES)
    )


def texts_of(teams: int) -> dict[str, str]:
    """Make every part that the pure core makes, as the job of a release does."""
    from analytics.publishing import text_of
    from analytics.release_making import made_of
    from analytics.release_registry import SECTIONS, Material

    now = answers_of(teams)
    made = made_of(now, least=5, earlier=(), software={}, tell=lambda step, share: None)
    earlier = earlier_of(made.basis)
    material = Material(
        now, made.report, made.segments, made.basis, earlier, made.decision
    )
    parts: dict[str, object] = {"segments": made.segments, "audit": made.audit}
    for section in SECTIONS:
        if section.name in {"trend", "alarms", "quality", "drivers"}:
            parts |= section.build(material, ())
    texts = {name: text_of(part) for name, part in parts.items()}
    assert made.report is not None
    return texts | {"report": text_of(made.report.to_json())}


def stored(texts: Mapping[str, str]) -> UUID:
    """Publish the parts in the fresh database; return the wave."""
    from surveys.models import Survey
    from tests.factories import make_member, make_organization, make_survey, make_wave
    from tests.released import make_release

    organization = make_organization()
    make_member(organization)
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    wave = make_wave(survey)
    make_release(wave, texts)
    key: UUID = wave.pk
    return key


def measured(wave: UUID, rounds: int) -> list[Answered]:
    """Time each request in turn; the first round stands apart."""
    from django.conf import settings
    from django.test import Client

    from tests.factories import PASSWORD

    # the names of static files with their digests come with an installation
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
    client = Client(SERVER_NAME="localhost")
    assert client.login(email="owner@example.org", password=PASSWORD)
    page, team = f"/waves/{wave}/report/", "unit:0042"
    asked: dict[str, tuple[str, dict[str, str]]] = {
        "page, English": (page, {}),
        "page, Chinese": (page, {"Accept-Language": "zh-CN"}),
        "page of one team": (f"{page}?segment={team}", {}),
        "one section, exchanged": (
            f"{page}?segment={team}",
            {"HX-Request": "true", "HX-Target": "teams"},
        ),
        "the release for programs": (f"/api/v1/waves/{wave}/release/", {}),
    }
    assert client.get("/", follow=True).status_code == 200  # imports belong to no page
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    sizes: dict[str, int] = {}
    for _ in range(rounds + 1):
        for name, (address, headers) in asked.items():
            started = time.perf_counter()
            reply = client.get(address, headers=headers)
            taken = time.perf_counter() - started
            assert reply.status_code == 200, (name, reply.status_code)
            sizes[name] = len(reply.content)
            seconds[name].append(taken)
    return [
        Answered(name, first, median(taken), max(taken), sizes[name])
        for name, (first, *taken) in seconds.items()
    ]


def main() -> None:
    """Measure, print the table, write the file."""
    asked = wanted("release_page", __doc__)
    where = surroundings()
    teams = TEAMS // 10 if asked.quick else TEAMS
    with throw_away_site():
        started = time.perf_counter()
        texts = texts_of(teams)
        made = time.perf_counter() - started
        size = sum(map(len, texts.values()))
        name = f"{len(texts)} parts made, {size / 1e6:.1f} MB"
        print_row((name, seconds_text(made), "", "", ""), WIDTHS)
        print_row(("", "first", "median", "slowest", "size"), WIDTHS)
        found = measured(stored(texts), ROUNDS)
    for one in found:
        taken = (one.first_seconds, one.median_seconds, one.slowest_seconds)
        times = [seconds_text(seconds) for seconds in taken]
        print_row((one.request, *times, f"{one.size_bytes / 1e3:,.0f} kB"), WIDTHS)
    slowest = max(one.median_seconds for one in found if "page" in one.request)
    print(f"Mark of {seconds_text(MARK)} {'met' if slowest < MARK else 'missed'}.")
    sizes = {"teams": teams, "waves": WAVES, "items": SCALES * ITEMS_A_SCALE}
    sizes["items"] += OUTCOME_ITEMS
    result = {
        "organization": sizes,
        "parts": len(texts),
        "parts_characters": size,
        "made_seconds": made,
        "mark_seconds": MARK,
        "requests": [asdict(one) for one in found],
    }
    write(asked.path, where | result)


if __name__ == "__main__":
    main()
