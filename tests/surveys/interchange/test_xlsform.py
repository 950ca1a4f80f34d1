"""XLSForm: pyxform accepts what we write, and its own forms are read or refused."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from pyxform.xls2xform import convert

from surveys.definition import (
    Questionnaire,
    load_library,
    parse_questionnaire,
)
from surveys.interchange import Imported, ImportRefused, to_xlsform
from surveys.interchange.reading import read_bytes
from tests.surveys.test_definition_kinds import every_kind

PYXFORM = Path(__file__).parent / "files" / "pyxform"
LIBRARY = [*load_library(), parse_questionnaire(every_kind(), source="every kind")]
Rows = list[list[object]]


def workbook(**sheets: Rows) -> bytes:
    """An .xlsx file; a cell that begins with "=" becomes a formula."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


def form(survey: Rows, choices: Rows | None = None) -> Imported:
    header: Rows = [["list_name", "name", "label"]]
    data = workbook(survey=survey, choices=[*header, *(choices or [])])
    return read_bytes(data, "form.xlsx")


def codes(found: Imported) -> list[str]:
    return [finding.code for finding in found.findings]


def items(found: Imported) -> list[dict[str, Any]]:
    scales: Any = found.content["scales"]
    return [item for scale in scales for item in scale["items"]]


@pytest.mark.parametrize("asked", LIBRARY, ids=lambda q: f"{q.code}-{q.version}")
def test_pyxform_accepts_what_we_write(asked: Questionnaire) -> None:
    made = convert(xlsform=to_xlsform(asked), validate=False, file_type=".xlsx")
    assert made.warnings == []
    for item in asked.items:
        assert f"/{item.code}" in made.xform


def test_no_cell_that_we_write_is_a_formula() -> None:
    data = every_kind()
    data["scales"][0]["items"][0]["text"] = {"en": "=1+1", "zh-hans": "@甲"}
    data["name"] = {"en": "=cmd|' /C calc'!A0", "zh-hans": "+1"}
    written = to_xlsform(parse_questionnaire(data, source="formulas"))
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name), name


# What of pyxform's own forms can be asked here, and the limits that the rest meets.
FORMS: dict[str, tuple[list[str], set[str]]] = {
    "case_insensitivity": (["Q1"], {"select_one_external c1", "osm c1"}),
    "group": (["FAMILY-NAME", "AGE"], {"phone number"}),
    "include": (["NAME"], {"include"}),
    "loop": (
        ["NUMBER"],
        {
            "begin loop over toilet_type",
            "end loop",
            "select all that apply from toilet_type or specify other",
        },
    ),
    "text_and_integer": (["YOUR-NAME", "YOUR-AGE"], set()),
    "widgets": (
        [
            *("MY-STRING", "MY-INT", "MY-DECIMAL", "MY-SELECT1", "MY-OUTPUT"),
            *("NUMBERASSTRING", "SPINNER", "SELECTADVANCE", "AUTOCOMPLETE"),
        ],
        {
            *("date", "time", "dateTime", "geopoint", "barcode", "image", "audio"),
            *("video", "trigger", "select all that apply from list"),
        },
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_pyxform_are_read_up_to_named_limits(name: str) -> None:
    asked, refused = FORMS[name]
    found = read_bytes((PYXFORM / f"{name}.csv").read_bytes(), f"{name}.csv")
    assert [item["code"] for item in items(found)] == asked
    left_out = ("unsupported_type", "not_a_question")
    named = {f.params["type"] for f in found.findings if f.code in left_out}
    assert named == refused


def test_a_form_of_pyxform_with_a_map_alone_is_refused() -> None:
    with pytest.raises(ImportRefused, match="it has only: gps"):
        read_bytes((PYXFORM / "gps.csv").read_bytes(), "gps.csv")


def test_every_form_of_pyxform_is_named_in_a_test() -> None:
    assert {path.stem for path in PYXFORM.glob("*.csv")} == {*FORMS, "gps"}


def test_an_unlabelled_language_and_a_named_one_stand_side_by_side() -> None:
    found = form(
        [
            ["type", "name", "label", "label::Chinese (zh)", "label::Français (fr)"],
            ["text", "A1", "What happened?", "发生了什么？", "Que s'est-il passé ?"],
            ["text", "A2", "And then?", "", ""],
        ]
    )
    assert found.content["languages"] == ["en", "zh-hans"]
    assert items(found)[0]["text"] == {
        "en": "What happened?",
        "zh-hans": "发生了什么？",
    }
    assert items(found)[1]["text"] == {"en": "And then?", "zh-hans": ""}
    assert codes(found)[:2] == ["language_left_out", "language_guessed"]
    missing = [f for f in found.findings if f.code == "blank_texts"]
    # the question, and the name that is that of the file
    assert missing[0].params == {"number": 2, "language": "zh-hans"}


def test_two_columns_of_one_language_are_named() -> None:
    found = form(
        [
            ["type", "name", "label::English (en)", "label::en-GB"],
            ["text", "A1", "Colour?", "Colour, in British?"],
            ["text", "A2", "", "Second column alone?"],
        ]
    )
    assert "second_language_column" in codes(found)
    said = [item["text"]["en"] for item in items(found)]
    assert said == ["Colour?", "Second column alone?"]


def test_numbered_lists_used_twice_are_ratings_and_others_choices() -> None:
    likert: Rows = [["agree", n, f"point {n}"] for n in range(1, 6)]
    found = form(
        [
            ["type", "name", "label"],
            ["select_one agree", "A1", "It works."],
            ["select_one agree", "A2", "It is safe."],
            ["select_one sex", "SEX", "You are"],
            ["select_one agree or_other", "A3", "It lasts."],
        ],
        [*likert, ["sex", "f", "female"], ["sex", "m", "male"]],
    )
    formats: Any = found.content["formats"]
    assert [formats["agree"][key] for key in ("low", "high")] == [1, 5]
    assert formats["sex"]["kind"] == "choice"
    assert "option_left_out" in codes(found)
    recoded = [f for f in found.findings if f.code == "options_recoded"]
    assert recoded[0].params["examples"] == "f, m"


def test_conditions_on_one_question_are_kept_and_others_named() -> None:
    found = form(
        [
            ["type", "name", "label", "relevant"],
            ["select_one yn", "A1", "Ever?", ""],
            ["text", "A2", "Which?", "selected(${A1}, 'y')"],
            ["integer", "A3", "How often?", "${A1} = 'y' and ${A2} != ''"],
            ["begin_group", "G", "More", "(${A1} = 'n') or (${A1}='y')"],
            ["text", "A4", "Anything else?", ""],
            ["end_group", "", "", ""],
            ["text", "A5", "Good-bye?", ""],
        ],
        [["yn", "y", "yes"], ["yn", "n", "no"]],
    )
    scales: Any = found.content["scales"]
    assert items(found)[1]["show_if"] == {"item": "A1", "in": [1]}
    assert scales[1]["show_if"] == {"item": "A1", "in": [2, 1]}
    assert [len(scale["items"]) for scale in scales] == [3, 1, 1]
    left_out = [f for f in found.findings if f.code == "condition_left_out"]
    assert [f.where for f in left_out] == ["survey:4"]
    assert left_out[0].in_("zh-hans").startswith("survey 第 4 行：显示条件")


def test_formulas_are_not_computed_and_named() -> None:
    found = form(
        [
            ["type", "name", "label"],
            ["text", "A1", '=HYPERLINK("http://x","Go")'],
            ["text", "A2", "Plain?"],
        ]
    )
    assert "formula_cells" in codes(found)
    assert all("HYPERLINK" not in item["text"]["en"] for item in items(found))


def test_html_and_references_become_words() -> None:
    found = form(
        [
            ["type", "name", "label"],
            ["text", "A1", "Tell <b>us</b> more<script>alert(1)</script>, ${A0}!"],
            ["text", "A2", "Is 1 < 2 and <your name> fine?"],
        ]
    )
    said = [item["text"]["en"] for item in items(found)]
    assert said == ["Tell us more, (A0)!", "Is 1 < 2 and <your name> fine?"]
    assert {"html_stripped", "braces_changed"} <= set(codes(found))


def test_an_edited_label_wins_over_what_we_wrote_beside_it() -> None:
    """Who edits our file in a spreadsheet edits the questionnaire."""
    asked = LIBRARY[-1]
    found = read_bytes(to_xlsform(asked), "q.xlsx")
    assert items(found)[0]["text"]["en"] == "{Referent} keeps promises."
    edited = _edited(to_xlsform(asked), "keeps promises.", "keeps every promise.")
    changed = read_bytes(edited, "q.xlsx")
    assert items(changed)[0]["text"]["en"] == "{Referent} keeps every promise."
    assert parse_questionnaire(changed.content, source="edited").order == "shuffled"


def _edited(data: bytes, old: str, new: str) -> bytes:
    """The workbook with another wording in its table of strings."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w") as copy,
    ):
        for name in source.namelist():
            part = source.read(name)
            copy.writestr(name, part.replace(old.encode(), new.encode()))
    return stream.getvalue()
