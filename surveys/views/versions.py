"""Versions of a questionnaire: what changed, and asking a newer one."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from surveys import revising, versions
from surveys.access import EVERYBODY, OWNERS, MemberRequest, for_members
from surveys.actions import AskedVersion
from surveys.definition import DefinitionError
from surveys.definition.difference import Change, differences
from surveys.models import QuestionnaireVersion, Survey

# The page says first what a comparison over time has to mind.
TRENDS = ("broken", "care", "same")


@dataclass(frozen=True, slots=True)
class Group:
    """Changes with one consequence for a trend."""

    trend: str
    changes: list[Change]


class Revision(forms.Form):
    """Which newer version to ask, how long, and which form the owner was looking at."""

    version = forms.UUIDField()
    length = forms.ChoiceField(
        choices=[("whole", ""), ("short", "")], required=False, initial="whole"
    )
    seen = forms.IntegerField(min_value=1)


@require_safe
@for_members(EVERYBODY)
def difference(
    request: MemberRequest, version_id: UUID, other_id: UUID
) -> HttpResponse:
    """What changed between two versions; the older one leads, however they are named."""
    both = QuestionnaireVersion.objects.in_bulk([version_id, other_id])
    if len(both) != 2:
        raise Http404
    pair = both[other_id], both[version_id]
    between = versions.between(*pair)
    ways = (pair, pair[::-1])
    found = next((way for way in ways if versions.follows(*way, between)), None)
    if found is None:
        # two questionnaires that have nothing to do with one another
        raise Http404
    old, new = found
    changes = differences(old.questionnaire(), new.questionnaire(), between=between)
    groups = [Group(t, [c for c in changes if c.trend == t]) for t in TRENDS]
    context = {
        "old": old,
        "new": new,
        "name": new.questionnaire().name,
        "groups": [group for group in groups if group.changes],
    }
    return render(request, "surveys/difference.html", context)


@require_POST
@for_members(OWNERS)
def revise(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Ask a newer version from the next wave on; answered on the survey's page."""
    survey = get_object_or_404(Survey, pk=survey_id)
    sent = Revision(request.POST)
    version = None
    if sent.is_valid():
        wanted = QuestionnaireVersion.objects.filter(pk=sent.cleaned_data["version"])
        version = wanted.first()
    if version is None:
        messages.error(request, _("This version is not there; nothing was changed."))
        return redirect("surveys:survey", survey_id=survey.pk)
    to = AskedVersion(version, short=sent.cleaned_data["length"] == "short")
    try:
        revising.revise_form(survey=survey, to=to, seen=sent.cleaned_data["seen"])
    except DefinitionError as problem:
        messages.error(request, problem.in_(get_language() or "en"))
    except revising.FormRevised:
        messages.info(
            request,
            _("What the survey asks was changed already; nothing more was changed."),
        )
    except revising.NotNewer:
        messages.error(
            request, _("The survey asks no older version of it; nothing was changed.")
        )
    except revising.NotPublished:
        messages.error(
            request,
            _("A questionnaire of this survey is not in the library any more."),
        )
    else:
        told = _("From the next wave the survey asks version %(version)s.")
        messages.success(request, told % {"version": version.version})
    return redirect("surveys:survey", survey_id=survey.pk)
