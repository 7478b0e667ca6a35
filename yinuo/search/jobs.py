"""Building the index anew, and estimating how common words are."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from yinuo.kit import jobs, plugs
from yinuo.search import actions, models, queries, rules

BATCH = 2000
SAMPLE = 20_000  # documents looked at to estimate how common tokens are
SAMPLE_MIN = 5  # occurrences in the sample below which a token counts as rare


def rebuild(say: Callable[[str, int], None]) -> int:
    """Forget the index and build it anew from all index sources; returns the number of documents.

    `say(source, done)` is called after each batch.
    """
    _empty()
    for source in plugs.index_sources:
        done, batch = 0, []
        for key in _every(source):
            batch.append(key)
            if len(batch) == BATCH:
                actions.refresh(source.name, batch)
                done, batch = done + len(batch), []
                say(source.name, done)
        actions.refresh(source.name, batch)
        say(source.name, done + len(batch))
    sample(timezone.now())
    models.Sample.objects.update(tokenizer=rules.TOKENIZER)
    return queries.size()


def _every(source: "plugs.Plug[Any]") -> Iterable[int]:
    """All ids of an index source in the order in which they came about, so that the newest document is the last.

    Its plug may say them (`every`); else they are those of the model with this subject type.
    """
    if "every" in source.about:
        ids: Iterable[int] = source.about["every"]()
        return ids
    for model in apps.get_models():
        if getattr(model, "subject_type", None) == source.name:
            return model._default_manager.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    raise LookupError(f"no model has the subject type {source.name!r}; plug the source with every=…")


def _empty() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('delete-all')")
            cursor.execute("DELETE FROM search_body")
            cursor.execute("DELETE FROM search_document")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE search_body, search_document RESTART IDENTITY")


@jobs.every(60, "search.look_at_sample")
def look_at_sample() -> None:
    """Ask for new frequencies when there are many more documents than last time."""
    if queries.is_sample_old():
        jobs.soon("search.sample", within=60)


@jobs.job("search.sample", outside=True)
def sample_anew() -> None:
    """Estimate the frequencies anew; only writing them holds a transaction."""
    sample(timezone.now())


def sample(now: datetime) -> int:
    """Estimate how common tokens are from up to `SAMPLE` documents; returns the number of tokens kept."""
    total = queries.size()
    seen: dict[str, int] = {}
    looked_at = 0
    for label, title, text in _sampled(total):
        looked_at += 1
        for token in set(rules.document_tokens(label, title, text)):
            seen[token] = seen.get(token, 0) + 1
    common = {token: count / looked_at for token, count in seen.items() if count >= SAMPLE_MIN}
    with transaction.atomic():
        models.Frequency.objects.all().delete()
        models.Frequency.objects.bulk_create(
            [models.Frequency(token=token, share=share) for token, share in common.items()], batch_size=2000
        )
        taken = {"taken_at": now, "documents": total}
        models.Sample.objects.update_or_create(
            pk=1, defaults=taken, create_defaults={**taken, "tokenizer": rules.TOKENIZER}
        )
    return len(common)


def _sampled(total: int) -> Iterator[tuple[str, str, str]]:
    """Label, title and text of evenly spread documents."""
    step = max(1, total // SAMPLE)
    rows = models.Body.objects.values_list("label", "title", "text")
    if step > 1:
        rows = rows.extra(where=["document_id %% %s = 0"], params=[step])
    return rows.iterator(chunk_size=1000)
