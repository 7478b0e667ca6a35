"""A program keeps portals, plans of reports and who releases, and says what became of engineering changes."""

import json
from typing import Any

import pytest

from tests.api.programs import Program
from tests.hostile import world as worlds
from tests.hostile.world import World
from yinuo.kit import once
from yinuo.org import models as org


def answered(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


@pytest.fixture
def lina(world: World) -> Program:
    return Program(world.company.lina)


def test_a_portal_is_kept_and_looked_at(world: World, lina: Program) -> None:
    where, key = f"customers/{world.rows['customer'].pk}/portals", once.new_key()
    said = {"name": "供应商门户", "address": "https://b2b.example/", "frequency": "weekly"}
    made = answered(lina.create(where, said, key), 201)
    assert (made["keeper"]["id"], made["address"], made["version"]) == (world.company.lina.pk, said["address"], 1)
    assert answered(lina.create(where, said, key), 201)["id"] == made["id"]
    assert answered(lina.create(where, {"name": "无地址"}), 422)["field"] == "url"
    at = f"portals/{made['id']}"
    changed = answered(lina.change("PATCH", at, {"account": "AB-1"}, 1))
    assert (changed["account"], changed["name"]) == ("AB-1", "供应商门户")
    assert lina.change("PATCH", at, {"account": "AB-2"}, 1).status_code == 412
    bare = lina.change("POST", f"{at}/checks", {"result": "something_new"}, 2)
    assert answered(bare, 409)["field"] == "note"
    looked = answered(lina.change("POST", f"{at}/checks", {"result": "nothing_new"}, 2))
    assert [each["result"] for each in looked["checks"]] == ["nothing_new"]
    assert looked["checks"][0]["by"] == world.company.lina.name
    assert lina.change("POST", f"{at}/checks", {"result": "nothing_new"}, 2).status_code == 412
    assert made["id"] in {each["id"] for each in lina.get("portals")["items"]}
    assert Program(world.company.he).call("GET", at).status_code == 404


def test_reports_of_progress_are_planned_and_drafted(world: World, lina: Program) -> None:
    where = f"progress-plans/about/customers.customer/{world.rows['customer'].pk}"
    assert lina.call("GET", where).status_code == 404
    assert lina.change("PATCH", where, {"every": "month"}, 3).status_code == 412
    plan = answered(lina.change("PATCH", where, {"every": "month"}, 0))
    assert (plan["every"], plan["is_active"], plan["version"]) == ("month", True, 1)
    changed = answered(lina.change("PATCH", where, {"is_active": False}, 1))
    assert (changed["every"], changed["is_active"]) == ("month", False)
    assert answered(lina.change("PATCH", where, {"every": "hourly"}, 2), 422)["field"] == "every"
    assert answered(lina.create(f"progress-plans/{plan['id']}/draft", {})) == {"is_drafted": False, "trouble": ""}
    on = answered(lina.change("PATCH", where, {"is_active": True}, 2))
    key = once.new_key()
    drafted = answered(lina.create(f"progress-plans/{plan['id']}/draft", {}, key))
    assert drafted["is_drafted"], drafted
    assert answered(lina.create(f"progress-plans/{plan['id']}/draft", {}, key))["is_drafted"]
    assert lina.get(where)["next_on"] > on["next_on"]


def test_a_post_releases_in_the_window_s_place(world: World, lina: Program) -> None:
    assert lina.create("release-rules", {"post": None}).status_code == 403
    worlds.everything(world.company.zhou)
    zhou, post = Program(world.company.zhou), org.Post.objects.order_by("pk").first()
    assert post is not None
    rules = answered(zhou.create("release-rules", {"purpose": "reply", "post": post.pk}))
    assert [(each["purpose"], each["post"]["id"]) for each in rules] == [("reply", post.pk)]
    assert zhou.get("release-rules") == rules
    assert answered(zhou.create("release-rules", {"purpose": "reply", "post": None})) == []
    assert answered(zhou.create("release-rules", {"purpose": "novel", "post": None}), 422)["field"] == "purpose"


def test_what_a_change_means_for_ppap_and_which_suppliers_know_of_it(world: World, lina: Program) -> None:
    where = f"engineering-changes/{world.rows['change'].number}"
    told = lina.get(where)
    bare = lina.change("POST", f"{where}/impact", {"impact": "resubmit"}, told["version"])
    assert bare.status_code in (409, 422)
    judged = answered(lina.change("POST", f"{where}/impact", {"impact": "none", "note": "仅文字"}, told["version"]))
    assert (judged["impact"], judged["impact_by"]) == ("none", world.company.lina.name)
    assert lina.change("POST", f"{where}/impact", {"impact": "none"}, told["version"]).status_code == 412
    key = once.new_key()
    named = answered(lina.create(f"{where}/suppliers", {"name": "华东铸件"}, key), 201)
    assert answered(lina.create(f"{where}/suppliers", {"name": "华东铸件"}, key), 201) == named
    assert answered(lina.create(f"{where}/suppliers", {"name": "华东铸件"}), 409)["field"] == "name"
    (supplier,) = [each for each in named["suppliers"] if each["name"] == "华东铸件"]
    at = f"{where}/suppliers/{supplier['id']}"
    changed = answered(lina.change("PATCH", at, {"told_on": "2026-03-02"}, supplier["version"]))
    (supplier,) = [each for each in changed["suppliers"] if each["name"] == "华东铸件"]
    assert supplier["told_on"] == "2026-03-02"
    assert lina.change("PATCH", at, {"note": "x"}, 1).status_code == 412
    early = lina.change("PATCH", at, {"acknowledged_on": "2026-03-01"}, supplier["version"])
    assert answered(early, 409)["field"] == "acknowledged_on"


def test_words_hold_no_nul(world: World, lina: Program) -> None:
    where = f"clauses/{world.rows['clause'].pk}/judge"
    answer = lina.change("POST", where, {"nature": "other", "reason": "a\x00b"}, 1)
    assert answered(answer, 422)["field"] == "reason"
