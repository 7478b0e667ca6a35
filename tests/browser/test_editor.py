"""A quality manager changes how her company works, without a programmer: edits, tries out, signs, moves runs."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE
from tests.browser.seats import PASSWORD, Seat, barriers

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Editor:
    """The editor before somebody."""

    def __init__(self, seat: Seat) -> None:
        self.seat, self.page = seat, seat.page

    def begin(self, key: str) -> None:
        self.seat.go(f"/procedures/of/{key}")
        self.page.get_by_role("button", name=re.compile("编写")).click()
        self.page.wait_for_url("**/procedures/drafts/*")
        self.rest()

    def rest(self) -> None:
        self.page.wait_for_timeout(100)
        self.seat.settle()

    def line(self, words: str) -> Locator:
        return self.page.get_by_role("treeitem").filter(has_text=words).first

    def choose(self, words: str) -> None:
        self.line(words).click()
        self.rest()
        expect(self.line(words)).to_have_attribute("aria-selected", "true")

    def add(self, kind: str) -> None:
        bar = self.page.locator(".editor-bar")
        bar.locator("summary").first.click()
        bar.get_by_role("button", name=kind, exact=True).first.click()
        self.rest()

    @property
    def sheet(self) -> Locator:
        return self.page.locator("#editor-sheet")

    @property
    def title(self) -> Locator:
        return self.sheet.locator("[data-in=zh]").first

    def told(self, words: str) -> None:
        expect(self.page.locator("#editor-judge")).to_contain_text(words)

    def press(self, button: str) -> None:
        self.sheet.get_by_role("button", name=button).first.click()
        self.rest()

    def tab(self, name: str) -> Locator:
        tab = self.page.get_by_role("tab", name=name)
        tab.click()
        return self.page.locator(f"#{tab.get_attribute('aria-controls')}")

    def undo(self) -> None:
        self.page.locator("[data-undo=undo]").click()
        self.rest()


def test_a_department_countersigns_from_the_next_edition_on(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    editor = Editor(zhou)
    editor.begin("s5")

    # An invalid edit is explained at its place, in the list of mistakes and in one line above.
    editor.choose("制定处理方案")
    editor.add("会签")
    editor.told("列表不能为空")
    editor.title.fill("财务部会签")
    editor.told("财务部会签：列表不能为空。")
    expect(editor.sheet.locator(".fault")).to_contain_text("列表不能为空")
    expect(editor.tab("问题")).to_contain_text("财务部会签")
    editor.press("增加会签方")
    zhou.find(editor.sheet.locator(".rows").filter(has_text="会签方").get_by_role("combobox").first, "财务部经理")
    editor.told("没有问题，可以发布。")
    editor.sheet.get_by_label("期限").first.fill("2")
    editor.rest()

    # Chart and differences follow.
    expect(editor.tab("流程图").locator("g.pc-step.is-chosen")).to_contain_text("财务部会签")
    differences = editor.tab("与现行版的差异")
    for words in ("财务部会签", "在“制定处理方案”之后", "各方：财务部经理", "期限：2 个工作日"):
        expect(differences).to_contain_text(words)

    # Tried out: who would get it when.
    zhou.page.get_by_role("link", name="试运行").click()
    zhou.settle()
    row = zhou.page.locator(".trial-table tr", has_text="财务部会签")
    expect(row).to_contain_text("蒋琳")
    zhou.page.get_by_label("“制定处理方案”的预计费用").fill("60000")
    zhou.page.get_by_label("“制定处理方案”的预计费用").press("Tab")
    expect(zhou.page.locator(".trial-choice", has_text="是否须总经理批准")).to_contain_text("费用较高")
    zhou.page.get_by_role("link", name="返回编辑").click()
    zhou.settle()

    publish(zhou)
    expect(zhou.heading).to_contain_text("将进行中的流程转换到现行版本")
    move_one(zhou)
    zhou.go("/procedures/of/s5")
    expect(zhou.page.locator(".procedure-chart svg")).to_contain_text("财务部会签")
    zhou.sees("A/1")
    the_next_run(sit_down("lina"))
    trained(sit_down("chen"))


def publish(seat: Seat) -> None:
    seat.ask_for(seat.page.get_by_role("link", name="签署并发布"))
    seat.form.get_by_label("换版原因").fill("财务部须会签费用")
    seat.form.get_by_label("签署 PIN 或登录密码").fill(PASSWORD)
    seat.press("签署并发布")
    seat.page.wait_for_url("**/procedures/of/s5/runs")
    seat.settle()


def move_one(seat: Seat) -> None:
    """The first run that can be moved takes the new edition; what would change stands beside it."""
    rows = seat.page.locator(".move-table tbody tr:not(.is-refused)")
    before = rows.count()
    assert before > 1
    label = rows.first.locator("th").inner_text()
    expect(rows.first.locator(".move-words li").first).to_be_visible()
    rows.first.get_by_role("checkbox").check()
    seat.page.locator("main").get_by_label("原因").fill("按新版会签")
    seat.page.get_by_role("button", name="转换所选流程").click()
    seat.is_told("已转换到现行版本：1 个流程")
    expect(seat.page.locator(".move-table tbody th", has_text=label)).to_have_count(0)


def the_next_run(lina: Seat) -> None:
    """A request registered now goes by the new edition: the step stands in its chart."""
    lina.go("/cases/new/")
    lina.find(lina.page.locator("#id_customer-ts-control"), "上汽大众（示例）")
    lina.page.locator("[name=channel]").select_option("phone")
    lina.page.locator("[name=title]").fill("线束护套耐温等级")
    lina.page.locator("[name=said_by]").fill("沈工")
    lina.cell(1, "text").fill("耐温 125 ℃")
    lina.cell(1, "kind").select_option("technical")
    lina.page.locator("[name=is_oral]").check()
    lina.find(lina.page.locator("#id_owner-ts-control"), "王强")
    lina.form.locator(".btn-primary").click()
    expect(lina.heading).to_contain_text("线束护套耐温等级")
    lina.settle()
    address = lina.page.locator("a[href^='/procedures/runs/']").first.get_attribute("href")
    assert address
    lina.go(address)
    expect(lina.page.locator(".chart-scroll svg")).to_contain_text("财务部会签")
    lina.sees("QP-CSR-05 顾客特殊要求管理程序 A/1")


def trained(head: Seat) -> None:
    """The head of a department concerned finds the training among the tasks."""
    row = head.page.locator("main tr, main li").filter(has_text="培训新版程序")
    head.go_until("/", row)
    expect(row.first).to_contain_text("QP-CSR-05 A/1")


def test_keys_dragging_and_undo(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    editor, page = Editor(zhou), zhou.page
    editor.begin("s5")
    editor.choose("向顾客确认接收")
    keys = page.keyboard

    def order() -> list[str]:
        return page.locator("[role=treeitem] .tree-words").all_inner_texts()[:4]

    was = order()
    editor.line("向顾客确认接收").focus()
    keys.press("Alt+ArrowDown")
    editor.rest()
    assert order() != was
    keys.press("Alt+ArrowUp")
    editor.rest()
    assert order() == was

    keys.press("Delete")
    editor.rest()
    expect(editor.line("向顾客确认接收")).to_have_count(0)
    editor.undo()
    assert order() == was

    keys.press("?")
    expect(page.locator("#keys")).to_contain_text("移入前面的组合")
    keys.press("Escape")

    # Dragged behind the next step, and wrapped; both are taken back.
    editor.line("向顾客确认接收").drag_to(editor.line("分析真实性"), target_position={"x": 40, "y": 38})
    editor.rest()
    assert order() != was
    editor.undo()
    assert order() == was

    editor.choose("归档")
    page.locator(".editor-bar summary", has_text="成组").click()
    page.locator(".editor-bar").get_by_role("button", name="并行", exact=True).last.click()
    editor.rest()
    expect(page.locator("[role=treeitem].tree-side_by_side")).to_have_count(1)
    editor.undo()
    expect(page.locator("[role=treeitem].tree-side_by_side")).to_have_count(0)


def test_two_editors_at_once_and_the_second_is_told(sit_down: Callable[..., Seat]) -> None:
    one, two = Editor(sit_down("zhou")), Editor(sit_down("zhou"))
    one.begin("adopt")
    two.begin("adopt")
    one.choose("培训新版程序")
    two.choose("培训新版程序")
    one.title.fill("培训本部门")
    one.rest()
    expect(one.line("培训本部门")).to_be_visible()
    two.title.fill("讲解新版")
    two.seat.is_told("周华")
    expect(two.title).to_have_value("讲解新版")


def test_a_new_procedure_from_nothing_and_its_text(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    editor = Editor(zhou)
    zhou.go("/procedures/")
    zhou.page.get_by_role("link", name="新建程序").click()
    zhou.form.get_by_label("名称").fill("供应商来料异常处理程序")
    zhou.form.get_by_label("编号").fill("QP-SUP-01")
    zhou.press("开始编写")
    zhou.page.wait_for_url("**/procedures/drafts/*")
    editor.rest()
    editor.told("缺少责任者")
    zhou.find(editor.sheet.get_by_role("combobox", name="责任者"), "质量部经理")
    editor.told("没有问题，可以发布。")
    zhou.page.locator(".page-actions summary").click()
    with zhou.page.expect_download() as saved:
        zhou.page.get_by_role("link", name="另存为 YAML").click()
    text = saved.value.path().read_text("utf-8")
    assert "供应商来料异常处理程序" in text
    assert "quality_manager" in text


def test_the_editor_is_accessible_and_fits(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    editor, page = Editor(zhou), zhou.page
    editor.begin("s5")
    wrong = []
    for name in ("相关部门评审", "是否须总经理批准", "征求顾客反馈", "方案中的每项措施"):
        editor.choose(name)
        wrong += [(name, *each) for each in barriers(page)]
    for address in (page.url.split("?")[0], f"{page.url.split('?')[0]}/try", "/procedures/of/s5/runs"):
        zhou.go(address)
        for size in ({"width": 1440, "height": 900}, PHONE):
            page.set_viewport_size(size)
            wrong += [(address, size["width"], *each) for each in barriers(page)]
            if (over := page.evaluate(TOO_WIDE)) > 0:
                wrong.append((address, size["width"], f"{over} px too wide"))
    assert wrong == []
