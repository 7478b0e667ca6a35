"""Procedures S1 and S7 in the browser, at the length of the essential, by several people of the demo company."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.seats import Seat
from tests.browser.test_s5_story import day, hear_from_the_customer, shanghai


def register(lina: Seat, *, title: str, text: str, kind: str, procedure: str, channel: str) -> str:
    """李娜 registers a request and chooses its procedure; the page says what the company's table would say."""
    lina.go("/cases/new/")
    lina.find(lina.page.locator("#id_customer-ts-control"), "上汽大众（示例）")
    lina.page.locator("[name=channel]").select_option(channel)
    lina.page.locator("[name=title]").fill(title)
    lina.page.locator("[name=said_by]").fill("沈工")
    lina.cell(1, "text").fill(text)
    lina.cell(1, "kind").select_option(kind)
    lina.find(lina.page.locator("#id_owner-ts-control"), "王强")
    expect(lina.page.locator("#procedure-hint")).to_contain_text("QP-CSR-05")
    lina.page.locator("[name=procedure]").select_option(procedure)
    lina.form.locator(".btn-primary").click()
    expect(lina.heading).to_contain_text(title)
    lina.settle()
    expect(lina.heading).to_contain_text("待处理")
    found = re.search(r"CSR-\d{4}-\d{4}", lina.heading.inner_text())
    assert found
    return found[0]


def answer(lina: Seat, number: str, text: str) -> None:
    lina.take_up(number, "答复顾客")
    lina.tick("决定", "放行")
    lina.write("答复内容", text)
    lina.tick("发出方式", "邮件")
    lina.submit()


def state_is(seat: Seat, number: str, words: str) -> None:
    """In the list, by its filter, and on the case."""
    seat.go("/cases/")
    choice = seat.page.locator("[name=state] option", has_text=words).first.get_attribute("value")
    seat.go(f"/cases/?state={choice}")
    expect(seat.page.locator("main")).to_contain_text(number)
    seat.go(f"/cases/of/{number}/")
    expect(seat.heading).to_contain_text(words)


def test_s1_recorded_handled_coordinated_answered_counted(sit_down: Callable[..., Seat]) -> None:
    lina, wang, zhou = sit_down("lina"), sit_down("wang"), sit_down("zhou")
    number = register(
        lina, title="送货单改为双语", text="送货单改为中英双语。", kind="delivery", procedure="s1", channel="mail"
    )
    lina.take_up(number, "记录要求")
    lina.sees("QR-CSR-01-01", "要求描述")
    lina.tick("原件已保存", "否")
    lina.write("没有原件的原因", "顾客电话提出")
    lina.tick("决定", "受理")
    lina.submit()

    wang.take_up(number, "处理要求")
    wang.write("处理进度", "模板已改，须信息组上线。")
    wang.tick("决定", "提请协调")
    wang.write("须协调的事项", "信息组排期")
    wang.submit()
    state_is(zhou, number, "待协调")
    zhou.take_up(number, "管理人员协调")
    zhou.tick("决定", "已协调，继续处理")
    zhou.form.locator("[name=condition]").fill("信息组本周上线")
    zhou.submit()

    wang.take_up(number, "处理要求")
    wang.sees("信息组本周上线")
    wang.write("处理进度", "已上线。")
    wang.tick("决定", "处理完成")
    wang.submit()
    wang.take_up(number, "填写完成备注")
    wang.write("完成备注", "自今日起双语")
    wang.tick("处理结果", "已满足")
    wang.submit()
    answer(lina, number, "已改为双语，请查收。")

    sun = sit_down("sun")
    sun.take_up(number, "统计与瓶颈分析")
    sun.form.get_by_label("处理时间主要耗在何处").select_option(label="等待内部部门")
    sun.write("问题与流程改进建议", "信息组每周固定上线一次。")
    sun.submit()
    sun.go_until(f"/cases/of/{number}/", sun.heading.get_by_text("已完成"))
    sun.sees("自今日起双语")


def test_s7_assigned_reported_solved_heard_and_learned_from(sit_down: Callable[..., Seat]) -> None:
    lina, zhao, sun = sit_down("lina"), sit_down("zhao"), sit_down("sun")
    number = register(
        lina, title="现场支架松动", text="现场支架松动，须派人处理。", kind="service", procedure="s7", channel="visit"
    )
    lina.take_up(number, "记录特殊要求")
    lina.form.get_by_label("提出时间").fill(shanghai(hours=-1))
    lina.write("提出地点", "安亭工厂")
    lina.tick("原始记录已存档", "否")
    lina.write("没有原始记录的原因", "现场口述")
    lina.tick("决定", "受理")
    lina.submit()

    zhao.take_up(number, "分级与分派")
    zhao.sees("适用规则：", "王强 · 技能", "分派理由")
    zhao.tick("负责处理的人员", "其他人员")
    zhao.choose("其他人员姓名", "孙丽")
    zhao.press("提交")
    zhao.is_told("请写明分派理由")
    for ground in ("技能或专业背景", "工作负荷"):
        zhao.form.get_by_label(ground).check()
    zhao.write("分派理由", "熟悉该工位")
    zhao.submit()

    lina.take_up(number, "发送进展报告")
    lina.tick("决定", "发送")
    lina.write("告知顾客的内容", "孙丽明天到现场。")
    lina.tick("发出方式", "邮件")
    lina.submit()
    state_is(lina, number, "正在处理")
    lina.sees("等待下次报告")

    sun.take_up(number, "解决要求")
    sun.write("处理过程与结果", "支架已紧固并划线。")
    sun.write("解决日期", day())
    sun.submit()
    answer(lina, number, "支架已处理。")
    hear_from_the_customer(lina, sit_down(None), number, satisfied=True, words="很快，谢谢。", title="现场支架松动")

    sun.take_up(number, "分析历史记录")
    sun.tick("属于重复要求", "否")
    sun.form.get_by_label("问题领域").select_option(label="服务与沟通")
    sun.tick("须制定培训计划", "否")
    sun.tick("须改进流程", "是")
    sun.write("分析结论", "点检表缺该项。")
    sun.submit()
    zhou = sit_down("zhou")
    zhou.take_up(number, "改进流程")
    zhou.write("改进内容", "点检表增加支架紧固。")
    zhou.write("实施日期", day(days=3))
    zhou.submit()
    sun.take_up(number, "填写完成备注")
    sun.write("完成备注", "已关闭")
    sun.submit()
    sun.go_until(f"/cases/of/{number}/", sun.heading.get_by_text("已完成"))
    sun.sees("很快，谢谢。")
