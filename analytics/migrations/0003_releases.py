from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_isolation"), ("surveys", "0016_cell_key")]

    operations = []
