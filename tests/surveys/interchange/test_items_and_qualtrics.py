"""Tables of items, the codebook and Qualtrics; encodings and languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from surveys.definition import parse_questionnaire
from surveys.interchange import Imported, ImportRefused, read_file, to_codebook_csv
from surveys.interchange.languages import language_of
from surveys.interchange.reading import read_bytes
from tests.surveys.interchange.test_xlsform import workbook
from tests.surveys.test_definition_kinds import every_kind


def codes(found: Imported) -> list[str]:
    return [finding.code for finding in found.findings]


def scales(found: Imported) -> list[dict[str, Any]]:
    made: Any = found.content["scales"]
    return list(made)


def test_the_wording_of_the_spi_is_read(shared_data: Path) -> None:
    data = (shared_data / "spi_trust_wording.csv").read_bytes()
    found = read_file(data, filename="spi_trust_wording.csv")
    assert [(s["code"], len(s["items"])) for s in scales(found)] == [
        ("HONESTY", 5),
        ("TRUST", 5),
    ]
    assert found.content["languages"] == ["en"]
    assert found.codes["q_1855"] == "Q-1855"
    keyed = {
        item["code"]: item.get("reverse", False) for item in scales(found)[0]["items"]
    }
    assert keyed["Q-4296"] is True
    assert codes(found) == ["column_left_out", "codes_changed", "codes_changed"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_delimiters_and_encodings_are_recognised(delimiter: str, encoding: str) -> None:
    lines = [
        ["Code", "Dimension", "Reverse", "Text", "text_zh"],
        ["A1", "Care", "no", "They care for me.", "他们关心我。"],
        ["A2", "Care", "yes", "They forget me.", "他们忘记我。"],
    ]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    found = read_bytes(text.encode(encoding), "items.csv")
    (scale,) = scales(found)
    assert scale["items"][1] == {
        "code": "A2",
        "reverse": True,
        "facet": {"en": "Care", "zh-hans": "Care"},
        "text": {"en": "They forget me.", "zh-hans": "他们忘记我。"},
    }
    assert ("encoding_guessed" in codes(found)) is (encoding == "gb18030")


def test_other_encodings_are_one_sentence() -> None:
    for data in ("item,text\nA1,Café à côté?\n".encode("latin-1"), b"\xff\xfe\x00\xd8"):
        with pytest.raises(ImportRefused, match="save it as UTF-8"):
            read_bytes(data, "items.csv")


def test_a_table_in_a_workbook_is_read_without_its_formulas() -> None:
    rows: list[list[object]] = [["item", "text"], ["A1", "=1+1"], ["A2", "Good?"]]
    found = read_bytes(workbook(items=rows), "items.xlsx")
    assert "formula_cells" in codes(found)
    assert scales(found)[0]["items"][-1]["text"] == {"en": "Good?"}


def test_lines_without_text_and_unknown_keys_are_named() -> None:
    table = "item,keyed,text\nA1,maybe,One?\nA2,1,\nA1,1,Two?\n"
    found = read_bytes(table.encode(), "items.csv")
    named = {finding.code: finding for finding in found.findings}
    assert named["bad_keying"].in_("en").startswith("Row 2: 'maybe'")
    assert named["no_text"].where == ":3"
    assert named["duplicate_code"].params == {"code": "A1", "new": "A1-2"}


def test_a_table_without_texts_is_refused() -> None:
    with pytest.raises(ImportRefused, match="a column 'text'"):
        read_bytes(b"item,scale\nA1,Care\n", "items.csv")


def test_the_codebook_names_every_item_and_computes_nothing() -> None:
    data = every_kind()
    data["scales"][0]["items"][0]["text"] = {"en": "=1+1", "zh-hans": "+1"}
    asked = parse_questionnaire(data, source="every kind")
    written = to_codebook_csv(asked)
    assert "'=1+1" in written
    assert "\n=1" not in written
    assert ",=1" not in written
    found = read_bytes(written.encode(), "codebook.csv")
    items = [item for scale in scales(found) for item in scale["items"]]
    assert [item["code"] for item in items] == [item.code for item in asked.items]
    # a word of the named forms has no place in a table of items
    del items[2]["text"]
    assert [i.get("text") for i in items] == [
        None if i.code == "T3" else i.text.wordings for i in asked.items
    ]
    assert [i.get("reverse", False) for i in items] == [i.reverse for i in asked.items]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("English (en)", "en"),
        ("english", "en"),
        ("en-GB", "en"),
        ("Chinese (zh)", "zh-hans"),
        ("中文 (zh-CN)", "zh-hans"),
        ("简体中文", "zh-hans"),
        ("zh_Hans", "zh-hans"),
        ("zh-Hant-TW", None),
        ("Français (fr)", None),
        ("", None),
    ],
)
def test_names_of_languages(name: str, language: str | None) -> None:
    assert language_of(name) == language


def element(identifier: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"Element": "SQ", "PrimaryAttribute": identifier, "Payload": payload}


def qsf() -> dict[str, Any]:
    points = {str(n): {"Display": f"point {n}"} for n in range(1, 6)}
    chinese = {
        "QuestionText": "您同意吗？",
        "Choices": {"1": {"Display": "我相信他们。"}},
    }
    matrix = {
        "DataExportTag": "Q1",
        "QuestionType": "Matrix",
        "Selector": "Likert",
        "SubSelector": "SingleAnswer",
        "QuestionText": "<p>Do you agree?</p>",
        "Choices": {"1": {"Display": "I trust them."}, "2": {"Display": "They lie."}},
        "ChoiceOrder": ["1", "2"],
        "Answers": points,
        "AnswerOrder": [1, 2, 3, 4, 5],
        "Language": {"ZH-S": chinese, "FR": {"QuestionText": "D'accord ?"}},
    }
    choice = {
        "DataExportTag": "Q2",
        "QuestionType": "MC",
        "Selector": "SAVR",
        "QuestionText": "You are",
        "Choices": {"4": {"Display": "a customer"}, "5": {"Display": "staff"}},
        "ChoiceOrder": ["5", 4],
        "RecodeValues": {"4": "1", "5": "2"},
        "Language": [],
    }
    rank = {"DataExportTag": "Q3", "QuestionType": "RO", "QuestionText": "Rank"}
    block = {
        "Type": "Default",
        "Description": "Main",
        "BlockElements": [
            {"Type": "Question", "QuestionID": f"QID{n}"} for n in (1, 2, 3)
        ],
    }
    return {
        "SurveyEntry": {"SurveyName": "Shop", "SurveyLanguage": "EN"},
        "SurveyElements": [
            {"Element": "BL", "Payload": {"1": block}},
            element("QID1", matrix),
            element("QID2", choice),
            element("QID3", rank),
        ],
    }


def test_qualtrics_is_read_as_far_as_it_goes() -> None:
    found = read_bytes(json.dumps(qsf()).encode(), "shop.qsf")
    matrix, others = scales(found)
    assert (matrix["code"], matrix["model"]) == ("Q1", "reflective")
    assert matrix["description"] == {"en": "Do you agree?", "zh-hans": "您同意吗？"}
    assert matrix["items"][0]["text"] == {
        "en": "I trust them.",
        "zh-hans": "我相信他们。",
    }
    assert [item["code"] for item in others["items"]] == ["Q2"]
    formats: Any = found.content["formats"]
    options = [option["en"] for option in formats["choice"]["options"]]
    assert options == ["staff", "a customer"]
    named = [f.params["type"] for f in found.findings if f.code == "unsupported_type"]
    assert named == ["RO"]
    assert {"language_left_out", "html_stripped"} <= set(codes(found))


@pytest.mark.parametrize("text", ["{", "{}", '{"SurveyElements": 3}', '{"a": [1,]}'])
def test_json_of_other_kinds_is_refused(text: str) -> None:
    with pytest.raises(ImportRefused, match="no survey of Qualtrics"):
        read_bytes(text.encode(), "shop.qsf")
