"""What a codebook says of each variable, against pandas and by hand."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pypdf import PdfReader

from analytics.export.codebook import (
    About,
    Codebook,
    Entry,
    Promised,
    codebook_of,
    json_of,
    page_of,
    write_html,
    write_json,
    write_pdf,
)
from analytics.export.dataset import Column, DataSet, Label, Role, Variable
from analytics.plan import Text
from surveys import definition
from surveys.catalogue import catalogue
from tests.analytics.export.samples import sample_data_set
from tests.surveys.test_definition_kinds import form_of

SCHEMA = Path(__file__).parents[3] / "docs" / "codebook.schema.json"
EVIL = "a\ud800b\x00c <script>alert(1)</script> #strong[x] $y$ ]]> \u202eabc 🍵"
ABOUT = About(
    organization="Harbour Tea 港湾茶",
    sample="Customers of two shops\n" + EVIL,
    simulated=True,
    promises=(Promised((1, 2), Text("Nobody looks. " + EVIL, "没有人看。"), "c" * 64),),
    invited={1: 90},
)


@pytest.fixture(scope="module")
def data() -> DataSet:
    return sample_data_set(400)


@pytest.fixture(scope="module")
def book(data: DataSet) -> Codebook:
    return codebook_of(data, (), ABOUT)


def entry(book: Codebook, name: str) -> Entry:
    return next(one for one in book.entries if one.variable.name == name)


def small(columns: Sequence[tuple[Variable, Column]], blocks: int = 1) -> DataSet:
    """A data set of the given columns, cut into pieces."""
    rows = len(columns[0][1])

    def read() -> Iterator[tuple[Column, ...]]:
        for part in np.array_split(np.arange(rows), blocks):
            yield tuple(column[part] for _, column in columns)

    return replace(
        sample_data_set(2),
        variables=tuple(variable for variable, _ in columns),
        rows=rows,
        blocks=read,
    )


def whole(role: Role = "raw") -> Variable:
    one = Variable("a", Text("A", "甲"), "whole", "ordinal", role, low=1, high=5)
    labels = tuple(Label(n, Text(f"p{n}", f"第{n}")) for n in range(1, 6))
    missing = (Label(-1, Text("skipped", "跳过")),)
    return replace(one, values=labels, missing=missing)


def test_every_number_is_that_of_pandas(data: DataSet, book: Codebook) -> None:
    for variable in data.variables:
        told = entry(book, variable.name).statistics
        column = pd.Series(data.column(variable.name))
        codes = [one.value for one in variable.missing]
        valid = column[~column.isin(codes)].dropna()
        assert told.valid.low == told.valid.high == len(valid)
        assert told.missing == len(column) - len(valid)
        if told.mean is not None and told.sd is not None:
            assert told.mean == pytest.approx(valid.mean(), rel=1e-12)
            assert told.sd == pytest.approx(valid.std(), rel=1e-12)
        times = column.value_counts()
        for one in told.frequencies:
            assert one.n == times.get(one.code, 0), variable.name


def test_means_stand_where_they_mean_something(book: Codebook) -> None:
    told = {
        one.variable.name for one in book.entries if one.statistics.mean is not None
    }
    assert {"TBE_T1", "TBE_T2_keyed", "TBE_T_score", "by"} <= told
    assert told.isdisjoint({"row", "wave", "unit", "language", "remark", "participant"})


def test_pieces_of_any_size_give_the_same_numbers() -> None:
    rng = np.random.default_rng(5)
    number = Variable("x", Text("X", "X"), "number", "scale", "criterion")
    values = 1e9 + rng.normal(size=500)
    codes = rng.choice([-1, 1, 2, 3, 4, 5], 500).astype(np.int16)
    columns: list[tuple[Variable, Column]] = [(number, values), (whole(), codes)]
    once, often = (codebook_of(small(columns, n)) for n in (1, 47))
    for one, other in zip(once.entries, often.entries, strict=True):
        assert one.statistics.frequencies == other.statistics.frequencies
        assert one.statistics.mean == pytest.approx(other.statistics.mean, rel=1e-14)
        assert one.statistics.sd == pytest.approx(other.statistics.sd, rel=1e-7)
    # 1e9 leaves seven digits to the spread of 1
    assert once.entries[0].statistics.sd == pytest.approx(values.std(ddof=1), rel=1e-7)


@pytest.mark.parametrize(
    ("n", "low", "high"), [(0, 0, 4), (4, 0, 4), (5, 5, 9), (19, 15, 19), (20, 20, 20)]
)
def test_below_twenty_a_band_stands_and_nothing_else(
    n: int, low: int, high: int
) -> None:
    column = np.array([3] * n + [-1] * 8, dtype=np.int16)
    told = codebook_of(small([(whole(), column)])).entries[0].statistics
    assert (told.valid.low, told.valid.high) == (low, high)
    exact = n >= 20
    assert (told.mean == 3) is exact
    assert (told.missing == 8) is exact
    assert all((one.n is not None) is exact for one in told.frequencies)
    assert (told.withheld is None) is exact


@pytest.mark.parametrize(("least", "counted"), [(19, False), (20, True)])
def test_no_group_is_counted_where_one_is_small(least: int, counted: bool) -> None:
    column = np.array([1] * 60 + [2] * least, dtype=np.int16)
    told = codebook_of(small([(whole("segment"), column)])).entries[0].statistics
    assert told.valid.low == 60 + least
    assert all((one.n is not None) is counted for one in told.frequencies)
    assert (told.withheld is None) is counted


def test_an_answer_that_all_gave_has_no_spread_and_codes_without_words_are_listed() -> (
    None
):
    column = np.array([4] * 30 + [9], dtype=np.int16)
    told = codebook_of(small([(whole(), column)])).entries[0].statistics
    assert told.frequencies[-2].code == 9
    assert told.frequencies[-2].label is None
    same = codebook_of(small([(whole(), column[:30])])).entries[0].statistics
    assert (same.mean, same.sd) == (4, 0)


def test_no_rows_are_a_codebook_too() -> None:
    empty = codebook_of(small([(whole(), np.zeros(0, dtype=np.int16))]))
    assert empty.entries[0].statistics.withheld is None
    assert page_of(empty, "en")


def test_lineage_and_keying_are_said_in_words(book: Codebook) -> None:
    said = [one.text("en") for one in entry(book, "TBE_T2").said]
    assert "In wave 1 it was TBE.T9." in said
    assert any("against its scale" in one for one in said)
    assert "Not asked in wave 1." in [
        one.text("en") for one in entry(book, "TBE_T3").said
    ]
    keyed = [one.text("zh-hans") for one in entry(book, "TBE_T2_keyed").said]
    assert keyed == ["已反向：8 − 作答。"], "said once, by the data set"
    bare = replace(whole("keyed"), reverse=True)
    rows = np.full(20, 1, dtype=np.int16)
    [told] = codebook_of(small([(bare, rows)])).entries[0].said
    assert "6 minus the answer" in told.text("en")
    score = [one.text("en") for one in entry(book, "TBE_T_score").said]
    assert score == ["Made of TBE_T1_keyed, TBE_T2_keyed, TBE_T3_keyed."]


def data_of(form: definition.Form) -> DataSet:
    """A data set of a form's items, everybody giving the lowest answer."""
    columns = [
        (
            Variable(
                name=item.code.replace(".", "_"),
                label=Text.same(item.code),
                kind="whole",
                measure="ordinal",
                role="raw",
                low=item.low,
                high=item.high,
                item=item.code,
                scale=item.scale,
            ),
            np.full(25, item.low, dtype=np.int16),
        )
        for item in form.items
    ]
    return small(columns)


def test_questions_scales_and_instruments_come_from_the_form() -> None:
    form = form_of()
    record = next(one for one in catalogue().values() if one.mark == "S")
    published = replace(form.instruments[0], catalogue=record.id, modified=True)
    form = replace(form, instruments=(published,))
    book = codebook_of(data_of(form), [form])
    for item, one in zip(form.items, book.entries, strict=True):
        assert one.question == Text(item.text.in_("en"), item.text.in_("zh-hans"))
        said = [sentence.text("en") for sentence in one.said]
        assert any("Asked only where" in text for text in said) is bool(item.show_if)
    asked = {item.scale for item in form.items}
    assert {one.code for one in book.scales} == asked
    names = {one.code: one.name.en for one in form.scales}
    assert all(one.name.en == names[one.code] for one in book.scales)
    told = book.study.instruments[0]
    assert told.modified
    assert str(record.year) in told.source
    assert record.authors[0] in told.source


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize(("language", "html"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_the_page_is_whole_and_fetches_nothing(
    book: Codebook, tmp_path: Path, language: str, html: str
) -> None:
    path = tmp_path / "codebook.html"
    write_html(book, path, language=language)
    text = path.read_text("utf-8")
    seen = Seen()
    seen.feed(text)
    assert f'<html lang="{html}">' in text
    assert "script" not in seen.tags
    assert all(link.startswith("#") for link in seen.links)
    assert "&lt;script&gt;" in text
    assert "url(" not in text
    assert "a\ufffdb\ufffdc" in text
    for one in book.entries:
        assert f'id="v-{one.variable.name}"' in text
        assert one.variable.name in text
    assert "不适用" in text if language == "zh-hans" else "not applicable" in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pdf_holds_every_variable_and_no_markup_runs(
    book: Codebook, tmp_path: Path, language: str
) -> None:
    path = tmp_path / "codebook.pdf"
    write_pdf(book, path, language=language)
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    plain = "".join(text.replace("\u200b", "").split())
    assert all(one.variable.name in plain for one in book.entries)
    assert "#strong[x]$y$" in plain or language == "zh-hans"
    assert "港湾" in plain
    assert "c" * 64 in plain


def test_the_json_is_what_its_schema_says(book: Codebook, tmp_path: Path) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    path = tmp_path / "codebook.json"
    write_json(book, path)
    read = json.loads(path.read_text("utf-8"))
    assert read == json_of(book)
    Draft202012Validator(schema).validate(read)
    form = form_of()
    Draft202012Validator(schema).validate(json_of(codebook_of(data_of(form), [form])))
    names = [one["name"] for one in read["variables"]]
    assert names == [one.variable.name for one in book.entries]
