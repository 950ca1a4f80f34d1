"""A form with every kind of question: answered, closed, analysed and exported."""

import csv
import io
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from analytics.actions import request_analysis, run_analysis
from analytics.export.gathering import data_set_of
from analytics.form_plan import plan_of
from analytics.models import Analysis
from analytics.responses import load_responses
from analytics.sentences import BadInput
from surveys import actions, definition
from surveys.models import Comment, Membership, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    EVERY_KIND,
    NOW,
    answer_address,
    every_kind_form,
    make_every_kind_wave,
    make_member,
    make_response,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("database")


def answer(client: Client, wave: Wave, number: int) -> None:
    """Send answers through the intake: some had an event, some did not."""
    random = Random(number)
    for _ in range(number):
        trust = random.gauss(3, 1)
        sent = {
            f"ALL.T{place}": str(min(5, max(1, round(trust + random.gauss(0, 0.7)))))
            for place in range(1, 5)
        }
        sent |= {
            "ALL.B1": random.choice("12"),
            "ALL.B2": "It was late.",
            "ALL.B3": str(random.randrange(601)),
            "ALL.B4": random.choice(["13", "na"]),
            "ALL.B5": "4",
            "ALL.P1": str(random.randrange(11)),
            "ALL.P2": str(random.randrange(11)),
        }
        assert client.post(answer_address(wave), sent).status_code == 303


def analysed(wave: Wave) -> Analysis:
    with organization_scope(wave.organization_id):
        actions.close_wave(wave_id=wave.pk, at=NOW)
        asked = request_analysis(wave=wave, at=NOW)
    run_analysis(organization_id=wave.organization_id, analysis_id=asked.pk)
    with organization_scope(wave.organization_id):
        return Analysis.objects.get(pk=asked.pk)


def test_only_ratings_of_scored_scales_are_analysed(client: Client) -> None:
    wave = make_every_kind_wave()
    answer(client, wave, 60)
    found = analysed(wave)
    assert (found.status, found.failure) == ("done", "")
    assert '"ALL.T"' in found.result
    assert '"ALL.P"' in found.result
    for code in ("ALL.B", "ALL.B1", "ALL.B3", "ALL.B5"):
        assert f'"{code}"' not in found.result
    with organization_scope(wave.organization_id):
        data = load_responses(wave, every_kind_form()).data
    assert data.item_codes == tuple(i.code for i in every_kind_form().scored_items)


def test_a_number_off_its_range_is_loud_though_it_is_not_analysed() -> None:
    wave = make_every_kind_wave()
    answers = [1] * every_kind_form().item_count
    answers[5] = 601
    make_response(wave, answers)
    found = analysed(wave)
    assert found.status == "failed"
    assert "ALL.B3" in found.failure


def test_a_form_without_a_scale_of_trust_says_so() -> None:
    asked = definition.parse_questionnaire(
        EVERY_KIND.read_text(encoding="utf-8"), source="every kind"
    )
    form = definition.compile_form(
        [definition.FormPart(asked, short=False, scales=("B",))],
        title=definition.Text("a", "甲"),
        referent="brand",
        languages=["en"],
        comment=False,
    )
    with pytest.raises(BadInput, match="asks no scale of trust"):
        plan_of(form, simulated=False, seed=1)


def test_files_carry_kinds_and_keep_free_texts_apart(client: Client) -> None:
    wave = make_every_kind_wave()
    answer(client, wave, 3)
    with organization_scope(wave.organization_id):
        organization = wave.survey.organization
        assert not Membership.objects.exists()
    owner = signed_in(make_member(organization))
    books = {row["item"]: row for row in rows_of(owner, "codebook", wave)}
    assert list(books) == [asked.code for asked in every_kind_form().questions]
    assert (books["ALL.B1"]["kind"], books["ALL.B1"]["labels_en"]) == (
        "choice",
        "1 = yes; 2 = no",
    )
    number = books["ALL.B3"]
    assert (number["kind"], number["unit_zh_hans"], number["high"]) == (
        "number",
        "个月",
        "600",
    )
    assert number["labels_en"] == ""
    assert (books["ALL.B2"]["kind"], books["ALL.B2"]["skipped"]) == ("text", "")
    assert books["ALL.B5"]["expected"] == "4"
    assert books["ALL.P1"]["show_if"] == "ALL.B1 in (1)"
    assert (books["ALL.P1"]["referent"], books["ALL.P1"]["model"]) == (
        "management",
        "formative",
    )
    assert books["ALL.T3"]["earlier_code"] == "ALL.T9"
    with organization_scope(wave.organization_id):
        data = data_set_of([wave], seed=1)
        raw = {one.item: one.name for one in data.variables if one.role == "raw"}
        assert "ALL.B2" not in raw
        assert set(data.column(raw["ALL.B5"]).tolist()) == {4}
        texts = Comment.objects.filter(wave=wave).values_list("question", "text")
        assert set(texts) <= {("ALL.B2", "It was late.")}


def rows_of(client: Client, name: str, wave: Wave) -> list[dict[str, str]]:
    reply = client.get(reverse(f"surveys:{name}", args=[wave.pk]))
    content = b"".join(reply).decode("utf-8-sig")
    reply.close()
    return list(csv.DictReader(io.StringIO(content)))
