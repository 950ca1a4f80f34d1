"""A survey designed on one page: what it asks, what it promises, whom and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from surveys import actions, browsing, definition, doors, needs
from surveys.access import (
    FIELDWORKERS,
    OWNERS,
    READERS,
    MemberRequest,
    for_members,
)
from surveys.browsing import Entry
from surveys.collect import page
from surveys.definition.rotation import Rotation, rotated
from surveys.fieldwork import due, periods
from surveys.fieldwork.calendar import Occasion, ScheduleError
from surveys.fieldwork.launch import floors
from surveys.fieldwork.outlook import Audience, audience, next_occasions
from surveys.forms import NewSurvey
from surveys.forms_plan import PlanForm
from surveys.forms_rotation import RotationFields
from surveys.models import Form, Survey
from surveys.promise import Thresholds, promise_text
from surveys.views.schedule import people_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def new_survey(request: MemberRequest) -> HttpResponse:
    """Show the design, and what it would come to; make the survey when asked to."""
    shelf = browsing.shelf()
    language = get_language() or "en"
    data = request.POST if request.method == "POST" else None
    form = NewSurvey(
        data, shelf=shelf, language=language, initial=_filled_in(request.GET, shelf)
    )
    valid = form.is_valid()
    mode = form.cleaned_data["mode"] if valid else ""
    plan = PlanForm(
        data, people=people_of(), rest=1 if mode in actions.WITH_CREDENTIALS else 0
    )
    turns = RotationFields(data)
    fits = plan.is_valid() and (not valid or plan.suits(mode)) and turns.is_valid()
    asked = _asked(form, turns) if valid and turns.is_valid() else None
    if asked is not None and "preview" in request.POST and not request.htmx:
        return _previewed(request, asked, mode)
    making = not request.htmx and not {"look", "preview"} & set(request.POST)
    if asked is not None and fits and making:
        made = _made(request, form, plan, turns.rotation(asked))
        if made is not None:
            sentence = _("The survey is ready. Look at it, then launch it.")
            messages.success(request, sentence)
            return redirect("surveys:survey", survey_id=made.pk)
        fits = False
    context = {
        "form": form,
        "plan": plan,
        "turns": turns,
        "doors": _doors(shelf, request.GET.get("door", ""), language),
        "asked": asked,
        "minutes": _minutes(asked),
        "previews": [(one, page.OWN_NAME[one]) for one in asked.languages]
        if asked is not None
        else [],
        "looking": data is not None and not making,
        "planned": fits and plan.is_planned,
        "audience": _audience(mode, plan) if valid and fits else None,
        "occasions": _occasions(plan) if fits else [],
        "place": plan.cleaned_data.get("zone", "") if fits else "",
    }
    template = "_outcome" if request.htmx else "new"
    return render(request, f"surveys/{template}.html", context)


@require_safe
@for_members(READERS | FIELDWORKERS)
def survey_preview(
    request: MemberRequest, survey_id: UUID, language: str
) -> HttpResponse:
    """What the next wave asks, as its respondents will see it."""
    survey = get_object_or_404(Survey, pk=survey_id)
    asked = Form.objects.filter(survey=survey).latest("number").asked()
    if language not in asked.languages:
        raise Http404(f"{survey} is not asked in {language}.")
    promised = promise_text(
        survey.mode,
        floors(survey),
        links_waves=survey.links_waves,
        joins_outcomes=survey.joins_outcomes,
    )
    back = reverse("surveys:survey", args=[survey.pk])
    shown = _Shown(
        survey.pk, promised.in_(language), survey.mode, back, survey.simulated
    )
    return _preview(request, asked, language, shown)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands around the questions of a preview; `back` empty: nothing is made yet."""

    key: UUID
    promised: str
    mode: str
    back: str = ""
    simulated: bool = False


def _previewed(
    request: MemberRequest, asked: definition.Form, mode: str
) -> HttpResponse:
    """What the page as it is filled in would ask, in the language of the button."""
    language = request.POST["preview"]
    if language not in asked.languages:
        raise Http404(f"{asked.title.en} is not asked in {language}.")
    promised = promise_text(mode, Thresholds()).in_(language)
    return _preview(request, asked, language, _Shown(uuid4(), promised, mode))


def _preview(
    request: MemberRequest, asked: definition.Form, language: str, shown: _Shown
) -> HttpResponse:
    reader = get_language() or "en"
    with translation.override(language):
        context = page.form_context(
            asked,
            wave_id=shown.key,
            language=language,
            simulated=shown.simulated,
            answers={},
            errors={},
        )
        # what is not stored has one address for all its languages
        others = context["other_languages"] if shown.back else []
        context |= {
            "reader": reader,
            "reader_html_lang": page.HTML_LANG[reader],
            "promised": shown.promised,
            "mode": shown.mode,
            "back": shown.back,
            "others": [(one, f"../{one.code}/") for one in others],
        }
        return render(request, "surveys/preview.html", context)


def _asked(form: NewSurvey, turns: RotationFields) -> definition.Form | None:
    """What the survey would ask; None where the parts make no form, with the reason."""
    parts = form.parts()
    try:
        asked = actions.compiled(
            [parts["questionnaire"], *parts["outcomes"]],
            title=parts["title"],
            referent=parts["referent"],
            languages=parts["languages"],
            comment=parts["comment"],
            others=parts["others"],
        )
    except definition.DefinitionError as problem:
        form.refuse(problem)
        return None
    rotation = turns.rotation(asked)
    try:
        return rotated(asked, rotation) if rotation else asked
    except definition.DefinitionError as problem:
        turns.add_error("blocks", problem.in_(form.language))
        return None


def _minutes(asked: definition.Form | None) -> list[tuple[str, int]]:
    if asked is None:
        return []
    return [(page.OWN_NAME[one], asked.minutes(one)) for one in asked.languages]


def _made(
    request: MemberRequest, form: NewSurvey, plan: PlanForm, rotation: Rotation | None
) -> Survey | None:
    """Store the survey with its schedule, which opens nothing yet; None if refused."""
    now = timezone.now()
    try:
        with transaction.atomic():
            made = actions.start_survey(
                organization=request.membership.organization,
                rotation=rotation,
                at=now,
                **form.parts(),
            )
            if plan.is_planned:
                periods.set_schedule(
                    survey=made, rule=plan.rule(), whom=plan.whom(), at=now
                )
                due.forget_plans(made.pk)
            return made
    except ScheduleError as problem:
        plan.refuse(problem)
        return None


def _audience(mode: str, plan: PlanForm) -> Audience | None:
    if not plan.is_planned or mode == Survey.Mode.OPEN:
        return None
    return audience(plan.whom(), mode=mode, thresholds=Thresholds(), at=timezone.now())


def _occasions(plan: PlanForm) -> list[Occasion]:
    if not plan.is_planned:
        return []
    return next_occasions(plan.rule(), after=timezone.now())


def _doors(
    shelf: tuple[Entry, ...], chosen: str, language: str
) -> list[dict[str, object]]:
    return [
        {
            "name": door.name.in_(language),
            "about": door.about.in_(language),
            "query": doors.filled_in(door, shelf),
            "chosen": door.code == chosen,
        }
        for door in doors.DOORS
    ]


def _filled_in(query: QueryDict, shelf: Iterable[Entry]) -> dict[str, Any]:
    """What the address fills in: a template, or what a need suggests."""
    one = ("questionnaire", "referent", "length-", "form-", "title_", "mode")
    filled: dict[str, Any] = {n: query[n] for n in query if n.startswith(one)}
    several = ("outcomes", "controls", "scales-")
    filled |= {n: query.getlist(n) for n in query if n.startswith(several)}
    for entry in shelf:
        if str(entry.version.pk) == filled.get("questionnaire"):
            filled.setdefault("referent", needs.example_referent(entry.asks))
    return filled
