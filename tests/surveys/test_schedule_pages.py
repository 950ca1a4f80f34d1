"""Pages of schedules and periods, and what they do."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connections
from django.test import Client
from django.utils import timezone

from surveys.collect.intake import Receipt, find_wave, receive
from surveys.fieldwork import calendar, due, periods
from surveys.fieldwork.inviting import plan_reminders
from surveys.fieldwork.sampling import Whom
from surveys.issue.issuer import Paused, cell_of
from surveys.models import (
    Due,
    Event,
    Message,
    Organization,
    Reminder,
    Schedule,
    Survey,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.factories import (
    make_comment,
    make_form,
    make_response,
    make_survey,
    make_wave,
)
from tests.jobs import run_waiting_jobs
from tests.surveys.asked import make_asked, make_people, make_unit
from tests.surveys.promised import answer_all, cell, cells_of, codes, launch
from tests.surveys.scheduled import at, due_of, make_schedule, waves_of

NEXT_YEAR = timezone.now().year + 1
FILLED: dict[str, Any] = {
    "repeat": "weekly",
    "every": 2,
    "nth": "",
    "first": f"{NEXT_YEAR}-03-01",
    "opens": "09:30",
    "zone": "Asia/Shanghai",
    "days": 5,
    "after": 14,
    "until": "",
    "waves": 4,
    "country": "CN",
    "free_dates": "",
    "free_rule": "move",
    "reminders": "2，4",
    "rest_days": 30,
    "size": "",
    "share": 50,
}


def survey_of(organization: Organization, mode: str = Survey.Mode.OPEN) -> Survey:
    survey = make_survey(organization, mode=mode)
    make_form(survey)
    return survey


def kept(survey: Survey) -> Schedule | None:
    with organization_scope(survey.organization_id):
        return Schedule.objects.filter(survey=survey).first()


def read(wave: Wave) -> Wave:
    with organization_scope(wave.organization_id):
        return Wave.objects.select_related("survey").get(pk=wave.pk)


def page(client: Client, address: str, **sent: Any) -> str:
    reply = client.post(address, sent, follow=True) if sent else client.get(address)
    assert reply.status_code == 200
    return reply.content.decode()


def test_a_schedule_is_set_shown_and_stopped(
    organization: Organization, owner: Client
) -> None:
    survey = survey_of(organization, Survey.Mode.IDENTIFIED)
    unit = make_unit(organization, "sales")
    address = f"/surveys/{survey.pk}/schedule/"
    assert "Let waves open and close by themselves" in page(owner, address)
    shown = page(owner, address, **FILLED, units=[str(unit.pk)])
    assert "Next waves" in shown
    found = kept(survey)
    assert found is not None
    assert (found.repeat, found.every, found.reminders) == ("weeks", 2, [2, 4])
    assert found.people == {"units": [str(unit.pk)], "share": 50, "rest_days": 30}
    (opening,) = due_of(found)
    assert opening.due_at == at(f"{NEXT_YEAR}-03-01T01:30")
    page(owner, f"{address}stop/", now=1)
    assert kept(survey) is None
    assert due_of(found) == []


def test_what_was_set_can_be_set_again(
    organization: Organization, owner: Client
) -> None:
    """The form comes back filled in, so that saving it changes nothing."""
    survey = survey_of(organization, Survey.Mode.IDENTIFIED)
    address = f"/surveys/{survey.pk}/schedule/"
    page(owner, address, **FILLED)
    before = kept(survey)
    reply = owner.get(address)
    form = reply.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    page(owner, address, **{k: "" if v is None else v for k, v in sent.items()})
    after = kept(survey)
    assert before is not None
    assert after is not None
    assert (before.rule(), before.people) == (after.rule(), after.people)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"first": "2020-01-01", "waves": 2},
            "Every opening by these rules has passed",
        ),
        ({"every": 1, "days": 8}, "Shorten the waves"),
        ({"days": 2}, "A reminder comes at least one day after the opening"),
        ({"until": "2020-01-01"}, "It would end before it begins"),
        ({"size": 4}, "Give a number or a percentage, not both"),
        ({"reminders": "soon"}, "Write numbers of days"),
        ({"reminders": "1 2 3 4 5 6"}, "At most 5 reminders"),
        ({"free_dates": "24.12."}, "24.12. is no date"),
        ({"zone": "Europe/Atlantis"}, "Select a valid choice"),
        ({"days": 0}, "greater than or equal to 1"),
    ],
)
def test_impossible_rules_are_refused_in_words(
    organization: Organization, owner: Client, changed: dict[str, Any], sentence: str
) -> None:
    survey = survey_of(organization, Survey.Mode.IDENTIFIED)
    sent = FILLED | changed
    shown = page(owner, f"/surveys/{survey.pk}/schedule/", **sent)
    assert sentence in shown
    assert kept(survey) is None


def test_an_open_link_asks_for_no_people(
    organization: Organization, owner: Client
) -> None:
    survey = survey_of(organization)
    address = f"/surveys/{survey.pk}/schedule/"
    assert "rest_days" not in page(owner, address)
    page(owner, address, **FILLED)
    found = kept(survey)
    assert found is not None
    assert (found.people, found.reminders) == ({}, [])


def test_a_missed_wave_is_said_on_the_page(
    organization: Organization, owner: Client
) -> None:
    schedule = make_schedule(survey_of(organization), waves=1)
    due.sweep(at("2026-02-01"))
    shown = page(owner, f"/surveys/{schedule.survey_id}/schedule/")
    assert "No worker ran during its whole period" in shown
    assert "missed" in shown


def test_a_schedule_of_imported_answers_is_refused(organization: Organization) -> None:
    survey = make_survey(organization, mode="identified", origin=Survey.Origin.IMPORTED)
    day = at("2030-01-01")
    rule = calendar.Rule("once", day.date(), day.time(), "UTC", 5)
    with (
        organization_scope(organization.pk),
        pytest.raises(calendar.ScheduleError, match="imported"),
    ):
        periods.set_schedule(survey=survey, rule=rule, whom=Whom(), at=timezone.now())


def test_events_are_noted_and_removed(
    organization: Organization, owner: Client
) -> None:
    survey = survey_of(organization)
    address = f"/surveys/{survey.pk}/events/"
    event = {"date": "2026-03-02", "kind": "crisis", "title_en": "Recall"}
    assert "a title in both languages" in page(owner, address, **event)
    assert "Recall" in page(owner, address, **event, title_zh_hans="召回")
    with organization_scope(organization.pk):
        (noted,) = Event.objects.all()
    page(owner, f"/events/{noted.pk}/remove/", sure=1)
    with organization_scope(organization.pk):
        assert not Event.objects.exists()


MONDAY, FRIDAY = at("2026-01-05T08:00"), at("2026-01-09T08:00")


def move(wave: Wave, closes_at: Any, now: Any) -> None:
    with organization_scope(wave.organization_id):
        periods.move_close(wave=wave, closes_at=closes_at, at=now)


@pytest.mark.usefixtures("database")
def test_a_wave_is_extended_and_closes_then() -> None:
    schedule = make_schedule(waves=1)
    due.sweep(MONDAY)
    (wave,) = waves_of(schedule)
    later = at("2026-01-20T12:00")
    move(wave, later, FRIDAY)
    due.sweep(later - timedelta(seconds=1))
    assert read(wave).is_open
    due.sweep(later)
    assert read(wave).closed_at == later


def test_reminders_keep_their_distance_to_the_close(database: None) -> None:
    wave = make_asked(Survey.Mode.IDENTIFIED, teams=(9,))
    opened = wave.opened_at
    days = [opened + timedelta(days=day) for day in (1, 2, 4)]
    with organization_scope(wave.organization_id):
        due.plan_close(wave, opened + timedelta(days=5))
        plan_reminders(wave, days)
        first = Reminder.objects.get(round=1)
        Reminder.objects.filter(pk=first.pk).update(done_at=days[0])

    def planned() -> list[int]:
        with organization_scope(wave.organization_id):
            rows = Reminder.objects.order_by("due_at")
            return [(row.due_at - opened).days for row in rows]

    move(wave, opened + timedelta(days=8), opened + timedelta(days=1, hours=1))
    assert planned() == [1, 5, 7]
    move(wave, opened + timedelta(days=4), opened + timedelta(days=2))
    assert planned() == [1, 3]


@pytest.mark.usefixtures("database")
def test_a_close_is_not_moved_past_the_next_opening_or_into_the_past() -> None:
    schedule = make_schedule()
    due.sweep(MONDAY)
    (wave,) = waves_of(schedule)
    with pytest.raises(periods.PeriodError, match="next_opens"):
        move(wave, MONDAY + timedelta(days=8), FRIDAY)
    with pytest.raises(periods.PeriodError, match="past"):
        move(wave, FRIDAY, FRIDAY)
    move(wave, MONDAY + timedelta(days=7), FRIDAY)
    due.sweep(MONDAY + timedelta(days=7))
    assert [wave.state for wave in waves_of(schedule)] == ["closed", "open"]
    with pytest.raises(periods.PeriodError, match="closed"):
        move(wave, MONDAY + timedelta(days=30), MONDAY + timedelta(days=8))


def test_the_page_of_a_period_sets_the_close(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(survey_of(organization))
    address = f"/waves/{wave.pk}/period/"
    assert "It closes when you close it" in page(owner, address)
    past = page(owner, address, move=1, day="2020-01-01", clock="09:00")
    assert "That moment has passed" in past
    page(owner, address, move=1, day=f"{NEXT_YEAR}-01-01", clock="09:00")
    assert read(wave).closes_at == at(f"{NEXT_YEAR}-01-01T09:00")
    with organization_scope(organization.pk):
        assert Due.objects.get().kind == "close"


def answer(wave: Wave) -> Receipt:
    asked = find_wave(wave.pk)
    assert asked is not None
    return receive(
        asked, key=uuid4(), answers=(1,) * asked.form.item_count, language="en"
    )


def test_a_paused_link_takes_nothing_until_it_goes_on(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(survey_of(organization))
    address = f"/waves/{wave.pk}/period/"
    assert answer(wave) is Receipt.STORED
    assert "its link takes no answers" in page(owner, address)
    page(owner, address, pause=1)
    assert read(wave).is_paused
    assert answer(wave) is not Receipt.STORED
    assert "Nothing was changed" in page(owner, address, pause=1)
    page(owner, address, resume=1)
    assert answer(wave) is Receipt.STORED


def test_the_database_refuses_answers_of_a_paused_link(database: None) -> None:
    wave = make_wave()
    with organization_scope(wave.organization_id):
        assert periods.pause(wave, at=timezone.now())
    with pytest.raises(ProgrammingError, match="row-level security"):
        make_response(wave, [1] * wave.form.item_count)
    connections["collector"].close()
    with pytest.raises(ProgrammingError, match="row-level security"):
        make_comment(wave, "Late.")
    connections["collector"].close()


def test_a_paused_anonymous_wave_issues_nothing_and_keeps_what_is_under_way(
    organization: Organization, owner: Client
) -> None:
    survey = survey_of(organization, Survey.Mode.ANONYMOUS)
    wave = launch([cell(8), cell(8)], survey=survey)
    first, second = cells_of(wave)
    address = f"/waves/{wave.pk}/period/"
    assert "nobody loses what is under way" in page(owner, address)
    page(owner, address, pause=1)
    run_waiting_jobs()
    with pytest.raises(Paused):
        cell_of(wave.pk, codes(wave, first)[0])
    page(owner, address, resume=1)
    run_waiting_jobs()
    answer_all(wave, second, 2)


def test_no_mail_leaves_while_a_wave_is_paused(database: None) -> None:
    wave = make_asked(Survey.Mode.IDENTIFIED, teams=(9,))
    with organization_scope(wave.organization_id):
        later = wave.opened_at + timedelta(days=1)
        assert Message.objects.due_at(later).count() == 9
        periods.pause(wave, at=later)
        assert Message.objects.due_at(later).count() == 0


def test_a_closed_wave_never_opens_again(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(survey_of(organization))
    make_people(organization, 1)
    owner.post(f"/waves/{wave.pk}/close/")
    address = f"/waves/{wave.pk}/period/"
    assert "never opens again" in page(owner, address)
    refused = page(owner, address, move=1, day=f"{NEXT_YEAR}-01-01", clock="09:00")
    assert "never opens again" in refused
    assert "Nothing was changed" in page(owner, address, resume=1)
    assert read(wave).state == "closed"
