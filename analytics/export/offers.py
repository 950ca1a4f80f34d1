"""What may be taken from a survey: by its mode, its waves and what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics.export.formats import FORMATS
from analytics.export.models import Export
from analytics.export.refusals import ExportRefused
from analytics.sentences import Sentence, say
from surveys.models import Survey, Wave

Kind = Export.Kind
# Columns of answers may be chosen for these.
WITH_COLUMNS: Final = frozenset({Kind.DATA})
# What holds no answers, and so needs no wave that shows any.
WITHOUT_ANSWERS: Final = frozenset({Kind.QUESTIONNAIRE})
ONE_WAVE: Final = frozenset({Kind.MICRODATA, Kind.BUNDLE})
# The codebook of what was promised protection tells of its microdata.
ONE_PROMISED: Final = ONE_WAVE | {Kind.CODEBOOK}


class NotOffered(ExportRefused):
    """The survey does not hand this out, or not so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to take away.

    Attributes
    ----------
    kind, format : str
        Of `Export.Kind` and `FORMATS`.
    language : str
        Of the labels.
    waves : tuple of int
        Numbers; empty where the kind needs none.
    raw, keyed, scores : bool
        Which columns; of rows of answers only.
    """

    kind: str
    format: str
    language: str
    waves: tuple[int, ...]
    raw: bool = True
    keyed: bool = True
    scores: bool = True

    def options(self) -> dict[str, bool]:
        """Return the choice of columns, where there is one."""
        if self.kind not in WITH_COLUMNS:
            return {}
        return {"raw": self.raw, "keyed": self.keyed, "scores": self.scores}


def reason_of_mode(survey: Survey) -> Sentence:
    """Say what the mode of a survey allows."""
    return say("export_checked_only" if survey.only_releases else "export_whole")


def refusal_of(kind: str, survey: Survey, waves: Sequence[Wave]) -> Sentence | None:
    """Say why a kind is not offered of a survey; None where it is."""
    if survey.only_releases and kind == Kind.DATA:
        return say("export_promised_rows")
    if survey.only_releases and kind == Kind.COMMENTS:
        return say("export_comments_promised")
    if not survey.only_releases and kind == Kind.MICRODATA:
        return say("export_whole_instead")
    if kind not in WITHOUT_ANSWERS and not any(wave.shows_answers for wave in waves):
        return say("export_nothing_yet")
    return None


def require_offered(survey: Survey, waves: Sequence[Wave], wish: Wish) -> None:
    """Refuse what is not handed out; `waves` are all of the survey's.

    Raises
    ------
    NotOffered
    """
    known = FORMATS.get(wish.format)
    if known is None or wish.kind not in known.writers:
        raise NotOffered(say("export_unknown_format", format=wish.format))
    if (reason := refusal_of(wish.kind, survey, waves)) is not None:
        raise NotOffered(reason)
    if wish.kind in WITH_COLUMNS and not (wish.raw or wish.keyed or wish.scores):
        raise NotOffered(say("export_no_columns"))
    if wish.kind in WITHOUT_ANSWERS:
        return
    seen = {wave.number for wave in waves if wave.shows_answers}
    if not wish.waves:
        raise NotOffered(say("export_nothing_yet"))
    for number in wish.waves:
        if number not in seen:
            raise NotOffered(say("export_not_this_wave", number=number))
    single = ONE_PROMISED if survey.only_releases else ONE_WAVE
    if wish.kind in single and len(wish.waves) > 1:
        raise NotOffered(say("export_one_wave"))
