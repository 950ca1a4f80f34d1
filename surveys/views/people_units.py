"""Units of the organization and what else is known of its people."""

from uuid import UUID

from django.contrib import messages
from django.db.models import F, Func, JSONField, Value
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys.access import FIELDWORKERS, OWNERS, MemberRequest, for_members
from surveys.models import Attribute, Participant, Unit
from surveys.people import units
from surveys.people.forms import AttributeForm, NamedForm, OtherUnit, UnitForm
from surveys.views.people import may_write, reader_language, refuse_writing


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def unit_list(request: MemberRequest) -> HttpResponse:
    """Show the tree; add a unit to it."""
    refuse_writing(request)
    tree = units.branches(count=True)
    form = UnitForm(
        request.POST if request.method == "POST" else None,
        unit=None,
        tree=tree,
        language=reader_language(),
    )
    if form.is_valid():
        form.unit.organization = request.membership.organization
        form.save()
        messages.success(request, _("The unit is added."))
        return redirect("surveys:units")
    context = {
        "tree": tree,
        "form": form,
        "may_write": may_write(request),
        "without": Participant.objects.filter(active=True, unit=None).count(),
    }
    return render(request, "surveys/people/units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def unit(request: MemberRequest, unit_id: UUID) -> HttpResponse:
    """Rename or move a unit, put it together with another one, or remove it."""
    known = get_object_or_404(Unit, pk=unit_id)
    tree, language = units.branches(count=True), reader_language()
    step = request.POST.get("step", "")
    posted = request.method == "POST"
    form = UnitForm(
        request.POST if posted and step not in ("merge", "remove") else None,
        unit=known,
        tree=tree,
        language=language,
    )
    other = OtherUnit(
        request.POST if step == "merge" else None,
        unit=known,
        tree=tree,
        language=language,
    )
    if step == "remove":
        units.remove(known)
        messages.success(request, _("The unit is removed; its people stay."))
        return redirect("surveys:units")
    if step == "merge" and other.is_valid():
        units.merge(known, other.cleaned_data["into"])
        messages.success(request, _("The units are put together."))
        return redirect("surveys:units")
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("surveys:units")
    branch = next(one for one in tree if one.unit.pk == known.pk)
    context = {"branch": branch, "form": form, "other": other}
    return render(request, "surveys/people/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def attribute_list(request: MemberRequest) -> HttpResponse:
    """Show what else is known of people; add something."""
    refuse_writing(request)
    form = AttributeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        Attribute.objects.create(
            organization=request.membership.organization,
            **{n: form.cleaned_data[n] for n in ("code", "name_en", "name_zh_hans")},
        )
        messages.success(request, _("The attribute is added."))
        return redirect("surveys:attributes")
    known = [
        (one, Participant.objects.filter(attributes__has_key=one.code).count())
        for one in Attribute.objects.order_by("code")
    ]
    context = {"known": known, "form": form, "may_write": may_write(request)}
    return render(request, "surveys/people/attributes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def attribute(request: MemberRequest, attribute_id: UUID) -> HttpResponse:
    """Rename an attribute, or remove it from everybody."""
    known = get_object_or_404(Attribute, pk=attribute_id)
    if request.POST.get("step") == "remove":
        without = Func(
            F("attributes"),
            Value(known.code),
            template="(%(expressions)s)",
            arg_joiner=" - ",
            output_field=JSONField(),
        )
        holders = Participant.objects.filter(attributes__has_key=known.code)
        holders.update(attributes=without)
        known.delete()
        messages.success(request, _("The attribute is removed."))
        return redirect("surveys:attributes")
    form = NamedForm(
        request.POST if request.method == "POST" else None,
        initial={"name_en": known.name_en, "name_zh_hans": known.name_zh_hans},
    )
    if form.is_valid():
        known.name_en = form.cleaned_data["name_en"]
        known.name_zh_hans = form.cleaned_data["name_zh_hans"]
        known.save(update_fields=["name_en", "name_zh_hans"])
        messages.success(request, _("Saved."))
        return redirect("surveys:attributes")
    context = {"attribute": known, "form": form}
    return render(request, "surveys/people/attribute.html", context)
