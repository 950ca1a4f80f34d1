"""What differs between two versions of a questionnaire, and what that does to a trend."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from surveys.definition.conditions import Condition
from surveys.definition.difference_words import KINDS, LANGUAGE_NAMES, WORDS, Trend
from surveys.definition.lineage import Descent
from surveys.definition.matching import Matched, Place, match
from surveys.definition.questionnaire import (
    Item,
    NamedForm,
    Questionnaire,
    ResponseFormat,
)
from surveys.definition.referents import REFERENTS
from surveys.definition.text import LANGUAGES, Text
from surveys.definition.word_difference import Piece, word_difference

_FACTS = (
    "description",
    "theory",
    "covers",
    "nearest_published",
    "known_risks",
    "evidence_level",
    "native_review",
    "licence",
    "catalogue",
    "modified",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes
    ----------
    kind : str
        Key of `difference_words.KINDS`, such as ``item_reworded``.
    subject : str
        Code of the item, scale or named form in the new version (where it was removed,
        in the old one); empty for the whole questionnaire.
    sentence : Text
        What changed and what it does to a comparison.
    language : str or None
        Of `before` and `after`, where they are wordings.
    before, after : str
        What stood there and what stands there now, to be laid side by side.
    wording : Text or None
        Of the item, or the name of the scale, that the change is about, where it is not
        the wording that changed.
    """

    kind: str
    subject: str
    sentence: Text
    language: str | None = None
    before: str = ""
    after: str = ""
    wording: Text | None = None

    @property
    def trend(self) -> Trend:
        """Whether answers still compare: ``same``, with ``care``, or ``broken``."""
        return KINDS[self.kind][0]

    @property
    def breaks_trend(self) -> bool:
        """Whether an answer to the new version compares with none to the old."""
        return self.trend == "broken"

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """`before` and `after` in one, word by word."""
        return word_difference(self.before, self.after, self.language or "en")


def differences(
    old: Questionnaire, new: Questionnaire, *, between: Iterable[Questionnaire] = ()
) -> tuple[Change, ...]:
    """What `new` says otherwise than `old`, whole questionnaire first, then by item.

    Parameters
    ----------
    between : iterable of Questionnaire
        The versions on the way from `old` to `new`, so that an item is followed through
        every name it had.
    """
    matched = match(old, new, Descent([*between, old, new]))
    return (
        *_of_the_whole(old, new, matched),
        *_of_forms(old, new, matched.codes),
        *_of_scales(old, new, matched),
        *_of_items(matched),
    )


def _change(
    kind: str,
    subject: str = "",
    *,
    language: str | None = None,
    texts: tuple[str, str] = ("", ""),
    wording: Text | None = None,
    **params: str | Text,
) -> Change:
    template = KINDS[kind][1]
    params = {"code": subject, **params}
    if language is not None:
        params["name"] = LANGUAGE_NAMES[language]

    def filled(one: str) -> str:
        words = {
            name: value.in_(one) if isinstance(value, Text) else value
            for name, value in params.items()
        }
        return template.in_(one).format(**words)

    sentence = Text(filled("en"), filled("zh-hans"))
    return Change(kind, subject, sentence, language, *texts, wording)


def _of_the_whole(
    old: Questionnaire, new: Questionnaire, matched: Matched
) -> Iterator[Change]:
    for language in LANGUAGES:
        if (language in old.languages) != (language in new.languages):
            added = language in new.languages
            kind = "language_added" if added else "language_removed"
            yield _change(kind, name=LANGUAGE_NAMES[language])
    yield from _wordings("name_changed", "", old.name, new.name)
    if old.kind != new.kind:
        yield _change("purpose_changed", before=old.kind, after=new.kind)
    fields = [name for name in _FACTS if getattr(old, name) != getattr(new, name)]
    if any(a.description != b.description for a, b in matched.scales) or any(
        a.item.facet != b.item.facet for a, b in matched.items
    ):
        fields.append("scales")
    if fields:
        named = [WORDS[name] for name in fields]
        both = Text(", ".join(n.en for n in named), "、".join(n.zh_hans for n in named))
        yield _change("facts_changed", fields=both)
    if old.modules != new.modules:
        yield _change("modules_changed")
    if old.order != new.order:
        yield _change(
            "shuffle_changed", before=WORDS[old.order], after=WORDS[new.order]
        )
    yield from _of_order(old, matched)


def _of_order(old: Questionnaire, matched: Matched) -> Iterator[Change]:
    codes = matched.codes
    before = [codes[item.code] for item in old.items if item.code in codes]
    after = [place.item.code for _, place in matched.items]
    if before != after:
        yield _change("order_changed", texts=(" ".join(before), " ".join(after)))
    short_before = [codes.get(code, code) for code in old.short_form]
    short_after = [
        *(b.item.code for _, b in matched.items if b.item.short),
        *(place.item.code for place in matched.added if place.item.short),
    ]
    if sorted(short_before) != sorted(short_after):
        texts = (" ".join(sorted(short_before)), " ".join(sorted(short_after)))
        yield _change("short_form_changed", texts=texts)


def _of_forms(
    old: Questionnaire, new: Questionnaire, codes: Mapping[str, str]
) -> Iterator[Change]:
    before = {form.code: form for form in old.forms}
    after = {form.code: form for form in new.forms}
    for code in sorted(after.keys() - before.keys()):
        yield _change("form_added", code)
    for code in sorted(before.keys() - after.keys()):
        yield _change("form_removed", code)
    for code, form in after.items():
        if code not in before:
            continue
        for language in LANGUAGES:
            texts = (_words(before[code], language), _words(form, language))
            if texts[0] != texts[1]:
                yield _change(
                    "form_words_changed", code, language=language, texts=texts
                )
        left = sorted(codes.get(item, item) for item in before[code].leave_out)
        if left != sorted(form.leave_out):
            texts = (" ".join(left), " ".join(sorted(form.leave_out)))
            yield _change("form_items_changed", code, texts=texts)


def _words(form: NamedForm, language: str) -> str:
    words = sorted(
        f"{{{word.slot}}} = {word.text.in_(language)}" for word in form.words
    )
    return " · ".join([form.name.in_(language), *words])


def _of_scales(
    old: Questionnaire, new: Questionnaire, matched: Matched
) -> Iterator[Change]:
    paired = matched.scale_codes
    for scale in old.scales:
        if scale.code not in paired:
            yield _change("scale_removed", scale.code, wording=scale.name)
    for scale in new.scales:
        if scale.code not in paired.values():
            yield _change("scale_added", scale.code, wording=scale.name)
    for before, after in matched.scales:
        code = after.code
        if before.code != code:
            yield _change("scale_recoded", code, before=before.code, after=code)
        yield from _wordings("scale_renamed", code, before.name, after.name)
        if before.model != after.model:
            models = WORDS[before.model], WORDS[after.model]
            yield _change(
                "scale_model_changed", code, before=models[0], after=models[1]
            )
        yield from _of_format(code, before.format, after.format)
        yield from _of_referent(code, before.referent, after.referent)
        yield from _of_condition(code, before.show_if, after.show_if, matched.codes)


def _of_items(matched: Matched) -> Iterator[Change]:
    # where the whole scale came or went, or has no mean, no mean changes
    lasting = matched.scale_codes
    for place in matched.removed:
        of_a_mean = place.scale.model != "checklist" and place.scale.code in lasting
        kind = "item_removed" if of_a_mean else "question_removed"
        yield _change(kind, place.item.code, wording=place.item.text)
    for place in matched.added:
        known = place.scale.code in lasting.values()
        of_a_mean = place.scale.model != "checklist" and known
        kind = "item_added" if of_a_mean else "question_added"
        yield _change(kind, place.item.code, wording=place.item.text)
    for old, new in matched.items:
        yield from _of_item(old.item, new.item)
        yield from _of_place(old, new, matched)


def _of_item(old: Item, new: Item) -> Iterator[Change]:
    code = new.code
    if old.code != code:
        yield _change("item_renamed", code, before=old.code, after=code)
    yield from _wordings("item_reworded", code, old.text, new.text)
    forms = {wording.form for wording in (*old.texts, *new.texts)}
    for form in sorted(forms):
        before, after = old.text_in(form), new.text_in(form)
        if (before, after) != (old.text, new.text):
            kind = "item_reworded_in_form"
            yield from _wordings(kind, code, before, after, form=form)
    if old.reverse != new.reverse:
        words = [WORDS["reverse" if one.reverse else "plain"] for one in (old, new)]
        before, after = words
        told = new.text
        yield _change("key_changed", code, wording=told, before=before, after=after)
    if old.expect != new.expect:
        points = [
            str(one.expect) if one.expect is not None else "–" for one in (old, new)
        ]
        yield _change("expected_point_changed", code, before=points[0], after=points[1])


def _of_place(old: Place, new: Place, matched: Matched) -> Iterator[Change]:
    """What an item takes from its scale, where no change of the scale says it."""
    code = new.item.code
    stays = matched.scale_codes.get(old.scale.code) == new.scale.code
    if not stays:
        names = (old.scale.code, new.scale.code)
        told = new.item.text
        yield _change("item_moved", code, wording=told, before=names[0], after=names[1])
    scales = (old.scale, new.scale)
    if not stays or (old.format, new.format) != (scales[0].format, scales[1].format):
        yield from _of_format(code, old.format, new.format)
    if not stays:
        yield from _of_referent(code, scales[0].referent, scales[1].referent)
        yield from _of_condition(
            code, scales[0].show_if, scales[1].show_if, matched.codes
        )
    yield from _of_condition(code, old.item.show_if, new.item.show_if, matched.codes)


def _of_format(code: str, old: ResponseFormat, new: ResponseFormat) -> Iterator[Change]:
    if old.kind != new.kind:
        kinds = WORDS[old.kind], WORDS[new.kind]
        yield _change("answer_kind_changed", code, before=kinds[0], after=kinds[1])
        return
    if (old.low, old.high) != (new.low, new.high) or old.longest != new.longest:
        kind = "points_changed" if old.closed else "limits_changed"
        yield _change(kind, code, before=_range(old), after=_range(new))
    kind = "options_changed" if old.kind == "choice" else "labels_changed"
    for language in LANGUAGES:
        texts = (_labels(old, language), _labels(new, language))
        if texts[0] != texts[1]:
            yield _change(kind, code, language=language, texts=texts)
    if old.unit != new.unit:
        units = (old.unit or Text("", ""), new.unit or Text("", ""))
        yield _change("unit_changed", code, texts=(units[0].en, units[1].en))
    if old.not_applicable != new.not_applicable:
        yield _change("not_applicable_changed", code)


def _range(format: ResponseFormat) -> str:
    if format.kind == "text":
        return f"0–{format.longest}"
    return f"{format.low}–{format.high}"


def _labels(format: ResponseFormat, language: str) -> str:
    return " · ".join(label.in_(language) for label in format.labels)


def _of_referent(code: str, old: str | None, new: str | None) -> Iterator[Change]:
    if old != new:
        words = [
            WORDS["survey"] if one is None else REFERENTS[one] for one in (old, new)
        ]
        yield _change("referent_changed", code, before=words[0], after=words[1])


def _of_condition(
    code: str, old: Condition | None, new: Condition | None, codes: Mapping[str, str]
) -> Iterator[Change]:
    if old is not None:
        old = Condition(codes.get(old.item, old.item), old.codes)
    if old != new:
        yield _change("show_if_changed", code, texts=(_condition(old), _condition(new)))


def _condition(condition: Condition | None) -> str:
    if condition is None:
        return "–"
    return f"{condition.item} = {' / '.join(map(str, condition.codes))}"


def _wordings(
    kind: str, subject: str, old: Text, new: Text, *, form: str = ""
) -> Iterator[Change]:
    """A change for every language that both have and in which the words differ."""
    for language, before in old.wordings.items():
        after = new.wordings.get(language)
        if after is not None and after != before:
            texts = (before, after)
            yield _change(kind, subject, language=language, texts=texts, form=form)
