"""A questionnaire written in the browser: begun, edited, judged, published."""

from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
import yaml
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys import authoring
from surveys.definition import DefinitionError
from surveys.models import Organization, QuestionnaireDraft
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    make_member,
    make_organization,
    make_version,
    publish_library,
    signed_in,
)
from tests.surveys.authoring_steps import (
    ITEM,
    begin,
    begin_with_every_kind,
    form_fields,
    page,
    save,
    send,
    the_draft,
)

pytestmark = pytest.mark.usefixtures("database")
EVERY_KIND = Path(__file__).parent / "every_kind.yaml"


@pytest.fixture
def author(organization: Organization) -> Client:
    return signed_in(make_member(organization))


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
    asked = page(author, address)
    assert "Delete the draft of TEA?" in asked
    assert "nothing of it was published" in asked
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
