"""R12: a dump restored on an empty machine, by the commands of docs/operations.md."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.db import connections

from surveys import mixing
from surveys.collect.intake import Receipt
from surveys.collect.sealed import CollectedWave, Sheet
from surveys.models import Comment, Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.attack import test_tables
from tests.attack.evidence import Evidence
from tests.attack.linking import Finding, above_chance, findings, table
from tests.attack.people import (
    OTHERS_IN_FLIGHT,
    Field,
    logging_to,
    make_field,
    quick_keys,
    until_clean,
)
from tests.attack.test_promise import repeated
from tests.endurance.conftest import Say
from tests.endurance.installation import Installation, new_folder
from tests.factories import NOW, make_comment, make_responses, make_wave
from tests.surveys.promised import (
    Credential,
    answer_all,
    answer_typed,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
    sheet,
    submit,
)
from trustsurvey.checks import the_server_keeps_the_promise

PEOPLE = 60
PAGE = Path(settings.BASE_DIR) / "docs/operations.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
TABLES = """
SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables
WHERE schemaname IN ('public', 'issuer', 'collector') ORDER BY 1
"""
# of numbers that are added up, so that the order of rows does not matter
CHECKSUM = "SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {} AS t"
RULES = (
    "SELECT schemaname, sequencename, last_value FROM pg_sequences",
    "SELECT schemaname, tablename, policyname, roles::text, cmd, qual, with_check"
    " FROM pg_policies",
    # the dump writes a condition with other casts, and "not null" under other names
    "SELECT conrelid::regclass::text, conname, contype, convalidated, conenforced"
    " FROM pg_constraint WHERE contype <> 'n' AND connamespace::regnamespace::text"
    " IN ('public', 'issuer', 'collector')",
    "SELECT c.oid::regclass::text, attname, attnotnull, attidentity,"
    " format_type(atttypid, atttypmod), attstattarget FROM pg_attribute a"
    " JOIN pg_class c ON c.oid = attrelid WHERE relnamespace::regnamespace::text"
    " IN ('public', 'issuer', 'collector') AND attnum > 0"
    " AND NOT attisdropped",
    "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "SELECT oid::regclass::text, relkind, relowner::regrole::text, relrowsecurity,"
    " relforcerowsecurity, ARRAY(SELECT a::text FROM unnest(relacl) a ORDER BY 1)"
    " FROM pg_class WHERE relnamespace::regnamespace::text"
    " IN ('public', 'issuer', 'collector')",
    "SELECT oid::regprocedure::text, md5(prosrc), prosecdef,"
    " ARRAY(SELECT a::text FROM unnest(proacl) a ORDER BY 1) FROM pg_proc"
    " WHERE pronamespace::regnamespace::text IN ('public', 'issuer', 'collector')"
    " OR proname = 'pg_switch_wal'",
)


def commands(number: int) -> str:
    """The shell commands of the section, as they stand there: to back up, to restore."""
    section = PAGE.read_text().split("## Backup and restore")[1].split("\n## ")[0]
    found: list[str] = BLOCK.findall(section)
    return found[number]


def carry_out(script: str, folder: Path) -> None:
    """As an operator in `folder`, whose Python is ours."""
    environ = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    subprocess.run(["/bin/sh", "-ec", script], cwd=folder, env=environ, check=True)


@contextmanager
def restored(installation: Installation) -> Iterator[Installation]:
    """What a backup of `installation` becomes on an empty machine."""
    with new_folder() as old, new_folder() as fresh:
        (old / "var").symlink_to(installation.var)
        (installation.var / "secret_key").write_text(settings.SECRET_KEY)
        carry_out(commands(0), old)
        for name in ("answers.dump", "secret_key.kept"):
            shutil.move(old / name, fresh / name)
        carry_out(commands(1), fresh)
        made = Installation(fresh / "var")
        assert (made.var / "secret_key").read_text() == settings.SECRET_KEY
        with made.held():
            yield made
            made.kill()


def contents(installation: Installation) -> dict[str, tuple[int, object]]:
    """Count and checksum of every table."""
    found = {}
    for (name,) in installation.ask(TABLES):
        ((rows, checksum),) = installation.ask(CHECKSUM.format(name))
        found[name] = (rows, checksum)
    return found


def rules(installation: Installation) -> set[str]:
    """Without parentheses: `pg_dump` leaves out those of OR within OR."""
    told = {str(row) for query in RULES for row in installation.ask(query)}
    return {row.replace("(", "").replace(")", "") for row in told}


@dataclass
class Before:
    """Waves at every stage, and what people of the anonymous one hold at the backup."""

    opened: Wave
    anonymous: Wave
    typed: Wave
    ended: Wave
    asked: CollectedWave
    sent: tuple[Credential, Sheet]
    unsent: Credential

    @classmethod
    def made(cls) -> "Before":
        opened = make_wave()
        make_responses(opened, 15)
        make_comment(opened, "Tea.")
        with quick_keys():
            anonymous, ended = (launch([cell(0), cell(24, 0)]) for _ in range(2))
        typed = launch([cell(12)], mode=Survey.Mode.CONFIDENTIAL)
        for wave in (anonymous, ended):
            answer_all(wave, cells_of(wave)[1], 12)
            assert mixing.flush(wave.pk)
        assert mixing.close_issuing(ended.organization_id, ended.pk, at=NOW)
        assert mixing.finish(ended.pk)
        list(answer_typed(typed, cells_of(typed)[0], 11))
        assert mixing.close_issuing(typed.organization_id, typed.pk, at=NOW)
        asked, (_, team) = collected(anonymous), cells_of(anonymous)
        key, known = public_key_of(asked, team), codes(anonymous, team)
        held, filled = obtain(anonymous, known[12], key), sheet(asked, comment="Tea.")
        assert submit(asked, held, filled) is Receipt.STORED
        unsent = obtain(anonymous, known[13], key)
        return cls(opened, anonymous, typed, ended, asked, (held, filled), unsent)


def goes_on(before: Before) -> None:
    """On the restored site: what was sent counts once, what was not can be sent."""
    wave, asked = before.anonymous, before.asked
    assert submit(asked, *before.sent) is Receipt.SAME
    assert submit(asked, before.sent[0], sheet(asked)) is Receipt.OTHER
    assert submit(asked, before.unsent, sheet(asked)) is Receipt.STORED
    (_, team) = cells_of(wave)
    key = public_key_of(collected(wave), team)
    for code in codes(wave, team)[14:]:
        held = obtain(wave, code, key)  # a signing key opens with the secret
        assert submit(asked, held, sheet(asked)) is Receipt.STORED
    assert mixing.flush(wave.pk)
    assert mixing.finish(before.typed.pk)
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert mixing.finish(wave.pk)
    make_responses(before.opened, 1)
    for one, answers, comments in (
        (wave, 24, 1),
        (before.typed, 11, 0),
        (before.ended, 12, 0),
        (before.opened, 16, 1),
    ):
        with organization_scope(one.organization_id):
            assert Response.objects.filter(wave=one).count() == answers
            assert Comment.objects.filter(wave=one).count() == comments


def test_a_restored_site_is_the_same_and_goes_on(
    installation: Installation, say: Say
) -> None:
    before = Before.made()
    connections.close_all()
    held, ruled = contents(installation), rules(installation)
    with restored(installation) as again:
        assert contents(again) == held
        assert rules(again) ^ ruled == set()
        again.prepare()  # as `up` does
        assert contents(again) == held
        with again.connected():
            assert the_server_keeps_the_promise(databases=["owner"]) == []
            for check in attacks_on_tables():
                check(None)
            goes_on(before)
    rows = sum(count for count, _ in held.values())
    filled = sum(count > 0 for count, _ in held.values())
    say(
        f"R12: {rows:,} rows in {filled} of {len(held)} tables equal after the restore,"
        " rules and rights too; the waves went on and ended with every answer once"
    )


def attacks_on_tables() -> list[Callable[[None], None]]:
    return [
        check for name, check in vars(test_tables).items() if name.startswith("test_")
    ]


def attacked(installation: Installation, folder: Path, seed: int) -> list[Finding]:
    """Links found in a restored copy of mixed waves; only the attacker sees it all."""
    log = folder / f"{seed}.log"
    rng = np.random.default_rng(seed)
    fields: list[Field] = []
    with logging_to(log):
        for others in OTHERS_IN_FLIGHT:
            field = make_field(PEOPLE, seed=seed + others, log=log)
            field.run(others)
            until_clean(field.wave.pk)
            fields.append(field)
    connections.close_all()
    found = []
    with restored(installation) as again:
        for field, others in zip(fields, OTHERS_IN_FLIGHT, strict=True):
            guesses = Evidence(field, again.login).guesses(rng)
            found += [(f"[{others} others] {name}", one) for name, one in guesses]
    return findings(found)


@pytest.mark.long
def test_a_restored_copy_links_nobody(
    installation: Installation, tmp_path: Path, say: Say
) -> None:
    found = attacked(installation, tmp_path, 100)
    linked = len(above_chance(found))
    if linked:
        found = repeated(found, attacked(installation, tmp_path, 200))
        assert not found, table(found, lines=20)
    say(
        f"R12: {len(OTHERS_IN_FLIGHT) * PEOPLE} people attacked in a restored copy, no"
        f" channel above chance ({linked} at the first look, none in fresh waves)"
    )
