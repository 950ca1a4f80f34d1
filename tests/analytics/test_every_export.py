"""Every kind of export in every format, through the job that writes it."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from analytics.actions import request_analysis
from analytics.export import actions
from analytics.export.formats import FORMATS
from analytics.export.models import Export
from analytics.export.offers import Wish, refusal_of
from surveys.models import Membership, Wave
from surveys.tenancy import organization_scope
from tests.analytics.export.test_microdata import varied_wave
from tests.analytics.exported import stored
from tests.analytics.test_publishing import publish
from tests.factories import make_member
from tests.jobs import run_waiting_jobs

pytestmark = pytest.mark.usefixtures("database")

# how a file of each ending begins
BEGINS = {
    "csv": b"",
    "xlsx": b"PK",
    "sav": b"$FL",
    "dta": b"<stata_dta>",
    "parquet": b"PAR1",
    "jsonl": b"{",
    "html": b"<!doctype html>",
    "pdf": b"%PDF",
    "json": b"{",
    "xml": b"<?xml",
    "zip": b"PK",
}


@pytest.fixture(autouse=True)
def exports_dir(settings: Any, tmp_path: Path) -> None:
    settings.EXPORTS_DIR = tmp_path / "exports"


def offered(wave: Wave) -> list[tuple[str, str]]:
    return [
        (kind, one.name)
        for one in FORMATS.values()
        for kind in one.writers
        if refusal_of(kind, wave.survey, [wave]) is None
    ]


def ask_for_all(wave: Wave) -> None:
    with organization_scope(wave.organization_id):
        who = Membership.objects.select_related("user").get()
        for place, (kind, name) in enumerate(offered(wave)):
            language = ("en", "zh-hans")[place % 2]
            wish = Wish(kind, name, language, (wave.number,))
            actions.request_export(
                survey=wave.survey, wish=wish, who=who, at=timezone.now()
            )


@pytest.mark.parametrize("mode", ["open", "anonymous"])
def test_whatever_a_survey_offers_is_written(mode: str) -> None:
    wave = varied_wave(mode)
    with organization_scope(wave.organization_id):
        organization = wave.survey.organization
    make_member(organization)
    if wave.survey.only_releases:
        assert publish(wave).state == "published"
    else:
        with organization_scope(wave.organization_id):
            request_analysis(wave=wave, at=timezone.now())
    ask_for_all(wave)
    run_waiting_jobs()
    with organization_scope(wave.organization_id):
        exports = list(Export.objects.all())
    found = {(one.kind, one.format): (one.state, one.reason) for one in exports}
    assert found == dict.fromkeys(offered(wave), ("ready", ""))
    kinds = {"open": {"data", "comments"}, "anonymous": {"microdata"}}[mode]
    assert {kind for kind, _ in found} == {
        *kinds,
        *("codebook", "questionnaire", "bundle"),
    }
    for export in exports:
        begins = BEGINS[FORMATS[export.format].ending]
        content = stored(export).read_bytes()
        assert content[: len(begins)].lower() == begins.lower(), export.format
        assert len(content) == export.size
        assert len(content) > 10
