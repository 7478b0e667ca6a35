"""What no field takes is kept with its rows and given back: columns, comments, colours; never to a customer."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cases import story as stories
from tests.customers import people
from tests.imports import test_imports as importing
from tests.imports import test_ledgers as ledgers
from tests.kit import workbooks
from yinuo.customers import models as customers
from yinuo.imports import models, rules
from yinuo.kit import exports, plugs
from yinuo.kit.sheets import definition, dressing, reading, writing

HEADS = ["客户代码", "客户名称", "级别", "内部\n评级", "签约日", "系数", "备忘", "备忘", "#id", "代码"]
URL = "/customers/?excel=customers"


def messy(book: Any, sheet: Any) -> None:
    red, struck = book.add_format({"font_color": "#C00000"}), book.add_format({"font_strikeout": True})
    yellow, two = book.add_format({"bg_color": "#FFFF00"}), book.add_format({"num_format": "0.00"})
    rows: list[list[Any]] = [
        ["VW", "大众集团（示例）", "集团", "甲", date(2026, 3, 1), None, "=不是公式", "第二列", 7, "旧码"],
        ["BYD", "比亚迪（示例）", "公司", "", None, 0, "", "", 8, ""],
        ["GEELY", "吉利（示例）", "公司", "", None, None, "", "", 9, ""],
    ]
    workbooks.put(sheet, [["顾客一览表"], HEADS, *rows])
    sheet.write("B3", "大众集团（示例）", red)
    sheet.write_comment("B3", "总部电话确认过")
    sheet.write("F3", 4.1, two)
    sheet.write("G3", "=不是公式", struck)
    sheet.write("H3", "第二列", yellow)
    sheet.write_comment("E3", "以合同为准")
    sheet.set_column("D:D", None, None, {"hidden": True})


def grid_of(response: Any) -> definition.Grid:
    assert response.status_code == 200
    return reading.read(b"".join(response.streaming_content), "list.xlsx").grids[0]


def column(grid: definition.Grid, heading: str) -> int:
    return next(at for at, words in enumerate(grid.rows[0], 1) if words == heading)


def row_of(grid: definition.Grid, code: str) -> int:
    return next(at for at, row in enumerate(grid.rows, 1) if code in row)


@pytest.fixture
def lina(company: cast.Company, signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lina")


@pytest.fixture
def taken(lina: Client) -> models.Import:
    row = importing.checked(lina, workbooks.xlsx(messy))
    importing.confirm(lina, row)
    assert row.state == "done"
    return row


def test_columns_of_no_field_come_back_as_they_were(lina: Client, taken: models.Import) -> None:
    grid = grid_of(lina.get(URL))
    vw, byd = row_of(grid, "VW"), row_of(grid, "BYD")
    right_end = grid.rows[0][column(grid, "#version") :]
    assert right_end == ["内部 评级", "签约日", "系数", "备忘", "备忘 (2)", "代码（原表）"]
    assert grid.rows[vw - 1][column(grid, "#version") :] == [
        "甲", date(2026, 3, 1), 4.1, "=不是公式", "第二列", "旧码"
    ]  # fmt: skip
    assert grid.at(byd, column(grid, "系数")) == 0, "a zero is something"
    assert grid.at(byd, column(grid, "签约日")) is None
    hidden = {grid.rows[0][at - 1] for at in grid.hidden_columns}
    assert hidden == {"#id", "#version", "内部 评级"}


def test_so_do_comments_colours_and_struck_text(lina: Client, taken: models.Import) -> None:
    grid = grid_of(lina.get(URL))
    vw = row_of(grid, "VW")

    def mark(heading: str) -> definition.Mark:
        return grid.marks[vw, column(grid, heading)]

    assert (mark("顾客").comment, mark("顾客").colour, mark("顾客").ground) == ("总部电话确认过", "C00000", "")
    assert mark("签约日").comment == "以合同为准"
    assert mark("备忘").is_struck
    assert mark("备忘 (2)").ground == "FFFF00"
    assert mark("系数").format == "0.00"
    geely = row_of(grid, "GEELY")
    marked = [at for (row, at), each in grid.marks.items() if row == geely and (each.comment or each.colour)]
    assert marked == [], "what belongs to one row stands at no other"


def test_it_is_kept_once_for_each_and_says_where_it_came_from(lina: Client, taken: models.Import) -> None:
    assert models.Kept.objects.count() == 2, "a row with nothing beside its fields keeps nothing"
    found = models.Kept.objects.get(subject_id=customers.Customer.objects.get(code="VW").pk)
    assert (found.of, found.sheet, found.number) == (taken, "顾客", 3)


def test_a_later_workbook_adds_its_columns_and_leaves_the_others(lina: Client, taken: models.Import) -> None:
    later = workbooks.xlsx(
        lambda _book, sheet: workbooks.put(
            sheet, [["客户代码", "客户名称", "级别", "备忘", "新列"], ["VW", "大众汽车（示例）", "集团", "新的", "加"]]
        )
    )
    importing.confirm(lina, importing.checked(lina, later), with_changes="on")
    grid = grid_of(lina.get(URL))
    vw = row_of(grid, "VW")
    told = {words: grid.at(vw, at) for at, words in enumerate(grid.rows[0], 1)}
    assert (told["备忘"], told["新列"], told["备忘 (2)"], told["签约日"]) == ("新的", "加", "第二列", date(2026, 3, 1))


def test_whoever_may_not_see_the_row_gets_not_even_its_headings(
    lina: Client, taken: models.Import, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    vw = customers.Customer.objects.get(code="VW")
    scope = people.scope_of(company.lina)
    customers.Customer.objects.filter(pk=vw.pk).update(scope_id=scope.pk)
    plugs.announce("kit.rescoped", type=vw.subject_type, id=vw.pk, scope_id=scope.pk, was=None)
    assert models.Kept.objects.get(subject_id=vw.pk).scope_id == scope.pk
    grid = grid_of(signed_in("zhao").get(URL))
    assert grid.rows[0][column(grid, "#version") :] == ["系数"]
    assert "旧码" not in str(grid.rows)


def test_the_roster_of_people_keeps_nothing(lina: Client) -> None:
    assert plugs.importables.get("org.person").about["keeps_beside"] is False


def test_rows_of_one_case_are_kept_together_and_never_leave_for_the_customer(
    company: cast.Company, lina: Client
) -> None:
    stories.publish(company)
    stories.customer(company)

    def fill(book: Any, sheet: Any) -> None:
        workbooks.put(sheet, [ledgers.HEADS, *ledgers.ROWS[:3]])
        sheet.write_comment("H2", "电话")
        sheet.write("H3", "后补", book.add_format({"font_color": "#C00000"}))
        sheet.set_column("H:H", None, None, {"hidden": True})

    ledgers.taken(lina, workbooks.xlsx(fill))
    grid = grid_of(lina.get("/cases/?excel=cases"))
    at = column(grid, "备注")
    assert at in grid.hidden_columns
    assert {row[at - 1] for row in grid.rows[1:]} == {"口头提出\n后补", "等顾客图纸"}
    assert [mark.comment for (_row, place), mark in grid.marks.items() if place == at and mark.comment] == ["电话"]
    outward = grid_of(lina.get("/cases/?outward=cases"))
    assert "备注" not in outward.rows[0]
    assert not outward.hidden_columns
    assert "后补" not in str(outward.rows)
    assert not [mark for (row, _at), mark in outward.marks.items() if row > 1 and (mark.comment or mark.colour)]


def test_ten_thousand_rows_cost_one_query_a_block(lina: Client, taken: models.Import) -> None:
    number = 10_000
    products = [
        customers.Product(number=f"P{n:05}", name_zh=f"件 {n}", added_at=cast.NOW, version=1) for n in range(number)
    ]
    customers.Product.objects.bulk_create(products, batch_size=500)
    cell = {"at": 7, "heading": "模具号", "value": "M-1", "comment": "已封样"}
    models.Kept.objects.bulk_create(
        (
            models.Kept(
                subject_type="customers.product", subject_id=pk, of=taken, number=3,
                columns=[cell], headings=rules.headed([cell]),
            )
            for pk in customers.Product.objects.values_list("pk", flat=True)
        ),
        batch_size=500,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        grid = grid_of(lina.get("/customers/products/?excel=products"))
    assert [row[-1] for row in grid.rows] == ["模具号", *["M-1"] * number]
    assert sum(mark.comment == "已封样" for mark in grid.marks.values()) == number
    told = [query["sql"] for query in asked if "imports_kept" in query["sql"]]
    assert len(told) == 1 + number / exports.BLOCK, "the headings, and one for each block"


def test_ten_thousand_dressed_rows_are_written_as_a_stream() -> None:
    look = dressing.look_of("C00000", "", True, "")

    def rows() -> Iterator[list[Any]]:
        for n in range(10_000):
            yield [n, dressing.Dressed(f"第 {n}", look, "批注" if n % 100 == 0 else "")]

    book = dressing.Workbook()
    pieces = [*book.table("多", [writing.Head("号"), writing.Head("文")], rows())]
    pieces += [*book.notes("说明", [("甲", "乙")]), *book.close()]
    assert sum(map(bool, pieces)) > 3
    grid = reading.read(b"".join(pieces), "x.xlsx").grids[0]
    assert len(grid.rows) == 10_001
    assert sum(bool(mark.comment) for mark in grid.marks.values()) == 100
    assert {mark.colour for at, mark in grid.marks.items() if at[1] == 2 and at[0] > 1} == {"C00000"}
    assert len(book.looks) == 1


def test_a_foreign_look_brings_nothing_into_the_file() -> None:
    assert dressing.look_of('0"/><x', "FFFF0", False, '0.00"x') == dressing.PLAIN
    assert dressing.look_of("FFFF00", "FFFF00", False, "0.0%") == dressing.Look(ground="FFFF00", format="0.0%")


def test_what_differs_in_rows_of_one_thing_stands_line_by_line() -> None:
    first, second = (
        {"at": 1, "heading": "甲", "value": "一"},
        {"at": 1, "heading": "甲", "value": "二", "comment": "注"},
    )
    assert rules.joined([[first], [second], [first]]) == [
        {"at": 1, "heading": "甲", "value": "一\n二", "comment": "注"}
    ]  # fmt: skip
