"""Invitations for programs: who was asked, never who has opened or answered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import Problem, wrong
from surveys.api.scopes import Scope
from surveys.api.shapes import Shape
from surveys.api.waves import WaveView
from surveys.fieldwork.inviting import MOST_REMINDERS, last_round, plan_reminders
from surveys.models import Invitation, Message, Reminder, Survey, Wave

TAG = "invitations"


class InvitationOut(Shape):
    """That somebody was asked and how. Of nobody it says whether they answered."""

    id = serializers.UUIDField()
    participant = serializers.UUIDField(
        allow_null=True, help_text="Null once the person was erased."
    )
    channel = serializers.ChoiceField(Invitation.Channel.choices)
    state = serializers.ChoiceField(Invitation.State.choices)


class InvitationQuery(PageQuery):
    channel = serializers.ChoiceField(Invitation.Channel.choices, required=False)
    state = serializers.ChoiceField(Invitation.State.choices, required=False)
    participant = serializers.UUIDField(required=False)


class ReminderOut(Shape):
    """A day on which those who have not opened are reminded through the outbox."""

    kind = serializers.ChoiceField(Message.Kind.choices)
    round = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    done = serializers.BooleanField()


class RemindersOut(Shape):
    items = ReminderOut(many=True)


class RemindersIn(Shape):
    """The days to come; earlier ones that are not done yet are replaced.

    A wave has at most five reminders, those that are done included, and a last call.
    """

    days = serializers.ListField(
        child=serializers.DateTimeField(), max_length=MOST_REMINDERS
    )
    last_call = serializers.DateTimeField(required=False)


class InvitationList(WaveView):
    scopes: ClassVar = {"GET": Scope.INVITATIONS_READ}

    @operation(
        "listInvitations",
        "Who was asked in a wave",
        tag=TAG,
        gives=paged(InvitationOut),
        query=InvitationQuery,
    )
    def get(self, request: Request, wave_id: UUID) -> Response:
        wave = self.wave(wave_id)
        query = self.query(InvitationQuery)
        names = ("channel", "state", "participant")
        wanted = {name: query[name] for name in names if name in query}
        rows = Invitation.objects.filter(Q(**wanted), wave=wave)
        found, after = page_of(rows, request._request, query)
        items = [
            {
                "id": one.pk,
                "participant": one.participant_id,
                "channel": one.channel,
                "state": one.state,
            }
            for one in found
        ]
        return Response(paged(InvitationOut)({"items": items, "next": after}).data)


class ReminderList(WaveView):
    scopes: ClassVar = {
        "GET": Scope.INVITATIONS_READ,
        "POST": Scope.INVITATIONS_WRITE,
    }

    @operation(
        "listReminders", "Days of reminders of a wave", tag=TAG, gives=RemindersOut
    )
    def get(self, request: Request, wave_id: UUID) -> Response:
        return Response(_reminders(self.wave(wave_id)))

    @operation(
        "planReminders",
        "Set the days on which those who have not opened are reminded",
        tag=TAG,
        gives=RemindersOut,
        body=RemindersIn,
        changes=True,
        asks={"days": ["2026-11-25T09:00:00Z"]},
    )
    def post(self, request: Request, wave_id: UUID) -> Response:
        wave = self.wave(wave_id)
        given = self.body(RemindersIn)
        if wave.survey.mode == Survey.Mode.OPEN:
            sentence = _("Nobody knows who has answered over an open link.")
            raise Problem(403, sentence, "mode")
        if wave.state not in {Wave.State.PREPARING, Wave.State.OPEN}:
            raise Problem(409, _("The wave is not open."))
        days, last_call = given["days"], given.get("last_call")
        _refuse_past(
            {f"/days/{at}": day for at, day in enumerate(days)}
            | ({"/last_call": last_call} if last_call else {})
        )
        if last_round(wave, Message.Kind.REMINDER) + len(days) > MOST_REMINDERS:
            sentence = _("At most %(number)s reminders, or people stop reading.")
            raise wrong("/days", sentence % {"number": MOST_REMINDERS})
        plan_reminders(wave, days, last_call=last_call)
        return Response(_reminders(wave))


def _refuse_past(moments: Mapping[str, datetime]) -> None:
    """Refuse moments that have gone by, at the place where each stands."""
    now = timezone.now()
    for place, moment in moments.items():
        if moment <= now:
            raise wrong(place, _("That moment has gone by."))


def _reminders(wave: Wave) -> dict[str, Any]:
    rows = Reminder.objects.filter(wave=wave).order_by("due_at", "kind", "round")
    items = [
        {
            "kind": one.kind,
            "round": one.round,
            "due_at": one.due_at,
            "done": one.done_at is not None,
        }
        for one in rows
    ]
    return dict(RemindersOut({"items": items}).data)
