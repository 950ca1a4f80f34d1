"""How far coders agreed on the tags of comments, tag by tag. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics import thresholds
from analytics.answers import attempt
from analytics.plan import Text
from analytics.psychometrics import Matrix, cohen_kappa, krippendorff_alpha
from analytics.results import Absent, Result

# comment -> the tags that one coder gave to it; a comment not in it was not coded
Codings = Mapping[str, frozenset[str]]
Verdict = Literal["reliable", "tentative", "unreliable", "few", "undefined"]


@dataclass(frozen=True, slots=True)
class TagAgreement:
    """Agreement on one tag: given or not given, over what two or more coded.

    `kappa` is null unless there were exactly two coders; `used` counts the comments to
    which any coder gave the tag.
    """

    tag: str
    name: Text
    used: int
    alpha: Result
    kappa: Result | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """`comments` were coded by at least two of the `coders`."""

    coders: int
    comments: int
    tags: tuple[TagAgreement, ...]


def agreement_of(
    tags: Sequence[tuple[str, Text]], coders: Sequence[Codings], *, seed: int
) -> Agreement:
    """Compare coders who did not know of each other's work.

    Every comment that a coder has decided about is coded 1 or 0 for every tag.
    """
    every = sorted({comment for codings in coders for comment in codings})
    both = sum(sum(one in codings for codings in coders) >= 2 for one in every)
    return Agreement(
        coders=len(coders),
        comments=both,
        tags=tuple(
            _on_tag(tag, name, every, coders, np.random.default_rng([seed, place]))
            for place, (tag, name) in enumerate(tags)
        ),
    )


def _on_tag(
    tag: str,
    name: Text,
    every: Sequence[str],
    coders: Sequence[Codings],
    rng: np.random.Generator,
) -> TagAgreement:
    codes = _codes(tag, every, coders)
    return TagAgreement(
        tag=tag,
        name=name,
        used=int((codes == 1).any(axis=1).sum()),
        alpha=attempt(lambda: krippendorff_alpha(codes, rng=rng)),
        kappa=(
            attempt(lambda: cohen_kappa(codes, rng=rng)) if len(coders) == 2 else None
        ),
    )


def _codes(tag: str, every: Sequence[str], coders: Sequence[Codings]) -> Matrix:
    """Return (comments, coders): 1 given, 0 not given, NaN not coded."""
    codes = np.full((len(every), len(coders)), np.nan)
    for column, codings in enumerate(coders):
        for row, comment in enumerate(every):
            if comment in codings:
                codes[row, column] = tag in codings[comment]
    return codes


def verdict(alpha: Result) -> Verdict:
    """Read alpha by Krippendorff's guides, by the lower end of its interval."""
    if isinstance(alpha, Absent):
        return "undefined"
    if alpha.low is None:
        return "few"
    if alpha.low >= thresholds.CODING_RELIABLE:
        return "reliable"
    return "tentative" if alpha.low >= thresholds.CODING_TENTATIVE else "unreliable"
