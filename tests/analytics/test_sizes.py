"""The stated sizes: a million rows of a file, many answers at once. `make test-long`."""

import resource
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from django.db import connections

from surveys.collect.intake import Receipt, find_wave, receive
from surveys.models import Response
from surveys.tenancy import organization_scope
from tests.factories import make_wave

ROOT = Path(__file__).resolve().parents[2]
ROWS, ITEMS = 1_000_000, 20
MEMORY_LIMIT = 700  # MB: the codes are 20, NumPy and SciPy about 150


@pytest.fixture(scope="module")
def big_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A million people, 20 items, 2 % missing; seeded."""
    rng = np.random.default_rng(20260115)
    path = tmp_path_factory.mktemp("big") / "answers.csv"
    points = np.array([*"1234567", ""])
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"i{j}" for j in range(ITEMS)) + "\n")
        for _ in range(ROWS // 50_000):
            trait = rng.standard_normal((50_000, 1))
            noise = rng.standard_normal((50_000, ITEMS))
            codes = np.clip(np.rint(3 + trait + noise), 0, 6).astype(int)
            codes[rng.random(codes.shape) < 0.02] = 7
            np.savetxt(file, points[codes], fmt="%s", delimiter=",")
    return path


@pytest.mark.long
def test_a_million_rows_are_analysed_in_bounded_memory(
    big_file: Path, tmp_path: Path
) -> None:
    spec = tmp_path / "spec.yaml"
    names = ", ".join(f"i{j}" for j in range(ITEMS))
    spec.write_text(f"points: [1, 7]\nscales: {{TRUST: {{items: [{names}]}}}}\n")
    started = time.monotonic()
    run = subprocess.run(
        [sys.executable, "manage.py", "analyse", str(big_file), "--spec", str(spec)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\n{ROWS:,} x {ITEMS} analysed in {seconds:.0f} s, peak {peak:.0f} MB")
    assert run.returncode == 0, run.stderr
    assert "1000000" in run.stdout.replace(",", "")
    assert run.stderr.strip() != ""  # progress
    assert peak < MEMORY_LIMIT


@pytest.mark.long
def test_answers_from_eight_threads_are_all_stored_once(database: None) -> None:
    """Every key is sent three times; the seed fixes keys and answers."""
    rng = np.random.default_rng(20260115)
    wave = make_wave()
    found = find_wave(wave.pk)
    assert found is not None
    keys = [UUID(bytes=rng.bytes(16), version=4) for _ in range(3_000)]

    def send(key: UUID) -> Receipt:
        points = [1 + key.int % 7] * found.form.item_count
        return receive(found, key=key, answers=tuple(points), language="en")

    def work(part: list[UUID]) -> list[Receipt]:
        try:
            return [send(key) for key in part]
        finally:
            connections["collector"].close()

    everything = [keys[i] for i in rng.permutation(np.repeat(np.arange(3_000), 3))]
    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        parts = [everything[i::8] for i in range(8)]
        said = Counter(r for part in pool.map(work, parts) for r in part)
    seconds = time.monotonic() - started
    print(f"\n{len(everything):,} sends in {seconds:.0f} s: {dict(said)}")
    assert said == {Receipt.STORED: 3_000, Receipt.SAME: 6_000}
    with organization_scope(wave.organization_id):
        assert set(Response.objects.values_list("id", flat=True)) == set(keys)
