"""Paths sort and compare by their signs, not by a language's alphabet, so that a tree stands together."""

from django.db import migrations


def compare_by_signs(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE customers_customer ALTER COLUMN path TYPE varchar(400) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunPython(compare_by_signs, migrations.RunPython.noop, elidable=False)]
