"""Scores of single people for a CRM: of identified waves, and of no other."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.account_scores import Account, NotOfPeople, NotYet, scores_of
from surveys.api.describing import operation
from surveys.api.problems import Problem
from surveys.api.scopes import Scope
from surveys.api.shapes import Shape
from surveys.api.view import ApiView
from surveys.csv_files import BYTE_ORDER_MARK, line
from surveys.models import Wave

TAG = "outcomes"


class AccountScoreOut(Shape):
    """Mean of the items of a scale, with the standard error of measurement."""

    scale = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    standard_error = serializers.FloatField(allow_null=True)


class AccountOut(Shape):
    number = serializers.CharField(allow_blank=True)
    participant = serializers.UUIDField()
    scores = AccountScoreOut(many=True)


class AccountsOut(Shape):
    """Everybody who answered the wave and is still known, by customer number."""

    wave = serializers.UUIDField()
    simulated = serializers.BooleanField()
    accounts = AccountOut(many=True)


EXAMPLE = {
    "wave": "5a1d1c5e-6f3c-4a7b-9d2b-1f7f6f0a9b12",
    "simulated": False,
    "accounts": [
        {
            "number": "C-1001",
            "participant": "6b1d1c5e-6f3c-4a7b-9d2b-1f7f6f0a9b13",
            "scores": [{"scale": "TBE.T1", "score": 5.4, "standard_error": 0.52}],
        }
    ],
}


class _Scores(ApiView):
    scopes: ClassVar = {"GET": Scope.OUTCOMES_READ}

    def accounts(self, wave_id: UUID) -> tuple[Wave, tuple[Account, ...]]:
        """Return the wave with its scores, or raise why there are none."""
        waves = Wave.objects.select_related("survey", "form")
        wave = self.found(waves.filter(pk=wave_id).first())
        try:
            return wave, scores_of(wave)
        except NotOfPeople:
            sentence = _(
                "This wave is %(mode)s: nobody was told that answers are stored with"
                " who gave them, so there are no scores of single people. Only"
                " identified waves have them."
            )
            mode = wave.survey.get_mode_display()
            raise Problem(403, sentence % {"mode": mode}, "mode") from None
        except NotYet:
            sentence = _("The answers of this wave are shown once it is closed.")
            raise Problem(403, sentence, "not-closed") from None


class ScoreList(_Scores):
    @operation(
        "listAccountScores",
        "Scale scores of everybody who answered an identified wave",
        tag=TAG,
        gives=AccountsOut,
        example=EXAMPLE,
    )
    def get(self, request: Request, wave_id: UUID) -> Response:
        wave, accounts = self.accounts(wave_id)
        told = {
            "wave": wave.pk,
            "simulated": wave.survey.simulated,
            "accounts": accounts,
        }
        return Response(AccountsOut(told).data)


class ScoreFile(_Scores):
    @operation(
        "getAccountScoresFile",
        "The same scores as CSV: a row a person, a score and its error a scale",
        tag=TAG,
        gives=OpenApiTypes.STR,
        media_type="text/csv",
    )
    def get(self, request: Request, wave_id: UUID) -> HttpResponse:
        wave, accounts = self.accounts(wave_id)
        name = f"scores-{wave.pk}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        text = BYTE_ORDER_MARK + "".join(_lines(wave, accounts))
        return HttpResponse(
            text, content_type="text/csv; charset=utf-8", headers=headers
        )


def _lines(wave: Wave, accounts: tuple[Account, ...]) -> list[str]:
    scales = [one.scale for one in accounts[0].scores] if accounts else []
    columns = [name for code in scales for name in (code, f"{code} standard error")]
    rows = [line(["number", *columns, "simulated"])]
    for account in accounts:
        cells: list[Any] = [account.number]
        for one in account.scores:
            cells += [_cell(one.score), _cell(one.standard_error)]
        rows.append(line([*cells, "1" if wave.survey.simulated else "0"]))
    return rows


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)
