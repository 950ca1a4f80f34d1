"""Business outcomes are brought by file, looked at first, and stored once."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from surveys import actions
from surveys.criteria import files
from surveys.criteria.reading import Unclear, date_of, value_of
from surveys.models import (
    Criterion,
    CriterionFile,
    CriterionValue,
    CriterionWindow,
    Organization,
    Participant,
    Promise,
    Survey,
)
from surveys.promise import OUTCOMES, Thresholds, promise_digest
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_organization, make_survey

TODAY = date(2026, 11, 22)


def make_customers(organization: Organization, *numbers: str) -> list[Participant]:
    with organization_scope(organization.pk):
        return [
            Participant.objects.create(organization=organization, key=number)
            for number in numbers
        ]


def make_criterion(
    organization: Organization, code: str = "REPURCHASE", kind: str = "binary"
) -> Criterion:
    with organization_scope(organization.pk):
        return Criterion.objects.create(
            organization=organization,
            code=code,
            name_en="Bought again" if code == "REPURCHASE" else code.title(),
            name_zh_hans="再次购买" if code == "REPURCHASE" else f"指标{code}",
            kind=kind,
            direction="more",
        )


def stored(organization: Organization) -> list[tuple[str, str, date, float]]:
    with organization_scope(organization.pk):
        rows = CriterionValue.objects.order_by(
            "participant__key", "criterion__code", "date"
        )
        return list(
            rows.values_list("participant__key", "criterion__code", "date", "value")
        )


# ------------------------------------------------------------------ dates and values


@pytest.mark.parametrize(
    "text",
    ["2026-03-05", "2026/3/5", "2026.03.05", "20260305", "2026年3月5日",
     "2026-03-05 14:30", "2026-03-05T00:00:00"],
)  # fmt: skip
def test_a_date_with_its_year_first_is_read(text: str) -> None:
    assert date_of(text, today=TODAY) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "text", ["05/03/2026", "3-5-26", "2026-13-01", "2026-02-30", "46086", "", "=A1"]
)
def test_a_date_that_could_be_another_is_refused(text: str) -> None:
    with pytest.raises(Unclear, match="no date that is clear"):
        date_of(text, today=TODAY)


def test_what_has_not_happened_is_no_outcome() -> None:
    assert date_of("2026-11-22", today=TODAY) == TODAY
    with pytest.raises(Unclear, match="has not come yet"):
        date_of("2026-11-23", today=TODAY)


def test_values_are_read_and_nothing_is_guessed() -> None:
    assert [value_of(one, "binary") for one in ("1", "Yes", "是", "否", "0")] == [
        *(1, 1, 1, 0, 0)
    ]
    assert value_of(" 1,234.5 ", "number") == 1234.5
    assert value_of("-2e3", "number") == -2000
    for wrong, kind in (
        ("2", "binary"),
        ("1,5", "number"),
        ("nan", "number"),
        ("1e300", "number"),
        ("12 %", "number"),
    ):
        with pytest.raises(Unclear):
            value_of(wrong, kind)


# ------------------------------------------------------------------------ the page


LIST = (
    "Customer no,Date,Bought again,SPEND,Note\n"
    "c-1,2026-03-01,yes,120.5,x\n"
    "C-2,2026-03-01,no,,\n"
    "C-9,2026-03-01,1,3,not one of ours\n"
    'C-3,01/03/2026,1,3,"wrong date"\n'
    ",2026-03-01,1,3,nobody\n"
    "C-3,2026-03-01,maybe,3,\n"
    "C-3,2026-03-02,1\n"
)


def send(owner: Client, text: str | bytes, name: str = "values.csv") -> str:
    data = text.encode() if isinstance(text, str) else text
    reply = owner.post(
        "/people/outcomes/", {"bring": "1", "file": SimpleUploadedFile(name, data)}
    )
    assert reply.status_code == 302, reply.content.decode()
    return str(reply["Location"])


def test_a_file_is_looked_at_first_and_stored_once(
    owner: Client, organization: Organization
) -> None:
    make_customers(organization, "C-1", "C-2", "C-3")
    make_criterion(organization)
    make_criterion(organization, "SPEND", "number")
    place = send(owner, LIST)
    page = owner.get(place).content.decode()
    assert stored(organization) == []
    for told in ("“01/03/2026” is no date", "There is no number", "“maybe”"):
        assert told in page
    assert "another number of cells" in page
    assert "C-9" in page
    reply = owner.post(place, {"step": "store"})
    assert reply.status_code == 302
    day = date(2026, 3, 1)
    assert stored(organization) == [
        ("C-1", "REPURCHASE", day, 1.0),
        ("C-1", "SPEND", day, 120.5),
        ("C-2", "REPURCHASE", day, 0.0),
    ]
    with organization_scope(organization.pk):
        assert not CriterionFile.objects.exists()
    assert owner.post(place, {"step": "store"}).status_code == 404
    # the same file once more changes nothing
    place = send(owner, LIST)
    page = owner.get(place).content.decode()
    assert 'value="store"' not in page


def test_columns_are_chosen_by_hand_where_titles_say_nothing(
    owner: Client, organization: Organization
) -> None:
    make_customers(organization, "甲1")
    make_criterion(organization)
    place = send(owner, "a;b;c\n甲1;2026年3月1日;有\n".encode("gb18030"))
    assert "Choose a column for the number" in owner.get(place).content.decode()
    chosen = {"step": "look", "column-0": "number", "column-1": "date"}
    assert owner.post(place, chosen).status_code == 422
    chosen["column-2"] = "REPURCHASE"
    assert owner.post(place, chosen).status_code == 302
    owner.post(place, {"step": "store"})
    assert [row[3] for row in stored(organization)] == [1.0]


def test_a_workbook_is_read_like_a_list(
    owner: Client, organization: Organization
) -> None:
    import xlsxwriter

    make_customers(organization, "C-1")
    make_criterion(organization)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["number", "date", "REPURCHASE"])
    sheet.write_string(1, 0, "C-1")
    sheet.write_datetime(
        1, 1, NOW.replace(tzinfo=None), book.add_format({"num_format": "yyyy-mm-dd"})
    )
    sheet.write_number(1, 2, 1)
    book.close()
    place = send(owner, made.getvalue(), "values.xlsx")
    owner.post(place, {"step": "store"})
    assert stored(organization) == [("C-1", "REPURCHASE", NOW.date(), 1.0)]


def test_what_is_no_list_is_refused(owner: Client, organization: Organization) -> None:
    make_criterion(organization)
    file = SimpleUploadedFile("values.csv", b"\0\0\0\0\0")
    reply = owner.post("/people/outcomes/", {"bring": "1", "file": file})
    assert reply.status_code == 422
    assert "neither CSV nor .xlsx" in reply.content.decode()


def test_an_outcome_is_added_once_and_removed_with_its_values(
    owner: Client, organization: Organization
) -> None:
    filled = {
        "add": "1",
        "code": "CHURN",
        "name_en": "Left",
        "name_zh_hans": "流失",
        "kind": "binary",
        "direction": "less",
    }
    assert owner.post("/people/outcomes/", filled).status_code == 302
    assert (
        owner.post("/people/outcomes/", filled | {"code": "churn"}).status_code == 422
    )
    # no kind is chosen for anybody
    without = {key: text for key, text in filled.items() if key != "kind"}
    assert owner.post("/people/outcomes/", without | {"code": "B"}).status_code == 422
    with organization_scope(organization.pk):
        (criterion,) = Criterion.objects.all()
    reply = owner.post(f"/people/outcomes/{criterion.pk}/remove/")
    assert reply.status_code == 302
    with organization_scope(organization.pk):
        assert not Criterion.objects.exists()


def test_files_that_nobody_decided_about_are_forgotten(database: None) -> None:
    organization = make_organization()
    make_criterion(organization)
    with organization_scope(organization.pk):
        files.upload(
            organization=organization, filename="a.csv", data=b"number,date\n", at=NOW
        )
    assert files.forget_files(NOW + files.KEPT) == 0
    assert files.forget_files(NOW + files.KEPT + timedelta(seconds=1)) == 1


# -------------------------------------------------------------- promise and window


def test_the_promise_says_it_and_the_wave_keeps_it(
    owner: Client, organization: Organization
) -> None:
    survey = make_survey(organization, mode=Survey.Mode.IDENTIFIED)
    make_form(survey)
    with organization_scope(organization.pk):
        before = actions.open_wave(survey=survey, at=NOW)
        actions.close_wave(wave_id=before.pk, at=NOW)
    address = f"/surveys/{survey.pk}/outcomes/"
    filled = {"joins_outcomes": "on", "first_day": "1", "last_day": "90"}
    assert owner.post(address, filled).status_code == 422  # nothing is assumed
    backwards = filled | {"last_day": "1", "first_day": "2", "take": "last"}
    assert owner.post(address, backwards).status_code == 422
    assert owner.post(address, filled | {"take": "highest"}).status_code == 302
    with organization_scope(organization.pk):
        window = CriterionWindow.objects.get()
        assert (window.first_day, window.last_day, window.take) == (1, 90, "highest")
        survey.refresh_from_db()
        wave = actions.open_wave(survey=survey, at=timezone.now())
        told = Promise.objects.get(wave=wave)
        silent = Promise.objects.get(wave=before)
    assert OUTCOMES.en in told.text_en
    assert OUTCOMES.zh_hans in told.text_zh_hans
    assert OUTCOMES.en not in silent.text_en
    assert told.digest == promise_digest(
        "identified", Thresholds(), joins_outcomes=True
    )
    assert silent.digest == promise_digest("identified", Thresholds())
    page = owner.get(address).content.decode()
    assert page.count("never joined") == 1
    assert page.count("told: joined") == 1
    # the wave that was not told stays so, whatever anybody sets later
    with (
        pytest.raises(IntegrityError, match="wave_joining_is_frozen"),
        organization_scope(organization.pk),
    ):
        type(wave).objects.filter(pk=before.pk).update(joins_outcomes=True)


@pytest.mark.parametrize("mode", ["open", "anonymous", "confidential"])
def test_only_identified_surveys_have_the_page(
    owner: Client, organization: Organization, mode: str
) -> None:
    survey = make_survey(organization, mode=mode)
    assert owner.get(f"/surveys/{survey.pk}/outcomes/").status_code == 404
