"""Waves of different versions side by side: one column for an item and its successors.

An item is followed through its lineage. Versions of it whose answers do not compare
(another key, other points, another referent ...) stand in columns of their own, each
with the reason; a version without the item has not asked it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from surveys.definition.codec import NOT_ASKED
from surveys.definition.form import ABOUT, Form, FormItem
from surveys.definition.lineage import Descent, Key, Place
from surveys.definition.questionnaire import Questionnaire
from surveys.definition.text import Text

# What has to be equal for the codes of two versions of an item to mean the same.
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "kind": Text("it is answered in another way", "作答方式不同"),
        "points": Text("its answer points changed", "选项点数有变化"),
        "options": Text("its options changed", "选项内容有变化"),
        "unit": Text("its unit changed", "单位有变化"),
        "key": Text("its keying changed", "计分方向有变化"),
        "expect": Text("it asks for another point", "要求的选项有变化"),
        "referent": Text("it is about somebody else", "所指对象有变化"),
    }
)


@dataclass(frozen=True, slots=True)
class MergedColumn:
    """One item through all forms in which its answers compare.

    Attributes
    ----------
    code : str
        Of the newest form that asks it; with its version after it, such as
        ``TBE.T1.v1``, where another column has that code.
    item : FormItem
        As the newest form asks it.
    places : tuple of int
        Position in each form, or `NOT_ASKED`.
    scored : bool
        Whether the newest form that asks it scores it.
    reworded : bool
        Whether the forms word it differently: compare with care.
    apart : tuple of str
        Keys of `REASONS` for which `siblings` are not in this column.
    siblings : tuple of str
        Codes of the columns of the same item that do not compare.
    """

    code: str
    item: FormItem
    places: tuple[int, ...]
    scored: bool
    reworded: bool
    apart: tuple[str, ...]
    siblings: tuple[str, ...]

    @property
    def note(self) -> Text | None:
        """Why it is not merged with its siblings; None where it has none."""
        if not self.siblings:
            return None
        others = ", ".join(self.siblings)
        why = [REASONS[reason] for reason in self.apart]
        return Text(
            f"Not merged with {others}: {', and '.join(text.en for text in why)}.",
            f"未与 {others} 合并：{'，且'.join(text.zh_hans for text in why)}。",
        )


@dataclass(frozen=True, slots=True)
class MergedForm:
    """Several forms as one table: a column an item, a place a form.

    Attributes
    ----------
    forms : tuple of Form
        One for every wave, in their order.
    columns : tuple of MergedColumn
        Those of the newest form in its order, then what only older ones ask.
    """

    forms: tuple[Form, ...]
    columns: tuple[MergedColumn, ...]

    def asked(self, column: MergedColumn, index: int) -> FormItem | None:
        """What the form at `index` asks in `column`."""
        place = column.places[index]
        return None if place == NOT_ASKED else self.forms[index].items[place]

    def key_of(self, column: MergedColumn, index: int) -> Key | None:
        """Code and version of the instrument that asks `column` there."""
        item = self.asked(column, index)
        return None if item is None else _key(self.forms[index], item.code)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One item in one form."""

    index: int
    place: int
    form: Form
    item: FormItem


_Signature = tuple[object, ...]
_Group = list[_Asked]


def merge_forms(
    forms: Sequence[Form], versions: Iterable[Questionnaire] = ()
) -> MergedForm:
    """Columns of `forms`, which are given in the order of their waves.

    Parameters
    ----------
    versions : iterable of Questionnaire
        The versions asked and those between them: an item renamed in a version that no
        wave asked is followed through it. Without them the forms' own word is taken.
    """
    if not forms:
        raise ValueError("There is nothing to merge; give at least one form.")
    descent = Descent(versions, forms)
    families: dict[Place, dict[_Signature, _Group]] = {}
    for index in reversed(range(len(forms))):
        for asked in _all_of(forms[index], index):
            first = _first(descent, asked)
            family = families.setdefault(first, {})
            if any(index == other.index for g in family.values() for other in g):
                # two items of one form never share a column, whatever they claim
                own = (_key(asked.form, asked.item.code), f"{asked.item.code} {index}")
                family = families.setdefault(own, {})
            family.setdefault(_signature(asked), []).append(asked)
    columns = _columns(families, len(forms))
    return MergedForm(tuple(forms), columns)


def _all_of(form: Form, index: int) -> list[_Asked]:
    return [_Asked(index, place, form, item) for place, item in enumerate(form.items)]


def _key(form: Form, code: str) -> Key:
    instrument = form.instrument_of(code)
    return instrument.code, instrument.version


def _first(descent: Descent, asked: _Asked) -> Place:
    """Where an item stood first; apart for every referent that it is asked about."""
    block, _, rest = asked.item.code.partition(".")
    own, _, number = block.partition(ABOUT)
    key, first = descent.first(_key(asked.form, asked.item.code), f"{own}.{rest}")
    return key, f"{first}{ABOUT}{number}" if number else first


def _signature(asked: _Asked) -> _Signature:
    """What `REASONS` names, in its order."""
    item, form = asked.item, asked.form
    return (
        item.kind,
        None if item.kind == "number" else (item.low, item.high),
        item.labels if item.kind == "choice" else None,
        item.unit,
        item.reverse,
        item.expect,
        item.referent or _whom(form, item),
    )


def _whom(form: Form, item: FormItem) -> object:
    """Whom an item without a referent of its own is about."""
    number = item.code.partition(".")[0].partition(ABOUT)[2]
    if number:
        return form.others[int(number) - 2]
    return form.referent_code or form.referent


def _columns(
    families: Mapping[Place, Mapping[_Signature, _Group]], number: int
) -> tuple[MergedColumn, ...]:
    """Families are in the order of the columns; so are the groups of each."""
    groups = [group for family in families.values() for group in family.values()]
    # the groups of a family that only older forms ask come after every newer column
    groups.sort(key=lambda group: (-group[0].index, group[0].place))
    codes = _codes(groups)
    found = {}
    for family in families.values():
        apart = _differing(list(family))
        for group in family.values():
            others = [g for g in family.values() if g is not group]
            found[id(group)] = MergedColumn(
                code=codes[id(group)],
                item=group[0].item,
                places=_places(group, number),
                scored=group[0].item in group[0].form.scored_items,
                reworded=len({asked.item.text for asked in group}) > 1,
                apart=apart,
                siblings=tuple(codes[id(other)] for other in others),
            )
    return tuple(found[id(group)] for group in groups)


def _places(group: _Group, number: int) -> tuple[int, ...]:
    places = {asked.index: asked.place for asked in group}
    return tuple(places.get(index, NOT_ASKED) for index in range(number))


def _differing(signatures: Sequence[_Signature]) -> tuple[str, ...]:
    """Reasons whose values are not all equal."""
    return tuple(
        reason
        for reason, *values in zip(REASONS, *signatures, strict=True)
        if any(value != values[0] for value in values)
    )


def _codes(groups: Sequence[_Group]) -> dict[int, str]:
    """A code of its own for every group; the newest has the plain one."""
    taken: set[str] = set()
    found = {}
    for group in groups:
        newest = group[0]
        code = newest.item.code
        if code in taken:
            _, version = _key(newest.form, code)
            code = f"{code}.v{version}"
        taken.add(code)
        found[id(group)] = code
    return found
