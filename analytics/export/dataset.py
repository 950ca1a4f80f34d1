"""What a data set holds: variables that explain themselves, and rows in blocks.

Every writer (CSV, XLSX, SPSS, Stata, Parquet, JSON lines), the codebook and the bundle
read these values alone. Pure: no Django, no tables.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.plan import Text
from analytics.sentences import Sentence

Kind = Literal["whole", "number", "text"]
Measure = Literal["nominal", "ordinal", "scale"]
Role = Literal[
    "record",  # number of the row, wave, version of the form, language
    "segment",  # unit, cell or answer to a question that results are told by
    "raw",  # an answer as it was given
    "keyed",  # the same, turned round where the item is keyed against its scale
    "item_score",  # the same without codes for missing answers
    "scale_score",  # mean of the keyed items of a scale
    "weight",
    "criterion",  # something known from elsewhere, such as a repurchase
    "paradata",
]
Column = NDArray[Any]  # int16/int32 of whole, float64 of number, object of text


@dataclass(frozen=True, slots=True)
class Label:
    """What a code stands for."""

    value: int
    text: Text


@dataclass(frozen=True, slots=True)
class Variable:
    """One column.

    Attributes
    ----------
    name : str
        ASCII letters, digits and underscores, begins with a letter, unlike every other
        name also when case is ignored; not yet shortened for a format.
    label : Text
        The question as asked, or what the column says.
    kind : str
        ``whole`` (every row has a code), ``number`` (NaN where there is none), ``text``
        (None where there is none).
    measure : str
        Level of measurement.
    values : tuple of Label
        Valid codes with a meaning; empty for counts and numbers.
    missing : tuple of Label
        Codes of answers that are not there: -1 skipped, -2 not applicable, -3 not shown.
    low, high : float or None
        Ends of what it can be.
    item, scale : str or None
        Codes in the form, such as ``TBE.T1`` and ``TBE.T``.
    reverse : bool
        Keyed against its scale: the keyed value is low + high - answer.
    items : tuple of str
        Names of the variables a score is made of.
    note : Text or None
        How it was made, what to mind.
    """

    name: str
    label: Text
    kind: Kind
    measure: Measure
    role: Role
    values: tuple[Label, ...] = ()
    missing: tuple[Label, ...] = ()
    low: float | None = None
    high: float | None = None
    item: str | None = None
    scale: str | None = None
    reverse: bool = False
    items: tuple[str, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class WaveIn:
    """A wave that rows come from: its place in time and which version it asked.

    `lineage` says for each variable that was asked under another code then: name of the
    variable -> code in that wave. `absent` are variables that were not asked.
    """

    number: int
    opened: str
    closed: str | None
    rows: int
    form_digest: str
    instruments: tuple[str, ...]
    lineage: dict[str, str]
    absent: tuple[str, ...]


class Facts(Mapping[str, str]):
    """Facts that are found out when one is asked for: a fingerprint reads every row."""

    def __init__(self, find: Callable[[], Mapping[str, str]]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> Mapping[str, str]:
        return self._find()

    def __getitem__(self, key: str) -> str:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True, slots=True)
class DataSet:
    """Rows of one or several waves of a survey, and all that explains them.

    Attributes
    ----------
    rows : int
        How many rows `blocks` yields in all.
    blocks : callable
        Each call reads anew: columns in the order of `variables`, all of equal length.
    notes : tuple of Sentence
        What whoever uses the data must know: coarsened, shuffled, rows left out.
    facts : mapping of str
        Mode, digest of the promise, software versions, input_sha256, seed, licence. Of
        stored answers they may only be found out where these can be read.
    """

    title: Text
    survey: str
    variables: tuple[Variable, ...]
    waves: tuple[WaveIn, ...]
    rows: int
    blocks: Callable[[], Iterator[tuple[Column, ...]]]
    notes: tuple[Sentence, ...]
    facts: Mapping[str, str]

    def column(self, name: str) -> Column:
        """Return one whole column; for tests and small sets."""
        place = [one.name for one in self.variables].index(name)
        parts = [block[place] for block in self.blocks()]
        return np.concatenate(parts) if parts else np.zeros(0)
