from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("analytics", "0003_releases"), ("surveys", "0017_managers")]

    operations = []
