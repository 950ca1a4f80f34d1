"""Which columns a data set of forms has, and what each says about itself.

Pure but for the definitions. Items of several forms stand in one column where their
answers compare (`surveys.definition.merging`); a scale score where it is made of the
same columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.export.dataset import Label, Measure, Variable
from analytics.plan import Text
from surveys import definition
from surveys.definition.codec import NOT_APPLICABLE, NOT_ASKED, NOT_SHOWN, SKIPPED
from surveys.definition.merging import MergedColumn, MergedForm

NO_ANSWER: Final = (
    Label(SKIPPED, Text("skipped", "跳过")),
    Label(NOT_APPLICABLE, Text("not applicable", "不适用")),
    Label(NOT_SHOWN, Text("not shown", "未显示")),
)
MEASURES: Final[Mapping[definition.AnswerKind, Measure]] = {
    "rating": "ordinal",
    "choice": "nominal",
    "number": "scale",
}
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")
_REWORDED = Text(
    "Worded differently in different versions: compare waves with care.",
    "各版本措辞不同：比较各轮时请谨慎。",
)
_TURNED = Text("Turned round: {sum} - answer.", "已反向：{sum} − 作答。")
_HALF = Text(
    "Mean of the keyed answers of those who answered at least half of the items; empty "
    "for the others.",
    "作答至少一半题目者的计分后均值；其余为空。",
)
_OTHER_ITEMS = Text(
    "Made of other items than {others}: not the same score.",
    "所含题目与 {others} 不同：不是同一分数。",
)


class Names:
    """Gives names of ASCII letters, digits and underscores, each only once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """Return `wanted` as a name, with a number behind it where it is taken."""
        plain = _NOT_IN_A_NAME.sub("_", wanted).strip("_") or "v"
        first = plain if plain[0].isalpha() else f"v_{plain}"
        name, number = first, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{first}_{number}"
        self._taken.add(name.casefold())
        return name


@dataclass(frozen=True, slots=True)
class ItemColumns:
    """The columns of one item through all waves; None where they are not wanted."""

    merged: MergedColumn
    raw: Variable | None
    keyed: Variable | None
    score: Variable | None

    @property
    def variables(self) -> Iterator[Variable]:
        return (one for one in (self.raw, self.keyed, self.score) if one is not None)


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """A score of the same items through all waves that asked just these.

    `places` are of its items in each wave's form; None where the wave has no such score.
    """

    variable: Variable
    places: tuple[tuple[int, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """Everything that follows from the forms."""

    merged: MergedForm
    items: tuple[ItemColumns, ...]
    scores: tuple[ScoreColumn, ...]


def answer_columns(
    merged: MergedForm, names: Names, *, raw: bool, keyed: bool, scores: bool
) -> AnswerColumns:
    """Lay out the answers of several forms."""
    items = tuple(
        _item_columns(column, names, raw=raw, keyed=keyed, scores=scores)
        for column in merged.columns
    )
    made = tuple(_score_columns(merged, items, names)) if scores else ()
    return AnswerColumns(merged, items, made)


def text(words: definition.Text) -> Text:
    return Text(words.in_("en"), words.in_("zh-hans"))


def _item_columns(
    column: MergedColumn, names: Names, *, raw: bool, keyed: bool, scores: bool
) -> ItemColumns:
    plain = _raw_variable(column, names.take(column.code))
    turned = _keyed_variable(column, plain, names) if keyed and column.scored else None
    score = (
        _item_score(column, plain, names.take(f"{plain.name}_score"))
        if scores and column.scored
        else None
    )
    return ItemColumns(column, plain if raw else None, turned, score)


def _raw_variable(column: MergedColumn, name: str) -> Variable:
    item = column.item
    notes = [column.note] if column.note else []
    parts = [text(note) for note in notes] + ([_REWORDED] if column.reworded else [])
    if item.unit is not None:
        unit = text(item.unit)
        parts.append(Text(f"Unit: {unit.en}.", f"单位：{unit.zh_hans}。"))
    return Variable(
        name=name,
        label=text(item.text),
        kind="whole",
        measure=MEASURES[item.kind],
        role="raw",
        values=labels_of(item),
        missing=NO_ANSWER,
        low=item.low,
        high=item.high,
        item=column.code,
        scale=item.scale,
        reverse=item.reverse,
        note=_together(parts),
    )


def _keyed_variable(column: MergedColumn, raw: Variable, names: Names) -> Variable:
    item = column.item
    both = item.low + item.high
    # the words stay with the answer: the lowest point of a turned item is the highest
    values = [Label(both - one.value, one.text) for one in raw.values]
    turned = _filled(_TURNED, sum=str(both))
    return Variable(
        name=names.take(f"{raw.name}_keyed"),
        label=raw.label,
        kind="whole",
        measure=raw.measure,
        role="keyed",
        values=tuple(reversed(values)) if item.reverse else raw.values,
        missing=NO_ANSWER,
        low=item.low,
        high=item.high,
        item=raw.item,
        scale=raw.scale,
        reverse=item.reverse,
        note=turned if item.reverse else None,
    )


def _item_score(column: MergedColumn, raw: Variable, name: str) -> Variable:
    return Variable(
        name=name,
        label=raw.label,
        kind="number",
        measure="scale",
        role="item_score",
        low=raw.low,
        high=raw.high,
        item=raw.item,
        scale=raw.scale,
        reverse=column.item.reverse,
    )


def labels_of(item: definition.FormItem) -> tuple[Label, ...]:
    """Return what the points of an item say; of a long rating only its ends."""
    words = [text(one) for one in item.labels]
    if len(words) == item.high - item.low + 1:
        points: Sequence[int] = range(item.low, item.high + 1)
    else:
        points = (item.low, item.high)[: len(words)]
    return tuple(Label(point, said) for point, said in zip(points, words, strict=True))


def _score_columns(
    merged: MergedForm, items: Sequence[ItemColumns], names: Names
) -> Iterator[ScoreColumn]:
    """Yield the scores of the newest form in its order, then those of older forms."""
    named: dict[str, list[str]] = {}
    for members, (newest, scale) in _scales(merged).items():
        form = merged.forms[newest]
        others = named.setdefault(scale.code, [])
        version = f"_v{form.instrument_of(scale.code).version}" if others else ""
        name = names.take(f"{scale.code}{version}_score")
        parts = [items[at] for at in sorted(members)]
        yield ScoreColumn(
            _score_variable(name, form, scale, parts, others),
            tuple(
                _places(merged, index, members) for index in range(len(merged.forms))
            ),
        )
        others.append(name)


def _scales(
    merged: MergedForm,
) -> Mapping[frozenset[int], tuple[int, definition.FormScale]]:
    """Return the scored scales by the columns they are made of, the newest first."""
    found: dict[frozenset[int], tuple[int, definition.FormScale]] = {}
    for index in reversed(range(len(merged.forms))):
        columns = {
            column.places[index]: at
            for at, column in enumerate(merged.columns)
            if column.places[index] != NOT_ASKED
        }
        form = merged.forms[index]
        for scale in form.scales:
            if scale.scored:
                places = _places_of_scale(form, scale)
                members = frozenset(columns[place] for place in places)
                found.setdefault(members, (index, scale))
    return found


def _places_of_scale(
    form: definition.Form, scale: definition.FormScale
) -> tuple[int, ...]:
    return tuple(
        place for place, item in enumerate(form.items) if item.scale == scale.code
    )


def _places(
    merged: MergedForm, index: int, members: frozenset[int]
) -> tuple[int, ...] | None:
    """Return where one form has the items of a score; None where no scale is of them."""
    wanted = {merged.columns[at].places[index] for at in members}
    form = merged.forms[index]
    for scale in form.scales:
        places = _places_of_scale(form, scale)
        if scale.scored and set(places) == wanted:
            return places
    return None


def _score_variable(
    name: str,
    form: definition.Form,
    scale: definition.FormScale,
    parts: Sequence[ItemColumns],
    others: Sequence[str],
) -> Variable:
    made = [_HALF]
    if others:
        made.append(_filled(_OTHER_ITEMS, others=", ".join(others)))
    label = text(scale.name)
    if scale.about:
        whom = text(form.others[scale.about - 1])
        label = Text(f"{label.en}: {whom.en}", f"{label.zh_hans}：{whom.zh_hans}")
    used = [one.keyed or one.score for one in parts]
    return Variable(
        name=name,
        label=label,
        kind="number",
        measure="scale",
        role="scale_score",
        low=min(one.merged.item.low for one in parts),
        high=max(one.merged.item.high for one in parts),
        scale=scale.code,
        items=tuple(one.name for one in used if one is not None),
        note=_together(made),
    )


def _together(parts: Sequence[Text]) -> Text | None:
    if not parts:
        return None
    return Text(
        " ".join(part.en for part in parts), "".join(part.zh_hans for part in parts)
    )


def _filled(words: Text, **gaps: str) -> Text:
    return Text(words.en.format(**gaps), words.zh_hans.format(**gaps))
