"""What a survey's link is set to: what is told, limit, panel, paradata, linked waves."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.collect.page import HTML_LANG, NOTICE_SLOTS, OWN_NAME, notice_headings
from surveys.collect.panel import ENDS, PLACE, End
from surveys.models import Survey, Wave

LONGEST_TEXT = 2000  # characters of one slot; twelve of them stay under the bound
LONGEST_ADDRESS = 800
LARGEST_LIMIT = 1_000_000
WITH_PARADATA = frozenset({Survey.Mode.OPEN, Survey.Mode.IDENTIFIED})

NOTICE_HINTS = {
    "controller": gettext_lazy(
        "Name and address of the organization, as the law asks."
    ),
    "purpose": gettext_lazy("What the answers are used for, and what they are not."),
    "basis": gettext_lazy(
        "Such as consent (PIPL article 13, GDPR article 6), or a transfer abroad."
    ),
    "retention": gettext_lazy("Until when, and what happens then."),
    "rights": gettext_lazy(
        "Such as access, correction, erasure, withdrawal and complaint. What nobody can"
        " trace to a person cannot be found again for that person: say so."
    ),
    "contact": gettext_lazy(
        "A person or an office with an address, also for complaints."
    ),
}


class LinkSettings(forms.Form):
    """Settings of a survey's link; fields that its mode has no use for are left out.

    Notice, paradata and limit are what the next wave opens with. The limit and the
    addresses of a panel also change for the wave that is open now.
    """

    limit = forms.IntegerField(
        label=gettext_lazy("Most answers that a wave takes"),
        help_text=gettext_lazy(
            "Empty for no limit. Whoever comes later is told; no answer that was received"
            " is lost."
        ),
        min_value=1,
        max_value=LARGEST_LIMIT,
        required=False,
    )
    links_waves = forms.BooleanField(
        label=gettext_lazy("Let people link their own answers across waves"),
        help_text=gettext_lazy(
            "Each person decides. Their device makes a pseudonym that means nothing"
            " elsewhere; you learn how many answers have a partner in the wave before. It"
            " can be chosen before the first wave only, and the promise says it."
        ),
        required=False,
    )
    paradata = forms.BooleanField(
        label=gettext_lazy("Keep duration and device in coarse steps"),
        help_text=gettext_lazy(
            "Under 2, 2 to 5, 5 to 10, or 10 minutes and more; phone or computer. The page"
            " tells everybody before they answer."
        ),
        required=False,
    )

    def __init__(
        self, data: QueryDict | None, *, survey: Survey, languages: Sequence[str]
    ) -> None:
        self.survey, self.languages = survey, languages
        super().__init__(data, initial=_initial(survey))
        if survey.mode != Survey.Mode.OPEN:
            del self.fields["limit"]
        if survey.mode not in WITH_PARADATA:
            del self.fields["paradata"]
        # an identified answer needs no pseudonym
        if survey.mode == Survey.Mode.IDENTIFIED:
            del self.fields["links_waves"]
        elif Wave.objects.filter(survey=survey).exists():
            self.fields["links_waves"].disabled = True
        if survey.mode == Survey.Mode.OPEN:
            self._add_panel()
        self._add_notice()

    def _add_panel(self) -> None:
        labels = {
            "complete": _("After the answers were received"),
            "screened": _(
                "Screened out: none of the questions with a condition was shown"
            ),
            "full": _("The survey, or a quota of it, has as many answers as it takes"),
            "closed": _("The survey is closed"),
        }
        for end in ENDS:
            self.fields[f"panel_{end}"] = forms.CharField(
                label=labels[end],
                max_length=LONGEST_ADDRESS,
                required=False,
                validators=[URLValidator(schemes=["https"])],
                widget=forms.URLInput(attrs={"placeholder": "https://…{id}"}),
            )

    def _add_notice(self) -> None:
        headings = notice_headings()
        for slot in NOTICE_SLOTS:
            for language in self.languages:
                self.fields[_field(slot, language)] = forms.CharField(
                    label=headings[slot] + _(" (") + OWN_NAME[language] + _(")"),
                    help_text=NOTICE_HINTS[slot],
                    max_length=LONGEST_TEXT,
                    required=False,
                    widget=forms.Textarea(
                        attrs={"rows": 3, "lang": HTML_LANG[language]}
                    ),
                )

    @property
    def panel_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("panel_")]

    @property
    def notice_fields(self) -> list[forms.BoundField]:
        return [self[_field(*place)] for place in self._notice_places()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for end in ENDS:
            address = given.get(f"panel_{end}")
            if address and PLACE not in address:
                sentence = _("Write {id} where the panel expects its person's id.")
                self.add_error(f"panel_{end}", sentence)
        for slot in NOTICE_SLOTS:
            texts = [given.get(_field(slot, language)) for language in self.languages]
            for language, text in zip(self.languages, texts, strict=True):
                if any(texts) and not text:
                    sentence = _("Please say it in every language of the survey.")
                    self.add_error(_field(slot, language), sentence)
        return given

    @transaction.atomic
    def save(self) -> None:
        """Store the settings, and the limit also with the wave that is open now."""
        given = self.cleaned_data
        changed: dict[str, Any] = {"notice": self._notice()}
        for name in ("limit", "links_waves", "paradata"):
            if name in self.fields and not self.fields[name].disabled:
                changed[name] = given[name]
        if self.panel_fields:
            changed["panel"] = {e: a for e in ENDS if (a := given[f"panel_{e}"])}
        Survey.objects.filter(pk=self.survey.pk).update(**changed)
        if "limit" in changed:
            Wave.objects.filter(survey=self.survey, state=Wave.State.OPEN).update(
                limit=changed["limit"]
            )

    def _notice(self) -> dict[str, dict[str, str]]:
        told: dict[str, dict[str, str]] = {}
        for slot, language in self._notice_places():
            if text := self.cleaned_data[_field(slot, language)]:
                told.setdefault(language, {})[slot] = text
        return told

    def _notice_places(self) -> Iterator[tuple[str, str]]:
        for slot in NOTICE_SLOTS:
            for language in self.languages:
                yield slot, language


def _field(slot: str, language: str) -> str:
    return f"notice_{slot}_{language}"


def _initial(survey: Survey) -> dict[str, Any]:
    filled: dict[str, Any] = {
        "limit": survey.limit,
        "links_waves": survey.links_waves,
        "paradata": survey.paradata,
    }
    end: End
    for end in ENDS:
        filled[f"panel_{end}"] = survey.panel.get(end, "")
    for language, texts in survey.notice.items():
        for slot, text in texts.items():
            filled[_field(slot, language)] = text
    return filled
