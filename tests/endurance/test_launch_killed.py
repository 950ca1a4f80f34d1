"""A planned launch whose worker is killed at random moments, from the draw to the mail.

Drawing people, forming cells, inviting, making keys, opening and sending all happen in
the worker that dies. Whoever was drawn has at least one mail, at most one more for each
crash, always under the same Message-ID; and there is one wave, of the promised size.
"""

import random
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

import pytest
from django.utils import timezone

from surveys.models import Cell, Due, Invitation, Message, Schedule, Survey, Wave
from surveys.tenancy import organization_scope
from tests.catcher import Catcher, catching
from tests.endurance.conftest import Say
from tests.endurance.sender import PLANNED
from tests.endurance.senders import Senders, senders
from tests.endurance.test_mail import count
from tests.factories import make_form, make_survey
from tests.surveys.asked import make_people, make_unit, read
from tests.surveys.scheduled import make_schedule

SEED = 20
PATIENCE = 900.0  # seconds until everything is delivered
TEAMS = 4


def planned(people: int, *, size: int) -> Schedule:
    """A survey whose wave was due yesterday, and asks some of the people by chance."""
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    top = make_unit(survey.organization, "top")
    for team in range(TEAMS):
        unit = make_unit(survey.organization, str(team), top)
        make_people(survey.organization, people // TEAMS, unit=unit)
    yesterday: date = timezone.now().astimezone(UTC).date() - timedelta(days=1)
    return make_schedule(
        survey,
        now=datetime.combine(yesterday, clock(0), UTC) - timedelta(days=1),
        repeat="once",
        first=yesterday,
        opens=clock(0),
        zone="UTC",
        people={"size": size},
    )


def wave_of(schedule: Schedule) -> Wave | None:
    with organization_scope(schedule.organization_id):
        return Wave.objects.filter(survey=schedule.survey_id).first()


def stage(schedule: Schedule, server: Catcher) -> str:
    """How far the launch has come."""
    wave = wave_of(schedule)
    if wave is None:
        return "nothing"
    return wave.state if not server.mails else "sending"


def is_done(schedule: Schedule) -> bool:
    wave = wave_of(schedule)
    if wave is None or wave.state != Wave.State.OPEN:
        return False
    with organization_scope(schedule.organization_id):
        asked = Message.objects.filter(wave=wave)
        return not asked.exclude(state=Message.State.SENT).exists()


def launched(
    schedule: Schedule,
    server: Catcher,
    workers: Senders,
    *,
    kills: int,
    opening: float,
    size: int,
) -> list[str]:
    """Kill half of the workers within `opening` seconds, half by mails sent.

    Returns how far the launch had come at each kill.
    """
    chance, met = random.Random(SEED), list[str]()
    end = time.monotonic() + PATIENCE
    early = (kills + 1) // 2
    moments = [0] * early + sorted(chance.randrange(size) for _ in range(kills - early))
    for moment in moments:
        workers.start(PLANNED)
        while len(server.mails) < moment and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, opening if moment == 0 else 0.1))
        workers.kill()
        met.append(stage(schedule, server))
    workers.start(PLANNED)
    while not is_done(schedule) and time.monotonic() < end:
        time.sleep(0.2)
    workers.kill()
    return met


@pytest.mark.parametrize(
    ("size", "kills", "opening"),
    [(40, 3, 1.5), pytest.param(2000, 20, 4.0, marks=pytest.mark.long)],
)
def test_a_launch_that_is_killed_again_and_again_reaches_everybody_drawn(
    database: None, say: Say, size: int, kills: int, opening: float
) -> None:
    schedule = planned(size * 5 // 4, size=size)
    with catching() as server:
        surroundings = {
            "EMAIL_URL": f"smtp://localhost:{server.port}?tls=none",
            "MAIL_PER_MINUTE": "6000",
            "MAIL_FROM": "surveys@trust.example.org",
            "SITE_URL": "https://trust.example.org",
        }
        with senders(surroundings) as workers:
            met = launched(
                schedule, server, workers, kills=kills, opening=opening, size=size
            )
    assert is_done(schedule)
    found = wave_of(schedule)
    assert found is not None
    wave = read(found)
    counted = count(wave, server, kills)
    say(
        f"A planned launch to {size:,} people, {kills} kills -9"
        f" (at: {', '.join(met)}): {counted.without} without a mail,"
        f" {counted.extra} extra mails, {counted.ids} with two Message-IDs"
    )
    assert (counted.people, counted.without, counted.ids) == (size, 0, 0)
    assert counted.extra <= kills
    with organization_scope(wave.organization_id):
        assert Wave.objects.count() == 1
        assert Invitation.objects.filter(wave=wave).count() == size
        cells = Cell.objects.filter(wave=wave)
        assert sum(cell.invited for cell in cells) == size
        rows = Due.objects.filter(survey=schedule.survey_id)
        kinds = {row.kind: row.done_at is not None for row in rows}
    assert kinds == {Due.Kind.OPEN: True, Due.Kind.CLOSE: False}
