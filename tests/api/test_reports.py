"""Figures by program: the same as on the screen; reports kept, sent, deleted."""

import json
from typing import Any

from django.utils import timezone

from tests.api.programs import Program
from tests.hostile import world as worlds
from tests.hostile.world import World
from yinuo.kit import actors
from yinuo.reports.actions import accounting


def answered(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


def counted() -> None:
    while accounting.count_changed(by=actors.PROGRAM, now=timezone.now()):
        pass


def test_figures_of_a_span(world: World) -> None:
    counted()
    worlds.everything(world.company.zhou)
    program = Program(world.company.zhou)
    found = program.get("statistics?cut=kind&span=own&since=2026-01-01&until=2026-12-31")
    assert (found["since"], found["until"]) == ("2026-01-01", "2026-12-31")
    assert found["total"]["registered"] == sum(line["registered"] for line in found["lines"]) > 0
    part = program.get("statistics?cut=kind&span=own&since=2026-01-02&until=2026-12-30")
    assert part["total"]["registered"] <= found["total"]["registered"]
    assert program.call("GET", "statistics?cutt=kind").status_code == 422
    assert program.get("problem-areas?by=kind&span=year")["areas"] is not None
    assert "items" in program.get("repeats")


def test_a_report_is_kept_sent_and_deleted(world: World) -> None:
    program = Program(world.company.zhou)
    said = {"name": "近四周", "page": "statistics", "query": "span=weeks4&cut=kind&other=1"}
    made = answered(program.create("saved-reports", said), 201)
    assert made["query"] == "span=weeks4&cut=kind"
    where = f"saved-reports/{made['id']}"
    sending = {"rhythm": "weekly", "on_day": 1, "at_hour": 8, "people": [world.company.zhou.pk]}
    it = answered(program.change("PATCH", f"{where}/sending", sending, made["version"]))
    assert (it["rhythm"], [each["id"] for each in it["receivers"]]) == ("weekly", [world.company.zhou.pk])
    assert it["next_at"]
    it = answered(program.change("PATCH", where, {"name": "近 4 周"}, it["version"]))
    assert it["name"] == "近 4 周"
    assert program.change("PATCH", where, {"name": "x"}, made["version"]).status_code == 412
    answered(program.change("POST", f"{where}/delete", None, it["version"]))
    assert program.call("GET", where).status_code == 404
    assert program.create("saved-reports", {**said, "page": "board"}).status_code == 422
