"""Programs that call the API, as the tests meet them."""

import json
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from surveys.api.scopes import Scope
from surveys.api.tokens import make_token
from surveys.models import Membership, Organization, Survey
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import make_form, make_member, make_survey


class Program:
    """Calls addresses under /api/v1/ with a token; bodies are sent as JSON."""

    def __init__(self, secret: str) -> None:
        self.client = Client()
        self.secret = secret

    def __call__(
        self, method: str, address: str, body: Any = None, **headers: str
    ) -> HttpResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        reply: Any = self.client.generic(
            method,
            f"/api/v1/{address}",
            "" if body is None else body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **named},
        )
        return reply  # type: ignore[no-any-return]

    def get(self, address: str, **headers: str) -> Any:
        """Return the JSON of what is there."""
        reply = self("GET", address, **headers)
        assert reply.status_code == 200, reply.content
        return json.loads(reply.content)


def problem(reply: HttpResponse, status: int) -> dict[str, Any]:
    """Return the problem that a reply is, of this status."""
    assert reply.status_code == status, reply.content
    assert reply["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(reply.content)
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    return said


def make_program(
    organization: Organization,
    *scopes: str,
    role: Role = Role.OWNER,
    expires_on: date | None = None,
) -> Program:
    """A token of the organization for these scopes, of all where none is named."""
    number = timezone.now().timestamp()
    user = make_member(organization, role=role, email=f"p{number}@example.org")
    with organization_scope(organization.pk):
        _token, secret = make_token(
            membership=Membership.objects.get(user=user),
            name="CRM",
            scopes=scopes or Scope.values,
            at=timezone.now(),
            expires_on=expires_on,
        )
    return Program(secret)


def with_form(organization: Organization, *, mode: str = Survey.Mode.OPEN) -> Survey:
    """A survey that is ready to be asked."""
    survey = make_survey(organization, mode=mode)
    make_form(survey)
    return survey


@pytest.fixture
def program(organization: Organization) -> Program:
    return make_program(organization)
