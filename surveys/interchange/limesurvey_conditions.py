"""Conditions of LimeSurvey as expressions that name questions by their codes."""

import re
from collections.abc import Iterable, Mapping

# ``survey X group X question``, a sub-question's code behind it
_BY_NUMBERS = re.compile(r"\b[0-9]{1,10}X[0-9]{1,10}X(?P<rest>[0-9][A-Za-z0-9_]{0,50})")
_DIGITS = re.compile(r"[0-9]+")
_LONGEST = 10_000


def with_titles(expression: str, titles: Mapping[str, str]) -> str:
    """`expression` with codes of questions where old surveys have numbers.

    `titles` leads from the number of a question to its code. A number that is none
    stays as it is.
    """

    def title(found: re.Match[str]) -> str:
        rest = found["rest"]
        digits = _DIGITS.match(rest)
        # the code of a sub-question may begin with a digit: the longest number wins
        for length in range(digits.end() if digits else 0, 0, -1):
            if rest[:length] in titles:
                part = rest[length:].lstrip("_")
                name = titles[rest[:length]]
                return f"{name}_{part}" if part else name
        return found[0]

    return _BY_NUMBERS.sub(title, expression[:_LONGEST])


def expressions_of(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Expression by number of the question shown, of rows of the table ``conditions``.

    There conditions on one field are joined by "or", several fields of a scenario by
    "and", scenarios by "or". Old surveys have nothing else; later ones hold the
    expression too.
    """
    shown: dict[str, dict[str, dict[str, list[str]]]] = {}
    for row in rows:
        field = row.get("cfieldname", "").lstrip("+")
        method = row.get("method", "").strip() or "=="
        term = f'{field}.NAOK {method} "{row.get("value", "").strip()}"'
        scenarios = shown.setdefault(row.get("qid", ""), {})
        fields = scenarios.setdefault(row.get("scenario", ""), {})
        fields.setdefault(field, []).append(term)
    return {
        qid: " or ".join(_joined(fields) for fields in scenarios.values())
        for qid, scenarios in shown.items()
    }


def _joined(fields: Mapping[str, list[str]]) -> str:
    alternatives = [" or ".join(terms) for terms in fields.values()]
    if len(alternatives) == 1:
        return alternatives[0]
    return " and ".join(f"({terms})" for terms in alternatives)
