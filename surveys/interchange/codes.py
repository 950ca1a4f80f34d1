"""Names of other people's files to codes of this product, without doubles."""

import re

from surveys.definition.reader import CODE
from surveys.interchange.raw import Raw

_LONGEST = 16
_SHOWN = 5


class Codes:
    """Codes given so far; notes what was rewritten."""

    def __init__(self, raw: Raw, letter: str) -> None:
        self._raw = raw
        self._letter = letter
        self._rewritten: list[str] = []
        self.given: dict[str, str] = {}
        self._used: set[str] = set()

    @property
    def count(self) -> int:
        return len(self._used)

    def give(self, name: str, where: str) -> str:
        """Code for the question `name`; a second one of that name gets another."""
        wanted = as_code(name, self._letter)
        code = free(wanted, self._used)
        self._used.add(code)
        if code != wanted:
            self._raw.note("duplicate_code", where, code=wanted, new=code)
        elif code != name:
            self._rewritten.append(f"{name} → {code}")
        self.given.setdefault(name, code)
        return code

    def close(self) -> None:
        """Note all rewritten names in one finding."""
        if self._rewritten:
            examples = ", ".join(self._rewritten[:_SHOWN])
            self._raw.note(
                "codes_changed", "", number=len(self._rewritten), examples=examples
            )


def as_code(name: str, letter: str) -> str:
    """`name` in capitals, digits and single hyphens, at most 16 characters."""
    if len(name) <= _LONGEST and CODE.fullmatch(name):
        return name
    parts = re.findall(r"[A-Z0-9]+", name.upper())
    code = "-".join(parts)
    if not code or not code[0].isalpha():
        code = f"{letter}{code}"
    return code[:_LONGEST].rstrip("-")


def free(wanted: str, used: set[str]) -> str:
    """`wanted`, or with a number behind it where it is used."""
    if wanted not in used:
        return wanted
    number = 2
    while True:
        tail = f"-{number}"
        candidate = f"{wanted[: _LONGEST - len(tail)].rstrip('-')}{tail}"
        if candidate not in used:
            return candidate
        number += 1
