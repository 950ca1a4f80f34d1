"""A researcher's own model text: against lavaan, shown, and refused with its place."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from analytics import page
from analytics.answers import Answers
from analytics.datafile import read_answers
from analytics.factor_results import OwnModel
from analytics.own_model import fitted, own_model_of, read_model_file
from analytics.page import context
from analytics.plan import AnalysisPlan, FactorEstimator, ModelFile
from analytics.psychometrics.sem import FourthMoments, SemFit
from analytics.report import build_report
from analytics.results import Report
from analytics.sentences import BadInput
from analytics.specification import read_specification
from analytics.standalone import standalone_page
from analytics.terminal import report_as_text
from tests.analytics.samples import answers, matrix, plan, write
from tests.psychometrics.cases import REFERENCE, SCALES, reference
from tests.psychometrics.sem.cases import (
    BFI_MODEL,
    DEMOCRACY,
    HS_MODEL,
    MEDIATION,
    close,
    democracy,
    hs,
)

SPEC = """
scales:
  CARE: {items: [CARE1, CARE2, CARE3, CARE4]}
  SKILL: {items: [SKILL1, SKILL2, SKILL3, SKILL4]}
outcomes:
  LOY: {items: [LOY1, LOY2, LOY3]}
"""
MODEL = """
# care works through skill
care  =~ CARE1 + CARE2 + CARE3
skill =~ SKILL1 + SKILL2 + SKILL3
loy   =~ LOY1 + LOY2 + LOY3
skill ~ a*care
loy   ~ b*skill + c*care
indirect := a*b
"""
INDICES = {
    "chisq": "chi2",
    "df": "df",
    "pvalue": "p",
    "cfi": "cfi",
    "tli": "tli",
    "srmr": "srmr",
    "aic": "aic",
    "bic": "bic",
    "chisq.scaled": "chi2_scaled",
    "pvalue.scaled": "p_scaled",
    "chisq.scaling.factor": "chi2_scaling_factor",
    "cfi.scaled": "cfi_scaled",
    "tli.scaled": "tli_scaled",
    "cfi.robust": "cfi_robust",
    "tli.robust": "tli_robust",
}
RMSEAS = {"": "rmsea", ".scaled": "rmsea_scaled", ".robust": "rmsea_robust"}


def compare(found: OwnModel, stored: Any, estimate: float = 1e-5) -> None:
    """Hold indices and every parameter against lavaan."""
    fit = stored["fit"]
    for theirs, ours in INDICES.items():
        if theirs in fit:
            close(getattr(found, ours), fit[theirs], 1e-4, theirs)
    for suffix, name in RMSEAS.items():
        if f"rmsea{suffix}" in fit:
            one = getattr(found, name)
            close(one.estimate, fit[f"rmsea{suffix}"], 1e-4)
            close(one.low, fit[f"rmsea.ci.lower{suffix}"], 1e-4)
            close(one.high, fit[f"rmsea.ci.upper{suffix}"], 1e-4)
    ours_by_name = {
        (one.lhs, one.op, one.rhs): one for one in (*found.parameters, *found.defined)
    }
    rows = zip(stored["parameters"], stored["standardized"], strict=True)
    assert len(ours_by_name) == len(stored["parameters"])
    for row, unit in rows:
        one = ours_by_name[row["lhs"], row["op"], row["rhs"]]
        close(one.estimate, row["est"], estimate)
        close(one.standardized, unit["est.std"], estimate)
        if not row["se"]:
            assert (one.se, one.low) == (None, None)
            continue
        close(one.se, row["se"], 1e-4)
        close(one.z, row["z"], 5e-4)
        close(one.p, row["pvalue"], 1e-4)
        close(one.low, row["ci.lower"], 2e-4)
        close(one.high, row["ci.upper"], 2e-4)


@pytest.mark.parametrize(
    ("name", "text", "estimator"),
    [
        ("cfa_hs_ML", HS_MODEL, "ML"),
        ("cfa_hs_MLMV", HS_MODEL, "MLMV"),
        ("cfa_hs_MLR", HS_MODEL, "MLR"),
        ("sem_politicaldemocracy_ML", DEMOCRACY, "ML"),
        ("sem_politicaldemocracy_MLR", DEMOCRACY, "MLR"),
        ("sem_pd_mediation_delta", MEDIATION, "ML"),
    ],
)
def test_every_number_is_that_of_lavaan(
    name: str, text: str, estimator: FactorEstimator
) -> None:
    data: FourthMoments = hs() if "hs" in name else democracy()
    sample = data if estimator in ("MLMV", "MLR") else data.moments
    found = fitted(ModelFile("m.txt", text), sample, plan(estimator=estimator))
    assert found.converged
    assert found.n == reference(name)["nobs"]
    compare(found, reference(name))


def test_the_modification_indices_are_the_ten_largest_of_lavaan() -> None:
    found = fitted(ModelFile("m.txt", HS_MODEL), hs().moments, plan())
    stored = reference("cfa_hs_modindices")[:10]
    assert len(found.modification_indices) == 10
    for one, row in zip(found.modification_indices, stored, strict=True):
        assert (one.lhs, one.op, one.rhs) == (row["lhs"], row["op"], row["rhs"])
        close(one.index, row["mi"], 1e-4)
        close(one.change, row["epc"], 1e-4)
        close(one.standardized_change, row["sepc.all"], 1e-4)


def test_the_command_fits_a_file_of_answers_as_lavaan_does(tmp_path: Path) -> None:
    """25 items of psych's bfi, with gaps; robust, so that everything is there."""
    scales = "\n".join(f"  {k}: {{items: [{', '.join(v)}]}}" for k, v in SCALES.items())
    spec = write(tmp_path / "s.yaml", f"points: [1, 6]\nscales:\n{scales}\n")
    model = write(tmp_path / "five.txt", BFI_MODEL)
    data, result = REFERENCE / "data" / "bfi25_keyed.csv", tmp_path / "r.json"
    status, out, _ = run(
        *(data, "--spec", spec, "--model", model, "--estimator", "MLR"),
        *("--json", result),
    )
    assert status == 0
    assert "five.txt; MLR; 2436 people" in out
    stored = Report.from_json(json.loads(result.read_text("utf-8")))
    assert stored.model is not None
    compare(stored.model, reference("cfa_bfi5_MLR"), estimate=3e-5)
    assert "364 left one out" in stored.model.warnings[0]
    # the report's own model is the same one
    assert stored.cfa is not None
    assert stored.cfa.chi2 == pytest.approx(stored.model.chi2, abs=1e-8)


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of the command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("analyse", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def asked(text: str = MODEL, **settings: Any) -> AnalysisPlan:
    return plan(own_model=ModelFile("mine.txt", text), **settings)


@pytest.fixture(scope="module")
def sample() -> Report:
    described = asked()
    return build_report(matrix(answers(described), described), described)


def test_the_model_survives_json(sample: Report) -> None:
    stored = json.loads(json.dumps(sample.to_json(), allow_nan=False))
    assert stored["model"]["file"] == "mine.txt"
    assert {"lhs", "op", "rhs", "label", "estimate", "se", "z", "p"} <= set(
        stored["model"]["parameters"][0]
    )
    assert Report.from_json(stored) == sample


def test_derived_quantities_stand_apart_with_their_intervals(sample: Report) -> None:
    assert sample.model is not None
    (indirect,) = sample.model.defined
    assert (indirect.lhs, indirect.rhs) == ("indirect", "a*b")
    values = {one.label: one.estimate for one in sample.model.parameters if one.label}
    assert indirect.estimate == pytest.approx(values["a"] * values["b"])
    assert indirect.low is not None
    assert indirect.low < indirect.estimate < (indirect.high or 0)
    assert sample.model.items == tuple(
        f"{scale}{k}" for scale in ("CARE", "SKILL", "LOY") for k in (1, 2, 3)
    )
    assert sample.model.factors == ("care", "skill", "loy")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_terminal_page_and_file_show_it(
    sample: Report, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the drawings of the file are not about the model, and take ten seconds
    monkeypatch.setattr(page, "inline_svg", lambda spec, pixels: "")
    section = context(sample, language)["page"].own_model
    text = report_as_text(sample, language)
    html = standalone_page(sample, language)
    title = {"en": "Your own model", "zh-hans": "您自己的模型"}[language]
    assert section.title == title
    for shown in (text, html):
        assert title in shown
        assert "indirect := a*b" in shown
        assert "CARE1" in shown
    assert [row.head.text for row in section.defined.rows] == ["indirect := a*b"]
    assert {row.head.text for row in section.fit.rows} == {
        "CFI",
        "TLI",
        "RMSEA",
        "SRMR",
    }
    assert "# care works through skill" in html
    assert "nan" not in text.lower().split()


def test_robust_indices_are_shown_beside_the_scaled_ones() -> None:
    described = asked(estimator="MLR")
    found = build_report(matrix(answers(described), described), described)
    section = context(found, "en")["page"].own_model
    shown = {row.head.text for row in section.fit.rows}
    assert {"CFI, scaled", "CFI, robust", "RMSEA, robust"} <= shown


def test_a_report_without_a_model_shows_none() -> None:
    described = plan()
    found = build_report(matrix(answers(described, 60), described), described)
    assert found.model is None
    assert context(found, "en")["page"].own_model is None
    assert "Your own model" not in report_as_text(found, "en")


def test_intercepts_in_the_text_bring_the_means() -> None:
    described = asked("care =~ CARE1 + CARE2 + CARE3\nCARE1 ~ 1")
    raw = answers(described)
    found = own_model_of(Answers.of(matrix(raw, described), described))
    assert found is not None
    means = {one.lhs: one.estimate for one in found.parameters if one.op == "~1"}
    assert means["CARE1"] == pytest.approx(raw[:, 0].mean())
    assert set(means) == {"CARE1", "CARE2", "CARE3", "care"}


def test_reversed_items_are_turned_before_the_model(tmp_path: Path) -> None:
    """The same answers with CARE2 written down backwards give the same loading."""
    raw = answers(plan())
    turned = raw.copy()
    turned[:, 1] = 8 - turned[:, 1]
    spec = SPEC.replace("CARE4]}", "CARE4], reverse: [CARE2]}")
    found = []
    for text, data in ((SPEC, raw), (spec, turned)):
        described = read_specification(write(tmp_path / "s.yaml", text))
        described = replace(described, own_model=ModelFile("m.txt", MODEL))
        read = read_answers(written(tmp_path, data), described)
        model = own_model_of(Answers.of(read.responses, described))
        assert model is not None
        assert model.converged
        found.append(model)
    ours, theirs = ([row.estimate for row in one.parameters] for one in found)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


def written(folder: Path, raw: Any, codes: tuple[str, ...] = ()) -> Path:
    lines = [",".join(codes or plan().item_codes)]
    lines += [",".join(map(str, row)) for row in raw]
    return write(folder / "data.csv", "\n".join(lines) + "\n")


REFUSED = [
    ("care = CARE1", "Line 1, column 6 of the model: the character ="),
    ("care =~ CARE1 +", "Line 1, column 16 of the model: something is missing"),
    ("care CARE1 + CARE2", "Line 1, column 1 of the model: the statement"),
    (
        "care =~ CARE1 + CARE2 + CARE9",
        "Line 1, column 25 of the model: CARE9 is neither an item of the specification "
        "nor a factor of the model; did you mean CARE4?",
    ),
    (
        "care =~ CARE1 + CARE2 + CARE3\nskill =~ ABC + XYZ",
        "Line 2, column 10 of the model: neither items of the specification nor factors "
        "of the model are ABC, XYZ.",
    ),
    ("care =~ CARE1 + CARE2 + CARE1", "Line 1, column 25 of the model: CARE1 is named"),
    (
        "care =~ CARE1 + CARE2 + CARE3\nx := a*b",
        "Line 2, column 1 of the model: no parameter has the label a",
    ),
    (
        "care =~ CARE1 + CARE2",
        "Line 1, column 1 of the model: what begins there is not identified",
    ),
    (
        "care =~ CARE1 + CARE2\nskill =~ SKILL1 + SKILL2 + SKILL3\ncare ~~ 0*skill",
        "Line 1, column 17 of the model: it is not identified, because many values of "
        "care=~CARE2 fit",
    ),
    (
        "care =~ CARE1 + a*CARE2 + b*CARE3\na == b*b",
        "Line 2, column 1 of the model: the constraint a==b*b is not linear",
    ),
    ("care =~ c(1,2)*CARE1 + CARE2 + CARE3", "c() has 2 entries, but there are 1"),
    ("", "The model text names no parameter"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED, ids=[str(i) for i in range(12)])
def test_a_wrong_text_is_one_sentence_status_two_and_no_file(
    tmp_path: Path, text: str, sentence: str
) -> None:
    data = written(tmp_path, answers(plan(), 120))
    spec = write(tmp_path / "s.yaml", SPEC)
    model = write(tmp_path / "m.txt", text)
    before = {path.name for path in tmp_path.iterdir()}
    for language in ("en", "zh-hans"):
        status, out, err = run(
            *(data, "--spec", spec, "--model", model, "--language", language),
            *("--json", tmp_path / "r.json", "--html", tmp_path / "r.html"),
        )
        assert (status, out) == (2, "")
        assert err.count("\n") == 1
        if language == "en":
            assert sentence in err
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_model_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file at"):
        read_model_file(tmp_path / "absent.txt", plan())
    with pytest.raises(BadInput, match="is a folder"):
        read_model_file(tmp_path, plan())


def test_the_text_is_refused_before_the_answers_are_read(tmp_path: Path) -> None:
    status, _, err = run(
        *(tmp_path / "absent.csv", "--spec", write(tmp_path / "s.yaml", SPEC)),
        *("--model", write(tmp_path / "m.txt", "care =~")),
    )
    assert status == 2
    assert "of the model" in err


def test_data_that_cannot_bear_a_good_text_are_a_reason(sample: Report) -> None:
    described = asked()
    raw = answers(described)
    few = own_model_of(Answers.of(matrix(raw[:6], described), described))
    raw[:, 0] = 4
    constant = own_model_of(Answers.of(matrix(raw, described), described))
    for found, words in ((few, "needs at least 10 people"), (constant, "CARE1")):
        assert found is not None
        assert (found.converged, found.chi2, found.parameters) == (False, None, ())
        assert found.reason is not None
        assert words in found.reason.text("en")
        assert found.reason.text("zh-hans")


def test_an_estimation_that_does_not_converge_is_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from analytics.psychometrics.sem import scoring

    monkeypatch.setattr(scoring, "_MAX_STEPS", 1)
    found = fitted(ModelFile("m.txt", HS_MODEL), hs().moments, plan())
    assert not found.converged
    assert found.reason is not None
    assert found.reason.code == "sem-not-converged"


def test_a_fit_is_what_the_core_gives() -> None:
    """No number is made anew on the way into the report."""
    from analytics.psychometrics.sem import fit_model

    found = fitted(ModelFile("m.txt", HS_MODEL), hs().moments, plan())
    fit: SemFit = fit_model(HS_MODEL, hs().moments, estimator="ML")
    assert fit.measures is not None
    assert (found.chi2, found.df) == (fit.measures.chi2, fit.measures.df)
    assert len(found.parameters) == len(fit.parameters)
