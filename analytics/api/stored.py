"""The report of a wave for programs; `serializers` state what they may rely on."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.models import Analysis, Release, ReleasePart
from analytics.release_parts import UNSEEN
from surveys.api.describing import operation
from surveys.api.problems import Problem
from surveys.api.scopes import Scope
from surveys.api.view import ApiView
from surveys.models import Membership, Wave
from surveys.models.managers import Section
from surveys.reading import sections_of

TAG = "releases"


class ReportOut(serializers.Serializer[Any]):
    """The stored report, as `analytics.results.Report.to_json` wrote it.

    An estimate is {estimate, low, high, n, method}, or {estimate: null, reason}. Later
    schema versions add keys; they change none.
    """

    schema_version = serializers.IntegerField()
    title = serializers.DictField()
    n_rows = serializers.IntegerField()
    n_complete = serializers.IntegerField()
    simulated = serializers.BooleanField()
    instruments = serializers.ListField()
    scales = serializers.DictField()
    outcomes = serializers.DictField()
    dimensionality = serializers.DictField()
    factors = serializers.DictField()
    htmt = serializers.DictField()
    loyalty = serializers.DictField()
    notices = serializers.ListField()
    settings = serializers.DictField()
    software = serializers.DictField()
    input_sha256 = serializers.CharField(allow_null=True)
    weights = serializers.DictField(required=False)  # not in the oldest reports
    htmt_intervals = serializers.DictField(required=False)
    aggregation = serializers.DictField(required=False)
    cfa = serializers.DictField(required=False, allow_null=True)
    models = serializers.DictField(required=False)
    groups = serializers.DictField(required=False)
    model = serializers.DictField(required=False, allow_null=True)
    by_instrument = serializers.ListField(required=False)
    others = serializers.ListField(required=False)
    design = serializers.DictField(required=False, allow_null=True)
    warnings = serializers.ListField()


class ReleaseOut(serializers.Serializer[Any]):
    """A published release: what it is, and its parts as they were frozen.

    `parts` holds each part by its name, such as ``segments`` or ``trend/unit:...``, as
    far as the reader's role sees the section that shows it.
    """

    wave = serializers.IntegerField()
    number = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    input_sha256 = serializers.CharField()
    digest = serializers.CharField()
    settings = serializers.DictField()
    software = serializers.DictField()
    parts = serializers.DictField()


# part -> sections that show it; whoever does not see all of them does not get it
SHOWN_IN: Final[Mapping[str, frozenset[Section]]] = {
    "report": frozenset({Section.GLANCE, Section.LOYALTY, Section.TRUST}),
    "segments": frozenset({Section.TEAMS}),
    "trend": frozenset({Section.TREND}),
    "linked": frozenset({Section.TREND}),
    "alarms": frozenset({Section.TREND}),
    "quality": frozenset({Section.TRUST}),
    "drivers": frozenset({Section.LOYALTY}),
    "criteria": frozenset({Section.LOYALTY}),
    "comments": frozenset({Section.COMMENTS}),
    "audit": frozenset({Section.METHODS}),
}


class NewestReport(ApiView):
    scopes: ClassVar = {"GET": Scope.RELEASES_READ}

    @operation(
        "getReport", "The newest finished report of a wave", tag=TAG, gives=ReportOut
    )
    def get(self, request: Request, wave_id: UUID) -> Response:
        """Return the newest report; of promised answers that of their release."""
        wave = Wave.objects.filter(pk=wave_id).select_related("survey").first()
        stored = _stored_report(self.membership, wave) if wave else None
        if stored is None:
            sentence = _("There is no report of a wave with this address.")
            raise Problem(404, sentence)
        return Response(ReportOut(json.loads(stored)).data)


def _stored_report(reader: Membership, wave: Wave) -> str | None:
    if not wave.survey.only_releases:
        analysis = Analysis.objects.done().filter(wave=wave).newest_first().first()
        return None if analysis is None else analysis.result
    release = _newest(wave.pk)
    return None if release is None else _texts(reader, release).get("report")


class NewestRelease(ApiView):
    scopes: ClassVar = {"GET": Scope.RELEASES_READ}

    @operation(
        "getNewestRelease",
        "The newest published release of a wave",
        tag=TAG,
        gives=ReleaseOut,
    )
    def get(self, request: Request, wave_id: UUID) -> HttpResponse:
        """Return the newest published release, as `ReleaseOut` describes it."""
        found = _newest(wave_id)
        if found is None:
            sentence = _("There is no release of a wave with this address.")
            raise Problem(404, sentence)
        return release_reply(self.membership, found)


def release_reply(reader: Membership, release: Release) -> HttpResponse:
    """Return a release with the parts that the reader sees."""
    head = {
        "wave": release.wave.number,
        "number": release.number,
        "published_at": release.published_at,
        "input_sha256": release.input_sha256,
        "digest": release.digest,
        "settings": release.settings,
        "software": release.software,
    }
    whole = _joined(head, _texts(reader, release))
    return HttpResponse(whole, content_type="application/json")


def _newest(wave_id: UUID) -> Release | None:
    published = Release.objects.published().filter(wave=wave_id)
    return published.select_related("wave").newest_first().first()


def _texts(reader: Membership, release: Release) -> dict[str, str]:
    """Return the parts that the reader's role sees, as they are stored."""
    seen = sections_of(reader)
    found = ReleasePart.objects.filter(release=release).exclude(name__in=UNSEEN)
    return {
        part.name: part.content
        for part in found.order_by("name")
        if SHOWN_IN[part.name.partition("/")[0]] <= seen
    }


def _joined(head: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Put stored texts into one object without reading megabytes of them."""
    parts = ",".join(f"{json.dumps(name)}:{text}" for name, text in texts.items())
    start = json.dumps(head, cls=DjangoJSONEncoder, ensure_ascii=False)
    return f'{start[:-1]},"parts":{{{parts}}}}}'
