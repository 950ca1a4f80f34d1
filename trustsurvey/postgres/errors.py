"""What can go wrong with the embedded PostgreSQL. The message is one sentence."""


class PostgresError(Exception):
    """Something a person can act on; the message says what, where and what to do."""


class BinariesMissing(PostgresError):
    """No PostgreSQL came with the wheel on this platform."""


class NotOurs(PostgresError):
    """The data folder belongs to another OS user, or to another major version."""


class StartFailed(PostgresError):
    """initdb or the server did not start; the message ends with the log's last line."""


class InUse(PostgresError):
    """Another process holds the cluster or its locks for too long."""
