"""LimeSurvey: a survey as version 6 exports it, older layouts, parts, and our own."""

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from surveys.definition import parse_questionnaire
from surveys.interchange import (
    Imported,
    ImportRefused,
    read_file,
    to_limesurvey_tsv,
    to_lss,
)
from surveys.interchange.reading import read_bytes
from tests.surveys.test_definition_kinds import every_kind

PARCELS = Path(__file__).parent / "files" / "parcels.lss"


def codes(found: Imported) -> list[str]:
    return [finding.code for finding in found.findings]


def scales(found: Imported) -> list[dict[str, Any]]:
    made: Any = found.content["scales"]
    return list(made)


def test_a_survey_of_limesurvey_6_is_read_in_both_languages() -> None:
    found = read_file(PARCELS.read_bytes(), filename="parcels.lss")
    assert found.kind == "limesurvey"
    assert found.content["languages"] == ["en", "zh-hans"]
    assert found.content["name"] == {"en": "Parcel study", "zh-hans": "包裹研究"}
    array, others = scales(found)
    assert (array["model"], others["model"]) == ("reflective", "checklist")
    assert array["items"][0]["text"] == {
        "en": "Parcels arrive on the day promised.",
        "zh-hans": "包裹在承诺的日期送达。",
    }
    assert array["items"][1]["text"]["en"] == "Parcels arrive undamaged & complete."
    assert others["items"][1]["show_if"] == {"item": "LATE", "in": [1]}


def test_formats_of_limesurvey_are_read() -> None:
    formats: Any = read_bytes(PARCELS.read_bytes(), "parcels.lss").content["formats"]
    assert formats["rating"]["labels"][4] == {"en": "agree", "zh-hans": "同意"}
    assert formats["number"] == {
        "kind": "number",
        "low": 0,
        "high": 500,
        "unit": {"en": "parcels", "zh-hans": "件"},
        "not_applicable": False,
    }
    assert formats["text"]["kind"] == "text"


def test_what_limesurvey_asks_and_we_cannot_is_named() -> None:
    found = read_bytes(PARCELS.read_bytes(), "parcels.lss")
    named = {(f.code, f.where): f for f in found.findings}
    assert named["unsupported_type", "rank"].params["type"] == "ranking"
    assert named["unsupported_type", "file"].params["type"] == "file upload"
    assert ("not_a_question", "hello") in named
    assert ("html_stripped", "DELIVERY") in named
    assert ("option_left_out", "late") in named
    assert ("condition_left_out", "orders") in named
    assert ("taken_as_rating", "DELIVERY") in named
    assert found.codes["DELIVERY_SQ001"] == "DELIVERY-SQ001"
    for finding in found.findings:
        assert finding.in_("en") != finding.in_("zh-hans")


OLD = """<?xml version="1.0" encoding="UTF-8"?>
<document>
 <LimeSurveyDocType>Survey</LimeSurveyDocType>
 <DBVersion>145</DBVersion>
 <languages><language>en</language></languages>
 <answers><rows>
  <row><qid>5</qid><code>1</code><answer>never</answer><sortorder>1</sortorder>
   <language>en</language><scale_id>0</scale_id></row>
  <row><qid>5</qid><code>2</code><answer>always</answer><sortorder>2</sortorder>
   <language>en</language><scale_id>0</scale_id></row>
 </rows></answers>
 <groups><rows>
  <row><gid>1</gid><sid>9</sid><group_name>Habits</group_name>
   <group_order>0</group_order><language>en</language></row>
 </rows></groups>
 <questions><rows>
  <row><qid>5</qid><parent_qid>0</parent_qid><gid>1</gid><type>L</type>
   <title>h1</title><question>How often?</question><question_order>1</question_order>
   <language>en</language></row>
  <row><qid>6</qid><parent_qid>0</parent_qid><gid>1</gid><type>Y</type>
   <title>h2</title><question>Ever?</question><question_order>2</question_order>
   <language>en</language></row>
 </rows></questions>
 <surveys><rows><row><sid>9</sid><language>en</language></row></rows></surveys>
 <surveys_languagesettings><rows>
  <row><surveyls_survey_id>9</surveyls_survey_id>
   <surveyls_language>en</surveyls_language><surveyls_title>Habits</surveyls_title>
  </row>
 </rows></surveys_languagesettings>
</document>
"""


def test_a_survey_from_before_the_l10ns_tables_is_read() -> None:
    found = read_bytes(OLD.encode(), "old.lss")
    (scale,) = scales(found)
    said = [(item["code"], item["text"]["en"]) for item in scale["items"]]
    assert said == [("H1", "How often?"), ("H2", "Ever?")]
    formats: Any = found.content["formats"]
    assert formats["choice"]["options"] == [{"en": "never"}, {"en": "always"}]
    assert formats["choice2"]["options"] == [{"en": "Yes"}, {"en": "No"}]


def test_two_base_languages_are_named_and_the_first_is_taken() -> None:
    second = "<row><sid>9</sid><language>zh-Hans</language></row></rows></surveys>"
    twice = OLD.replace("</rows></surveys>", second, 1)
    found = read_bytes(twice.encode(), "old.lss")
    (finding,) = (f for f in found.findings if f.code == "two_base_languages")
    assert finding.params == {"languages": "en, zh-Hans"}
    assert found.content["languages"] == ["en"]


def test_a_survey_in_another_language_alone_is_refused() -> None:
    french = OLD.replace(">en<", ">fr<")
    with pytest.raises(ImportRefused) as refused:
        read_bytes(french.encode(), "old.lss")
    assert refused.value.code == "no_known_language"
    assert "fr" in refused.value.in_("zh-hans")


def test_a_question_and_a_group_alone_are_read() -> None:
    text = OLD[: OLD.index(" <surveys>")] + "</document>"
    for kind, filename in (("Question", "a.lsq"), ("Group", "a.lsg")):
        changed = text.replace(
            "<LimeSurveyDocType>Survey", f"<LimeSurveyDocType>{kind}"
        )
        found = read_bytes(changed.encode(), filename)
        assert [len(scale["items"]) for scale in scales(found)] == [2]


TABLE = """\
id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\tother
\t\tS\t\tlanguage\t\ten\t\t\t
\t\tS\t\tadditional_languages\t\tzh-Hans nl\t\t\t
\t\tSL\t\tsurveyls_title\t\tShop\t\ten\t
\t\tSL\t\tsurveyls_title\t\tWinkel\t\tnl\t
1\t\tG\t1\tService\t1\t\t\ten\t
2\t\tQ\tF\tarr\t1\t"How far do you
agree?"\t\ten\t
\t\tSQ\t0\ts1\t1\tThey are kind.\t\ten\t
\t\tSQ\t0\ts2\t1\tThey are quick.\t\ten\t
\t\tA\t0\t1\t\tno\t\ten\t
\t\tA\t0\t2\t\tso-so\t\ten\t
\t\tA\t0\t3\t\tyes\t\ten\t
3\t\tQ\tM\tmany\t1\tWhich shops?\t\ten\t
1\t\tG\t1\t服务\t1\t\t\tzh-Hans\t
2\t\tQ\tF\tarr\t1\t您同意吗？\t\tzh-Hans\t
\t\tSQ\t0\ts1\t1\t他们很友善。\t\tzh-Hans\t
\t\tSQ\t0\ts2\t1\t\t\tzh-Hans\t
\t\tA\t0\t1\t\t否\t\tzh-Hans\t
"""


def test_the_tab_separated_table_is_read_with_its_lines() -> None:
    found = read_bytes(TABLE.encode(), "survey.txt")
    (scale,) = scales(found)
    assert scale["name"] == {"en": "Service", "zh-hans": "服务"}
    assert scale["items"][1]["text"] == {"en": "They are quick.", "zh-hans": ""}
    formats: Any = found.content["formats"]
    assert [formats["rating"][key] for key in ("low", "high")] == [1, 3]
    left_out = [f for f in found.findings if f.code == "unsupported_type"]
    assert [f.in_("en").split(":")[0] for f in left_out] == ["Row 14"]
    assert "language_left_out" in codes(found)


def test_our_survey_is_what_limesurvey_reads() -> None:
    """Tables, keys and codes as LimeSurvey's own export has them."""
    asked = parse_questionnaire(every_kind(), source="every kind")
    root = fromstring(to_lss(asked))
    titles = [node.text or "" for node in root.iterfind("questions/rows/row/title")]
    assert len(titles) == len(asked.items)
    assert all(title.isalnum() and title[0].isalpha() for title in titles)
    answers = [node.text or "" for node in root.iterfind("answers/rows/row/code")]
    assert all(len(answer) <= 5 and answer.isalnum() for answer in answers)
    keys = [node.text for node in root.iterfind("question_l10ns/rows/row/qid")]
    assert len(keys) == 2 * len(titles)
    texts = [n.text or "" for n in root.iterfind("question_l10ns/rows/row/question")]
    # an expression would be computed: braces are character references
    assert not any("{" in text for text in texts)
    assert any(text == "&#123;Referent&#125; keeps promises." for text in texts)
    relevance = [n.text for n in root.iterfind("questions/rows/row/relevance")]
    assert 'B1.NAOK == "1"' in relevance


def test_no_cell_of_our_table_is_a_formula() -> None:
    data = every_kind()
    for number, start in enumerate("=+-@"):
        texts = {"en": f"{start}1", "zh-hans": f"{start}甲"}
        data["scales"][2 if number > 1 else 0]["items"][number % 2]["text"] = texts
    written = to_limesurvey_tsv(parse_questionnaire(data, source="x")).decode("utf-8")
    cells = [cell for line in written.splitlines() for cell in line.split("\t")]
    assert not [cell for cell in cells if cell.strip('"')[:1] in set("=+-@") and cell]


def test_an_attribute_that_is_no_json_is_named_and_left_out() -> None:
    asked = parse_questionnaire(every_kind(), source="every kind")
    text = to_lss(asked).decode()
    broken = text.replace('{"code": "T2"', '{"code" "T2"')
    found = read_bytes(broken.encode(), "a.lss")
    assert ("extra_unreadable", "T2") in {(f.code, f.where) for f in found.findings}
    assert scales(found)[0]["items"][1]["code"] == "T2"
