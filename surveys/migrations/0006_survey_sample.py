"""Imported answers come with a description of who gave them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0005_free_texts")]

    operations = [
        migrations.AddField(
            model_name="survey",
            name="sample",
            field=models.TextField(blank=True, default=""),
        ),
    ]
