"""Who sees what of reports: units of managers, sections of roles, and the page for both."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from analytics.release_sections import SECTIONS
from surveys import operating, reading
from surveys.fieldwork.inviting import invite
from surveys.models import (
    Cell,
    CellUnit,
    ManagedUnit,
    Membership,
    Organization,
    RoleSections,
    Survey,
    Unit,
    User,
    Wave,
)
from surveys.models.managers import EVERY_SECTION, SECTIONS_AT_FIRST, Section
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    make_form,
    make_member,
    make_organization,
    make_survey,
    signed_in,
)
from tests.surveys.asked import make_people, make_unit

PAGE = "/people/members/"


def membership_of(user: User, organization: Organization) -> Membership:
    with organization_scope(organization.pk):
        return Membership.objects.select_related("organization").get(user=user)


def make_manager(
    organization: Organization, *units: Unit, email: str = "lead@example.org"
) -> Membership:
    user = make_member(organization, email=email, role=Role.MANAGER)
    manager = membership_of(user, organization)
    with organization_scope(organization.pk):
        for unit in units:
            ManagedUnit.objects.create(
                organization=organization, membership=manager, unit=unit
            )
    return manager


def sections(member: Membership) -> frozenset[Section]:
    with organization_scope(member.organization_id):
        return reading.sections_of(member)


def asked_wave(organization: Organization, teams: dict[Unit, int]) -> Wave:
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    people = [
        one
        for unit, size in teams.items()
        for one in make_people(organization, size, unit=unit)
    ]
    with organization_scope(organization.pk):
        return invite(survey=survey, people=people, at=NOW)


def names_of(wave: Wave, manager: Membership) -> list[list[str]]:
    with organization_scope(wave.organization_id):
        names = dict(Cell.objects.filter(wave=wave).values_list("id", "name_en"))
        lines = reading.managed_cells(manager, wave)
    return [[names[cell] for cell in line] for line in lines]


# ------------------------------------------------------------------------- sections


def test_the_sections_are_those_of_the_report() -> None:
    assert {one.key for one in SECTIONS} == set(EVERY_SECTION)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_begins_with_sensible_sections(
    organization: Organization, role: Role
) -> None:
    user = make_member(organization, role=role)
    seen = sections(membership_of(user, organization))
    if role == Role.OWNER:
        assert seen == EVERY_SECTION
    else:
        assert seen == SECTIONS_AT_FIRST.get(role, frozenset())
    assert ("comments" in seen) is (role in {Role.OWNER, Role.ANALYST})


def test_owners_choose_for_the_others_and_not_for_themselves(
    organization: Organization, owner: Client
) -> None:
    chosen = {"analyst": ["glance", "methods"], "manager": ["teams"], "auditor": []}
    assert owner.post(PAGE, chosen).status_code == 302
    for role, expected in chosen.items():
        user = make_member(organization, email=f"{role}@example.org", role=Role(role))
        assert sections(membership_of(user, organization)) == set(expected)
    assert "checked" in owner.get(PAGE).content.decode()
    boss = make_member(organization, email="second@example.org")
    assert sections(membership_of(boss, organization)) == EVERY_SECTION


def test_managers_are_never_given_comments(
    organization: Organization, owner: Client
) -> None:
    reply = owner.post(PAGE, {"manager": ["comments"]})
    assert reply.status_code == 200
    with organization_scope(organization.pk):
        assert not RoleSections.objects.exists()


def test_sections_of_one_organization_are_not_those_of_another(owner: Client) -> None:
    other = make_organization("Hill Coffee")
    user = make_member(other, email="far@example.org", role=Role.ANALYST)
    owner.post(PAGE, {"analyst": ["glance"]})
    assert sections(membership_of(user, other)) == EVERY_SECTION


# ---------------------------------------------------------------------------- units


def test_a_manager_sees_the_own_cell_and_those_above(
    organization: Organization,
) -> None:
    top = make_unit(organization, "top")
    first, second = (make_unit(organization, code, top) for code in ("1", "2"))
    manager = make_manager(organization, first)
    wave = asked_wave(organization, {first: 9, second: 10})
    assert names_of(wave, manager) == [["Team 1", "Team top"]]


def test_a_unit_that_is_too_small_is_seen_with_what_it_was_put_into(
    organization: Organization,
) -> None:
    top = make_unit(organization, "top")
    large, small, tiny = (make_unit(organization, code, top) for code in "123")
    manager = make_manager(organization, tiny)
    wave = asked_wave(organization, {large: 20, small: 5, tiny: 4})
    ((own, above),) = names_of(wave, manager)
    assert "Team 2" in own
    assert "Team 3" in own
    assert "Team 1" not in own
    assert above == "Team top"


def test_a_unit_of_which_nobody_was_asked_opens_nothing(
    organization: Organization,
) -> None:
    asked, idle = (make_unit(organization, code) for code in ("1", "2"))
    manager = make_manager(organization, idle)
    wave = asked_wave(organization, {asked: 12})
    assert names_of(wave, manager) == []
    assert names_of(wave, make_manager(organization, email="no@example.org")) == []


def test_what_a_unit_was_in_a_wave_stays_when_the_tree_changes(
    organization: Organization,
) -> None:
    top, other = (make_unit(organization, code) for code in ("top", "other"))
    team = make_unit(organization, "1", top)
    beside = make_unit(organization, "2", top)
    manager = make_manager(organization, team)
    wave = asked_wave(organization, {team: 9, beside: 9, other: 9})
    with organization_scope(organization.pk):
        Unit.objects.filter(pk=team.pk).update(parent=other)
        assert CellUnit.objects.filter(wave=wave).count() == 4
    ((_, above, *_),) = names_of(wave, manager)
    assert above == "Team top"


def test_only_managers_have_units(organization: Organization) -> None:
    unit = make_unit(organization, "1")
    user = make_member(organization, role=Role.ANALYST)
    analyst = membership_of(user, organization)
    with (
        pytest.raises(IntegrityError, match="managed_unit_has_its_manager"),
        organization_scope(organization.pk),
    ):
        ManagedUnit.objects.create(
            organization=organization, membership=analyst, unit=unit
        )


def test_an_operator_who_gives_another_role_takes_the_units_away(
    organization: Organization,
) -> None:
    manager = make_manager(organization, make_unit(organization, "1"))
    operating.add_member(
        email="lead@example.org",
        password=None,
        organization_name=organization.name,
        role=Role.ANALYST,
    )
    with organization_scope(organization.pk):
        assert Membership.objects.get(pk=manager.pk).role == Role.ANALYST
        assert not ManagedUnit.objects.exists()


# ------------------------------------------------------------------------- the page


def text(reply: Any) -> str:
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def test_the_page_lists_members_with_their_units(
    organization: Organization, owner: Client
) -> None:
    make_manager(organization, make_unit(organization, "Sales"))
    make_manager(organization, email="new@example.org")
    make_member(make_organization("Hill Coffee"), email="far@example.org")
    page = text(owner.get(PAGE))
    assert "lead@example.org" in page
    assert "Team Sales" in page
    assert "none: sees no report yet" in page
    assert "far@example.org" not in page
    chinese = owner.get(PAGE, headers={"Accept-Language": "zh-hans"})
    assert "团队Sales" in text(chinese)


def test_the_page_asks_as_often_for_many_members(
    organization: Organization, owner: Client, django_assert_num_queries: Any
) -> None:
    unit = make_unit(organization, "1")
    for number in range(12):
        make_manager(organization, unit, email=f"lead{number}@example.org")
    owner.get(PAGE)
    with django_assert_num_queries(10):
        owner.get(PAGE)


def test_owners_give_and_take_units(organization: Organization, owner: Client) -> None:
    first, second = (make_unit(organization, code) for code in ("1", "2"))
    manager = make_manager(organization, first)
    page = reverse("surveys:manager", args=[manager.pk])
    assert "checked" in text(owner.get(page))
    assert owner.post(page, {"units": [second.pk]}).status_code == 302
    with organization_scope(organization.pk):
        assert ManagedUnit.objects.get().unit_id == second.pk
    assert owner.post(page, {}).status_code == 302
    with organization_scope(organization.pk):
        assert not ManagedUnit.objects.exists()


def test_a_foreign_unit_cannot_be_given(
    organization: Organization, owner: Client
) -> None:
    foreign = make_unit(make_organization("Hill Coffee"), "1")
    manager = make_manager(organization, make_unit(organization, "1"))
    page = reverse("surveys:manager", args=[manager.pk])
    assert "errorlist" in text(owner.post(page, {"units": [foreign.pk]}))


def test_only_owners_decide(organization: Organization) -> None:
    manager = make_manager(organization, make_unit(organization, "1"))
    for role in set(Role) - {Role.OWNER}:
        user = make_member(organization, email=f"{role}@example.org", role=role)
        for page in (PAGE, reverse("surveys:manager", args=[manager.pk])):
            for ask in (signed_in(user).get, signed_in(user).post):
                assert ask(page).status_code == 403


def test_a_member_who_is_no_manager_has_no_page_of_units(
    organization: Organization, owner: Client
) -> None:
    user = make_member(organization, email="an@example.org", role=Role.ANALYST)
    analyst = membership_of(user, organization)
    reply = owner.get(reverse("surveys:manager", args=[analyst.pk]))
    assert reply["Location"] == PAGE
