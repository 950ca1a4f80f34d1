"""The catalogue of published scales: whole, true to its marks, and without wording."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from surveys.catalogue import (
    LENGTHS,
    CatalogueError,
    Check,
    Count,
    Displayed,
    Figure,
    Record,
    Wanted,
    catalogue,
    find,
    load_records,
    parse_record,
    words,
)
from surveys.definition.errors import DefinitionError
from surveys.definition.text import Text

RECORDS = list(catalogue().values())
DISPLAYED = [record.displayed() for record in RECORDS]

SMALL = """
id: small
name: {en: Small scale, zh-hans: 小量表}
authors: [A. Author]
year: 2001
source: "Journal 1, 1-2"
mark: S
referents: [leader]
constructs: [trust]
structure:
  mark: S
  items: 3 S
  points: 7 M
  anchors: agreement
  dimensions:
    - {code: A, name: {en: care, zh-hans: 关心}, items: 3 S, reverse: 1 M}
published:
  - {mark: M, sample: 77, alpha: {A: 0.81}, source: somewhere}
rights:
  holder: {en: the author, zh-hans: 作者}
  licence: ASK
  contact: {en: the author, zh-hans: 作者}
  wording: paper
"""


def small(*changes: tuple[str, str]) -> Record:
    document = SMALL
    for old, new in changes:
        assert old in document
        document = document.replace(old, new)
    return parse_record(document, source="small.yaml")


def named(record: Record) -> str:
    return record.id


def texts(value: object) -> Iterator[str]:
    """Every text inside a record, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from texts(getattr(value, name))


def test_at_least_55_records_with_source_rights_and_structure() -> None:
    assert len(RECORDS) >= 55
    for record in RECORDS:
        assert record.doi or record.source, record.id
        assert record.structure.dimensions, record.id
        assert record.rights.holder.en, record.id
        assert record.rights.permission_contact.zh_hans, record.id


def test_most_records_show_a_source_and_a_structure_that_was_read() -> None:
    shown = [d for d in DISPLAYED if d.record.structure.dimensions]
    assert len(shown) >= 55
    assert sum(record.mark == "S" for record in RECORDS) >= 55


def test_ids_names_and_sources_are_unique() -> None:
    assert len({record.id for record in load_records()}) == len(RECORDS)
    assert len({record.name.en for record in RECORDS}) == len(RECORDS)
    assert len({record.name.zh_hans for record in RECORDS}) == len(RECORDS)
    dois = [record.doi for record in RECORDS if record.doi]
    assert len(set(dois)) == len(dois)


def test_the_spi_trust_scale_can_be_checked_item_by_item() -> None:
    record = catalogue()["spi-trust"]
    [trust] = record.structure.dimensions
    assert trust.item_codes == ("q_1855", "q_4289", "q_377", "q_379", "q_871")
    assert trust.reverse_codes == ("q_871",)
    assert record.rights.licence_class == "PD"
    [study] = record.displayed().record.published
    assert Figure("alpha", "TOTAL", (0.8714,)) in study.figures
    assert Figure("CFI", "TOTAL", (0.983,)) in study.figures


@pytest.mark.parametrize("record", RECORDS, ids=named)
def test_no_unchecked_number_is_displayed(record: Record) -> None:
    shown = record.displayed().record
    if shown.structure.check is None:
        assert all(count.mark == "S" for count in shown.structure.counts())
        assert shown.structure.mark == "S" or not shown.structure.dimensions
    assert all(entry.mark == "S" or entry.check for entry in shown.published)
    assert not shown.doi or shown.doi_mark == "S"


def test_what_is_left_out_is_counted() -> None:
    displayed = small().displayed()
    assert displayed.unchecked_counts == 2  # points, reverse items
    assert displayed.unchecked_figures == 2  # sample, alpha
    assert displayed.n_items == 3
    assert displayed.record.structure.scale_points is None
    # the name of the anchors came with the points
    assert displayed.record.structure.anchors == ""


def test_a_checked_number_is_displayed() -> None:
    record = small()
    check = Check("Reader", date(2026, 1, 31))
    checked = replace(
        record,
        structure=replace(record.structure, check=check),
        published=tuple(replace(entry, check=check) for entry in record.published),
    ).displayed()
    assert checked.record.structure.scale_points == Count(7, "M")
    assert checked.record.published[0].sample_n == 77
    assert (checked.unchecked_counts, checked.unchecked_figures) == (0, 0)


def test_who_checked_and_when_is_read_from_the_record() -> None:
    [entry] = small(
        ("alpha: {A: 0.81}", "alpha: {A: 0.81}, checked: {by: X, date: 2026-01-31}")
    ).published
    assert entry.check == Check("X", date(2026, 1, 31))
    assert entry.reliable


def test_a_structure_from_memory_is_not_displayed_at_all() -> None:
    record = small(("structure:\n  mark: S", "structure:\n  mark: M"))
    displayed = record.displayed()
    assert displayed.record.structure.dimensions == ()
    assert displayed.n_items is None
    assert displayed.unchecked_counts == 4


def test_the_length_is_the_sum_of_the_dimensions_when_it_is_not_stated() -> None:
    assert small(("  items: 3 S\n", "")).displayed().n_items == 3
    unchecked = small(
        ("  items: 3 S\n", ""), ("items: 3 S, reverse", "items: 3 M, reverse")
    )
    assert unchecked.displayed().n_items is None


@pytest.mark.parametrize("record", RECORDS, ids=named)
def test_no_record_carries_wording(record: Record) -> None:
    """Items speak in the first person or are complete statements about somebody."""
    items = re.compile(r"\b(I|my|me|we|our|us)\b|我|我们|您", re.IGNORECASE)
    names = [record.name, *(d.name for d in record.structure.dimensions)]
    for name in names:
        for said in (name.en, name.zh_hans):
            assert len(said) <= 100, said
            assert not items.search(said), said
            assert not said.endswith((".", "?", "。", "？")), said
    for said in texts(record):
        assert len(said) <= 250, said
        assert not re.search(r"\bI (am|can|feel|have|trust|think|would)\b", said), said


@pytest.mark.parametrize("record", RECORDS, ids=named)
def test_both_languages_are_written(record: Record) -> None:
    def pairs(value: object) -> Iterator[Text]:
        if isinstance(value, Text):
            yield value
        elif isinstance(value, tuple):
            for part in value:
                yield from pairs(part)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                yield from pairs(getattr(value, name))

    for text in pairs((record.known_problems, record.published, record.structure)):
        assert not re.search(r"[\u4e00-\u9fff]", text.en), text.en
        assert re.search(r"[\u4e00-\u9fff]", text.zh_hans), text.zh_hans


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (
            Wanted(referent="physician"),
            {"wake-forest-physician-trust", "anderson-dedrick-physician"},
        ),
        (Wanted(licence="TM"), {"net-promoter"}),
        (Wanted(text="edmondson"), {"edmondson-1999"}),
        (Wanted(text="心理安全"), {"edmondson-1999"}),
        (Wanted(text="McAllister 1995"), {"mcallister-1995"}),
        (Wanted(text="benevolence", referent="website", length="5-10"), {"trustdiff"}),
        (Wanted(language="ja"), {"liu-guo-2015"}),
        (Wanted(construct="repair"), {"etrs-trust-repair"}),
        (Wanted(text="no such words"), set()),
    ],
)
def test_the_search_finds_by(wanted: Wanted, expected: set[str]) -> None:
    assert {entry.record.id for entry in find(DISPLAYED, wanted)} == expected


def test_nothing_wanted_finds_everything() -> None:
    assert len(find(DISPLAYED, Wanted())) == len(RECORDS)


def test_every_record_has_one_length() -> None:
    found = [e for code in LENGTHS for e in find(DISPLAYED, Wanted(length=code))]
    assert sorted(e.record.id for e in found) == sorted(catalogue())


def test_an_unchecked_length_is_found_by_no_band() -> None:
    record = small(
        ("  items: 3 S\n", ""), ("items: 3 S, reverse", "items: 3 M, reverse")
    )
    assert find([record.displayed()], Wanted(length="1-4")) == ()
    assert len(find([record.displayed()], Wanted(length="unknown"))) == 1


def test_a_language_needs_evidence_that_is_shown() -> None:
    unchecked = ("sample: 77", "sample: 77, languages: [it]")
    read = ("mark: M, sample: 77", "mark: S, sample: 77, languages: [it]")

    def italian(record: Record) -> tuple[Displayed, ...]:
        return find([record.displayed()], Wanted(language="it"))

    assert italian(small(unchecked)) == ()
    assert len(italian(small(read))) == 1


BROKEN = [
    ("bad_id", "id: small", "id: Small One"),
    ("bad_id", "id: small", "id: other"),
    ("bad_doi", "mark: S\nreferents", "mark: S\ndoi: https://doi.org/x\nreferents"),
    ("missing_key", "mark: S\nreferents", "mark: S\ndoi: 10.1234/x\nreferents"),
    ("bad_count", "points: 7 M", "points: 7"),
    ("bad_count", "points: 7 M", "points: 7 X"),
    ("counts_differ", "items: 3 S\n", "items: 4 S\n"),
    ("more_reverse", "reverse: 1 M", "reverse: 4 M"),
    ("bad_choice", "referents: [leader]", "referents: [nobody]"),
    ("bad_choice", "licence: ASK", "licence: FREE"),
    ("unknown_dimension", "alpha: {A: 0.81}", "alpha: {B: 0.81}"),
    ("bad_figure", "alpha: {A: 0.81}", "alpha: {A: high}"),
    ("bad_figure", "alpha: {A: 0.81}", "alpha: {A: [0.1, 0.2, 0.3]}"),
    ("bad_pair", "alpha: {A: 0.81}", "means_sd: {A: 4.2}"),
    ("nothing_published", "alpha: {A: 0.81}, ", ""),
    ("bad_date", "alpha: {A: 0.81}", "alpha: {A: 0.81}, checked: {by: X, date: soon}"),
    ("bad_item_code", "reverse: 1 M", "reverse: 1 M, item_codes: [one, two, I trust]"),
    ("counts_differ", "reverse: 1 M", "reverse: 1 M, item_codes: [one, two]"),
    ("unknown_key", "authors:", "items: [wording]\nauthors:"),
    ("missing_language", "{en: care, zh-hans: 关心}", "{en: care}"),
    ("not_yaml", "id: small", "id: [small"),
]


@pytest.mark.parametrize(("code", "old", "new"), BROKEN)
def test_a_broken_record_is_refused_by_name(code: str, old: str, new: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        small((old, new))
    assert refusal.value.code == code
    assert "small.yaml" in str(refusal.value)
    assert refusal.value.in_("zh-hans") != refusal.value.in_("en")


def test_the_catalogues_own_errors_have_both_languages() -> None:
    for code, text in CatalogueError.sentences.items():
        assert text.en, code
        assert re.search(r"[\u4e00-\u9fff]", text.zh_hans), code


def test_the_words_of_the_codes_differ_between_the_languages() -> None:
    for texts_of in (
        words.REFERENTS,
        words.CONSTRUCTS,
        words.LICENCES,
        words.PERMISSIONS,
    ):
        for text in texts_of.values():
            assert text.en != text.zh_hans
