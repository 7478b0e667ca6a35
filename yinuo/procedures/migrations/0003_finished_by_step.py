"""Finished tasks by their step: the rows behind a figure of the statistics."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0002_draft")]

    operations = [
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["step", "closed_at"],
                name="procedures_task_step",
                condition=models.Q(closed_at__isnull=False),
            ),
        ),
    ]
