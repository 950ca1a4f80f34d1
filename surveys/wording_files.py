"""Wording in files of other products: rows as `surveys.wording`, and their answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.definition import LANGUAGES, Text
from surveys.interchange import Finding, read_file
from surveys.wording import WordingRow, decoded, read_rows

# Says that our codes differ from the file's, which the rows have again.
_OF_NO_INTEREST = "codes_changed"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What a file holds of a scale.

    Attributes
    ----------
    low : int
        First answer point.
    labels : tuple of Text
        One a point; empty where the file has none.
    findings : tuple of Finding
        What was changed, guessed or left out.
    """

    rows: tuple[WordingRow, ...]
    low: int = 1
    labels: tuple[Text, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_upload(data: bytes, *, filename: str) -> Uploaded:
    """Rows of a CSV, or of whatever else `surveys.interchange` reads.

    Raises
    ------
    WordingError, ImportRefused
        With one sentence in either language.
    """
    if filename.casefold().endswith(".csv"):
        return Uploaded(read_rows(decoded(data)))
    found = read_file(data, filename=filename)
    content: Mapping[str, Any] = found.content
    written = {code: name for name, code in found.codes.items()}
    rows: list[WordingRow] = []
    for scale in content["scales"]:
        dimension = _text(scale["name"])
        for item in scale["items"]:
            text = _text(item["text"])
            if text.wordings:
                code = written.get(item["code"], item["code"])
                name = dimension.in_("en") or scale["code"]
                turned = bool(item.get("reverse"))
                rows.append(WordingRow(len(rows) + 2, code, name, turned, text))
    low, labels = _answers(content)
    findings = tuple(f for f in found.findings if f.code != _OF_NO_INTEREST)
    return Uploaded(tuple(rows), low, labels, findings)


def _answers(content: Mapping[str, Any]) -> tuple[int, tuple[Text, ...]]:
    """Points and labels of the first scale that is rated."""
    for scale in content["scales"]:
        format = content["formats"].get(scale["format"])
        if format is not None and format.get("kind", "rating") == "rating":
            return format["low"], tuple(_text(label) for label in format["labels"])
    return 1, ()


def _text(wordings: Mapping[str, str]) -> Text:
    en, zh = (" ".join(wordings.get(one, "").split()) for one in LANGUAGES)
    return Text(en, zh)
