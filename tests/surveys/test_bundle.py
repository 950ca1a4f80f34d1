"""The digest of what a browser executes, as the manifest gives it and anybody computes it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from surveys import bundle, launching
from surveys.bundle import NotBuilt, client_digest, main
from surveys.models import Promise, Wave
from surveys.tenancy import organization_scope
from tests.attack.people import quick_keys
from tests.surveys.promised import cell, collected, launch

ROOT = Path(__file__).resolve().parent.parent.parent
# printf 'one' | sha256sum and so on, then sha256sum of the three lines
OUTSIDE = "ee606620227b53a6624e20cd39a1017cbf5f01c8da4e9496496535f0048b73d9"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Scripts of some release."""
    for name, text in zip(bundle.SCRIPTS, ("one", "two", "three"), strict=True):
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_digest_is_what_sha256sum_says(built: Path) -> None:
    assert client_digest(built) == OUTSIDE
    assert main([str(built / name) for name in bundle.SCRIPTS]) == OUTSIDE


def test_where_one_script_ends_and_the_next_begins_matters(built: Path) -> None:
    (built / "respondent.js").write_text("onet")
    (built / "blinding.js").write_text("wo")
    assert client_digest(built) != OUTSIDE


def test_without_files_it_is_that_of_the_installation() -> None:
    command = [sys.executable, "-m", "surveys.bundle"]
    printed = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == client_digest()


def test_the_wrong_number_of_files_is_one_sentence(built: Path) -> None:
    assert main([str(built / "respondent.js")]).startswith("Name 3 files in this order")


def test_what_is_not_built_is_named(built: Path) -> None:
    (built / "blinding.js").unlink()
    with pytest.raises(NotBuilt, match=r"blinding\.js is missing: run `make install`"):
        client_digest(built)


def test_the_manifest_names_the_client_it_was_launched_with(database: None) -> None:
    with quick_keys():
        wave = launch([cell(8)])
    assert json.loads(collected(wave).manifest)["client"] == client_digest()


def test_an_upgrade_between_two_tries_to_open_changes_no_manifest(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collector has published it already: what it says is what holds."""
    with quick_keys():
        launched = launch([cell(8)])
        before = collected(launched).manifest
        with organization_scope(launched.organization_id):
            known = Wave.objects.select_related("survey", "form", "promise")
            wave = known.get(pk=launched.pk)
            cells = list(wave.cells.all())
        monkeypatch.setattr(launching, "client_digest", lambda: "0" * 64)
        keys = launching._hand_to_issuer(wave, cells)
        other = launching._manifest(wave, cells, keys)
        assert other != before
        assert launching._hand_to_collector(wave, cells, keys, other) == before
    with organization_scope(wave.organization_id):
        assert Promise.objects.get(wave=wave).manifest == before
