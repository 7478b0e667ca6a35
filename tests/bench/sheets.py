"""What a whole list costs as a workbook, and what reading one back costs, beside the bare libraries.

    python -m tests.bench.run sqlite loading 100000
    python -m tests.bench.run sqlite sheets 100000

The list of cases is taken out as its reader would take it out, with all texts and dates. Prints Markdown.
"""

import io
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import xlsxwriter
from django.conf import settings
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.bench import serving
from yinuo.org import models as org
from yinuo.org.pages import presence


def resident() -> float:
    """MiB that this process holds."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Peak:
    """The most memory that was held meanwhile, above what was held before."""

    def __enter__(self) -> "Peak":
        self.before, self.most, self.is_over = resident(), 0.0, threading.Event()
        self.watch = threading.Thread(target=self._watch)
        self.watch.start()
        return self

    def _watch(self) -> None:
        while not self.is_over.wait(0.02):
            self.most = max(self.most, resident())

    def __exit__(self, *_error: Any) -> None:
        self.is_over.set()
        self.watch.join()
        self.extra = max(0.0, self.most - self.before)


def taken_out(client: Client, url: str, path: str) -> dict[str, float]:
    """The list as a file: seconds to the first byte and to the last, MB, MiB more than before."""
    with Peak() as peak, open(path, "wb") as file:
        began, spent = time.perf_counter(), time.process_time()
        chunks: Iterator[bytes] = iter(client.get(url).streaming_content)
        file.write(next(chunks))
        first = time.perf_counter() - began
        for chunk in chunks:
            file.write(chunk)
        whole, cpu = time.perf_counter() - began, time.process_time() - spent
    return {"first": first, "whole": whole, "cpu": cpu, "mb": os.path.getsize(path) / 1e6, "extra": peak.extra}


def timed(act: Callable[[], Any]) -> tuple[float, float, float]:
    """Seconds on the clock and of the processor, MiB more than before."""
    with Peak() as peak:
        began, spent = time.perf_counter(), time.process_time()
        act()
        seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    return seconds, cpu, peak.extra


def read(path: str) -> list[list[Any]]:
    with open(path, "rb") as file:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()


def written_by_xlsxwriter(rows: list[list[Any]], path: str) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str | float | int):
                    sheet.write(at, column, value)
                else:
                    sheet.write_datetime(at, column, value, day)


def main(size: str) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(org.Person.objects.get(sign_in=serving.READER), backend=presence.BACKEND)
    url = f"{reverse('cases:cases')}?sort=newest&excel=cases"
    folder = tempfile.mkdtemp(prefix="yinuo-sheets-")
    ours, theirs = os.path.join(folder, "ours.xlsx"), os.path.join(folder, "theirs.xlsx")
    taken_out(client, f"{url}&kind=service", ours)  # what is read once is read
    out = taken_out(client, url, ours)
    rows = read(ours)
    print(f"\n{len(rows) - 1:,} rows of {len(rows[0])} columns, SQLite and the product's rights included\n")
    print("| what | s | CPU s | first byte s | MB | extra MiB |\n|---|---|---|---|---|---|")
    print(
        f"| list taken out | {out['whole']:.1f} | {out['cpu']:.1f} | {out['first']:.2f} | {out['mb']:.1f} "
        f"| {out['extra']:.0f} |"
    )
    seconds, cpu, extra = timed(lambda: written_by_xlsxwriter(rows, theirs))
    mb = os.path.getsize(theirs) / 1e6
    print(f"| the same rows by XlsxWriter, constant memory | {seconds:.1f} | {cpu:.1f} | - | {mb:.1f} | {extra:.0f} |")
    seconds, cpu, extra = timed(lambda: read(ours))
    print(f"| read by calamine | {seconds:.1f} | {cpu:.1f} | - | - | {extra:.0f} |")
