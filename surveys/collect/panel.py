"""People whom a panel sends: the panel's id travels in addresses and is stored nowhere.

Whatever becomes of an answer, they go back to an address of the panel that says so. The
owner sets these addresses; {id} in them is replaced.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal
from urllib.parse import quote

from django.http import HttpRequest

from surveys.definition import NOT_SHOWN, Form

End = Literal["complete", "screened", "full", "closed"]
ENDS: tuple[End, ...] = ("complete", "screened", "full", "closed")
FIELD = "panel"
PLACE = "{id}"
_PERSON = re.compile(r"[A-Za-z0-9._~-]{1,128}")


def person(request: HttpRequest) -> str:
    """The panel's id in the address; empty where there is none, or none of a panel."""
    found = request.GET.get(FIELD, "")
    return found if _PERSON.fullmatch(found) else ""


def way_back(addresses: Mapping[str, str], end: End, who: str) -> str:
    """Where the panel wants its person back; empty where it said nothing."""
    if not who:
        return ""
    address = addresses.get(end) or (
        addresses.get("complete", "") if end == "screened" else ""
    )
    return address.replace(PLACE, quote(who, safe=""))


def end_of(form: Form, answers: Sequence[int]) -> End:
    """Screened out are those to whom no question was shown that asks for a condition."""
    conditional = [
        answer for item, answer in zip(form.items, answers, strict=True) if item.show_if
    ]
    screened = conditional and all(answer == NOT_SHOWN for answer in conditional)
    return "screened" if screened else "complete"
