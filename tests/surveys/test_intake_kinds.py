"""The intake takes every kind of answer, and stores free texts without a link."""

from uuid import uuid4

import pytest
from django.test import Client

from surveys import actions
from surveys.definition import Text
from surveys.models import Comment, Organization, QuestionnaireVersion, Response, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    EVERY_KIND,
    NOW,
    answer_address,
    every_kind_form,
    make_every_kind_wave,
    make_form,
    make_survey,
    make_wave,
)

pytestmark = pytest.mark.usefixtures("database")

JSON = {"Accept": "application/json"}
SENT = {"ALL.T1": "5", "ALL.B1": "1", "ALL.B2": "It was late.", "ALL.B3": "12"}


def address(wave: Wave, language: str = "en") -> str:
    return answer_address(wave, language)


def comments(wave: Wave) -> list[Comment]:
    with organization_scope(wave.organization_id):
        return list(Comment.objects.order_by("question"))


def responses(wave: Wave) -> list[Response]:
    with organization_scope(wave.organization_id):
        return list(Response.objects.all())


def test_free_texts_lie_apart_under_ids_of_their_own(client: Client) -> None:
    wave = make_every_kind_wave()
    sent = {**SENT, "comment": "Thanks."}
    reply = client.post(address(wave), sent, headers=JSON)
    assert reply.status_code == 201
    final, story = comments(wave)
    assert (final.question, final.text) == ("", "Thanks.")
    assert (story.question, story.text) == ("ALL.B2", "It was late.")
    [response] = responses(wave)
    assert len({response.id, final.id, story.id}) == 3
    assert len(response.answers) == every_kind_form().item_count


def test_sending_again_stores_no_text_twice(client: Client) -> None:
    wave = make_every_kind_wave()
    url = address(wave)
    for status in (201, 200):
        assert client.post(url, SENT, headers=JSON).status_code == status
    assert len(comments(wave)) == 1


def test_a_text_that_was_hidden_is_not_stored(client: Client) -> None:
    wave = make_every_kind_wave()
    client.post(address(wave), {**SENT, "ALL.B1": "2", "ALL.P1": "9"}, headers=JSON)
    assert comments(wave) == []
    assert responses(wave)[0].answers[-2:] == [-3, -3]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("ALL.B3", "601", "填写 0 至 600 之间的整数"),
        ("ALL.B2", "x" * 201, "缩短到 200 个字符以内"),
        ("ALL.B1", "3", "不是这道题的有效答案"),
    ],
)
def test_what_does_not_fit_is_told_beside_it_in_the_language_of_the_page(
    client: Client, field: str, value: str, sentence: str
) -> None:
    wave = make_every_kind_wave()
    sent = {**SENT, field: value}
    reply = client.post(address(wave, "zh-hans"), sent, headers=JSON)
    assert reply.status_code == 422
    assert sentence in reply.json()["errors"][field]
    page = client.post(address(wave, "zh-hans"), sent)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "It was late." in page.content.decode() or field == "ALL.B2"
    assert responses(wave) == []
    assert comments(wave) == []


def test_the_page_is_the_same_bytes_for_everybody(client: Client) -> None:
    wave = make_every_kind_wave()
    first, second = (client.get(address(wave)) for _ in range(2))
    assert first.content == second.content
    assert "no-store" not in first["Cache-Control"]


def test_texts_of_full_length_are_not_too_large_a_body(client: Client) -> None:
    wave = make_every_kind_wave()
    sent = {**SENT, "ALL.B2": "😀" * 200, "comment": "茶" * 4000}
    assert client.post(address(wave), sent, headers=JSON).status_code == 201
    assert [len(one.text) for one in comments(wave)] == [4000, 200]


def test_a_form_of_one_language_offers_no_other(client: Client) -> None:
    survey = make_survey()
    make_form(survey, asks=every_kind_form(("zh-hans",)))
    wave = make_wave(survey)
    moved = client.get(address(wave, "en"))
    assert moved.status_code == 302
    assert moved["Location"].startswith(f"/s/{wave.pk}/zh-hans/")
    page = client.get(moved["Location"]).content.decode()
    assert '<html lang="zh-Hans">' in page
    assert 'class="language"' not in page
    client.post(address(wave, "en"), {"ALL.T1": "5", "language": "en"})
    assert [one.language for one in responses(wave)] == ["zh-hans"]


def test_a_survey_asks_the_part_that_was_chosen(organization: Organization) -> None:
    with organization_scope(organization.pk):
        version = QuestionnaireVersion.objects.create(
            organization=organization,
            code="ALL",
            version=2,
            kind="questionnaire",
            evidence_level="E0",
            source=EVERY_KIND.read_text(encoding="utf-8"),
            digest="0" * 64,
        )
        survey = actions.start_survey(
            key=uuid4(),
            organization=organization,
            questionnaire=actions.AskedVersion(version, scales=("T",), form="generic"),
            outcomes=[],
            title=Text("A part", "一部分"),
            referent="brand",
            comment=False,
            at=NOW,
            languages=["zh-hans"],
        )
        asked = survey.forms.get().asked()
    assert [item.code for item in asked.items] == ["ALL.T1", "ALL.T2", "ALL.T3"]
    assert asked.items[2].text.en == "The product is safe."
    assert asked.languages == ("zh-hans",)
    assert asked.instruments[0].form == "generic"
