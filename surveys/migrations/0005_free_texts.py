"""Free texts carry the code of their question; the box that ends a form has none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_library_isolation")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="question",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("question", ""))
                | models.Q(("question__regex", r"^[A-Z][A-Z0-9-]*\.[A-Z][A-Z0-9-]*$")),
                name="comment_question_is_a_code",
            ),
        ),
    ]
