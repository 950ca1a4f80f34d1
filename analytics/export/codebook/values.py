"""What a codebook holds: the study, its scales, every variable with what it counts.

Both languages stand side by side; each writer takes the one it needs. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analytics.export.dataset import Variable
from analytics.plan import Text
from analytics.release_parts import Count
from analytics.sentences import Sentence

Kind = Literal["reflective", "formative", "checklist", ""]


@dataclass(frozen=True, slots=True)
class Promised:
    """What respondents of some waves were promised, and the digest it is frozen under."""

    waves: tuple[int, ...]
    text: Text
    digest: str


@dataclass(frozen=True, slots=True)
class About:
    """What neither the rows nor the forms know about a study.

    Attributes
    ----------
    organization : str
        Whose study it is; empty where that is not told.
    sample : str
        Who answered, where and when, in the owner's words.
    invited : mapping of int -> int
        People asked, by number of the wave; a wave is absent where nobody knows.
    """

    organization: str = ""
    sample: str = ""
    simulated: bool = False
    promises: tuple[Promised, ...] = ()
    invited: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InstrumentTold:
    """A questionnaire that was asked.

    Attributes
    ----------
    evidence : str
        E0 to E5; says nothing where `source` names a published scale.
    source : str
        Citation of the published scale whose wording was asked; else empty.
    checked : bool
        Whether that citation was read in a source; else it is from memory.
    modified : bool
        Whether the published wording was changed.
    """

    code: str
    version: int
    name: Text
    licence: str
    evidence: str
    digest: str
    source: str = ""
    checked: bool = True
    modified: bool = False


@dataclass(frozen=True, slots=True)
class WaveTold:
    """A wave: when, how many, and what it asked."""

    number: int
    opened: str
    closed: str | None
    rows: int
    invited: int | None
    form_digest: str
    instruments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """What stands before the variables.

    Attributes
    ----------
    id : str
        Of the survey.
    mode : str
        anonymous, confidential, identified or open.
    referents : tuple of Text
        Whom the trust is in, the first first.
    facts : mapping of str
        Software versions, digest of the input, seed and what else the data set says.
    """

    id: str
    title: Text
    about: About
    mode: str
    referents: tuple[Text, ...]
    rows: int
    waves: tuple[WaveTold, ...]
    instruments: tuple[InstrumentTold, ...]
    notes: tuple[Sentence, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ScaleTold:
    """Variables that belong to one dimension, and the variable that is their score."""

    code: str
    name: Text
    model: Kind
    items: tuple[str, ...]
    scores: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a code occurs; `n` is None where that is not told."""

    code: int
    label: Text | None
    n: int | None
    missing: bool


@dataclass(frozen=True, slots=True)
class Statistics:
    """What one variable holds.

    Attributes
    ----------
    valid : Count
        Rows with a valid value, as a band below 20.
    missing : int or None
        Rows without; None where `valid` is a band.
    mean, sd : float or None
        Of the valid values, unweighted; the divisor of `sd` is n - 1.
    withheld : Sentence or None
        Why less is told than there is.
    """

    valid: Count
    missing: int | None
    frequencies: tuple[Frequency, ...] = ()
    mean: float | None = None
    sd: float | None = None
    withheld: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable of the codebook.

    Attributes
    ----------
    question : Text or None
        As respondents read it; None where nobody was asked.
    said : tuple of Sentence
        How it was computed, when it was asked, under which code in which wave.
    """

    variable: Variable
    question: Text | None
    statistics: Statistics
    said: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """Everything somebody needs to use a data set without asking."""

    study: Study
    scales: tuple[ScaleTold, ...]
    entries: tuple[Entry, ...]
