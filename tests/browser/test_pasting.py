"""A block copied from Excel goes into a table of lines: what fits is taken, the rest is said, all of it is undone."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE
from tests.browser.seats import Seat

COPY = """async ([text, html]) => {
  const parts = {"text/plain": new Blob([text], {type: "text/plain"})};
  if (html) parts["text/html"] = new Blob([html], {type: "text/html"});
  await navigator.clipboard.write([new ClipboardItem(parts)]);
}"""
NEW = "/cases/new/"


def copy(seat: Seat, rows: list[list[str]], *, has_table: bool = True) -> None:
    """Copy cells as Excel does: a text with tabs, cells of several lines quoted, and the same as a table."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if "\n" in text else text

    text = "".join("\t".join(map(cell, row)) + "\r\n" for row in rows)
    body = "".join(
        "<tr>" + "".join("<td>" + each.replace("\n", "<br>") + "</td>" for each in row) + "</tr>" for row in rows
    )
    seat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seat.page.evaluate(COPY, [text, f"<html><body><table>{body}</table></body></html>" if has_table else ""])


def paste(seat: Seat, at: Locator) -> None:
    at.focus()
    seat.page.keyboard.press("ControlOrMeta+V")
    expect(seat.page.locator(".lines-told")).to_be_visible()


def cells(seat: Seat, column: str) -> Locator:
    return seat.page.locator(f"[data-paste] > [data-line] .lines-{column} [name]")


def values(seat: Seat, column: str) -> list[str]:
    return [each.input_value() for each in cells(seat, column).all()]


def test_a_block_fills_lines_downward(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    lina.go(NEW)
    copy(lina, [
        ["盐雾试验提高到 720 h", "质量", "", "李娜", "2026年12月1日"],
        ["标签\n两行，含 \"引号\"", "技术", "", "0202", "2026/12/2"],
        ["首件检验", "没有这一类", "", "张三丰", "月底"],
        ["包装", "技术", "", "", "二〇二六年十二月三十一日"],
    ])  # fmt: skip
    paste(lina, cells(lina, "text").first)
    assert values(lina, "text")[:4] == ["盐雾试验提高到 720 h", '标签\n两行，含 "引号"', "首件检验", "包装"]
    assert values(lina, "due_on")[:4] == ["2026-12-01", "2026-12-02", "", "2026-12-31"]
    assert values(lina, "kind")[2] == ""
    owners = [each.locator("option:checked").inner_text() for each in cells(lina, "owner").all()]
    assert [each.split()[0] for each in owners[:2]] == ["李娜", "王强"]  # by name, by number
    told = lina.page.locator(".lines-told")
    expect(told).to_contain_text("已粘贴 4 行")
    expect(told).to_contain_text("第 3 行“性质”：选项中没有“没有这一类”")
    expect(told).to_contain_text("第 3 行“负责人”：选项中没有“张三丰”")
    expect(told).to_contain_text("无法识别日期“月底”")
    assert lina.page.locator(".lines-cell.is-unmatched").count() == 3
    lina.is_accessible()
    cells(lina, "kind").nth(2).select_option(label="质量")
    assert lina.page.locator(".lines-cell.is-unmatched").count() == 2


def test_it_is_undone_by_key_and_by_button(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    lina.go(NEW)
    first = cells(lina, "text").first
    first.fill("原有")
    rows = len(values(lina, "text"))
    copy(lina, [["甲", "质量"], ["乙", "技术"], ["丙", "质量"]])
    for undo in (lambda: lina.page.keyboard.press("ControlOrMeta+Z"), lambda: lina.press("撤销粘贴")):
        paste(lina, first)
        assert values(lina, "text")[:3] == ["甲", "乙", "丙"]
        undo()
        expect(lina.page.locator(".lines-told")).to_contain_text("已撤销粘贴")
        assert values(lina, "text") == ["原有"] + [""] * (rows - 1)
        assert set(values(lina, "kind")) == {""}


def test_nothing_is_cut_off_in_silence(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    lina.go(NEW)
    copy(lina, [[f"要求 {n}", "质量", "", "", "", "", "多余"] for n in range(1, 121)])
    paste(lina, cells(lina, "text").first)
    told = lina.page.locator(".lines-told")
    expect(told).to_contain_text("所复制的第 101 至 120 行未粘贴：最多 100 行")
    expect(told).to_contain_text(re.compile("列 .*7.* 在表中没有对应的列"))
    assert len(values(lina, "text")) == 100


def test_headings_lead_to_their_columns(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    lina.go(NEW)
    labels = [each.inner_text() for each in lina.page.locator(".lines-head span").all()]
    copy(
        lina, [[labels[4], labels[0], labels[1], "备注"], ["20261201", "甲", "质量", "x"], ["46357", "乙", "技术", ""]]
    )
    paste(lina, cells(lina, "text").first)
    assert values(lina, "text")[:2] == ["甲", "乙"]
    assert values(lina, "due_on")[:2] == ["2026-12-01", "2026-12-01"]
    expect(lina.page.locator(".lines-told")).to_contain_text("第一行按列标题对应")
    expect(lina.page.locator(".lines-told")).to_contain_text("备注")


def test_words_are_pasted_as_ever(sit_down: Callable[..., Seat]) -> None:
    """Lines of prose belong into the one cell; a text that another program sends with its format too."""
    lina = sit_down("lina")
    lina.go(NEW)
    lina.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for html in ("", "<p>第一句</p><p>第二句</p>", "<p>见下表</p><table><tr><td>a</td></tr></table>"):
        lina.page.evaluate(COPY, ["第一句\n第二句", html])
        cells(lina, "text").first.fill("")
        cells(lina, "text").first.focus()
        lina.page.keyboard.press("ControlOrMeta+V")
        assert values(lina, "text")[0] == "第一句\n第二句"
        assert lina.page.locator(".lines-told").count() == 0


def test_what_was_pasted_is_registered(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    lina.go(NEW)
    copy(lina, [[f"粘贴要求 {n}", "质量"] for n in range(1, 13)], has_table=False)
    paste(lina, cells(lina, "text").first)
    assert values(lina, "text") == [f"粘贴要求 {n}" for n in range(1, 13)]


def test_a_phone_keeps_it_readable(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina", size=PHONE)
    lina.go(NEW)
    expect(lina.page.locator(".lines-hint")).to_be_hidden()
    copy(lina, [["甲", "没有这一类"], ["乙", "技术"]])
    paste(lina, cells(lina, "text").first)
    assert lina.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
