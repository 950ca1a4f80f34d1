"""From questionnaires to the form that a survey launches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.definition.canonical import digest
from surveys.definition.errors import DefinitionError
from surveys.definition.form import (
    Form,
    FormInstrument,
    FormItem,
    FormScale,
    Role,
)
from surveys.definition.questionnaire import Item, Kind, Questionnaire, Scale
from surveys.definition.referents import REFERENTS, fill
from surveys.definition.text import LANGUAGES, Text

_ROLE_OF: Mapping[Kind, Role] = {
    "questionnaire": "trust",
    "outcomes": "outcome",
    "controls": "control",
}


@dataclass(frozen=True, slots=True)
class FormPart:
    """A questionnaire to ask, whole or in its short form."""

    questionnaire: Questionnaire
    short: bool


def compile_form(
    parts: Sequence[FormPart],
    *,
    title: Text,
    referent: Text | str,
    languages: Sequence[str],
    comment: bool,
) -> Form:
    """Form that asks `parts` in their order, each in the order of its file.

    Parameters
    ----------
    referent : Text or str
        Whom the trust is in: a code of `REFERENTS`, or a name in both languages.
    languages : sequence of str
        Languages offered to respondents, the default first.
    comment : bool
        Whether a comment box ends the form.
    """
    if not parts:
        raise DefinitionError("no_parts", where="parts")
    code, words = _referent(referent)
    _check_languages(languages)
    instruments = tuple(_instrument(part) for part in parts)
    _refuse_second([instrument.code for instrument in instruments])
    kept = [
        (part.questionnaire, scale, items)
        for part in parts
        for scale in part.questionnaire.scales
        if (items := _asked(part, scale))
    ]
    return Form(
        title=title,
        referent=words,
        referent_code=code,
        languages=tuple(languages),
        comment=comment,
        instruments=instruments,
        scales=tuple(_form_scale(q, scale, items) for q, scale, items in kept),
        items=tuple(
            _form_item(q, scale, item, words)
            for q, scale, items in kept
            for item in items
        ),
    )


def _referent(referent: Text | str) -> tuple[str | None, Text]:
    if isinstance(referent, Text):
        return None, referent
    if referent not in REFERENTS:
        raise DefinitionError(
            "unknown_referent",
            where="referent",
            params={"value": referent, "allowed": ", ".join(REFERENTS)},
        )
    return referent, REFERENTS[referent]


def _check_languages(languages: Sequence[str]) -> None:
    if not languages:
        raise DefinitionError("empty", where="languages")
    for index, language in enumerate(languages):
        if language not in LANGUAGES:
            raise DefinitionError(
                "unknown_language",
                where=f"languages[{index}]",
                params={"value": language, "allowed": ", ".join(LANGUAGES)},
            )
    if len(set(languages)) != len(languages):
        raise DefinitionError(
            "duplicate", where="languages", params={"value": languages[0]}
        )


def _refuse_second(codes: Sequence[str]) -> None:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise DefinitionError(
                "duplicate", where=f"parts[{index}]", params={"value": code}
            )


def _instrument(part: FormPart) -> FormInstrument:
    asked = part.questionnaire
    if part.short and not asked.short_form:
        raise DefinitionError("no_short_form", params={"questionnaire": asked.code})
    return FormInstrument(
        code=asked.code,
        version=asked.version,
        kind=asked.kind,
        name=asked.name,
        evidence_level=asked.evidence_level,
        native_review=asked.native_review,
        short=part.short,
        digest=digest(asked),
    )


def _asked(part: FormPart, scale: Scale) -> tuple[Item, ...]:
    return tuple(item for item in scale.items if item.short or not part.short)


def _form_scale(
    asked: Questionnaire, scale: Scale, items: tuple[Item, ...]
) -> FormScale:
    return FormScale(
        code=f"{asked.code}.{scale.code}",
        name=scale.name,
        role=_ROLE_OF[asked.kind],
        model=scale.model,
        items=tuple(f"{asked.code}.{item.code}" for item in items),
    )


def _form_item(
    asked: Questionnaire, scale: Scale, item: Item, referent: Text
) -> FormItem:
    return FormItem(
        code=f"{asked.code}.{item.code}",
        scale=f"{asked.code}.{scale.code}",
        role=_ROLE_OF[asked.kind],
        text=fill(item.text, referent),
        low=scale.format.low,
        high=scale.format.high,
        labels=scale.format.labels,
        not_applicable=scale.format.not_applicable,
        reverse=item.reverse,
    )
