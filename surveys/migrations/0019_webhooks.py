from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0018_tokens")]
    operations: list[object] = []
