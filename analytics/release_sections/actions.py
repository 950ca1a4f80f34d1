"""Section “What was agreed”: action notes beside the change of their groups since.

The change is the one that the trend of the release holds; nothing is computed here, and
no sentence says that a note brought it about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics.plan import Text
from analytics.readings import Tone
from analytics.release_parts import SegmentsPart
from analytics.release_sections.beside import Note
from analytics.release_sections.parts import Parts
from analytics.sentences import label
from analytics.sentences.waves import wave_name
from analytics.shown import Shown, shown
from analytics.tables import Cell, Column, Table
from analytics.trend import Shift, TrendPart

TONES: Final[dict[str, Tone]] = {
    "planned": "watch",
    "doing": "watch",
    "done": "good",
    "dropped": "stop",
}


@dataclass(frozen=True, slots=True)
class NoteSaid:
    """One note in words; `facts` are by whom, until when, and beside which wave."""

    id: str
    text: str
    status: str
    tone: Tone
    facts: tuple[str, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """The notes of one group, and its change since; `said` where there is none."""

    name: str
    notes: tuple[NoteSaid, ...]
    title: str
    changes: Shown | None
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionsSection:
    """Everything of the section, in words of one language."""

    title: str
    none: str
    rule: str
    groups: tuple[Agreed, ...]


def actions_section(
    parts: Parts, language: str, *, drawn: bool = False
) -> ActionsSection:
    """Return the section; it draws nothing, so `drawn` changes nothing."""
    by_segment: dict[str, list[Note]] = {}
    for note in parts.beside.notes:
        by_segment.setdefault(note.segment, []).append(note)
    order = _order(parts.segments, by_segment)
    groups = tuple(_agreed(parts, key, by_segment[key], language) for key in order)
    beside = any(group.changes is not None for group in groups)
    return ActionsSection(
        title=label("actions", language),
        none="" if groups else label("actions_none", language),
        rule=label("actions_rule", language) if beside else "",
        groups=groups,
    )


def _order(part: SegmentsPart | None, keys: dict[str, list[Note]]) -> list[str]:
    """Segments in a reader's order; those that this release does not hold come last."""
    known = [] if part is None else [one.key for one in part.segments]
    return sorted(
        keys, key=lambda key: known.index(key) if key in known else len(known)
    )


def _agreed(parts: Parts, key: str, notes: Sequence[Note], language: str) -> Agreed:
    name = notes[0].name
    trend = parts.trend(key)
    earlier = [note for note in notes if note.wave < parts.facts.wave]
    steps = _steps(parts.segments, trend) if earlier else []
    return Agreed(
        name=name.in_language(language),
        notes=tuple(_said(note, language) for note in notes),
        title=label("action_changes", language, wave=parts.facts.wave),
        changes=shown(_table(steps, language)) if steps else None,
        said=_beside(parts, trend, name, earlier, bool(steps), language),
    )


def _said(note: Note, language: str) -> NoteSaid:
    facts = [label("action_wave", language, wave=note.wave)]
    if note.who:
        facts.append(label("action_who", language, who=note.who))
    if note.until:
        facts.append(label("action_until", language, date=note.until))
    return NoteSaid(
        id=note.id,
        text=note.text,
        status=label(f"action_{note.status}", language),
        tone=TONES[note.status],
        facts=tuple(facts),
        may_write=note.may_write,
    )


def _steps(
    part: SegmentsPart | None, trend: TrendPart | None
) -> list[tuple[Text, int, Shift]]:
    """Return scale, the wave compared with, and the change, of what can be compared."""
    if part is None or trend is None:
        return []
    return [
        (part.scales[code], scale.step.since, scale.step.points)
        for code, scale in trend.scales.items()
        if scale.step.since is not None and isinstance(scale.step.points, Shift)
    ]


def _table(steps: Sequence[tuple[Text, int, Shift]], language: str) -> Table:
    return Table(
        label("action_since", language),
        (
            Column(label("construct", language)),
            Column(label("action_since_wave", language), numeric=True),
            Column(label("action_since", language), numeric=True),
            Column(label("coding_reading", language)),
        ),
        tuple(
            (
                Cell(name.in_language(language)),
                Cell(wave_name(since)),
                Cell(change_in_words(found)),
                _reading(found, language),
            )
            for name, since, found in steps
        ),
    )


def change_in_words(found: Shift) -> str:
    """Write a change with its interval: +0.30 [0.10, 0.50]."""
    text = f"{found.estimate:+.2f} [{found.low:.2f}, {found.high:.2f}]"
    return text.replace("-", "\u2212")


def _reading(found: Shift, language: str) -> Cell:
    clear = found.low > 0 or found.high < 0
    code = "action_clear" if clear else "action_unclear"
    return Cell(label(code, language))


def _beside(
    parts: Parts,
    trend: TrendPart | None,
    name: Text,
    earlier: Sequence[Note],
    compared: bool,
    language: str,
) -> tuple[str, ...]:
    """Say why no change stands beside the notes, or that it mixes people."""
    if not earlier:
        return (label("action_first", language),)
    if not compared or trend is None:
        return (label("action_unknown", language, segment=name),)
    return () if trend.mixing is None else (trend.mixing.text(language),)
