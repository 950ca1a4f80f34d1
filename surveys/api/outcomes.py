"""Business outcomes for programs: what is known, and values by customer number."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import FieldError, faulty
from surveys.api.scopes import Scope
from surveys.api.shapes import Bilingual, Shape
from surveys.api.view import ApiView
from surveys.criteria.files import known_criteria
from surveys.criteria.values import Given, compare, store
from surveys.models import Criterion
from surveys.models.criteria import CODE, LARGEST

TAG = "outcomes"
MOST = 5000  # values in one request


class OutcomeOut(Shape):
    """Something that is known of people, by date."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = Bilingual()
    kind = serializers.ChoiceField(Criterion.Kind.choices)
    direction = serializers.ChoiceField(Criterion.Direction.choices)


class OutcomeIn(Shape):
    code = serializers.RegexField(CODE, max_length=40)
    name = Bilingual()
    kind = serializers.ChoiceField(Criterion.Kind.choices)
    direction = serializers.ChoiceField(Criterion.Direction.choices)


class ValueIn(Shape):
    """A value of one person on one day; of yes or no 1 or 0."""

    number = serializers.CharField(max_length=100, help_text="Of the customer.")
    outcome = serializers.CharField(max_length=40, help_text="Its code.")
    date = serializers.DateField()
    value = serializers.FloatField(min_value=-LARGEST, max_value=LARGEST)


class ValuesIn(Shape):
    """Up to 5,000 values; one fault anywhere, and nothing of it is stored."""

    values = serializers.ListField(child=ValueIn(), min_length=1, max_length=MOST)


class ValuesOut(Shape):
    """What was done. Nobody among your people has the numbers in `unknown`."""

    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    unknown = serializers.ListField(child=serializers.CharField())


EXAMPLE = {
    "id": "2b1d4e5e-9a3c-4a7b-8d2b-5f7f6f0a9b11",
    "code": "REPURCHASE",
    "name": {"en": "Bought again", "zh_hans": "再次购买"},
    "kind": "binary",
    "direction": "more",
}
VALUES = {
    "values": [
        {
            "number": "C-1001",
            "outcome": "REPURCHASE",
            "date": "2026-04-30",
            "value": 1,
        }
    ]
}


def outcome_out(one: Criterion) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "code": one.code,
        "name": {"en": one.name_en, "zh_hans": one.name_zh_hans},
        "kind": one.kind,
        "direction": one.direction,
    }


class OutcomeList(ApiView):
    scopes: ClassVar = {"GET": Scope.OUTCOMES_READ, "POST": Scope.OUTCOMES_WRITE}

    @operation(
        "listOutcomes",
        "Business outcomes that are known of people",
        tag=TAG,
        gives=paged(OutcomeOut),
        query=PageQuery,
        example={"items": [EXAMPLE], "next": None},
    )
    def get(self, request: Request) -> Response:
        query = self.query(PageQuery)
        found, after = page_of(Criterion.objects.all(), request._request, query)
        return Response({"items": [outcome_out(o) for o in found], "next": after})

    @operation(
        "makeOutcome",
        "Add a business outcome",
        tag=TAG,
        gives=OutcomeOut,
        status=201,
        body=OutcomeIn,
        changes=True,
        asks={name: EXAMPLE[name] for name in EXAMPLE if name != "id"},
    )
    def post(self, request: Request) -> Response:
        given = self.body(OutcomeIn)
        if Criterion.objects.filter(code__iexact=given["code"]).exists():
            said = _("Another outcome has this code.")
            raise faulty([FieldError(said, pointer="/code")])
        made = Criterion.objects.create(
            organization_id=self.organization_id,
            code=given["code"],
            name_en=given["name"]["en"],
            name_zh_hans=given["name"]["zh_hans"],
            kind=given["kind"],
            direction=given["direction"],
        )
        return Response(outcome_out(made), status=201)


class OutcomeDetail(ApiView):
    scopes: ClassVar = {"GET": Scope.OUTCOMES_READ, "DELETE": Scope.OUTCOMES_WRITE}

    @operation("getOutcome", "One outcome", tag=TAG, gives=OutcomeOut, example=EXAMPLE)
    def get(self, request: Request, criterion_id: UUID) -> Response:
        found = Criterion.objects.filter(pk=criterion_id).first()
        return Response(outcome_out(self.found(found)))

    @operation(
        "removeOutcome",
        "Remove an outcome with all its values; releases stay as they are",
        tag=TAG,
        status=204,
        changes=True,
    )
    def delete(self, request: Request, criterion_id: UUID) -> Response:
        self.found(Criterion.objects.filter(pk=criterion_id).first()).delete()
        return Response(status=204)


class ValueList(ApiView):
    scopes: ClassVar = {"POST": Scope.OUTCOMES_WRITE}

    @operation(
        "writeOutcomeValues",
        "Bring values by customer number; the newest word of a person and day counts",
        tag=TAG,
        gives=ValuesOut,
        body=ValuesIn,
        changes=True,
        asks=VALUES,
        example={"new": 1, "changed": 0, "unchanged": 0, "unknown": []},
    )
    def post(self, request: Request) -> Response:
        values = self.body(ValuesIn)["values"]
        known = known_criteria()
        faults = _faults(values, known)
        if faults:
            raise faulty(faults)
        given = [
            Given(one["number"], one["outcome"], one["date"], one["value"])
            for one in values
        ]
        compared = compare(given, known)
        store(self.organization_id, compared)
        done = {
            "new": compared.new,
            "changed": compared.changed,
            "unchanged": compared.same,
            "unknown": compared.unknown,
        }
        return Response(ValuesOut(done).data)


def _faults(
    values: list[dict[str, Any]], known: dict[str, Criterion]
) -> list[FieldError]:
    today = timezone.now().date()
    found = []
    for at, one in enumerate(values):
        criterion = known.get(one["outcome"])
        if criterion is None:
            said = _("There is no outcome with this code.")
            found.append(FieldError(said, pointer=f"/values/{at}/outcome"))
        elif criterion.kind == Criterion.Kind.BINARY and one["value"] not in (0, 1):
            said = _("Of yes or no the value is 1 or 0.")
            found.append(FieldError(said, pointer=f"/values/{at}/value"))
        if one["date"] > today:
            said = _("This day has not come yet.")
            found.append(FieldError(said, pointer=f"/values/{at}/date"))
    return found
