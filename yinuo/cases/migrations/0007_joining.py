"""Cases are linked, merged and split."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = settings.AUTH_USER_MODEL


def to(model: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=model, **more)


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_own_fields"), migrations.swappable_dependency(PERSON)]

    operations = [
        migrations.AddField(
            "case", "merged_into", to("cases.case", blank=True, null=True, related_name="merged", db_index=False)
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["merged_into"],
                name="cases_case_merged",
                condition=models.Q(("merged_into__isnull", False)),
            ),
        ),
        migrations.AddField(
            "item", "came_from", to("cases.item", blank=True, null=True, related_name="+", db_index=False)
        ),
        migrations.AddField(
            "item", "moved_to", to("cases.item", blank=True, null=True, related_name="+", db_index=False)
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("related", "related to"),
                            ("duplicate", "asks the same as"),
                            ("origin", "comes from"),
                            ("complaint", "complains about"),
                        ],
                        max_length=10,
                        verbose_name="relation",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("made_at", models.DateTimeField()),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("void_reason", models.CharField(blank=True, max_length=500)),
                ("case", to("cases.case", related_name="links_to")),
                ("other", to("cases.case", related_name="links_from")),
                ("made_by", to(PERSON, related_name="+")),
                ("voided_by", to(PERSON, blank=True, null=True, related_name="+")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "other", "relation"),
                        name="cases_link_once",
                        condition=models.Q(("voided_at", None)),
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("other")), _negated=True), name="cases_link_two"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500)),
                ("threads", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undo_reason", models.CharField(blank=True, max_length=500)),
                ("case", to("cases.case", related_name="merges")),
                ("survivor", to("cases.case", related_name="merges_into")),
                ("by", to(PERSON, related_name="+")),
                ("undone_by", to(PERSON, blank=True, null=True, related_name="+")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case",), name="cases_merge_once", condition=models.Q(("undone_at", None))
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("survivor")), _negated=True), name="cases_merge_two"
                    ),
                ]
            },
        ),
    ]
