"""What taking ten thousand rows over from a workbook costs: reading, checking every row, writing with trail and search.

    python -m tests.bench.run sqlite importing 10000 2000 products

The second number says how many rows; products, each made for one of the loaded customers; `history`: entries of a
ledger that are over; `requests`: entries still to be handled, whose procedure starts. Prints Markdown.
"""

import io
import os
import random
import time
from datetime import date, timedelta

import xlsxwriter
from django.utils import timezone

from yinuo.customers import models as customers
from yinuo.imports import actions, intake, models
from yinuo.kit import importing, remembering
from yinuo.org import models as org

PRODUCT_HEADS = ["零件号", "品名", "客户", "产品系列", "车型", "SOP", "备注"]
LEDGER_HEADS = ["台账编号", "顾客名称", "要求内容", "类别", "收到日期", "状态", "备注"]
KINDS = {"products": "customers.product", "history": "cases.case", "requests": "cases.case"}


def workbook(what: str, rows: int) -> bytes:
    names = list(customers.Customer.objects.filter(scope=None).values_list("name_zh", flat=True)[:200])
    mark, buffer = f"{random.randrange(10**6):06}", io.BytesIO()
    is_ledger = what != "products"
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(what)
        sheet.write_row(0, 0, LEDGER_HEADS if is_ledger else PRODUCT_HEADS)
        for n in range(1, rows + 1):
            name, text = names[n % len(names)], "盐雾试验 720 h，按顾客标准执行。" * 3
            day = date(2024, 1, 1) + timedelta(days=n % 700)
            if is_ledger:
                sheet.write_row(n, 0, [f"L{mark}-{n}", name, f"{n} {text}", "质量"])
                sheet.write_datetime(n, 4, day)
                sheet.write_row(n, 5, ["已完成" if what == "history" else "进行中", "无"])
            else:
                sheet.write_row(n, 0, [f"P{mark}-{n}", f"支架 {n}", name, "保险杠", "X1"])
                sheet.write_datetime(n, 5, day)
                sheet.write(n, 6, text)
    return buffer.getvalue()


def main(size: str, rows: str = "10000", what: str = "products") -> None:
    person = org.Person.objects.filter(is_active=True, role_grants__role="quality_manager").distinct()[0]
    kind = importing.kind_of(KINDS[what])
    content = workbook(what, int(rows))
    options = {"way": "said", "kind": "quality", "channel": "other"} if what != "products" else {}
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\n{int(rows):,} {what} at load {load}\n\n| what | s | CPU s |\n|---|---|---|")
    began, spent = time.perf_counter(), time.process_time()

    def told(what: str) -> None:
        nonlocal began, spent
        print(f"| {what} | {time.perf_counter() - began:.1f} | {time.process_time() - spent:.1f} |", flush=True)
        began, spent = time.perf_counter(), time.process_time()

    read = intake.first_look(kind, content, "a.xlsx", person)
    now = timezone.now()
    row = actions.receive(kind=kind.name, content=content, name="a.xlsx", read=read, by=person, now=now)
    told("read, columns proposed, kept")
    said = {"columns": row.columns, "options": options}
    actions.assign(row=row, table={}, **said, by=person, now=now, expected=row.version)
    intake.check(row, now)
    told("every row checked")
    actions.confirm(row=row, with_changes=False, by=person, now=now, expected=row.version)
    more = True
    while more:
        with remembering.page():  # as the job does
            more = actions.take_over(row=row, by=person, now=timezone.now())
    told("taken over, with trail and search")
    states = dict.fromkeys(row.lines.values_list("state", flat=True))
    assert list(states) == [models.Line.State.TAKEN], states
