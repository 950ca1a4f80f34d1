"""A published scale, for real: loaded, answered, and judged by 4,000 real answers."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analytics.models import Analysis
from surveys.models import EvidenceLine, QuestionnaireVersion, Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization
from tests.jobs import run_waiting_jobs

Visit = Callable[..., Page]
RECORD = "/library/catalogue/spi-trust/"
POINTS = 6


def load_the_scale(page: Page, wording: Path) -> None:
    """From the record of the catalogue to the scale in one's own library."""
    page.goto(RECORD)
    page.get_by_role("link", name="Load the wording").click()
    expect(page.get_by_text("Anybody may use, copy and translate it")).to_be_visible()
    page.get_by_label("The wording that I load is in the public domain").check()
    page.get_by_label("Version of the wording").fill("psychTools, spi.dictionary")
    page.get_by_label("File with the wording").set_input_files(wording)
    page.get_by_role("button", name="Check the wording").click()
    check = page.get_by_role("region", name="Check against the record")
    expect(check.get_by_text("as published")).to_have_count(5)
    expect(check.get_by_text("differs", exact=True)).to_have_count(0)
    # the five items on honesty are no part of this scale
    expect(check.get_by_text("(Honesty)")).to_have_count(5)
    page.get_by_role("button", name="Load the scale").click()
    expect(page.get_by_text("The scale is loaded")).to_be_visible()


def answer_it(page: Page, respondent: Page) -> None:
    """From the loaded scale to one answer given in the respondent's page."""
    page.get_by_role("link", name="Start a survey", exact=True).click()
    page.get_by_label("Title in English").fill("Do we trust people?")
    page.get_by_label("Title in Chinese").fill("我们信任别人吗")
    page.get_by_role("button", name="Make the survey").click()
    page.get_by_role("button", name="Open the first wave").click()
    respondent.goto(page.get_by_label("Link to the survey").input_value())
    expect(respondent.locator("h1")).to_have_text("Do we trust people?")
    foot = respondent.locator("footer")
    expect(foot).to_contain_text("David M. Condon (2018), public domain")
    expect(foot).not_to_contain_text("changed from the published wording")
    groups = respondent.locator("#answers fieldset")
    expect(groups).to_have_count(5)
    for number in range(5):
        groups.nth(number).get_by_role("radio").nth(POINTS - 2).check()
    respondent.get_by_role("button", name="Send answers").click()
    expect(respondent).to_have_url(re.compile("/received/"))


def import_the_answers(page: Page, instrument: str, answers: Path) -> None:
    """From the loaded scale to the report of answers that were given elsewhere."""
    page.goto(instrument)
    page.get_by_role("link", name="Import answers", exact=True).click()
    page.get_by_label("File with the answers").set_input_files(answers)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("4000 rows with answers")).to_be_visible()
    expect(page.get_by_text("Columns that are ignored:")).to_contain_text("q_4296")
    page.get_by_label("File with the answers").set_input_files(answers)
    page.get_by_label("Title in English").fill("SAPA volunteers")
    page.get_by_label("These are answers of real people").check()
    page.get_by_label("Who answered").fill("Visitors of the SAPA website.")
    page.get_by_role("button", name="Import the answers").click()
    expect(page.get_by_text("4000 answers were imported.")).to_be_visible()
    page.get_by_role("button", name="Start the analysis").click()
    run_waiting_jobs()
    page.get_by_role("link", name="Load again").or_(
        page.get_by_role("heading", name="SAPA volunteers", level=1)
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("SAPA volunteers")


def release_the_evidence(page: Page) -> None:
    """From the report to the dossier, with a description of who answered."""
    page.get_by_role("link", name="Release for the dossier").click()
    expect(page.get_by_label("Who they were, in English")).to_have_value(
        "Visitors of the SAPA website."
    )
    page.get_by_label("Where, in English").fill("On the internet")
    page.get_by_label("When, in English").fill("2013 to 2014")
    page.get_by_label("How they were found, in English").fill("They came by themselves")
    page.get_by_label("No, all of them are new").check()
    page.get_by_role("button", name="Release these lines").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Evidence dossier")


def test_a_published_scale_from_its_record_to_its_dossier(
    visit: Visit, shared_data: Path
) -> None:
    organization = make_organization()
    make_member(organization)
    page = visit()
    sign_in(page)
    load_the_scale(page, shared_data / "spi_trust_wording.csv")
    instrument = page.url
    answer_it(page, visit())
    import_the_answers(page, instrument, shared_data / "spi_trust_honesty.csv")
    with organization_scope(organization.pk):
        version = QuestionnaireVersion.objects.get(organization=organization)
        imported = Survey.objects.get(origin=Survey.Origin.IMPORTED)
        wave = Wave.objects.get(survey=imported)
        assert Response.objects.filter(wave=wave).count() == 4000
        given_here = Response.objects.exclude(wave=wave).get()
        result = json.loads(Analysis.objects.done().get(wave=wave).result)
    assert given_here.answers == [POINTS - 1] * 5
    assert version.right_statement.endswith("psychTools, spi.dictionary")
    alpha = result["scales"]["SPI-TRUST.TRUST"]["alpha"]["raw"]["estimate"]
    assert alpha == pytest.approx(0.8714, abs=5e-5)
    report = page.locator("main")
    expect(report).to_contain_text("4000 respondents")
    expect(report).to_contain_text("omega 0.87")
    expect(page.get_by_role("row", name="CFI 0.983")).to_be_visible()

    release_the_evidence(page)
    with organization_scope(organization.pk):
        line = EvidenceLine.objects.get(kind="reliability")
    assert line.figures["n"] == 4000
    assert line.figures["alpha"] == pytest.approx(0.8714, abs=5e-5)
    english = page.locator("#en")
    expect(english).to_contain_text("4000")
    expect(english).to_contain_text(re.compile(r"0?\.871"))
    expect(english).to_contain_text(re.compile(r"0?\.983"))
    # this evidence reaches the third rung, and says what it stands on
    expect(page.locator("#en [aria-current=step] strong")).to_have_text("E3")
    expect(english).to_contain_text("Below this level, not documented: E1, E2.")
    page.goto(instrument)
    expect(page.locator("main")).to_contain_text("E3")


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [
        pytest.param(360, True, "en", marks=pytest.mark.long),
        (360, False, "zh-hans"),
        pytest.param(1280, False, "en", marks=pytest.mark.long),
    ],
)
def test_loading_and_importing_fit_and_can_be_used_by_everybody(
    visit: Visit, width: int, dark: bool, language: str
) -> None:
    make_member()
    page = visit(width=width, dark=dark, language=language)
    sign_in(page)
    page.goto(f"{RECORD}load/")
    assert_usable(page)
    page.locator("#id_wording").fill(
        "item,scale,keyed,text_en,text_zh\n"
        "q_1855,Trust,1,Our first sentence.,第一句。\n"
        "q_871,Trust,-1,Our second sentence.,第二句。\n"
        "q_4296,Honesty,1,Something else.,别的事。\n"
    )
    page.locator("button[value=check]").last.click()
    assert_usable(page)
    page.locator("#id_right").check()
    page.locator("#id_edition").fill("p. 7")
    page.locator("button[value=check]").last.click()
    expect(page.locator("#check")).to_be_visible()
    assert_usable(page)
    page.locator("button[value=store]").click()
    page.goto(f"{page.url}import/")
    assert_usable(page)
    page.locator("#id_file").set_input_files(
        {
            "name": "answers.csv",
            "mimeType": "text/csv",
            "buffer": b"q_1855,age\n4,30\n9,31\n",
        }
    )
    page.locator("button[value=import]").click()
    expect(page.locator("#id_leave_out")).to_be_visible()
    assert_usable(page)


def assert_usable(page: Page) -> None:
    assert overflow(page) <= 0, page.url
    assert page.locator("h1").count() == 1
    assert serious_findings(page) == [], page.url
