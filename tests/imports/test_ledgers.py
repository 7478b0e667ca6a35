"""A department's ledger becomes cases: some are handled from now on, others are history that starts nothing."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.test import Client

from tests import cast
from tests.cases import story as stories
from tests.imports import test_imports as importing
from yinuo.cases import models
from yinuo.imports import models as imports
from yinuo.notify import models as notify
from yinuo.procedures import models as procedures
from yinuo.records import models as records
from yinuo.reports import models as reports

KIND = "cases.case"
HEADS = ["编号", "顾客名称", "要求内容", "类别", "收到日期", "责任人", "状态", "备注"]
ROWS: list[list[Any]] = [
    ["K-001", "SVW", "盐雾试验 720 h，无红锈", "技术", date(2024, 3, 1), "质量部/孙丽", "已完成", "口头提出"],
    ["K-001", "同上", "每季度提交试验报告", "质量", "同上", "王强", "已完成", ""],
    ["K-002", "上汽大众（示例）", "包装改为可循环料箱", "物流", "2026年2月3日", "离职的人", "进行中", "等顾客图纸"],
    ["", "SVW", "每批随货提供材质证明", "体系", 46054, "", "", ""],
]


@pytest.fixture
def lina(working: cast.Company, svw: Any, signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lina")


@pytest.fixture
def working(company: cast.Company) -> cast.Company:
    stories.publish(company)
    return company


@pytest.fixture
def svw(working: cast.Company) -> Any:
    return stories.customer(working)


def workbook(rows: list[list[Any]], heads: list[str] = HEADS) -> bytes:
    return importing.workbook(rows, heads)


def checked(client: Client, content: bytes, **options: str) -> imports.Import:
    response = importing.bring(client, content, KIND, "台账.xlsx")
    assert response.status_code == 302, response.content.decode()
    row = imports.Import.objects.latest("pk")
    chosen = {f"column-{column}": key for key, column in row.columns.items()}
    said = {"option-way": "said", "option-kind": "quality", "option-channel": "other"}
    said |= {f"option-{name}": value for name, value in options.items()}
    response = client.post(row.get_absolute_url(), {"version": row.version, **chosen, **said})
    assert response.status_code == 302, response.content.decode()
    importing.work()
    row.refresh_from_db()
    assert row.state == "checked"
    return row


def taken(client: Client, content: bytes, **options: str) -> imports.Import:
    row = checked(client, content, **options)
    importing.confirm(client, row)
    return row


def case_of(number: str) -> models.Case:
    return models.Case.objects.get(taken_over__number=number)


def test_rows_of_one_number_are_one_case_and_the_others_say_what_is_doubtful(lina: Client) -> None:
    row = checked(lina, workbook(ROWS))
    assert importing.states(row) == {3: "new", 4: "part", 5: "new", 6: "new"}
    said = {line.number: [sentence for _cell, sentence, _doubt in line.said] for line in row.lines.all()}
    assert said[4] == ["属于第 3 行。"]
    assert any("离职的人" in each for each in said[5])
    assert not models.Case.objects.exists()
    importing.confirm(lina, row)
    assert row.state == "done"
    assert models.Case.objects.count() == 3
    assert [item.text for item in case_of("K-001").items.order_by("position")] == [
        "盐雾试验 720 h，无红锈", "每季度提交试验报告"
    ]  # fmt: skip


def test_what_is_finished_enters_as_history_and_starts_nothing(lina: Client, company: cast.Company) -> None:
    taken(lina, workbook(ROWS[:2]))
    case = case_of("K-001")
    assert (case.state, case.is_open, case.due_at) == ("archived", False, None)
    assert f"{case.notified_at:%Y-%m-%d}" == "2024-03-01" == f"{case.registered_at:%Y-%m-%d}"
    assert case.taken_over.is_history
    assert not procedures.Run.objects.exists()
    assert not procedures.Task.objects.exists()
    assert not notify.Message.objects.exists()
    assert not notify.Mail.objects.exists()
    assert [item.owner for item in case.items.order_by("position")] == [company.sun, company.wang]
    page = lina.get(case.get_absolute_url()).content.decode()
    assert "K-001" in page
    assert "口头提出" in page, "columns that nobody knows stay with the case"
    words = records.Entry.objects.filter(subject_type="cases.case").values_list("word", flat=True)
    assert set(words) == {"cases.case.taken_over", "imports.row.taken_over"}


def test_what_is_not_finished_is_handled_from_now_on(lina: Client) -> None:
    taken(lina, workbook(ROWS[2:3]))
    case = case_of("K-002")
    assert case.is_open
    assert procedures.Run.objects.filter(subject_id=case.pk, ended_at=None).count() == 1
    assert ["负责人", "离职的人"] not in case.taken_over.rest
    assert ["备注", "等顾客图纸"] in case.taken_over.rest
    assert case.items.get().kind == "delivery"


@pytest.mark.parametrize(("way", "still_open"), [("said", 2), ("open", 3), ("over", 0)])
def test_the_whole_workbook_may_be_one_or_the_other(way: str, still_open: int, lina: Client) -> None:
    taken(lina, workbook(ROWS), way=way)
    assert models.Case.objects.filter(ended_at=None).count() == still_open


def test_the_same_ledger_again_adds_nothing(lina: Client) -> None:
    taken(lina, workbook(ROWS))
    row = checked(lina, workbook(ROWS))
    assert set(importing.states(row).values()) == {"same", "part"}
    assert "CSR-" in row.lines.get(number=3).said[0][1]


def test_the_old_number_is_found(lina: Client) -> None:
    taken(lina, workbook(ROWS))
    page = lina.get("/search/?q=K-001").content.decode()
    assert case_of("K-001").number in page


def test_one_wrong_row_keeps_its_whole_case_out_and_comes_back_with_it(lina: Client) -> None:
    rows = [list(each) for each in ROWS[:2]]
    rows[1][4] = "去年三月"
    row = checked(lina, workbook(rows))
    assert importing.states(row) == {3: "fault", 4: "fault"}
    assert "第 4 行" in row.lines.get(number=3).said[-1][1]


def test_a_row_without_a_number_is_called_by_what_it_asks(lina: Client) -> None:
    """Whether it can be taken in or not: nobody knows a row by a program's key."""
    row = checked(lina, workbook([["", "SVW", "每批随货提供材质证明", "体系", "不清楚", "", "", ""]]))
    assert [(each.label, each.state) for each in row.lines.all()] == [("每批随货提供材质证明", "fault")]


def test_merged_cells_and_rows_without_a_number_belong_to_the_case_above(lina: Client) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["编号", "顾客名称", "要求内容"])
        sheet.merge_range("A2:A4", "M-1")
        sheet.merge_range("B2:B4", "SVW")
        for at, text in enumerate(["第一条", "第二条", "第三条"], 1):
            sheet.write(at, 2, text)
        sheet.write_row(4, 0, ["M-2", "SVW", "另一条"])
        sheet.write(5, 2, "接着上一行")
    taken(lina, buffer.getvalue())
    assert [item.text for item in case_of("M-1").items.order_by("position")] == ["第一条", "第二条", "第三条"]
    assert [item.text for item in case_of("M-2").items.order_by("position")] == ["另一条", "接着上一行"]


def test_clause_numbers_that_excel_made_dates_of_are_flagged(lina: Client) -> None:
    heads = ["顾客名称", "特殊要求内容", "原条款号"]
    row = checked(lina, workbook([["SVW", "甲", date(2026, 4, 10)], ["SVW", "乙", 4.1], ["SVW", "丙", "4.10"]], heads))
    assert row.columns["clause"] == 3
    cells = {cell: sentence for line in row.lines.all() for cell, sentence, _doubt in line.said}
    assert set(cells) == {"C3", "C4"}
    assert "4.10" in cells["C4"]


def test_the_companys_own_fields_are_offered(lina: Client, working: cast.Company) -> None:
    plain = [{"of": "item", "key": "f1", "kind": "text", "label": {"zh": "对应公司文件", "en": "Own document"}}]
    models.Convention.objects.create(fields=plain)
    heads = ["顾客名称", "特殊要求内容", "对应公司文件", "严重度"]
    row = taken(lina, workbook([["SVW", "甲", "QP-07", "高"]], heads))
    assert row.columns["item_f1"] == 3
    case = models.Case.objects.get()
    assert case.items.get().more == {"f1": "QP-07"}
    assert case.taken_over.rest == [["严重度", "高"]]


def test_the_list_of_customer_specific_requirements_is_read_as_it_is_kept(lina: Client) -> None:
    """The columns of the form 顾客特殊要求清单 under a merged title, 责任部门/责任人 and all."""
    heads = [
        "序号", "顾客名称", "顾客文件名称/编号/版本", "原条款号", "特殊要求内容(原文/译文)", "对应IATF16949条款",
        "适用产品/工厂", "类别", "严格度", "与现状差距", "转化措施/对应公司文件(编号、章节)", "责任部门/责任人",
        "完成日期", "落实证据", "状态", "生效日期", "备注",
    ]  # fmt: skip
    line = [
        1, "SVW", "Formel Q 第6版", "3.2", "供应商每年进行一次 D/TLD 自我评审", "8.3.3.3", "全部", "过程", "强控",
        "未开展", "QP-12", "质量部/孙丽", "2024.5.30", "报告", "已完成", "2024年1月1日", "",
    ]  # fmt: skip
    row = taken(lina, workbook([line], heads))
    case = models.Case.objects.get()
    item = case.items.get()
    assert item.text == "供应商每年进行一次 D/TLD 自我评审"
    assert (item.owner.name if item.owner else "", str(item.due_on)) == ("孙丽", "2024-05-30")
    assert case.text == "Formel Q 第6版 · 3.2"
    kept = dict(map(tuple, case.taken_over.rest))
    assert kept["转化措施/对应公司文件(编号、章节)"] == "QP-12"
    assert kept["优先级"] == "强控"
    assert "priority" in row.columns


def test_whoever_may_not_register_requests_brings_no_ledger(lina: Client, signed_in: Callable[[str], Client]) -> None:
    assert importing.bring(signed_in("auditor"), workbook(ROWS), KIND).status_code == 404


def test_history_counts_on_the_days_on_which_it_was(lina: Client) -> None:
    taken(lina, workbook(ROWS[:2]))
    assert {str(day) for day in reports.Tally.objects.values_list("on", flat=True)} == {"2024-03-01"}
