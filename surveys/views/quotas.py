"""Quotas of a survey: one page, one form."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.forms_quotas import QuotasForm
from surveys.models import Form, Survey, Wave
from surveys.quotas import ALLOWED


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def quotas(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Show and set how many answers of each value are taken; not where promised."""
    allowed = Survey.objects.filter(
        origin=Survey.Origin.COLLECTED, mode__in=sorted(ALLOWED)
    )
    survey = get_object_or_404(allowed, pk=survey_id)
    waves = Wave.objects.select_related("survey", "form")
    opened = waves.filter(survey=survey, state=Wave.State.OPEN).first()
    newest = Form.objects.filter(survey=survey).latest("number")
    form = QuotasForm(
        request.POST if request.method == "POST" else None,
        survey=survey,
        opened=opened,
        form=(opened.form if opened else newest).asked(),
        language=get_language() or "en",
    )
    if form.is_bound and form.store():
        messages.success(request, _("The quotas are stored."))
        return redirect("surveys:quotas", survey_id=survey.pk)
    context = {"survey": survey, "form": form, "opened": opened}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/quotas.html", context, status=status)
