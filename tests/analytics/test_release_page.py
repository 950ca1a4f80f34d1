"""The report of a wave: which release is shown, to whom, and where it stands."""

import json
import re
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analytics.models import Release
from analytics.plan import Text
from analytics.release_parts import SegmentsPart
from analytics.sentences import say
from surveys.models import CellUnit, ManagedUnit, Membership, Organization, Survey, Wave
from surveys.models.participants import Unit
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.analytics.release_samples import (
    SCALES,
    everyone,
    part_texts,
    score,
    segment,
    segments_part,
)
from tests.factories import (
    NOW,
    close_for_good,
    make_analysis,
    make_member,
    make_organization,
    make_survey,
    make_wave,
    signed_in,
)
from tests.released import make_cells, make_release

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def organization(database: None) -> Organization:
    return make_organization()


@pytest.fixture
def asked(organization: Organization) -> Wave:
    """An anonymous wave that is still open."""
    return make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))


@pytest.fixture
def reader(organization: Organization) -> Client:
    return signed_in(make_member(organization))


def address(wave: Wave) -> str:
    return reverse("analytics:report", args=[wave.pk])


def text_of(client: Client, where: str, **headers: str) -> str:
    reply = client.get(where, headers=headers)
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def under_way(wave: Wave, state: str, **values: object) -> Release:
    with organization_scope(wave.organization_id):
        return Release.objects.create(
            organization_id=wave.organization_id,
            wave=wave,
            number=1,
            state=state,
            settings={"seed": 1},
            requested_at=NOW,
            worked_at=NOW,
            **values,
        )


def reason() -> str:
    return json.dumps(say("release_index_hidden").to_plain())


def test_an_open_wave_says_when_its_report_comes(reader: Client, asked: Wave) -> None:
    page = text_of(reader, address(asked))
    assert "There is no report yet" in page
    assert "shown to nobody" in page
    assert reverse("analytics:analyse", args=[asked.pk]) not in page


@pytest.mark.parametrize(
    ("state", "values", "words"),
    [
        ("queued", {}, "The report is being made"),
        ("building", {"progress": 40}, 'value="40"'),
        ("refused", {"reason": reason()}, "One of the dimensions has no score"),
        ("failed", {"reason": reason()}, "The report could not be made"),
    ],
)
def test_the_page_says_where_a_release_stands(
    reader: Client, asked: Wave, state: str, values: dict[str, object], words: str
) -> None:
    close_for_good(asked)
    under_way(asked, state, **values)
    assert words in text_of(reader, address(asked))


def test_a_page_that_waits_asks_for_the_progress_only(
    reader: Client, asked: Wave
) -> None:
    close_for_good(asked)
    release = under_way(asked, "building", progress=40)
    waiting = text_of(reader, address(asked))
    assert 'hx-trigger="every 1s"' in waiting
    assert "Load again" in waiting
    fragment = text_of(reader, address(asked), **{"HX-Request": "true"})
    assert fragment.startswith("<p>")
    assert "<html" not in fragment
    with organization_scope(asked.organization_id):
        Release.objects.filter(pk=release.pk).update(state="failed", reason=reason())
    reply = reader.get(address(asked), headers={"HX-Request": "true"})
    assert reply["HX-Refresh"] == "true"


def test_the_newest_release_is_shown_and_an_older_one_is_kept(
    reader: Client, asked: Wave
) -> None:
    first = make_release(asked, part_texts())
    second = make_release(asked, part_texts())
    old, new = (
        f'href="{reverse("analytics:release", args=[one.pk])}"'
        for one in (first, second)
    )
    page = text_of(reader, address(asked))
    assert old in page
    assert new not in page
    older = text_of(reader, reverse("analytics:release", args=[first.pk]))
    assert new in older
    assert old not in older


@pytest.mark.parametrize("state", ["withdrawn", "queued", "refused"])
def test_a_release_that_is_not_published_does_not_exist(
    reader: Client, asked: Wave, state: str
) -> None:
    close_for_good(asked)
    if state == "withdrawn":
        release = make_release(asked, part_texts(), state=state)
    else:
        values = {"reason": reason()} if state == "refused" else {}
        release = under_way(asked, state, **values)
    found = reader.get(reverse("analytics:release", args=[release.pk]))
    assert found.status_code == 404


def test_a_hiding_wave_shows_no_analysis_instead(reader: Client, asked: Wave) -> None:
    close_for_good(asked)
    make_analysis(asked, status="failed", failure=reason())
    page = text_of(reader, address(asked))
    assert "No report was made of this wave" in page
    assert "One of the dimensions" not in page
    assert reverse("analytics:analysis", args=[asked.pk]) not in page


def test_an_open_link_shows_its_release_with_a_way_to_the_analysis(
    reader: Client, organization: Organization
) -> None:
    wave = make_wave(make_survey(organization))
    assert reverse("analytics:analyse", args=[wave.pk]) in text_of(
        reader, address(wave)
    )
    make_release(wave, part_texts())
    page = text_of(reader, address(wave))
    assert 'id="glance"' in page
    assert reverse("analytics:analysis", args=[wave.pk]) in page
    assert "respondents were told that their answers are seen" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["At a glance", "Trust index", "Teams and groups", "Sales North"]),
        ("zh-CN", ["概览", "信任指数", "团队与群体", "北方销售"]),
    ],
)
def test_the_page_says_everything_in_its_language(
    reader: Client, asked: Wave, language: str, words: list[str]
) -> None:
    make_release(asked, part_texts())
    page = text_of(reader, address(asked), **{"Accept-Language": language})
    for word in words:
        assert word in page


def test_ids_are_unique_and_the_contents_reach_every_section(
    reader: Client, asked: Wave
) -> None:
    make_release(asked, part_texts())
    page = text_of(reader, f"{address(asked)}?segment=unit:north")
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert {"glance", "teams", "methods"} <= set(ids)


def test_choosing_a_group_needs_no_script(reader: Client, asked: Wave) -> None:
    make_release(asked, part_texts())
    page = text_of(reader, address(asked))
    assert '<form class="pick" method="get"' in page
    assert 'href="?segment=unit%3Anorth#teams"' in page
    assert 'id="chosen-title"' not in page
    chosen = text_of(reader, f"{address(asked)}?segment=unit%3Anorth")
    inside = chosen.partition('id="chosen-title"')[2].partition("</table>")[0]
    rows = re.findall(r'<th role="rowheader"[^>]*>(?:<a[^>]*>)?([^<]+)', inside)
    assert rows == ["Everyone", "Sales", "Sales North"]


@pytest.mark.parametrize(
    "query", ["segment=unit:nowhere", "start=-3", "start=x", "start=99999999"]
)
def test_an_address_that_chooses_nothing_shows_the_whole(
    reader: Client, asked: Wave, query: str
) -> None:
    make_release(asked, part_texts())
    page = text_of(reader, f"{address(asked)}?{query}")
    assert "Sales North" in page
    assert 'id="chosen-title"' not in page


def manager_of(wave: Wave, unit_name: str, cell: UUID) -> Client:
    """Somebody who manages one unit, made of one cell of the wave."""
    with organization_scope(wave.organization_id):
        organization = Organization.objects.get(pk=wave.organization_id)
    user = make_member(organization, email="manager@example.org", role=Role.MANAGER)
    with organization_scope(wave.organization_id):
        unit = Unit.objects.create(
            organization=organization,
            code=unit_name,
            name_en=unit_name,
            name_zh_hans=unit_name,
        )
        CellUnit.objects.create(
            organization=organization, wave=wave, unit=unit, cell_id=cell
        )
        membership = Membership.objects.get(user=user)
        ManagedUnit.objects.create(
            organization=organization, membership=membership, unit=unit
        )
    return signed_in(user)


def test_a_manager_sees_the_own_unit_and_those_above(asked: Wave) -> None:
    cells = make_cells(asked, ("Sales", None, 0), ("North", 0, 18), ("South", 0, 22))
    names = {"unit:sales": 0, "unit:north": 1, "unit:south": 2}
    part = segments_part()
    part = replace(
        part,
        segments=tuple(
            replace(one, cell=str(cells[names[one.key]].pk))
            if one.key in names
            else one
            for one in part.segments
        ),
    )
    release = make_release(asked, part_texts(part))
    page = text_of(manager_of(asked, "North", cells[1].pk), address(asked))
    assert "You see the groups that you manage" in page
    for name in ("Everyone", "Sales", "Sales North"):
        assert f">{name}<" in page
    for name in ("Sales South", "Platform", "Legal", "Chinese", "Under a year"):
        assert name not in page
    assert 'id="methods"' not in page
    client = manager_of_again(asked)
    for where in (address(asked), reverse("analytics:release", args=[release.pk])):
        assert "Sales South" not in text_of(client, f"{where}?segment=unit:south")


def manager_of_again(wave: Wave) -> Client:
    with organization_scope(wave.organization_id):
        return signed_in(Membership.objects.get(role=Role.MANAGER).user)


def test_a_fieldworker_opens_no_report(organization: Organization, asked: Wave) -> None:
    make_release(asked, part_texts())
    user = make_member(organization, email="field@example.org", role=Role.FIELDWORKER)
    assert signed_in(user).get(address(asked)).status_code == 403


def many(units: int) -> SegmentsPart:
    """Release of `units` teams in departments of ten, six scales."""
    scales = {f"S{k}": Text(f"Scale {k}", f"维度 {k}") for k in range(5)}
    scales["LOY"] = SCALES["LOY"]
    scores = {code: score(3 + 0.3 * k) for k, code in enumerate(scales)}
    found = [everyone(scores=scores)]
    for k in range(units):
        department = f"unit:d{k // 10}"
        if k % 10 == 0:
            found.append(segment(department, Text.same(f"Dep {k // 10}"), scores))
            continue
        name = Text.same(f"Team {k}")
        found.append(segment(f"unit:t{k}", name, scores, parent=department, depth=2))
    ranges = dict.fromkeys(scales, (1, 7))
    return segments_part(tuple(found), scales=scales, ranges=ranges, spread={})


# Seven stand around each (see tests/surveys/test_views_pages.py); then the wave, its
# releases, the parts, the action notes and what moved beside them.
@pytest.mark.parametrize("units", [5, 200])
def test_the_page_needs_as_many_queries_however_much_it_shows(
    reader: Client, asked: Wave, units: int
) -> None:
    make_release(asked, part_texts(many(units)))
    with CaptureQueriesContext(connection) as captured:
        assert reader.get(f"{address(asked)}?segment=unit:t1").status_code == 200
    assert len(captured) == 7 + 5, [q["sql"] for q in captured]


def test_five_hundred_groups_come_from_the_top(reader: Client, asked: Wave) -> None:
    make_release(asked, part_texts(many(500)))
    page = text_of(reader, address(asked))
    grid = page.partition('<table class="heat')[2].partition("</table>")[0]
    assert "Dep 49" in grid
    assert ">Team 1<" not in grid
    below = text_of(reader, f"{address(asked)}?segment=unit:d3")
    assert ">Team 31<" in below
