"""Exports for programs: asked for, watched, and taken as on the page."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.api.results import said
from analytics.export import actions
from analytics.export.downloads import Gone, response_of
from analytics.export.formats import FORMATS
from analytics.export.models import Export
from analytics.export.offers import NotOffered, Wish
from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import Problem
from surveys.api.scopes import Scope
from surveys.api.shapes import Shape
from surveys.api.view import ApiView
from surveys.definition import LANGUAGES
from surveys.models import Survey

TAG = "exports"
KINDS = Export.Kind.choices
MOST_NUMBER = 32_767  # of a wave
# the general type comes first: clients know what to do with it
TYPES = (
    "application/octet-stream",
    *dict.fromkeys(one.media_type.partition(";")[0] for one in FORMATS.values()),
)


class ExportOut(Shape):
    """A file that was asked for; `state` says how far it is."""

    id = serializers.UUIDField()
    survey = serializers.UUIDField()
    kind = serializers.ChoiceField(KINDS)
    format = serializers.ChoiceField(sorted(FORMATS))
    language = serializers.ChoiceField(LANGUAGES)
    waves = serializers.ListField(child=serializers.IntegerField())
    state = serializers.ChoiceField(Export.State.choices)
    rows_done = serializers.IntegerField()
    rows = serializers.IntegerField(allow_null=True)
    filename = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_blank=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_null=True, help_text="Why there is no file.")


class ExportQuery(PageQuery):
    survey = serializers.UUIDField(required=False)


class ExportIn(Shape):
    """What to take away. Anonymous surveys give checked microdata, never all rows."""

    kind = serializers.ChoiceField(KINDS)
    format = serializers.ChoiceField(sorted(FORMATS))
    language = serializers.ChoiceField(LANGUAGES, default="en")
    waves = serializers.ListField(
        child=serializers.IntegerField(min_value=-MOST_NUMBER, max_value=MOST_NUMBER),
        default=list,
        max_length=200,
    )
    raw = serializers.BooleanField(default=True)
    keyed = serializers.BooleanField(default=True)
    scores = serializers.BooleanField(default=True)


def export_out(export: Export) -> dict[str, Any]:
    names = (
        *("id", "kind", "format", "language", "waves", "state", "rows_done", "rows"),
        *("filename", "size", "sha256", "expires_at"),
    )
    shown = {name: getattr(export, name) for name in names}
    shown |= {"survey": export.survey_id, "reason": said(export.reason)}
    return dict(ExportOut(shown).data)


class ExportList(ApiView):
    scopes: ClassVar = {"GET": Scope.EXPORTS_READ}

    @operation(
        "listExports", "Exports", tag=TAG, gives=paged(ExportOut), query=ExportQuery
    )
    def get(self, request: Request) -> Response:
        query = self.query(ExportQuery)
        rows = Export.objects.all()
        if "survey" in query:
            rows = rows.filter(survey=query["survey"])
        found, after = page_of(rows, request._request, query)
        items = [export_out(one) for one in found]
        return Response({"items": items, "next": after})


class ExportAsk(ApiView):
    scopes: ClassVar = {"POST": Scope.EXPORTS_WRITE}

    @operation(
        "askForExport",
        "Ask for a file of a survey; a second person may have to agree",
        tag=TAG,
        gives=ExportOut,
        status=202,
        body=ExportIn,
        changes=True,
        asks={"kind": "data", "format": "parquet", "waves": [1]},
    )
    def post(self, request: Request, survey_id: UUID) -> Response:
        survey = self.found(Survey.objects.filter(pk=survey_id).first())
        given = self.body(ExportIn)
        wish = Wish(**{**given, "waves": tuple(given["waves"])})
        try:
            export = actions.request_export(
                survey=survey, wish=wish, who=self.membership, at=timezone.now()
            )
        except NotOffered as refused:
            language = get_language() or "en"
            raise Problem(409, refused.sentence.text(language), "not-offered") from None
        where = reverse("api-analytics:export", args=[export.pk])
        return Response(export_out(export), status=202, headers={"Location": where})


class ExportView(ApiView):
    def export(self, export_id: UUID) -> Export:
        rows = Export.objects.select_related("survey")
        return self.found(rows.filter(pk=export_id).first())


class ExportDetail(ExportView):
    scopes: ClassVar = {"GET": Scope.EXPORTS_READ, "DELETE": Scope.EXPORTS_WRITE}

    @operation("getExport", "How far an export is", tag=TAG, gives=ExportOut)
    def get(self, request: Request, export_id: UUID) -> Response:
        return Response(export_out(self.export(export_id)))

    @operation(
        "removeExport",
        "Take an export back: its file goes, its line in the log stays",
        tag=TAG,
        status=204,
        changes=True,
    )
    def delete(self, request: Request, export_id: UUID) -> Response:
        export = self.export(export_id)
        if not actions.remove(export=export, who=self.membership, at=timezone.now()):
            raise Problem(409, _("There is nothing of it left to remove."))
        return Response(status=204)


class ExportFile(ExportView):
    scopes: ClassVar = {"GET": Scope.EXPORTS_READ}

    @operation(
        "getExportFile",
        "The file itself; Range continues a download that broke off",
        tag=TAG,
        gives=OpenApiTypes.BINARY,
        media_type=TYPES,
        more={206: OpenApiTypes.BINARY},
        refuses=(409, 416),
    )
    def get(self, request: Request, export_id: UUID) -> HttpResponseBase:
        export = self.export(export_id)
        now = timezone.now()
        ready = Export.objects.ready_at(now).filter(pk=export.pk).exists()
        try:
            if not ready:
                raise Gone
            reply = response_of(
                export,
                self.membership,
                asked=request.headers.get("Range"),
                if_range=request.headers.get("If-Range"),
                head=request.method == "HEAD",
                at=now,
            )
        except Gone:
            sentence = _(
                "There is no file: it is not ready yet, or not there any more."
            )
            raise Problem(409, sentence, "no-file") from None
        if reply.status_code == 416:
            sizes = {"Content-Range": reply["Content-Range"]}
            sentence = _("The file ends before; 'Content-Range' says where.")
            raise Problem(416, sentence, headers=sizes)
        return reply
