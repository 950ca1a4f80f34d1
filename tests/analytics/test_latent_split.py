"""The split between factors against lavaan, and when it is told."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.answers import Answers
from analytics.latent_split import SMALL_N, fit_split, latent_split
from analytics.psychometrics import Matrix
from analytics.results import Figure
from analytics.sentences import say
from analytics.sentences.drivers import SMALL_SEM
from tests.analytics.driver_samples import customers, known, raw_answers, wave
from tests.psychometrics.cases import bfi
from tests.psychometrics.loyalty_cases import NAMES, scores, stored

PLACES = {"first": "a", "second": "b", "direct": "c"}


def bfi_values() -> tuple[Matrix, list[str]]:
    items = [f"{scale}{k}" for scale in "EN" for k in range(1, 6)]
    points = bfi().complete_rows().select(items).values()
    trust = scores()[:, [NAMES.index(name) for name in "ACO"]]
    names = [f"x{k}" for k in (1, 2, 3)]
    names += [f"{letter}{k}" for letter in "my" for k in range(1, 6)]
    return np.column_stack([trust, points]), names


def test_the_paths_are_lavaan_s() -> None:
    r = stored("latent_split")
    fit = fit_split(*bfi_values())
    assert fit.n == r["n"]
    assert fit.measures is not None
    # estimates of models, as everywhere: 1e-5; standard errors and indices: 1e-4
    assert fit.measures.cfi == pytest.approx(r["cfi"], abs=1e-4)
    assert fit.measures.srmr == pytest.approx(r["srmr"], abs=1e-4)
    rows = {row.label or row.left: row.standardized for row in fit.parameters}
    for path, theirs in r["paths"].items():
        ours = rows[PLACES.get(path, path)]
        assert ours is not None
        assert ours.estimate == pytest.approx(theirs["estimate"], abs=1e-5)
        for name in ("se", "low", "high"):
            assert getattr(ours, name) == pytest.approx(theirs[name], abs=1e-4)


def test_it_is_computed_of_the_scores_of_trust_and_the_items_of_the_rest() -> None:
    now, _ = known()
    answers = Answers.of(now.data, now.plan)
    sat, rep, rec = now.plan.outcomes
    found = latent_split(answers, sat, rep)
    assert found is not None
    assert found.reason is None
    total = found.paths["total"]
    assert total.n == 300
    parts = found.paths["indirect"].estimate + found.paths["direct"].estimate
    assert total.estimate == pytest.approx(parts, abs=1e-8)
    # errors of measurement lower the correlation of scores
    plain = np.corrcoef(
        sum(answers.scores[one.code] for one in now.plan.scales),
        answers.scores[rep.code],
    )[0, 1]
    assert total.estimate > plain
    # a single item stands for itself
    single = latent_split(answers, sat, rec)
    assert single is not None
    assert isinstance(single.paths["direct"], Figure)


def test_fewer_scales_of_trust_or_a_formative_one_have_none() -> None:
    now, _ = known()
    sat, rep, _ = now.plan.outcomes
    two = replace(now.plan, scales=now.plan.scales[:2])
    assert latent_split(Answers.of(now.data, two), sat, rep) is None
    three = replace(now.plan, scales=now.plan.scales[:3])
    assert latent_split(Answers.of(now.data, three), sat, rep) is not None
    whole = Answers.of(now.data, now.plan)
    assert latent_split(whole, sat, replace(rep, model="formative")) is None


@pytest.mark.parametrize(("n", "told"), [(199, False), (200, True), (201, True)])
def test_it_is_told_from_two_hundred_on(n: int, told: bool) -> None:
    assert SMALL_SEM == SMALL_N == 200
    asked = customers()
    now = wave(asked, raw_answers(asked, n, 2))
    found = latent_split(Answers.of(now.data, asked), *asked.outcomes[:2])
    assert found is not None
    assert bool(found.paths) is told
    if not told:
        assert found.reason == say("drivers_latent_few", needs=200, has=199)


def test_what_repeats_itself_has_no_proper_solution() -> None:
    asked = customers()
    raw = raw_answers(asked, 220, 3)
    raw[:, 4:8] = raw[:, :4]
    found = latent_split(Answers.of(wave(asked, raw).data, asked), *asked.outcomes[:2])
    assert found is not None
    assert found.paths == {}
    assert found.reason is not None
    assert "x1" not in found.reason.text("en")
