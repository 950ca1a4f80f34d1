"""Decide what may be told, attack it, hide what an attack used, and begin again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.disclosure import systems
from analytics.disclosure.attacking import Leak, Memory, Target, attacked
from analytics.disclosure.systems import Flags
from analytics.disclosure.values import (
    AuditReport,
    Bound,
    Decision,
    DifferentAnswers,
    Finding,
    Measure,
    Piece,
    Publication,
    Rules,
    System,
    Verdict,
)
from analytics.release_parts import Members
from analytics.sentences import Sentence, say

_FIRST = {"everyone": 0, "unit": 1, "language": 2, "question": 3}
_REASONS = {"alike": "hidden_alike", "bounded": "hidden_bounded"}


def decide(
    segments: Sequence[Members],
    measures: Mapping[str, Measure],
    *,
    rules: Rules,
    earlier: Sequence[Publication] = (),
) -> Decision:
    """Decide what may be told of each segment on each measure.

    `earlier` are publications over the same rows: earlier releases of the wave, or the
    waves that a pooled result contains, `placed` among its rows.

    Raises
    ------
    DifferentAnswers
        A measure or an earlier publication has another number of rows.
    """
    own = _matrix(segments)
    _check(own, measures, earlier)
    memory: Memory = {}
    states = {}
    for code, measure in measures.items():
        target = _target(code, measure, own, rules, earlier)
        states[code] = _decided(_State(target, segments, memory), rules)
    return Decision(
        verdicts={
            one.key: _verdict(row, one, own, states, rules)
            for row, one in enumerate(segments)
        },
        publication=_publication(segments, own, states),
        trail=_report(list(states.values()), own, rules),
        rules=rules,
    )


def audit(
    decision: Decision,
    segments: Sequence[Members],
    measures: Mapping[str, Measure],
    *,
    earlier: Sequence[Publication] = (),
) -> AuditReport:
    """Attack afresh, with all rules, what a decision would publish; hides nothing.

    Raises
    ------
    DifferentAnswers
        A measure or an earlier publication has another number of rows.
    """
    own = _matrix(segments)
    _check(own, measures, earlier)
    rules = Rules(least=decision.rules.least)
    memory: Memory = {}
    states = []
    for code, measure in measures.items():
        target = _target(code, measure, own, rules, earlier)
        state = _State(target, segments, memory)
        for row, segment in enumerate(segments):
            verdict = decision.verdict(segment.key)
            if code in verdict.shown:
                state.shown.append(row)
            elif code in verdict.bounds:
                state.bounds[row] = verdict.bounds[code]
        leaks = state.attack(rules)
        state.findings = [state.finding(leak, None) for leak in leaks]
        state.has_passed = not leaks
        states.append(state)
    return _report(states, own, rules)


@dataclass(slots=True)
class _State:
    """One measure while it is being decided."""

    target: Target
    segments: Sequence[Members]
    memory: Memory
    shown: list[int] = field(default_factory=list)
    bounds: dict[int, Bound] = field(default_factory=dict)
    reasons: dict[int, Sentence] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    rounds: int = 1
    size: System | None = None
    has_passed: bool = True

    @property
    def earlier(self) -> list[int]:
        return list(range(self.target.n_own, len(self.target.groups)))

    def attack(self, rules: Rules) -> tuple[Leak, ...]:
        pieces = [*self.shown, *self.earlier]
        leaks, self.size = attacked(
            self.target, pieces, self.bounds, rules, self.memory
        )
        return leaks

    def finding(self, leak: Leak, hidden: int | None) -> Finding:
        names = sorted(
            self.segments[piece].key if piece < self.target.n_own else "*"
            for piece in leak.pieces
        )
        key = None if hidden is None else self.segments[hidden].key
        code = self.target.code
        return Finding(self.rounds, code, leak.attack, leak.people, tuple(names), key)


def _decided(state: _State, rules: Rules) -> _State:
    _apply_threshold(state, rules)
    if rules.complement:
        _apply_complement(state)
    if rules.unanimity:
        _apply_unanimity(state)
    while leaks := state.attack(rules):
        if not _hide(state, leaks):
            state.has_passed = False
            break
        state.rounds += 1
    return state


def _apply_threshold(state: _State, rules: Rules) -> None:
    target = state.target
    needed = target.least if rules.threshold else 1
    for row in range(target.n_own):
        if target.counts[row] >= needed:
            state.shown.append(row)
        else:
            state.reasons[row] = say("hidden_few_scored", needed=target.least)


def _apply_complement(state: _State) -> None:
    """Accept groups one by one: everyone, units, languages, questions, large first."""
    target = state.target
    counts = target.counts
    shared = systems.common(target.atoms, target.people)

    def rank(row: int) -> tuple[int, int]:
        return _FIRST[state.segments[row].kind], -int(counts[row])

    accepted = state.earlier
    for row in sorted(state.shown, key=rank):
        others = np.array(accepted, dtype=np.int64)
        nested = shared[row, others] == np.minimum(counts[row], counts[others])
        rest = np.abs(counts[row] - counts[others])
        against = others[nested & (rest > 0) & (rest < target.least)]
        if not len(against):
            accepted.append(row)
            continue
        was_told = bool((against >= target.n_own).any())
        code = "hidden_earlier" if was_told else "hidden_complement"
        state.reasons[row] = say(code, needed=target.least)
        other = int(against[0])
        people = int(abs(counts[row] - counts[other]))
        leak = Leak("complement", people, (row, other))
        state.findings.append(state.finding(leak, row))
    state.shown = sorted(row for row in accepted if row < target.n_own)


def _apply_unanimity(state: _State) -> None:
    for row in list(state.shown):
        bound = state.target.bound(row)
        if bound is not None:
            state.shown.remove(row)
            state.bounds[row] = bound
            state.reasons[row] = say("told_as_bound")


def _hide(state: _State, leaks: Sequence[Leak]) -> bool:
    """Hide the smallest piece of each leak that nothing hidden has closed yet.

    Returns whether anything could be hidden; what was published earlier cannot.
    """
    counts = state.target.counts
    hidden: set[int] = set()
    for leak in sorted(leaks, key=lambda one: len(one.pieces)):
        if hidden & set(leak.pieces):
            continue
        own = [piece for piece in leak.pieces if piece in state.shown]
        if not own:
            continue
        smallest = min(own, key=lambda piece: (counts[piece], -piece))
        hidden.add(smallest)
        state.shown.remove(smallest)
        state.findings.append(state.finding(leak, smallest))
        was_told = any(piece >= state.target.n_own for piece in leak.pieces)
        common = "hidden_earlier" if was_told else "hidden_neighbour"
        code = _REASONS.get(leak.attack, common)
        state.reasons[smallest] = say(code, needed=state.target.least)
    return bool(hidden)


def _matrix(segments: Sequence[Members]) -> Flags:
    """Return the members of all segments, (s, n) bool."""
    return np.array([one.rows for one in segments], dtype=np.bool_)


def _check(
    own: Flags, measures: Mapping[str, Measure], earlier: Sequence[Publication]
) -> None:
    n = own.shape[1]
    for code, measure in measures.items():
        if measure.values.shape != (n,):
            raise DifferentAnswers(
                f"The segments lie over {n} answers and {code} over "
                f"{len(measure.values)}; give both the rows of the same wave."
            )
    for one in earlier:
        if len(one.labels) != n:
            raise DifferentAnswers(
                f"An earlier publication lies over {len(one.labels)} answers and this "
                f"one over {n}; answers that were published must not come or go. "
                "Nothing can be published of them again."
            )


def _target(
    code: str,
    measure: Measure,
    own: Flags,
    rules: Rules,
    earlier: Sequence[Publication],
) -> Target:
    before = [
        publication.rows(piece)
        for publication in earlier
        if (rules.pooled if publication.pooled else rules.earlier)
        for piece in publication.pieces
        if piece.measure == code and not piece.is_bound
    ]
    n = own.shape[1]
    stacked = np.array(before, dtype=np.bool_).reshape(len(before), n)
    return Target.of(code, measure, own, np.unique(stacked, axis=0), rules)


def _verdict(
    row: int,
    segment: Members,
    own: Flags,
    states: Mapping[str, _State],
    rules: Rules,
) -> Verdict:
    answered = int(own[row].sum())
    if rules.threshold and answered < rules.least:
        few = say("hidden_few", needed=rules.least)
        return Verdict("nothing", answered, few, (), {}, dict.fromkeys(states, few))
    shown = tuple(code for code, one in states.items() if row in one.shown)
    bounds = {c: one.bounds[row] for c, one in states.items() if row in one.bounds}
    reasons = {c: one.reasons[row] for c, one in states.items() if row in one.reasons}
    if shown or bounds:
        return Verdict("scores", answered, None, shown, bounds, reasons)
    reason = next(iter(reasons.values()), say("hidden_few", needed=rules.least))
    return Verdict("band", answered, reason, (), {}, reasons)


def _publication(
    segments: Sequence[Members], own: Flags, states: Mapping[str, _State]
) -> Publication:
    scored = [~np.isnan(one.target.measure.values) for one in states.values()]
    labels, columns = systems.atoms_of(np.vstack((own, *scored)))
    pieces = []
    for place, (code, state) in enumerate(states.items()):
        has = columns[len(own) + place]
        for row in sorted([*state.shown, *state.bounds]):
            parts = np.flatnonzero(columns[row] & has).tolist()
            is_bound = row in state.bounds
            pieces.append(Piece(segments[row].key, code, tuple(parts), is_bound))
    return Publication(tuple(labels.tolist()), tuple(pieces))


def _report(states: Sequence[_State], own: Flags, rules: Rules) -> AuditReport:
    return AuditReport(
        passed=all(one.has_passed for one in states),
        least=rules.least,
        answers=own.shape[1],
        rounds=max((one.rounds for one in states), default=0),
        systems=tuple(one.size for one in states if one.size is not None),
        findings=tuple(finding for one in states for finding in one.findings),
    )
