"""The catalogue for programs: facts about published scales, never their wording."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.describing import operation
from surveys.api.library import TAG
from surveys.api.scopes import Scope
from surveys.api.shapes import Bilingual, Shape
from surveys.api.view import ApiView
from surveys.catalogue import Displayed, Wanted, catalogue, find
from surveys.catalogue.words import CONSTRUCTS, LICENCES, REFERENTS


class CatalogueQuery(Shape):
    """What is looked for; codes are those of the records."""

    text = serializers.CharField(required=False, max_length=100)
    referent = serializers.ChoiceField(sorted(REFERENTS), required=False)
    construct = serializers.ChoiceField(sorted(CONSTRUCTS), required=False)
    licence = serializers.ChoiceField(sorted(LICENCES), required=False)


class RecordOut(Shape):
    """A published scale. What nobody checked yet is null."""

    id = serializers.CharField()
    name = Bilingual()
    authors = serializers.ListField(child=serializers.CharField())
    year = serializers.IntegerField()
    reference = serializers.CharField()
    doi = serializers.CharField(allow_blank=True)
    referents = serializers.ListField(child=serializers.CharField())
    constructs = serializers.ListField(child=serializers.CharField())
    items = serializers.IntegerField(allow_null=True)
    languages = serializers.ListField(child=serializers.CharField())
    licence = serializers.CharField()


class RecordListOut(Shape):
    """Every record that fits; there are few, so they come at once."""

    items = RecordOut(many=True)


def record_out(displayed: Displayed) -> dict[str, Any]:
    record = displayed.record
    return {
        "id": record.id,
        "name": {"en": record.name.en, "zh_hans": record.name.zh_hans},
        "authors": record.authors,
        "year": record.year,
        "reference": record.source,
        "doi": record.doi,
        "referents": record.referents,
        "constructs": record.constructs,
        "items": displayed.n_items,
        "languages": displayed.languages,
        "licence": record.rights.licence_class,
    }


class CatalogueList(ApiView):
    scopes: ClassVar = {"GET": Scope.LIBRARY_READ}

    @operation(
        "listCatalogue",
        "Published scales, as facts",
        tag=TAG,
        gives=RecordListOut,
        query=CatalogueQuery,
    )
    def get(self, request: Request) -> Response:
        query = self.query(CatalogueQuery)
        shown = [record.displayed() for record in catalogue().values()]
        found = [record_out(one) for one in find(shown, Wanted(**query))]
        return Response(RecordListOut({"items": found}).data)


class CatalogueDetail(ApiView):
    scopes: ClassVar = {"GET": Scope.LIBRARY_READ}

    @operation("getCatalogueRecord", "One published scale", tag=TAG, gives=RecordOut)
    def get(self, request: Request, record_id: str) -> Response:
        record = self.found(catalogue().get(record_id))
        return Response(RecordOut(record_out(record.displayed())).data)
