"""What the page of a draft shows: every part, and the remarks beside it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys.authoring_fields import HTML_LANG, LANGUAGE_NAMES, PartForm
from surveys.definition import LANGUAGES, REFERENTS
from surveys.definition.draft import Content, used_formats
from surveys.definition.draft_edits import NoSuchPart, Part, answers_of, found, scale_of
from surveys.definition.unfinished import Judgement

KINDS_OF_ANSWERS = ("rating", "choice", "number", "text")


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """A remark in the reader's language, and whether it stands in the way."""

    sentence: str
    must: bool
    part: str

    @property
    def place(self) -> str:
        """The part as people call it: its code, or what the whole is called."""
        _kind_of_part, _dot, code = self.part.partition(".")
        return code or _("About")


@dataclass(frozen=True, slots=True)
class Said:
    """A wording with what the template needs to mark its language."""

    html_lang: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part of a draft on its page.

    Attributes
    ----------
    name : str
        As `Part` writes it: address, anchor, and what buttons send.
    texts : tuple of Said
        The wording in every language of the questionnaire.
    marks : tuple of str
        Short facts about it, such as "reverse".
    form : PartForm or None
        Where it is being edited.
    asks_to_delete : bool
        Where its deletion has to be confirmed.
    """

    name: str
    code: str
    texts: tuple[Said, ...]
    marks: tuple[str, ...]
    remarks: tuple[ShownRemark, ...]
    form: PartForm | None
    asks_to_delete: bool
    items: tuple["ShownPart", ...] = field(default=())
    new_item: PartForm | None = None


class DraftPage:
    """The parts of a draft, with one of them open for editing or deletion."""

    def __init__(
        self,
        content: Content,
        judged: Judgement,
        language: str,
        *,
        form: PartForm | None = None,
        deleting: str = "",
    ) -> None:
        self.content, self.judged, self.language = content, judged, language
        self.form, self.deleting = form, deleting
        self.remarks: Mapping[str, list[ShownRemark]] = defaultdict(list)
        for remark in judged.remarks:
            must = remark.severity == "must"
            shown = ShownRemark(remark.in_(language), must, remark.part)
            self.remarks[remark.part].append(shown)
        self.formats = {one["code"]: one for one in content["formats"]}

    def context(self) -> dict[str, Any]:
        content = self.content
        used = used_formats(content)
        editing = str(self.form.part) if self.form is not None else ""
        return {
            "about": self._about(),
            "formats": [self._format(one, used) for one in content["formats"]],
            "variants": [self._variant(one) for one in content["forms"]],
            "scales": [self._scale(one) for one in content["scales"]],
            "item_count": sum(len(one["items"]) for one in content["scales"]),
            "editing": editing,
            "new_form": self.form if editing.startswith("new.") else None,
            "languages": [(one, HTML_LANG[one]) for one in content["languages"]],
            "kinds_of_answers": [(k, _kind(k)) for k in KINDS_OF_ANSWERS],
            "faults": [one for one in self._shown() if one.must],
            "advice": [one for one in self._shown() if not one.must],
            "judged": self.judged.shown is not None,
        }

    def _shown(self) -> list[ShownRemark]:
        return [one for remarks in self.remarks.values() for one in remarks]

    def _part(
        self, part: Part, texts: Content, marks: list[str], **more: Any
    ) -> ShownPart:
        name = str(part)
        mine = self.form is not None and self.form.part == part
        return ShownPart(
            name=name,
            code=part.code,
            texts=tuple(
                Said(HTML_LANG[one], str(LANGUAGE_NAMES[one]), texts[one])
                for one in self.content["languages"]
                if part.kind != "format" or any(texts.values())
            ),
            marks=tuple(marks),
            remarks=tuple(self.remarks.get(name, ())),
            form=self.form if mine else None,
            asks_to_delete=self.deleting == name,
            **more,
        )

    def _about(self) -> ShownPart:
        content = self.content
        named = " · ".join(str(LANGUAGE_NAMES[one]) for one in content["languages"])
        marks = [named, content["licence"]]
        if content["order"] == "shuffled":
            marks.append(_("shuffled inside each scale"))
        if content["modules"]:
            marks.append(_("each scale may be asked alone"))
        return self._part(Part("about"), content["description"], marks)

    def _format(self, format: Content, used: set[str]) -> ShownPart:
        marks = [_kind(format["kind"])]
        if format["kind"] in ("rating", "number"):
            marks.append(f"{format['low']}–{format['high']}")
        if format["kind"] == "text":
            marks.append(_("%(number)s characters") % {"number": format["longest"]})
        if format["not_applicable"]:
            marks.append(_("“not applicable” stands apart"))
        if format["code"] not in used:
            marks.append(_("not used yet"))
        labels = format["labels"] if format["kind"] in ("rating", "choice") else []
        if format["kind"] == "number":
            labels = [format["unit"]]
        texts = {o: " · ".join(filter(None, (t[o] for t in labels))) for o in LANGUAGES}
        return self._part(Part("format", format["code"]), texts, marks)

    def _variant(self, form: Content) -> ShownPart:
        marks = []
        for word in form["words"]:
            said = " / ".join(word["text"][one] for one in self.content["languages"])
            marks.append(f"{{{word['slot']}}} = {said}")
        if form["leave_out"]:
            left = ", ".join(form["leave_out"])
            marks.append(_("leaves out %(items)s") % {"items": left})
        return self._part(Part("form", form["code"]), form["name"], marks)

    def _scale(self, scale: Content) -> ShownPart:
        part = Part("item", "", scale["code"])
        mine = self.form is not None and self.form.part == part
        marks = [_model(scale["model"]), scale["format"]]
        if scale["referent"]:
            marks.append(REFERENTS[scale["referent"]].in_(self.language))
        marks += self._only_after(scale)
        return self._part(
            Part("scale", scale["code"]),
            scale["name"],
            marks,
            items=tuple(self._item(item, scale) for item in scale["items"]),
            new_item=self.form if mine else None,
        )

    def _item(self, item: Content, scale: Content) -> ShownPart:
        marks = []
        if item["format"]:
            marks.append(item["format"])
        elif scale["model"] == "checklist":
            marks.append(scale["format"])
        if item["reverse"]:
            marks.append(_("reverse"))
        if item["short"]:
            marks.append(_("short form"))
        if item["expect"] is not None:
            marks.append(_("asks for answer %(point)s") % {"point": item["expect"]})
        marks += self._only_after(item)
        if item["lineage"]:
            marks.append(_("was %(code)s before") % {"code": item["lineage"]})
        for wording in item["texts"]:
            marks.append(_("own wording in “%(form)s”") % {"form": wording["form"]})
        return self._part(Part("item", item["code"]), item["text"], marks)

    def _only_after(self, part: Content) -> list[str]:
        condition = part["show_if"]
        if not condition:
            return []
        answers = " / ".join(
            self._answer(condition["item"], c) for c in condition["in"]
        )
        params = {"item": condition["item"], "answers": answers}
        return [_("only if %(item)s is %(answers)s") % params]

    def _answer(self, asked: str, code: int) -> str:
        for scale in self.content["scales"]:
            for item in scale["items"]:
                if item["code"] == asked:
                    format = self.formats.get(item["format"] or scale["format"])
                    labels = dict(answers_of(format)) if format else {}
                    label = labels.get(code, {}).get(self.language, "")
                    return label or str(code)
        return str(code)


def part_or_none(content: Content, name: str) -> Part | None:
    """Part named in an address, if the draft has it."""
    try:
        part = Part.named(name)
        if part.kind == "item":
            scale_of(content, part)
        elif not part.is_new:
            found(content, part)
    except NoSuchPart:
        return None
    return part


def _kind(kind: str) -> str:
    return {
        "rating": _("rating"),
        "choice": _("single choice"),
        "number": _("number"),
        "text": _("free text"),
    }[kind]


def _model(model: str) -> str:
    return {
        "reflective": _("signs of one dimension"),
        "formative": _("parts of a whole"),
        "checklist": _("single questions"),
    }[model]
