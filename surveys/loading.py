"""Wording for a published scale of the catalogue: checked against its record, stored.

The platform carries facts about published scales and none of their wording. Whoever
has the right loads it into the own organization; what differs from the record makes the
version `modified`, and it says so wherever it is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from surveys import definition
from surveys.catalogue import Count, Dimension, Record, catalogue, words
from surveys.definition import LANGUAGES, DefinitionError, Questionnaire, Text
from surveys.models import Organization, QuestionnaireVersion
from surveys.wording import LONGEST_CODE, WordingRow, item_code, plain_code

Verdict = Literal["same", "differs", "unknown"]
# Records whose wording anybody may pass on.
FREE = frozenset({"PD", "OPEN"})
FORMAT = "answers"
LONGEST_LICENCE = 200

# What is ticked, by licence class: the words are stored with the version.
STATEMENTS: Mapping[str, Text] = {
    "PD": Text(
        "The wording that I load is in the public domain; nobody has to be asked.",
        "我载入的题目文字属公有领域，无须征得任何人许可。",
    ),
    "OPEN": Text(
        "I have read the open licence of this wording and keep to its terms.",
        "我已阅读该题目文字的开放许可，并遵守其条款。",
    ),
    "NC": Text(
        "We use this wording in non-commercial research only, as its holder allows.",
        "我们仅在权利人允许的非商业研究中使用该题目文字。",
    ),
    "ASK": Text(
        "The holder has permitted my organization to use this wording.",
        "权利人已许可我所在的组织使用该题目文字。",
    ),
    "SOLD": Text(
        "My organization holds a paid licence for this wording.",
        "我所在的组织已购买该题目文字的使用许可。",
    ),
    "TM": Text(
        "I may use this wording, and we keep to the terms of the trademark.",
        "我有权使用该题目文字，我们遵守商标的使用条款。",
    ),
}
# Classes for which it must be said where the permission stands.
NEEDS_PERMISSION = frozenset({"ASK", "SOLD", "TM"})


@dataclass(frozen=True, slots=True)
class Choices:
    """What the owner decided about the rows.

    Attributes
    ----------
    dimension_of : mapping
        Dimension in the table to a dimension of the record, or None: left out.
    low, high : int
        First and last answer point.
    labels : tuple of Text
        One a point, or the two ends of more than seven points.
    reworded : bool
        Whether the owner says that the wording is not the published one.
    """

    dimension_of: Mapping[str, str | None]
    low: int
    high: int
    labels: tuple[Text, ...]
    reworded: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison of the table with the record."""

    what: Text
    published: str
    found: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows against the record.

    Attributes
    ----------
    left_out : tuple of WordingRow
        Rows of dimensions that the record does not have.
    modified : bool
        Whether anything differs; published figures then do not apply.
    """

    record: Record
    rows: tuple[WordingRow, ...]
    choices: Choices
    lines: tuple[Line, ...]
    left_out: tuple[WordingRow, ...]

    @property
    def modified(self) -> bool:
        return self.choices.reworded or any(
            line.verdict == "differs" for line in self.lines
        )

    @property
    def kept(self) -> tuple[WordingRow, ...]:
        return tuple(row for row in self.rows if row not in self.left_out)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which some item that is kept has its wording."""
        return tuple(
            one for one in LANGUAGES if any(one in r.text.wordings for r in self.kept)
        )


def targets(record: Record, rows: Sequence[WordingRow]) -> tuple[Dimension, ...]:
    """Dimensions that rows can belong to: the record's, else those of the table.

    `record` is one that may be displayed: what we know from memory compares nothing.
    """
    if record.structure.dimensions:
        return record.structure.dimensions
    names = dict.fromkeys(row.dimension for row in rows)
    return tuple(_own_dimension(name) for name in names)


def _own_dimension(name: str) -> Dimension:
    shown = Text(name, name) if name else Text("all items", "全部题目")
    return Dimension(item_code(name or "ALL"), shown, None, None)


def suggest(record: Record, rows: Sequence[WordingRow]) -> dict[str, str | None]:
    """Dimension of the record for each of the table: by name, else by item codes."""
    offered = targets(record, rows)
    found: dict[str, str | None] = {}
    for name in dict.fromkeys(row.dimension for row in rows):
        codes = {item_code(row.code) for row in rows if row.dimension == name}
        found[name] = next(
            (d.code for d in offered if _same_dimension(d, name, codes)), None
        )
    if len(found) == len(offered) == 1:
        return dict.fromkeys(found, offered[0].code)
    return found


def _same_dimension(dimension: Dimension, name: str, codes: set[str]) -> bool:
    names = {dimension.code, dimension.name.en, dimension.name.zh_hans}
    known = {item_code(code) for code in dimension.item_codes}
    return name.casefold() in {one.casefold() for one in names} or bool(known & codes)


def check(record: Record, rows: Sequence[WordingRow], choices: Choices) -> Checked:
    """Compare rows and choices with what may be displayed of the record."""
    dimension_of = choices.dimension_of
    left_out = tuple(row for row in rows if dimension_of.get(row.dimension) is None)
    lines: list[Line] = []
    for dimension in targets(record, rows):
        own = [r for r in rows if dimension_of.get(r.dimension) == dimension.code]
        lines += _dimension_lines(dimension, own)
    points = choices.high - choices.low + 1
    known = record.structure.scale_points
    lines.append(_counted(Text("answer points", "选项点数"), known, points))
    return Checked(record, tuple(rows), choices, tuple(lines), left_out)


def _dimension_lines(dimension: Dimension, rows: Sequence[WordingRow]) -> list[Line]:
    en, zh = dimension.name.en, dimension.name.zh_hans
    reverse = [row for row in rows if row.reverse]
    lines = [
        _counted(Text(f"{en}: items", f"{zh}：题数"), dimension.n_items, len(rows)),
        _counted(
            Text(f"{en}: reverse items", f"{zh}：反向题数"),
            dimension.n_reverse,
            len(reverse),
        ),
    ]
    published = _codes(dimension.item_codes)
    # names of one's own for the items say nothing about their wording
    if published and published & _codes(row.code for row in rows):
        what = Text(f"{en}: codes of the items", f"{zh}：题目编号")
        lines.append(_coded(what, dimension.item_codes, rows))
        what = Text(f"{en}: codes of the reverse items", f"{zh}：反向题编号")
        lines.append(_coded(what, dimension.reverse_codes, reverse))
    return lines


def _counted(what: Text, published: Count | None, found: int) -> Line:
    if published is None:
        return Line(what, "", str(found), "unknown")
    verdict: Verdict = "same" if published.value == found else "differs"
    return Line(what, str(published.value), str(found), verdict)


def _coded(what: Text, published: Iterable[str], rows: Iterable[WordingRow]) -> Line:
    known, found = list(published), [row.code for row in rows]
    verdict: Verdict = "same" if _codes(known) == _codes(found) else "differs"
    return Line(what, ", ".join(sorted(known)), ", ".join(sorted(found)), verdict)


def _codes(written: Iterable[str]) -> set[str]:
    return {item_code(code) for code in written}


def compose(checked: Checked, *, code: str, version: int) -> Questionnaire:
    """The questionnaire that the rows make, as version `version` of `code`.

    Raises
    ------
    DefinitionError
        The rows or the labels make no questionnaire; the sentence says why.
    """
    record, low = checked.record, checked.choices.low
    data = {
        "code": code,
        "version": version,
        "kind": "questionnaire",
        "name": _both(_name(checked)),
        "description": _both(described(record, modified=checked.modified)),
        "theory": _both(Text(cited(record), cited(record))),
        "covers": [],
        "nearest_published": [],
        "known_risks": [_both(text) for text in record.known_problems],
        "evidence_level": "E0",
        "native_review": "owed",
        "languages": list(checked.languages),
        "licence": _licence(record),
        "catalogue": record.id,
        "formats": {
            FORMAT: {
                "low": low,
                "high": checked.choices.high,
                "not_applicable": False,
                "labels": [_both(label) for label in checked.choices.labels],
            }
        },
        "scales": [_scale(d, rows) for d, rows in _kept(checked)],
    }
    if checked.modified:
        data["modified"] = True
    return definition.parse_questionnaire(data, source="")


def cited(record: Record) -> str:
    return f"{', '.join(record.authors)} ({record.year}). {record.source}"


def described(record: Record, *, modified: bool) -> Text:
    """Say what a loaded scale is, or what it was before it was changed."""
    en, zh = record.name.en, record.name.zh_hans
    if modified:
        return Text(
            f"Modified from “{en}”; published coefficients do not apply.",
            f"由“{zh}”改动而来；已发表的系数不适用。",
        )
    return Text(
        f"“{en}” as published: items, keys and answer points agree with its record.",
        f"已发表的“{zh}”：题目、计分方向和选项点数与目录记录一致。",
    )


def _name(checked: Checked) -> Text:
    name = checked.record.name
    if not checked.modified:
        return name
    return Text(f"{name.en} (modified)", f"{name.zh_hans}（有改动）")


def _licence(record: Record) -> str:
    """One line for the foot of the respondent's page, in the words of the record."""
    kind = words.LICENCES[record.rights.licence_class].en
    by = ", ".join(record.authors)
    line = f"{by} ({record.year}), {kind}" if by else f"{record.source}, {kind}"
    return line[:LONGEST_LICENCE]


def _kept(checked: Checked) -> list[tuple[Dimension, list[WordingRow]]]:
    chosen = checked.choices.dimension_of
    pairs = [
        (d, [row for row in checked.kept if chosen.get(row.dimension) == d.code])
        for d in targets(checked.record, checked.rows)
    ]
    return [(dimension, rows) for dimension, rows in pairs if rows]


def _scale(dimension: Dimension, rows: Sequence[WordingRow]) -> dict[str, Any]:
    name = _both(dimension.name)
    about = Text(
        f"Items of “{dimension.name.en}” of a published scale.",
        f"已发表量表中“{dimension.name.zh_hans}”的题目。",
    )
    return {
        "code": item_code(dimension.code),
        "name": name,
        "description": _both(about),
        "model": "reflective",
        "format": FORMAT,
        "items": [
            {
                "code": item_code(row.code),
                "text": row.text.wordings,
                "facet": name,
                **({"reverse": True} if row.reverse else {}),
            }
            for row in rows
        ],
    }


def _both(text: Text) -> dict[str, str]:
    return text.wordings


@dataclass(frozen=True, slots=True)
class Right:
    """The statement of the right to use a wording: what was ticked, and by whom."""

    statement: str
    stated_by: str


@transaction.atomic
def store(
    *, organization: Organization, checked: Checked, right: Right, at: datetime
) -> QuestionnaireVersion:
    """Keep the wording as the next version of this scale in one organization.

    The same wording with the same choices again is the version stored before.

    Raises
    ------
    DefinitionError
        As `compose`.
    """
    # two clicks at once are one version
    Organization.objects.select_for_update().get(pk=organization.pk)
    code, last = _code_of(checked.record)
    if last is not None:
        again = compose(checked, code=code, version=last.version)
        again = replace(again, lineage=last.questionnaire().lineage)
        if definition.digest(again) == last.digest:
            return last
    made = compose(checked, code=code, version=last.version + 1 if last else 1)
    if last is not None:
        made = replace(made, lineage=definition.Lineage(code, last.version))
    return QuestionnaireVersion.objects.create(
        organization=organization,
        code=made.code,
        version=made.version,
        kind=made.kind,
        evidence_level=made.evidence_level,
        source=definition.questionnaire_to_yaml(made),
        digest=definition.digest(made),
        right_statement=right.statement,
        right_stated_by=right.stated_by,
        published_at=at,
    )


def _code_of(record: Record) -> tuple[str, QuestionnaireVersion | None]:
    """Code for the scale and its last version here; no code stands for two things."""
    wanted = plain_code(record.id)
    for number in range(1, 100):
        end = "" if number == 1 else f"-{number}"
        code = wanted[: LONGEST_CODE - len(end)].rstrip("-") + end
        known = QuestionnaireVersion.objects.filter(code=code).order_by("-version")
        last = known.first()
        if last is None:
            return code, None
        if last.organization_id and last.questionnaire().catalogue == record.id:
            return code, last
    raise DefinitionError("duplicate", params={"value": wanted})


def may_export(version: QuestionnaireVersion) -> bool:
    """Whether the wording may leave in a public export.

    Wording loaded for a published scale may, where its record is in the public domain
    or openly licensed; wording that carries a right but no record may not.
    """
    record_id = version.questionnaire().catalogue
    if record_id is None:
        return not version.right_statement
    record = catalogue().get(record_id)
    return record is not None and record.rights.licence_class in FREE
