"""The bundle proves its report in R and in Python, and says so where it does not."""

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from analytics.export.bundle.design import design_of
from analytics.export.bundle.making import digest_of, make_bundle, script_names
from analytics.export.bundle.reach import Held, numbers_of, reach_of
from analytics.export.bundle.rules import CHECKED, OUT_OF_REACH, RULES
from analytics.export.bundle.words import Origin
from analytics.export.codebook import codebook_of
from analytics.export.dataset import Column
from analytics.plan import Text
from tests.analytics.export.bundle.studies import (
    Study,
    of_customers,
    of_employees,
    of_few_questions,
    of_two_brands,
)

ORIGIN = Origin(
    "Harbour Tea", "2026-01-20", Text("Analysis of wave 1", "第 1 轮分析"), "0.1.0"
)
STUDIES: dict[str, Callable[[], Study]] = {
    "customers": of_customers,
    "employees": of_employees,
    "two brands": of_two_brands,
}


def packed(study: Study, folder: Path) -> Path:
    told: list[int] = []
    path = folder / "bundle.zip"
    make_bundle(
        study.data,
        study.report,
        codebook_of(study.data),
        path,
        origin=ORIGIN,
        parts={},
        language="en",
        tell=told.append,
    )
    assert told[-1] == study.data.rows
    assert [one.name for one in folder.iterdir()] == ["bundle.zip"]
    return path


def unpacked(study: Study, folder: Path) -> Path:
    made = folder / "made"
    made.mkdir(parents=True)
    target = folder / "bundle"
    zipfile.ZipFile(packed(study, made)).extractall(target)
    return target


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(of_customers(), tmp_path_factory.mktemp("customers"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(of_few_questions(), tmp_path_factory.mktemp("small"))


@pytest.fixture
def copied(small: Path, tmp_path: Path) -> Path:
    return shutil.copytree(small, tmp_path / "copy")


def python(folder: Path) -> tuple[int, str]:
    program = [sys.executable, "-B", "reproduce.py"]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True)
    assert not done.stderr
    return done.returncode, done.stdout


def r(rscript: Path, folder: Path) -> tuple[int, str]:
    program = [str(rscript), "reproduce.R"]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def in_table(said: str) -> tuple[int, int, int, int]:
    """All, equal, not equal, out of reach."""
    found = [int(n) for n in re.findall(r"^\D+?  +(\d+)$", said, re.MULTILINE)]
    return found[0], found[1], found[2], found[3]


def require_whole(script: str, status: int, said: str, folder: Path) -> None:
    reach = json.loads((folder / "reach.json").read_text(encoding="utf-8"))
    known = {code for code, rule in RULES.items() if getattr(rule, script) is not None}
    checked = [one for one in reach["numbers"].values() if one in known]
    assert status == 0, said
    out = len(reach["numbers"]) - len(checked)
    assert in_table(said) == (len(reach["numbers"]), len(checked), 0, out)
    assert "FAILED" not in said


def test_python_reproduces_every_number_in_reach(customers: Path) -> None:
    require_whole("python", *python(customers), customers)


def test_r_reproduces_every_number_in_reach(rscript: Path, customers: Path) -> None:
    require_whole("r", *r(rscript, customers), customers)


@pytest.mark.long
@pytest.mark.parametrize(
    "study",
    [
        lambda: of_customers(600),
        lambda: of_customers(1200),
        of_employees,
        of_two_brands,
    ],
    ids=["600 customers", "1200 customers in comparable languages", "staff", "two"],
)
def test_whole_studies_are_reproduced_in_both(
    rscript: Path, tmp_path: Path, study: Callable[[], Study]
) -> None:
    folder = unpacked(study(), tmp_path)
    for script, done in (("python", python(folder)), ("r", r(rscript, folder))):
        print(done[1])
        require_whole(script, *done, folder)


@pytest.mark.parametrize("name", STUDIES)
def test_every_number_is_checked_or_listed_with_a_reason(name: str) -> None:
    study = STUDIES[name]()
    report = json.loads(study.report)
    held = design_of(study.data).held(study.data.rows, report)
    rules = reach_of(report, held)
    assert list(rules) == [pointer for pointer, _ in numbers_of(report)]
    unknown = [pointer for pointer, rule in rules.items() if rule == "unknown"]
    assert not unknown
    # what nobody says it is: only these reasons occur where everything is exported
    reasons = {rule for rule in rules.values() if RULES[rule].r is None}
    known = {"bootstrap", "draws", "setting", "words", "improper", "robust_interval"}
    assert reasons <= known


def test_a_kind_of_number_without_a_rule_is_found() -> None:
    report = json.loads(of_employees().report)
    report["scales"]["EOT.MR"]["skill"] = {"estimate": 1.5}
    report["novelty"] = [1, True, None, "2"]
    rules = reach_of(report, held_whole(report))
    unknown = {pointer for pointer, rule in rules.items() if rule == "unknown"}
    assert unknown == {"/scales/EOT.MR/skill/estimate", "/novelty/0"}


def held_whole(report: Any) -> Held:
    scales = [*report["scales"].values(), *report["outcomes"].values()]
    items = frozenset(item for scale in scales for item in scale["items"])
    return Held(report["n_rows"], items, languages=True)


def test_what_the_data_do_not_hold_is_out_of_reach() -> None:
    report = json.loads(of_customers().report)
    whole = held_whole(report)
    checked = {p for p, rule in reach_of(report, whole).items() if rule in CHECKED}

    def reasons(held: Held) -> dict[str, str]:
        return {p: rule for p, rule in reach_of(report, held).items() if p in checked}

    fewer = reasons(replace(whole, rows=whole.rows - 1))
    assert set(fewer.values()) == {"rows_differ"}
    spoken = reasons(replace(whole, languages=False))
    hidden = {p for p, rule in spoken.items() if rule == "language_not_exported"}
    assert hidden == {p for p in checked if re.match("/(by_instrument|groups)/", p)}
    coarse = reasons(replace(whole, items=whole.items - {"TBE.T1"}))
    assert coarse["/scales/TBE.T/mean/estimate"] == "not_exported"
    assert coarse["/scales/TBE.C/mean/estimate"] == "level"
    assert coarse["/scales/TBE.C/ave/estimate"] == "not_exported"
    assert coarse["/cfa/chi2"] == coarse["/dimensionality/kmo"] == "not_exported"
    assert coarse["/htmt/TBE.T~0~0TBE.C"] == "not_exported"
    assert coarse["/htmt/TBE.C~0~0TBE.A"] == "htmt"
    report["settings"]["rotation"] = "promax"
    assert reach_of(report, whole)["/factors/phi/0/1"] == "other_settings"
    assert reach_of(report, whole)["/cfa/chi2"] == "fit"


def less_a_scale(study: Study, scale: str) -> Study:
    """The same study as checked rows may hold it: a scale has stayed behind."""
    places = [k for k, one in enumerate(study.data.variables) if one.scale != scale]

    def blocks() -> Iterator[tuple[Column, ...]]:
        for block in study.data.blocks():
            yield tuple(block[place] for place in places)

    variables = tuple(study.data.variables[place] for place in places)
    return Study(replace(study.data, variables=variables, blocks=blocks), study.report)


def test_what_is_there_is_proved_where_a_scale_stayed_behind(
    rscript: Path, tmp_path: Path
) -> None:
    study = of_few_questions()
    folder = unpacked(less_a_scale(study, "CARE"), tmp_path)
    reach = json.loads((folder / "reach.json").read_text(encoding="utf-8"))["numbers"]
    assert reach["/scales/CARE/mean/estimate"] == "not_exported"
    assert reach["/scales/SKILL/mean/estimate"] == "level"
    require_whole("python", *python(folder), folder)
    require_whole("r", *r(rscript, folder), folder)
    # what is there is still checked
    changed_cell(folder)
    sealed_again(folder)
    status, said = python(folder)
    assert status == 1
    assert "FAILED /scales/SKILL/mean/estimate: report" in said


def test_rules_say_how_or_why_in_both_languages() -> None:
    for rule in RULES.values():
        assert rule.how.en
        assert rule.how.zh_hans
        assert rule.how.en != rule.how.zh_hans
    assert all(one.python is not None and one.r is not None for one in CHECKED.values())
    assert all(one.python is None and one.r is None for one in OUT_OF_REACH.values())


def changed_report(folder: Path) -> str:
    path = folder / "report.json"
    report = json.loads(path.read_text(encoding="utf-8"))
    report["scales"]["CARE"]["alpha"]["raw"]["estimate"] += 1e-6
    path.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return "/scales/CARE/alpha/raw/estimate: report"


def changed_cell(folder: Path) -> str:
    path = folder / "data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    column = rows[0].index("SKILL1")
    rows[7][column] = "1" if rows[7][column] == "2" else "2"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return "/scales/SKILL/mean/estimate: report"


def unlisted_number(folder: Path) -> str:
    path = folder / "reach.json"
    reach = json.loads(path.read_text(encoding="utf-8"))
    del reach["numbers"]["/cfa/chi2"]
    path.write_text(json.dumps(reach, ensure_ascii=False), encoding="utf-8")
    return "/cfa/chi2: reach.json does not say"


PLANTED = {
    "report.json": changed_report,
    "data.csv": changed_cell,
    "reach.json": unlisted_number,
}


def sealed_again(folder: Path) -> None:
    """A forger sets the digests right; the numbers must still betray him."""
    names = sorted(p.name for p in folder.iterdir() if p.name != "SHA256SUMS")
    lines = [f"{digest_of(folder / name)}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def test_planted_errors_are_found_by_python(copied: Path) -> None:
    betrayed = [plant(copied) for plant in PLANTED.values()]
    sealed_again(copied)
    (copied / "data.parquet").write_bytes(b"PAR1")
    (copied / "codebook.xml").unlink()
    status, said = python(copied)
    assert status == 1
    for one in betrayed:
        assert f"FAILED {one}" in said
    assert "FAILED codebook.xml: not there" in said
    # the others were sealed again: their numbers alone betray them
    assert re.findall(r"(\S+): changed since it was made", said) == ["data.parquet"]


def test_planted_errors_are_found_by_r(rscript: Path, copied: Path) -> None:
    """All three in one run: R takes its time."""
    betrayed = [plant(copied) for plant in PLANTED.values()]
    (copied / "LICENSE.txt").write_text("anything goes", encoding="utf-8")
    (copied / "codebook.xml").unlink()
    status, said = r(rscript, copied)
    assert status == 1
    for one in betrayed:
        assert f"FAILED {one}" in said
    for name in (*PLANTED, "LICENSE.txt"):
        assert f"FAILED {name}: changed since it was made" in said
    assert "FAILED codebook.xml: not there" in said


def test_a_report_that_is_cut_off_is_told_by_python(copied: Path) -> None:
    (copied / "report.json").write_text('{"n_rows"', encoding="utf-8")
    status, said = python(copied)
    assert status == 1
    assert "report.json: changed" in said
    assert "This folder cannot be read" in said


def test_scripts_know_nothing_of_the_software(customers: Path) -> None:
    for name in script_names():
        text = (customers / name).read_text(encoding="utf-8")
        assert not re.search(r"\b(analytics|surveys|trustsurvey|django)\b", text)
        assert re.search(r"\b(import|source|library)\b|<-", text)


def test_the_same_input_makes_the_same_bytes(tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    first.mkdir()
    again.mkdir()
    study = of_few_questions()
    assert digest_of(packed(study, first)) == digest_of(packed(study, again))
    with zipfile.ZipFile(first / "bundle.zip") as found:
        assert {one.date_time for one in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_bundle_explains_itself_in_both_languages(customers: Path) -> None:
    names = {one.name for one in customers.iterdir()}
    sums = (customers / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ")[1] for line in sums} == names - {"SHA256SUMS"}
    english = (customers / "README.md").read_text(encoding="utf-8")
    chinese = (customers / "README.zh.md").read_text(encoding="utf-8")
    reach = json.loads((customers / "reach.json").read_text(encoding="utf-8"))
    for code in set(reach["numbers"].values()):
        assert RULES[code].how.en in english
        assert RULES[code].how.zh_hans in chinese
    for name in names - {"README.md", "README.zh.md"}:
        assert name in english
        assert name in chinese
    cited = yaml.safe_load((customers / "CITATION.cff").read_text(encoding="utf-8"))
    # what the format demands (cff-version 1.2.0), and the types it allows
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert cited["authors"] == [{"name": "Harbour Tea"}]
    assert str(cited["date-released"]) == "2026-01-20"
    value = cited["identifiers"][0]["value"]
    assert value == f"sha256:{digest_of(customers / 'data.csv')}"


def columns(folder: Path) -> Iterator[str]:
    with (folder / "data.csv").open(encoding="utf-8") as file:
        yield from next(csv.reader(file))


def test_the_design_names_columns_that_are_there(customers: Path) -> None:
    design = json.loads((customers / "design.json").read_text(encoding="utf-8"))
    asked = {one["column"] for one in design["items"].values()}
    assert {*asked, design["language"]["column"]} <= set(columns(customers))
    assert design["language"]["codes"]["zh-hans"]["code"] == "2"
