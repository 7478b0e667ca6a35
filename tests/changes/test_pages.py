"""Pages, dialogs and papers of changes, as people use them."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.api.programs import Program
from tests.changes import story
from tests.customers import people
from tests.kit.test_exports import sheets
from yinuo.changes import models
from yinuo.customers import models as customers
from yinuo.customers.actions import products

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
KEY = "a-key-that-is-used-once-only"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def tree(company: cast.Company) -> dict[str, customers.Customer]:
    story.know_years()
    return people.volkswagen(company)


@pytest.fixture
def change(company: cast.Company, tree: Any) -> models.Change:
    return story.change(company, tree["svw"], sites=[company.site["nb"]])


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_change_is_recorded_once_and_shows_its_clock(
    company: cast.Company, tree: Any, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lina")
    data = {
        "once": KEY, "title": "图纸换版", "customer": tree["svw"].pk, "received_on": "2026-02-27",
        "responsible": company.wang.pk,
    }  # fmt: skip
    refused = client.post("/changes/add/", data)
    assert refused.status_code == 422, "it starts before today"
    assert "请填写原因" in text(refused)
    for _time in range(2):
        made = client.post("/changes/add/", data | {"reason": "周五下班前收到"})
    assert made.status_code == 302
    row = models.Change.objects.get()
    page = text(client.get(made["Location"]))
    assert "EC-2026-0001" in page
    assert "周五下班前收到" in page
    assert page.count('class="clock-number"') == 10
    assert "调休" in page or "02-28" in page, "the Saturday that is worked stands in the clock"
    assert row.started_on == date(2026, 2, 27)


def test_the_list_filters_by_standing_customer_and_responsible(
    company: cast.Company, tree: Any, change: models.Change, signed_in: Callable[[str], Client]
) -> None:
    late = story.change(company, tree["faw"], received_on=TODAY - 30 * DAY, reason="补登", responsible=company.sun)
    client = signed_in("wang")

    def numbers(query: str) -> set[str]:
        page = text(client.get(f"/changes/?{query}"))
        return {row.number for row in (change, late) if f"/changes/of/{row.number}/" in page}

    both = {change.number, late.number}
    assert numbers("") == both
    assert numbers("standing=late") == {late.number}
    assert numbers("standing=open") == both
    assert numbers("standing=soon") == set()
    assert numbers("standing=met") == numbers("standing=done") == numbers("standing=dropped") == set()
    assert numbers(f"customer={tree['group'].pk}") == both
    assert numbers(f"customer={tree['faw'].pk}") == {late.number}
    assert numbers("responsible=me") == {change.number}
    assert numbers("standing=nonsense") == set()
    assert "1 项变更的评审已逾期" in text(client.get("/changes/"))


def test_the_ledger_leaves_as_a_workbook_with_the_four_days(change: models.Change, signed_in: Any) -> None:
    answer = signed_in("wang").get("/changes/?excel=changes")
    (row,), _notes = sheets(answer)
    assert {"变更编号", "收到日期", "评审日期", "实施日期", "验证日期"} <= set(row)
    assert (row["变更编号"], row["收到日期"], row["评审日期"]) == (change.number, TODAY, "")


def test_the_whole_way_through_the_dialogs(
    company: cast.Company, tree: Any, change: models.Change, signed_in: Callable[[str], Client]
) -> None:
    part = products.add(number="P-1", name_zh="支架", customer=tree["svw"], by=people.fresh(company.lina), now=cast.NOW)
    one, wang, sun = f"/changes/of/{change.number}/", signed_in("wang"), signed_in("sun")

    def post(client: Client, url: str, **data: Any) -> None:
        answer = client.post(url, data)
        assert answer.status_code == 302, text(answer)

    def version() -> int:
        return int(people.fresh(change).version)

    post(wang, f"{one}review/", version=version(), on="2026-03-02", reviewer=company.sun.pk, result="take_over",
         said="照办", reason="")  # fmt: skip
    post(wang, f"{one}impact/", version=version(), impact="resubmit", level="3", decider=company.zhou.pk, note="")
    post(wang, f"{one}answer/", version=version(), answer="approved", on="2026-03-02", reference="PSW-1")
    post(wang, f"{one}applications/add/", version=version(), products=part.pk, sites=company.site["nb"].pk)
    line = models.Application.objects.get()
    at = f"/changes/applications/{line.pk}/"
    done = {"on": "2026-03-02", "break_kind": "day", "break_on": "2026-03-05", "stock": "rework", "transit": "none"}
    post(wang, f"{at}implement/", version=1, **done)
    refused = wang.post(f"{at}verify/", {"version": 2, "on": "2026-03-02", "how": "看过"})
    assert refused.status_code == 422
    assert "须由他人" in text(refused)
    post(sun, f"{at}verify/", version=2, on="2026-03-02", how="量尺寸")
    post(sun, f"{at}take-back/", version=3, reason="再量一次")
    post(wang, f"{one}documents/add/", once=KEY, kind="fmea", number="F-1", responsible=company.sun.pk,
         due_on="2026-03-20")  # fmt: skip
    document = models.OwnDocument.objects.get()
    post(sun, f"/changes/documents/{document.pk}/done/", version=1, on="2026-03-02", new_edition="B")
    post(sun, f"/changes/documents/{document.pk}/reopen/")
    post(wang, f"/changes/documents/{document.pk}/change/", version=3, kind="fmea", number="F-2",
         responsible=company.sun.pk, due_on="2026-03-21")  # fmt: skip
    post(wang, f"{one}suppliers/add/", once=f"{KEY}2", name="某供方", told_on="2026-03-02")
    supplier = models.Supplier.objects.get()
    post(wang, f"/changes/suppliers/{supplier.pk}/change/", version=1, name="某供方", told_on="2026-03-02",
         acknowledged_on="2026-03-02")  # fmt: skip
    page = text(wang.get(one))
    for words in ("照办", "PSW-1", "返工", "F-2", "某供方", "批准"):
        assert words in page


def undo_of(answer: Any) -> str:
    """The address that takes back what was done, as the next page offers it."""
    tags = [tag for each in get_messages(answer.wsgi_request) for tag in each.tags.split()]
    return next(each.removeprefix("undo:") for each in tags if each.startswith("undo:"))


def test_a_review_is_undone_at_once(change: models.Change, company: cast.Company, signed_in: Any) -> None:
    client = signed_in("wang")
    data = {"version": 1, "on": "2026-03-02", "reviewer": company.wang.pk, "result": "take_over", "said": "照办"}
    undo = undo_of(client.post(f"/changes/of/{change.number}/review/", data))
    assert signed_in("sun").post(undo).status_code == 403
    assert client.post(undo).status_code == 302
    assert people.fresh(change).reviewed_on is None
    assert client.post(undo).status_code == 409


def test_proofs_hang_on_the_change(change: models.Change, company: cast.Company, signed_in: Any) -> None:
    data = {
        "version": 1, "on": "2026-03-02", "reviewer": company.wang.pk, "result": "take_over", "said": "照办",
        "proof": SimpleUploadedFile("纪要.txt", "评审纪要".encode()),
    }  # fmt: skip
    client = signed_in("wang")
    assert client.post(f"/changes/of/{change.number}/review/", data).status_code == 302
    assert "纪要.txt" in text(client.get(f"/records/files/changes.change/{change.pk}/"))


def test_the_proof_of_a_month_on_the_screen_as_workbook_and_on_paper(
    company: cast.Company, tree: Any, change: models.Change, signed_in: Any
) -> None:
    other = story.change(company, tree["faw"], received_on=date(2026, 2, 20), reason="补登", title="二月的")
    client = signed_in("wang")
    page = text(client.get("/changes/proof/"))
    assert change.number in page
    assert other.number not in page
    february = text(client.get(f"/changes/proof/?month=2026-02&customer={tree['faw'].pk}"))
    assert other.number in february
    assert february.count('class="clock-number"') == 10
    assert "clock-holiday" in february
    for wrong in ("month=2026-13", "month=x", "month=9999-01", "month=2026-1", "customer=99999999999999999999"):
        assert client.get(f"/changes/proof/?{wrong}").status_code == 200
    (row,), _notes = sheets(client.get("/changes/proof/?month=2026-02&excel=changes-proof"))
    lines = str(row["逐日计数"]).splitlines()
    assert lines[0].startswith("2026-02-20")
    assert lines[-1].endswith(" 10")
    paper = client.get("/changes/proof/paper/?month=2026-02")
    assert paper.content.startswith(b"%PDF")


def test_a_clock_that_reaches_an_unknown_year_says_so(company: cast.Company, tree: Any, signed_in: Any) -> None:
    day = date(2026, 12, 28)
    row = story.change(company, tree["svw"], received_on=day, now=story.at(day))
    page = text(signed_in("wang").get(f"/changes/of/{row.number}/"))
    assert "暂定" in page
    assert "2027" in page
    assert "（暂定）" in text(signed_in("wang").get("/changes/"))


def test_the_quality_manager_sets_terms_and_others_do_not(tree: Any, signed_in: Any) -> None:
    zhou, lina = signed_in("zhou"), signed_in("lina")
    data = {"once": KEY, "customer": tree["svw"].pk, "start": "received", "days": 5}
    assert lina.post("/changes/terms/add/", data).status_code == 403
    assert zhou.post("/changes/terms/add/", data).status_code == 302
    company = {"version": 0, "start": "earliest", "days": 8}
    assert zhou.post("/changes/terms/company/", company).status_code == 302
    assert zhou.post("/changes/terms/company/", company).status_code == 422, "it was set meanwhile"
    page = text(lina.get("/changes/terms/"))
    assert "8 个工作日内完成评审" in page
    term = models.Term.objects.get(customer=tree["svw"])
    assert zhou.post(f"/changes/terms/{term.pk}/", {"version": 1, "start": "received", "days": 9}).status_code == 422
    assert zhou.post(f"/changes/terms/{term.pk}/end/").status_code == 302


def test_panels_stand_on_the_pages_of_customer_and_edition(
    company: cast.Company, tree: Any, signed_in: Callable[[str], Client]
) -> None:
    row = story.document(company, tree["svw"])
    first = story.edition(row, company.lina, "A/0", story.OLD, TODAY - 90 * DAY)
    second = story.edition(row, company.lina, "A/1", story.NEW, TODAY)
    client = signed_in("lina")
    assert "登记变更并评审" in text(client.get(f"/changes/edition/{first.pk}/"))
    assert "EC-2026-0001" in text(client.get(f"/changes/edition/{second.pk}/"))
    assert "EC-2026-0001" in text(client.get(f"/changes/customer/{tree['plant'].pk}/"))
    assert f"/changes/edition/{second.pk}/" in text(client.get(f"/sources/editions/{second.pk}/"))
    form = text(client.get(f"/changes/add/?edition={first.pk}"))
    assert "供应商质量手册 A/0" in form


def test_what_is_closed_is_neither_listed_nor_opened_nor_proved(
    company: cast.Company, change: models.Change, signed_in: Callable[[str], Client]
) -> None:
    circle = people.scope_of(company.lina, company.wang)
    models.Change.objects.filter(pk=change.pk).update(scope=circle, own_scope=circle)
    sun = signed_in("sun")
    for url in ("/changes/", "/changes/proof/", f"/changes/customer/{change.customer_id}/"):
        assert change.number not in text(sun.get(url))
    assert sun.get(f"/changes/of/{change.number}/").status_code == 404
    assert Program(company.sun).call("GET", f"engineering-changes/{change.number}").status_code == 404


def test_programs_read_the_ledger_and_record_what_was_done(
    company: cast.Company, tree: Any, change: models.Change
) -> None:
    part = products.add(number="P-1", name_zh="支架", customer=tree["svw"], by=people.fresh(company.lina), now=cast.NOW)
    line = models.Application.objects.create(change=change, product=part, site=company.site["nb"])
    wang, sun, at = Program(company.wang), Program(company.sun), f"engineering-changes/{change.number}"
    listed = wang.get("engineering-changes?standing=open")["items"]
    assert [(each["number"], each["state"], each["working_days"]) for each in listed] == [
        (change.number, "running", 10)
    ]
    review = {"on": "2026-03-02", "result": "take_over", "said": "照办"}
    assert wang.call("POST", f"{at}/review", review).status_code == 428
    assert wang.change("POST", f"{at}/review", review, 9).status_code == 412
    assert json.loads(wang.change("POST", f"{at}/review", review, 1).content)["state"] == "met"
    done = {"on": "2026-03-02", "break_kind": "batch", "break_mark": "B1", "stock": "none", "transit": "none"}
    own, seen = f"{at}/applications/{line.pk}", {"on": "2026-03-02", "how": "量尺寸"}
    assert wang.change("POST", f"{own}/implemented", done | {"stock": "sell"}, 1).status_code == 422
    assert wang.change("POST", f"{own}/implemented", done, 1).status_code == 200
    assert wang.change("POST", f"{own}/verified", seen, 2).status_code == 409
    assert sun.change("POST", f"{own}/verified", seen, 2).status_code == 200
    whole = sun.get(at)
    assert (whole["implemented_on"], whole["verified_on"]) == ("2026-03-02", "2026-03-02")
    assert [each["state"] for each in whole["applications"]] == ["verified"]
    assert Program(company.auditor).change("POST", f"{at}/review", review, 2).status_code == 403
