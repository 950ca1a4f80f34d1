"""What an owner writes to people, when they are reminded, and in whose name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from surveys.definition import LANGUAGES
from surveys.dossier import HTML_LANGUAGES
from surveys.fieldwork import calendar, gateway, texts
from surveys.fieldwork.inviting import MOST_REMINDERS
from surveys.fieldwork.texts import TextRefused, Words
from surveys.models import Sender

LABELS: Mapping[str, tuple[Any, Any]] = {
    "en": (gettext_lazy("Subject, in English"), gettext_lazy("Text, in English")),
    "zh-hans": (gettext_lazy("Subject, in Chinese"), gettext_lazy("Text, in Chinese")),
}


class TextsForm(forms.Form):
    """Subject and text of one kind of message in both languages."""

    def __init__(self, *args: Any, words: Mapping[str, Words], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            subject, body = LABELS[language]
            lang = {"lang": HTML_LANGUAGES[language]}
            self.fields[_name("subject", language)] = forms.CharField(
                label=subject,
                max_length=texts.LONGEST_SUBJECT,
                initial=words[language].subject,
                widget=forms.TextInput(attrs=lang),
            )
            self.fields[_name("body", language)] = forms.CharField(
                label=body,
                max_length=texts.LONGEST_BODY,
                initial=words[language].body,
                widget=forms.Textarea(attrs={**lang, "rows": 12}),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be sent, beside the text that is at fault."""
        for language, words in self.words().items():
            try:
                texts.check(words)
            except TextRefused as problem:
                name = _name("body" if words.subject else "subject", language)
                self.add_error(name, problem.in_(get_language() or "en"))
        return self.cleaned_data

    def words(self) -> dict[str, Words]:
        """What was filled in, by language; what is missing has its own message."""
        found = {}
        for language in LANGUAGES:
            subject = self.cleaned_data.get(_name("subject", language))
            body = self.cleaned_data.get(_name("body", language))
            if subject and body:
                # browsers send lines with a carriage return
                found[language] = Words(subject, body.replace("\r\n", "\n"))
        return found


def _name(part: str, language: str) -> str:
    return f"{part}_{language.replace('-', '_')}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a wave's reminders are so far.

    Attributes
    ----------
    zone, hour
        In which days are meant, and at which hour a new one goes out.
    done : int
        Number of the last that is done.
    days : sequence of datetime
        Those to come, also what a pause holds back; without the last call.
    last_call : datetime or None
        If it is still to come.
    """

    zone: str
    hour: time
    done: int
    days: Sequence[datetime]
    last_call: datetime | None

    def local(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    @property
    def moments(self) -> Mapping[date, datetime]:
        """What was planned, by its day: a day that stays keeps its hour."""
        last = [] if self.last_call is None else [self.last_call]
        return {self.local(one): one for one in [*self.days, *last]}


class RemindersForm(forms.Form):
    """Days on which those who have not opened are reminded."""

    last_call = forms.DateField(
        label=gettext_lazy("Last call"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, plan: Plan, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = plan.last_call and plan.local(plan.last_call)
        self.fields["last_call"].initial = last
        self.plan, self.today = plan, today
        free = max(0, MOST_REMINDERS - plan.done - len(plan.days))
        names = []
        for place, day in enumerate([*plan.days, *[None] * free], start=1):
            names.append(f"day_{place}")
            self.fields[names[-1]] = forms.DateField(
                label=_("Reminder %(number)s") % {"number": plan.done + place},
                required=False,
                initial=day and plan.local(day),
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
        self.order_fields(names)

    def clean(self) -> dict[str, Any]:
        """A day that is over reminds nobody; two on one day are one too many."""
        seen: set[date] = set()
        for name, day in list(self.cleaned_data.items()):
            if day is None:
                continue
            if day < self.today and day not in self.plan.moments:
                self.add_error(name, _("This day is over; choose a later one."))
            elif day in seen:
                self.add_error(name, _("There is a message on this day already."))
            seen.add(day)
        return self.cleaned_data

    def days(self) -> list[datetime]:
        found = [
            day
            for name, day in self.cleaned_data.items()
            if day is not None and name != "last_call"
        ]
        return [self._moment(day) for day in sorted(found)]

    def last(self) -> datetime | None:
        day = self.cleaned_data["last_call"]
        return None if day is None else self._moment(day)

    def _moment(self, day: date) -> datetime:
        planned = self.plan.moments.get(day)
        return planned or calendar.moment(day, self.plan.hour, self.plan.zone)


class SenderForm(forms.ModelForm):  # type: ignore[type-arg]
    """In whose name mails are written, and where text messages go."""

    gateway_url = forms.URLField(
        label=gettext_lazy("Address of the gateway"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy(
            "Of a service that sends text messages; it must begin with https://."
            " Left empty, nobody gets a text message."
        ),
    )

    class Meta:
        model = Sender
        fields = ("name", "reply_to", "gateway_url")
        help_texts = {
            "name": gettext_lazy("Empty: the name of your organization."),
            "reply_to": gettext_lazy(
                "Somebody should read it: people answer such mails with questions."
            ),
        }

    def clean_gateway_url(self) -> str:
        """Refuse what we would not send to, before anybody waits for it."""
        url: str = self.cleaned_data["gateway_url"]
        if url:
            try:
                gateway.target_of(url)
            except gateway.AddressRefused:
                raise forms.ValidationError(
                    _("This is not a public https address; we do not send there.")
                ) from None
            except gateway.NotDelivered:
                raise forms.ValidationError(
                    _("This address cannot be found on the internet.")
                ) from None
        return url
