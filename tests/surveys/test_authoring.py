"""A questionnaire written in the browser: begun, edited, judged, published."""

from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys import authoring
from surveys.definition import DefinitionError, Lineage, parse_questionnaire
from surveys.models import Form, Organization, QuestionnaireDraft, QuestionnaireVersion
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    make_draft,
    make_member,
    make_organization,
    make_version,
    publish_library,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("database")
EVERY_KIND = Path(__file__).parent / "every_kind.yaml"
ITEM = {
    "text_en": "{Referent} keeps its promises to me.",
    "text_zh_hans": "{referent}信守对我的承诺。",
}


@pytest.fixture
def author(organization: Organization) -> Client:
    return signed_in(make_member(organization))


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


def test_an_empty_questionnaire_is_begun(
    author: Client, organization: Organization
) -> None:
    address = begin(author)
    text = page(author, address)
    assert "Trust in tea" in text
    assert "draft of version 1" in text
    assert "3 things to put right before it can be published" in text
    assert "The scale has no items yet" in text
    assert "对茶的信任" in page(author, address, language="zh-CN")


def test_a_code_that_cannot_be_is_refused(
    author: Client, organization: Organization
) -> None:
    publish_library()
    taken = "The library has a questionnaire of this code"
    for code, sentence in (
        ("TBE", taken),
        ("tbe", taken),
        ("1X", "is no valid code"),
        ("A" * 30, "at most 16 characters"),
    ):
        sent = {"way": "blank", "blank-code": code}
        reply = author.post(reverse("surveys:new-draft"), sent)
        assert sentence in reply.content.decode()
    with organization_scope(organization.pk):
        assert not QuestionnaireDraft.objects.exists()


def test_a_second_draft_of_a_code_is_the_first_one(
    author: Client, organization: Organization
) -> None:
    assert begin(author) == begin(author)
    assert "There is a draft of this code already" in page(author, "/drafts/")


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


def test_every_part_can_be_opened_and_saved_unchanged(
    author: Client, organization: Organization
) -> None:
    address = begin_with_every_kind(organization)
    before = the_draft(organization).content
    parts = [f"format.{one['code']}" for one in before["formats"]]
    parts += [f"form.{one['code']}" for one in before["forms"]]
    for scale in before["scales"]:
        parts.append(f"scale.{scale['code']}")
        parts += [f"item.{item['code']}" for item in scale["items"]]
    for part in ["about", *parts]:
        fields = form_fields(author, address, part)
        save(author, organization, part, **fields)
        assert the_draft(organization).content == before, part
    assert the_draft(organization).revision == len(parts) + 2


def test_a_save_is_stored_at_once_and_may_be_unfinished(
    author: Client, organization: Organization
) -> None:
    address = begin(author)
    save(author, organization, "new.item.A", code="A1", text_en="Half written")
    item = the_draft(organization).content["scales"][0]["items"][0]
    assert item["text"] == {"en": "Half written", "zh-hans": ""}
    assert "Chinese: The wording is blank; write it." in page(author, address)
    assert "中文：文字为空" in page(author, address, language="zh-CN")


def test_items_are_added_a_line_each(
    author: Client, organization: Organization
) -> None:
    begin(author)
    lines = {"lines_en": "One\nTwo\n", "lines_zh_hans": "一\n二\n三"}
    send(author, organization, part="new.item.A", action="lines", **lines)
    items = the_draft(organization).content["scales"][0]["items"]
    assert [item["text"]["en"] for item in items] == ["One", "Two", ""]
    assert items[2]["text"]["zh-hans"] == "三"


def test_more_than_500_items_are_refused_in_a_sentence(
    author: Client, organization: Organization
) -> None:
    begin(author)
    lines = {"lines_en": "\n".join(f"Item {n}" for n in range(501))}
    text = send(author, organization, 200, part="new.item.A", action="lines", **lines)
    assert "501 items; the limit is 500." in text
    assert the_draft(organization).content["scales"][0]["items"] == []


def test_parts_move_and_go(author: Client, organization: Organization) -> None:
    address = begin_with_every_kind(organization)
    send(author, organization, up="item.T2")
    send(author, organization, down="scale.T")
    scales = the_draft(organization).content["scales"]
    assert [scale["code"] for scale in scales] == ["B", "T", "P"]
    assert [item["code"] for item in scales[1]["items"]][:2] == ["T2", "T1"]
    assert "Delete T1 and all that belongs to it?" in page(
        author, f"{address}?delete=item.T1"
    )
    send(author, organization, part="item.T1", action="delete")
    assert "Deleted: T1." in page(author, address)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": "T2"}, "occurs twice"),
        ({"code": "x y"}, "is no valid code"),
        ({"show_item": "B4", "show_codes": "1"}, "Select a valid choice"),
        ({"text_en": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_stored_is_said_and_nothing_is_lost(
    author: Client, organization: Organization, fields: dict[str, str], sentence: str
) -> None:
    begin_with_every_kind(organization)
    sent = {**ITEM, "code": "T1", **fields}
    text = send(author, organization, 200, part="item.T1", action="save", **sent)
    assert sentence in text
    assert the_draft(organization).revision == 1
    assert "信守对我的承诺" in text


def test_a_condition_is_checked_against_the_answers_it_names(
    author: Client, organization: Organization
) -> None:
    begin_with_every_kind(organization)
    fields = {**ITEM, "code": "B3", "show_item": "B1", "show_codes": "3"}
    text = send(author, organization, 200, part="item.B3", action="save", **fields)
    assert "Write the numbers of one or more of its answers. B1: 1 yes · 2 no" in text
    save(author, organization, "item.B3", **fields | {"show_codes": "1，2"})
    item = the_draft(organization).content["scales"][1]["items"][2]
    assert item["show_if"] == {"item": "B1", "in": [1, 2]}


def test_a_stale_tab_is_shown_both_versions(
    author: Client, organization: Organization
) -> None:
    address = begin_with_every_kind(organization)
    fields = {**ITEM, "code": "T1", "short": "on"}
    save(author, organization, "item.T1", **fields)
    mine = {**fields, "text_en": "{Referent} does what was agreed."}
    reply = author.post(
        address, {"part": "item.T1", "action": "save", "revision": 1, **mine}
    )
    text = reply.content.decode()
    assert reply.status_code == 409
    assert "Nothing of yours was stored yet" in text.replace("\n", " ")
    assert "does what was agreed" in text
    assert '<p class="stored">{Referent} keeps its promises to me.</p>' in text
    assert text.count('class="stored"') == 1
    stored = the_draft(organization)
    assert stored.revision == 2
    assert 'name="revision" value="2"' in text
    assert stored.content["scales"][0]["items"][0]["text"]["en"] == ITEM["text_en"]


@pytest.mark.parametrize(
    "fields",
    [
        {"up": "item.T2"},
        {"part": "item.T2", "action": "delete"},
        {"part": "new.item.T", "action": "lines", "lines_en": "Something new"},
        {"part": "item.GONE", "action": "save", "text_en": "Something new"},
    ],
)
def test_a_late_change_of_another_kind_changes_nothing(
    author: Client, organization: Organization, fields: dict[str, str]
) -> None:
    address = begin_with_every_kind(organization)
    save(author, organization, "item.T1", **ITEM, code="T1")
    before = the_draft(organization)
    reply = author.post(address, {"revision": 1, **fields})
    assert reply.status_code == 409
    text = reply.content.decode()
    assert 'role="alert"' in text
    assert ("Something new" in text) == ("Something new" in fields.values())
    assert the_draft(organization).content == before.content


@pytest.mark.parametrize("part", ["item.GONE", "new.item.GONE", "x", "new.format.x"])
def test_an_address_that_names_no_part_shows_the_draft(
    author: Client, organization: Organization, part: str
) -> None:
    address = begin(author)
    assert "Trust in tea" in page(author, f"{address}?edit={part}&delete={part}")


def test_a_draft_longer_than_a_questionnaire_is_not_stored(
    author: Client, organization: Organization
) -> None:
    begin(author)
    draft = the_draft(organization)
    too_long = draft.content | {"covers": ["x" * 5_000_000]}
    with (
        pytest.raises(DefinitionError, match="the limit is 5000000"),
        organization_scope(organization.pk),
    ):
        authoring.save(draft_id=draft.pk, revision=1, content=too_long, at=NOW)


def test_two_saves_at_once_are_one_save_and_one_refusal(
    author: Client, organization: Organization
) -> None:
    begin(author)
    draft = the_draft(organization)
    start, outcomes = Barrier(2), []

    def store(name: str) -> None:
        try:
            with organization_scope(organization.pk):
                start.wait()
                authoring.save(
                    draft_id=draft.pk,
                    revision=1,
                    content=draft.content | {"licence": name},
                    at=NOW,
                )
            outcomes.append(name)
        except authoring.StaleDraft:
            outcomes.append("stale")
        finally:
            connections.close_all()

    threads = [Thread(target=store, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("stale") == 1
    assert the_draft(organization).content["licence"] in outcomes


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


def test_markup_in_texts_is_only_text(
    author: Client, organization: Organization
) -> None:
    markup = "<script>alert(1)</script>"
    address = begin(author, **{"blank-name_en": markup, "blank-name_zh_hans": markup})
    fields = {"text_en": markup, "text_zh_hans": markup, "code": "A1"}
    save(author, organization, "new.item.A", **fields)
    draft = the_draft(organization)
    for place in (
        address,
        f"{address}?edit=item.A1",
        f"{address}?delete=item.A1",
        reverse("surveys:publish-draft", args=[draft.pk]),
        "/drafts/",
    ):
        assert markup not in page(author, place)


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


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.yaml", b"scales: &a [*a]"),
        ("x.yaml", b"code: [unclosed"),
        ("x.yaml", b"\xff\xfe\x00\xd8"),
        ("x.xlsx", b"PK\x03\x04 broken"),
        ("x.lss", b"<!DOCTYPE x [<!ENTITY a 'b'>]><document>&a;</document>"),
        ("x.exe", b"MZ"),
        ("x.yaml", b""),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(
    author: Client, organization: Organization, name: str, data: bytes
) -> None:
    file = BytesIO(data)
    file.name = name
    sent = {"way": "file", "file-file": file, "file-code": "X"}
    reply = author.post(reverse("surveys:new-draft"), sent)
    assert reply.status_code == 200
    assert 'class="errorlist"' in reply.content.decode()
    with organization_scope(organization.pk):
        assert not QuestionnaireDraft.objects.exists()


def test_what_a_file_lost_is_named(author: Client, organization: Organization) -> None:
    document = yaml.safe_load(EVERY_KIND.read_text(encoding="utf-8"))
    document |= {"catalogue": "spi-trust", "surprise": 1}
    file = BytesIO(yaml.safe_dump(document, allow_unicode=True).encode())
    file.name = "x.yaml"
    sent = {"way": "file", "file-file": file, "file-code": "X"}
    reply = author.post(reverse("surveys:new-draft"), sent)
    assert "surprise" in reply.content.decode()
    assert the_draft(organization).content["catalogue"] is None


def test_a_preview_shows_it_as_respondents_see_it(
    author: Client, organization: Organization
) -> None:
    begin_with_every_kind(organization)
    where = {"draft_id": the_draft(organization).pk, "language": "zh-hans"}
    text = page(author, reverse("surveys:draft-preview", kwargs=where))
    assert "发生了什么？" in text
    assert "Preview: nothing is stored." in text


def test_without_anything_to_preview_it_says_so(
    author: Client, organization: Organization
) -> None:
    address = begin(author)
    where = {"draft_id": the_draft(organization).pk, "language": "en"}
    reply = author.get(reverse("surveys:draft-preview", kwargs=where))
    assert reply["Location"] == address
    assert "nothing to preview" in page(author, address)


def test_a_draft_is_deleted_after_a_question(
    author: Client, organization: Organization
) -> None:
    begin(author)
    draft = the_draft(organization)
    address = reverse("surveys:discard-draft", args=[draft.pk])
    assert "Delete the draft of TEA?" in page(author, address)
    assert author.post(address).status_code == 200
    assert author.post(address, {"revision": draft.revision}).status_code == 302
    assert "No draft yet." in page(author, "/drafts/")


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ANALYST, 200), (Role.AUDITOR, 403), (Role.FIELDWORKER, 403)],
)
def test_owners_and_analysts_write(
    author: Client, organization: Organization, role: Role, status: int
) -> None:
    address = begin(author)
    member = make_member(organization, email="other@example.org", role=role)
    client = signed_in(member)
    for place in ("/drafts/", "/drafts/new/", address, f"{address}publish/"):
        assert client.get(place).status_code == status


def test_another_organization_sees_no_draft(author: Client) -> None:
    address = begin(author)
    other = make_organization("Hill Coffee")
    stranger = signed_in(make_member(other, email="other@example.org"))
    assert stranger.get(address).status_code == 404
    assert "No draft yet." in page(stranger, "/drafts/")


# Seven stand around each, as in test_views_pages.py.
@pytest.mark.parametrize(
    ("name", "queries"),
    [("drafts", 7 + 2), ("draft", 7 + 3), ("publish-draft", 7 + 3)],
)
def test_a_page_needs_as_many_queries_however_long_the_draft_is(
    author: Client, organization: Organization, name: str, queries: int
) -> None:
    make_version(organization)
    begin_with_every_kind(organization)
    args = [] if name == "drafts" else [the_draft(organization).pk]
    author.get(reverse(f"surveys:{name}", args=args))
    with CaptureQueriesContext(connection) as captured:
        assert author.get(reverse(f"surveys:{name}", args=args)).status_code == 200
    assert len(captured) == queries, [query["sql"] for query in captured]
