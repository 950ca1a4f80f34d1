"""From a frozen form to what the respondent's page shows. Knows no request, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from surveys.definition import (
    LANGUAGES,
    NOT_APPLICABLE_VALUE,
    Condition,
    Form,
    FormInstrument,
    FormItem,
    FormText,
    canonical_json,
)

# The HTML lang attribute and the name a language gives itself.
HTML_LANG: Mapping[str, str] = {"en": "en", "zh-hans": "zh-Hans"}
OWN_NAME: Mapping[str, str] = {"en": "English", "zh-hans": "中文"}
LONGEST_COMMENT = 4000
MOST_RADIOS = 12  # options of a choice; more of them fold into a list that opens


Widget = Literal["rating", "radios", "list", "number", "text"]


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """A language that the page can be switched to."""

    code: str
    html_lang: str
    name: str


@dataclass(frozen=True, slots=True)
class PagePoint:
    """One point of a question; `label` is empty between two labelled ends."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PageItem:
    """One question as the template draws it.

    Attributes
    ----------
    code, number : str, int
        Name of the field, and the position counted from 1.
    widget : str
        ``rating`` (a row of points), ``radios``, ``list``, ``number`` or ``text``.
    points : tuple of PagePoint
        The scale or the options; "not applicable" stands outside.
    labelled : bool
        Whether every point has a label, or only both ends.
    value : str
        What was typed before.
    limits : tuple of int
        Smallest and largest number; of a text the second is its longest length.
    unit : str
        What a number counts; may be empty.
    shuffled : str
        Code of the scale inside which the question changes places; or empty.
    conditions : str
        When it is shown, as JSON for the browser: [["A.B1", [1, 2]]]; or empty.
    only_if : tuple of str
        The same in words, for a browser without JavaScript.
    error : str
        Sentence about the value sent before; empty when there is nothing to say.
    """

    code: str
    number: int
    text: str
    widget: Widget
    points: tuple[PagePoint, ...]
    labelled: bool
    not_applicable: bool
    not_applicable_chosen: bool
    value: str
    limits: tuple[int, int]
    unit: str
    shuffled: str
    conditions: str
    only_if: tuple[str, ...]
    error: str

    @property
    def low(self) -> PagePoint:
        return self.points[0]

    @property
    def high(self) -> PagePoint:
        return self.points[-1]


@dataclass(frozen=True, slots=True)
class PageBlock:
    """Questions in a row; `about` names the referent where several are asked about."""

    about: str
    items: tuple[PageItem, ...]


@dataclass(frozen=True, slots=True)
class PageInstrument:
    """What stands in the foot about an instrument."""

    name: str
    version: int
    evidence_level: str
    review_owed: bool
    published: bool
    modified: bool


def frame(language: str) -> dict[str, Any]:
    """Context that every page of a respondent needs."""
    return {"language": language, "html_lang": HTML_LANG[language]}


def form_context(
    form: Form,
    *,
    wave_id: UUID,
    language: str,
    simulated: bool,
    answers: Mapping[str, str],
    errors: Mapping[str, str],
) -> dict[str, Any]:
    """Context of ``collect/form.html``.

    Parameters
    ----------
    answers : mapping
        Fields sent before, items and ``comment``; empty for a fresh page, which is then
        the same for everybody.
    errors : mapping
        Item code to a sentence in `language`; a code unknown to the form is shown above.
    """
    numbers = {asked.code: n for n, asked in enumerate(form.shown, start=1)}
    movable = _movable(form)
    items = tuple(
        _item(form, asked, numbers, movable, language, answers, errors)
        for asked in form.shown
    )
    codes = {item.code for item in items}
    return {
        **frame(language),
        "title": form.title.in_(language),
        "blocks": _blocks(form, items, language),
        "item_count": len(items),
        "minutes": form.minutes(language),
        "other_languages": other_languages(language, form.languages),
        "licences": tuple(dict.fromkeys(i.licence for i in form.instruments)),
        "instruments": tuple(_instrument(i, language) for i in form.instruments),
        "comment": form.comment,
        "comment_text": answers.get("comment", ""),
        "longest_comment": LONGEST_COMMENT,
        "simulated": simulated,
        "wrong_items": tuple(item for item in items if item.error),
        "other_errors": tuple(errors[code] for code in errors if code not in codes),
        # a draft belongs to one wave and to one exact wording of its form
        "draft_key": f"{wave_id}.{form.digest}",
        "filled": bool(answers),
        "wave_id": wave_id,
        "turns": _turns(form),
    }


def _turns(form: Form) -> str:
    """What each turn leaves out, where every respondent draws one; else empty."""
    return (
        canonical_json([list(turn.away) for turn in form.rotation])
        if form.drawn
        else ""
    )


def _blocks(
    form: Form, items: tuple[PageItem, ...], language: str
) -> tuple[PageBlock, ...]:
    """One block a referent where several are asked about; their order is random."""
    if not form.others:
        return (PageBlock("", items),)
    names = [one.in_(language) for one in (form.referent, *form.others)]
    about = {
        scale.code: names[scale.about]
        if scale.about or form.same_about(scale, 1) != scale
        else ""
        for scale in form.scales
    }
    named = zip((about[asked.scale] for asked in form.shown), items, strict=True)
    return tuple(
        PageBlock(name, tuple(item for _name, item in run))
        for name, run in groupby(named, key=itemgetter(0))
    )


# What is told about data before the first question, in this order.
NOTICE_SLOTS = ("controller", "purpose", "basis", "retention", "rights", "contact")


@dataclass(frozen=True, slots=True)
class PageNotice:
    """One slot of what is told about data."""

    slot: str
    heading: str
    text: str


def told(
    notice: Mapping[str, Mapping[str, str]],
    language: str,
    *,
    study: UUID | None,
    paradata: bool = False,
) -> dict[str, Any]:
    """Context of what stands before the questions beside the promise."""
    headings = notice_headings()
    texts = notice.get(language, {})
    slots = tuple(
        PageNotice(slot, headings[slot], texts[slot])
        for slot in NOTICE_SLOTS
        if texts.get(slot)
    )
    return {"notice": slots, "study": study, "paradata": paradata}


def enough(
    form: Form,
    language: str,
    answered: Collection[tuple[str, str]],
    *,
    way_back: str = "",
) -> dict[str, Any]:
    """Context of answers of which a wave has enough, told as soon as they are given.

    A language of which it has enough is not offered. `way_back` is where a panel wants
    whoever is too many.
    """
    left = [one for one in form.languages if ("language", one) not in answered]
    full: dict[str, list[str]] = {}
    for question, value in sorted(answered):
        full.setdefault(question, []).append(value)
    full.pop("language", None)
    return {
        "other_languages": other_languages(language, left),
        "enough": canonical_json(full) if full else "",
        "enough_way_back": way_back,
    }


def notice_headings() -> dict[str, str]:
    return {
        "controller": _("Who is responsible for your data"),
        "purpose": _("What for"),
        "basis": _("On what legal basis"),
        "retention": _("How long it is kept"),
        "rights": _("Your rights"),
        "contact": _("Whom to ask"),
    }


def other_languages(
    language: str, offered: Sequence[str] = LANGUAGES
) -> tuple[PageLanguage, ...]:
    """Languages a page can be switched to, in the order of `LANGUAGES`."""
    return tuple(
        PageLanguage(code, HTML_LANG[code], OWN_NAME[code])
        for code in LANGUAGES
        if code in offered and code != language
    )


def _movable(form: Form) -> Mapping[str, str]:
    """Scale of every question that a respondent sees in an order of their own.

    Where one question of a scale depends on another, both keep their places.
    """
    scales = {scale.code for scale in form.scales if scale.shuffled}
    home = {item.code: item.scale for item in form.items}
    tied: set[str] = set()
    for asked in form.questions:
        for condition in asked.show_if:
            if home[condition.item] == asked.scale:
                tied |= {condition.item, asked.code}
    return {
        code: scale
        for code, scale in home.items()
        if scale in scales and code not in tied
    }


def _item(
    form: Form,
    asked: FormItem | FormText,
    numbers: Mapping[str, int],
    movable: Mapping[str, str],
    language: str,
    answers: Mapping[str, str],
    errors: Mapping[str, str],
) -> PageItem:
    sent = answers.get(asked.code)
    closed = asked if isinstance(asked, FormItem) else None
    aside = closed is not None and closed.not_applicable
    aside_chosen = aside and sent == NOT_APPLICABLE_VALUE
    return PageItem(
        code=asked.code,
        number=numbers[asked.code],
        text=asked.text.in_(language),
        widget=_widget(asked),
        points=_points(closed, language, sent) if closed is not None else (),
        labelled=closed is not None and _labelled(closed),
        not_applicable=aside,
        not_applicable_chosen=aside_chosen,
        value="" if aside_chosen else sent or "",
        limits=_limits(asked),
        unit=closed.unit.in_(language) if closed is not None and closed.unit else "",
        shuffled=movable.get(asked.code, ""),
        conditions=_conditions(asked.show_if),
        only_if=tuple(
            _only_if(form, condition, numbers, language) for condition in asked.show_if
        ),
        error=errors.get(asked.code, ""),
    )


def _widget(asked: FormItem | FormText) -> Widget:
    if isinstance(asked, FormText):
        return "text"
    if asked.kind == "number":
        return "number"
    if asked.kind == "choice":
        return "radios" if len(asked.labels) <= MOST_RADIOS else "list"
    return "rating"


def _limits(asked: FormItem | FormText) -> tuple[int, int]:
    if isinstance(asked, FormText):
        return 0, asked.longest
    return asked.low, asked.high


def _conditions(conditions: tuple[Condition, ...]) -> str:
    if not conditions:
        return ""
    return canonical_json([[one.item, list(one.codes)] for one in conditions])


def _only_if(
    form: Form, condition: Condition, numbers: Mapping[str, int], language: str
) -> str:
    """The condition as a sentence, with the answers in the words of the page."""
    asked = next(item for item in form.items if item.code == condition.item)
    points = {point.value: point for point in _points(asked, language, None)}
    answers = [points[str(code)] for code in condition.codes]
    words = [_quoted(asked, point) for point in answers]
    return _("Only if you answered %(answers)s to question %(number)s.") % {
        "answers": " / ".join(words),
        "number": numbers[asked.code],
    }


def _quoted(asked: FormItem, point: PagePoint) -> str:
    shown = f"{point.value} {point.label}" if asked.kind == "rating" else point.label
    return f"“{shown.strip()}”"


def _labelled(item: FormItem) -> bool:
    return len(item.labels) == item.high - item.low + 1


def _points(item: FormItem, language: str, sent: str | None) -> tuple[PagePoint, ...]:
    if item.kind == "number":
        return ()
    values = range(item.low, item.high + 1)
    labels = [label.in_(language) for label in item.labels]
    if not _labelled(item):
        between = len(values) - len(labels)
        labels = [labels[0], *[""] * between, labels[-1]]
    return tuple(
        PagePoint(str(value), label, chosen=sent == str(value))
        for value, label in zip(values, labels, strict=True)
    )


def _instrument(instrument: FormInstrument, language: str) -> PageInstrument:
    return PageInstrument(
        name=instrument.name.in_(language),
        version=instrument.version,
        evidence_level=instrument.evidence_level,
        review_owed=instrument.native_review == "owed",
        published=instrument.catalogue is not None,
        modified=instrument.modified,
    )
