"""Surveys for programs: listed, and made by the same action as on the guided page."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys import actions
from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import Problem, wrong
from surveys.api.scopes import Scope
from surveys.api.shapes import Bilingual, Shape
from surveys.api.view import ApiView
from surveys.definition import LANGUAGES, REFERENTS, DefinitionError, Text
from surveys.definition.compile import MOST_OTHERS
from surveys.models import Form, QuestionnaireVersion, Survey

TAG = "surveys"
MODES = Survey.Mode.choices
Kind = QuestionnaireVersion.Kind


class SurveyOut(Shape):
    """A study. Its mode never changes; simulated answers are never evidence."""

    id = serializers.UUIDField()
    title = Bilingual()
    mode = serializers.ChoiceField(MODES)
    origin = serializers.ChoiceField(Survey.Origin.choices)
    simulated = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class SurveyDetailOut(SurveyOut):
    """A study with what its next wave asks, item by item."""

    form = serializers.DictField()
    form_number = serializers.IntegerField()


class SurveyQuery(PageQuery):
    mode = serializers.ChoiceField(MODES, required=False)
    origin = serializers.ChoiceField(Survey.Origin.choices, required=False)
    simulated = serializers.BooleanField(required=False)


class AskedIn(Shape):
    """A published version to ask, and which part of it."""

    id = serializers.UUIDField()
    short = serializers.BooleanField(default=False)
    scales = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=100
    )
    form = serializers.CharField(
        max_length=40, required=False, help_text="Named variant of the wording."
    )


class SurveyIn(Shape):
    """What the guided page asks for. `referent` is a code, or `own_referent` is given."""

    title = Bilingual()
    questionnaire = AskedIn()
    outcomes = AskedIn(many=True, required=False, max_length=20)  # type: ignore[call-arg]
    referent = serializers.ChoiceField(sorted(REFERENTS), required=False)
    own_referent = Bilingual(required=False)
    others = Bilingual(many=True, required=False, max_length=MOST_OTHERS)  # type: ignore[call-arg]
    languages = serializers.ListField(
        child=serializers.ChoiceField(LANGUAGES), required=False, max_length=2
    )
    mode = serializers.ChoiceField(MODES)
    comment = serializers.BooleanField(default=True)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("referent" in data) == ("own_referent" in data):
            sentence = _("Give either 'referent' or 'own_referent'.")
            raise serializers.ValidationError({"referent": [sentence]})
        return data


EXAMPLE = {
    "id": "7f8a1e55-3d3c-4a36-8a0f-6a2c4e0b7d10",
    "title": {"en": "Trust in Harbour Tea", "zh_hans": "对海港茶的信任"},
    "mode": "open",
    "origin": "collected",
    "simulated": False,
    "created_at": "2026-11-22T08:00:00Z",
}
ASKS = {
    "title": {"en": "Trust in Harbour Tea", "zh_hans": "对海港茶的信任"},
    "questionnaire": {"id": "0b9c7a52-4f0e-4d0e-9a63-3f3c7d0d1c11"},
    "own_referent": {"en": "Harbour Tea", "zh_hans": "海港茶"},
    "mode": "open",
}


def survey_out(survey: Survey) -> dict[str, Any]:
    return {
        "id": survey.pk,
        "title": {"en": survey.title_en, "zh_hans": survey.title_zh_hans},
        "mode": survey.mode,
        "origin": survey.origin,
        "simulated": survey.simulated,
        "created_at": survey.created_at,
    }


def detail_out(survey: Survey) -> dict[str, Any]:
    form = Form.objects.filter(survey=survey).latest("number")
    more = {"form": form.definition, "form_number": form.number}
    return dict(SurveyDetailOut({**survey_out(survey), **more}).data)


class SurveyList(ApiView):
    scopes: ClassVar = {"GET": Scope.SURVEYS_READ, "POST": Scope.SURVEYS_WRITE}

    @operation(
        "listSurveys",
        "Surveys",
        tag=TAG,
        gives=paged(SurveyOut),
        query=SurveyQuery,
        example={"items": [EXAMPLE], "next": None},
    )
    def get(self, request: Request) -> Response:
        query = self.query(SurveyQuery)
        names = ("mode", "origin", "simulated")
        wanted = {name: query[name] for name in names if name in query}
        rows = Survey.objects.filter(Q(**wanted))
        found, after = page_of(rows, request._request, query)
        items = [survey_out(one) for one in found]
        return Response(paged(SurveyOut)({"items": items, "next": after}).data)

    @operation(
        "createSurvey",
        "Make a survey with its first form, frozen",
        tag=TAG,
        gives=SurveyDetailOut,
        status=201,
        body=SurveyIn,
        changes=True,
        asks=ASKS,
    )
    def post(self, request: Request) -> Response:
        survey = _started(self, self.body(SurveyIn))
        where = reverse("api:survey", args=[survey.pk])
        return Response(detail_out(survey), status=201, headers={"Location": where})


class SurveyDetail(ApiView):
    scopes: ClassVar = {"GET": Scope.SURVEYS_READ}

    @operation("getSurvey", "One survey and its form", tag=TAG, gives=SurveyDetailOut)
    def get(self, request: Request, survey_id: UUID) -> Response:
        survey = self.found(Survey.objects.filter(pk=survey_id).first())
        return Response(detail_out(survey))


def _started(view: ApiView, given: Mapping[str, Any]) -> Survey:
    """Start it as the page does; what makes no form is a fault of the body."""
    own = given.get("own_referent")
    questionnaire = _asked(
        given["questionnaire"], "questionnaire", {Kind.QUESTIONNAIRE}
    )
    outcomes = [
        _asked(one, f"outcomes/{at}", {Kind.OUTCOMES, Kind.CONTROLS})
        for at, one in enumerate(given.get("outcomes", ()))
    ]
    try:
        return actions.start_survey(
            key=uuid4(),
            organization=view.membership.organization,
            questionnaire=questionnaire,
            outcomes=outcomes,
            title=Text(**given["title"]),
            referent=Text(**own) if own else given["referent"],
            others=[Text(**one) for one in given.get("others", ())],
            languages=given.get("languages") or None,
            comment=given["comment"],
            mode=given["mode"],
            at=timezone.now(),
        )
    except DefinitionError as fault:
        raise _refused(fault, own=own is not None) from None


def _asked(
    given: Mapping[str, Any], place: str, kinds: set[str]
) -> actions.AskedVersion:
    rows = QuestionnaireVersion.objects.filter(kind__in=kinds)
    version = rows.filter(pk=given["id"]).first()
    if version is None:
        sentence = _("The library has no such version of this kind.")
        raise wrong(f"/{place}/id", sentence)
    scales = tuple(given.get("scales", ())) or None
    return actions.AskedVersion(version, given["short"], scales, given.get("form"))


def _refused(fault: DefinitionError, *, own: bool) -> Problem:
    """Show why the parts make no form, at the field that it is about."""
    place = fault.where.replace("zh-hans", "zh_hans")
    if own and place.startswith("referent"):
        place = f"own_{place}"
    pointer = "/" + place.replace(".", "/").replace("[", "/").replace("]", "")
    here = DefinitionError(fault.code, params=fault.params)
    sentence = here.in_(get_language() or "en")
    return wrong(pointer if place else "", sentence)
