"""Answers brought from elsewhere become a survey with one closed wave.

Its mode is "identified", the one that promises least: nobody here promised those who
answered anything, so no promise of ours may be shown for them. The survey's origin says
"imported", pages say that instead of the mode, and no wave of it is ever opened.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from surveys import definition
from surveys.models import Form, Organization, QuestionnaireVersion, Survey, Wave

BATCH = 5_000  # rows of one statement


@dataclass(frozen=True, slots=True)
class Study:
    """What is known of answers from elsewhere.

    Attributes
    ----------
    sample : str
        Who answered, where and when, in the owner's words.
    language : str
        In which they answered.
    simulated : bool
        Whether a program made them; the mark never changes.
    """

    title: definition.Text
    sample: str
    language: str
    referent: definition.Text | str
    simulated: bool


def form_of(version: QuestionnaireVersion, study: Study) -> definition.Form:
    """What the answers of `study` are answers to: the whole questionnaire."""
    return definition.compile_form(
        [definition.FormPart(version.questionnaire(), short=False)],
        title=study.title,
        referent=study.referent,
        languages=(study.language,),
        comment=False,
    )


@transaction.atomic
def import_answers(
    *,
    key: UUID,
    organization: Organization,
    asked: definition.Form,
    study: Study,
    answers: Iterable[Sequence[int]],
    at: datetime,
) -> Wave:
    """Store `answers`, codes in the order of `asked`, as they come: all of them or none.

    Asked again under the same key it returns the wave that it made before.
    """
    survey, created = Survey.objects.get_or_create(
        pk=key,
        organization=organization,
        defaults={
            "title_en": study.title.en,
            "title_zh_hans": study.title.zh_hans,
            "mode": Survey.Mode.IDENTIFIED,
            "origin": Survey.Origin.IMPORTED,
            "sample": study.sample,
            "simulated": study.simulated,
            "created_at": at,
        },
    )
    if not created:
        return Wave.objects.get(survey=survey)
    form = Form.objects.create(
        organization=organization,
        survey=survey,
        number=1,
        item_count=asked.item_count,
        definition=asked.to_data(),
        digest=asked.digest,
    )
    wave = Wave.objects.create(
        organization=organization,
        survey=survey,
        form=form,
        number=1,
        state=Wave.State.CLOSED,
        opened_at=at,
        closed_at=at,
    )
    for batch in _batches(answers):
        _insert(wave, asked.item_count, batch, study.language)
    return wave


def _batches(answers: Iterable[Sequence[int]]) -> Iterator[list[str]]:
    """Rows as array literals, some thousands at a time."""
    batch: list[str] = []
    for codes in answers:
        batch.append(f"{{{','.join(map(str, codes))}}}")
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _insert(wave: Wave, item_count: int, batch: list[str], language: str) -> None:
    """One statement; the order of the table is not kept, as nowhere here.

    No COPY: PostgreSQL refuses it on tables with row-level security, and the runtime
    role may make no temporary table to go around that.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
            " item_count, answers, language)"
            " SELECT %s, %s, %s, gen_random_uuid(), %s, given::smallint[], %s"
            " FROM unnest(%s::text[]) AS batch (given) ORDER BY random()",
            [
                wave.organization_id,
                wave.pk,
                wave.form_id,
                item_count,
                language,
                batch,
            ],
        )
