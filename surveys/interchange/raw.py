"""What a file says before it is made into a questionnaire: sections of questions."""

from dataclasses import dataclass, field
from typing import Any

from surveys.definition.parse_scales import MOST_ITEMS
from surveys.definition.questionnaire import AnswerKind
from surveys.interchange.findings import Finding, ImportRefused

MOST_FINDINGS = 2_000

# From a language (``en``, ``zh-hans``) to a wording as it stands in the file.
Wordings = dict[str, str]


@dataclass(slots=True)
class Option:
    """An answer to choose: its name in the file, and its label."""

    name: str
    labels: Wordings


@dataclass(slots=True)
class Condition:
    """The question named `question` was answered with one of the options named."""

    question: str
    options: list[str]


@dataclass(slots=True)
class Question:
    """A question of the file.

    Attributes
    ----------
    name : str
        As in the file.
    where : str
        Its place, as `Finding.where`.
    kind : str or None
        ``rating`` and ``choice`` where the file says so; options and None where it
        does not; None without options where the file says nothing of the answers.
    options : list of Option
        Without "not applicable".
    options_name : str
        Name of the list of options, where it has one.
    condition_text : str
        The condition as written, which `condition` is None for when it is not
        understood.
    extra : dict
        What this product wrote beside it: keys of an item in the YAML.
    """

    name: str
    where: str
    texts: Wordings
    kind: AnswerKind | None = None
    options: list[Option] = field(default_factory=list)
    options_name: str = ""
    not_applicable: bool = False
    low: int | None = None
    high: int | None = None
    unit: Wordings = field(default_factory=dict)
    longest: int | None = None
    condition: Condition | None = None
    condition_text: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Section:
    """Questions under one heading; `extra` are keys of a scale in the YAML."""

    name: str
    where: str
    names: Wordings
    descriptions: Wordings = field(default_factory=dict)
    condition: Condition | None = None
    condition_text: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)


@dataclass(slots=True)
class Raw:
    """A whole file; `extra` are keys of a questionnaire in the YAML.

    `is_html` says whether the texts are HTML by their format, `literal` that this
    product wrote them and none is.
    """

    name: str
    names: Wordings
    descriptions: Wordings = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    noted: set[tuple[object, ...]] = field(default_factory=set)
    is_html: bool = False
    literal: bool = False

    def note(self, code: str, where: str = "", /, **params: object) -> None:
        """Add a finding once; a file with too many is no questionnaire."""
        mark = (code, where, *params.items())
        if mark not in self.noted:
            self.noted.add(mark)
            self.findings.append(Finding(code, where, params))
        if len(self.findings) > MOST_FINDINGS:
            limits = {"number": MOST_FINDINGS, "most": MOST_ITEMS}
            raise ImportRefused("too_many", limits)
