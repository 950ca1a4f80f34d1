"""The five forms of an author: about the whole, a format, a scale, an item, a form."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.authoring_fields import (
    LANGUAGE_NAMES,
    SEPARATORS,
    PartForm,
    in_language,
)
from surveys.definition import LANGUAGES, REFERENTS
from surveys.definition.draft import Content, line, text
from surveys.definition.draft_edits import Part, lines_of, next_code, scale_of
from surveys.definition.parse_formats import (
    LARGEST_NUMBER,
    LONGEST_ANSWER,
    MOST_OPTIONS,
)
from surveys.definition.reader import CODE, LONGEST_CODE, NAME


class AboutForm(PartForm):
    """Names, theory, languages and order of the whole questionnaire."""

    def build(self) -> None:
        now = self.now
        self.pair("name", _("Name"), now["name"])
        help = _("What it measures and for whom, in one sentence.")
        self.pair(
            "description", _("Description"), now["description"], help=help, rows=2
        )
        help = _("Where the scales come from: sources, definitions.")
        self.pair("theory", _("Theory"), now["theory"], help=help, rows=3)
        self.add(
            "kind", forms.ChoiceField(label=_("Kind"), choices=_kinds()), now["kind"]
        )
        languages = forms.MultipleChoiceField(
            label=_("Languages"),
            help_text=_("A survey offers only languages in which every text is there."),
            choices=[(one, LANGUAGE_NAMES[one]) for one in LANGUAGES],
            widget=forms.CheckboxSelectMultiple,
        )
        self.add("languages", languages, now["languages"])
        order = forms.ChoiceField(
            label=_("Order of the items"),
            choices=[
                ("fixed", _("as written, the same for everybody")),
                ("shuffled", _("shuffled inside each scale, for every respondent")),
            ],
        )
        self.add("order", order, now["order"])
        modules = forms.BooleanField(
            label=_("Each scale may be asked alone"), required=False
        )
        self.add("modules", modules, now["modules"])
        self._provenance(now)

    def _provenance(self, now: Content) -> None:
        licence = forms.CharField(
            label=_("Licence of the wording"),
            help_text=_("Such as CC BY 4.0, or All rights reserved."),
            max_length=200,
        )
        self.add("licence", licence, now["licence"])
        review = forms.ChoiceField(
            label=_("Reading by people who grew up with each language"),
            choices=[("owed", _("still owed")), ("done", _("done"))],
        )
        self.add("native_review", review, now["native_review"])
        risks = _("One a line; the same line in every language.")
        self.lines("risks", _("Known risks"), now["known_risks"], help=risks, rows=4)
        nearest = forms.CharField(
            label=_("Nearest published scales"),
            help_text=_("By name, one a line."),
            required=False,
            max_length=5000,
            widget=forms.Textarea({"rows": 3}),
        )
        self.add("nearest", nearest, "\n".join(now["nearest_published"]))
        covers = forms.CharField(
            label=_("Rows of the coverage table"),
            help_text=_("Codes such as C1, separated by commas."),
            required=False,
            max_length=1000,
        )
        self.add("covers", covers, ", ".join(now["covers"]))

    def values(self) -> Content:
        chosen, now = self.cleaned_data, self.now
        keys = ("kind", "order", "modules", "licence", "native_review")
        return {
            **{key: chosen[key] for key in keys},
            **{k: self.text_of(k, now[k]) for k in ("name", "description", "theory")},
            "languages": [one for one in LANGUAGES if one in chosen["languages"]],
            "known_risks": [
                risk
                for risk in self.texts_of("risks", now["known_risks"])
                if any(risk.values())
            ],
            "nearest_published": _distinct(lines_of(chosen["nearest"])),
            "covers": _distinct(SEPARATORS.split(chosen["covers"])),
        }


class FormatForm(PartForm):
    """A way to answer; its kind was chosen when it was added."""

    @property
    def kind(self) -> str:
        kind: str = self.now.get("kind") or self.part.within
        return kind if kind in ("rating", "choice", "number", "text") else "rating"

    def build(self) -> None:
        codes = [one["code"] for one in self.content["formats"]]
        number = 1
        while f"{self.kind}_{number}" in codes:
            number += 1
        help = _("A short name for your own use: small letters, digits, underscores.")
        code = self.now.get("code", f"{self.kind}_{number}")
        self.code_field(_("Name of the format"), code, help=help)
        getattr(self, f"_build_{self.kind}")()
        if self.kind != "text":
            aside = forms.BooleanField(
                label=_("Offer “not applicable” apart from the answers"), required=False
            )
            self.add("not_applicable", aside, self.now.get("not_applicable", False))

    def _build_rating(self) -> None:
        lows = [(0, "0"), (1, "1")]
        low = forms.TypedChoiceField(label=_("First point"), choices=lows, coerce=int)
        self.add("low", low, self.now.get("low", 1))
        high = forms.IntegerField(label=_("Last point"), min_value=1, max_value=11)
        self.add("high", high, self.now.get("high", 7))
        help = _("One a line, first point first; only both ends beyond 7 points.")
        self.lines("labels", _("Labels"), self.now.get("labels", []), help=help, rows=7)

    def _build_choice(self) -> None:
        help = _("One a line, 2 to 40; they are stored as 1, 2, 3 in this order.")
        self.lines(
            "labels", _("Options"), self.now.get("labels", []), help=help, rows=6
        )

    def _build_number(self) -> None:
        most = LARGEST_NUMBER
        low = forms.IntegerField(
            label=_("Smallest number"), min_value=0, max_value=most
        )
        high = forms.IntegerField(
            label=_("Largest number"), min_value=1, max_value=most
        )
        self.add("low", low, self.now.get("low", 0))
        self.add("high", high, self.now.get("high", 100))
        help = _("What is counted, such as months; may be blank.")
        self.pair(
            "unit",
            pgettext("of a number", "Unit"),
            self.now.get("unit", text()),
            help=help,
        )

    def _build_text(self) -> None:
        longest = forms.IntegerField(
            label=_("Characters at most"), min_value=1, max_value=LONGEST_ANSWER
        )
        self.add("longest", longest, self.now.get("longest", 1000))

    def clean(self) -> dict[str, Any]:
        codes = [one["code"] for one in self.content["formats"]]
        self.check_code(NAME, "bad_name", codes)
        low, high = self.cleaned_data.get("low"), self.cleaned_data.get("high")
        if low is not None and high is not None and low >= high:
            self.add_error("high", _("The last number must be larger than the first."))
        return self.cleaned_data

    def values(self) -> Content:
        chosen, now = self.cleaned_data, self.now
        labels: list[Content] = now.get("labels", [])
        if self.kind in ("rating", "choice"):
            labels = self.texts_of("labels", labels)[: MOST_OPTIONS + 1]
        unit = now.get("unit", text())
        return {
            "code": chosen["code"],
            "kind": self.kind,
            "low": chosen.get("low", now.get("low", 1)),
            "high": chosen.get("high", now.get("high", 5)),
            "not_applicable": chosen.get("not_applicable", False),
            "labels": labels,
            "unit": self.text_of("unit", unit) if self.kind == "number" else unit,
            "longest": chosen.get("longest", 1000),
        }


class ScaleForm(PartForm):
    """One dimension: what it is, and how its items are answered."""

    def build(self) -> None:
        now = self.now
        codes = [one["code"] for one in self.content["scales"]]
        free = next(one for one in _letters() if one not in codes)
        help = _("Capitals and digits; it leads the codes of its items.")
        self.code_field(_("Code"), now.get("code", free), help=help)
        self.pair("name", _("Name"), now.get("name", text()))
        said = now.get("description", text())
        help = _("The definition of the dimension.")
        self.pair("description", _("Description"), said, help=help, rows=2)
        models = forms.ChoiceField(
            label=_("What its items are"),
            choices=[
                (
                    "reflective",
                    _("signs of one dimension: scored, reliability reported"),
                ),
                ("formative", _("parts that make up a whole: scored, no reliability")),
                ("checklist", _("single questions: never scored")),
            ],
        )
        self.add("model", models, now.get("model", "reflective"))
        formats = forms.ChoiceField(
            label=_("Answers"),
            help_text=_("Only single questions take a choice, a number or a text."),
            choices=[(one["code"], one["code"]) for one in self.content["formats"]],
        )
        self.add("format", formats, now.get("format"))
        named = [(code, word.in_(self.language)) for code, word in REFERENTS.items()]
        referent = forms.ChoiceField(
            label=_("Whom the trust is in"),
            choices=[("", _("whom the survey names")), *named],
            required=False,
        )
        self.add("referent", referent, now.get("referent") or "")
        self.condition_fields()

    def clean(self) -> dict[str, Any]:
        codes = [one["code"] for one in self.content["scales"]]
        self.check_code(CODE, "bad_code", codes)
        self.check_condition()
        return self.cleaned_data

    def values(self) -> Content:
        chosen, now = self.cleaned_data, self.now
        return {
            **{key: chosen[key] for key in ("code", "model", "format", "show_if")},
            "name": self.text_of("name", now.get("name", text())),
            "description": self.text_of("description", now.get("description", text())),
            "referent": chosen["referent"] or None,
        }


class ItemForm(PartForm):
    """One item, in every language and every named form."""

    def build(self) -> None:
        now = self.now
        self.scale = scale_of(self.content, self.part)
        code = now.get("code") or next_code(self.content, self.scale["code"])
        self.now = now = {**now, "code": code}
        help = _("Write {referent} ({Referent} at the start) for whom the trust is in.")
        self.pair("text", _("Wording"), now.get("text", text()), help=help, rows=3)
        for form in self.content["forms"]:
            words = self._wording(form["code"])
            label = _("Wording in the form “%(form)s”, where it differs") % {
                "form": form["code"]
            }
            self.pair(f"form_{form['code']}", label, words, rows=2)
        help = _("The side of the dimension that it asks about; may be blank.")
        self.pair("facet", _("Facet"), now.get("facet", text()), help=help)
        self.code_field(_("Code"), code)
        self._flags(now)
        if self.scale["model"] == "checklist" or now.get("format") or now.get("expect"):
            self._of_a_checklist(now)
        self.condition_fields()
        if self.content["lineage"] or now.get("lineage"):
            lineage = forms.CharField(
                label=_("Code in the version before"),
                help_text=_("Only where the code changed and the meaning did not."),
                max_length=LONGEST_CODE,
                required=False,
            )
            self.add("lineage", lineage, now.get("lineage") or "")

    def _flags(self, now: Content) -> None:
        if self.scale["model"] == "reflective" or now.get("reverse"):
            reverse = forms.BooleanField(
                label=_("Reverse: agreeing means less of the dimension"), required=False
            )
            self.add("reverse", reverse, now.get("reverse", False))
        short = forms.BooleanField(label=_("Part of the short form"), required=False)
        self.add("short", short, now.get("short", False))

    def _of_a_checklist(self, now: Content) -> None:
        formats = [(one["code"], one["code"]) for one in self.content["formats"]]
        same = _("as the scale: %(format)s") % {"format": self.scale["format"]}
        format = forms.ChoiceField(
            label=_("Answers"), choices=[("", same), *formats], required=False
        )
        self.add("format", format, now.get("format") or "")
        expect = forms.IntegerField(
            label=_("Asks for this answer"),
            help_text=_(
                "For an item that checks attention; its wording names the point."
            ),
            required=False,
            min_value=0,
            max_value=11,
        )
        self.add("expect", expect, now.get("expect"))

    def _wording(self, form: str) -> Content:
        texts: list[Content] = self.now.get("texts", [])
        return next((one["text"] for one in texts if one["form"] == form), text())

    def clean(self) -> dict[str, Any]:
        codes = [i["code"] for scale in self.content["scales"] for i in scale["items"]]
        self.check_code(CODE, "bad_code", codes)
        self.check_condition()
        lineage = self.cleaned_data.get("lineage")
        if lineage and not CODE.fullmatch(lineage):
            self.refuse("lineage", "bad_code", value=lineage)
        return self.cleaned_data

    def values(self) -> Content:
        chosen, now = self.cleaned_data, self.now
        texts = []
        for form in self.content["forms"]:
            wording = self.text_of(f"form_{form['code']}", self._wording(form["code"]))
            if any(wording.values()):
                texts.append({"form": form["code"], "text": wording})
        return {
            "code": chosen["code"],
            "text": self.text_of("text", now.get("text", text())),
            "facet": self.text_of("facet", now.get("facet", text())),
            "texts": texts,
            "reverse": chosen.get("reverse", False),
            "short": chosen["short"],
            "format": chosen.get("format") or None,
            "expect": chosen.get("expect"),
            "show_if": chosen["show_if"],
            "lineage": chosen.get("lineage") or None,
        }


class VariantForm(PartForm):
    """A named form: its own words for the slots of the items, and what it leaves out."""

    def build(self) -> None:
        codes = [one["code"] for one in self.content["forms"]]
        number = 1
        while f"form_{number}" in codes:
            number += 1
        help = _("A short name for your own use: small letters, digits, underscores.")
        self.code_field(_("Code"), self.now.get("code", f"form_{number}"), help=help)
        self.pair("name", _("Name"), self.now.get("name", text()))
        words = self.now.get("words", [])
        joined = {
            one: "\n".join(f"{word['slot']} = {word['text'][one]}" for word in words)
            for one in LANGUAGES
        }
        help = _("One a line, such as product = vehicle; items then write {product}.")
        self.pair("words", _("Words"), joined, help=help, rows=4)
        leave_out = forms.CharField(
            label=_("Items left out"),
            help_text=_("Codes, separated by commas."),
            max_length=9000,
            required=False,
        )
        self.add("leave_out", leave_out, ", ".join(self.now.get("leave_out", [])))

    def clean(self) -> dict[str, Any]:
        codes = [one["code"] for one in self.content["forms"]]
        self.check_code(NAME, "bad_name", codes)
        self.cleaned_data["words"] = self._words()
        items = {i["code"] for s in self.content["scales"] for i in s["items"]}
        left = _distinct(SEPARATORS.split(self.cleaned_data.get("leave_out") or ""))
        for code in left:
            if code not in items:
                self.refuse("leave_out", "unknown_item", value=code)
        self.cleaned_data["left"] = left
        return self.cleaned_data

    def _words(self) -> list[Content]:
        before = {word["slot"]: word["text"] for word in self.now.get("words", [])}
        words: dict[str, Content] = {}
        for language in self.languages:
            name = in_language("words", language)
            for written in lines_of(self.cleaned_data.get(name) or ""):
                slot, equals, word = (one.strip() for one in written.partition("="))
                if written and (not equals or not NAME.fullmatch(slot)):
                    self.refuse(name, "bad_name", value=slot or written)
                elif written:
                    kept = {**text(), **before.get(slot, {})}
                    words.setdefault(slot, kept)[language] = word
        return [{"slot": slot, "text": word} for slot, word in words.items()][:50]

    def values(self) -> Content:
        chosen = self.cleaned_data
        return {
            "code": chosen["code"],
            "name": self.text_of("name", self.now.get("name", text())),
            "words": chosen["words"],
            "leave_out": chosen["left"],
        }


_FORMS: Mapping[str, type[PartForm]] = {
    "about": AboutForm,
    "format": FormatForm,
    "scale": ScaleForm,
    "item": ItemForm,
    "form": VariantForm,
}


def form_of(
    part: Part, content: Content, language: str, data: Mapping[str, Any] | None = None
) -> PartForm:
    """Form of a part, filled with `data` or with what stands there.

    Raises
    ------
    NoSuchPart
        Nothing stands there.
    """
    form = _FORMS[part.kind](data, content=content, part=part, language=language)
    form.auto_id = f"{part}-%s"
    return form


def _kinds() -> list[tuple[str, str]]:
    return [
        ("questionnaire", _("questionnaire: what people trust, and how much")),
        ("outcomes", _("outcomes: what trust is to be related to")),
        ("controls", _("controls: what is to be ruled out")),
    ]


def _letters() -> Iterator[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from letters
    yield from (first + second for first in letters for second in letters)


def _distinct(values: list[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(line, values))))
