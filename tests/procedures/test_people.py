"""Who is responsible: posts, departments, people, finders; nobody is never nobody at all."""

from datetime import timedelta

import pytest

from tests import cast
from tests.procedures.conftest import NOW, REGISTERED, THING, Story
from yinuo.kit import plugs
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.procedures import access, models
from yinuo.procedures.actions import running, working
from yinuo.procedures.definition.shapes import Who
from yinuo.procedures.engine import facts
from yinuo.procedures.queries import people

SALES = Who(kind="post", name="sales_manager")


def responsible(story: Story, who: Who | None) -> people.Found:
    return people.responsible(facts.chain_of(who, (), (), {}), run=story.run, now=NOW)


@pytest.mark.parametrize(
    ("who", "names", "words"),
    [
        (Who(kind="post", name="engineering_manager"), ["陈刚"], "工程部经理"),
        (Who(kind="department", name="quality"), ["周华"], "质量部"),
        (Who(kind="department", name="order_logistics"), [], "订单物流课"),
        (Who(kind="person", name="0202"), ["王强"], "王强"),
        (Who(kind="finder", name="procedures.superior_of_starter"), ["赵敏"], "发起人的上级"),
        (Who(kind="post", name="nothing"), [], "nothing"),
        (Who(kind="finder", name="nothing.here"), [], "nothing.here"),
        (Who(kind="role", name="crew:quality"), [], "crew:quality"),
    ],
)
def test_each_kind_is_found(story: Story, who: Who, names: list[str], words: str) -> None:
    found = people.find(who, run=story.run, now=NOW)
    assert ([person.name for person in found.people], found.words.zh) == (names, words)


def test_the_fallback_is_asked_in_turn_and_keeps_the_partys_words(story: Story) -> None:
    who = Who(kind="role", name="crew:quality", fallback=Who(kind="post", name="nothing", fallback=SALES))
    found = responsible(story, who)
    assert [person.name for person in found.people] == ["赵敏"]
    assert found.post == story.company.post["sales_manager"]
    assert (found.party, found.warning.zh) == ("role:crew:quality", "")


def test_a_role_is_asked_of_the_team_it_belongs_to(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def team(subject: object, role: str) -> str:
        asked.append(role)
        return "department:engineering"

    plug = plugs.Plug("tests.team", team, "项目组", "team", {"team": "crew"})
    monkeypatch.setattr(plugs.finders, "_plugs", {**plugs.finders._plugs, "tests.team": plug})
    found = people.find(Who(kind="role", name="crew:quality"), run=story.run, now=NOW)
    assert ([person.name for person in found.people], asked) == (["陈刚"], ["quality"])


def test_people_outside_a_confidential_scope_are_not_found(story: Story) -> None:
    """The general manager is not named in the scope, the procedure's owner is."""
    company = story.company
    scope = org.Scope.objects.create(name_zh="保密项目")
    org.ScopeGrant.objects.create(scope=scope, person=company.zhou, granted_at=NOW)
    story.run.scope_id = scope.pk
    found = responsible(story, Who(kind="post", name="general_manager"))
    assert [person.name for person in found.people] == ["周华"]
    assert "总经理" in found.warning.zh
    assert "General manager" in found.warning.en


def test_people_of_another_site_are_not_found(story: Story) -> None:
    company = story.company
    story.run.site_id = company.site["nb"].pk
    everybody = [company.he, company.wang]
    assert access.able(everybody, "procedures.work", None, company.site["nb"].pk) == [company.wang]
    assert access.able(everybody, "procedures.work", None, company.site["cc"].pk) == everybody
    assert access.able(everybody, "procedures.steer", None, None) == []


def test_several_people_found_are_candidates_until_one_takes_it(story: Story) -> None:
    lina, wang = story.company.lina, story.company.wang
    task = story.task("register")
    models.Task.objects.filter(pk=task.pk).update(holder=None)
    models.Candidate.objects.bulk_create(models.Candidate(task=task, person=person) for person in (lina, wang))
    assert story.mine("lina") == story.mine("wang") == ["register"]
    with pytest.raises(working.NotYours):
        working.take(task=task, by=story.company.sun, now=story.tick(), expected=task.version)
    working.take(task=task, by=wang, now=story.tick(), expected=task.version)
    assert story.mine("lina") == []
    with pytest.raises(working.CannotTake, match="王强"):
        working.take(task=task, by=lina, now=story.tick(), expected=task.version)


def test_a_finder_that_finds_several_gives_the_task_to_all_of_them(
    company: cast.Company, small: models.Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [company.lina.pk, company.wang.pk]
    plug = plugs.Plug("procedures.starter", lambda run, argument: both, "", "", {"of_run": True})
    monkeypatch.setattr(plugs.finders, "_plugs", {**plugs.finders._plugs, "procedures.starter": plug})
    story = Story(company, running.start(procedure_key="small", subject=THING, by=company.lina, now=NOW))
    assert story.mine("lina") == story.mine("wang") == ["register"]
    story.submit("wang", "register", data=REGISTERED)
    assert story.mine("lina") == []


def test_when_everybody_is_away_and_nobody_stands_in_the_superior_is_told(story: Story) -> None:
    away = {"from_at": NOW, "to_at": NOW + timedelta(days=3)}
    org.Absence.objects.create(person=story.company.chen, **away)
    story.submit("lina", "register", data=REGISTERED)
    task = story.task("judge", "department:engineering")
    assert "陈刚" in task.warning_zh
    told = notify.Message.objects.filter(kind="task_unattended")
    assert [message.person for message in told] == [story.company.gao]


def test_when_the_scope_changes_runs_and_tasks_follow(story: Story) -> None:
    scope = org.Scope.objects.create(name_zh="保密项目")
    plugs.announce("kit.rescoped", type="tests.thing", id=7, scope_id=scope.pk)
    assert story.fresh().scope_id == scope.pk
    assert story.mine("lina") == []
    org.ScopeGrant.objects.create(scope=scope, person=story.company.lina, granted_at=NOW)
    del story.company.lina.rights
    assert story.mine("lina") == ["register"]


def test_words_of_parties(company: cast.Company) -> None:
    assert people.words_of("department:quality").en == "Quality"
    assert people.words_of("person:0202").zh == "王强"
    assert people.words_of("something:else").zh == "else"
    company.wang.employee_number = None
    company.wang.save()
    assert people.person_of(people.party_of(company.wang).partition(":")[2]) == company.wang
    assert people.person_of("#x") is None
