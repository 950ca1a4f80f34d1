"""Whether a server copies the log in which answers stand in the order of their arrival.

An archive, a replication slot or a log that is kept carries that order away before answers
are mixed (docs/anonymity.md, section 6). Deploy checks, the health page and the pages that
launch a wave ask.
"""

from django.db import connections

from surveys import parts

COPIED = """
SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'archive_mode' AND setting <> 'off'
                                          OR name = 'wal_keep_size' AND setting <> '0')
    OR EXISTS (SELECT FROM pg_replication_slots)
"""
UNDER_WAY = """
SELECT EXISTS (SELECT FROM collector.wave WHERE state <> 'closed' OR unclean)
"""


def is_copied(alias: str) -> bool:
    """Whether the server of a connection copies its log."""
    return _truth(COPIED, alias)


def are_copied() -> bool:
    """Whether any server does that holds one of the two halves."""
    return any(is_copied(alias) for alias in {parts.owner_of(p) for p in parts.PARTS})


def are_under_way() -> bool:
    """Whether a wave has answers, or traces of their order, that are not mixed away."""
    return _truth(UNDER_WAY, parts.owner_of("collector"))


def _truth(query: str, alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return bool(cursor.fetchone()[0])
