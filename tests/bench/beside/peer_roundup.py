"""Roundup's side; runs on the Python of its own environment, and is its door for gunicorn.

    python peer_roundup.py <rows.jsonl> <port>    installs the classic tracker on PostgreSQL and fills it

`PEER_DATABASE` names the database as host:port/user/name (it must not exist: the tracker makes it), `PEER_FOLDER`
where the tracker is. Its settings are those it comes with. Filling goes through its own classes, as its own importer
does; an index that its table of words lacks stands meanwhile, else filling takes hours.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

HOME = os.path.join(os.environ["PEER_FOLDER"], "tracker")
PASSWORD = "demo-roundup-2026"
os.environ["SENDMAILDEBUG"] = os.devnull


def install(port: str) -> None:
    place, user, name = os.environ["PEER_DATABASE"].split("/")
    admin = os.path.join(os.path.dirname(sys.executable), "roundup-admin")
    subprocess.run([admin, "-i", HOME, "install", "classic", "anydbm"], check=True, capture_output=True)
    ini = Path(HOME, "config.ini")
    text = ini.read_text(encoding="utf-8")
    head, rdbms = text.split("[rdbms]", 1)
    host, number = place.split(":")
    for old, new in (
        ("backend = anydbm", "backend = postgresql"),
        ("\nname = roundup", f"\nname = {name}"),
        ("\nhost = localhost", f"\nhost = {host}"),
        ("\nport = \n", f"\nport = {number}\n"),
        ("\nuser = roundup", f"\nuser = {user}"),
    ):
        assert old in rdbms, old
        rdbms = rdbms.replace(old, new, 1)
    text = head + "[rdbms]" + rdbms
    for name_of, value in (("web", f"http://127.0.0.1:{port}/"), ("domain", "example.com"), ("host", "127.0.0.1")):
        text = text.replace(f"#{name_of} = NO DEFAULT", f"{name_of} = {value}", 1)
    ini.write_text(text, encoding="utf-8")
    subprocess.run([admin, "-i", HOME, "initialise", PASSWORD], check=True)


def fill(rows: str) -> None:
    import roundup.date
    import roundup.instance

    tracker = roundup.instance.open(HOME)
    db = tracker.open("admin")
    db.sql("create index bench_words on __textids (_class, _itemid, _prop)")
    users = [
        db.user.create(
            username=f"person{n}", address=f"person{n}@example.com", roles="User",
            password=roundup.password.Password(PASSWORD, config=db.config),
        )
        for n in range(20)
    ]  # fmt: skip
    status = {name: db.status.lookup(name) for name in ("chatting", "resolved")}
    priority = db.priority.list()[0]
    db.commit()
    for auditor in ("create", "set"):
        db.issue.reactors[auditor] = type(db.issue.reactors[auditor])()  # mails to the nosy list
    with open(rows, encoding="utf-8") as file:
        for at, line in enumerate(file):
            row = json.loads(line)
            said = [
                db.msg.create(author=users[row["owner"]], date=roundup.date.Date("."), content=text, summary=text[:60])
                for text in (row["body"], *row["comments"])
            ]
            db.issue.create(
                title=row["title"], messages=said, assignedto=users[row["owner"]], priority=priority,
                status=status["chatting" if row["is_open"] else "resolved"],
            )  # fmt: skip
            if at % 200 == 199:
                db.commit()
    db.commit()
    db.sql("drop index bench_words")
    db.commit()
    db.close()


def application(environ, start_response):
    global _dispatcher
    if _dispatcher is None:
        from roundup.cgi.wsgi_handler import RequestDispatcher

        _dispatcher = RequestDispatcher(HOME)
    return _dispatcher(environ, start_response)


_dispatcher = None

if __name__ == "__main__":
    install(sys.argv[2])
    fill(sys.argv[1])
    print(json.dumps({"password": PASSWORD}))
