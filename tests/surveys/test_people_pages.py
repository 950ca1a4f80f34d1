"""The pages of people, units, attributes and lists, as owners and others use them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.models import Attribute, Organization, Participant, PeopleList, Unit
from surveys.models.people import Role
from surveys.people import lists
from surveys.tenancy import organization_scope
from surveys.views import people as people_views
from tests.factories import NOW, make_member, make_organization, signed_in


def add(organization: Organization, **values: Any) -> Participant:
    with organization_scope(organization.pk):
        return Participant.objects.create(organization=organization, **values)


def add_unit(organization: Organization, code: str, parent: Unit | None = None) -> Unit:
    with organization_scope(organization.pk):
        return Unit.objects.create(
            organization=organization,
            code=code,
            name_en=f"Unit {code}",
            name_zh_hans=f"单位{code}",
            parent=parent,
        )


def again(one: Any) -> Any:
    with organization_scope(one.organization_id):
        return type(one).objects.select_related().get(pk=one.pk)


def keys(organization: Organization) -> list[str]:
    with organization_scope(organization.pk):
        return list(Participant.objects.order_by("key").values_list("key", flat=True))


def text(reply: Any) -> str:
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


PEOPLE = "/people/"


# ---------------------------------------------------------------------------- the list


def test_an_empty_organization_is_told_how_to_begin(owner: Client) -> None:
    page = text(owner.get(PEOPLE))
    assert "Nobody is here yet" in page
    assert reverse("surveys:new-people-list") in page


def test_people_are_found(owner: Client, organization: Organization) -> None:
    top = add_unit(organization, "top")
    below = add_unit(organization, "below", top)
    add(organization, key="1", name="Wu Lan", unit=below)
    add(organization, key="2", name="Ann Lee", email="ann@example.org", active=False)
    add(organization, key="3", name="Bo", bounced_at=NOW, opted_out_at=NOW)
    for query, shown in {
        "": {"Wu Lan", "Bo"},
        "?text=wu": {"Wu Lan"},
        "?text=ANN@&state=all": {"Ann Lee"},
        f"?unit={top.pk}": {"Wu Lan"},
        "?unit=none": {"Bo"},
        "?state=left": {"Ann Lee"},
        "?state=unreachable": {"Bo"},
        "?state=opted_out": {"Bo"},
        "?state=all": {"Wu Lan", "Ann Lee", "Bo"},
        "?state=nonsense&unit=nonsense": {"Wu Lan", "Bo"},
    }.items():
        page = text(owner.get(PEOPLE + query))
        assert {n for n in ("Wu Lan", "Ann Lee", "Bo") if f">{n}</a>" in page} == shown
    part = text(owner.get(PEOPLE, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "Wu Lan" in part


def test_pages_keep_what_was_looked_for(
    owner: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_views, "ON_A_PAGE", 2)
    for number in range(5):
        add(organization, key=str(number), name=f"Lan {number}")
    page = text(owner.get(f"{PEOPLE}?text=lan&page=2"))
    assert "Page 2 of 3" in page
    assert "?text=lan&amp;page=3" in page
    assert "Lan 2" in page


def test_the_number_of_queries_stays(
    owner: Client, organization: Organization, django_assert_num_queries: Any
) -> None:
    unit = add_unit(organization, "u")
    for number in range(30):
        add(organization, key=str(number), unit=unit)
    # session, user, begin, two settings, membership, units, count, people, commit
    with django_assert_num_queries(10):
        owner.get(PEOPLE)


# ------------------------------------------------------------------------------ by hand


def fields(**values: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("key", "name", "email", "phone", "language", "unit"), "")
    return {**empty, **values}


def test_a_person_is_added_and_corrected(
    owner: Client, organization: Organization
) -> None:
    unit = add_unit(organization, "u")
    with organization_scope(organization.pk):
        Attribute.objects.create(
            organization=organization, code="site", name_en="Site", name_zh_hans="地点"
        )
    sent = fields(key="7", name="Wu Lan", unit=str(unit.pk), email="lan@example.org")
    reply = owner.post(
        reverse("surveys:new-person"), {**sent, "attribute-site": "Kiel"}
    )
    assert reply.status_code == 302
    with organization_scope(organization.pk):
        person = Participant.objects.get()
        Participant.objects.update(bounced_at=NOW)
    assert person.attributes == {"site": "Kiel"}
    assert person.unit_id == unit.pk
    address = reverse("surveys:person", args=[person.pk])
    assert "mail came back" in text(owner.get(f"{PEOPLE}?state=all"))
    assert "Kiel" in text(owner.get(address))
    owner.post(address, fields(key="7", email="new@example.org"))
    changed = again(person)
    assert (changed.attributes, changed.bounced_at, changed.unit) == ({}, None, None)


def test_an_owner_says_that_mail_came_back(
    owner: Client, organization: Organization
) -> None:
    """A mail that came back to a mailbox is known only to whoever reads that."""
    person = add(organization, key="7", email="lan@example.org")
    address = reverse("surveys:person", args=[person.pk])
    assert "Mail came back" in text(owner.get(address))
    shown = text(owner.post(address, {"returned": "1"}, follow=True))
    assert "Nothing more is written to this address." in shown
    assert again(person).bounced_at is not None
    assert "lan@example.org" in text(owner.get(f"{PEOPLE}?state=unreachable"))
    shown = text(owner.post(address, {"arrives": "1"}, follow=True))
    assert "This address is written to again." in shown
    assert again(person).bounced_at is None


def test_whose_mail_cannot_come_back_has_no_such_button(
    owner: Client, organization: Organization
) -> None:
    person = add(organization, key="7")
    address = reverse("surveys:person", args=[person.pk])
    assert "Mail came back" not in text(owner.get(address))
    owner.post(address, {"returned": "1"})
    assert again(person).bounced_at is None


def test_only_owners_say_that_mail_came_back(organization: Organization) -> None:
    person = add(organization, key="7", email="lan@example.org")
    reader = make_member(organization, email="f@example.org", role=Role.FIELDWORKER)
    address = reverse("surveys:person", args=[person.pk])
    client = signed_in(reader)
    assert "Mail came back" not in text(client.get(address))
    assert client.post(address, {"returned": "1"}).status_code == 403
    assert again(person).bounced_at is None


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (fields(key="A1"), "Somebody else has this number."),
        (fields(email="LAN@example.org"), "Somebody else has this address."),
        (fields(), "Fill in a number, a name, an address or a phone number."),
        (fields(key="2", email="x"), "Enter a valid email address."),
        (fields(key="2", unit="nonsense"), "Select a valid choice"),
        (fields(key="2", language="fr"), "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said(
    owner: Client, organization: Organization, sent: dict[str, Any], sentence: str
) -> None:
    add(organization, key="a1", email="lan@example.org")
    assert sentence in text(owner.post(reverse("surveys:new-person"), sent))
    assert keys(organization) == ["a1"]


def test_who_leaves_can_come_back(owner: Client, organization: Organization) -> None:
    person = add(organization, key="1")
    address = reverse("surveys:person", args=[person.pk])
    owner.post(address, {"leave": "1"})
    assert not again(person).active
    owner.post(address, {"back": "1"})
    assert again(person).active


def test_removing_says_what_stays(owner: Client, organization: Organization) -> None:
    person = add(organization, key="1", name="Wu Lan")
    address = reverse("surveys:remove-person", args=[person.pk])
    assert "What stays" in text(owner.get(address))
    assert keys(organization) == ["1"]
    owner.post(address)
    assert keys(organization) == []


def test_those_ticked_are_moved_marked_and_removed(
    owner: Client, organization: Organization
) -> None:
    unit = add_unit(organization, "u")
    one, two, three = (add(organization, key=str(n)) for n in (1, 2, 3))
    address = reverse("surveys:selected-people")
    ticked = {"person": [str(one.pk), str(two.pk), "nonsense"]}
    owner.post(address, {**ticked, "action": "move", "unit": str(unit.pk)})
    assert [again(p).unit_id for p in (one, two, three)] == [unit.pk, unit.pk, None]
    unsaid = {**ticked, "action": "move", "unit": ""}
    assert "Choose a unit first." in text(owner.post(address, unsaid, follow=True))
    assert again(one).unit_id == unit.pk
    owner.post(address, {**ticked, "action": "move", "unit": "none"})
    assert again(one).unit_id is None
    owner.post(address, {**ticked, "action": "leave"})
    assert [again(p).active for p in (one, two, three)] == [False, False, True]
    owner.post(address, {**ticked, "action": "back"})
    assert again(one).active
    assert "Remove 2 people?" in text(
        owner.post(address, {**ticked, "action": "remove"})
    )
    assert len(keys(organization)) == 3
    owner.post(address, {**ticked, "action": "remove", "sure": "1"})
    assert keys(organization) == ["3"]
    reply = owner.post(address, {"action": "leave"}, follow=True)
    assert "Tick at least one person." in text(reply)
    moved = {"person": [str(three.pk)], "action": "move", "unit": str(one.pk)}
    assert "not there any more" in text(owner.post(address, moved, follow=True))


# -------------------------------------------------------------------------------- units


def test_the_tree_is_shown_with_its_people(
    owner: Client, organization: Organization
) -> None:
    top = add_unit(organization, "A")
    left, right = (add_unit(organization, code, top) for code in "BC")
    add_unit(organization, "D", left)
    add(organization, key="1", unit=top)
    for number in range(2, 5):
        add(organization, key=str(number), unit=right)
    add(organization, key="5", unit=left, active=False)
    add(organization, key="6")
    page = text(owner.get(reverse("surveys:units")))
    assert "4 people, 1 of them directly" in page
    assert "1 person belongs to no unit." in page
    assert page.count('<ul class="tree">') == page.count("</ul>") - page.count(
        '<ul class="errorlist'
    )
    order = [page.index(f">Unit {code}</a>") for code in "ABDC"]
    assert order == sorted(order)


def unit_fields(code: str, **values: Any) -> dict[str, Any]:
    return {"code": code, "name_en": f"Unit {code}", "name_zh_hans": "", "parent": "",
            **values}  # fmt: skip


def test_units_are_added_renamed_and_moved(
    owner: Client, organization: Organization
) -> None:
    owner.post(reverse("surveys:units"), unit_fields("A"))
    owner.post(reverse("surveys:units"), unit_fields("B"))
    with organization_scope(organization.pk):
        first, second = Unit.objects.order_by("code")
    assert second.name_zh_hans == "Unit B"
    address = reverse("surveys:unit", args=[second.pk])
    owner.post(address, unit_fields("B2", parent=str(first.pk), name_zh_hans="乙"))
    moved = again(second)
    assert (moved.code, moved.parent_id, moved.name_zh_hans) == ("B2", first.pk, "乙")
    # nothing can be put below itself: it is not offered
    below = reverse("surveys:unit", args=[first.pk])
    reply = owner.post(below, unit_fields("A", parent=str(second.pk)))
    assert "Select a valid choice" in text(reply)
    taken = owner.post(reverse("surveys:units"), unit_fields("b2"))
    assert "Another unit has this code." in text(taken)
    unnamed = owner.post(reverse("surveys:units"), unit_fields("C", name_en=""))
    assert "Give it a name" in text(unnamed)


def test_units_are_put_together_and_removed(
    owner: Client, organization: Organization
) -> None:
    top = add_unit(organization, "A")
    left, right = (add_unit(organization, code, top) for code in "BC")
    below = add_unit(organization, "D", left)
    person = add(organization, key="1", unit=left)
    address = reverse("surveys:unit", args=[left.pk])
    refused = owner.post(address, {"step": "merge", "into": str(below.pk)})
    assert "Select a valid choice" in text(refused)
    owner.post(address, {"step": "merge", "into": str(right.pk)})
    assert again(person).unit_id == right.pk
    assert again(below).parent_id == right.pk
    owner.post(reverse("surveys:unit", args=[right.pk]), {"step": "remove"})
    assert again(person).unit_id == top.pk
    assert again(below).parent_id == top.pk
    owner.post(reverse("surveys:unit", args=[top.pk]), {"step": "remove"})
    assert again(person).unit_id is None
    assert again(below).parent_id is None


# --------------------------------------------------------------------------- attributes


def test_attributes_are_added_renamed_and_removed(
    owner: Client, organization: Organization
) -> None:
    sent = {"code": "site", "name_en": "Site", "name_zh_hans": "地点"}
    owner.post(reverse("surveys:attributes"), sent)
    person = add(organization, key="1", attributes={"site": "Kiel", "year": "2020"})
    twice = owner.post(reverse("surveys:attributes"), sent)
    assert "Another attribute has this code." in text(twice)
    with organization_scope(organization.pk):
        attribute = Attribute.objects.get()
    address = reverse("surveys:attribute", args=[attribute.pk])
    owner.post(address, {"name_en": "Place", "name_zh_hans": ""})
    assert "Place" in text(owner.get(reverse("surveys:attributes")))
    assert "1 person" in text(owner.get(reverse("surveys:attributes")))
    owner.post(address, {"step": "remove"})
    assert again(person).attributes == {"year": "2020"}


# -------------------------------------------------------------------------------- lists

TABLE = "Number,E-mail,Team,Site\n1,a@example.org,HQ,Kiel\n2,=x,HQ,Bonn\n"


def upload(owner: Client, data: str = TABLE, name: str = "people.csv") -> Any:
    file = SimpleUploadedFile(name, data.encode())
    return owner.post(reverse("surveys:new-people-list"), {"file": file})


def columns(*roles: str, **values: str) -> dict[str, str]:
    named = {f"column-{at}": role for at, role in enumerate(roles)}
    return {"step": "check", "create_units": "yes", "mark_missing": "no", **named,
            **values}  # fmt: skip


def test_a_list_goes_in_step_by_step(owner: Client, organization: Organization) -> None:
    here = upload(owner)["Location"]
    page = text(owner.get(here))
    assert "a@example.org · =x" in page
    assert "Import these people" not in page
    owner.post(here, columns("key", "email", "unit_path", "attribute"))
    page = text(owner.get(here))
    assert "“=x” begins like a formula." in page
    assert keys(organization) == []
    rejected = owner.get(f"{here}rejected.csv")
    content = b"".join(rejected.streaming_content).decode()  # type: ignore[attr-defined]
    assert content.splitlines()[1] == (
        "3,E-mail,“=x” begins like a formula.,Replace it by its value."
    )
    owner.post(here, {"step": "import"})
    page = text(owner.get(here))
    assert "The list is imported" in page
    assert keys(organization) == ["1"]
    owner.post(here, {"step": "import"})
    owner.post(here, columns("key", "email", "unit_path", ""))
    assert keys(organization) == ["1"]
    assert "people.csv" in text(owner.get(reverse("surveys:new-people-list")))


def test_a_list_speaks_the_readers_language(owner: Client) -> None:
    here = upload(owner)["Location"]
    owner.post(here, columns("key", "email", "unit_path", ""))
    page = text(owner.get(here, headers={"Accept-Language": "zh-hans"}))
    assert "“=x”的开头像公式。" in page


def test_wrong_columns_are_said(owner: Client) -> None:
    here = upload(owner)["Location"]
    page = text(owner.post(here, columns("name", "", "", "")))
    assert "choose a column for one of them" in page
    page = text(owner.post(here, columns("key", "key", "", "")))
    assert "Two columns mean the same" in page
    reply = owner.post(here, {"step": "import"}, follow=True)
    assert "Check the list first." in text(reply)


def test_a_file_that_is_no_list_is_refused(owner: Client) -> None:
    assert "The file is empty" in text(upload(owner, "\n"))
    assert "neither CSV nor .xlsx" in text(upload(owner, "\x00\x00\x00"))


def test_the_encoding_can_be_corrected(
    owner: Client, organization: Organization
) -> None:
    here = upload(owner)["Location"]
    owner.post(here, {"step": "read", "encoding": "cp1252"})
    with organization_scope(organization.pk):
        assert PeopleList.objects.get().encoding == "cp1252"
    owner.post(here, {"step": "read", "encoding": "nonsense"})
    reply = owner.post(here, {"step": "read", "encoding": "utf-16"}, follow=True)
    assert reply.status_code == 200


def test_a_list_can_be_thrown_away(owner: Client, organization: Organization) -> None:
    here = upload(owner)["Location"]
    owner.post(here, {"step": "discard"})
    assert owner.get(here).status_code == 404


def test_a_large_list_shows_how_far_it_is(
    owner: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "AT_ONCE", 0)
    here = upload(owner)["Location"]
    owner.post(here, columns("key", "email", "unit_path", ""))
    assert "Waiting for its turn" in text(owner.get(here))
    assert "<html" not in text(owner.get(here, headers={"HX-Request": "true"}))
    owner.post(here, {"step": "import"})
    with organization_scope(organization.pk):
        (waiting,) = PeopleList.objects.all()
    lists.work(organization.pk, waiting.pk)
    polled = owner.get(here, headers={"HX-Request": "true"})
    assert polled["HX-Refresh"] == "true"
    assert "Import these people" in text(owner.get(here))


def test_a_failure_is_a_sentence_and_can_be_tried_again(
    owner: Client, organization: Organization
) -> None:
    here = upload(owner)["Location"]
    with organization_scope(organization.pk):
        PeopleList.objects.update(
            state="failed", failure={"code": "stopped", "params": {}}
        )
    assert "nothing was imported. Try again." in text(owner.get(here))
    owner.post(here, columns("key", "email", "unit_path", ""))
    assert "Import these people" in text(owner.get(here))


# --------------------------------------------------------------------------------- roles


@pytest.mark.parametrize("role", [Role.FIELDWORKER, Role.ANALYST, Role.AUDITOR])
def test_others_read_at_most(organization: Organization, role: Role) -> None:
    person = add(organization, key="1", name="Wu Lan")
    unit = add_unit(organization, "A")
    member = signed_in(make_member(organization, email="other@example.org", role=role))
    readable = {
        PEOPLE,
        reverse("surveys:person", args=[person.pk]),
        reverse("surveys:units"),
        reverse("surveys:attributes"),
    }
    for address in readable:
        status = 200 if role is Role.FIELDWORKER else 403
        assert member.get(address).status_code == status
        assert member.post(address, fields(key="9")).status_code in (403, 405)
    for address in (
        reverse("surveys:new-person"),
        reverse("surveys:remove-person", args=[person.pk]),
        reverse("surveys:unit", args=[unit.pk]),
        reverse("surveys:new-people-list"),
    ):
        assert member.get(address).status_code == 403
        assert member.post(address).status_code == 403
    assert member.post(reverse("surveys:selected-people")).status_code == 403
    assert keys(organization) == ["1"]


def test_other_organizations_are_not_there(
    owner: Client, organization: Organization
) -> None:
    theirs = make_organization("Hill Coffee")
    person, unit = add(theirs, key="1", name="Theirs"), add_unit(theirs, "T")
    with organization_scope(theirs.pk):
        people_list = lists.upload(
            organization=theirs, filename="x", size=9, chunks=[b"id\n1\n"],
            at=timezone.now(),
        )  # fmt: skip
    for name, key in (
        ("person", person.pk),
        ("remove-person", person.pk),
        ("unit", unit.pk),
        ("people-list", people_list.pk),
        ("rejected-people", people_list.pk),
    ):
        assert owner.get(reverse(f"surveys:{name}", args=[key])).status_code == 404
    ticked = {"person": [str(person.pk)], "action": "remove", "sure": "1"}
    owner.post(reverse("surveys:selected-people"), ticked)
    mine = add(organization, key="2")
    owner.post(
        reverse("surveys:selected-people"),
        {"person": [str(mine.pk)], "action": "move", "unit": str(unit.pk)},
    )
    assert keys(theirs) == ["1"]
    assert again(mine).unit_id is None
    assert "Theirs" not in text(owner.get(f"{PEOPLE}?state=all"))


@pytest.mark.parametrize("name", ["people", "units", "members", "tokens", "webhooks"])
def test_every_page_beside_people_stands_under_people(owner: Client, name: str) -> None:
    page = owner.get(reverse(f"surveys:{name}")).content.decode()
    top = page[page.index("<nav") : page.index("</nav>")]
    marked = [line for line in top.splitlines() if "aria-current" in line]
    assert len(marked) == 1
    assert ">People<" in marked[0]
