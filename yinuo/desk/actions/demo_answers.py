"""What the people of the demo company enter in each step of procedure S5, and what its customers answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yinuo.cases import models as cases
from yinuo.cases.actions import closing, items, judging
from yinuo.customers import queries as customer_queries
from yinuo.desk import engine
from yinuo.desk.actions import demo_clock, demo_company
from yinuo.org import models as org
from yinuo.procedures import models as procedures

DEPARTMENTS = ("quality", "production")  # asked where the data name no others


@dataclass
class Story:
    """One request on its way: what the data say of it, the case, and the demo company's clock.

    `at` is the moment reached, `until` the one at which the step where it stands today was opened.
    """

    company: demo_company.Company
    row: dict[str, Any]
    case: cases.Case
    clock: demo_clock.Clock
    at: datetime
    until: datetime
    pace: timedelta

    def later(self) -> datetime:
        """The next step's moment."""
        self.at = min(self.clock.after(self.at, self.pace), self.until)
        return self.at

    @property
    def window(self) -> org.Person:
        """Whoever speaks with the customer."""
        return customer_queries.window(self.case.customer).people[0]

    @property
    def speaker(self) -> str:
        return self.case.speaker or "顾客代表"

    def has(self, key: str, item: cases.Item) -> bool:
        """Whether the data name the item, by its number, under this key."""
        return item.position in self.row.get(key, ())


# What the customer says when the procedure waits for it --------------------------------------------------------------


def answer(story: Story, task: procedures.Task) -> None:
    at, by = story.later(), story.window
    if task.step == "written":
        confirmed = story.row.get("confirmed", True)
        how = "顾客邮件确认" if confirmed else "顾经理电话答复：不再另发邮件"
        for item in _items(story):
            wording = item.wordings.order_by("-number")[0]
            items.confirm_wording(wording=wording, confirmed=confirmed, how=how, by=by, now=at)
    elif task.step == "customer_decision":
        item = story.case.items.get(pk=int(task.path[-1]))
        said = story.row.get("answer", "accepted")
        until_on = story.clock.day(0) + timedelta(days=90) if said == "waived" else None
        judging.record_answer(
            item=item, answer=said, answer_by=story.speaker, answer_on=story.clock.calendar.day_of(at),
            waived_until_on=until_on, by=by, now=at, expected=item.version,
        )  # fmt: skip
    elif task.step == "feedback":
        tell_how_satisfied(story, "答复及时，措施有效。", score=5, at=at)


def tell_how_satisfied(story: Story, words: str, *, score: int, at: datetime) -> None:
    """The customer's feedback came by mail and is recorded with it."""
    proof = engine.mail(f"反馈：{story.case.title}", [words])
    closing.record_feedback(
        case=story.case, way="mail", speaker=story.speaker, said_at=at, is_satisfied=score > 3, score=score,
        words=words, proof=[("顾客反馈.eml", proof)], by=story.window, now=at,
    )  # fmt: skip


# What our people enter -----------------------------------------------------------------------------------------------

Given = dict[str, Any]


def _items(story: Story) -> list[cases.Item]:
    return list(story.case.items.filter(withdrawn_at=None).order_by("position"))


def given(story: Story, task: procedures.Task) -> Given:
    """What is entered in the task's form."""
    return ANSWERS[task.step](story, task) if task.step in ANSWERS else {}


def _register(story: Story, task: procedures.Task) -> Given:
    lines = [
        {"item": item.pk, "kind": item.kind, "applies": item.applies, "owner": story.case.owner_id, "due_on": None}
        for item in _items(story)
    ]
    return {"outcome": "accept", "data": {"items": lines, "original_kept": True}}


def _acknowledge(story: Story, task: procedures.Task) -> Given:
    sent = story.at.isoformat(timespec="minutes")
    return {"data": {"sent_at": sent, "way": "mail", "to_whom": story.case.speaker or "顾客代表"}}


def _analyse(story: Story, task: procedures.Task) -> Given:
    lines = [
        {"item": item.pk, "authentic": True, "feasible": True, "reasonable": True, "words": ""}
        for item in _items(story)
    ]
    unclear = story.row.get("unclear", "")
    return {
        "data": {
            "items": lines,
            "clarity": "contradictory" if unclear else "clear",
            "unclear": unclear,
            "departments": [f"department:{code}" for code in story.row.get("departments", DEPARTMENTS)],
            "findings": "来源已核实，两份文件不一致，须澄清。" if unclear else "来源已核实，表述清楚，可按期实施。",
        }
    }


def _clarify(story: Story, task: procedures.Task) -> Given:
    sent = story.at.isoformat(timespec="minutes")
    return {"data": {"item": _items(story)[0].pk, "question": story.row["unclear"], "way": "mail", "sent_at": sent}}


WORDS = {"cannot": "现有设备节拍无法达到", "conditional": "须增加一台伺服焊机，自下季度起满足"}


def _departments(story: Story, task: procedures.Task) -> Given:
    """Production says what cannot be met, or on which condition; what is not its business concerns it not."""
    lines = []
    for item in _items(story):
        found = next((key for key in ("cannot", "conditional", "not_concerned") if story.has(key, item)), "can")
        verdict = found if task.party.endswith("production") or found == "not_concerned" else "can"
        lines.append({"item": item.pk, "verdict": verdict, "condition": WORDS.get(verdict, "")})
    said = {line["verdict"] for line in lines}
    worst = next(key for key in ("cannot", "conditional", "can", "not_concerned") if key in said)
    condition = "见逐项意见" if worst in WORDS else ""
    return {"verdict": worst, "condition": condition, "data": {"items": lines, "risks": "无新增风险", "effort": 6}}


def _plan(story: Story, task: procedures.Task) -> Given:
    due_on = story.clock.day(-story.row.get("due", 5)).isoformat()
    people = [story.company.people[name] for name in story.row.get("people", ["tang", "sun"])]
    met = [item for item in _items(story) if item.verdict not in ("cannot", "not_concerned")]
    lines = [
        {
            "item": item.pk,
            "what": f"落实要求项 {item.position} 并更新控制计划",
            "person": people[n % len(people)].pk,
            "due_on": due_on,
        }
        for n, item in enumerate(met or _items(story))
    ]
    summary = "更新控制计划与作业指导书，培训后实施。"
    return {"data": {"summary": summary, "actions": lines, "cost": story.row.get("cost", 12000)}}


def _explain(story: Story, task: procedures.Task) -> Given:
    return {
        "data": {
            "reason": "模具与检验产能不足，按现有节拍无法提前。",
            "alternative": story.row.get("alternative", "提前一周分两批交付，首批 60 %。"),
        }
    }


def _implement(story: Story, task: procedures.Task) -> Given:
    done_on = story.clock.calendar.day_of(story.at).isoformat()
    return {"data": {"done_on": done_on, "what": "已更新控制计划，班组已培训，首批验证合格。"}}


def _verify(story: Story, task: procedures.Task) -> Given:
    return {"outcome": "passed", "data": {"method": "现场核查与抽检", "finding": "记录齐全，抽检 5 件全部合格。"}}


def _draft_reply(story: Story, task: procedures.Task) -> Given:
    return {"data": {"body": "贵司提出的各项要求均已落实并验证，证据随附。感谢您的支持。"}}


def _release_reply(story: Story, task: procedures.Task) -> Given:
    sent = story.at.isoformat(timespec="minutes")
    return {
        "outcome": "release",
        "data": {"body": "贵司提出的各项要求均已落实并验证，证据随附。", "way": "mail", "sent_at": sent},
    }


def _complete(story: Story, task: procedures.Task) -> Given:
    lesson = "同类要求先核对在用控制计划，再确定检验频次，可少走一轮沟通。"
    return {
        "data": {"remark": "全部落实，顾客满意。", "has_lesson": True, "lesson": lesson, "tags": "控制计划，检验频次"}
    }


SIGNED = {"approve", "verify"}
ANSWERS: dict[str, Callable[[Story, procedures.Task], Given]] = {
    "register": _register,
    "acknowledge": _acknowledge,
    "analyse": _analyse,
    "clarify": _clarify,
    "departments": _departments,
    "plan": _plan,
    "explain": _explain,
    "release_alternative": lambda story, task: {"outcome": "release", "data": {"way": "mail"}},
    "approve": lambda story, task: {"outcome": "agree", "data": {"remark": "同意。"}},
    "implement": _implement,
    "verify": _verify,
    "draft_reply": _draft_reply,
    "release_reply": _release_reply,
    "complete": _complete,
}
