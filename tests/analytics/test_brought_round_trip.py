"""What our own exports write comes in again and gives equal answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from analytics.export.gathering import data_set_of
from analytics.export.spss import write_sav
from analytics.export.stata import write_dta
from analytics.export.text_files import write_csv
from analytics.export.workbook import write_xlsx
from surveys.brought import files
from surveys.models import AnswerFile, Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    close_for_good,
    every_kind_form,
    make_form,
    make_response,
    make_survey,
    make_wave,
)
from tests.surveys import brought_samples as samples
from tests.surveys.brought_rows import take_in

pytestmark = pytest.mark.usefixtures("database")
FORM = every_kind_form()
WRITERS: dict[str, Callable[..., Any]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "sav": write_sav,
    "dta": write_dta,
}


@pytest.fixture
def wave() -> Wave:
    """A closed wave with every kind of question and of missing answer."""
    survey = make_survey()
    make_form(survey, asks=FORM)
    found = make_wave(survey)
    for at, row in enumerate(samples.answers_of(FORM, 6)):
        shown = samples.as_shown(FORM, row)
        make_response(found, shown, language=("en", "zh-hans")[at % 2])
    close_for_good(found)
    with organization_scope(found.organization_id):
        return Wave.objects.select_related("survey__organization").get(pk=found.pk)


def answers(survey: Survey) -> list[tuple[str, list[int]]]:
    with organization_scope(survey.organization_id):
        rows = Response.objects.filter(wave__survey=survey)
        return sorted(rows.values_list("language", "answers"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_format_comes_in_again_as_it_went_out(
    wave: Wave, tmp_path: Path, language: str
) -> None:
    went_out = answers(wave.survey)
    with organization_scope(wave.organization_id):
        data = data_set_of([wave], seed=1)
        for ending, write in WRITERS.items():
            path = tmp_path / f"answers.{ending}"
            write(data, path, language=language, tell=lambda _: None)
    for ending in WRITERS:
        copy = make_survey(wave.survey.organization)
        make_form(copy, asks=FORM)
        file = take_in(copy, (tmp_path / f"answers.{ending}").read_bytes())
        with organization_scope(wave.organization_id):
            file.said |= {
                "first": "2024-03-01",
                "last": "2024-03-31",
                "promised": "open",
                "sample": "Ourselves.",
            }
            files.request_check(file, at=timezone.now())
            assert file.looked["rejected"] == 0, (ending, file.looked["findings"])
            assert files.request_import(file, at=timezone.now())
            file.refresh_from_db()
            assert file.state == AnswerFile.State.DONE, (ending, file.failure)
        assert answers(copy) == went_out, ending
