"""One database's side of a measurement: asked for a page on its input, it answers with what the page cost.

The page goes through the whole product (middleware, rights, queries, template) in this process, as the web server would
serve it, but for the socket. CPU is this process's; what PostgreSQL spends beside it shows in the time.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.bench import texts
from yinuo.cases import models as cases
from yinuo.kit import lists
from yinuo.org import models as org
from yinuo.org.pages import presence

READER = "person7"
ASKED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
ROWS = 50


def addresses(reader: org.Person) -> dict[str, str]:
    """The pages that are measured."""
    everything = reverse("cases:cases")
    newest = cases.Case.objects.order_by("-pk")
    case = newest.filter(state="active")[0]
    far = newest[min(newest.count() - ROWS, 1000 * ROWS)]
    behind = lists._key_of(far, "pk")
    search, url = reverse("search:search"), case.get_absolute_url()
    return {
        "case list, 50 rows": everything,
        "its page 1,000 (or last)": f"{everything}?sort=newest&after={behind}",
        "open cases by due date": f"{everything}?state=open&sort=due",
        "one owner's open cases by due date": f"{everything}?state=open&owner={reader.pk}&sort=due",
        "search, rare word (5 hits)": f"{search}?q={texts.RARE}",
        "search, common word (10 %)": f"{search}?q={texts.COMMON}",
        "search, common word, one kind": f"{search}?q={texts.COMMON}&kind=cases.case",
        "case page": url,
        "its trail (panel)": reverse("records:timeline", args=[case.subject_type, case.pk]),
        "my work": reverse("desk:work"),
        "overview": reverse("reports:overview"),
        "team board, 20 people": f"{reverse('reports:board')}?department=none",
        "calendar of deadlines": reverse("reports:deadlines"),
        "statistics, a year by customer": reverse("reports:statistics"),
        "statistics, time per step": reverse("reports:statistics_steps"),
    }


class Server:
    """A signed-in person's browser and the pages it knows."""

    def __init__(self) -> None:
        reader = org.Person.objects.get(sign_in=READER)
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(reader, backend=presence.BACKEND)
        self.pages = addresses(reader)
        self.statements: dict[str, list[str]] = {}

    def get(self, page: str) -> dict[str, float]:
        """Fetch a page; milliseconds on the clock and of this process's CPU."""
        began, spent = time.perf_counter(), time.process_time()
        response = self.client.get(self.pages[page])
        cost = {"ms": (time.perf_counter() - began) * 1000, "cpu": (time.process_time() - spent) * 1000}
        assert response.status_code == 200, (page, response.status_code)
        return cost

    def look(self, page: str) -> dict[str, float]:
        """Fetch a page once more and keep its statements; how many there are, and how large the page is."""
        with CaptureQueriesContext(connection) as captured:
            response = self.client.get(self.pages[page])
        found = [query["sql"] for query in captured]
        self.statements[page] = [sql for sql in found if sql.lstrip().upper().startswith(("SELECT", "WITH", "SET"))]
        queries = sum(sql.lstrip().upper().startswith(ASKED) for sql in found)
        return {"queries": queries, "bytes": len(response.content)}

    def bare(self, page: str) -> dict[str, float]:
        """The page's own reading statements, one after the other, without the product around them."""
        with transaction.atomic(), connection.cursor() as cursor:
            raw = cursor.cursor
            began = time.perf_counter()
            for sql in self.statements[page]:
                raw.execute(sql)
                if raw.description:
                    raw.fetchall()
            return {"ms": (time.perf_counter() - began) * 1000}


def main(size: str) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # the web server looks for it
    server = Server()
    acts: dict[str, Callable[[str], Any]] = {"get": server.get, "look": server.look, "bare": server.bare}
    print(json.dumps(list(server.pages)), flush=True)
    for line in sys.stdin:
        act, page = json.loads(line)
        print(json.dumps(acts[act](page)), flush=True)
