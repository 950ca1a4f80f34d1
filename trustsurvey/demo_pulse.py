"""A team-trust pulse of simulated employees: twelve teams, three waves, a planted drop.

The model. Everybody has a level of trust in management, colleagues and team leader and
in promises kept (correlated, PHI), to which the team adds its own (TEAM_SD). In the
second wave, after shifts in production were changed without notice, production trusts
management and promises less by DROP standard deviations, and everybody else by ELSEWHERE;
by the third wave RECOVERED of it is back. An item is its loading times its factor plus
noise of unit total variance, cut into seven points; outcomes follow from the factors by
OUTCOME_WEIGHTS. Between the waves some people leave, some join and a few move; about
four in five answer.

As with every simulated answer: it shows the software, and says nothing about a
questionnaire or about anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveys import definition
from surveys.definition import Text
from trustsurvey.demo import NOT_APPLICABLE_SHARE, SKIPPED_SHARE, points

SEED = 20260301
WAVES = 3
CHINESE_SHARE = 0.5
COMMENT_SHARE = 0.3
ANSWERING = 0.82
LEAVING = 0.05  # of the people between two waves: 20 % in a year of four
MOVING = 0.02
TEAM_SD = 0.35
SPREAD = 0.75  # colleagues differ less than customers do
DROP = 1.5
ELSEWHERE = 0.6
RECOVERED = 0.6

# management, colleagues, team leader, promises
PHI = np.array(
    [
        [1.00, 0.40, 0.55, 0.65],
        [0.40, 1.00, 0.50, 0.40],
        [0.55, 0.50, 1.00, 0.50],
        [0.65, 0.40, 0.50, 1.00],
    ]
)
FACTOR = {"M": 0, "C": 1, "L": 2, "P": 3, "R": 3}  # by the first letter of the scale
CENTRES = (0.2, 0.9, 0.7, 0.1)
LOADINGS = (0.84, 0.78, 0.80, 0.75)
OUTCOME_WEIGHTS = {
    "JOB": (0.20, 0.15, 0.25, 0.20),
    "ATT": (0.30, 0.10, 0.15, 0.25),
    "STA": (0.20, 0.10, 0.20, 0.25),
}
OTHER_OUTCOME = (0.15, 0.20, 0.20, 0.15)
HIT = (1.0, 0.0, 0.0, 1.0)  # management and promises


@dataclass(frozen=True, slots=True)
class Team:
    code: str
    name: Text
    department: str
    size: int


DEPARTMENTS = {
    "production": Text("Production", "生产部"),
    "shops": Text("Shops", "门店部"),
    "office": Text("Head office", "总部"),
}
TEAMS = (
    Team("blending", Text("Blending", "拼配组"), "production", 15),
    Team("packing-early", Text("Packing, early shift", "包装早班"), "production", 18),
    Team("packing-late", Text("Packing, late shift", "包装晚班"), "production", 17),
    Team("laboratory", Text("Laboratory", "质检组"), "production", 6),
    Team("harbour-street", Text("Harbour Street", "港湾街店"), "shops", 15),
    Team("market-hall", Text("Market Hall", "集市店"), "shops", 16),
    Team("station", Text("Station", "车站店"), "shops", 15),
    Team("old-town", Text("Old Town", "老城店"), "shops", 14),
    Team("online", Text("Online shop", "网店"), "shops", 16),
    Team("purchasing", Text("Purchasing", "采购组"), "office", 10),
    Team("people-finance", Text("People and finance", "人事财务组"), "office", 16),
    Team("marketing", Text("Marketing", "市场组"), "office", 15),
)

COMMENTS = {
    "en": (
        "We heard about the new shifts from the notice board.",
        "My team leader listens, and it shows.",
        "Please tell us why before you tell us what.",
        "Good that the plan is now made with us.",
        "The two locations should talk to each other more.",
        "More time for handing over between shifts would help.",
    ),
    "zh-hans": (
        "新的排班我们是从布告栏上才知道的。",
        "班组长愿意听大家的意见，这一点很好。",
        "希望先说明原因，再宣布决定。",
        "现在排班会和我们商量，这样很好。",
        "两个地点之间应该多沟通。",
        "交接班的时间再多一些就好了。",
    ),
}


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody on the list: number, team, and the part of every answer that stays."""

    number: int
    team: str
    level: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person answers in one wave."""

    team: str
    language: str
    answers: tuple[int, ...]
    comment: str


def staff() -> list[list[Employee]]:
    """Who is on the list in each wave; the same seed gives the same people."""
    rng = np.random.default_rng([SEED, 1])
    people: list[Employee] = []
    for team in TEAMS:
        people += [_somebody(rng, len(people) + k, team.code) for k in range(team.size)]
    waves, number = [people], len(people)
    for _ in range(WAVES - 1):
        people = []
        for one in waves[-1]:
            fate = rng.random()
            if fate < LEAVING:  # a newcomer takes the place
                people.append(_somebody(rng, number, one.team))
                number += 1
            elif fate < LEAVING + MOVING:
                other = TEAMS[rng.integers(len(TEAMS))].code
                people.append(Employee(one.number, other, one.level))
            else:
                people.append(one)
        waves.append(people)
    return waves


def _somebody(rng: np.random.Generator, number: int, team: str) -> Employee:
    drawn = rng.multivariate_normal(np.zeros(len(PHI)), PHI, method="cholesky")
    return Employee(number, team, tuple(float(value) for value in drawn))


def sheets(form: definition.Form, people: Sequence[Employee], wave: int) -> list[Sheet]:
    """Answers of those who answer in wave 1, 2 or 3, in an order of chance."""
    rng = np.random.default_rng([SEED, 2, wave])
    answering = [one for one in people if rng.random() < ANSWERING]
    levels = np.array([one.level for one in answering])
    factors = np.sqrt(1 - TEAM_SD**2) * levels + np.array(
        [_team_effect(one.team) + _shift(one.team, wave) for one in answering]
    )
    codes = _codes(form, factors, rng)
    filled = []
    for row, one in enumerate(answering):
        language = "zh-hans" if rng.random() < CHINESE_SHARE else "en"
        said = COMMENTS[language]
        speaks = rng.random() < COMMENT_SHARE
        filled.append(
            Sheet(
                one.team,
                language,
                tuple(int(code) for code in codes[row]),
                str(said[rng.integers(len(said))]) if speaks else "",
            )
        )
    return [filled[at] for at in rng.permutation(len(filled))]


def _team_effect(team: str) -> NDArray[np.float64]:
    """What the team adds to the four factors of its members, the same in all waves."""
    place = [one.code for one in TEAMS].index(team)
    rng = np.random.default_rng([SEED, 3, place])
    return TEAM_SD * rng.standard_normal(len(PHI))


def _shift(team: str, wave: int) -> NDArray[np.float64]:
    """What happened to the team by this wave."""
    department = next(one.department for one in TEAMS if one.code == team)
    left = {1: 0.0, 2: 1.0, 3: 1.0 - RECOVERED}[wave]
    depth = DROP if department == "production" else ELSEWHERE
    return -left * depth * np.array(HIT)


def _codes(
    form: definition.Form, factors: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.int16]:
    """Return (n, items) codes as respondents would give them."""
    n = len(factors)
    codes = np.empty((n, form.item_count), dtype=np.int16)
    outcomes: dict[str, NDArray[np.float64]] = {}
    place: dict[str, int] = {}
    for column, item in enumerate(form.items):
        position = place[item.scale] = place.get(item.scale, -1) + 1
        scale = item.scale.rsplit(".", 1)[-1]
        if item.role == "trust":
            factor = FACTOR[scale[0]]
            trait, centre = factors[:, factor], CENTRES[factor]
        else:
            if scale not in outcomes:
                weights = np.array(OUTCOME_WEIGHTS.get(scale, OTHER_OUTCOME))
                rest = np.sqrt(1 - float(weights @ PHI @ weights))
                outcomes[scale] = factors @ weights + rest * rng.standard_normal(n)
            trait, centre = outcomes[scale], 0.4
        loading = LOADINGS[position % len(LOADINGS)]
        noise = rng.standard_normal(n) * np.sqrt(1 - loading**2)
        codes[:, column] = points(item, SPREAD * (loading * trait + noise) + centre)
        gone = rng.random(n)
        codes[gone < SKIPPED_SHARE, column] = definition.SKIPPED
        if item.not_applicable:
            codes[gone > 1 - NOT_APPLICABLE_SHARE, column] = definition.NOT_APPLICABLE
    return codes
