from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0017_managers")]
    operations: list[object] = []
