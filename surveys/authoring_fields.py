"""What an author fills in about one part of a draft, turned into its content."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.definition import LANGUAGES, DefinitionError
from surveys.definition.draft import Content, line, text
from surveys.definition.draft_edits import (
    Part,
    answers_of,
    earlier,
    found,
    lines_of,
)
from surveys.definition.reader import CODE, LONGEST_CODE, LONGEST_TEXT

HTML_LANG = {"en": "en", "zh-hans": "zh-Hans"}
LANGUAGE_NAMES = {"en": gettext_lazy("English"), "zh-hans": gettext_lazy("Chinese")}
SEPARATORS = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the template draws it; `stored` is what another tab saved there."""

    bound: BoundField
    stored: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Fields that stand together: one, or the same text in every language."""

    legend: str
    help: str
    fields: tuple[Field, ...]


class PartForm(forms.Form):
    """Fields of one part; `values` hands them over as content.

    A text `name` has the fields ``name_en`` and ``name_zh_hans``, of which those are
    shown whose language the questionnaire has.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        content: Content,
        part: Part,
        language: str,
    ) -> None:
        super().__init__(data)
        self.content, self.part, self.language = content, part, language
        self.languages: list[str] = content["languages"]
        self.now: Content = {} if part.is_new else found(content, part)
        self._pairs: dict[str, tuple[str, str]] = {}
        self._pair_of: dict[str, str] = {}
        self.stored: Mapping[str, str] = {}
        self.build()

    def build(self) -> None:
        raise NotImplementedError

    def values(self) -> Content:
        """What was filled in, by key of the content."""
        raise NotImplementedError

    def add(self, name: str, field: forms.Field, initial: object) -> None:
        self.fields[name] = field
        self.initial[name] = initial

    def pair(
        self, name: str, label: str, now: Content, *, help: str = "", rows: int = 0
    ) -> None:
        """Fields of a text in the languages of the questionnaire."""
        self._pairs[name] = (label, help)
        for language in self.languages:
            attrs: dict[str, Any] = {"lang": HTML_LANG[language]}
            widget: forms.Widget = forms.TextInput(attrs)
            longest = LONGEST_TEXT
            if rows:
                widget = forms.Textarea(attrs | {"rows": rows})
                longest = LONGEST_TEXT * 10 if rows > 3 else LONGEST_TEXT
            field = forms.CharField(
                label=LANGUAGE_NAMES[language],
                required=False,
                max_length=longest,
                widget=widget,
            )
            self.add(in_language(name, language), field, now.get(language, ""))
            self._pair_of[in_language(name, language)] = name

    def text_of(self, name: str, now: Content) -> Content:
        """Text of a pair; a language that is not shown keeps what it had."""
        said = {**text(), **now}
        for language in self.languages:
            said[language] = line(self.cleaned_data[in_language(name, language)])
        return said

    def texts_of(self, name: str, now: list[Content]) -> list[Content]:
        """Texts of a pair of boxes, one a line."""
        columns = []
        for language in LANGUAGES:
            if language in self.languages:
                columns.append(lines_of(self.cleaned_data[in_language(name, language)]))
            else:
                columns.append([one[language] for one in now])
        # a hidden language keeps as many lines as the shown one has
        longest = max(
            len(c)
            for c, one in zip(columns, LANGUAGES, strict=True)
            if one in self.languages
        )
        pairs = list(zip_longest(*columns, fillvalue=""))[:longest]
        return [text(en, zh) for en, zh in pairs]

    def lines(
        self, name: str, label: str, now: list[Content], *, help: str, rows: int
    ) -> None:
        """Boxes of several texts, one a line, in every language."""
        joined = {one: "\n".join(text[one] for text in now) for one in LANGUAGES}
        self.pair(name, label, joined, help=help, rows=rows)

    def rows(self) -> Iterator[Row]:
        """Fields in order; those of a pair together."""
        seen = set()
        for name in self.fields:
            if name in seen:
                continue
            pair = next(
                (key for key in self._pairs if name.startswith(f"{key}_")), None
            )
            names = [name]
            if pair is not None:
                names = [in_language(pair, language) for language in self.languages]
            seen |= set(names)
            shown = tuple(Field(self[one], self.stored.get(one, "")) for one in names)
            yield Row(*(self._pairs[pair] if pair else ("", "")), shown)

    def compare_with(self, stored: "PartForm") -> None:
        """Keep what `stored`, made of what is stored now, says otherwise than this."""
        differing = {}
        for name in self.fields:
            there = stored[name].value() if name in stored.fields else None
            if _shown(there) != _shown(self[name].value()):
                differing[name] = _shown(there) or _("(blank)")
        self.stored = differing

    def refuse(self, name: str, code: str, **params: object) -> None:
        """Show the sentence of a definition's error beside the field `name`."""
        self.add_error(name, DefinitionError(code, params=params).in_(self.language))

    def code_field(self, label: str, initial: str, *, help: str = "") -> None:
        self.add(
            "code", forms.CharField(label=label, help_text=help, max_length=40), initial
        )

    def check_code(
        self, pattern: re.Pattern[str], error: str, taken: list[str]
    ) -> None:
        code = self.cleaned_data.get("code")
        if code is None:
            return
        if code == self.part.code:
            return
        longest = LONGEST_CODE if pattern is CODE else LONGEST_TEXT
        if not pattern.fullmatch(code) or len(code) > longest:
            self.refuse("code", error, value=code)
        elif code in taken:
            self.refuse("code", "duplicate", value=code)

    def condition_fields(self) -> None:
        """Which answers to which earlier item show this part."""
        now = self.now.get("show_if")
        before = earlier(self.content, self.part)
        choices = [("", _("always"))]
        for item, _format in before:
            wording = item["text"][self.language] or item["text"][self.languages[0]]
            choices.append((item["code"], f"{item['code']} · {wording[:60]}"))
        asked = now["item"] if now else ""
        if asked and asked not in dict(choices):
            choices.append((asked, asked))
        field = forms.ChoiceField(
            label=_("Show only after"),
            help_text=_("An earlier question with fixed answers."),
            choices=choices,
            required=False,
        )
        self.add("show_item", field, asked)
        help = _("Numbers of the answers, such as 1, 2.")
        if offered := self._offered(asked):
            help = f"{help} {offered}"
        codes = ", ".join(map(str, now["in"])) if now else ""
        answers = forms.CharField(
            label=_("if it was answered with"),
            help_text=help,
            max_length=400,
            required=False,
        )
        self.add("show_codes", answers, codes)

    def _offered(self, asked: str) -> str:
        """The answers of the item `asked`, in words."""
        for item, format in earlier(self.content, self.part):
            if item["code"] == asked:
                listed = [
                    f"{code} {label[self.language] or label[self.languages[0]]}".strip()
                    for code, label in answers_of(format)
                ]
                return f"{asked}: {' · '.join(listed)}"
        return ""

    def check_condition(self) -> None:
        chosen = self.cleaned_data
        asked, written = chosen.get("show_item", ""), chosen.get("show_codes", "")
        chosen["show_if"] = None
        if not asked:
            return
        codes = [one for one in SEPARATORS.split(written) if one]
        offered = {
            str(code)
            for item, format in earlier(self.content, self.part)
            if item["code"] == asked
            for code, _label in answers_of(format)
        }
        if not codes or not set(codes) <= offered:
            sentence = _("Write the numbers of one or more of its answers.")
            self.add_error("show_codes", f"{sentence} {self._offered(asked)}".strip())
        else:
            numbers = list(dict.fromkeys(int(one) for one in codes))
            chosen["show_if"] = {"item": asked, "in": numbers}


def in_language(name: str, language: str) -> str:
    return f"{name}_{language.replace('-', '_')}"


def _shown(value: object) -> str:
    """A field's value as a person reads it, to compare and to show."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else "\n".join(str(value).splitlines()).strip()
