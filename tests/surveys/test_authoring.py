"""A questionnaire written in the browser: begun, edited, judged, published."""

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import Organization, QuestionnaireDraft, QuestionnaireVersion
from surveys.tenancy import organization_scope
from tests.factories import make_member, signed_in

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def author(organization: Organization) -> Client:
    return signed_in(make_member(organization))


def drafts_of(organization: Organization) -> list[QuestionnaireDraft]:
    with organization_scope(organization.pk):
        return list(QuestionnaireDraft.objects.order_by("code"))


def versions_of(organization: Organization) -> list[QuestionnaireVersion]:
    with organization_scope(organization.pk):
        own = QuestionnaireVersion.objects.filter(organization=organization)
        return list(own.order_by("code", "version"))


def begin(author: Client, code: str = "TEA") -> str:
    """Begin an empty questionnaire; return its address."""
    fields = {
        "way": "blank",
        "blank-code": code,
        "blank-name_en": "Trust in tea",
        "blank-name_zh_hans": "对茶的信任",
    }
    reply = author.post(reverse("surveys:new-draft"), fields)
    assert reply.status_code == 302, reply.content.decode()
    return str(reply["Location"])


def page(author: Client, address: str, **headers: str) -> str:
    reply = author.get(address, headers=headers)
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def test_smoke(author: Client, organization: Organization) -> None:
    address = begin(author)
    print(page(author, address))
    for edit in (
        "about",
        "format.agreement",
        "scale.A",
        "new.item.A",
        "new.scale",
        "new.form",
        "new.format.number",
        "new.format.choice",
        "new.format.text",
        "new.format.rating",
    ):
        assert 'name="part"' in page(author, f"{address}?edit={edit}"), edit
    print(page(author, f"{address}?edit=new.item.A"))
