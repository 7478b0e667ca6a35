from django.db import migrations


def make_sequence(apps, schema_editor):
    """Numbers that may have gaps come from a sequence, which no transaction waits for (SQLite has one writer anyway)."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("create sequence if not exists cases_number")


def drop_sequence(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("drop sequence if exists cases_number")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(make_sequence, drop_sequence)]
