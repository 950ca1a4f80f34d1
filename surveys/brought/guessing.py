"""Which column is which item, and how it counts: guesses with their reasons. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from surveys.brought.coding import (
    CODINGS,
    OURS,
    Coding,
    number_of,
    points_of,
    text_code,
    turned,
    written,
)
from surveys.brought.mapping import ItemColumn, Mapping, Sure
from surveys.brought.periods import period_of
from surveys.brought.source import Source, SourceColumn
from surveys.definition import LANGUAGES, Form, FormItem
from surveys.people.mapping import plain

MISSING: Final = ("NA", "N/A", "NaN", ".", "-9", "-99", "99", "999", "#N/A", "NULL")
PROFILED: Final = 2_000  # rows that a guess is made from
MOST_VALUES: Final = 60  # of one column
LIKELY, PERHAPS = 0.75, 0.55  # shares of common letter triples
LONGEST_COMPARED: Final = 300
_LANGUAGE = {
    plain(one)
    for one in [
        "language",
        "lang",
        "userlanguage",
        "startlanguage",
        "locale",
        "语言",
        "语种",
        "起始语言",
        "开始语言",
        "答题语言",
    ]
} | {plain("Start language"), plain("User Language")}
_UNIT = {
    plain(one)
    for one in [
        "team",
        "unit",
        "department",
        "dept",
        "division",
        "group",
        "团队",
        "部门",
        "单位",
        "班组",
        "科室",
    ]
} | {plain("unit code"), plain("team code"), plain("所属部门")}
_DAY = {
    plain(one)
    for one in [
        "submitdate",
        "enddate",
        "recordeddate",
        "date",
        "day",
        "wave",
        "timestamp",
        "datestamp",
        "period",
        "completed",
        "日期",
        "时间",
        "波次",
        "轮次",
        "提交日期",
        "提交时间",
        "时间戳记",
        "期间",
    ]
} | {plain("Date submitted"), plain("End Date"), plain("Recorded Date")}


@dataclass(slots=True)
class Profile:
    """The values of one column among the first rows."""

    values: Counter[str] = field(default_factory=Counter)

    def add(self, cell: str) -> None:
        text = written(cell)[:LONGEST_COMPARED]
        if text and (len(self.values) < MOST_VALUES or text in self.values):
            self.values[text] += 1


def profiles_of(rows: Iterable[Sequence[str]], columns: int) -> list[Profile]:
    """Gather the values of every column."""
    found = [Profile() for _ in range(columns)]
    for row in rows:
        for profile, cell in zip(found, row, strict=False):
            profile.add(cell)
    return found


def guess(form: Form, source: Source, profiles: Sequence[Profile]) -> Mapping:
    """Guess everything that the page asks to confirm."""
    segments = _segments(source.columns, profiles)
    columns = _columns(form, source.columns, set(segments.values()))
    _by_order(form, columns, source.columns, profiles, set(segments.values()))
    items = tuple(
        _coded(item, columns[at], source, profiles) if at in columns else ItemColumn(-1)
        for at, item in enumerate(form.items)
    )
    period = "one"
    if (day := segments.get("day", -1)) >= 0:
        period = _period(profiles[day])
    return Mapping(
        items,
        language=segments.get("language", -1),
        unit=segments.get("unit", -1),
        day=segments.get("day", -1),
        period=period,
        missing=_missing(form),
        texts=_texts(form, items, source, profiles),
    )


def _missing(form: Form) -> tuple[str, ...]:
    """What usually stands for a missing answer, without what an item offers."""
    return tuple(
        one
        for one in MISSING
        if (number := number_of(one)) is None
        or not any(item.low <= number <= item.high for item in form.items)
    )


# ------------------------------------------------------------------------------ columns


def _columns(
    form: Form, columns: Sequence[SourceColumn], taken: set[int]
) -> dict[int, ItemColumn]:
    """Best pairs first; no column and no item twice."""
    pairs = [
        (score, -item_at, -at, why)
        for item_at, item in enumerate(form.items)
        for at, column in enumerate(columns)
        if at not in taken
        for score, why in [_alike(item, column, form)]
        if score >= PERHAPS
    ]
    found: dict[int, ItemColumn] = {}
    used: set[int] = set()
    for score, item_at, at, why in sorted(pairs, reverse=True):
        if -item_at in found or -at in used:
            continue
        sure: Sure = (
            "certain" if score >= 1 else "likely" if score >= LIKELY else "perhaps"
        )
        found[-item_at] = ItemColumn(-at, sure=sure, why=why)
        used.add(-at)
    return found


def _alike(item: FormItem, column: SourceColumn, form: Form) -> tuple[float, str]:
    """Return how much a column is an item, and why.

    2 and 1.5 by codes, 1 by the very words, less by the share of common letter triples.
    """
    code = _code_score(item, column, form)
    if code:
        return code, "code"
    texts = [one for one in (column.text, column.inner, column.name) if len(one) > 5]
    best = 0.0
    for wording in (item.text.en, item.text.zh_hans):
        wanted = plain(wording)
        if not wanted:
            continue
        for text in texts:
            found = plain(text)
            if found == wanted:
                return 1.0, "text"
            best = max(best, _common(wanted, found))
    return min(best, 0.99), "alike"


def _code_score(item: FormItem, column: SourceColumn, form: Form) -> float:
    names = {plain(one) for one in (column.name, column.ident, column.inner) if one}
    if plain(item.code) in names:
        return 2.0
    outer = column.name.partition("[")[0]
    if column.inner and plain(f"{outer}{column.inner}") == plain(item.code):
        return 2.0
    short = plain(item.code.partition(".")[2])
    same = [one for one in form.items if plain(one.code.partition(".")[2]) == short]
    return 1.5 if short and len(same) == 1 and short in names else 0.0


_GRAMS: dict[str, frozenset[str]] = {}


def _common(first: str, second: str) -> float:
    """Share of common triples of letters (pairs in short texts)."""
    if not first or not second:
        return 0.0
    if not 0.4 < len(first) / len(second) < 2.5:
        return 0.0
    one, other = _grams(first), _grams(second)
    whole = len(one | other)
    return len(one & other) / whole if whole else 0.0


def _grams(text: str) -> frozenset[str]:
    text = text[:LONGEST_COMPARED]
    size = 3 if text.isascii() else 2
    return frozenset(text[at : at + size] for at in range(max(1, len(text) - size + 1)))


def _by_order(
    form: Form,
    found: dict[int, ItemColumn],
    columns: Sequence[SourceColumn],
    profiles: Sequence[Profile],
    taken: set[int],
) -> None:
    """Lay as many columns of fitting values beside as many items that have none."""
    left = [at for at in range(len(form.items)) if at not in found]
    used = taken | {one.column for one in found.values()}
    free = [at for at in range(len(columns)) if at not in used and profiles[at].values]
    fitting = [
        at for at in free if any(_fits(form.items[one], profiles[at]) for one in left)
    ]
    # one short row of codes such as Q1 to Q9; anything else would be dice
    if len(left) < 2 or len(fitting) != len(left):
        return
    pairs = list(zip(left, fitting, strict=True))
    if all(_fits(form.items[item], profiles[at]) for item, at in pairs):
        for item, at in pairs:
            found[item] = ItemColumn(at, sure="perhaps", why="order")


def _fits(item: FormItem, profile: Profile) -> bool:
    """Whether nearly all values may be answers of an item."""
    numbers = [number_of(one) for one in profile.values]
    good = sum(
        one is not None and item.low - 1 <= one <= item.high + 1 for one in numbers
    )
    if not good:
        good = sum(text_code(one, item) is not None for one in profile.values)
    return good >= 0.8 * len(profile.values)


# ----------------------------------------------------------------------------- codings


def _coded(
    item: FormItem, one: ItemColumn, source: Source, profiles: Sequence[Profile]
) -> ItemColumn:
    found = coding_of(item, source.columns[one.column], profiles[one.column])
    coding, sure, why = found
    return replace(one, coding=coding, coding_sure=sure, coding_why=why)


def coding_of(
    item: FormItem, column: SourceColumn, profile: Profile
) -> tuple[Coding, Sure, str]:
    """How the numbers of a column count the points of an item, and why it seems so."""
    by_labels = _by_labels(item, column)
    if by_labels is not None:
        return (
            by_labels,
            "certain",
            "labels_turned" if by_labels == "turned" else "labels",
        )
    answers = [
        one
        for one in profile.values
        if one not in MISSING and not column.is_missing(one)
    ]
    numbers = {n for one in answers if (n := number_of(one)) is not None} - OURS
    if not answers:
        return "same", "none", "empty"
    if not numbers:
        known = sum(text_code(one, item) is not None for one in answers)
        sure: Sure = "certain" if known == len(answers) else "perhaps"
        return "same", sure, "labels"
    low, high = min(numbers), max(numbers)
    if item.low <= low and high <= item.high:
        return "same", "certain" if high == item.high else "likely", "range"
    if low == item.low - 1 and high < item.high:
        return "from_zero", "likely", "zero"
    if high == item.high + 1 and low > item.low:
        return "from_one", "likely", "over"
    return "same", "perhaps", "mixed"


def _by_labels(item: FormItem, column: SourceColumn) -> Coding | None:
    """The coding under which the file's labels are the item's, where two or more are."""
    points = points_of(item)
    pairs = [
        (number, points[plain(text)])
        for value, text in column.labels.items()
        if (number := number_of(value)) is not None and plain(text) in points
    ]
    if len(pairs) < 2:
        return None
    for coding in CODINGS[:4]:
        if all(turned(number, item, coding) == point for number, point in pairs):
            return coding
    return "labels"


def _texts(
    form: Form,
    items: Sequence[ItemColumn],
    source: Source,
    profiles: Sequence[Profile],
) -> dict[str, dict[str, int]]:
    """Texts that occur as answers, by the range of the scale, with the points guessed.

    Texts that nobody understands stand there as skipped once the owner says so.
    """
    found: dict[str, dict[str, int]] = {}
    for item, one in zip(form.items, items, strict=True):
        if one.column < 0:
            continue
        for text in profiles[one.column].values:
            code = text_code(text, item) if number_of(text) is None else None
            if code is not None:
                found.setdefault(range_of(item), {})[plain(text)] = code
    return found


def range_of(item: FormItem) -> str:
    """Name of the scale of an item in `Mapping.texts`."""
    return f"{item.low}-{item.high}"


# ---------------------------------------------------------------------------- segments


def _segments(
    columns: Sequence[SourceColumn], profiles: Sequence[Profile]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for role, titles in (("language", _LANGUAGE), ("unit", _UNIT), ("day", _DAY)):
        for at, column in enumerate(columns):
            names = {plain(one) for one in (column.name, column.text, column.ident)}
            if (
                names & titles
                and role not in found
                and _holds(role, column, profiles[at])
            ):
                found[role] = at
    return found


def _holds(role: str, column: SourceColumn, profile: Profile) -> bool:
    """Whether the values of a column can be what its title says."""
    values = list(profile.values)
    if not values:
        return False
    if role == "language":
        return all(language_of(column.labels.get(one, one)) for one in values)
    if role == "day":
        return all(period_of(one) for one in values)
    return True


def _period(profile: Profile) -> str:
    """One wave where all days lie within two months, else one for each quarter."""
    spans = [span for one in profile.values if (span := period_of(one)) is not None]
    first, last = min(one.first for one in spans), max(one.last for one in spans)
    return "one" if (last - first).days <= 62 else "quarter"


_LANGUAGES = {
    **{plain(code): code for code in LANGUAGES},
    **dict.fromkeys(["en", "engb", "enus", "english", "英文", "英语", "0"], "en"),
    **dict.fromkeys(
        [
            "zh",
            "zhs",
            "zhcn",
            "zhhans",
            "zhhansinformal",
            "chinese",
            "中文",
            "简体中文",
            "chinesesimplified",
            "simplifiedchinese",
            "汉语",
            "1",
        ],
        "zh-hans",
    ),
}


def language_of(value: str) -> str | None:
    """Language of the site that a cell names."""
    return _LANGUAGES.get(plain(value))
