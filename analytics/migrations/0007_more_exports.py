from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("analytics", "0006_exports")]
    operations: list[object] = []
