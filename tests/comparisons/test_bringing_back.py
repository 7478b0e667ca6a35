"""A list goes out, is edited offline, and comes back: every kind of difference, and nothing else."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.comparisons import editing
from tests.customers import people
from yinuo.comparisons import models
from yinuo.customers import models as customers
from yinuo.customers.actions import companies, contacts, products
from yinuo.kit import exported, once
from yinuo.kit import models as kit
from yinuo.records import models as records

URL = "/customers/?excel=customers"
PRODUCTS = "/customers/products/?excel=products"


@pytest.fixture
def tree(company: cast.Company) -> dict[str, customers.Customer]:
    return people.volkswagen(company)


@pytest.fixture
def lina(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lina")


def change(company: cast.Company, row: customers.Customer, **facts: Any) -> None:
    row.refresh_from_db()
    companies.change(customer=row, by=company.lina, now=cast.NOW, expected=row.version, although_similar=True, **facts)


def test_a_file_that_nobody_touched_says_nothing(tree: dict[str, customers.Customer], lina: Client) -> None:
    content = editing.taken_out(lina, URL)
    assert editing.states(editing.compared(lina, content)) == {}
    assert editing.states(editing.compared(lina, editing.Edited(content).content())) == {}


def test_each_kind_of_difference_cell_by_cell(
    tree: dict[str, customers.Customer], company: cast.Company, lina: Client
) -> None:
    file = editing.Edited(editing.taken_out(lina, URL))
    group, faw, svw, plant = (tree[key] for key in ("group", "faw", "svw", "plant"))
    file.put(group.pk, "顾客说明", "集团统一要求")  # changed in the file only
    change(company, faw, note="我方改")  # changed here only
    file.put(svw.pk, "顾客说明", "文件改")
    change(company, svw, note="我方另改")  # on both sides, differently
    file.put(plant.pk, "顾客说明", "同样")
    change(company, plant, note="同样")  # on both sides, alike
    file.put(plant.pk, "代码", "SVW-X")  # where nothing is changed
    file.put(group.pk, "层级", "总部")  # nothing lawful
    row = editing.compared(lina, file.content())
    found = editing.told(row)
    assert found == {
        "theirs": [f"{group.pk}/note"],
        "ours": [f"{faw.pk}/note"],
        "conflict": [f"{svw.pk}/note"],
        "both": [f"{plant.pk}/note"],
        "locked": [f"{plant.pk}/code"],
        "error": [f"{group.pk}/level"],
    }
    assert editing.states(row) == {"error": 1, "said": 2, "conflict": 1}
    cell = row.rows.get(row=svw.pk).cells[0]
    assert (cell["base"], cell["theirs"], cell["ours"]) == ("", "文件改", "我方另改")


def test_nothing_is_written_before_confirmation_and_then_by_the_rows_own_act(
    tree: dict[str, customers.Customer], company: cast.Company, lina: Client
) -> None:
    file = editing.Edited(editing.taken_out(lina, URL))
    plant = tree["plant"]
    file.put(plant.pk, "顾客说明", "关键顾客\n要求从严")
    file.put(plant.pk, "联络窗口", "赵敏")
    row = editing.compared(lina, file.content())
    plant.refresh_from_db()
    assert plant.note == ""
    editing.written(lina, row)
    plant.refresh_from_db()
    assert (plant.note, plant.window) == ("关键顾客\n要求从严", company.zhao)
    entry = records.Entry.objects.filter(word="customers.customer.changed").latest("pk")
    assert {each["field"] for each in entry.changes} == {"note", "window"}
    assert "李娜" in entry.actor_name
    told = records.Entry.objects.get(word="comparisons.row.written")
    assert (told.subject_id, told.note) == (plant.pk, {"file": "清单.xlsx", "row": 5})
    assert editing.states(editing.compared(lina, file.content())) == {"said": 1}, "the same file again changes nothing"
    assert editing.told(models.Comparison.objects.latest("pk")) == {"both": [f"{plant.pk}/window", f"{plant.pk}/note"]}


def test_contacts_come_back_changed(tree: dict[str, customers.Customer], company: cast.Company, lina: Client) -> None:
    facts = {"by": people.fresh(company.lina), "now": cast.NOW}
    row = contacts.add(customer=tree["plant"], name="沈工", phone="021-1", **facts)
    file = editing.Edited(editing.taken_out(lina, "/customers/contacts/?excel=contacts"))
    file.put(row.pk, "电话", "021-5555")
    file.put(row.pk, "职务", "供应商质量")
    editing.written(lina, editing.compared(lina, file.content()))
    row.refresh_from_db()
    assert (row.phone, row.role, row.name) == ("021-5555", "供应商质量", "沈工")


def test_conflicts_are_decided_one_by_one_or_all_at_once_and_taken_back(
    tree: dict[str, customers.Customer], company: cast.Company, lina: Client
) -> None:
    file = editing.Edited(editing.taken_out(lina, URL))
    for key in ("group", "faw", "svw"):
        file.put(tree[key].pk, "顾客说明", "文件")
        change(company, tree[key], note="我方")
    row = editing.compared(lina, file.content())
    assert editing.states(row) == {"conflict": 3}
    refused = lina.post(f"/comparisons/{row.pk}/confirm/", {"version": row.version})
    assert refused.status_code == 409
    assert "还有 3 处冲突未处理" in refused.content.decode()
    first, *_rest = row.rows.order_by("number")
    decide = {"row": first.number, "key": "note", "choice": "theirs"}
    part = lina.post(f"/comparisons/{row.pk}/decide/", decide, headers={"HX-Request": "true"})
    assert 'aria-pressed="true">文件' in part.content.decode()
    assert "还有 2 处冲突未处理" in part.content.decode()
    row.refresh_from_db()
    page = lina.post(f"/comparisons/{row.pk}/decide-all/", {"version": row.version, "choice": "ours"}, follow=True)
    assert "全部冲突均已处理" in page.content.decode()
    found = re.search(r"/kit/undo/[^\"]+", page.content.decode())
    assert found
    lina.post(found[0])
    chosen = [each.cells[0]["choice"] for each in row.rows.order_by("number")]
    assert chosen == ["theirs", "", ""]
    row.refresh_from_db()
    lina.post(f"/comparisons/{row.pk}/decide-all/", {"version": row.version, "choice": "ours"})
    lina.post(f"/comparisons/{row.pk}/decide/", decide)
    editing.written(lina, row)
    assert editing.states(row) == {"taken": 1, "left": 2}
    notes = dict(customers.Customer.objects.values_list("pk", "note"))
    assert [notes[tree[key].pk] for key in ("group", "faw", "svw")] == ["文件", "我方", "我方"]


def test_rows_added_left_out_copied_and_foreign(
    tree: dict[str, customers.Customer], company: cast.Company, lina: Client
) -> None:
    file = editing.Edited(editing.taken_out(lina, URL))
    svw = tree["svw"]
    copy = list(file.row(svw.pk))
    copy[file.at("顾客说明")] = "复制行"
    file.rows.append(copy)
    strange = list(file.row(tree["group"].pk))
    strange[file.at("#id")] = 987654
    file.rows.append(strange)
    pasted = file.row(tree["plant"].pk)
    pasted[file.at("#version")] = 77
    file.add(顾客="比亚迪（示例）", 代码="BYD", 层级="公司")
    file.add(顾客="又一家", 代码="BYD")
    file.add(顾客="无代码")
    file.rows = [row for row in file.rows if row[file.at("#id")] != tree["faw"].pk]
    row = editing.compared(lina, file.content())
    assert editing.states(row) == {"error": 5, "new": 1, "missing": 1}
    sentences = [said[0] for each in row.rows.filter(state="error").order_by("number") for said in each.said]
    assert sentences == ["foreign", "twin", "foreign", "doubled", "missing"]
    editing.written(lina, row)
    assert customers.Customer.objects.get(code="BYD").level == "company"
    assert customers.Customer.objects.filter(pk=tree["faw"].pk).exists(), "nothing is deleted by leaving it out"
    again = editing.states(editing.compared(lina, file.content()))
    assert again == {"error": 5, "said": 1, "missing": 1}, "what was added is there"


def test_order_headings_and_own_columns_do_not_matter(
    tree: dict[str, customers.Customer], company: cast.Company, lina: Client
) -> None:
    file = editing.Edited(editing.taken_out(lina, URL))
    file.put(tree["svw"].pk, "英文名称", "SAIC VW")
    file.rows.reverse()
    file.rename("注册名称", "公司全称（工商）")
    file.add_column("我的标记", lambda n: f"内部 {n}")
    file.hidden = {"顾客说明"}
    file.move(sorted(range(len(file.heads)), key=lambda at: (at * 7) % len(file.heads)))
    row = editing.compared(lina, file.content())
    assert editing.told(row) == {"theirs": [f"{tree['svw'].pk}/name_en"]}
    notes = dict(row.notes)
    assert notes == {
        "renamed": {"now": "公司全称（工商）", "was": "注册名称"},
        "strange": {"columns": "我的标记"},
    }


def test_a_file_sorted_without_its_marks_is_refused(company: cast.Company, lina: Client) -> None:
    for n in range(6):
        people.customer(company, f"C{n}", f"顾客{n}")
    file = editing.Edited(editing.taken_out(lina, URL))
    keys = [row[file.at("#id")] for row in file.rows]
    for row, key in zip(file.rows, reversed(keys), strict=True):
        row[file.at("#id")] = key
    assert editing.bring(lina, file.content()).status_code == 302
    editing.work()
    row = models.Comparison.objects.get()
    assert (row.state, row.notes) == ("broken", [["shifted", {"n": 6}]])
    assert "另一行的标识" in lina.get(row.get_absolute_url()).content.decode()


VALUES = [
    "004100", "4.10", "=1+1", "'引号", "6225880123456789012", "第一行\n第二行", "🚗 改型", "@sum", "+86", "-5", "3-1",
    "1e5", "_x000D_", "a&b<c>", "　全角空格 ", "TRUE", "同上", "合计", "\t制表",
]  # fmt: skip


def test_a_round_trip_through_a_real_workbook_loses_nothing(company: cast.Company, lina: Client) -> None:
    made = {}
    for n, text in enumerate(VALUES):
        row = products.add(
            number=f"{n:05}.10", name_zh=f"件{n}", vehicle=text.strip(), note=text, by=company.lina, now=cast.NOW,
            starts_on=date(2026, 3, 1 + n),
        )  # fmt: skip
        made[row.pk] = text
    file = editing.Edited(editing.taken_out(lina, PRODUCTS))
    assert editing.states(editing.compared(lina, file.content())) == {}
    for key in made:
        number = file.row(key)[file.at("本公司零件号")]
        file.put(key, "本公司零件号", float(number))  # Excel makes a number of it
        file.put(key, "投产日期", datetime(2027, 1, 2))
        file.put(key, "车型", f"{made[key]}改")
    row = editing.written(lina, editing.compared(lina, file.content()))
    assert editing.states(row) == {"taken": len(made)}
    for key, text in made.items():
        product = customers.Product.objects.get(pk=key)
        assert product.vehicle == " ".join(f"{text.replace('_x000D_', '')}改".split())
        assert (product.starts_on, product.number) == (date(2027, 1, 2), f"{list(made).index(key):05}.10")
    assert set(editing.states(editing.compared(lina, file.content()))) == {"said"}


def test_files_that_are_not_ours_are_refused_with_a_sentence(tree: dict[str, customers.Customer], lina: Client) -> None:
    content = editing.taken_out(lina, URL)

    def sentence(client: Client, sent: bytes) -> str:
        response = editing.bring(client, sent)
        assert response.status_code == 422
        return response.content.decode()

    file = editing.Edited(content)
    file.properties = {}
    assert editing.bring(lina, file.content()).status_code == 302, "the sheet about the file carries the mark too"
    file.notes = []
    assert "没有导出标识" in sentence(lina, file.content())
    file = editing.Edited(content)
    mark = file.properties[exported.PROPERTY]
    file.properties[exported.PROPERTY] = f"{mark[:-1]}{'A' if mark[-1] != 'A' else 'B'}"
    assert "导出标识已被改动" in sentence(lina, file.content())


def test_another_companys_file(
    tree: dict[str, customers.Customer], lina: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = editing.taken_out(lina, URL)
    real = exported._seal
    monkeypatch.setattr(exported, "_seal", lambda text, length: real(f"other {text}", length))
    page = editing.bring(lina, content)
    assert page.status_code == 422
    assert "其他公司" in page.content.decode()


def test_what_is_no_longer_kept_is_said(tree: dict[str, customers.Customer], lina: Client) -> None:
    content = editing.taken_out(lina, URL)
    kit.Exported.objects.all().delete()
    assert "不再保存" in editing.bring(lina, content).content.decode()


def test_whoever_may_not_change_rows_brings_nothing_back(
    tree: dict[str, customers.Customer], lina: Client, signed_in: Callable[[str], Client]
) -> None:
    content = editing.taken_out(lina, URL)
    assert "无权" in editing.bring(signed_in("sun"), content).content.decode()
    row = editing.compared(lina, content)
    assert signed_in("zhao").get(row.get_absolute_url()).status_code == 404


def test_rows_behind_a_wall_are_no_rows_for_others(
    company: cast.Company, lina: Client, signed_in: Callable[[str], Client]
) -> None:
    scope = people.scope_of(company.lina)
    closed = people.customer(company, "SEC", "保密顾客", scope=scope)
    file = editing.Edited(editing.taken_out(lina, URL))
    file.put(closed.pk, "顾客说明", "改")
    row = editing.compared(signed_in("zhao"), file.content())
    it = row.rows.get()
    assert (it.state, it.said, it.cells) == ("barred", [["away", {}]], [])


def test_what_was_changed_after_the_comparison_is_refused(
    tree: dict[str, customers.Customer], company: cast.Company, lina: Client
) -> None:
    file = editing.Edited(editing.taken_out(lina, URL))
    file.put(tree["svw"].pk, "顾客说明", "文件")
    row = editing.compared(lina, file.content())
    change(company, tree["svw"], note="刚刚改")
    editing.written(lina, row)
    assert editing.states(row) == {"refused": 1}
    assert customers.Customer.objects.get(pk=tree["svw"].pk).note == "刚刚改"


def test_an_import_of_an_exported_list_names_the_way_back(tree: dict[str, customers.Customer], lina: Client) -> None:
    file = SimpleUploadedFile("顾客清单.xlsx", editing.taken_out(lina, URL))
    response = lina.post("/imports/new/customers.customer/", {"once": once.new_key(), "file": file})
    assert response.status_code == 422
    assert "清单回传" in response.content.decode()
