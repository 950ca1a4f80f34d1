"""The library for programs: questionnaires with their definition, and the catalogue."""

from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.scopes import Scope
from surveys.api.shapes import Bilingual, Shape
from surveys.api.view import ApiView
from surveys.definition import questionnaire_to_data
from surveys.models import QuestionnaireVersion

TAG = "library"
KINDS = QuestionnaireVersion.Kind.choices


class QuestionnaireOut(Shape):
    """One published version; it never changes."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(KINDS)
    own = serializers.BooleanField(help_text="Of your organization, not the library's.")
    name = Bilingual()
    evidence_level = serializers.CharField()
    digest = serializers.CharField(help_text="sha256 of what it says.")


class QuestionnaireDetailOut(QuestionnaireOut):
    """A version with everything it asks, as the editor's JSON."""

    definition = serializers.DictField()


class QuestionnaireQuery(PageQuery):
    code = serializers.CharField(required=False, max_length=40)
    kind = serializers.ChoiceField(KINDS, required=False)
    own = serializers.BooleanField(required=False)


EXAMPLE = {
    "id": "0b9c7a52-4f0e-4d0e-9a63-3f3c7d0d1c11",
    "code": "BT",
    "version": 1,
    "kind": "questionnaire",
    "own": False,
    "name": {"en": "Brand trust", "zh_hans": "品牌信任"},
    "evidence_level": "E0",
    "digest": "5f0c" + "0" * 60,
}


def questionnaire_out(version: QuestionnaireVersion) -> dict[str, Any]:
    asks = version.questionnaire()
    return {
        "id": version.pk,
        "code": version.code,
        "version": version.version,
        "kind": version.kind,
        "own": version.organization_id is not None,
        "name": asdict(asks.name),
        "evidence_level": version.evidence_level,
        "digest": version.digest,
    }


class QuestionnaireList(ApiView):
    scopes: ClassVar = {"GET": Scope.LIBRARY_READ}

    @operation(
        "listQuestionnaires",
        "Every version of every questionnaire",
        tag=TAG,
        gives=paged(QuestionnaireOut),
        query=QuestionnaireQuery,
        example={"items": [EXAMPLE], "next": None},
    )
    def get(self, request: Request) -> Response:
        query = self.query(QuestionnaireQuery)
        rows = QuestionnaireVersion.objects.all()
        if "own" in query:
            rows = rows.filter(organization__isnull=not query["own"])
        wanted = {name: query[name] for name in ("code", "kind") if name in query}
        found, after = page_of(rows.filter(Q(**wanted)), request._request, query)
        items = [questionnaire_out(one) for one in found]
        return Response(paged(QuestionnaireOut)({"items": items, "next": after}).data)


class QuestionnaireDetail(ApiView):
    scopes: ClassVar = {"GET": Scope.LIBRARY_READ}

    @operation(
        "getQuestionnaire",
        "One version with its definition",
        tag=TAG,
        gives=QuestionnaireDetailOut,
    )
    def get(self, request: Request, version_id: UUID) -> Response:
        version = self.found(QuestionnaireVersion.objects.filter(pk=version_id).first())
        definition = questionnaire_to_data(version.questionnaire())
        shown = {**questionnaire_out(version), "definition": definition}
        return Response(QuestionnaireDetailOut(shown).data)
