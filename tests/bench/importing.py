"""What taking ten thousand rows over from a workbook costs: reading, checking every row, writing with trail and search.

    python -m tests.bench.run sqlite importing 10000 2000

The second number says how many rows; products, each made for one of the loaded customers. Prints Markdown.
"""

import io
import random
import time
from datetime import date, timedelta

import xlsxwriter
from django.utils import timezone

from yinuo.customers import models as customers
from yinuo.imports import actions, intake, models
from yinuo.kit import importing
from yinuo.org import models as org

HEADS = ["零件号", "品名", "客户", "产品系列", "车型", "SOP", "备注"]


def workbook(rows: int) -> bytes:
    names = list(customers.Customer.objects.filter(scope=None).values_list("name_zh", flat=True)[:200])
    mark = f"{random.randrange(10**6):06}"
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("产品")
        sheet.write_row(0, 0, HEADS)
        for n in range(1, rows + 1):
            name = names[n % len(names)]
            sheet.write_row(n, 0, [f"P{mark}-{n}", f"支架 {n}", name, "保险杠", "X1"])
            sheet.write_datetime(n, 5, date(2026, 1, 1) + timedelta(days=n % 700))
            sheet.write(n, 6, "盐雾试验 720 h，按顾客标准执行。" * 3)
    return buffer.getvalue()


def main(size: str, rows: str = "10000") -> None:
    person = org.Person.objects.filter(is_active=True, role_grants__role="quality_manager").distinct()[0]
    kind = importing.kind_of("customers.product")
    content = workbook(int(rows))
    print(f"\n{int(rows):,} products into {customers.Product.objects.count():,}\n\n| what | s | CPU s |\n|---|---|---|")
    began, spent = time.perf_counter(), time.process_time()

    def told(what: str) -> None:
        nonlocal began, spent
        print(f"| {what} | {time.perf_counter() - began:.1f} | {time.process_time() - spent:.1f} |", flush=True)
        began, spent = time.perf_counter(), time.process_time()

    read = intake.first_look(kind, content, "a.xlsx", person)
    now = timezone.now()
    row = actions.receive(kind=kind.name, content=content, name="a.xlsx", read=read, by=person, now=now)
    told("read, columns proposed, kept")
    actions.assign(row=row, table={}, columns=row.columns, by=person, now=now, expected=row.version)
    intake.check(row, now)
    told("every row checked")
    actions.confirm(row=row, with_changes=False, by=person, now=now, expected=row.version)
    while actions.take_over(row=row, by=person, now=timezone.now()):
        pass
    told("taken over, with trail and search")
    states = dict.fromkeys(row.lines.values_list("state", flat=True))
    assert list(states) == [models.Line.State.TAKEN], states
