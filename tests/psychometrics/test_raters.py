"""Intraclass correlations of raters against psych and a plain analysis of variance."""

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import NotDefined, RaterModel, TooFewData, icc, rater_icc

from .cases import reference
from .test_aggregation import JUDGED

MODELS: list[tuple[RaterModel, str]] = [
    ("one-way", "ICC1"),
    ("agreement", "ICC2"),
    ("consistency", "ICC3"),
]


@pytest.mark.parametrize(("model", "key"), MODELS)
def test_all_six_forms_equal_psych(model: RaterModel, key: str) -> None:
    stored = {row["type"]: row for row in reference("icc_psych_sf")}
    found = rater_icc(JUDGED, model=model)
    for ours, theirs in (
        (found.single, stored[key]),
        (found.average, stored[f"{key}k"]),
    ):
        # psych takes its mean squares from lmer, whose optimum is good to six digits
        assert [ours.estimate, ours.low, ours.high] == pytest.approx(
            [theirs["ICC"], theirs["lower.bound"], theirs["upper.bound"]],
            rel=0,
            abs=1e-5,
        )
    assert found.f == pytest.approx(stored[key]["F"], rel=1e-5)
    assert found.p == pytest.approx(stored[key]["p"], rel=1e-4)
    assert (found.df, found.df_error) == (stored[key]["df1"], stored[key]["df2"])
    assert (found.n_raters, found.single.n) == (4, 6)


def test_consistency_equals_its_closed_form() -> None:
    centred = JUDGED - JUDGED.mean(axis=0)
    targets = 4 * JUDGED.mean(axis=1).var(ddof=1)
    error = np.square(centred - centred.mean(axis=1, keepdims=True)).sum() / 15
    f = targets / error
    found = rater_icc(JUDGED, model="consistency", confidence=0.9)
    low, high = f / stats.f.ppf([0.95, 0.05], 5, 15)
    assert [found.average.estimate, found.average.low, found.average.high] == (
        pytest.approx([1 - 1 / f, 1 - 1 / low, 1 - 1 / high], abs=1e-12)
    )
    assert found.p == pytest.approx(stats.f.sf(f, 5, 15), rel=1e-12)


def test_the_mean_of_consistent_raters_is_cronbachs_alpha() -> None:
    S = np.cov(JUDGED, rowvar=False)
    alpha = 4 / 3 * (1 - np.trace(S) / S.sum())
    found = rater_icc(JUDGED, model="consistency")
    assert found.average.estimate == pytest.approx(alpha, abs=1e-12)


def test_one_way_raters_are_the_members_of_groups() -> None:
    grouped = icc(JUDGED.ravel(), np.repeat(range(6), 4).tolist(), method="anova")
    found = rater_icc(JUDGED, model="one-way")
    for ours, theirs in ((found.single, grouped.icc1), (found.average, grouped.icc2)):
        assert [ours.estimate, ours.low, ours.high] == pytest.approx(
            [theirs.estimate, theirs.low, theirs.high], abs=1e-12
        )


@pytest.mark.parametrize(("model", "key"), MODELS)
def test_order_and_scale_do_not_matter_and_gaps_leave(
    model: RaterModel, key: str
) -> None:
    here = rater_icc(JUDGED, model=model)
    turned = 3 - 2 * JUDGED[::-1, [2, 0, 3, 1]]
    there = rater_icc(np.vstack([turned, [1, 2, np.nan, 3]]), model=model)
    for ours, theirs in ((here.single, there.single), (here.average, there.average)):
        assert [ours.estimate, ours.low, ours.high] == pytest.approx(
            [theirs.estimate, theirs.low, theirs.high], abs=1e-12
        )
    assert there.single.n == 6


def test_a_shift_between_test_and_retest_counts_against_agreement_only() -> None:
    shifted = JUDGED + np.array([0, 0, 5, 0])
    same = rater_icc(JUDGED, model="consistency").single.estimate
    assert rater_icc(shifted, model="consistency").single.estimate == pytest.approx(
        same
    )
    agreement = [rater_icc(x, model="agreement").single for x in (JUDGED, shifted)]
    assert agreement[1].estimate < agreement[0].estimate < same


@pytest.mark.parametrize(("model", "key"), MODELS)
def test_edges_are_sentences(model: RaterModel, key: str) -> None:
    with pytest.raises(TooFewData, match="at least 2 people; there are 1"):
        rater_icc(JUDGED[:1], model=model)
    with pytest.raises(TooFewData, match="at least 2 items; there are 1"):
        rater_icc(JUDGED[:, :1], model=model)
    with pytest.raises(TooFewData, match="there are 0"):
        rater_icc(np.full((3, 2), np.nan), model=model)
    with pytest.raises(NotDefined, match="all values of a variable"):
        rater_icc(np.full((3, 2), 0.1), model=model)
    with pytest.raises(NotDefined, match="agree completely"):
        rater_icc(np.array([[0.1, 0.1], [0.7, 0.7], [0.3, 0.3]]), model=model)
    with pytest.raises(NotDefined, match="means of all groups are the same"):
        rater_icc(np.array([[1.0, 3], [3, 1], [2, 2]]), model=model)
    with pytest.raises(ValueError, match="ratings are needed"):
        rater_icc(JUDGED[0], model=model)
