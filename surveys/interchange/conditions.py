"""Conditions of other products: ``${B1} = '1' or ${B1} = '2'`` and the like."""

import re
from collections.abc import Sequence

from surveys.interchange.raw import Condition

_LONGEST = 2_000
_TERM = re.compile(
    r"selected\(\s*\$\{\s*(?P<chosen>[^{}\s]+)\s*\}\s*,\s*['\"](?P<option>[^'\"]*)['\"]\s*\)"
    r"|\$\{\s*(?P<name>[^{}\s]+)\s*\}\s*==?\s*['\"]?(?P<value>[^'\"\s()]+)['\"]?",
)
_LIME_TERM = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9_]*)(?:\.(?:NAOK|value|shown|valueNAOK))?"
    r"\s*(?:==|\beq\b)\s*['\"]?(?P<value>[A-Za-z0-9_.-]+)['\"]?"
)
_OR = re.compile(r"\s+or\s+|\s*\|\|\s*", re.IGNORECASE)
_AT_LEAST = re.compile(r"\.\s*(>=|>)\s*(-?[0-9]{1,9})\b")
_AT_MOST = re.compile(r"\.\s*(<=|<)\s*(-?[0-9]{1,9})\b")
_LENGTH = re.compile(r"string-length\(\s*\.\s*\)\s*(<=|<)\s*([0-9]{1,6})\b")


def from_xpath(written: str) -> Condition | None:
    """Condition of an XLSForm; None where it is not one question's answers."""
    return _read(written, _TERM)


def from_expression(written: str) -> Condition | None:
    """Condition of LimeSurvey; None where it is not one question's answers."""
    return _read(written, _LIME_TERM)


def to_xpath(name: str, codes: Sequence[int]) -> str:
    return " or ".join(f"${{{name}}} = '{code}'" for code in codes)


def to_expression(name: str, codes: Sequence[int]) -> str:
    return " or ".join(f'{name}.NAOK == "{code}"' for code in codes)


def limits_of(constraint: str) -> tuple[int | None, int | None]:
    """Least and greatest whole number that an XLSForm's constraint allows."""
    least, most = _AT_LEAST.search(constraint), _AT_MOST.search(constraint)
    low = None if least is None else int(least[2]) + (least[1] == ">")
    high = None if most is None else int(most[2]) - (most[1] == "<")
    return low, high


def longest_of(constraint: str) -> int | None:
    """Greatest length of a text that an XLSForm's constraint allows."""
    found = _LENGTH.search(constraint)
    return None if found is None else int(found[2]) - (found[1] == "<")


def _read(written: str, term: re.Pattern[str]) -> Condition | None:
    text = _unwrapped(written[: _LONGEST + 1].strip())
    if not text or len(text) > _LONGEST:
        return None
    names: set[str] = set()
    options: list[str] = []
    for part in _OR.split(text):
        found = term.fullmatch(_unwrapped(part.strip()))
        if found is None:
            return None
        groups = found.groupdict()
        names.add(groups.get("chosen") or groups["name"])
        option = groups.get("option") or groups["value"]
        if option is None:
            return None
        if option not in options:
            options.append(option)
    return Condition(names.pop(), options) if len(names) == 1 else None


def _unwrapped(text: str) -> str:
    """Without brackets around the whole of it."""
    while text.startswith("(") and text.endswith(")") and _closes_last(text):
        text = text[1:-1].strip()
    return text


def _closes_last(text: str) -> bool:
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(text) - 1
    return False
