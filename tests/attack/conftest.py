"""One server copied after each simulated wave, by somebody who may read everything."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from tests.attack.people import Field, logging_to, make_field
from tests.conftest import remove_all_rows
from trustsurvey.roles import Login

Attacker = Login
MakeField = Callable[[int, int], Field]
ForgetAll = Callable[[], None]


@pytest.fixture
def attacker(database: None, administrator: Login) -> Attacker:
    """The administrator's login; the throw-away server keeps its log as a real one."""
    login = {**administrator, "dbname": connections["default"].settings_dict["NAME"]}
    with (
        psycopg.connect(**login, autocommit=True) as connection,
        suppress(psycopg.errors.InsufficientPrivilege),
    ):
        # whole pages in the log, as where nobody threw the server away
        connection.execute("ALTER SYSTEM SET full_page_writes = on")
        connection.execute("SELECT pg_reload_conf()")
    return login


@pytest.fixture
def new_field(attacker: Attacker, tmp_path: Path) -> Iterator[MakeField]:
    """Launch a wave of a size with a seed, its log kept beside it."""
    log = tmp_path / "site.log"
    with logging_to(log):
        yield lambda size, seed: make_field(size, seed=seed, log=log)


@pytest.fixture
def forget_all(attacker: Attacker) -> ForgetAll:
    """Delete every row between two waves of one test, as `database` does after it."""

    def forget() -> None:
        connections.close_all()
        remove_all_rows(attacker)

    return forget
