"""The issuer tells a pause from an end, so that people are not told it was over."""

from django.db import migrations

PAUSED = "ALTER TABLE issuer.wave ADD COLUMN paused boolean NOT NULL DEFAULT false;"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0024_public_counts")]

    operations = [migrations.RunSQL(PAUSED, hints={"part": "issuer"})]
