"""Columns of who answered, in identified surveys: number, unit, attributes, weight.

Of people only the organization's own number for them, never a name or an address.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics import thresholds
from analytics.criteria_reading import outcomes_of_rows
from analytics.export.columns import Names
from analytics.export.dataset import Column, Label, Variable
from analytics.export.records import NOT_KNOWN
from analytics.export.rows import Part, Rows, Source
from analytics.known_people import answered_by_unit
from analytics.plan import Text
from analytics.psychometrics import (
    Matrix,
    PsychometricsError,
    poststratification_weights,
)
from surveys.models import Attribute, Invitation, Unit
from surveys.models.promise import LEAST_FOR_SCORES

_WEIGHT_NOTE: Final = Text(
    "Invited over answered, relative to the whole wave: each unit without units below it "
    f"and with {LEAST_FOR_SCORES} answers or more by itself, all others together; at most "
    f"{thresholds.WEIGHT_BOUND:g}, mean 1 in each wave.",
    "邀请数与作答数之比，相对于整轮：没有下级且至少有 "
    f"{LEAST_FOR_SCORES} 份答卷的部门各自计算，其余合并；最大为 "
    f"{thresholds.WEIGHT_BOUND:g}，每轮均值为 1。",
)
KEY, UNIT, ATTRIBUTES = 1, 2, 3  # places in `people_of_block`
Counts = Mapping[UUID | None, int]


def people_part(names: Names) -> Part:
    """Return number, unit and attributes of those who answered."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    order = sorted(units.values(), key=lambda unit: _path(unit, units).en.casefold())
    numbers = {unit.pk: number for number, unit in enumerate(order, start=1)}
    attributes = tuple(Attribute.objects.order_by("code"))
    variables = (
        Variable(
            names.take("participant"),
            Text("Number of the participant", "参与者编号"),
            "text",
            "nominal",
            "record",
        ),
        Variable(
            names.take("unit"),
            Text("Unit", "部门"),
            "whole",
            "nominal",
            "segment",
            tuple(Label(numbers[unit.pk], _path(unit, units)) for unit in order),
            NOT_KNOWN,
        ),
        *(
            Variable(
                names.take(one.code),
                Text(one.name_en, one.name_zh_hans),
                "text",
                "nominal",
                "segment",
            )
            for one in attributes
        ),
    )

    def columns(rows: Rows) -> Sequence[Column]:
        held = [numbers.get(person[UNIT], -1) for person in rows.people]
        return (
            _texts([person[KEY] for person in rows.people]),
            np.array(held, np.int32),
            *(
                _texts(
                    [(person[ATTRIBUTES] or {}).get(one.code) for person in rows.people]
                )
                for one in attributes
            ),
        )

    return Part(variables, columns)


def weight_part(sources: Sequence[Source], names: Names) -> Part | None:
    """Return weights by units; None where no wave has any."""
    found = [_weights(source) for source in sources]
    if not any(found):
        return None
    variable = Variable(
        names.take("weight"),
        Text("Weight by units", "部门权重"),
        "number",
        "scale",
        "weight",
        low=0,
        high=thresholds.WEIGHT_BOUND,
        note=_WEIGHT_NOTE,
    )

    def columns(rows: Rows) -> Sequence[Column]:
        weights = found[rows.index]
        if not weights:
            return (np.full(rows.n, np.nan),)
        return (np.array([weights[person[UNIT]] for person in rows.people]),)

    return Part((variable,), columns)


def criteria_part(sources: Sequence[Source], names: Names) -> Part | None:
    """Return business outcomes, after the close and before; None where there are none."""
    known = [outcomes_of_rows(source.wave, source.rows) for source in sources]
    values: dict[tuple[str, str], dict[int, Matrix]] = {}
    called: dict[str, Text] = {}
    for index, outcomes in enumerate(known):
        for one in outcomes:
            called[one.code] = one.name
            for when, found in (("later", one.later), ("earlier", one.earlier)):
                values.setdefault((one.code, when), {})[index] = found
    if not values:
        return None
    variables = tuple(
        _outcome(names, code, when, called[code]) for code, when in values
    )

    def columns(rows: Rows) -> Sequence[Column]:
        none = np.full(rows.n, np.nan)
        return [
            found[rows.index][rows.places] if rows.index in found else none
            for found in values.values()
        ]

    return Part(variables, columns)


def _outcome(names: Names, code: str, when: str, name: Text) -> Variable:
    later = when == "later"
    return Variable(
        names.take(code if later else f"{code}_before"),
        Text(
            f"{name.en} ({'after the wave' if later else 'by the day of its close'})",
            f"{name.zh_hans}（{'本轮之后' if later else '截至结束当日'}）",
        ),
        "number",
        "scale",
        "criterion",
    )


def _weights(source: Source) -> dict[UUID | None, float]:
    """Return the weight of everybody in a unit; nothing where there is no such weight."""
    answered = answered_by_unit(source.wave)
    asked = Invitation.objects.filter(wave=source.wave, participant__isnull=False)
    invited = Counter(asked.values_list("participant__unit_id", flat=True))
    inner = set(
        Unit.objects.filter(parent__isnull=False).values_list("parent", flat=True)
    )
    alone = [
        unit
        for unit, n in answered.items()
        if unit is not None and unit not in inner and n >= LEAST_FOR_SCORES
    ]
    rest = [unit for unit in answered if unit not in alone]
    strata = [[unit] for unit in alone] + ([rest] if rest else [])
    if len(strata) < 2:
        return {}
    others = sum(n for unit, n in invited.items() if unit not in alone)
    population = [invited[unit] for unit in alone] + ([others] if rest else [])
    groups = np.repeat(
        np.arange(len(strata)), [sum(answered[u] for u in one) for one in strata]
    )
    try:
        made = poststratification_weights(
            groups, population, bound=thresholds.WEIGHT_BOUND
        )
    except PsychometricsError:
        return {}
    firsts = np.searchsorted(groups, np.arange(len(strata)))
    return {
        unit: float(made.values[first])
        for one, first in zip(strata, firsts, strict=True)
        for unit in one
    }


def _path(unit: Unit, units: Mapping[UUID, Unit]) -> Text:
    """Name a unit by all above it and itself: two teams may have one name."""
    english, chinese = [unit.name_en], [unit.name_zh_hans]
    while unit.parent_id is not None:
        unit = units[unit.parent_id]
        english.append(unit.name_en)
        chinese.append(unit.name_zh_hans)
    return Text(" / ".join(reversed(english)), " / ".join(reversed(chinese)))


def _texts(values: Sequence[Any]) -> NDArray[np.object_]:
    """Return texts, None where nothing is known."""
    found = np.empty(len(values), dtype=object)
    found[:] = [str(one) if one not in {None, ""} else None for one in values]
    return found
