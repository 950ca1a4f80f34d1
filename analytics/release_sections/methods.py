"""Section “Methods”: how the numbers were made, what was promised, what is hidden."""

from dataclasses import dataclass
from typing import Final

from analytics.audit_part import AuditPart
from analytics.method_table import MethodTable
from analytics.release_sections.parts import Facts, Parts
from analytics.sentences import label
from analytics.shown import Shown, shown
from analytics.tables import Cell, Column, Table

DIGITS: Final = 2
SOURCES: Final = ("t", "alpha", "htmt", "icc", "rwg", "invariance", "rate")


@dataclass(frozen=True, slots=True)
class MethodsSection:
    """Everything of the section, in words of one language."""

    title: str
    words: dict[str, str]
    settings: Shown
    promise: str
    promise_digest: str
    rules: tuple[str, ...]
    audit: tuple[str, ...]
    sources: tuple[str, ...]


def methods_section(
    parts: Parts, language: str, *, drawn: bool = False
) -> MethodsSection:
    """Return the section; it draws nothing, so `drawn` changes nothing."""
    facts = parts.facts
    promise = facts.promise
    return MethodsSection(
        title=label("release_methods", language),
        words=_words(language),
        settings=shown(_settings(parts, language)),
        promise="" if promise is None else promise.in_language(language),
        promise_digest=_digest(facts, language),
        rules=rules(facts, language),
        audit=() if parts.audit is None else audit_lines(parts.audit, language),
        sources=tuple(label(f"release_source_{code}", language) for code in SOURCES),
    )


def rules(facts: Facts, language: str) -> tuple[str, ...]:
    """Return the rules of disclosure in words, with the numbers of this wave."""
    least = facts.thresholds
    if not least:
        codes = ("release_rule_frozen", "release_rule_open", "release_rule_compare")
        return tuple(label(code, language) for code in codes)
    scores = least["least_for_scores"]
    return (
        label("release_rule_frozen", language),
        label(
            "release_rule_scores",
            language,
            least=scores,
            comments=least["least_for_comments"],
            sensitive=least["least_for_sensitive"],
        ),
        label("release_rule_complement", language, most=scores - 1),
        label("release_rule_alike", language),
        label("release_rule_counts", language),
        label("release_rule_compare", language),
    )


def audit_lines(audit: AuditPart, language: str) -> tuple[str, ...]:
    """Return how the release was attacked, and what was hidden therefore."""
    size = {
        "systems": audit.systems,
        "pieces": audit.figures,
        "programs": audit.programs,
        "rounds": audit.rounds,
    }
    count, least = audit.groups, audit.least
    return (
        label("release_audit_size", language, **size),
        label("release_audit_hidden", language, count=count, least=least)
        if count
        else label("release_audit_nothing", language, least=least),
        label(
            "release_audit_passed" if audit.exhaustive else "release_audit_searched",
            language,
        ),
    )


def _settings(parts: Parts, language: str) -> Table:
    """Return what identifies the release, then the settings of its report."""
    facts = parts.facts
    number = label("release_number_of", language, number=facts.number, wave=facts.wave)
    rows: list[tuple[Cell, ...]] = [
        (Cell(label("release_number", language)), Cell(number)),
        (Cell(label("release_wave_closed", language)), Cell(facts.date)),
        (
            Cell(label("release_mode", language)),
            Cell(label(f"release_mode_{facts.mode}", language)),
        ),
    ]
    if parts.report is not None:
        known = MethodTable(parts.report, language, DIGITS).methods()
        named = {label(f"setting_{code}", language) for code in ("software", "digest")}
        rows += [row for row in known.rows if row[0].text not in named]
    software = ", ".join(f"{name} {one}" for name, one in facts.software.items())
    for code, value in (("software", software), ("digest", facts.input_sha256)):
        if value:
            rows.append((Cell(label(f"setting_{code}", language)), Cell(value)))
    columns = (Column(label("setting", language)), Column(label("value", language)))
    return Table(label("release_methods_settings", language), columns, tuple(rows))


def _digest(facts: Facts, language: str) -> str:
    if not facts.digest:
        return ""
    return label("release_promise_digest", language, digest=facts.digest)


def _words(language: str) -> dict[str, str]:
    codes = ("methods_settings", "promise", "rules", "audit", "sources")
    return {code: label(f"release_{code}", language) for code in codes}
