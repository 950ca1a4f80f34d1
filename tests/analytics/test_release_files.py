"""Downloads of a release: what they hold, what they are called, who gets them."""

import io
import json
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree
from pptx import Presentation
from pypdf import PdfReader

from analytics import plain
from analytics.models import Release
from analytics.release_parts import SegmentsPart
from surveys.models import Organization, RoleSections, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.analytics.file_samples import texts
from tests.analytics.release_samples import segments_part
from tests.analytics.test_release_page import manager_of
from tests.factories import (
    make_member,
    make_organization,
    make_survey,
    make_wave,
    signed_in,
)
from tests.released import make_cells, make_release

pytestmark = pytest.mark.usefixtures("database")
CHART = "dimensions-1-7"


@pytest.fixture
def organization(database: None) -> Organization:
    return make_organization()


@pytest.fixture
def wave(organization: Organization) -> Wave:
    return make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))


@pytest.fixture
def release(wave: Wave) -> Release:
    return make_release(wave, texts())


@pytest.fixture
def reader(organization: Organization) -> Client:
    return signed_in(make_member(organization))


def fetched(client: Client, name: str, *args: object, lang: str = "") -> bytes:
    reply = client.get(reverse(f"analytics:{name}", args=args), {"lang": lang})
    assert reply.status_code == 200
    return bytes(reply.content)


def segments_text(part: SegmentsPart) -> str:
    return json.dumps(plain.to_plain(part))


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_pdf_comes_in_the_language_asked_for(
    reader: Client, release: Release
) -> None:
    assert "At a glance" in text_of(fetched(reader, "release-pdf", release.pk))
    chinese = text_of(fetched(reader, "release-pdf", release.pk, lang="zh-hans"))
    assert "概览" in chinese
    assert "At a glance" not in chinese


def test_a_language_we_have_not_is_the_page_s_own(
    reader: Client, release: Release
) -> None:
    found = fetched(reader, "release-pdf", release.pk, lang="fr")
    assert "At a glance" in text_of(found)


def test_slides_open_and_say_the_same_numbers(reader: Client, release: Release) -> None:
    found = fetched(reader, "release-slides", release.pk, lang="zh-hans")
    deck = Presentation(io.BytesIO(found))
    said = {
        shape.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
    }
    assert any("68" in one for one in said)


def test_names_of_files_are_in_the_readers_language_and_in_ascii(
    reader: Client, release: Release
) -> None:
    address = reverse("analytics:release-pdf", args=[release.pk])
    reply = reader.get(address, {"lang": "zh-hans"})
    header = reply["Content-Disposition"]
    assert header.startswith(
        'attachment; filename="report-wave-1.pdf"; filename*=utf-8'
    )
    assert header.isascii()
    assert reply["Content-Type"] == "application/pdf"
    assert "no-store" in reply["Cache-Control"]


def test_a_chart_comes_as_svg_and_as_png(reader: Client, release: Release) -> None:
    svg = fetched(reader, "release-figure", release.pk, CHART, "svg", lang="zh-hans")
    assert etree.fromstring(svg).findtext("{*}title") == "各信任维度"
    assert fetched(reader, "release-figure", release.pk, CHART, "png")[1:4] == b"PNG"


@pytest.mark.parametrize(("code", "ending"), [("nothing", "svg"), (CHART, "exe")])
def test_a_chart_that_is_none_is_not_found(
    reader: Client, release: Release, code: str, ending: str
) -> None:
    address = reverse("analytics:release-figure", args=[release.pk, code, ending])
    assert reader.get(address).status_code == 404


def test_what_is_not_published_has_no_files(reader: Client, release: Release) -> None:
    with organization_scope(release.organization_id):
        Release.objects.update(state=Release.State.WITHDRAWN)
    for name in ("release-pdf", "release-slides", "release-files"):
        assert (
            reader.get(reverse(f"analytics:{name}", args=[release.pk])).status_code
            == 404
        )


def test_a_file_holds_only_the_sections_of_the_role(
    organization: Organization, release: Release
) -> None:
    with organization_scope(organization.pk):
        RoleSections.objects.create(
            organization=organization, role=Role.ANALYST, sections=["methods"]
        )
    client = signed_in(make_member(organization, role=Role.ANALYST))
    text = text_of(fetched(client, "release-pdf", release.pk))
    assert "Methods" in text
    assert "At a glance" not in text
    address = reverse("analytics:release-figure", args=[release.pk, CHART, "svg"])
    assert client.get(address).status_code == 404


def test_a_managers_file_holds_the_own_unit_and_those_above(
    organization: Organization, wave: Wave
) -> None:
    (cell, _) = make_cells(wave, ("North", None, 18), ("South", None, 22))
    part = segments_part()
    own = tuple(
        replace(one, cell=str(cell.pk)) if one.key == "unit:north" else one
        for one in part.segments
    )
    release = make_release(
        wave, {**texts(), "segments": segments_text(replace(part, segments=own))}
    )
    client = manager_of(wave, "north", cell.pk)
    text = text_of(fetched(client, "release-pdf", release.pk))
    assert "Sales North" in text
    assert "Everyone" in text
    assert "Sales South" not in text
    assert "Platform" not in text
    deck = fetched(client, "release-slides", release.pk)
    said = "".join(
        cell.text
        for slide in Presentation(io.BytesIO(deck)).slides
        for shape in slide.shapes
        if shape.has_table
        for cell in shape.table.iter_cells()
    )
    assert "Sales North" in said
    assert "Platform" not in said


def test_a_manager_without_units_gets_no_file(
    organization: Organization, release: Release
) -> None:
    client = signed_in(make_member(organization, role=Role.MANAGER))
    for name in ("release-pdf", "release-slides", "release-files"):
        address = reverse(f"analytics:{name}", args=[release.pk])
        assert client.get(address).status_code == 403


def test_a_fieldworker_gets_no_files(
    organization: Organization, release: Release
) -> None:
    client = signed_in(make_member(organization, role=Role.FIELDWORKER))
    address = reverse("analytics:release-pdf", args=[release.pk])
    assert client.get(address).status_code == 403


def test_the_page_offers_its_files(reader: Client, release: Release) -> None:
    page = reader.get(reverse("analytics:release", args=[release.pk])).content.decode()
    for name in ("release-pdf", "release-slides", "release-files"):
        assert reverse(f"analytics:{name}", args=[release.pk]) in page
    files = reader.get(reverse("analytics:release-files", args=[release.pk]))
    chart = reverse("analytics:release-figure", args=[release.pk, CHART, "svg"])
    assert chart in files.content.decode()
