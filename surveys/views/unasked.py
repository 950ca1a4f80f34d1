"""A survey that has asked nobody yet: rename it, throw it away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys import unasked
from surveys.access import OWNERS, MemberRequest, for_members
from surveys.definition import Text
from surveys.forms_titles import TitlesForm
from surveys.models import Survey


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def rename_survey(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=survey_id)
    if survey.waves.exists():
        return _asked_already(request, survey)
    form = TitlesForm(
        request.POST if request.method == "POST" else None,
        initial={"title_en": survey.title_en, "title_zh_hans": survey.title_zh_hans},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            unasked.rename(survey, Text(given["title_en"], given["title_zh_hans"]))
        except unasked.AskedAlready:
            return _asked_already(request, survey)
        messages.success(request, _("The survey has a new title."))
        return redirect("surveys:survey", survey_id=survey.pk)
    context = {"survey": survey, "form": form}
    return render(request, "surveys/rename.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def throw_away(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Ask first, then remove a survey of which no wave has begun."""
    survey = get_object_or_404(Survey, pk=survey_id)
    if survey.waves.exists():
        return _asked_already(request, survey)
    if request.method != "POST":
        return render(request, "surveys/throw_away.html", {"survey": survey})
    try:
        unasked.throw_away(survey)
    except unasked.AskedAlready:
        return _asked_already(request, survey)
    messages.success(request, _("The survey is deleted."))
    return redirect("surveys:list")


def _asked_already(request: MemberRequest, survey: Survey) -> HttpResponse:
    sentence = _("A wave of this survey has begun: its title and its questions stay.")
    messages.info(request, sentence)
    return redirect("surveys:survey", survey_id=survey.pk)
