"""Surveys, the forms they ask, and the waves in which they ask them."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from surveys import definition as definitions
from surveys.brought.days import label_of
from surveys.models.people import Organization

NO_QUOTAS = Value({}, models.JSONField())


class Survey(models.Model):
    """A study of one organization. Its mode, origin and simulated mark never change."""

    class Mode(models.TextChoices):
        ANONYMOUS = "anonymous", _("anonymous")
        CONFIDENTIAL = "confidential", _("confidential")
        IDENTIFIED = "identified", _("identified")
        OPEN = "open", _("open link")

    class Origin(models.TextChoices):
        """Whether answers are given here or were brought from elsewhere."""

        COLLECTED = "collected", _("collected here")
        IMPORTED = "imported", _("imported")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    title_en = models.CharField(_("English title"), max_length=200)
    title_zh_hans = models.CharField(_("Chinese title"), max_length=200)
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.OPEN)
    origin = models.CharField(
        max_length=10, choices=Origin.choices, default=Origin.COLLECTED
    )
    simulated = models.BooleanField(default=False)
    # who answered, where and when, in the owner's words: of imported answers
    sample = models.TextField(blank=True, default="")
    # respondents may let their device link their answers across waves; frozen with the
    # first wave (trigger in migration 0013)
    links_waves = models.BooleanField(default=False)
    # answers may be set beside business outcomes: the promise of the next waves says so
    joins_outcomes = models.BooleanField(default=False, db_default=False)
    # what the next waves are opened with; a wave keeps its own copy (`Survey.terms`)
    notice = models.JSONField(default=dict, blank=True)
    paradata = models.BooleanField(default=False)
    limit = models.PositiveIntegerField(null=True, blank=True)
    # where a panel gets its people back; read while they answer, so it may change
    panel = models.JSONField(default=dict, blank=True)
    # most answers by question and value (surveys.quotas): of open links and known people
    quotas = models.JSONField(default=dict, blank=True, db_default=NO_QUOTAS)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="survey_key_of_organization"
            ),
            models.CheckConstraint(
                condition=~Q(title_en="") & ~Q(title_zh_hans=""),
                name="survey_has_both_titles",
            ),
            models.CheckConstraint(
                condition=Q(
                    mode__in=["anonymous", "confidential", "identified", "open"]
                ),
                name="survey_mode_known",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["collected", "imported"]),
                name="survey_origin_known",
            ),
            models.CheckConstraint(
                condition=Q(paradata=False) | Q(mode__in=["identified", "open"]),
                name="survey_paradata_where_allowed",
            ),
            models.CheckConstraint(
                condition=Q(limit=None) | Q(limit__gte=1),
                name="survey_limit_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(quotas={}) | Q(mode__in=["identified", "open"]),
                name="survey_quotas_where_allowed",
            ),
            models.CheckConstraint(
                condition=Q(joins_outcomes=False) | Q(mode="identified"),
                name="survey_joins_outcomes_where_identified",
            ),
        ]

    def __str__(self) -> str:
        return self.title_en

    def title(self, language: str) -> str:
        return self.title_zh_hans if language == "zh-hans" else self.title_en

    @property
    def only_releases(self) -> bool:
        """Whether nothing of its answers is shown outside of a release."""
        return self.mode in {self.Mode.ANONYMOUS, self.Mode.CONFIDENTIAL}

    def terms(self) -> dict[str, Any]:
        """What a wave that opens now takes along, as fields of `Wave`."""
        return {
            "links_waves": self.links_waves,
            "notice": self.notice,
            "paradata": self.paradata,
            "limit": self.limit,
            "quotas": self.quotas,
            "joins_outcomes": self.joins_outcomes,
        }


class Form(models.Model):
    """What a survey asks, frozen: `surveys.definition.Form` as JSON."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, survey): migration 0002
    survey = models.ForeignKey(
        Survey, on_delete=models.PROTECT, related_name="forms", db_constraint=False
    )
    number = models.PositiveSmallIntegerField()
    item_count = models.PositiveSmallIntegerField()
    definition = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "survey", "number"], name="form_number_unique"
            ),
            models.UniqueConstraint(
                fields=["organization", "id", "survey"], name="form_key_of_survey"
            ),
            models.UniqueConstraint(
                fields=["organization", "id", "item_count"], name="form_key_with_length"
            ),
            models.CheckConstraint(
                condition=Q(item_count__gte=1), name="form_has_items"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="form_digest_is_sha256",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} form {self.number}"

    def asked(self) -> definitions.Form:
        """What the form asks, as a value."""
        return definitions.Form.from_json(self.definition)


class WaveQuerySet(models.QuerySet["Wave"]):
    def newest_first(self) -> Self:
        return self.order_by("-number")

    def collected(self) -> Self:
        """Those in the field here, without past ones that were brought from elsewhere."""
        return self.filter(number__gte=1)


class Wave(models.Model):
    """One fielding period of a survey; its id is the public address."""

    class State(models.TextChoices):
        """A wave goes forward only; `grace` takes sealed answers that are under way."""

        PREPARING = "preparing", _("being prepared")
        OPEN = "open", _("open")
        GRACE = "grace", _("closed, late answers still arrive")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, survey), (organization, form, survey):
    # migration 0002
    survey = models.ForeignKey(
        Survey, on_delete=models.PROTECT, related_name="waves", db_constraint=False
    )
    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, related_name="waves", db_constraint=False
    )
    # below 0: brought from elsewhere, counted by its last day (surveys.brought.days)
    number = models.SmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # when it is planned to close
    closes_at = models.DateTimeField(null=True, blank=True)
    # since when an open link takes no answers; elsewhere nobody new is asked
    paused_at = models.DateTimeField(null=True, blank=True)
    # what respondents were told when it opened; frozen (trigger in migration 0014)
    links_waves = models.BooleanField(default=False)
    notice = models.JSONField(default=dict, blank=True)
    paradata = models.BooleanField(default=False)
    # and whether that was told; frozen too (triggers in migration 0020)
    joins_outcomes = models.BooleanField(default=False, db_default=False)
    # answers that an open link takes at most
    limit = models.PositiveIntegerField(null=True, blank=True)
    # and of each value of a question; never in anonymous or confidential waves
    quotas = models.JSONField(default=dict, blank=True, db_default=NO_QUOTAS)

    objects = models.Manager.from_queryset(WaveQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "survey", "number"], name="wave_number_unique"
            ),
            models.UniqueConstraint(
                fields=["organization", "id", "form"], name="wave_key_with_form"
            ),
            models.UniqueConstraint(
                fields=["organization", "survey"],
                condition=Q(state__in=["preparing", "open", "grace"]),
                name="wave_one_open_per_survey",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) | Q(number__lt=0, state="closed"),
                name="wave_brought_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "open"], closed_at=None)
                | Q(state__in=["grace", "closed"], closed_at__isnull=False),
                name="wave_closed_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="wave_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(limit=None) | Q(limit__gte=1), name="wave_limit_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opened_at")),
                name="wave_plans_to_close_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(paused_at__gte=F("opened_at")),
                name="wave_pauses_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} wave {self.number}"

    @property
    def label(self) -> str:
        """What it is called after the word "wave"."""
        return label_of(self.number)

    @property
    def is_brought(self) -> bool:
        """Whether its answers were given elsewhere and brought as a past wave."""
        return self.number < 0

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_paused(self) -> bool:
        return self.is_open and self.paused_at is not None

    @property
    def shows_answers(self) -> bool:
        """Whether counts, answers and analyses may be seen.

        While a wave is open only those of an open link: elsewhere two looks at a
        growing wave could tell who answered between them.
        """
        if self.is_open:
            return self.survey.mode == Survey.Mode.OPEN
        return self.state == self.State.CLOSED
