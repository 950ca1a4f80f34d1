"""What a cell is made of, and whose waves the sweeper of releases may look through."""

from django.db import migrations, models
from django.db.models import Q

# Which ended waves want a release is asked over all organizations, by the owning role.
SWEPT = """
CREATE POLICY survey_swept ON surveys_survey FOR SELECT TO trustsurvey_owner
    USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0015_identified")]

    operations = [
        migrations.AddField(
            model_name="cell",
            name="key",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.UniqueConstraint(
                condition=~Q(key=""),
                fields=("organization", "wave", "key"),
                name="cell_is_made_of_its_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=Q(key="") | Q(key__regex=r"^[0-9a-f]{64}$"),
                name="cell_made_of_is_sha256",
            ),
        ),
        migrations.RunSQL(SWEPT),
    ]
