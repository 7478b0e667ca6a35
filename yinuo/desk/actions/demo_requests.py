"""The demo company's requests, lived through procedure S5 by its people, hour by working hour, up to today."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from yinuo.cases import models as cases
from yinuo.cases.actions import closing, items, judging, opening
from yinuo.desk.actions import demo_company
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.org.actions import absences, signing
from yinuo.procedures import access
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import working
from yinuo.procedures.queries import tasks as task_queries

MOST_STEPS = 60  # a request that takes more turns in a circle
# Steps of S5 in the order in which a request without trouble meets them; two departments, two actions.
STEPS = [
    "register", "acknowledge", "analyse", "departments", "departments", "plan", "implement", "implement", "verify",
    "verify", "draft_reply", "release_reply", "feedback", "complete", "",
]  # fmt: skip


@dataclass
class Story:
    """One request on its way: what the data say of it, the case, and the demo company's clock."""

    company: demo_company.Company
    row: dict[str, Any]
    case: cases.Case
    calendar: org_rules.Calendar
    at: datetime
    now: datetime
    pace: float

    def later(self) -> datetime:
        """The next step's moment: some working hours later, never after today's."""
        self.at = min(self.calendar.add_working_hours(self.at, self.pace).at, self.now)
        return self.at


def live_through(company: demo_company.Company, *, by: actors.Program, now: datetime) -> None:
    """Register each request of the data and carry it to where the data say."""
    calendar = org_queries.calendar(company.sites["nb"].pk)
    for row in sorted(demo_company.read("requests")["requests"], key=lambda row: -row["days"]):
        at = calendar.next_working_moment(now - timedelta(days=row["days"] * 7 / 5))
        hours = calendar.working_time_between(at, now) / timedelta(hours=1)
        pace = hours / (STEPS.index(row["until"]) + 1.5) * row.get("haste", 1)
        _carry(Story(company, row, _open(company, row, at), calendar, at, now, pace))
    tang = company.people["tang"]
    absences.enter_absence(
        person=tang,
        delegate=company.people["wang"],
        from_at=now - timedelta(hours=20),
        to_at=now + timedelta(days=3),
        reason="培训",
        by=tang,
        now=now,
    )


def _open(company: demo_company.Company, row: dict[str, Any], at: datetime) -> cases.Case:
    product = company.products.get(row.get("product", ""))
    customer = company.customers[row["customer"]]
    contact = company.contacts.get(row.get("contact", ""))
    name = "原件.png" if row["channel"] in ("visit", "sample", "phone", "audit") else "顾客来函.eml"
    return opening.open_case(
        by=company.people[row["who"]],
        now=at,
        customer=customer,
        title=row["title"],
        channel=row["channel"],
        items=[opening.NewItem(text=item["text"], kind=item["kind"], product=product) for item in row["items"]],
        notified_at=at,
        contact=contact,
        said_by="" if contact else "顾客代表",
        said_at=at - timedelta(hours=2),
        wanted_on=(at + timedelta(days=30)).date(),
        products=[product] if product else [],
        owner=company.people[row.get("owner", "wang")],
        is_safety=row.get("safety", False),
        stops_line=row.get("safety", False),
        is_oral=row.get("oral", False),
        files=[(name, original(row, name))],
    )


def original(row: dict[str, Any], name: str) -> bytes:
    """An original for the demo: a mail as text, or a drawn sheet standing for a photograph."""
    if name.endswith(".eml"):
        body = "\n".join(item["text"] for item in row["items"])
        return (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
            f"From: sample@customer.example\nTo: sales@qinghe.example\nSubject: {row['title']}\n\n{body}\n"
        ).encode()
    picture = Image.new("RGB", (900, 600), "#f6f5f1")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 840, 540), outline="#0f5f66", width=4)
    pen.line((60, 300, 840, 300), fill="#d3cfc4", width=2)
    pen.ellipse((380, 220, 520, 380), outline="#a81f1a", width=6)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def _carry(story: Story) -> None:
    """Do one open step after the other until the step at which the data say the request stands today."""
    for _turn in range(MOST_STEPS):
        task = _next(story.case)
        if task is None or task.step == story.row.get("until"):
            return
        story.case.refresh_from_db()
        if task.is_for_people:
            _work(story, task)
        else:
            _answer(story, task)
    raise RuntimeError(f"{story.case} turns in a circle at {task.step if task else ''}")


def _next(case: cases.Case) -> procedures.Task | None:
    return task_queries.open_tasks(case).filter(state=procedures.Task.State.OPEN).order_by("pk").first()


def _work(story: Story, task: procedures.Task) -> None:
    """The person whose task it is fills in the step's form and submits it."""
    at = story.later()
    person = task.holder or org.Person.objects.get(pk=access.whose(task, at)[0])
    given = ANSWERS[task.step](story, task, person) if task.step in ANSWERS else {}
    signs = task.kind == procedures.Task.Kind.DECISION and task.step in SIGNED
    # The demo company is set up in one transaction; checking a password needs one of its own.
    proof = signing.Proof(person_id=person.pk, way="password", at=at) if signs else None
    working.submit(task=task, by=person, now=at, expected=task.version, proof=proof, **given)


def _answer(story: Story, task: procedures.Task) -> None:
    """What the customer says when the procedure waits for it."""
    at = story.later()
    lina = story.company.people["lina"] if story.row["customer"] != "faw-vw" else story.company.people["qian"]
    said = story.case.speaker or "顾客代表"
    if task.step == "written":
        for item in story.case.items.all():
            wording = item.wordings.order_by("-number")[0]
            items.confirm_wording(wording=wording, confirmed=True, how="顾客邮件确认", by=lina, now=at)
    elif task.step == "customer_decision":
        item = story.case.items.get(pk=int(task.path[-1]))
        judging.record_answer(
            item=item, answer="accepted", answer_by=said, answer_on=at.date(), by=lina, now=at, expected=item.version
        )
    elif task.step == "feedback":
        closing.record_feedback(
            case=story.case, way="phone", speaker=said, said_at=at, is_satisfied=True, score=5,
            words="答复及时，措施有效。", by=lina, now=at,
        )  # fmt: skip


Given = dict[str, Any]


def _items(story: Story) -> list[cases.Item]:
    return list(story.case.items.filter(withdrawn_at=None).order_by("position"))


def _register(story: Story, task: procedures.Task, person: org.Person) -> Given:
    lines = [
        {"item": item.pk, "kind": item.kind, "applies": item.applies, "owner": story.case.owner_id, "due_on": None}
        for item in _items(story)
    ]
    return {"outcome": "accept", "data": {"items": lines, "original_kept": True}}


def _acknowledge(story: Story, task: procedures.Task, person: org.Person) -> Given:
    sent = story.at.isoformat(timespec="minutes")
    return {"data": {"sent_at": sent, "way": "mail", "to_whom": story.case.speaker or "顾客代表"}}


def _analyse(story: Story, task: procedures.Task, person: org.Person) -> Given:
    lines = [
        {"item": item.pk, "authentic": True, "feasible": True, "reasonable": True, "words": ""}
        for item in _items(story)
    ]
    return {
        "data": {
            "items": lines,
            "clarity": "clear",
            "departments": ["department:quality", "department:production"],
            "findings": "来源已核实，表述清楚，可按期实施。",
        }
    }


def _departments(story: Story, task: procedures.Task, person: org.Person) -> Given:
    lines = []
    for number, item in enumerate(_items(story)):
        is_refused = story.row.get("cannot") == number + 1 and task.party.endswith("production")
        verdict = "cannot" if is_refused else "can"
        lines.append({"item": item.pk, "verdict": verdict, "condition": "模具产能不足" if is_refused else ""})
    worst = "cannot" if any(line["verdict"] == "cannot" for line in lines) else "can"
    condition = "有一项不能满足，见逐项意见" if worst == "cannot" else ""
    return {"verdict": worst, "condition": condition, "data": {"items": lines, "risks": "无新增风险", "effort": 6}}


def _plan(story: Story, task: procedures.Task, person: org.Person) -> Given:
    due_on = (story.at + timedelta(days=10)).date().isoformat()
    people = [story.company.people["tang"], story.company.people["sun"]]
    lines = [
        {
            "item": item.pk,
            "what": f"落实要求项 {item.position} 并更新控制计划",
            "person": people[n % 2].pk,
            "due_on": due_on,
        }
        for n, item in enumerate(_items(story))
    ]
    return {"data": {"summary": "更新控制计划与作业指导书，培训后实施。", "actions": lines, "cost": 12000}}


def _explain(story: Story, task: procedures.Task, person: org.Person) -> Given:
    return {
        "data": {
            "reason": "模具与检验产能不足，按现有节拍无法提前。",
            "alternative": "提前一周分两批交付，首批 60 %。",
        }
    }


def _implement(story: Story, task: procedures.Task, person: org.Person) -> Given:
    done_on = story.calendar.day_of(story.at).isoformat()
    return {"data": {"done_on": done_on, "what": "已更新控制计划，班组已培训，首批验证合格。"}}


def _verify(story: Story, task: procedures.Task, person: org.Person) -> Given:
    return {"outcome": "passed", "data": {"method": "现场核查与抽检", "finding": "记录齐全，抽检 5 件全部合格。"}}


def _draft_reply(story: Story, task: procedures.Task, person: org.Person) -> Given:
    return {"data": {"body": "贵司提出的各项要求均已落实并验证，证据随附。感谢您的支持。"}}


def _release_reply(story: Story, task: procedures.Task, person: org.Person) -> Given:
    sent = story.at.isoformat(timespec="minutes")
    return {
        "outcome": "release",
        "data": {"body": "贵司提出的各项要求均已落实并验证，证据随附。", "way": "mail", "sent_at": sent},
    }


def _complete(story: Story, task: procedures.Task, person: org.Person) -> Given:
    lesson = "同类要求先核对在用控制计划，再确定检验频次，可少走一轮沟通。"
    return {
        "data": {"remark": "全部落实，顾客满意。", "has_lesson": True, "lesson": lesson, "tags": "控制计划，检验频次"}
    }


SIGNED = {"approve", "verify"}
ANSWERS: dict[str, Callable[[Story, procedures.Task, org.Person], Given]] = {
    "register": _register,
    "acknowledge": _acknowledge,
    "analyse": _analyse,
    "departments": _departments,
    "plan": _plan,
    "explain": _explain,
    "release_alternative": lambda story, task, person: {"outcome": "release"},
    "approve": lambda story, task, person: {"outcome": "agree", "data": {"remark": "同意。"}},
    "implement": _implement,
    "verify": _verify,
    "draft_reply": _draft_reply,
    "release_reply": _release_reply,
    "complete": _complete,
}
