"""People for programs: read in pages, added, changed and removed by their number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import FieldError, faulty
from surveys.api.scopes import Scope
from surveys.api.shapes import Shape
from surveys.api.view import ApiView
from surveys.definition import LANGUAGES
from surveys.models import Attribute, Participant, Unit

TAG = "participants"
MOST = 1000  # people in one request
KNOWN = ("email", "phone", "name", "language", "active")
DONE = ("created", "changed", "unchanged", "removed", "absent")


class ParticipantOut(Shape):
    """Somebody who may be asked; `key` is your own number of the person."""

    id = serializers.UUIDField()
    key = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    unit = serializers.UUIDField(allow_null=True)
    attributes = serializers.DictField(child=serializers.CharField())
    active = serializers.BooleanField()
    opted_out = serializers.BooleanField()
    unreachable = serializers.BooleanField()


class ParticipantQuery(PageQuery):
    key = serializers.CharField(required=False, max_length=100)
    unit = serializers.UUIDField(required=False)
    active = serializers.BooleanField(required=False)


class PersonIn(Shape):
    """A person by number. What is left out stays; an empty text is taken away."""

    key = serializers.CharField(max_length=100)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    language = serializers.ChoiceField(LANGUAGES, required=False, allow_blank=True)
    unit = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="Code of a unit that is there.",
    )
    attributes = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=200), required=False
    )
    active = serializers.BooleanField(required=False)


class PeopleIn(Shape):
    """Up to 1,000 people; one fault anywhere, and nothing of it is stored."""

    people = PersonIn(many=True, required=False)
    remove = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        number = len(data.get("people", ())) + len(data.get("remove", ()))
        if not 1 <= number <= MOST:
            sentence = _("Name 1 to %(most)s people in one request.") % {"most": MOST}
            raise serializers.ValidationError(sentence)
        return data


class RowOut(Shape):
    """What became of one person, in the order of the request."""

    key = serializers.CharField()
    id = serializers.UUIDField(allow_null=True)
    done = serializers.ChoiceField(DONE)


class PeopleOut(Shape):
    people = RowOut(many=True)
    remove = RowOut(many=True)


def participant_out(one: Participant) -> dict[str, Any]:
    named = {name: getattr(one, name) for name in ("id", "key", *KNOWN)}
    more = {
        "unit": one.unit_id,
        "attributes": one.attributes,
        "opted_out": one.opted_out_at is not None,
        "unreachable": one.bounced_at is not None,
    }
    return dict(ParticipantOut({**named, **more}).data)


class ParticipantList(ApiView):
    scopes: ClassVar = {
        "GET": Scope.PARTICIPANTS_READ,
        "POST": Scope.PARTICIPANTS_WRITE,
    }

    @operation(
        "listParticipants",
        "People who may be asked",
        tag=TAG,
        gives=paged(ParticipantOut),
        query=ParticipantQuery,
    )
    def get(self, request: Request) -> Response:
        query = self.query(ParticipantQuery)
        rows = Participant.objects.all()
        if "key" in query:
            rows = rows.filter(key__iexact=query["key"])
        wanted = {name: query[name] for name in ("unit", "active") if name in query}
        found, after = page_of(rows.filter(Q(**wanted)), request._request, query)
        items = [participant_out(one) for one in found]
        return Response({"items": items, "next": after})

    @operation(
        "writeParticipants",
        "Add, change and remove people by their number; all of it or nothing",
        tag=TAG,
        gives=PeopleOut,
        body=PeopleIn,
        changes=True,
        asks={
            "people": [
                {
                    "key": "C-1001",
                    "email": "lin@example.org",
                    "language": "zh-hans",
                    "attributes": {"segment": "gold"},
                }
            ],
            "remove": ["C-0007"],
        },
    )
    def post(self, request: Request) -> Response:
        given = self.body(PeopleIn)
        people = given.get("people", [])
        removed = _remove(given.get("remove", []), people)
        written = Writing(self.organization_id, people).rows()
        return Response(PeopleOut({"people": written, "remove": removed}).data)


class ParticipantDetail(ApiView):
    scopes: ClassVar = {
        "GET": Scope.PARTICIPANTS_READ,
        "DELETE": Scope.PARTICIPANTS_WRITE,
    }

    @operation("getParticipant", "One person", tag=TAG, gives=ParticipantOut)
    def get(self, request: Request, participant_id: UUID) -> Response:
        found = Participant.objects.filter(pk=participant_id).first()
        return Response(participant_out(self.found(found)))

    @operation(
        "removeParticipant",
        "Erase one person; answers stay where the mode never knew whose they were",
        tag=TAG,
        status=204,
        changes=True,
    )
    def delete(self, request: Request, participant_id: UUID) -> Response:
        self.found(Participant.objects.filter(pk=participant_id).first()).delete()
        return Response(status=204)


def _remove(
    keys: Sequence[str], people: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Remove people by number; who is not there needs no removing."""
    kept = {one["key"].casefold() for one in people}
    faults = [
        FieldError(
            _("This person is written and removed at once."), pointer=f"/remove/{at}"
        )
        for at, key in enumerate(keys)
        if key.casefold() in kept
    ]
    if faults:
        raise faulty(faults)
    known = _by_key(keys)
    Participant.objects.filter(pk__in=[one.pk for one in known.values()]).delete()
    rows = []
    for key in keys:
        found = known.pop(key.casefold(), None)
        done = "absent" if found is None else "removed"
        rows.append({"key": key, "id": None, "done": done})
    return rows


def _by_key(keys: Sequence[str]) -> dict[str, Participant]:
    """People of these numbers whatever their case, locked against another request."""
    wanted = {key.lower() for key in keys}
    rows = Participant.objects.annotate(number=Lower("key")).filter(number__in=wanted)
    locked = rows.select_for_update(of=("self",)).order_by("id")
    return {one.key.casefold(): one for one in locked}


@dataclass
class Writing:
    """One request's people, checked against each other and against those there are."""

    organization_id: UUID
    people: Sequence[Mapping[str, Any]]

    def __post_init__(self) -> None:
        self.faults: list[FieldError] = []
        self.known = _by_key([one["key"] for one in self.people])
        self.units = {unit.code.casefold(): unit for unit in Unit.objects.all()}
        self.attributes = set(Attribute.objects.values_list("code", flat=True))

    def rows(self) -> list[dict[str, Any]]:
        """Store everybody, or raise the problem of every row that is wrong."""
        self._same(("key", _("This number stands in the request twice.")))
        self._same(("email", _("This address stands in the request twice.")))
        self._addresses_of_others()
        made: list[Participant] = []
        changed: list[Participant] = []
        rows = []
        for at, given in enumerate(self.people):
            found = self.known.get(given["key"].casefold())
            person = found or Participant(
                organization_id=self.organization_id, key=given["key"]
            )
            differs = self._fill(person, given, f"/people/{at}")
            done = "created" if found is None else "changed" if differs else "unchanged"
            (made if found is None else changed if differs else []).append(person)
            rows.append({"key": given["key"], "id": person.pk, "done": done})
        if self.faults:
            raise faulty(self.faults)
        fields = [*KNOWN, "key", "unit", "attributes", "bounced_at"]
        # addresses may change hands within one request
        clear = [one.pk for one in changed]
        Participant.objects.filter(pk__in=clear).exclude(key="").update(email="")
        Participant.objects.bulk_update(changed, fields)
        Participant.objects.bulk_create(made)
        return rows

    def _fault(self, pointer: str, sentence: str) -> None:
        self.faults.append(FieldError(sentence, pointer=pointer))

    def _same(self, rule: tuple[str, str]) -> None:
        name, sentence = rule
        seen: set[str] = set()
        for at, one in enumerate(self.people):
            value = str(one.get(name, "")).casefold()
            if value and value in seen:
                self._fault(f"/people/{at}/{name}", sentence)
            seen.add(value)

    def _addresses_of_others(self) -> None:
        """Nobody gets the address of somebody whom this request does not move away."""
        wanted = {one["email"].lower() for one in self.people if one.get("email")}
        rows = Participant.objects.annotate(address=Lower("email"))
        moved = {
            one["key"].casefold() for one in self.people if one.get("email") is not None
        }
        held = {
            other.email.casefold(): other.key.casefold()
            for other in rows.filter(address__in=wanted)
        }
        for at, one in enumerate(self.people):
            holder = held.get(str(one.get("email", "")).casefold())
            is_own = holder == one["key"].casefold()
            if holder is not None and not is_own and holder not in moved:
                self._fault(f"/people/{at}/email", _("Somebody else has this address."))

    def _fill(self, person: Participant, given: Mapping[str, Any], place: str) -> bool:
        """Put what was given into a person; say whether anything differs."""
        before = participant_out(person)
        for name in KNOWN:
            if name in given:
                setattr(person, name, given[name])
        if person.email.casefold() != str(before["email"]).casefold():
            person.bounced_at = None
        if "unit" in given:
            person.unit = self._unit(given["unit"], place)
        for code, value in given.get("attributes", {}).items():
            if code not in self.attributes:
                sentence = _("There is no such attribute; make it on the page first.")
                self._fault(f"{place}/attributes/{code}", sentence)
            person.attributes.pop(code, None)
            if value:
                person.attributes[code] = value
        return participant_out(person) != before

    def _unit(self, code: str, place: str) -> Unit | None:
        if not code:
            return None
        unit = self.units.get(code.casefold())
        if unit is None:
            self._fault(f"{place}/unit", _("There is no unit of this code."))
        return unit
