"""From waves in tables to a codebook: promise, sample, people asked, questions."""

from pathlib import Path

import pytest
from lxml import etree

from analytics.export.codebook import Codebook, codebook_of, page_of, write_ddi
from analytics.export.codebook.about import about_of, forms_of
from analytics.export.gathering import data_set_of
from surveys.models import Organization, Survey, Wave
from surveys.promise import Thresholds, promise_digest, promise_text
from surveys.tenancy import organization_scope
from tests.factories import make_responses, make_survey, make_wave

pytestmark = pytest.mark.usefixtures("database")
ROWS = 24


def asked(organization: Organization) -> Wave:
    survey = make_survey(organization, mode=Survey.Mode.OPEN)
    wave = make_wave(survey)
    make_responses(wave, ROWS)
    with organization_scope(organization.pk):
        Survey.objects.filter(pk=survey.pk).update(sample="Guests of two shops")
        return Wave.objects.select_related("survey__organization", "form").get(
            pk=wave.pk
        )


def made(wave: Wave) -> Codebook:
    with organization_scope(wave.organization_id):
        data = data_set_of([wave], seed=1)
        return codebook_of(data, forms_of([wave]), about_of([wave]))


def test_a_codebook_tells_the_study_and_every_question(
    organization: Organization, tmp_path: Path
) -> None:
    wave = asked(organization)
    book = made(wave)
    about = book.study.about
    assert about.organization == organization.name
    assert about.sample == "Guests of two shops"
    [promised] = about.promises
    told = promise_text("open", Thresholds())
    assert (promised.text.en, promised.text.zh_hans) == (told.en, told.zh_hans)
    assert promised.digest == promise_digest("open", Thresholds())
    assert about.invited == {}
    assert book.study.rows == ROWS
    form = wave.form.asked()
    questions = {
        one.variable.item: one.question
        for one in book.entries
        if one.variable.role == "raw"
    }
    assert {item.code for item in form.items} == set(questions)
    for item in form.items:
        question = questions[item.code]
        assert question is not None
        assert (question.en, question.zh_hans) == (item.text.en, item.text.zh_hans)
    assert [one.code for one in book.study.instruments] == [
        one.code for one in form.instruments
    ]
    page = page_of(book, "zh-hans")
    assert told.zh_hans in page
    assert "任何有链接的人" in page
    write_ddi(book, tmp_path / "codebook.xml")
    schema = etree.XMLSchema(etree.parse(Path(__file__).parent / "ddi/codebook.xsd"))
    schema.assertValid(etree.parse(tmp_path / "codebook.xml"))
