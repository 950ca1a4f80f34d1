"""R14: the mail server fails in every way while the worker is killed again and again.

Each invitee gets at least one mail, at most one more for every crash of the worker or
lost reply of the server, and always under the same Message-ID.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from surveys.models import Message, Wave
from surveys.tenancy import organization_scope
from tests.catcher import CUT, OF_CONNECTIONS, Catcher, catching, make_certificate
from tests.endurance.conftest import Say
from tests.endurance.sender import CARELESS
from tests.endurance.senders import Senders, senders
from tests.surveys.asked import make_asked, messages

SEED = 14
PATIENCE = 1200.0  # seconds for everything to be delivered
NOWHERE = 3  # people whose address is refused for good
PER_CONNECTION, PER_MAIL = 0.3, 0.08


@dataclass(frozen=True)
class Counted:
    """What was counted at the server, whose mails are the truth."""

    people: int
    kills: int
    without: int
    extra: int
    worst: int
    ids: int
    failures: Counter[str]

    @property
    def lost_replies(self) -> int:
        return self.failures[CUT]

    def __str__(self) -> str:
        ways = ", ".join(f"{n} x {way}" for way, n in sorted(self.failures.items()))
        return (
            f"R14: {self.people:,} people, {self.kills} kills -9, {ways}:"
            f" {self.without} without a mail, {self.extra} extra mails,"
            f" {self.worst} at most for one person, {self.ids} with two Message-IDs"
        )


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Catcher]]:
    """A server with TLS, and the certificate that its clients must trust."""
    certificate, tls = make_certificate(tmp_path_factory.mktemp("tls"))
    with catching(tls) as server:
        yield certificate, server


def surroundings(certificate: Path, server: Catcher, *, pace: int) -> dict[str, str]:
    return {
        "EMAIL_URL": f"smtp://localhost:{server.port}",
        "SSL_CERT_FILE": str(certificate),
        "MAIL_PER_MINUTE": str(pace),
        "MAIL_FROM": "surveys@trust.example.org",
        "SITE_URL": "https://trust.example.org",
    }


def launch(
    wave: Wave,
    server: Catcher,
    workers: Senders,
    *,
    kills: int,
    chance: random.Random,
    how: str = "careful",
) -> None:
    """Launch with kills spread over opening and sending; returns once nothing is due."""
    expected = len(messages(wave)) - len(server.nowhere)
    moments = sorted(chance.randrange(expected) for _ in range(kills))
    end = time.monotonic() + PATIENCE
    for moment in moments:
        workers.start(how)
        while len(server.mails) < moment and _waiting(wave) and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.1))
        workers.kill()
    workers.start(how)
    while _waiting(wave) and time.monotonic() < end:
        time.sleep(0.2)
    workers.kill()


def _waiting(wave: Wave) -> bool:
    with organization_scope(wave.organization_id):
        open_ends = Message.objects.filter(wave=wave, state__in=["waiting", "sending"])
        return open_ends.exists()


def count(wave: Wave, server: Catcher, kills: int) -> Counted:
    queued = messages(wave)
    heard: dict[str, Counter[str]] = {}
    for mail in server.mails:
        heard.setdefault(mail.to, Counter())[mail.message_id] += 1
    received = []
    for one in queued:
        person = one.invitation.participant
        assert person is not None
        if person.email not in server.nowhere:
            received.append((one.message_id, heard.get(person.email, Counter())))
    numbers = [ids.total() for _, ids in received]
    return Counted(
        people=len(queued),
        kills=kills,
        without=numbers.count(0),
        extra=sum(number - 1 for number in numbers if number),
        worst=max(numbers),
        ids=sum(bool(set(ids) - {known}) for known, ids in received),
        failures=Counter(server.failures),
    )


def fail_by(server: Catcher, chance: random.Random) -> None:
    """Let the server fail by chance, seeded, in every way that fits where it is asked."""

    def draw(among: tuple[str, ...]) -> str:
        likely = PER_CONNECTION if set(among) & set(OF_CONNECTIONS) else PER_MAIL
        return chance.choice(among) if chance.random() < likely else ""

    server.fails = draw


def addresses(wave: Wave) -> list[str]:
    people = (one.invitation.participant for one in messages(wave))
    return sorted(person.email for person in people if person is not None)


def tried(
    trusted: tuple[Path, Catcher], people: int, kills: int, *, pace: int
) -> Counted:
    certificate, server = trusted
    chance = random.Random(SEED)
    server.mails, server.failures = [], Counter()
    wave = make_asked(teams=(people // 2, people - people // 2), opened=False)
    server.nowhere = set(addresses(wave)[:NOWHERE])
    fail_by(server, chance)
    with senders(surroundings(certificate, server, pace=pace)) as workers:
        launch(wave, server, workers, kills=kills, chance=chance)
    counted = count(wave, server, kills)
    states = Counter(one.state for one in messages(wave))
    assert states == {"sent": people - NOWHERE, "bounced": NOWHERE}
    return counted


def holds(counted: Counted) -> None:
    assert counted.without == 0
    assert counted.ids == 0
    assert counted.extra <= counted.kills + counted.lost_replies


def test_everybody_has_a_mail_however_often_the_worker_is_killed(
    database: None, trusted: tuple[Path, Catcher], say: Say
) -> None:
    counted = tried(trusted, people=60, kills=4, pace=3000)
    say(str(counted))
    holds(counted)
    assert len(counted.failures) >= 3  # kinds; it did fail


@pytest.mark.long
def test_a_launch_to_2000_people_with_20_kills(
    database: None, trusted: tuple[Path, Catcher], say: Say
) -> None:
    counted = tried(trusted, people=2000, kills=20, pace=6000)
    say(str(counted))
    holds(counted)
    assert len(counted.failures) == 8  # every way there is


@pytest.mark.long
def test_marking_before_sending_would_lose_mails(
    database: None, trusted: tuple[Path, Catcher], say: Say
) -> None:
    """The control: with the order reversed the same kills must be found out."""
    certificate, server = trusted
    server.mails, server.failures, server.nowhere = [], Counter(), set()
    server.fails = lambda among: ""
    wave = make_asked(teams=(60,), opened=False)
    with senders(surroundings(certificate, server, pace=1500)) as workers:
        launch(
            wave,
            server,
            workers,
            kills=4,
            chance=random.Random(SEED),
            how=CARELESS,
        )
    counted = count(wave, server, 4)
    say(f"Control: {counted}")
    assert counted.without > 0


def test_a_certificate_that_nobody_vouches_for_gets_no_mail(
    database: None, trusted: tuple[Path, Catcher]
) -> None:
    """The server is one that we do not know: nothing is said to it, nothing is lost."""
    _, server = trusted
    server.mails, server.failures = [], Counter()
    server.fails = lambda among: ""
    wave = make_asked(teams=(8,), opened=False)
    given = surroundings(Path("/nonexistent"), server, pace=6000)
    del given["SSL_CERT_FILE"]
    with senders(given) as workers:
        workers.start()
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if any("CERTIFICATE" in one.problem for one in messages(wave)):
                break
            time.sleep(0.2)
    assert server.mails == []
    problems = {one.problem for one in messages(wave)}
    assert any("certificate" in one.lower() for one in problems)
    assert {one.state for one in messages(wave)} <= {"waiting", "sending"}
