"""LimeSurvey: what becomes of files that it exported itself (files/citric)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveys.definition import Questionnaire, parse_questionnaire
from surveys.interchange import (
    Imported,
    ImportRefused,
    read_file,
    to_limesurvey_tsv,
    to_lss,
    to_xlsform,
)
from surveys.interchange.reading import read_bytes
from tests.surveys.interchange.test_limesurvey import OLD, TABLE, scales

EXPORTS = Path(__file__).parent / "files" / "citric"
FILES = sorted(path.name for path in EXPORTS.glob("*.ls[sgq]"))
WRITERS: dict[str, Callable[[Questionnaire], bytes]] = {
    "q.lss": to_lss,
    "q.txt": to_limesurvey_tsv,
    "q.xlsx": to_xlsform,
}


def read(name: str, *changes: tuple[str, str]) -> Imported:
    """A real export, where `changes` replace what occurs in it once."""
    text = (EXPORTS / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return read_bytes(text.encode(), name)


def items(found: Imported) -> list[dict[str, Any]]:
    return [item for scale in scales(found) for item in scale["items"]]


def named(found: Imported) -> set[tuple[str, str]]:
    return {(finding.code, finding.where) for finding in found.findings}


def test_a_survey_of_two_groups_is_read() -> None:
    """Long text, five points, yes/no; a file upload is named and left out."""
    found = read_file((EXPORTS / "survey.lss").read_bytes(), filename="survey.lss")
    assert found.content["languages"] == ["en"]
    assert found.content["name"] == {"en": "Test Survey"}
    first, second = scales(found)
    assert (first["name"], second["name"]) == (
        {"en": "First Group"},
        {"en": "Second Group"},
    )
    assert first["description"] == {
        "en": "This is the first question group of this survey"
    }
    assert [(item["code"], item["text"]["en"]) for item in items(found)] == [
        ("G01Q01", "Text for first question"),
        ("G01Q02", "Text for second question"),
        ("G02Q04", "Do you like this survey?"),
    ]
    formats: Any = found.content["formats"]
    assert (formats["rating"]["low"], formats["rating"]["high"]) == (1, 5)
    assert formats["choice"]["options"] == [{"en": "Yes"}, {"en": "No"}]
    assert formats["text"] == {"kind": "text", "longest": 1000}
    assert named(found) == {
        ("help_left_out", "G01Q01"),
        ("unsupported_type", "G02Q03"),
        ("html_stripped", "G01Q01"),
        ("html_stripped", "G01Q02"),
        ("options_recoded", "G02Q04"),
    }


def test_an_array_becomes_a_scale_and_multiple_choice_is_named() -> None:
    found = read("answers.lss")
    (scale,) = scales(found)
    assert scale["model"] == "reflective"
    assert [item["text"]["en"] for item in scale["items"]] == [
        "Color",
        "Milkiness",
        "Creaminess",
        "Mouthfeel",
        "Aftertaste",
    ]
    assert found.codes["Q02_SQ001"] == "Q02-SQ001"
    formats: Any = found.content["formats"]
    assert [label["en"] for label in formats["rating"]["labels"]] == [
        "Too much",
        "More than I like",
        "Just Right",
        "Less than I like",
        "Too little",
    ]
    assert {("unsupported_type", "Q01"), ("taken_as_rating", "Q02")} <= named(found)


def test_a_survey_of_version_4_is_read() -> None:
    found = read("limesurvey_survey_432535.lss")
    assert [item["text"]["en"] for item in items(found)] == [
        "Text for question 1",
        "Text for question 2",
    ]
    formats: Any = found.content["formats"]
    assert formats["text"]["longest"] == 255
    assert {("greeting_left_out", ""), ("help_left_out", "G01Q01")} <= named(found)


def test_a_real_group_and_a_real_question_are_read() -> None:
    group = read("group.lsg")
    assert [item["code"] for item in items(group)] == ["G01Q02", "G01Q01"]
    assert scales(group)[0]["name"] == {"en": "First Group"}
    question = read("free_text.lsq")
    (item,) = items(question)
    assert (item["code"], item["text"]) == (
        "FREETEXTEXAMPLE",
        {"en": "Text for first question"},
    )
    assert named(question) == {("html_stripped", "FREETEXTEXAMPLE")}


def completed(data: Any) -> Any:
    """`data` with words where a file said nothing, as a person would write them."""
    if isinstance(data, dict):
        return {key: completed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [completed(value) for value in data]
    return "written by hand" if data == "" else data


@pytest.mark.parametrize("written", WRITERS)
@pytest.mark.parametrize("name", FILES)
def test_a_real_file_once_completed_comes_back(name: str, written: str) -> None:
    asked = parse_questionnaire(completed(read(name).content), source=name)
    found = read_bytes(WRITERS[written](asked), written)
    assert parse_questionnaire(found.content, source="read back") == asked
    assert found.findings == ()


def in_two_languages(text: str, second: str) -> str:
    """Every row of a language once more in `second`, before it, as exports have it."""
    language = re.compile(r"(<(surveyls_)?language><!\[CDATA\[)en(\]\])")

    def twice(found: re.Match[str]) -> str:
        row = found[0]
        another = language.sub(rf"\g<1>{second}\g<3>", row)
        another = another.replace("second question", second)
        return another + row if another != row and "<adminemail" not in row else row

    listed = f"  <language>{second}</language>\n  <language>en</language>"
    text = text.replace("  <language>en</language>", listed)
    return re.sub(r"   <row>.*?</row>\n", twice, text, flags=re.DOTALL)


def test_a_survey_in_both_languages_is_read_in_both() -> None:
    text = (EXPORTS / "survey.lss").read_text(encoding="utf-8")
    found = read_bytes(in_two_languages(text, "zh-Hans").encode(), "survey.lss")
    assert found.content["languages"] == ["en", "zh-hans"]
    assert items(found)[1]["text"] == {
        "en": "Text for second question",
        "zh-hans": "Text for zh-Hans",
    }


def test_a_third_language_is_named_and_changes_nothing() -> None:
    text = (EXPORTS / "survey.lss").read_text(encoding="utf-8")
    found = read_bytes(in_two_languages(text, "es").encode(), "survey.lss")
    alone = read("survey.lss")
    assert found.content == alone.content
    assert [f.params for f in found.findings if f not in alone.findings] == [
        {"language": "es"}
    ]


BEFORE = "<relevance><![CDATA[1]]></relevance>\n    <question_theme_name><![CDATA[yesno"


@pytest.mark.parametrize(
    "written",
    [
        '((G01Q02.NAOK == "4"  or G01Q02.NAOK == "5"))',
        '((123456X4X24.NAOK == "4" or 123456X4X24.NAOK == "5"))',
    ],
)
def test_a_condition_as_the_designer_writes_it_is_kept(written: str) -> None:
    """By codes, and by numbers as old surveys have it."""
    text = (EXPORTS / "survey.lss").read_text(encoding="utf-8")
    qid = text[: text.index("<title><![CDATA[G01Q02]]")].rpartition("<qid><![CDATA[")[2]
    written = written.replace("24", qid.partition("]")[0])
    found = read("survey.lss", (BEFORE, BEFORE.replace("[1]", f"[{written}]")))
    assert items(found)[-1]["show_if"] == {"item": "G01Q02", "in": [4, 5]}


@pytest.mark.parametrize("written", ["((is_empty(G01Q02.NAOK)))", "G01Q02.shown>2"])
def test_another_condition_is_named(written: str) -> None:
    found = read("survey.lss", (BEFORE, BEFORE.replace("[1]", f"[{written}]")))
    assert "show_if" not in items(found)[-1]
    assert ("condition_left_out", "G02Q04") in named(found)


CONDITIONS = """ <conditions><rows>
  <row><cid>1</cid><qid>6</qid><cqid>5</cqid><cfieldname>9X1X5</cfieldname>
   <method>==</method><value>2</value><scenario>1</scenario></row>
  {second}
 </rows></conditions>
</document>"""


def test_a_condition_in_a_table_alone_is_kept_or_named() -> None:
    """Old surveys have no expressions."""
    kept = OLD.replace("</document>", CONDITIONS.format(second=""))
    found = read_bytes(kept.encode(), "old.lss")
    assert items(found)[1]["show_if"] == {"item": "H1", "in": [2]}
    another = "<row><qid>6</qid><cfieldname>9X1X7</cfieldname><value>1</value></row>"
    both = OLD.replace("</document>", CONDITIONS.format(second=another))
    found = read_bytes(both.encode(), "old.lss")
    assert "show_if" not in items(found)[1]
    assert ("condition_left_out", "h2") in named(found)


def test_a_condition_on_a_part_of_an_array_by_numbers_is_kept() -> None:
    text = (EXPORTS / "answers.lss").read_text(encoding="utf-8")
    qid = text[: text.index("<title><![CDATA[Q02]]")].rpartition("<qid><![CDATA[")[2]
    condition = f'1X1X{qid.partition("]")[0]}SQ001.NAOK == "AO02"'
    part, relevance = "<title><![CDATA[SQ005]]", "<relevance><![CDATA["
    before, after = text[: text.rindex(part)], text[text.rindex(part) :]
    after = after.replace(f"{relevance}1]]", f"{relevance}{condition}]]", 1)
    found = read_bytes((before + after).encode(), "answers.lss")
    assert items(found)[-1]["show_if"] == {"item": "Q02-SQ001", "in": [2]}


def test_settings_that_change_a_question_are_named() -> None:
    """A hidden question would be asked here, a pattern not be held."""
    hidden = "<attribute><![CDATA[hidden]]></attribute>\n    <value><![CDATA[0]]"
    pattern = "<title><![CDATA[FREETEXTEXAMPLE]]></title>\n    <preg"
    found = read(
        "free_text.lsq",
        (hidden, hidden.replace("[0]", "[1]")),
        (f"{pattern}/>", f"{pattern}><![CDATA[/^[0-9]+$/]]></preg>"),
    )
    settings = [f for f in found.findings if f.code == "setting_left_out"]
    assert [f.params["setting"] for f in settings] == [
        "hidden = 1",
        "preg = /^[0-9]+$/",
    ]
    assert all(f.where == "FREETEXTEXAMPLE" for f in settings)


def test_the_random_order_of_groups_is_named() -> None:
    order = "<group_order><![CDATA[2]]></group_order>\n    <randomization_group"
    text = (EXPORTS / "survey.lss").read_text(encoding="utf-8")
    assert f"{order}/>" in text
    shuffled = f"{order}><![CDATA[A]]></randomization_group>"
    found = read_bytes(text.replace(f"{order}/>", shuffled).encode(), "survey.lss")
    (finding,) = (f for f in found.findings if f.code == "setting_left_out")
    assert finding.params == {
        "name": "Second Group",
        "setting": "randomization_group = A",
    }


def test_help_and_greeting_of_the_table_are_named() -> None:
    first = '2\t\tQ\tF\tarr\t1\t"How far do you\nagree?"\t'
    assert f"{first}\ten\t\n" in TABLE
    changed = TABLE.replace(f"{first}\ten", f"{first}Take your time.\ten")
    greeting = "\t\tSL\t\tsurveyls_welcometext\t\tHello!\t\ten\t\n1\t\tG"
    found = read_bytes(changed.replace("1\t\tG", greeting, 1).encode(), "survey.txt")
    assert {"help_left_out", "greeting_left_out"} <= {f.code for f in found.findings}


def test_a_file_of_other_kinds_alone_says_which() -> None:
    with pytest.raises(ImportRefused) as refused:
        read("free_text.lsq", ("<type><![CDATA[T]]", "<type><![CDATA[R]]"))
    assert refused.value.code == "only_unsupported"
    assert refused.value.in_("en").endswith("it has only: ranking.")
    assert "ranking" in refused.value.in_("zh-hans")
