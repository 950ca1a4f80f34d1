"""Reads a nested document strictly: every mistake is named with its place."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from surveys.definition.errors import DefinitionError
from surveys.definition.text import LANGUAGES, Text

LONGEST_TEXT = 2000
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
# Of formats, named forms and slots.
NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
LONGEST_CODE = 16


@dataclass(frozen=True, slots=True)
class Reader:
    """A mapping at a known place of a document.

    Attributes
    ----------
    data : mapping
        What stands there.
    where, source : str
        Path inside the document, and the document's name.
    languages : tuple of str
        In which every text has to be there.
    """

    data: Mapping[str, object]
    where: str
    source: str
    languages: tuple[str, ...] = LANGUAGES

    @classmethod
    def at(
        cls,
        value: object,
        allowed: Collection[str],
        *,
        where: str,
        source: str,
        languages: tuple[str, ...] = LANGUAGES,
    ) -> "Reader":
        """Reader of `value`, which must be a mapping with no other than `allowed` keys."""
        if not isinstance(value, Mapping):
            raise _wrong_type("a mapping", "键值对", value, where, source)
        reader = cls(value, where, source, languages)
        for key in value:
            if key not in allowed:
                names = ", ".join(sorted(allowed))
                reader.fail("unknown_key", key=str(key), allowed=names)
        return reader

    def fail(self, code: str, at: str = "", /, **params: object) -> NoReturn:
        """Raise the error `code` at the key `at` of this mapping."""
        raise DefinitionError(
            code, where=self.place(at), source=self.source, params=params
        )

    def place(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where and key else self.where or key

    def get(self, key: str) -> object:
        if key not in self.data:
            self.fail("missing_key", key=key)
        return self.data[key]

    def integer(self, key: str, low: int, high: int) -> int:
        value = self.get(key)
        # bool is a subclass of int, and `version: yes` must not become 1
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._mistyped(key, "a whole number", "整数", value)
        if not low <= value <= high:
            self.fail("out_of_range", key, value=value, low=low, high=high)
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        if default is not None and key not in self.data:
            return default
        value = self.get(key)
        if not isinstance(value, bool):
            raise self._mistyped(key, "true or false", " true 或 false", value)
        return value

    def has(self, key: str) -> bool:
        return key in self.data

    def string(self, key: str) -> str:
        return self._checked(self.get(key), key)

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        value = self.string(key)
        if value not in allowed:
            self.fail("bad_choice", key, value=value, allowed=", ".join(allowed))
        return value

    def code(self, key: str = "code") -> str:
        return self._code(self.get(key), key)

    def codes(self, key: str, *, empty: bool = False) -> tuple[str, ...]:
        values = self.sequence(key, empty=empty)
        found = tuple(
            self._code(value, f"{key}[{index}]") for index, value in enumerate(values)
        )
        self.distinct(key, found)
        return found

    def integers(self, key: str) -> tuple[int, ...]:
        values = self.sequence(key)
        for index, value in enumerate(values):
            if not isinstance(value, int) or isinstance(value, bool):
                place = f"{key}[{index}]"
                raise self._mistyped(place, "a whole number", "整数", value)
        found = tuple(value for value in values if isinstance(value, int))
        self.distinct(key, [str(value) for value in found])
        return found

    def text(self, key: str) -> Text:
        return self._text(self.get(key), key)

    def sequence(self, key: str, *, empty: bool = False) -> Sequence[object]:
        value = self.get(key)
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise self._mistyped(key, "a list", "列表", value)
        if not value and not empty:
            self.fail("empty", key)
        return value

    def strings(self, key: str, *, empty: bool = False) -> tuple[str, ...]:
        values = self.sequence(key, empty=empty)
        found = tuple(
            self._checked(value, f"{key}[{index}]")
            for index, value in enumerate(values)
        )
        self.distinct(key, found)
        return found

    def texts(self, key: str, *, empty: bool = False) -> tuple[Text, ...]:
        values = self.sequence(key, empty=empty)
        return tuple(
            self._text(value, f"{key}[{index}]") for index, value in enumerate(values)
        )

    def children(
        self, key: str, allowed: Collection[str], *, empty: bool = False
    ) -> tuple["Reader", ...]:
        return tuple(
            self._below(value, allowed, f"{key}[{index}]")
            for index, value in enumerate(self.sequence(key, empty=empty))
        )

    def child(self, key: str, allowed: Collection[str]) -> "Reader":
        return self._below(self.get(key), allowed, key)

    def named(
        self, key: str, allowed: Collection[str], names: re.Pattern[str]
    ) -> dict[str, "Reader"]:
        """Readers of a mapping from names to mappings, in its order."""
        return {
            name: self._below(value, allowed, f"{key}.{name}")
            for name, value in self._entries(key, names).items()
        }

    def named_texts(self, key: str, names: re.Pattern[str]) -> dict[str, Text]:
        """Texts of a mapping from names to texts, in its order."""
        return {
            name: self._text(value, f"{key}.{name}")
            for name, value in self._entries(key, names).items()
        }

    def distinct(self, key: str, values: Sequence[str]) -> None:
        """Refuse the second of two equal `values` of the list `key`."""
        for index, value in enumerate(values):
            if value in values[:index]:
                self.fail("duplicate", f"{key}[{index}]", value=value)

    def _text(self, value: object, key: str) -> Text:
        if not isinstance(value, Mapping):
            raise self._mistyped(key, "en and zh-hans texts", "中英文两种文字", value)
        for language in value:
            if language not in LANGUAGES:
                allowed = ", ".join(LANGUAGES)
                self.fail("unknown_language", key, value=language, allowed=allowed)
        for language in self.languages:
            if language not in value:
                place = f"{key}.{language}"
                self.fail("missing_language", place, language=language)
        if not value:
            self.fail("blank", key)
        wordings = {
            language: self._checked(wording, f"{key}.{language}")
            for language, wording in value.items()
        }
        return Text(wordings.get("en", ""), wordings.get("zh-hans", ""))

    def _code(self, value: object, key: str) -> str:
        found = self._checked(value, key)
        if len(found) > LONGEST_CODE or not CODE.fullmatch(found):
            self.fail("bad_code", key, value=found)
        return found

    def _entries(self, key: str, names: re.Pattern[str]) -> Mapping[str, object]:
        value = self.get(key)
        if not isinstance(value, Mapping):
            raise self._mistyped(key, "a mapping", "键值对", value)
        if not value:
            self.fail("empty", key)
        for name in value:
            if not isinstance(name, str) or not names.fullmatch(name):
                self.fail("bad_name", key, value=str(name))
        return value

    def _below(self, value: object, allowed: Collection[str], key: str) -> "Reader":
        return Reader.at(
            value,
            allowed,
            where=self.place(key),
            source=self.source,
            languages=self.languages,
        )

    def _checked(self, value: object, key: str) -> str:
        if not isinstance(value, str):
            raise self._mistyped(key, "a text", "文字", value)
        found = value.strip()
        if not found:
            self.fail("blank", key)
        if len(found) > LONGEST_TEXT:
            self.fail("too_long", key, length=len(found), limit=LONGEST_TEXT)
        if any(unicodedata.category(character) in {"Cc", "Cs"} for character in found):
            self.fail("control_character", key)
        return found

    def _mistyped(
        self, key: str, expected: str, expected_zh: str, value: object
    ) -> DefinitionError:
        return _wrong_type(expected, expected_zh, value, self.place(key), self.source)


def _wrong_type(
    expected: str, expected_zh: str, value: object, where: str, source: str
) -> DefinitionError:
    return DefinitionError(
        "wrong_type",
        where=where,
        source=source,
        params={
            "expected": expected,
            "expected_zh": expected_zh,
            "found": "nothing" if value is None else type(value).__name__,
        },
    )
