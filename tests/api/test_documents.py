"""A document goes in as its file and comes out as clauses."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.programs import Program
from tests.hostile.world import World
from tests.sources.test_documents import TEXT
from yinuo.sources import jobs

KEY = "document-2026-000001"


def asked(world: World, **more: object) -> dict[str, object]:
    said = {"kind": "manual", "title": "供应商质量手册", "label": "2026.1", "received_on": "2026-03-02"}
    file = SimpleUploadedFile("manual.txt", TEXT.encode())
    return said | {"customer": world.rows["customer"].pk, "files": file} | more


def answered(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


def test_upload_ask_and_take(world: World) -> None:
    program = Program(world.company.lina)
    made = program.send("documents", asked(world), KEY)
    edition = answered(made, 201)
    assert (edition["clauses"], edition["files"][0]["name"]) == ("reading", "manual.txt")
    where = f"editions/{edition['id']}"
    assert made["Location"] == f"/api/v1/{where}"
    jobs.read(edition["id"])
    assert program.get(where)["clauses"] == "draft"
    said = program.get(f"{where}/clauses")
    assert [(each["number"], each["depth"]) for each in said["clauses"]] == [("1", 0), ("1.1", 1), ("1.2", 1), ("2", 0)]
    assert said["clauses"][1]["parent"] == said["clauses"][0]["key"]
    left = sum(len("".join(each["text"].split())) for each in said["left_over"])
    assert said["assigned"] + left == said["characters"]
    assert answered(program.send("documents", asked(world), KEY), 201)["id"] == edition["id"]
    version = program.get(where)["version"]
    assert answered(program.change("POST", f"{where}/accept", None, version), 200)["clauses"] == "accepted"
    assert program.get(f"{where}/clauses")["is_accepted"]


def test_a_fault_names_its_field(world: World) -> None:
    answer = Program(world.company.lina).send("documents", asked(world, kind="novel", received_on="tomorrow"))
    assert {each["field"] for each in answered(answer, 422)["errors"]} >= {"kind", "received_on"}


def test_a_secret_document_is_nobody_else_s(world: World) -> None:
    where = f"editions/{world.rows['edition'].pk}"
    Program(world.company.lina).get(where)
    other = Program(world.company.he)
    assert other.call("GET", where).status_code == 404
    assert other.call("GET", f"{where}/clauses").status_code == 404


def test_what_changed_between_two_editions(world: World) -> None:
    program = Program(world.company.lina)
    old = answered(program.send("documents", asked(world), KEY), 201)
    document = old["document"]
    following = SimpleUploadedFile("next.txt", TEXT.replace("15年", "20年").encode())
    said = {"label": "2026.2", "received_on": "2026-03-02", "files": following}
    new = answered(program.send(f"documents/{document}/editions", said), 201)
    for each in (old, new):
        jobs.read(each["id"])
    told = program.get(f"editions/{new['id']}/compare")
    assert told["changed"] == [["1.1", "1.1"]]
    assert (told["added"], told["removed"], told["moved"], len(told["unchanged"])) == ([], [], [], 3)
    assert [each["values"] for each in told["matches"] if each["values"]] == [[{"old": "15年", "new": "20年"}]]
    assert program.call("GET", f"editions/{old['id']}/compare").status_code == 404
