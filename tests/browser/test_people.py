"""People in a real browser: a workbook of 500 brought in, pages looked at, keyboard."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.models import Organization, Participant, PeopleList, Unit
from surveys.people import lists
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization
from tests.jobs import run_waiting_jobs
from tests.surveys.people_rows import people_ids

Visit = Callable[..., Page]


def workbook(people: int) -> bytes:
    """A list with one wrong address, one double and one formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["工号", "E-mail", "Name", "Language", "部门", "Site"])
        for n in range(1, people + 1):
            team = f"HQ / Division {n % 4} / Team {n % 40}"
            row = [n, f"p{n}@example.org", f"吴 Person {n}", "zh", team, "Kiel"]
            sheet.write_row(n, 0, row)
        sheet.write_row(people + 1, 0, [9001, "nobody@example"])
        sheet.write_row(people + 2, 0, [1, "once-more@example.org"])
        sheet.write_string(people + 3, 0, "9002")
        sheet.write_string(people + 3, 2, "=HYPERLINK(1)")
    return made.getvalue()


def known(organization: Organization) -> tuple[int, int]:
    with organization_scope(organization.pk):
        return Participant.objects.count(), Unit.objects.count()


@pytest.mark.parametrize("javascript", [True, False])
def test_five_hundred_people_come_from_a_workbook(
    visit: Visit, tmp_path: Path, javascript: bool
) -> None:
    organization = make_organization()
    make_member(organization)
    page = visit(javascript=javascript)
    sign_in(page)
    page.get_by_role("link", name="People", exact=True).first.click()
    page.get_by_role("link", name="Bring a list").click()
    path = tmp_path / "people.xlsx"
    path.write_bytes(workbook(500))
    page.get_by_label("List of people").set_input_files(path)
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_label("工号")).to_have_value("key")
    expect(page.get_by_label("部门")).to_have_value("unit_path")
    page.get_by_label("Site").select_option("attribute")
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_text("“nobody@example” is no e-mail address.")).to_be_visible()
    expect(page.get_by_text("This is the same person as in row 2.")).to_be_visible()
    expect(page.get_by_text("“=HYPERLINK(1)” begins like a formula.")).to_be_visible()
    assert known(organization) == (0, 0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all rows").click()
    assert len(download.value.path().read_text("utf-8-sig").splitlines()) == 4
    page.get_by_role("button", name="Import these people").click()
    expect(page.get_by_role("heading", name="The list is imported")).to_be_visible()
    assert known(organization) == (500, 45)
    page.get_by_role("link", name="Look at the people").click()
    expect(page.get_by_text("500 people").first).to_be_visible()


def test_the_search_answers_while_one_types(visit: Visit) -> None:
    organization = make_organization()
    make_member(organization)
    people_ids(organization)
    page = visit()
    sign_in(page)
    page.goto("/people/")
    page.get_by_label("Name, number or address").fill("nobody")
    expect(page.get_by_text("Nobody fits.")).to_be_visible()
    page.get_by_label("Name, number or address").fill("wu")
    expect(page.get_by_role("link", name="Wu Lan")).to_be_visible()


def test_the_tree_is_changed_by_keyboard(visit: Visit) -> None:
    organization = make_organization()
    make_member(organization)
    people_ids(organization)
    page = visit()
    sign_in(page)
    page.goto(reverse("surveys:units"))
    page.get_by_label("Name in English").focus()
    page.keyboard.type("Team 1")
    page.get_by_label("Code").focus()
    page.keyboard.type("T1")
    page.get_by_label("Belongs to").focus()
    page.keyboard.type("Sales")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add the unit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Team 1")).to_be_visible()
    page.get_by_role("link", name="Team 1").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove the unit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The unit is removed; its people stay.")).to_be_visible()
    assert known(organization) == (1, 1)


def test_a_large_list_reports_by_itself(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "AT_ONCE", 0)
    organization = make_organization()
    make_member(organization)
    page = visit()
    sign_in(page)
    page.goto(reverse("surveys:new-people-list"))
    path = tmp_path / "people.csv"
    path.write_text("number\n1\n2\n")
    page.get_by_label("List of people").set_input_files(path)
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    run_waiting_jobs()
    expect(page.get_by_role("button", name="Import these people")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [
        (360, "zh-hans", False),
        pytest.param(1280, "en", False, marks=pytest.mark.long),
        pytest.param(360, "en", True, marks=pytest.mark.long),
    ],
)
def test_every_page_fits_and_axe_finds_nothing_serious(
    visit: Visit, width: int, language: str, dark: bool
) -> None:
    addresses = furnished()
    page = visit(width=width, language=language, dark=dark)
    sign_in(page)
    for name, address in addresses.items():
        page.goto(address)
        assert overflow(page) <= 0, name
        assert page.locator("h1").count() == 1, name
        assert serious_findings(page) == [], name


def furnished() -> dict[str, str]:
    """A list in the middle of being checked, a long tree; addresses by name."""
    organization = make_organization()
    make_member(organization)
    ids = people_ids(organization)
    rows = [
        f"{n},p{n}@example.org,Person {n},{'总部 / 大客户与渠道销售部 / 第' if n % 2 else 'HQ / A long name of a division / Team '}{n % 9},Kiel"
        for n in range(1, 120)
    ]
    rows += ["900,nobody@example,=x,,", '901,"lost']
    data = "\n".join(["Number,E-mail,Name,Unit,Site", *rows]).encode()
    with organization_scope(organization.pk):
        made = [_list(organization, data) for _ in range(2)]
        assert lists.request_import(made[0], at=made[0].uploaded_at)
    return {
        "people": "/people/",
        "found": "/people/?text=nobody+at+all",
        "new-person": reverse("surveys:new-person"),
        "person": reverse("surveys:person", args=[ids["participant_id"]]),
        "remove": reverse("surveys:remove-person", args=[ids["participant_id"]]),
        "units": reverse("surveys:units"),
        "unit": reverse("surveys:unit", args=[ids["unit_id"]]),
        "attributes": reverse("surveys:attributes"),
        "attribute": reverse("surveys:attribute", args=[ids["attribute_id"]]),
        "new-list": reverse("surveys:new-people-list"),
        "uploaded": reverse("surveys:people-list", args=[ids["list_id"]]),
        "checked": reverse("surveys:people-list", args=[made[1].pk]),
        "done": reverse("surveys:people-list", args=[made[0].pk]),
    }


def _list(organization: Organization, data: bytes) -> PeopleList:
    made = lists.upload(
        organization=organization,
        filename="All people of the company, as of the first of November.csv",
        size=len(data),
        chunks=[data],
        at=timezone.now(),
    )
    lists.request_check(made, at=timezone.now())
    return made
