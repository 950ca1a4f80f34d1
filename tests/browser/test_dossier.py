"""Experts, a release and the dossier in a real browser, without JavaScript as well."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.models import ContentReview, Organization, QuestionnaireVersion
from surveys.tenancy import organization_scope
from tests.analytics.test_dossier import analysed, closed_wave
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import (
    make_evidence,
    make_member,
    make_organization,
    make_rating,
    make_review,
    publish_library,
)

Visit = Callable[..., Page]
SCALES = ["T", "C", "A", "H", "E"]
DESCRIBED = {
    "en": {
        "who": "Customers of three tea shops, 18 to 70 years old, two thirds women",
        "where": "Hangzhou and Chengdu",
        "when": "March to May 2026",
        "recruited": "Asked at the till, one in four agreed",
    },
    "zh-hans": {
        "who": "三家茶店的顾客，18至70岁，三分之二为女性",
        "where": "杭州与成都",
        "when": "2026年3月至5月",
        "recruited": "结账时邀请，四人中一人同意",
    },
}


def furnished(organization: Organization, version: QuestionnaireVersion) -> None:
    """Put a line of every kind into the dossier."""
    wave = closed_wave(organization)
    sample = {"part": "whole", "independent": True, "described": DESCRIBED, "n": 412}

    def line(kind: str, figures: dict[str, Any], release: UUID, **more: Any) -> None:
        described = {**sample, "release": str(release)}
        values = {"sample": described, "wave": wave, **more}
        make_evidence(organization, version, kind, figures=figures, **values)

    answers = uuid4()
    line("pilot", {"n": 412, "n_complete": 391}, answers)
    ends = {"alpha_low": 0.84, "alpha_high": 0.9, "omega_low": 0.85, "omega_high": 0.9}
    for scale in SCALES:
        figures = {"n": 405, "n_items": 4, "alpha": 0.871, "omega": 0.88, **ends}
        line("reliability", figures, answers, scale=scale)
    fit = {"chi2": 311.2, "df": 160, "cfi": 0.981, "tli": 0.974, "rmsea": 0.049}
    named = {"model": "correlated", "estimator": "ML", "scales": SCALES}
    line("structure", {"n": 391, "srmr": 0.031, **fit, **named}, answers)
    outcome = {"en": "Repurchase intention", "zh-hans": "再次购买意愿"}
    r = {"r": 0.52, "r_low": 0.44, "r_high": 0.59, "design": "same time"}
    line("relation", {"n": 402, "outcome_name": outcome, **r}, answers, scale="T")
    alike = {"verdict": "partial_scalar", "n": {"en": 391, "zh-hans": 255}}
    drift = {"drifting": ["TBE.T2", "TBE.A3", "TBE.H1"], "scales": SCALES}
    line("invariance", {**alike, **drift}, answers, language="")
    read = "Two items were read as questions about the price and were reworded."
    line("interviews", {"n": 12}, uuid4(), wave=None, note=read)
    norm = {"n": 405, "mean": 4.83, "sd": 1.12}
    line("norms", norm, uuid4(), wave=None, scale="T")
    content = {"experts": 5, "items": 20, "least_i_cvi": 0.8, "s_cvi_ave": 0.96}
    more = {"s_cvi_ua": 0.85, "least_kappa": 0.763}
    fields = {"n": 5, "fields": ["Work psychology", "Market research"]}
    line("content", {**content, **more}, uuid4(), wave=None, sample=fields)


def elements() -> QuestionnaireVersion:
    return next(one for one in publish_library() if one.code == "TBE")


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [
        pytest.param(360, True, "en", marks=pytest.mark.long),
        (360, False, "zh-hans"),
        pytest.param(1280, False, "en", marks=pytest.mark.long),
    ],
)
def test_every_page_fits_and_can_be_used_by_everybody(
    visit: Visit, width: int, dark: bool, language: str
) -> None:
    version, organization = elements(), make_organization()
    make_member(organization)
    furnished(organization, version)
    review = make_review(organization, version)
    for k in range(3):
        make_rating(review, expert=f"Expert {k}", relevance=[2 + k % 3] * 20)
    analysis = analysed(closed_wave(organization))
    page = visit(width=width, dark=dark, language=language)
    sign_in(page)
    entered = [
        reverse("surveys:enter-line", kwargs={"version_id": version.pk, "kind": kind})
        for kind in ("interviews", "norms", "study")
    ]
    for address in (
        reverse("surveys:dossier", args=[version.pk]),
        reverse("analytics:release-lines", args=[analysis.pk]),
        reverse("analytics:review", args=[review.pk]),
        reverse("surveys:expert", args=[review.pk]),
        reverse("surveys:expert-thanks", args=[review.pk]),
        *entered,
    ):
        page.goto(address)
        assert overflow(page) <= 0, address
        assert page.locator("h1").count() == 1, address
        assert serious_findings(page) == [], address


@pytest.mark.parametrize("javascript", [True, False])
def test_an_expert_rates_and_the_owner_releases(visit: Visit, javascript: bool) -> None:
    version, organization = elements(), make_organization()
    make_member(organization)
    owner = visit(javascript=javascript)
    sign_in(owner)
    owner.goto(reverse("surveys:dossier", args=[version.pk]))
    owner.get_by_role("button", name="Open a round in English").click()
    link = owner.get_by_label("Link to the round").input_value()

    expert = visit(width=360, javascript=javascript)
    expert.goto(link)
    # the last item is forgotten: nothing is lost
    for item in expert.locator(".item:has(.relevances)").all()[:-1]:
        item.get_by_label("4 highly relevant").check()
    expert.get_by_label("Your name").fill("Dr. Lin")
    expert.get_by_label("Your field and experience").fill("Work psychology")
    expert.get_by_role("button", name="Send the ratings").click()
    expect(expert.get_by_role("alert")).to_be_visible()
    assert expert.locator(".item.wrong").count() == 1
    expert.get_by_role("button", name="中文").click()
    assert expert.locator("input:checked").count() == 19
    expert.get_by_role("button", name="English").click()
    expert.locator(".item:has(.relevances)").last.get_by_label("2 somewhat").check()
    expert.get_by_role("button", name="Send the ratings").click()
    expect(expert.locator("h1")).to_have_text("Thank you, your ratings were received")

    for k in range(6):
        make_rating(review_behind(organization, link), expert=f"Expert {k}")
    owner.reload()
    expect(owner.get_by_text("7 experts: S-CVI/Ave 0.99")).to_be_visible()
    owner.get_by_role("button", name="Close the round").click()
    owner.get_by_role("button", name="Release for the dossier").click()
    expect(owner.get_by_role("link", name="English: E1")).to_be_visible()

    owner.get_by_role("button", name="Withdraw").click()
    expect(owner.get_by_role("link", name="English: E0")).to_be_visible()


def review_behind(organization: Organization, link: str) -> ContentReview:
    with organization_scope(organization.pk):
        return ContentReview.objects.get(pk=UUID(link.rstrip("/").rsplit("/", 1)[-1]))


def test_an_owner_releases_a_report_by_keyboard(visit: Visit) -> None:
    version, organization = elements(), make_organization()
    make_member(organization)
    analysis = analysed(closed_wave(organization))
    page = visit()
    sign_in(page)
    page.goto(reverse("analytics:report", args=[analysis.wave_id]))
    page.get_by_role("link", name="Release for the dossier").press("Enter")
    page.get_by_label("Who they were, in English").fill("Customers")
    page.get_by_role("button", name="Release these lines").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Who they were, in English")).to_have_value("Customers")
    page.get_by_label("Where, in English").fill("Hangzhou")
    page.get_by_label("When, in English").fill("Spring 2026")
    page.get_by_label("How they were found, in English").fill("At the till")
    page.get_by_label("No, all of them are new").press("Space")
    page.get_by_role("button", name="Release these lines").press("Enter")
    expect(page.locator("h1")).to_have_text("Evidence dossier")
    expect(page.get_by_role("link", name="English: E3")).to_be_visible()
    expect(page).to_have_url(
        page.url.split("/library/")[0] + reverse("surveys:dossier", args=[version.pk])
    )
