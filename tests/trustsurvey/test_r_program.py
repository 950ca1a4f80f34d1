"""The R program of docs/api.md, run in R against a live server."""

import json
import os
import re
import subprocess
from pathlib import Path

from surveys.models import Form, Organization, Response
from surveys.tenancy import organization_scope
from tests.factories import make_responses, make_survey, make_wave
from tests.released import make_release
from tests.site import serving
from tests.surveys.api.conftest import make_program
from tests.trustsurvey.test_every_address import EMPTY_REPORT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
SHOWN = """
sums <- as.list(colSums(data, na.rm = TRUE))
told <- list(n = nrow(data), missing = sum(is.na(data)), sums = sums,
             number = release$number, parts = as.list(names(release$parts)))
cat(toJSON(told, auto_unbox = TRUE, digits = NA))
"""


def program(site: str, wave: str) -> str:
    """Return the program of the page, for another site and wave."""
    found = re.search(r"```r\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    text, sites = re.subn("https://surveys.example.org", site, found[1])
    text, waves = re.subn(r'wave <- "[^"]+"', f'wave <- "{wave}"', text)
    assert (sites, waves) == (1, 1)
    return text.replace("limit=200", "limit=4") + SHOWN


def test_the_program_of_the_page_reads_answers_and_release(
    organization: Organization, rscript: Path, tmp_path: Path
) -> None:
    wave = make_wave(make_survey(organization))
    make_responses(wave, 9)
    make_release(wave, {"report": EMPTY_REPORT})
    with organization_scope(organization.pk):
        names = [item.code for item in Form.objects.get(pk=wave.form_id).asked().items]
        rows = list(
            Response.objects.filter(wave=wave).values_list("answers", flat=True)
        )
    script = tmp_path / "program.R"
    with serving() as site:
        script.write_text(program(site, str(wave.pk)), encoding="utf-8")
        done = subprocess.run(
            [rscript, "--vanilla", script],
            capture_output=True,
            text=True,
            env=os.environ | {"TRUSTSURVEY_TOKEN": make_program(organization).secret},
        )
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert (read["n"], read["number"], read["parts"]) == (9, 1, ["report"])
    assert read["missing"] == sum(code < 0 for row in rows for code in row)
    assert read["sums"] == {
        name: sum(max(row[place], 0) for row in rows)
        for place, name in enumerate(names)
    }
