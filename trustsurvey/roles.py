"""The four database roles, and how Django connects as each of them.

The owner migrates and mixes; the runtime role is the application; the issuer signs the
right to answer, the collector takes answers in. The last three own nothing and cannot
bypass row-level security; issuer and collector see nothing of each other.

Two kinds of server:
- embedded (DATABASE_URL not set): peer authentication, no passwords;
- DATABASE_URL: a login that may create roles, whose passwords are then derived from
  the secret key; or the owner's own login, beside RUNTIME_DATABASE_URL,
  ISSUER_DATABASE_URL and COLLECTOR_DATABASE_URL, and then nothing is created, only
  verified.

Issuer and collector may each lie in a database of its own, on a server of its own: where
their URL names another database than DATABASE_URL. Then that database has its own owner,
and open links, whose answers are the organization's at once, are taken in beside the
organization's rows by the alias `intake`.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from trustsurvey.postgres import Cluster, PostgresError

OWNER = "trustsurvey_owner"
RUNTIME = "trustsurvey_runtime"
ISSUER = "trustsurvey_issuer"
COLLECTOR = "trustsurvey_collector"
ISSUER_OWNER = "trustsurvey_issuer_owner"
COLLECTOR_OWNER = "trustsurvey_collector_owner"
ALIASES = {
    "owner": OWNER,
    "default": RUNTIME,
    "issuer": ISSUER,
    "collector": COLLECTOR,
}
# what is at home in a database of its own, the owner first
APART = {
    "issuer": {"issuer_owner": ISSUER_OWNER, "issuer": ISSUER},
    "collector": {"collector_owner": COLLECTOR_OWNER, "collector": COLLECTOR},
}
ROLES = ALIASES | {"intake": COLLECTOR} | APART["issuer"] | APART["collector"]
OWNERS = {
    "owner": OWNER,
    "issuer_owner": ISSUER_OWNER,
    "collector_owner": COLLECTOR_OWNER,
}
URLS = {
    "owner": "DATABASE_URL",
    "default": "RUNTIME_DATABASE_URL",
    "issuer": "ISSUER_DATABASE_URL",
    "collector": "COLLECTOR_DATABASE_URL",
    "intake": "INTAKE_DATABASE_URL",
    "issuer_owner": "ISSUER_OWNER_DATABASE_URL",
    "collector_owner": "COLLECTOR_OWNER_DATABASE_URL",
}
GIVEN = tuple(URLS[alias] for alias in ALIASES)
DATABASE = "trustsurvey"
OLDEST = 150000  # PostgreSQL 15
MAINTENANCE = "postgres"  # the database to connect to while ours is missing
ONE_AT_A_TIME = 0x7472757374  # key of the advisory lock: "trust" in ASCII

# An error message must not carry an answer into a log.
QUIET = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

# What was acknowledged is on the disk, whatever the server's own default is.
DURABLE = "alter role {} set synchronous_commit = 'on'"

GRANTS = (
    "revoke all on database {database} from public",
    "grant connect, create, temporary on database {database} to {owner}",
    "grant connect on database {database} to {members}",
    "revoke all on schema public from public",
    "grant usage, create on schema public to {owner}",
    "grant usage on schema public to {members}",
)
FACTS = """
    select rolname, rolsuper, rolbypassrls,
        exists (select from pg_class where relowner = r.oid),
        has_schema_privilege('public', 'create')
    from pg_roles r where rolname = current_user
"""

Login = Mapping[str, Any]
"""Keyword arguments of psycopg.connect."""

Connection = psycopg.Connection[tuple[Any, ...]]


class RolesError(PostgresError):
    """The server cannot be used as it is; the message says what to change."""


def embedded_cluster(base_dir: Path, environ: Mapping[str, str]) -> Cluster | None:
    """Return the embedded cluster, or None where DATABASE_URL names a server."""
    if environ.get("DATABASE_URL"):
        return None
    var = environ.get("TRUSTSURVEY_VAR") or str(base_dir / "var")
    return Cluster(Path(var) / "postgres")


def homes(environ: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the roles at home in each database, by alias, the owner first.

    A database is called after the alias in whose URL it is named: "owner" for the main
    one, and "issuer" and "collector" where these lie apart.
    """
    main, found = dict(ALIASES), {}
    for part, at_home in APART.items():
        if _place(part, environ) not in (None, _place("owner", environ)):
            del main[part]
            found[part] = dict(at_home)
    if len(found) == 2 and _place("issuer", environ) == _place("collector", environ):
        raise RolesError(
            "ISSUER_DATABASE_URL and COLLECTOR_DATABASE_URL name the same database, so"
            " that one copy holds both: name two databases, or leave both out."
        )
    if "collector" in found:
        main["intake"] = COLLECTOR
    return {"owner": main} | found


def _place(alias: str, environ: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Which database a URL names; None where it is not set."""
    if not (url := environ.get(URLS[alias])):
        return None
    login = _parsed(URLS[alias], url)
    host = login.get("host") or login.get("hostaddr") or ""
    return str(host), str(login.get("port") or 5432), str(login.get("dbname", DATABASE))


def administrator(
    base_dir: Path, environ: Mapping[str, str], home: str = "owner"
) -> Login:
    """Return the login that may create roles and databases on the server of a home."""
    cluster = embedded_cluster(base_dir, environ)
    if cluster and home == "owner":
        return cluster.address()._asdict()
    return _parsed(URLS[home], environ[URLS[home]])


def logins(
    base_dir: Path, environ: Mapping[str, str], secret_key: str
) -> dict[str, Login]:
    """Return the login of each Django alias; connects to nothing."""
    found: dict[str, Login] = {}
    for home, at_home in homes(environ).items():
        if _roles_are_given(environ):
            found |= {alias: _given(alias, environ) for alias in at_home}
        elif home == "owner" and (cluster := embedded_cluster(base_dir, environ)):
            address = cluster.address(DATABASE)._asdict()
            found |= {
                alias: address | {"user": role} for alias, role in at_home.items()
            }
        else:
            server = dict(administrator(base_dir, environ, home))
            found |= {
                alias: server | {"user": role, "password": password(secret_key, role)}
                for alias, role in at_home.items()
            }
    return found


def database_settings(
    base_dir: Path, environ: Mapping[str, str], secret_key: str
) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: default (runtime), owner, issuer, collector, ..."""
    return {
        alias: django_database(login)
        for alias, login in logins(base_dir, environ, secret_key).items()
    }


def django_database(login: Login) -> dict[str, Any]:
    """Return one entry of DATABASES; sslmode and the like become OPTIONS."""
    options = dict(login)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname", DATABASE),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": str(options.pop("port", "")),
        "OPTIONS": options,
    }


def password(secret_key: str, role: str) -> str:
    """Derive a role's password, so that none is kept in a file."""
    digest = hmac.new(secret_key.encode(), role.encode(), hashlib.sha256)
    return digest.hexdigest()


def prepare(base_dir: Path, environ: Mapping[str, str], secret_key: str) -> None:
    """Create what is missing of roles and database, then verify; may be repeated.

    The server must be running. Given roles (see above) are only verified.
    """
    if not _roles_are_given(environ):
        for home, at_home in homes(environ).items():
            login = administrator(base_dir, environ, home)
            peer = home == "owner" and embedded_cluster(base_dir, environ) is not None
            create_roles(login, None if peer else secret_key, at_home.values())
            name = DATABASE if peer else str(login.get("dbname", DATABASE))
            create_database(login, name, at_home.values())
    verify(logins(base_dir, environ, secret_key))


def create_roles(
    login: Login, secret_key: str | None, roles: Iterable[str] = ALIASES.values()
) -> None:
    """Create or mend the roles; without a secret key they have no password (peer).

    The first is the owner.
    """
    owner, *members = roles
    with _connected(_existing(login)) as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        superuser = connection.info.parameter_status("is_superuser") == "on"
        for role in (owner, *members):
            name = sql.Identifier(role)
            if not _exists(connection, "pg_roles", "rolname", role):
                connection.execute(sql.SQL("create role {} login").format(name))
            secret = password(secret_key, role) if secret_key else None
            # hashed here, because a server may log the statement
            hashed = secret and connection.pgconn.encrypt_password(
                secret.encode(), role.encode(), b"scram-sha-256"
            )
            connection.execute(
                sql.SQL("alter role {} login password {}").format(
                    name, hashed.decode() if hashed else None
                )
            )
            connection.execute(sql.SQL(DURABLE).format(name))
            if superuser:
                _restrict(connection, name)
        if superuser:  # mixing cuts the log off behind it
            connection.execute(f"grant pg_checkpoint to {owner}")
        else:  # to give it the database
            connection.execute(f"grant {owner} to current_user")


def _restrict(connection: Connection, role: sql.Identifier) -> None:
    """Take every power from a role; only a superuser may say so."""
    powers = "nosuperuser nobypassrls nocreatedb nocreaterole noreplication"
    connection.execute(sql.SQL("alter role {} " + powers).format(role))
    for name, value in QUIET.items():
        connection.execute(
            sql.SQL("alter role {} set {} = {}").format(
                role, sql.Identifier(name), value
            )
        )


def create_database(
    login: Login, name: str, roles: Iterable[str] = ALIASES.values()
) -> None:
    """Create the database where it is missing; only these roles may enter it.

    In a database that we did not create the owner role gets rights in the schema
    `public`, and nothing changes hands.
    """
    owner, *members = (sql.Identifier(role) for role in roles)
    names = {
        "database": sql.Identifier(name),
        "owner": owner,
        "members": sql.SQL(", ").join(members),
    }
    with _connected(_existing(login), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not _exists(connection, "pg_database", "datname", name):
            text = "create database {database} owner {owner} encoding 'UTF8'"
            connection.execute(sql.SQL(text + " template template0").format(**names))
    with _connected({**login, "dbname": name}) as connection:
        for text in GRANTS:
            connection.execute(sql.SQL(text).format(**names))
        if connection.info.parameter_status("is_superuser") == "on":
            # mixing begins a new file of the log, so that the old ones can go
            text = "grant execute on function pg_switch_wal() to {owner}"
            connection.execute(sql.SQL(text).format(**names))


def drop_database(login: Login, name: str) -> None:
    """Drop a test database and the connections to it."""
    with _connected({**login, "dbname": MAINTENANCE}, autocommit=True) as connection:
        text = "drop database if exists {} with (force)"
        connection.execute(sql.SQL(text).format(sql.Identifier(name)))


def verify(given: Mapping[str, Login]) -> None:
    """Refuse logins that are not our roles, or that may too much or too little."""
    for alias, login in given.items():
        role = ROLES[alias]
        owner = OWNERS[f"{alias}_owner" if f"{alias}_owner" in given else "owner"]
        with _connected(login) as connection:
            row = connection.execute(FACTS).fetchone()
        name, superuser, bypasses, owns, creates = row or ("", True, True, True, False)
        if name != role:
            raise RolesError(
                f"{URLS[alias]} signs in as {name}, but the tables are made for"
                f" {role}: run `create role {role} login password '...'` and use it."
            )
        if superuser or bypasses:
            raise RolesError(
                f"The role {role} could read every organization: run"
                f" `alter role {role} nosuperuser nobypassrls` as the administrator."
            )
        if owns and alias not in OWNERS:
            raise RolesError(
                f"The role {role} owns tables, so it could switch off row-level"
                f" security: run `reassign owned by {role} to {owner}`."
            )
        if creates != (alias in OWNERS):
            verb = "grant" if alias in OWNERS else "revoke"
            raise RolesError(
                f"The role {role} has the wrong rights: run `{verb} create on schema"
                f" public {'to' if alias in OWNERS else 'from'} {role}` in the database."
            )


def _roles_are_given(environ: Mapping[str, str]) -> bool:
    return bool(environ.get(URLS["default"]))


def _given(alias: str, environ: Mapping[str, str]) -> Login:
    name = URLS[alias]
    if not environ.get(name):
        raise RolesError(
            f"{name} is not set, but RUNTIME_DATABASE_URL is: give a login for every"
            f" role ({name} is that of {ROLES[alias]}), or leave RUNTIME_DATABASE_URL"
            " out and let DATABASE_URL create them."
        )
    return _parsed(name, environ[name])


def _parsed(name: str, url: str) -> Login:
    """Parse a URL; the message must not repeat it, for it holds a password."""
    try:
        return conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise RolesError(
            f"{name} cannot be read: write postgresql://USER:PASSWORD@HOST:5432/NAME"
            " with special characters percent-encoded."
        ) from None


@contextmanager
def _connected(login: Login, *, autocommit: bool = False) -> Iterator[Connection]:
    """Connect to a server of a supported version; failures become one sentence."""
    where = f"{login.get('user')}@{login.get('host')}/{login.get('dbname')}"
    try:
        with psycopg.connect(
            **{"connect_timeout": 10, **login}, autocommit=autocommit
        ) as connection:
            if connection.info.server_version < OLDEST:
                raise RolesError(
                    f"The server of {where} is PostgreSQL"
                    f" {connection.info.server_version // 10000}: use 15 or later."
                )
            yield connection
    except psycopg.errors.InsufficientPrivilege as error:
        raise RolesError(
            f"{where} may not prepare the database ({_first_line(error)}): as an"
            f" administrator run {_by_hand()} and give all of {', '.join(GIVEN)}; for a"
            " database of the issuer or the collector see docs/operations.md."
        ) from None
    except psycopg.OperationalError as error:
        raise RolesError(
            f"Could not sign in to PostgreSQL as {where}: {_first_line(error)}"
        ) from None


def _existing(login: Login) -> Login:
    """Return `login`, at the maintenance database where its own does not exist yet."""
    try:
        psycopg.connect(**{"connect_timeout": 10, **login}).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error) or not login.get("dbname"):
            return login  # the next connection tells what is wrong
        return {**login, "dbname": MAINTENANCE}
    return login


def _exists(connection: Connection, catalog: str, column: str, value: str) -> bool:
    text = sql.SQL("select from {} where {} = %s")
    query = text.format(sql.Identifier(catalog), sql.Identifier(column))
    return connection.execute(query, [value]).fetchone() is not None


def _by_hand() -> str:
    return " ".join(
        [f"`create role {role} login password '...';`" for role in ALIASES.values()]
        + [f"`create database {DATABASE} owner {OWNER};`"]
        + [f"`grant usage on schema public to {RUNTIME}, {ISSUER}, {COLLECTOR};`"]
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]
