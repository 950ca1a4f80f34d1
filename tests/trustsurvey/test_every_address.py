"""Every address of the site, with every method, for ids that are not yours.

A wave of another organization and a wave that never was must look the same.
"""

import json
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from psycopg import sql

from analytics import plain
from analytics.api.stored import ReportOut
from analytics.models import Release
from surveys.actions import freeze_promise
from surveys.api.tokens import make_token
from surveys.models import ApiToken, Cell, Membership, Organization, Survey, Wave
from surveys.models.people import Role
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope
from tests.analytics.commented import make_note
from tests.analytics.exported import make_export
from tests.analytics.release_samples import everyone, segments_part
from tests.factories import (
    make_analysis,
    make_comment,
    make_draft,
    make_event,
    make_evidence,
    make_member,
    make_organization,
    make_rating,
    make_responses,
    make_review,
    make_survey,
    make_version,
    make_wave,
    signed_in,
)
from tests.released import make_release
from tests.surveys.brought_rows import make_answer_file
from tests.surveys.outcome_rows import (
    identified_ids,
    outcome_ids,
    webhook_ids,
)
from tests.surveys.people_rows import people_ids
from tests.surveys.test_members import make_manager
from trustsurvey import roles

METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
# Views of libraries, which know no organization.
OPEN_TO_ALL = {"account_login", "account_logout", "set_language", "health-json"}
# Experts are asked by a link that opens one round and nothing else.
HELD_BY_LINK = {"expert", "expert-thanks", "opt-out"}
# Outcomes and scores are of known people only.
OF_KNOWN_PEOPLE = {"outcomes", "scores", "scores-csv"}
# The sheet tells of a wave with six words.
OF_ANONYMOUS = {"sheet"}
# Mail programs press this button without ever having seen a page (RFC 8058).
PRESSED_FROM_ELSEWHERE = {"opt-out"}

# a report that says nothing, in the shape of one that does
NOTHING = {"IntegerField": 0, "CharField": "", "BooleanField": False, "ListField": []}
EMPTY_REPORT = json.dumps(
    {name: NOTHING.get(type(f).__name__, {}) for name, f in ReportOut().fields.items()}
)

Pattern = tuple[str, URLPattern]


def patterns(
    resolver: URLResolver | None = None, before: str = "/"
) -> Iterator[Pattern]:
    """Every address of the site with its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, here)
        else:
            yield here, entry


EVERY = list(patterns())
# Addresses for programs are crawled together: tests/trustsurvey/test_every_api_address.py
API = [pattern for pattern in EVERY if pattern[0].startswith("/api/")]
PAGES = [pattern for pattern in EVERY if pattern not in API]
# Records of published scales belong to no organization: their ids are nobody's secret.
WITH_IDS = [pattern for pattern in PAGES if "<uuid:" in pattern[0]]
PUBLISHED_SCALE = "spi-trust"


def named(pattern: Pattern) -> str:
    return pattern[0]


def filled(address: str, ids: dict[str, UUID]) -> str:
    """Put ids into the gaps of an address; a gap this does not know is an error."""
    address = address.replace("<slug:record_id>", PUBLISHED_SCALE)
    address = address.replace("<str:token>", "made-up")
    address = address.replace("<anything:rest>", "v1/nowhere/")
    address = address.replace("<str:code>.<str:ending>", "dimensions-1-7.svg")
    address = address.replace("<language:language>", "en")
    return re.sub(r"<uuid:(\w+)>", lambda gap: str(ids[gap[1]]), address)


def everything_of(organization: Organization) -> dict[str, UUID]:
    """Give an organization one row of every kind; return their ids by parameter."""
    wave = make_wave(make_survey(organization))
    make_responses(wave, 2)
    make_comment(wave, "Good tea.")
    analysis = make_analysis(
        wave, status="done", result=EMPTY_REPORT, input_sha256="0" * 64
    )
    version = make_version(organization)
    review = make_review(organization, version)
    return {
        "survey_id": wave.survey_id,
        "wave_id": wave.pk,
        "analysis_id": analysis.pk,
        "release_id": _release_of(organization).pk,
        "version_id": version.pk,
        "other_id": make_version(organization, number=2).pk,
        "line_id": make_evidence(organization, version).pk,
        "review_id": review.pk,
        "rating_id": make_rating(review).pk,
        "draft_id": make_draft(organization).pk,
        "event_id": make_event(organization).pk,
        "membership_id": make_manager(organization, email=f"{wave.pk}@x.example").pk,
        "note_id": make_note(wave, everyone()).pk,
        "file_id": make_answer_file(wave.survey).pk,
        "cell_id": _cell_on_paper(organization).pk,
        "export_id": make_export(wave).pk,
        "token_id": make_token_of(organization).pk,
        **people_ids(organization),
        **outcome_ids(wave),
        **webhook_ids(organization),
    }


def make_token_of(organization: Organization) -> ApiToken:
    """A token of somebody of the organization."""
    user = make_member(organization, email=f"{uuid4()}@example.org")
    with organization_scope(organization.pk):
        token, _secret = make_token(
            membership=Membership.objects.get(user=user),
            name="CRM",
            scopes=["library:read"],
            at=timezone.now(),
            expires_on=None,
        )
    return token


def _release_of(organization: Organization) -> Release:
    """A published release, of a wave of its own, with groups and so with a chart."""
    groups = json.dumps(plain.to_plain(segments_part()))
    return make_release(make_wave(make_survey(organization)), {"segments": groups})


def _cell_on_paper(organization: Organization) -> Cell:
    """A group of an open wave, without the keys that take long to make."""
    asked = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    with organization_scope(organization.pk):
        freeze_promise(asked, Survey.Mode.ANONYMOUS, Thresholds())
        return Cell.objects.create(
            organization=organization,
            wave=asked,
            name_en="Sales",
            name_zh_hans="销售部",
            invited=8,
            printed=True,
        )


def _anonymous_wave(organization: Organization) -> Wave:
    """A wave with a public list that names no group."""
    asked = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    with organization_scope(organization.pk):
        frozen = freeze_promise(asked, Survey.Mode.ANONYMOUS, Thresholds())
        frozen.manifest = '{"cells":[]}'
        frozen.save(update_fields=["manifest"])
    return asked


def unknown_ids() -> dict[str, UUID]:
    names = ("survey_id", "wave_id", "analysis_id", "version_id", "other_id", "line_id")
    people = ("unit_id", "attribute_id", "participant_id", "list_id", "file_id")
    hooks = ("endpoint_id", "delivery_id", "criterion_id", "values_id")
    return {
        name: uuid4()
        for name in (
            *names,
            *people,
            *hooks,
            "review_id",
            "rating_id",
            "draft_id",
            "cell_id",
            "event_id",
            "release_id",
            "membership_id",
            "note_id",
            "export_id",
            "token_id",
            "export_id",
        )
    }


def stored_rows(login: roles.Login) -> dict[str, str | None]:
    """Fingerprint of every table of ours and of the jobs, as the administrator."""
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(**{**login, "dbname": name}) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE tablename ~"
            " '^(surveys|analytics|procrastinate)_' AND tablename <> 'surveys_user'"
        ).fetchall()
        fingerprint = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
        return {
            table: connection.execute(
                sql.SQL(fingerprint).format(sql.Identifier(table))
            ).fetchall()[0][0]
            for (table,) in tables
        }


def seen(reply: HttpResponseBase) -> tuple[int, bytes, str]:
    """What a browser could compare: status, body and type."""
    assert not isinstance(reply, StreamingHttpResponse)
    body: bytes = reply.content  # type: ignore[attr-defined]
    return reply.status_code, body, reply.headers.get("Content-Type", "")


def test_the_crawl_knows_every_kind_of_id() -> None:
    known = unknown_ids()
    for address, _ in EVERY:
        assert "<" not in filled(address, known)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ANALYST])
def test_a_foreign_id_is_an_unknown_id(
    database: None, administrator: roles.Login, role: Role
) -> None:
    others = make_organization("Hill Coffee")
    theirs = everything_of(others)
    anonymous = theirs | {"wave_id": _anonymous_wave(others).pk}
    ours = make_organization()
    everything_of(ours)
    client = signed_in(make_member(ours, role=role))
    before = stored_rows(administrator)
    for address, pattern in WITH_IDS:
        if pattern.name in HELD_BY_LINK:
            gone = client.get(filled(address, unknown_ids()))
            assert gone.status_code == 404, address
            continue
        refused = set()
        for method in METHODS:
            ask = getattr(client, method)
            ids = anonymous if pattern.name in OF_ANONYMOUS else theirs
            foreign = seen(ask(filled(address, ids)))
            unknown = seen(ask(filled(address, unknown_ids())))
            assert foreign == unknown, (method, address)
            refused.add(foreign[0])
        assert refused <= {403, 404, 405}, address
        assert 404 in refused or role is not Role.OWNER, address
    assert stored_rows(administrator) == before


@pytest.mark.parametrize("pattern", WITH_IDS, ids=named)
def test_ones_own_id_is_found(database: None, pattern: Pattern) -> None:
    """Without this the test above would pass on a site that finds nothing."""
    organization = make_organization()
    ours = everything_of(organization)
    if pattern[1].name in OF_KNOWN_PEOPLE:
        ours |= identified_ids(organization)
    if pattern[1].name in OF_ANONYMOUS:
        ours["wave_id"] = _anonymous_wave(organization).pk
    client = signed_in(make_member(organization))
    found = set()
    for method in ("get", "post"):
        reply = getattr(client, method)(filled(pattern[0], ours))
        found.add(reply.status_code)
        reply.close()
    assert found <= {200, 302, 405}
    assert found != {405}


def test_strangers_are_let_in_nowhere(
    database: None, administrator: roles.Login
) -> None:
    ids = everything_of(make_organization())
    before = stored_rows(administrator)
    for address, pattern in PAGES:
        if pattern.name in OPEN_TO_ALL | HELD_BY_LINK:
            continue
        for method in METHODS:
            reply = getattr(Client(), method)(filled(address, ids))
            assert reply.status_code in {302, 401, 405}, (method, address)
            if reply.status_code == 302:
                assert reply["Location"].startswith("/sign-in/?next=/"), address
    assert stored_rows(administrator) == before


def test_every_view_of_ours_names_its_roles() -> None:
    without = {
        pattern.name
        for _, pattern in EVERY
        if not hasattr(pattern.callback, "member_roles")
    }
    assert without == OPEN_TO_ALL | HELD_BY_LINK


def test_a_post_from_another_site_is_refused(
    database: None, administrator: roles.Login
) -> None:
    organization = make_organization()
    ids = everything_of(organization)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(organization))
    before = stored_rows(administrator)
    for address, pattern in PAGES:
        reply = client.post(filled(address, ids))
        if pattern.name in PRESSED_FROM_ELSEWHERE:
            # what it was not given for is not found; test_inviting.py has more
            assert reply.status_code == 404, address
            continue
        # 405 where nothing can be posted at all
        assert reply.status_code in {403, 405}, address
        if reply.status_code == 403:
            assert "This page was too old" in reply.content.decode(), address
    assert stored_rows(administrator) == before


@pytest.mark.parametrize("after", ["", "en/", "en/received/", "nowhere/"])
@pytest.mark.parametrize("method", METHODS)
def test_the_respondents_addresses_set_no_cookie(
    database: None, method: str, after: str
) -> None:
    wave = make_wave()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-somebody-signed-in"
    reply = getattr(client, method)(f"/s/{wave.pk}/{after}")
    assert not reply.cookies
    assert "Cookie" not in reply.headers.get("Vary", "")
