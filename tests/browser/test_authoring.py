"""A questionnaire written in a real browser: width, contrast, keyboard, without JS."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.models import Organization, QuestionnaireDraft
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization, publish_library

Visit = Callable[..., Page]
EVERY_KIND = Path(__file__).parent.parent / "surveys" / "every_kind.yaml"


def upload(page: Page, code: str) -> None:
    """Begin a questionnaire with one part of every kind, from its file."""
    page.goto("/drafts/new/")
    way = page.locator("#file")
    way.locator("input[type=file]").set_input_files(EVERY_KIND)
    way.locator("input[name=file-code]").fill(code)
    way.locator("button").click()
    page.wait_for_url(lambda address: "/new/" not in address)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_questionnaire_is_written_and_published(
    visit: Visit, javascript: bool
) -> None:
    publish_library()
    organization = make_organization()
    make_member(organization)
    page = visit(javascript=javascript)
    sign_in(page)
    page.goto("/drafts/")
    page.get_by_role("link", name="Write a questionnaire").click()
    blank = page.locator("#blank")
    blank.get_by_label("Code").fill("TEA")
    blank.get_by_label("Name in English").fill("Trust in our tea")
    blank.get_by_label("Name in Chinese").fill("对我们的茶的信任")
    blank.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trust in our tea")

    page.get_by_role("link", name="Edit A", exact=True).click()
    scale = page.locator("[id='scale.A']")
    scale.get_by_role("group", name="Name").get_by_label("English").fill("Reliance")
    scale.get_by_role("group", name="Name").get_by_label("Chinese").fill("依赖")
    scale.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Add an item A").click()
    wording = page.get_by_role("group", name="Wording")
    wording.get_by_label("English").fill("{Referent} keeps its promises to me.")
    page.get_by_role("button", name="Save", exact=True).click()
    # the Chinese is missing: it is stored, and said beside the item
    item = page.locator("[id='item.A1']")
    expect(item).to_contain_text("Chinese: The wording is blank; write it.")
    page.get_by_role("link", name="Edit A1").click()
    wording = page.get_by_role("group", name="Wording")
    wording.get_by_label("Chinese").fill("{referent}信守对我的承诺。")
    page.get_by_role("button", name="Save and write the next").click()
    wording = page.get_by_role("group", name="Wording")
    wording.get_by_label("English").fill("{Referent} helps me when a delivery is late.")
    wording.get_by_label("Chinese").fill("送货延误时，{referent}会帮助我。")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Add many items at once").click()
    page.locator("#lines-A-en").fill("I would buy from {referent} without checking.")
    page.locator("#lines-A-zh-hans").fill("不用核对，我也愿意向{referent}购买。")
    page.get_by_role("button", name="Add these items").click()
    expect(page.locator("[id='item.A3']")).to_contain_text("不用核对")
    page.get_by_role("button", name="Up A3").click()
    codes = page.locator("[id='scale.A'] .parts h4")
    expect(codes).to_have_text(["A1", "A3", "A2"])

    page.get_by_role("link", name="Preview in Chinese").click()
    expect(
        page.get_by_text("该企业信守对我的承诺。")
        .or_(page.get_by_text("信守对我的承诺。"))
        .first
    ).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    page.goto("/surveys/new/")
    expect(page.get_by_text("Trust in our tea").first).to_be_visible()


def test_a_stale_tab_is_shown_both_versions(visit: Visit) -> None:
    organization = make_organization()
    make_member(organization)
    page = visit(network_fails=True)  # the refusal is a 409
    sign_in(page)
    upload(page, "EK")
    address = reverse("surveys:draft", args=[_only_draft(organization).pk])
    page.goto(f"{address}?edit=item.T1")
    other = page.context.new_page()
    other.goto(f"{address}?edit=item.T1")
    wording = other.get_by_role("group", name="Wording", exact=True)
    wording.get_by_label("English").fill("{Referent} keeps every promise.")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator("[id='item.T1']")).to_contain_text("keeps every promise")

    wording = page.get_by_role("group", name="Wording", exact=True)
    wording.get_by_label("English").fill("{Referent} does as agreed.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing of yours was stored yet")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.locator(".stored")).to_have_text(["{Referent} keeps every promise."])
    wording = page.get_by_role("group", name="Wording", exact=True)
    expect(wording.get_by_label("English")).to_have_value("{Referent} does as agreed.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[id='item.T1']")).to_contain_text("does as agreed")


def _only_draft(organization: Organization) -> QuestionnaireDraft:
    with organization_scope(organization.pk):
        return QuestionnaireDraft.objects.get()


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(360, True, "zh-hans"), pytest.param(1280, False, "en", marks=pytest.mark.long)],
)
def test_every_page_of_a_draft_fits_and_can_be_used_by_everybody(
    visit: Visit, width: int, dark: bool, language: str
) -> None:
    publish_library()
    organization = make_organization()
    make_member(organization)
    page = visit(width=width, dark=dark, language=language)
    sign_in(page)
    upload(page, "EK")
    draft = reverse("surveys:draft", args=[_only_draft(organization).pk])
    parts = ("about", "item.B5", "scale.P", "format.agreement", "form.owner")
    addresses = [
        "/drafts/",
        "/drafts/new/",
        draft,
        *(f"{draft}?edit={part}" for part in parts),
        f"{draft}?edit=new.format.number",
        f"{draft}?delete=item.T1",
        f"{draft}publish/",
        f"{draft}delete/",
        f"{draft}preview/{language}/",
    ]
    for address in addresses:
        page.goto(address)
        assert overflow(page) <= 0, address
        assert page.locator("h1").count() == 1, address
        assert serious_findings(page) == [], address
