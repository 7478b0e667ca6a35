"""The demo company's requests, each carried by the real actions to the step where the data leave it today."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from yinuo.cases import models as cases
from yinuo.cases.actions import assigning, opening
from yinuo.desk import engine
from yinuo.desk.actions import demo_answers, demo_clock, demo_company, demo_deeds, demo_service
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.actions import absences, signing
from yinuo.procedures import access
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import working
from yinuo.procedures.queries import tasks as task_queries

MOST_STEPS = 60  # a request that takes more turns in a circle
MUCH = 50_000  # CNY; a plan that costs as much is approved
FOR_EACH_REFUSED = 3  # steps: explained, released, decided by the customer
STEPS = [
    "register", "acknowledge", "analyse", "clarification", "departments", "plan", "written", "approve", "implement",
    "verify", "draft_reply", "release_reply", "feedback", "complete", "",
]  # fmt: skip
SHEETS = {"visit", "sample", "phone", "audit"}  # what comes this way is noted by hand, not mailed


def live_through(company: demo_company.Company, *, by: actors.Program, now: datetime) -> None:
    """Register each request of the data and carry it to where the data say."""
    clock = demo_clock.Clock(org_queries.calendar(company.sites["nb"].pk), now)
    rows = demo_company.read("requests")["requests"]
    assigning.begin(by=company.people["zhao"], now=clock.at(rows[0]["days"], 0), expected=0)
    of_day = Counter(row["days"] for row in rows)
    seen: Counter[int] = Counter()
    stories = []
    for number, row in enumerate(rows):
        days = row["days"]
        at = clock.at(days, 0.05 + 0.85 * (seen[days] + number * 7 % 10 / 10) / of_day[days])
        seen[days] += 1
        until = max(at, clock.at(row["opened"], 0.7 + 0.25 * (number * 3 % 10) / 10))
        pace = clock.pace(at, until, _steps(row))
        story = demo_answers.Story(company, row, _open(company, row, at), clock, at, until, pace)
        if "amended" in row:
            demo_deeds.amend(story)
        _carry(story)
        demo_deeds.do_the_rest(story)
        stories.append(story)
    demo_deeds.bring_together(stories)
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


def _steps(row: dict[str, Any]) -> int:
    """How many steps lie before the one where the request stands today."""
    if "procedure" in row:
        return int(row["steps"])
    refused, actions = len(row.get("cannot", ())), len(row["items"])
    actions = actions - refused - len(row.get("not_concerned", ())) or actions
    times = {
        "clarification": 2 * ("unclear" in row),
        "departments": len(row.get("departments", demo_answers.DEPARTMENTS)),
        "plan": 1 + refused * FOR_EACH_REFUSED,
        "written": int(_is_oral(row)),
        "approve": int(refused > 0 or "safety" in row or row.get("cost", 0) >= MUCH),
        "implement": actions,
        "verify": actions,
    }
    return sum(times.get(step, 1) for step in STEPS[: STEPS.index(row["until"])])


def _open(company: demo_company.Company, row: dict[str, Any], at: datetime) -> cases.Case:
    contact = company.contacts.get(row.get("contact", ""))
    product = company.products.get(row.get("product", ""))
    return opening.open_case(
        by=company.people[row["who"]],
        now=at,
        customer=company.customers[row["customer"]],
        title=row["title"],
        channel=row["channel"],
        items=[_item(company, item, product) for item in row["items"]],
        notified_at=at,
        contact=contact,
        said_by="" if contact else "顾客代表",
        said_at=at - timedelta(hours=2),
        wanted_on=(at + timedelta(days=30)).date(),
        products=[product] if product else [],
        project=company.projects.get(row.get("project", "")),
        owner=company.people[row.get("owner", "wang")],
        is_safety=row.get("safety", False),
        stops_line=row.get("safety", False),
        is_oral=_is_oral(row),
        procedure=row.get("procedure", ""),
        files=[_original(row)],
    )


def _is_oral(row: dict[str, Any]) -> bool:
    """Whether it was only spoken, as intake has it of phone and visits: a note of our own is no writing of theirs."""
    return bool(row.get("oral", row["channel"] in cases.SPOKEN))


def _item(company: demo_company.Company, said: dict[str, Any], product: Any) -> opening.NewItem:
    applies = said.get("applies", "customer")
    return opening.NewItem(
        text=said["text"],
        kind=said["kind"],
        applies=applies,
        product=product if applies == "product" else None,
        site=company.sites["nb"] if applies == "site" else None,
    )


def _original(row: dict[str, Any]) -> tuple[str, bytes]:
    if row["channel"] in SHEETS:
        return "原件.png", engine.note()
    return "顾客来函.eml", engine.mail(row["title"], [item["text"] for item in row["items"]])


def _carry(story: demo_answers.Story) -> None:
    """Do one open step after the other until the step at which the data say the request stands today."""
    for _turn in range(MOST_STEPS):
        task = _next(story.case, story.row.get("leaves", []))
        if task is None or task.step == story.row["until"]:
            return
        story.case.refresh_from_db()
        if task.is_for_people:
            _work(story, task)
        else:
            demo_answers.answer(story, task)
    raise RuntimeError(f"{story.case} turns in a circle at {task.step if task else ''}")


def _next(case: cases.Case, leaves: list[str]) -> procedures.Task | None:
    """The step to be done next; what the data leave undone is passed by."""
    tasks = task_queries.open_tasks(case).filter(state=procedures.Task.State.OPEN)
    return tasks.exclude(step__in=leaves).order_by("pk").first()


def _work(story: demo_answers.Story, task: procedures.Task) -> None:
    """The person whose task it is fills in the step's form and submits it."""
    at = story.later()
    person = task.holder or org.Person.objects.get(pk=access.whose(task, at)[0])
    answers = demo_service if "procedure" in story.row else demo_answers
    given = answers.given(story, task)
    signs = task.kind == procedures.Task.Kind.DECISION and task.step in demo_answers.SIGNED
    # The demo company is set up in one transaction; checking a password needs one of its own.
    proof = signing.Proof(person_id=person.pk, way="password", at=at) if signs else None
    working.submit(task=task, by=person, now=at, expected=task.version, proof=proof, **given)
