"""What short forms cost, held against lavaan and against simulated answers."""

import json

import numpy as np
import pytest

from analytics.psychometrics import NotDefined
from analytics.psychometrics.sem import (
    Form,
    fit_model,
    planned_errors,
    planned_forms,
)
from analytics.psychometrics.sem.missing_patterns import missing_patterns
from tests.psychometrics.cases import HS_ITEMS, REFERENCE

from .cases import HS_MODEL, close, hs, hs_values, name_of

STORED = json.loads((REFERENCE / "longitudinal" / "planned.json").read_text("utf-8"))
BLOCKS = {"a": ["x2", "x5"], "b": ["x3", "x8"], "c": ["x6", "x9"]}
ALWAYS = ["x1", "x4", "x7"]
FORMS = planned_forms(BLOCKS, always=ALWAYS)


def test_errors_are_the_expected_ones_of_lavaan() -> None:
    x = hs_values().copy()
    counts = []
    for k, block in enumerate(BLOCKS.values()):
        gone = np.arange(1, len(x) + 1) % 3 == k
        x[np.ix_(gone, [HS_ITEMS.index(item) for item in block])] = np.nan
        counts.append(int(gone.sum()))
    fit = fit_model(
        HS_MODEL, missing_patterns(x, HS_ITEMS), estimator="FIML", means=True
    )
    forms = [
        Form(form.items, count / len(x))
        for form, count in zip(FORMS, counts, strict=True)
    ]
    found = planned_errors(fit, forms, n=len(x))
    errors = dict(zip(found.names, found.planned, strict=True))
    assert len(errors) == fit.n_free == 30
    for row in STORED["parameters"]:
        name = name_of(row)
        close(fit.parameter(name).value.estimate, row["est"], 1e-5, name)
        if row["se"]:
            close(errors[name], row["se"], 1e-5, name)
    assert np.allclose(found.together, STORED["coverage"], atol=1e-12)


def test_errors_are_those_of_many_simulated_answers(rng: np.random.Generator) -> None:
    base = fit_model(HS_MODEL, hs(), estimator="ML", means=True)
    at = base.implied()[0]
    n = 6_000
    x = rng.multivariate_normal(at.mu, at.sigma, size=n)
    items = list(base.observed)
    for k, block in enumerate(BLOCKS.values()):
        x[np.ix_(np.arange(n) % 3 == k, [items.index(item) for item in block])] = np.nan
    fiml = fit_model(HS_MODEL, missing_patterns(x, items), estimator="FIML", means=True)
    found = planned_errors(base, FORMS, n=n)
    for name, error in zip(found.names, found.planned, strict=True):
        assert fiml.parameter(name).value.se == pytest.approx(error, rel=0.12)


def test_one_form_of_everything_costs_nothing() -> None:
    fit = fit_model(HS_MODEL, hs(), estimator="ML", means=True)
    found = planned_errors(fit, [Form(tuple(HS_ITEMS), 1.0)], n=fit.n)
    assert np.allclose(found.efficiency, 1)
    for name, error in zip(found.names, found.complete, strict=True):
        assert fit.parameter(name).value.se == pytest.approx(error)
    assert (found.together == 1).all()


def test_a_form_less_costs_efficiency_and_more_people_pay_it() -> None:
    fit = fit_model(HS_MODEL, hs(), estimator="ML")
    found = planned_errors(fit, FORMS, n=300)
    assert (found.efficiency < 1).all()
    # nothing is lost beyond the people who did not answer
    assert (found.efficiency > 1 / 3).all()
    more = planned_errors(fit, FORMS, n=1_200)
    assert np.allclose(more.planned, found.planned / 2)
    shares = {item: found.together[i, i] for i, item in enumerate(found.items)}
    assert shares["x1"] == pytest.approx(1)
    assert shares["x2"] == pytest.approx(2 / 3)
    x2, x3 = found.items.index("x2"), found.items.index("x3")
    assert found.together[x2, x3] == pytest.approx(1 / 3)
    assert found.together.min() > 0.3


def test_forms_leave_out_one_block_each() -> None:
    assert [form.items for form in FORMS] == [
        ("x1", "x4", "x7", "x3", "x8", "x6", "x9"),
        ("x1", "x4", "x7", "x2", "x5", "x6", "x9"),
        ("x1", "x4", "x7", "x2", "x5", "x3", "x8"),
    ]
    assert sum(form.share for form in FORMS) == pytest.approx(1)


def test_what_cannot_be_planned_is_said() -> None:
    with pytest.raises(ValueError, match="three or more"):
        planned_forms({"a": ["x1"], "b": ["x2"]})
    with pytest.raises(ValueError, match="one block"):
        planned_forms({"a": ["x1"], "b": ["x2"], "c": ["x1"]})
    fit = fit_model(HS_MODEL, hs(), estimator="ML")
    with pytest.raises(ValueError, match="No form holds x9"):
        planned_errors(fit, [Form(tuple(HS_ITEMS[:8]), 1.0)], n=300)
    with pytest.raises(ValueError, match="add up to 1"):
        planned_errors(fit, [Form(tuple(HS_ITEMS), 0.9)], n=300)
    # items of a factor that never meet say nothing of its loadings
    alone = [Form((item,), 1 / 9) for item in HS_ITEMS]
    with pytest.raises(NotDefined, match="undetermined"):
        planned_errors(fit, alone, n=300)
