"""Webhooks and business outcomes in a real browser, in both languages."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from analytics import plain
from analytics.criteria import CriteriaFacts, criteria_of
from surveys import actions
from surveys.criteria import files
from surveys.models import (
    Organization,
    Survey,
    WebhookDelivery,
    WebhookEndpoint,
)
from surveys.tenancy import organization_scope
from tests.analytics.driver_samples import everyone, known
from tests.analytics.test_criteria import WINDOW, outcome, yes_no
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import (
    NOW,
    make_form,
    make_member,
    make_organization,
    make_survey,
)
from tests.released import make_release
from tests.surveys.outcome_rows import webhook_ids
from tests.surveys.test_criteria import (
    LIST,
    make_criterion,
    make_customers,
)

Visit = Callable[..., Page]
# where somebody would like to look at the pages
PICTURES = os.environ.get("SCREENSHOTS")
TRIES = [
    {"at": "2026-01-15T12:00:00+00:00", "status": 0, "answer": "no answer in time"},
    {
        "at": "2026-01-15T12:01:00+00:00",
        "status": 503,
        "answer": "Service temporarily unavailable; the request id is 7c1f9e",
    },
]


def stopped_webhook(organization: Organization) -> str:
    """Address of the page of a webhook that was stopped."""
    ids = webhook_ids(organization)
    with organization_scope(organization.pk):
        WebhookEndpoint.objects.update(state="disabled", disabled_at=NOW)
        WebhookDelivery.objects.update(state="failed", log=TRIES, attempts=8)
    return f"/webhooks/{ids['endpoint_id']}/"


def file_on_its_way(organization: Organization) -> str:
    """Address of the page of a file with good rows and broken ones."""
    make_customers(organization, "C-1", "C-2", "C-3")
    make_criterion(organization)
    make_criterion(organization, "SPEND", "number")
    with organization_scope(organization.pk):
        kept = files.upload(
            organization=organization,
            filename="values.csv",
            data=LIST.encode(),
            at=NOW,
        )
    return f"/people/outcomes/files/{kept.pk}/"


def report_with_outcomes(organization: Organization) -> tuple[Survey, str]:
    """A survey of known people, and the address of its report."""
    survey = make_survey(organization, mode=Survey.Mode.IDENTIFIED)
    make_form(survey)
    with organization_scope(organization.pk):
        Survey.objects.filter(pk=survey.pk).update(joins_outcomes=True)
        survey.refresh_from_db()
        wave = actions.open_wave(survey=survey, at=NOW)
    now, report = known()
    values = yes_no()
    found = criteria_of(
        now, report, CriteriaFacts(WINDOW, (outcome(values, earlier=-values + 1),))
    )
    make_release(
        wave,
        {
            "report": json.dumps(report.to_json()),
            "segments": json.dumps(plain.to_plain(everyone())),
            "criteria": json.dumps(plain.to_plain(found)),
        },
    )
    return survey, f"/waves/{wave.pk}/report/"


def looked_at(page: Page, name: str) -> None:
    assert serious_findings(page) == []
    assert overflow(page) <= 0
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    "language", ["zh-hans", pytest.param("en", marks=pytest.mark.long)]
)
def test_every_page_works_for_everybody(
    visit: Visit, database: None, language: str
) -> None:
    organization = make_organization()
    make_member(organization)
    survey, report = report_with_outcomes(organization)
    pages = {
        "webhook": stopped_webhook(organization),
        "webhooks": "/webhooks/",
        "file": file_on_its_way(organization),
        "outcomes": "/people/outcomes/",
        "window": f"/surveys/{survey.pk}/outcomes/",
        "report": report,
    }
    page = visit(language=language)
    sign_in(page)
    for name, address in pages.items():
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address)
            if name == "report":
                found = page.locator("#criteria")
                found.scroll_into_view_if_needed()
                assert page.locator("#criteria ~ h4").count() == 2
            looked_at(page, f"{name}-{width}-{language}")
