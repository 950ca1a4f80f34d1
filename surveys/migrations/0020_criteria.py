from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0019_webhooks")]
    operations: list[object] = []
