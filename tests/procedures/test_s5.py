"""S5 from the shipped library, lived through by several people with everything that happens on the way.

The rooms above are stood in for by a small case of the test: its facts, finders and effects are plugged in for the
length of a test. (The case's own room tells the same story with everything real.)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests import cast
from tests.procedures.conftest import NOW, THING, Story, proof
from yinuo.kit import actors, plugs
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models
from yinuo.procedures.actions import handing, opinions, publishing, running, signing, working
from yinuo.procedures.definition import reading, shapes, walking
from yinuo.procedures.queries import answers, runs

BY_KIND: dict[str, Any] = {
    "text": "顾客质量部 王工",
    "note": "按要求执行",
    "number": 8,
    "date": "2026-03-20",
    "moment": "2026-03-02T03:00:00+00:00",
    "yesno": True,
    "departments": ["department:engineering", "department:quality"],
}


@dataclass
class Case:
    """What S5 asks of a case, and what it did to it."""

    facts: dict[str, Any] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def effect(self, name: str) -> Callable[..., Any]:
        def execute(**call: Any) -> dict[str, Any]:
            self.done.append(name)
            return {}

        return execute


def names_in(definition: shapes.Definition) -> tuple[set[str], set[str], set[str]]:
    """The effects, finders and field kinds that a procedure names."""
    effects, finders = set(), set()
    for step in walking.steps(definition):
        calls = [*step.on_open, *step.on_done]
        calls += list(step.work.timeout_effects) if isinstance(step.work, shapes.Wait) else []
        calls += [step.work.call] if isinstance(step.work, shapes.Effect) else []
        effects |= {call.name for call in calls}
        who = step.who
        while who is not None:
            finders |= {who.name} if who.kind == "finder" else set()
            who = who.fallback
    kinds = {each.kind for form in definition.forms for each in form.fields} - set(shapes.FIELD_KINDS)
    return effects, finders, kinds


@pytest.fixture
def case(company: cast.Company, monkeypatch: pytest.MonkeyPatch) -> Case:
    """The case's plugs, for the names that no room has plugged in or that belong to rooms above."""
    source = (publishing.LIBRARY / "s5.yaml").read_text(encoding="utf-8")
    definition = reading.read_yaml(source).definition
    assert definition is not None
    effects, finders, kinds = names_in(definition)
    made = Case(
        {
            "cases.is_safety": False,
            "cases.infeasible_count": 0,
            "cases.infeasible_items": [],
            "cases.notified_at": NOW.isoformat(),
            "cases.oral_state": "not_needed",
            "cases.plan_actions": [],
        }
    )
    people = {"customers.window": company.lina, "cases.analyst": company.wang, "cases.owner": company.wang}

    def plug(board: plugs.Board[Any], found: dict[str, Callable[..., Any]]) -> None:
        added = {name: plugs.Plug(name, function, name, name, {}) for name, function in found.items()}
        monkeypatch.setattr(board, "_plugs", {**board._plugs, **added})

    plug(plugs.effects, {name: made.effect(name) for name in effects})
    plug(plugs.finders, {name: lambda subject, argument, who=people[name]: [who.pk] for name in finders})
    plug(plugs.facts, {name: lambda subject, name=name: made.facts[name] for name in made.facts})
    plug(plugs.field_kinds, {name: lambda given, subject: None for name in kinds})
    return made


@pytest.fixture
def s5(company: cast.Company, case: Case) -> Story:
    post = company.post["quality_manager"]
    publishing.load_library(by=actors.PROGRAM, now=NOW, owner_post=post)
    return Story(company, running.start(procedure_key="s5", subject=THING, by=company.lina, now=NOW))


def filled(story: Story, step_key: str, **own: Any) -> dict[str, Any]:
    """Plausible values for everything that the step's form demands."""
    definition = runs.definition_of(story.run)
    task = story.task(step_key)
    form = answers.form_of(definition, walking.step(definition, step_key), task)
    values: dict[str, Any] = {}
    for each in form.fields if form else ():
        if each.required and each.shown_when is None:
            values[each.key] = each.options[0].key if each.options else BY_KIND.get(each.kind, [{"key": "1"}])
    return {**values, **own} if form else {}


def go(story: Story, who: str, step: str, party: str = "", **values: Any) -> models.Run:
    data = values.pop("data", None)
    return story.submit(who, step, party, data=filled(story, step) if data is None else data, **values)


def analysed(story: Story) -> Story:
    """Registered, acknowledged and analysed; the departments are asked."""
    go(story, "lina", "register", outcome="accept")
    go(story, "lina", "acknowledge")
    go(story, "wang", "analyse")
    return story


def test_from_receipt_to_archive(s5: Story, case: Case) -> None:
    assert s5.run.status == "待受理"
    go(s5, "lina", "register", outcome="accept")
    assert s5.fresh().status == "处理中"
    go(s5, "lina", "acknowledge")
    go(s5, "wang", "analyse")
    assert sorted(s5.run.tasks.filter(state="open").values_list("party_zh", flat=True)) == ["工程部", "质量部"]
    go(s5, "chen", "departments", "department:engineering", verdict="can")
    go(s5, "zhou", "departments", "department:quality", verdict="can")
    case.facts["cases.plan_actions"] = [
        {"key": "A1", "title": "更新控制计划", "owner": "person:0302", "due_on": "2026-03-20"}
    ]
    go(s5, "wang", "plan")
    implement = s5.task("implement")
    assert (implement.holder, implement.about_zh) == (s5.company.sun, "更新控制计划")
    assert org_queries.calendar(None).day_of(implement.due_at).isoformat() == "2026-03-20"
    go(s5, "sun", "implement")
    go(s5, "sun", "verify", outcome="passed", signed=True)
    go(s5, "wang", "draft_reply")
    go(s5, "lina", "release_reply", outcome="release")
    assert s5.fresh().status == "待顾客答复"
    running.happened(
        subject=THING, by=s5.company.lina, now=s5.tick(), event="cases.feedback_received", data={"satisfied": True}
    )
    run = go(s5, "wang", "complete", data=filled(s5, "complete", lesson="首批即带检验报告"))
    assert (run.ending, run.status, run.stage) == ("completed", "已归档", "done")
    assert {"cases.record_acknowledgement", "cases.send_reply", "cases.ask_feedback", "cases.archive"} <= set(case.done)
    assert runs.replayed(s5.fresh()) == runs.state_of(s5.run)


def test_returned_reassigned_absent_and_entered_for_somebody(s5: Story) -> None:
    analysed(s5)
    chen, zhou, wang, lina = (s5.company.people[name] for name in ("chen", "zhou", "wang", "lina"))
    mine = s5.task("departments", "department:engineering")
    working.return_to(task=mine, to="analyse", reason="未列明试验标准", by=chen, now=s5.tick(), expected=mine.version)
    again = s5.task("analyse")
    assert again.holder == wang
    assert again.draft == s5.task("analyse", state="done").data
    handing.reassign(task=again, to=chen, reason="王强出差", by=wang, now=s5.tick(), expected=again.version)
    org.Absence.objects.create(person=chen, delegate=wang, from_at=s5.now, to_at=s5.now + timedelta(hours=2))
    go(s5, "wang", "analyse")
    assert s5.task("analyse", state="done").on_behalf_of == chen
    task = s5.task("departments", "department:quality")
    opinion = opinions.enter_opinion(
        task=task, said_by=zhou, said_at=s5.now, way="meeting", verdict="conditional", condition="需委外试验",
        data=filled(s5, "departments"), by=lina, now=s5.tick(), expected=task.version,
    )  # fmt: skip
    go(s5, "wang", "departments", "department:engineering", verdict="can")
    assert s5.open_steps() == ["departments"]
    opinions.confirm_opinion(opinion=opinion, by=zhou, now=s5.tick(), expected=task.version)
    assert s5.open_steps() == ["plan"]


def test_safety_is_approved_on_paper_with_a_signer_added(s5: Story, case: Case) -> None:
    case.facts["cases.is_safety"] = True
    analysed(s5)
    go(s5, "chen", "departments", "department:engineering", verdict="can")
    go(s5, "zhou", "departments", "department:quality", verdict="can")
    go(s5, "wang", "plan")
    gao, zhou = s5.company.gao, s5.company.zhou
    approve = s5.task("approve")
    handing.add_signer(
        task=approve, signer=zhou, before=True, reason="安全", by=gao, now=s5.tick(), expected=approve.version
    )
    signer = s5.task("approve", "person:0301")
    working.submit(
        task=signer, by=zhou, now=s5.tick(), expected=signer.version, outcome="agree", proof=proof(zhou, s5.now)
    )
    approve = s5.task("approve", "post:general_manager")
    scan = signing.Paper(signer=gao, signed_at=s5.now, scan=ContentFile(b"%PDF signed", name="a.pdf"), name="批准.pdf")
    working.submit(task=approve, by=zhou, now=s5.tick(), expected=approve.version, outcome="agree", data={}, paper=scan)
    ways = models.Signature.objects.order_by("pk").values_list("person__sign_in", "way")
    assert list(ways) == [("zhou", "password"), ("gao", "paper")]
    assert "draft_reply" in s5.open_steps()


def test_a_dissatisfied_customer_sends_it_back_to_the_plan(s5: Story) -> None:
    analysed(s5)
    go(s5, "chen", "departments", "department:engineering", verdict="can")
    go(s5, "zhou", "departments", "department:quality", verdict="not_concerned")
    go(s5, "wang", "plan")
    go(s5, "wang", "draft_reply")
    go(s5, "lina", "release_reply", outcome="release")
    running.happened(
        subject=THING, by=s5.company.lina, now=s5.tick(), event="cases.feedback_received", data={"satisfied": False}
    )
    assert s5.open_steps() == ["plan"]
    assert s5.task("plan").attempt == 2
    assert runs.replayed(s5.fresh()) == runs.state_of(s5.run)


def test_waiting_for_words_in_writing_ends_when_they_come(s5: Story, case: Case) -> None:
    case.facts["cases.oral_state"] = "waiting"
    analysed(s5)
    go(s5, "chen", "departments", "department:engineering", verdict="can")
    go(s5, "zhou", "departments", "department:quality", verdict="can")
    go(s5, "wang", "plan")
    assert s5.open_steps() == ["written"]
    running.happened(subject=THING, by=s5.company.lina, now=s5.tick())
    assert s5.open_steps() == ["written"]
    case.facts["cases.oral_state"] = "confirmed"
    running.happened(subject=THING, by=s5.company.lina, now=s5.tick())
    assert s5.open_steps() == ["draft_reply"]
