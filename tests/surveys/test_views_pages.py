"""What the owner's pages show, to whom, and with how many queries."""

from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import QuestionnaireVersion, Survey, User
from surveys.models.people import Role
from tests.factories import (
    PASSWORD,
    make_analysis,
    make_member,
    make_organization,
    make_responses,
    make_survey,
    make_version,
    make_wave,
    publish_library,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("database")

RESULT: dict[str, Any] = {"status": "done", "result": "{}", "input_sha256": "0" * 64}


def text_of(client: Client, address: str, *, language: str = "en") -> str:
    reply = client.get(address, headers={"Accept-Language": language})
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def library_version(code: str) -> QuestionnaireVersion:
    return next(version for version in publish_library() if version.code == code)


def test_a_stranger_is_sent_to_the_sign_in_page_and_back() -> None:
    make_member()
    client = Client()
    reply = client.get("/library/")
    assert reply["Location"] == "/sign-in/?next=/library/"
    credentials = {"login": "owner@example.org", "password": PASSWORD}
    reply = client.post(reply["Location"], {**credentials, "next": "/library/"})
    assert reply["Location"] == "/library/"


def test_a_stranger_who_posts_comes_back_to_the_list() -> None:
    wave = make_wave()
    reply = Client().post(reverse("surveys:close-wave", args=[wave.pk]))
    assert reply["Location"] == "/sign-in/?next=/"


def test_a_fragment_of_somebody_signed_out_loads_its_page_again() -> None:
    address = reverse("analytics:report", args=[make_wave().pk])
    reply = Client().get(address, headers={"HX-Request": "true"})
    assert reply["HX-Refresh"] == "true"


def test_a_wrong_password_says_so_and_keeps_the_address() -> None:
    make_member()
    reply = Client().post(
        "/sign-in/", {"login": "owner@example.org", "password": "wrong"}
    )
    page = reply.content.decode()
    assert 'role="alert"' in page
    assert 'value="owner@example.org"' in page


def test_too_many_attempts_are_refused_in_both_languages() -> None:
    make_member()
    client = Client(REMOTE_ADDR="192.0.2.77")
    for _ in range(40):
        reply = client.post("/sign-in/", {"login": "x@example.org", "password": "y"})
        if reply.status_code == 429:
            break
    page = reply.content.decode()
    assert "Too many attempts" in page
    assert "尝试次数过多" in page


def test_signing_out_asks_first() -> None:
    client = signed_in(make_member())
    assert "owner@example.org" in text_of(client, "/sign-out/")
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_an_empty_list_says_what_to_do() -> None:
    page = text_of(signed_in(make_member()), "/")
    assert "No survey yet" in page
    assert reverse("surveys:new") in page


def test_the_list_shows_waves_answers_and_the_last_report() -> None:
    organization = make_organization()
    wave = make_wave(make_survey(organization, simulated=True))
    make_responses(wave, 3)
    make_analysis(wave, **RESULT)
    page = text_of(signed_in(make_member(organization)), "/")
    for expected in (
        "Trust in Harbour Tea",
        "open link",
        "simulated answers",
        "3 answers",
        "Report of Jan. 15, 2026",
    ):
        assert expected in page


def test_the_list_speaks_the_readers_language() -> None:
    organization = make_organization()
    make_survey(organization)
    client = signed_in(make_member(organization))
    page = text_of(client, "/", language="zh-CN")
    assert "我们信任港湾茶吗" in page
    assert '<html lang="zh-Hans">' in page


def test_the_language_switch_keeps_the_page() -> None:
    client = signed_in(make_member())
    reply = client.post(
        "/language/setlang/", {"language": "zh-hans", "next": "/library/"}
    )
    assert reply["Location"] == "/library/"
    assert '<html lang="zh-Hans">' in text_of(client, "/library/")


def test_counts_of_an_open_wave_are_shown_for_open_links_only() -> None:
    organization = make_organization()
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_responses(make_wave(survey), 3)
    client = signed_in(make_member(organization))
    for address in ("/", reverse("surveys:survey", args=[survey.pk])):
        page = text_of(client, address)
        assert "3 answers" not in page
        assert "Answers (CSV)" not in page


def test_the_library_names_dimensions_length_and_evidence() -> None:
    publish_library()
    page = text_of(signed_in(make_member()), "/library/")
    for expected in (
        "Trust-Building Elements Scale",
        "Emotional connection",
        "20 items",
        "E0 · theory-mapped draft, not validated",
        "Outcome packs",
    ):
        assert expected in page


def test_an_empty_library_says_how_to_fill_it() -> None:
    assert "load_library" in text_of(signed_in(make_member()), "/library/")


def test_an_instrument_shows_every_item_in_both_languages() -> None:
    version = library_version("TBE")
    address = reverse("surveys:instrument", args=[version.pk])
    page = text_of(signed_in(make_member()), address)
    assert "This brand explains the reasons behind decisions that affect me." in page
    assert "对我有影响的决定，该品牌会说明理由。" in page
    assert page.count('role="row"') == 20 + 5
    for expected in ("Theory", "Known risks", "have not read the items", "CC BY 4.0"):
        assert expected in page
    assert f"{reverse('surveys:new')}?questionnaire={version.pk}" in page


def test_an_analyst_reads_the_library_but_makes_no_survey() -> None:
    version = library_version("OUT-C")
    client = signed_in(make_member(role=Role.ANALYST))
    page = text_of(client, reverse("surveys:instrument", args=[version.pk]))
    assert "Start a survey" not in page
    assert client.get(reverse("surveys:new")).status_code == 403


def test_the_survey_page_shows_what_it_asks_and_how_to_share_it() -> None:
    organization = make_organization()
    wave = make_wave(make_survey(organization))
    client = signed_in(make_member(organization))
    page = text_of(client, reverse("surveys:survey", args=[wave.survey_id]))
    link = f"http://testserver/s/{wave.pk}/"
    for expected in (
        "29 items",
        "trust in this brand",
        "E0 · theory-mapped draft, not validated",
        f'value="{link}"',
        "<title>QR code of the link to this survey</title>",
        "Preview the analysis",
        "Close the wave",
    ):
        assert expected in page
    assert "Open the next wave" not in page


def test_a_closed_survey_shows_no_link() -> None:
    organization = make_organization()
    survey = make_survey(organization)
    wave = make_wave(survey)
    client = signed_in(make_member(organization))
    client.post(reverse("surveys:close-wave", args=[wave.pk]))
    page = text_of(client, reverse("surveys:survey", args=[survey.pk]))
    assert f"/s/{wave.pk}/" not in page
    assert "Open the next wave" in page
    assert "Start the analysis" in page


@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        (Role.OWNER, ["close/", "analyse/", "codebook.csv", "report/"], []),
        (Role.ANALYST, ["analyse/", "codebook.csv", "report/"], ["close/"]),
        (Role.AUDITOR, ["report/"], ["close/", "analyse/", "codebook.csv"]),
        (Role.FIELDWORKER, ["close/"], ["analyse/", "codebook.csv", "report/"]),
    ],
)
def test_each_role_is_offered_what_it_may_do(
    role: Role, seen: list[str], unseen: list[str]
) -> None:
    organization = make_organization()
    wave = make_wave(make_survey(organization))
    client = signed_in(make_member(organization, role=role))
    page = text_of(client, reverse("surveys:survey", args=[wave.survey_id]))
    for action in seen:
        assert f"/waves/{wave.pk}/{action}" in page
        assert client.get(f"/waves/{wave.pk}/{action}").status_code in {200, 405}
    for action in unseen:
        assert f"/waves/{wave.pk}/{action}" not in page
        # with the method of the action, the role decides
        post = client.post if action in {"close/", "analyse/"} else client.get
        assert post(f"/waves/{wave.pk}/{action}").status_code == 403


def test_a_manager_without_units_is_told_why() -> None:
    reply = signed_in(make_member(role=Role.MANAGER)).get("/", follow=True)
    assert reply.redirect_chain == [("/reports/", 302)]
    assert "There is no report of your units yet" in reply.content.decode()


def test_somebody_without_organization_is_told_so() -> None:
    user = User.objects.create_user("new@example.org", PASSWORD)
    reply = signed_in(user).get("/")
    assert reply.status_code == 403
    assert "You belong to no organization yet" in reply.content.decode()


def test_an_unknown_page_helps_in_both_languages() -> None:
    reply = signed_in(make_member()).get("/nowhere/")
    assert reply.status_code == 404
    assert "This page does not exist" in reply.content.decode()
    assert "没有这个页面" in reply.content.decode()


@pytest.mark.parametrize("name", ["403.html", "404.html", "429.html", "500.html"])
def test_a_refusal_needs_nothing_that_may_be_broken(name: str) -> None:
    """No request, no language, no user: it is shown when these have failed."""
    page = render_to_string(name)
    assert page.count("<h1>") == 1
    assert '<p lang="zh-Hans">' in page


def test_pages_are_not_kept_by_the_browser() -> None:
    reply = signed_in(make_member()).get("/")
    assert "no-store" in reply["Cache-Control"]


def test_titles_cannot_bring_markup() -> None:
    organization = make_organization()
    make_survey(organization, title_en="<script>alert(1)</script>")
    page = text_of(signed_in(make_member(organization)), "/")
    assert "<script>alert" not in page


def test_an_organization_reads_its_own_questionnaires() -> None:
    organization = make_organization()
    version = make_version(organization)
    client = signed_in(make_member(organization))
    page = text_of(client, "/library/")
    assert reverse("surveys:instrument", args=[version.pk]) in page


# Seven stand around each: session, user, BEGIN, member, membership, organization,
# COMMIT.
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("surveys:list", 7 + 2),
        ("surveys:library", 7 + 3),
        ("surveys:new", 7 + 4),
        ("surveys:instrument", 7 + 3),
        ("surveys:survey", 7 + 6),
        ("surveys:wave", 7 + 6),
        ("surveys:close-wave", 7 + 1),
        ("surveys:codebook", 7 + 1),
        ("analytics:report", 7 + 3),
    ],
)
def test_a_page_needs_as_many_queries_however_much_it_shows(
    name: str, queries: int
) -> None:
    organization = make_organization()
    version = library_version("TBE")
    wave = make_wave(make_survey(organization))
    for _ in range(3):
        make_responses(make_wave(make_survey(organization)), 1)
    key = {
        "surveys:instrument": version.pk,
        "surveys:survey": wave.survey_id,
        "surveys:list": None,
        "surveys:library": None,
        "surveys:new": None,
    }.get(name, wave.pk)
    client = signed_in(make_member(organization))
    address = reverse(name, args=[key] if key else [])
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) == queries, [q["sql"] for q in captured]
