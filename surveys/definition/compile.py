"""From questionnaires to the form that a survey launches."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from surveys.definition.canonical import digest
from surveys.definition.conditions import Condition
from surveys.definition.errors import DefinitionError
from surveys.definition.form import (
    Form,
    FormInstrument,
    FormItem,
    FormScale,
    FormText,
    Role,
    about,
)
from surveys.definition.questionnaire import (
    Item,
    Kind,
    NamedForm,
    Questionnaire,
    Scale,
)
from surveys.definition.referents import REFERENT, REFERENTS, fill, slots_of
from surveys.definition.text import LANGUAGES, Text

_ROLE_OF: Mapping[Kind, Role] = {
    "questionnaire": "trust",
    "outcomes": "outcome",
    "controls": "control",
}

# Each asks everything again: with more of them people stop reading.
MOST_OTHERS = 4


@dataclass(frozen=True, slots=True)
class FormPart:
    """A questionnaire to ask.

    Attributes
    ----------
    short : bool
        Whether in its short form.
    scales : tuple of str or None
        Codes of the scales to ask, in any order; None: all of them.
    form : str or None
        Named variant of the wording; None: the first, where there are any.
    """

    questionnaire: Questionnaire
    short: bool
    scales: tuple[str, ...] | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one part asks of one scale."""

    questionnaire: Questionnaire
    variant: NamedForm | None
    scale: Scale
    items: tuple[Item, ...]
    referent: Text
    about: int = 0

    @property
    def role(self) -> Role:
        return _ROLE_OF[self.questionnaire.kind]

    def code(self, inside: str) -> str:
        return f"{about(self.questionnaire.code, self.about)}.{inside}"

    def wording(self, item: Item) -> Text:
        """Text of the item with referent and words filled in."""
        if self.variant is None:
            return fill(item.text, self.referent)
        words = {word.slot: word.text for word in self.variant.words}
        return fill(item.text_in(self.variant.code), self.referent, words)

    def conditions(self, item: Item) -> tuple[Condition, ...]:
        both = (self.scale.show_if, item.show_if)
        return tuple(
            Condition(self.code(one.item), one.codes) for one in both if one is not None
        )

    def lineage(self, item: Item) -> str | None:
        """Full code in the version before, where it differs from the code now."""
        before = self.questionnaire.lineage
        origin = before.code if before is not None else self.questionnaire.code
        found = f"{about(origin, self.about)}.{item.lineage or item.code}"
        return None if found == self.code(item.code) else found


def compile_form(
    parts: Sequence[FormPart],
    *,
    title: Text,
    referent: Text | str,
    languages: Sequence[str],
    comment: bool,
    others: Sequence[Text] = (),
) -> Form:
    """Form that asks `parts` in their order, each in the order of its file.

    With `others` every scale that names the referent is asked about each of them too:
    all about the first, all about the second, and last what names nobody.

    Parameters
    ----------
    referent : Text or str
        Whom the trust is in: a code of `REFERENTS`, or a name in both languages.
    languages : sequence of str
        Languages offered to respondents, the default first; every part has them.
    comment : bool
        Whether a comment box ends the form.
    others : sequence of Text
        Names of further referents, such as competitors; at most `MOST_OTHERS`.
    """
    if not parts:
        raise DefinitionError("no_parts", where="parts")
    code, words = _referent(referent)
    _check_languages(languages, parts)
    instruments = tuple(_instrument(part) for part in parts)
    _refuse_second([instrument.code for instrument in instruments])
    _check_others((words, *others), languages)
    asked = _all_asked(parts, (words, *others))
    items = tuple(_form_item(one, item) for one in asked for item in _closed(one))
    if not items:
        raise DefinitionError("no_items", where="parts")
    return Form(
        title=title,
        referent=words,
        referent_code=code,
        languages=tuple(languages),
        comment=comment,
        instruments=instruments,
        scales=tuple(_form_scale(one) for one in asked),
        items=items,
        texts=_texts(asked),
        others=tuple(others),
    )


def _all_asked(parts: Sequence[FormPart], referents: Sequence[Text]) -> list[_Asked]:
    """What is asked about every referent in turn, then what names none."""
    about_first = [one for part in parts for one in _asked(part, referents[0])]
    if len(referents) == 1:
        return about_first
    again = {one.code(one.scale.code) for one in about_first if _names_referent(one)}
    again |= _tied(about_first, again)
    if not again:
        raise DefinitionError("nothing_asked_again", where="others")
    found = [
        replace(one, about=number, referent=_about(one, referent))
        for number, referent in enumerate(referents)
        for one in about_first
        if one.code(one.scale.code) in again
    ]
    return found + [o for o in about_first if o.code(o.scale.code) not in again]


def _about(asked: _Asked, referent: Text) -> Text:
    """Name the referent, but in a scale that is about somebody of its own."""
    return asked.referent if asked.scale.referent is not None else referent


def _names_referent(asked: _Asked) -> bool:
    """Whether any item asks about the referent that the survey names."""
    return asked.scale.referent is None and any(
        REFERENT in slots_of(item.text.en) | slots_of(item.text.zh_hans)
        for item in asked.items
    )


def _tied(asked: Sequence[_Asked], scales: Collection[str]) -> set[str]:
    """Scales that conditions tie to some of `scales`, directly or through others."""
    home = {
        one.code(item.code): one.code(one.scale.code)
        for one in asked
        for item in one.items
    }
    links = {
        frozenset({home[condition.item], one.code(one.scale.code)})
        for one in asked
        for item in one.items
        for condition in one.conditions(item)
    }
    found = set(scales)
    while more := {code for link in links if link & found for code in link} - found:
        found |= more
    return found


def _check_others(referents: Sequence[Text], languages: Sequence[str]) -> None:
    """Refuse more than can be asked, and two of one name."""
    if len(referents) - 1 > MOST_OTHERS:
        params = {"number": len(referents) - 1, "most": MOST_OTHERS}
        raise DefinitionError("too_many_referents", where="others", params=params)
    for language in languages:
        names = [one.in_(language).strip().casefold() for one in referents]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise DefinitionError(
                    "duplicate",
                    where=f"others[{index - 1}]",
                    params={"value": referents[index].in_(language)},
                )


def common_languages(questionnaires: Iterable[Questionnaire]) -> tuple[str, ...]:
    """Languages that every questionnaire has, in the order of the product."""
    offered = [questionnaire.languages for questionnaire in questionnaires]
    return tuple(one for one in LANGUAGES if all(one in named for named in offered))


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


def _check_languages(languages: Sequence[str], parts: Sequence[FormPart]) -> None:
    if not languages:
        shared = common_languages(part.questionnaire for part in parts)
        code = "empty" if shared else "no_common_language"
        raise DefinitionError(code, where="languages")
    for index, language in enumerate(languages):
        if language not in LANGUAGES:
            raise DefinitionError(
                "unknown_language",
                where=f"languages[{index}]",
                params={"value": language, "allowed": ", ".join(LANGUAGES)},
            )
        for part in parts:
            if language not in part.questionnaire.languages:
                asked = part.questionnaire.code
                raise DefinitionError(
                    "language_not_offered",
                    where=f"languages[{index}]",
                    params={"questionnaire": asked, "language": language},
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
    variant = _variant(part)
    return FormInstrument(
        code=asked.code,
        version=asked.version,
        kind=asked.kind,
        name=asked.name,
        evidence_level=asked.evidence_level,
        native_review=asked.native_review,
        short=part.short,
        digest=digest(asked),
        form=variant.code if variant is not None else None,
        licence=asked.licence,
        catalogue=asked.catalogue,
        modified=asked.modified,
    )


def _variant(part: FormPart) -> NamedForm | None:
    """The named form asked for, the first where none is named."""
    asked = part.questionnaire
    for variant in asked.forms:
        if part.form in (None, variant.code):
            return variant
    if part.form is None:
        return None
    allowed = ", ".join(variant.code for variant in asked.forms)
    params = {"questionnaire": asked.code, "value": part.form, "allowed": allowed}
    raise DefinitionError("no_such_form", where="form", params=params)


def _asked(part: FormPart, referent: Text) -> list[_Asked]:
    """Scales of a part with the items kept; scales without any are left out."""
    variant = _variant(part)
    left_out = variant.leave_out if variant is not None else ()
    found = []
    for scale in _chosen(part):
        items = tuple(
            item
            for item in scale.items
            if (item.short or not part.short) and item.code not in left_out
        )
        own = REFERENTS[scale.referent] if scale.referent is not None else referent
        if items:
            found.append(_Asked(part.questionnaire, variant, scale, items, own))
    _check_triggers(found)
    return found


def _chosen(part: FormPart) -> tuple[Scale, ...]:
    asked, scales = part.questionnaire, part.questionnaire.scales
    if part.scales is None:
        return scales
    codes = [scale.code for scale in scales]
    for code in part.scales:
        if code not in codes:
            allowed = ", ".join(codes)
            params = {"questionnaire": asked.code, "value": code, "allowed": allowed}
            raise DefinitionError("unknown_module", where="scales", params=params)
    if not asked.modules and set(part.scales) != set(codes):
        params = {"questionnaire": asked.code}
        raise DefinitionError("no_modules", where="scales", params=params)
    return tuple(scale for scale in scales if scale.code in part.scales)


def _check_triggers(asked: Sequence[_Asked]) -> None:
    """Refuse a choice of scales that leaves out what another one depends on."""
    kept = {one.code(item.code) for one in asked for item in one.items}
    for one in asked:
        for item in one.items:
            for condition in one.conditions(item):
                if condition.item not in kept:
                    raise DefinitionError(
                        "condition_left_out",
                        where=one.code(item.code),
                        params={"value": condition.item},
                    )


def _closed(asked: _Asked) -> tuple[Item, ...]:
    return tuple(i for i in asked.items if asked.scale.format_of(i).kind != "text")


def _form_scale(asked: _Asked) -> FormScale:
    return FormScale(
        code=asked.code(asked.scale.code),
        name=asked.scale.name,
        role=asked.role,
        model=asked.scale.model,
        items=tuple(asked.code(item.code) for item in _closed(asked)),
        shuffled=asked.questionnaire.order == "shuffled",
        about=asked.about,
    )


def _form_item(asked: _Asked, item: Item) -> FormItem:
    format = asked.scale.format_of(item)
    return FormItem(
        code=asked.code(item.code),
        scale=asked.code(asked.scale.code),
        role=asked.role,
        text=asked.wording(item),
        low=format.low,
        high=format.high,
        labels=format.labels,
        not_applicable=format.not_applicable,
        reverse=item.reverse,
        kind=format.kind,
        unit=format.unit,
        expect=item.expect,
        show_if=asked.conditions(item),
        lineage=asked.lineage(item),
        referent=asked.scale.referent,
    )


def _texts(asked: Sequence[_Asked]) -> tuple[FormText, ...]:
    """Free-text questions, each after the closed question before it."""
    found: list[FormText] = []
    before: str | None = None
    for one in asked:
        for item in one.items:
            format = one.scale.format_of(item)
            if format.kind != "text":
                before = one.code(item.code)
                continue
            found.append(
                FormText(
                    code=one.code(item.code),
                    scale=one.code(one.scale.code),
                    text=one.wording(item),
                    after=before,
                    longest=format.longest,
                    show_if=one.conditions(item),
                    lineage=one.lineage(item),
                )
            )
    return tuple(found)
