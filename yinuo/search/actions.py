"""Keeping the index in step with what the rooms above know."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from yinuo.kit import plugs
from yinuo.records import queries as records_queries
from yinuo.search import models, queries, rules

BATCH = 500

_UPSERT = """
    ON CONFLICT (subject_type, subject_id) DO UPDATE
    SET kind = excluded.kind, scope_id = excluded.scope_id, site_id = excluded.site_id, at = excluded.at
"""
_INSERT_SQLITE = f"""
    INSERT INTO search_document (subject_type, subject_id, kind, scope_id, site_id, at) VALUES (%s, %s, %s, %s, %s, %s)
    {_UPSERT} RETURNING id
"""  # noqa: S608
_INSERT_POSTGRESQL = f"""
    WITH new AS MATERIALIZED (
        SELECT * FROM unnest(
            %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[],
            %s::text[], %s::text[], %s::text[], %s::text[]
        ) WITH ORDINALITY AS given(t, s, k, c, p, a, w, label, title, text, url, n)
    ), rows AS (
        INSERT INTO search_document (subject_type, subject_id, kind, scope_id, site_id, at, words)
        SELECT t, s, k, c, p, a, w::tsvector FROM new ORDER BY n
        {_UPSERT}, words = excluded.words RETURNING id, subject_id
    )
    INSERT INTO search_body (document_id, label, title, text, url)
    SELECT rows.id, label, title, text, url FROM rows JOIN new ON new.s = rows.subject_id ORDER BY n
    ON CONFLICT (document_id) DO UPDATE
    SET label = excluded.label, title = excluded.title, text = excluded.text, url = excluded.url
"""  # noqa: S608


_waiting: ContextVar[dict[str, set[int]] | None] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Refresh what many acts in one transaction touch at their end, all at once; for imports of many rows."""
    waiting: dict[str, set[int]] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for subject_type, ids in waiting.items():
        refresh(subject_type, ids)


def refresh(subject_type: str, ids: Iterable[int]) -> None:
    """Bring the index rows of these subjects up to date, in the caller's transaction.

    Asks the index source of the type what is to be found of them now, and records which files hang on them; what it no
    longer names disappears. Rows that did not change are left alone.
    """
    if (waiting := _waiting.get()) is not None:
        waiting.setdefault(subject_type, set()).update(ids)
        return
    wanted = sorted(set(ids))  # always in one order, so that two transactions never wait for each other
    source = plugs.index_sources.get(subject_type).function
    with transaction.atomic():
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            _bring_up_to_date(subject_type, some, source(some))


def enter(document: rules.Document) -> None:
    """Put a subject into the index that was made in this very transaction and has no files: nothing of it is there yet,
    and its room has in hand what its index source would have to read."""
    if (waiting := _waiting.get()) is not None:
        waiting.setdefault(document.type, set()).add(document.id)
        return
    _write([_clean(document, [])])


def enter_all(documents: Sequence[rules.Document]) -> None:
    """The same of many subjects of one type that one act made, at once and in its own part of the transaction."""
    for start in range(0, len(documents), BATCH):
        _write([_clean(document, []) for document in documents[start : start + BATCH]])


def _bring_up_to_date(subject_type: str, ids: Sequence[int], documents: Sequence[rules.Document]) -> None:
    stored = {
        row.subject_id: row
        for row in models.Document.objects.filter(subject_type=subject_type, subject_id__in=ids).select_related("body")
    }
    names = records_queries.file_names(subject_type, [document.id for document in documents])
    now = {document.id: _clean(document, names.get(document.id, [])) for document in documents}
    gone = [row for subject_id, row in stored.items() if subject_id not in now]
    changed = [d for d in now.values() if d.id not in stored or d != queries.document_of(stored[d.id])]
    outdated = [*gone, *(stored[d.id] for d in changed if d.id in stored)]
    if outdated and connection.vendor == "sqlite":
        _forget_words(outdated)
    if gone:
        models.Document.objects.filter(pk__in=[row.pk for row in gone]).delete()
    if changed:
        _write(changed)


def _clean(document: rules.Document, file_names: Sequence[str]) -> rules.Document:
    """The document as it is stored, with the names of the files that hang on its subject."""
    return rules.Document(
        type=document.type,
        id=document.id,
        title=rules.storable(document.title)[:500],
        label=rules.storable(document.label)[:300],
        text=rules.storable("\n".join([document.text, *file_names])),
        url=document.url[:300],
        scope_id=document.scope_id,
        site_id=document.site_id,
        at=document.at,
        kind=document.kind or document.type,
    )


def _write(documents: Sequence[rules.Document]) -> None:
    """Insert or replace rows, bodies and words of documents of one type."""
    words = {d.id: rules.document_tokens(d.label, d.title, d.text) for d in documents}
    if connection.vendor == "postgresql":
        _write_on_postgresql(documents, words)
        return
    keys = _rows_on_sqlite(documents, words)
    models.Body.objects.bulk_create(
        [models.Body(document_id=keys[d.id], label=d.label, title=d.title, text=d.text, url=d.url) for d in documents],
        update_conflicts=True,
        unique_fields=["document"],
        update_fields=["label", "title", "text", "url"],
    )


def _rows_on_sqlite(documents: Sequence[rules.Document], words: dict[int, list[str]]) -> dict[int, int]:
    keys = {}
    with connection.cursor() as cursor:
        for d in documents:
            at = connection.ops.adapt_datetimefield_value(d.at)
            cursor.execute(_INSERT_SQLITE, [d.type, d.id, d.kind, d.scope_id, d.site_id, at])
            keys[d.id] = cursor.fetchone()[0]
        cursor.executemany(
            "INSERT INTO search_words (rowid, words) VALUES (%s, %s)",
            [(keys[d.id], " ".join(words[d.id])) for d in documents],
        )
    return keys


def _write_on_postgresql(documents: Sequence[rules.Document], words: dict[int, list[str]]) -> None:
    """Rows, words and bodies in one statement."""
    columns: list[list[object]] = [
        [d.type for d in documents],
        [d.id for d in documents],
        [d.kind for d in documents],
        [d.scope_id for d in documents],
        [d.site_id for d in documents],
        [d.at for d in documents],
        [rules.as_tsvector(words[d.id]) for d in documents],
        [d.label for d in documents],
        [d.title for d in documents],
        [d.text for d in documents],
        [d.url for d in documents],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_POSTGRESQL, columns)


def _forget_words(rows: Iterable[models.Document]) -> None:
    """Take words out of the contentless table, which must be told what it holds; the rows' bodies say it."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', %s, %s)",
            [(row.pk, " ".join(rules.document_tokens(row.body.label, row.body.title, row.body.text))) for row in rows],
        )
