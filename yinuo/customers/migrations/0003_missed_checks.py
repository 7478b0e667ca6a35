"""A day on which nobody looked at a portal stays as missed; how late a check was stands beside it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = {"null": True, "blank": True, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_path_order"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("portal", "escalate_after", models.PositiveSmallIntegerField(default=2)),
        migrations.AddField("portal", "escalated_for_on", models.DateField(blank=True, editable=False, null=True)),
        migrations.AddField("portalcheck", "keeper", models.ForeignKey(to=settings.AUTH_USER_MODEL, **PERSON)),
        migrations.AddField("portalcheck", "days_late", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AlterField("portalcheck", "by", models.ForeignKey(to=settings.AUTH_USER_MODEL, **PERSON)),
        migrations.AlterField("portalcheck", "checked_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "portalcheck",
            "result",
            models.CharField(
                blank=True,
                choices=[
                    ("nothing_new", "nothing new"),
                    ("something_new", "something new"),
                    ("no_access", "could not sign in"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex("portalcheck", models.Index(fields=["was_due_on"], name="customers_portalcheck_due")),
        migrations.AddConstraint(
            "portalcheck",
            models.UniqueConstraint(
                condition=models.Q(("checked_at", None)),
                fields=("portal", "was_due_on"),
                name="customers_portalcheck_missed_once",
            ),
        ),
    ]
