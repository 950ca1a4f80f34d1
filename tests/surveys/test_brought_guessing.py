"""What is guessed of columns and values, with the reasons. Pure."""

from datetime import date

import pytest

from surveys.brought.coding import Codes, turned
from surveys.brought.guessing import Profile, coding_of, guess, language_of, profiles_of
from surveys.brought.looking import Looking
from surveys.brought.mapping import Mapping
from surveys.brought.periods import Span, period_of, wave_of
from surveys.brought.picturing import distribution_of
from surveys.brought.source import Source, SourceColumn, source_of
from surveys.definition import FormItem, Text
from tests.factories import brand_form

FORM = brand_form()
ITEM = FORM.items[0]
LABELS = [label.en for label in ITEM.labels]


def profile(*values: str) -> Profile:
    found = Profile()
    for value in values:
        found.add(value)
    return found


def guessed(head: list[str], *rows: list[str]) -> Mapping:
    source = source_of([head, *rows])
    return guess(FORM, source, profiles_of(rows, len(head)))


@pytest.mark.parametrize(
    ("heading", "why", "sure"),
    [
        (ITEM.code, "code", "certain"),
        (ITEM.code.replace(".", "_").lower(), "code", "certain"),
        (f"G1Q1[{ITEM.code.replace('.', '')}]", "code", "certain"),
        (
            f"{ITEM.code.partition('.')[0]}[{ITEM.code.partition('.')[2]}]",
            "code",
            "certain",
        ),
        (ITEM.text.en, "text", "certain"),
        (ITEM.text.zh_hans, "text", "certain"),
        (f"How far do you agree? [{ITEM.text.en}]", "text", "certain"),
        (f"Q1. {ITEM.text.en}", "text", "certain"),
        (ITEM.text.en + " really", "alike", "likely"),
        ("something else entirely", "nothing", "none"),
    ],
)
def test_a_column_is_found_by_code_or_words(heading: str, why: str, sure: str) -> None:
    found = guessed(["id", heading], ["1", "4"]).items[0]
    assert (found.why, found.sure) == (why, sure)


def test_columns_without_names_are_laid_beside_items_in_their_order() -> None:
    head = ["respondent", *(f"V{at}" for at in range(len(FORM.items)))]
    row = ["name", *(str(item.high) for item in FORM.items)]
    found = guessed(head, row, row)
    assert [one.column for one in found.items] == list(range(1, len(head)))
    assert {one.why for one in found.items} == {"order"}
    assert {one.sure for one in found.items} == {"perhaps"}


def test_no_column_is_used_twice_and_doubles_stay_out() -> None:
    found = guessed([ITEM.code, ITEM.code, "😀", "", "مرحبا"], ["1", "2", "", "", ""])
    assert [one.column for one in found.items if one.column >= 0] == [0]


@pytest.mark.parametrize(
    ("values", "coding", "why"),
    [
        (("1", "4", "7"), "same", "range"),
        (("0", "3", "6"), "from_zero", "zero"),
        (("2", "5", "8"), "from_one", "over"),
        (("A1", "A5", "A7"), "same", "range"),
        (("1.0", "4.0", "-9", "NA"), "same", "range"),
        ((LABELS[0], LABELS[3]), "same", "labels"),
        (("1", "55"), "same", "mixed"),
        (("", "NA"), "same", "empty"),
    ],
)
def test_codings_are_guessed_from_values(
    values: tuple[str, ...], coding: str, why: str
) -> None:
    column = SourceColumn("T1")
    found = coding_of(ITEM, column, profile(*values))
    assert (found[0], found[2]) == (coding, why)


def test_labels_of_a_file_decide_its_coding() -> None:
    top = len(LABELS)
    ways = {
        "same": {str(at): text for at, text in enumerate(LABELS, start=1)},
        "from_zero": {str(at): text for at, text in enumerate(LABELS)},
        "turned": {str(top - at): text for at, text in enumerate(LABELS)},
        # Qualtrics recodes as it likes
        "labels": {str(18 + 3 * at): text for at, text in enumerate(LABELS)},
    }
    for coding, labels in ways.items():
        column = SourceColumn("Q1", labels=labels)
        assert coding_of(ITEM, column, profile("1"))[0] == coding
        codes = Codes(ITEM, coding, column, texts={}, missing=())
        assert [codes[value] for value in labels] == [
            LABELS.index(text) + 1 for text in labels.values()
        ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", -1),
        ("  ", -1),
        ("-9", -1),
        ("99", -1),
        ("-1", -1),
        ("-2", -2),
        ("-3", -3),
        ("4", 4),
        ("４", 4),
        ("A4", 4),
        ("4.0", 4),
        (LABELS[6].upper(), 7),
        (ITEM.labels[6].zh_hans, 7),
        (f"7 = {LABELS[6]}", 7),
        ("7 - whatever", 7),
        ("8", None),
        ("0", None),
        ("4.5", None),
        ("4e0", None),
        ("=1+1", None),
        ("😀", None),
        ("\ud800", None),
        ("未作答", -1),
    ],
)
def test_cells_are_read_as_their_item_answers(cell: str, code: int | None) -> None:
    column = SourceColumn("T1", missing=(("95", "99"), ("-9", "-9")))
    assert Codes(ITEM, "same", column, texts={}, missing=("NA",))[cell] == code


def test_a_text_means_what_its_owner_says() -> None:
    codes = Codes(ITEM, "same", SourceColumn("x"), texts={"sortof": 5}, missing=())
    assert (codes["sort of"], codes["sort-of"]) == (5, 5)


def test_turning_is_its_own_inverse_and_shifts_undo_each_other() -> None:
    for point in range(ITEM.low, ITEM.high + 1):
        there = turned(point, ITEM, "turned")
        assert there is not None
        assert turned(there, ITEM, "turned") == point
        assert turned(point - 1, ITEM, "from_zero") == point
        assert turned(point + 1, ITEM, "from_one") == point


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2024-03-05 10:11:12", (2024, 3, 5), (2024, 3, 5)),
        ("2024/3/5", (2024, 3, 5), (2024, 3, 5)),
        ("2024年3月5日", (2024, 3, 5), (2024, 3, 5)),
        ("3/25/2024 9:00", (2024, 3, 25), (2024, 3, 25)),
        ("25/3/2024", (2024, 3, 25), (2024, 3, 25)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("2024Q3", (2024, 7, 1), (2024, 9, 30)),
        ("2024年", (2024, 1, 1), (2024, 12, 31)),
    ],
)
def test_days_and_periods_are_read(
    cell: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert period_of(cell) == Span(date(*first), date(*last))


def test_what_is_no_day_is_none() -> None:
    wrong = ["", "wave 1", "2024-13-01", "2024-02-30", "31/31/2024", "99999", "1-1-1"]
    assert [period_of(one) for one in wrong] == [None] * len(wrong)
    span = Span(date(2024, 8, 9), date(2024, 8, 9))
    names = [wave_of(span, one) for one in ("one", "year", "half", "quarter", "month")]
    assert names == ["", "2024-01", "2024-07", "2024-07", "2024-08"]


def test_languages_of_other_programs() -> None:
    known = ["EN", "en-GB", "English", "ZH-S", "zh-Hans", "中文", "zh_CN"]
    assert [language_of(one) for one in known] == ["en"] * 3 + ["zh-hans"] * 4
    assert language_of("FR") is None


def test_headings_of_qualtrics_take_three_rows() -> None:
    first = [
        ["Q1", "Q1"],
        ["A - B", "C"],
        ['{"ImportId":"QID1_1"}', '{"ImportId": broken'],
    ]
    found = source_of(first)
    assert (found.tool, found.head) == ("qualtrics", 3)
    assert (found.columns[0].ident, found.columns[0].inner) == ("QID1_1", "B")
    assert Source.from_data(found.to_data()) == found


def test_a_picture_counts_every_answer_once() -> None:
    counts = {"1": 3, "7": 6, "-1": 2, "-3": 4, "refused": 5}
    found = distribution_of(ITEM, counts)
    assert (found.valid, found.missing, found.not_shown, found.refused) == (9, 2, 4, 5)
    assert [bar.height for bar in found.bars] == [12, 0, 0, 0, 0, 0, 24]
    long = FormItem(
        "X.Y", "X", "control", Text("x", "x"), 0, 100, (), False, False, "number"
    )
    assert sum(b.count for b in distribution_of(long, {"0": 1, "100": 2}).bars) == 3


def test_nothing_counted_is_no_wave() -> None:
    assert Looking(FORM, date(2026, 1, 1)).looked().waves == {}
