"""Section “Comments”: how many there are, their tags, and how far coders agree.

The texts themselves are read on a page of their own (analytics/comment_views.py).
"""

from dataclasses import dataclass

from analytics import thresholds
from analytics.coding_agreement import Agreement, TagAgreement, verdict
from analytics.comment_part import CommentsPart
from analytics.psychometrics.coding import FEWEST_UNITS_FOR_AN_INTERVAL as UNITS
from analytics.readings import Tone
from analytics.release_sections.beside import Tagged
from analytics.release_sections.parts import Parts
from analytics.results import Absent, Result
from analytics.sentences import label
from analytics.shown import Shown, shown
from analytics.tables import NOTHING, Cell, Column, Table

TONES: dict[str, Tone] = {
    "reliable": "good",
    "tentative": "watch",
    "unreliable": "stop",
    "few": "watch",
    "undefined": "watch",
}


@dataclass(frozen=True, slots=True)
class CommentsSection:
    """Everything of the section, in words of one language.

    `missing` says why there is nothing to read; then the rest is empty.
    """

    title: str
    missing: str
    rules: tuple[str, ...]
    questions: Shown | None
    tags: Shown | None
    agreement: Shown | None
    words: dict[str, str]

    @property
    def readable(self) -> bool:
        return not self.missing


def comments_section(
    parts: Parts, language: str, *, drawn: bool = False
) -> CommentsSection:
    """Return the section; it draws nothing, so `drawn` changes nothing."""
    part = parts.comments
    missing = missing_of(part, language)
    tagged = parts.beside.tagged if not missing else None
    agreement = tagged.agreement if tagged is not None else None
    return CommentsSection(
        title=label("comments", language),
        missing=missing,
        rules=() if missing else rules(parts, language),
        questions=shown(questions_table(part, language)) if part is not None else None,
        tags=None if tagged is None else shown(tags_table(tagged, language)),
        agreement=(
            None if agreement is None else shown(agreement_table(agreement, language))
        ),
        words={
            code: label(code, language)
            for code in ("comments_by_question", "tags", "coding_agreement")
        },
    )


def missing_of(part: CommentsPart | None, language: str) -> str:
    """Say why no comment can be read, or nothing."""
    if part is None:
        return label("comments_not_published", language)
    if not part.questions:
        return label("comments_not_asked", language)
    if part.shown:
        return ""
    # every question is hidden; the first says it for all
    reason = part.questions[0].reason
    return reason.text(language) if reason is not None else ""


def rules(parts: Parts, language: str) -> tuple[str, ...]:
    hidden = parts.beside.hidden
    said = [label("comments_rule", language), label("comments_words", language)]
    if hidden:
        said.append(label("comments_hidden", language, count=hidden))
    return tuple(said)


def questions_table(part: CommentsPart, language: str) -> Table:
    """Return how many comments each question got, or why they are not shown."""
    notes = dict.fromkeys(
        one.reason.text(language) for one in part.questions if one.reason is not None
    )
    return Table(
        label("comments_by_question", language),
        (
            Column(label("comments_question", language)),
            Column(label("comments_count", language), numeric=True),
        ),
        tuple(
            (
                Cell(one.text.in_language(language)),
                Cell(NOTHING if one.count is None else str(one.count)),
            )
            for one in part.questions
        ),
        tuple(notes),
    )


def count_in_words(count: int, language: str) -> str:
    """Return the number of comments with a tag, from five on."""
    least = thresholds.TAG_COUNT
    if 0 < count < least:
        return label("tag_fewer", language, least=least)
    return str(count)


def tags_table(tagged: Tagged, language: str) -> Table:
    """Return the tags with the numbers of their comments."""
    waits = tagged.whose == "wait"
    note = f"tags_{tagged.whose}" if tagged.counts or waits else "tags_none"
    return Table(
        label("tags", language),
        (
            Column(label("tag", language)),
            Column(label("tag_count", language), numeric=True),
        ),
        tuple(
            (
                Cell(name.in_language(language)),
                Cell(NOTHING if waits else count_in_words(count, language)),
            )
            for name, count in tagged.counts
        ),
        (label(note, language),),
    )


def agreement_table(found: Agreement, language: str) -> Table:
    """Return alpha with its interval, kappa and a reading for every tag."""
    rows = tuple(_agreement_row(one, language) for one in found.tags)
    columns = ("coding_alpha", "coding_interval", "coding_kappa")
    return Table(
        label("coding_agreement", language),
        (
            Column(label("tag", language)),
            *(Column(label(code, language), numeric=True) for code in columns),
            Column(label("coding_reading", language)),
        ),
        rows,
        tuple(dict.fromkeys(_agreement_notes(found, language))),
    )


def _agreement_row(one: TagAgreement, language: str) -> tuple[Cell, ...]:
    read = verdict(one.alpha)
    return (
        Cell(one.name.in_language(language)),
        Cell(_number(one.alpha)),
        Cell(_interval(one.alpha)),
        Cell(NOTHING if one.kappa is None else _number(one.kappa)),
        Cell(label(f"coding_{read}", language), TONES[read], chip=True),
    )


def _number(found: Result) -> str:
    if isinstance(found, Absent):
        return NOTHING
    return f"{found.estimate:.2f}".replace("-", "\u2212")


def _interval(found: Result) -> str:
    if isinstance(found, Absent) or found.low is None or found.high is None:
        return NOTHING
    ends = f"{found.low:.2f} – {found.high:.2f}"
    return ends.replace("-", "\u2212")


def _agreement_notes(found: Agreement, language: str) -> list[str]:
    notes = [
        label("coding_rule", language, coders=found.coders, comments=found.comments)
    ]
    if found.comments < UNITS:
        notes.append(label("coding_few_units", language, needs=UNITS))
    for one in found.tags:
        name = one.name.in_language(language)
        if isinstance(one.alpha, Absent):
            notes.append(f"{name}: {one.alpha.reason.text(language)}")
        elif one.alpha.low is None and found.comments >= UNITS:
            notes.append(label("coding_rare", language, tag=name))
    return notes
