"""Somebody leaves in the middle of the work: a request goes on to its end, what is confidential stays in its circle,
two who hand over at once, and very much at once."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import models
from yinuo.cases.actions import closing, samples
from yinuo.customers import models as customers
from yinuo.customers.actions import companies, portals, projects
from yinuo.kit import actors
from yinuo.kit.models import Job
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.actions import handing_over, people
from yinuo.org.jobs import hand_over as background
from yinuo.procedures.actions import clock, working
from yinuo.records.models import Entry

fresh = stories.fresh
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def everything(person: org.Person, to: org.Person, by: org.Person, now: Any) -> list[handing_over.Choice]:
    return [
        handing_over.Choice(duty=kind.plug.name, key=duty.key, expected=duty.version, to=to)
        for kind in org_queries.in_hand(person, fresh(by), now)
        for duty in kind.held.duties
        if duty.may_give
    ]


def begin(
    person: org.Person, to: org.Person, by: org.Person, now: Any, choices: list[handing_over.Choice] | None = None
) -> org.HandOver:
    return handing_over.begin(
        person=fresh(person), choices=everything(person, to, by, now) if choices is None else choices, reason="离职",
        last_on=TODAY, leaves=False, expected=1, by=fresh(by), now=now,
    )  # fmt: skip


def hand_over(person: org.Person, to: org.Person, by: org.Person, now: Any) -> org.HandOver:
    row = begin(person, to, by, now)
    assert handing_over.carry_on(hand_over=row, by=fresh(by), now=now)
    return row


def left(row: org.HandOver) -> dict[str, str]:
    return dict(row.rows.filter(state=org.HandedOver.State.LEFT).values_list("label", "why"))


def test_a_request_whose_owner_leaves_goes_on_to_its_end_with_the_successor(story: Story) -> None:
    it = story.company
    story.accept()
    story.acknowledge()
    story.analyse("wang")
    story.opine("zhou", "quality", "can", "can", "can")
    plan = story.task("plan")
    assert plan.holder == it.wang
    begun = {"summary": "王强已写的内容"}
    working.save_draft(task=plan, data=begun, by=it.wang, now=story.now, expected=plan.version)

    before = notify.Message.objects.filter(person=it.chen).count()
    row = hand_over(it.wang, it.chen, it.zhou, story.tick())
    assert left(row) == {}
    told = notify.Message.objects.filter(person=it.chen).order_by("pk")[before:]
    assert [each.words_zh for each in told] == ["王强的工作移交给您：1 项待办、1 个案件、3 条要求项。原因：离职"]
    plan.refresh_from_db()
    assert (plan.holder, plan.draft) == (it.chen, begun)
    assert story.refreshed().owner == it.chen
    assert {item.owner for item in models.Item.objects.filter(case=story.case)} == {it.chen}
    assert models.Assignment.objects.filter(case=story.case).latest("pk").chosen == it.chen
    moved = Entry.objects.filter(subject_id=story.case.pk, reason="离职").values_list("word", flat=True)
    assert sorted(moved) == ["cases.case.given", *["cases.item.described"] * 3, "procedures.task.reassigned"]

    people.leave(person=fresh(it.wang), on=TODAY, expected=fresh(it.wang).version, by=it.admin, now=story.now)
    with time_machine.travel(story.now + DAY, tick=False):
        people.close_accounts(by=actors.PROGRAM, now=story.now + DAY)
        assert clock.mend_people(by=actors.PROGRAM, now=story.now + DAY) == 0  # nothing was forgotten
    assert not fresh(it.wang).is_active

    story.plan("chen", ("更换镀锌钝化液", "chen", 1), ("签订第三方检测合同", "sun", 2), promised_on="2026-03-25")
    story.implement_and_verify()
    story.reply("chen")
    closing.record_feedback(
        case=story.case, way="phone", speaker="沈工", said_at=story.now, is_satisfied=True, words="好",
        no_proof="电话未录音", score=5, by=story.person("lina"), now=story.tick(),
    )  # fmt: skip
    story.complete("chen", lesson="镀锌件盐雾要求应在报价前确认钝化工艺。")
    assert story.case.is_archived
    after = story.tasks(opened_at__gt=row.at)
    assert not after.filter(holder=it.wang).exists()
    assert not after.filter(closed_by=it.wang).exists()


@pytest.fixture
def loaded(story: Story) -> Story:
    """李娜 is window, keeps a portal and an object, is of a project team, and has a task."""
    it = story.company
    customer = story.case.customer
    portals.add(
        customer=customer, name="门户", url="https://p.example", keeper=it.lina, by=fresh(it.zhao), now=story.now
    )
    project = projects.add(number="P1", name_zh="支架", customer=customer, by=fresh(it.zhao), now=story.now)
    projects.join(project=project, person=it.lina, role="sales", from_on=TODAY - DAY, by=fresh(it.zhao), now=story.now)
    samples.keep_sample(
        case=story.case, kind="sealed", number="S1", place="柜", keeper=it.lina, by=fresh(it.lina), now=story.now
    )
    return story


def test_windows_portals_projects_and_objects_go_too(loaded: Story) -> None:
    it = loaded.company
    row = hand_over(it.lina, it.sun, it.zhou, loaded.now)
    assert left(row) == {}
    customer = customers.Customer.objects.get(code="SVW")
    assert customer.window == it.sun
    assert customers.Portal.objects.get().keeper == it.sun
    assert models.Sample.objects.get().keeper == it.sun
    team = customers.Member.objects.order_by("pk").values_list("person__name", "from_on", "to_on")
    assert list(team) == [("李娜", TODAY - DAY, TODAY), ("孙丽", TODAY + DAY, None)]
    assert loaded.task("register").holder == it.sun
    kinds = {kind.plug.name for kind in org_queries.in_hand(it.lina, fresh(it.admin), loaded.now) if kind.held.duties}
    assert kinds == {"org.post"}  # which whoever steers may not give away


def test_a_deputy_who_succeeds_the_window_is_no_longer_the_deputy(loaded: Story) -> None:
    it = loaded.company
    customer = loaded.case.customer
    companies.change(
        customer=fresh(customer), window_deputy=it.sun, by=fresh(it.zhao), now=loaded.now,
        expected=fresh(customer).version,
    )  # fmt: skip
    assert left(hand_over(it.lina, it.sun, it.zhou, loaded.now)) == {}
    customer.refresh_from_db()
    assert (customer.window, customer.window_deputy) == (it.sun, None)


def test_of_two_who_hand_over_at_once_each_thing_goes_once(loaded: Story) -> None:
    it = loaded.company
    first = everything(it.lina, it.sun, it.zhou, loaded.now)
    second = everything(it.lina, it.wang, it.zhao, loaded.now)
    rows = [begin(it.lina, to, by, loaded.now, chosen) for to, by, chosen in (
        (it.sun, it.zhou, first), (it.wang, it.zhao, second))]  # fmt: skip
    handing_over.carry_on(hand_over=rows[1], by=fresh(it.zhao), now=loaded.now)
    handing_over.carry_on(hand_over=rows[0], by=fresh(it.zhou), now=loaded.now)
    assert left(rows[1]) == {}
    assert len(left(rows[0])) == len(first)
    assert loaded.task("register").holder == it.wang
    assert customers.Member.objects.count() == 2


def test_a_successor_who_may_not_see_it_gets_nothing_and_the_row_says_so(working: cast.Company) -> None:
    it, now = working, stories.NOW
    scope = org.Scope.objects.create(name_zh="新势力项目组")
    for person in (it.lina, it.wang, it.zhou):
        scope.grants.create(person=person, granted_at=now)
    secret = stories.customer(it, "SECRET", "新势力车企", scope=None)
    companies.change(customer=secret, scope=scope, by=fresh(it.zhou), now=now, expected=fresh(secret).version)
    case = stories.open_case(it, fresh(secret), title="电池模组耐火")
    row = hand_over(it.lina, it.sun, it.zhou, now)
    said = left(row)
    assert len(said) == row.rows.count() == 2  # the window and the task
    assert all("孙丽" in why for why in said.values())
    assert case.number in " ".join(said)


def test_what_is_confidential_shows_to_its_circle_only(working: cast.Company, signed_in) -> None:
    it, now = working, stories.NOW
    scope = org.Scope.objects.create(name_zh="新势力项目组")
    for person in (it.lina, it.wang, it.zhou, it.zhao):
        scope.grants.create(person=person, granted_at=now)
    stories.open_case(
        it, stories.customer(it, "SECRET", "新势力车企", scope=scope), title="电池模组耐火", owner=it.lina
    )
    stories.open_case(it, stories.customer(it), title="盐雾试验", owner=it.lina)
    url = f"/org/people/{it.lina.pk}/hand-over"

    def page(who: str) -> str:
        client: Client = signed_in(who)
        return client.get(url).content.decode()

    assert "电池模组耐火" in page("zhou")
    assert "手上有 2 项待办、2 个案件" in page("zhou")
    for who in ("chen", "gao"):
        said = page(who)
        assert "盐雾试验" in said
        assert "手上有 1 项待办、1 个案件" in said
        assert "另有" not in said  # not even how many there are
        for word in ("电池模组", "新势力", "SECRET"):
            assert word not in said
    assert "另有 1 个案件，您无权查看，可由" in page("admin")  # who sees tasks, but no cases
    assert "电池模组" not in page("admin")
    row = hand_over(it.lina, it.wang, it.zhou, now)
    record = row.get_absolute_url()
    assert "电池模组" in signed_in("wang").get(record).content.decode()
    seen = signed_in("chen").get(record).content.decode()
    assert "盐雾试验" in seen
    assert "电池模组" not in seen
    assert "已移交 3 项" in seen  # task, case, item
    scope.grants.filter(person=it.wang).update(ended_at=now)
    assert "电池模组" not in signed_in("wang").get(record).content.decode()


def test_a_very_full_hand_goes_in_the_background_and_the_page_shows_how_far(
    story: Story, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    it, now = story.company, stories.NOW
    monkeypatch.setattr("yinuo.org.jobs.VISIT", -1.0)  # one step a visit
    for at in range(120):
        models.Sample.objects.create(case=story.case, kind="sealed", number=f"N{at:03}", place="柜", keeper=it.wang)
    client = signed_in("zhou")
    url = f"/org/people/{it.wang.pk}/hand-over"
    with time_machine.travel(now, tick=False):
        form = client.get(url).context["form"]
        sent = {f.html_name: f.value() for f in form if f.value() not in (None, False)}
        sent |= {"to": it.chen.pk, "reason": "离职", "last_on": TODAY.isoformat()}
        assert "后台办理" in client.post(url, {**sent, "step": "preview"}).content.decode()
        record = client.post(url, {**sent, "step": "do"})["Location"]
        row = org.HandOver.objects.get()
        total = row.rows.count()
        assert total > 120
        assert f"正在移交：0 / {total}" in client.get(record).content.decode()
        done = []
        while (job := Job.objects.filter(name="org.hand_over").order_by("-pk")[0]).pk not in done:
            done.append(job.pk)
            background(**job.arguments)
            tried = total - row.rows.filter(state="waiting").count()
            if tried < total:
                assert f"正在移交：{tried} / {total}" in client.get(f"{record}/state").content.decode()
    assert len(done) == -(-total // handing_over.STEP)
    assert f"已移交 {total} 项" in client.get(record).content.decode()
    assert models.Sample.objects.filter(keeper=it.chen).count() == 120
    assert notify.Message.objects.filter(person=it.chen, kind="handed_over").count() == 1
