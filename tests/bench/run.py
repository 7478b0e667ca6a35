"""One part of a bench on the database of one size.

    python -m tests.bench.run <sqlite | postgres://user@host/name> <loading | serving | opening> <size> …

The database is the bench's own (`name_<size>`, or a file under the system's folder for temporary files).
"""

import importlib
import os
import sys
import tempfile

import django

FOLDER = os.path.join(tempfile.gettempdir(), "yinuo-bench")


def address(database: str, size: str) -> str:
    """The address of the database of one size: a file for each on SQLite, a database for each on PostgreSQL."""
    return f"sqlite:///{FOLDER}/{size}.sqlite3" if database == "sqlite" else f"{database}_{size}"


def main(database: str, part: str, size: str, *more: str) -> None:
    os.environ["YINUO_DATA"] = os.path.join(FOLDER, "data")
    os.makedirs(os.environ["YINUO_DATA"], exist_ok=True)
    os.environ["DATABASE_URL"] = address(database, size)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    importlib.import_module(f"tests.bench.{part}").main(size, *more)


if __name__ == "__main__":
    main(*sys.argv[1:])
