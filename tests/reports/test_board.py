"""The board shows each desk with what lies on it, and moves work between desks: one act a card, refused in one
sentence, taken back as long as nobody has acted on it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import cast
from tests.cases import story as stories
from tests.reports.conftest import registered
from yinuo.cases import models as cases
from yinuo.customers import models as customers
from yinuo.kit import refusals
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.actions import absences
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import working
from yinuo.records import models as records
from yinuo.reports import rules
from yinuo.reports.actions import moving
from yinuo.reports.definition import Column
from yinuo.reports.queries import board, people

NOW = stories.NOW  # a Monday


def task_of(story: stories.Story) -> procedures.Task:
    return procedures.Task.objects.select_related("holder", "post").get(pk=story.task("register").pk)


def move(story: stories.Story, to: str, by: str = "zhou", **more: Any) -> moving.Moved:
    card = more.pop("card", None)
    if card is None:
        task = more.pop("task", None) or task_of(story)
        card = moving.Seen(task, more.pop("version", task.version))
    reason = more.pop("reason", "负荷均衡")
    return moving.move(card=card, to=story.person(to), reason=reason, by=story.person(by), now=story.tick())


def away(story: stories.Story, who: str, delegate: str | None = None) -> None:
    absences.enter_absence(
        person=story.person(who), delegate=story.person(delegate) if delegate else None, from_at=story.now,
        to_at=story.now + timedelta(days=3), reason="培训", by=story.person(who), now=story.now,
    )  # fmt: skip


# Moving ---------------------------------------------------------------------------------------------------------------


def test_a_manager_moves_a_colleagues_task(story: stories.Story) -> None:
    before = task_of(story)
    moved = move(story, "wang")
    task = task_of(story)
    assert (before.holder_id, task.holder_id) == (story.company.lina.pk, story.company.wang.pk)
    assert (moved.holder_id, moved.version) == (story.company.lina.pk, task.version)
    entry = records.Entry.objects.filter(word="procedures.task.reassigned").latest("pk")
    assert (entry.reason, entry.note["to"]) == ("负荷均衡", "王强")


def test_of_two_managers_the_second_hears_who_was_first(story: stories.Story) -> None:
    seen = task_of(story)
    move(story, "wang", by="zhou")
    with pytest.raises(moving.AlreadyMoved) as refused:
        move(story, "sun", by="chen", task=task_of(story), version=seen.version)
    assert re.search(r"周华.*2026-03-02 10:30.*王强", str(refused.value))
    assert task_of(story).holder_id == story.company.wang.pk


def test_what_is_finished_is_not_moved(story: stories.Story) -> None:
    seen = task_of(story)
    story.accept()
    with pytest.raises(moving.AlreadyMoved, match="李娜"):
        move(story, "wang", task=seen)


def test_who_is_away_or_gone_or_must_not_see_is_refused(story: stories.Story) -> None:
    away(story, "wang")
    with pytest.raises(moving.CannotMove, match="王强") as refused:
        move(story, "wang")
    assert refused.value.field == "to"
    org.Person.objects.filter(pk=story.company.sun.pk).update(is_active=False)
    with pytest.raises(moving.CannotMove, match="孙丽"):
        move(story, "sun")
    with pytest.raises(refusals.Refusal, match="外人"):
        move(story, "outsider")
    assert task_of(story).holder_id == story.company.lina.pk


def test_a_reason_is_asked_for(story: stories.Story) -> None:
    with pytest.raises(refusals.Refusal) as refused:
        move(story, "wang", reason=" ")
    assert refused.value.field == "reason"


def test_only_who_steers_moves_others_tasks(story: stories.Story) -> None:
    for by in ("sun", "auditor", "admin"):
        with pytest.raises(refusals.NotAllowed):
            move(story, "wang", by=by)


def test_each_of_several_cards_has_its_own_outcome(story: stories.Story, svw: customers.Customer) -> None:
    other = stories.Story(story.company, registered(story.company, svw, story.now))
    cards = [moving.Seen(task_of(each), task_of(each).version) for each in (story, other)]
    move(other, "sun")
    found = moving.move_all(
        cards=cards, to=story.person("wang"), reason="负荷均衡", by=story.person("zhou"), now=other.tick()
    )
    assert [each.moved is not None for each in found] == [True, False]
    assert "孙丽" in str(found[1].refusal)


def test_the_owner_of_the_request_changes_with_it(story: stories.Story) -> None:
    story.accept()
    story.acknowledge()
    task = procedures.Task.objects.get(pk=story.task("analyse").pk)
    case = story.refreshed()
    assert (task.holder_id, case.owner_id) == (story.company.wang.pk, story.company.wang.pk)
    moved = move(story, "sun", card=moving.Seen(task, task.version, (case, case.version)))
    assert story.refreshed().owner == story.company.sun
    assert moved.case == (case.pk, story.case.version, story.company.wang.pk)
    moving.take_back(moved=moved, by=story.person("zhou"), now=story.tick())
    assert story.refreshed().owner == story.company.wang


# Taking back ----------------------------------------------------------------------------------------------------------


def test_a_move_is_taken_back(story: stories.Story) -> None:
    moved = move(story, "wang")
    moving.take_back(moved=moved, by=story.person("zhou"), now=story.tick())
    assert task_of(story).holder_id == story.company.lina.pk
    assert records.Entry.objects.filter(word="procedures.task.reassigned").latest("pk").reason == "撤销"


def test_what_came_from_a_post_goes_back_to_it(story: stories.Story) -> None:
    post = story.company.post["quality_engineer"]
    procedures.Task.objects.filter(pk=task_of(story).pk).update(holder=None, post=post)
    moved = move(story, "wang")
    assert moved.post_id == post.pk
    moving.take_back(moved=moved, by=story.person("zhou"), now=story.tick())
    task = task_of(story)
    assert (task.holder_id, task.post_id) == (None, post.pk)


def test_what_several_could_take_waits_for_them_again(story: stories.Story) -> None:
    task = task_of(story)
    procedures.Task.objects.filter(pk=task.pk).update(holder=None, post=None)
    could = {story.company.lina.pk, story.company.zhao.pk}
    for pk in could:
        procedures.Candidate.objects.create(task=task, person_id=pk)
    moved = move(story, "wang")
    assert not task.candidacies.exists()
    moving.take_back(moved=moved, by=story.person("zhou"), now=story.tick())
    assert set(task.candidacies.values_list("person_id", flat=True)) == could
    assert task_of(story).holder_id is None


def test_what_somebody_has_begun_is_not_taken_back(story: stories.Story) -> None:
    moved, task = move(story, "wang"), task_of(story)
    working.save_draft(
        task=task, data={"no_original": "电话"}, by=story.person("wang"), now=story.tick(), expected=task.version
    )
    with pytest.raises(moving.CannotTakeBack, match="王强"):
        moving.take_back(moved=moved, by=story.person("zhou"), now=story.tick())
    assert task_of(story).holder_id == story.company.wang.pk


def test_only_who_steers_takes_back(story: stories.Story) -> None:
    moved = move(story, "wang")
    with pytest.raises(refusals.NotAllowed):
        moving.take_back(moved=moved, by=story.person("sun"), now=story.tick())


# The columns ----------------------------------------------------------------------------------------------------------


def days(today: date) -> dict[str, tuple[date, date]]:
    calendar = org_queries.calendar(None)
    return {span.column: (span.first, span.last) for span in rules.spans(today, calendar) if span.first and span.last}


def test_columns_follow_working_days(working: cast.Company) -> None:
    monday, thursday, friday = date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 6)
    assert days(monday)[Column.WEEK] == (date(2026, 3, 4), date(2026, 3, 8))
    assert days(thursday)[Column.WEEK] == (date(2026, 3, 7), date(2026, 3, 8))
    assert Column.WEEK not in days(friday)  # the next working day is of the week to come
    assert days(friday)[Column.NEXT] == (date(2026, 3, 7), date(2026, 3, 9))
    assert days(friday)[Column.NEXT_WEEK] == (date(2026, 3, 10), date(2026, 3, 15))


def test_every_day_has_its_column(working: cast.Company) -> None:
    for today in (date(2026, 3, 2) + timedelta(days=n) for n in range(7)):
        columns = rules.spans(today, org_queries.calendar(None))
        places = [rules.place_of(today + timedelta(days=n), False, columns) for n in range(30)]
        assert places[0] == 1
        assert places == sorted(places)
        assert set(places) == set(range(1, len(columns)))
        assert rules.place_of(None, False, columns) == len(columns) - 1
        assert rules.place_of(today, True, columns) == 0


def test_absence_covers_columns(working: cast.Company) -> None:
    columns = rules.spans(date(2026, 3, 2), org_queries.calendar(None))
    assert rules.covered(date(2026, 2, 27), date(2026, 3, 2), columns) == (1, 2)
    assert rules.covered(date(2026, 3, 3), date(2026, 3, 9), columns) == (2, 5)
    assert rules.covered(date(2026, 3, 9), date(2026, 6, 1), columns) == (4, 6)
    assert rules.covered(date(2026, 6, 1), date(2026, 6, 2), columns) is None


def test_shares_go_by_capacity() -> None:
    assert rules.shares([100, 50, 0], 6) == [4, 2, 0]
    assert rules.shares([0], 3) == [0]


# The page -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def zhou(story: stories.Story, signed_in: Callable[[str], Client]) -> Client:
    return signed_in("zhou")


def address(story: stories.Story, department: str = "sales", **more: Any) -> str:
    asked = {"department": story.company.department[department].pk, **more}
    return reverse("reports:board") + "?" + "&".join(f"{key}={value}" for key, value in asked.items())


def at(story: stories.Story) -> Any:
    return time_machine.travel(story.now, tick=False)


def test_each_sees_their_own_department_first(story: stories.Story, zhou: Client) -> None:
    with at(story):
        page = zhou.get(reverse("reports:board"))
    assert [lane.name for lane in page.context["lanes"]] == ["周华", "孙丽"]
    assert page.cookies.get("department") is None


def test_a_card_says_what_it_is(story: stories.Story, zhou: Client) -> None:
    with at(story):
        text = zhou.get(address(story)).content.decode()
    number = story.case.number
    for each in (number, "登记核对", "上汽大众（示例）", task_of(story).get_absolute_url(), "1 项待办"):
        assert each in text
    assert 'draggable="true"' in text


def test_a_desk_shows_the_first_due_and_leads_to_the_others(
    story: stories.Story, svw: customers.Customer, zhou: Client
) -> None:
    for _more in range(board.CARDS + 1):
        registered(story.company, svw, story.now)
    with at(story):
        page = zhou.get(address(story))
        lane = next(lane for lane in page.context["lanes"] if lane.name == "李娜")
        assert lane.others == "另有 2 项"
        assert lane.body.count("<article") == board.CARDS
        assert zhou.get(lane.url).context["page"].total == board.CARDS + 2


def test_what_waits_at_a_post_of_several_is_with_nobody(story: stories.Story, zhou: Client) -> None:
    post = story.company.post["quality_engineer"]
    procedures.Task.objects.filter(pk=task_of(story).pk).update(holder=None, post=post)
    with at(story):
        alone = zhou.get(address(story, "quality"))
        assert alone.context["waiting"] is None  # only 孙丽 can take it
        assert next(lane for lane in alone.context["lanes"] if lane.name == "孙丽").body.count("<article") == 1
        org.Holding.objects.create(post=post, person=story.company.wang, from_on=date(2020, 1, 1))
        waiting = zhou.get(address(story, "quality")).context["waiting"]
        assert (waiting["count"], waiting["body"].count("<article")) == (1, 1)
        name, n, url = waiting["posts"][0]
        assert (name, n, zhou.get(url).context["page"].total) == ("质量工程师", 1, 1)


def test_absence_is_drawn_with_who_stands_in(story: stories.Story, zhou: Client) -> None:
    away(story, "lina", "zhao")
    with at(story):
        page = zhou.get(address(story))
    lane = next(lane for lane in page.context["lanes"] if lane.name == "李娜")
    assert not lane.is_free
    assert "board-away at-1 to-4" in lane.body
    assert "赵敏" in lane.body
    assert "应摊" not in lane.load  # nothing is to be given to her now


def test_sections_below_belong_to_a_department(story: stories.Story, zhou: Client) -> None:
    post = org.Post.objects.create(
        code="planner", name_zh="物流计划员", department=story.company.department["order_logistics"]
    )
    org.Holding.objects.create(post=post, person=story.company.wang, from_on=date(2020, 1, 1))
    with at(story):
        assert [each.name for each in zhou.get(address(story, "logistics")).context["lanes"]] == ["王强"]


def test_one_site_at_a_time(story: stories.Story, zhou: Client) -> None:
    with at(story):
        page = zhou.get(address(story, "engineering", site=story.company.site["cc"].pk))
        assert [each.name for each in page.context["lanes"]] == ["何静"]
        assert len(zhou.get(address(story, "engineering")).context["lanes"]) == 3


def test_whoever_holds_no_post_is_not_out_of_sight(story: stories.Story, zhou: Client) -> None:
    with at(story):
        page = zhou.get(f"{reverse('reports:board')}?department={people.NO_POST}")
    assert {each.name for each in page.context["lanes"]} == {"外人", "审核员", "系统管理员"}


def test_many_people_are_turned_over(story: stories.Story, zhou: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "LANES", 1)
    with at(story):
        first = zhou.get(address(story))
        second = zhou.get(first.context["more"])
    assert len(first.context["lanes"]) == len(second.context["lanes"]) == 1
    assert first.context["lanes"][0].name != second.context["lanes"][0].name
    assert not second.context["more"]


def test_what_is_confidential_is_on_no_strangers_board(
    working: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    circle = org.Scope.objects.create(name_zh="某新势力项目组")
    for person in (working.zhao, working.lina, working.wang):
        circle.grants.create(person=person, granted_at=NOW)
    secret = stories.Story(
        working, registered(working, stories.customer(working, "SECRET", "某车企", scope=circle), NOW)
    )
    task = task_of(secret)
    with at(secret):
        text = signed_in("zhou").get(address(secret)).content.decode()
        assert "<article" not in text
        assert "某车企" not in text
        assert "<article" in signed_in("zhao").get(address(secret)).content.decode()
        asked = f"{reverse('reports:board_move')}?card={task.pk}:{task.version}"
        assert signed_in("zhou").get(asked).status_code == 404
        dialog = signed_in("zhao").get(f"{asked}&department={working.department['quality'].pk}")
        assert not any(each.may for each in dialog.context["candidates"])


def test_who_may_only_look_moves_nothing(story: stories.Story, signed_in: Callable[[str], Client]) -> None:
    task = task_of(story)
    with at(story):
        auditor = signed_in("auditor")
        text = auditor.get(address(story)).content.decode()
        assert "<article" in text
        assert "draggable" not in text
        assert auditor.get(f"{reverse('reports:board_move')}?card={task.pk}:1").status_code == 403
        assert auditor.post(f"{reverse('reports:board_undo')}?moved=x").status_code == 403
        assert signed_in("lina").get(reverse("reports:board")).status_code == 403


# The dialog -----------------------------------------------------------------------------------------------------------


def dialog(story: stories.Story, *tasks: procedures.Task, **more: Any) -> str:
    cards = "".join(f"&card={task.pk}:{task.version}" for task in tasks)
    return address(story, **more).replace("board?", "board/move?") + cards


def send(client: Client, story: stories.Story, *tasks: procedures.Task, to: str, **more: Any) -> Any:
    cards = [f"{task.pk}:{task.version}" for task in tasks]
    said = {"card": cards, "to": story.company.people[to].pk, "reason": "负荷均衡", **more}
    return client.post(dialog(story, department="quality"), said, follow=True)


def told(page: Any) -> list[str]:
    return [str(each) for each in page.context["messages"]]


def test_candidates_say_what_speaks_for_them(story: stories.Story, zhou: Client) -> None:
    away(story, "sun")
    with at(story):
        page = zhou.get(dialog(story, task_of(story), department="engineering"))
        found = {each.person.name: each for each in page.context["candidates"]}
        assert next(iter(found)) == "王强"  # whose competence in what is asked is on record
        assert (found["王强"].can, found["陈刚"].can) == (True, False)
        sun = zhou.get(dialog(story, task_of(story), department="quality")).context["candidates"]
        assert not next(each for each in sun if each.person.name == "孙丽").is_free


def test_moving_and_undoing_on_the_page(story: stories.Story, zhou: Client) -> None:
    story.tick()
    with at(story):
        page = send(zhou, story, task_of(story), to="sun")
        assert told(page) == [f"{story.case.number} 登记核对 已转给孙丽。"]
        assert task_of(story).holder_id == story.company.sun.pk
        undo = next(iter(page.context["messages"])).extra_tags.removeprefix("undo:")
        assert told(zhou.post(undo, follow=True)) == ["已撤销 1 项转办。"]
        assert task_of(story).holder_id == story.company.lina.pk
        assert "不能再撤销" in told(zhou.post(undo[:-3], follow=True))[0]


def test_undoing_is_offered_for_a_moment_only(story: stories.Story, zhou: Client) -> None:
    with at(story):
        page = send(zhou, story, task_of(story), to="sun")
    undo = next(iter(page.context["messages"])).extra_tags.removeprefix("undo:")
    with time_machine.travel(story.now + timedelta(minutes=2), tick=False):
        assert "不能再撤销" in told(zhou.post(undo, follow=True))[0]
    assert task_of(story).holder_id == story.company.sun.pk


def test_what_another_person_would_mend_stays_in_the_dialog(story: stories.Story, zhou: Client) -> None:
    away(story, "sun")
    with at(story):
        page = send(zhou, story, task_of(story), to="sun")
        assert page.status_code == 422
        assert "孙丽请假至" in page.content.decode()
        assert 'value="负荷均衡"' in page.content.decode()
        page = send(zhou, story, task_of(story), to="sun", reason=" ")
        assert "原因" in page.content.decode()


def test_who_comes_second_finds_the_board_as_it_is(story: stories.Story, zhou: Client) -> None:
    seen = task_of(story)
    story.now = timezone.now()
    move(story, "wang", by="chen")
    with at(story):
        page = send(zhou, story, seen, to="sun")
    assert page.redirect_chain
    assert re.search("陈刚.*王强", told(page)[0])


def test_a_summary_names_what_did_not_move(story: stories.Story, svw: customers.Customer, zhou: Client) -> None:
    other = stories.Story(story.company, registered(story.company, svw, story.now))
    seen = [task_of(story), task_of(other)]
    move(other, "sun")
    with at(other):
        page = send(zhou, story, *seen, to="zhou")
    done, not_done = told(page)
    assert "周华" in done
    assert other.case.number in not_done
    assert story.case.number not in not_done


def test_the_board_costs_the_same_with_one_and_thirty(
    story: stories.Story, svw: customers.Customer, zhou: Client
) -> None:
    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert zhou.get(url).status_code == 200
        return len(seen)

    task = task_of(story)
    urls = [address(story), dialog(story, task)]
    with at(story):
        for url in urls:
            queries(url)
        before = [queries(url) for url in urls]
        post, since = story.company.post["sales_engineer"], date(2020, 1, 1)
        for n in range(30):
            person = org.Person.objects.create(sign_in=f"more{n}", name=f"新人{n:02}", site=story.company.site["nb"])
            org.Holding.objects.create(post=post, person=person, from_on=since)
            org.RoleGrant.objects.create(person=person, role="handler", from_on=since)
            case = registered(story.company, svw, story.now)
            procedures.Task.objects.filter(subject_id=case.pk, closed_at=None).update(holder=person)
        assert [queries(url) for url in urls] == before
    assert cases.Case.objects.count() == 31
