"""Experts rate the items behind a link; the owner sees agreement and releases it."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from surveys.experts import item_codes
from surveys.models import (
    ContentReview,
    EvidenceLine,
    ExpertRating,
    Organization,
    QuestionnaireVersion,
)
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    make_member,
    make_organization,
    make_rating,
    make_review,
    publish_library,
    signed_in,
)


@pytest.fixture
def version(database: None) -> QuestionnaireVersion:
    return next(one for one in publish_library() if one.code == "TBE")


@pytest.fixture
def review(organization: Organization, version: QuestionnaireVersion) -> ContentReview:
    return make_review(organization, version)


def link(review: ContentReview) -> str:
    return reverse("surveys:expert", args=[review.pk])


def owners_page(review: ContentReview) -> str:
    return reverse("analytics:review", args=[review.pk])


def sent(version: QuestionnaireVersion, **changed: Any) -> dict[str, Any]:
    """What a filled-in form sends: every item quite relevant."""
    codes = item_codes(version.questionnaire())
    ratings = {f"relevance_{code}": "3" for code in codes}
    person = {"expert": "Dr. Lin", "expertise": "Work psychology"}
    return {"key": str(uuid4()), **person, **ratings, **changed}


def text_of(client: Client, address: str, **headers: str) -> str:
    reply = client.get(address, headers=headers)
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def ratings_of(review: ContentReview) -> list[ExpertRating]:
    with organization_scope(review.organization_id):
        return list(ExpertRating.objects.order_by("given_at", "id"))


def lines_of(organization: Organization) -> list[EvidenceLine]:
    with organization_scope(organization.pk):
        return list(EvidenceLine.objects.all())


# --- the form behind the link


def test_an_expert_sees_items_with_dimension_and_definition(
    review: ContentReview, version: QuestionnaireVersion
) -> None:
    page = text_of(Client(), link(review))
    scale = version.questionnaire().scales[0]
    for expected in (
        scale.name.en,
        scale.description.en,
        scale.items[0].facet.en,
        "I cannot judge",
        'name="relevance_T1"',
        "worded the other way round",
    ):
        assert expected in page
    assert "{referent}" not in page


def test_the_page_is_in_both_languages_and_the_items_in_the_rated_one(
    organization: Organization, version: QuestionnaireVersion
) -> None:
    review = make_review(organization, version, "zh-hans")
    item = version.questionnaire().items[0]
    piece = item.text.zh_hans.split("}")[-1][:6]
    english = text_of(Client(), link(review))
    assert "Do these items belong here?" in english
    assert piece in english
    chinese = text_of(Client(), link(review) + "?language=zh-hans")
    assert '<html lang="zh-Hans">' in chinese
    assert piece in chinese


def test_ratings_are_stored_once_and_thanked_for(
    review: ContentReview, version: QuestionnaireVersion
) -> None:
    client = Client()
    given = sent(version, relevance_T2="0", remark_T1="Clear.")
    reply = client.post(link(review), given)
    assert reply.status_code == 303
    assert "your ratings were received" in text_of(client, reply["Location"])
    client.post(link(review), given)
    (rating,) = ratings_of(review)
    assert rating.relevance[:3] == [3, 0, 3]
    assert rating.comments == {"T1": "Clear."}
    assert (rating.expert, rating.expertise) == ("Dr. Lin", "Work psychology")


def test_two_clicks_at_once_are_one_rating(
    review: ContentReview, version: QuestionnaireVersion
) -> None:
    given = sent(version)
    statuses = []

    def click() -> None:
        statuses.append(Client().post(link(review), given).status_code)
        connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303, 303]
    assert len(ratings_of(review)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"relevance_T1": ""},
        {"relevance_T1": "5"},
        {"relevance_T1": "x"},
        {"expert": " "},
        {"expertise": ""},
        {"expert": "x" * 201},
        {"remark_T1": "x" * 1001},
        {"key": "no key"},
    ],
    ids=str,
)
def test_a_form_with_a_gap_stores_nothing_and_keeps_what_was_said(
    review: ContentReview, version: QuestionnaireVersion, wrong: dict[str, str]
) -> None:
    reply = Client().post(link(review), sent(version, remark_T2="Kept.") | wrong)
    assert reply.status_code == 200
    page = reply.content.decode()
    assert "Nothing was stored yet" in page
    assert "Kept." in page
    assert ratings_of(review) == []


def test_the_language_is_switched_without_losing_anything(
    review: ContentReview, version: QuestionnaireVersion
) -> None:
    given = sent(version, remark_T1="Kept.", switch="zh-hans")
    reply = Client().post(link(review), given)
    page = reply.content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "Kept." in page
    assert page.count("checked") == len(item_codes(version.questionnaire()))
    assert given["key"] in page
    assert "errorlist" not in page
    assert ratings_of(review) == []


def test_remarks_are_shown_as_text(
    review: ContentReview, version: QuestionnaireVersion, owner: Client
) -> None:
    Client().post(link(review), sent(version, remark_T1="<script>alert(1)</script>"))
    page = text_of(owner, owners_page(review))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_closed_round_says_so_and_stores_nothing(
    review: ContentReview, version: QuestionnaireVersion, owner: Client
) -> None:
    owner.post(reverse("surveys:close-review", args=[review.pk]))
    assert "This round is closed" in text_of(Client(), link(review))
    reply = Client().post(link(review), sent(version))
    assert "nothing was stored now" in reply.content.decode()
    assert ratings_of(review) == []


def test_a_round_takes_a_limited_number(
    review: ContentReview,
    version: QuestionnaireVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("surveys.experts.MOST_RATINGS", 1)
    Client().post(link(review), sent(version))
    reply = Client().post(link(review), sent(version))
    assert "This round is closed" in reply.content.decode()
    assert len(ratings_of(review)) == 1


def test_an_address_that_is_no_round_is_not_found(
    version: QuestionnaireVersion,
) -> None:
    for name in ("surveys:expert", "surveys:expert-thanks"):
        address = reverse(name, args=[uuid4()])
        assert Client().get(address).status_code == 404
        assert Client().post(address).status_code in {404, 405}


def test_a_link_opens_its_own_round_alone(
    review: ContentReview, version: QuestionnaireVersion
) -> None:
    other = make_review(make_organization("Hill Coffee"), version)
    Client().post(link(other), sent(version))
    assert ratings_of(review) == []
    assert len(ratings_of(other)) == 1


# --- the owner's side


def test_an_owner_opens_a_round_from_the_dossier(
    organization: Organization, version: QuestionnaireVersion, owner: Client
) -> None:
    address = reverse("surveys:open-review", args=[version.pk])
    reply = owner.post(address, {"language": "zh-hans"})
    with organization_scope(organization.pk):
        review = ContentReview.objects.get()
    assert reply["Location"] == owners_page(review)
    assert (review.language, review.item_count) == ("zh-hans", 20)
    page = text_of(owner, owners_page(review))
    assert link(review) in page
    assert "Nobody has rated yet." in page
    assert "at least 2 people; there are 0" in page
    dossier = text_of(owner, reverse("surveys:dossier", args=[version.pk]))
    assert owners_page(review) in dossier


@pytest.mark.parametrize("language", ["", "fr"])
def test_a_round_is_in_a_language_of_the_questionnaire(
    organization: Organization,
    version: QuestionnaireVersion,
    owner: Client,
    language: str,
) -> None:
    address = reverse("surveys:open-review", args=[version.pk])
    owner.post(address, {"language": language})
    with organization_scope(organization.pk):
        assert not ContentReview.objects.exists()


def test_agreement_is_shown_for_every_item(
    review: ContentReview, owner: Client
) -> None:
    for k in range(5):
        make_rating(review, expert=f"Expert {k}")
    make_rating(review, expert="Doubter", relevance=[1] + [4] * 19)
    page = text_of(owner, owners_page(review))
    assert "6 experts: S-CVI/Ave 0.99, S-CVI/UA 0.95." in page
    assert ">0.83<" in page
    assert ">0.82<" in page  # kappa of five of six, unrounded .816


def test_an_excluded_rating_does_not_count_and_stays(
    review: ContentReview, owner: Client
) -> None:
    for k in range(2):
        make_rating(review, expert=f"Expert {k}")
    stranger = make_rating(review, expert="Stranger", relevance=1)
    address = reverse("surveys:exclude-rating", args=[stranger.pk])
    assert "S-CVI/Ave 0.67" in text_of(owner, owners_page(review))
    owner.post(address)
    page = text_of(owner, owners_page(review))
    assert "S-CVI/Ave 1.00" in page
    assert "Stranger" in page
    owner.post(address)
    assert "S-CVI/Ave 0.67" in text_of(owner, owners_page(review))


def test_a_closed_round_climbs_to_e1_once(
    organization: Organization,
    version: QuestionnaireVersion,
    review: ContentReview,
    owner: Client,
) -> None:
    for k in range(6):
        make_rating(review, expert=f"Expert {k}")
    release = reverse("analytics:release-review", args=[review.pk])
    owner.post(release)
    assert lines_of(organization) == []  # it is still open
    owner.post(reverse("surveys:close-review", args=[review.pk]))
    reply = owner.post(release)
    dossier = reverse("surveys:dossier", args=[version.pk])
    assert reply["Location"] == dossier
    owner.post(release)
    (line,) = lines_of(organization)
    assert (line.kind, line.source, line.language) == ("content", "content", "en")
    assert line.figures["experts"] == 6
    assert line.figures["least_i_cvi"] == 1.0
    assert line.figures["i_cvi"]["T1"] == 1.0
    page = text_of(owner, dossier)
    assert "English: E1" in page
    assert "Chinese: E0" in page
    assert "Expert 0" not in page  # names stay in the round


def test_an_item_that_few_could_judge_decides(
    organization: Organization, review: ContentReview, owner: Client
) -> None:
    for k in range(6):
        first = 0 if k < 2 else 4
        make_rating(review, expert=f"Expert {k}", relevance=[first] + [4] * 19)
    owner.post(reverse("surveys:close-review", args=[review.pk]))
    owner.post(reverse("analytics:release-review", args=[review.pk]))
    (line,) = lines_of(organization)
    assert line.figures["experts"] == 4


def test_a_round_without_ratings_is_not_released(
    organization: Organization, review: ContentReview, owner: Client
) -> None:
    owner.post(reverse("surveys:close-review", args=[review.pk]))
    reply = owner.post(
        reverse("analytics:release-review", args=[review.pk]), follow=True
    )
    assert "at least 2 people" in reply.content.decode()
    assert lines_of(organization) == []


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.FIELDWORKER])
def test_names_of_experts_are_for_owners(
    organization: Organization, review: ContentReview, role: Role
) -> None:
    client = signed_in(make_member(organization, email="a@example.org", role=role))
    assert client.get(owners_page(review)).status_code == 403
    for name in ("surveys:close-review", "analytics:release-review"):
        assert client.post(reverse(name, args=[review.pk])).status_code == 403
