"""Which database connection may change tables."""


class OwnerMigrates:
    """Migrations run as the owning role only; the application owns nothing."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == "owner"

    def allow_relation(self, first: object, second: object, **hints: object) -> bool:
        # the connections are roles on one database, not several databases
        return True
