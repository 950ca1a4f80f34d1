"""The preview shows what respondents see, and takes nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import QuestionnaireVersion
from tests.factories import (
    make_member,
    make_organization,
    make_version,
    publish_library,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def library() -> dict[str, QuestionnaireVersion]:
    return {version.code: version for version in publish_library()}


def shown(
    client: Client, version: QuestionnaireVersion, language: str, **choices: str
) -> str:
    address = reverse("surveys:preview", args=[version.pk, language])
    reply = client.get(address, choices, headers={"Accept-Language": "en"})
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_questionnaire_can_be_seen_in_both_languages(
    owner: Client, library: dict[str, QuestionnaireVersion], language: str
) -> None:
    for version in library.values():
        page = shown(owner, version, language)
        asks = version.questionnaire()
        left_out = asks.forms[0].leave_out if asks.forms else ()
        assert page.count('<span class="number">') == len(asks.items) - len(left_out)
        assert "Preview: nothing is stored." in page


def test_the_questions_are_in_the_language_of_the_address_the_frame_is_not(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    page = shown(owner, library["TBE"], "zh-hans")
    assert '<html lang="zh-Hans">' in page
    assert '<aside class="preview" lang="en"' in page
    assert "对我有影响的决定，该品牌会说明理由。" in page
    assert 'href="../en/"' in page


def test_nothing_can_be_sent(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    page = shown(owner, library["TBE"], "en")
    assert page.count('type="submit"') == 2  # one shows other choices
    assert 'type="submit" disabled' in page
    assert "respondent.js" not in page
    address = reverse("surveys:preview", args=[library["TBE"].pk, "en"])
    assert owner.post(address, {"TBE.T1": "7"}).status_code == 405


def test_length_wording_scale_and_referent_can_be_chosen(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    short = shown(owner, library["ABI"], "en", length="short", referent="supplier")
    assert short.count('<span class="number">') == 8
    assert "The supplier" in short
    assert 'href="../zh-hans/?length=short&amp;referent=supplier"' in short
    prospect = shown(owner, library["ABT"], "en", form="prospect")
    assert prospect.count('<span class="number">') == 17
    scale = shown(owner, library["DAT"], "en", scale="AI")
    assert scale.count('<span class="number">') == 4


def test_choices_that_make_no_form_are_explained_beside_the_whole(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    page = shown(owner, library["OUT-C"], "en", length="short", scale="WOM")
    assert 'role="alert"' in page
    assert page.count('<span class="number">') == 22
    assert 'role="alert"' in shown(owner, library["ABI"], "en", length="endless")


def test_a_wording_of_another_organization_is_not_shown(owner: Client) -> None:
    theirs = make_version(make_organization("Hill Coffee"))
    address = reverse("surveys:preview", args=[theirs.pk, "en"])
    assert owner.get(address).status_code == 404


def test_a_language_that_is_not_there_is_not_shown(owner: Client) -> None:
    organization = make_organization("Hill Coffee")
    version = make_version(organization)
    client = signed_in(make_member(organization, email="hill@example.org"))
    assert client.get(f"/library/{version.pk}/preview/fr/").status_code == 404
