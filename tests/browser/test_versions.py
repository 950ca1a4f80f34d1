"""From a newer version to all waves in one file, by keyboard and without JavaScript."""

import csv
from collections.abc import Callable
from uuid import uuid4

from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys import actions
from surveys.definition import Text
from surveys.tenancy import organization_scope
from tests.browser.test_owner_pages import sign_in
from tests.factories import (
    NOW,
    make_member,
    make_organization,
    make_responses,
    make_wave,
    publish_library,
)
from tests.jobs import run_waiting_jobs

Visit = Callable[..., Page]


def test_an_owner_asks_a_newer_version_and_takes_all_waves_home(visit: Visit) -> None:
    library = {(one.code, one.version): one for one in publish_library()}
    organization = make_organization()
    make_member(organization)
    with organization_scope(organization.pk):
        survey = actions.start_survey(
            key=uuid4(),
            organization=organization,
            questionnaire=library["TBE", 1],
            outcomes=[library["OUT-C", 1]],
            title=Text("Trust in our tea", "我们的茶可信吗"),
            referent="brand",
            comment=False,
            at=NOW,
        )
    make_responses(make_wave(survey), 3)
    page = visit(width=360, javascript=False)
    sign_in(page)
    page.goto(reverse("surveys:survey", args=[survey.pk]))
    page.get_by_role("link", name="What changed").press("Enter")
    expect(page.get_by_text("The item SAT3 is new")).to_be_visible()
    page.go_back()

    page.get_by_label("whole, 22 items").press("Space")
    page.get_by_role("button", name="Ask version 2 from the next wave").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("asks version 2")
    expect(page.get_by_text("42 items")).to_be_visible()
    page.get_by_role("link", name="Close the wave").press("Enter")
    page.get_by_role("button", name="Close the wave").press("Enter")
    page.get_by_role("button", name="Open the next wave").press("Enter")

    page.get_by_role("link", name="Export").press("Enter")
    page.get_by_role("button", name="Write the file").press("Enter")
    run_waiting_jobs()
    page.get_by_role("link", name="Load again").click()
    with page.expect_download() as taking:
        page.get_by_role("link", name="Download").press("Enter")
    with taking.value.path().open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    # version 1 did not ask what version 2 does: not shown
    assert {(row["wave"], row["OUT_C_SAT3"]) for row in rows} == {("1", "-3")}
