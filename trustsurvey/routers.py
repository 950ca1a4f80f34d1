"""Which database connection may change tables."""

from surveys import parts


class OwnerMigrates:
    """Migrations run as owning roles only; the application owns nothing.

    An operation with the hint `part` runs in the database where that part lies, all
    others in the main one.
    """

    def allow_migrate(
        self, db: str, app_label: str, part: str = "", **hints: object
    ) -> bool:
        return db == (parts.owner_of(part) if part else parts.MAIN)

    def allow_relation(self, first: object, second: object, **hints: object) -> bool:
        # the connections of models are roles on one database, not several databases
        return True
