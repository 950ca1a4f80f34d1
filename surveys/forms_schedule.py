"""Forms of a schedule: self-contained, for its own page and the guided design page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.fieldwork import calendar
from surveys.fieldwork.calendar import DaysOff, Rule, ScheduleError
from surveys.fieldwork.inviting import MOST_REMINDERS
from surveys.fieldwork.sampling import Whom
from surveys.models import Schedule

MOST_SPLIT = 20  # values of an attribute that groups are split by
SEPARATORS = re.compile(r"[\s,;，；、]+")

# What ScheduleError says by its code, and the field that it is about.
SENTENCES: Mapping[str, tuple[str, str | Lazy]] = {
    "zone": ("zone", gettext_lazy("No time zone is called %(zone)s.")),
    "country": ("country", gettext_lazy("The holidays of %(country)s are not known.")),
    "days": ("days", gettext_lazy("A wave is open for 1 to %(longest)s days.")),
    "every": ("every", gettext_lazy("Choose a number from 1 to %(longest)s.")),
    "after": ("after", gettext_lazy("Choose a number from 1 to %(longest)s.")),
    "waves": ("waves", gettext_lazy("There must be at least one wave.")),
    "reminders": (
        "reminders",
        gettext_lazy(
            "A reminder comes at least one day after the opening and before the wave"
            " closes after %(days)s days."
        ),
    ),
    "never": ("until", gettext_lazy("By these rules no wave would ever open.")),
    "past": ("first", gettext_lazy("Every opening by these rules has passed.")),
    "overlap": (
        "days",
        gettext_lazy(
            "The wave that opens on %(opens)s would begin before the one before it has"
            " ended on %(closes)s. Shorten the waves, ask less often, or leave out"
            " waves that fall on holidays."
        ),
    ),
    "imported": ("first", gettext_lazy("Imported surveys take no answers.")),
}

REPEATS = [
    ("once", gettext_lazy("once")),
    ("weekly", gettext_lazy("every week, or every so many weeks")),
    ("monthly", gettext_lazy("every month")),
    ("quarterly", gettext_lazy("every quarter")),
    ("around", gettext_lazy("before and after an event")),
]
# Form's choice -> repeat and, where the choice says it, the number of months.
MEANS: Mapping[str, tuple[calendar.Repeat, int | None]] = {
    "once": ("once", 1),
    "weekly": ("weeks", None),
    "monthly": ("months", 1),
    "quarterly": ("months", 3),
    "around": ("around", 1),
}
NTH = [
    ("", gettext_lazy("on the same day of the month")),
    ("1", gettext_lazy("on the first such weekday of the month")),
    ("2", gettext_lazy("on the second such weekday of the month")),
    ("3", gettext_lazy("on the third such weekday of the month")),
    ("4", gettext_lazy("on the fourth such weekday of the month")),
    ("-1", gettext_lazy("on the last such weekday of the month")),
]


@dataclass(frozen=True, slots=True)
class People:
    """What an organization can be asked by.

    Attributes
    ----------
    units : sequence of (UUID, name)
    attributes : sequence of (code, name, values)
    """

    units: Sequence[tuple[UUID, str]] = ()
    attributes: Sequence[tuple[str, str, Sequence[str]]] = ()


class MailDays(forms.Form):
    """On which days after the opening those who have not opened are reminded."""

    reminders = forms.CharField(
        label=gettext_lazy("Days of reminders"),
        help_text=gettext_lazy(
            "Days after the opening, such as 2, 4. Only who has not opened the survey"
            " is reminded; an open link reminds nobody."
        ),
        required=False,
        max_length=50,
    )

    def clean_reminders(self) -> tuple[int, ...]:
        words = [w for w in SEPARATORS.split(self.cleaned_data["reminders"]) if w]
        if len(words) > MOST_REMINDERS:
            sentence = _("At most %(number)s reminders, or people stop reading.")
            raise forms.ValidationError(sentence % {"number": MOST_REMINDERS})
        if not all(word.isdecimal() and 0 < int(word) < 100 for word in words):
            raise forms.ValidationError(_("Write numbers of days, such as 2, 4."))
        return tuple(sorted({int(word) for word in words}))


class ScheduleForm(MailDays):
    """When a survey asks, and whom; gives a `Rule` and a `Whom`.

    `rest` is the number of days that must lie between two waves.
    """

    # reminders come from MailDays, but are decided after the days open
    field_order = (
        *("repeat", "every", "nth", "first", "opens", "zone", "days", "after"),
        *("until", "waves", "reminders", "country", "free_rule", "free_dates"),
    )

    repeat = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=REPEATS,
        initial="once",
        widget=forms.RadioSelect,
    )
    every = forms.IntegerField(
        label=gettext_lazy("Weeks from one wave to the next"),
        help_text=gettext_lazy("For weekly waves."),
        initial=1,
        min_value=1,
        max_value=calendar.LONGEST,
        required=False,
    )
    nth = forms.ChoiceField(
        label=gettext_lazy("Day of the month"),
        help_text=gettext_lazy("For monthly and quarterly waves."),
        choices=NTH,
        required=False,
    )
    first = forms.DateField(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("Of the first wave, or the day of the event."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    opens = forms.TimeField(
        label=gettext_lazy("Opens at"),
        initial="09:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    days = forms.IntegerField(
        label=gettext_lazy("Days open"),
        initial=5,
        min_value=1,
        max_value=calendar.LONGEST,
    )
    after = forms.IntegerField(
        label=gettext_lazy("Days from the event to the second wave"),
        help_text=gettext_lazy(
            "The first wave ends as the day of the event begins; the second opens so"
            " many days after it."
        ),
        initial=14,
        min_value=1,
        max_value=calendar.LONGEST,
        required=False,
    )
    until = forms.DateField(
        label=gettext_lazy("Last day to open a wave"),
        help_text=gettext_lazy("Empty: until you stop it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    waves = forms.IntegerField(
        label=gettext_lazy("Number of waves"),
        help_text=gettext_lazy("Empty: no limit."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Public holidays of"),
        help_text=gettext_lazy(
            "China's working days in place of holidays are known as far as they are"
            " published."
        ),
        required=False,
    )
    free_dates = forms.CharField(
        label=gettext_lazy("Days off of your own"),
        help_text=gettext_lazy("One date a line, such as 2026-12-24."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=5000,
    )
    free_rule = forms.ChoiceField(
        label=gettext_lazy("When a wave would open on a day off"),
        choices=Schedule.FreeDays.choices,
        initial=Schedule.FreeDays.ASK,
        widget=forms.RadioSelect,
    )
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Only these units, with everything below them"),
        help_text=gettext_lazy("Nothing ticked: everybody."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    size = forms.IntegerField(
        label=gettext_lazy("How many people"),
        help_text=gettext_lazy("Drawn by chance for each wave. Empty: all of them."),
        min_value=1,
        required=False,
    )
    share = forms.IntegerField(
        label=gettext_lazy("Or how many percent"),
        min_value=1,
        max_value=100,
        required=False,
    )
    rest_days = forms.IntegerField(
        label=gettext_lazy("Days of rest"),
        help_text=gettext_lazy(
            "Whom any survey has asked within so many days is not asked."
        ),
        initial=0,
        min_value=0,
        max_value=730,
        required=False,
    )
    on_paper = forms.BooleanField(
        label=gettext_lazy("Printed codes instead of mails"),
        help_text=gettext_lazy(
            "For people without a mailbox, or a browser without JavaScript, in surveys"
            " that promise anonymity or confidence: you print the codes when a wave has"
            " opened, and everybody draws one. Nobody is mailed or reminded."
        ),
        required=False,
    )

    split = forms.ChoiceField(
        label=gettext_lazy("Split groups by"),
        help_text=gettext_lazy(
            "For surveys that promise anonymity or confidence. People of a unit are"
            " reported by this too, where at least eight have the same."
        ),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        people: People | None = None,
        rest: int = 0,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), prefix=prefix)
        self.rest = rest
        self.people = people
        zones = sorted(calendar.known_zones())
        self._offer("zone", [(zone, zone.replace("_", " ")) for zone in zones])
        self.fields["zone"].initial = settings.TIME_ZONE
        countries = sorted(calendar.known_countries().items(), key=lambda one: one[1])
        self._offer("country", [("", _("no country")), *countries])
        self._offer_people(people)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101, narrows the type
        field.choices = choices

    def _offer_people(self, people: People | None) -> None:
        if people is None:
            # an open link knows nobody
            for name in (
                "units",
                "size",
                "share",
                "rest_days",
                "reminders",
                "on_paper",
                "split",
            ):
                del self.fields[name]
            return
        self._offer("units", [(str(key), name) for key, name in people.units])
        if not people.units:
            del self.fields["units"]
        few = [
            (code, name)
            for code, name, values in people.attributes
            if 0 < len(values) <= MOST_SPLIT
        ]
        self._offer("split", [("", _("nothing but units")), *few])
        if not few:
            del self.fields["split"]
        for code, name, values in people.attributes:
            self.fields[f"attribute-{code}"] = forms.MultipleChoiceField(
                label=_("Only people with %(attribute)s") % {"attribute": name},
                choices=[(value, value) for value in values],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def clean_free_dates(self) -> frozenset[date]:
        found = set()
        for word in SEPARATORS.split(self.cleaned_data["free_dates"].strip()):
            if not word:
                continue
            try:
                found.add(date.fromisoformat(word))
            except ValueError:
                sentence = _("%(word)s is no date such as 2026-12-24.")
                raise forms.ValidationError(sentence % {"word": word[:40]}) from None
        return frozenset(found)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("size") and given.get("share"):
            self.add_error("share", _("Give a number or a percentage, not both."))
        first, until = given.get("first"), given.get("until")
        if first and until and until < first:
            self.add_error("until", _("It would end before it begins."))
        if not self.errors:
            try:
                calendar.check(self.rule(), rest=self.rest)
            except ScheduleError as problem:
                self.refuse(problem)
        return given

    def refuse(self, problem: ScheduleError) -> None:
        """Say beside its field why the rules make no schedule."""
        name, sentence = SENTENCES[problem.code]
        params = {
            key: date_format(value, "DATE_FORMAT") if isinstance(value, date) else value
            for key, value in problem.params.items()
        }
        self.add_error(name if name in self.fields else None, str(sentence) % params)

    def rule(self) -> Rule:
        given = self.cleaned_data
        repeat, months = MEANS[given["repeat"]]
        return Rule(
            repeat=repeat,
            first=given["first"],
            opens=given["opens"].replace(second=0, microsecond=0),
            zone=given["zone"],
            days=given["days"],
            every=months if months is not None else given["every"] or 1,
            nth=int(given["nth"]) if repeat == "months" and given["nth"] else None,
            weekday=given["first"].weekday(),
            after=given["after"] or 1,
            until=given["until"] if repeat in {"weeks", "months"} else None,
            waves=given["waves"] if repeat in {"weeks", "months"} else None,
            reminders=given.get("reminders") or (),
            free=DaysOff(given["free_dates"], given["country"], given["free_rule"]),
        )

    def whom(self) -> Whom:
        given = self.cleaned_data
        prefix = "attribute-"
        return Whom(
            units=frozenset(UUID(unit) for unit in given.get("units", ())),
            attributes={
                name.removeprefix(prefix): frozenset(values)
                for name, values in given.items()
                if name.startswith(prefix) and values
            },
            size=given.get("size"),
            share=given.get("share"),
            rest_days=given.get("rest_days") or 0,
            on_paper=bool(given.get("on_paper")),
            split=given.get("split") or "",
        )


def filled(schedule: Schedule) -> dict[str, Any]:
    """Initial values of `ScheduleForm` for a schedule that is there."""
    whom = Whom.from_data(schedule.people)
    repeat = {"weeks": "weekly", "months": "monthly"}.get(
        schedule.repeat, schedule.repeat
    )
    if schedule.repeat == "months" and schedule.every == 3:
        repeat = "quarterly"
    return {
        "repeat": repeat,
        "nth": "" if schedule.nth is None else str(schedule.nth),
        "reminders": ", ".join(map(str, schedule.reminders)),
        "free_dates": "\n".join(day.isoformat() for day in schedule.free_dates),
        "units": [str(unit) for unit in whom.units],
        "size": whom.size,
        "share": whom.share,
        "rest_days": whom.rest_days,
        "on_paper": whom.on_paper,
        "split": whom.split,
        **{f"attribute-{code}": sorted(v) for code, v in whom.attributes.items()},
        **{
            name: getattr(schedule, name)
            for name in (
                "every",
                "first",
                "opens",
                "zone",
                "days",
                "after",
                "until",
                "waves",
                "country",
                "free_rule",
            )
        },
    }
