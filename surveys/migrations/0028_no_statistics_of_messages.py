"""The server keeps no samples of who was written to.

Who was reminded stands twice among the messages, so that a sample of autovacuum lists
just these invitations first, and keeps them after the reminders were deleted: who had not
opened half-way. Messages are searched by key, by wave and by what is due.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0027_thrown_away")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE surveys_message ALTER COLUMN invitation_id SET STATISTICS 0;",
            "ALTER TABLE surveys_message ALTER COLUMN invitation_id SET STATISTICS -1;",
        )
    ]
