"""Launching a wave that asks groups: whom, under which thresholds, and what will show."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys import arrivals
from surveys.access import FIELDWORKERS, MemberRequest, for_members
from surveys.actions import WITH_CREDENTIALS
from surveys.fieldwork.launch import floors, request_launch
from surveys.fieldwork.reportable import innermost, prospects
from surveys.forms_launch import Groups, ThresholdsForm, rows_sent
from surveys.launching import CannotLaunch
from surveys.models import Survey
from surveys.promise import promise_text

# What CannotLaunch says by its code.
SENTENCES: Mapping[str, Lazy] = {
    "mode": gettext_lazy("A survey of this mode is opened without groups."),
    "no_cells": gettext_lazy("Name at least one group of people who are invited."),
    "small_cell": gettext_lazy(
        "A group has fewer than eight people: put it together with another one."
    ),
    "parent": gettext_lazy("A group can only belong to one that stands before it."),
    "wave_under_way": gettext_lazy(
        "A wave of this survey is under way; close it before you launch the next."
    ),
    "thresholds": gettext_lazy("What was promised in an earlier wave can only rise."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def launch(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Ask for the groups, show what will be reportable, then launch."""
    survey = get_object_or_404(Survey, pk=survey_id)
    if survey.mode not in WITH_CREDENTIALS or survey.origin == Survey.Origin.IMPORTED:
        messages.info(request, str(SENTENCES["mode"]))
        return redirect("surveys:survey", survey_id=survey.pk)
    page = LaunchPage(survey, request.POST if request.method == "POST" else None)
    if "launch" in request.POST and page.is_valid():
        try:
            wave = request_launch(
                survey=survey,
                cells=page.groups.cells(),
                thresholds=page.thresholds.thresholds(),
                at=timezone.now(),
            )
        except CannotLaunch as problem:
            page.problem = str(SENTENCES[problem.code])
        else:
            messages.success(
                request, _("Wave %(number)s is launched.") % {"number": wave.number}
            )
            return redirect("surveys:wave", wave_id=wave.pk)
    template = "_prospects" if request.htmx else "launch"
    return render(request, f"surveys/{template}.html", page.context())


class LaunchPage:
    """The two forms of the page, and what they say together."""

    def __init__(self, survey: Survey, data: Mapping[str, Any] | None) -> None:
        self.survey = survey
        rows, typed = [], {}
        if data is not None and "more" in data:
            # the page again with more rows: what is half filled in is no mistake yet
            rows, typed, data = rows_sent(data), dict(data.items()), None
        self.sent = data is not None
        self.thresholds = ThresholdsForm(data, floors=floors(survey), initial=typed)
        self.groups = Groups(
            data, rows=rows, with_paper=survey.mode == Survey.Mode.ANONYMOUS
        )
        self.problem = ""

    def is_valid(self) -> bool:
        both = [self.thresholds.is_valid(), self.groups.is_valid()]
        return all(both)

    def context(self) -> dict[str, Any]:
        thresholds, found = floors(self.survey), []
        valid = self.sent and self.is_valid()
        if valid:
            thresholds = self.thresholds.thresholds()
            found = prospects(self.groups.cells(), thresholds)
            if not any(one.invited for one in found):
                self.problem = self.problem or str(SENTENCES["no_cells"])
        language = get_language() or "en"
        return {
            "survey": self.survey,
            "thresholds": self.thresholds,
            "groups": self.groups,
            "sent": self.sent,
            "problem": self.problem,
            "prospects": found,
            "asked": sum(one.invited for one in found if not one.depth),
            "teams": innermost(found),
            "ready": valid and bool(found) and not self.problem,
            "log_is_copied": valid and arrivals.are_copied(),
            "promise": promise_text(self.survey.mode, thresholds).in_(language),
        }
