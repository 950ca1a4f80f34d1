"""Files that mean harm, or are broken: one sentence, soon, within the memory allowed."""

import contextlib
import io
import json
import string
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from surveys.definition import parse_questionnaire
from surveys.interchange import (
    LARGEST_FILE,
    ImportRefused,
    read_file,
    to_limesurvey_tsv,
    to_lss,
    to_xlsform,
)
from surveys.interchange.child import MEMORY
from surveys.interchange.reading import read_bytes
from surveys.interchange.sentences import FINDINGS, REFUSALS
from tests.surveys.interchange.test_xlsform import workbook
from tests.surveys.test_definition_kinds import every_kind

ROOT = Path(__file__).resolve().parents[3]
MOST_SECONDS = 10
MOST_MEMORY = 512 * 1024 * 1024  # bytes


def refusal(data: bytes, filename: str) -> ImportRefused:
    """The refusal of `data`, which came soon and reads in both languages."""
    start = time.monotonic()
    with pytest.raises(ImportRefused) as refused:
        read_file(data, filename=filename)
    assert time.monotonic() - start < MOST_SECONDS
    english, chinese = refused.value.in_("en"), refused.value.in_("zh-hans")
    assert english != chinese
    assert "\n" not in english + chinese
    return refused.value


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE document [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
    + "]><document><LimeSurveyDocType>&k;</LimeSurveyDocType></document>"
)
EXTERNAL = (
    '<!DOCTYPE document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<document><LimeSurveyDocType>Survey</LimeSurveyDocType>"
    "<surveys><rows><row><language>&x;</language></row></rows></surveys></document>"
)


@pytest.mark.parametrize(
    ("text", "encoding"), [(BILLION_LAUGHS, "utf-16"), (EXTERNAL, "utf-8")]
)
def test_entities_of_a_files_own_are_refused(text: str, encoding: str) -> None:
    assert refusal(text.encode(encoding), "bomb.lss").code == "dtd"


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return stream.getvalue()


def test_an_archive_that_unpacks_to_much_is_refused() -> None:
    zeros = bytes(61_000_000)
    bomb = archive({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": zeros})
    assert len(bomb) < 100_000
    assert refusal(bomb, "bomb.xlsx").code == "unpacks_too_large"


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    """The size in the directory is not believed: bytes are counted while unpacked."""
    zeros = bytes(61_000_000)
    bomb = archive({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": zeros})
    lie = bomb.replace(len(zeros).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != bomb
    assert refusal(lie, "bomb.xlsx").code in ("bad_archive", "unpacks_too_large")


def test_an_archive_of_many_parts_is_refused() -> None:
    parts = {f"xl/{n}.xml": b"" for n in range(600)}
    bomb = archive({"xl/workbook.xml": b"<x/>", **parts})
    assert refusal(bomb, "bomb.xlsx").code == "unpacks_too_large"


def test_a_cell_in_the_far_corner_takes_no_memory() -> None:
    """A reader that lays out the whole sheet would need 17 thousand million cells."""
    made = workbook(survey=[["type", "name", "label"]])
    with zipfile.ZipFile(io.BytesIO(made)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", far)
    code = refusal(archive(parts), "far.xlsx").code
    assert code in ("too_demanding", "unpacks_too_large", "bad_archive")


def test_a_document_type_inside_a_workbook_is_refused() -> None:
    parts = {"xl/workbook.xml": BILLION_LAUGHS.encode()}
    assert refusal(archive(parts), "bomb.xlsx").code == "dtd"


def xlsform(number: int) -> bytes:
    questions: list[list[object]] = [["text", f"A{n}", "Q?"] for n in range(number)]
    return workbook(survey=[["type", "name", "label"], *questions])


def lss(number: int) -> bytes:
    rows = "".join(
        f"<row><qid>{n}</qid><gid>1</gid><type>T</type><title>A{n}</title>"
        f"<question>Q{n}?</question><language>en</language></row>"
        for n in range(number)
    )
    return (
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType>"
        f"<questions><rows>{rows}</rows></questions></document>"
    ).encode()


def tsv(number: int) -> bytes:
    heading = "id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\thelp\tlanguage"
    rows = (f"\t\tQ\tT\tA{n}\t1\tQ{n}?\t\ten" for n in range(number))
    return "\n".join([heading, *rows]).encode()


def csv(number: int) -> bytes:
    rows = (f"A{n},Care,Question {n}?" for n in range(number))
    return "\n".join(["item,scale,text", *rows]).encode()


def qsf(number: int) -> bytes:
    payload = {"QuestionType": "TE", "Selector": "SL", "QuestionText": "Q?"}
    elements = [
        {"Element": "SQ", "PrimaryAttribute": f"QID{n}", "Payload": payload}
        for n in range(number)
    ]
    return json.dumps({"SurveyElements": elements}).encode()


def yaml(number: int) -> bytes:
    items = "".join(f"  - {{code: A{n}}}\n" for n in range(number))
    return f"scales:\n- code: A\n  items:\n{items}".encode()


MAKERS: dict[str, Callable[[int], bytes]] = {
    "a.xlsx": xlsform,
    "a.lss": lss,
    "a.txt": tsv,
    "a.csv": csv,
    "a.qsf": qsf,
    "a.yaml": yaml,
}


@pytest.mark.parametrize("filename", MAKERS)
def test_ten_thousand_items_are_refused(filename: str) -> None:
    refused = refusal(MAKERS[filename](10_000), filename)
    # of YAML the parts are counted, not the items: it would be read for too long
    assert refused.code == ("too_demanding" if filename == "a.yaml" else "too_many")
    if refused.code == "too_many":
        assert "500" in refused.in_("en")


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.xlsx", "empty"),
        (b" \n ", "a.csv", "empty"),
        (b"PK\x03\x04 no archive", "a.xlsx", "bad_archive"),
        (archive({"word/document.xml": b"<x/>"}), "a.docx", "unknown_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "unknown_kind"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.png", "encoding"),
        (b"Dear all,\nplease answer.\n", "a.md", "unknown_kind"),
        (b"<html><body>Hello</body></html>", "a.lss", "not_limesurvey"),
        (b"<document><LimeSurveyDocType>Sur", "a.lss", "bad_xml"),
        (b"\xef\xbb\xbf<document>\x00</document>", "a.lss", "encoding"),
        (b'<?xml version="1.0" encoding="EBCDIC"?><document/>', "a.lss", "encoding"),
        (b"scales: &a [*a]", "a.yaml", "bad_yaml"),
        (b"- just\n- a list", "a.yaml", "not_a_questionnaire"),
        (b"!!python/object/apply:os.system [exit]", "a.yaml", "bad_yaml"),
    ],
)
def test_broken_files_are_one_sentence(data: bytes, filename: str, code: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_bytes(data, filename)
    assert refused.value.code == code
    assert refused.value.in_("en") != refused.value.in_("zh-hans")


@pytest.mark.parametrize("filename", ["a.yaml", "a.qsf", "a.lss"])
def test_deep_nesting_is_refused(filename: str) -> None:
    start = {"a.yaml": b"[", "a.qsf": b'{"a":', "a.lss": b"<a>"}[filename]
    assert refusal(start * 500_000, filename).code == "too_deep"


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    refused = refusal(bytes(LARGEST_FILE + 1), "a.csv")
    assert refused.code == "too_large"
    assert "5,000,001" in refused.in_("en")


ASKED = parse_questionnaire(every_kind(), source="every kind")
WHOLE = {
    "a.xlsx": to_xlsform(ASKED),
    "a.lss": to_lss(ASKED),
    "a.txt": to_limesurvey_tsv(ASKED),
}


@pytest.mark.parametrize("filename", WHOLE)
def test_a_file_cut_off_is_refused_or_read_up_to_there(filename: str) -> None:
    whole = WHOLE[filename]
    for tenth in range(1, 10):
        data = whole[: tenth * len(whole) // 10]
        with contextlib.suppress(ImportRefused):
            read_bytes(data, filename)
            # a table has no end mark; the others are refused
            assert filename == "a.txt"


@pytest.mark.parametrize("filename", WHOLE)
def test_a_damaged_file_raises_nothing_but_a_refusal(filename: str) -> None:
    whole = WHOLE[filename]
    for place in range(20, len(whole), len(whole) // 30):
        data = bytearray(whole)
        data[place] ^= 0x04
        with contextlib.suppress(ImportRefused):
            read_bytes(bytes(data), filename)


def test_html_made_to_be_slow_ends_in_time() -> None:
    start = time.monotonic()
    with contextlib.suppress(ImportRefused):
        text = "<script>" * 15_000
        read_file(f'item,text\nA1,"{text}"\n'.encode(), filename="a.csv")
    assert time.monotonic() - start < MOST_SECONDS


def test_markup_in_messages_is_left_to_the_page_and_kept_short() -> None:
    table = f"item,keyed,text\nA1,<img src=x onerror=alert(1)>{'x' * 5000},One?\n"
    found = read_bytes(table.encode(), "a.csv").findings
    (finding,) = (one for one in found if one.code == "bad_keying")
    for language in ("en", "zh-hans"):
        assert len(finding.in_(language)) < 500
        assert "\n" not in finding.in_(language)


def test_a_sentence_with_braces_is_not_filled_in_again() -> None:
    table = "item,keyed,text\nA1,{0.__class__},One?\n"
    finding = read_bytes(table.encode(), "a.csv").findings[0]
    assert "{0.__class__}" in finding.in_("en")


MEASURE = """
import resource, subprocess, sys
from surveys.interchange import confined
try:
    confined.read_file(open(sys.argv[1], "rb").read(), filename=sys.argv[1])
except confined.ImportRefused as refused:
    print(refused.code, file=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


@pytest.mark.parametrize("name", ["wide.xlsx", "long.csv"])
def test_reading_takes_less_than_the_memory_allowed(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    wide: list[list[object]] = [["x" * 30] * 200 for _ in range(500)]
    makers = {
        "wide.xlsx": lambda: workbook(survey=wide),
        "long.csv": lambda: b"text\n" + b"word " * 900_000,
    }
    path.write_bytes(makers[name]()[:LARGEST_FILE])
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        cwd=ROOT,
    )
    assert 1_000_000 < int(measured.stdout) < MOST_MEMORY
    assert MEMORY < MOST_MEMORY


def test_the_child_starts_soon_and_imports_no_framework() -> None:
    command = (
        "import sys; import surveys.interchange.child, surveys.interchange.reading; "
        "print(sorted({'django', 'numpy', 'psycopg', 'pyxform'} & set(sys.modules)))"
    )
    start = time.process_time()
    done = subprocess.run(
        [sys.executable, "-c", command],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == "[]"
    assert time.process_time() - start < 1


def test_nothing_of_the_environment_reaches_the_child(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder on PYTHONPATH, or the current one, cannot put a module in the way."""
    (tmp_path / "yaml.py").write_text("raise SystemExit(0)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found = read_file(b"item,text\nA1,One?\n", filename="a.csv")
    assert found.kind == "items"


def test_every_sentence_is_there_in_both_languages_with_the_same_values() -> None:
    for sentence in (*FINDINGS.values(), *REFUSALS.values()):
        assert sentence.en
        assert sentence.zh_hans
        if "detail" not in sentence.en:
            english = sorted(set(_fields(sentence.en)))
            assert english == sorted(set(_fields(sentence.zh_hans))), sentence.en


def _fields(sentence: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(sentence) if name]


def test_a_damaged_part_is_a_damaged_archive() -> None:
    good = archive({"xl/workbook.xml": b"<x/>" * 1000})
    place = good.index(b"xl/workbook.xml") + 20
    broken = good[:place] + bytes(8) + good[place + 8 :]
    assert broken != good
    assert refusal(broken, "a.xlsx").code == "bad_archive"
