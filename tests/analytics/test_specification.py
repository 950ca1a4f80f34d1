from pathlib import Path

import pytest

from analytics.plan import Text
from analytics.sentences import BadInput
from analytics.specification import read_specification
from tests.analytics.samples import write

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mobi.yaml"
GOOD = "scales:\n  A: {items: [a1, a2, a3]}\n"


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(BadInput) as refusal:
        read_specification(write(tmp_path / "spec.yaml", text))
    return str(refusal.value)


def test_the_example_describes_five_scales_and_loyalty() -> None:
    plan = read_specification(EXAMPLE)
    assert plan.title == Text("Mobile phone customers", "手机用户")
    assert [scale.code for scale in plan.scales] == [
        "IMAGE",
        "EXPECTATION",
        "QUALITY",
        "VALUE",
        "SATISFACTION",
    ]
    assert plan.outcomes[0].item_codes == ("CUSL1", "CUSL2", "CUSL3")
    assert len(plan.structure_items) == 20
    assert {(item.low, item.high) for item in plan.items()} == {(1, 10)}


def test_only_scales_are_required(tmp_path: Path) -> None:
    plan = read_specification(write(tmp_path / "spec.yaml", GOOD))
    assert plan.title == Text.same("spec.yaml")
    assert (plan.missing, plan.n_factors, plan.rotation, plan.seed) == (
        "pairwise",
        "parallel",
        "oblimin",
        1,
    )
    assert plan.scales[0].items[0].low == 1
    assert plan.scales[0].items[0].high == 7


def test_everything_can_be_said(tmp_path: Path) -> None:
    text = """
title: One name
points: [1, 5]
missing: listwise
correlation: pearson
n_factors: 2
rotation: promax
seed: 9
where: {country: [NO, 001], year: 2020}
scales:
  A: {items: [a1, a2, a3], reverse: [a2], points: [0, 10]}
  B: {items: [b1, b2, b3], model: formative, name: {en: Bee, zh-hans: 蜂}}
  C: {items: [c1, c2, c3]}
outcomes:
  L: {items: [l1]}
groups: [{column: team, team: true}]
"""
    plan = read_specification(write(tmp_path / "spec.yaml", text))
    assert plan.where == {"country": ("NO", "001"), "year": ("2020",)}
    assert [item.reverse for item in plan.scales[0].items] == [False, True, False]
    assert (plan.scales[0].items[0].high, plan.scales[2].items[0].high) == (10, 5)
    assert plan.scales[1].model == "formative"
    assert plan.scales[1].name == Text("Bee", "蜂")
    assert plan.structure_items == ("a1", "a2", "a3", "c1", "c2", "c3")
    assert plan.outcomes[0].group == "outcome"
    assert plan.groups[0].team


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_chinese_is_read_in_the_encodings_of_the_field(
    tmp_path: Path, encoding: str
) -> None:
    text = "title: 手机用户\n" + GOOD
    plan = read_specification(write(tmp_path / "spec.yaml", text, encoding))
    assert plan.title.en == "手机用户"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "spec.yaml is empty; a specification needs at least 'scales'."),
        ("title: x\n", "The specification names no scale"),
        ("[1, 2]", "must be a list of 'key: value' lines"),
        ("scales:\n  A: [a1\n", "not valid YAML"),
        ("scales:\n\t- a\n", "line 2, column 1: not valid YAML"),
        (GOOD + "scale: 1\n", "spec.yaml does not know scale; did you mean scales?"),
        (GOOD + "zzzz: 1\n", "spec.yaml does not know zzzz; it knows title, points"),
        (
            "scales:\n  A: {item: [a1]}\n",
            "A does not know item; did you mean items?",
        ),
        ("scales:\n  A: {items: []}\n", "The scale A names no items"),
        ("scales:\n  A: {items: a1}\n", "A.items must be a list such as"),
        ("scales:\n  A: {items: [[a1]]}\n", "A.items must be a list such as"),
        (
            "scales:\n  A: {items: [a1, a2, a1]}\n",
            "The item a1 stands twice in the scale A",
        ),
        (
            "scales:\n  A: {items: [a1, a2]}\n  B: {items: [a2, b1]}\n",
            "The item a2 stands in A and in B",
        ),
        (
            GOOD + "outcomes:\n  L: {items: [a3]}\n",
            "The item a3 stands in A and in L",
        ),
        (GOOD + "outcomes:\n  A: {items: [l1]}\n", "A is named as a scale and as"),
        ("scales:\n  A~~B: {items: [a1]}\n", "contains '~~'"),
        (
            "scales:\n  A: {items: [a1], reverse: [a9]}\n",
            "The scale A reverses a9, which is not among its items (a1)",
        ),
        (GOOD + "scales:\n  B: {items: [b1]}\n", "the key scales stands twice"),
        (GOOD + "points: [7, 1]\n", "points is [7, 1]: the lowest answer must come"),
        (GOOD + "points: [1]\n", "points must be two whole numbers"),
        (GOOD + "points: [a, b]\n", "points must be two whole numbers"),
        (GOOD + "points: [0, 500]\n", "a scale may have 127 points at most"),
        (GOOD + "missing: drop\n", "missing is drop; it may be pairwise, listwise"),
        (GOOD + "rotation: sideways\n", "rotation is sideways; it may be"),
        (GOOD + "rotation: [a]\n", "rotation must be a single value"),
        (
            GOOD + "correlation: kendall\n",
            "correlation is kendall; it may be rule, pearson",
        ),
        (GOOD + "n_factors: many\n", "n_factors is many; it may be parallel, 1, 2"),
        (GOOD + "n_factors: 0\n", "n_factors must be a whole number of 1 or more"),
        (GOOD + "n_factors: 2\n", "n_factors is 2, but the 3 items"),
        (GOOD + "seed: -1\n", "seed must be a whole number of 0 or more, not -1"),
        (GOOD + "title: {fr: Clients}\n", "title does not know fr"),
        (GOOD + "title: {en: []}\n", "title must be one name"),
        (GOOD + "groups: [team]\n", "groups must be a list of 'key: value' lines"),
        (GOOD + "groups: [{team: true}]\n", "groups.column must be a single value"),
    ],
)
def test_a_wrong_specification_is_refused_with_one_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    said = refused(tmp_path, text)
    assert sentence in said
    assert "\n" not in said


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file at"):
        read_specification(tmp_path / "absent.yaml")
    with pytest.raises(BadInput, match="is a folder"):
        read_specification(tmp_path)
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"PK\x03\x04\x00\x00")
    with pytest.raises(BadInput, match="is not a text file"):
        read_specification(binary)
    unknown = tmp_path / "unknown.yaml"
    unknown.write_bytes(b"title: \xff\xff\n")
    with pytest.raises(BadInput, match="tried UTF-8-SIG, GB18030"):
        read_specification(unknown)
