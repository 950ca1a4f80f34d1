"""The server keeps no samples of mixed answers either.

Nobody is linked by them: the table is filled at the close, in random order. But a sample
of autovacuum is one more copy of answers in a place where no rule of removal reaches it,
and nothing is ever searched by what was answered.
"""

from django.db import migrations

COLUMNS = ("answers", "language")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0021_brought_waves")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE surveys_response ALTER COLUMN {column} SET STATISTICS 0;",
            f"ALTER TABLE surveys_response ALTER COLUMN {column} SET STATISTICS -1;",
        )
        for column in COLUMNS
    ]
