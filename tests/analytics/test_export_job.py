"""Workers that die, disks that fill up, wishes taken back: nothing half written is left."""

import gc
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from analytics.export import actions, job, storage
from analytics.export.formats import formats_of
from analytics.export.models import Export
from analytics.export.offers import Wish
from surveys.models import Membership, Organization, Wave
from surveys.tenancy import organization_scope
from tests.analytics.exported import stored
from tests.factories import (
    make_member,
    make_responses,
    make_survey,
    make_wave,
)
from tests.jobs import run_waiting_jobs

State = Export.State


@pytest.fixture
def exports_dir(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORTS_DIR = tmp_path / "exports"
    return tmp_path / "exports"


@pytest.fixture
def answered(organization: Organization) -> Wave:
    make_member(organization)
    wave = make_wave(make_survey(organization))
    make_responses(wave, 4)
    return wave


def asked(wave: Wave, format: str = "csv") -> Export:
    wish = Wish("data", format, "en", (wave.number,))
    with organization_scope(wave.organization_id):
        who = Membership.objects.select_related("user").get()
        return actions.request_export(
            survey=wave.survey, wish=wish, who=who, at=timezone.now()
        )


def again(export: Export) -> Export:
    with organization_scope(export.organization_id):
        return Export.objects.get(pk=export.pk)


def run(export: Export) -> None:
    job.write_export(
        organization_id=export.organization_id,
        export_id=export.pk,
        clock=timezone.now,
    )


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse to write more, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# XlsxWriter does not close its temporary file where it cannot write it
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_on_a_full_disk_every_format_fails_clearly_and_leaves_nothing(
    answered: Wave, exports_dir: Path
) -> None:
    wanted = [asked(answered, one.name) for one in formats_of("data")]
    for export in wanted:
        with no_file_larger_than(100):
            run(export)
    gc.collect()
    ended = {export.format: again(export) for export in wanted}
    said = {
        name: (one.state, "not enough room" in one.reason)
        for name, one in ended.items()
    }
    assert said == dict.fromkeys(said, ("failed", True))
    assert list(exports_dir.iterdir()) == []
    run_waiting_jobs()


def test_the_room_that_answers_may_need_is_left_to_them(
    answered: Wave, exports_dir: Path, settings: Any
) -> None:
    settings.EXPORTS_SPARE_MB = 1 << 40
    export = asked(answered)
    run(export)
    assert "not enough room" in again(export).reason
    assert list(exports_dir.iterdir()) == []


def test_what_a_dead_worker_left_is_written_by_the_next_and_swept(
    answered: Wave, exports_dir: Path
) -> None:
    export, dead = asked(answered), uuid4()
    half = storage.folder() / f"{dead.hex}{storage.WORKPLACE}"
    half.mkdir()
    (half / "export.csv").write_bytes(b"row,ans")
    long_ago = timezone.now() - job.PATIENCE - timedelta(minutes=1)
    with organization_scope(export.organization_id):
        Export.objects.update(
            state=State.RUNNING, run=dead, attempts=1, rows_done=3, worked_at=long_ago
        )
    assert job.sweep(timezone.now()) == 1
    assert job.sweep(timezone.now()) == 0
    run_waiting_jobs()
    ready = again(export)
    assert (ready.state, ready.attempts, ready.rows_done) == (State.READY, 2, 4)
    job.sweep(timezone.now() + storage.ORPHANED + timedelta(minutes=1))
    assert [entry.name for entry in exports_dir.iterdir()] == [stored(ready).name]


def test_an_export_that_kills_its_workers_is_given_up(
    answered: Wave, exports_dir: Path
) -> None:
    export = asked(answered)
    with organization_scope(export.organization_id):
        Export.objects.update(attempts=job.MOST_ATTEMPTS)
    run(export)
    assert again(export).state == State.FAILED
    assert "never finished" in again(export).reason


def test_repeating_a_job_writes_nothing_twice(
    answered: Wave, exports_dir: Path
) -> None:
    export = asked(answered)
    run(export)
    first = again(export)
    run(export)
    assert again(export).run == first.run
    assert len(list(exports_dir.iterdir())) == 1


def test_what_was_taken_back_is_not_written_to_the_end(
    answered: Wave, exports_dir: Path
) -> None:
    export = asked(answered)
    begun = job._claimed(export.organization_id, export.pk, timezone.now())
    assert begun is not None
    with organization_scope(export.organization_id):
        who = Membership.objects.select_related("user").get()
        assert actions.remove(export=export, who=who, at=timezone.now())
    with pytest.raises(job.Superseded):
        job._write(begun, timezone.now)
    assert again(export).state == State.EXPIRED
    assert list(exports_dir.iterdir()) == []


def test_the_same_answers_make_the_same_file(answered: Wave, exports_dir: Path) -> None:
    digests = set()
    for _ in range(2):
        export = asked(answered, "jsonl")
        run(export)
        digests.add(again(export).sha256)
    assert len(digests) == 1


def test_nobody_else_on_the_machine_reads_the_files(
    answered: Wave, exports_dir: Path
) -> None:
    exports_dir.mkdir(mode=0o755)
    export = asked(answered)
    run(export)
    file = stored(again(export))
    assert (exports_dir.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_an_export_of_nothing_says_so(
    organization: Organization, exports_dir: Path
) -> None:
    make_member(organization)
    export = asked(make_wave(make_survey(organization)))
    run(export)
    assert again(export).state == State.FAILED
    assert "Nobody has answered" in again(export).reason
    run_waiting_jobs()
