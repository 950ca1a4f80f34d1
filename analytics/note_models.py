"""Action notes: what a team will do, and everything that was ever written about it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from surveys.models import Organization, Survey, Wave

LONGEST_NOTE = 2000


class ActionNoteQuerySet(models.QuerySet["ActionNote"]):
    def as_they_stand(self) -> Self:
        """With the newest entry of each: `text`, `who`, `until`, `status`, `number`."""
        newest = ActionEntry.objects.filter(note=OuterRef("pk")).order_by("-number")
        names = ("text", "who", "until", "status", "number", "written_at")
        return self.annotate(
            **{name: Subquery(newest.values(name)[:1]) for name in names}
        ).order_by("wave__number", "segment", "id")


class ActionNote(models.Model):
    """Something to be done about a segment of a survey; its entries say what.

    `segment` is the key of a segment of releases, the same in every wave, and the names
    are those it had in the report that the note was written beside.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, survey), (organization, wave): migration 0004
    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="notes", db_constraint=False
    )
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, db_constraint=False)
    segment = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    name_zh_hans = models.CharField(max_length=200)

    objects = models.Manager.from_queryset(ActionNoteQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="note_key_of_organization"
            ),
            models.CheckConstraint(
                condition=Q(segment="everyone") | Q(segment__startswith="unit:"),
                name="note_is_about_a_unit_or_everyone",
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_zh_hans=""),
                name="note_names_its_segment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.segment}"


class ActionEntry(models.Model):
    """A note as somebody wrote or changed it; never changed itself."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        DOING = "doing", _("under way")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    pk = models.CompositePrimaryKey("organization_id", "note_id", "number")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign key (organization, note): migration 0004
    note = models.ForeignKey(
        ActionNote,
        on_delete=models.CASCADE,
        related_name="entries",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("What will be done"), max_length=LONGEST_NOTE)
    who = models.CharField(_("By whom"), max_length=200, blank=True, default="")
    until = models.DateField(_("Until when"), null=True, blank=True)
    status = models.CharField(
        _("How it stands"),
        max_length=10,
        choices=Status.choices,
        default=Status.PLANNED,
    )
    written_by = models.EmailField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1), name="entry_number_from_one"
            ),
            models.CheckConstraint(
                condition=~Q(text="")
                & Q(LessThanOrEqual(Length("text"), LONGEST_NOTE)),
                name="entry_says_something_bounded",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "doing", "done", "dropped"]),
                name="entry_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(written_by=""), name="entry_says_who_wrote_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}, {self.number}: {self.status}"
