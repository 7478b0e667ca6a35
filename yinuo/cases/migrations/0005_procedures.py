"""Which procedure a case runs by is a table now; where a run goes back to stands in the procedure itself."""

from typing import Any

from django.db import migrations, models

import yinuo.cases.models.convention


def keep_the_choice(apps: Any, schema_editor: Any) -> None:
    """The one procedure that was chosen is what holds where no row does."""
    for row in apps.get_model("cases", "convention").objects.all():
        row.procedures = {"rows": [], "otherwise": row.procedure_key}
        row.save(update_fields=["procedures"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_assignment")]

    operations = [
        migrations.AddField(
            model_name="convention",
            name="procedures",
            field=models.JSONField(default=yinuo.cases.models.convention._procedures, verbose_name="procedure table"),
        ),
        migrations.RunPython(keep_the_choice, migrations.RunPython.noop),
        migrations.RemoveField(model_name="convention", name="procedure_key"),
        migrations.RemoveField(model_name="convention", name="amended_to"),
        migrations.RemoveField(model_name="convention", name="improved_at"),
    ]
