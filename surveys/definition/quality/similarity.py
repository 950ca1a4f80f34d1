"""Near-identical wordings, found without comparing every pair.

Two wordings are as alike as their sets of short character runs overlap (Jaccard): runs
of three characters in English, of two in Chinese. For a similarity of at least t, two
sets of sizes a >= b share at least t * a runs, so they share one of the rarest
(1 - t) * a + 1 runs of each; only those are looked up (Bayardo, Ma and Srikant 2007),
and of those no more than the bounds below.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from surveys.definition.quality.asked import Asked
from surveys.definition.quality.findings import Finding, Severity

# Measured: no two of the first hundred items of the library reach .3 in English or .15
# in Chinese; one word exchanged for another leaves .5 to .8 and .33 to .7.
ALIKE = {"en": 0.5, "zh-hans": 0.4}
LIKE_LICENSED = {"en": 0.6, "zh-hans": 0.5}
NEARLY_THE_SAME = 0.85
# What keeps the cost linear: under how many runs a wording is held, how many wordings
# are held under one run, and how many of those that share most runs are compared in
# full. These bounds can lose a pair; measured on the shipped items, each with a copy in
# which a word was exchanged, they lost none of 628 against a comparison of every pair.
MOST_RUNS = 16
MOST_POSTINGS = 16
MOST_COMPARED = 4

_PART = re.compile(r"[^\W_]+")
_SLOT = re.compile(r"\{\w+\}")
_RUN = {"en": 3, "zh-hans": 2}
# Whom a published item trusts, where ours have a slot.
_ENGLISH_REFERENT = re.compile(
    r"\b(?:this|that|the|my|our|their|a|an)\s+(?:top |senior |team |direct )?"
    r"(?:company|firm|organi[sz]ation|brand|employer|salesperson|supplier|vendor"
    r"|retailer|store|shop|website|manager|management|supervisor|leader|boss"
    r"|co-?workers?|colleagues?|partner|service|app)\b",
    re.IGNORECASE,
)
_CHINESE_REFERENT = re.compile(
    "(?:我的|我们的|该|这家|这个|这位|本)?(?:直属领导|直接上级|管理层|销售人员|供应商|项目伙伴"
    "|企业|公司|品牌|组织|领导|上级|主管|经理|同事|商家|网站|平台)"
)


@dataclass(frozen=True, slots=True)
class LicensedWording:
    """One item of a published scale that somebody loaded under its licence.

    Attributes
    ----------
    code, language, text : str
        The item.
    record : str
        Name or code of the scale's record in the catalogue.
    """

    code: str
    language: str
    text: str
    record: str


def runs(text: str, language: str) -> frozenset[str]:
    """Character runs of `text` without its referent, case and punctuation."""
    bare = _SLOT.sub(" ", text)
    referent = _ENGLISH_REFERENT if language == "en" else _CHINESE_REFERENT
    bare = referent.sub(" ", bare).casefold()
    parts = _PART.findall(bare)
    joined = f" {' '.join(parts)} " if language == "en" else "".join(parts)
    length = _RUN[language]
    if len(joined) <= length:
        return frozenset([joined]) if joined.strip() else frozenset()
    return frozenset(joined[i : i + length] for i in range(len(joined) - length + 1))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard: runs shared, of all runs of both; 0 for wordings without a letter."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


@dataclass(slots=True)
class Index:
    """Wordings by their rarest runs.

    Attributes
    ----------
    frequency : Counter of str
        In how many wordings a run stands, counted over all that will be asked about.
    floor : float
        Least similarity that is found.
    """

    frequency: Counter[str]
    floor: float
    held: list[frozenset[str]] = field(default_factory=list)
    postings: dict[str, list[int]] = field(default_factory=dict)

    def rarest(self, wording: frozenset[str]) -> Sequence[str]:
        """The runs of `wording` under which it is held and sought, the rarest first."""
        # the small constant keeps math.ceil(0.6 * 5) at 3
        needed = math.ceil(self.floor * len(wording) - 1e-9)
        # by name first, so that equally rare runs have one order in every wording
        ordered = sorted(sorted(wording), key=self.frequency.__getitem__)
        return ordered[: min(len(wording) - needed + 1, MOST_RUNS)]

    def add(self, wording: frozenset[str], rarest: Iterable[str]) -> None:
        """Hold `wording` under the next number, from 0."""
        number = len(self.held)
        self.held.append(wording)
        for run in rarest:
            numbers = self.postings.setdefault(run, [])
            if len(numbers) < MOST_POSTINGS:
                numbers.append(number)

    def closest(
        self, wording: frozenset[str], rarest: Iterable[str]
    ) -> tuple[int, float] | None:
        """Number and similarity of the held wording most like `wording`, or None."""
        shared = Counter(
            chain.from_iterable(self.postings.get(run, ()) for run in rarest)
        )
        best: tuple[int, float] | None = None
        for number, _ in shared.most_common(MOST_COMPARED):
            found = similarity(wording, self.held[number])
            if found >= self.floor and (best is None or found > best[1]):
                best = number, found
        return best


def _frequency(wordings: Iterable[frozenset[str]]) -> Counter[str]:
    return Counter(run for wording in wordings for run in wording)


def check_alike(asked: Sequence[Asked], language: str) -> Iterator[Finding]:
    """Items worded like an earlier one of the same questionnaire.

    Of several earlier ones the closest is named. Scales with different referents of
    their own may ask the same of each: such scales are not compared.
    """
    by_referent: dict[str | None, list[Asked]] = defaultdict(list)
    for wording in _first_wordings(asked, language):
        by_referent[wording.scale.referent].append(wording)
    for chosen in by_referent.values():
        sets = [runs(wording.text, language) for wording in chosen]
        index = Index(_frequency(sets), ALIKE[language])
        for wording, found in zip(chosen, sets, strict=True):
            rarest = index.rarest(found)
            near = index.closest(found, rarest)
            index.add(found, rarest)
            if near:
                yield _alike(wording, chosen[near[0]], near[1])


def _first_wordings(asked: Sequence[Asked], language: str) -> list[Asked]:
    """Of each item the wording of the default form."""
    first: dict[str, Asked] = {}
    for wording in asked:
        if wording.language == language:
            first.setdefault(wording.item.code, wording)
    return list(first.values())


def _alike(wording: Asked, other: Asked, found: float) -> Finding:
    rule = "near_identical" if found < 1 else "same_wording"
    severity: Severity = "must" if found >= NEARLY_THE_SAME else "should"
    params = {"other": other.item.code, "percent": int(100 * found)}
    return Finding(rule, severity, wording.item.code, wording.language, params)


def check_licensed(
    asked: Sequence[Asked], licensed: Sequence[LicensedWording], language: str
) -> Iterator[Finding]:
    """Items worded like an item that is protected."""
    loaded = [wording for wording in licensed if wording.language == language]
    if not loaded:
        return
    chosen = [wording for wording in asked if wording.language == language]
    protected = [runs(wording.text, language) for wording in loaded]
    ours = [runs(wording.text, language) for wording in chosen]
    index = Index(_frequency([*protected, *ours]), LIKE_LICENSED[language])
    for found in protected:
        index.add(found, index.rarest(found))
    for wording, found in zip(chosen, ours, strict=True):
        if near := index.closest(found, index.rarest(found)):
            other = loaded[near[0]]
            yield Finding(
                "like_licensed",
                "must",
                wording.item.code,
                language,
                {
                    "other": other.code,
                    "record": other.record,
                    "percent": int(100 * near[1]),
                },
            )
