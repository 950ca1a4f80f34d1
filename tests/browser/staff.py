"""Staff of a made-up company: their workbook, and what the mail brings to each."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.catcher import Catcher, Caught, catching
from trustsurvey.mail import SMTP

HEADER = ("Number", "Name", "E-mail", "Language", "Unit")
# Share of the people in each team; the last is too small to stand alone when few are.
TEAMS = {"Harbour / Sales": 0.45, "Harbour / Plant": 0.45, "Harbour / Lab": 0.1}
# What is wrong with a row, and the sentence that the page has for it.
BROKEN = (
    (("B1", "No address", "nobody at all", "en", "Harbour"), "is no e-mail address"),
    (("B2", "Elsewhere", "b2@example.org", "klingon", "Harbour"), "is no language"),
    (("", "Neither", "", "en", "Harbour"), "neither a number nor an e-mail"),
    (("B4", "Twice", "p0@example.org", "en", "Harbour"), "has the same address"),
    (("B5", "=1+1", "b5@example.org", "en", "Harbour"), "begins like a formula"),
)


@dataclass(frozen=True)
class Person:
    """Somebody in the list."""

    email: str
    language: str
    unit: str


def staff(number: int) -> list[Person]:
    """So many people in their teams, every other of whom reads Chinese."""
    ends, share = [], 0.0
    for team, part in TEAMS.items():
        share += part
        ends.append((team, round(share * number)))
    return [
        Person(
            f"p{place}@example.org",
            ("en", "zh-hans")[place % 2],
            next(team for team, end in ends if place < end),
        )
        for place in range(number)
    ]


def workbook(people: list[Person], path: Path) -> Path:
    """A workbook as personnel systems write it, with broken rows at the end."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Staff")
        sheet.write_row(0, 0, HEADER)
        for place, one in enumerate(people):
            language = "中文" if one.language == "zh-hans" else "English"
            row = (f"A{place}", f"Person {place}", one.email, language, one.unit)
            sheet.write_row(1 + place, 0, row)
        for place, (cells, _) in enumerate(BROKEN, start=1 + len(people)):
            for column, cell in enumerate(cells):
                sheet.write_string(place, column, cell)
    path.write_bytes(made.getvalue())
    return path


@contextmanager
def mailbox(settings: Any, site: str) -> Iterator[Catcher]:
    """A mail server of this machine that takes what the site at an address sends."""
    with catching() as server:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = False
        settings.MAIL_PER_MINUTE = 600_000
        settings.SITE_URL = site
        settings.DEFAULT_FROM_EMAIL = "surveys@trust.example.org"
        yield server


def words_of(mail: Caught) -> str:
    """The text that somebody reads who takes no HTML."""
    text = mail.content.get_body(("plain",))
    assert text is not None
    return str(text.get_content())


def link_in(mail: Caught) -> str:
    """The first address of a survey in a mail, as it is clicked."""
    found = re.search(r"https?://\S+/s/\S+", words_of(mail))
    assert found is not None, words_of(mail)
    return found[0]
