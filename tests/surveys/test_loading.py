"""Wording of a published scale: read, checked against its record, stored with a right."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from surveys import actions, loading
from surveys.answer_labels import SUGGESTED, suggested
from surveys.catalogue import Record, catalogue
from surveys.definition import Text, digest
from surveys.interchange import to_lss, to_xlsform
from surveys.models import Organization, QuestionnaireVersion
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from surveys.wording import (
    MOST_ROWS,
    WordingError,
    WordingRow,
    decoded,
    item_code,
    read_rows,
    write_rows,
)
from tests.factories import NOW, make_member, make_organization, signed_in

ADDRESS = "/library/catalogue/spi-trust/load/"
# Sentences of ours under the published codes: no wording of a scale enters here.
ITEMS = {
    "q_1855": ("1", "This is the first of our sentences."),
    "q_4289": ("1", "This is the second of our sentences."),
    "q_377": ("1", "This is the third of our sentences."),
    "q_379": ("1", "This is the fourth of our sentences."),
    "q_871": ("-1", "This is the sentence that is turned."),
}
OTHER = ("q_4296", "Honesty", "-1", "This sentence is about something else.")


def table(*, without: str = "", chinese: bool = False, other: bool = True) -> str:
    lines = ["item,scale,keyed,text_en" + (",text_zh" if chinese else "")]
    for number, (code, (key, text)) in enumerate(ITEMS.items()):
        zh = f",第{number}句我们自己写的话。" if chinese else ""
        lines += [] if code == without else [f"{code},Trust,{key},{text}{zh}"]
    if other:
        lines.append(",".join(OTHER) + (",另一句话。" if chinese else ""))
    return "\n".join(lines)


def sent(step: str = "store", **changed: Any) -> dict[str, Any]:
    return {
        "right": "on",
        "edition": "item dictionary of psychTools 2.4, page 12",
        "wording": table(),
        "step": step,
        **changed,
    }


def text_of(reply: Any) -> str:
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def displayed(record_id: str = "spi-trust") -> Record:
    return catalogue()[record_id].displayed().record


def choices(rows: tuple[WordingRow, ...], **changed: Any) -> loading.Choices:
    known: dict[str, Any] = {
        "dimension_of": loading.suggest(displayed(), rows),
        "low": 1,
        "high": 6,
        "labels": suggested("accuracy", 6),
        "reworded": False,
    }
    return loading.Choices(**{**known, **changed})


def checked(document: str, **changed: Any) -> loading.Checked:
    rows = read_rows(document)
    return loading.check(displayed(), rows, choices(rows, **changed))


def versions(organization: Organization) -> list[QuestionnaireVersion]:
    with organization_scope(organization.pk):
        return list(QuestionnaireVersion.objects.order_by("code", "version"))


# reading


def test_a_table_is_read_row_by_row() -> None:
    rows = read_rows(table())
    assert [row.code for row in rows] == [*ITEMS, OTHER[0]]
    assert [row.reverse for row in rows] == [False] * 4 + [True, True]
    assert rows[0].text == Text("This is the first of our sentences.", "")
    assert rows[0].line == 2


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheet_may_be_pasted(separator: str) -> None:
    assert read_rows(table().replace(",", separator)) == read_rows(table())


def test_columns_go_by_the_names_that_people_use() -> None:
    rows = read_rows("Code,Subscale,Reverse,Wording,中文,pages\nA1,Trust,yes,One.,一,7")
    assert rows == (WordingRow(2, "A1", "Trust", True, Text("One.", "一")),)


def test_what_is_written_is_read_back() -> None:
    rows = read_rows(table(chinese=True))
    assert read_rows(write_rows(rows)) == rows
    quoted = (replace(rows[0], text=Text('"So," he said; "no."', "")),)
    assert read_rows(write_rows(quoted)) == quoted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_are_read_in_their_encoding(encoding: str) -> None:
    document = table(chinese=True)
    assert read_rows(decoded(document.encode(encoding))) == read_rows(document)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "no_wording"),
        ("item,text_en\n\n", "no_wording"),
        ("item,scale\nA1,Trust", "no_text_column"),
        ("item,text,wording\nA1,One.,One.", "same_column"),
        ("item,text_en\n,One.", "blank_code"),
        ("item,text_en\nA1,One.\na-1,Two.\nA1,Three.", "same_code"),
        ("item,text_en\nA1, ", "blank_text"),
        ("item,keyed,text_en\nA1,perhaps,One.", "bad_key"),
        ("text_en\n" + "One.\n" * (MOST_ROWS + 1), "too_many_rows"),
        ('item,text_en\nA1,"' + "x" * 200_000, "not_a_table"),
        ("x" * 500_000, "too_many_rows"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(document: str, code: str) -> None:
    with pytest.raises(WordingError) as refused:
        read_rows(document)
    assert refused.value.code == code
    assert re.search(r"[\u4e00-\u9fff]", refused.value.in_("zh-hans"))


@pytest.mark.parametrize("data", [b"\xff\xfea", b"PK\x03\x04\0\0\xff", b"\x81"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(WordingError, match="neither UTF-8 nor GB18030"):
        decoded(data)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("q_1855", "Q-1855"),
        ("7", "I7"),
        ("sixteen letters!", "SIXTEEN-LETTERS"),
        ("interpersonal_trust_1", "INTERPERSON-8BC1"),
        ("interpersonal_trust_2", "INTERPERSON-E158"),
        ("信任1", "I1-C0EB"),
        ("能力1", "I1-5E4E"),
    ],
)
def test_codes_of_others_become_codes_of_ours(written: str, code: str) -> None:
    assert item_code(written) == code


def test_suggested_labels_are_one_a_point_and_all_different() -> None:
    for kind, by_points in SUGGESTED.items():
        for points, labels in by_points.items():
            assert len(labels) == points, kind
            for language in ("en", "zh-hans"):
                assert len({label.in_(language) for label in labels}) == points


# checking


def test_a_scale_as_published_agrees_with_its_record() -> None:
    found = checked(table())
    assert [(line.published, line.found) for line in found.lines[:2]] == [
        ("5", "5"),
        ("1", "1"),
    ]
    assert {line.verdict for line in found.lines} == {"same"}
    assert [row.code for row in found.left_out] == ["q_4296"]
    assert not found.modified


def test_dimensions_are_found_by_their_codes_where_names_differ() -> None:
    rows = read_rows(table().replace(",Trust,", ",Facet 7,"))
    suggestion = loading.suggest(displayed(), rows)
    assert suggestion == {"Facet 7": "TRUST", "Honesty": None}


@pytest.mark.parametrize(
    ("document", "changed", "differs"),
    [
        (table(without="q_379"), {}, {"trust: items", "trust: codes of the items"}),
        (table(), {"high": 5}, {"answer points"}),
        (
            table().replace("q_871,Trust,-1", "q_871,Trust,1"),
            {},
            {"trust: reverse items", "trust: codes of the reverse items"},
        ),
        (table().replace("q_377", "q_9"), {}, {"trust: codes of the items"}),
        (table(), {"reworded": True}, set()),
    ],
)
def test_every_difference_makes_it_modified(
    document: str, changed: dict[str, Any], differs: set[str]
) -> None:
    if "high" in changed:
        changed["labels"] = suggested("accuracy", 5)
    found = checked(document, **changed)
    assert {x.what.en for x in found.lines if x.verdict == "differs"} == differs
    assert found.modified
    made = loading.compose(found, code="X", version=1)
    assert made.modified
    assert made.name.en.endswith("(modified)")
    assert "published coefficients do not apply" in made.description.en


def test_names_of_ones_own_for_the_items_are_no_difference() -> None:
    document = table(other=False)
    for number, code in enumerate(ITEMS):
        document = document.replace(code, f"T{number}")
    assert not checked(document).modified


def test_a_record_from_memory_compares_nothing() -> None:
    record = displayed("wrightsman-phn")
    rows = read_rows(table())
    found = loading.check(
        record,
        rows,
        choices(
            rows, dimension_of={name: item_code(name) for name in ("Trust", "Honesty")}
        ),
    )
    assert {line.verdict for line in found.lines} == {"unknown"}
    made = loading.compose(found, code="X", version=1)
    assert [scale.code for scale in made.scales] == ["TRUST", "HONESTY"]


@pytest.mark.parametrize("record_id", sorted(catalogue()))
def test_every_record_can_be_loaded(record_id: str) -> None:
    record = displayed(record_id)
    rows = read_rows("item,text_en\nA1,One of our sentences.")
    target = loading.targets(record, rows)[0]
    found = loading.check(record, rows, choices(rows, dimension_of={"": target.code}))
    code = item_code(record_id)
    made = loading.compose(found, code=code, version=1)
    assert made.catalogue == record_id
    assert len(made.licence) <= loading.LONGEST_LICENCE


def test_the_questionnaire_says_what_it_is() -> None:
    made = loading.compose(checked(table()), code="SPI-TRUST", version=1)
    assert made.languages == ("en",)
    assert [item.code for item in made.items] == [item_code(code) for code in ITEMS]
    assert [item.reverse for item in made.items] == [False] * 4 + [True]
    assert made.catalogue == "spi-trust"
    assert made.licence == "David M. Condon (2018), public domain"
    assert made.evidence_level == "E0"
    assert not made.modified


# storing


@pytest.fixture
def owner(organization: Organization) -> Client:
    return signed_in(make_member(organization))


def test_a_scale_is_stored_with_the_right_that_was_stated(
    owner: Client, organization: Organization
) -> None:
    reply = owner.post(ADDRESS, sent(), headers={"Accept-Language": "en"})
    [stored] = versions(organization)
    assert reply["Location"] == reverse("surveys:instrument", args=[stored.pk])
    assert stored.organization_id == organization.pk
    assert (stored.code, stored.version, stored.kind) == (
        "SPI-TRUST",
        1,
        "questionnaire",
    )
    assert stored.digest == digest(stored.questionnaire())
    assert stored.right_statement == (
        f"{loading.STATEMENTS['PD'].en} · item dictionary of psychTools 2.4, page 12"
    )
    assert stored.right_stated_by == "owner@example.org"
    assert stored.published_at is not None
    page = text_of(owner.get(reply["Location"], headers={"Accept-Language": "en"}))
    assert "This is the first of our sentences." in page
    assert "The scale is loaded, for your organization only." in page


def test_other_organizations_see_nothing_of_it(owner: Client) -> None:
    address = owner.post(ADDRESS, sent())["Location"]
    outsider = make_member(make_organization("Hill Coffee"), email="o@example.org")
    assert signed_in(outsider).get(address).status_code == 404
    assert "SPI" not in text_of(signed_in(outsider).get("/library/"))


def test_the_same_wording_twice_is_one_version(
    owner: Client, organization: Organization
) -> None:
    for _ in range(2):
        owner.post(ADDRESS, sent())
    assert len(versions(organization)) == 1
    for _ in range(2):
        owner.post(ADDRESS, sent(reworded="on"))
    first, second = versions(organization)
    assert (second.code, second.version) == ("SPI-TRUST", 2)
    assert second.questionnaire().modified
    lineage = second.questionnaire().lineage
    assert lineage is not None
    assert (lineage.code, lineage.version) == (first.code, 1)


def test_a_code_that_is_taken_is_not_taken_over(
    owner: Client, organization: Organization
) -> None:
    own = loading.compose(checked(table()), code="SPI-TRUST", version=1)
    with organization_scope(organization.pk):
        QuestionnaireVersion.objects.create(
            organization=organization,
            code="SPI-TRUST",
            version=1,
            kind="questionnaire",
            evidence_level="E0",
            source=_yaml(replace(own, catalogue=None)),
            digest=digest(replace(own, catalogue=None)),
        )
    owner.post(ADDRESS, sent())
    assert [v.code for v in versions(organization)] == ["SPI-TRUST", "SPI-TRUST-2"]


def _yaml(questionnaire: Any) -> str:
    from surveys.definition import questionnaire_to_yaml

    return questionnaire_to_yaml(questionnaire)


# what may leave


@pytest.mark.parametrize(
    ("record_id", "statement", "may"),
    [
        (None, "", True),
        (None, "with permission", False),
        ("spi-trust", "public domain", True),
        ("mcallister-1995", "with permission", False),
        ("no-such-record", "", False),
    ],
)
def test_licensed_wording_stays(
    record_id: str | None, statement: str, may: bool
) -> None:
    made = loading.compose(checked(table()), code="X", version=1)
    version = QuestionnaireVersion(
        code="X",
        version=1,
        source=_yaml(replace(made, catalogue=record_id)),
        right_statement=statement,
    )
    assert loading.may_export(version) is may


# the page


def test_the_record_leads_owners_to_the_page(owner: Client, database: None) -> None:
    record = reverse("surveys:catalogue-record", args=["spi-trust"])
    assert f'href="{ADDRESS}"' in text_of(owner.get(record))
    organization = make_organization("Hill Coffee")
    analyst = make_member(organization, email="a@example.org", role=Role.ANALYST)
    assert f'href="{ADDRESS}"' not in text_of(signed_in(analyst).get(record))
    assert signed_in(analyst).get(ADDRESS).status_code == 403


def test_an_unknown_record_has_no_such_page(owner: Client) -> None:
    assert owner.get("/library/catalogue/no-such-scale/load/").status_code == 404


@pytest.mark.parametrize(
    ("record_id", "statement", "permission"),
    [
        ("spi-trust", "PD", False),
        ("mcallister-1995", "ASK", True),
    ],
)
def test_the_statement_goes_by_the_licence(
    owner: Client, record_id: str, statement: str, permission: bool
) -> None:
    address = reverse("surveys:load_scale", args=[record_id])
    for language in ("en", "zh-hans"):
        page = text_of(owner.get(address, headers={"Accept-Language": language}))
        assert loading.STATEMENTS[statement].in_(language) in page
        assert ('name="permission"' in page) is permission


def test_a_look_stores_nothing_and_shows_the_check(
    owner: Client, organization: Organization
) -> None:
    reply = owner.post(ADDRESS, sent("check"), headers={"Accept-Language": "en"})
    page = text_of(reply)
    assert page.count("as published") >= 5
    assert "line 7: q_4296 (Honesty)" in page
    assert "Nothing that the record knows differs" in page
    # labels are suggested, and said to be ours
    assert "not at all like me" in page
    assert "no part of the published wording" in page
    assert 'name="labels_zh_hans"' not in page
    assert versions(organization) == []


def test_an_uploaded_file_fills_the_box(owner: Client) -> None:
    upload = SimpleUploadedFile("scale.csv", table(chinese=True).encode("gb18030"))
    page = text_of(owner.post(ADDRESS, sent("check", wording="", file=upload)))
    assert "q_871,Trust,-1,This is the sentence that is turned.,第4句" in page
    assert 'name="labels_zh_hans"' in page


def test_a_file_of_another_product_brings_its_answers(owner: Client) -> None:
    rows = read_rows(table(chinese=True))
    labels = tuple(Text(f"label {n}", f"标签{n}") for n in range(1, 7))
    found = loading.check(displayed(), rows, choices(rows, labels=labels))
    made = loading.compose(found, code="SPI-TRUST", version=1)
    for name, data in (("a.lss", to_lss(made)), ("a.xlsx", to_xlsform(made))):
        upload = SimpleUploadedFile(name, data)
        reply = owner.post(
            ADDRESS,
            sent("check", wording="", file=upload),
            headers={"Accept-Language": "en"},
        )
        page = text_of(reply)
        assert "label 1 label 2 label 3 label 4 label 5 label 6" in page, name
        assert "标签6" in page
        assert "This is the sentence that is turned." in page
        assert "Nothing that the record knows differs" in page


@pytest.mark.parametrize("name", ["a.xlsx", "a.lss", "a.qsf", "a"])
def test_a_broken_file_of_another_product_is_refused(owner: Client, name: str) -> None:
    upload = SimpleUploadedFile(name, b"PK\x03\x04 broken")
    reply = owner.post(ADDRESS, sent(wording="", file=upload))
    assert 'role="alert"' in text_of(reply)


def test_a_difference_is_shown_before_it_is_stored(owner: Client) -> None:
    changed = sent("check", wording=table(without="q_377"))
    page = text_of(owner.post(ADDRESS, changed, headers={"Accept-Language": "en"}))
    assert "differs" in page
    assert "published coefficients do not apply" in page
    page = text_of(owner.post(ADDRESS, changed, headers={"Accept-Language": "zh-hans"}))
    assert "已发表的系数不适用" in page


def test_other_labels_are_suggested_when_asked_for(owner: Client) -> None:
    first = sent("suggest", kind="frequency", points="5", labels_en="mine")
    page = text_of(owner.post(ADDRESS, first, headers={"Accept-Language": "en"}))
    assert "never rarely sometimes often always" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"right": ""}, "This field is required."),
        ({"edition": " "}, "This field is required."),
        ({"wording": ""}, "There is no wording yet"),
        ({"wording": "item,scale\nA,B"}, "names no column of texts"),
        ({"labels_en": "yes\nno"}, "2 labels for 6 points"),
        ({"points": "12"}, "less than or equal to 11"),
        ({"wording": table(other=False).replace("Trust", "")}, "Check again"),
        (
            {"wording": table(chinese=True).replace(",第2句我们自己写的话。", ",")},
            "q_377: no wording in Chinese",
        ),
        ({"wording": "item,scale,text_en\nA,Other,One."}, "Check again"),
        (
            {"wording": table().replace("first of our", "{slot} of our")},
            "{slot}",
        ),
        ({"labels_en": "a\na\nb\nc\nd\ne"}, "labels[1]"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    owner: Client, organization: Organization, changed: dict[str, str], sentence: str
) -> None:
    step = "check" if sentence == "Check again" else "store"
    reply = owner.post(
        ADDRESS, sent(step, **changed), headers={"Accept-Language": "en"}
    )
    assert sentence in text_of(reply)
    assert versions(organization) == []


def test_rows_of_no_dimension_are_not_loaded(
    owner: Client, organization: Organization
) -> None:
    nothing = sent(wording="item,scale,text_en\nA,One,One.\nB,Two,Two.")
    reply = owner.post(ADDRESS, nothing, headers={"Accept-Language": "en"})
    assert "No row is left" in text_of(reply)
    assert versions(organization) == []


def test_a_file_that_is_no_table_is_refused(owner: Client) -> None:
    for data in (b"\x89PNG\r\n\0\0\xff\xff", b"x" * (5 * 1024 * 1024 + 1)):
        upload = SimpleUploadedFile("scale.csv", data)
        reply = owner.post(ADDRESS, sent(wording="", file=upload))
        assert 'role="alert"' in text_of(reply)


def test_wording_is_text_and_never_markup(owner: Client) -> None:
    marked = table().replace("the first of our", "<script>alert(1)</script> of our")
    page = text_of(owner.post(ADDRESS, sent("check", wording=marked)))
    assert "<script>alert(1)" not in page
    address = owner.post(ADDRESS, sent(wording=marked))["Location"]
    assert "<script>alert(1)" not in text_of(owner.get(address))


# where it is shown


@pytest.mark.parametrize(
    ("reworded", "foot", "chip"),
    [
        ("", "a published scale in its own wording", "published scale"),
        (
            "on",
            "changed from the published wording; published figures do not apply",
            "modified: published coefficients do not apply",
        ),
    ],
)
def test_what_it_is_stands_wherever_it_is_shown(
    owner: Client, organization: Organization, reworded: str, foot: str, chip: str
) -> None:
    english = {"Accept-Language": "en"}
    address = owner.post(ADDRESS, sent(reworded=reworded))["Location"]
    [version] = versions(organization)
    with organization_scope(organization.pk):
        survey = actions.start_survey(
            key=uuid4(),
            organization=organization,
            questionnaire=version,
            outcomes=[],
            title=Text("Trust", "信任"),
            referent="brand",
            comment=False,
            at=NOW,
        )
        wave = actions.open_wave(survey=survey, at=NOW)
    pages = [address, reverse("surveys:dossier", args=[version.pk]), "/library/"]
    for page in pages:
        shown = text_of(owner.get(page, headers=english))
        assert ("odified" in shown) is bool(reworded), page
    survey_page = reverse("surveys:survey", args=[survey.pk])
    assert chip in text_of(owner.get(survey_page, headers=english))
    respondent = text_of(Client().get(f"/s/{wave.pk}/en/", follow=True))
    assert foot in respondent
    assert "a draft mapped to theory" not in respondent
    # one language was loaded: no other is offered
    assert Client().get(f"/s/{wave.pk}/zh-hans/").status_code in {302, 404}


# the real file


def test_the_published_spi_scale_is_loaded_unchanged(
    owner: Client, organization: Organization, shared_data: Path
) -> None:
    upload = SimpleUploadedFile(
        "spi.csv", (shared_data / "spi_trust_wording.csv").read_bytes()
    )
    reply = owner.post(ADDRESS, sent(wording="", file=upload))
    assert reply.status_code == 302
    [stored] = versions(organization)
    asked = stored.questionnaire()
    assert not asked.modified
    codes = displayed().structure.dimensions[0].item_codes
    assert {item.code for item in asked.items} == {item_code(code) for code in codes}
    assert [item.code for item in asked.items if item.reverse] == ["Q-871"]
