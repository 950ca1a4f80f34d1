"""The groups that the collector knows, and their keys, cannot be changed or taken away.

Whoever could change the key of a group could let in answers that nobody was invited to
give.
"""

from django.db import migrations

FROZEN = """
CREATE TRIGGER collected_cell_is_frozen BEFORE UPDATE OR DELETE ON collector.cell
    FOR EACH ROW EXECUTE FUNCTION collector.refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0028_no_statistics_of_messages")]

    operations = [migrations.RunSQL(FROZEN, hints={"part": "collector"})]
