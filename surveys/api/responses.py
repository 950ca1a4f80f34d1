"""Answers for programs, in the modes that know whose they are or promise nothing.

Of anonymous and confidential surveys nothing is read or written here, whatever the
token: their answers come with a credential, and leave in releases only. What is handed
in goes through the intake, as what a browser sends, and carries no time anywhere.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response as Reply

from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import Problem, wrong
from surveys.api.scopes import Scope
from surveys.api.shapes import Shape
from surveys.api.waves import WaveView
from surveys.collect.intake import OpenedWave, Receipt, find_wave, is_invited, receive
from surveys.collect.page import LONGEST_COMMENT
from surveys.definition import (
    LANGUAGES,
    AnswerError,
    clean,
    decode_answers,
    decode_texts,
)
from surveys.definition.codec import (
    NOT_APPLICABLE,
    NOT_APPLICABLE_VALUE,
    NOT_SHOWN,
)
from surveys.models import Invitation, Response, Survey, Wave

TAG = "responses"
MOST = 1000  # fields of one answer
MOST_POINTS = 99


class ResponseOut(Shape):
    """One person's answers by item: the point as shown, or why there is none.

    -1 skipped, -2 not applicable, -3 not shown. Reverse items stand as answered.
    """

    id = serializers.UUIDField()
    participant = serializers.UUIDField(
        allow_null=True, help_text="Of identified surveys, until erased."
    )
    language = serializers.ChoiceField(LANGUAGES)
    answers = serializers.DictField(child=serializers.IntegerField())


class ResponseIn(Shape):
    """One person's answers, coded as they are read; what is left out was skipped."""

    id = serializers.UUIDField(
        required=False,
        help_text="Identified: of the invitation. Open: a random UUID of yours, so "
        "that sending twice is one answer.",
    )
    language = serializers.ChoiceField(LANGUAGES)
    answers = serializers.DictField(
        child=serializers.IntegerField(min_value=NOT_SHOWN, max_value=MOST_POINTS)
    )
    texts = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=20_000),
        required=False,
    )
    comment = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_COMMENT
    )
    consent = serializers.BooleanField(
        default=False,
        help_text="That the person agreed to what the identified form says.",
    )


class ReceiptOut(Shape):
    id = serializers.UUIDField()


class ResponseList(WaveView):
    scopes: ClassVar = {"GET": Scope.RESPONSES_READ, "POST": Scope.RESPONSES_WRITE}
    # a kept reply has a time, and an answer has none; its id does the same
    keeps_replies: ClassVar = False

    @operation(
        "listResponses",
        "Answers of an identified or open wave",
        tag=TAG,
        gives=paged(ResponseOut),
        query=PageQuery,
        refuses=(409,),
    )
    def get(self, request: Request, wave_id: UUID) -> Reply:
        wave = self.wave(wave_id)
        query = self.query(PageQuery)
        _refuse_promised(wave)
        if not wave.shows_answers:
            sentence = _("The answers of this wave are shown once it is closed.")
            raise Problem(409, sentence)
        rows = Response.objects.filter(wave=wave)
        found, after = page_of(rows, request._request, query)
        names = [item.code for item in wave.form.asked().items]
        persons = _persons(wave, found)
        items = [
            {
                "id": one.id,
                "participant": persons.get(one.id),
                "language": one.language,
                "answers": dict(zip(names, one.answers, strict=True)),
            }
            for one in found
        ]
        return Reply(paged(ResponseOut)({"items": items, "next": after}).data)

    @operation(
        "createResponse",
        "Hand in one person's answers, through the same intake as a browser's",
        tag=TAG,
        gives=ReceiptOut,
        status=201,
        body=ResponseIn,
        changes=True,
        keyed=False,
        more={200: ReceiptOut},
        asks={"language": "en", "answers": {"TBE1": 5, "TBE2": -2}},
    )
    def post(self, request: Request, wave_id: UUID) -> Reply:
        wave = self.wave(wave_id)
        _refuse_promised(wave)
        opened = self.found(find_wave(wave.pk, wave.survey.mode))
        given = self.body(ResponseIn)
        key = _key(wave, given)
        answers, texts = _decoded(opened, given)
        language = given["language"]
        receipt = receive(
            opened, key=key, answers=answers, language=language, texts=texts
        )
        return _reply(receipt, key)


def _refuse_promised(wave: Wave) -> None:
    if wave.survey.only_releases:
        sentence = _(
            "Answers of this survey were promised to stay nobody's: they come with a"
            " credential from the respondent's browser, and leave in releases only."
        )
        raise Problem(403, sentence, "promised")


def _persons(wave: Wave, found: list[Response]) -> Mapping[UUID, UUID | None]:
    """Whose the answers are, where the mode knows it."""
    if wave.survey.mode != Survey.Mode.IDENTIFIED:
        return {}
    rows = Invitation.objects.filter(wave=wave, pk__in=[one.id for one in found])
    return dict(rows.values_list("pk", "participant_id"))


def _key(wave: Wave, given: Mapping[str, Any]) -> UUID:
    """Key of the answer: of the invitation, or random."""
    key: UUID | None = given.get("id")
    if wave.survey.mode == Survey.Mode.IDENTIFIED:
        if key is None or not is_invited(wave.pk, key):
            raise wrong("/id", _("Give the id of an invitation of this wave."))
        if not given["consent"]:
            sentence = _("Without the person's consent nothing can be stored.")
            raise wrong("/consent", sentence)
        return key
    if key is not None and key.version != 4:
        raise wrong("/id", _("Give a random UUID (version 4)."))
    return key or uuid4()


def _decoded(
    wave: OpenedWave, given: Mapping[str, Any]
) -> tuple[tuple[int, ...], dict[str, str]]:
    if len(given["answers"]) + len(given.get("texts", ())) > MOST:
        raise wrong("/answers", _("There are more fields than a form can ask."))
    if given["language"] not in wave.form.languages:
        raise wrong("/language", _("The form is not asked in this language."))
    known = {text.code for text in wave.form.texts}
    for name in given.get("texts", ()):
        if name not in known:
            raise wrong(f"/texts/{name}", _("There is no such question."))
    try:
        answers = decode_answers(wave.form, _fields(given["answers"]))
        texts = decode_texts(wave.form, given.get("texts", {}), answers)
    except AnswerError as fault:
        place = "texts" if fault.item in known else "answers"
        language = get_language() or "en"
        raise wrong(f"/{place}/{fault.item}", fault.in_(language)) from None
    comment = clean(given.get("comment", ""))
    if comment and wave.form.comment:
        texts[""] = comment
    return answers, texts


def _fields(codes: Mapping[str, int]) -> dict[str, str]:
    """Say codes in the words of the form's fields; skipped is left out there."""
    said = {NOT_APPLICABLE: NOT_APPLICABLE_VALUE}
    return {
        name: said.get(code, str(code))
        for name, code in codes.items()
        if code >= 0 or code in said
    }


def _reply(receipt: Receipt, key: UUID) -> Reply:
    refusals = {
        Receipt.OTHER: _("Other answers were stored under this id before."),
        Receipt.CLOSED: _("The wave is not open."),
        Receipt.PAUSED: _("The wave takes no answers for a while."),
        Receipt.FULL: _("The wave has as many answers as it takes."),
    }
    if receipt in refusals:
        raise Problem(409, refusals[receipt])
    status = 201 if receipt is Receipt.STORED else 200
    return Reply(ReceiptOut({"id": key}).data, status=status)
