"""The procedures kept with the tests against what is plugged in: every name exists, or a room still to come has it."""

import dataclasses
import re
from pathlib import Path

import pytest
from django.utils import translation

from tests import cast
from tests.customers import people
from tests.procedures import stories
from tests.procedures.conftest import Story
from yinuo.customers import models as customers
from yinuo.customers.actions import projects
from yinuo.kit import actors
from yinuo.letters import models as letters
from yinuo.org import queries as org_queries
from yinuo.procedures.actions import publishing, running, working
from yinuo.procedures.definition import reading
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.forms.sheets import choices
from yinuo.procedures.queries import definitions, drafts

# Names that rooms still to be built will plug in, by board. A name leaves this list when its room has it.
PLANNED = {
    "effects": {"reviews.collect_problems"},
    "facts": {"cases.departments_concerned", "reviews.problems", "sources.agreement"},
    "finders": set(),
    "field_kinds": set(),
}
EVENTS = {"reviews.answered": frozenset({"agreed"})}


@pytest.mark.parametrize("path", sorted(stories.LIBRARY.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_name_that_is_shipped_is_plugged_in(company: cast.Company, path: Path) -> None:
    known = dataclasses.replace(definitions.known(), posts=None, departments=None)
    read = reading.read_yaml(path.read_bytes(), file=path.name, known=known)
    assert [fault.say("en") for fault in read.faults] == []


@pytest.mark.parametrize("name", ["s2", "s4", "s8"])
def test_every_name_is_plugged_in_or_planned(company: cast.Company, name: str) -> None:
    there = definitions.known()
    known = dataclasses.replace(
        there,
        posts=None,
        departments=None,
        events={**(there.events or {}), **EVENTS},
        **{board: (getattr(there, board) or frozenset()) | names for board, names in PLANNED.items()},
    )
    source = (stories.HERE / f"{name}.yaml").read_text("utf-8")
    assert [fault.say("en") for fault in reading.read_yaml(source, file=name, known=known).faults] == []


def test_what_is_planned_is_not_there_yet(company: cast.Company) -> None:
    known = definitions.known()
    assert {board: sorted(names & (getattr(known, board) or set())) for board, names in PLANNED.items()} == {
        board: [] for board in PLANNED
    }
    assert not set(EVENTS) & set(known.events or {})


def test_s4_goes_to_the_department_that_answers_for_the_project(company: cast.Company, tmp_path: Path) -> None:
    """Differs per project: the same procedure, another project, another department."""
    source = (stories.HERE / "s4.yaml").read_text("utf-8")
    (tmp_path / "s4.yaml").write_text(source, "utf-8")
    publishing.load_library(
        by=actors.PROGRAM, now=cast.NOW, folder=tmp_path, owner_post=company.post["quality_manager"]
    )
    customer = people.volkswagen(company)["svw"]
    assert followed(company, customer, "engineering") == ["工程部经理", "工程部经理", "孙丽"]
    assert followed(company, customer, "sales") == ["销售部经理", "销售部经理", "孙丽"]


def followed(company: cast.Company, customer: customers.Customer, department: str) -> list[str]:
    """Who has the project team's review, the list and the inspection of a project's run."""
    lina = people.fresh(company.lina)
    project = projects.add(
        number=department, name_zh="保险杠", customer=customer, department=company.department[department], by=lina,
        now=cast.NOW,
    )  # fmt: skip
    projects.join(project=project, person=company.sun, role="quality", from_on=cast.NOW.date(), by=lina, now=cast.NOW)
    facts = {"sources.agreement": False, "cases.departments_concerned": ["department:engineering"]}
    run = running.start(procedure_key="s4", subject=project, by=lina, now=cast.NOW, facts=facts)
    story = Story(company, run)
    found = []
    for step, values in (
        ("receive", {}), ("team_review", {"data": {"ways": ["flow_chart"]}}), ("list", {}), ("execute", {}),
        ("inspect", {"outcome": "good"}),
    ):  # fmt: skip
        task = story.task(step)
        found.append((task.holder or task.post).name)
        doer = task.holder or org_queries.holders(task.post.code, cast.NOW.date())[0]
        working.submit(task=task, by=doer, now=story.tick(), expected=task.version, **values)
    assert story.fresh().ending == "completed"
    return [found[1], found[2], found[4]]


def test_every_role_of_a_team_has_its_words_in_the_editor(company: cast.Company) -> None:
    found = drafts.roles()
    assert {f"project:{role}" for role in customers.TeamRole.values} <= set(found)
    assert {f"release:{purpose}" for purpose in letters.Purpose.values} <= set(found)
    assert found["project:quality"] == Text("项目组成员·质量", "member of the project team, quality")
    assert found["release:reply"].zh == "对外放行人·答复"
    with translation.override("zh-hans"):
        offered = {choice.value: choice.label for choice in choices.Choices({"flow": []}).parties()}
    for name, words in found.items():
        assert offered[choices.sent({"role": name})] == words.zh
        assert not re.search("[A-Za-z]", words.zh), name
    assert drafts.names()["role:project:leader"].zh == "项目组成员·项目负责人"
