"""Writes that touch several tables; every other write is a model method.

All of them run inside an organization's transaction (surveys/tenancy.py); what stands above
organizations is in operating.py.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from surveys import definition
from surveys.definition.rotation import Rotation, rotated
from surveys.fieldwork.rotation import form_of_next_wave
from surveys.models import (
    Form,
    Organization,
    Promise,
    QuestionnaireVersion,
    Survey,
    Wave,
)
from surveys.promise import Thresholds, promise_digest, promise_text

# Answers of these modes come with a credential: launching.py brings them to the field.
WITH_CREDENTIALS = frozenset({Survey.Mode.ANONYMOUS, Survey.Mode.CONFIDENTIAL})


class WaveAlreadyOpen(Exception):
    """The survey has an open wave; close it before opening the next."""


class NotCollectedHere(Exception):
    """The survey's answers were imported; it takes none."""


class NeedsGroups(Exception):
    """Waves of this mode ask groups: they are launched, not opened."""


@dataclass(frozen=True, slots=True)
class AskedVersion:
    """A published version to ask, and which part of it.

    Attributes
    ----------
    short : bool
        Whether in its short form.
    scales : tuple of str or None
        Codes of the scales to ask, where it may be taken apart; None: all.
    form : str or None
        Named variant of the wording; None: the first, where there are any.
    """

    version: QuestionnaireVersion
    short: bool = False
    scales: tuple[str, ...] | None = None
    form: str | None = None

    def part(self) -> definition.FormPart:
        return definition.FormPart(
            self.version.questionnaire(), self.short, self.scales, self.form
        )


@transaction.atomic
def start_survey(
    *,
    key: UUID,
    organization: Organization,
    questionnaire: QuestionnaireVersion | AskedVersion,
    outcomes: Sequence[QuestionnaireVersion | AskedVersion],
    title: definition.Text,
    referent: definition.Text | str,
    comment: bool,
    at: datetime,
    simulated: bool = False,
    languages: Sequence[str] | None = None,
    mode: str = Survey.Mode.OPEN,
    others: Sequence[definition.Text] = (),
    rotation: Rotation | None = None,
) -> Survey:
    """Make a survey with its first form, frozen; no wave is open yet.

    A version alone is asked whole, in its first wording. Without `languages` the form
    offers all that its questionnaires have in common. What names its referent is asked
    about each of `others` as well. The mode never changes afterwards. Asked again under
    the same key it returns the survey it made before. With a `rotation` its waves take
    turns in what they ask.

    Raises
    ------
    definition.DefinitionError
        The parts do not make a form; the sentence says why.
    """
    form = compiled(
        [questionnaire, *outcomes],
        title=title,
        referent=referent,
        languages=languages,
        comment=comment,
        others=others,
    )
    if rotation is not None:
        form = rotated(form, rotation)
    survey, created = Survey.objects.get_or_create(
        pk=key,
        organization=organization,
        defaults={
            "title_en": title.en,
            "title_zh_hans": title.zh_hans,
            "mode": mode,
            "simulated": simulated,
            "created_at": at,
        },
    )
    if not created:
        return survey
    Form.objects.create(
        organization=organization,
        survey=survey,
        number=1,
        item_count=form.item_count,
        definition=form.to_data(),
        digest=form.digest,
    )
    return survey


def compiled(
    asked: Sequence[QuestionnaireVersion | AskedVersion],
    *,
    title: definition.Text,
    referent: definition.Text | str,
    languages: Sequence[str] | None,
    comment: bool,
    others: Sequence[definition.Text] = (),
) -> definition.Form:
    """What a survey of these versions would ask; nothing is stored.

    Raises
    ------
    definition.DefinitionError
    """
    parts = [_part(one) for one in asked]
    shared = definition.common_languages(part.questionnaire for part in parts)
    form = definition.compile_form(
        parts,
        referent=referent,
        languages=shared if languages is None else languages,
        title=title,
        comment=comment,
        others=others,
    )
    # what cannot be read back must not be frozen
    definition.Form.from_json(form.to_data())
    return form


def _part(asked: QuestionnaireVersion | AskedVersion) -> definition.FormPart:
    whole = asked if isinstance(asked, AskedVersion) else AskedVersion(asked)
    return whole.part()


@transaction.atomic
def open_wave(*, survey: Survey, at: datetime) -> Wave:
    """Open the next wave of a survey with its newest form, under a frozen promise.

    Raises
    ------
    WaveAlreadyOpen
        Another wave of the survey is open.
    NotCollectedHere
        Its answers were imported.
    NeedsGroups
        Its answers come with a credential.
    """
    # the lock makes two clicks at once one wave
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.origin == Survey.Origin.IMPORTED:
        raise NotCollectedHere
    if locked.mode in WITH_CREDENTIALS:
        raise NeedsGroups
    waves = Wave.objects.filter(survey=survey)
    if waves.exclude(state=Wave.State.CLOSED).exists():
        raise WaveAlreadyOpen
    last = waves.collected().aggregate(last=Max("number"))["last"] or 0
    wave = Wave.objects.create(
        organization_id=survey.organization_id,
        survey=survey,
        form=form_of_next_wave(survey),
        number=last + 1,
        opened_at=at,
        **locked.terms(),
    )
    freeze_promise(wave, locked.mode, Thresholds())
    return wave


def freeze_promise(wave: Wave, mode: str, thresholds: Thresholds) -> Promise:
    """Store the words that respondents of a wave are shown, for good."""
    terms = {"links_waves": wave.links_waves, "joins_outcomes": wave.joins_outcomes}
    text = promise_text(mode, thresholds, **terms)
    return Promise.objects.create(
        organization_id=wave.organization_id,
        wave=wave,
        mode=mode,
        text_en=text.en,
        text_zh_hans=text.zh_hans,
        digest=promise_digest(mode, thresholds, **terms),
        **asdict(thresholds),
    )


@transaction.atomic
def close_wave(*, wave_id: UUID, at: datetime) -> bool:
    """Stop taking answers; False when the wave was closed before.

    Waits for answers under way (the intake holds the lock shared), so that nothing
    arrives after the transaction has committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(wave_id)]
        )
    closed = Wave.objects.filter(pk=wave_id, state=Wave.State.OPEN).update(
        state=Wave.State.CLOSED, closed_at=at
    )
    return bool(closed)
