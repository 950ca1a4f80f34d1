"""Anything may happen in any order, and may break off anywhere: the counts still hold.

A state machine issues, loses replies, submits, repeats, flushes, closes and finishes,
with crashes between the steps of each, and keeps a book of its own beside the database.
"""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from surveys import mixing
from surveys.collect import sealed
from surveys.collect.intake import Receipt
from surveys.collect.sealed import Sheet, receive_typed
from surveys.credentials import VerifyingKey, printed_digest
from surveys.issue import issuer
from surveys.issue.issuer import IssuedTooOften, NoLongerIssued
from surveys.models import Response
from surveys.tenancy import organization_scope
from tests.attack.people import quick_keys, until_clean
from tests.factories import NOW
from tests.surveys.promised import (
    Credential,
    Draft,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    public_key_of,
    submit,
)
from tests.surveys.test_mixing import rows

LEAST_BATCH, MOST_ISSUES = 10, 3
BOOK = """
SELECT (SELECT array_agg(token) FROM collector.spent WHERE wave_id = %(wave)s),
       (SELECT jsonb_object_agg(cell_id, n) FROM (SELECT cell_id, count(*) AS n
           FROM collector.mixed WHERE wave_id = %(wave)s GROUP BY 1) AS counted),
       (SELECT array_agg(answers::text) FROM (
           SELECT answers FROM collector.staged WHERE wave_id = %(wave)s UNION ALL
           SELECT answers FROM collector.mixed WHERE wave_id = %(wave)s) AS answers),
       (SELECT sum(issues) FROM issuer.invitation WHERE wave_id = %(wave)s),
       (SELECT count(*) FROM issuer.invitation WHERE wave_id = %(wave)s)
"""
LEFT = (
    "issuer.key",
    "issuer.invitation",
    "collector.printed",
    "collector.spent",
    "collector.staged",
    "collector.staged_text",
    "collector.mixed",
    "collector.mixed_text",
)


class Crash(Exception):
    """The process is gone at this point."""


@contextmanager
def crashing(
    module: Any, name: str, *, after: bool = False, at: int = 1
) -> Iterator[None]:
    """Break off before or after the call number `at` of a function."""
    real: Callable[..., Any] = getattr(module, name)
    calls = Counter[str]()

    def broken(*given: Any, **named: Any) -> Any:
        calls["made"] += 1
        result = real(*given, **named) if after or calls["made"] < at else None
        if calls["made"] >= at:
            raise Crash
        return result

    with patch.object(module, name, broken), suppress(Crash):
        yield


@dataclass
class Invitee:
    cell_id: UUID
    code: str
    key: VerifyingKey | None  # None: the code is on paper
    drafts: list[Draft] = field(default_factory=list)
    held: list[Credential] = field(default_factory=list)


class Promised(RuleBasedStateMachine):
    """One wave after another: a department, two teams, a drawer of printed codes."""

    steps = 0
    finished = 0

    @initialize()
    def start(self) -> None:
        with quick_keys():
            self.wave = launch(
                [cell(0), cell(24, 0), cell(8, 0), cell(8, 0, printed=True)]
            )
        self.asked = collected(self.wave)
        self.invitees = [
            Invitee(c.pk, code, None if c.printed else public_key_of(self.asked, c))
            for c in cells_of(self.wave)
            for code in codes(self.wave, c)
        ]
        self.state = "open"
        self.accepted: dict[bytes, tuple[str, bytes]] = {}
        self.sheets: dict[bytes, Sheet] = {}
        self.mixed: dict[str, int] = {}

    # ------------------------------------------------------------------ people

    def _someone(self, pick: int, *, linked: bool = True) -> Invitee:
        among = [i for i in self.invitees if (i.key is not None) == linked]
        return among[pick % len(among)]

    def _sheet(self, token: bytes, *, changed: bool) -> Sheet:
        """The body kept for a token, or another one."""
        if token not in self.sheets or changed:
            drawn = tuple(2 + secrets.randbelow(3) for _ in self.asked.form.items)
            self.sheets[token] = Sheet(secrets.token_bytes(32), drawn, "en", {})
        return self.sheets[token]

    def _expected(self, token: bytes, sheet: Sheet) -> Receipt:
        if self.state == "closed":
            return Receipt.CLOSED
        if token not in self.accepted:
            return Receipt.STORED
        same = self.accepted[token][1] == sheet.body
        return Receipt.SAME if same else Receipt.OTHER

    def _received(self, token: bytes, sheet: Sheet, receipt: Receipt) -> None:
        assert receipt is self._expected(token, sheet)
        if receipt is Receipt.STORED:
            answers = "{" + ",".join(map(str, sheet.answers)) + "}"
            self.accepted[token] = (answers, sheet.body)

    @rule(pick=st.integers(0, 999), lost=st.booleans())
    def issue(self, pick: int, lost: bool) -> None:
        """Open the invitation on another device; the reply may be lost."""
        person = self._someone(pick)
        assert person.key
        draft = Draft(self.wave, person.code, person.key)
        if self.state != "open" or len(person.drafts) == MOST_ISSUES:
            with pytest.raises((NoLongerIssued, IssuedTooOften, issuer.NotInvited)):
                draft.finish()
            return
        held = draft.finish()
        person.drafts.append(draft)
        if not lost:
            person.held.append(held)

    @rule(pick=st.integers(0, 999))
    def issue_breaks_off(self, pick: int) -> None:
        person = self._someone(pick)
        assert person.key
        if self.state == "open":
            with crashing(issuer, "_signing_key", after=True):
                Draft(self.wave, person.code, person.key).finish()

    @precondition(lambda self: self.state == "open")
    @rule(pick=st.integers(0, 999))
    def ask_again(self, pick: int) -> None:
        """Only the last message of an invitation is signed again for nothing."""
        person = self._someone(pick)
        if person.drafts:
            held = person.drafts[-1].finish()
            if held not in person.held:
                person.held.append(held)

    @rule(pick=st.integers(0, 999), changed=st.booleans())
    def submit(self, pick: int, changed: bool) -> None:
        held = [one for i in self.invitees for one in i.held]
        if not held:
            return
        one = held[pick % len(held)]
        token = sha256(one.prepared).digest()
        sheet = self._sheet(token, changed=changed)
        self._received(token, sheet, submit(self.asked, one, sheet))

    @precondition(lambda self: self.state == "open")
    @rule(pick=st.integers(0, 999))
    def open_and_answer(self, pick: int) -> None:
        """What most people do."""
        fresh = [i for i in self.invitees if i.key and not i.drafts]
        for person in fresh[pick % 24 : pick % 24 + 4]:
            assert person.key
            draft = Draft(self.wave, person.code, person.key)
            person.drafts.append(draft)
            person.held.append(draft.finish())
            token = sha256(person.held[-1].prepared).digest()
            sheet = self._sheet(token, changed=False)
            self._received(token, sheet, submit(self.asked, person.held[-1], sheet))

    @rule(pick=st.integers(0, 999), after=st.booleans())
    def submit_breaks_off(self, pick: int, after: bool) -> None:
        """Before the credential is spent, or when all but the commit is done."""
        held = [one for i in self.invitees for one in i.held]
        if held:
            one = held[pick % len(held)]
            token = sha256(one.prepared).digest()
            with crashing(sealed, "_spend", after=after):
                submit(self.asked, one, self._sheet(token, changed=False))

    @rule(pick=st.integers(0, 999), changed=st.booleans())
    def type_a_code(self, pick: int, changed: bool) -> None:
        person = self._someone(pick, linked=False)
        token = printed_digest(person.code)
        sheet = self._sheet(token, changed=changed)
        try:
            receipt = receive_typed(self.asked, typed=person.code, sheet=sheet)
        except sealed.NoCredential:
            assert self.state == "closed"  # codes are destroyed
            return
        self._received(token, sheet, receipt)

    # -------------------------------------------------------------- the server

    @rule()
    def flush(self) -> None:
        mixing.flush(self.wave.pk)

    @rule(
        place=st.sampled_from(
            ["_ready", "_mix", "_mark_unclean", "clean_up", "_rewrite_file", "_cut_log"]
        ),
        after=st.booleans(),
        at=st.integers(1, 3),
    )
    def flush_breaks_off(self, place: str, after: bool, at: int) -> None:
        with crashing(mixing, place, after=after, at=at):
            mixing.flush(self.wave.pk)

    @precondition(lambda self: self.state == "open" and len(self.accepted) > 20)
    @rule(breaks=st.booleans())
    def close(self, breaks: bool) -> None:
        if breaks:
            with crashing(mixing, "organization_scope"):
                mixing.close_issuing(self.wave.organization_id, self.wave.pk, at=NOW)
        assert mixing.close_issuing(self.wave.organization_id, self.wave.pk, at=NOW)
        self.state = "grace"

    @precondition(lambda self: self.state == "grace")
    @rule(
        place=st.sampled_from(
            ["", "_mix_the_rest", "hand_over", "_forget", "clean_up", "_cut_log"]
        ),
        after=st.booleans(),
    )
    def finish(self, place: str, after: bool) -> None:
        """Wherever it breaks off, answers are handed over once."""
        if place:
            with crashing(mixing, place, after=after):
                mixing.finish(self.wave.pk)
        again = mixing.finish(self.wave.pk)
        not_yet = place == "hand_over" and not after
        assert again == (not_yet or place in ("", "_mix_the_rest"))
        until_clean(self.wave.pk)
        self.state = "closed"
        Promised.finished += 1
        self._all_is_handed_over()

    @precondition(lambda self: self.state == "closed")
    @rule()
    def next_wave(self) -> None:
        self.start()

    def _all_is_handed_over(self) -> None:
        for table in LEFT:
            query = f"SELECT count(*) FROM {table} WHERE wave_id = %s"
            assert rows(query, self.wave.pk) == [(0,)], table
        assert rows(
            "SELECT unclean FROM collector.wave WHERE id = %s", self.wave.pk
        ) == [(False,)]
        with organization_scope(self.wave.organization_id):
            handed = Response.objects.filter(wave=self.wave)
            by_cell = Counter(handed.values_list("cell_id", flat=True))
            answers = Counter(
                tuple(one) for one in handed.values_list("answers", flat=True)
            )
        assert sum(by_cell.values()) == len(self.accepted)
        assert {str(list(a)) for a in answers} == {
            "[" + text[1:-1].replace(",", ", ") + "]"
            for text, _ in self.accepted.values()
        }
        for one in cells_of(self.wave):
            assert one.answered is not None
            assert one.issued is not None
            assert one.reissued is not None
            assert one.answered <= one.issued + one.reissued
            if one.parent_id:
                assert not 0 < by_cell[one.pk] < LEAST_BATCH

    # ------------------------------------------------------------ what must hold

    @invariant()
    def the_counts_hold(self) -> None:
        Promised.steps += 1
        if not hasattr(self, "wave") or self.state == "closed":
            return
        query = BOOK.replace("%(wave)s", f"'{self.wave.pk}'")
        ((spent, mixed, answers, issues, invited),) = rows(query)
        # spent = staged + mixed, each credential once, nothing lost and nothing doubled
        assert {bytes(t) for t in spent or ()} == set(self.accepted)
        assert Counter(answers or ()) == Counter(a for a, _ in self.accepted.values())
        assert issues == sum(len(i.drafts) for i in self.invitees)
        assert invited == sum(i.key is not None for i in self.invitees)
        assert len(self.accepted) <= issues + sum(i.key is None for i in self.invitees)
        now_mixed: dict[str, int] = json.loads(mixed or "{}")
        for cell_id, number in now_mixed.items():
            new = number - self.mixed.get(cell_id, 0)
            assert new == 0 or new >= LEAST_BATCH
        self.mixed = now_mixed


# a broken run is reported as it was: making it shorter would take an hour
SETTINGS = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_three_hundred_steps(database: None) -> None:
    Promised.steps = Promised.finished = 0
    run_state_machine_as_test(
        Promised,
        settings=settings(
            SETTINGS, derandomize=True, max_examples=6, stateful_step_count=90
        ),
    )
    assert Promised.steps >= 300
    assert Promised.finished


@pytest.mark.long
def test_ten_thousand_steps(database: None) -> None:
    """In turns with a seed each, so that a broken one can be run again."""
    Promised.steps = Promised.finished = turns = 0
    while Promised.steps < 10_000:
        turns += 1
        run_turn(turns, examples=10, steps=200)
    print(
        f"\n{Promised.steps} steps, {Promised.finished} waves finished, seeds 1 to {turns}"
    )


def run_turn(number: int, *, examples: int, steps: int) -> None:
    """Walk through states that hang on `number` alone."""
    machine = seed(number)(type("Promised", (Promised,), {}))
    size = settings(SETTINGS, max_examples=examples, stateful_step_count=steps)
    run_state_machine_as_test(machine, settings=size)
