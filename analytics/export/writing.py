"""Writes what an export asked for: gathers it, and hands it to the format's writer.

Everything is read in one transaction that sees the answers as they stood when it began:
an open link may take further ones meanwhile.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.utils.module_loading import import_string

from analytics.export.dataset import DataSet
from analytics.export.formats import FORMATS
from analytics.export.models import Export
from analytics.sentences import Sentence
from surveys import csv_files
from surveys.models import Comment, Form, Wave
from surveys.tenancy import set_local

Kind = Export.Kind
BLOCK: Final = 2_000  # comments

Tell = Callable[[int], None]
Begin = Callable[[int, int | None], None]
"""Takes rows done and, where it is known for the first time, rows in all."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds: its rows, and what must be known about it."""

    rows: int
    remarks: tuple[Sentence, ...] = ()


def write(export: Export, path: Path, tell: Begin) -> Written:
    """Write the file of an export whole to `path`.

    Raises
    ------
    ExportRefused
        These answers are not handed out, or the format cannot hold them.
    """
    writer = import_string(FORMATS[export.format].writers[export.kind])
    with _one_moment(export.organization_id):
        found = Wave.objects.filter(
            survey=export.survey_id, number__in=export.waves
        ).select_related("survey__organization", "form")
        waves = tuple(found.order_by("number"))
        return WAYS[export.kind](writer, export, waves, path, tell)


@contextmanager
def _one_moment(organization_id: UUID) -> Iterator[None]:
    """Open a transaction that reads the rows of an organization as they are now."""
    with transaction.atomic(durable=True):
        with connections["default"].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        set_local("trustsurvey.organization", str(organization_id))
        yield


def _data(export: Export, waves: Sequence[Wave]) -> DataSet:
    """Return the rows: whole where they may be seen, else checked microdata."""
    if waves[0].survey.only_releases or export.kind == Kind.MICRODATA:
        from analytics.export.microdata import microdata_of

        return microdata_of(waves[0], seed=settings.ANALYSIS_SEED)
    from analytics.export.gathering import data_set_of

    return data_set_of(waves, **export.options, seed=settings.ANALYSIS_SEED)


def _rows(
    writer: Any, export: Export, waves: Sequence[Wave], path: Path, tell: Begin
) -> Written:
    data = _data(export, waves)
    tell(0, data.rows)
    remarks = writer(
        data, path, language=export.language, tell=lambda done: tell(done, None)
    )
    return Written(data.rows, (*data.notes, *remarks))


def _codebook(
    writer: Any, export: Export, waves: Sequence[Wave], path: Path, tell: Begin
) -> Written:
    from analytics.export.codebook import codebook_of
    from analytics.export.codebook.about import about_of, forms_of

    data = _data(export, waves)
    tell(0, data.rows)
    book = codebook_of(data, forms_of(waves), about_of(waves))
    writer(book, path, language=export.language)
    return Written(data.rows, data.notes)


def _plain(
    writer: Any, export: Export, waves: Sequence[Wave], path: Path, tell: Begin
) -> Written:
    written: Written = writer(export, waves, path, tell)
    return written


WAYS: Final[dict[str, Callable[..., Written]]] = {
    Kind.DATA: _rows,
    Kind.MICRODATA: _rows,
    Kind.CODEBOOK: _codebook,
    Kind.COMMENTS: _plain,
    Kind.QUESTIONNAIRE: _plain,
    Kind.BUNDLE: _plain,
}


def write_comments(
    export: Export, waves: Sequence[Wave], path: Path, tell: Begin
) -> Written:
    """Write the free texts: wave, question, text, in the order of their random keys."""
    texts = Comment.objects.filter(wave__in=waves).order_by("wave__number", "id")
    tell(0, texts.count())
    rows = texts.values_list("wave__number", "question", "text")
    done = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(csv_files.BYTE_ORDER_MARK)
        file.write(csv_files.line(["wave", "question", "comment"]))
        for row in rows.iterator(chunk_size=BLOCK):
            file.write(csv_files.line(row))
            done += 1
            if done % BLOCK == 0:
                tell(done, None)
    return Written(done)


def write_questionnaire(
    export: Export, waves: Sequence[Wave], path: Path, tell: Begin
) -> Written:
    """Write the newest form, or that of the chosen wave, in both languages."""
    from surveys.fieldwork.questionnaire import of_survey, questionnaire_pdf

    wave = waves[-1] if waves else None
    form = wave.form if wave is not None else _newest(export)
    asked = of_survey(export.survey, form.asked(), wave)
    path.write_bytes(questionnaire_pdf(asked, asked.form.languages))
    return Written(len(asked.form.questions))


def _newest(export: Export) -> Form:
    return Form.objects.filter(survey=export.survey_id).latest("number")
