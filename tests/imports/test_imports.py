"""Rows from workbooks: columns assigned, checked, confirmed, taken over one by one, and known again the second time."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client
from python_calamine import CalamineWorkbook

from tests import cast
from tests.customers import people
from tests.kit import workbooks
from yinuo.customers import models as customers
from yinuo.imports import jobs, models
from yinuo.kit import models as kit_models
from yinuo.kit import once
from yinuo.kit.sheets import reading
from yinuo.records import models as records

HEADS = ["客户代码", "客户名称", "级别", "上级", "窗口", "自家列"]
ROWS: list[list[Any]] = [
    ["SVW-AT", "上汽大众安亭工厂（示例）", "工厂", "SVW", "", "x"],
    ["VW", "大众集团（示例）", "集团", "", "赵敏", "x"],
    ["SVW", "上汽大众（示例）", "公司", "大众集团（示例）", "0102", "x"],
    ["BYD", "比亚迪（示例）", "分公司", "", "", "x"],
    ["GEELY", "吉利（示例）", "公司", "", "无此人", "x"],
    ["VW", "大众集团（示例）", "集团", "", "", "x"],
    ["", "没有代码", "公司", "", "", "x"],
]


def workbook(rows: list[list[Any]], heads: list[str] = HEADS) -> bytes:
    return workbooks.xlsx(lambda book, sheet: workbooks.put(sheet, [["顾客一览表"], heads, *rows]))


def bring(client: Client, content: bytes, kind: str = "customers.customer", name: str = "顾客.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/imports/new/{kind}/", {"once": once.new_key(), "file": file})


def work() -> None:
    """The worker does what waits."""
    for job in kit_models.Job.objects.filter(Q(name__startswith="imports."), state="waiting"):
        {"imports.check": jobs.check, "imports.take_over": jobs.take_over}[job.name](**job.arguments)
        kit_models.Job.objects.filter(pk=job.pk).update(state="done")


def checked(client: Client, content: bytes, kind: str = "customers.customer") -> models.Import:
    """Brought, columns assigned as proposed, checked."""
    response = bring(client, content, kind)
    assert response.status_code == 302, response.content.decode()
    row = models.Import.objects.latest("pk")
    chosen = {f"column-{column}": key for key, column in row.columns.items()}
    assert client.post(row.get_absolute_url(), {"version": row.version, **chosen}).status_code == 302
    work()
    row.refresh_from_db()
    assert row.state == "checked"
    return row


def confirm(client: Client, row: models.Import, **more: str) -> None:
    response = client.post(f"/imports/{row.pk}/confirm/", {"version": row.version, **more})
    assert response.status_code == 302, response.content.decode()
    work()
    row.refresh_from_db()


def states(row: models.Import) -> dict[int, str]:
    return dict(row.lines.order_by("number").values_list("number", "state"))


@pytest.fixture
def lina(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lina")


def test_good_rows_enter_and_the_others_say_why(company: cast.Company, lina: Client) -> None:
    row = checked(lina, workbook(ROWS))
    assert states(row) == {3: "new", 4: "new", 5: "new", 6: "fault", 7: "fault", 8: "fault", 9: "fault"}
    assert not customers.Customer.objects.exists(), "nothing is written before somebody has confirmed"
    said = {line.number: line.said for line in row.lines.all()}
    assert said[6][0][:2] == ["C6", "“分公司”不是有效的层级，可填写：集团、公司、工厂。是否应为“公司”？"]
    assert said[7][0][:2] == ["E7", "没有名为“无此人”的在职人员。"]
    assert said[8][0][1] == "与第 4 行重复。"
    assert said[9][0][:2] == ["A9", "缺少代码。"]
    confirm(lina, row)
    assert row.state == "done"
    assert list(customers.Customer.objects.order_by("path").values_list("path", flat=True)) == [
        "VW/", "VW/SVW/", "VW/SVW/SVW-AT/"
    ]  # fmt: skip
    assert customers.Customer.objects.get(code="SVW").window == company.lina
    page = lina.get(row.get_absolute_url()).content.decode()
    assert "已导入 3 行" in page


def test_the_trail_of_what_came_names_file_and_cell(company: cast.Company, lina: Client) -> None:
    confirm(lina, checked(lina, workbook(ROWS[1:2])))
    entry = records.Entry.objects.get(word="imports.row.taken_over")
    made = customers.Customer.objects.get()
    assert (entry.subject_type, entry.subject_id) == ("customers.customer", made.pk)
    assert entry.note == {"file": "顾客.xlsx", "sheet": "顾客", "cell": "A3"}
    assert records.Attachment.objects.get(subject_type="imports.import").kind == "original"


def test_the_same_file_again_changes_nothing(company: cast.Company, lina: Client) -> None:
    content = workbook(ROWS[:3])
    confirm(lina, checked(lina, content))
    before = records.Entry.objects.filter(subject_type="customers.customer").count()
    row = checked(lina, content)
    assert set(states(row).values()) == {"same"}
    refused = lina.post(f"/imports/{row.pk}/confirm/", {"version": row.version, "with_changes": "on"})
    assert refused.status_code == 409
    assert records.Entry.objects.filter(subject_type="customers.customer").count() == before


def test_what_differs_is_changed_only_where_somebody_wants_it(company: cast.Company, lina: Client) -> None:
    confirm(lina, checked(lina, workbook(ROWS[1:2])))
    changed = [["VW", "大众汽车集团（示例）", "集团", "", "", ""], ["BYD", "比亚迪（示例）", "公司", "", "", ""]]
    row = checked(lina, workbook(changed))
    assert states(row) == {3: "change", 4: "new"}
    assert row.lines.get(number=3).said == [["", "名称：大众集团（示例） → 大众汽车集团（示例）", True]]
    confirm(lina, row)
    assert customers.Customer.objects.get(code="VW").name_zh == "大众集团（示例）"
    row = checked(lina, workbook(changed))
    assert states(row) == {3: "change", 4: "same"}
    confirm(lina, row, with_changes="on")
    assert customers.Customer.objects.get(code="VW").name_zh == "大众汽车集团（示例）"
    assert customers.Customer.objects.get(code="VW").window == company.zhao, "an empty cell takes nothing away"


def test_what_was_changed_meanwhile_stays(company: cast.Company, lina: Client) -> None:
    confirm(lina, checked(lina, workbook(ROWS[1:2])))
    row = checked(lina, workbook([["VW", "大众汽车集团（示例）", "集团", "", "", ""]]))
    customers.Customer.objects.update(version=9, note="改过")
    confirm(lina, row, with_changes="on")
    assert states(row) == {3: "refused"}
    assert customers.Customer.objects.get().name_zh == "大众集团（示例）"


def test_rows_with_errors_come_back_as_a_workbook_and_again_as_an_import(company: cast.Company, lina: Client) -> None:
    row = checked(lina, workbook(ROWS))
    response = lina.get(f"/imports/{row.pk}/errors/")
    content = b"".join(response.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["代码", "名称", "层级", "隶属于", "联络窗口", "自家列", "错误说明", "原表行号"]
    assert rows[1][:3] == ["BYD", "比亚迪（示例）", "分公司"]
    assert rows[1][5] == "x", "columns of no field come back too"
    assert rows[1][6].startswith("C6 “分公司”不是有效的层级")
    assert [each[7] for each in rows[1:]] == [6, 7, 8, 9]
    marks = reading.read(content, "a.xlsx").grids[0].marks
    comments = {at: mark.comment for at, mark in marks.items() if mark.comment}
    assert set(comments) == {(2, 3), (3, 5), (5, 1)}, "comments stand at the wrong cells"
    assert comments[2, 3].startswith("“分公司”不是有效的层级")
    red = {at for at, mark in marks.items() if mark.colour == "FBE3E0" and at[1] < 7}
    assert red == set(comments), "they are coloured, an empty one too, and no other"
    assert set(states(checked(lina, content)).values()) == {"fault", "new"}, "row 8 is no twin any more"


def test_columns_assigned_once_are_assigned_alike_the_next_time(company: cast.Company, lina: Client) -> None:
    heads = ["客户代码", "客户名称", "什么"]
    content = workbook([["A", "甲公司", "说明文字"]], heads)
    bring(lina, content)
    row = models.Import.objects.latest("pk")
    assert "什么" not in row.columns
    chosen = {"column-1": "code", "column-2": "name_zh", "column-3": "note"}
    lina.post(row.get_absolute_url(), {"version": row.version, **chosen})
    bring(lina, content)
    assert models.Import.objects.latest("pk").columns == {"code": 1, "name_zh": 2, "note": 3}


def test_a_needed_column_and_one_field_twice_are_refused(company: cast.Company, lina: Client) -> None:
    bring(lina, workbook(ROWS))
    row = models.Import.objects.latest("pk")
    response = lina.post(row.get_absolute_url(), {"version": row.version, "column-2": "name_zh"})
    assert response.status_code == 422
    assert "请指定这些内容所在的列：代码" in response.content.decode()
    twice = {"column-1": "code", "column-2": "name_zh", "column-3": "code"}
    assert lina.post(row.get_absolute_url(), {"version": row.version, **twice}).status_code == 422


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%TSD-Header-###%" + b"\0" * 600, "天锐绿盾"),
        (b"%PDF-1.7", "不是表格文件"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(
    content: bytes, said: str, company: cast.Company, lina: Client
) -> None:
    response = bring(lina, content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not models.Import.objects.exists()


def test_nobody_else_sees_it_and_without_the_right_there_is_nothing(
    company: cast.Company, lina: Client, signed_in: Callable[[str], Client]
) -> None:
    row = checked(lina, workbook(ROWS))
    for path in ("", "source/", "errors/"):
        assert signed_in("zhao").get(f"/imports/{row.pk}/{path}").status_code == 404
    assert signed_in("outsider").get("/imports/new/customers.customer/").status_code == 404
    assert bring(signed_in("wang"), workbook(ROWS)).status_code == 404


def test_dropped_is_dropped(company: cast.Company, lina: Client) -> None:
    row = checked(lina, workbook(ROWS))
    lina.post(f"/imports/{row.pk}/drop/", {"version": row.version})
    row.refresh_from_db()
    assert lina.post(f"/imports/{row.pk}/confirm/", {"version": row.version}).status_code == 409
    assert not customers.Customer.objects.exists()


def test_contacts_products_projects_and_portals(company: cast.Company, lina: Client) -> None:
    people.customer(company, "SVW", "上汽大众（示例）", aliases=["上海大众"])
    books = {
        "customers.contact": (["客户", "联系人", "手机", "邮箱"], ["上海大众", "王工", 13800000000, "w@svw.example"]),
        "customers.product": (["零件号", "品名", "客户", "SOP"], ["P-1", "保险杠支架", "SVW", "2026年3月1日"]),
        "customers.project": (["项目号", "项目名称", "客户", "项目阶段"], ["PJ-1", "支架项目", "SVW", "量产"]),
        "customers.portal": (
            ["客户", "网站名称", "网址", "管理人"],
            ["SVW", "供应商门户", "https://b2b.example", "李娜"],
        ),
    }
    for kind, (heads, values) in books.items():
        content = workbook([values], heads)
        row = checked(lina, content, kind)
        assert states(row) == {3: "new"}, (kind, row.lines.get().said)
        confirm(lina, row)
        assert states(row) == {3: "taken"}, (kind, row.lines.get().said)
        assert states(checked(lina, content, kind)) == {3: "same"}, kind
    assert customers.CustomerContact.objects.get().phone == "13800000000"
    assert f"{customers.Product.objects.get().starts_on}" == "2026-03-01"
    assert customers.Project.objects.get().phase == "series"
    assert customers.Portal.objects.get().keeper == company.lina


def test_the_template_comes_back_as_it_went_out(company: cast.Company, lina: Client) -> None:
    for kind in (
        "customers.customer",
        "customers.contact",
        "customers.product",
        "customers.project",
        "customers.portal",
    ):
        content = b"".join(lina.get(f"/imports/new/{kind}/template/").streaming_content)
        heads = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0]
        bring(lina, workbook([["x"] * len(heads)], heads), kind)
        row = models.Import.objects.latest("pk")
        assert sorted(row.columns.values()) == list(range(1, len(heads) + 1)), kind


def test_the_page_says_how_far_it_is(company: cast.Company, lina: Client) -> None:
    row = checked(lina, workbook(ROWS))
    lina.post(f"/imports/{row.pk}/confirm/", {"version": row.version})
    part = lina.get(row.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "import-progress" in part
    assert "0 / 3" in part
    assert "<html" not in part
    work()
    headers = {"HX-Request": "true", "HX-Target": "import-progress"}
    assert lina.get(row.get_absolute_url(), headers=headers).headers["HX-Refresh"] == "true", "the result shows itself"
