"""Versions made of drafts: published once, followed, asked, handed out."""

from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from surveys.definition import Lineage, parse_questionnaire
from surveys.models import Form, Organization, QuestionnaireDraft, QuestionnaireVersion
from surveys.tenancy import organization_scope
from tests.factories import (
    make_member,
    publish_library,
    signed_in,
)
from tests.surveys.authoring_steps import (
    ITEM,
    address_of,
    begin,
    begin_with_every_kind,
    finish,
    form_fields,
    own_versions,
    page,
    publish,
    save,
    send,
    the_draft,
)

pytestmark = pytest.mark.usefixtures("database")
EVERY_KIND = Path(__file__).parent / "every_kind.yaml"


@pytest.fixture
def author(organization: Organization) -> Client:
    return signed_in(make_member(organization))


def test_the_library_is_copied_under_a_code_of_ones_own(
    author: Client, organization: Organization
) -> None:
    version = next(one for one in publish_library() if one.code == "TBE")
    sent = {"way": "copy", "copy-version": version.pk, "copy-code": ""}
    reply = author.post(reverse("surveys:new-draft"), sent)
    assert "is no valid code" in reply.content.decode()
    sent["copy-code"] = "OWN-TBE"
    author.post(reverse("surveys:new-draft"), sent)
    draft = the_draft(organization)
    assert draft.base == "TBE 1"
    assert draft.content["code"] == "OWN-TBE"
    assert draft.content["lineage"] == {"code": "TBE", "version": 1}
    assert publish(author, organization).status_code == 302
    made = own_versions(organization)[0].questionnaire()
    assert (made.code, made.version, made.native_review) == ("OWN-TBE", 1, "owed")
    assert [i.text for i in made.items] == [
        i.text for i in version.questionnaire().items
    ]


def test_a_published_one_is_edited_as_its_next_version(
    author: Client, organization: Organization
) -> None:
    begin(author)
    finish(author, organization)
    publish(author, organization)
    (first,) = own_versions(organization)
    sent = {"way": "copy", "copy-version": first.pk, "copy-code": ""}
    author.post(reverse("surveys:new-draft"), sent)
    wordings = {"text_en": "{Referent} holds to its promises.", "code": "A1"}
    save(
        author,
        organization,
        "item.A1",
        **wordings,
        text_zh_hans="{referent}遵守承诺。",
    )
    draft = the_draft(organization)
    text = page(author, reverse("surveys:publish-draft", args=[draft.pk]))
    assert "Publish TEA, version 2" in text
    assert "What changes since TEA, version 1" in text
    assert "<del>{Referent} keeps its promises to me.</del>" in text
    publish(author, organization)
    first, second = own_versions(organization)
    assert second.version == 2
    assert second.questionnaire().lineage == Lineage("TEA", 1)
    assert first.questionnaire().items[0].text.en == ITEM["text_en"]


def test_a_code_that_meant_another_item_is_not_given_again(
    author: Client, organization: Organization
) -> None:
    begin(author)
    finish(author, organization)
    publish(author, organization)
    (first,) = own_versions(organization)
    sent = {"way": "copy", "copy-version": first.pk, "copy-code": ""}
    author.post(reverse("surveys:new-draft"), sent)
    send(author, organization, part="item.A3", action="delete")
    address = address_of(organization)
    assert form_fields(author, address, "new.item.A")["code"] == "A4"
    lines = {"lines_en": "One more.", "lines_zh_hans": "再来一道。"}
    send(author, organization, part="new.item.A", action="lines", **lines)
    items = the_draft(organization).content["scales"][0]["items"]
    assert [item["code"] for item in items] == ["A1", "A2", "A4"]


def test_two_publishers_make_one_version(
    author: Client, organization: Organization
) -> None:
    begin(author)
    finish(author, organization)
    draft = the_draft(organization)
    address = reverse("surveys:publish-draft", args=[draft.pk])
    assert author.post(address, {"revision": draft.revision}).status_code == 302
    assert author.post(address, {"revision": draft.revision}).status_code == 404
    assert len(own_versions(organization)) == 1


def test_publishing_makes_an_immutable_version_and_removes_the_draft(
    author: Client, organization: Organization
) -> None:
    begin(author)
    finish(author, organization)
    reply = publish(author, organization)
    (version,) = own_versions(organization)
    assert reply["Location"] == reverse("surveys:instrument", args=[version.pk])
    assert (version.code, version.version, version.evidence_level) == ("TEA", 1, "E0")
    assert version.published_at is not None
    assert parse_questionnaire(version.source, source="").code == "TEA"
    with organization_scope(organization.pk):
        assert not QuestionnaireDraft.objects.exists()


@pytest.mark.parametrize("revision", ["", "1", "x", "9" * 30])
def test_an_unseen_revision_is_not_published(
    author: Client, organization: Organization, revision: str
) -> None:
    begin(author)
    finish(author, organization)
    address = reverse("surveys:publish-draft", args=[the_draft(organization).pk])
    reply = author.post(address, {"revision": revision})
    assert "was changed since you opened this page" in reply.content.decode()
    assert own_versions(organization) == []


def test_what_must_be_put_right_is_not_published(
    author: Client, organization: Organization
) -> None:
    begin(author)
    finish(author, organization)
    save(author, organization, "item.A2", **ITEM, code="A2")
    draft = the_draft(organization)
    text = page(author, reverse("surveys:publish-draft", args=[draft.pk]))
    assert "To put right first" in text
    assert 'name="revision"' not in text
    reply = publish(author, organization)
    assert "something must be put right first" in reply.content.decode()
    assert own_versions(organization) == []
    assert the_draft(organization).revision == draft.revision


def test_a_survey_can_ask_a_part_of_ones_own_questionnaire(
    author: Client, organization: Organization
) -> None:
    begin_with_every_kind(organization)
    publish(author, organization)
    (version,) = own_versions(organization)
    key = uuid4()
    sent = {
        "key": key,
        "title_en": "Tea",
        "title_zh_hans": "茶",
        "questionnaire": version.pk,
        "referent": "brand",
        "mode": "open",
        f"scales-{version.pk}": ["T"],
        f"form-{version.pk}": "generic",
    }
    assert author.post(reverse("surveys:new"), sent).status_code == 302
    with organization_scope(organization.pk):
        asked = Form.objects.get(survey=key).asked()
    assert [item.code for item in asked.items] == ["EK.T1", "EK.T2", "EK.T3"]
    assert asked.items[2].text.en == "The product is safe."
    assert asked.scales[0].shuffled


def test_a_loaded_scale_stays_labelled_and_its_right_is_repeated(
    author: Client, organization: Organization
) -> None:
    document = yaml.safe_load(EVERY_KIND.read_text(encoding="utf-8"))
    document |= {"code": "LOADED", "version": 1, "catalogue": "mayer-davis-1999"}
    with organization_scope(organization.pk):
        version = QuestionnaireVersion.objects.create(
            organization=organization,
            code="LOADED",
            version=1,
            kind="questionnaire",
            evidence_level="E0",
            source=yaml.safe_dump(document, allow_unicode=True, sort_keys=False),
            digest="0" * 64,
            right_statement="The holder has permitted us.",
            right_stated_by="before@example.org",
        )
    sent = {"way": "copy", "copy-version": version.pk, "copy-code": ""}
    author.post(reverse("surveys:new-draft"), sent)
    address = address_of(organization)
    draft = the_draft(organization)
    for kind in ("yaml", "xlsform"):
        where = {"draft_id": draft.pk, "kind": kind}
        reply = author.get(reverse("surveys:draft-file", kwargs=where))
        assert reply["Location"] == address
    where = {"version_id": version.pk, "kind": "yaml"}
    assert author.get(reverse("surveys:version-file", kwargs=where)).status_code == 302
    assert "does not let it be passed on" in page(author, address)
    fields = form_fields(author, address, "item.T1")
    save(author, organization, "item.T1", **fields | {"text_en": "{Referent} is just."})
    assert publish(author, organization).status_code == 302
    made = own_versions(organization)[1]
    assert made.questionnaire().catalogue == "mayer-davis-1999"
    assert made.questionnaire().modified
    assert made.right_statement == "The holder has permitted us."
    assert made.right_stated_by == "owner@example.org"


@pytest.mark.parametrize("kind", ["yaml", "xlsform", "lss", "tsv", "codebook"])
def test_a_complete_draft_and_a_version_are_handed_out_as_files(
    author: Client, organization: Organization, kind: str
) -> None:
    begin_with_every_kind(organization)
    where = {"draft_id": the_draft(organization).pk, "kind": kind}
    reply = author.get(reverse("surveys:draft-file", kwargs=where))
    assert reply.status_code == 200
    assert "EK-1" in reply["Content-Disposition"]
    assert reply.content
    publish(author, organization)
    where = {"version_id": own_versions(organization)[0].pk, "kind": kind}
    reply = author.get(reverse("surveys:version-file", kwargs=where))
    assert reply.status_code == 200
    if kind == "yaml":
        assert parse_questionnaire(reply.content.decode(), source="").code == "EK"


def test_an_unfinished_draft_is_handed_out_as_yaml_alone(
    author: Client, organization: Organization
) -> None:
    address = begin(author)
    where = {"draft_id": the_draft(organization).pk, "kind": "yaml"}
    reply = author.get(reverse("surveys:draft-file", kwargs=where))
    assert yaml.safe_load(reply.content)["name"]["zh-hans"] == "对茶的信任"
    where["kind"] = "lss"
    assert author.get(reverse("surveys:draft-file", kwargs=where)).status_code == 302
    assert "take complete questionnaires only" in page(author, address)


@pytest.mark.parametrize("kind", ["yaml", "xlsform", "lss", "tsv"])
def test_what_was_handed_out_can_be_begun_from(
    author: Client, organization: Organization, kind: str
) -> None:
    begin_with_every_kind(organization)
    before = the_draft(organization)
    where = {"draft_id": before.pk, "kind": kind}
    reply = author.get(reverse("surveys:draft-file", kwargs=where))
    file = BytesIO(reply.content)
    file.name = reply["Content-Disposition"].split('"')[1]
    sent = {"way": "file", "file-file": file, "file-code": "AGAIN"}
    assert author.post(reverse("surveys:new-draft"), sent).status_code == 302
    with organization_scope(organization.pk):
        again = QuestionnaireDraft.objects.get(code="AGAIN")
    assert again.content["scales"] == before.content["scales"]
    assert again.content["forms"] == before.content["forms"]
