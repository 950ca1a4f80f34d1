"""Bodies of requests: bounded JSON that means the same to every reader of it."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from surveys.api.problems import Problem, too_large, wrong

LARGEST: Final = 2_000_000  # bytes
DEEPEST: Final = 20  # levels of lists and objects
LARGEST_NUMBER: Final = 2**53  # beyond it programs disagree about whole numbers


class BoundedJSON(BaseParser):
    """Reads application/json; refuses what is too large, too deep or ambiguous.

    Ambiguous are a name that occurs twice in an object, numbers that are none
    (NaN, Infinity, 1e999), lone halves of surrogate pairs and U+0000 in any text.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise too_large()
        try:
            value = json.loads(
                raw.decode("utf-8-sig"),
                object_pairs_hook=_object,
                parse_constant=_no_number,
            )
        except UnicodeDecodeError:
            raise Problem(400, _("The body is not UTF-8."), "not-json") from None
        except RecursionError:
            raise _too_deep() from None
        except ValueError as fault:
            place = getattr(fault, "pos", None)
            raise _not_json(place) from None
        _check(value, "", 0)
        return value


def _not_json(place: int | None) -> Problem:
    if place is None:
        return Problem(400, _("The body is not JSON."), "not-json")
    sentence = _("The body is not JSON; reading stopped at character %(place)s.")
    return Problem(400, sentence % {"place": place}, "not-json")


def _too_deep() -> Problem:
    sentence = _("The body is nested deeper than %(levels)s levels.")
    return Problem(400, sentence % {"levels": DEEPEST}, "not-json")


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        sentence = _("An object of the body names the same field twice.")
        raise Problem(400, sentence, "not-json")
    return found


def _check(value: Any, pointer: str, depth: int) -> None:
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, str):
        _check_text(value, pointer)
    elif isinstance(value, dict):
        for name, below in value.items():
            _check_text(name, pointer)
            _check(below, f"{pointer}/{name}", depth + 1)
    elif isinstance(value, list):
        for at, below in enumerate(value):
            _check(below, f"{pointer}/{at}", depth + 1)
    elif isinstance(value, int | float) and not -LARGEST_NUMBER <= value <= (
        LARGEST_NUMBER if math.isfinite(value) else -math.inf
    ):
        raise _wrong(pointer, _("This number is too large."))


def _check_text(text: str, pointer: str) -> None:
    if "\0" in text:
        raise _wrong(pointer, _("Text cannot hold U+0000."))
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise _wrong(pointer, _("This text holds half a surrogate pair."))


def _wrong(pointer: str, sentence: str) -> Problem:
    return wrong(pointer.encode("utf-8", "replace").decode(), sentence)
