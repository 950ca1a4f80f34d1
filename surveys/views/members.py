"""Members of the organization, the units of managers, and what every role sees."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.forms_members import SectionsForm, UnitsForm
from surveys.models import ManagedUnit, Membership, RoleSections
from surveys.models.people import Role
from surveys.people.units import branches
from surveys.reading import sections_of_roles
from surveys.views.people import reader_language


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def members(request: MemberRequest) -> HttpResponse:
    """List who works here; choose the sections of reports that each role sees."""
    organization = request.membership.organization_id
    form = SectionsForm(
        request.POST if request.method == "POST" else None,
        seen=sections_of_roles(organization),
    )
    if form.is_valid():
        for role, sections in form.chosen().items():
            RoleSections.objects.update_or_create(
                organization_id=organization,
                role=role,
                defaults={"sections": sections},
            )
        messages.success(request, _("Kept."))
        return redirect("surveys:members")
    by_name = ManagedUnit.objects.select_related("unit").order_by("unit__name_en")
    known = (
        Membership.objects.filter(organization_id=organization)
        .select_related("user")
        .prefetch_related(Prefetch("managed_units", by_name))
        .order_by("user__email")
    )
    context = {"members": known, "form": form, "language": reader_language()}
    return render(request, "surveys/people/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def manager(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Choose the units whose results a manager sees."""
    known = get_object_or_404(
        Membership.objects.select_related("user").filter(
            organization_id=request.membership.organization_id
        ),
        pk=membership_id,
    )
    if known.role != Role.MANAGER:
        messages.error(request, _("Only managers have units."))
        return redirect("surveys:members")
    held = ManagedUnit.objects.filter(membership=known)
    form = UnitsForm(
        request.POST if request.method == "POST" else None,
        tree=branches(),
        held=list(held.values_list("unit_id", flat=True)),
        language=reader_language(),
    )
    if form.is_valid():
        _give(known, form.chosen())
        messages.success(request, _("Kept."))
        return redirect("surveys:members")
    context = {"member": known, "form": form}
    return render(request, "surveys/people/manager.html", context)


@transaction.atomic
def _give(manager: Membership, units: list[UUID]) -> None:
    """Let a manager see these units and no others."""
    held = ManagedUnit.objects.filter(membership=manager)
    held.exclude(unit_id__in=units).delete()
    known = set(held.values_list("unit_id", flat=True))
    ManagedUnit.objects.bulk_create(
        ManagedUnit(
            organization_id=manager.organization_id, membership=manager, unit_id=unit
        )
        for unit in units
        if unit not in known
    )
