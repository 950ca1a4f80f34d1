"""Take the pulse of the demo into the field: people, waves, answers over the intake.

Everything happens as it would have on the days of the waves, which lie in the past: the
same invitations on paper, the same codes, the same mixing and handing over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from django.core.management.base import CommandError

from surveys import actions, definition, launching, mixing
from surveys.definition import Text
from surveys.fieldwork.inviting import invite
from surveys.models import (
    Cell,
    Event,
    Invitation,
    Organization,
    Participant,
    QuestionnaireVersion,
    Survey,
    Unit,
    Wave,
)
from surveys.tenancy import organization_scope
from trustsurvey.demo_pulse import DEPARTMENTS, TEAMS, Employee, Sheet, sheets, staff

TITLE = Text("How we trust each other at Harbour Tea", "港湾茶员工信任脉搏")
COMPANY = Text("Harbour Tea", "港湾茶")
# days before today on which each wave was opened, and how long it was open
OPENED = (201, 110, 19)
DAYS = timedelta(days=10)
EVENTS = (
    (128, Event.Kind.CRISIS, "Shifts changed without notice", "未经通知调整排班"),
    (75, Event.Kind.REPAIR, "Shift plan agreed with the teams", "与班组商定排班方案"),
)


@dataclass(frozen=True, slots=True)
class Pulse:
    """The survey of the pulse and its waves, first to last."""

    survey: Survey
    waves: tuple[Wave, ...]


def field_pulse(
    organization_id: UUID, *, site: str, now: datetime, say: Callable[[str], None]
) -> Pulse:
    """Ask every wave that was not asked yet; what is there is left as it is."""
    with organization_scope(organization_id):
        survey = Survey.objects.filter(title_en=TITLE.en).first() or _start(
            organization_id, now
        )
    for number, people in enumerate(staff(), start=1):
        with organization_scope(organization_id):
            wave = survey.waves.filter(number=number).first()
        if wave is None or wave.state != Wave.State.CLOSED:
            say(
                f"Demo: wave {number} of a pulse of {len(people)} simulated employees ..."
            )
            at = now - timedelta(days=OPENED[number - 1])
            _ask(survey, number, people, at=at, site=site)
    with organization_scope(organization_id):
        return Pulse(survey, tuple(survey.waves.order_by("number")))


def _start(organization_id: UUID, now: datetime) -> Survey:
    versions = QuestionnaireVersion.objects
    organization = Organization.objects.get(pk=organization_id)
    _make_units(organization)
    survey = actions.start_survey(
        key=uuid4(),
        organization=organization,
        questionnaire=versions.get(code="EOT", version=1),
        outcomes=[actions.AskedVersion(versions.get(code="OUT-E"), short=True)],
        title=TITLE,
        referent=COMPANY,
        comment=True,
        simulated=True,
        mode=Survey.Mode.ANONYMOUS,
        at=now - timedelta(days=OPENED[0] + 1),
    )
    for days, kind, english, chinese in EVENTS:
        Event.objects.create(
            organization=organization,
            survey=survey,
            date=(now - timedelta(days=days)).date(),
            kind=kind,
            title_en=english,
            title_zh_hans=chinese,
        )
    return survey


def _make_units(organization: Organization) -> None:
    above = {
        code: _unit(organization, code, name, None)
        for code, name in DEPARTMENTS.items()
    }
    for team in TEAMS:
        _unit(organization, team.code, team.name, above[team.department])


def _unit(
    organization: Organization, code: str, name: Text, parent: Unit | None
) -> Unit:
    return Unit.objects.get_or_create(
        organization=organization,
        code=code,
        defaults={
            "name_en": name.en,
            "name_zh_hans": name.zh_hans,
            "parent": parent,
        },
    )[0]


def _ask(
    survey: Survey, number: int, people: Sequence[Employee], *, at: datetime, site: str
) -> None:
    """Open the next wave, let it be answered, close it and hand the answers over."""
    organization_id = survey.organization_id
    with organization_scope(organization_id):
        wave = survey.waves.filter(number=number).first() or invite(
            survey=survey,
            people=_bring_up_to_date(organization_id, people),
            at=at,
            on_paper=True,
        )
    launching.open_prepared(organization_id, wave.pk)
    with organization_scope(organization_id):
        form, codes = wave.form.asked(), _codes_of_teams(wave)
    if number > len(OPENED):
        raise CommandError(f"The pulse has {len(OPENED)} waves, not {number}.")
    _send(site, wave.pk, form, sheets(form, people, number), codes)
    mixing.close_issuing(organization_id, wave.pk, at=at + DAYS)
    mixing.finish(wave.pk)


def _bring_up_to_date(
    organization_id: UUID, people: Sequence[Employee]
) -> list[Participant]:
    """Write who is on the list now, as an import of the list would."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    listed = [f"HT-{one.number:04}" for one in people]
    Participant.objects.exclude(key__in=listed).update(active=False)
    return [
        Participant.objects.update_or_create(
            organization_id=organization_id,
            key=key,
            defaults={"unit": units[one.team], "active": True},
        )[0]
        for key, one in zip(listed, people, strict=True)
    ]


def _codes_of_teams(wave: Wave) -> dict[str, list[str]]:
    """Codes that the members of each team may draw; teams put together share theirs."""
    cells = {cell.pk: cell for cell in Cell.objects.filter(wave=wave, printed=True)}
    drawn = {
        key: list(launching.codes_of(cell, wave.survey.mode))
        for key, cell in cells.items()
    }
    asked = Invitation.objects.filter(wave=wave).select_related("participant__unit")
    return {
        one.participant.unit.code: drawn[one.cell_id]
        for one in asked
        if one.participant and one.participant.unit and one.cell_id
    }


def _send(
    site: str,
    wave_id: UUID,
    form: definition.Form,
    filled: Sequence[Sheet],
    codes: dict[str, list[str]],
) -> None:
    """Post every sheet with a code of its team, as a page without script does."""
    connection = HTTPConnection(urlsplit(site).netloc, timeout=30)
    for sheet in filled:
        fields = definition.encode_answers(form, sheet.answers)
        fields["code"] = codes[sheet.team].pop()
        if sheet.comment:
            fields["comment"] = sheet.comment
        connection.request(
            "POST",
            f"/s/{wave_id}/{sheet.language}/",
            body=urlencode(fields),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
        )
        response = connection.getresponse()
        reply = response.read().decode()
        if response.status not in {200, 201}:
            raise CommandError(
                f"The intake answered {response.status} to a demo answer: {reply[:200]}"
            )
    connection.close()
