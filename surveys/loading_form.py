"""The page on which an owner loads the wording of a published scale, as typed values.

One form, sent as often as needed: what was uploaded is put into the box for pasting, so
that nothing has to be kept between two looks at it.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys import answer_labels, loading
from surveys.catalogue import Record, words
from surveys.definition import LANGUAGES, DefinitionError, Text
from surveys.interchange import ImportRefused
from surveys.wording import (
    LONGEST_DOCUMENT,
    WordingError,
    WordingRow,
    dimensions_of,
    read_rows,
    write_rows,
)
from surveys.wording_files import read_upload

MOST_BYTES = 5 * 1024 * 1024
MOST_POINTS = 11
LEFT_OUT = "-"
LABEL_FIELDS = {"en": "labels_en", "zh-hans": "labels_zh_hans"}


class LoadScale(forms.Form):
    """Right, source and wording; then dimensions, points and labels."""

    right = forms.BooleanField()
    permission = forms.CharField(
        label=gettext_lazy("Where the permission stands"),
        help_text=gettext_lazy("Such as an e-mail of the holder and its date."),
        max_length=500,
        required=False,
    )
    edition = forms.CharField(
        label=gettext_lazy("Version of the wording, and the page it was taken from"),
        max_length=500,
    )
    reworded = forms.BooleanField(
        label=gettext_lazy("The wording differs from the published one"),
        help_text=gettext_lazy("Translated by us, shortened or adapted."),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("File with the wording"),
        help_text=gettext_lazy(
            "A table (CSV, XLSX) with one row per item. The first row names the "
            "columns: item, scale, keyed (1, or -1 for a reverse item), text_en, "
            "text_zh. Or a file of XLSForm, LimeSurvey (.lss, .lsq, .txt) or Qualtrics "
            "(.qsf)."
        ),
        required=False,
    )
    wording = forms.CharField(
        label=gettext_lazy("Or paste the table here"),
        max_length=LONGEST_DOCUMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    low = forms.ChoiceField(
        label=gettext_lazy("The first answer point is"),
        choices=[("1", "1"), ("0", "0")],
        required=False,
    )
    points = forms.IntegerField(
        label=gettext_lazy("Answer points"),
        min_value=2,
        max_value=MOST_POINTS,
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Labels to suggest"),
        required=False,
    )
    labels_en = forms.CharField(
        label=gettext_lazy("Labels in English, one a line"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7, "lang": "en"}),
    )
    labels_zh_hans = forms.CharField(
        label=gettext_lazy("Labels in Chinese, one a line"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7, "lang": "zh-Hans"}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        record: Record,
        language: str,
    ) -> None:
        self.record = record
        self.language = language
        self.rows: tuple[WordingRow, ...] = ()
        self.problem: DefinitionError | ImportRefused | None = None
        self.findings: list[str] = []
        self.checked: loading.Checked | None = None
        filled = data.copy() if data is not None else None
        if filled is not None:
            self._read(filled, files or MultiValueDict())
        super().__init__(filled)
        self._name_fields()
        self._offer_dimensions()

    # what was sent, before it is looked at field by field

    def _read(self, data: QueryDict, files: MultiValueDict[str, Any]) -> None:
        """Put what was uploaded into the box, and our suggestions where nothing is."""
        try:
            upload = files.get("file")
            if upload is not None:
                self._unpack(upload, data)
            self.rows = read_rows(data.get("wording", ""))
        except (DefinitionError, ImportRefused) as problem:
            self.problem = problem
            return
        suggestion = loading.suggest(self.record, self.rows)
        for name, code in suggestion.items():
            data.setdefault(field_of(name), code or LEFT_OUT)
        self._suggest_answers(data)

    def _unpack(self, upload: Any, data: QueryDict) -> None:
        """Put what a file holds where it would have been typed."""
        if upload.size > MOST_BYTES:
            raise WordingError("too_large_file", params={"most": MOST_BYTES >> 20})
        found = read_upload(upload.read(), filename=upload.name or "")
        self.findings = [finding.in_(self.language) for finding in found.findings]
        data["wording"] = write_rows(found.rows)
        if found.labels:
            data["low"] = str(found.low)
            data["points"] = str(len(found.labels))
            for language, field in LABEL_FIELDS.items():
                written = [label.wordings.get(language, "") for label in found.labels]
                data[field] = "\n".join(written) if all(written) else ""

    def _suggest_answers(self, data: QueryDict) -> None:
        known = self.record.structure.scale_points
        if not data.get("points") and known is not None:
            data["points"] = str(known.value)
        anchors = self.record.structure.anchors
        if not data.get("kind") and anchors in answer_labels.NAMES:
            data["kind"] = anchors
        points = data.get("points", "")
        labels = answer_labels.suggested(
            data.get("kind", ""), int(points) if points.isdecimal() else 0
        )
        for language, field in LABEL_FIELDS.items():
            wanted = data.get("step") == "suggest" or not data.get(field)
            if wanted and labels and language in self._languages():
                data[field] = "\n".join(label.in_(language) for label in labels)

    def _languages(self) -> tuple[str, ...]:
        return tuple(
            one for one in LANGUAGES if any(one in r.text.wordings for r in self.rows)
        )

    # the fields

    def _name_fields(self) -> None:
        licence = self.record.rights.licence_class
        statement = loading.STATEMENTS[licence]
        self.fields["right"].label = statement.in_(self.language)
        if licence == "PD":
            del self.fields["permission"]
        else:
            needed = licence in loading.NEEDS_PERMISSION
            self.fields["permission"].required = needed
        kinds = [(code, text.in_(self.language)) for code, text in _kinds().items()]
        _offer(self.fields["kind"], kinds)
        for language, field in LABEL_FIELDS.items():
            if language not in self._languages():
                del self.fields[field]

    def _offer_dimensions(self) -> None:
        choices = [
            (dimension.code, dimension.name.in_(self.language))
            for dimension in loading.targets(self.record, self.rows)
        ]
        choices.append((LEFT_OUT, _("none of these: leave the rows out")))
        for name in dimensions_of(self.rows):
            self.fields[field_of(name)] = forms.ChoiceField(
                label=name or _("rows without a dimension"), choices=choices
            )

    @property
    def dimension_fields(self) -> list[forms.BoundField]:
        return [self[field_of(name)] for name in dimensions_of(self.rows)]

    @property
    def label_fields(self) -> list[forms.BoundField]:
        return [self[one] for one in LABEL_FIELDS.values() if one in self.fields]

    # what it says

    def clean(self) -> dict[str, Any]:
        if self.problem is not None:
            self.add_error("wording", self.problem.in_(self.language))
            return self.cleaned_data
        if self.cleaned_data.get("points") is None and "points" not in self.errors:
            self.add_error("points", _("Write how many answer points the scale has."))
        if not self.errors:
            self._check()
        return self.cleaned_data

    def _check(self) -> None:
        chosen = self.cleaned_data
        low, points = int(chosen["low"] or 1), chosen["points"]
        choices = loading.Choices(
            dimension_of={
                name: None
                if chosen[field_of(name)] == LEFT_OUT
                else chosen[field_of(name)]
                for name in dimensions_of(self.rows)
            },
            low=low,
            high=low + points - 1,
            labels=self._labels(points),
            reworded=chosen["reworded"],
        )
        self.checked = loading.check(self.record, self.rows, choices)
        self._check_wording(self.checked)

    def _labels(self, points: int) -> tuple[Text, ...]:
        found: dict[str, list[str]] = {}
        for language, field in LABEL_FIELDS.items():
            if field not in self.fields:
                continue
            lines = self.cleaned_data[field].splitlines()
            found[language] = [line.strip() for line in lines if line.strip()]
            number = len(found[language])
            if number != points and not (number == 2 and points > 7):
                self.add_error(
                    field,
                    _("%(labels)s labels for %(points)s points; write one a point.")
                    % {"labels": number, "points": points},
                )
        if self.errors or len({len(lines) for lines in found.values()}) > 1:
            return ()
        longest = max(len(lines) for lines in found.values())
        blank = [""] * longest
        pairs = zip(found.get("en", blank), found.get("zh-hans", blank), strict=True)
        return tuple(Text(en, zh) for en, zh in pairs)

    def _check_wording(self, checked: loading.Checked) -> None:
        """What only becomes wrong together: nothing kept, a language with gaps."""
        if not checked.kept:
            self.add_error(None, _("No row is left; give one dimension its rows."))
        for language in checked.languages:
            gaps = [r.code for r in checked.kept if language not in r.text.wordings]
            if gaps:
                self.add_error(
                    "wording",
                    _("%(items)s: no wording in %(language)s; add it, or clear it.")
                    % {
                        "items": ", ".join(gaps[:5]),
                        "language": words.LANGUAGES[language].in_(self.language),
                    },
                )
        if self.errors:
            return
        try:
            loading.compose(checked, code="X", version=1)
        except DefinitionError as problem:
            self.add_error(None, problem.in_(self.language))

    def right_statement(self) -> str:
        """What was stated, as it is kept with the version."""
        licence = self.record.rights.licence_class
        parts = [
            loading.STATEMENTS[licence].in_(self.language),
            self.cleaned_data.get("permission", ""),
            self.cleaned_data["edition"],
        ]
        return " · ".join(part for part in parts if part)


def field_of(dimension: str) -> str:
    """Field that asks where the rows of a dimension belong."""
    return f"to_{sha256(dimension.encode()).hexdigest()[:12]}"


def _kinds() -> Mapping[str, Text]:
    return {"": Text("none", "无"), **answer_labels.NAMES}


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101, narrows the type
    field.choices = choices
