"""A brand-trust study of simulated customers, from a stated model and a seed.

The model. Five trust factors correlate (PHI). An item is its loading times its factor
plus noise of unit total variance, shifted by how easily people agree to it, cut into
the points of its scale at equal steps; reverse items are answered on the other side.
Outcomes follow from the factors by the weights in OUTCOME_WEIGHTS plus noise. 55 of 100
answer in Chinese; a few items are skipped or called not applicable.

Simulated answers prove that the software works. They say nothing about a questionnaire,
and the survey carries its mark from birth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from surveys import definition

CUSTOMERS = 600
SEED = 20260115
CHINESE_SHARE = 0.55
SKIPPED_SHARE = 0.01
NOT_APPLICABLE_SHARE = 0.02
COMMENT_SHARE = 0.08

# Transparency, consistency, competence, honesty, emotional connection: honesty close to
# the first two, as theory and earlier studies lead one to expect.
PHI = np.array(
    [
        [1.00, 0.66, 0.52, 0.74, 0.50],
        [0.66, 1.00, 0.60, 0.70, 0.46],
        [0.52, 0.60, 1.00, 0.55, 0.42],
        [0.74, 0.70, 0.55, 1.00, 0.54],
        [0.50, 0.46, 0.42, 0.54, 1.00],
    ]
)
LOADINGS = (0.82, 0.76, 0.79, 0.70)  # by place of the item in its scale
REVERSE_LOADING = 0.62  # reverse items load less, in life as here
CENTRES = (0.15, 0.35, 0.75, 0.25, -0.10)  # how easily each dimension is agreed to
OUTCOME_WEIGHTS = {
    "SAT": (0.10, 0.20, 0.40, 0.10, 0.15),
    "LOY": (0.05, 0.15, 0.15, 0.25, 0.30),
    "REP": (0.05, 0.20, 0.30, 0.15, 0.10),
    "REC": (0.10, 0.10, 0.20, 0.20, 0.20),
}
OUTCOME_LOADING = 0.80
STEP = 0.62  # width of one point on a seven-point scale, in standard deviations

COMMENTS = {
    "en": (
        "Delivery has become faster, thank you.",
        "Please show the origin of each tea on the shop page.",
        "The loyalty card rules changed without notice.",
        "Staff in the shop know what they sell.",
    ),
    "zh-hans": (
        "希望在页面上写明每款茶的产地。",
        "店员很专业，推荐的茶很合口味。",
        "会员规则改了也没有通知我们。",
        "包装比以前好多了。",
    ),
}


@dataclass(frozen=True, slots=True)
class Customer:
    """One simulated person: the key of the address, the language, the answers."""

    key: UUID
    language: str
    answers: tuple[int, ...]
    comment: str


def customers(form: definition.Form, *, n: int = CUSTOMERS) -> Iterator[Customer]:
    """Draw `n` customers; the same seed gives the same people, keys and answers."""
    rng = np.random.default_rng(SEED)
    codes = _codes(form, n, rng)
    chinese = rng.random(n) < CHINESE_SHARE
    speaks = rng.random(n) < COMMENT_SHARE
    for row in range(n):
        language = "zh-hans" if chinese[row] else "en"
        sentences = COMMENTS[language]
        yield Customer(
            key=UUID(bytes=rng.bytes(16), version=4),
            language=language,
            answers=tuple(int(code) for code in codes[row]),
            comment=sentences[rng.integers(len(sentences))] if speaks[row] else "",
        )


def _codes(
    form: definition.Form, n: int, rng: np.random.Generator
) -> NDArray[np.int16]:
    """Return (n, items) codes as a respondent would give them."""
    traits = rng.multivariate_normal(np.zeros(len(PHI)), PHI, size=n, method="cholesky")
    trust = [scale.code for scale in form.scales if scale.role == "trust"]
    codes = np.empty((n, form.item_count), dtype=np.int16)
    outcomes: dict[str, NDArray[np.float64]] = {}
    place: dict[str, int] = {}
    for column, item in enumerate(form.items):
        position = place[item.scale] = place.get(item.scale, -1) + 1
        if item.role == "trust":
            factor = trust.index(item.scale)
            trait, centre = traits[:, factor], CENTRES[factor]
            loading = REVERSE_LOADING if item.reverse else LOADINGS[position % 4]
        else:
            if item.scale not in outcomes:
                outcomes[item.scale] = _outcome(item.scale, traits, rng)
            trait, centre, loading = outcomes[item.scale], 0.3, OUTCOME_LOADING
        noise = rng.standard_normal(n) * np.sqrt(1 - loading**2)
        codes[:, column] = points(item, loading * trait + noise + centre)
        gone = rng.random(n)
        codes[gone < SKIPPED_SHARE, column] = definition.SKIPPED
        if item.not_applicable:
            absent = gone > 1 - NOT_APPLICABLE_SHARE
            codes[absent, column] = definition.NOT_APPLICABLE
    return codes


def _outcome(
    scale: str, traits: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return (n,) standard scores of an outcome that the trust factors explain."""
    weights = np.array(OUTCOME_WEIGHTS[scale.rsplit(".", 1)[-1]])
    explained = float(weights @ PHI @ weights)
    noise = rng.standard_normal(len(traits)) * np.sqrt(1 - explained)
    scores: NDArray[np.float64] = traits @ weights + noise
    return scores


def points(item: definition.FormItem, latent: NDArray[np.float64]) -> NDArray[np.int64]:
    """Cut (n,) latent agreement into the points of the item's scale, as shown."""
    points = item.high - item.low + 1
    step = STEP * 7 / points
    middle = (points - 1) / 2
    category = np.clip(np.rint(middle + latent / step), 0, points - 1).astype(np.int64)
    return item.high - category if item.reverse else item.low + category
