"""What judging a long document costs: `python -m tests.bench.judging`, in the database of the settings, taken back.

An edition of some thousand clauses is accepted, proposed for, looked at and decided all at once; the next edition is
accepted over it. Milliseconds of CPU, queries, and how large the pages are.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.sources import editions  # noqa: E402
from yinuo.customers import models as customers  # noqa: E402
from yinuo.kit import actors  # noqa: E402
from yinuo.org import models as org  # noqa: E402
from yinuo.org.pages import presence  # noqa: E402
from yinuo.sources import jobs, models, queries  # noqa: E402
from yinuo.sources.actions import correcting, documents, judging  # noqa: E402
from yinuo.sources.queries import judging as held  # noqa: E402
from yinuo.sources.rules import correcting as trees  # noqa: E402

ROUNDS = 7


@contextmanager
def measured(words: str, clauses: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as seen:
        began = time.process_time()
        yield
        took = (time.process_time() - began) * 1000
    print(f"{words}: {took:,.0f} ms, {took / clauses:.2f} ms a clause, {len(seen)} queries")


def least(what: Callable[[], Any]) -> tuple[float, Any]:
    """The cheapest of several rounds, and what came of it."""
    found, made = float("inf"), None
    for _round in range(ROUNDS):
        began = time.process_time()
        made = what()
        found = min(found, time.process_time() - began)
    return found * 1000, made


def edition(document: models.Document, said: list[Any], label: str, by: dict[str, Any]) -> models.Edition:
    """An edition whose draft has exactly these clauses."""
    file = ContentFile(f"1 {label}\n{label}".encode(), f"{label}.txt")
    day = timezone.localdate(by["now"])
    made = documents.add_edition(document=document, files=[file], label=label, received_on=day, language="zh", **by)
    jobs.read(made.pk)
    nodes = tuple(trees.Node(each.key, each.number, each.title, each.text, each.parent) for each in said)
    models.Draft.objects.filter(edition=made).update(packed=queries.packed(trees.said(trees.Tree(nodes, ()))))
    made.refresh_from_db()
    return made


def accept(made: models.Edition, by: dict[str, Any]) -> None:
    count = len(queries.tree_of(made.draft).nodes)
    with measured(f"accepting {count} clauses", count):
        correcting.accept(edition=made, expected=made.draft.version, **by)
    waiting = held.unproposed(made).count()
    with measured(f"proposals for {waiting} clauses", max(waiting, 1)):
        while judging.propose_some(edition=made, most=jobs.BLOCK, by=actors.PROGRAM, now=by["now"]):
            pass


def look(client: Client, words: str, url: str) -> None:
    took, answer = least(lambda: client.get(url))
    assert answer.status_code == 200, answer.status_code
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    print(f"{words}: {took:.0f} ms, {len(seen)} queries, {len(answer.content) / 1024:.0f} KB")


def act(client: Client, made: models.Edition) -> None:
    """One decision by key: what the answer costs."""
    row = models.Judgement.objects.select_related("text").filter(text__edition=made).order_by("text__place")[50]
    url = f"/sources/editions/{made.pk}/judging/{row.text_id}/nature/"
    client.raise_request_exception = True
    times = []
    for _round in range(ROUNDS):
        row.refresh_from_db()
        began = time.process_time()
        said = {"nature": "specific", "version": row.version}
        answer = client.post(url, said, headers={"HX-Request": "true"})
        times.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
    print(f"one decision: {min(times):.0f} ms, {len(answer.content) / 1024:.0f} KB")


def measure() -> None:
    person = org.Person.objects.get(sign_in="zhao")
    now = timezone.now()
    by: dict[str, Any] = {"by": person, "now": now - timedelta(days=30)}
    customer = customers.Customer.objects.filter(scope=None).order_by("pk")[0]
    row = documents.add(title="bench", kind="manual", customer=customer, **by)
    pair = editions.made(30, is_chinese=True, chapters=70)
    first = edition(row, pair.old, "1", by)
    accept(first, by)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person, backend=presence.BACKEND)
    page = f"/sources/editions/{first.pk}/judging/"
    look(client, "page of judging", page)
    look(client, "its last page", f"{page}?show=all&after={first.texts.order_by('-place')[60].pk}")
    act(client, first)
    models.Judgement.objects.filter(text__edition=first).update(certainty=0.95)
    with measured("accepting all proposals", len(pair.old)):
        done = judging.accept_proposals(edition=first, certainty=0.9, with_mappings=True, **by)
    print(f"  {done} clauses")
    with measured("taking that back", len(pair.old)):
        judging.reject_proposals(edition=first, at=by["now"], **by)
    judging.accept_proposals(edition=first, certainty=0.9, with_mappings=True, **by)
    later = {**by, "now": now}
    row.refresh_from_db()
    second = edition(row, pair.new, "2", later)
    accept(second, later)
    look(client, "page of judging, carried over", f"/sources/editions/{second.pk}/judging/?show=carried")
    look(client, "dropped clauses", f"/sources/editions/{second.pk}/judging/?show=gone")
    look(client, "page of a clause", f"/sources/clauses/{second.texts.order_by('place')[50].pk}/")
    look(client, "matrix", "/sources/matrix/")


def main() -> None:
    with transaction.atomic():
        measure()
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
