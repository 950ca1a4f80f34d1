"""The four roles, on the embedded server and on one that DATABASE_URL names."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from trustsurvey import roles
from trustsurvey.postgres import Cluster, running
from trustsurvey.postgres.holding import remove

SECRET_KEY = "a secret of this test"
BASE_DIR = Path("/nowhere")
NETWORK_LIKE = "local all postgres peer map=trustsurvey\nlocal all all scram-sha-256\n"
Environ = dict[str, str]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    var = Path(tempfile.mkdtemp(prefix="ts", dir="/tmp"))
    var.chmod(0o755)
    made = Cluster(var / "postgres", throw_away=True)
    with running(made):
        yield made
    remove(made)  # waits for the server's end
    shutil.rmtree(var)


@pytest.fixture
def embedded(cluster: Cluster) -> Environ:
    return {"TRUSTSURVEY_VAR": str(cluster.folder.parent)}


@pytest.fixture
def passwords_wanted(cluster: Cluster) -> Iterator[None]:
    """Let the server ask for passwords, as one in a network does."""
    access = cluster.data / "pg_hba.conf"
    before = access.read_text()
    with psycopg.connect(**cluster.address()._asdict(), autocommit=True) as connection:
        access.write_text(NETWORK_LIKE)
        connection.execute("select pg_reload_conf()")
        yield
        access.write_text(before)
        connection.execute("select pg_reload_conf()")


@pytest.fixture
def server(cluster: Cluster, passwords_wanted: None) -> Iterator[Environ]:
    """A server whose administrator may create roles but is no superuser."""
    with administered(cluster) as connection:
        connection.execute(
            "create role keeper login createrole createdb password 'p@ss/word'"
        )
        drop_everything(connection)
        yield {"DATABASE_URL": url(cluster, "keeper", "p@ss/word")}
        drop_everything(connection)
        connection.execute("drop role keeper")


def administered(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(**cluster.address()._asdict(), autocommit=True)


def drop_everything(connection: psycopg.Connection) -> None:
    connection.execute("drop database if exists trustsurvey with (force)")
    for role in roles.ALIASES.values():
        connection.execute(f"drop role if exists {role}")


def url(cluster: Cluster, user: str, password: str) -> str:
    host = quote(str(cluster.sockets), safe="")
    secret = quote(password, safe="")
    return f"postgresql://{user}:{secret}@{host}/trustsurvey?application_name=tests"


def prepare(environ: Environ) -> None:
    roles.prepare(BASE_DIR, environ, SECRET_KEY)


def ask(environ: Environ, alias: str, query: str) -> list[tuple[object, ...]]:
    login = roles.logins(BASE_DIR, environ, SECRET_KEY)[alias]
    with psycopg.connect(**login) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(params=["embedded", "server"])
def prepared(request: pytest.FixtureRequest) -> Environ:
    environ: Environ = request.getfixturevalue(request.param)
    prepare(environ)
    return environ


def test_preparing_twice_changes_nothing(prepared: Environ) -> None:
    facts = (
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
        " rolcanlogin, rolreplication from pg_roles where rolname ~ '^trustsurvey_'"
        " order by 1"
    )
    before = ask(prepared, "owner", facts)
    prepare(prepared)
    assert ask(prepared, "owner", facts) == before
    assert before == [
        (role, False, False, False, False, True, False)
        for role in (
            "trustsurvey_collector",
            "trustsurvey_issuer",
            "trustsurvey_owner",
            "trustsurvey_runtime",
        )
    ]


def test_the_owner_owns_the_database_and_its_schema(prepared: Environ) -> None:
    query = (
        "select pg_get_userbyid(datdba) from pg_database where datname = 'trustsurvey'"
    )
    assert ask(prepared, "owner", query) == [("trustsurvey_owner",)]
    ask(prepared, "owner", "create table public.made (id int)")
    ask(prepared, "owner", "drop table public.made")


@pytest.mark.parametrize("alias", ["default", "collector"])
def test_the_others_own_nothing_and_make_nothing(prepared: Environ, alias: str) -> None:
    owned = "select count(*) from pg_class where relowner = current_user::regrole"
    assert ask(prepared, alias, owned) == [(0,)]
    for query in (
        "create table public.made (id int)",
        "create schema made",
        "create temporary table made (id int)",
        "create role made",
        "set role trustsurvey_owner",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(prepared, alias, query)


def test_nobody_else_enters_the_database(embedded: Environ, cluster: Cluster) -> None:
    prepare(embedded)
    query = (
        "select has_database_privilege('stranger', 'trustsurvey', 'connect'),"
        " has_schema_privilege('stranger', 'public', 'usage')"
    )
    with administered(cluster) as connection:
        connection.execute("create role stranger login")
        connection.execute("select set_config('search_path', '', false)")
        login = {**cluster.address("trustsurvey")._asdict()}
        with psycopg.connect(**login) as inside:
            assert inside.execute(query).fetchone() == (False, False)
        connection.execute("drop role stranger")


def test_the_embedded_roles_log_no_statement(embedded: Environ) -> None:
    prepare(embedded)
    for name, value in roles.QUIET.items():
        assert ask(embedded, "collector", f"show {name}") == [(value,)]


def test_the_roles_wait_for_the_disk_where_the_database_does_not(
    embedded: Environ, cluster: Cluster
) -> None:
    prepare(embedded)
    hasty = "alter database trustsurvey set synchronous_commit = off"
    with administered(cluster) as connection:
        connection.execute(hasty.encode())
        prepare(embedded)
        for alias in roles.ALIASES:
            assert ask(embedded, alias, "show synchronous_commit") == [("on",)]


def test_a_test_database_is_made_and_dropped(
    embedded: Environ, cluster: Cluster
) -> None:
    prepare(embedded)
    login = roles.administrator(BASE_DIR, embedded)
    roles.create_database(login, "test_of_roles")
    names = "select count(*) from pg_database where datname = 'test_of_roles'"
    assert ask(embedded, "owner", names) == [(1,)]
    roles.drop_database(login, "test_of_roles")
    assert ask(embedded, "owner", names) == [(0,)]


def test_passwords_follow_the_secret_key(server: Environ) -> None:
    prepare(server)
    roles.prepare(BASE_DIR, server, "another secret")
    with pytest.raises(psycopg.OperationalError, match="password authentication"):
        ask(server, "default", "select 1")
    prepare(server)
    assert ask(server, "default", "select current_user") == [("trustsurvey_runtime",)]


def test_django_gets_all_of_a_url(server: Environ, cluster: Cluster) -> None:
    found = roles.database_settings(BASE_DIR, server, SECRET_KEY)
    assert set(found) == {"default", "owner", "issuer", "collector"}
    assert found["default"] == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "trustsurvey",
        "USER": "trustsurvey_runtime",
        "PASSWORD": roles.password(SECRET_KEY, "trustsurvey_runtime"),
        "HOST": str(cluster.sockets),
        "PORT": "",
        "OPTIONS": {"application_name": "tests"},
    }


def given_roles(cluster: Cluster, server: Environ) -> Environ:
    """Prepare once, then hand over the four logins instead of an administrator's."""
    prepare(server)
    return {
        name: url(cluster, role, roles.password(SECRET_KEY, role))
        for name, role in (
            (roles.URLS[alias], role) for alias, role in roles.ALIASES.items()
        )
    }


def test_given_roles_are_verified(cluster: Cluster, server: Environ) -> None:
    given = given_roles(cluster, server)
    prepare(given)
    swapped = given | {"RUNTIME_DATABASE_URL": given["DATABASE_URL"]}
    with pytest.raises(roles.RolesError, match="RUNTIME_DATABASE_URL signs in as"):
        prepare(swapped)


@pytest.mark.parametrize(
    ("mistake", "repair", "sentence"),
    [
        (
            "alter role trustsurvey_runtime bypassrls",
            "alter role trustsurvey_runtime nobypassrls",
            "could read every organization",
        ),
        (
            "create table mine (id int); alter table mine owner to trustsurvey_collector",
            "drop table mine",
            "owns tables",
        ),
        (
            "grant create on schema public to trustsurvey_runtime",
            "revoke create on schema public from trustsurvey_runtime",
            "revoke create on schema public from trustsurvey_runtime",
        ),
    ],
)
def test_roles_that_may_too_much_are_refused(
    cluster: Cluster, server: Environ, mistake: str, repair: str, sentence: str
) -> None:
    given = given_roles(cluster, server)
    login = cluster.address("trustsurvey")._asdict()
    with psycopg.connect(**login, autocommit=True) as connection:
        connection.execute(mistake)
        with pytest.raises(roles.RolesError, match=sentence):
            prepare(given)
        connection.execute(repair)
    prepare(given)


def test_a_login_that_may_not_create_roles_is_told_what_to_run(
    cluster: Cluster, server: Environ
) -> None:
    with administered(cluster) as connection:
        connection.execute("create role guest login password 'guest'")
        try:
            with pytest.raises(roles.RolesError, match="create role trustsurvey_owner"):
                prepare({"DATABASE_URL": url(cluster, "guest", "guest")})
        finally:
            connection.execute("drop role guest")


def test_a_wrong_password_is_one_sentence_without_it(
    cluster: Cluster, server: Environ
) -> None:
    with pytest.raises(roles.RolesError, match="Could not sign in") as caught:
        prepare({"DATABASE_URL": url(cluster, "keeper", "wr0ng")})
    assert "wr0ng" not in str(caught.value)


def test_an_unreadable_url_is_not_repeated() -> None:
    with pytest.raises(roles.RolesError, match="DATABASE_URL cannot be read") as caught:
        roles.logins(BASE_DIR, {"DATABASE_URL": "postgresql://u:s3cret@[h/x"}, "key")
    assert "s3cret" not in str(caught.value)


def test_a_server_that_is_too_old_is_refused(
    embedded: Environ, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "OLDEST", 990000)
    with pytest.raises(roles.RolesError, match="is PostgreSQL 18: use 15 or later"):
        prepare(embedded)


ELSEWHERE = "postgresql://admin:secret@elsewhere.example"
OPERATIONS = Path(__file__).resolve().parent.parent.parent / "docs" / "operations.md"


def test_a_part_lies_apart_where_its_url_names_another_database() -> None:
    main = {"DATABASE_URL": f"{ELSEWHERE}/trustsurvey"}
    assert roles.homes({}) == roles.homes(main) == {"owner": roles.ALIASES}
    same = main | {"ISSUER_DATABASE_URL": f"{ELSEWHERE}:5432/trustsurvey"}
    assert roles.homes(same) == {"owner": roles.ALIASES}
    apart = main | {"COLLECTOR_DATABASE_URL": f"{ELSEWHERE}/collector"}
    assert {home: list(inside) for home, inside in roles.homes(apart).items()} == {
        "owner": ["owner", "default", "issuer", "intake"],
        "collector": ["collector_owner", "collector"],
    }


def test_an_embedded_site_may_have_a_collector_elsewhere(embedded: Environ) -> None:
    environ = embedded | {"COLLECTOR_DATABASE_URL": f"{ELSEWHERE}/answers"}
    found = roles.database_settings(BASE_DIR, environ, SECRET_KEY)
    assert found["intake"]["USER"] == found["collector"]["USER"] == roles.COLLECTOR
    assert found["intake"]["HOST"] == found["owner"]["HOST"]
    collector, owner = found["collector"], found["collector_owner"]
    assert collector["HOST"] == owner["HOST"] == "elsewhere.example"
    assert collector["NAME"] == owner["NAME"] == "answers"
    assert collector["PASSWORD"] == roles.password(SECRET_KEY, roles.COLLECTOR)
    assert owner["USER"] == roles.COLLECTOR_OWNER


def test_both_halves_in_one_other_database_are_refused() -> None:
    both = dict.fromkeys(
        ("ISSUER_DATABASE_URL", "COLLECTOR_DATABASE_URL"), f"{ELSEWHERE}/both"
    )
    with pytest.raises(roles.RolesError, match="name the same database"):
        roles.homes(both)


def test_a_given_login_that_is_missing_is_named() -> None:
    given = dict.fromkeys(roles.GIVEN, f"{ELSEWHERE}/trustsurvey")
    apart = given | {"COLLECTOR_DATABASE_URL": f"{ELSEWHERE}/collector"}
    with pytest.raises(roles.RolesError, match="INTAKE_DATABASE_URL is not set"):
        roles.logins(BASE_DIR, apart, SECRET_KEY)
    del given["ISSUER_DATABASE_URL"]
    with pytest.raises(roles.RolesError, match="ISSUER_DATABASE_URL is not set"):
        roles.logins(BASE_DIR, given, SECRET_KEY)


def recipe() -> list[list[str]]:
    """What the manual tells another party to run, a list for each database."""
    text = OPERATIONS.read_text().replace("'...'", "'secret'")
    lines = [line.strip() for line in text.splitlines() if line.startswith(" " * 6)]
    cut = lines.index("\\c issuer")
    return [lines[:cut], lines[cut + 1 :]]


@pytest.fixture
def another_party(cluster: Cluster, server: Environ) -> Iterator[Environ]:
    """Logins that exist already; the issuer's database was made by hand."""
    given = given_roles(cluster, server)
    with psycopg.connect(**cluster.address("trustsurvey")._asdict()) as main:
        main.execute("drop owned by trustsurvey_issuer; drop role trustsurvey_issuer")
    for database, lines in zip(("postgres", "issuer"), recipe(), strict=True):
        login = cluster.address(database)._asdict()
        with psycopg.connect(**login, autocommit=True) as connection:
            for line in lines:
                connection.execute(line.encode())
    for name, user in (
        ("ISSUER_DATABASE_URL", roles.ISSUER),
        ("ISSUER_OWNER_DATABASE_URL", roles.ISSUER_OWNER),
    ):
        there = url(cluster, user, "secret")
        given[name] = there.replace("/trustsurvey?", "/issuer?")
    yield given
    with administered(cluster) as connection:
        connection.execute("drop database issuer with (force)")
        connection.execute("drop role trustsurvey_issuer, trustsurvey_issuer_owner")


def test_what_another_party_made_by_hand_is_verified(
    another_party: Environ, cluster: Cluster
) -> None:
    prepare(another_party)
    assert ask(another_party, "issuer_owner", "select current_database()") == [
        ("issuer",)
    ]
    with psycopg.connect(**cluster.address("issuer")._asdict()) as connection:
        connection.execute("create table mine (id int)")
        connection.execute("alter table mine owner to trustsurvey_issuer")
    repair = "reassign owned by trustsurvey_issuer to trustsurvey_issuer_owner"
    with pytest.raises(roles.RolesError, match=repair):
        prepare(another_party)
