"""A spoken request, from the telephone to the archive: procedure S5 lived through by the people of the demo company.

Three requirements, of which one cannot be met; one return, one reassignment, one absence; a customer who is first not
satisfied. The originals are real files, and a photograph.
"""

import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.conftest import Product
from tests.browser.seats import Seat
from tests.house import tree

SAMPLES = tree.ROOT.parent / "shared" / "samples"
ORIGINALS = (
    "mail/attachment_with_encoded_name.eml",
    "documents/OpenChainSpec-2.0-zh-Hans.docx",
    "documents/OpenChainSpec-2.0-zh-Hans.pdf",
    "sheets/csf2.xlsx",
)
TITLE = "横梁焊点强度与交付批量要求（电话）"
STRENGTH = "仪表板横梁焊点剪切力由 4 kN 提高到 5 kN。"
REPORT = "每批随货提供焊点破坏性试验报告。"
LEAD = "首批 300 件提前两周交付。"


def shanghai(**later: float) -> str:
    """A moment as a browser's field takes it."""
    return (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M")


def day(**later: float) -> str:
    return shanghai(**later)[:10]


@pytest.fixture
def originals(tmp_path: Path) -> list[Path]:
    """A mail, a Word document, a PDF, a workbook as far as they are at hand, and always a photograph."""
    found = []
    for name in ORIGINALS:
        if (SAMPLES / name).exists():
            found.append(SAMPLES / name)
        else:
            warnings.warn(f"left out, not at hand: {name}", stacklevel=1)
    photograph = tmp_path / "焊点照片.jpg"
    picture = Image.effect_noise((1200, 800), 60).convert("RGB")
    ImageDraw.Draw(picture).ellipse((480, 280, 720, 520), outline="#a81f1a", width=8)
    picture.save(photograph, "JPEG", quality=88)
    return [*found, photograph]


def test_a_spoken_request_from_the_telephone_to_the_archive(
    sit_down: Callable[..., Seat], product: Product, originals: list[Path]
) -> None:
    lina, wang, zhou = sit_down("lina"), sit_down("wang"), sit_down("zhou")
    number = register_by_phone(lina, originals)
    originals_come_back(lina, number, originals)
    accept_and_acknowledge(lina, number)

    only_the_competent_analyse(wang, sit_down("tang"), number)
    away_with_a_delegate(sit_down("wu"))
    analyse(wang, number)
    send_back_for_what_is_missing(zhou, wang, number)
    countersign(zhou, sit_down("liu"), number)

    plan(wang, number)
    propose_an_alternative(wang, lina, number)
    confirm_in_writing(lina, number)
    approve(sit_down("gao"), number)
    implement_and_verify(wang, sit_down("feng"), sit_down("sun"), number)

    reply(wang, lina, number, "三项要求的处理结果见附件，第三项按双方商定的替代方案执行。")
    hear_from_the_customer(lina, sit_down(None), number, satisfied=False, words="报告格式与我们的模板不一致。")
    improve(wang, sit_down("gao"), sit_down("sun"), number)
    reply(wang, lina, number, "报告已改用贵司模板，首批报告随附。")
    hear_from_the_customer(lina, sit_down(None), number, satisfied=True, words="处理及时，谢谢。")

    complete_with_a_lesson(wang, number)
    found_and_read_only(sit_down("auditor"), lina, number)
    the_trail_is_whole(product)


# Registration ---------------------------------------------------------------------------------------------------------


def register_by_phone(lina: Seat, originals: list[Path]) -> str:
    """李娜 notes what 沈工 said on the telephone; similar cases appear while she writes. Gives the number."""
    lina.go("/cases/new/")
    lina.find(lina.page.locator("#id_customer-ts-control"), "上汽大众（示例）")
    lina.page.locator("[name=channel]").select_option("phone")
    lina.page.locator("[name=title]").press_sequentially("仪表板横梁焊缝强度")
    expect(lina.page.locator("#similar")).to_contain_text("仪表板横梁焊缝强度与过程能力要求")
    lina.page.locator("[name=title]").fill(TITLE)
    lina.page.locator("[name=said_by]").fill("沈工")
    lina.find(lina.page.locator("#id_products-ts-control"), "QH-1002")
    lina.page.keyboard.press("Escape")
    for at, (text, kind) in enumerate(((STRENGTH, "technical"), (REPORT, "quality"), (LEAD, "delivery")), start=1):
        if at > 1:
            lina.page.locator("[data-line-add]").click()
        lina.cell(at, "text").fill(text)
        lina.cell(at, "kind").select_option(kind)
    lina.page.locator("[name=is_oral]").check()
    lina.find(lina.page.locator("#id_owner-ts-control"), "王强")
    lina.attach(*originals)
    for each in originals:
        expect(lina.page.locator(".drop-list")).to_contain_text(each.name)
    lina.form.locator(".btn-primary").click()
    expect(lina.heading).to_contain_text(TITLE)
    lina.settle()
    lina.sees(STRENGTH, REPORT, LEAD)
    found = re.search(r"CSR-\d{4}-\d{4}", lina.heading.inner_text())
    assert found
    return found[0]


def originals_come_back(lina: Seat, number: str, originals: list[Path]) -> None:
    """Every original as it came, byte for byte."""
    lina.open_case(number)
    for each in originals:
        link = lina.page.locator("a.file-name", has_text=each.name)
        answer = lina.page.request.get(link.get_attribute("href") or "")
        assert answer.body() == each.read_bytes(), each.name


def accept_and_acknowledge(lina: Seat, number: str) -> None:
    lina.take_up(number, "登记核对")
    for at in (1, 2, 3):
        lina.find(lina.cell(at, "owner"), "王强")
    lina.tick("原件已保存", "是")
    lina.tick("决定", "受理")
    lina.submit()
    lina.take_up(number, "向顾客确认接收")
    lina.write("确认时间", shanghai())
    lina.tick("确认方式", "电话")
    lina.write("顾客联系人", "沈工")
    lina.submit()


# Analysis and opinions ------------------------------------------------------------------------------------------------


def fill_analysis(tang: Seat, words: str) -> None:
    for at in (1, 2, 3):
        for column in ("authentic", "feasible", "reasonable"):
            tang.cell(at, column).select_option("no" if (at, column) == (3, "feasible") else "yes")
    tang.cell(3, "words").fill("模具与检验产能不足，最早提前一周。")
    tang.tick("表述是否清楚", "清楚")
    for department in ("质量部", "生产部"):
        tang.choose("相关部门", department)
    tang.page.keyboard.press("Escape")
    tang.write("分析结论", words)


def only_the_competent_analyse(wang: Seat, tang: Seat, number: str) -> None:
    """转办 to 唐薇, whose competence is another: refused with the names of who could; she hands it back."""
    wang.take_up(number, "分析真实性、可行性与合理性")
    wang.hand_over("唐薇", "请协助分析焊点强度")
    tang.take_up(number, "分析真实性、可行性与合理性")
    fill_analysis(tang, "焊点强度可达到。")
    tang.press("提交")
    tang.is_told("王强")
    expect(tang.form.get_by_label("分析结论")).to_have_value("焊点强度可达到。")
    tang.hand_over("王强", "本人无技术要求分析资格")


def away_with_a_delegate(wu: Seat) -> None:
    """吴军 of production is away; 刘洋 stands in."""
    wu.go("/org/absences/new")
    wu.write("开始", shanghai(hours=-1))
    wu.write("结束", shanghai(days=3))
    wu.choose("代理人", "刘洋")
    wu.write("原因", "出差")
    wu.press("登记")
    wu.go("/org/absences/")
    wu.sees("吴军", "刘洋")


def analyse(wang: Seat, number: str) -> None:
    """What 唐薇 had filled in came along with the task."""
    wang.take_up(number, "分析真实性、可行性与合理性")
    expect(wang.cell(3, "words")).to_have_value("模具与检验产能不足，最早提前一周。")
    wang.write("分析结论", "第 1、2 项可行；第 3 项产能不足。")
    wang.submit()


def send_back_for_what_is_missing(zhou: Seat, wang: Seat, number: str) -> None:
    """退回 with a reason that whoever does it again reads; what had been entered is still there."""
    zhou.take_up(number, "相关部门评审")
    zhou.give_back("分析真实性、可行性与合理性", "请写明焊点破坏性试验的抽样频次")
    wang.take_up(number, "分析真实性、可行性与合理性")
    wang.sees("请写明焊点破坏性试验的抽样频次")
    expect(wang.form.get_by_label("分析结论")).to_have_value("第 1、2 项可行；第 3 项产能不足。")
    wang.write("分析结论", "第 1、2 项可行，每 500 件抽 1 件；第 3 项产能不足。")
    wang.submit()


def countersign(zhou: Seat, liu: Seat, number: str) -> None:
    """Quality can meet all; production, for which 刘洋 acts on behalf of 吴军, cannot meet the third."""
    zhou.take_up(number, "相关部门评审")
    for at in (1, 2, 3):
        zhou.cell(at, "verdict").select_option("can")
    zhou.tick("意见", "能满足")
    zhou.submit()
    liu.take_up(number, "相关部门评审")
    liu.sees("您正代吴军办理")
    for at in (1, 2):
        liu.cell(at, "verdict").select_option("can")
    liu.cell(3, "verdict").select_option("cannot")
    liu.cell(3, "condition").fill("焊装线产能已满")
    liu.tick("意见", "不能满足")
    liu.form.locator("[name=condition]").fill("第 3 项不能满足")
    liu.submit()
    liu.open_case(number)
    liu.sees("焊装线产能已满")
    expect(liu.page.locator("#item-3")).to_contain_text("不能满足")


# Plan, alternative, approval ------------------------------------------------------------------------------------------


def plan(wang: Seat, number: str) -> None:
    wang.take_up(number, "制定处理方案")
    wang.write("处理方案", "调整焊接参数并更新控制计划；随货附试验报告。")
    for at, (what, who) in enumerate((("调整焊接参数，验证剪切力", "王强"), ("随货单据增加试验报告", "冯涛")), start=1):
        wang.cell(at, "what").fill(what)
        wang.cell(at, "item").select_option(index=at)
        wang.find(wang.cell(at, "person"), who)
        wang.cell(at, "due_on").fill(day(days=9))
    wang.write("预计费用", "8000")
    wang.submit()


def propose_an_alternative(wang: Seat, lina: Seat, number: str) -> None:
    """What cannot be met is explained, released by the window, and accepted by the customer."""
    wang.take_up(number, "起草说明与替代方案")
    wang.write("不能满足的原因", "焊装线产能已满，首批无法提前两周。")
    wang.write("替代方案或建议", "提前一周，分两批交付。")
    wang.submit()
    lina.take_up(number, "放行说明")
    lina.tick("决定", "放行")
    lina.tick("发出方式", "邮件")
    lina.submit()
    lina.go_until(f"/cases/of/{number}/", lina.body.get_by_text("等待顾客决定"))
    lina.do_with_item(3, "顾客决定")
    lina.form.locator("[name=answer][value=accepted]").check()
    lina.form.locator("[name=answer_by]").fill("沈工")
    lina.form.locator(".btn-primary").click()
    expect(lina.page.locator("#item-3")).to_contain_text("沈工")


def confirm_in_writing(lina: Seat, number: str) -> None:
    """Spoken words are confirmed item by item before anybody approves."""
    for position in (1, 2, 3):
        item = lina.page.locator(f"#item-{position}")
        lina.open_case(number)
        expect(item).to_contain_text("待书面确认")
        lina.do_with_item(position, "书面确认")
        lina.form.locator("[name=confirmed][value=yes]").check()
        lina.form.locator("[name=how]").fill("沈工邮件确认")
        lina.form.locator(".btn-primary").click()
        expect(item).to_contain_text("已书面确认")


def approve(gao: Seat, number: str) -> None:
    """The general manager signs; a wrong password is refused in words, and nothing is lost."""
    gao.take_up(number, "批准方案")
    gao.sees("本人已审阅处理方案，同意按此执行。")
    gao.write("审批意见", "同意，注意首批节拍。")
    gao.tick("决定", "同意")
    gao.sign("not-my-password")
    gao.is_told("密码")
    expect(gao.form.get_by_label("审批意见")).to_have_value("同意，注意首批节拍。")
    gao.sign()
    gao.is_told("已办结")


def implement_and_verify(wang: Seat, feng: Seat, sun: Seat, number: str) -> None:
    for seat, what in ((wang, "焊接参数已调整，剪切力 5.4 kN。"), (feng, "随货单据模板已更新。")):
        seat.take_up(number, "落实措施")
        seat.write("完成日期", day())
        seat.write("落实情况", what)
        seat.submit()
        sun.take_up(number, "验证落实结果")
        sun.write("验证方法", "现场核查与抽检 5 件")
        sun.write("验证结论", "记录齐全，抽检合格。")
        sun.tick("决定", "验证通过")
        sun.sign()
        sun.is_told("已办结")


# Reply and feedback ---------------------------------------------------------------------------------------------------


def reply(wang: Seat, lina: Seat, number: str, text: str) -> None:
    """The engineer drafts, the window reads the draft and lets it go out."""
    wang.take_up(number, "起草顾客答复")
    wang.write("答复内容", text)
    wang.submit()
    lina.take_up(number, "放行答复")
    expect(lina.form.get_by_label("答复内容")).to_have_value(text)
    lina.tick("决定", "放行")
    lina.tick("发出方式", "邮件")
    lina.submit()


def hear_from_the_customer(
    lina: Seat, customer: Seat, number: str, *, satisfied: bool, words: str, title: str = TITLE
) -> None:
    """李娜 copies the signed link for 沈工, who answers it without signing in; it opens once."""
    copy = lina.page.locator("#feedback [data-copy*='/cases/feedback/']")
    lina.go_until(f"/cases/of/{number}/", copy)
    link = copy.last.get_attribute("data-copy") or ""
    customer.go(link)
    customer.sees("您的反馈", title)
    customer.page.locator(f"[name=satisfied][value={'yes' if satisfied else 'no'}]").check()
    customer.page.locator(f"[name=score][value='{5 if satisfied else 2}']").check()
    customer.page.locator("[name=words]").fill(words)
    customer.page.locator("[name=name]").fill("沈工")
    customer.page.locator("main .btn-primary").click()
    expect(customer.page.locator("main form")).to_have_count(0)
    customer.go(link)
    expect(customer.page.locator("main form")).to_have_count(0)
    lina.go(f"/cases/of/{number}/")
    lina.sees(words)


def improve(wang: Seat, gao: Seat, sun: Seat, number: str) -> None:
    """Not satisfied means back to the plan: one action more, approved, carried out and verified."""
    wang.take_up(number, "制定处理方案")
    wang.write("处理方案", "试验报告改用顾客模板。")
    wang.cell(3, "what").fill("试验报告改用顾客模板")
    wang.find(wang.cell(3, "person"), "王强")
    wang.cell(3, "due_on").fill(day(days=5))
    wang.submit()
    gao.take_up(number, "批准方案")
    gao.tick("决定", "同意")
    gao.sign()
    gao.is_told("已办结")
    wang.take_up(number, "落实措施")
    wang.write("完成日期", day())
    wang.write("落实情况", "模板已更换。")
    wang.submit()
    sun.take_up(number, "验证落实结果")
    sun.write("验证方法", "查报告")
    sun.write("验证结论", "与顾客模板一致。")
    sun.tick("决定", "验证通过")
    sun.sign()
    sun.is_told("已办结")


def complete_with_a_lesson(wang: Seat, number: str) -> None:
    wang.take_up(number, "办结并总结经验")
    wang.write("完成备注", "全部要求项已关闭。")
    wang.tick("有可借鉴的经验", "是")
    wang.write("经验教训", "试验报告的模板须在评审时与顾客确认。")
    wang.write("关键词", "焊点、试验报告")
    wang.submit()
    wang.go_until(f"/cases/of/{number}/", wang.heading.get_by_text("已归档"))


def found_and_read_only(auditor: Seat, lina: Seat, number: str) -> None:
    """Archived: whoever may see it finds it by its words; nobody changes it any more."""
    auditor.go("/search/?q=焊点剪切力")
    auditor.page.get_by_role("link", name=number).first.click()
    expect(auditor.heading).to_contain_text("已归档")
    auditor.sees(STRENGTH, "焊装线产能已满", "试验报告改用顾客模板")
    lina.go(f"/cases/of/{number}/items/add/")
    lina.page.locator("main [name=text]").fill("还有一项")
    lina.page.locator("main [name=kind]").select_option("quality")
    lina.page.locator("main [name=channel]").select_option("phone")
    lina.page.locator("main [name=said_by]").fill("沈工")
    lina.page.locator("main [name=said_at]").fill(shanghai(hours=-1))
    lina.page.locator("main .btn-primary").click()
    expect(lina.page.locator("main")).to_contain_text("归档")


def the_trail_is_whole(product: Product) -> None:
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    verified = subprocess.run(
        [sys.executable, str(tree.ROOT / "manage.py"), "verify"],
        env=env | {"YINUO_DATA": str(product.data)}, cwd=tree.ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "完整" in verified.stdout
