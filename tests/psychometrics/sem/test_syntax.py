"""What the model text means, and how it is refused."""

import contextlib

import numpy as np
import pytest

from analytics.psychometrics import Matrix, NotDefined, PsychometricsError
from analytics.psychometrics.sem import fit_model
from analytics.psychometrics.sem.model import Settings, build_model
from analytics.psychometrics.sem.syntax import read_model

from .cases import HS_MODEL, hs

ITEMS = tuple(f"x{i}" for i in range(1, 10))


def test_statements_are_separated_by_lines_and_semicolons() -> None:
    lines = read_model("f =~ x1 + x2\ng =~ x3 + x4\nf ~~ g")
    one = read_model("f =~ x1+x2; g=~x3 + x4 ;f~~g;")
    key = [(s.left, s.operator, s.right) for s in lines.statements]
    assert key == [(s.left, s.operator, s.right) for s in one.statements]
    assert key[-1] == ("f", "~~", "g")


def test_comments_blank_lines_and_continued_lines_do_not_matter() -> None:
    text = """
    # a factor
    f =~ x1 +   ! first
         x2     # second
         + x3

    f ~~
      f
    """
    found = [(s.left, s.operator, s.right) for s in read_model(text).statements]
    assert found == [("f", "=~", f"x{i}") for i in (1, 2, 3)] + [("f", "~~", "f")]


def test_chinese_names_and_comments_are_read() -> None:
    found = read_model("信任 =~ x1 + x2  # 两个题目").statements
    assert [s.left for s in found] == ["信任", "信任"]


def test_modifiers_fix_free_label_and_start() -> None:
    text = (
        "f =~ NA*x1 + a*x2 + 0.7*x3 + start(.4)*x4 + -1.5e-1*x5"
        ' + label("b")*x6 + .3?x7\nf ~~ 1*f\nx1 ~ 0*1'
    )
    found = {s.right: s for s in read_model(text).statements if s.operator == "=~"}
    assert found["x1"].values == ("NA",)
    assert found["x2"].labels == ("a",)
    assert found["x3"].values == (0.7,)
    assert found["x4"].start == 0.4
    assert found["x5"].values == (-0.15,)
    assert found["x6"].labels == ("b",)
    assert found["x7"].start == 0.3
    last = read_model(text).statements[-1]
    assert (last.left, last.operator, last.values) == ("x1", "~1", (0.0,))


def test_several_modifiers_of_one_parameter_are_joined() -> None:
    both = read_model("f =~ x1 + a*x2 + start(2)*x2").statements[-1]
    assert (both.labels, both.start) == (("a",), 2.0)
    chained = read_model("f =~ x1 + a*start(2)*x2").statements[-1]
    assert (chained.labels, chained.start) == (("a",), 2.0)


def test_the_sides_of_a_path_may_be_lists() -> None:
    found = read_model("x1 + x2 ~ x3 + x4").statements
    assert {(s.left, s.right) for s in found} == {
        ("x1", "x3"),
        ("x1", "x4"),
        ("x2", "x3"),
        ("x2", "x4"),
    }


def test_one_value_a_group() -> None:
    text = read_model("f =~ x1 + c(a, b)*x2 + c(NA, .5)*x3")
    model = build_model(text, ITEMS, Settings(groups=("one", "two")))
    rows = {(row.name, row.group): row for row in model.rows}
    assert rows["f=~x2", 0].label == "a"
    assert rows["f=~x2", 1].label == "b"
    assert rows["f=~x3", 0].value is None
    assert rows["f=~x3", 1].value == 0.5


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("f =~ x1 + x2\ng =~ x3 ++ x4", "model-term", 2, 10),
        ("f =~ x1 + + x2", "model-term", 1, 11),
        ("f =~ x1 x2", "model-term", 1, 9),
        ("f =~ x1 +", "model-ends", 1, 10),
        ("f =~", "model-ends", 1, 5),
        ("=~ x1", "model-term", 1, 1),
        ("f = x1", "model-character", 1, 3),
        ("f =~ x1 & x2", "model-character", 1, 9),
        ("f x1 + x2", "model-operator", 1, 1),
        ("f =~ x1 + 3", "model-term", 1, 11),
        ("f =~ x1 + 2*3", "model-term", 1, 13),
        ("f =~ x1 + *x2", "model-modifier", 1, 11),
        ("f =~ x1 + (a)*x2", "model-modifier", 1, 11),
        ("f =~ x1 + start(a)*x2", "model-modifier", 1, 17),
        ("f =~ x1 + c(a,)*x2", "model-modifier", 1, 11),
        ("f =~ x1 + 1", "model-term", 1, 11),
        ("f =~ x1 + x2\nf =~ x2", "model-twice", 2, 6),
        ("f =~ f", "model-twice", 1, 6),
        ("f =~ x1 + x2\n\n  f ~ zz", "model-unknown", 3, 7),
        ("x1 =~ x2 + x3", "model-factor-is-item", 1, 1),
        ("f =~ x1 + x2 + x3\n zz ~~ x4", "model-unknown", 2, 2),
        ("f =~ x1 + x2 | x3", "model-unsupported", 1, 14),
        ("x1 | t1", "model-unsupported", 1, 4),
        ("f =~ x1:x2 + x3", "model-unsupported", 1, 8),
        ("f <~ x1 + x2", "model-unsupported", 1, 3),
        ("f =~ x1 + a*x2\nb := a *", "model-ends", 2, 9),
        ("f =~ x1 + a*x2\nb := a * ) 2", "model-formula", 2, 10),
        ("f =~ x1 + a*x2\nb := a + z", "model-label", 2, 1),
        ("f =~ x1 + c(a, b)*x2", "model-groups", 1, 19),
        ("f =~ x1 + x2\nx1 ~ 1", "model-means", 2, 6),
        ("f =~ x1 + a*x2 + b*x3\na*b == 1", "model-not-linear", 2, 1),
        ("f =~ x1 + a*x2 + b*x3\na == 1\na == 2", "model-contradiction", 3, 1),
    ],
)
def test_a_misspelt_text_is_refused_with_line_and_column(
    text: str, code: str, line: int, column: int
) -> None:
    with pytest.raises(NotDefined) as caught:
        fit_model(text, hs().moments, estimator="ML")
    found = caught.value
    assert (found.code, found.params["line"], found.params["column"]) == (
        code,
        line,
        column,
    )
    assert str(found).startswith(f"Line {line}, column {column} of the model")


@pytest.mark.parametrize("text", ["", "  \n# nothing\n;;", "b := 1"])
def test_a_text_without_parameters_is_refused(text: str) -> None:
    with pytest.raises(NotDefined) as caught:
        read_model(text)
    assert caught.value.code == "model-empty"


@pytest.mark.parametrize("seed", range(4))
def test_any_garbled_text_is_read_or_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    alphabet = list("fgx12 =~+*:#;\n(),.ac-^?NA\"'")
    for _ in range(400):
        text = "".join(rng.choice(alphabet, size=rng.integers(1, 40)))
        # any other exception would fail the test
        with contextlib.suppress(PsychometricsError):
            read_model(text)


def test_equal_labels_are_one_parameter() -> None:
    fit = fit_model("f =~ x1 + a*x2 + a*x3 + x4", hs().moments, estimator="ML")
    assert fit.parameter("f=~x2").value == fit.parameter("f=~x3").value
    assert fit.n_free == 7


def test_a_label_alone_does_not_free_the_first_loading() -> None:
    """Whoever wants it free writes NA, as in lavaan."""
    plain = fit_model(HS_MODEL, hs().moments, estimator="ML")
    text = HS_MODEL.replace("x1+x2", "a*x1+b*x2") + "\nd := a + b"
    labelled = fit_model(text, hs().moments, estimator="ML")
    assert labelled.n_free == plain.n_free
    first = labelled.parameter("visual=~x1")
    assert (first.free, first.label, first.value.estimate) == (False, "a", 1.0)
    second = plain.parameter("visual=~x2").value.estimate
    assert labelled.parameter("d").value.estimate == pytest.approx(1 + second)


def test_a_label_shared_with_a_fixed_parameter_fixes_it() -> None:
    """So one label on all indicators makes them tau-equivalent."""
    labelled, written = (
        fit_model(text, hs().moments, estimator="ML")
        for text in ("f =~ a*x1 + a*x2 + a*x3", "f =~ 1*x1 + 1*x2 + 1*x3")
    )
    assert labelled.n_free == written.n_free == 4
    assert labelled.measures is not None
    assert written.measures is not None
    assert labelled.measures.chi2 == pytest.approx(written.measures.chi2)


def test_a_linear_constraint_is_the_same_as_a_shared_label() -> None:
    labelled = fit_model(
        HS_MODEL.replace("x2+x3", "a*x2+a*x3"), hs().moments, estimator="ML"
    )
    held = fit_model(
        HS_MODEL.replace("x2+x3", "a*x2+b*x3") + "\na == b",
        hs().moments,
        estimator="ML",
    )
    assert held.n_free == labelled.n_free == 20
    one, other = labelled.parameter("visual=~x3"), held.parameter("visual=~x3")
    assert other.value.estimate == pytest.approx(one.value.estimate, abs=1e-9)
    assert other.value.se == pytest.approx(one.value.se, abs=1e-9)


def test_a_constraint_with_numbers_holds_at_the_solution() -> None:
    text = HS_MODEL.replace("x2+x3", "a*x2+b*x3") + "\n2*a + b == 1.5"
    fit = fit_model(text, hs().moments, estimator="ML")
    a = fit.parameter("visual=~x2").value.estimate
    b = fit.parameter("visual=~x3").value.estimate
    assert 2 * a + b == pytest.approx(1.5, abs=1e-12)


def test_start_values_lead_to_the_same_solution() -> None:
    plain = fit_model(HS_MODEL, hs().moments, estimator="ML")
    text = HS_MODEL.replace("x2", "start(1.8)*x2").replace("x8", "0.2?x8")
    other = fit_model(text, hs().moments, estimator="ML")
    assert plain.measures is not None
    assert other.measures is not None
    assert other.measures.chi2 == pytest.approx(plain.measures.chi2, abs=1e-9)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2 + 3*4", 14),
        ("(2+3)*4", 20),
        ("2^3^2", 512),
        ("-2^2", -4),
        ("8/4/2", 1),
        ("7-2-1", 4),
        ("exp(log(5))", 5),
        ("sqrt(16) - -1", 5),
    ],
)
def test_formulas_follow_the_rules_of_arithmetic(formula: str, value: float) -> None:
    definition = read_model(f"f =~ x1\nd := {formula}").definitions[0]
    assert definition.formula.value({})[0] == pytest.approx(value)


def test_derivatives_of_formulas_are_exact() -> None:
    text = "a*b + a/b - exp(a)*log(b) + sqrt(a)^3 + a^b"
    formula = read_model(f"f =~ x1\nd := {text}").definitions[0].formula

    def at(point: tuple[float, float]) -> tuple[float, Matrix]:
        unit = np.eye(2)
        return formula.value({"a": (point[0], unit[0]), "b": (point[1], unit[1])})

    step = 1e-6
    slope = at((1.3, 0.7))[1]
    numeric = [
        (at((1.3 + step, 0.7))[0] - at((1.3 - step, 0.7))[0]) / (2 * step),
        (at((1.3, 0.7 + step))[0] - at((1.3, 0.7 - step))[0]) / (2 * step),
    ]
    np.testing.assert_allclose(slope, numeric, rtol=1e-8)
