"""A codebook for archives and for programs: valid by the schemas of both standards."""

import hashlib
import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]
from lxml import etree

from analytics.export.codebook import Codebook, codebook_of
from analytics.export.codebook.ddi import write_ddi
from analytics.export.datapackage import package_of, write_datapackage
from tests.analytics.export.samples import sample_data_set
from tests.analytics.export.test_codebook import ABOUT, data_of
from tests.surveys.test_definition_kinds import form_of

HERE = Path(__file__).parent
DDI = {"d": "ddi:codebook:2_5"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def book() -> Codebook:
    return codebook_of(sample_data_set(400), (), ABOUT)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(HERE / "ddi" / "codebook.xsd"))


def written(book: Codebook, path: Path, *files: str) -> etree._ElementTree:
    write_ddi(book, path / "codebook.xml", files=files)
    return etree.parse(path / "codebook.xml")


def found(tree: etree._ElementTree, path: str) -> list[etree._Element]:
    return list(tree.iterfind(path, DDI))


def test_it_is_valid_with_and_without_a_form(
    book: Codebook, schema: etree.XMLSchema, tmp_path: Path
) -> None:
    schema.assertValid(written(book, tmp_path, "data.csv", "data.sav"))
    schema.assertValid(written(codebook_of(sample_data_set(0)), tmp_path))
    form = form_of()
    schema.assertValid(written(codebook_of(data_of(form), [form]), tmp_path))


def test_the_schema_refuses_what_the_standard_refuses(
    book: Codebook, schema: etree.XMLSchema, tmp_path: Path
) -> None:
    for path, attribute in ((".//d:var", "nature"), (".//d:sumStat", "type")):
        tree = written(book, tmp_path)
        found(tree, path)[0].set(attribute, "scale")
        assert not schema.validate(tree)
    tree = written(book, tmp_path)
    found(tree, ".//d:titlStmt")[0].clear()
    assert not schema.validate(tree)


def test_every_reference_points_at_something(book: Codebook, tmp_path: Path) -> None:
    # libxml2 checks neither xs:ID nor xs:IDREFS
    tree = written(book, tmp_path, "data.csv", "data.sav")
    keys = [one.get("ID") for one in tree.iter() if one.get("ID")]
    assert len(keys) == len(set(keys))
    used = {
        key
        for name in ("var", "files")
        for one in tree.iter()
        for key in (one.get(name) or "").split()
    }
    assert used
    assert used <= set(keys)


def test_every_variable_is_described_in_both_languages(
    book: Codebook, tmp_path: Path
) -> None:
    tree = written(book, tmp_path, "data.csv", "data.sav")
    variables = found(tree, ".//d:var")
    assert [one.get("name") for one in variables] == [
        one.variable.name for one in book.entries
    ]
    assert {one.get("files") for one in variables} == {"F1 F2"}
    for one, entry in zip(variables, book.entries, strict=True):
        labels = {label.get(LANG): label.text for label in one.findall("d:labl", DDI)}
        assert labels["en"] == entry.variable.label.en
        if entry.variable.label.en != entry.variable.label.zh_hans:
            assert labels["zh-Hans"] == entry.variable.label.zh_hans
        questions = [q.get(LANG) for q in one.findall("d:qstn/d:qstnLit", DDI)]
        assert questions == (["en", "zh-Hans"] if entry.question else [])
        missing = [item.get("VALUE") for item in one.findall("d:invalrng/d:item", DDI)]
        assert missing == [str(code.value) for code in entry.variable.missing]


def test_its_numbers_are_those_of_the_codebook(book: Codebook, tmp_path: Path) -> None:
    tree = written(book, tmp_path)
    for one, entry in zip(found(tree, ".//d:var"), book.entries, strict=True):
        told = {
            stat.get("type"): float(stat.text or "nan")
            for stat in one.findall("d:sumStat", DDI)
        }
        statistics = entry.statistics
        wanted = {
            "vald": statistics.valid.low,
            "invd": statistics.missing,
            "mean": statistics.mean,
            "stdev": statistics.sd,
        }
        assert told == {key: n for key, n in wanted.items() if n is not None}
        counts = [int(n.text or "") for n in one.findall("d:catgry/d:catStat", DDI)]
        assert counts == [f.n for f in statistics.frequencies if f.n is not None]


def test_a_score_names_what_it_is_made_of(book: Codebook, tmp_path: Path) -> None:
    tree = written(book, tmp_path)
    made = tree.find(".//d:var[@ID='V_TBE_T_score']/d:derivation", DDI)
    assert made is not None
    assert made.get("var") == "V_TBE_T1_keyed V_TBE_T2_keyed V_TBE_T3_keyed"


def test_broken_characters_and_markup_stay_text(book: Codebook, tmp_path: Path) -> None:
    tree = written(book, tmp_path)
    promised = tree.find(".//d:restrctn", DDI)
    assert promised is not None
    assert "a\ufffdb\ufffdc <script>" in (promised.text or "")
    assert len(promised) == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_data_package_fits_its_profile(book: Codebook, language: str) -> None:
    profile = json.loads(
        (HERE / "frictionless" / "tabular-data-package.json").read_text("utf-8")
    )
    described = package_of(book, "data.csv", language)
    Draft4Validator(profile).validate(described)
    fields = {one["name"]: one for one in described["resources"][0]["schema"]["fields"]}
    assert list(fields) == [one.variable.name for one in book.entries]
    item = fields["TBE_T1"]
    assert item["type"] == "integer"
    assert item["constraints"] == {"minimum": 1, "maximum": 7}
    assert item["missingValues"] == ["", "-1", "-2", "-3"]
    assert ("跳过" in item["description"]) is (language == "zh-hans")
    assert fields["participant"]["type"] == "string"
    assert "missingValues" not in fields["by"]


def test_it_names_the_file_by_size_and_digest(book: Codebook, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(b"row\r\n1\r\n")
    write_datapackage(
        book, tmp_path / "datapackage.json", data_file=file, language="en"
    )
    read = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    resource = read["resources"][0]
    assert resource["path"] == "data.csv"
    assert resource["bytes"] == 8
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert resource["hash"] == f"sha256:{digest}"
