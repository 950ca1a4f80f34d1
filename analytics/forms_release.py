"""What is typed about comments and action notes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.action_notes import Writing
from analytics.models import ActionEntry, CommentTag
from analytics.note_models import LONGEST_NOTE

EVERY = "*"  # of all questions, of any tag
TO_DO = "todo"
HIDDEN = "hidden"
Choices = list[tuple[str, str]]


class Wanted(forms.Form):
    """Which comments somebody looks for; posted, so that no address holds the words."""

    words = forms.CharField(
        label=gettext_lazy("Words in the comment"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    question = forms.ChoiceField(label=gettext_lazy("Question"), required=False)
    tag = forms.ChoiceField(label=gettext_lazy("Tag"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        questions: Choices,
        tags: Sequence[CommentTag],
        language: str,
        codes: bool,
        hides: bool,
    ) -> None:
        start = {"words": "", "question": EVERY, "tag": EVERY}
        super().__init__(data if data and "tag" in data else start)
        named = [(str(tag.pk), tag.name(language)) for tag in tags]
        more = [(TO_DO, _("not coded by me yet"))] if codes else []
        hidden = [(HIDDEN, _("hidden by an owner"))] if hides else []
        self.fields["question"].choices = [  # type: ignore[attr-defined]
            (EVERY, _("all questions")),
            *questions,
        ]
        self.fields["tag"].choices = [  # type: ignore[attr-defined]
            (EVERY, _("any")),
            *more,
            *hidden,
            *named,
        ]


class NewTag(forms.Form):
    """A theme, named in one language or in both."""

    name_en = forms.CharField(
        label=gettext_lazy("English name"), max_length=60, required=False
    )
    name_zh_hans = forms.CharField(
        label=gettext_lazy("Chinese name"), max_length=60, required=False
    )

    def __init__(self, data: Any = None, *, known: Collection[CommentTag]) -> None:
        super().__init__(data)
        self.known = known

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        names = [given.get("name_en", ""), given.get("name_zh_hans", "")]
        if not any(names):
            raise forms.ValidationError(_("Name the tag in one language at least."))
        taken = {
            name.casefold()
            for tag in self.known
            for name in (tag.name_en, tag.name_zh_hans)
            if name
        }
        if any(name and name.casefold() in taken for name in names):
            raise forms.ValidationError(_("There is a tag with this name."))
        return given


class CodingForm(forms.Form):
    """Which tags one comment has in the eyes of one coder."""

    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Tags"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        tags: Sequence[CommentTag],
        given: Collection[UUID],
        language: str,
        comment: UUID,
    ) -> None:
        super().__init__(
            data,
            initial={"tags": [str(tag) for tag in given]},
            auto_id=f"id-{comment}-%s",
        )
        self.known = {str(tag.pk): tag for tag in tags}
        self.fields["tags"].choices = [  # type: ignore[attr-defined]
            (key, tag.name(language)) for key, tag in self.known.items()
        ]

    def chosen(self) -> list[CommentTag]:
        return [self.known[key] for key in self.cleaned_data["tags"]]


class NoteForm(forms.Form):
    """What a team will do; by whom and until when may stay open."""

    segment = forms.ChoiceField(label=gettext_lazy("About which group"))
    text = forms.CharField(
        label=gettext_lazy("What will be done"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    who = forms.CharField(
        label=gettext_lazy("Who does it"), max_length=200, required=False
    )
    until = forms.DateField(
        label=gettext_lazy("By when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Progress"), choices=ActionEntry.Status.choices
    )

    def __init__(
        self,
        data: Any = None,
        *,
        segments: Mapping[str, str] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        if segments is None:
            del self.fields["segment"]
            return
        choices = list(segments.items())
        self.fields["segment"].choices = choices  # type: ignore[attr-defined]

    def writing(self) -> Writing:
        said = self.cleaned_data
        return Writing(said["text"], said["who"], said["until"], said["status"])
