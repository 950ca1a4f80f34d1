"""From a frozen form to what the respondent's page shows. Knows no request, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from surveys.definition import (
    LANGUAGES,
    NOT_APPLICABLE_VALUE,
    Form,
    FormInstrument,
    FormItem,
)

# The HTML lang attribute and the name a language gives itself.
HTML_LANG: Mapping[str, str] = {"en": "en", "zh-hans": "zh-Hans"}
OWN_NAME: Mapping[str, str] = {"en": "English", "zh-hans": "中文"}
LONGEST_COMMENT = 4000


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
    points : tuple of PagePoint
        The scale; "not applicable" stands outside it.
    labelled : bool
        Whether every point has a label, or only both ends.
    error : str
        Sentence about the value sent before; empty when there is nothing to say.
    """

    code: str
    number: int
    text: str
    points: tuple[PagePoint, ...]
    labelled: bool
    not_applicable: bool
    not_applicable_chosen: bool
    error: str

    @property
    def low(self) -> PagePoint:
        return self.points[0]

    @property
    def high(self) -> PagePoint:
        return self.points[-1]


@dataclass(frozen=True, slots=True)
class PageInstrument:
    """What stands in the foot about an instrument."""

    name: str
    version: int
    evidence_level: str
    review_owed: bool


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
    items = tuple(
        _item(item, number, language, answers, errors)
        for number, item in enumerate(form.items, start=1)
    )
    codes = {item.code for item in items}
    return {
        **frame(language),
        "title": form.title.in_(language),
        "items": items,
        "item_count": form.item_count,
        "minutes": form.minutes(language),
        "other_languages": _others(form, language),
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
    }


def _others(form: Form, language: str) -> tuple[PageLanguage, ...]:
    return tuple(
        PageLanguage(code, HTML_LANG[code], OWN_NAME[code])
        for code in LANGUAGES
        if code in form.languages and code != language
    )


def _item(
    item: FormItem,
    number: int,
    language: str,
    answers: Mapping[str, str],
    errors: Mapping[str, str],
) -> PageItem:
    sent = answers.get(item.code)
    return PageItem(
        code=item.code,
        number=number,
        text=item.text.in_(language),
        points=_points(item, language, sent),
        labelled=_labelled(item),
        not_applicable=item.not_applicable,
        not_applicable_chosen=sent == NOT_APPLICABLE_VALUE,
        error=errors.get(item.code, ""),
    )


def _labelled(item: FormItem) -> bool:
    return len(item.labels) == item.high - item.low + 1


def _points(item: FormItem, language: str, sent: str | None) -> tuple[PagePoint, ...]:
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
    )
