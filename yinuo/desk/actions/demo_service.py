"""What the people of the demo company enter in the steps of procedures S1 and S7."""

from collections.abc import Callable
from typing import Any

from yinuo.cases import models as cases
from yinuo.desk.actions.demo_answers import Story
from yinuo.procedures import models as procedures

Given = dict[str, Any]


def given(story: Story, task: procedures.Task) -> Given:
    """What is entered in the task's form."""
    step = ANSWERS.get(task.step)
    return step(story) if step is not None else {}


def _items(story: Story) -> list[dict[str, Any]]:
    found = cases.Item.objects.filter(case=story.case).order_by("position")
    return [{"item": item.pk, "kind": item.kind, "applies": item.applies, "owner": None, "due_on": None}
            for item in found]  # fmt: skip


def _record(story: Story) -> Given:
    data: dict[str, Any] = {"items": _items(story), "original_kept": True}
    if story.row["procedure"] == "s7":
        data |= {"asked_at": story.at.isoformat(timespec="minutes"), "place": story.row["place"]}
        data |= {"detail": "现场班长在场，照片已存档。"}
        data |= {"danger": "夹紧时手可能被夹，已停用并挂牌。"} if story.case.is_safety else {}
    return {"outcome": "accept", "data": data}


def _assign(story: Story) -> Given:
    person = story.company.people[story.row["give"]]
    data = {"owner": f"person:{person.employee_number}", "grounds": ["nature", "skill", "load"]}
    return {"data": data | {"reason": "具备相关技能，本周负荷较低，在宁波工厂。"}}


def _handle(story: Story) -> Given:
    data = {"progress": "标签格式已改，打印程序须由信息组修改。", "blocked_by": "信息组排期到下月，须提前。"}
    return {"outcome": "coordinate", "data": data}


def _report(story: Story) -> Given:
    data = {"body": "已安排专人处理，预计两个工作日内完成，期间定期告知进展。", "way": "mail"}
    return {"outcome": "sent", "data": data}


ANSWERS: dict[str, Callable[[Story], Given]] = {
    "record": _record,
    "assign": _assign,
    "handle": _handle,
    "progress_report": _report,
}
