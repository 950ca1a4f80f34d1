"""To be filled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0012_schedule")]

    operations = []
