"""Ask people: a wave, its cells, an invitation for each of them, and the first message.

All in one transaction of the organization, so that there are exactly as many invitations
as the cells promise. Nothing is sent before the wave is open (surveys/fieldwork/outbox.py).
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from surveys import actions
from surveys.definition import Text
from surveys.fieldwork.cells import LEAST, Cells, Place, TreeUnit, form_cells
from surveys.fieldwork.launch import floors, request_launch
from surveys.launching import NewCell
from surveys.models import (
    CellUnit,
    Invitation,
    Message,
    Participant,
    Reminder,
    Sender,
    Survey,
    Unit,
    Wave,
)
from surveys.promise import Thresholds

BATCH = 1000  # rows written at once
MOST_REMINDERS = 5  # of a wave, the last call apart, or people stop reading
Channel = Invitation.Channel


class NobodyToAsk(Exception):
    """None of the people may be asked and can be reached."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Who will be asked and how; who cannot be reached, and who must not be asked."""

    asked: Sequence[tuple[Participant, str]]
    unreachable: Sequence[Participant]
    out: Sequence[Participant]


def reach(people: Iterable[Participant], *, by_phone: bool) -> Reachable:
    """Sort people by how they can be reached: mail first, then the phone."""
    asked, unreachable, out = [], [], []
    for person in people:
        if not person.may_be_asked:
            out.append(person)
        elif person.email and person.bounced_at is None:
            asked.append((person, Channel.EMAIL.value))
        elif person.phone and by_phone:
            asked.append((person, Channel.PHONE.value))
        else:
            unreachable.append(person)
    return Reachable(asked, unreachable, out)


def has_gateway() -> bool:
    """Whether the organization has a gateway for text messages."""
    return Sender.objects.exclude(gateway_url="").exists()


def cells_for(
    people: Iterable[Participant], *, attribute: str = "", least: int = LEAST
) -> Cells:
    """Form the cells of those who will be asked, split by one attribute where given.

    Raises
    ------
    surveys.fieldwork.cells.TooFewPeople
    """
    units = [
        TreeUnit(unit.pk, Text(unit.name_en, unit.name_zh_hans), unit.parent_id)
        for unit in Unit.objects.order_by("code")
    ]
    return form_cells(
        units, Counter(place_of(one, attribute) for one in people), least=least
    )


def place_of(person: Participant, attribute: str) -> Place:
    value = person.attributes.get(attribute, "") if attribute else ""
    return Place(person.unit_id, str(value))


@transaction.atomic
def invite(
    *,
    survey: Survey,
    people: Iterable[Participant],
    at: datetime,
    thresholds: Thresholds | None = None,
    attribute: str = "",
    least: int = LEAST,
    on_paper: bool = False,
) -> Wave:
    """Prepare the next wave of `survey` for `people`, with a message for each.

    With `on_paper` the codes are printed and drawn by hand: it is known who is asked,
    and nobody has a code of their own. Who must not be asked or cannot be reached is
    left out (see `reach`).

    Raises
    ------
    NobodyToAsk
    surveys.fieldwork.cells.TooFewPeople
        Fewer than eight, where the mode has cells.
    surveys.launching.CannotLaunch, surveys.actions.WaveAlreadyOpen
    """
    found = reach(people, by_phone=has_gateway())
    asked = list(found.asked)
    if on_paper:
        everybody = [one for one, _ in asked] + list(found.unreachable)
        asked = [(one, Channel.PAPER.value) for one in everybody]
    if not asked:
        raise NobodyToAsk
    if survey.mode not in actions.WITH_CREDENTIALS:
        wave = actions.open_wave(survey=survey, at=at)
        _write(wave, [_invitation(wave, *one) for one in asked], at)
        return wave
    formed = cells_for([one for one, _ in asked], attribute=attribute, least=least)
    new = _new_cells(formed, printed=on_paper)
    wave = request_launch(
        survey=survey, cells=new, thresholds=thresholds or floors(survey), at=at
    )
    _keep_units(wave, formed, new)
    keys = {place: new[index].key or uuid4() for place, index in formed.cell_of.items()}
    _write(wave, _placed(wave, asked, keys, attribute, with_code=not on_paper), at)
    return wave


def _keep_units(wave: Wave, formed: Cells, new: Sequence[NewCell]) -> None:
    """Write down which cell holds everybody of a unit, for those who manage it."""
    CellUnit.objects.bulk_create(
        CellUnit(
            organization_id=wave.organization_id,
            wave=wave,
            unit_id=UUID(str(one.place.unit)),
            cell_id=new[one.cell].key or uuid4(),
        )
        for one in formed.outlook
        if one.place.unit is not None and not one.place.value and one.cell is not None
    )


def _new_cells(formed: Cells, *, printed: bool) -> list[NewCell]:
    return [
        NewCell(
            cell.name, cell.invited, cell.parent, printed, key=uuid4(), made_of=cell.key
        )
        for cell in formed.cells
    ]


def _placed(
    wave: Wave,
    asked: Sequence[tuple[Participant, str]],
    keys: Mapping[Place, UUID],
    attribute: str,
    *,
    with_code: bool,
) -> list[Invitation]:
    """Invitations with their cells; who has which code is drawn by chance."""
    members: dict[UUID, list[tuple[Participant, str]]] = {}
    for person, channel in asked:
        members.setdefault(keys[place_of(person, attribute)], []).append(
            (person, channel)
        )
    made = []
    for key, people in members.items():
        numbers = list(range(len(people)))
        secrets.SystemRandom().shuffle(numbers)
        for (person, channel), number in zip(people, numbers, strict=True):
            invitation = _invitation(wave, person, channel)
            invitation.cell_id = key
            invitation.number = number if with_code else None
            made.append(invitation)
    return made


def _invitation(wave: Wave, person: Participant, channel: str) -> Invitation:
    return Invitation(
        organization_id=wave.organization_id,
        wave=wave,
        participant=person,
        language=person.language,
        channel=channel,
    )


def _write(wave: Wave, invitations: list[Invitation], at: datetime) -> None:
    # in no order of names, units or codes
    secrets.SystemRandom().shuffle(invitations)
    Invitation.objects.bulk_create(invitations, batch_size=BATCH)
    queue(invitations, kind=Message.Kind.INVITATION, round=0, at=at)


def queue(
    invitations: Iterable[Invitation], *, kind: str, round: int, at: datetime
) -> int:
    """Queue one message for each; who has it already gets no second one."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    messages = [
        Message(
            organization_id=one.organization_id,
            wave_id=one.wave_id,
            invitation=one,
            kind=kind,
            round=round,
            message_id=f"<{uuid4()}@{host}>",
            next_try_at=at,
        )
        for one in invitations
        if one.channel in {Channel.EMAIL, Channel.PHONE}
    ]
    Message.objects.bulk_create(messages, batch_size=BATCH, ignore_conflicts=True)
    return len(messages)


@transaction.atomic
def plan_reminders(
    wave: Wave, days: Sequence[datetime], *, last_call: datetime | None = None
) -> None:
    """Set the days on which those who have not opened are reminded.

    Those that are done stay; the others are replaced by `days`, which are the days to
    come. Numbers go on after the last that is done.

    Raises
    ------
    ValueError
        An open link knows nobody who could be reminded.
    """
    if wave.survey.mode == Survey.Mode.OPEN:
        raise ValueError("Nobody knows who has answered over an open link.")
    # one after the other, whoever sets the days twice at once
    Wave.objects.select_for_update(of=("self",), no_key=True).get(pk=wave.pk)
    Reminder.objects.filter(wave=wave, done_at=None).delete()
    kinds = {
        Message.Kind.REMINDER: sorted(days),
        Message.Kind.LAST_CALL: [] if last_call is None else [last_call],
    }
    Reminder.objects.bulk_create(
        Reminder(
            organization_id=wave.organization_id,
            wave=wave,
            kind=kind,
            round=number,
            due_at=day,
        )
        for kind, planned in kinds.items()
        for number, day in enumerate(planned, start=last_round(wave, kind) + 1)
    )


def last_round(wave: Wave, kind: str) -> int:
    """Number of the last reminder that is done, 0 where none is."""
    done = Reminder.objects.filter(wave=wave, kind=kind).exclude(done_at=None)
    found: int = done.aggregate(last=Max("round", default=0))["last"]
    return found
