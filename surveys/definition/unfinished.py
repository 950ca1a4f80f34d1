"""What is still wrong with a draft, each remark at the part it speaks of.

A draft that lacks something cannot be parsed, and the parser stops at the first
mistake. So what is missing is collected first and stood in for; what then breaks a rule
is named and stood in for likewise; and the quality gate judges the rest.
"""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from surveys.definition.draft import Content, document_of, used_formats
from surveys.definition.errors import DefinitionError
from surveys.definition.parse import parse_questionnaire
from surveys.definition.quality import (
    Finding,
    LicensedWording,
    check_questionnaire,
    stale_translations,
)
from surveys.definition.questionnaire import Questionnaire
from surveys.definition.text import Text

# Broken items named at once; after these the first must be put right.
_MOST_BROKEN = 20
_NO_ITEMS = Text(
    "The scale has no items yet; write one, or delete the scale.",
    "该量表还没有题目；请添加题目，或删除该量表。",
)
_NO_SCALES = Text("There is no scale yet; add one.", "还没有量表；请添加。")
_LABEL = re.compile(r"\.(?:labels|options)\[(\d+)\]")
_PATH = re.compile(r"scales\[(\d+)\](?:\.items\[(\d+)\])?")


class Sentence(Protocol):
    def in_(self, language: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about one part.

    Attributes
    ----------
    part : str
        As `draft_edits.Part` writes it, such as ``item.T1`` or ``about``.
    severity : "must" or "should"
        "must" stands in the way of publishing.
    """

    part: str
    severity: Literal["must", "should"]
    sentence: Sentence

    def in_(self, language: str) -> str:
        return self.sentence.in_(language)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said about a draft.

    Attributes
    ----------
    remarks : tuple of Remark
        Faults first found, then those of the quality gate.
    shown : Questionnaire or None
        The draft with something in every blank place, as the quality gate judged it
        and a preview shows it; None where faults of its structure forbid that.
    questionnaire : Questionnaire or None
        What the draft says, where nothing stands in the way.
    """

    remarks: tuple[Remark, ...]
    shown: Questionnaire | None
    questionnaire: Questionnaire | None

    @property
    def faults(self) -> tuple[Remark, ...]:
        return tuple(one for one in self.remarks if one.severity == "must")


def judge(
    content: Content,
    *,
    version: int = 1,
    before: Questionnaire | None = None,
    licensed: Sequence[LicensedWording] = (),
) -> Judgement:
    """Everything there is to say about `content` as version `version`.

    Parameters
    ----------
    before : Questionnaire or None
        The version it was begun from: where one language changed alone, it says so.
    licensed : sequence of LicensedWording
        Items of published scales that it must not copy.
    """
    filled, remarks = _filled(content)
    whole: Questionnaire | None = None
    # without a scale there is nothing to parse, and that was said already
    for _ in range(_MOST_BROKEN if filled["scales"] else 0):
        try:
            whole = parse_questionnaire(document_of(filled, version), source="")
            break
        except DefinitionError as problem:
            part = _part_at(filled, problem.where)
            again = any(one.part == part for one in remarks)
            sentence = DefinitionError(problem.code, params=problem.params)
            remarks.append(Remark(part, "must", sentence))
            if again or not _stand_in(filled, part):
                break
    stood_in = {one.part for one in remarks}
    if whole is not None:
        findings = [*check_questionnaire(whole, licensed=licensed)]
        findings += stale_translations(before, whole) if before is not None else ()
        remarks += _placed(content, whole, findings, stood_in)
    faults = any(one.severity == "must" for one in remarks)
    finished = None if faults else whole
    return Judgement(tuple(remarks), whole, finished)


def _filled(content: Content) -> tuple[Content, list[Remark]]:
    """A copy with something in every blank place, and what was blank."""
    filled = deepcopy(content)
    remarks = []
    for number, (part, text) in enumerate(_texts(filled)):
        missing = [one for one in content["languages"] if not text[one]]
        if not missing:
            continue
        there = next((words for words in text.values() if words), f"… {number}")
        for language in missing:
            remarks.append(Remark(part, "must", Finding("blank", "must", "", language)))
            text[language] = there
    kept = []
    for scale in filled["scales"]:
        if scale["items"]:
            kept.append(scale)
        else:
            part = f"scale.{scale['code']}"
            remarks.append(Remark(part, "must", _NO_ITEMS))
    filled["scales"] = kept
    if not content["scales"]:
        remarks.append(Remark("about", "must", _NO_SCALES))
    return filled, remarks


def _texts(content: Content) -> Iterator[tuple[str, Content]]:
    """Texts that must be there, each with the part it belongs to."""
    yield "about", content["name"]
    for risk in content["known_risks"]:
        yield "about", risk
    used = used_formats(content)
    for format in content["formats"]:
        if format["code"] in used:
            part = f"format.{format['code']}"
            yield from ((part, label) for label in _shown_labels(format))
            if any(format["unit"].values()):
                yield part, format["unit"]
    for form in content["forms"]:
        yield f"form.{form['code']}", form["name"]
        for word in form["words"]:
            yield f"form.{form['code']}", word["text"]
    for scale in content["scales"]:
        yield f"scale.{scale['code']}", scale["name"]
        for item in scale["items"]:
            part = f"item.{item['code']}"
            yield part, item["text"]
            yield from ((part, wording["text"]) for wording in item["texts"])
            if any(item["facet"].values()):
                yield part, item["facet"]


def _shown_labels(format: Content) -> Sequence[Content]:
    labels: Sequence[Content] = format["labels"]
    return labels if format["kind"] in ("rating", "choice") else ()


def _part_at(content: Content, where: str) -> str:
    """Part that a path such as ``scales[0].items[2].text.en`` lies in."""
    if found := _PATH.match(where):
        scale = content["scales"][int(found[1])]
        if found[2] is None:
            return f"scale.{scale['code']}"
        return f"item.{scale['items'][int(found[2])]['code']}"
    for kind in ("format", "form"):
        for one in content[f"{kind}s"]:
            path = f"{kind}s.{one['code']}"
            if where == path or where.startswith(f"{path}."):
                return f"{kind}.{one['code']}"
    return "about"


def _stand_in(content: Content, part: str) -> bool:
    """Put something plain in the place of a broken item; False for other parts."""
    for scale in content["scales"]:
        for item in scale["items"]:
            if part == f"item.{item['code']}":
                plain = f"… {item['code']}"
                item["text"] = {"en": plain, "zh-hans": plain}
                item.update(texts=[], reverse=False, expect=None, show_if=None)
                return True
    return False


def _placed(
    content: Content,
    whole: Questionnaire,
    findings: Sequence[Finding],
    stood_in: set[str],
) -> list[Remark]:
    """Findings of the quality gate, without those about what stands in for a text."""
    items = {item.code for item in whole.items}
    formats = [format["code"] for format in content["formats"]]
    remarks = []
    for finding in findings:
        part = _part_of(finding.where, items, formats)
        if part not in stood_in:
            label = _LABEL.search(finding.where)
            # the rest of the place is where the remark is shown
            here = replace(finding, where=str(int(label[1]) + 1) if label else "")
            remarks.append(Remark(part, finding.severity, here))
    return remarks


def _part_of(where: str, items: set[str], formats: Sequence[str]) -> str:
    for code in formats:
        if where == f"formats.{code}" or where.startswith(f"formats.{code}."):
            return f"format.{code}"
    if where in items:
        return f"item.{where}"
    return f"scale.{where}" if where and "." not in where else "about"
