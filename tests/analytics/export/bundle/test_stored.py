"""Bundles of stored waves, as an export asks for them."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from analytics.actions import request_analysis
from analytics.export.bundle.stored import write_bundle
from analytics.export.bundle.words import RELEASE_FILES
from analytics.export.refusals import NotExportable
from analytics.models import Analysis, ReleasePart
from surveys.models import Wave
from surveys.tenancy import organization_scope
from tests.analytics.export.test_microdata import varied_wave
from tests.analytics.test_publishing import plausible, publish
from tests.factories import close_for_good, make_response, make_survey, make_wave
from tests.jobs import run_waiting_jobs
from tests.released import answer_in

pytestmark = pytest.mark.usefixtures("database")
ENGLISH: Any = SimpleNamespace(language="en")


def bundle_of(wave: Wave, folder: Path) -> Path:
    with organization_scope(wave.organization_id):
        found = Wave.objects.select_related("survey__organization", "form")
        path = folder / "bundle.zip"
        written = write_bundle(
            ENGLISH, [found.get(pk=wave.pk)], path, lambda done, of: None
        )
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder / "bundle")
    assert f'"n_rows": {written.rows}' in (folder / "bundle/report.json").read_text(
        encoding="utf-8"
    )
    return folder / "bundle"


def refusal(wave: Wave, folder: Path) -> str:
    with pytest.raises(NotExportable) as refused:
        bundle_of(wave, folder)
    assert not (folder / "bundle.zip").exists()
    return refused.value.sentence.code


def require_reproduced(folder: Path) -> None:
    program = [sys.executable, "-B", "reproduce.py"]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Recomputed, not equal +0\n", done.stdout)
    print(done.stdout)


def test_an_open_wave_is_proved_by_its_newest_analysis(tmp_path: Path) -> None:
    wave = make_wave(make_survey())
    random = Random(2)
    for person in range(60):
        language = "en" if person % 6 else "zh-hans"
        make_response(wave, plausible(wave, random), language=language)
    close_for_good(wave)
    assert refusal(wave, tmp_path) == "bundle_no_report"
    with organization_scope(wave.organization_id):
        request_analysis(wave=wave, at=timezone.now())
    run_waiting_jobs()
    folder = bundle_of(wave, tmp_path)
    require_reproduced(folder)
    with organization_scope(wave.organization_id):
        stored = json.loads(Analysis.objects.get(wave=wave).result)
    assert json.loads((folder / "report.json").read_text(encoding="utf-8")) == stored
    (tmp_path / "bundle.zip").unlink()
    answer_in(wave, None, plausible(wave, random))
    assert refusal(wave, tmp_path) == "bundle_report_older"


def test_a_promised_wave_is_proved_by_its_release_from_checked_rows(
    tmp_path: Path,
) -> None:
    wave = varied_wave()
    publish(wave)
    folder = bundle_of(wave, tmp_path)
    require_reproduced(folder)
    reach = json.loads((folder / "reach.json").read_text(encoding="utf-8"))
    numbers = reach["numbers"]
    # no row is left out, so everybody's numbers are in reach
    assert numbers["/n_rows"] == "count"
    assert "rows_differ" not in numbers.values()
    told = {p: rule for p, rule in numbers.items() if p.startswith("/scales/")}
    assert {"level", "alpha", "item"} <= set(told.values())
    require_parts(wave, folder)


@pytest.mark.long
def test_a_release_is_proved_in_both_by_the_scales_that_may_leave(
    rscript: Path, tmp_path: Path
) -> None:
    wave = varied_wave(sizes=(12,) * 8, chinese=4)
    publish(wave)
    folder = bundle_of(wave, tmp_path)
    require_reproduced(folder)
    program = [str(rscript), "reproduce.R"]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
    reach = json.loads((folder / "reach.json").read_text(encoding="utf-8"))
    rules = set(reach["numbers"].values())
    assert {"level", "not_exported", "language_not_exported"} <= rules
    assert "unknown" not in rules


def require_parts(wave: Wave, folder: Path) -> None:
    """The bundle holds what the page shows of its release, and nothing under it."""
    with organization_scope(wave.organization_id):
        parts = ReleasePart.objects.filter(release__wave=wave)
        stored = {one.name: json.loads(one.content) for one in parts}
    held: dict[str, Any] = {}
    for path in folder.glob("release-*.json"):
        held |= json.loads(path.read_text(encoding="utf-8"))
        for name in ("README.md", "README.zh.md", "SHA256SUMS"):
            assert path.name in (folder / name).read_text(encoding="utf-8")
    families = {name.partition("/")[0] for name in held}
    assert {"segments", "quality"} <= families <= {*RELEASE_FILES}
    # neither the exact moments under the figures nor the trail of the attacks
    assert {"basis", "audit"} <= {*stored} - {*held}
    assert held == {name: stored[name] for name in held}
    shown = {name for name in stored if name.partition("/")[0] in RELEASE_FILES}
    assert {*held} == shown
