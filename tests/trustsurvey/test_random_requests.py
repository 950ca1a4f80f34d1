"""Requests generated from the description of the API, against the site itself.

No answer is a server error, none has a status, a type or a shape that the description
does not name. Half of the requests name rows that are there.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories import make_organization, publish_library
from tests.surveys.api.conftest import make_program
from tests.trustsurvey.test_every_address import everything_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
LONG = 20_000  # requests at least


class Site:
    """The site with an organization that has one row of everything, and its token."""

    def __init__(self) -> None:
        organization = make_organization()
        publish_library()
        self.ids = {name: str(key) for name, key in everything_of(organization).items()}
        secret = make_program(organization).secret
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.schema = schemathesis.openapi.from_wsgi(
            "/api/v1/openapi.json", WSGIHandler(), headers=self.headers
        )
        self.seen: Counter[int] = Counter()
        self.failures: dict[str, str] = {}

    def operations(self) -> Iterator[Any]:
        for found in self.schema.get_all_operations():
            operation: Any = found
            yield operation.ok()

    def ask(self, operation: Any, mode: GenerationMode, examples: int) -> None:
        """Send so many random requests to one operation, half with ids that are."""
        names = [parameter.name for parameter in operation.path_parameters]
        known = {name: self.ids[name] for name in names if name in self.ids}
        for ids in (known, None) if known else (None,):
            self._run(operation.as_strategy(mode, path_parameters=ids), examples)

    def _run(self, strategy: Any, examples: int) -> None:
        @hypothesis.settings(
            max_examples=examples,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=strategy)
        def run(case: Any) -> None:
            reply = case.call(headers=self.headers)
            self.seen[reply.status_code] += 1
            try:
                case.validate_response(reply, checks=CHECKS)
            except (Failure, FailureGroup) as failure:
                # the others are asked all the same; one of a kind is enough
                told = getattr(failure, "exceptions", [failure])
                self.failures.setdefault(
                    case.operation.label, f"{case.as_curl_command()}\n{told!r}"
                )

        run()


@pytest.fixture
def site(database: None, settings: Any) -> Site:
    settings.API_PER_MINUTE = 10**9
    return Site()


def test_random_requests_meet_nothing_undocumented(site: Site) -> None:
    for operation in site.operations():
        for mode in MODES:
            site.ask(operation, mode, 2)
    assert not site.failures, "\n\n".join(site.failures.values())
    assert site.seen.total() > 150
    assert {200, 400, 404} <= set(site.seen)


@pytest.mark.long
def test_twenty_thousand_requests_meet_nothing_undocumented(site: Site) -> None:
    operations = list(site.operations())
    while site.seen.total() < LONG:
        for operation in operations:
            for mode in MODES:
                site.ask(operation, mode, 60)
    assert not site.failures, "\n\n".join(site.failures.values())
    print(f"{site.seen.total()} requests by status: {dict(site.seen)}")


def test_every_route_is_described(site: Site) -> None:
    from tests.trustsurvey.test_every_address import API

    described = {operation.label for operation in site.operations()}
    for address, pattern in API:
        scopes = getattr(getattr(pattern.callback, "cls", None), "scopes", {})
        path = address
        for kind in ("uuid", "slug", "str"):
            path = path.replace(f"<{kind}:", "{")
        for method in scopes:
            assert f"{method} {path.replace('>', '}')}" in described
