"""A program links, merges and splits cases, and says what was asked again and again."""

import json
from typing import Any

import pytest

from tests.api.programs import Program
from tests.hostile import world as worlds
from tests.hostile.world import World
from yinuo.kit import once


def answered(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


@pytest.fixture
def lina(world: World) -> Program:
    worlds.everything(world.company.lina)
    return Program(world.company.lina)


def opened(world: World, program: Program, title: str, *texts: str) -> Any:
    items = [{"text": each, "kind": "quality"} for each in texts]
    said = {"customer": world.rows["customer"].pk, "title": title, "channel": "mail", "said_by": "沈工", "items": items}
    return answered(program.create("cases", said), 201)


def test_two_cases_are_linked_and_the_link_is_void(world: World, lina: Program) -> None:
    one, other = (opened(world, lina, title, "每批附报告") for title in ("包装甲", "包装乙"))
    where, key = f"cases/{one['number']}/related", once.new_key()
    said = {"other": other["number"], "relation": "related", "reason": "同一包装"}
    (link,) = answered(lina.create(where, said, key), 201)["links"]
    assert (link["number"], link["reason"]) == (other["number"], "同一包装")
    assert len(answered(lina.create(where, said, key), 201)["links"]) == 1
    assert lina.create(where, said).status_code == 409  # linked like this already
    assert answered(lina.create(where, {**said, "other": "CSR-0"}), 422)["field"] == "other"
    (back,) = lina.get(f"cases/{other['number']}/related")["links"]
    assert back["number"] == one["number"]
    assert lina.change("POST", f"{where}/{link['id']}/void", {"reason": "有误"}, 9).status_code == 412
    assert answered(lina.change("POST", f"{where}/{link['id']}/void", {"reason": "有误"}, 1))["links"] == []


def test_a_case_is_merged_and_taken_back_out(world: World, lina: Program) -> None:
    one = opened(world, lina, "盐雾甲", "盐雾 720 小时", "附照片")
    into = opened(world, lina, "盐雾乙", "盐雾试验报告随货")
    item = one["items"][1]
    said = {"survivor": into["number"], "survivor_version": into["version"], "reason": "同一要求",
            "items": [{"id": item["id"], "version": item["version"]}]}  # fmt: skip
    where = f"cases/{one['number']}"
    assert lina.change("POST", f"{where}/merge", said, one["version"] + 5).status_code == 412
    stale = {**said, "survivor_version": into["version"] + 5}
    assert lina.change("POST", f"{where}/merge", stale, one["version"]).status_code == 412
    nowhere = lina.change("POST", f"{where}/merge", {**said, "survivor": "CSR-0"}, one["version"])
    assert answered(nowhere, 422)["field"] == "survivor"
    survivor = answered(lina.change("POST", f"{where}/merge", said, one["version"]))
    assert survivor["number"] == into["number"]
    assert "附照片" in [each["text"] for each in survivor["items"]]
    assert lina.get(f"{where}/related")["merged_into"] == into["number"]
    assert [each["number"] for each in lina.get(f"cases/{into['number']}/related")["merged"]] == [one["number"]]
    merged = lina.get(where)
    wrong = lina.change("POST", f"{where}/take-out", {"to": "nowhere", "reason": "有误"}, merged["version"])
    assert answered(wrong, 422)["field"] == "to"
    out = lina.change("POST", f"{where}/take-out", {"to": "register", "reason": "有误"}, merged["version"])
    assert answered(out)["number"] == one["number"]
    assert lina.get(f"{where}/related")["merged_into"] is None


def test_a_case_is_split_once(world: World, lina: Program) -> None:
    one = opened(world, lina, "两件事", "每批附报告", "标签改版")
    item, key = one["items"][1], once.new_key()
    said = {"items": [{"id": item["id"], "version": item["version"]}], "title": "标签", "reason": "由物流办理"}

    def split(version: int, key: str) -> Any:
        where = f"cases/{one['number']}/split"
        return lina.call("POST", where, said, Idempotency_Key=key, If_Match=f'"{version}"')

    assert split(one["version"] + 5, once.new_key()).status_code == 412
    made = answered(split(one["version"], key), 201)
    assert (made["title"], [each["text"] for each in made["items"]]) == ("标签", ["标签改版"])
    assert answered(split(one["version"], key), 201)["number"] == made["number"]
    version = lina.get(f"cases/{one['number']}")["version"]
    assert split(version, once.new_key()).status_code == 412  # the item has gone since


def test_what_does_not_ask_the_same_is_said_apart_and_brought_in_again(world: World, lina: Program) -> None:
    where = f"repeats/{world.rows['repeat'].pk}"
    told = lina.get(where)
    numbers = {each["case"] for each in told["members"]}
    assert numbers == {world.rows["case"].number, world.rows["twin"].number}
    other = opened(world, lina, "盐雾丙", "盐雾试验 720 小时")
    brought = lina.create(f"{where}/bring", {"case": world.rows["case"].number})
    assert brought.status_code == 409  # it is in this group already
    assert answered(lina.create(f"{where}/bring", {"case": "CSR-0"}), 422)["field"] == "case"
    assert other["number"] not in numbers
    member = told["members"][0]
    at = f"{where}/items/{member['item']}/apart"
    assert lina.change("POST", at, {"reason": "限值不同"}, member["version"] + 1).status_code == 412
    assert answered(lina.change("POST", at, {"reason": "限值不同"}, member["version"])) == {"is_left": False}
    assert lina.call("GET", where).status_code == 404
