"""An owner brings the same answers from three programs, by mouse and by keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.models import Organization, Response, Survey
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import (
    brand_form,
    make_form,
    make_member,
    make_organization,
    make_survey,
)
from tests.surveys import brought_samples as samples

Visit = Callable[..., Page]
FORM = brand_form()
ROWS = samples.answers_of(FORM, 12)
FILES: dict[str, Callable[[], bytes]] = {
    "limesurvey.csv": lambda: samples.limesurvey(FORM, ROWS, texts=True),
    "qualtrics.csv": lambda: samples.qualtrics(FORM, ROWS),
    "answers.sav": lambda: samples.statistics(FORM, ROWS, "sav"),
}


@pytest.fixture
def organization() -> Organization:
    found = make_organization()
    make_member(found)
    return found


def anonymous_survey(organization: Organization) -> Survey:
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    return survey


def stored(survey: Survey) -> list[list[int]]:
    with organization_scope(survey.organization_id):
        rows = Response.objects.filter(wave__survey=survey)
        return sorted(rows.values_list("answers", flat=True))


def uploaded(page: Page, survey: Survey, path: Path) -> None:
    page.goto(reverse("surveys:bring", args=[survey.pk]))
    page.locator("input[type=file]").set_input_files(path)
    page.locator("main button[type=submit]").click()


def looked_at(page: Page) -> None:
    """Axe finds nothing serious and nothing is wider than the window."""
    assert serious_findings(page) == []
    assert overflow(page) <= 0


def test_three_programs_give_the_same_answers(
    organization: Organization, visit: Visit, tmp_path: Path
) -> None:
    page = visit()
    sign_in(page)
    for name, made in FILES.items():
        survey = anonymous_survey(organization)
        path = tmp_path / name
        path.write_bytes(made())
        page.goto(reverse("surveys:survey", args=[survey.pk]))
        page.get_by_role("link", name="Bring past waves from elsewhere").click()
        page.get_by_label("File with the answers").set_input_files(path)
        page.get_by_role("button", name="Look at the file").click()
        page.get_by_label("These are answers of real people").check()
        page.get_by_label("Who answered").fill("Customers of one shop.")
        page.get_by_role("button", name="Check the file").click()
        expect(
            page.get_by_role("heading", name="What would be imported")
        ).to_be_visible()
        assert stored(survey) == []
        page.get_by_role("button", name="Import these answers").click()
        expect(
            page.get_by_role("heading", name="The answers are imported")
        ).to_be_visible()
        assert stored(survey) == sorted(ROWS)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_fit_a_phone_and_are_clean(
    organization: Organization, visit: Visit, tmp_path: Path, language: str
) -> None:
    survey = anonymous_survey(organization)
    wrong = [ROWS[0][:], *ROWS[1:]]
    wrong[0][0] = 44
    path = tmp_path / "own.csv"
    head = ["时间", *(item.code for item in FORM.items), "مرحبا 😀"]
    path.write_bytes(samples.table([head, *(["2024-03-05", *r, "x"] for r in wrong)]))
    page = visit(width=360, language=language)
    sign_in(page)
    page.goto(reverse("surveys:bring", args=[survey.pk]))
    looked_at(page)
    uploaded(page, survey, path)
    looked_at(page)
    page.locator("#id_people_0").check()
    page.locator("#id_sample").fill("x")
    page.locator("button[value=check]").click()
    expect(page.locator("#imported")).to_be_visible()
    looked_at(page)
    page.locator("summary").first.click()
    looked_at(page)


def test_everything_can_be_done_by_keyboard(
    organization: Organization, visit: Visit, tmp_path: Path
) -> None:
    survey = anonymous_survey(organization)
    path = tmp_path / "own.csv"
    path.write_bytes(samples.own_codes(FORM, ROWS))
    page = visit(width=360)
    sign_in(page)
    uploaded(page, survey, path)

    def press(selector: str, *keys: str) -> None:
        for _ in range(200):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                break
            page.keyboard.press("Tab")
        for key in keys:
            page.keyboard.type(key) if len(key) > 9 else page.keyboard.press(key)

    press("#id_first")
    page.locator("#id_first").fill("2024-03-01")
    press("#id_last")
    page.locator("#id_last").fill("2024-03-31")
    press("input[name=promised]", "ArrowDown")
    press("input[name=people]", "Space")
    press("#id_sample", "Customers of one shop.")
    press("button[value=check]", "Enter")
    expect(page.locator("#imported")).to_be_visible()
    press("button[value=import]", "Enter")
    expect(page.get_by_role("heading", name="The answers are imported")).to_be_visible()
    assert stored(survey) == sorted(ROWS)
