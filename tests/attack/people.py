"""A wave of simulated people who open, wait and answer while others do the same.

Everything goes through the code of issuer and collector, and through the jobs of a site
that runs: people are invited by mail, reminded half-way, counted and mixed by the worker.
Who gave which answers is known here and nowhere in the database: answers are distinct at
random, remarks too.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from time import sleep
from unittest.mock import patch
from uuid import UUID

from django.db import connections
from django.test import override_settings
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from surveys import mixing, tasks
from surveys.collect.intake import Receipt
from surveys.collect.sealed import CollectedWave, Sheet
from surveys.credentials import SigningKey, VerifyingKey, code_digest
from surveys.fieldwork.inviting import invite, plan_reminders
from surveys.fieldwork.launch import request_close
from surveys.models import Invitation, Message, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_survey
from tests.jobs import run_waiting_jobs
from tests.surveys.asked import make_people, make_unit, read
from tests.surveys.promised import (
    Credential,
    Draft,
    codes,
    collected,
    public_key_of,
    submit,
)

MARK = (2, 4, 3, 4, 2, 2, 3, 2)  # first answers of everybody, to find them by
REMARK = "Remark-"
NETWORK = "10.77."
LEAST_BATCH = 10
FAILED = """
SELECT task_name FROM procrastinate_jobs WHERE status = 'failed' AND queue_name = 'fieldwork'
"""
OTHERS_IN_FLIGHT = (0, 1, 3, 10)
# tables of which the server takes samples while people answer
LOOKED_AT = (*mixing.REWRITTEN, "surveys_invitation", "surveys_message")


@cache
def one_key() -> SigningKey:
    """The size of the key is not the point here."""
    return SigningKey.generate(2048)


@contextmanager
def quick_keys() -> Iterator[None]:
    key = one_key()
    with patch.object(SigningKey, "generate", lambda: key):
        yield


@dataclass
class Person:
    """Somebody invited, and what the test alone knows of them."""

    code: str
    invitation: UUID
    participant: UUID
    mail: str
    address: str
    answers: tuple[int, ...]
    remark: str
    # half of them let their device link the waves
    pseudonym: bytes | None = None
    draft: Draft | None = None
    held: Credential | None = None

    @property
    def digest(self) -> bytes:
        return code_digest(self.code)


@dataclass
class Field:
    """A wave in the field.

    `opened` and `arrived` are the true orders, by index of person. They are what
    somebody who watches the line could know, and are held against what is stored.
    `after_submit` is where leaks are planted.
    """

    wave: Wave
    collected: CollectedWave
    key: VerifyingKey
    people: list[Person]
    random: Random
    log: Path
    after_submit: Callable[["Field", Person], None] = lambda field, person: None
    opened: list[int] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)

    def open(self, index: int) -> None:
        """Ask for a credential; one in ten loses the first and asks again."""
        person = self.people[index]
        for _ in range(1 + (self.random.random() < 0.1)):
            person.draft = Draft(self.wave, person.code, self.key)
            person.held = person.draft.finish()
        self.opened.append(index)

    def submit(self, index: int) -> None:
        person = self.people[index]
        assert person.held is not None
        sheet = Sheet(
            secrets.token_bytes(32),
            person.answers,
            "en",
            {"": person.remark},
            person.pseudonym,
        )
        assert submit(self.collected, person.held, sheet) is Receipt.STORED
        self.arrived.append(index)
        self.after_submit(self, person)

    def run(self, others: int, *, flushing: bool = True) -> None:
        """Let everybody open and answer, `others` being on their way meanwhile.

        Halfway the server looks at its tables by itself, as autovacuum does, and those
        who have not opened are reminded.
        """
        waiting: list[int] = []
        for index in self.random.sample(range(len(self.people)), len(self.people)):
            self.open(index)
            waiting.append(index)
            while len(waiting) > others:
                self._one_arrives(waiting, flushing)
        while waiting:
            self._one_arrives(waiting, flushing)

    def _one_arrives(self, waiting: list[int], flushing: bool) -> None:
        self.submit(waiting.pop(self.random.randrange(len(waiting))))
        if 2 * len(self.arrived) == len(self.people):
            with organization_scope(self.wave.organization_id):
                plan_reminders(self.wave, [NOW])
            work(tasks.send_messages, tasks.sweep_waves, tasks.send_webhooks)
            with connections["owner"].cursor() as cursor:
                cursor.execute(f"ANALYZE {', '.join(LOOKED_AT)}")
        left = len(self.people) - len(self.arrived)
        # the job comes by at any time, and here such that the last batch is full
        full = not left or (left >= LEAST_BATCH and self.random.random() < 0.1)
        if flushing and full:
            work(tasks.mix_waves)

    def close(self) -> None:
        """The grace is long over; what is left of reminders is forgotten too."""
        with organization_scope(self.wave.organization_id):
            assert request_close(self.wave, at=NOW)
        work(tasks.mix_waves, tasks.send_messages)
        with organization_scope(self.wave.organization_id):
            assert Wave.objects.get(pk=self.wave.pk).state == Wave.State.CLOSED
            assert not Message.objects.filter(wave=self.wave).telling().exists()
        until_clean(self.wave.pk)


def work(*due: Task[..., None, ...]) -> None:
    """Have the worker do what is due now, and whatever that leads to."""
    for task in due:
        with suppress(AlreadyEnqueued):
            task.defer(timestamp=0)
    with override_settings(MAIL_PER_MINUTE=10**6):
        run_waiting_jobs()
    with connections["owner"].cursor() as cursor:
        cursor.execute(FAILED)
        assert cursor.fetchall() == []


def until_clean(wave_id: UUID) -> None:
    """Come by until nothing is left behind, as the job does.

    Dead rows stay while anybody writes in a transaction that is older than them, be it
    in another database of the server, and while the server looks at a table (ANALYZE).
    """
    for _ in range(200):
        if mixing.clean_up(wave_id):
            return
        sleep(0.5)
    raise AssertionError("Somebody keeps an old snapshot.")


def make_field(size: int, *, seed: int, log: Path) -> Field:
    """Invite people to an anonymous wave of one cell; everybody has distinct answers."""
    random = Random(seed)
    wave = _invited(size)
    with organization_scope(wave.organization_id):
        asked = list(
            Invitation.objects.filter(wave=wave)
            .select_related("participant", "cell")
            .order_by("number")
        )
    team = asked[0].cell
    assert team is not None
    sealed = collected(wave)
    free = len(sealed.form.items) - len(MARK)
    people = [
        Person(
            code=code,
            invitation=one.pk,
            participant=one.participant.pk,
            mail=one.participant.email,
            address=f"{NETWORK}{random.randrange(256)}.{number}",
            answers=MARK + tuple(random.choices((2, 3, 4), k=free)),
            remark=REMARK + "".join(random.choices("abcdefghijkmnpqrstuvwxyz", k=12)),
            pseudonym=secrets.token_bytes(32) if number % 2 else None,
        )
        for number, (code, one) in enumerate(zip(codes(wave, team), asked, strict=True))
        if one.participant is not None
    ]
    assert len(people) == size
    # by code the people would stand in the order of their invitations
    random.shuffle(people)
    return Field(wave, sealed, public_key_of(sealed, team), people, random, log)


def _invited(size: int) -> Wave:
    """Ask the people of one team by mail; the worker opens the wave and writes to them."""
    survey = linking_survey()
    team = make_unit(survey.organization, "team")
    people = make_people(survey.organization, size, unit=team)
    with organization_scope(survey.organization_id):
        wave = invite(survey=survey, people=people, at=NOW)
    with quick_keys():
        work()
    with organization_scope(survey.organization_id):
        assert Invitation.objects.filter(wave=wave, state="asked").count() == size
    return read(wave)


def linking_survey() -> Survey:
    """An anonymous survey whose waves are linked, which is one more thing to leak."""
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    with organization_scope(survey.organization_id):
        Survey.objects.filter(pk=survey.pk).update(links_waves=True)
    make_form(survey)
    return survey


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Keep what the site would write to its standard error, as configured."""
    handler = logging.FileHandler(path)
    logger = logging.getLogger()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
