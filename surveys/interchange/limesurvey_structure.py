"""A LimeSurvey survey as values: between its XML, its table and a questionnaire."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from surveys.definition.parse_scales import MOST_ITEMS
from surveys.interchange.findings import ImportRefused

# From a language as LimeSurvey names it to a text, HTML as it stands there.
Said = dict[str, str]
# Questions, those that cannot be asked here included; and parts of one question.
MOST_QUESTIONS = 2_000
MOST_PARTS = 500
# The attributes in which this product keeps what LimeSurvey has no place for. They lie
# on questions (the first of the survey, the first of each group), because these are
# what LimeSurvey keeps and exports again.
OWN_SURVEY = "trustsurvey_questionnaire"
OWN_GROUP = "trustsurvey_scale"
OWN_QUESTION = "trustsurvey_item"
CODES = {"en": "en", "zh-hans": "zh-Hans"}


@dataclass(slots=True)
class Part:
    """A sub-question or an answer of `scale` 0 or 1."""

    code: str
    scale: str = "0"
    texts: Said = field(default_factory=dict)
    order: int = 0
    relevance: str = ""


@dataclass(slots=True)
class Asked:
    """A question; `attributes` by name and language (empty: for all).

    `has_help` says whether there is a help text in any language.
    """

    title: str
    kind: str
    where: str
    texts: Said = field(default_factory=dict)
    relevance: str = ""
    other: bool = False
    has_help: bool = False
    order: int = 0
    attributes: dict[str, Said] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    answers: list[Part] = field(default_factory=list)

    def attribute(self, name: str) -> str:
        """Value for all languages, or of the first that has one."""
        values = self.attributes.get(name, {})
        return values.get("") or next((v for v in values.values() if v), "")


@dataclass(slots=True)
class Group:
    """Questions on a page; `names` and `descriptions` by language.

    `shuffled` names the set of groups whose order is random, where there is one.
    """

    names: Said = field(default_factory=dict)
    descriptions: Said = field(default_factory=dict)
    relevance: str = ""
    shuffled: str = ""
    order: int = 0
    questions: list[Asked] = field(default_factory=list)


@dataclass(slots=True)
class Structure:
    """A survey, a group or a question; `bases` are the base languages it names.

    `greets` says whether there is a welcome or closing text in any language.
    """

    bases: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    titles: Said = field(default_factory=dict)
    descriptions: Said = field(default_factory=dict)
    greets: bool = False
    groups: list[Group] = field(default_factory=list)

    @property
    def questions(self) -> Iterable[Asked]:
        return (question for group in self.groups for question in group.questions)


def refuse_more(number: int, most: int) -> None:
    """Stop reading a survey that is far beyond what can be asked.

    Raises
    ------
    ImportRefused
        `number` is above `most`.
    """
    if number > most:
        raise ImportRefused("too_many", {"number": number, "most": MOST_ITEMS})
