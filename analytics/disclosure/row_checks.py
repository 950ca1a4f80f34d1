"""Whether a coarsening of rows keeps every rule, and which rows it does not protect."""

from dataclasses import dataclass

import numpy as np

from analytics.disclosure.deciding import decide
from analytics.disclosure.matching import SPARE_BITS, Crowd
from analytics.disclosure.recoding import crossed
from analytics.disclosure.row_values import DIVERSE, MicrodataRules, Wanted
from analytics.disclosure.systems import Flags, Labels, atoms_of
from analytics.disclosure.values import Publication, Rules
from analytics.plan import Text
from analytics.release_parts import EVERYONE, Members
from analytics.sentences import Sentence, say


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """Rows that a coarsening does not protect yet, and why."""

    bad: Flags
    least: int = 0
    diverse: int = 0
    found: int = 0
    reason: Sentence | None = None


class Check:
    """Asks of a coarsening whether every rule holds."""

    def __init__(
        self, wanted: Wanted, rules: MicrodataRules, shown: frozenset[str]
    ) -> None:
        self.wanted, self.rules, self.shown = wanted, rules, shown
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

    def hiding(self, classes: Labels) -> float:
        """Return how well published groups are hidden among the rows, in bits."""
        spare = self.crowd.spare(self.told, classes)
        return float(np.minimum(spare, SPARE_BITS).sum())

    def cheaply(self, classes: Labels) -> Checked:
        """Check everything but the attack on totals."""
        refined, found = classes, 0
        if self.rules.matched:
            findable = self.told[self.crowd.findable(self.told, classes)]
            refined = crossed(classes, atoms_of(findable)[0])
            found = len(findable)
        sizes = np.bincount(refined)
        diverse = self._diversity(refined)
        small = (sizes < self.rules.least)[refined] & self.rules.crowded
        alike = (diverse < DIVERSE)[refined] & self.rules.diverse
        hidden = self._hidden(classes)
        return Checked(
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

    def audited(self, classes: Labels, found: Checked) -> tuple[Checked, Publication]:
        """Attack the totals of all classes together with everything published."""
        if not self.rules.audited:
            return found, Publication((), ())
        members = [_class(label, classes == label) for label in np.unique(classes)]
        decision = decide(
            members,
            self.wanted.measures,
            rules=Rules(least=self.rules.least),
            earlier=self.wanted.told_of_scales(),
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
        return Checked(bad=bad, reason=reason), decision.publication


def _class(label: int, rows: Flags) -> Members:
    key = f"class:{label}"
    return Members(key, "unit", Text.same(key), EVERYONE, 1, None, None, rows)
