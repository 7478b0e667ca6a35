"""Workbooks by program: rows taken over, lists that leave and come back changed."""

import json
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max
from python_calamine import CalamineWorkbook

from tests.api.programs import Program
from tests.comparisons import editing
from tests.hostile.world import World
from tests.kit import workbooks
from yinuo.comparisons import jobs as comparison_jobs
from yinuo.customers import models as customers
from yinuo.imports import jobs
from yinuo.kit import api

TYPE = api.WORKBOOK


def answered(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


def book(*rows: list[object]) -> SimpleUploadedFile:
    content = workbooks.xlsx(lambda _book, sheet: workbooks.put(sheet, list(rows)))
    return SimpleUploadedFile("顾客.xlsx", content, TYPE)


def test_rows_are_taken_over_and_faulty_ones_come_back(world: World) -> None:
    program = Program(world.company.zhao)
    kinds = {each["kind"]: each for each in program.get("imports/kinds")}
    assert "name_zh" in {each["key"] for each in kinds["customers.customer"]["fields"]}
    file = book(["代码", "名称", "级别"], ["K1", "开元汽车", "公司"], ["K2", "", "公司"])
    made = answered(program.send("imports/of/customers.customer", {"file": file}), 201)
    assert (made["state"], made["headings"]["1"]) == ("mapping", "代码")
    where = f"imports/{made['id']}"
    faulty = program.change("POST", f"{where}/columns", {"columns": {"code": 9}}, made["version"])
    assert answered(faulty, 422)["field"] == "columns"
    it = answered(program.change("POST", f"{where}/columns", {}, made["version"]))
    jobs.check(made["id"])
    it = program.get(where)
    assert (it["state"], it["counts"]["new"], it["counts"]["fault"]) == ("checked", 1, 1), it
    wrong = program.get(f"{where}/lines?state=fault")["items"]
    assert wrong[0]["said"][0]["cell"] == "B3"
    assert program.get(f"{where}/lines?limit=1")["next"].endswith("after=2")
    it = answered(program.change("POST", f"{where}/confirm", {}, it["version"]))
    assert it["state"] == "writing"
    jobs.take_over(made["id"], 0)
    assert program.get(where)["counts"]["taken"] == 1
    assert customers.Customer.objects.get(code="K1").name == "开元汽车"
    errors = program.call("GET", f"{where}/errors")
    content = b"".join(errors.streaming_content)  # type: ignore[attr-defined]
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[1][0] == "K2"
    assert program.get("imports")["items"][0]["id"] == made["id"]
    assert Program(world.company.lina).call("GET", where).status_code == 404


def test_a_list_leaves_as_a_workbook_and_comes_back_changed(world: World) -> None:
    program = Program(world.company.zhao)
    answer = program.call("GET", "customers?limit=10", Accept=TYPE)
    assert answer["Content-Type"] == TYPE
    row = world.rows["customer"]
    changed = editing.Edited(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    changed.put(row.pk, "顾客说明", "要求从严")
    file = SimpleUploadedFile("顾客.xlsx", changed.content(), TYPE)
    made = answered(program.send("comparisons", {"file": file}), 201)
    assert made["state"] == "comparing"
    comparison_jobs.compare(made["id"])
    where = f"comparisons/{made['id']}"
    it = program.get(where)
    assert (it["state"], it["counts"]["theirs"], it["undecided"]) == ("compared", 1, 0), it
    cells = program.get(f"{where}/rows?state=theirs")["items"][0]["cells"]
    assert [(each["theirs"], each["ours"]) for each in cells] == [("要求从严", row.note)]
    answered(program.change("POST", f"{where}/confirm", None, it["version"]))
    comparison_jobs.write(made["id"], 0)
    assert customers.Customer.objects.get(pk=row.pk).note == "要求从严"
    assert program.call("GET", "comparisons?limit=0").status_code == 422


def test_a_strange_workbook_is_refused_with_its_reason(world: World) -> None:
    program = Program(world.company.zhao)
    before = customers.Customer.objects.aggregate(n=Max("pk"))
    answer = program.send("comparisons", {"file": book(["代码"], ["K1"])})
    assert answered(answer, 422)["field"] == "file"
    assert customers.Customer.objects.aggregate(n=Max("pk")) == before
