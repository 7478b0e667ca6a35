"""A list leaves as a workbook, a messy workbook comes in: columns, check, confirmation, result."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.browser.seats import Seat
from tests.kit import workbooks

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROWS = [
    ["客户代码", "客户名称", "级别", "上级", "窗口", "签订人"],
    ["CHERY", "奇瑞汽车（示例）", "公司", "", "赵敏", "甲"],
    ["CHERY-WH", "奇瑞芜湖工厂（示例）", "工厂", "CHERY", "", "乙"],
    ["LX", "理想汽车（示例）", "分公司", "", "", "丙"],
    ["合计", 3],
]


def is_fit(seat: Seat) -> None:
    seat.is_accessible()
    assert seat.page.evaluate(TOO_WIDE) == 0


def test_a_list_is_taken_out_with_its_filters(sit_down: Callable[..., Seat], tmp_path: Path) -> None:
    lina = sit_down("lina")
    lina.go("/customers/?level=plant")
    with lina.page.expect_download() as loaded:
        lina.page.get_by_role("link", name="导出 Excel").click()
    assert re.fullmatch(r"顾客清单_\d{4}-\d\d-\d\d\.xlsx", loaded.value.suggested_filename)
    path = tmp_path / "a.xlsx"
    loaded.value.save_as(path)
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert {row[2] for row in rows[1:]} == {"工厂"}


def test_a_messy_workbook_comes_in(sit_down: Callable[..., Seat], tmp_path: Path) -> None:
    lina = sit_down("lina")
    path = tmp_path / "顾客一览.xlsx"
    path.write_bytes(workbooks.xlsx(lambda book, sheet: workbooks.put(sheet, [["青禾 顾客一览表"], [], *ROWS])))
    lina.go("/customers/")
    lina.page.get_by_role("link", name="从 Excel 导入").click()
    is_fit(lina)
    lina.attach(path)
    lina.press("读取表格")
    lina.sees("对应列", "客户代码", "CHERY · CHERY-WH · LX")
    expect(lina.page.get_by_label("A 客户代码")).to_have_value("code")
    expect(lina.page.get_by_label("F 签订人")).to_have_value("")
    is_fit(lina)
    lina.press("核对各行")
    lina.go_until(lina.page.url, lina.page.get_by_role("button", name="导入 2 行"))
    lina.sees("新增 2 行", "C6：“分公司”不是有效的层级，可填写：集团、公司、工厂。是否应为“公司”？", "尚未写入任何内容")
    is_fit(lina)
    lina.page.get_by_role("button", name="导入 2 行").click()
    lina.go_until(lina.page.url, lina.page.get_by_role("link", name="查看清单：顾客"))
    lina.sees("已导入 2 行", "有错误 1 行")
    is_fit(lina)
    with lina.page.expect_download() as loaded:
        lina.page.get_by_role("link", name="错误行").click()
    assert loaded.value.suggested_filename == "顾客一览_错误行.xlsx"
    lina.page.get_by_role("link", name="CHERY-WH 奇瑞芜湖工厂（示例）").click()
    expect(lina.heading).to_contain_text("奇瑞芜湖工厂")
