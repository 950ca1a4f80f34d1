"""Rows that may leave an anonymous survey: how coarse, or why not at all.

Nothing is drawn at random, nothing is blurred and no single row is left out: either
every answer leaves, with as little said of where it comes from as protection asks for,
or nothing leaves. What is decided depends on the answers and on what their release has
told, so that it is the same whenever and however often it is asked for.

The attacker is granted the file, every published figure without rounding, and who
belongs to which group. He may add up rows until they have the published mean of a
group; wherever that can succeed (`matching`) the group counts as though the file named
it. The rules: docs/disclosure.md, "Microdata".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure.deciding import decide
from analytics.disclosure.matching import Crowd
from analytics.disclosure.recoding import Attribute, attributes_of
from analytics.disclosure.systems import Flags, Labels, atoms_of
from analytics.disclosure.telling import EXACT_FROM
from analytics.disclosure.values import LEAST, Measure, Publication, Rules
from analytics.plan import Text
from analytics.release_parts import EVERYONE, Members
from analytics.sentences import Sentence, say

LEAST_ROWS: Final = EXACT_FROM  # answers below which no rows leave
DIVERSE: Final = 2  # different answers to each item in each class


class NoMicrodata(Exception):
    """No rows may leave; says why."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.text("en"))


@dataclass(frozen=True, slots=True)
class MicrodataRules:
    """The rules in force; all of them outside tests, which switch single ones off.

    Attributes
    ----------
    least : int
        Fewest rows alike in everything that is told of them.
    crowded : bool
        That many rows in every class.
    diverse : bool
        Two different answers to every item, and scores, in every class.
    shown : bool
        Only groups stand in the file that the release shows on every scale.
    matched : bool
        Groups that can be found by adding up rows count as though they stood there.
    hidden : bool
        No classes make up a group that the release hides.
    audited : bool
        Classes are attacked together with everything published.
    """

    least: int = LEAST
    crowded: bool = True
    diverse: bool = True
    shown: bool = True
    matched: bool = True
    hidden: bool = True
    audited: bool = True

    def __post_init__(self) -> None:
        if self.least < LEAST:
            raise ValueError(
                f"Classes need {LEAST} rows or more; {self.least} is not allowed."
            )

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the rules that can be switched off."""
        return tuple(one.name for one in fields(cls) if one.name != "least")


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What rows are to be made of.

    Attributes
    ----------
    segments : sequence of Members
        As the release was decided from: everyone first.
    measures : mapping of scale code -> Measure
    answers : (n, p) int16
        To every item that leaves; below 0 = missing.
    told : sequence of Publication
        Of the release first, of which all but the first may tell of everyone alone.
    """

    segments: Sequence[Members]
    measures: Mapping[str, Measure]
    answers: NDArray[np.int16]
    told: Sequence[Publication]

    @property
    def n(self) -> int:
        return len(self.answers)

    def shown(self) -> frozenset[str]:
        """Return the segments that the release shows on every scale."""
        pieces = {
            (piece.segment, piece.measure)
            for one in self.told
            for piece in one.pieces
            if not piece.is_bound
        }
        return frozenset(
            one.key
            for one in self.segments
            if all((one.key, code) in pieces for code in self.measures)
        )

    def told_groups(self) -> Flags:
        """Return the rows of every group of which anything was told, (g, n)."""
        keys = {piece.segment for one in self.told for piece in one.pieces}
        groups = [one.rows for one in self.segments if one.key in keys]
        return np.array(groups, dtype=np.bool_).reshape(-1, self.n)


@dataclass(frozen=True, slots=True, eq=False)
class Microdata:
    """What is told of every row.

    Attributes
    ----------
    attributes : tuple of Attribute
        Those that still tell something.
    classes : (n,) int
        Rows alike in all of them.
    least, diverse : int
        Rows in the smallest class, and different answers to the most uniform item in
        any class, once everything that can be found is counted in.
    found : int
        Published groups that can be found by adding up rows.
    remarks : tuple of Sentence
        What was joined and left out.
    publication : Publication
        The classes as further pieces, for what is published later.
    """

    attributes: tuple[Attribute, ...]
    classes: Labels
    least: int
    diverse: int
    found: int
    remarks: tuple[Sentence, ...]
    publication: Publication


@dataclass(frozen=True, slots=True, eq=False)
class _Checked:
    """Rows that a coarsening does not protect yet, and why."""

    bad: Flags
    least: int = 0
    diverse: int = 0
    found: int = 0
    reason: Sentence | None = None


def coarsened(
    wanted: Wanted,
    rules: MicrodataRules = MicrodataRules(),
) -> Microdata:
    """Decide how coarse the rows of a wave leave.

    Starting with everything that the release shows, what protects the most rows for
    what it costs is joined, until every rule holds.

    Raises
    ------
    NoMicrodata
        No coarsening is enough.
    """
    shown = wanted.shown()
    _require_release(wanted, rules, shown)
    every = frozenset(one.key for one in wanted.segments)
    attributes = list(attributes_of(wanted.segments, shown if rules.shown else every))
    check = _Check(wanted, rules, shown)
    while True:
        classes = classes_of(attributes, wanted.n)
        found = check.cheaply(classes)
        publication = Publication((), ())
        if not found.bad.any():
            found, publication = check.audited(classes, found)
        if not found.bad.any():
            break
        steps = _steps(attributes, classes, found.bad, check)
        if not steps:
            raise NoMicrodata(found.reason or say("microdata_hidden"))
        place, coarser = max(steps, key=lambda one: one.worth).change
        attributes[place] = coarser
    kept = tuple(one for one in attributes if one.tells)
    return Microdata(
        attributes=kept,
        classes=classes,
        least=found.least,
        diverse=found.diverse,
        found=found.found,
        remarks=tuple(_remarks(wanted, attributes, found, shown)),
        publication=publication,
    )


def classes_of(attributes: Sequence[Attribute], n: int) -> Labels:
    """Return the class of each row: which rows are alike in every attribute, (n,)."""
    classes = np.zeros(n, dtype=np.int64)
    for one in attributes:
        classes = _crossed(classes, one.codes)
    return classes


def _crossed(first: Labels, second: Labels) -> Labels:
    joint = first * (int(second.max(initial=0)) + 1) + second
    labels: Labels = np.unique(joint, return_inverse=True)[1].astype(np.int64)
    return labels


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
    attributes: Sequence[Attribute], classes: Labels, bad: Flags, check: "_Check"
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


class _Check:
    """Asks of a coarsening whether every rule holds."""

    def __init__(
        self, wanted: Wanted, rules: MicrodataRules, shown: frozenset[str]
    ) -> None:
        self.wanted, self.rules = wanted, rules
        self.told = wanted.told_groups()
        measures = list(wanted.measures.values())
        self.crowd = Crowd(measures)
        self.scores = np.column_stack([one.values for one in measures])
        open_groups = {
            one.rows.tobytes() for one in wanted.segments if one.key in shown
        }
        self.hidden = [
            one.rows
            for one in wanted.segments
            if one.key not in shown
            and one.rows.any()
            and one.rows.tobytes() not in open_groups
        ]

    def cheaply(self, classes: Labels) -> _Checked:
        """Check everything but the attack on totals."""
        refined, found = classes, 0
        if self.rules.matched:
            findable = self.told[self.crowd.findable(self.told, classes)]
            refined = _crossed(classes, atoms_of(findable)[0])
            found = len(findable)
        sizes = np.bincount(refined)
        diverse = self._diversity(refined)
        small = (sizes < self.rules.least)[refined] & self.rules.crowded
        alike = (diverse < DIVERSE)[refined] & self.rules.diverse
        hidden = self._hidden(classes)
        return _Checked(
            bad=small | alike | hidden,
            least=int(sizes.min()),
            diverse=int(diverse.min()),
            found=found,
            reason=self._reason(small, alike, hidden),
        )

    def _reason(self, small: Flags, alike: Flags, hidden: Flags) -> Sentence | None:
        if small.any():
            needed = self.rules.least
            return say("microdata_crossed", rows=int(small.sum()), needed=needed)
        if alike.any():
            return say("microdata_alike", rows=int(alike.sum()))
        return say("microdata_hidden") if hidden.any() else None

    def _diversity(self, classes: Labels) -> Labels:
        """Return the fewest different answers to any item in each class: 1 or 2.

        An item that nobody in a class has answered tells nothing of anybody there.
        """
        order = np.argsort(classes, kind="stable")
        starts = np.flatnonzero(np.diff(classes[order], prepend=-1))
        answers = self.wanted.answers[order]
        top = np.iinfo(np.int16).max
        lowest = np.minimum.reduceat(np.where(answers < 0, top, answers), starts)
        highest = np.maximum.reduceat(np.where(answers < 0, -1, answers), starts)
        scores = self.scores[order]
        low, high = np.fmin.reduceat(scores, starts), np.fmax.reduceat(scores, starts)
        same = (lowest == highest).any(axis=1) | (high - low < 1e-9).any(axis=1)
        return np.where(same, 1, DIVERSE).astype(np.int64)

    def _hidden(self, classes: Labels) -> Flags:
        """Return the rows of hidden groups that classes make up."""
        bad = np.zeros(len(classes), dtype=np.bool_)
        if self.rules.hidden:
            sizes = np.bincount(classes)
            for rows in self.hidden:
                inside = np.bincount(classes[rows], minlength=len(sizes))
                if ((inside == 0) | (inside == sizes)).all():
                    bad |= rows
        return bad

    def audited(self, classes: Labels, found: _Checked) -> tuple[_Checked, Publication]:
        """Attack the totals of all classes together with everything published."""
        if not self.rules.audited:
            return found, Publication((), ())
        members = [_class(label, classes == label) for label in np.unique(classes)]
        decision = decide(
            members,
            self.wanted.measures,
            rules=Rules(least=self.rules.least),
            earlier=self.wanted.told,
        )
        bad = np.zeros(len(classes), dtype=np.bool_)
        for one in members:
            if set(decision.verdict(one.key).shown) != set(self.wanted.measures):
                bad |= one.rows
        if not decision.trail.passed:
            bad[:] = True
        if not bad.any():
            return found, decision.publication
        reason = say("microdata_attacked", rows=int(bad.sum()))
        return _Checked(bad=bad, reason=reason), decision.publication


def _class(label: int, rows: Flags) -> Members:
    key = f"class:{label}"
    return Members(key, "unit", Text.same(key), EVERYONE, 1, None, None, rows)


def _remarks(
    wanted: Wanted,
    attributes: Sequence[Attribute],
    found: _Checked,
    shown: frozenset[str],
) -> list[Sentence]:
    """Say what was joined, what is not told at all, and what holds therefore."""
    told = [say("microdata_checked", least=found.least, n=wanted.n)]
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
