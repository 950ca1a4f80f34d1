"""Several waves of one organization, attacked by the groups people were asked in."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from surveys import handover
from surveys.collect.intake import Receipt
from surveys.collect.sealed import Sheet
from surveys.fieldwork.inviting import invite
from surveys.launching import codes_of, open_prepared
from surveys.mixing import close_issuing, finish
from surveys.models import Cell, Invitation, Participant, Survey, Unit, Wave
from surveys.tenancy import organization_scope
from tests.attack.crossing import Answer, Copy, Crossing, crossed
from tests.attack.people import linking_survey, quick_keys
from tests.factories import NOW
from tests.surveys.asked import make_people, make_unit, read
from tests.surveys.promised import collected, obtain, public_key_of, submit

pytestmark = pytest.mark.usefixtures("database")

LEAST = 5
TEAMS = (14, 13, 12, 9)  # the last batch of the smallest joins everybody's
# Of each wave after the first: how many go from where to where; -1 is outside.
MOVES = (
    ((0, 1, 2), (1, 0, 1), (2, -1, 1), (3, 0, 1), (-1, 2, 2), (-1, 3, 1)),
    ((0, 2, 1), (1, 0, 3), (2, 0, 6), (2, -1, 1), (-1, 1, 1)),
)


@dataclass
class Pulse:
    """An anonymous survey whose waves are linked, and the people of its teams."""

    survey: Survey
    units: list[Unit]
    teams: dict[int, list[Participant]]
    random: Random
    waves: list[Wave] = field(default_factory=list)

    @classmethod
    def start(cls) -> "Pulse":
        survey = linking_survey()
        top = make_unit(survey.organization, "top")
        units = [
            make_unit(survey.organization, str(place), top)
            for place in range(len(TEAMS))
        ]
        teams = {
            place: make_people(survey.organization, size, unit=units[place])
            for place, size in enumerate(TEAMS)
        }
        return cls(survey, units, teams, Random(1))

    def run(self, waves: int) -> None:
        for place in range(waves):
            for move in MOVES[place - 1] if place else ():
                self._move(*move)
            self._wave(NOW + timedelta(days=7 * place))

    def _move(self, source: int, target: int, number: int) -> None:
        """Let people change; those who came last stay."""
        if source < 0:
            going = make_people(self.survey.organization, number)
        else:
            going = self.teams[source][:number]
            del self.teams[source][:number]
        if target < 0:
            return
        for one in going:
            one.unit = self.units[target]
        with organization_scope(self.survey.organization_id):
            Participant.objects.bulk_update(going, ["unit"])
        self.teams[target] += going

    def _wave(self, at: Any) -> None:
        """Everybody is asked; all but a few answer, and all but a few of these link."""
        people = [one for team in self.teams.values() for one in team]
        with organization_scope(self.survey.organization_id):
            wave = invite(survey=self.survey, people=people, at=at)
        open_prepared(wave.organization_id, wave.pk)
        wave = read(wave)
        self.waves.append(wave)
        with organization_scope(wave.organization_id):
            cells = {one.pk: one for one in Cell.objects.filter(wave=wave)}
            asked = list(
                Invitation.objects.filter(wave=wave).order_by("participant_id")
            )
        codes = {
            cell.pk: list(codes_of(cell, wave.survey.mode)) for cell in cells.values()
        }
        sealed = collected(wave)
        form = tuple([3] * sealed.form.item_count)
        for one in self.random.sample(asked, len(asked)):
            assert one.cell_id is not None
            assert one.number is not None
            if self.random.random() < 0.05:
                continue
            own = pseudonym(one.participant_id) if self.random.random() < 0.95 else None
            key = public_key_of(sealed, cells[one.cell_id])
            held = obtain(wave, codes[one.cell_id][one.number], key)
            sheet = Sheet(self.random.randbytes(16), form, "en", {}, own)
            assert submit(sealed, held, sheet) is Receipt.STORED
        assert close_issuing(wave.organization_id, wave.pk, at=at)
        assert finish(wave.pk)


def pseudonym(participant: UUID | None) -> bytes:
    return sha256(str(participant).encode()).digest()


def copy_of(pulse: Pulse) -> Copy:
    """Everything that the organization's own tables tell."""
    number = {wave.pk: place for place, wave in enumerate(pulse.waves)}
    with organization_scope(pulse.survey.organization_id):
        asked, answered, cells = (
            rows("SELECT participant_id, wave_id, cell_id FROM surveys_invitation"),
            rows("SELECT wave_id, cell_id, pseudonym FROM surveys_response"),
            rows("SELECT id, parent_id, answered FROM surveys_cell"),
        )
    people: defaultdict[UUID, dict[int, UUID]] = defaultdict(dict)
    for who, wave, cell in asked:
        people[who][number[wave]] = cell
    answers = [
        Answer(number[wave], cell, None if own is None else bytes(own))
        for wave, cell, own in answered
    ]
    return Copy(list(people.values()), answers, _joined(answers, cells))


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _joined(
    answers: list[Answer], cells: list[tuple[UUID, UUID | None, int]]
) -> dict[Any, frozenset[Any]]:
    """One department: in its own cell stand the last answers of teams that lack some."""
    joined: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for cell, parent, answered in cells:
        stored = sum(1 for one in answers if one.group == cell)
        if parent is not None and answered > stored:
            joined[parent].add(cell)
    return {cell: frozenset(whose) for cell, whose in joined.items()}


def links(copy: Copy) -> int:
    """Answers that have a partner in an earlier wave."""
    seen = [one.pseudonym for one in copy.answers if one.pseudonym is not None]
    return len(seen) - len(set(seen))


@pytest.mark.parametrize("waves", [2, 3])
def test_nobody_is_found_by_the_groups_of_several_waves(waves: int) -> None:
    with quick_keys():
        pulse = Pulse.start()
        pulse.run(waves)
    copy = copy_of(pulse)
    print(f"\n{waves} waves: {len(copy.answers)} answers, {links(copy)} links kept")
    assert crossed(copy, LEAST) == Crossing(0, 0)
    assert links(copy) > 10 * (waves - 1)


@pytest.mark.parametrize("waves", [2, 3])
def test_everything_kept_is_found(waves: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The leak planted: pseudonyms handed over as they came."""
    monkeypatch.setattr(handover, "without_telling", lambda *given: given[2])
    with quick_keys():
        pulse = Pulse.start()
        pulse.run(waves)
    copy = copy_of(pulse)
    found = crossed(copy, LEAST)
    print(f"\n{waves} waves: {len(copy.answers)} answers, {links(copy)} links: {found}")
    assert found.singled
