"""Calls do what the screens do: the same rows, acts, refusals."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tests import cast
from tests.api.programs import Program
from tests.hostile.world import SECRET, World
from yinuo.cases import models as cases
from yinuo.kit import once
from yinuo.org import models as org
from yinuo.org.api import tokens as limits
from yinuo.records import models as records

PROBLEM = "application/problem+json"


@pytest.fixture
def lina(world: World) -> Program:
    return Program(world.company.lina)


@pytest.fixture
def zhao(world: World) -> Program:
    return Program(world.company.zhao)


def asked(world: World, **more: object) -> dict[str, object]:
    return {
        "customer": world.rows["customer"].pk, "title": "表面处理报告", "channel": "mail", "said_by": "沈工",
        "items": [{"text": "每批附盐雾报告", "kind": "quality"}, {"text": "报告含照片", "kind": "quality"}],
        **more,
    }  # fmt: skip


# Whom it is for -------------------------------------------------------------------------------------------------------


def test_me(lina: Program) -> None:
    me = lina.get("me")
    assert (me["name"], me["may_write"]) == ("李娜", True)
    assert "cases.open" in me["permissions"]
    assert "cases.steer" not in me["permissions"]


def test_without_a_token_nobody_calls_anything(world: World) -> None:
    for headers in ({}, {"Authorization": "Bearer nothing"}, {"Authorization": "Basic x"}):
        answer = Client().get("/api/v1/me", headers=headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == PROBLEM


def test_who_is_signed_in_is_nobody_here(world: World) -> None:
    """A foreign page could make the browser call with its cookie; so a cookie opens nothing, with or without CSRF."""
    client = world.client("lina")
    assert client.get("/api/v1/me").status_code == 401
    answer = client.post("/api/v1/cases", asked(world), content_type="application/json")
    assert answer.status_code == 401


def test_a_token_is_its_person_whoever_is_signed_in(world: World, lina: Program) -> None:
    lina.client.force_login(world.company.zhou, backend="django.contrib.auth.backends.ModelBackend")
    assert lina.get("me")["sign_in"] == "lina"


def test_a_token_that_reads_changes_nothing(world: World) -> None:
    reading = Program(world.company.lina, may_write=False)
    assert reading.get("cases")["items"]
    before = cases.Case.objects.count()
    answer = reading.create("cases", asked(world))
    assert answer.status_code == 403
    assert cases.Case.objects.count() == before


def test_rights_are_those_of_the_moment(world: World, lina: Program) -> None:
    org.RoleGrant.objects.filter(person=world.company.lina).delete()
    assert lina.call("GET", "cases").status_code == 403
    org.Person.objects.filter(pk=world.company.lina.pk).update(is_active=False)
    assert lina.call("GET", "me").status_code == 401


def test_an_ended_token_opens_nothing(lina: Program) -> None:
    org.Token.objects.update(revoked_at=timezone.now())
    assert lina.call("GET", "me").status_code == 401


def test_too_many_calls_wait(lina: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yinuo.org.actions.tokens.MOST_A_MINUTE", 20)
    answers = [lina.call("GET", "me") for _n in range(50)]  # across the turn of a minute too
    late = [answer for answer in answers if answer.status_code == 429]
    assert late
    assert 1 <= int(late[0]["Retry-After"]) <= 60
    assert late[0]["Content-Type"] == PROBLEM


def test_the_limit_holds_over_all_web_processes(world: World, lina: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each keeps some calls in hand; what is given out is counted once for all of them."""
    monkeypatch.setattr("yinuo.org.actions.tokens.MOST_A_MINUTE", 50)
    token, now = org.Token.objects.latest("pk"), timezone.now()
    processes = [limits.Given() for _n in range(4)]
    waits = [each.waits(token, now) for _n in range(30) for each in processes]
    assert waits.count(0) == 50
    with CaptureQueriesContext(connection) as seen:
        assert all(each.waits(token, now) == 60 - now.second for each in processes)
    assert len(seen) == 0  # whoever was refused costs nothing until the minute is over
    later = now + timedelta(minutes=1)
    behind = limits.Given()
    assert [each.waits(token, later) for each in processes] == [0] * 4
    assert behind.waits(token, now) == 0  # its clock is behind: it counts in the minute of the others
    assert org.Token.objects.get(pk=token.pk).counted == 50


def test_one_call_in_ten_is_counted_in_the_database(lina: Program) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as seen:
            lina.get("me")
        return sum("counted" in each["sql"] and each["sql"].startswith("UPDATE") for each in seen)

    lina.get("me")
    assert sum(writes() for _n in range(40)) <= 2 * 40 // 10 + 4


def test_when_a_token_was_used_stands_there(lina: Program) -> None:
    lina.get("me")
    assert org.Token.objects.latest("pk").used_at is not None


def test_sentences_in_the_language_that_is_asked_for(lina: Program) -> None:
    zh, en = lina.call("GET", "cases/none"), lina.call("GET", "cases/none", Accept_Language="en-GB")
    assert "无权查看" in zh.json()["detail"]
    assert en.json()["detail"].startswith("There is no such thing")
    assert lina.call("GET", "cases/none", Accept_Language="*").json() == zh.json()


# Reading --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["customers", "products", "projects", "cases", "tasks", "findings", "people", "departments", "sites"]
)
def test_lists_have_rows(lina: Program, path: str) -> None:
    found = lina.get(path)
    assert found if isinstance(found, list) else found["items"]


def test_a_list_is_read_to_its_end_page_by_page(lina: Program) -> None:
    whole = lina.get("people?limit=200")
    seen, path = [], "people?limit=3&sort=name"
    while path:
        page = lina.get(path)
        seen += [each["id"] for each in page["items"]]
        path = page["next"]
    assert sorted(seen) == sorted(each["id"] for each in whole["items"])
    assert len(seen) == whole["total"]


def test_filters_are_those_of_the_screen(world: World, lina: Program) -> None:
    number = world.rows["case"].number
    assert [each["number"] for each in lina.get(f"cases?number={number}")["items"]] == [number]
    assert lina.get("cases?customer=nobody")["items"] == []
    for wrong in ("cases?custmer=x", "cases?sort=x", "cases?limit=0", "cases?limit=x", "cases?excel=cases"):
        answer = lina.call("GET", wrong)
        assert answer.status_code == 422, wrong
        assert answer.json()["field"] in wrong


def test_a_view_that_somebody_begins_with_does_not_change_a_list(world: World, lina: Program) -> None:
    view = org.SavedView.objects.create(
        owner=world.company.lina, list="cases", name="无", path="/cases/", query="number=NONE", saved_at=cast.NOW
    )
    org.FirstView.objects.create(person=world.company.lina, list="cases", view=view)
    assert lina.get("cases")["items"]


def test_one_of_each(world: World, lina: Program) -> None:
    rows = world.rows
    assert lina.get(f"customers/{rows['customer'].pk}")["contacts"][0]["name"] == rows["contact"].name
    assert lina.get(f"products/{rows['product'].pk}")["part_numbers"][0]["number"] == rows["part_number"].number
    assert lina.get(f"projects/{rows['project'].pk}")["products"][0]["number"] == rows["product"].number
    assert lina.get(f"findings/{rows['finding'].pk}")["id"] == rows["finding"].pk
    answer = lina.call("GET", f"cases/{rows['case'].number}")
    case = answer.json()
    assert answer["ETag"] == f'"{case["version"]}"'
    assert [each["position"] for each in case["items"]] == sorted(each["position"] for each in case["items"])
    assert case["tasks"]


def test_what_is_confidential_is_read_and_noted(world: World, lina: Program) -> None:
    before = records.Reading.objects.count()
    lina.get(f"cases/{world.rows['case'].number}")
    assert records.Reading.objects.count() == before + 1


def test_search(lina: Program) -> None:
    found = lina.get(f"search?q={SECRET}&limit=5")
    assert found["hits"]
    assert SECRET in "".join(each["title"] + each["label"] for each in found["hits"])
    assert lina.call("GET", "search").status_code == 422


# Registering ----------------------------------------------------------------------------------------------------------


def test_a_case_is_registered_once(world: World, lina: Program) -> None:
    key, before = once.new_key(), cases.Case.objects.count()
    first, second = (lina.create("cases", asked(world), key) for _n in range(2))
    assert (first.status_code, second.status_code) == (201, 201), first.content
    assert first.json()["number"] == second.json()["number"]
    assert cases.Case.objects.count() == before + 1
    case = first.json()
    assert first["Location"] == f"/api/v1/cases/{case['number']}"
    assert [each["text"] for each in case["items"]] == ["每批附盐雾报告", "报告含照片"]
    assert case["registered_by"]["name"] == "李娜"
    assert case["tasks"]
    word = records.Entry.objects.filter(subject_type="cases.case", subject_id=case["id"]).order_by("pk").first()
    assert word is not None
    assert word.word == "cases.case.opened"


def test_everything_that_intake_asks_is_taken(world: World, lina: Program) -> None:
    rows = world.rows
    product = rows["product"].pk
    said = asked(
        world, contact=rows["contact"].pk, said_at="2026-03-02T09:00:00+08:00", wanted_on="2026-12-31", is_safety=True,
        products=[product], project=rows["project"].pk, site=world.company.site["nb"].pk, text="见附件",
        owner=world.company.wang.pk, notified_at="2026-03-02T09:30:00+08:00",
        items=[{"text": "附报告", "kind": "quality", "applies": f"product:{product}", "owner": world.company.sun.pk,
                "due_on": "2026-12-01"}],
    )  # fmt: skip
    answer = lina.create("cases", said)
    assert answer.status_code == 201, answer.content.decode()
    case = answer.json()
    assert case["is_safety"]
    assert case["priority"] == 1
    assert case["wanted_on"] == "2026-12-31"
    assert case["owner"]["name"] == "王强"
    assert case["items"][0]["product_id"] == product
    assert case["items"][0]["owner"]["name"] == "孙丽"
    assert case["notified_at"].startswith("2026-03-02T01:30:00")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"customer": 987654321}, "customer"),
        ({"channel": "pigeon"}, "channel"),
        ({"items": []}, "items"),
        ({"itmes": []}, "itmes"),
        ({"wanted_on": "0001-01-01"}, "wanted_on"),
        ({"items": [{"text": "x", "kind": "none"}]}, "items"),
        ({"owner": 987654321}, "owner"),
    ],
)
def test_what_does_not_fit_is_named(world: World, lina: Program, wrong: dict[str, object], field: str) -> None:
    answer = lina.create("cases", {**asked(world), **wrong})
    assert answer.status_code in (409, 422), answer.content
    problem = answer.json()
    assert answer["Content-Type"] == PROBLEM
    assert problem["status"] == answer.status_code
    assert problem["field"] == field
    assert problem["detail"]


def test_without_a_key_nothing_is_made(world: World, lina: Program) -> None:
    answer = lina.call("POST", "cases", asked(world))
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


def test_what_is_refused_leaves_the_key_free(world: World, lina: Program) -> None:
    key = once.new_key()
    assert lina.create("cases", asked(world, channel="pigeon"), key).status_code == 422
    assert lina.create("cases", asked(world), key).status_code == 201


def test_an_item_more(world: World, lina: Program) -> None:
    number = lina.create("cases", asked(world)).json()["number"]
    said = {
        "text": "另附照片",
        "kind": "quality",
        "channel": "mail",
        "said_by": "沈工",
        "said_at": timezone.now().isoformat(),
    }
    answer = lina.create(f"cases/{number}/items", said)
    assert answer.status_code == 201, answer.content.decode()
    assert answer.json()["items"][-1]["text"] == "另附照片"


def test_a_key_counts_at_its_address(world: World, lina: Program) -> None:
    numbers = [lina.create("cases", asked(world)).json()["number"] for _n in range(2)]
    said = {"text": "另附照片", "kind": "quality", "channel": "mail", "said_by": "沈工"}
    said["said_at"] = timezone.now().isoformat()
    key = once.new_key()
    for number in (*numbers, *numbers):
        assert len(lina.create(f"cases/{number}/items", said, key).json()["items"]) == 3


def test_a_finding_with_a_file(world: World, lina: Program) -> None:
    key = once.new_key()
    for _n in range(2):
        file = SimpleUploadedFile("照片.txt", "内容".encode())
        answer = lina.send("findings", {"text": "门户发布新版标准", "channel": "portal", "files": file}, key)
        assert answer.status_code == 201, answer.content.decode()
    made = cases.Finding.objects.latest("pk")
    assert answer.json()["id"] == made.pk
    assert records.Attachment.objects.filter(subject_type="cases.finding", subject_id=made.pk).count() == 1


# Changing -------------------------------------------------------------------------------------------------------------


def test_a_change_says_from_which_version(world: World, zhao: Program) -> None:
    case = world.rows["case"]
    path, version = f"cases/{case.number}", zhao.get(f"cases/{case.number}")["version"]
    assert zhao.call("PATCH", path, {"title": "x"}).status_code == 428
    for stale in (version + 1, "x", 99999999999):
        answer = zhao.change("PATCH", path, {"title": "x"}, stale)
        assert answer.status_code == 412, stale
    answer = zhao.change("PATCH", path, {"title": "改后标题"}, version)
    assert answer.status_code == 200, answer.content.decode()
    after = answer.json()
    assert after["title"] == "改后标题"
    assert answer["ETag"] == f'"{after["version"]}"' != f'"{version}"'
    assert zhao.change("PATCH", path, {"title": "再改"}, version).status_code == 412


def test_a_correction_leaves_alone_what_it_does_not_name(world: World, zhao: Program) -> None:
    path = f"cases/{world.rows['case'].number}"
    before = zhao.get(path)
    after = zhao.change("PATCH", path, {"wanted_on": "2026-12-24"}, before["version"]).json()
    changed = {name for name in before if before[name] != after[name]}
    assert "wanted_on" in changed
    assert changed <= {"wanted_on", "version", "due_at", "priority", "step_due_at", "tasks"}
    assert zhao.change("PATCH", path, {"wanted_on": None}, after["version"]).json()["wanted_on"] is None


def test_priority_and_owner(world: World, zhao: Program) -> None:
    path = f"cases/{world.rows['case'].number}"
    case = zhao.get(path)
    case = zhao.change("POST", f"{path}/priority", {"priority": 4, "reason": "不急"}, case["version"]).json()
    assert case["priority"] == 4
    case = zhao.change("POST", f"{path}/owner", {"owner": world.company.sun.pk}, case["version"]).json()
    assert case["owner"]["name"] == "孙丽"
    answer = zhao.change("POST", f"{path}/owner", {"owner": world.company.he.pk}, case["version"])
    assert (answer.status_code, answer.json()["field"]) == (409, "owner")


def test_hold_resume_terminate(world: World, zhao: Program) -> None:
    path = f"cases/{zhao.create('cases', asked(world)).json()['number']}"
    case = zhao.get(path)
    case = zhao.change("POST", f"{path}/hold", {"reason": "等顾客"}, case["version"]).json()
    assert case["hold_reason"] == "等顾客"
    case = zhao.change("POST", f"{path}/resume", None, case["version"]).json()
    assert case["held_at"] is None
    case = zhao.change("POST", f"{path}/terminate", {"reason": "顾客撤回"}, case["version"]).json()
    assert case["ended_at"]
    answer = zhao.change("POST", f"{path}/terminate", {"reason": "再次"}, case["version"])
    assert answer.status_code == 409


def test_who_may_not_steer_is_refused(world: World, lina: Program) -> None:
    path = f"cases/{world.rows['case'].number}"
    version = lina.get(path)["version"]
    answer = lina.change("POST", f"{path}/hold", {"reason": "x"}, version)
    assert answer.status_code == 403
    assert cases.Case.objects.get(pk=world.rows["case"].pk).held_at is None


# Tasks ----------------------------------------------------------------------------------------------------------------


def test_a_task_is_read_filled_in_and_finished(world: World) -> None:
    lina = Program(world.company.lina)
    number = lina.create("cases", asked(world)).json()["number"]
    mine = [each for each in lina.get("tasks?sort=newest")["items"] if number in each["subject"]["label"]]
    assert mine
    task = lina.get(f"tasks/{mine[0]['id']}")
    assert task["may_work"]
    values = task["form"]["properties"]["values"]
    assert values["additionalProperties"] is False
    path = f"tasks/{task['id']}/submit"
    assert lina.call("POST", path, {}).status_code == 428
    filled = {
        name: _fitting(each)
        for name, each in values["properties"].items()
        if each["x-required"] or "properties" in each
    }
    filled["original_kept"] = False
    outcome = next(iter(task["form"]["properties"].get("outcome", {}).get("enum", [])), "")
    answer = lina.change("POST", path, {"values": filled, "outcome": outcome}, task["version"])
    assert answer.status_code == 200, (filled, answer.content.decode())
    assert answer.json()["state"] == "done"
    again = lina.change("POST", path, {"values": filled, "outcome": outcome}, task["version"])
    assert again.status_code == 409
    assert "李娜" in again.json()["detail"]


def _first_task(world: World) -> tuple[Program, dict[str, Any], dict[str, object]]:
    """Lina, the first task of a new case of hers, and what fills it in."""
    lina = Program(world.company.lina)
    number = lina.create("cases", asked(world)).json()["number"]
    mine = next(each for each in lina.get("tasks?sort=newest")["items"] if number in each["subject"]["label"])
    task = lina.get(f"tasks/{mine['id']}")
    fields = task["form"]["properties"]["values"]["properties"]
    said = {name: _fitting(each) for name, each in fields.items() if each["x-required"] or "properties" in each}
    outcome = next(iter(task["form"]["properties"].get("outcome", {}).get("enum", [])), "")
    return lina, task, {"values": {**said, "original_kept": False}, "outcome": outcome}


def _send(program: Program, task: dict[str, Any], said: object, files: dict[str, object], version: int) -> Any:
    headers = {"Authorization": f"Bearer {program.token}", "If-Match": f'"{version}"'}
    data = {"said": json.dumps(said), **files}
    return program.client.post(f"/api/v1/tasks/{task['id']}/submit-with-files", data, headers=headers)


def test_files_of_a_form_go_in_with_it_and_come_out(world: World) -> None:
    lina, task, said = _first_task(world)
    assert task["form"]["properties"]["values"]["properties"]["original"]["x-files"]
    content = bytes(range(256))
    files = [SimpleUploadedFile("原件.bin", content), SimpleUploadedFile("照片.bin", content + b"x")]
    answer = _send(lina, task, said, {"original": files}, task["version"])
    assert answer.status_code == 200, answer.content.decode()
    kept = answer.json()["files"]["original"]
    assert [each["name"] for each in kept] == ["原件.bin", "照片.bin"]
    bytes_of = lina.call("GET", f"files/{kept[0]['token']}").streaming_content  # type: ignore[attr-defined]
    assert b"".join(bytes_of) == content
    assert {"原件.bin", "照片.bin"} <= {
        each["name"] for each in lina.get(f"files/of/cases.case/{task['subject']['id']}")
    }
    assert _send(lina, task, said, {}, task["version"]).status_code == 409


def test_files_that_do_not_fit_are_refused_with_their_field_and_nothing_is_done(
    world: World, settings: Settings
) -> None:
    lina, task, said = _first_task(world)
    before = records.Attachment.objects.count()
    settings.MAX_FILE_BYTES = 8
    big = SimpleUploadedFile("太大.bin", b"123456789")
    for files, version, status, field in (
        ({"original": big}, task["version"], 409, "original"),
        ({"elsewhere": SimpleUploadedFile("x", b"x")}, task["version"], 422, "elsewhere"),
        ({"original": SimpleUploadedFile("空.bin", b"")}, task["version"], 422, "original"),
        ({"original": SimpleUploadedFile("x", b"x")}, task["version"] + 1, 412, None),
    ):
        answer = _send(lina, task, said, files, version)
        assert (answer.status_code, answer.json()["field"]) == (status, field), answer.content.decode()
        big.seek(0)
    for wrong in ("", "{", "[]", {"values": {}, "more": 1}):
        assert _send(lina, task, wrong, {}, task["version"]).status_code == 422
    assert lina.get(f"tasks/{task['id']}")["state"] == "open"
    assert records.Attachment.objects.count() == before


def _fitting(described: dict[str, object]) -> object:
    """Something that a described field takes."""
    if "properties" in described:
        lines = described["properties"]
        return {line: {name: _fitting(cell) for name, cell in each["properties"].items() if cell["x-required"]}
                for line, each in lines.items()}  # type: ignore[attr-defined]  # fmt: skip
    if described.get("enum"):
        return described["enum"][0]  # type: ignore[index]
    return {"string": "可以", "integer": 1, "number": 1, "boolean": True}.get(str(described["type"]), "2026-12-01")


def test_what_is_missing_in_a_task_is_named(world: World) -> None:
    lina = Program(world.company.lina)
    number = lina.create("cases", asked(world)).json()["number"]
    mine = next(each for each in lina.get("tasks?sort=newest")["items"] if number in each["subject"]["label"])
    answer = lina.change("POST", f"tasks/{mine['id']}/submit", {"values": {}}, mine["version"])
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_somebody_elses_task_is_not_done(world: World) -> None:
    lina, wang = Program(world.company.lina), Program(world.company.wang)
    number = lina.create("cases", asked(world)).json()["number"]
    mine = next(each for each in lina.get("tasks?sort=newest")["items"] if number in each["subject"]["label"])
    answer = wang.change("POST", f"tasks/{mine['id']}/return", {"to": "x", "reason": "x"}, mine["version"])
    assert answer.status_code == 403


# Files ----------------------------------------------------------------------------------------------------------------


def test_files_go_in_and_come_out_byte_for_byte(world: World, lina: Program) -> None:
    path, key, content = f"files/of/cases.case/{world.rows['case'].pk}", once.new_key(), bytes(range(256))
    before = len(lina.get(path))
    for _n in range(2):
        answer = lina.send(path, {"uploads": SimpleUploadedFile("图纸.bin", content)}, key)
        assert answer.status_code == 201, answer.content.decode()
    files = lina.get(path)
    assert len(files) == before + 1
    new = next(each for each in files if each["name"] == "图纸.bin")
    answer = lina.call("GET", f"files/{new['token']}")
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert "sandbox" in answer["Content-Security-Policy"]


# What is not there ----------------------------------------------------------------------------------------------------


def test_addresses_without_a_call_say_so(lina: Program) -> None:
    for path in ("nothing", "cases/x/y/z", "/api/v2/cases"):
        answer = lina.call("GET", path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == PROBLEM
    assert lina.call("POST", "nothing", {}).status_code == 404
    assert lina.call("DELETE", "me").status_code == 405


def test_what_cannot_be_read_is_refused(world: World, lina: Program) -> None:
    headers = {"Authorization": f"Bearer {lina.token}", "Idempotency-Key": once.new_key()}
    for body, kind in (("{", "application/json"), (b"\xff\xfe", "application/json"), ("[]", "application/json")):
        answer = lina.client.post("/api/v1/cases", body, content_type=kind, headers=headers)
        assert answer.status_code in (400, 422), answer.content
        assert answer["Content-Type"] == PROBLEM


def test_chinese_is_not_escaped(lina: Program) -> None:
    assert "李娜" in lina.call("GET", "me").content.decode()


def test_the_description_is_for_whoever_is_signed_in(world: World) -> None:
    """Strangers are led to sign-in."""
    assert Client().get("/api/").status_code == 302
    client = world.client("lina")
    page = client.get("/api/")
    assert page.status_code == 200
    assert "/api/v1/cases/{number}" in page.content.decode()
    schema = client.get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    named = [each["name"] for each in schema["paths"]["/api/v1/cases"]["get"]["parameters"]]
    assert {"number", "state", "sort", "after", "limit"} <= set(named)
