"""Make a letter out of a message's row: whose, which link, in which words.

Runs inside the organization's transaction. One composer serves one batch after another
and remembers what belongs to a wave; codes are derived here and stored nowhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from surveys.collect.replies import address
from surveys.credentials import fingerprint
from surveys.definition import LANGUAGES, Text
from surveys.fieldwork import texts
from surveys.fieldwork.mail import Envelope
from surveys.fieldwork.optout import token_for
from surveys.fieldwork.texts import Letter, Mail, Words
from surveys.launching import codes_of, is_typed
from surveys.models import (
    Cell,
    Invitation,
    MailText,
    Message,
    Participant,
    Schedule,
    Sender,
    Survey,
    Wave,
)

NINE = time(9)
NEEDED = (
    "organization",
    "wave__survey",
    "wave__form",
    "wave__promise",
    "invitation__participant",
    "invitation__cell",
)


class Codes:
    """Codes of those who are asked; derived once for a cell and stored nowhere."""

    def __init__(self) -> None:
        self._of: dict[UUID, list[str]] = {}

    def of(self, invitation: Invitation, mode: str) -> str:
        """Code of an invitation; empty where it has none."""
        cell, number = invitation.cell, invitation.number
        if cell is None or number is None:
            return ""
        if cell.pk not in self._of:
            self._of[cell.pk] = list(codes_of(cell, mode))
        return self._of[cell.pk][number]


class Composer:
    """Letters of one run; what is the same for a wave is read once."""

    def __init__(self) -> None:
        self.codes = Codes()
        self._words: dict[tuple[UUID, str], Mapping[str, Words]] = {}
        self._waves: dict[UUID, tuple[Sequence[str], str, Mapping[str, str]]] = {}
        self._senders: dict[UUID, Sender] = {}

    def envelope(self, message: Message, participant: Participant) -> Envelope:
        """Mail of a message to a person, ready to be sent."""
        letter = self.letter(message, participant)
        return Envelope(
            to=participant.email,
            name=participant.name,
            mail=self.mail(message, letter),
            message_id=message.message_id,
            unsubscribe=letter.opt_out,
            sender=letter.organization,
            reply_to=self.sender(message.organization_id).reply_to,
            reference=str(message.pk),
        )

    def mail(self, message: Message, letter: Letter) -> Mail:
        languages = self._languages(message)
        words = self.words(message.wave.survey_id, message.kind)
        return texts.compose(letter, words, languages)

    def text_message(self, message: Message, participant: Participant) -> str:
        letter = self.letter(message, participant)
        language = self._languages(message)[0]
        words = self.words(message.wave.survey_id, message.kind)[language]
        return texts.text_message(letter, words, language)

    def letter(self, message: Message, participant: Participant) -> Letter:
        wave, invitation = message.wave, message.invitation
        offered, fingerprint, closes = self._of_wave(wave)
        code = self.codes.of(invitation, wave.survey.mode)
        typed = wave.survey.mode == Survey.Mode.CONFIDENTIAL
        sender = self.sender(message.organization_id)
        return Letter(
            mode=wave.survey.mode,
            survey=Text(wave.survey.title_en, wave.survey.title_zh_hans),
            organization=sender.name or message.organization.name,
            links={one: link(wave, one, invitation, code) for one in offered},
            opt_out=way_out(participant),
            name=participant.name,
            code=code if typed else "",
            words=fingerprint,
            closes=closes,
        )

    def words(self, survey_id: UUID, kind: str) -> Mapping[str, Words]:
        """The owner's words where there are any, else the shipped ones."""
        key = (survey_id, kind)
        if key not in self._words:
            self._words[key] = words_of(survey_id, kind)
        return self._words[key]

    def sender(self, organization_id: UUID) -> Sender:
        if organization_id not in self._senders:
            self._senders[organization_id] = Sender.objects.first() or Sender()
        return self._senders[organization_id]

    def _languages(self, message: Message) -> tuple[str, ...]:
        offered = self._of_wave(message.wave)[0]
        return texts.known_languages(message.invitation.language, offered)

    def _of_wave(self, wave: Wave) -> tuple[Sequence[str], str, Mapping[str, str]]:
        if wave.pk not in self._waves:
            manifest = wave.promise.manifest.encode()
            shown = wave.survey.mode == Survey.Mode.ANONYMOUS and manifest
            self._waves[wave.pk] = (
                wave.form.asked().languages,
                fingerprint(manifest) if shown else "",
                closing(wave),
            )
        return self._waves[wave.pk]


def words_of(survey_id: UUID, kind: str) -> Mapping[str, Words]:
    own = MailText.objects.filter(survey_id=survey_id, kind=kind)
    shipped = {one: texts.default_words(kind, one) for one in LANGUAGES}
    written = {one.language: Words(one.subject, one.body) for one in own}
    return MappingProxyType(shipped | written)


def link(wave: Wave, language: str, invitation: Invitation, code: str) -> str:
    """Address of the survey for one person; a code stands where no server sees it."""
    path = address("form", wave_id=wave.pk, language=language)
    match wave.survey.mode:
        case Survey.Mode.ANONYMOUS if code and not _is_typed(invitation.cell):
            path += f"#{code}"
        case Survey.Mode.IDENTIFIED:
            path += f"?r={invitation.pk}"
        case Survey.Mode.OPEN:
            path = address("landing", wave_id=wave.pk)
    return settings.SITE_URL + path


def _is_typed(cell: Cell | None) -> bool:
    return cell is not None and is_typed(cell, Survey.Mode.ANONYMOUS)


def way_out(participant: Participant) -> str:
    token = token_for(participant.organization_id, participant.pk)
    return str(settings.SITE_URL) + reverse("surveys:opt-out", args=[token])


def closing(wave: Wave) -> Mapping[str, str]:
    """When the wave closes, as text by language; empty where no day is set."""
    if wave.closes_at is None:
        return MappingProxyType({})
    zone = zone_of(wave.survey_id)
    return MappingProxyType(
        {one: _moment(wave.closes_at, zone, one) for one in LANGUAGES}
    )


def zone_of(survey_id: UUID) -> str:
    """Time zone of a survey's schedule, else of the site."""
    schedule = Schedule.objects.filter(survey_id=survey_id).first()
    return schedule.zone if schedule else str(settings.TIME_ZONE)


def hour_of(survey_id: UUID) -> time:
    """Hour of the day at which a survey reminds: that of its schedule, else nine."""
    schedule = Schedule.objects.filter(survey_id=survey_id).first()
    return schedule.opens if schedule else NINE


def _moment(moment: datetime, zone: str, language: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    with translation.override(language):
        day = date_format(local.date(), "DATE_FORMAT")
    return f"{day} {local:%H:%M} ({zone})"
