"""The text of postgresql.conf, pg_hba.conf and pg_ident.conf for the embedded server."""

from collections.abc import Iterable
from pathlib import Path

PORT = 5432  # names the socket file only: the server listens on no network
ADMINISTRATOR = "postgres"
ROLES = (
    ADMINISTRATOR,
    "trustsurvey_owner",
    "trustsurvey_runtime",
    "trustsurvey_issuer",
    "trustsurvey_collector",
)
ACCESS = "local all all peer map=trustsurvey\n"

# Nothing an answer could be read from, or timed by, goes to the log: no statements,
# no parameters, no DETAIL lines, no checkpoints, no connections. Nor do old WAL
# segments stay for reuse, nor commit times in the tables.
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 60,
    "shared_buffers": "128MB",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "wal_recycle": "off",
    "track_commit_timestamp": "off",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_statement": "none",
    "log_min_duration_statement": -1,
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": 0,
    "log_parameter_max_length_on_error": 0,
    "log_connections": "",
    "log_disconnections": "off",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": -1,
}


def settings_text(*, sockets: Path, logs: Path, throw_away: bool) -> str:
    """Return postgresql.conf; a throw-away cluster does not wait for the disk."""
    values = SETTINGS | {
        "unix_socket_directories": str(sockets),
        "log_directory": str(logs),
        "fsync": "off" if throw_away else "on",
        "full_page_writes": "off" if throw_away else "on",
    }
    lines = [f"{name} = {_quoted(str(value))}\n" for name, value in values.items()]
    return "# Written at every start; use ALTER SYSTEM to change.\n" + "".join(lines)


def identities_text(os_users: Iterable[str]) -> str:
    """Return pg_ident.conf: which OS users may be which of our roles."""
    pairs = ((user, role) for user in sorted(set(os_users)) for role in ROLES)
    return "".join(f'trustsurvey "{user}" {role}\n' for user, role in pairs)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
