"""Writes that touch several tables; every other write is a model method.

All of them run inside an organization's transaction (surveys/tenancy.py); what stands above
organizations is in operating.py.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from surveys import definition
from surveys.models import Form, Organization, QuestionnaireVersion, Survey, Wave


class WaveAlreadyOpen(Exception):
    """The survey has an open wave; close it before opening the next."""


@transaction.atomic
def start_survey(
    *,
    key: UUID,
    organization: Organization,
    questionnaire: QuestionnaireVersion,
    outcomes: Sequence[QuestionnaireVersion],
    title: definition.Text,
    referent: definition.Text | str,
    comment: bool,
    at: datetime,
    simulated: bool = False,
) -> Survey:
    """Make a survey with its first form, frozen; no wave is open yet.

    Asked again under the same key it returns the survey it made before.

    Raises
    ------
    definition.DefinitionError
        The parts do not make a form; the sentence says why.
    """
    form = definition.compile_form(
        [
            definition.FormPart(part.questionnaire(), short=False)
            for part in (questionnaire, *outcomes)
        ],
        referent=referent,
        languages=definition.LANGUAGES,
        title=title,
        comment=comment,
    )
    # what cannot be read back must not be frozen
    definition.Form.from_json(form.to_data())
    survey, created = Survey.objects.get_or_create(
        pk=key,
        organization=organization,
        defaults={
            "title_en": title.en,
            "title_zh_hans": title.zh_hans,
            "mode": Survey.Mode.OPEN,
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


@transaction.atomic
def open_wave(*, survey: Survey, at: datetime) -> Wave:
    """Open the next wave of a survey with its newest form.

    Raises
    ------
    WaveAlreadyOpen
        Another wave of the survey is open.
    """
    # the lock makes two clicks at once one wave
    Survey.objects.select_for_update().get(pk=survey.pk)
    waves = Wave.objects.filter(survey=survey)
    if waves.filter(state=Wave.State.OPEN).exists():
        raise WaveAlreadyOpen
    last = waves.aggregate(last=Max("number"))["last"] or 0
    return Wave.objects.create(
        organization_id=survey.organization_id,
        survey=survey,
        form=Form.objects.filter(survey=survey).latest("number"),
        number=last + 1,
        opened_at=at,
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
