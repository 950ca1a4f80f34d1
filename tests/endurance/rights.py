"""Who may answer, in each of the three ways, and what they send over HTTP."""

import base64
import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from django.db import connections

from surveys.collect import keys
from surveys.collect.credentialed import STEP
from surveys.definition import Form, encode_answers
from surveys.models import Wave
from surveys.tenancy import organization_scope
from tests.attack.people import quick_keys
from tests.factories import make_wave
from tests.surveys.promised import (
    Credential,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
)

Way = Literal["open", "sealed", "typed"]
WAYS: tuple[Way, ...] = ("open", "sealed", "typed")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """What goes over the line; a GET where there is no body."""

    path: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Right:
    """One person's right to answer once."""

    way: Way
    wave: Wave
    form: Form
    proof: str | Credential

    def request(self, point: int = 3, *, plain: bool = False) -> Request:
        """Everything answered with one point; `plain` as a page without JavaScript."""
        answers = tuple(min(i.high, max(i.low, point)) for i in self.form.items)
        fields = encode_answers(self.form, answers)
        if isinstance(self.proof, Credential):
            return self._sealed(self.proof, fields)
        path = f"/s/{self.wave.pk}/en/"
        if self.way == "open":
            path += f"?r={self.proof}"
        else:
            fields = {**fields, "code": self.proof}
        headers = {"Content-Type": FORM}
        if not plain:
            headers["Accept"] = "application/json"
        return Request(path, urlencode(fields).encode(), headers)

    def _sealed(self, held: Credential, fields: dict[str, str]) -> Request:
        content = {"answers": fields, "comment": "", "language": "en"}
        inside = json.dumps(content).encode()
        padded = inside.ljust(-(-len(inside) // STEP) * STEP)
        sent = {
            "cell": str(held.cell_id),
            "prepared": base64url(held.prepared),
            "signature": base64url(held.signature),
            "body": base64url(padded),
        }
        return Request(
            f"/s/{self.wave.pk}/sealed/",
            json.dumps(sent).encode(),
            {"Content-Type": "application/json"},
        )


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def make_rights(way: Way, number: int) -> list[Right]:
    """Open a wave in which `number` people may answer, each of them once."""
    if way == "open":
        wave = make_wave()
        with organization_scope(wave.organization_id):
            form = wave.form.asked()
        return [Right(way, wave, form, keys.fresh(wave.pk)) for _ in range(number)]
    with quick_keys():
        wave = launch([cell(max(number, 8), printed=way == "typed")])
    (team,) = cells_of(wave)
    asked = collected(wave)
    found = codes(wave, team)[:number]
    if way == "typed":
        return [Right(way, wave, asked.form, code) for code in found]
    key = public_key_of(asked, team)
    held = [obtain(wave, code, key) for code in found]
    return [Right(way, wave, asked.form, one) for one in held]


def stored(wave: Wave) -> tuple[int, ...]:
    """Rows that answers of a wave left: responses, or credentials spent and answers.

    Answers that wait and those that were mixed: a worker that runs meanwhile mixes them
    when its time comes.
    """
    if wave.survey.mode == "open":
        with organization_scope(wave.organization_id):
            return _counts("default", wave, "surveys_response")
    spent, staged, mixed = _counts(
        "owner", wave, "collector.spent", "collector.staged", "collector.mixed"
    )
    return spent, staged + mixed


def _counts(alias: str, wave: Wave, *tables: str) -> tuple[int, ...]:
    with connections[alias].cursor() as cursor:
        counts = []
        for table in tables:
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE wave_id = %s", [wave.pk]
            )
            counts.append(int(cursor.fetchone()[0]))
    return tuple(counts)


def once(right: Right, number: int = 1) -> tuple[int, ...]:
    """What `stored` says when `number` people answered once each."""
    return (number,) if right.way == "open" else (number, number)
