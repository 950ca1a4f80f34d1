"""YAML of one record to a `Record`; refuses whatever is unclear."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import cast

from surveys.catalogue import words
from surveys.catalogue.errors import refuse
from surveys.catalogue.record import (
    MARKS,
    TOTAL,
    Adaptation,
    Check,
    Count,
    Dimension,
    Figure,
    Mark,
    Published,
    Record,
    Rights,
    Structure,
)
from surveys.definition.reader import Reader
from surveys.definition.text import Text
from surveys.definition.yaml_text import read_yaml

_TOP = frozenset(
    {
        "id",
        "name",
        "authors",
        "year",
        "source",
        "mark",
        "doi",
        "doi_mark",
        "referents",
        "constructs",
        "structure",
        "published",
        "rights",
        "known_problems",
        "adaptations",
    }
)
_STRUCTURE = frozenset(
    {"mark", "items", "points", "anchors", "dimensions", "scoring", "checked"}
)
_DIMENSION = frozenset(
    {"code", "name", "items", "reverse", "item_codes", "reverse_codes"}
)
_PUBLISHED = frozenset(
    {
        "mark",
        "sample",
        "countries",
        "languages",
        "alpha",
        "omega",
        "fit",
        "loadings",
        "correlations",
        "means_sd",
        "finding",
        "source",
        "checked",
    }
)
_RIGHTS = frozenset({"holder", "licence", "text", "contact", "wording"})
# not "on": YAML 1.1 reads that key as true
_CHECK = frozenset({"by", "date"})
_ADAPTATION = frozenset({"language", "citation"})

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 40
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ITEM_CODE = re.compile(r"[A-Za-z0-9_.-]{1,24}")
_COUNT = re.compile(r"(\d{1,3}) ([SM])")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_LARGEST_SAMPLE = 10_000_000
_PAIR = 2


def parse_record(document: str, *, source: str) -> Record:
    """Record in the YAML text `document`.

    Raises
    ------
    DefinitionError
        At the first rule broken, naming `source` and the place inside it.
    """
    top = Reader.at(read_yaml(document, source=source), _TOP, where="", source=source)
    structure = _structure(_child(top, "structure", _STRUCTURE))
    doi = _doi(top)
    return Record(
        id=_id(top),
        name=top.text("name"),
        authors=top.strings("authors", empty=True),
        year=top.integer("year", _FIRST_YEAR, _LAST_YEAR),
        source=top.string("source"),
        mark=_mark(top),
        doi=doi,
        doi_mark=_mark(top, "doi_mark") if doi else "S",
        referents=_codes(top, "referents", words.REFERENTS),
        constructs=_codes(top, "constructs", words.CONSTRUCTS),
        structure=structure,
        published=_published(top, structure),
        rights=_rights(_child(top, "rights", _RIGHTS)),
        known_problems=_texts(top, "known_problems"),
        adaptations=_adaptations(top),
    )


def _id(top: Reader) -> str:
    value = top.string("id")
    named = top.source.removesuffix(".yaml")
    if not _ID.fullmatch(value) or len(value) > _LONGEST_ID or value != named:
        refuse(top, "bad_id", "id", value=value)
    return value


def _doi(top: Reader) -> str:
    if "doi" not in top.data:
        return ""
    value = top.string("doi")
    if not _DOI.fullmatch(value):
        refuse(top, "bad_doi", "doi", value=value)
    return value


def _mark(reader: Reader, key: str = "mark") -> Mark:
    return cast(Mark, reader.choice(key, MARKS))


def _codes(
    reader: Reader, key: str, allowed: words.Words, *, empty: bool = False
) -> tuple[str, ...]:
    if empty and key not in reader.data:
        return ()
    found = reader.strings(key)
    for index, value in enumerate(found):
        if value not in allowed:
            names = ", ".join(allowed)
            reader.fail("bad_choice", f"{key}[{index}]", value=value, allowed=names)
    return found


def _word(reader: Reader, key: str, allowed: words.Words) -> str:
    return reader.choice(key, tuple(allowed)) if key in reader.data else ""


def _child(reader: Reader, key: str, allowed: Collection[str]) -> Reader:
    return Reader.at(
        reader.get(key), allowed, where=reader.place(key), source=reader.source
    )


def _children(reader: Reader, key: str, allowed: Collection[str]) -> tuple[Reader, ...]:
    return reader.children(key, allowed) if key in reader.data else ()


def _texts(reader: Reader, key: str) -> tuple[Text, ...]:
    return reader.texts(key) if key in reader.data else ()


def _structure(reader: Reader) -> Structure:
    dimensions = tuple(
        _dimension(child) for child in reader.children("dimensions", _DIMENSION)
    )
    reader.distinct("dimensions", [dimension.code for dimension in dimensions])
    structure = Structure(
        mark=_mark(reader),
        n_items=_count(reader, "items"),
        scale_points=_count(reader, "points"),
        anchors=_word(reader, "anchors", words.ANCHORS),
        dimensions=dimensions,
        scoring=_word(reader, "scoring", words.SCORING),
        check=_check(reader),
    )
    _same_total(reader, structure)
    return structure


def _same_total(reader: Reader, structure: Structure) -> None:
    parts = [dimension.n_items for dimension in structure.dimensions]
    known = [part.value for part in parts if part is not None]
    if structure.n_items is None or len(known) < len(parts):
        return
    if sum(known) != structure.n_items.value:
        total = structure.n_items.value
        refuse(reader, "counts_differ", "items", found=sum(known), total=total)


def _dimension(reader: Reader) -> Dimension:
    items, reverse = _count(reader, "items"), _count(reader, "reverse")
    if items and reverse and reverse.value > items.value:
        counts = {"reverse": reverse.value, "items": items.value}
        refuse(reader, "more_reverse", "reverse", **counts)
    codes = _item_codes(reader, "item_codes")
    turned = _item_codes(reader, "reverse_codes")
    for count, key, given in (
        (items, "item_codes", codes),
        (reverse, "reverse_codes", turned),
    ):
        if given and (count is None or count.value != len(given)):
            total = count.value if count else 0
            refuse(reader, "counts_differ", key, found=len(given), total=total)
    return Dimension(reader.code(), reader.text("name"), items, reverse, codes, turned)


def _item_codes(reader: Reader, key: str) -> tuple[str, ...]:
    """The holder's codes; the pattern leaves no room for wording."""
    if key not in reader.data:
        return ()
    codes = reader.strings(key)
    for index, value in enumerate(codes):
        if not _ITEM_CODE.fullmatch(value):
            refuse(reader, "bad_item_code", f"{key}[{index}]", value=value)
    return codes


def _count(reader: Reader, key: str) -> Count | None:
    if key not in reader.data:
        return None
    value = reader.get(key)
    found = _COUNT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        refuse(reader, "bad_count", key, value=value)
    return Count(int(found[1]), cast(Mark, found[2]))


def _check(reader: Reader) -> Check | None:
    if "checked" not in reader.data:
        return None
    child = _child(reader, "checked", _CHECK)
    by, on = child.string("by"), child.get("date")
    # YAML reads 2026-01-31 as a date by itself
    if not isinstance(on, date):
        refuse(child, "bad_date", "date", value=on)
    return Check(by, on)


def _published(top: Reader, structure: Structure) -> tuple[Published, ...]:
    allowed = (TOTAL, *(dimension.code for dimension in structure.dimensions))
    return tuple(
        _entry(child, allowed) for child in _children(top, "published", _PUBLISHED)
    )


def _entry(reader: Reader, dimensions: Collection[str]) -> Published:
    figures = _figures(reader, dimensions)
    finding = reader.text("finding") if "finding" in reader.data else None
    if not figures and finding is None:
        refuse(reader, "nothing_published")
    sample = None
    if "sample" in reader.data:
        sample = reader.integer("sample", 1, _LARGEST_SAMPLE)
    return Published(
        mark=_mark(reader),
        sample_n=sample,
        countries=_codes(reader, "countries", words.COUNTRIES, empty=True),
        languages=_codes(reader, "languages", words.LANGUAGES, empty=True),
        figures=figures,
        finding=finding,
        source=reader.string("source"),
        check=_check(reader),
    )


def _figures(reader: Reader, dimensions: Collection[str]) -> tuple[Figure, ...]:
    found: list[Figure] = []
    for statistic in ("alpha", "omega"):
        for of, value in _mapping(reader, statistic, dimensions).items():
            place = f"{statistic}.{of}"
            found.append(Figure(statistic, of, _numbers(reader, place, value)))
    for statistic, value in _mapping(reader, "fit", words.FIT).items():
        place = f"fit.{statistic}"
        found.append(Figure(statistic, TOTAL, _numbers(reader, place, value)))
    for statistic in ("loadings", "correlations"):
        if statistic in reader.data:
            values = _numbers(reader, statistic, reader.get(statistic))
            found.append(Figure(statistic, TOTAL, values))
    for of, value in _mapping(reader, "means_sd", dimensions).items():
        place = f"means_sd.{of}"
        values = _numbers(reader, place, value)
        if len(values) != _PAIR:
            refuse(reader, "bad_pair", place, value=value)
        found.append(Figure("mean", of, values))
    return tuple(found)


def _mapping(
    reader: Reader, key: str, allowed: Collection[str]
) -> Mapping[str, object]:
    if key not in reader.data:
        return {}
    value = reader.get(key)
    if not isinstance(value, Mapping) or not value:
        reader.fail("empty", key)
    for name in value:
        if name not in allowed:
            names = ", ".join(allowed)
            refuse(reader, "unknown_dimension", key, value=name, allowed=names)
    return value


def _numbers(reader: Reader, place: str, value: object) -> tuple[float, ...]:
    given = value if isinstance(value, list) else [value]
    values = tuple(
        float(number)
        for number in given
        # bool is a subclass of int
        if isinstance(number, int | float) and not isinstance(number, bool)
    )
    if len(values) != len(given) or len(values) not in {1, _PAIR}:
        refuse(reader, "bad_figure", place, value=value)
    return values


def _rights(reader: Reader) -> Rights:
    return Rights(
        holder=reader.text("holder"),
        licence_class=reader.choice("licence", tuple(words.LICENCES)),
        permission_text=reader.text("text") if "text" in reader.data else None,
        permission_contact=reader.text("contact"),
        wording_source=reader.choice("wording", tuple(words.WORDING)),
    )


def _adaptations(top: Reader) -> tuple[Adaptation, ...]:
    return tuple(
        Adaptation(
            child.choice("language", tuple(words.LANGUAGES)), child.string("citation")
        )
        for child in _children(top, "adaptations", _ADAPTATION)
    )
