"""Names and labels within a format's limits; everything changed is said."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.export.dataset import Label, Variable
from analytics.export.names import (
    SPSS,
    STATA,
    Format,
    Measured,
    graphemes,
    in_bytes,
    named,
    names_for,
    shortened,
    title_for,
    writable,
)
from analytics.plan import Text
from analytics.sentences import Sentence

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇨🇳"


def variable(name: str = "a", label: str = "A", *values: str) -> Variable:
    codes = tuple(Label(i, Text.same(text)) for i, text in enumerate(values, start=1))
    return Variable(name, Text.same(label), "whole", "ordinal", "raw", codes)


def codes(remarks: tuple[Sentence, ...]) -> list[str]:
    return [one.code for one in remarks]


@pytest.mark.parametrize(
    ("form", "one", "most"), [(SPSS, "信", 85), (SPSS, "x", 256), (STATA, "信", 80)]
)
def test_a_label_is_shortened_only_beyond_the_limit(
    form: Format, one: str, most: int
) -> None:
    fits = named([variable(label=one * most)], form, "en")
    assert (fits.labels, fits.remarks) == ((one * most,), ())
    cut = named([variable(label=one * (most + 1))], form, "zh-hans")
    (label,) = cut.labels
    assert form.measured(label) <= form.label_size
    assert label.endswith("…")
    (remark,) = cut.remarks
    assert remark.code == "file_label_shortened"
    assert remark.params["was"] == one * (most + 1)
    assert label in remark.text("zh-hans")
    assert one * (most + 1) in remark.text("en")


@pytest.mark.parametrize(("n", "is_cut"), [(40, False), (41, True)])
def test_value_labels_of_spss_hold_120_bytes(n: int, is_cut: bool) -> None:
    found = named([variable("a", "A", "信" * n)], SPSS, "en")
    assert (found.values[0][1] != "信" * n) is is_cut
    assert codes(found.remarks) == ["file_value_shortened"] * is_cut
    assert in_bytes(found.values[0][1]) <= 120


def test_what_shortening_made_alike_is_told_apart() -> None:
    long = "问" * 200
    found = named([variable("a", long + "一"), variable("b", long + "二")], SPSS, "en")
    first, second = found.labels
    assert first != second
    assert second.endswith(" 2")
    assert all(in_bytes(one) <= 256 for one in found.labels)
    values = named([variable("a", "A", long + "一", long + "二")], SPSS, "en").values[0]
    assert len(set(values.values())) == 2


def test_equal_labels_that_fit_stay_as_they_are() -> None:
    found = named([variable("a", "Sales"), variable("b", "Sales")], SPSS, "en")
    assert (found.labels, found.remarks) == (("Sales", "Sales"), ())


@pytest.mark.parametrize("word", ["by", "BY", "To"])
def test_words_of_spss_are_no_names(word: str) -> None:
    remarks: list[Sentence] = []
    assert names_for([word], SPSS, remarks) == [f"{word}_v"]
    assert remarks[0].params == {"format": "SPSS", "variable": word, "now": f"{word}_v"}


@pytest.mark.parametrize("word", ["int", "str12", "_cons", "using", "strL"])
def test_words_of_stata_are_no_names(word: str) -> None:
    assert names_for([word], STATA, []) == [f"{word}_v"]
    assert names_for(["str"], STATA, []) == ["str"]


def test_long_names_stay_unlike_also_without_case() -> None:
    long = "revenue_after_the_second_complaint_in_"
    remarks: list[Sentence] = []
    found = names_for([f"{long}2025", f"{long.upper()}2026", "a", "A"], STATA, remarks)
    assert len({name.casefold() for name in found}) == 4
    assert all(len(name) <= 32 for name in found)
    assert len(remarks) == 3
    assert found[2] == "a"


@pytest.mark.parametrize(
    "text", [FAMILY, FLAG, "e\u0301", "👍🏽", "각", "क्षि", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\r\n"]
)
def test_nothing_a_reader_sees_as_one_is_torn(text: str) -> None:
    pieces = list(graphemes(text * 3))
    assert "".join(pieces) == text * 3
    assert pieces in ([text] * 3, [*graphemes(text)] * 3)
    for size in range(1, in_bytes(text) * 3):
        cut = shortened(text * 3, size + 3, in_bytes)
        assert cut == text * 3 or set(graphemes(cut[:-1])) <= set(graphemes(text))


def test_emoji_and_flags_are_one_character() -> None:
    assert list(graphemes(f"{FAMILY}{FLAG}{FLAG}a")) == [FAMILY, FLAG, FLAG, "a"]


def test_half_a_character_is_replaced_and_said() -> None:
    found = named([variable("a", "x\ud83dy", "z\ude00")], STATA, "en")
    assert found.labels == ("x\ufffdy",)
    assert found.values[0][1] == "z\ufffd"
    assert codes(found.remarks) == ["file_label_unwritable"] * 2
    for one in found.remarks:
        one.text("zh-hans").encode()


@pytest.mark.parametrize(("n", "is_cut"), [(64, False), (65, True)])
def test_the_title_of_a_file(n: int, is_cut: bool) -> None:
    title, remarks = title_for("t" * n, SPSS)
    assert len(title.encode()) <= 64
    assert codes(remarks) == ["file_title_shortened"] * is_cut


@given(
    st.lists(st.text(max_size=60), min_size=1, max_size=12),
    st.integers(8, 40),
    st.sampled_from([in_bytes, len]),
)
def test_any_labels_fit_and_every_change_is_said(
    texts: list[str], size: int, measured: Measured
) -> None:
    form = replace(SPSS, label_size=size, value_size=size, measured=measured)
    found = named([variable("a", texts[0], *texts)], form, "en")
    shorter = [new for new in found.values[0].values() if new.endswith("…")]
    assert len(shorter) == len({one.casefold() for one in shorter})
    changed = 0
    for text, new in zip(texts, found.values[0].values(), strict=True):
        assert form.measured(new) <= size
        new.encode()
        changed += writable(text) != new
    assert codes(found.remarks).count("file_value_shortened") == changed


@given(st.text(), st.integers(4, 30))
def test_a_cut_falls_on_a_character(text: str, size: int) -> None:
    cut = shortened(text, size, in_bytes)
    assert in_bytes(cut) <= size
    if cut != text:
        kept = cut.removesuffix("…")
        assert text.startswith(kept)
        rest = text[len(kept) :].lstrip()
        assert not rest or unicodedata.category(rest[0]) != "Mn" or not kept
