"""Asking for an export, agreeing to it, taking it back; each leaves a line in the log."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from analytics.export import storage
from analytics.export.log import note, second_person_needed
from analytics.export.models import Export, ExportEntry
from analytics.export.offers import NotOffered, Wish, require_offered
from analytics.sentences import say
from analytics.tasks import write_export as job
from surveys.models import Membership, Organization, Survey, Wave
from surveys.models.people import Role

State = Export.State
What = ExportEntry.What
# What somebody may still take back.
REMOVABLE: Final = (State.AWAITING, State.QUEUED, State.RUNNING, State.READY)


class MayNotDecide(Exception):
    """Only another owner than whoever asked decides, and only once."""


@transaction.atomic
def request_export(
    *, survey: Survey, wish: Wish, who: Membership, at: datetime
) -> Export:
    """Store the wish, and its job unless a second person has to agree first.

    Raises
    ------
    NotOffered
        Also where the same is under way already.
    """
    # the lock makes two presses of the button one export
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    waves = Wave.objects.filter(survey=survey).select_related("survey")
    require_offered(survey, tuple(waves), wish)
    asked = {
        "kind": wish.kind,
        "format": wish.format,
        "language": wish.language,
        "waves": sorted(set(wish.waves)),
        "options": wish.options(),
    }
    same = Export.objects.filter(survey=survey, **asked)
    if same.filter(state__in=[State.AWAITING, State.QUEUED, State.RUNNING]).exists():
        raise NotOffered(say("export_already_asked"))
    needed = second_person_needed()
    export = Export.objects.create(
        organization_id=survey.organization_id,
        survey=survey,
        **asked,
        state=State.AWAITING if needed else State.QUEUED,
        needs_approval=needed,
        asked_by=who.user.email.lower(),
        asked_at=at,
        worked_at=at,
    )
    note(export, What.ASKED, at=at, who=export.asked_by)
    if not needed:
        defer(export.organization_id, export.pk)
    return export


def defer(organization_id: UUID, export_id: UUID) -> None:
    job.defer(organization_id=str(organization_id), export_id=str(export_id))


def may_decide(export: Export, who: Membership) -> bool:
    """Whether a member is the second person of an export that awaits one."""
    return (
        export.state == State.AWAITING
        and who.role == Role.OWNER
        and who.user.email.lower() != export.asked_by
    )


@transaction.atomic
def decide(*, export_id: UUID, approve: bool, who: Membership, at: datetime) -> Export:
    """Agree to an export, or refuse it, as another owner than whoever asked.

    Raises
    ------
    MayNotDecide
    """
    export = Export.objects.select_for_update().get(pk=export_id)
    if not may_decide(export, who):
        raise MayNotDecide
    export.state = State.QUEUED if approve else State.REFUSED
    export.decided_by = who.user.email.lower()
    export.decided_at = export.worked_at = at
    export.save(update_fields=["state", "decided_by", "decided_at", "worked_at"])
    note(
        export,
        What.APPROVED if approve else What.REFUSED,
        at=at,
        who=export.decided_by,
    )
    if approve:
        defer(export.organization_id, export.pk)
    return export


@transaction.atomic
def remove(*, export: Export, who: Membership, at: datetime) -> bool:
    """Take an export back: its file goes, its row and its log stay.

    False where there was nothing left to remove.
    """
    going: QuerySet[Export] = Export.objects.filter(pk=export.pk, state__in=REMOVABLE)
    if not going.update(state=State.EXPIRED):
        return False
    note(export, What.REMOVED, at=at, who=who.user.email.lower())
    export.refresh_from_db()
    if export.run is not None:
        # after the commit: a row that says "ready" has its file
        transaction.on_commit(partial(storage.forget, export.run))
    return True


@transaction.atomic
def set_second_person(
    *, organization: Organization, wanted: bool, who: Membership, at: datetime
) -> bool:
    """Switch the rule of the second person for exports asked from now on.

    False where it stood so already.
    """
    # the lock keeps two switches in order
    Organization.objects.select_for_update().get(pk=organization.pk)
    if second_person_needed() == wanted:
        return False
    ExportEntry.objects.create(
        organization=organization,
        what=What.RULE_ON if wanted else What.RULE_OFF,
        who=who.user.email.lower(),
        at=at,
    )
    return True


def exports_of(survey: Survey, *, most: int) -> Sequence[Export]:
    """Return the newest exports of a survey."""
    return list(Export.objects.filter(survey=survey).newest_first()[:most])


def new_run() -> UUID:
    return uuid.uuid4()
