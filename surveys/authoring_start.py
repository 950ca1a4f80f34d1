"""How a questionnaire is begun: blank, from another one, or from a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.authoring import copied
from surveys.definition import DefinitionError, parse_questionnaire
from surveys.definition.draft import Content, blank, content_of, text
from surveys.definition.reader import CODE, LONGEST_CODE
from surveys.interchange import LARGEST_FILE, Imported, ImportRefused, read_file
from surveys.models import QuestionnaireVersion

_CODE_HELP = gettext_lazy(
    "Short, in capitals and digits, such as TEA-TRUST; it stays for all versions."
)


class StartForm(forms.Form):
    """A way to begin; `content` and `base` say with what, `findings` what was lost."""

    base: QuestionnaireVersion | None = None
    content: Content
    findings: Sequence[str] = ()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        language: str,
        versions: Sequence[QuestionnaireVersion],
        prefix: str,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, prefix=prefix, initial=dict(initial or {}))
        self.language = language
        self.versions = {str(version.pk): version for version in versions}

    def checked_code(self, *, needed: bool = True) -> str:
        """The code written, or blank where none is needed and none was written."""
        code = str(self.cleaned_data.get("code", "")).upper()
        if not code and not needed:
            return ""
        if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
            problem = DefinitionError("bad_code", params={"value": code})
            self.add_error("code", problem.in_(self.language))
        elif code in self._library_codes():
            self.add_error(
                "code",
                _("The library has a questionnaire of this code; choose another."),
            )
        return code

    def _library_codes(self) -> set[str]:
        versions = self.versions.values()
        return {one.code for one in versions if one.organization_id is None}


class BlankForm(StartForm):
    """An empty questionnaire with a code and a name."""

    code = forms.CharField(
        label=gettext_lazy("Code"), help_text=_CODE_HELP, max_length=LONGEST_CODE
    )
    name_en = forms.CharField(
        label=gettext_lazy("Name in English"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    name_zh_hans = forms.CharField(
        label=gettext_lazy("Name in Chinese"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if "code" in chosen:
            name = text(chosen.get("name_en", ""), chosen.get("name_zh_hans", ""))
            self.content = blank(self.checked_code(), name)
        return chosen


class CopyForm(StartForm):
    """The next version of an own questionnaire, or a relative of one of the library."""

    version = forms.ChoiceField(label=gettext_lazy("Questionnaire"))
    code = forms.CharField(
        label=gettext_lazy("Code of the copy"),
        help_text=gettext_lazy(
            "Needed to copy a questionnaire of the library. Leave it empty for one of"
            " your own: this begins its next version."
        ),
        max_length=LONGEST_CODE,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101, narrows the type
        field.choices = [
            (key, self._described(version)) for key, version in self.versions.items()
        ]

    def _described(self, version: QuestionnaireVersion) -> str:
        name = version.questionnaire().name.in_(self.language)
        own = _("your own") if version.organization_id is not None else _("library")
        which = f"{version.code} {version.version}"
        return name + _(" (") + which + _(", ") + own + _(")")

    def clean(self) -> dict[str, Any]:
        version = self.versions.get(self.cleaned_data.get("version", ""))
        if version is not None and "code" in self.cleaned_data:
            own = version.organization_id is not None
            code = self.checked_code(needed=not own) or version.code
            self.base, self.content = version, copied(version, code)
        return self.cleaned_data


class FileForm(StartForm):
    """A questionnaire of another program, or one that was downloaded here."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "YAML, XLSForm (.xlsx), LimeSurvey (.lss, .lsg, .lsq, .txt), Qualtrics"
            " (.qsf), or a table of items (.csv, .xlsx); at most 5 MB."
        ),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Left empty, the code in the file is used."),
        max_length=LONGEST_CODE,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        sent = self.cleaned_data.get("file")
        if sent is None or "code" not in self.cleaned_data:
            return self.cleaned_data
        if sent.size > LARGEST_FILE:
            problem = _("The file is larger than 5 MB; choose a smaller one.")
            self.add_error("file", problem)
            return self.cleaned_data
        try:
            imported = read_file(sent.read(), filename=sent.name or "")
            content = content_of(imported.content)
        except (ImportRefused, DefinitionError) as refused:
            self.add_error("file", refused.in_(self.language))
        else:
            self._take(imported, content)
        return self.cleaned_data

    def _take(self, imported: Imported, content: Content) -> None:
        chosen = self.cleaned_data
        chosen["code"] = chosen["code"] or content["code"]
        code = self.checked_code()
        own = (one for one in self.versions.values() if one.code == code)
        self.base = next((one for one in own if one.organization_id is not None), None)
        lineage = None
        if self.base is not None:
            lineage = {"code": code, "version": self.base.version}
        # a published scale is loaded from its record, where the right is stated
        beside = {"catalogue": None, "modified": False, "lineage": lineage}
        self.content = content | beside | {"code": code}
        self.findings = [
            *(finding.in_(self.language) for finding in imported.findings),
            *self._first_mistake(imported),
        ]

    def _first_mistake(self, imported: Imported) -> Sequence[str]:
        """What the parser says of a YAML file: unknown keys were left out, for one."""
        if imported.kind != "yaml":
            return ()
        try:
            parse_questionnaire(imported.content, source="")
        except DefinitionError as problem:
            return (problem.in_(self.language),)
        return ()
