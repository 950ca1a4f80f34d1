"""Changes to a draft: every one returns new content and leaves the old one alone.

A part is named by its kind and its code, such as ``item.T1``; a new one by ``new`` and
what it needs to know: ``new.item.T`` in the scale T, ``new.format.choice``.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from surveys.definition.draft import (
    MOST_FORMATS,
    MOST_FORMS,
    MOST_SCALES,
    Content,
    free_code,
    item_codes,
    line,
    refuse_more,
    text,
)
from surveys.definition.parse_scales import MOST_ITEMS

PartKind = Literal["about", "format", "form", "scale", "item"]
_LISTS = {"format": "formats", "form": "forms", "scale": "scales"}
_MOST = {"formats": MOST_FORMATS, "forms": MOST_FORMS, "scales": MOST_SCALES}
NEW_ITEM: Content = {
    "code": "",
    "text": text(),
    "facet": text(),
    "reverse": False,
    "short": False,
    "format": None,
    "expect": None,
    "show_if": None,
    "lineage": None,
    "texts": [],
}


class NoSuchPart(LookupError):
    """The draft has no part of this name; it may have been deleted meanwhile."""


@dataclass(frozen=True, slots=True)
class Part:
    """A place of a draft.

    Attributes
    ----------
    kind : str
        ``about``, ``format``, ``form``, ``scale`` or ``item``.
    code : str
        Which one; empty for ``about`` and for a new one.
    within : str
        Scale of a new item, kind of answers of a new format; otherwise empty.
    """

    kind: PartKind
    code: str = ""
    within: str = ""

    @classmethod
    def named(cls, name: str) -> "Part":
        """Part of the name used in addresses; raises NoSuchPart for anything else."""
        kind, _, rest = name.partition(".")
        if kind == "new":
            kind, _, within = rest.partition(".")
            if kind in ("format", "form", "scale", "item"):
                return cls(kind, "", within)  # type: ignore[arg-type]
        elif kind == "about" and not rest:
            return cls("about")
        elif rest and kind in ("format", "form", "scale", "item"):
            return cls(kind, rest)  # type: ignore[arg-type]
        raise NoSuchPart(name)

    @property
    def is_new(self) -> bool:
        return self.kind != "about" and not self.code

    def __str__(self) -> str:
        if self.is_new:
            return ".".join(one for one in ("new", self.kind, self.within) if one)
        return f"{self.kind}.{self.code}" if self.code else self.kind


def found(content: Content, part: Part) -> Content:
    """What stands at `part` (for ``about`` the whole content).

    Raises
    ------
    NoSuchPart
        Nothing stands there.
    """
    if part.kind == "about":
        return content
    siblings, index = _place(content, part)
    return dict(siblings[index])


def scale_of(content: Content, part: Part) -> Content:
    """Scale of an item, or in which a new one is put."""
    for scale in content["scales"]:
        codes = [item["code"] for item in scale["items"]]
        if part.code in codes or (part.is_new and scale["code"] == part.within):
            return dict(scale)
    raise NoSuchPart(str(part))


def put(content: Content, part: Part, values: Content) -> Content:
    """Change `part` to `values` (those keys alone), or add it where it is new.

    A changed code is changed where other parts name it, too.

    Raises
    ------
    NoSuchPart
        Nothing stands there.
    DefinitionError
        There are as many as a questionnaire may have.
    """
    made = deepcopy(content)
    if part.kind == "about":
        made.update(deepcopy(values))
    elif part.is_new:
        _add(made, part, deepcopy(values))
    else:
        siblings, index = _place(made, part)
        siblings[index].update(deepcopy(values))
        _rename(made, part, siblings[index]["code"])
    return made


def add_items(
    content: Content, scale: str, texts: Sequence[Content], retired: Sequence[str] = ()
) -> Content:
    """Add items at the end of a scale; codes follow the scale's, none of `retired`."""
    made = deepcopy(content)
    refuse_more(len(item_codes(made)) + len(texts), MOST_ITEMS, "scales")
    taken = {*item_codes(made), *retired}
    for one in made["scales"]:
        if one["code"] == scale:
            for wording in texts:
                code = free_code("", taken, scale)
                taken.add(code)
                words = {"code": code, "text": dict(wording)}
                one["items"].append(deepcopy(NEW_ITEM) | words)
            return made
    raise NoSuchPart(scale)


def next_code(content: Content, scale: str, retired: Sequence[str] = ()) -> str:
    """The next free code of an item in `scale`; `retired` codes meant other items."""
    return free_code("", {*item_codes(content), *retired}, scale)


def remove(content: Content, part: Part) -> Content:
    """Take `part` away, and its code out of what named forms leave out."""
    made = deepcopy(content)
    siblings, index = _place(made, part)
    gone = siblings.pop(index)
    left = set(item_codes(made))
    for form in made["forms"]:
        form["leave_out"] = [code for code in form["leave_out"] if code in left]
    if part.kind == "form":
        for item in _items(made):
            item["texts"] = [w for w in item["texts"] if w["form"] != gone["code"]]
    return made


def move(content: Content, part: Part, steps: int) -> Content:
    """Move `part` up (negative) or down; past the end of its scale into the next one."""
    made = deepcopy(content)
    siblings, index = _place(made, part)
    target = index + steps
    if 0 <= target < len(siblings):
        siblings.insert(target, siblings.pop(index))
    elif part.kind == "item":
        scales = made["scales"]
        here = next(n for n, s in enumerate(scales) if s["items"] is siblings)
        there = here + steps
        if 0 <= there < len(scales):
            neighbours = scales[there]["items"]
            neighbours.insert(0 if steps > 0 else len(neighbours), siblings.pop(index))
    return made


def earlier(content: Content, part: Part) -> list[tuple[Content, Content]]:
    """Closed items, each with its format, that stand before `part` in the draft."""
    formats = {one["code"]: one for one in content["formats"]}
    before: list[tuple[Content, Content]] = []
    for scale in content["scales"]:
        if part.kind == "scale" and scale["code"] == part.code:
            return before
        for item in scale["items"]:
            if part.kind == "item" and item["code"] == part.code:
                return before
            format = formats.get(item["format"] or scale["format"])
            if format is not None and format["kind"] in ("rating", "choice"):
                before.append((item, format))
        if part.is_new and part.kind == "item" and scale["code"] == part.within:
            return before
    return before


def answers_of(format: Content) -> list[tuple[int, Content]]:
    """Codes that a closed format offers, each with its label, blank in between."""
    labels = format["labels"]
    if format["kind"] == "choice":
        return list(enumerate(labels, start=1))
    codes = range(format["low"], format["high"] + 1)
    if len(labels) == len(codes):
        return list(zip(codes, labels, strict=True))
    ends = {codes[0]: labels[0], codes[-1]: labels[-1]} if labels and codes else {}
    return [(code, ends.get(code, text())) for code in codes]


def lines_of(value: str) -> list[str]:
    """Lines of a text box, trimmed; blank lines at the end are none."""
    lines = [line(one) for one in value.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _place(content: Content, part: Part) -> tuple[list[Any], int]:
    """The list that holds `part`, and where in it."""
    if part.kind == "item":
        lists = [scale["items"] for scale in content["scales"]]
    elif part.kind in _LISTS:
        lists = [content[_LISTS[part.kind]]]
    else:
        lists = []
    for siblings in lists:
        for index, one in enumerate(siblings):
            if one["code"] == part.code:
                return siblings, index
    raise NoSuchPart(str(part))


def _add(made: Content, part: Part, values: Content) -> None:
    if part.kind == "item":
        refuse_more(len(item_codes(made)) + 1, MOST_ITEMS, "scales")
        for scale in made["scales"]:
            if scale["code"] == part.within:
                scale["items"].append(deepcopy(NEW_ITEM) | values)
                return
        raise NoSuchPart(str(part))
    name = _LISTS[part.kind]
    refuse_more(len(made[name]) + 1, _MOST[name], name)
    made[name].append(({"items": []} if part.kind == "scale" else {}) | values)


def _items(content: Content) -> list[Content]:
    return [item for scale in content["scales"] for item in scale["items"]]


def _rename(made: Content, part: Part, code: str) -> None:
    """Let what named the part by its old code name it by `code`."""
    if code == part.code:
        return
    for scale in made["scales"]:
        if part.kind == "format" and scale["format"] == part.code:
            scale["format"] = code
        for one in (scale, *scale["items"]):
            condition = one["show_if"] or {}
            if part.kind == "item" and condition.get("item") == part.code:
                condition["item"] = code
    for item in _items(made):
        if part.kind == "format" and item["format"] == part.code:
            item["format"] = code
        for wording in item["texts"]:
            if part.kind == "form" and wording["form"] == part.code:
                wording["form"] = code
    if part.kind == "item":
        for form in made["forms"]:
            left = [code if one == part.code else one for one in form["leave_out"]]
            form["leave_out"] = left
