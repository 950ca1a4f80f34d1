"""The report of a wave for programs; `serializers` state what they may rely on."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.models import Analysis
from surveys.access import READERS, for_members, problem


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
    warnings = serializers.ListField()


@require_GET
@for_members(READERS, api=True)
@api_view(["GET"])
def report(request: Request, wave_id: UUID) -> HttpResponseBase:
    """Return the newest finished report of a wave."""
    analysis = Analysis.objects.done().filter(wave=wave_id).newest_first().first()
    if analysis is None:
        return problem(404, _("There is no report of a wave with this address."))
    return Response(ReportOut(json.loads(analysis.result)).data)
