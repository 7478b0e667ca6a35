"""A case and its people, lived through step by step by the same actions as the pages call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests import cast
from yinuo.cases import models
from yinuo.cases.actions import opening
from yinuo.customers import models as customers
from yinuo.customers.actions import companies
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.org.actions import signing
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import publishing, working

NOW = cast.NOW
SALT = "前保险杠支架镀锌件中性盐雾试验时间由 480 h 提高到 720 h，试验后无红锈。"
REPORT = "每季度提交一次第三方实验室的盐雾试验报告。"
LEAD = "样件交付提前两周。"


def publish(company: cast.Company) -> None:
    """The shipped procedures, owned by the quality manager; the years known; who is competent in what."""
    for year in range(2025, 2029):
        org.CalendarYear.objects.get_or_create(year=year, defaults={"source": "test", "loaded_at": NOW})
    org.CalendarStamp.objects.create(token=uuid4().hex)
    publishing.load_library(by=actors.PROGRAM, now=NOW, owner_post=company.post["quality_manager"])


def skill(code: str, name: str, *people: org.Person) -> org.Skill:
    """A skill that the company keeps, and whose it is."""
    row = org.Skill.objects.create(code=code, name_zh=name, name_en=code)
    for person in people:
        org.PersonSkill.objects.create(person=person, skill=row, level=2, proof="记录 2025-11")
    return row


def customer(
    company: cast.Company, code: str = "SVW", name: str = "上汽大众（示例）", **facts: Any
) -> customers.Customer:
    """A customer whose window is 李娜."""
    facts.setdefault("window", company.lina)
    return companies.add(code=code, name_zh=name, although_similar=True, by=fresh(company.zhao), now=NOW, **facts)


def fresh(row: Any) -> Any:
    """The row as it stands in the database now (a person's rights are read once per request)."""
    return type(row).objects.get(pk=row.pk)


def items(*texts: str, **more: Any) -> list[opening.NewItem]:
    return [opening.NewItem(text=text, kind="technical", **more) for text in texts]


def open_case(company: cast.Company, of: customers.Customer, **said: Any) -> models.Case:
    """A request as 李娜 registers it, unless `said` otherwise."""
    said = {
        "title": "盐雾试验要求提高到 720 h",
        "channel": "mail",
        "items": items(SALT),
        "notified_at": NOW - timedelta(hours=1),
        "said_by": "沈工",
        "owner": company.wang,
        "by": fresh(company.lina),
        "now": NOW,
        **said,
    }
    return opening.open_case(customer=of, **said)


@dataclass
class Story:
    """A case on its way. Time passes by itself, an hour per deed."""

    company: cast.Company
    case: models.Case
    now: datetime = NOW
    done: list[str] = field(default_factory=list)

    def tick(self, **time: float) -> datetime:
        self.now += timedelta(**(time or {"hours": 1}))
        return self.now

    def person(self, who: str) -> org.Person:
        return fresh(self.company.people[who])

    def refreshed(self) -> models.Case:
        self.case = models.Case.objects.select_related("customer", "owner", "contact").get(pk=self.case.pk)
        return self.case

    def item(self, position: int) -> models.Item:
        return models.Item.objects.select_related("case__customer").get(case=self.case, position=position)

    def tasks(self, **wanted: Any) -> Any:
        return procedures.Task.objects.filter(subject_type="cases.case", subject_id=self.case.pk, **wanted)

    def steps(self) -> list[str]:
        """The steps that are open now."""
        return sorted(self.tasks(state__in=procedures.Task.LIVE).values_list("step", flat=True))

    def task(self, step: str, party: str = "", key: int | None = None) -> procedures.Task:
        """The open task of a step (for a party, or for one element of a repetition)."""
        found = self.tasks(step=step, state="open")
        if party:
            found = found.filter(party=party)
        rows = [task for task in found.order_by("-pk") if key is None or task.path == [str(key)]]
        assert rows, f"no open {step}: {self.steps()}"
        return rows[0]

    def submit(self, who: str, step: str, party: str = "", key: int | None = None, **values: Any) -> None:
        """Somebody finishes a step; decisions that are signed are signed."""
        task, by, now = self.task(step, party, key), self.person(who), self.tick()
        if values.pop("signed", False):
            values["proof"] = signing.Proof(person_id=by.pk, way="password", at=now)
        working.submit(task=task, by=by, now=now, expected=task.version, **values)
        self.done.append(step)
        self.refreshed()

    # The steps of S5, each as somebody usually does it ------------------------------------------------------------

    def accept(self, who: str = "lina") -> None:
        lines = [
            {"item": item.pk, "kind": item.kind, "applies": item.applies, "owner": self.company.wang.pk, "due_on": None}
            for item in self.case.items.all()
        ]
        self.submit(
            who, "register", outcome="accept", data={"items": lines, "original_kept": False, "no_original": "电话提出"}
        )

    def acknowledge(self, who: str = "lina") -> None:
        data = {"sent_at": self.now.isoformat(), "way": "mail", "to_whom": "沈工"}
        self.submit(who, "acknowledge", data=data)

    def analyse(self, who: str = "wang", *, feasible: Sequence[bool] = (), **more: Any) -> None:
        lines = []
        for at, item in enumerate(self.case.items.filter(withdrawn_at=None).order_by("position")):
            can = feasible[at] if at < len(feasible) else True
            words = "" if can else "现有工装无法满足"
            lines.append({"item": item.pk, "authentic": True, "feasible": can, "reasonable": True, "words": words})
        data = {"items": lines, "clarity": "clear", "departments": ["department:quality"], "findings": "可行", **more}
        self.submit(who, "analyse", data=data)

    def opine(self, who: str, department: str, *verdicts: str) -> None:
        standing = list(self.case.items.filter(withdrawn_at=None).order_by("position"))
        lines = [
            {"item": item.pk, "verdict": verdict, "condition": "" if verdict == "can" else f"{verdict}：说明"}
            for item, verdict in zip(standing, verdicts, strict=True)
        ]
        worst = next(v for v in ("cannot", "conditional", "can", "not_concerned") if v in verdicts)
        words = "" if worst in ("can", "not_concerned") else "见逐项意见"
        self.submit(
            who, "departments", f"department:{department}", verdict=worst, condition=words, data={"items": lines}
        )

    def plan(self, who: str, *lines: tuple[str, str, int | None], **more: Any) -> None:
        """Lines: what, who, item."""
        actions = [
            {
                "measure": None,
                "what": what,
                "person": self.company.people[person].pk,
                "item": self.item(position).pk if position else None,
                "due_on": date(2026, 3, 20).isoformat(),
            }
            for what, person, position in lines
        ]
        self.submit(who, "plan", data={"summary": "按措施表执行", "actions": actions, **more})

    def implement_and_verify(self) -> None:
        for measure in list(models.Measure.objects.filter(case=self.case, state="open").order_by("pk")):
            who = next(name for name, person in self.company.people.items() if person.pk == measure.person_id)
            data = {"done_on": "2026-03-16", "what": f"已完成：{measure.what}"}
            self.submit(who, "implement", key=measure.pk, data=data)
            data = {"method": "查记录与现场", "finding": "属实有效"}
            self.submit("sun", "verify", key=measure.pk, outcome="passed", signed=True, data=data)

    def reply(self, draft: str = "wang", window: str = "lina") -> None:
        self.submit(draft, "draft_reply", data={"body": "各项已落实，附证据。"})
        self.submit(window, "release_reply", outcome="release", data={"body": "各项已落实，附证据。", "way": "mail"})

    def complete(self, who: str = "wang", lesson: str = "") -> None:
        data: dict[str, Any] = {"remark": "全部要求项已关闭", "has_lesson": bool(lesson)}
        if lesson:
            data |= {"lesson": lesson, "tags": "盐雾、镀锌"}
        self.submit(who, "complete", data=data)
