"""Fixtures that every test may use.

The suite runs against a throw-away PostgreSQL, as the application does: connected as
the runtime role, which owns nothing. A test that needs rows asks for `database`; what
it committed is removed afterwards.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from trustsurvey import checks, roles
from trustsurvey.postgres import Cluster, InUse, running
from trustsurvey.postgres.holding import remove

if TYPE_CHECKING:
    # models can be imported once Django is set up, which is after this file
    from surveys.models import Organization, Wave

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
MIGRATED = "trustsurvey_test_migrated"  # what the databases of workers are copied from
# What is drawn is the same in every run, and no clock decides about it; the long forms
# look for new examples.
hypothesis.settings.register_profile(
    "same",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("markexpr") != "long":
        hypothesis.settings.load_profile("same")


# start sites and servers of their own: begun last, they would be waited for by idle workers
SLOW = ("tests/surveys/test_apart.py", "tests/endurance/", "tests/trustsurvey/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones first; let the long forms take their time, others end where they hang."""
    items.sort(key=lambda item: [not item.nodeid.startswith(one) for one in SLOW])
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(0))


# Locally the real data may be absent and the tests say so; CI must have them.
REQUIRE_SHARED = os.environ.get("REQUIRE_SHARED_DATA") == "true"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real answers that lie outside the repository."""
    if not SHARED_DATA.is_dir():
        message = "the real data sets do not lie beside this clone (../shared/data)"
        if REQUIRE_SHARED:
            pytest.fail(message)
        pytest.skip(message)
    return SHARED_DATA


REQUIRE_R = os.environ.get("REQUIRE_R") == "true"
R_PACKAGES = ("psych", "lavaan", "jsonlite", "haven")


@pytest.fixture(scope="session")
def rscript() -> Path:
    """Program that runs R scripts, with the packages that the tests load there."""
    found, message = shutil.which("Rscript"), "Rscript is not installed here"
    if found:
        asked = 'for (p in commandArgs(TRUE)) if (!nzchar(system.file(package = p))) cat(p, "")'
        told = subprocess.run(
            [found, "-e", asked, *R_PACKAGES], capture_output=True, text=True
        )
        if told.returncode == 0 and not told.stdout.strip():
            return Path(found)
        message = f"R lacks the packages: {told.stdout.strip()}{told.stderr.strip()}"
    if REQUIRE_R:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def administrator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[roles.Login]:
    """Login that may create databases: of DATABASE_URL or of a throw-away server."""
    if os.environ.get("DATABASE_URL"):
        yield roles.administrator(settings.BASE_DIR, os.environ)
        return
    # the workers of xdist share one server: the last one stops it
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    cluster = Cluster(shared / "postgres", throw_away=True)
    with running(cluster) as address:
        yield address._asdict()
    with contextlib.suppress(InUse):
        remove(cluster)


@pytest.fixture
def durable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell the checks that this server waits for its disk, as one of the tests does not."""
    real = checks._settings_of

    def told(alias: str) -> checks.Value:
        value = real(alias)
        waits = {"fsync": "on", "full_page_writes": "on"}
        return lambda name: waits.get(name) or value(name)

    monkeypatch.setattr(checks, "_settings_of", told)


@pytest.fixture(scope="session")
def django_db_setup(
    administrator: roles.Login,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Make this worker's database and point the three connections at it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    name = f"trustsurvey_test_{worker or 'alone'}"
    embedded = not administrator.get("password")
    secret_key = None if embedded else settings.SECRET_KEY
    with django_db_blocker.unblock():
        if worker and embedded:
            # migrating takes longer than copying: once for all workers of the server
            base = tmp_path_factory.getbasetemp().parent
            with one_worker_at_a_time(base / "migrating"):
                if not (base / "migrated").exists():
                    make_database(administrator, MIGRATED, None)
                    (base / "migrated").touch()
                copy_database(administrator, MIGRATED, name)
        else:
            make_database(administrator, name, secret_key)
        point_connections(administrator, name, secret_key)
        yield
        connections.close_all()
    roles.drop_database(administrator, name)


def make_database(login: roles.Login, name: str, secret_key: str | None) -> None:
    """Make and migrate a database."""
    roles.create_roles(login, secret_key)
    roles.drop_database(login, name)
    roles.create_database(login, name)
    point_connections(login, name, secret_key)
    call_command("migrate", database="owner", verbosity=0)
    connections.close_all()


def copy_database(login: roles.Login, known: str, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(**{**login, "dbname": "postgres"}, autocommit=True) as server:
        text = "CREATE DATABASE {} TEMPLATE {} OWNER {}"
        names = (name, known, roles.ALIASES["owner"])
        server.execute(sql.SQL(text).format(*map(sql.Identifier, names)))
    roles.create_database(login, name)  # who may enter is not copied


def point_connections(login: roles.Login, name: str, secret_key: str | None) -> None:
    for alias, role in roles.ALIASES.items():
        of_role = {**login, "dbname": name, "user": role}
        if secret_key:
            of_role["password"] = roles.password(secret_key, role)
        connections[alias].settings_dict.update(roles.django_database(of_role))


@contextlib.contextmanager
def one_worker_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture
def database(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    administrator: roles.Login,
) -> Iterator[None]:
    """Real transactions on the real roles; every row is gone afterwards."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
        remove_all_rows(
            {**administrator, "dbname": connections["default"].settings_dict["NAME"]}
        )


@pytest.fixture
def organization(database: None) -> "Organization":
    from tests.factories import make_organization

    return make_organization()


@pytest.fixture
def wave(organization: "Organization") -> "Wave":
    """An open wave of the organization, without answers."""
    from tests.factories import make_survey, make_wave

    return make_wave(make_survey(organization))


@pytest.fixture
def owner(organization: "Organization") -> Client:
    """A browser in which the organization's owner is signed in."""
    from tests.factories import make_member, signed_in

    return signed_in(make_member(organization))


def remove_all_rows(login: roles.Login) -> None:
    """As the administrator, past triggers and row security; keeps the migrations."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(**login) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname IN ('public', 'issuer', 'collector') AND tablename NOT IN"
            " ('django_migrations', 'django_content_type', 'auth_permission')"
        ).fetchall()
        # one message: most of these tables are empty
        emptied = [
            sql.SQL("DELETE FROM {}").format(sql.Identifier(*place)) for place in tables
        ]
        first = sql.SQL("SET session_replication_role = replica")
        connection.execute(sql.SQL("; ").join([first, *emptied]))


@pytest.fixture(autouse=True)
def quick_settings(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests need no collected and hashed static files, and no slow passwords."""
    settings.EXPORTS_DIR = tmp_path_factory.getbasetemp() / "exports"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT = ROOT / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        },
    }
