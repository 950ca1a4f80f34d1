"""Whether groups of equal standing answer an item alike: ordinal logistic regression."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import MISSING, Matrix, ResponseMatrix
from analytics.psychometrics.distributions import chi2_sf
from analytics.psychometrics.errors import PsychometricsError, Reason, TooFewData
from analytics.psychometrics.estimate import Estimate
from analytics.psychometrics.irt.graded import graded_response
from analytics.psychometrics.irt.scores import eap_scores
from analytics.psychometrics.ordinal_logit import OrdinalLogit, ordinal_logit
from analytics.psychometrics.partial import holm

Matching = Literal["rest", "theta"]
FlagRule = Literal["class", "test"]
DifClass = Literal["A", "B", "C"]

_STATISTIC = "dif"
MODERATE, LARGE = 0.035, 0.070  # change of Nagelkerke's R2
_ROUNDS = 20
_FEWEST_ANCHORS = 3


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """Twice the gain of log-likelihood between two nested models.

    Attributes
    ----------
    chi2 : float
    df : int
    p : float
    nagelkerke, mcfadden : float
        Change of the two R2.
    """

    chi2: float
    df: int
    p: float
    nagelkerke: float
    mcfadden: float


@dataclass(frozen=True, slots=True)
class ItemDif:
    """One item between groups.

    Attributes
    ----------
    code : str
    total, uniform, nonuniform : LikelihoodRatio, None
        Models 1 and 3, 1 and 2, 2 and 3. None with a `reason`.
    p_holm : float, None
        Of `total`, over all items that could be tested.
    groups : mapping of group -> Estimate
        Log odds of a higher answer against the first group at equal standing (model 2),
        Wald interval; the first group is not there.
    size : "A", "B", "C", None
        Negligible, moderate, large (see `dif_logistic`).
    flagged : bool
    n : int
        People with an answer, a standing and a group.
    reason : Reason, None
    """

    code: str
    total: LikelihoodRatio | None
    uniform: LikelihoodRatio | None
    nonuniform: LikelihoodRatio | None
    p_holm: float | None
    groups: dict[str, Estimate]
    size: DifClass | None
    flagged: bool
    n: int
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Dif:
    """All items between groups.

    Attributes
    ----------
    items : tuple of p ItemDif
    groups : tuple of str
        The first is the reference.
    counts : tuple of int
        People of each group.
    matching, flag_by : str
    alpha : float
    anchors : tuple of str
        Items behind the standing in the last round.
    rounds : int
    settled : bool
        Whether no anchor is flagged. False where the flagged items alternate, where
        too few items would be left, and where items are flagged without `purify`.
    """

    items: tuple[ItemDif, ...]
    groups: tuple[str, ...]
    counts: tuple[int, ...]
    matching: Matching
    flag_by: FlagRule
    alpha: float
    anchors: tuple[str, ...]
    rounds: int
    settled: bool


def dif_logistic(
    data: ResponseMatrix,
    groups: Sequence[str] | NDArray[np.str_],
    *,
    matching: Matching,
    flag_by: FlagRule,
    purify: bool,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> Dif:
    r"""Test every item for differential functioning between two or more groups.

    Proportional odds of the answer y on the standing t and the g - 1 dummies G:

    .. math:: (1)\; t \qquad (2)\; t + G \qquad (3)\; t + G + t G

    Likelihood ratios: 1 and 3 total, 2 (g - 1) df; 1 and 2 uniform; 2 and 3
    non-uniform, g - 1 each. Effect: change of Nagelkerke's and McFadden's R2 between the
    same models. Model 3 has one set of thresholds for all groups; a difference of slopes
    shows less in it the more the thresholds spread. Size: A where p after Holm's correction is not below `alpha` or the
    change of Nagelkerke's R2 (total) is below .035, B below .070, C from there. The two
    marks were derived by Jodoin and Gierl for right and wrong answers; for graded ones
    they are a convention.

    Parameters
    ----------
    data : ResponseMatrix
    groups : sequence of n str
        Group of each person; the first in alphabetical order is the reference. People
        without a group are to be left out before.
    matching : "rest", "theta"
        The standing: mean of the categories (as a share of the scale) of the other
        anchor items a person answered, or the EAP score of a graded response model of
        the anchor items, one standard normal trait for all groups. A studied item that
        is an anchor is part of its own theta, never of its own rest score. Where the
        groups' traits differ, a short rest score does not take the whole difference
        out, and more than `alpha` of the items seem to differ; theta does better.
    flag_by : "class", "test"
        An item is flagged where its size is B or C, or where p after Holm is below
        `alpha`.
    purify : bool
        Whether flagged items leave the anchors and all items are tested again, until
        the flagged ones are the same twice.

    Raises
    ------
    TooFewData
        One group only, fewer than four items (three for theta), or no answers.
    NotDefined, NotConverged
        From the graded response model of theta. What one item lacks is its `reason`.

    References
    ----------
    Swaminathan & Rogers (1990), Journal of Educational Measurement 27, 361-370. Zumbo
    (1999), A handbook on the theory and methods of differential item functioning.
    Jodoin & Gierl (2001), Applied Measurement in Education 14, 329-349,
    doi:10.1207/S15324818AME1404_2. Choi, Gibbons & Crane (2011), Journal of
    Statistical Software 39(8), doi:10.18637/jss.v039.i08. Nagelkerke (1991),
    Biometrika 78, 691-692.
    """
    labels = np.asarray(groups, dtype=np.str_)
    if labels.shape != (data.n,):
        raise ValueError(f"groups must be ({data.n},), not {labels.shape}.")
    names, member = np.unique(labels, return_inverse=True)
    if len(names) < 2:
        raise TooFewData("needs-groups", statistic=_STATISTIC, needs=2, has=len(names))
    fewest = _FEWEST_ANCHORS + (matching == "rest")
    if data.p < fewest:
        raise TooFewData("needs-items", statistic=_STATISTIC, needs=fewest, has=data.p)
    tester = _Tester(data, tuple(names.tolist()), member, matching, confidence)
    anchors, flagged, rounds = frozenset(data.item_codes), frozenset[str](), 0
    settled, seen = False, [frozenset[str]()]
    while True:
        rounds += 1
        items = _judged(tester.tested(anchors), alpha, flag_by)
        flagged = frozenset(item.code for item in items if item.flagged)
        remaining = frozenset(data.item_codes) - flagged
        settled = remaining == anchors
        if settled or not purify or rounds == _ROUNDS or len(remaining) < fewest:
            break
        if flagged in seen[1:]:
            break
        seen.append(flagged)
        anchors = remaining
    return Dif(
        items=items,
        groups=tester.names,
        counts=tuple(np.bincount(member).tolist()),
        matching=matching,
        flag_by=flag_by,
        alpha=alpha,
        anchors=tuple(code for code in data.item_codes if code in anchors),
        rounds=rounds,
        settled=settled,
    )


@dataclass(frozen=True, slots=True)
class _Tester:
    """What does not change from round to round."""

    data: ResponseMatrix
    names: tuple[str, ...]
    member: NDArray[np.intp]
    matching: Matching
    confidence: float

    def tested(self, anchors: frozenset[str]) -> list[ItemDif]:
        """Test every item with these anchors."""
        dummies = (self.member[:, None] == np.arange(1, len(self.names))).astype(float)
        theta = self._theta(anchors) if self.matching == "theta" else None
        found = []
        for j, item in enumerate(self.data.items):
            standing = self._rest(anchors - {item.code}) if theta is None else theta
            answers = np.where(
                self.data.codes[:, j] == MISSING, np.nan, self.data.codes[:, j]
            )
            use = np.isfinite(standing) & np.isfinite(answers)
            found.append(
                _item(
                    item.code,
                    answers[use],
                    standing[use],
                    dummies[use],
                    self.names,
                    self.confidence,
                )
            )
        return found

    def _theta(self, anchors: frozenset[str]) -> Matrix:
        part = self.data.select([c for c in self.data.item_codes if c in anchors])
        return eap_scores(graded_response(part), part).scores

    def _rest(self, anchors: frozenset[str]) -> Matrix:
        columns = [j for j, it in enumerate(self.data.items) if it.code in anchors]
        codes = self.data.codes[:, columns]
        last = np.array([self.data.items[j].n_categories - 1 for j in columns])
        given = codes != MISSING
        total = np.where(given, codes / last, 0.0).sum(axis=1)
        count = given.sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _item(
    code: str,
    answers: Matrix,
    standing: Matrix,
    dummies: Matrix,
    names: tuple[str, ...],
    confidence: float,
) -> ItemDif:
    """Fit the three models; what goes wrong is the item's reason."""
    others = names[1:]
    by = [f"standing by {name}" for name in others]
    one = standing[:, None]
    designs = (
        (one, ["standing"]),
        (np.column_stack([one, dummies]), ["standing", *others]),
        (np.column_stack([one, dummies, one * dummies]), ["standing", *others, *by]),
    )
    try:
        fits = [
            ordinal_logit(x, labels, answers, code, confidence=confidence)
            for x, labels in designs
        ]
    except PsychometricsError as error:
        n = len(answers)
        return ItemDif(code, None, None, None, None, {}, None, False, n, error.reason)
    spread = dummies.std(axis=0, ddof=1)
    return ItemDif(
        code=code,
        total=_ratio(fits[0], fits[2]),
        uniform=_ratio(fits[0], fits[1]),
        nonuniform=_ratio(fits[1], fits[2]),
        p_holm=None,
        groups={
            name: _unscaled(fits[1].slopes[name], float(sd))
            for name, sd in zip(others, spread, strict=True)
        },
        size=None,
        flagged=False,
        n=len(answers),
    )


def _unscaled(one: Estimate, spread: float) -> Estimate:
    """Turn a slope for a standard deviation of a dummy into that of the dummy."""
    low = None if one.low is None else one.low / spread
    high = None if one.high is None else one.high / spread
    return Estimate(one.estimate / spread, low, high, one.n, one.method, one.confidence)


def _ratio(small: OrdinalLogit, large: OrdinalLogit) -> LikelihoodRatio:
    chi2 = max(0.0, 2 * (large.log_likelihood - small.log_likelihood))
    df = large.df - small.df
    none, n = small.log_likelihood_none, small.n
    # Nagelkerke: Cox and Snell's R2 over its largest value
    largest = -np.expm1(2 * none / n)
    kept = [np.exp(2 * (none - fit.log_likelihood) / n) for fit in (small, large)]
    return LikelihoodRatio(
        chi2=chi2,
        df=df,
        p=chi2_sf(chi2, df),
        nagelkerke=float((kept[0] - kept[1]) / largest),
        mcfadden=float((small.log_likelihood - large.log_likelihood) / none),
    )


def _judged(
    items: Sequence[ItemDif], alpha: float, flag_by: FlagRule
) -> tuple[ItemDif, ...]:
    """Correct p for the number of items, class and flag."""
    p = holm(np.array([np.nan if it.total is None else it.total.p for it in items]))
    found = []
    for item, corrected in zip(items, p.tolist(), strict=True):
        if item.total is None:
            found.append(item)
            continue
        clear, change = corrected < alpha, item.total.nagelkerke
        size: DifClass = "A"
        if clear and change >= MODERATE:
            size = "B" if change < LARGE else "C"
        flagged = clear if flag_by == "test" else size != "A"
        found.append(replace(item, p_holm=corrected, size=size, flagged=flagged))
    return tuple(found)
