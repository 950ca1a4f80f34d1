"""SPSS .sav by pyreadstat, which holds the whole frame.

Memory: two bytes a code, eight a number, a text its own length, all rows at once: a
million answers to sixty questions are 120 MB besides the program (docs/exports.md).
"""

from pathlib import Path
from typing import Any, Final

from analytics.export.dataset import DataSet, Variable
from analytics.export.frames import Tell, columns_of, frame_of, texts_of
from analytics.export.names import SPSS, named, title_for, writable
from analytics.sentences import Sentence

TEXT_SIZE: Final = 32_767  # bytes in a text
_NOTE_SIZE: Final = 80  # bytes in a line of the file's notes
_DISCRETE: Final = 3  # missing codes that stand one by one; more are a range


def write_sav(
    data: DataSet, path: Path, *, language: str, tell: Tell
) -> tuple[Sentence, ...]:
    """Write a data set with its labels in one language; say what had to be changed."""
    import pyreadstat  # brings pandas: only where a file is written

    words = named(data.variables, SPSS, language)
    title, remarks = title_for(data.title.in_language(language), SPSS)
    columns = columns_of(data, tell)
    for place, variable in enumerate(data.variables):
        if variable.kind == "text":
            name = words.names[place]
            columns[place], more = texts_of(columns[place], name, "SPSS", TEXT_SIZE)
            remarks += more
    pairs = list(zip(words.names, data.variables, strict=True))
    pyreadstat.write_sav(
        frame_of(words.names, columns),
        path,
        file_label=title,
        column_labels=list(words.labels),
        variable_value_labels=_value_labels(words.names, data.variables, words.values),
        missing_ranges={n: _missing(one) for n, one in pairs if one.missing},
        variable_measure={n: one.measure for n, one in pairs},
        variable_format={n: _format(one) for n, one in pairs if one.kind != "text"},
        variable_display_width={n: _width(one) for n, one in pairs},
        note=_notes(data, language) or None,
    )
    return (*words.remarks, *remarks)


def _value_labels(
    names: tuple[str, ...],
    variables: tuple[Variable, ...],
    values: tuple[dict[int, str], ...],
) -> dict[str, Any]:
    return {
        name: labels
        for name, variable, labels in zip(names, variables, values, strict=True)
        if labels and variable.kind != "text"
    }


def _missing(variable: Variable) -> list[Any]:
    codes = sorted(one.value for one in variable.missing)
    if len(codes) <= _DISCRETE:
        return codes
    return [{"lo": codes[0], "hi": codes[-1]}]


def _format(variable: Variable) -> str:
    return "F8.0" if variable.kind == "whole" else "F8.2"


def _width(variable: Variable) -> int:
    return 24 if variable.kind == "text" else 8


def _notes(data: DataSet, language: str) -> list[str]:
    """Return the notes in lines that a file holds, broken between characters."""
    lines = []
    for note in data.notes:
        line = ""
        for one in writable(note.text(language)).replace("\n", " "):
            if len((line + one).encode()) > _NOTE_SIZE:
                lines.append(line)
                line = ""
            line += one
        lines.append(line)
    return lines
