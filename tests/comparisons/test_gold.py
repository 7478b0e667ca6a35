"""Two thousand rows with a gold list of everything that was done to them: the comparison says exactly that.

Run with `-s` it prints what it cost.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from django.test import Client

from tests import cast
from tests.bench.sheets import Peak
from tests.comparisons import editing
from yinuo.comparisons import models
from yinuo.customers import models as customers

URL = "/customers/products/?excel=products"
ROWS = 2_000
TEXT = "盐雾试验 {n} h，划格附着力不低于 1 级；外观不得有起泡、锈点。\n适用于 {n:05} 批次起，含备件。"
NUMBER, START = "本公司零件号", "投产日期"
EDITED = "车型", "产品族", "产品说明"
KEYS = {"车型": "vehicle", "产品族": "family", "产品说明": "note", START: "starts_on", NUMBER: "number"}

Gold = dict[tuple[int, str], str]


def made() -> list[customers.Product]:
    rows = customers.Product.objects.bulk_create(
        customers.Product(
            number=f"{n:06}.10", name_zh=f"支架 {n}", family=f"系列{n % 40}", vehicle=f"平台 {n % 7}",
            note=TEXT.format(n=240 + n % 9 * 60), starts_on=date(2026, 1, 1) + timedelta(days=n % 700),
            added_at=cast.NOW,
        )
        for n in range(ROWS)
    )  # fmt: skip
    return list(rows)


class Editing:
    """Does one thing of every kind to some rows each; what was done by cell, and how many rows of each state follow."""

    def __init__(self, file: editing.Edited, chance: random.Random) -> None:
        self.file, self.chance = file, chance
        self.gold: Gold = {}
        self.states: Counter[str] = Counter()
        self.by_key = {row[file.at("#id")]: row for row in file.rows}
        self.kinds = (
            self.only_there, self.only_here, self.alike, self.differently, self.unlawful, self.locked, self.day,
            self.emptied, self.left_out, self.spelled,
        )  # fmt: skip

    def do(self, n: int, product: customers.Product) -> None:
        if n % 25 < len(self.kinds):
            self.kinds[n % 25](product)

    def pick(self) -> str:
        return EDITED[self.chance.randrange(3)]

    def put(self, product: customers.Product, heading: str, value: object, state: str, row: str) -> None:
        self.by_key[product.pk][self.file.at(heading)] = value
        self.gold[product.pk, KEYS[heading]] = state
        self.states[row] += 1

    def here(self, product: customers.Product, heading: str, more: str) -> None:
        value = f"{getattr(product, KEYS[heading])}{more}"
        customers.Product.objects.filter(pk=product.pk).update(version=product.version + 1, **{KEYS[heading]: value})

    def more(self, product: customers.Product, heading: str, more: str, state: str, row: str) -> None:
        self.put(product, heading, f"{getattr(product, KEYS[heading])}{more}", state, row)

    def only_there(self, product: customers.Product) -> None:
        self.more(product, self.pick(), "（改）", "theirs", "theirs")

    def only_here(self, product: customers.Product) -> None:
        heading = self.pick()
        self.here(product, heading, "（我方）")
        self.more(product, heading, "", "ours", "said")

    def alike(self, product: customers.Product) -> None:
        heading = self.pick()
        self.here(product, heading, "（同）")
        self.more(product, heading, "（同）", "both", "said")

    def differently(self, product: customers.Product) -> None:
        heading = self.pick()
        self.here(product, heading, "（我方）")
        self.more(product, heading, "（文件）", "conflict", "conflict")

    def unlawful(self, product: customers.Product) -> None:
        self.put(product, START, "2026-02-30", "error", "error")

    def locked(self, product: customers.Product) -> None:
        self.more(product, NUMBER, "X", "locked", "said")

    def day(self, product: customers.Product) -> None:
        self.put(product, START, "2029年3月1日", "theirs", "theirs")

    def emptied(self, product: customers.Product) -> None:
        self.put(product, self.pick(), "", "theirs", "theirs")

    def left_out(self, product: customers.Product) -> None:
        self.file.rows.remove(self.by_key[product.pk])
        self.states["missing"] += 1

    def spelled(self, product: customers.Product) -> None:
        """A program made a number of the part number: nothing was changed."""
        self.by_key[product.pk][self.file.at(NUMBER)] = float(product.number)


def test_two_thousand_rows_exactly(company: cast.Company, signed_in: Callable[[str], Client]) -> None:
    client, rows = signed_in("lina"), made()
    file = editing.Edited(editing.taken_out(client, URL))
    done = Editing(file, random.Random(4))
    for n, product in enumerate(rows):
        done.do(n, product)
    for n in range(20):
        file.add(本公司零件号=f"NEW-{n}", 名称=f"新件 {n}")
    gold, states = done.gold, {**done.states, "new": 20}
    random.Random(5).shuffle(file.rows)
    file.move([*range(4, len(file.heads)), *range(4)])
    content = file.content()
    with Peak() as peak:
        began = time.perf_counter()
        row = editing.compared(client, content)
        took = time.perf_counter() - began
    found = {(each.row, cell["key"]): cell["state"] for each in row.rows.exclude(state="new") for cell in each.cells}
    assert found == gold
    assert editing.states(row) == states
    conflicts = [key for key, state in gold.items() if state == "conflict"]
    client.post(f"/comparisons/{row.pk}/decide-all/", {"version": row.version, "choice": "theirs"})
    began = time.perf_counter()
    editing.written(client, row)
    wrote = time.perf_counter() - began
    taken = states["theirs"] + states["conflict"] + states["new"]
    assert row.rows.filter(state="taken").count() == taken, list(row.rows.filter(state="refused")[:3].values("said"))
    for key, column in conflicts[:20]:
        assert str(getattr(customers.Product.objects.get(pk=key), column)).endswith("（文件）")
    again = editing.compared(client, content)
    written = [each for each in again.rows.all() if each.state in ("theirs", "conflict", "new")]
    assert written == [], "the same file again changes nothing"
    assert models.Comparison.objects.count() == 2
    print(f"\n{ROWS} rows, {len(gold)} cells differ: compared in {took:.1f} s, {peak.extra:.0f} MiB more than before;")
    print(f"{taken} rows written in {wrote:.1f} s")
