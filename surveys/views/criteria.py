"""Business outcomes: what is known of people, files of values, and which ones count."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.criteria import files
from surveys.criteria.forms import (
    CriterionForm,
    ValueColumnsForm,
    ValuesFileForm,
    WindowForm,
    problem_of,
)
from surveys.models import Criterion, CriterionFile, CriterionWindow, Survey
from surveys.people.findings import ListError
from surveys.promise import OUTCOMES
from surveys.views.people import reader_language


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def criteria(request: MemberRequest) -> HttpResponse:
    """List the outcomes; add one, or bring a file of values."""
    posted = request.POST if request.method == "POST" else None
    adding = posted is not None and "add" in posted
    new = CriterionForm(posted if adding else None)
    file = ValuesFileForm(
        None if adding else posted, None if adding else request.FILES or None
    )
    if adding and new.is_valid():
        made = new.save(commit=False)
        made.organization_id = request.membership.organization_id
        made.save(force_insert=True)
        messages.success(request, _("The outcome is added."))
        return redirect("surveys:criteria")
    if file.is_valid():
        kept = _kept(request, file)
        if kept is not None:
            return redirect("surveys:criterion-file", values_id=kept.pk)
    counted = Criterion.objects.annotate(
        number=Count("values"), first=Min("values__date"), last=Max("values__date")
    )
    context = {
        "criteria": counted.order_by("code"),
        "new": new,
        "file": file,
        "language": reader_language(),
    }
    status = 422 if new.is_bound or file.is_bound else 200
    return render(request, "surveys/criteria/list.html", context, status=status)


def _kept(request: MemberRequest, form: ValuesFileForm) -> CriterionFile | None:
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    try:
        if (file.size or 0) > files.MOST_BYTES:
            raise ListError("too_large", params={"most": files.MOST_BYTES >> 20})
        return files.upload(
            organization=request.membership.organization,
            filename=file.name or "",
            data=file.read(),
            at=timezone.now(),
        )
    except ListError as problem:
        form.add_error("file", problem.in_(reader_language()))
        return None


@require_POST
@for_members(OWNERS)
def remove_criterion(request: MemberRequest, criterion_id: UUID) -> HttpResponse:
    """Remove an outcome with all its values; published releases stay as they are."""
    get_object_or_404(Criterion, pk=criterion_id).delete()
    messages.success(request, _("The outcome is removed, with all its values."))
    return redirect("surveys:criteria")


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def criterion_file(request: MemberRequest, values_id: UUID) -> HttpResponse:
    """Say what the columns mean, see what would be stored, and store it."""
    kept = get_object_or_404(CriterionFile, pk=values_id)
    step = request.POST.get("step", "")
    if step == "discard":
        kept.delete()
        messages.success(request, _("The file is removed; nothing was stored."))
        return redirect("surveys:criteria")
    known, language = files.known_criteria(), reader_language()
    form = ValueColumnsForm(
        request.POST if step == "look" else None,
        kept=kept,
        criteria=known,
        language=language,
    )
    if form.is_valid():
        kept.mapping = form.cleaned_data["mapping"]
        kept.save(update_fields=["mapping"])
        return redirect("surveys:criterion-file", values_id=kept.pk)
    problem = _("The form is not filled in rightly.") if form.is_bound else ""
    problem = problem or problem_of([one for one in kept.mapping if one])
    if step == "store" and not problem:
        return _stored(request, kept)
    today = timezone.now().date()
    looked = None if problem else files.look(kept, today=today)
    context = {
        "file": kept,
        "form": form,
        "problem": problem,
        "columns": list(zip(form.columns(), _samples(kept), strict=True)),
        "looked": looked,
        **_wrong(looked, language),
    }
    status = 422 if form.is_bound else 200
    return render(request, "surveys/criteria/file.html", context, status=status)


def _stored(request: MemberRequest, kept: CriterionFile) -> HttpResponse:
    looked = files.take(kept, today=timezone.now().date())
    sentence = _("%(new)s values are new, %(changed)s were changed.")
    found = {"new": looked.compared.new, "changed": looked.compared.changed}
    messages.success(request, sentence % found)
    return redirect("surveys:criteria")


def _samples(kept: CriterionFile) -> list[list[str]]:
    rows = [line.cells for line in files.preview(kept) if not line.problem]
    return [[row[at][:40] for row in rows] for at in range(len(kept.header))]


def _wrong(looked: files.Looked | None, language: str) -> dict[str, Any]:
    if looked is None:
        return {}
    shown = [
        {"line": one.line, "column": one.column, "said": one.problem.in_(language)}
        for one in looked.wrong[: files.SHOWN_WRONG]
    ]
    unknown = looked.compared.unknown
    return {
        "wrong": shown,
        "more": max(0, len(looked.wrong) - len(shown)),
        "unknown": unknown[: files.SHOWN_WRONG],
        "unknown_number": len(unknown),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def outcomes(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Choose whether answers of an identified survey meet outcomes, and which count."""
    identified = Survey.objects.filter(mode=Survey.Mode.IDENTIFIED)
    survey = get_object_or_404(identified, pk=survey_id)
    window = CriterionWindow.objects.filter(survey=survey).first()
    initial: dict[str, Any] = {"joins_outcomes": survey.joins_outcomes}
    if window is not None:
        names = ("first_day", "last_day", "take")
        initial |= {name: getattr(window, name) for name in names}
    posted = request.POST if request.method == "POST" else None
    form = WindowForm(posted, initial=initial)
    if form.is_valid():
        _keep(survey, form.cleaned_data)
        messages.success(request, _("The settings are stored."))
        return redirect("surveys:outcomes", survey_id=survey.pk)
    context = {
        "survey": survey,
        "form": form,
        "promised": OUTCOMES.in_(reader_language()),
        "waves": survey.waves.order_by("number"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "surveys/criteria/window.html", context, status=status)


def _keep(survey: Survey, given: dict[str, Any]) -> None:
    Survey.objects.filter(pk=survey.pk).update(joins_outcomes=given["joins_outcomes"])
    window = CriterionWindow.objects.filter(survey=survey)
    if not given["take"]:
        window.delete()
        return
    chosen = {name: given[name] for name in ("first_day", "last_day", "take")}
    if not window.update(**chosen):
        CriterionWindow.objects.create(
            organization_id=survey.organization_id, survey=survey, **chosen
        )
