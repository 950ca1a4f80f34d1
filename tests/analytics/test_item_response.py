"""Graded responses and items between groups in a report, held against R on the way."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from analytics import item_response, thresholds
from analytics.answers import Answers
from analytics.export.bundle.reach import Held, reach_of
from analytics.invariance import GroupColumn
from analytics.item_groups import dif_of
from analytics.item_response import item_response_of, widest
from analytics.item_response_results import DifResult, ItemResponse
from analytics.management.commands import analyse
from analytics.plan import AnalysisPlan
from analytics.psychometrics import Item, ResponseMatrix, holm
from analytics.psychometrics.irt import dif as library
from analytics.release_making import made_of
from analytics.report import build_report
from analytics.results import Report
from analytics.sampling import Sampling
from analytics.sentences import BadInput
from analytics.specification import plan_of, read_specification
from tests.analytics import samples
from tests.analytics.samples import CARE, plan, scale, write
from tests.analytics.segment_samples import wave
from tests.psychometrics.cases import REFERENCE, read_columns
from tests.psychometrics.irt_cases import Planted, drawn, planted, stored

C = [f"C{j}" for j in range(1, 6)]
QUICK: dict[str, Any] = {"n_draws": 5, "n_resamples": 20}
# what R found by differences, or stopped before: see test_irt_graded, test_irt_dif
ESTIMATE, ERROR, POLR = 1e-6, 1e-5, 1e-6


Columns = dict[str, Sequence[Any]]


# ---- R's numbers come out of `analyse`


def table(path: Path, columns: Columns) -> Path:
    """Write columns as CSV; NaN is an empty field."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            out.writerow(["" if one != one else one for one in row])
    return path


def bfi_columns(items: Sequence[str]) -> Columns:
    values = read_columns(REFERENCE / "data" / "bfi25_keyed.csv", items)
    return dict(zip(items, values.T.tolist(), strict=True))


def c_items() -> Columns:
    """The people of irt.R: 500 with their gaps; the fifth item has five points."""
    found = {item: values[:500] for item, values in bfi_columns(C).items()}
    found["C5"] = [min(value, 5) if value == value else value for value in found["C5"]]
    return found


def analysed(folder: Path, columns: Columns, spec: str, *more: str) -> dict[str, Any]:
    """Run `manage.py analyse` on a file, and return what it wrote as JSON."""
    out = folder / "out.json"
    data = table(folder / "data.csv", columns)
    described = write(folder / "spec.yaml", "points: [1, 6]\nn_factors: 1\n" + spec)
    said = ["analyse", str(data), "--spec", str(described), "--json", str(out), *more]
    call_command(*said, stdout=io.StringIO(), stderr=io.StringIO())
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw little: nothing here rests on parallel analysis or resamples."""

    def read(path: Path) -> AnalysisPlan:
        return replace(read_specification(path), **QUICK)

    monkeypatch.setattr(analyse, "read_specification", read)


def test_a_graded_response_model_of_r_comes_out_of_a_file(tmp_path: Path) -> None:
    r = stored("graded")
    spec = f"scales:\n  C: {{items: {C}}}\nitem_response: yes\n"
    found = analysed(tmp_path, c_items(), spec)["scales"]["C"]["item_response"]
    assert found["n"] == r["n"]
    assert found["log_likelihood"] == pytest.approx(r["log_likelihood"], rel=1e-10)
    free = sum(len(item["thresholds"]) + 1 for item in r["items"].values())
    assert found["aic"] == pytest.approx(2 * free - 2 * r["log_likelihood"], rel=1e-10)
    for code, theirs in r["items"].items():
        ours = found["items"][code]
        assert ours["slope"] == pytest.approx(theirs["slope"], abs=ESTIMATE)
        assert ours["slope_se"] == pytest.approx(theirs["slope_se"], rel=ERROR)
        assert ours["thresholds"] == pytest.approx(theirs["thresholds"], abs=ESTIMATE)
        assert ours["threshold_ses"] == pytest.approx(theirs["threshold_se"], rel=ERROR)
    assert found["items"]["C5"]["points"] == [1, 2, 3, 4, 5]
    assert "graded-unused-point" in {one["code"] for one in found["notices"]}
    curve = found["information"]
    for trait, theirs in zip(r["theta"], np.sum(r["information"], axis=0), strict=True):
        if trait in curve["trait"]:
            at = curve["trait"].index(trait)
            assert curve["information"][at] == pytest.approx(theirs, rel=1e-5)
            assert curve["standard_error"][at] == pytest.approx(theirs**-0.5, rel=1e-5)


def test_items_between_groups_on_the_score_are_those_of_polr(tmp_path: Path) -> None:
    """Everybody twice: the model stays where it is, and groups are large enough."""
    r = json.loads((REFERENCE / "irt" / "dif_report.json").read_text("utf-8"))
    columns: Columns = {item: [*values, *values] for item, values in c_items().items()}
    columns["gender"] = stored("dif")["gender"][:1000]
    spec = f"scales:\n  C: {{items: {C}}}\ngroups: [{{column: gender}}]\n"
    report = analysed(tmp_path, columns, spec, "--item-response")
    found = report["groups"]["gender"]["dif"]["C"]
    assert found["n"] == r["counts"]
    assert (found["matching"], found["settled"], found["rounds"]) == ("theta", True, 1)
    as_polr(found, r["items"], r["holm"])
    for code, theirs in r["items"].items():
        women = found["items"][code]["groups"]["women"]
        assert women["estimate"] == pytest.approx(
            theirs["women"]["estimate"], abs=ERROR
        )
        error = (women["high"] - women["estimate"]) / NormalDist().inv_cdf(0.975)
        assert error == pytest.approx(theirs["women"]["se"], rel=1e-4)


def as_polr(found: Any, theirs: Any, corrected: Any) -> None:
    for code, one in theirs.items():
        ours = found["items"][code]
        assert ours["n"] == one["n"]
        assert ours["p_holm"] == pytest.approx(corrected[code], rel=1e-4)
        for name in ("total", "uniform", "nonuniform"):
            assert ours[name]["df"] == one[name]["df"]
            # of the score: known to the precision of R's own model
            assert ours[name]["chi2"] == pytest.approx(one[name]["chi2"], abs=2e-5)
            assert ours[name]["p"] == pytest.approx(one[name]["p"], rel=1e-4)
            for effect in ("nagelkerke", "mcfadden"):
                assert ours[name][effect] == pytest.approx(one[name][effect], abs=1e-8)


def test_items_between_groups_on_the_other_items_are_those_of_polr(
    tmp_path: Path,
) -> None:
    r = stored("dif")
    n_items, e_items = ([f"{s}{j}" for j in range(1, 6)] for s in "NE")
    columns = {**bfi_columns([*n_items, *e_items])}
    columns |= {"gender": r["gender"], "age": r["age"]}
    spec = (
        f"scales:\n  N: {{items: {n_items}}}\n  E: {{items: {e_items}}}\n"
        "groups: [{column: gender}, {column: age}]\n"
        "item_response: yes\ndif_matching: rest\nestimator: ML\n"
    )
    found = analysed(tmp_path, columns, spec)["groups"]
    two, three = found["gender"]["dif"]["N"], found["age"]["dif"]["E"]
    as_polr(two, r["two"], r["two_holm"])
    as_polr(three, r["three"], r["three_holm"])
    assert {one["size"] for one in two["items"].values()} == {"A"}
    assert set(three["items"]["E1"]["groups"]) == {"b", "c"}


# ---- small studies


def asked(**more: Any) -> AnalysisPlan:
    """One scale of six items of four points, and what is to be asked of it."""
    settings = {"item_response": True, "outcomes": (), **QUICK, **more}
    return plan(scales=(scale("t", CARE, 6, low=1, high=4),), **settings)


@cache
def answered(n: int = 600, seed: int = 4) -> ResponseMatrix:
    rng = np.random.default_rng(seed)
    return drawn(rng, n, planted(rng, 6, 4))


def of(data: ResponseMatrix, **more: Any) -> ItemResponse:
    chosen = asked(**more)
    return item_response_of(Answers.of(data, chosen), chosen.scales[0])


def changed(data: ResponseMatrix, codes: Any) -> ResponseMatrix:
    return ResponseMatrix(codes, data.items)


def test_nothing_is_fitted_where_nothing_is_asked() -> None:
    made = build_report(answered(), asked(item_response=False))
    assert made.scales["t"].item_response is None
    assert not made.settings.item_response


@pytest.fixture(scope="module")
def made() -> Report:
    groups = np.arange(600, dtype=np.int32) % 2
    columns = {"site": GroupColumn(("a", "b"), groups)}
    return build_report(answered(), asked(), groups=columns)


def test_the_report_survives_its_json(made: Report) -> None:
    text = json.dumps(made.to_json(), allow_nan=False)
    assert Report.from_json(json.loads(text)) == made


def test_a_report_stored_before_is_read(made: Report) -> None:
    old = made.to_json()
    for key in ("item_response", "dif_matching"):
        del old["settings"][key]
    del old["scales"]["t"]["item_response"], old["groups"]["site"]["dif"]
    found = Report.from_json(old)
    assert found.scales["t"].item_response is None
    assert found.groups["site"].dif == {}
    assert not found.settings.item_response


def test_the_order_of_the_items_does_not_matter() -> None:
    turned = asked()
    items = turned.scales[0].items[::-1]
    turned = replace(turned, scales=(replace(turned.scales[0], items=items),))
    other = item_response_of(Answers.of(answered(), turned), turned.scales[0])
    ours = of(answered())
    assert list(other.items) == list(ours.items)[::-1]
    for code, item in ours.items.items():
        assert other.items[code].slope == pytest.approx(item.slope, abs=1e-6)
        assert other.items[code].fit.chi2 == pytest.approx(item.fit.chi2, abs=1e-4)
    assert other.mean_q3 == pytest.approx(ours.mean_q3, abs=1e-6)
    assert {frozenset((p.first, p.second)) for p in other.dependence} == {
        frozenset((p.first, p.second)) for p in ours.dependence
    }


def test_reverse_items_are_turned_before() -> None:
    data, chosen = answered(), asked()
    raw = data.codes.astype(np.int64) + 1
    raw[:, 2] = 5 - raw[:, 2]
    keyed = ResponseMatrix.from_raw(
        raw, [Item(i.code, 1, 4, i.code == "t3") for i in chosen.items()]
    )
    assert of(keyed) == of(data)


def test_p_is_corrected_for_the_items_of_the_scale() -> None:
    """Holm by hand: the k-th smallest times p - k + 1, never falling, at most 1."""
    fits = [item.fit for item in of(answered()).items.values()]
    ordered = sorted(fits, key=lambda fit: fit.p or 0.0)
    least = 0.0
    for k, fit in enumerate(ordered):
        assert fit.p is not None
        least = min(1.0, max(least, fit.p * (len(fits) - k)))
        assert fit.p_holm == pytest.approx(least, rel=1e-12)
    p = np.array([fit.p for fit in fits])
    assert [fit.p_holm for fit in fits] == pytest.approx(holm(p).tolist())


def test_pairs_are_those_that_share_most() -> None:
    codes = answered().codes.copy()
    same = np.random.default_rng(2).random(600) < 0.5
    codes[same, 4] = codes[same, 1]
    found = of(changed(answered(), codes))
    assert len(found.dependence) == 3
    first = found.dependence[0]
    assert (first.first, first.second) == ("t2", "t5")
    assert first.above_mean > thresholds.LOCAL_DEPENDENCE
    assert first.above_mean == pytest.approx(first.q3 - (found.mean_q3 or 0.0))
    values = [pair.q3 for pair in found.dependence]
    assert values == sorted(values, reverse=True)


def test_precision_is_where_the_curve_says() -> None:
    found = of(answered())
    curve, place = found.information, found.precision
    assert curve is not None
    assert place is not None
    assert curve.trait[0] == -3.0
    assert curve.trait[-1] == 3.0
    assert np.array(curve.standard_error) == pytest.approx(
        np.array(curve.information) ** -0.5
    )
    assert place.standard_error <= min(curve.standard_error) + 1e-12
    assert place.low is not None
    assert place.high is not None
    normal = NormalDist()
    share = normal.cdf(place.high) - normal.cdf(place.low)
    assert place.share == pytest.approx(share, abs=1e-12)
    for trait, error in zip(curve.trait, curve.standard_error, strict=True):
        assert (error <= 0.5) == (place.low - 0.01 <= trait <= place.high + 0.01)


def test_items_for_people_of_low_trust_measure_them_best() -> None:
    rng = np.random.default_rng(7)
    easy = Planted(np.full(6, 2.0), np.tile([-2.2, -1.6, -1.0], (6, 1)))
    place = of(drawn(rng, 1_000, easy)).precision
    assert place is not None
    assert -2.2 < place.best < -1.0
    assert place.high is not None
    assert place.high < 0.5


def test_weak_items_measure_nobody_well() -> None:
    rng = np.random.default_rng(8)
    weak = Planted(np.full(6, 0.5), np.tile([-1.0, 0.0, 1.0], (6, 1)))
    place = of(drawn(rng, 1_000, weak)).precision
    assert place is not None
    assert (place.low, place.high, place.share) == (None, None, None)
    assert place.standard_error > 0.5


@pytest.mark.parametrize(
    ("inside", "ends"),
    [
        ([], None),
        ([0], (0.0, 0.0)),
        ([0, 1, 3, 4, 5], (3.0, 5.0)),
        ([0, 1, 4, 5], (0.0, 1.0)),
        (range(6), (0.0, 5.0)),
    ],
)
def test_the_widest_stretch(inside: Sequence[int], ends: Any) -> None:
    x = np.arange(6.0)
    assert widest(x, np.isin(x, list(inside))) == ends


# ---- reasons in place of numbers


@pytest.mark.parametrize(("n", "code"), [(199, "irt_few"), (200, None)])
def test_too_few_people_are_a_reason(n: int, code: str | None) -> None:
    found = of(changed(answered(), answered().codes[:n]))
    assert (found.reason.code if found.reason else None) == code
    assert bool(found.items) is (code is None)
    assert found.n == n


@pytest.mark.parametrize(("n", "said"), [(499, True), (500, False)])
def test_rough_estimates_are_said(n: int, said: bool) -> None:
    found = of(changed(answered(), answered().codes[:n]))
    assert ("irt_small" in {one.code for one in found.notices}) is said


def test_people_without_an_answer_do_not_count() -> None:
    codes = answered().codes[:200].copy()
    codes[0] = -1
    assert of(changed(answered(), codes)).reason is not None


def test_answers_that_repeat_one_another_are_a_reason() -> None:
    codes = np.repeat(answered().codes[:, :1], 6, axis=1)
    found = of(changed(answered(), codes))
    assert found.reason is not None
    assert found.reason.code == "graded-determined"
    assert "已" not in found.reason.text("en")
    assert found.information is None


def test_an_item_that_everybody_answers_alike_is_a_reason() -> None:
    codes = answered().codes.copy()
    codes[:, 3] = 2
    found = of(changed(answered(), codes))
    assert found.reason is not None
    assert "t4" in found.reason.text("zh-hans")


def test_a_point_that_nobody_chose_has_no_threshold() -> None:
    codes = answered().codes.copy()
    codes[codes[:, 0] == 1, 0] = 2
    found = of(changed(answered(), codes))
    assert found.items["t1"].points == (1, 3, 4)
    assert len(found.items["t1"].thresholds) == 2
    assert "graded-unused-point" in {one.code for one in found.notices}


def test_without_complete_answers_items_are_not_tested() -> None:
    codes = answered().codes.copy()
    for row in range(600):
        codes[row, row % 6] = -1
    found = of(changed(answered(), codes))
    assert found.reason is None
    for item in found.items.values():
        assert (item.fit.chi2, item.fit.p_holm, item.fit.n) == (None, None, 0)
        assert item.fit.reason is not None


def test_listwise_takes_complete_rows_alone() -> None:
    codes = answered().codes.copy()
    codes[:50, 0] = -1
    data = changed(answered(), codes)
    assert of(data).n == 600
    assert of(data, missing="listwise").n == 550


def test_weights_and_clusters_are_refused_with_a_sentence() -> None:
    teams = np.arange(600, dtype=np.int32) // 6
    chosen = asked(clusters="team")
    held = Answers.of(answered(), chosen, Sampling(teams, None))
    found = item_response_of(held, chosen.scales[0])
    assert found.reason is not None
    assert found.reason.code == "irt_sampled"
    column = GroupColumn(("a", "b"), np.arange(600, dtype=np.int32) % 2)
    assert dif_of(held, column) == {}


def test_only_reflective_scales_of_three_items_have_a_model() -> None:
    scales = (
        scale("A", CARE, 3),
        scale("B", CARE, 2),
        scale("D", CARE, 4, model="formative"),
    )
    found = item_response.scales_of(plan(scales=scales))
    assert [one.code for one in found] == ["A", "LOY"]


# ---- items between groups


def between(
    data: ResponseMatrix, names: Sequence[str], numbers: Any, **more: Any
) -> DifResult:
    column = GroupColumn(tuple(names), np.asarray(numbers, dtype=np.int32))
    return dif_of(Answers.of(data, asked(**more)), column)["t"]


@cache
def drifting() -> tuple[ResponseMatrix, Any]:
    """The third item is a point harder in the second group; traits lie apart, too."""
    rng = np.random.default_rng(3)
    what = planted(rng, 6, 4)
    harder = Planted(what.slopes, what.thresholds.copy())
    harder.thresholds[2] += 1.2
    second = drawn(rng, 500, harder, theta=rng.standard_normal(500) - 0.4)
    data = ResponseMatrix.stack([drawn(rng, 500, what), second])
    return data, np.repeat([0, 1], 500)


@pytest.mark.parametrize("matching", ["theta", "rest"])
def test_a_planted_drift_is_found_and_leaves_the_standing(matching: str) -> None:
    data, numbers = drifting()
    found = between(data, ("north", "south"), numbers, dif_matching=matching)
    sizes = {code: one.size for code, one in found.items.items()}
    assert sizes.pop("t3") in ("B", "C")
    assert set(sizes.values()) == {"A"}
    assert "t3" not in found.anchors
    assert found.settled
    high = found.items["t3"].groups["south"].high
    assert high is not None
    assert high < 0


def test_names_of_groups_only_turn_the_sign() -> None:
    data, numbers = drifting()
    one = between(data, ("a", "b"), numbers, dif_matching="rest")
    two = between(data, ("z", "b"), numbers, dif_matching="rest")
    assert list(two.n) == ["b", "z"]
    for code, item in one.items.items():
        assert item.total is not None
        other = two.items[code]
        assert other.total is not None
        assert other.total.chi2 == pytest.approx(item.total.chi2, abs=1e-6)
        assert other.groups["z"].estimate == pytest.approx(
            -item.groups["b"].estimate, abs=1e-6
        )


@pytest.mark.parametrize(("n", "tested"), [(199, False), (200, True)])
def test_small_groups_are_not_compared(n: int, tested: bool) -> None:
    numbers = np.ones(600, dtype=np.int32)
    numbers[:n] = 0
    found = between(answered(), ("a", "b"), numbers)
    assert bool(found.items) is tested
    assert (found.reason is None) is tested


def test_who_is_left_out_is_said() -> None:
    numbers = np.repeat([0, 1, 2, -1], [250, 250, 60, 40])
    found = between(answered(), ("a", "b", "c"), numbers)
    assert found.n == {"a": 250, "b": 250}
    said = {one.code: one.params for one in found.notices}
    assert said == {"dif_left": {"needs": 200, "count": 1}}


def test_the_largest_groups_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thresholds, "MOST_GROUPS", 2)
    data = ResponseMatrix.stack([answered(), answered(seed=5)])
    numbers = np.repeat([0, 1, 2], [300, 400, 500])
    found = between(data, ("a", "b", "c"), numbers)
    assert found.n == {"b": 400, "c": 500}
    assert "dif_most" in {one.code for one in found.notices}


def test_listwise_keeps_rows_and_groups_together() -> None:
    data, numbers = drifting()
    codes = data.codes.copy()
    codes[::10, 5] = -1
    rest: dict[str, Any] = {"dif_matching": "rest"}
    found = between(
        changed(data, codes), ("a", "b"), numbers, missing="listwise", **rest
    )
    kept = np.arange(1000) % 10 > 0
    whole = between(changed(data, codes[kept]), ("a", "b"), numbers[kept], **rest)
    assert found == whole


def test_three_items_are_too_few_for_the_mean_of_the_others() -> None:
    chosen = asked(dif_matching="rest")
    few = replace(chosen.scales[0], items=chosen.scales[0].items[:3])
    column = GroupColumn(("a", "b"), np.arange(600, dtype=np.int32) % 2)
    held = Answers.of(answered(), replace(chosen, scales=(few,)))
    found = dif_of(held, column)["t"]
    assert found.reason is not None
    assert "4" in found.reason.text("en")


def test_an_item_that_one_group_did_not_answer_has_a_reason() -> None:
    data, numbers = drifting()
    codes = data.codes.copy()
    codes[numbers == 1, 5] = -1
    found = between(changed(data, codes), ("a", "b"), numbers, dif_matching="rest")
    assert found.items["t6"].total is None
    assert found.items["t6"].reason is not None
    assert found.items["t1"].total is not None


def test_sizes_are_those_of_the_library() -> None:
    assert (thresholds.DIF_MODERATE, thresholds.DIF_LARGE) == (
        library.MODERATE,
        library.LARGE,
    )


# ---- what is asked, what may leave


def spec(line: str) -> AnalysisPlan:
    values = {"scales": {"A": {"items": ["a1", "a2", "a3"]}}}
    key, _, value = line.partition(": ")
    return plan_of({**values, **({key: value} if key else {})}, "s.yaml")


@pytest.mark.parametrize(
    ("line", "response", "matching"),
    [
        ("", False, "theta"),
        ("item_response: no", False, "theta"),
        ("item_response: yes", True, "theta"),
        ("dif_matching: rest", False, "rest"),
    ],
)
def test_a_specification_asks(line: str, response: bool, matching: str) -> None:
    found = spec(line)
    assert (found.item_response, found.dif_matching) == (response, matching)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("item_response: maybe", "yes, no"),
        ("item_response: 1", "yes, no"),
        ("dif_matching: sum", "theta, rest"),
        ("item_responce: yes", "did you mean item_response?"),
    ],
)
def test_a_specification_that_asks_for_something_else_is_refused(
    line: str, words: str
) -> None:
    with pytest.raises(BadInput, match=words.replace("?", r"\?")):
        spec(line)


def test_a_release_says_nothing_of_it() -> None:
    chosen = samples.plan(item_response=True, **QUICK)
    now = wave({"north": 250}, samples.answers(chosen, 250), plan=chosen)
    found = made_of(
        now, least=5, earlier=(), software={}, tell=lambda step, share: None
    ).report
    assert found is not None
    assert {one.item_response for one in found.constructs.values()} == {None}
    assert not found.settings.item_response


def test_every_number_is_out_of_reach_of_the_scripts(made: Report) -> None:
    report = made.to_json()
    items = frozenset(f"t{j}" for j in range(1, 7))
    found = reach_of(report, Held(600, items, languages=True))
    ours = {
        rule
        for pointer, rule in found.items()
        if "/item_response/" in pointer or "/dif/" in pointer
    }
    assert ours == {"item_response"}
    assert "unknown" not in found.values()
