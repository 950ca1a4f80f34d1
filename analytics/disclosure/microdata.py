"""Rows that may leave an anonymous survey: how coarse, or why not at all.

Nothing is drawn at random, nothing is blurred and no single row is left out: either
every answer leaves, with as little said of where it comes from as protection asks for,
or nothing leaves. Where saying nothing of that is not enough, whole scales stay behind
in every row: what is not in the file cannot be added up. What is decided depends on the
answers and on what their release has told, so that it is the same whenever and however
often it is asked for.

The attacker is granted the file, every published figure without rounding, and who
belongs to which group. He may add up rows until they have the published mean of a
group; wherever that can succeed (`matching`) the group counts as though the file named
it. The rules: docs/disclosure.md, "Microdata".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from analytics.disclosure.recoding import Attribute, attributes_of, classes_of
from analytics.disclosure.row_checks import Check, Checked
from analytics.disclosure.row_values import (
    DIVERSE,
    LEAST_ROWS,
    Microdata,
    MicrodataRules,
    NoMicrodata,
    Wanted,
)
from analytics.disclosure.systems import Flags, Labels
from analytics.disclosure.values import Publication
from analytics.release_parts import EVERYONE
from analytics.sentences import Sentence, say

ALL_RULES: Final = MicrodataRules()


def coarsened(wanted: Wanted, rules: MicrodataRules = ALL_RULES) -> Microdata:
    """Decide how coarse the rows of a wave leave.

    Starting with everything that the release shows, what protects the most rows for
    what it costs is joined, until every rule holds. Where nothing is left to join, a
    scale is left out and all begins anew: at least one scale leaves.

    Raises
    ------
    NoMicrodata
        No coarsening is enough.
    """
    # of all scales, also where fewer leave: no file names what the release hides
    shown = wanted.shown()
    _require_release(wanted, rules, shown)
    refused = None
    for fewer in chain([wanted], _narrower(wanted, rules, shown)):
        try:
            found = _searched(Check(fewer, rules, shown))
        except NoMicrodata as error:
            refused = refused or error
            continue
        left = tuple(code for code in wanted.measures if code not in fewer.measures)
        return _told_of(found, left, wanted, shown)
    raise refused or NoMicrodata(say("microdata_hidden"))


def _narrower(
    wanted: Wanted, rules: MicrodataRules, shown: frozenset[str]
) -> Iterator[Wanted]:
    """Yield what is wanted with fewer scales, wherever rows that tell of no group may do.

    Each time the scale goes without which the fewest rows are hurt, then the one that
    hides published groups best for each item that it costs.
    """
    nothing = np.zeros(wanted.n, dtype=np.int64)
    while len(wanted.measures) > 1:
        now = Check(wanted, rules, shown).hiding(nothing)
        ways = []
        for code in wanted.measures:
            fewer = wanted.without(code)
            check = Check(fewer, rules, shown)
            lost = wanted.answers.shape[1] - fewer.answers.shape[1]
            hurt = int(check.cheaply(nothing).bad.sum())
            ways.append((hurt, -(check.hiding(nothing) - now) / max(lost, 1), fewer))
        hurt, _, wanted = min(ways, key=lambda way: way[:2])
        if not hurt:
            yield wanted


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A coarsening under which every rule holds."""

    attributes: tuple[Attribute, ...]
    classes: Labels
    checked: Checked
    publication: Publication


def _searched(check: Check) -> _Found:
    """Join what protects the most rows for what it costs, until every rule holds."""
    every = frozenset(one.key for one in check.wanted.segments)
    told = check.shown if check.rules.shown else every
    attributes = list(attributes_of(check.wanted.segments, told))
    while True:
        classes = classes_of(attributes, check.wanted.n)
        found = check.cheaply(classes)
        publication = Publication((), ())
        if not found.bad.any():
            found, publication = check.audited(classes, found)
        if not found.bad.any():
            return _Found(tuple(attributes), classes, found, publication)
        steps = _steps(attributes, classes, found.bad, check)
        if not steps:
            raise NoMicrodata(found.reason or say("microdata_hidden"))
        place, coarser = max(steps, key=lambda one: one.worth).change
        attributes[place] = coarser


def _told_of(
    found: _Found, left: tuple[str, ...], wanted: Wanted, shown: frozenset[str]
) -> Microdata:
    remarks = _remarks(wanted, found.attributes, found.checked, shown, left)
    return Microdata(
        attributes=tuple(one for one in found.attributes if one.tells),
        classes=found.classes,
        least=found.checked.least,
        diverse=found.checked.diverse,
        found=found.checked.found,
        left_out=left,
        remarks=tuple(remarks),
        publication=found.publication,
    )


def _require_release(
    wanted: Wanted, rules: MicrodataRules, shown: frozenset[str]
) -> None:
    if wanted.n < max(LEAST_ROWS, rules.least):
        needed = max(LEAST_ROWS, rules.least)
        raise NoMicrodata(say("microdata_few", has=wanted.n, needs=needed))
    if rules.shown and EVERYONE not in shown:
        raise NoMicrodata(say("microdata_everyone_hidden"))


@dataclass(frozen=True, slots=True)
class _Step:
    """An attribute made coarser, and how many rows that protects for each bit."""

    change: tuple[int, Attribute]
    worth: tuple[float, float, int]


def _steps(
    attributes: Sequence[Attribute], classes: Labels, bad: Flags, check: Check
) -> list[_Step]:
    sizes = np.bincount(classes)[classes]
    found = []
    for place, one in enumerate(attributes):
        coarser = one.coarser(bad)
        if coarser is None:
            continue
        changed = [*attributes[:place], coarser, *attributes[place + 1 :]]
        after = classes_of(changed, len(bad))
        has_grown = np.bincount(after)[after] > sizes
        helped = int((bad & has_grown & ~check.cheaply(after).bad).sum())
        lost = one.bits - coarser.bits
        worth = (helped / (lost + 1.0), -lost, -place)
        found.append(_Step((place, coarser), worth))
    return found


def _remarks(
    wanted: Wanted,
    attributes: Sequence[Attribute],
    found: Checked,
    shown: frozenset[str],
    left: tuple[str, ...],
) -> list[Sentence]:
    """Say what was joined, what is not told at all, and what holds therefore."""
    told = [say("microdata_checked", least=found.least, n=wanted.n)]
    if left:
        told.append(say("microdata_no_scales", scales=left, of=len(wanted.measures)))
    for one in attributes:
        if not one.tells:
            told.append(say(f"microdata_no_{one.kind}", question=one.key))
        elif len(one.groups) < len(one.names):
            told.append(
                say(
                    f"microdata_joined_{one.kind}",
                    question=one.key,
                    left=len(one.groups),
                    of=len(one.names),
                )
            )
    if any(one.key not in shown and one.rows.any() for one in wanted.segments):
        told.append(say("microdata_hidden_absent"))
    if found.found > 1:
        told.append(say("microdata_found"))
    told.append(say("microdata_absent"))
    return told


__all__ = [
    "DIVERSE",
    "LEAST_ROWS",
    "Microdata",
    "MicrodataRules",
    "NoMicrodata",
    "Wanted",
    "classes_of",
    "coarsened",
]
