"""The product beside django-helpdesk and Roundup: the same texts, PostgreSQL server, clients and moment.

    createdb beside_10000 && createdb helpdesk
    python -m tests.bench.run postgres://user@host:port/beside loading 10000
    python -m tests.bench.beside --database postgres://user@host:port/beside --size 10000 --prepare \\
        --helpdesk /folder/of/its/environment --roundup /folder/of/its/environment

Each environment is made with `python -m venv` and `pip install django-helpdesk gunicorn psycopg2-binary`, or `roundup
gunicorn psycopg2-binary`. Server and bench must be on one machine, with nothing else on that PostgreSQL: processor time
is read from /proc. Rounds of all three take turns, so that a noisy moment meets each. Prints Markdown.
"""

import argparse
import base64
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.bench import run as bench
from tests.bench import texts
from tests.bench.beside.clients import Browser, Cost, measured

HERE = Path(__file__).resolve().parent
FOLDER = Path(tempfile.gettempdir(), "yinuo-beside")
WHOLE = "all as a file"
CREATE = "new one through the web form, 4 clients"
WARM = 12  # requests of each kind before any is measured
COLUMNS = "@columns=id,activity,title,status,assignedto&@pagesize=50"


@dataclass
class Product:
    """One of those compared: how it is served, its pages, and how somebody makes a new one."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    browser: Browser
    pages: dict[str, list[str]]
    create: Callable[[Browser, int], None]
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def clone(self) -> Browser:
        return Browser(self.port, dict(self.browser.cookies))


def rows(size: int, path: Path) -> None:
    """The texts of the loaded cases, for the others to load."""
    at = random.Random(size)
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):
            said = texts.said_in(number, size)
            row = {
                "title": said.title, "body": said.text, "comments": [*said.letters], "owner": at.randrange(20),
                "is_open": at.random() < 0.1, "due": at.randrange(60),
            }  # fmt: skip
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def wait(browser: Browser) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            browser.ask("/")
            return
        except OSError:
            assert time.monotonic() < until, "does not answer"
            time.sleep(0.3)


def ours(database: str, size: int, port: int) -> Product:
    data = str(Path(bench.FOLDER, "data"))  # its secret key signs the session
    env = {**os.environ, "DATABASE_URL": f"{database}_{size}", "YINUO_DATA": data, "YINUO_WEB_PROCESSES": "2"}
    python = [sys.executable, "-m", "config.processes"]
    subprocess.run([*python, "prepare", "migrate", "collectstatic"], env=env, check=True)
    run = [sys.executable, "-m", "tests.bench.run", database, "beside.ours", str(size)]
    known = json.loads(subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout)
    process = subprocess.Popen([*python, "web", str(port)], env=env, stdin=subprocess.PIPE, start_new_session=True)
    browser = Browser(port, dict([known["cookie"].split("=", 1)]))
    wait(browser)
    browser.ask(known["new"])

    def create(client: Browser, number: int) -> None:
        said = texts.said_in(number, 0)
        status, _content = client.ask(
            known["new"],
            {
                "csrfmiddlewaretoken": client.cookies["csrftoken"], "once": secrets.token_urlsafe(24),
                "customer": str(known["customer"]), "title": said.title, "text": said.text, "channel": "mail",
                "said_by": "顾客代表", "notified_at": datetime.now().strftime("%Y-%m-%dT00:00"),
                "items-n0-text": said.item, "items-n0-kind": "technical", "items-n0-applies": "customer",
            },
        )  # fmt: skip
        assert status == 302, status

    return Product("Yinuo", port, process, browser, known["pages"], create)


def gunicorn(environment: str, module: str, port: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [f"{environment}/bin/gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", f"{module}:application"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=HERE, env=env, stdout=quiet, stderr=quiet, start_new_session=True)


def peer_env(place: str, name: str) -> dict[str, str]:
    return {**os.environ, "PEER_DATABASE": f"{place}/{name}", "PEER_FOLDER": str(FOLDER), "PYTHONPATH": ""}


def prepared(environment: str, side: str, env: dict[str, str], *arguments: str) -> Any:
    """What a peer's side says after filling; kept, so that it is filled once."""
    kept = FOLDER / f"{side}.json"
    if not kept.exists():
        command = [f"{environment}/bin/python", str(HERE / f"{side}.py"), str(FOLDER / "rows.jsonl"), *arguments]
        kept.write_text(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return json.loads(kept.read_text())


def helpdesk(environment: str, place: str, port: int) -> Product:
    env = peer_env(place, "helpdesk")
    known = prepared(environment, "peer_helpdesk", env)
    browser = Browser(port, {"sessionid": known["session"]})
    process = gunicorn(environment, "peer_helpdesk", port, env)
    wait(browser)
    browser.ask("/tickets/submit/")

    def listed(**query: Any) -> list[str]:
        asked = base64.b64encode(json.dumps({"filtering": {}, "sorting": "created", **query}).encode()).decode()
        return ["/tickets/", f"/datatables_ticket_list/{asked}?draw=1&start=0&length=50"]

    def create(client: Browser, number: int) -> None:
        said = texts.said_in(number, 0)
        form = {"queue": "1", "title": said.title, "body": said.text, "priority": "3", "submitter_email": ""}
        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
        status, _content = client.ask("/tickets/submit/", {**token, **form})
        assert status == 302, status

    pages = {
        "list, 50 rows": listed(sortreverse=True),
        "one owner's open ones, by due date": listed(
            filtering={"status__in": [1], "assigned_to__id__in": [1]}, sorting="due_date"
        ),
        "one of them": ["/tickets/5000/"],
        "search of a word": listed(search_string="welding", sortreverse=True),
    }
    return Product("django-helpdesk", port, process, browser, pages, create)


def roundup(environment: str, place: str, port: int) -> Product:
    env = peer_env(place, "roundup")
    known = prepared(environment, "peer_roundup", env, str(port))
    browser = Browser(port)
    process = gunicorn(environment, "peer_roundup", port, env)
    wait(browser)
    login = {"__login_name": "person0", "__login_password": known["password"], "@action": "login"}
    browser.ask("/", {**login, "__came_from": f"http://127.0.0.1:{port}/"})

    def create(client: Browser, number: int) -> None:
        said = texts.said_in(number, 0)
        form = {"title": said.title, "@note": said.text, "priority": "1", "@action": "new", "@template": "item"}
        status, _content = client.ask("/issue", form)
        assert status == 302, status

    pages = {
        "list, 50 rows": [f"/issue?{COLUMNS}&@sort=-activity"],
        "one owner's open ones, by due date": [
            f"/issue?{COLUMNS}&@sort=activity&@filter=status,assignedto&status=3&assignedto=5"
        ],
        "one of them": ["/issue5000"],
        "search of a word": [f"/issue?{COLUMNS}&@search_text=welding"],
        WHOLE: ["/issue?@action=export_csv&@columns=id,title,status,assignedto,activity"],
    }
    return Product("Roundup", port, process, browser, pages, create)


def look(product: Product, client: Browser, page: str) -> Callable[[], None]:
    def act() -> None:
        for path in product.pages[page]:
            status, content = client.ask(path)
            assert status == 200, (product.name, path, status, content[:300])

    return act


def make(product: Product, client: Browser) -> Callable[[], None]:
    def act() -> None:
        product.create(client, random.randrange(10**6, 10**9))

    return act


def round_of(products: list[Product], postmaster: int, *, count: int, is_last: bool) -> None:
    """Every page of every product some times, then four who make new ones."""
    for page in products[0].pages:
        times = count if page != WHOLE else int(is_last)
        for product in products if times else []:
            if page in product.pages:
                cost = measured([look(product, product.browser, page)], product.process.pid, postmaster, times)
                product.costs.setdefault(page, []).append(cost)
    for product in products:
        acts = [make(product, product.clone()) for _n in range(4)]
        cost = measured(acts, product.process.pid, postmaster, 4 * count)
        product.costs.setdefault(CREATE, []).append(cost)


def warm(product: Product, postmaster: int) -> None:
    """Let every process read what it reads once."""
    acts = [[look(product, product.clone(), page) for _n in range(4)] for page in product.pages if page != WHOLE]
    acts.append([make(product, product.clone()) for _n in range(4)])
    for each in acts:
        measured(each, product.process.pid, postmaster, WARM)


def told(products: list[Product]) -> None:
    print("| what | product | requests/s | its CPU ms | PostgreSQL's CPU ms | both |\n|---|---|---|---|---|---|")
    for page in [*products[0].pages, CREATE]:
        for product in products:
            found = product.costs.get(page)
            if not found:
                print(f"| {page} | {product.name} | - | - | - | - |")
                continue
            whole = Cost(*(sum(getattr(c, name) for c in found) for name in ("count", "seconds", "server", "database")))
            print(f"| {page} | {product.name} | {whole.cells} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--helpdesk")
    parser.add_argument("--roundup")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--prepare", action="store_true", help="write the texts anew")
    given = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if given.prepare:
        rows(given.size, FOLDER / "rows.jsonl")
    at = urlsplit(given.database)
    place = f"{at.hostname}:{at.port or 5432}/{at.username}"
    products: list[Product] = []
    try:
        products.append(ours(given.database, given.size, 8171))
        if given.helpdesk:
            products.append(helpdesk(given.helpdesk, place, 8172))
        if given.roundup:
            products.append(roundup(given.roundup, place, 8173))
        with psycopg.connect(f"{given.database}_{given.size}") as connection:
            found = connection.execute("select pg_read_file('postmaster.pid')").fetchone()
        assert found is not None
        postmaster = int(found[0].split()[0])
        for product in products:
            warm(product, postmaster)
        for number in range(given.rounds):
            round_of(products, postmaster, count=given.count, is_last=number == given.rounds - 1)
            print(f"round {number + 1}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
        told(products)
    finally:
        for product in products:
            product.process.terminate()


if __name__ == "__main__":
    main()
