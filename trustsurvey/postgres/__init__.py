"""The embedded PostgreSQL: find it, start it, share it, stop it. Standard library only.

`Cluster(folder)` knows where everything lies and how to start and stop the server.
`running(cluster)` holds it: the first holder starts the server, the last one stops
it, and a guardian process stops it when the last holder was killed.
"""

from trustsurvey.postgres.cluster import Address, Cluster
from trustsurvey.postgres.errors import (
    BinariesMissing,
    InUse,
    NotOurs,
    PostgresError,
    StartFailed,
)
from trustsurvey.postgres.holding import Hold, running

__all__ = [
    "Address",
    "BinariesMissing",
    "Cluster",
    "Hold",
    "InUse",
    "NotOurs",
    "PostgresError",
    "StartFailed",
    "running",
]
