"""What an author does, one step a function."""

from typing import Any

from django.test import Client
from django.urls import reverse

from surveys.models import Organization, QuestionnaireDraft, QuestionnaireVersion
from surveys.tenancy import organization_scope
from tests.factories import (
    make_draft,
)

ITEM = {
    "text_en": "{Referent} keeps its promises to me.",
    "text_zh_hans": "{referent}信守对我的承诺。",
}


def the_draft(organization: Organization) -> QuestionnaireDraft:
    with organization_scope(organization.pk):
        return QuestionnaireDraft.objects.get()


def own_versions(organization: Organization) -> list[QuestionnaireVersion]:
    with organization_scope(organization.pk):
        own = QuestionnaireVersion.objects.filter(organization=organization)
        return list(own.order_by("code", "version"))


def begin(author: Client, code: str = "TEA", **fields: str) -> str:
    """Begin an empty questionnaire; return its address."""
    names = {"blank-name_en": "Trust in tea", "blank-name_zh_hans": "对茶的信任"}
    sent = {"way": "blank", "blank-code": code, **names, **fields}
    reply = author.post(reverse("surveys:new-draft"), sent)
    assert reply.status_code == 302, reply.content.decode()
    return str(reply["Location"])


def begin_with_every_kind(organization: Organization) -> str:
    """Begin from one part of every kind; return the draft's address."""
    return reverse("surveys:draft", args=[make_draft(organization).pk])


def page(author: Client, address: str, *, language: str = "en") -> str:
    reply = author.get(address, headers={"Accept-Language": language})
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def send(
    author: Client, organization: Organization, status: int = 302, /, **fields: Any
) -> str:
    """Post to the only draft with its newest revision; return the page, if any."""
    draft = the_draft(organization)
    sent = {"revision": draft.revision, **fields}
    reply = author.post(reverse("surveys:draft", args=[draft.pk]), sent)
    text = " ".join(reply.content.decode().split())
    assert reply.status_code == status, text
    return text


def save(author: Client, organization: Organization, part: str, **fields: Any) -> str:
    return send(author, organization, part=part, action="save", **fields)


def form_fields(author: Client, address: str, part: str) -> dict[str, Any]:
    """What the form of a part holds, as a browser would send it."""
    reply: Any = author.get(f"{address}?edit={part}")
    form = next(context["form"] for context in reply.context if "form" in context)
    fields = {}
    for name in form.fields:
        value = form[name].value()
        # an unticked box is not sent, and a 0 is
        if value is not False and value not in (None, "", []):
            fields[name] = value
    return fields


def finish(author: Client, organization: Organization) -> None:
    """Write what the empty questionnaire lacks."""
    scale = form_fields(author, address_of(organization), "scale.A")
    names = {"name_en": "Reliance", "name_zh_hans": "依赖"}
    save(author, organization, "scale.A", **scale | names)
    for number, wordings in enumerate(
        (
            ITEM,
            {
                "text_en": "{Referent} helps me fast.",
                "text_zh_hans": "{referent}很快帮助我。",
            },
            {
                "text_en": "I buy at {referent} again.",
                "text_zh_hans": "我会再来{referent}购买。",
            },
        ),
        start=1,
    ):
        code = {"code": f"A{number}"}
        save(author, organization, "new.item.A", **wordings, **code)


def address_of(organization: Organization) -> str:
    return reverse("surveys:draft", args=[the_draft(organization).pk])


def publish(author: Client, organization: Organization) -> Any:
    draft = the_draft(organization)
    address = reverse("surveys:publish-draft", args=[draft.pk])
    return author.post(address, {"revision": draft.revision})
