"""Links and codes to hand out: what is in them, and who gets them."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from surveys.models import Cell, Invitation, Organization, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    make_form,
    make_member,
    make_survey,
    make_wave,
    signed_in,
)
from tests.surveys.promised import cell, cells_of, codes
from tests.surveys.promised import launch as launch_wave

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def wave(organization: Organization) -> Wave:
    """A group with links, and one with codes on paper."""
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    return launch_wave([cell(8), cell(9, printed=True)], survey=survey)


def by_kind(wave: Wave) -> tuple[Cell, Cell]:
    linked, printed = sorted(cells_of(wave), key=lambda one: one.printed)
    return linked, printed


def get(
    organization: Organization, name: str, key: Any, role: Role = Role.OWNER
) -> Any:
    member = make_member(organization, email=f"{role}@example.org", role=role)
    return signed_in(member).get(reverse(f"surveys:{name}", args=[key]))


def test_links_are_a_list_with_the_code_in_the_fragment(
    organization: Organization, wave: Wave
) -> None:
    linked, _ = by_kind(wave)
    reply = get(organization, "codes-csv", linked.pk)
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    start = f"http://testserver/s/{wave.pk}/#"
    assert rows == [["link"], *([start + code] for code in codes(wave, linked))]
    assert "no-store" in reply["Cache-Control"]
    assert "attachment" in reply["Content-Disposition"]


def test_codes_on_paper_are_a_list_and_slips(
    organization: Organization, wave: Wave
) -> None:
    _, printed = by_kind(wave)
    member = signed_in(make_member(organization))
    listed = member.get(reverse("surveys:codes-csv", args=[printed.pk]))
    assert listed.content.decode("utf-8-sig").split() == [
        "code",
        *codes(wave, printed),
    ]
    pdf = member.get(reverse("surveys:codes-pdf", args=[printed.pk])).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    whole = "".join(text.replace("\u200b", "").split())
    assert all(whole.count(code) == 1 for code in codes(wave, printed))


def test_links_are_not_printed(organization: Organization, wave: Wave) -> None:
    linked, _ = by_kind(wave)
    assert get(organization, "codes-pdf", linked.pk).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.FIELDWORKER, 200),
        (Role.ANALYST, 403),
        (Role.AUDITOR, 403),
    ],
)
def test_fieldworkers_and_owners_get_links_and_nobody_else(
    organization: Organization, wave: Wave, role: Role, status: int
) -> None:
    linked, _ = by_kind(wave)
    assert get(organization, "codes-csv", linked.pk, role).status_code == status


def test_the_page_warns_and_offers_what_each_group_has(
    organization: Organization, wave: Wave
) -> None:
    linked, printed = by_kind(wave)
    page = get(organization, "wave", wave.pk).content.decode()
    assert "can open the survey in the people" in page
    assert reverse("surveys:codes-csv", args=[linked.pk]) in page
    assert reverse("surveys:codes-pdf", args=[printed.pk]) in page
    assert reverse("surveys:codes-pdf", args=[linked.pk]) not in page


def test_an_analyst_sees_participation_and_no_links(
    organization: Organization, wave: Wave
) -> None:
    page = get(organization, "wave", wave.pk, Role.ANALYST).content.decode()
    assert "Participation" in page
    assert "codes.csv" not in page


def test_the_fingerprint_is_that_of_the_respondents_page(
    organization: Organization, wave: Wave
) -> None:
    client = signed_in(make_member(organization))
    page = client.get(reverse("surveys:wave", args=[wave.pk])).content.decode()
    words = page.split('class="fingerprint">')[1].split("<")[0]
    assert words.count("-") == 5
    theirs = client.get(f"/s/{wave.pk}/en/", follow=True).content.decode()
    assert words in theirs


def test_codes_of_a_closed_wave_are_gone(
    organization: Organization, wave: Wave
) -> None:
    linked, _ = by_kind(wave)
    with organization_scope(organization.pk):
        Wave.objects.filter(pk=wave.pk).update(state="grace", closed_at=NOW)
    assert get(organization, "codes-csv", linked.pk).status_code == 404


def test_codes_of_people_who_were_invited_are_not_handed_out_as_well(
    organization: Organization, wave: Wave
) -> None:
    linked, _ = by_kind(wave)
    with organization_scope(organization.pk):
        Invitation.objects.create(
            organization=organization,
            wave=wave,
            cell=linked,
            number=3,
            channel=Invitation.Channel.NONE,
        )
    assert get(organization, "codes-csv", linked.pk).status_code == 404
    page = get(organization, "wave", wave.pk, Role.FIELDWORKER).content.decode()
    assert "codes.csv" not in page


def test_the_poster_is_for_open_links(organization: Organization, wave: Wave) -> None:
    opened = make_wave(make_survey(organization))
    client = signed_in(make_member(organization))
    pdf = client.get(reverse("surveys:poster", args=[opened.pk]) + "?language=zh-hans")
    (page,) = PdfReader(io.BytesIO(pdf.content)).pages
    text = "".join(page.extract_text().replace("\u200b", "").split())
    assert "我们信任港湾茶吗" in text
    assert "TrustinHarbourTea" not in text
    assert f"testserver/s/{opened.pk}" in text
    refused = client.get(reverse("surveys:poster", args=[wave.pk]))
    assert refused.status_code == 404
