"""`manage.py reindex`: forget the search index and build it anew, with progress."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from yinuo.search import jobs


class Command(BaseCommand):
    help = "Build the search index anew. Searching works meanwhile, on what is indexed so far."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()

        def say(source: str, done: int) -> None:
            self.stdout.write(f"{source}: {done:,} ({time.monotonic() - began:.0f} s)")

        total = jobs.rebuild(say)
        self.stdout.write(f"{total:,} documents in {time.monotonic() - began:.0f} s")
