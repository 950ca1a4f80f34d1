"""Releases and analyses for programs: what a page shows, as it is stored."""

import json
from typing import Any, ClassVar, get_args
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.actions import request_analysis
from analytics.api.stored import ReleaseOut, ReportOut, release_reply
from analytics.border_rule import RULE, EstimatorChoice
from analytics.models import Analysis, Release
from analytics.publishing import NotEnded, request_release
from analytics.sentences import Sentence
from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import Problem
from surveys.api.scopes import Scope
from surveys.api.shapes import Shape
from surveys.api.view import ApiView
from surveys.api.waves import WaveView
from surveys.models import Survey

PROMISED = (Survey.Mode.ANONYMOUS, Survey.Mode.CONFIDENTIAL)


class EstimationIn(Shape):
    """How the factor model takes the items; without it, by the number of their points."""

    estimator = serializers.ChoiceField(get_args(EstimatorChoice), default=RULE)


class ReleaseHeadOut(Shape):
    """A release; its parts stand at its own address once it is published."""

    id = serializers.UUIDField()
    wave = serializers.UUIDField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(Release.State.choices)
    requested_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(
        allow_null=True, help_text="Why it was refused or failed."
    )


class ReleaseQuery(PageQuery):
    wave = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(Release.State.choices, required=False)


class AnalysisOut(Shape):
    """One run over a wave of an identified or open survey."""

    id = serializers.UUIDField()
    wave = serializers.UUIDField()
    status = serializers.ChoiceField(Analysis.Status.choices)
    progress = serializers.IntegerField(help_text="Percent.")
    requested_at = serializers.DateTimeField()
    input_sha256 = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_null=True, help_text="Why it failed.")


class AnalysisDetailOut(AnalysisOut):
    report = ReportOut(allow_null=True)


class AnalysisQuery(PageQuery):
    wave = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(Analysis.Status.choices, required=False)


def said(stored: str) -> str | None:
    """Return a stored sentence in the language of the request; None where none is."""
    if not stored:
        return None
    return Sentence.from_plain(json.loads(stored)).text(get_language() or "en")


def release_out(release: Release) -> dict[str, Any]:
    return {
        "id": release.pk,
        "wave": release.wave_id,
        "number": release.number,
        "state": release.state,
        "requested_at": release.requested_at,
        "published_at": release.published_at,
        "reason": said(release.reason),
    }


def analysis_out(analysis: Analysis) -> dict[str, Any]:
    return {
        "id": analysis.pk,
        "wave": analysis.wave_id,
        "status": analysis.status,
        "progress": analysis.progress,
        "requested_at": analysis.requested_at,
        "input_sha256": analysis.input_sha256,
        "reason": said(analysis.failure),
    }


class ReleaseList(ApiView):
    scopes: ClassVar = {"GET": Scope.RELEASES_READ}

    @operation(
        "listReleases",
        "Releases, whatever became of them",
        tag="releases",
        gives=paged(ReleaseHeadOut),
        query=ReleaseQuery,
    )
    def get(self, request: Request) -> Response:
        query = self.query(ReleaseQuery)
        wanted = {name: query[name] for name in ("wave", "state") if name in query}
        rows = Release.objects.filter(Q(**wanted))
        found, after = page_of(rows, request._request, query)
        items = [release_out(one) for one in found]
        return Response(paged(ReleaseHeadOut)({"items": items, "next": after}).data)


class ReleaseDetail(ApiView):
    scopes: ClassVar = {"GET": Scope.RELEASES_READ}

    @operation(
        "getRelease",
        "A published release with its parts",
        tag="releases",
        gives=ReleaseOut,
    )
    def get(self, request: Request, release_id: UUID) -> HttpResponse:
        rows = Release.objects.published().select_related("wave")
        release = self.found(rows.filter(pk=release_id).first())
        return release_reply(self.membership, release)


class ReleaseMake(WaveView):
    scopes: ClassVar = {"POST": Scope.ANALYSES_WRITE}

    @operation(
        "makeRelease",
        "Ask for another release of an ended wave",
        tag="releases",
        gives=ReleaseHeadOut,
        status=202,
        body=EstimationIn,
        changes=True,
    )
    def post(self, request: Request, wave_id: UUID) -> Response:
        wave = self.wave(wave_id)
        chosen = self.body(EstimationIn)["estimator"]
        try:
            release = request_release(wave=wave, at=timezone.now(), estimator=chosen)
        except NotEnded:
            sentence = _("Only a wave that has ended has a release.")
            raise Problem(409, sentence) from None
        return Response(ReleaseHeadOut(release_out(release)).data, status=202)


class AnalysisList(ApiView):
    scopes: ClassVar = {"GET": Scope.ANALYSES_READ}

    @operation(
        "listAnalyses",
        "Analyses of identified and open surveys",
        tag="analyses",
        gives=paged(AnalysisOut),
        query=AnalysisQuery,
    )
    def get(self, request: Request) -> Response:
        query = self.query(AnalysisQuery)
        wanted = {name: query[name] for name in ("wave", "status") if name in query}
        rows = Analysis.objects.exclude(wave__survey__mode__in=PROMISED)
        found, after = page_of(rows.filter(Q(**wanted)), request._request, query)
        items = [analysis_out(one) for one in found]
        return Response(paged(AnalysisOut)({"items": items, "next": after}).data)


class AnalysisDetail(ApiView):
    scopes: ClassVar = {"GET": Scope.ANALYSES_READ}

    @operation(
        "getAnalysis",
        "One analysis, with its report once it is done",
        tag="analyses",
        gives=AnalysisDetailOut,
    )
    def get(self, request: Request, analysis_id: UUID) -> Response:
        rows = Analysis.objects.exclude(wave__survey__mode__in=PROMISED)
        analysis = self.found(rows.filter(pk=analysis_id).first())
        report = json.loads(analysis.result) if analysis.result else None
        shown = {**analysis_out(analysis), "report": report}
        return Response(AnalysisDetailOut(shown).data)


class AnalysisStart(WaveView):
    scopes: ClassVar = {"POST": Scope.ANALYSES_WRITE}

    @operation(
        "startAnalysis",
        "Ask for an analysis; while one is under way, that one",
        tag="analyses",
        gives=AnalysisOut,
        status=202,
        body=EstimationIn,
        changes=True,
    )
    def post(self, request: Request, wave_id: UUID) -> Response:
        wave = self.wave(wave_id)
        if wave.survey.only_releases:
            sentence = _("Results of this survey are shown as audited releases only.")
            raise Problem(403, sentence, "promised")
        if not wave.shows_answers:
            sentence = _("Close the wave first; then it can be analysed.")
            raise Problem(409, sentence)
        chosen = self.body(EstimationIn)["estimator"]
        analysis = request_analysis(wave=wave, at=timezone.now(), estimator=chosen)
        where = reverse("api-analytics:analysis", args=[analysis.pk])
        shown = AnalysisOut(analysis_out(analysis)).data
        return Response(shown, status=202, headers={"Location": where})
