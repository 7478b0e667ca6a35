"""Finding: what a person may see, newest first, hits marked; and what resembles a text.

Ids are paged first, in the narrow table with rights in the same statement; bodies are read for what is shown only.
Counting stops at 10,000. A word more common than that is found by walking the documents from the newest.
"""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from yinuo.kit import plugs
from yinuo.org import models as org_models
from yinuo.search import models, rules
from yinuo.search.engine import glossary, meaning

COUNT_LIMIT = 10_000
MOST_ID = 2**63 - 1
WALK = 200_000  # newest documents walked for a common word before all its hits are sorted instead
RAREST = 16
CANDIDATES_PER_TOKEN = 1_000
CANDIDATES = 200
LIKENESS = 40  # per cent below which a text does not resemble another
TOPICS = 4  # terms of a text by which others are sought, in both languages
MEANT, LINES, LINE = 60, 6, 8  # candidates compared by what they ask; their lines, each by itself, of so many letters
OTHER_VALUE = 8  # per cent less for what asks the same with another value
OF_TOPIC = 12.0  # what such a term weighs beside the rarity of a token, which is between 1.6 and 11.5


@dataclass
class Found:
    """What a query found: hits per kind, newest first, and how many there are (at least, when `is_capped`)."""

    asked: Sequence[rules.Term]
    hits: dict[str, list[rules.Hit]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    is_capped: bool = False
    is_loose: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())


# Rights --------------------------------------------------------------------------------------------------------------


def permission_of(source: "plugs.Plug") -> str:
    """Which permission shows documents of an index source: what it says, else `<room>.see`."""
    return source.about.get("permission") or f"{source.name.partition('.')[0]}.see"


def visible(person: org_models.Person) -> QuerySet[models.Document]:
    """All documents the person may see, by the permission of each type: one SQL predicate."""
    types: dict[str, list[str]] = {}
    for source in plugs.index_sources:
        types.setdefault(permission_of(source), []).append(source.name)
    rows = models.Document.objects.none()
    for permission, names in types.items():
        rows = rows | person.visible(models.Document.objects.filter(subject_type__in=names), permission)
    return rows


def _predicate(rows: QuerySet[models.Document]) -> tuple[str, list[Any]] | None:
    """The WHERE of a queryset over `search_document` for a statement of ours; None when nothing can be found."""
    rows.query.get_initial_alias()
    try:
        where, params = rows.query.get_compiler(connection=connection).compile(rows.query.where)
    except EmptyResultSet:
        return None
    return where, list(params)


# Finding -------------------------------------------------------------------------------------------------------------


def size() -> int:
    """How many documents there are."""
    return models.Document.objects.count()


def is_outdated() -> bool:
    """Whether the index was built with other tokens than texts and questions have now."""
    return models.Sample.objects.exclude(tokenizer=rules.TOKENIZER).exists()


def is_sample_old() -> bool:
    """Whether the number of documents has changed by a fifth since the frequencies were estimated."""
    last = models.Sample.objects.filter(pk=1).first()
    total = size()
    return total > 0 and (last is None or abs(total - last.documents) > max(100, last.documents // 5))


def find(
    person: org_models.Person, text: str, kinds: Collection[str] | None = None, limit: int = 20
) -> list[rules.Hit]:
    """The newest documents that contain all words of the text and that the person may see."""
    found = search(person, text, kinds=kinds, limit=limit)
    hits = [hit for group in found.hits.values() for hit in group]
    return sorted(hits, key=lambda hit: hit.at, reverse=True)[:limit]


def search(
    person: org_models.Person,
    text: str,
    *,
    kinds: Collection[str] | None = None,
    limit: int = 5,
    before: int | None = None,
    is_open: bool = False,
) -> Found:
    """Up to `limit` newest hits of each kind, with counts (none: counts only). `before`: only documents with a smaller
    id (next page).

    When nothing contains the very words, words may go on (seal, seals) and part numbers are taken by their parts.
    """
    asked = rules.terms(text, is_open=is_open)
    rows = visible(person)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    found = _search(rows, asked, limit, before)
    if not found.counts and asked and not is_open and before is None:
        loose = rules.loosened(asked)
        found = _search(rows, loose, limit, before)
        found.is_loose = True
    return found


def _search(rows: QuerySet[models.Document], asked: Sequence[rules.Term], limit: int, before: int | None) -> Found:
    found = Found(asked=asked)
    predicate = _predicate(rows)
    if not asked or predicate is None:
        return found
    found.counts, newest = _matches(predicate, asked, limit, before)
    found.is_capped = found.total > COUNT_LIMIT
    if found.is_capped and limit and (connection.vendor != "sqlite" or before is not None):
        newest = []
        for kind in found.counts:
            of_kind = _predicate(rows.filter(kind=kind))
            newest += _newest_of_many(of_kind, asked, limit, before) if of_kind else []
    for hit in _hits(newest, asked):
        found.hits.setdefault(hit.kind, []).append(hit)
    return found


def _matching(predicate: tuple[str, list[Any]], asked: Sequence[rules.Term]) -> tuple[str, list[Any]]:
    """FROM and WHERE for documents that match and may be seen."""
    return _matching_any(predicate, [asked])


def _matching_any(predicate: tuple[str, list[Any]], choices: Sequence[Sequence[rules.Term]]) -> tuple[str, list[Any]]:
    """The same for documents that match one of several queries."""
    where, params = predicate
    if connection.vendor == "sqlite":
        # CROSS JOIN: always from the words to the documents.
        tables = "search_words CROSS JOIN search_document ON search_document.id = search_words.rowid"
        words = " OR ".join(f"({rules.as_fts5(asked)})" for asked in choices)
        return f"FROM {tables} WHERE search_words MATCH %s AND ({where})", [words, *params]
    words = " | ".join(f"({rules.as_tsquery(asked)})" for asked in choices)
    return f"FROM search_document WHERE words @@ %s::tsquery AND ({where})", [words, *params]


def _matches(
    predicate: tuple[str, list[Any]], asked: Sequence[rules.Term], limit: int, before: int | None
) -> tuple[dict[str, int], list[int]]:
    """Counts per kind over at most COUNT_LIMIT + 1 hits, and the newest ids of each kind among these.

    On SQLite the hits come newest first, which costs nothing there; on PostgreSQL in any order.
    """
    source, params = _matching(predicate, asked)
    order = "ORDER BY search_words.rowid DESC" if connection.vendor == "sqlite" else ""
    hits = f"{source} {order} LIMIT {COUNT_LIMIT + 1}"
    if not limit:
        statement = f"SELECT kind, count(*) FROM (SELECT kind {hits}) AS hit GROUP BY kind"  # noqa: S608
        return dict(_rows(statement, params)), []
    if connection.vendor == "sqlite":
        keys: dict[str, list[int]] = {}
        for key, kind in _rows(f"SELECT search_document.id, kind {hits}", params):
            keys.setdefault(kind, []).append(key)
        older = {kind: (key for key in of_kind if before is None or key < before) for kind, of_kind in keys.items()}
        newest = [key for of_kind in older.values() for key in itertools.islice(of_kind, limit)]
        return {kind: len(of_kind) for kind, of_kind in keys.items()}, newest
    # Ranked by the database: ten thousand rows need not come here to be counted.
    statement = f"""
        SELECT id, kind, total, is_older FROM (
            SELECT id, kind, is_older, count(*) OVER (PARTITION BY kind) AS total,
                row_number() OVER (PARTITION BY kind, is_older ORDER BY id DESC) AS place
            FROM (SELECT search_document.id AS id, kind, search_document.id < %s AS is_older {hits}) AS hit
        ) AS ranked WHERE place <= %s
    """  # noqa: S608
    found = _rows(statement, [MOST_ID if before is None else before, *params, limit])
    newest = [key for key, _kind, _total, is_older in found if is_older]
    return {kind: total for _key, kind, total, _is_older in found}, newest


def _newest_of_many(
    predicate: tuple[str, list[Any]], asked: Sequence[rules.Term], limit: int, before: int | None
) -> list[int]:
    """The newest ids when there are so many hits that walking from the newest document finds them soon."""
    where, params = predicate
    older, upper = ("", []) if before is None else ("AND search_document.id < %s", [before])
    source, values = _matching(predicate, asked)
    if connection.vendor == "sqlite":
        statement = f"SELECT search_words.rowid {source} {older} ORDER BY search_words.rowid DESC LIMIT %s"
        return [key for (key,) in _rows(statement, [*values, *upper, limit])]
    # OFFSET 0 keeps the planner from building the bitmap of all hits.
    walk = f"""
        SELECT id FROM (
            SELECT * FROM search_document WHERE true {older} ORDER BY id DESC LIMIT {WALK} OFFSET 0
        ) AS search_document WHERE words @@ %s::tsquery AND ({where}) LIMIT %s
    """  # noqa: S608
    keys = [key for (key,) in _rows(walk, [*upper, rules.as_tsquery(asked), *params, limit])]
    if len(keys) < limit:
        sort = f"WITH hit AS MATERIALIZED (SELECT id {source} {older}) SELECT id FROM hit ORDER BY id DESC LIMIT %s"  # noqa: S608
        keys = [key for (key,) in _rows(sort, [*values, *upper, limit])]
    return keys


def document_of(row: models.Document) -> rules.Document:
    """A stored document as its source gave it."""
    body = row.body
    return rules.Document(
        type=row.subject_type,
        id=row.subject_id,
        title=body.title,
        label=body.label,
        text=body.text,
        url=body.url,
        scope_id=row.scope_id,
        site_id=row.site_id,
        at=row.at,
        kind=row.kind,
    )


def _hits(keys: Sequence[int], asked: Sequence[rules.Term]) -> list[rules.Hit]:
    rows = models.Document.objects.filter(pk__in=keys).select_related("body").order_by("-pk")
    return [
        rules.Hit(
            type=row.subject_type,
            id=row.subject_id,
            kind=row.kind,
            label=rules.marked(row.body.label, asked),
            title=rules.marked(row.body.title, asked),
            snippet=rules.snippet(row.body.text, asked),
            url=row.body.url,
            at=row.at,
            key=row.pk,
        )
        for row in rows
    ]


# Resemblance ---------------------------------------------------------------------------------------------------------


def similar(text: str, subject_type: str, person: org_models.Person, limit: int = 5) -> list[rules.Similar]:
    """Documents of one type that resemble the text and that the person may see, the most similar first.

    Candidates share the terms of the field and the rarest tokens of the text, more and rarer ones first; their texts
    are then compared by what they ask, in either language, and letter by letter: the better of both counts.
    """
    keys = _candidates(visible(person).filter(subject_type=subject_type), text)
    asked, meant = rules.comparable(text), meaning.understand(text)
    rows = models.Document.objects.filter(pk__in=keys).select_related("body")
    read = set(keys[:MEANT])
    alike = [_likened(row, asked, meant if row.pk in read else None) for row in rows]
    return sorted((each for each in alike if each.percent >= LIKENESS), key=lambda e: (-e.percent, -e.id))[:limit]


def resembling(text: str, subject_type: str, scope_id: int | None, limit: int = 60) -> list[int]:
    """Ids of subjects of one type and circle that share most with the text, as candidates for a closer look.

    For the program's own work: nobody's rights are asked, and nothing leaves the circle.
    """
    keys = _candidates(models.Document.objects.filter(subject_type=subject_type, scope_id=scope_id), text, limit)
    found = dict(models.Document.objects.filter(pk__in=keys).values_list("pk", "subject_id"))
    return [found[key] for key in keys if key in found]


def rarity(words: Collection[str]) -> dict[str, float]:
    """How telling words are, 0 to 1, by the share of documents that have them; what is listed nowhere is rare."""
    shares = dict(models.Frequency.objects.filter(token__in=words).values_list("token", "share"))
    return {word: rules.telling(shares.get(word, 0.0)) for word in words}


def _likened(row: models.Document, asked: str, meant: meaning.Meaning | None) -> rules.Similar:
    title, text = row.body.title, row.body.text
    by_letters = rules.likeness(asked, rules.comparable(title), rules.comparable(text))
    lines = [line for line in text.split("\n") if len(line) >= LINE][:LINES] if meant else []
    alike = [meaning.compare(meant, meaning.understand(words)) for words in (title, *lines)] if meant else []
    by_meaning = max((each.percent - OTHER_VALUE * bool(each.values[0]) for each in alike), default=0)
    return rules.Similar(
        type=row.subject_type,
        id=row.subject_id,
        kind=row.kind,
        label=row.body.label,
        title=title,
        url=row.body.url,
        at=row.at,
        percent=max(by_letters, by_meaning),
    )


def _candidates(rows: QuerySet[models.Document], text: str, limit: int = CANDIDATES) -> list[int]:
    """Documents that share most weight of the terms and of the rarest tokens of a text."""
    found = set(rules.tokens(rules.storable(text[:5000])))
    shares = dict(models.Frequency.objects.filter(token__in=found).values_list("token", "share"))
    wanted: list[tuple[list[list[rules.Term]], float]] = [
        ([[rules.Term((token,))]], weight) for token, weight in rules.rarest(found, shares, RAREST)
    ]
    wanted += [(_in_all_words(key), OF_TOPIC) for key in sorted(meaning.understand(text).topics)[:TOPICS]]
    predicate = _predicate(rows)
    if not wanted or predicate is None:
        return []
    parts, values = [], []
    newest = "ORDER BY search_words.rowid DESC" if connection.vendor == "sqlite" else ""
    for choices, weight in wanted:
        source, params = _matching_any(predicate, choices)
        parts.append(
            f"SELECT * FROM (SELECT search_document.id, {weight:.4f} AS weight {source} "  # noqa: S608
            f"{newest} LIMIT {CANDIDATES_PER_TOKEN}) AS of_token"
        )
        values += params
    statement = (
        f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS shared "  # noqa: S608
        f"GROUP BY id ORDER BY sum(weight) DESC, id DESC LIMIT {limit}"
    )
    return [key for (key,) in _rows(statement, values)]


def _in_all_words(topic: str) -> list[list[rules.Term]]:
    """A term of the field in each of its words, in both languages; an English one may have an ending."""
    term = glossary.terms()[topic]
    found = []
    for word in (*term.zh, *term.en):
        asked = rules.terms(word)
        if word.isascii() and len(asked[-1].tokens[-1]) > 3:
            asked[-1] = rules.Term(asked[-1].tokens, True)
        if asked not in found:
            found.append(asked)
    return found


def _rows(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement over the words; PostgreSQL must take the index even where it guesses many hits."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(statement, params)
            return cursor.fetchall()
        with transaction.atomic():
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(statement, params)
            rows = cursor.fetchall()
            cursor.execute("SET LOCAL enable_seqscan = on")
            return rows
