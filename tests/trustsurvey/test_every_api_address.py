"""Every address of the API, with every method, for ids that are not yours.

As tests/trustsurvey/test_every_address.py, with one organization for all of them:
what is refused changes nothing, so the next address finds the same rows.
"""

from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from surveys.models.people import Role
from tests.factories import make_member, make_organization, signed_in
from tests.surveys.api.conftest import make_program
from tests.surveys.outcome_rows import identified_ids
from tests.trustsurvey.test_every_address import (
    API,
    METHODS,
    Pattern,
    everything_of,
    filled,
    seen,
    stored_rows,
    unknown_ids,
)
from trustsurvey import roles

WITH_IDS = [pattern for pattern in API if "<uuid:" in pattern[0]]
PROBLEM = "application/problem+json"
# What a request without a body may meet where the id is one's own.
FOUND = {200, 201, 202, 204, 400, 409, 415}
# An open wave has no release and no report yet.
LATER = {"release-json"}


def test_a_foreign_id_is_an_unknown_id(
    database: None, administrator: roles.Login
) -> None:
    theirs = everything_of(make_organization("Hill Coffee"))
    ours = make_organization()
    everything_of(ours)
    for role in (Role.OWNER, Role.ANALYST):
        user = make_member(ours, role=role, email=f"{role}@example.org")
        client = signed_in(user)
        before = stored_rows(administrator)
        for pattern in WITH_IDS:
            _check_foreign(client, pattern, theirs, role)
        assert stored_rows(administrator) == before


def _check_foreign(
    client: Client, pattern: Pattern, theirs: dict[str, UUID], role: Role
) -> None:
    refused = set()
    for method in METHODS:
        ask = getattr(client, method)
        foreign = seen(ask(filled(pattern[0], theirs)))
        assert foreign == seen(ask(filled(pattern[0], unknown_ids()))), pattern[0]
        if method == "options":
            # what an address knows is said whoever's id it names
            assert foreign[0] == 204, pattern[0]
            continue
        assert foreign[2] == PROBLEM, pattern[0]
        refused.add(foreign[0])
    assert refused <= {403, 404, 405}, pattern[0]
    assert 404 in refused or role is not Role.OWNER, pattern[0]


def test_ones_own_id_is_found(database: None) -> None:
    """Without this the test above would pass on a site that finds nothing."""
    organization = make_organization()
    ours = everything_of(organization)
    known = ours | identified_ids(organization)
    client = signed_in(make_member(organization))
    found: dict[str, set[int]] = {}
    for method in ("get", "post"):
        for address, pattern in WITH_IDS:
            ids = known if "/scores" in address else ours
            reply: Any = getattr(client, method)(filled(address, ids))
            reply.close()
            found.setdefault(str(pattern.name) + address, set()).add(reply.status_code)
    for name, statuses in found.items():
        if not any(name.startswith(later) for later in LATER):
            assert statuses <= FOUND | {405}, (name, statuses)
            assert statuses != {405}, name


def test_strangers_and_other_sites_are_let_in_nowhere(
    database: None, administrator: roles.Login
) -> None:
    organization = make_organization()
    ids = everything_of(organization)
    careless = Client(enforce_csrf_checks=True)
    careless.force_login(make_member(organization))
    before = stored_rows(administrator)
    for address, _pattern in API:
        for method in METHODS:
            reply: HttpResponse = getattr(Client(), method)(filled(address, ids))
            assert reply.status_code in {302, 401, 405}, address
        crossed: Any = careless.post(filled(address, ids))
        assert crossed.status_code in {403, 405}, address
        if crossed.status_code == 403:
            assert "This page was too old" in crossed.content.decode()
    assert stored_rows(administrator) == before


@pytest.mark.parametrize("allowed", ["library:read"])
def test_a_token_opens_no_address_it_was_not_made_for(
    database: None, allowed: str
) -> None:
    organization = make_organization()
    ids = everything_of(organization)
    program = make_program(organization, allowed)
    for address, pattern in API:
        scopes = getattr(getattr(pattern.callback, "cls", None), "scopes", {})
        for method, scope in scopes.items():
            where = filled(address, ids).removeprefix("/api/v1/")
            status = program(method, where).status_code
            assert (status == 403) == (scope != allowed), (method, address, status)
