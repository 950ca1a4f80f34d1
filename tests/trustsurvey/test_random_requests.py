"""Requests generated from the description of the API, against the site itself.

No answer is a server error, none has a status, a type or a shape that the description
does not name. Half of the requests name rows that are there.

Every operation is asked about an organization of its own, from a seed of its own: what
fails is asked again with the seed that the test prints (`REQUESTS_SEED=...`) and `-k`.
"""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
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
LONG = 20_000  # requests at least, in all parts together
PARTS = 8
EXAMPLES = 60  # of one operation, mode and kind of ids, before the next has its turn


class Whole(WSGIHandler):
    """Reads files to their end and closes them, as a server does."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        reply = super().__call__(environ, start_response)
        try:
            return [b"".join(reply)]
        finally:
            reply.close()


class Site:
    """The site, and what it answered."""

    def __init__(self, seed: int) -> None:
        self.seed, self.headers = seed, {"Authorization": ""}
        self.ids: dict[str, str] = {}
        publish_library()
        self.renew()
        self.schema = schemathesis.openapi.from_wsgi(
            "/api/v1/openapi.json", Whole(), headers=self.headers
        )
        self.seen: Counter[int] = Counter()
        self.failures: dict[str, str] = {}

    def renew(self) -> None:
        """Ask for another organization, with one row of everything and a token."""
        organization = make_organization()
        self.ids = {name: str(key) for name, key in everything_of(organization).items()}
        secret = make_program(organization).secret
        self.headers["Authorization"] = f"Bearer {secret}"

    def operations(self) -> Iterator[Any]:
        for found in self.schema.get_all_operations():
            operation: Any = found
            yield operation.ok()

    def ask(
        self, operation: Any, mode: GenerationMode, examples: int, turn: int = 0
    ) -> None:
        """Send so many random requests to one operation, half with ids that are."""
        names = [parameter.name for parameter in operation.path_parameters]
        known = {name: self.ids[name] for name in names if name in self.ids}
        for ids in (known, None) if known else (None,):
            seed = f"{self.seed} {turn} {operation.label} {mode} {ids is None}"
            strategy = operation.as_strategy(mode, path_parameters=ids)
            self._run(strategy, examples, seed)

    def _run(self, strategy: Any, examples: int, seed: str) -> None:
        @hypothesis.seed(seed)
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
                text = f"{seed}: {case.as_curl_command()}\n{told!r}"
                if case.operation.label not in self.failures:
                    self.failures[case.operation.label] = text
                    print(text, flush=True)  # the rest may take an hour

        run()


@pytest.fixture
def site(database: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Site:
    settings.API_PER_MINUTE = 10**9
    # a connection for each request is a tenth of its time
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", None)
    return Site(int(os.environ.get("REQUESTS_SEED", "0")))


def test_random_requests_meet_nothing_undocumented(site: Site) -> None:
    # what reads comes first: nothing is removed then
    for operation in sorted(
        site.operations(), key=lambda one: one.method.upper() != "GET"
    ):
        for mode in MODES:
            site.ask(operation, mode, 2)
    assert not site.failures, "\n\n".join(site.failures.values())
    assert site.seen.total() > 150
    assert {200, 400, 404} <= set(site.seen)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_twenty_thousand_requests_meet_nothing_undocumented(
    site: Site, part: int
) -> None:
    if "REQUESTS_SEED" not in os.environ:
        site.seed = secrets.randbits(32)
    print(f"REQUESTS_SEED={site.seed}, part {part}", flush=True)
    operations = list(site.operations())[part::PARTS]
    turn = 0
    while site.seen.total() < LONG / PARTS:
        for operation in operations:
            site.renew()
            for mode in MODES:
                site.ask(operation, mode, EXAMPLES, turn)
        turn += 1
    print(f"{site.seen.total()} requests by status: {dict(site.seen)}", flush=True)
    assert not site.failures, "\n\n".join(site.failures.values())


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
