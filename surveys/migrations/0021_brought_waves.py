from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0020_criteria")]
    operations: list[object] = []
