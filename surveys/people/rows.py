"""A row of a list, cleaned and checked by itself."""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from surveys.csv_files import FORMULA_STARTS
from surveys.people.files import Line
from surveys.people.findings import shown
from surveys.people.mapping import ATTRIBUTE, attribute_code

LONGEST = {
    "key": 100,
    "email": 254,
    "phone": 40,
    "name": 200,
    "language": 40,
    "unit_path": 1000,
    "unit_code": 100,
    "parent_code": 100,
    "unit_name": 200,
}
LONGEST_ATTRIBUTE = 200
LANGUAGES = {
    **dict.fromkeys(("en", "eng", "english", "enus", "engb", "英文", "英语"), "en"),
    **dict.fromkeys(
        [
            "zh",
            "zho",
            "chi",
            "chinese",
            "zhcn",
            "zhhans",
            "zhhanscn",
            "cn",
            "simplifiedchinese",
            "mandarin",
            "中文",
            "汉语",
            "简体中文",
            "中文简体",
            "普通话",
            "华语",
        ],
        "zh-hans",
    ),
}
# What people write into a cell that has nothing to say.
NOTHING = frozenset({"-", "–", "—", "--", "/", "n/a", "N/A"})
LEVELS = "/"
_SPACED = re.compile(r"\s+[/>|\\›»]\s+")
_LEVEL = re.compile(r"\s*[/>\\›»]\s*")
_NUMBER = re.compile(r"[+-][\d\s().,/-]*\d[\d\s().,/-]*", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]")
_SIMPLE_EMAIL = re.compile(
    r"[a-zA-Z0-9_+-]+(\.[a-zA-Z0-9_+-]+)*"
    r"@([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,20}"
)

_JSON = json.JSONEncoder(ensure_ascii=False)

Wrong = tuple[str, str, str]  # code, column, value


@dataclass(frozen=True, slots=True)
class Row:
    """What is stored of a row; `attributes` and `wrong` are JSON."""

    line: int
    key: str
    email: str
    phone: str
    name: str
    language: str
    unit: str
    unit_parent: str
    unit_name: str
    attributes: str
    wrong: str


class Reader:
    """Reads rows by the roles of their columns."""

    def __init__(self, header: Sequence[str], roles: Sequence[str]) -> None:
        self.columns = [(at, role, header[at]) for at, role in enumerate(roles) if role]

    def row(self, line: Line) -> Row:
        if line.problem:
            value = str(len(line.cells))
            return _rejected(line.number, [(line.problem, "", value)])
        found: dict[str, str] = {}
        attributes: dict[str, str] = {}
        wrong: list[Wrong] = []
        for at, role, title in self.columns:
            cell = line.cells[at]
            if not cell or cell.isspace():
                continue
            value = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
            value = " ".join(value.split())
            if value in NOTHING:
                continue
            problem = _problem(value, role)
            if problem:
                wrong.append((problem, title, shown(value)))
            elif role.startswith(ATTRIBUTE):
                attributes[_code(role, title)] = value
            else:
                found[role] = value
        return _row(line.number, found, attributes, wrong)


def _row(
    line: int, found: dict[str, str], attributes: dict[str, str], wrong: list[Wrong]
) -> Row:
    if "key" not in found and "email" not in found and not wrong:
        wrong.append(("nobody", "", ""))
    language = found.get("language", "")
    return Row(
        line,
        found.get("key", ""),
        found.get("email", ""),
        found.get("phone", ""),
        found.get("name", ""),
        LANGUAGES[_folded(language)] if language else "",
        found.get("unit_code") or one_path(found.get("unit_path", "")),
        found.get("parent_code", ""),
        found.get("unit_name", ""),
        _JSON.encode(attributes) if attributes else "{}",
        _JSON.encode(wrong) if wrong else "[]",
    )


def _rejected(line: int, wrong: list[Wrong]) -> Row:
    return _row(line, {}, {}, wrong)


def _problem(value: str, role: str) -> str:
    """Code of what is wrong with the value of a cell."""
    if _CONTROL.search(value):
        return "encoding"
    if value[0] in FORMULA_STARTS and not _NUMBER.fullmatch(value):
        return "formula"
    if len(value) > LONGEST.get(role, LONGEST_ATTRIBUTE):
        return "too_long"
    if role == "email" and not _is_email(value):
        return "email"
    if role == "language" and _folded(value) not in LANGUAGES:
        return "language"
    return ""


def _is_email(value: str) -> bool:
    if _SIMPLE_EMAIL.fullmatch(value):
        return True
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


@cache
def _code(role: str, title: str) -> str:
    return role.partition(":")[2] or attribute_code(title)


@lru_cache(maxsize=1_000)
def _folded(language: str) -> str:
    return re.sub(r"[\s_-]", "", language.casefold())[:40]


@lru_cache(maxsize=20_000)
def one_path(written: str) -> str:
    """A path of units written one way: HQ / Sales / Team 3."""
    return f" {LEVELS} ".join(parts_of(written)) if written else ""


def parts_of(path: str) -> list[str]:
    """Names along a path; a name may hold a slash where the levels are set apart."""
    apart = _SPACED if _SPACED.search(path) else _LEVEL
    return [part for part in apart.split(path) if part]


def in_batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
