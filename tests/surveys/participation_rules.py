"""How each rule of participation is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from tests.factories import NOW
from tests.surveys.library_rules import Desk


def figure(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "cell_id": None,
        "day": NOW.date(),
        "answered": 10,
    }
    row |= changed
    desk.insert("surveys_participation", **row)
    key: UUID = row["id"]
    return key


def twice_a_day(desk: Desk) -> None:
    figure(desk)
    figure(desk, answered=15)


def correct(desk: Desk) -> None:
    figure(desk)
    desk.run("UPDATE surveys_participation SET answered = 15")


PARTICIPATION_RULES: dict[str, Callable[[Any], object]] = {
    "participation_one_a_day": twice_a_day,
    "participation_in_steps_of_five": lambda d: figure(d, answered=13),
    "participation_wave_of_organization": lambda d: figure(d, wave_id=uuid4()),
    "participation_cell_of_wave": lambda d: figure(d, cell_id=uuid4()),
    "participation_is_immutable": correct,
}
