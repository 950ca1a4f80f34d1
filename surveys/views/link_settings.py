"""Settings of a survey's link: one page, one form."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.collect.replies import KIOSK, address
from surveys.link_settings import LinkSettings
from surveys.models import Form, Survey, Wave
from surveys.quotas import ALLOWED


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def link_settings(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    collected = Survey.objects.filter(origin=Survey.Origin.COLLECTED)
    survey = get_object_or_404(collected, pk=survey_id)
    newest = Form.objects.filter(survey=survey).latest("number")
    form = LinkSettings(
        request.POST if request.method == "POST" else None,
        survey=survey,
        languages=newest.asked().languages,
    )
    if form.is_valid():
        form.save()
        messages.success(request, _("The settings are stored."))
        return redirect("surveys:link-settings", survey_id=survey.pk)
    opened = Wave.objects.filter(survey=survey, state=Wave.State.OPEN).first()
    context: dict[str, Any] = {"survey": survey, "form": form, "opened": opened}
    context["quotas_allowed"] = survey.mode in ALLOWED
    if opened is not None and survey.mode == Survey.Mode.OPEN:
        link = request.build_absolute_uri(address("landing", wave_id=opened.pk))
        context |= {"kiosk_link": f"{link}?{KIOSK}=1", "panel_link": f"{link}?panel="}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/link_settings.html", context, status=status)
