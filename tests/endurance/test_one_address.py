"""R17: hundreds of respondents behind one address, as in an office; nobody is throttled.

Each asks for the page, the manifest, the cell and a signature, and sends sealed answers,
all from 127.0.0.1 and, as behind a proxy, with one forwarded address.
"""

import base64
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import gmpy2
import pytest

from surveys.credentials import VerifyingKey
from surveys.models import Wave
from tests.attack.people import quick_keys
from tests.endurance.conftest import Say
from tests.endurance.rights import Request, Right, base64url, stored
from tests.endurance.web import Reply, Web
from tests.surveys.promised import (
    Credential,
    Draft,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    public_key_of,
)

OFFICE = "192.0.2.1"
WENT_WELL = {
    "page": 200,
    "manifest": 200,
    "cell": 200,
    "sign": 200,
    "sealed": 201,
    "again": 200,
}


class Respondent:
    """A browser in the office, from the link to "received"."""

    def __init__(self, web: Web, wave: Wave, key: VerifyingKey, code: str) -> None:
        self.web, self.wave, self.code = web, wave, code
        self.draft = Draft(wave, code, key)
        self.form = collected(wave).form

    def answers(self) -> dict[str, int]:
        """Do everything once; returns the status of each step."""
        page = f"/s/{self.wave.pk}/"
        steps = {
            "page": self.ask(Request(f"{page}en/", b"", {})),
            "manifest": self.ask(Request(f"{page}manifest.json", b"", {})),
            "cell": self.issuer("cell", {}),
            "sign": self.issuer("sign", {"blinded": base64url(self.draft.blinded)}),
        }
        sending = self.right(steps["cell"], steps["sign"]).request()
        steps["sealed"] = self.ask(sending)
        steps["again"] = self.ask(sending)
        return {name: reply.status for name, reply in steps.items()}

    def issuer(self, name: str, more: dict[str, str]) -> Reply:
        sent = json.dumps({"code": self.code, **more}).encode()
        where = f"/i/{self.wave.pk}/{name}"
        return self.ask(Request(where, sent, {"Content-Type": "application/json"}))

    def right(self, told: Reply, signed: Reply) -> Right:
        text = json.loads(signed.body)["signature"]
        blind = int.from_bytes(base64.urlsafe_b64decode(text + "=="), "big")
        draft = self.draft
        signature = blind * gmpy2.invert(draft.factor, draft.n) % draft.n
        held = Credential(
            json.loads(told.body)["cell"],
            draft.prepared,
            int(signature).to_bytes(draft.length, "big"),
        )
        return Right("sealed", self.wave, self.form, held)

    def ask(self, request: Request) -> Reply:
        return self.web.ask(request, X_Forwarded_For=OFFICE)


@pytest.mark.parametrize("people", [60, pytest.param(500, marks=pytest.mark.long)])
def test_nobody_in_one_office_is_throttled(
    database: None, web: Web, people: int, say: Say
) -> None:
    with quick_keys():
        wave = launch([cell(people)])
    (team,) = cells_of(wave)
    key = public_key_of(collected(wave), team)
    office = [Respondent(web, wave, key, code) for code in codes(wave, team)]
    with ThreadPoolExecutor(25) as desks:
        seen = list(desks.map(Respondent.answers, office))
    assert Counter(map(str, seen)) == {str(WENT_WELL): people}
    assert stored(wave) == (people, people)
    say(f"{people} people behind one address: {6 * people} requests, none refused")
