"""What is to be analysed: the one description from which a report is built.

A researcher's specification file and a survey's form both become an `AnalysisPlan`;
nothing after this point knows which of the two it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Self

from analytics.psychometrics import MissingRule, Rotation

LANGUAGES: Final = ("en", "zh-hans")

Model = Literal["reflective", "formative", "checklist"]
Group = Literal["trust", "outcome", "control"]
CorrelationKind = Literal["pearson", "polychoric"]
Matching = Literal["theta", "rest"]
FactorEstimator = Literal["ML", "MLMV", "MLR", "FIML", "WLSMV"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and in Simplified Chinese."""

    en: str
    zh_hans: str

    @classmethod
    def same(cls, words: str) -> Self:
        """Use one name in both languages, such as the code of a column."""
        return cls(words, words)

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Self:
        """From `{"en": ..., "zh-hans": ...}`; one language stands in for the other."""
        known = [words[language] for language in LANGUAGES if words.get(language)]
        if not known:
            raise ValueError("A text needs words in 'en' or in 'zh-hans'.")
        return cls(words.get("en") or known[0], words.get("zh-hans") or known[0])

    @classmethod
    def from_plain(cls, plain: Mapping[str, str]) -> Self:
        return cls(plain["en"], plain["zh-hans"])

    def in_language(self, language: str) -> str:
        return self.zh_hans if language == "zh-hans" else self.en

    def to_plain(self) -> dict[str, str]:
        return {"en": self.en, "zh-hans": self.zh_hans}


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One item: a column of the data, its range as answered, and its keying."""

    code: str
    text: Text | None
    low: int
    high: int
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class PlanScale:
    """Items that form one score.

    `model` says what may be computed: a reflective scale has reliability and a factor;
    a formative block or a checklist has neither, because its items need not agree.
    """

    code: str
    name: Text
    items: tuple[PlanItem, ...]
    model: Model = "reflective"
    group: Group = "trust"

    @property
    def item_codes(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.items)


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """A column that divides the respondents; `team` where members rate one referent."""

    column: str
    team: bool = False


@dataclass(frozen=True, slots=True)
class PlanInstrument:
    """A questionnaire whose items are analysed, with its evidence level (E0 to E5).

    Attributes
    ----------
    published : str
        ``unchanged`` or ``modified`` for the wording of a published scale; else empty.
    """

    code: str
    name: Text
    evidence: str
    published: str = ""

    @property
    def known(self) -> str:
        """Code of the sentence that says what is known about it."""
        return f"evidence_{self.published or self.evidence}"


@dataclass(frozen=True, slots=True)
class PlanReferent:
    """A further referent, asked about with the same scales, a competitor say.

    Attributes
    ----------
    first, name : Text
        Whom the plan's scales are about, and this referent.
    scales : mapping of a scale's code in the plan -> PlanScale
        The same scale about this referent, for every scale that was asked again.
    """

    first: Text
    name: Text
    scales: Mapping[str, PlanScale]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model text of the researcher's own, and the name of its file."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AnalysisPlan:
    """Scales, outcomes and every setting that changes a number.

    `correlation` is what adequacy and exploratory factors rest on; everything else, the
    factor model included, takes the points. `n_factors` is a number or "parallel" (what
    parallel analysis votes for);
    `where` keeps the rows whose column has one of the listed values. `n_draws` are of
    parallel analysis, `n_resamples` of every bootstrap. `estimator` is of the factor
    model: maximum likelihood (ML); the same with robust errors and chi-square (MLR),
    from all answers where some are missing, too (FIML); or for items as ordered
    categories (WLSMV). `by_rule` where their number of points decided (`border_rule`).
    `own_model` is fitted beside it. `others` were asked about with the same questions.
    `controls` are scored too, propensity to trust say: neither trust nor its outcome.
    `item_response` asks for a graded response model of every scale, and for its items
    between groups; people of equal standing are then equal in its score ("theta") or in
    the mean of the other items ("rest").
    `clusters` and `weights` name the columns of a file with the team of every row, whose
    members answer alike, and with its weight.
    """

    title: Text
    scales: tuple[PlanScale, ...]
    outcomes: tuple[PlanScale, ...] = ()
    missing: MissingRule = "pairwise"
    correlation: CorrelationKind = "pearson"
    n_factors: int | Literal["parallel"] = "parallel"
    rotation: Rotation = "oblimin"
    seed: int = 1
    n_draws: int = 500
    n_resamples: int = 1000
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[PlanGroup, ...] = ()
    instruments: tuple[PlanInstrument, ...] = ()
    simulated: bool = False
    estimator: FactorEstimator = "ML"
    by_rule: bool = False
    own_model: ModelFile | None = None
    others: tuple[PlanReferent, ...] = ()
    controls: tuple[PlanScale, ...] = ()
    item_response: bool = False
    dif_matching: Matching = "theta"
    clusters: str = ""
    weights: str = ""

    @property
    def is_sampled(self) -> bool:
        """Whether people are not independent, or not equally weighted."""
        return bool(self.clusters or self.weights)

    @property
    def constructs(self) -> tuple[PlanScale, ...]:
        """Trust scales, then outcomes."""
        return self.scales + self.outcomes

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Every item in the order of the scales; the order of the data's columns."""
        return tuple(code for scale in self.constructs for code in scale.item_codes)

    @property
    def structure_items(self) -> tuple[str, ...]:
        """Items of the reflective trust scales: what factors are looked for in."""
        reflective = (scale for scale in self.scales if scale.model == "reflective")
        return tuple(code for scale in reflective for code in scale.item_codes)

    def items(self) -> Iterator[PlanItem]:
        for scale in self.constructs:
            yield from scale.items
