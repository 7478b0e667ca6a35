"""Companies have fields of their own on cases and items."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_procedures")]

    operations = [
        migrations.AddField(
            model_name="convention",
            name="fields",
            field=models.JSONField(blank=True, default=list, verbose_name="the company's own fields"),
        ),
        migrations.AddField(
            model_name="case",
            name="more",
            field=models.JSONField(blank=True, default=dict, verbose_name="the company's own fields"),
        ),
        migrations.AddField(
            model_name="item",
            name="more",
            field=models.JSONField(blank=True, default=dict, verbose_name="the company's own fields"),
        ),
    ]
