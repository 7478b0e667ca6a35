"""A program talks with a customer: opens, drafts, has it released, takes in what comes."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.programs import Program
from tests.hostile.world import World
from yinuo.kit import once
from yinuo.letters import models


def answered(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


@pytest.fixture
def lina(world: World) -> Program:
    return Program(world.company.lina)


def opened(world: World, program: Program, **more: object) -> Any:
    said = {"title": "盐雾时间", "purpose": "clarification", **more}
    return answered(program.create(f"talks/about/cases.case/{world.rows['case'].pk}", said), 201)


def test_a_talk_from_its_opening_to_the_agreed_wording(world: World, lina: Program) -> None:
    talk = opened(world, lina)
    where = f"talks/{talk['id']}"
    key = once.new_key()
    said = {"text": "请问盐雾时间是多少？", "contact": world.rows["contact"].pk, "ask": True}
    letter = answered(lina.create(f"{where}/letters", said, key), 201)
    assert answered(lina.create(f"{where}/letters", said, key), 201)["id"] == letter["id"]
    assert (letter["state"], letter["contact"]["id"]) == ("draft", world.rows["contact"].pk)
    at = f"letters/{letter['id']}"
    letter = answered(lina.change("PATCH", at, {"text": "请问盐雾时间是多少小时？"}, letter["version"]))
    assert letter["asked_at"]  # what is left out stays
    assert lina.change("POST", f"{at}/release", None, letter["version"] - 1).status_code == 412
    other = Program(world.company.zhou)
    assert answered(other.change("POST", f"{at}/release", None, letter["version"]), 403)["detail"]
    letter = answered(lina.change("POST", f"{at}/release", None, letter["version"]))
    sent = {"sent_at": "2026-01-05T09:00:00+08:00", "way": "portal"}
    letter = answered(lina.change("POST", f"{at}/sent", sent, letter["version"]))
    assert (letter["state"], letter["way"]) == ("sent", "portal")
    spoken = {"text": "720 小时", "way": "phone", "said_at": "2026-01-05T10:00:00+08:00", "speaker": "沈工",
              "confirm_due_on": "2026-12-30"}  # fmt: skip
    heard = answered(lina.create(f"{where}/received", spoken), 201)
    assert heard["confirmation"] == "waiting"
    written = spoken | {"way": "mail", "confirms": heard["id"]}
    answered(lina.create(f"{where}/received", written), 201)
    assert lina.get(f"letters/{heard['id']}")["confirmation"] == "confirmed"
    talk = lina.get(where)
    assert [each["direction"] for each in talk["letters"]] == ["out", "in", "in"]
    talk = answered(lina.change("POST", f"{where}/outcome", {"wording": "720 小时"}, talk["version"]))
    assert (talk["state"], talk["outcome"]) == ("closed", "720 小时")
    talk = answered(lina.change("POST", f"{where}/reopen", {"reason": "有误"}, talk["version"]))
    assert answered(lina.change("POST", f"{where}/close", {"reason": "合并"}, talk["version"]))["state"] == "closed"


def test_a_template_begins_a_letter_and_gets_a_new_edition(world: World) -> None:
    program = Program(world.company.zhao)
    talk = opened(world, program)
    begun = program.get(f"talks/{talk['id']}/begin/question/zh")
    assert begun["text"]
    template = program.call("GET", "letter-templates/question/zh")
    assert template["ETag"] == '"0"'
    said = {"heading": "关于 {{ 事项 }}"}
    kept = answered(program.change("PATCH", "letter-templates/question/zh", said, 0))
    assert (kept["heading"], kept["text"]) == (said["heading"], template.json()["text"])
    wrong = program.change("PATCH", "letter-templates/question/zh", {"text": "{{ 密码 }}"}, kept["version"])
    assert answered(wrong, 409)["field"] == "text"


MAIL = (
    "From: 沈工 <shen@customer.example>\nTo: us@example.com\nSubject: Salt spray\nMessage-ID: <a1@customer.example>\n"
)


def test_a_mail_is_taken_in_once(lina: Program) -> None:
    def send() -> Any:
        file = SimpleUploadedFile("m.eml", f"{MAIL}\nPlease test 720 hours.".encode())
        return answered(lina.send("mails", {"file": file}), 201)["mail"]

    first = send()
    assert (first["heading"], first["outcome"], first["led_to_type"]) == ("Salt spray", "sorting", "cases.finding")
    assert send()["id"] == first["id"]
    no_mail = SimpleUploadedFile("m.eml", b"")
    assert lina.send("mails", {"file": no_mail}).status_code in (409, 422)


def test_mailboxes_are_for_administrators_and_tell_no_password(world: World, lina: Program) -> None:
    assert lina.call("GET", "mailboxes").status_code == 403
    admin = Program(world.company.admin)
    said = {"name": "质量", "address": "q@example.com", "host": "imap.example.com", "user": "q", "password": "geheim",
            "since_on": "2026-01-01"}  # fmt: skip
    made = answered(admin.create("mailboxes", said), 201)
    assert "geheim" not in json.dumps(made)
    changed = admin.change("PATCH", f"mailboxes/{made['id']}", {"is_active": False}, made["version"])
    assert answered(changed)["host"] == "imap.example.com"
    sender = {"name": "一诺", "host": "smtp.example.com", "password": "geheim"}
    box = answered(admin.change("PATCH", f"mailboxes/{made['id']}/sender", sender, 0))
    assert box["sender"]["user"] == "q"
    assert models.Sender.objects.get(mailbox=made["id"]).secret != "geheim"
