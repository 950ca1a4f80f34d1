"""What is said of a file of answers, and of each of its columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.brought.coding import CODING_NAMES, number_of, points_of, text_code
from surveys.brought.guessing import Profile, coding_of, range_of
from surveys.brought.mapping import (
    PERIODS,
    SURE,
    WHY,
    WHY_CODING,
    ItemColumn,
    Mapping,
    twice,
)
from surveys.brought.source import Source
from surveys.catalogue import words
from surveys.definition import NOT_APPLICABLE, SKIPPED, Form, FormItem
from surveys.models import AnswerFile, Survey
from surveys.people.mapping import plain

MOST_SELECTED = 150  # columns up to which every item has a list of all of them
MOST_TEXTS = 60
NO_COLUMN = "none"
_PLACE = re.compile(r"\s*#?(\d{1,4})\b")
REAL, SIMULATED = "real", "simulated"
SEPARATORS = {
    "": gettext_lazy("guessed"),
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tabulator"),
    "|": gettext_lazy("vertical bar"),
}
PROMISES = [
    (
        Survey.Mode.ANONYMOUS,
        gettext_lazy("Anonymity, or I do not know: results of groups alone"),
    ),
    (
        Survey.Mode.CONFIDENTIAL,
        gettext_lazy("Confidentiality: results of groups alone"),
    ),
    (
        Survey.Mode.IDENTIFIED,
        gettext_lazy("That their single answers are seen, with their consent"),
    ),
    (
        Survey.Mode.OPEN,
        gettext_lazy("Nothing: it was an open link, single answers may be seen"),
    ),
]


class UploadForm(forms.Form):
    """A file, and what its answers are answers to."""

    file = forms.FileField(
        label=gettext_lazy("File with the answers"),
        help_text=gettext_lazy(
            "CSV or .xlsx of any program, SPSS (.sav) or Stata (.dta), a response export "
            "of LimeSurvey or Qualtrics. It is kept for a day at most; columns that are "
            "not used are never taken from it."
        ),
    )


class NewSurveyForm(UploadForm):
    """The same, for a survey of its own."""

    title_en = forms.CharField(
        label=gettext_lazy("Title in English"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    title_zh_hans = forms.CharField(
        label=gettext_lazy("Title in Chinese"),
        help_text=gettext_lazy("One of the two titles is enough."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
    referent = forms.ChoiceField(label=gettext_lazy("Whom the trust is in"))

    def __init__(
        self, *args: Any, referents: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if referents:
            self.fields["referent"].choices = referents  # type: ignore[attr-defined]
        else:
            del self.fields["referent"]

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if not chosen.get("title_en") and not chosen.get("title_zh_hans"):
            self.add_error("title_en", _("Write a title."))
        return chosen


class ReadForm(forms.Form):
    """How a CSV is to be read."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"))
    separator = forms.ChoiceField(
        label=gettext_lazy("Cells are separated by"),
        choices=list(SEPARATORS.items()),
        required=False,
    )


class ColumnsForm(forms.Form):
    """The whole mapping, and where the answers come from."""

    missing = forms.CharField(
        label=gettext_lazy("What stands for a missing answer"),
        help_text=gettext_lazy("Parted by commas; an empty cell always does."),
        max_length=300,
        required=False,
    )
    language_column = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    unit_column = forms.ChoiceField(
        label=gettext_lazy("Team or unit (code or name)"), required=False
    )
    day_column = forms.ChoiceField(label=gettext_lazy("Day or period"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Days make waves"))
    language = forms.ChoiceField(label=gettext_lazy("They answered in"))
    first = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Needed where no column says the day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    promised = forms.ChoiceField(
        label=gettext_lazy("What these people were promised"),
        choices=PROMISES,
        widget=forms.RadioSelect,
    )
    people = forms.ChoiceField(
        label=gettext_lazy("Whose answers these are"),
        choices=[
            (REAL, gettext_lazy("These are answers of real people")),
            (SIMULATED, gettext_lazy("These answers were simulated")),
        ],
        widget=forms.RadioSelect,
    )
    sample = forms.CharField(
        label=gettext_lazy("Who answered"),
        help_text=gettext_lazy(
            "Who they are, where and when, and how they were found."
        ),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        file: AnswerFile,
        asked: Form,
        profiles: Sequence[Profile],
        reads: str,
    ) -> None:
        self.asked, self.profiles, self.reads = asked, profiles, reads
        self.source = Source.from_data(file.source)
        self.mapping = Mapping.from_data(file.mapping)
        said = {"promised": Survey.Mode.ANONYMOUS, **file.said}
        if "simulated" in said:
            said["people"] = SIMULATED if said["simulated"] else REAL
        mapping = self.mapping
        said |= {
            "missing": ", ".join(mapping.missing),
            "language_column": _key(mapping.language),
            "unit_column": _key(mapping.unit),
            "day_column": _key(mapping.day),
            "period": mapping.period,
        }
        super().__init__(data, initial=said)
        self._offer()
        self._add_items()
        self._add_texts()

    def _offer(self) -> None:
        columns = [(NO_COLUMN, _("no column")), *self._columns()]
        for name in ("language_column", "unit_column", "day_column"):
            self._choices(name, columns)
        self._choices("period", [(k, t.in_(self.reads)) for k, t in PERIODS.items()])
        languages = [
            (one, words.LANGUAGES[one].in_(self.reads)) for one in self.asked.languages
        ]
        self._choices("language", languages)

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _columns(self) -> list[tuple[str, str]]:
        return [
            (str(at), f"{at + 1}: {one.shown}")
            for at, one in enumerate(self.source.columns)
        ]

    def _add_items(self) -> None:
        wide = len(self.source.columns) > MOST_SELECTED
        columns = [(NO_COLUMN, _("left out: not asked")), *self._columns()]
        names = dict(columns)
        codings = [(key, text.in_(self.reads)) for key, text in CODING_NAMES.items()]
        pairs = zip(self.asked.items, self.mapping.items, strict=True)
        for at, (item, one) in enumerate(pairs):
            label = _("Column of %(code)s") % {"code": item.code}
            if wide:
                # a list of thousands for every item would be no page
                field: forms.Field = forms.CharField(
                    label=label,
                    required=False,
                    max_length=200,
                    initial=names[_key(one.column)] if one.column >= 0 else "",
                    widget=forms.TextInput(attrs={"list": "columns-of-the-file"}),
                )
            else:
                field = forms.ChoiceField(
                    label=label, choices=columns, initial=_key(one.column)
                )
            self.fields[f"item-{at}"] = field
            self.fields[f"coding-{at}"] = forms.ChoiceField(
                label=_("Counting of %(code)s") % {"code": item.code},
                choices=codings,
                initial=one.coding,
            )

    def _add_texts(self) -> None:
        """A list for every text that occurs among the answers."""
        self.texts: list[tuple[str, str, str]] = []
        seen: set[tuple[str, str]] = set()
        for item, one in zip(self.asked.items, self.mapping.items, strict=True):
            if one.column < 0:
                continue
            column = self.source.columns[one.column]
            said = list(column.labels.values()) if one.coding == "labels" else []
            for text in [*self.profiles[one.column].values, *said]:
                key = (range_of(item), plain(text))
                if number_of(text) is not None or key in seen or not key[1]:
                    continue
                if text in self.mapping.missing or len(seen) >= MOST_TEXTS:
                    continue
                seen.add(key)
                self._add_text(item, text, key)

    def _add_text(self, item: FormItem, text: str, key: tuple[str, str]) -> None:
        name = f"text-{len(self.texts)}"
        known = self.mapping.texts.get(key[0], {}).get(key[1], text_code(text, item))
        self.fields[name] = forms.ChoiceField(
            label=text[:80],
            choices=[
                ("", _("no answer of these items: leave the row out")),
                (str(SKIPPED), _("missing")),
                (str(NOT_APPLICABLE), _("not applicable")),
                *self._points(item),
            ],
            required=False,
            initial="" if known is None else str(known),
        )
        self.texts.append((name, *key))

    def _points(self, item: FormItem) -> Iterator[tuple[str, str]]:
        labels = dict.fromkeys(range(item.low, min(item.high, item.low + 20) + 1), "")
        points = points_of(item)
        for label in item.labels:
            labels[points[plain(label.in_(self.reads))]] = label.in_(self.reads)
        for point, said in labels.items():
            yield str(point), f"{point} {said}".strip()

    # ------------------------------------------------------------------------ cleaning

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        items = tuple(self._item(at, one) for at, one in enumerate(self.mapping.items))
        segments = {
            name: self._place(chosen.get(f"{name}_column", NO_COLUMN))
            for name in ("language", "unit", "day")
        }
        doubles = twice([*(one.column for one in items), *segments.values()])
        for at in sorted(doubles):
            column = self.source.columns[at].shown
            self.add_error(
                None,
                _("The column “%(column)s” is chosen twice; it means one thing.")
                % {"column": column},
            )
        if all(one.column < 0 for one in items):
            self.add_error(None, _("Choose a column for at least one item."))
        self._days(chosen, segments["day"])
        missing = [one.strip() for one in chosen.get("missing", "").split(",")]
        self._refuse_answers([one for one in missing if one])
        chosen["mapping"] = Mapping(
            items,
            **segments,
            period=chosen.get("period", "one") if segments["day"] >= 0 else "one",
            missing=tuple(one for one in missing if one),
            texts=self._texts(chosen),
        )
        return chosen

    def _place(self, value: str) -> int:
        return int(value) if value.isdigit() else -1

    def _item(self, at: int, guessed: ItemColumn) -> ItemColumn:
        value = str(self.cleaned_data.get(f"item-{at}", NO_COLUMN))
        place = self._place(value)
        if len(self.source.columns) > MOST_SELECTED and value:
            found = _PLACE.match(value)
            place = int(found[1]) - 1 if found else -1
            if not 0 <= place < len(self.source.columns):
                self.add_error(f"item-{at}", _("There is no such column."))
                place = -1
        coding = self.cleaned_data.get(f"coding-{at}", "same")
        if place == guessed.column:
            if coding == guessed.coding:
                return guessed
            return replace(guessed, coding=coding, coding_sure="certain")
        if place < 0:
            return ItemColumn(-1)
        if coding == guessed.coding:
            # another column counts in a way of its own
            found_coding = coding_of(
                self.asked.items[at], self.source.columns[place], self.profiles[place]
            )
            return ItemColumn(
                place, found_coding[0], "certain", "code", *found_coding[1:]
            )
        return ItemColumn(place, coding, "certain", "code", "certain", "range")

    def _days(self, chosen: dict[str, Any], day: int) -> None:
        first, last = chosen.get("first"), chosen.get("last")
        if day >= 0:
            return
        if first is None or last is None:
            name = "first" if first is None else "last"
            if name not in self.errors:
                self.add_error(name, _("Say the day, or choose the column that does."))
        elif first > last:
            self.add_error("last", _("The last day lies before the first."))

    def _refuse_answers(self, missing: Sequence[str]) -> None:
        for value in missing:
            number = number_of(value) if value.isdigit() else None
            for item in self.asked.items:
                if number is not None and item.low <= number <= item.high:
                    sentence = _("“%(value)s” is an answer of %(code)s.")
                    said = {"value": value, "code": item.code}
                    self.add_error("missing", sentence % said)
                    return

    def _texts(self, chosen: dict[str, Any]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for name, scale, text in self.texts:
            if value := chosen.get(name, ""):
                found.setdefault(scale, {})[text] = int(value)
        return found

    # ------------------------------------------------------------------- for the page

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every item with its two lists, the guess and its reason."""
        pairs = zip(self.asked.items, self.mapping.items, strict=True)
        for at, (item, one) in enumerate(pairs):
            values = (
                list(self.profiles[one.column].values)[:4] if one.column >= 0 else []
            )
            yield {
                "item": item,
                "text": item.text.in_(self.reads),
                "column": self[f"item-{at}"],
                "coding": self[f"coding-{at}"],
                "sure": SURE[one.sure].in_(self.reads),
                "tone": one.sure,
                "why": WHY[one.why].in_(self.reads),
                "coding_sure": SURE[one.coding_sure].in_(self.reads),
                "coding_why": WHY_CODING[one.coding_why].in_(self.reads),
                "values": [value[:30] for value in values],
                "mapped": one.column >= 0,
            }

    def text_fields(self) -> list[Any]:
        """Lists of the texts, for the page."""
        return [self[name] for name, *_rest in self.texts]

    def left_out(self) -> list[str]:
        """Names of the columns that mean nothing."""
        used = self.mapping.used
        return [
            one.shown for at, one in enumerate(self.source.columns) if at not in used
        ]

    def said(self) -> dict[str, Any]:
        """What was said of the answers, as it is kept."""
        chosen = self.cleaned_data
        first, last = chosen.get("first"), chosen.get("last")
        return {
            "language": chosen["language"],
            "first": first.isoformat() if first else "",
            "last": last.isoformat() if last else "",
            "promised": chosen["promised"],
            "simulated": chosen["people"] == SIMULATED,
            "sample": chosen["sample"],
        }


def _key(column: int) -> str:
    return str(column) if column >= 0 else NO_COLUMN
