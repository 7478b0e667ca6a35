"""`manage.py reindex`: forget the search index and build it anew, with progress."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from yinuo.search import jobs, queries


class Command(BaseCommand):
    help = "Build the search index anew. Searching works meanwhile, on what is indexed so far."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-outdated", action="store_true", help="only when texts become other tokens by now")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_outdated"] and not queries.is_outdated():
            return
        began = time.monotonic()

        def say(source: str, done: int) -> None:
            self.stdout.write(f"{source}: {done:,} ({time.monotonic() - began:.0f} s)")

        total = jobs.rebuild(say)
        self.stdout.write(f"{total:,} documents in {time.monotonic() - began:.0f} s")
