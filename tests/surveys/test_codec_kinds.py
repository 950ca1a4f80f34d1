"""Answers of every kind: decoded exactly, hidden ones not shown, texts apart."""

import pytest

from surveys.definition import (
    AnswerError,
    Form,
    decode_answers,
    decode_texts,
    encode_answers,
)
from tests.surveys.test_definition_kinds import form_of


def codes_of(form: Form, sent: dict[str, str]) -> dict[str, int]:
    codes = decode_answers(form, sent)
    return {found.code: code for found, code in zip(form.items, codes, strict=True)}


def test_what_a_condition_hides_is_not_shown_whatever_was_sent() -> None:
    form = form_of()
    hidden = codes_of(form, {"ALL.B1": "2", "ALL.P1": "9", "ALL.P2": "nonsense"})
    assert (hidden["ALL.P1"], hidden["ALL.P2"]) == (-3, -3)
    unanswered = codes_of(form, {"ALL.P1": "9"})
    assert unanswered["ALL.P1"] == -3
    shown = codes_of(form, {"ALL.B1": "1", "ALL.P1": "9"})
    assert (shown["ALL.P1"], shown["ALL.P2"]) == (9, -1)


def test_a_typed_number_is_read_as_it_is_meant() -> None:
    form = form_of()
    for typed, code in {" 12 ": 12, "１２": 12, "0": 0, "600": 600, "na": -2}.items():
        assert codes_of(form, {"ALL.B3": typed})["ALL.B3"] == code
    assert codes_of(form, {"ALL.B3": "  "})["ALL.B3"] == -1
    for typed in ("601", "-1", "1.5", "twelve", "012"):
        with pytest.raises(AnswerError) as caught:
            decode_answers(form, {"ALL.B3": typed})
        assert caught.value.code == "bad_number"
        assert "0 to 600" in caught.value.in_("en")
        assert "0 至 600" in caught.value.in_("zh-hans")


def test_free_texts_come_apart_and_only_where_they_are_shown() -> None:
    form = form_of()
    sent = {"ALL.B1": "1", "ALL.B2": " Late\r\nand rude.\0 "}
    codes = decode_answers(form, sent)
    assert decode_texts(form, sent, codes) == {"ALL.B2": "Late\nand rude."}
    hidden = sent | {"ALL.B1": "2"}
    assert decode_texts(form, hidden, decode_answers(form, hidden)) == {}
    blank = sent | {"ALL.B2": " \r\n"}
    assert decode_texts(form, blank, codes) == {}
    with pytest.raises(AnswerError) as caught:
        decode_texts(form, sent | {"ALL.B2": "x" * 201}, codes)
    assert (caught.value.code, caught.value.item) == ("long_text", "ALL.B2")
    assert "201" in caught.value.in_("en")


@pytest.mark.parametrize(
    ("place", "code"), [("ALL.P1", 5), ("ALL.B1", 3), ("ALL.B3", 601), ("ALL.B4", -3)]
)
def test_codes_that_no_page_can_send_are_refused(place: str, code: int) -> None:
    form = form_of()
    codes = codes_of(form, {"ALL.B1": "2"}) | {place: code}
    with pytest.raises(AnswerError):
        encode_answers(form, tuple(codes.values()))


def test_answers_of_every_kind_survive_the_codec() -> None:
    form = form_of()
    sent = {"ALL.T1": "na", "ALL.B1": "1", "ALL.B3": "7", "ALL.B4": "13", "ALL.P2": "0"}
    codes = decode_answers(form, sent)
    assert encode_answers(form, codes) == sent
