"""What is typed about people, units, attributes and the columns of a list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from surveys.definition import LANGUAGES
from surveys.models import Attribute, Participant, PeopleList, Unit
from surveys.people.files import ENCODINGS
from surveys.people.mapping import ATTRIBUTE, ROLES, problem_of
from surveys.people.units import Branch, within

OWN_NAMES = {"en": "English", "zh-hans": "中文"}
ENCODING_NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "gb18030": "GB 18030 (GBK, GB 2312)",
    "cp1252": "Windows-1252",
}
STATES = {
    "active": gettext_lazy("active"),
    "left": gettext_lazy("have left"),
    "unreachable": gettext_lazy("mail came back"),
    "opted_out": gettext_lazy("do not want to be asked"),
    "all": gettext_lazy("everybody"),
}
Choices = list[tuple[str, str]]


def unit_choices(
    tree: Iterable[Branch], language: str, *, empty: str, but: Iterable[object] = ()
) -> Choices:
    """Units indented as they stand below each other."""
    left_out = set(but)
    return [
        ("", empty),
        *(
            (str(one.unit.pk), "\u2003" * one.depth + one.unit.name(language))
            for one in tree
            if one.unit.pk not in left_out
        ),
    ]


class UnitField(forms.ChoiceField):
    """A unit of the organization, or none."""

    def clean(self, value: Any) -> Unit | None:
        key = super().clean(value)
        return Unit.objects.get(pk=key) if key else None


class Search(forms.Form):
    """Whom somebody looks for. Sent by GET; what is not understood asks for nothing."""

    text = forms.CharField(
        label=gettext_lazy("Name, number or address"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("Status"), required=False, choices=list(STATES.items())
    )

    def __init__(self, data: Any, *, tree: Sequence[Branch], language: str) -> None:
        super().__init__(data)
        choices = unit_choices(tree, language, empty=_("all units"))
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            *choices,
            ("none", _("without a unit")),
        ]


class PersonForm(forms.Form):
    """One person, with a field for each attribute."""

    key = forms.CharField(label=gettext_lazy("Number"), max_length=100, required=False)
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=200, required=False
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, required=False
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    unit = UnitField(label=gettext_lazy("Unit"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        person: Participant | None = None,
        tree: Sequence[Branch],
        attributes: Sequence[Attribute],
        language: str,
    ) -> None:
        self.person = person or Participant()
        known = {name: getattr(self.person, name) for name in self.base_fields}
        known["unit"] = str(self.person.unit_id or "")
        super().__init__(data, initial=known)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("not known: both are offered")),
            *((code, OWN_NAMES[code]) for code in LANGUAGES),
        ]
        self.fields["unit"].choices = unit_choices(  # type: ignore[attr-defined]
            tree, language, empty=_("none")
        )
        self.attributes = attributes
        for one in attributes:
            self.fields[f"attribute-{one.code}"] = forms.CharField(
                label=one.name(language),
                max_length=200,
                required=False,
                initial=self.person.attributes.get(one.code, ""),
            )

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key and self._others().filter(key__iexact=key).exists():
            raise forms.ValidationError(_("Somebody else has this number."))
        return key

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and self._others().filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody else has this address."))
        return email

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        told = ("key", "email", "phone", "name")
        if not any(data.get(name) for name in told) and not self.errors:
            raise forms.ValidationError(
                _("Fill in a number, a name, an address or a phone number.")
            )
        return data

    def _others(self) -> Any:
        return Participant.objects.exclude(pk=self.person.pk)

    def save(self) -> Participant:
        """Store the person; a corrected address is written to again."""
        person, data = self.person, self.cleaned_data
        if data["email"].casefold() != person.email.casefold():
            person.bounced_at = None
        for name in self.base_fields:
            setattr(person, name, data[name])
        for one in self.attributes:
            value = data[f"attribute-{one.code}"]
            person.attributes.pop(one.code, None)
            if value:
                person.attributes[one.code] = value
        person.save()
        return person


class NamedForm(forms.Form):
    """Names in both languages; one of them is enough, it then stands for both."""

    name_en = forms.CharField(
        label=gettext_lazy("Name in English"), max_length=200, required=False
    )
    name_zh_hans = forms.CharField(
        label=gettext_lazy("Name in Chinese"), max_length=200, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        name = data.get("name_en") or data.get("name_zh_hans")
        if not name and not self.errors:
            raise forms.ValidationError(_("Give it a name, in one language at least."))
        data["name_en"] = data.get("name_en") or name
        data["name_zh_hans"] = data.get("name_zh_hans") or name
        return data


class UnitForm(NamedForm):
    """A unit: its names, its code, the unit above."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("How your lists name the unit; never translated."),
        max_length=100,
    )
    parent = UnitField(label=pgettext_lazy("of a unit", "Belongs to"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        unit: Unit | None = None,
        tree: Sequence[Branch],
        language: str,
    ) -> None:
        self.unit = unit or Unit()
        names = ("code", "name_en", "name_zh_hans")
        known = {name: getattr(self.unit, name) for name in names}
        super().__init__(
            data, initial=known | {"parent": str(self.unit.parent_id or "")}
        )
        inside = within(unit.pk, tree) if unit else []
        self.fields["parent"].choices = unit_choices(  # type: ignore[attr-defined]
            tree, language, empty=_("nothing: it stands at the top"), but=inside
        )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        others = Unit.objects.exclude(pk=self.unit.pk)
        if others.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("Another unit has this code."))
        return code

    def save(self) -> Unit:
        for name in ("code", "name_en", "name_zh_hans", "parent"):
            setattr(self.unit, name, self.cleaned_data[name])
        self.unit.save()
        return self.unit


class OtherUnit(forms.Form):
    """Another unit than this one and those below it."""

    into = UnitField(label=gettext_lazy("Put together with"))

    def __init__(
        self, data: Any = None, *, unit: Unit, tree: Sequence[Branch], language: str
    ) -> None:
        super().__init__(data)
        self.fields["into"].choices = unit_choices(  # type: ignore[attr-defined]
            tree, language, empty=_("choose a unit"), but=within(unit.pk, tree)
        )


class AttributeForm(NamedForm):
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Letters, digits, hyphens; it stays as it is."),
        max_length=50,
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Attribute.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another attribute has this code."))
        return code


class ColumnsForm(forms.Form):
    """What each column of a list means, and what to do with units and missing people."""

    create_units = forms.TypedChoiceField(
        label=gettext_lazy("Units that are not known yet"),
        choices=[
            ("yes", gettext_lazy("are made")),
            ("no", gettext_lazy("are an error; the row is left out")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    mark_missing = forms.TypedChoiceField(
        label=gettext_lazy("People who are not in this list"),
        choices=[
            ("no", gettext_lazy("stay as they are")),
            ("yes", gettext_lazy("have left: they are not asked any more")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people_list: PeopleList,
        attributes: Mapping[str, Sequence[str]],
        language: str,
    ) -> None:
        self.people_list = people_list
        initial = {
            "create_units": "yes" if people_list.create_units else "no",
            "mark_missing": "yes" if people_list.mark_missing else "no",
        }
        super().__init__(data, initial=initial)
        choices = self._choices(attributes, language)
        for at, title in enumerate(people_list.header):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=title,
                required=False,
                choices=choices,
                initial=people_list.mapping[at],
            )

    def _choices(
        self, attributes: Mapping[str, Sequence[str]], language: str
    ) -> list[tuple[str, str]]:
        second = language == "zh-hans"
        return [
            ("", _("left out")),
            *((role, text.in_(language)) for role, text in ROLES.items()),
            *(
                (f"{ATTRIBUTE}:{code}", names[second])
                for code, names in attributes.items()
            ),
            (ATTRIBUTE, _("a new attribute")),
        ]

    def columns(self) -> list[forms.BoundField]:
        return [self[f"column-{at}"] for at in range(len(self.people_list.header))]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        header = self.people_list.header
        roles = [data.get(f"column-{at}", "") for at in range(len(header))]
        if problem := problem_of(roles, header):
            raise forms.ValidationError(_SENTENCES[problem])
        data["mapping"] = roles
        return data


_SENTENCES = {
    "twice": gettext_lazy("Two columns mean the same; leave one of them out."),
    "nobody": gettext_lazy(
        "People are told apart by number or e-mail: choose a column for one of them."
    ),
    "two_units": gettext_lazy(
        "Choose either the unit's name or path, or its code, not both."
    ),
    "no_unit_code": gettext_lazy(
        "Unit above and name of the unit need a column with the unit's code."
    ),
}


class EncodingForm(forms.Form):
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=[(code, ENCODING_NAMES[code]) for code in ENCODINGS],
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("List of people"),
        help_text=gettext_lazy(
            "CSV or .xlsx. The first row names the columns: number, e-mail, name, phone,"
            " language, unit. English and Chinese titles are understood."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
