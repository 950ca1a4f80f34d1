"""Where the two halves of the anonymous mode lie: beside everything else, or apart.

Schema `issuer` and schema `collector` lie in the main database, or each in one of its
own (trustsurvey/roles.py reads where). No statement and no transaction here crosses from
one part into another, so that the code is the same in either case.
"""

from django.db import connections

MAIN = "owner"
PARTS = ("issuer", "collector")


def owner_of(part: str) -> str:
    """Alias of the connection that owns a part: its tables, its mixing, its migrations."""
    apart = f"{part}_owner"
    return apart if apart in connections else MAIN


def owners() -> list[str]:
    """Aliases of the owning connections, the main one first; one for each database."""
    return list(dict.fromkeys([MAIN, *(owner_of(part) for part in PARTS)]))


def intake() -> str:
    """Alias of the collector's role in the main database, which takes open links in."""
    return "intake" if "intake" in connections else "collector"
