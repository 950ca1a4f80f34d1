"""When surveys ask, and what falls due because of it.

What is due stands here, not in the queue of jobs: ticks may be missed, rows are not.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from surveys.fieldwork import calendar
from surveys.models.fieldwork import Survey, Wave
from surveys.models.people import Organization

LONGEST = calendar.LONGEST


class Schedule(models.Model):
    """The rules by which a survey asks, and whom; see `surveys.fieldwork.calendar`."""

    class Repeat(models.TextChoices):
        ONCE = "once", _("once")
        WEEKS = "weeks", _("every so many weeks")
        MONTHS = "months", _("every so many months")
        AROUND = "around", _("before and after an event")

    class FreeDays(models.TextChoices):
        ASK = "ask", _("ask all the same")
        MOVE = "move", _("ask on the next working day")
        SKIP = "skip", _("leave that wave out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, survey): migration 0012
    survey = models.OneToOneField(
        Survey, on_delete=models.CASCADE, related_name="schedule", db_constraint=False
    )
    repeat = models.CharField(max_length=10, choices=Repeat.choices)
    first = models.DateField()
    opens = models.TimeField()
    zone = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField()
    every = models.PositiveSmallIntegerField(default=1)
    nth = models.SmallIntegerField(null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(default=0)
    after = models.PositiveSmallIntegerField(default=1)
    until = models.DateField(null=True, blank=True)
    waves = models.PositiveSmallIntegerField(null=True, blank=True)
    reminders = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    free_dates = ArrayField(models.DateField(), default=list, blank=True)
    country = models.CharField(max_length=10, blank=True, default="")
    free_rule = models.CharField(
        max_length=10, choices=FreeDays.choices, default=FreeDays.ASK
    )
    # whom to ask: `surveys.fieldwork.sampling.Whom` as data
    people = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "survey"], name="schedule_one_per_survey"
            ),
            models.CheckConstraint(
                condition=Q(repeat__in=["once", "weeks", "months", "around"]),
                name="schedule_repeat_known",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=LONGEST),
                name="schedule_wave_has_a_length",
            ),
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=LONGEST)
                & Q(after__gte=1, after__lte=LONGEST),
                name="schedule_distance_is_sensible",
            ),
            models.CheckConstraint(
                condition=Q(nth=None) | Q(nth__in=[1, 2, 3, 4, -1]),
                name="schedule_nth_known",
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="schedule_weekday_known"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("first")),
                name="schedule_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(waves=None) | Q(waves__gte=1),
                name="schedule_has_a_wave",
            ),
            models.CheckConstraint(
                condition=Q(free_rule__in=["ask", "move", "skip"]),
                name="schedule_free_rule_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.repeat}"

    def rule(self) -> calendar.Rule:
        """Rules as a value of the calendar."""
        return calendar.Rule(
            repeat=self.repeat,  # type: ignore[arg-type]  # schedule_repeat_known
            first=self.first,
            opens=self.opens,
            zone=self.zone,
            days=self.days,
            every=self.every,
            nth=self.nth,
            weekday=self.weekday,
            after=self.after,
            until=self.until,
            waves=self.waves,
            reminders=tuple(self.reminders),
            free=calendar.DaysOff(
                dates=frozenset(self.free_dates),
                country=self.country,
                rule=self.free_rule,  # type: ignore[arg-type]
            ),
        )


class Event(models.Model):
    """Something that happened and may show in a trend; of one survey or of all."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("training")
        CRISIS = "crisis", _("crisis")
        REPAIR = "repair", _("repair of trust")
        OTHER = "other", _("other event")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, survey): migration 0012
    survey = models.ForeignKey(
        Survey,
        on_delete=models.CASCADE,
        related_name="events",
        null=True,
        blank=True,
        db_constraint=False,
    )
    date = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title_en = models.CharField(_("English title"), max_length=200)
    title_zh_hans = models.CharField(_("Chinese title"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="event_key_of_organization"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["training", "crisis", "repair", "other"]),
                name="event_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(title_en="") & ~Q(title_zh_hans=""),
                name="event_has_both_titles",
            ),
        ]

    def __str__(self) -> str:
        return self.title_en

    def title(self, language: str) -> str:
        return self.title_zh_hans if language == "zh-hans" else self.title_en


class DueQuerySet(models.QuerySet["Due"]):
    def waiting(self) -> Self:
        return self.filter(done_at=None)

    def late_at(self, moment: datetime) -> Self:
        """What should have been done by `moment` and was not."""
        return self.waiting().filter(due_at__lt=moment)


class Due(models.Model):
    """One thing to do at a time, for one survey; done or missed once.

    `number` is that of the occasion (``open``) or of the wave. `next_try_at` is when a
    sweeper may take the row: until then another one has it, or it failed and rests.
    `problem` names the sentence that the page shows.
    """

    class Kind(models.TextChoices):
        OPEN = "open", _("opens")
        CLOSE = "close", _("closes")
        FINISH = "finish", _("late answers end")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, survey), (organization, wave): migration 0012
    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="due", db_constraint=False
    )
    wave = models.ForeignKey(
        Wave,
        on_delete=models.CASCADE,
        related_name="due",
        null=True,
        blank=True,
        db_constraint=False,
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    # its whole period had passed before it could be done
    missed = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True, default="")
    next_try_at = models.DateTimeField()

    objects = models.Manager.from_queryset(DueQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(done_at=None), name="due_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "survey", "kind", "number"], name="due_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["open", "close", "finish"]), name="due_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="due_number_from_one"
            ),
            models.CheckConstraint(
                condition=Q(kind="open") | Q(wave__isnull=False),
                name="due_is_of_a_wave",
            ),
            models.CheckConstraint(
                condition=Q(missed=False) | Q(done_at__isnull=False, wave=None),
                name="due_missed_opened_nothing",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("due_at")),
                name="due_is_not_done_early",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.kind} {self.number}"
