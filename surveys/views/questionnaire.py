"""Questionnaires on paper: of a survey as its next wave asks it, and of the library."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from surveys.access import (
    EVERYBODY,
    FIELDWORKERS,
    READERS,
    MemberRequest,
    for_members,
)
from surveys.fieldwork.questionnaire import Asked, of_survey, questionnaire_pdf
from surveys.models import Form, QuestionnaireVersion, Survey
from surveys.views.preview import chosen_form


@require_safe
@for_members(READERS | FIELDWORKERS)
def survey_questionnaire(
    request: MemberRequest, survey_id: UUID, language: str
) -> HttpResponse:
    """What the next wave asks, with its promise; open for whom the preview is."""
    surveys = Survey.objects.select_related("organization")
    survey = get_object_or_404(surveys, pk=survey_id)
    form = Form.objects.filter(survey=survey).latest("number").asked()
    if language not in form.languages:
        raise Http404(f"{survey} is not asked in {language}.")
    return _paper(of_survey(survey, form), survey.title_en, language)


@require_safe
@for_members(EVERYBODY)
def version_questionnaire(
    request: MemberRequest, version_id: UUID, language: str
) -> HttpResponse:
    """A questionnaire of the library, cut and worded as its preview was."""
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    asks = version.questionnaire()
    if language not in asks.languages:
        raise Http404(f"{version} has no wording in {language}.")
    form = chosen_form(request, asks, language)
    return _paper(Asked(form), f"{asks.code} {asks.version}", language)


def _paper(asked: Asked, title: str, language: str) -> HttpResponse:
    name = f"{slugify(title)[:60] or 'questionnaire'}-{language}.pdf"
    return HttpResponse(
        questionnaire_pdf(asked, [language]),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
