"""Waves for programs: listed, opened, extended, paused and closed as on the pages."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys import actions
from surveys.actions import WITH_CREDENTIALS
from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import Problem, wrong
from surveys.api.scopes import Scope
from surveys.api.shapes import Shape
from surveys.api.view import ApiView
from surveys.collect.replies import address
from surveys.fieldwork import inviting, periods
from surveys.fieldwork.cells import TooFewPeople
from surveys.fieldwork.launch import request_close
from surveys.launching import CannotLaunch
from surveys.models import Attribute, Participant, Survey, Unit, Wave
from surveys.tasks import follow_pauses

TAG = "waves"
MOST_ASKED = 1000
REFUSALS: Final[Mapping[str, Promise]] = {
    "closed": gettext_lazy("The wave is not open."),
    "past": gettext_lazy("That moment has gone by."),
    "next_opens": gettext_lazy("The next wave is planned to open before."),
    "mode": gettext_lazy("Waves of this mode are not opened like this."),
    "no_cells": gettext_lazy("Nobody would be asked."),
    "small_cell": gettext_lazy("A group has fewer than eight people."),
    "parent": gettext_lazy("A group can only belong to one that stands before it."),
    "wave_under_way": gettext_lazy(
        "A wave of this survey is under way; close it first."
    ),
    "thresholds": gettext_lazy("What was promised in an earlier wave can only rise."),
}


class WaveOut(Shape):
    """One fielding period. `link` is what respondents open, where the mode has one."""

    id = serializers.UUIDField()
    survey = serializers.UUIDField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(Wave.State.choices)
    paused = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    link = serializers.CharField(allow_null=True)


class WaveQuery(PageQuery):
    survey = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(Wave.State.choices, required=False)


class AskedPeopleIn(Shape):
    """Who is asked: these people, or everybody of these units and below; else all."""

    participants = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_ASKED
    )
    units = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_ASKED
    )


class WaveIn(Shape):
    """The next wave. Open links need no people; every other mode asks `people`."""

    people = AskedPeopleIn(required=False)
    split = serializers.CharField(
        required=False,
        max_length=50,
        help_text="Code of an attribute that groups are split by, where there are groups.",
    )


class ExtendIn(Shape):
    closes_at = serializers.DateTimeField()


EXAMPLE = {
    "id": "f0f0a7b2-8a56-4b55-9d3f-0d5b3cf0c0de",
    "survey": "7f8a1e55-3d3c-4a36-8a0f-6a2c4e0b7d10",
    "number": 1,
    "state": "open",
    "paused": False,
    "opened_at": "2026-11-22T08:00:00Z",
    "closes_at": None,
    "closed_at": None,
    "link": "https://surveys.example.org/s/f0f0a7b2-8a56-4b55-9d3f-0d5b3cf0c0de/",
}


def wave_out(wave: Wave, request: Request) -> dict[str, Any]:
    shared = wave.survey.mode == Survey.Mode.OPEN and wave.is_open
    link = address("landing", wave_id=wave.pk) if shared else None
    shown = {
        "id": wave.pk,
        "survey": wave.survey_id,
        "number": wave.number,
        "state": wave.state,
        "paused": wave.is_paused,
        "opened_at": wave.opened_at,
        "closes_at": wave.closes_at,
        "closed_at": wave.closed_at,
        "link": request.build_absolute_uri(link) if link else None,
    }
    return dict(WaveOut(shown).data)


class WaveView(ApiView):
    """An address below one wave; a wave of nobody else is ever found."""

    def wave(self, wave_id: UUID) -> Wave:
        rows = Wave.objects.select_related("survey", "form")
        return self.found(rows.filter(pk=wave_id).first())


class WaveList(ApiView):
    scopes: ClassVar = {"GET": Scope.SURVEYS_READ}

    @operation(
        "listWaves",
        "Waves",
        tag=TAG,
        gives=paged(WaveOut),
        query=WaveQuery,
        example={"items": [EXAMPLE], "next": None},
    )
    def get(self, request: Request) -> Response:
        query = self.query(WaveQuery)
        wanted = {name: query[name] for name in ("survey", "state") if name in query}
        rows = Wave.objects.select_related("survey").filter(Q(**wanted))
        found, after = page_of(rows, request._request, query)
        items = [wave_out(one, request) for one in found]
        return Response({"items": items, "next": after})


class WaveDetail(WaveView):
    scopes: ClassVar = {"GET": Scope.SURVEYS_READ}

    @operation("getWave", "One wave", tag=TAG, gives=WaveOut, example=EXAMPLE)
    def get(self, request: Request, wave_id: UUID) -> Response:
        return Response(wave_out(self.wave(wave_id), request))


class WaveOpen(ApiView):
    scopes: ClassVar = {"POST": Scope.WAVES_WRITE}

    @operation(
        "openWave",
        "Open the next wave of a survey, and invite people where the mode does",
        tag=TAG,
        gives=WaveOut,
        status=201,
        body=WaveIn,
        changes=True,
        asks={},
        example=EXAMPLE,
    )
    def post(self, request: Request, survey_id: UUID) -> Response:
        survey = self.found(Survey.objects.filter(pk=survey_id).first())
        given = self.body(WaveIn)
        wave = _opened(survey, given.get("people"), given.get("split", ""))
        where = reverse("api:wave", args=[wave.pk])
        shown = wave_out(wave, request)
        return Response(shown, status=201, headers={"Location": where})


class WaveClose(WaveView):
    scopes: ClassVar = {"POST": Scope.WAVES_WRITE}

    @operation(
        "closeWave", "Close a wave for good", tag=TAG, gives=WaveOut, changes=True
    )
    def post(self, request: Request, wave_id: UUID) -> Response:
        wave = self.wave(wave_id)
        now = timezone.now()
        if wave.survey.mode in WITH_CREDENTIALS:
            closed = request_close(wave, at=now)
        else:
            closed = actions.close_wave(wave_id=wave.pk, at=now)
        return self.done(request, wave_id, closed)

    def done(self, request: Request, wave_id: UUID, changed: bool) -> Response:
        """Show the wave as it is now; nothing changed is a problem, not a success."""
        if not changed:
            sentence = _("The wave is not in a state for this; read it again.")
            raise Problem(409, sentence)
        return Response(wave_out(self.wave(wave_id), request))


class WavePause(WaveClose):
    @operation(
        "pauseWave", "Take nobody new for a while", tag=TAG, gives=WaveOut, changes=True
    )
    def post(self, request: Request, wave_id: UUID) -> Response:
        wave = self.wave(wave_id)
        changed = periods.pause(wave, at=timezone.now())
        if changed and wave.survey.mode in WITH_CREDENTIALS:
            follow_pauses.defer()
        return self.done(request, wave_id, changed)


class WaveResume(WaveClose):
    @operation(
        "resumeWave", "Go on with a paused wave", tag=TAG, gives=WaveOut, changes=True
    )
    def post(self, request: Request, wave_id: UUID) -> Response:
        wave = self.wave(wave_id)
        changed = periods.resume(wave)
        if changed and wave.survey.mode in WITH_CREDENTIALS:
            follow_pauses.defer()
        return self.done(request, wave_id, changed)


class WaveExtend(WaveView):
    scopes: ClassVar = {"POST": Scope.WAVES_WRITE}

    @operation(
        "extendWave",
        "Let an open wave close later or earlier",
        tag=TAG,
        gives=WaveOut,
        body=ExtendIn,
        changes=True,
        asks={"closes_at": "2026-12-01T17:00:00Z"},
    )
    def post(self, request: Request, wave_id: UUID) -> Response:
        wave = self.wave(wave_id)
        given = self.body(ExtendIn)
        try:
            periods.move_close(
                wave=wave, closes_at=given["closes_at"], at=timezone.now()
            )
        except periods.PeriodError as refusal:
            raise Problem(409, str(REFUSALS[refusal.code])) from None
        return Response(wave_out(self.wave(wave_id), request))


def _opened(survey: Survey, people: Mapping[str, Any] | None, split: str) -> Wave:
    """Open as the pages do; each refusal of theirs becomes a sentence."""
    now = timezone.now()
    _can_be_split(survey, split)
    try:
        if survey.mode == Survey.Mode.OPEN or survey.origin == Survey.Origin.IMPORTED:
            return actions.open_wave(survey=survey, at=now)
        asked = _people(people or {})
        return inviting.invite(survey=survey, people=asked, at=now, attribute=split)
    except actions.WaveAlreadyOpen:
        raise Problem(409, str(REFUSALS["wave_under_way"])) from None
    except actions.NotCollectedHere:
        raise Problem(409, _("Imported surveys take no answers.")) from None
    except inviting.NobodyToAsk:
        sentence = _("None of these people may be asked and can be reached.")
        raise Problem(409, sentence) from None
    except TooFewPeople:
        sentence = _("This mode asks eight people or more, so that nobody stands out.")
        raise Problem(409, sentence) from None
    except CannotLaunch as refusal:
        raise Problem(409, str(REFUSALS[refusal.code])) from None


def _can_be_split(survey: Survey, split: str) -> None:
    if split and survey.mode not in WITH_CREDENTIALS:
        raise wrong("/split", _("Surveys of this mode have no groups."))
    if split and not Attribute.objects.filter(code=split).exists():
        raise wrong("/split", _("You have no attribute with this code."))


def _people(wanted: Mapping[str, Any]) -> QuerySet[Participant]:
    rows = Participant.objects.order_by("id")
    if keys := wanted.get("participants"):
        rows = rows.filter(pk__in=keys)
        _all_known(set(keys), set(rows.values_list("pk", flat=True)), "participants")
    if units := wanted.get("units"):
        known = set(Unit.objects.filter(pk__in=units).values_list("pk", flat=True))
        _all_known(set(units), known, "units")
        rows = rows.filter(unit__in=_below(known))
    return rows


def _all_known(wanted: set[UUID], known: set[UUID], name: str) -> None:
    if missing := wanted - known:
        sentence = _("There is nothing of yours with the id %(id)s.")
        raise wrong(f"/people/{name}", sentence % {"id": min(map(str, missing))})


def _below(units: set[UUID]) -> set[UUID]:
    """Return these units and everything below them."""
    above = dict(Unit.objects.values_list("id", "parent_id"))
    found = set(units)
    while more := {one for one, parent in above.items() if parent in found} - found:
        found |= more
    return found
