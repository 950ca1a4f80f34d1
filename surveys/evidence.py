"""What is known about a questionnaire: kinds of lines, and the ladder they climb.

The ladder E0 to E5 is computed from the lines of one version in one language and is
stored nowhere. Nobody knows it by heart, so every level has its meaning in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LEVELS: Mapping[str, str | Promise] = {
    "E0": gettext_lazy("theory-mapped draft, not validated"),
    "E1": gettext_lazy("content judged by experts, not yet tested on answers"),
    "E2": gettext_lazy("understood in interviews and tried in a pilot"),
    "E3": gettext_lazy("structure examined in one language"),
    "E4": gettext_lazy("cross-validated and comparable across languages"),
    "E5": gettext_lazy("predicts outcomes, with described norms"),
}

# kind of a line -> its source of evidence in the Standards (AERA, APA & NCME, 2014).
# Norms are no source; they place a score among others and have a section of their own.
KINDS: Final[Mapping[str, str]] = {
    "content": "content",
    "interviews": "response processes",
    "pilot": "response processes",
    "reliability": "internal structure",
    "structure": "internal structure",
    "invariance": "internal structure",
    "relation": "relations to other variables",
    "norms": "relations to other variables",
}
STUDY: Final = "study"  # not computed here; it may belong to any source

FEWEST_EXPERTS: Final = 6
LEAST_I_CVI: Final = 0.78
LEAST_S_CVI: Final = 0.90
FEWEST_INTERVIEWS: Final = 30
FEWEST_PILOT: Final = 150
FEWEST_STRUCTURE: Final = 300
LEAST_RELIABILITY: Final = 0.70
FEWEST_A_LANGUAGE: Final = 200
COMPARABLE: Final = frozenset({"scalar", "partial_scalar"})
PREDICTING: Final = frozenset({"lagged", "behavioural"})


class Line(Protocol):
    """What the ladder reads of an `EvidenceLine`.

    Its `figures` are by kind:

    content: experts, least_i_cvi, s_cvi_ave · interviews, pilot, study: n ·
    structure: n, cfi, tli, rmsea, srmr, scales · reliability: n, alpha, omega, of
    `scale` · invariance: verdict, n (by language), scales · relation: design, r · norms.

    `sample` says with `part` whether the whole questionnaire was asked, and with
    `independent` that its people gave no other sample of this dossier.
    """

    @property
    def language(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def scale(self) -> str: ...
    @property
    def figures(self) -> Any: ...
    @property
    def sample(self) -> Any: ...
    @property
    def wave_id(self) -> Any: ...
    @property
    def withdrawn_at(self) -> Any: ...


class Version(Protocol):
    """What is needed of a `QuestionnaireVersion`, to find its lines."""

    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a rung: how far it is, and what it takes.

    `has` is None where nothing is documented; `code` names the condition.
    """

    code: str
    has: float | None
    needs: float
    met: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder. `met`: its own lines are there, whatever stands below."""

    level: str
    requirements: tuple[Requirement, ...]

    @property
    def met(self) -> bool:
        return all(one.met for one in self.requirements)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of one version in one language.

    Attributes
    ----------
    level : str
        The highest rung whose own lines are there; E4 stands on E3, and E5 on E4.
    undocumented : tuple of str
        Rungs below it without their lines. They do not lower it, and they are said.
    """

    language: str
    level: str
    rungs: tuple[Rung, ...]

    @property
    def undocumented(self) -> tuple[str, ...]:
        return tuple(
            rung.level
            for rung in self.rungs
            if rung.level < self.level and not rung.met
        )


def in_words(level: str) -> str:
    """Return the level with its meaning, in the language of the reader."""
    return f"{level} · {LEVELS[level]}"


def ladder(lines: Iterable[Line], language: str) -> Ladder:
    """Climb as far as the standing lines of one version carry in `language`.

    Lines of other languages count for nothing here, those of no language only where
    the languages are compared. Lines are taken in order of their release: of one
    sample the newest of a kind counts.
    """
    standing = [line for line in lines if line.withdrawn_at is None]
    own = [line for line in standing if line.language == language]
    samples = _samples(own)
    rungs = (
        Rung("E1", _judged(own)),
        Rung("E2", _tried(own)),
        Rung("E3", _examined(samples)),
        Rung("E4", _compared(samples, standing)),
        Rung("E5", _predicts(own)),
    )
    return Ladder(language, _level(rungs), rungs)


def level_of(version: Version, lines: Iterable[Line], language: str) -> str:
    """Level of a version in one language; lines of other versions are left out."""
    return ladder([line for line in lines if _is_about(line, version)], language).level


def levels_of(
    version: Version, lines: Iterable[Line], languages: Iterable[str]
) -> dict[str, str]:
    """Level of a version in each of its languages."""
    own = [line for line in lines if _is_about(line, version)]
    return {language: ladder(own, language).level for language in languages}


def badge(levels: Mapping[str, str]) -> str:
    """Say the levels in the reader's language: once where they agree, else each."""
    if len(set(levels.values())) == 1:
        return in_words(next(iter(levels.values())))
    names = {"en": _("English"), "zh-hans": _("Chinese")}
    return " · ".join(names[one] + _(": ") + level for one, level in levels.items())


def _is_about(line: Any, version: Version) -> bool:
    return (
        line.questionnaire_code,
        line.questionnaire_version,
        line.questionnaire_digest,
    ) == (version.code, version.version, version.digest)


def _level(rungs: Sequence[Rung]) -> str:
    met = {rung.level for rung in rungs if rung.met}
    if "E3" not in met:
        met.discard("E4")
    if "E4" not in met:
        met.discard("E5")
    return max(met, default="E0")


def _judged(own: Sequence[Line]) -> tuple[Requirement, ...]:
    """Content validity of one round of experts: the round that comes furthest."""
    rounds = [
        (
            _at_least("experts", line.figures.get("experts"), FEWEST_EXPERTS),
            _at_least("i_cvi", line.figures.get("least_i_cvi"), LEAST_I_CVI),
            _at_least("s_cvi", line.figures.get("s_cvi_ave"), LEAST_S_CVI),
        )
        for line in own
        if line.kind == "content"
    ]
    nothing = (
        _at_least("experts", None, FEWEST_EXPERTS),
        _at_least("i_cvi", None, LEAST_I_CVI),
        _at_least("s_cvi", None, LEAST_S_CVI),
    )
    return _furthest(rounds, nothing)


def _tried(own: Sequence[Line]) -> tuple[Requirement, ...]:
    interviews = [line.figures["n"] for line in own if line.kind == "interviews"]
    pilots = [
        line.figures["n"]
        for line in own
        if line.kind == STUDY or (line.kind == "pilot" and _is_whole(line))
    ]
    return (
        _at_least("interviews", sum(interviews) or None, FEWEST_INTERVIEWS),
        _at_least("pilot", max(pilots, default=None), FEWEST_PILOT),
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    """What one wave says about the structure of the whole questionnaire."""

    requirements: tuple[Requirement, ...]
    independent: bool

    @property
    def qualifies(self) -> bool:
        return all(one.met for one in self.requirements)


def _samples(own: Sequence[Line]) -> list[_Sample]:
    computed = [line for line in own if line.wave_id is not None and _is_whole(line)]
    computed.sort(key=lambda line: str(line.wave_id))
    found = []
    for _wave, group in groupby(computed, key=lambda line: str(line.wave_id)):
        lines = list(group)
        structures = [line for line in lines if line.kind == "structure"]
        if structures:
            reliable = {
                line.scale: line for line in lines if line.kind == "reliability"
            }
            found.append(_sample(structures[-1], reliable))
    return found


def _sample(structure: Line, reliable: Mapping[str, Line]) -> _Sample:
    figures = structure.figures
    scales = figures.get("scales", [])
    lowest = [_reliability(reliable.get(scale)) for scale in scales]
    known = [value for value in lowest if value is not None]
    every = len(known) == len(scales) and bool(known)
    requirements = (
        _at_least("answers", figures.get("n"), FEWEST_STRUCTURE),
        Requirement("fit", figures.get("cfi"), 0.95, is_acceptable(figures)),
        _at_least("reliability", min(known) if every else None, LEAST_RELIABILITY),
    )
    return _Sample(requirements, bool(structure.sample.get("independent")))


def is_acceptable(figures: Mapping[str, Any]) -> bool:
    """Whether a factor model fits by COSMIN: one of its three criteria is enough.

    CFI or TLI above .95, or RMSEA below .06, or SRMR below .08 (Prinsen et al., 2018,
    doi:10.1007/s11136-018-1798-3, table 1).
    """
    cfi, tli = figures.get("cfi"), figures.get("tli")
    rmsea, srmr = figures.get("rmsea"), figures.get("srmr")
    return any(
        (
            cfi is not None and cfi > 0.95,
            tli is not None and tli > 0.95,
            rmsea is not None and rmsea < 0.06,
            srmr is not None and srmr < 0.08,
        )
    )


def _reliability(line: Line | None) -> float | None:
    """Return alpha or omega, whichever is larger; None where there is neither."""
    if line is None:
        return None
    found = [line.figures.get("alpha"), line.figures.get("omega")]
    return max((value for value in found if value is not None), default=None)


def _examined(samples: Sequence[_Sample]) -> tuple[Requirement, ...]:
    nothing = (
        _at_least("answers", None, FEWEST_STRUCTURE),
        Requirement("fit", None, 0.95, met=False),
        _at_least("reliability", None, LEAST_RELIABILITY),
    )
    return _furthest([one.requirements for one in samples], nothing)


def _compared(
    samples: Sequence[_Sample], standing: Sequence[Line]
) -> tuple[Requirement, ...]:
    good = [one for one in samples if one.qualifies]
    # samples that may share people are one sample
    independent = max(sum(one.independent for one in good), 1 if good else 0)
    tests = [line for line in standing if line.kind == "invariance" and _is_whole(line)]
    sizes = [
        min(line.figures["n"].values())
        for line in tests
        if line.figures.get("verdict") in COMPARABLE and line.figures.get("n")
    ]
    return (
        _at_least("samples", independent or None, 2),
        _at_least("invariance", max(sizes, default=None), FEWEST_A_LANGUAGE),
    )


def _predicts(own: Sequence[Line]) -> tuple[Requirement, ...]:
    criteria = [
        line
        for line in own
        if line.kind == "relation" and line.figures.get("design") in PREDICTING
    ]
    norms = [line for line in own if line.kind == "norms"]
    return (
        _at_least("criterion", len(criteria) or None, 1),
        _at_least("norms", len(norms) or None, 1),
    )


def _is_whole(line: Line) -> bool:
    return bool(line.sample.get("part") == "whole")


def _at_least(code: str, has: float | None, needs: float) -> Requirement:
    return Requirement(code, has, needs, has is not None and has >= needs)


def _furthest(
    found: Sequence[tuple[Requirement, ...]], nothing: tuple[Requirement, ...]
) -> tuple[Requirement, ...]:
    """Return the candidate that meets most; of equal ones the newest."""
    return max(
        reversed(found),
        key=lambda each: sum(one.met for one in each),
        default=nothing,
    )
