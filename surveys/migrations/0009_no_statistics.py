"""The server keeps no samples of what passes through issuer and collector.

Autovacuum collects statistics of the columns of a busy table at a moment of its own
choosing: which invitations were opened by then, and which answers had arrived. Two such
samples narrow down who answered what, and no flush rewrites them (tests/attack found
it). Every query on these tables is by primary key or reads a whole wave, so that the
planner loses nothing.
"""

from django.db import migrations

COLUMNS = {
    "issuer.invitation": ("wave_id", "cell_id", "code", "blinded", "issues"),
    "collector.printed": ("wave_id", "cell_id", "token"),
    "collector.spent": ("wave_id", "cell_id", "token", "body"),
    "collector.staged": ("wave_id", "cell_id", "answers", "language"),
    "collector.mixed": ("wave_id", "cell_id", "answers", "language"),
    "collector.staged_text": ("wave_id", "cell_id", "question", "text"),
    "collector.mixed_text": ("wave_id", "cell_id", "question", "text"),
}


def no_statistics(part: str) -> str:
    return "\n".join(
        f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0;"
        for table, columns in COLUMNS.items()
        if table.startswith(f"{part}.")
        for column in columns
    )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0008_promise_isolation")]

    operations = [
        migrations.RunSQL(no_statistics(part), hints={"part": part})
        for part in ("issuer", "collector")
    ]
