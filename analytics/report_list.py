"""The reports that a member may open; where managers begin."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.models import Release
from analytics.release_views import VIEWERS
from surveys.access import MemberRequest, for_members
from surveys.models import CellUnit, ManagedUnit, Membership, Survey
from surveys.models.people import Role


@require_safe
@for_members(VIEWERS)
def reports(request: MemberRequest) -> HttpResponse:
    """List the newest published report of every wave, the newest wave first."""
    found = [one for one in _newest() if _opens(request.membership, one)]
    context = {"releases": found, "mine": request.membership.role == Role.MANAGER}
    return render(request, "analytics/release/reports.html", context)


def _newest() -> list[Release]:
    newest = Release.objects.published().order_by("wave_id", "-number")
    by_wave = newest.distinct("wave_id").select_related("wave__survey")
    return sorted(
        by_wave, key=lambda one: (one.wave.opened_at, str(one.pk)), reverse=True
    )


def _opens(membership: Membership, release: Release) -> bool:
    """Whether a manager has units in the wave; the report itself says it exactly."""
    if membership.role != Role.MANAGER:
        return True
    units = ManagedUnit.objects.filter(membership=membership).values("unit_id")
    if release.wave.survey.mode == Survey.Mode.IDENTIFIED:
        return units.exists()
    return CellUnit.objects.filter(wave=release.wave_id, unit_id__in=units).exists()
