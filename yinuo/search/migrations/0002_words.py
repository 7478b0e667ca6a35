"""The full-text structures, one per database; see the models' first lines."""

from typing import Any

from django.db import migrations

# The `ascii` tokenizer takes every character above 127 as part of a token: our own tokens pass through unchanged.
SQLITE = [
    "CREATE VIRTUAL TABLE search_words USING fts5(words, content='', tokenize=\"ascii tokenchars '-./_+#&'\")",
]
POSTGRESQL = [
    "ALTER TABLE search_document ADD COLUMN words tsvector",
    "CREATE INDEX search_document_words ON search_document USING gin (words) WITH (fastupdate = off)",
]


def forwards(apps: Any, editor: Any) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def backwards(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE search_words")
    else:
        editor.execute("ALTER TABLE search_document DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
