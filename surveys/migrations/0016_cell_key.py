from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0015_identified")]

    operations = []
