"""Cases linked, merged, taken back out and split; who may, what is refused, what each side learns."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import access, models
from yinuo.cases.actions import closing, items, judging, linking, merging, sorting, splitting, steering
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import findings as finding_queries
from yinuo.cases.queries import joining as queries
from yinuo.customers import models as customers
from yinuo.kit import actors, once, refusals
from yinuo.letters import models as letters
from yinuo.letters.actions import threads
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.records import models as records
from yinuo.reports.queries import counted
from yinuo.search import queries as search

NOW = stories.NOW
Relation = models.Relation


@pytest.fixture
def twin(story: Story, svw: customers.Customer) -> models.Case:
    """The same customer asks again: once in the same words, once for something more."""
    return stories.open_case(
        story.company, svw, title="盐雾 720 h（再次来函）", items=stories.items(stories.SALT, "外观面不得有白锈。"),
        owner=story.company.sun, files=[("来函.txt", b"again")],
    )  # fmt: skip


def again(case: models.Case) -> models.Case:
    return models.Case.objects.select_related("customer", "owner", "contact").get(pk=case.pk)


def merged(story: Story, case: models.Case, survivor: models.Case, who: str = "zhao", **more: Any) -> models.Case:
    case, survivor = again(case), again(survivor)
    said = {"reason": "同一要求重复来函", "by": story.person(who), "now": story.tick()}
    versions = {"expected": case.version, "expected_survivor": survivor.version}
    return merging.merge(case=case, survivor=survivor, **{**said, **versions, **more})


def carried(case: models.Case, *positions: int) -> dict[int, int]:
    return {item.pk: item.version for item in case.items.filter(position__in=positions)}


def trail(case: models.Case) -> list[str]:
    of_case = records.Entry.objects.filter(subject_type=case.subject_type, subject_id=case.pk)
    return list(of_case.order_by("pk").values_list("word", flat=True))


def told(person: org.Person, kind: str) -> list[str]:
    return list(notify.Message.objects.filter(person=person, kind=kind).values_list("words_zh", flat=True))


# Links ----------------------------------------------------------------------------------------------------------------


def test_a_link_is_seen_from_both_sides_in_their_own_words(story: Story, twin: models.Case) -> None:
    by = story.person("lina")
    made = linking.link(case=twin, other=story.case, relation=Relation.COMPLAINT, by=by, now=NOW)
    (mine,), (theirs,) = queries.related_to(by, twin), queries.related_to(by, story.case)
    assert (mine.case, mine.words) == (story.case, "投诉所涉案件")
    assert (theirs.case, theirs.words) == (twin, "后续投诉")
    assert "cases.case.linked" in trail(twin)
    assert "cases.case.linked" in trail(story.case)
    linking.void_link(link=made, reason="误关联", by=by, now=NOW, expected=made.version)
    assert queries.related_to(by, twin) == queries.related_to(by, story.case) == []
    assert models.Link.objects.get().void_reason == "误关联"


def test_a_mutual_link_is_made_once_whoever_makes_it(story: Story, twin: models.Case) -> None:
    by = story.person("lina")
    linking.link(case=story.case, other=twin, relation=Relation.RELATED, by=by, now=NOW)
    with pytest.raises(access.CannotJoin):
        linking.link(case=twin, other=story.case, relation=Relation.RELATED, by=by, now=NOW)
    linking.link(case=story.case, other=twin, relation=Relation.ORIGIN, by=by, now=NOW)
    with pytest.raises(access.CannotJoin):  # neither comes from the other at once
        linking.link(case=twin, other=story.case, relation=Relation.ORIGIN, by=by, now=NOW)
    for wrong in ({"other": story.case, "relation": "related"}, {"other": twin, "relation": "cousin"}):
        with pytest.raises(access.CannotJoin):
            linking.link(case=story.case, by=by, now=NOW, **wrong)


@pytest.mark.parametrize("who", ["auditor", "outsider", "admin"])
def test_nobody_links_merges_or_splits_without_the_right(story: Story, twin: models.Case, who: str) -> None:
    by = story.person(who)
    with pytest.raises(refusals.NotAllowed):
        linking.link(case=twin, other=story.case, relation=Relation.RELATED, by=by, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        merged(story, twin, story.case, who)
    with pytest.raises(refusals.NotAllowed):
        split(story, {1}, who)


def test_only_who_steers_merges(story: Story, twin: models.Case) -> None:
    with pytest.raises(refusals.NotAllowed):
        merged(story, twin, story.case, "lina")


@pytest.fixture
def secret(story: Story) -> models.Case:
    circle = org.Scope.objects.create(name_zh="某新势力项目组")
    for name in ("lina", "zhao", "wang", "zhou"):
        circle.grants.create(person=story.company.people[name], granted_at=NOW)
    closed = stories.customer(story.company, "SECRET", "某新势力车企", scope=circle)
    return stories.open_case(story.company, closed, title="绝密标题", owner=story.person("wang"))


def test_whoever_may_not_see_the_other_case_does_not_learn_of_it(
    story: Story, secret: models.Case, signed_in: Any
) -> None:
    linking.link(
        case=secret, other=story.case, relation=Relation.ORIGIN, by=story.person("lina"), now=NOW, reason="绝密理由"
    )
    link = models.Link.objects.get()
    client = signed_in("sun")
    for page in ("case", "case_related", "case_talks", "case_print"):
        words = client.get(reverse(f"cases:{page}", args=[story.case.number])).content.decode()
        assert secret.number not in words
        assert "绝密" not in words
    timeline = client.get(reverse("records:timeline", args=["cases.case", story.case.pk])).content.decode()
    assert secret.number not in timeline
    assert "绝密" not in timeline
    found = client.get(reverse("cases:case_suggestions"), {"for": story.case.number, "q": "绝密"}).json()
    assert found == []
    assert client.get(reverse("cases:case_unrelate", args=[story.case.number, link.pk])).status_code == 404
    assert client.get(reverse("cases:case_new"), {"complaint": secret.number}).status_code == 404
    with pytest.raises(refusals.NotAllowed):
        linking.void_link(link=link, reason="x", by=story.person("sun"), now=NOW, expected=1)
    with pytest.raises(refusals.NotAllowed):
        linking.link(case=story.case, other=secret, relation=Relation.RELATED, by=story.person("sun"), now=NOW)
    assert (
        secret.number in signed_in("lina").get(reverse("cases:case_related", args=[story.case.number])).content.decode()
    )


# Merging --------------------------------------------------------------------------------------------------------------


def test_a_case_merged_ends_and_leads_to_the_one_that_goes_on(story: Story, twin: models.Case, signed_in: Any) -> None:
    it = merged(story, twin, story.case, carry=carried(twin, 2))
    assert (it.state, it.is_open, it.merged_into, it.number) == ("merged", False, story.case, twin.number)
    assert it.badge == ("quiet", "已合并")
    new = story.item(4)
    assert (new.text, new.came_from, new.came_from.moved_to) == ("外观面不得有白锈。", twin.items.get(position=2), new)
    wording = new.wordings.get()
    assert (wording.channel, wording.said_by) == ("mail", "沈工")
    run = procedures.Run.objects.get(subject_id=twin.pk)
    assert (run.ending, run.reason) == ("terminated", "同一要求重复来函")
    assert not procedures.Task.objects.filter(run=run, state__in=procedures.Task.LIVE).exists()
    assert told(story.company.sun, "case_merged") == [f"{twin.number} 已合并到 {story.case}，请在那里继续办理。"]
    assert "cases.case.merged" in trail(twin)
    assert "cases.case.merged_here" in trail(story.case)
    page = signed_in("lina").get(twin.get_absolute_url()).content.decode()
    assert f"{twin.number} 已合并到 {story.case.number}" in page
    assert story.case.get_absolute_url() in page
    assert twin.number in signed_in("lina").get(story.case.get_absolute_url()).content.decode()
    found = {hit.id for hit in search.find(story.person("lina"), twin.number) if hit.type == "cases.case"}
    assert found == {twin.pk, story.case.pk}


def test_a_merged_case_counts_as_ended(story: Story, twin: models.Case) -> None:
    merged(story, twin, story.case)
    assert counted.recount() == counted.told()
    it = again(twin)
    merging.take_out(
        case=it, to="register", reason="并错了", by=story.person("zhao"), now=story.tick(), expected=it.version
    )
    assert counted.recount() == counted.told()


def test_nothing_else_happens_to_a_merged_case(story: Story, twin: models.Case) -> None:
    it, by = merged(story, twin, story.case), story.person("zhao")
    with pytest.raises(access.CaseClosed):
        steering.reopen(case=it, to="register", reason="x", by=by, now=story.tick())
    with pytest.raises(access.CaseClosed):
        items.withdraw_item(item=it.items.get(position=1), reason="x", by=by, now=story.tick(), expected=1)
    with pytest.raises(access.CaseClosed):
        merged(story, twin, story.case)


def test_the_survivor_becomes_no_more_urgent_than_was_agreed(story: Story, svw: customers.Customer) -> None:
    urgent = stories.open_case(story.company, svw, channel="complaint", promised_on=date(2026, 3, 6))
    sooner = queries.sooner(urgent, again(story.case))
    assert set(sooner) == {"priority", "promised_on", "due_at"}
    merged(story, urgent, story.case)
    assert (story.refreshed().priority, story.case.promised_on) == (models.Priority.NORMAL, None)
    other = stories.open_case(story.company, svw, channel="complaint", promised_on=date(2026, 3, 6))
    merged(story, other, story.case, takes=["priority", "promised_on", "due_at"])
    story.refreshed()
    assert (story.case.priority, story.case.promised_on) == (models.Priority.URGENT, date(2026, 3, 6))
    assert story.case.due_at == again(other).due_at


def test_the_mark_of_safety_always_goes_over(story: Story, svw: customers.Customer) -> None:
    merged(story, stories.open_case(story.company, svw, is_safety=True), story.case)
    assert (story.refreshed().is_safety, story.case.priority) == (True, models.Priority.TOP)


def test_what_cannot_be_merged_is_refused_with_the_way_out(story: Story, twin: models.Case) -> None:
    other = stories.open_case(story.company, stories.customer(story.company, "FAW", "一汽（示例）"))
    for survivor, way_out in ((other, "其他顾客"), (twin, "自身")):
        with pytest.raises(access.CannotJoin, match=way_out):
            merged(story, twin, survivor)
    steering.hold(case=story.case, reason="等顾客", by=story.person("zhao"), now=story.tick())
    with pytest.raises(access.CannotJoin, match="已暂停。请先恢复"):
        merged(story, twin, story.case)
    steering.resume(case=story.refreshed(), by=story.person("zhao"), now=story.tick())
    steering.terminate(case=story.refreshed(), reason="撤回", by=story.person("zhao"), now=story.tick())
    with pytest.raises(access.CannotJoin, match="请先重新打开，或改为关联"):
        merged(story, twin, story.case)
    with pytest.raises(access.CannotJoin):
        merged(story, twin, other, reason=" ")


def test_a_case_of_another_circle_is_not_merged(story: Story, secret: models.Case) -> None:
    closer = stories.customer(story.company, "BELOW", "某新势力二厂", parent=secret.customer, scope=None)
    open_case = stories.open_case(story.company, closer, owner=story.person("wang"))
    models.Case.objects.filter(pk=open_case.pk).update(scope=None)
    with pytest.raises(access.CannotJoin, match="保密范围不同"):
        merged(story, secret, open_case)


def test_of_two_who_merge_each_into_the_other_one_wins(story: Story, twin: models.Case) -> None:
    mine, theirs = again(twin), again(story.case)
    merged(story, mine, theirs)
    said = {"reason": "x", "by": story.person("zhou"), "now": story.tick()}
    with pytest.raises(access.CannotJoin, match="已合并"):
        merging.merge(case=theirs, survivor=mine, expected=theirs.version, expected_survivor=mine.version, **said)
    assert (again(twin).merged_into, again(story.case).is_open) == (story.case, True)


def test_chains_lead_on_and_never_in_circles(story: Story, twin: models.Case, svw: customers.Customer) -> None:
    last = stories.open_case(story.company, svw)
    merged(story, twin, story.case)
    merged(story, story.case, last)
    assert queries.survivor_of(again(twin)) == last
    assert case_queries.joinable_case(story.person("lina"), twin.number) == last
    with pytest.raises(access.CannotJoin):
        merged(story, last, twin)
    found = {hit.id for hit in search.find(story.person("lina"), twin.number) if hit.type == "cases.case"}
    assert last.pk in found


def test_an_item_that_changes_meanwhile_refuses_the_merge(story: Story, twin: models.Case) -> None:
    seen, item = carried(twin, 2), twin.items.get(position=2)
    by = story.person("wang")
    judging.judge(item=item, verdict="can", condition="", by=by, now=story.tick(), expected=item.version)
    with pytest.raises(refusals.Stale):
        merged(story, twin, story.case, carry=seen)
    assert (again(twin).is_open, story.case.items.count()) == (True, 3)


def answered(story: Story, item: models.Item) -> None:
    by = story.person("wang")
    item = models.Item.objects.select_related("case__customer").get(pk=item.pk)
    judging.propose(item=item, reason="工艺限制", alternative="放宽", by=by, now=story.tick(), expected=item.version)
    judging.record_answer(
        item=item, answer="accepted", answer_by="沈工", answer_on=date(2026, 3, 2), by=by, now=story.tick(),
        expected=item.version,
    )  # fmt: skip


def test_an_item_answered_meanwhile_stays(story: Story, twin: models.Case) -> None:
    answered(story, twin.items.get(position=2))
    with pytest.raises(access.CannotJoin, match="第 2 项"):
        merged(story, twin, story.case, carry=carried(twin, 2))
    merged(story, twin, story.case)
    assert (story.case.items.count(), twin.items.get(position=2).answer) == (3, "accepted")


def test_a_survivor_that_was_answered_takes_no_items(story: Story, twin: models.Case) -> None:
    models.Case.objects.filter(pk=story.case.pk).update(answered_at=NOW)
    with pytest.raises(access.CannotJoin, match="仅保留合并关系"):
        merged(story, twin, story.case, carry=carried(twin, 2))
    merged(story, twin, story.case)
    assert again(twin).merged_into == story.case


def test_somebody_changed_the_survivor_meanwhile(story: Story, twin: models.Case) -> None:
    seen = again(story.case).version
    steering.change_owner(
        case=story.case, owner=story.person("sun"), by=story.person("zhao"), now=story.tick(), expected=seen
    )
    with pytest.raises(refusals.Stale):
        merged(story, twin, story.case, expected_survivor=seen)


def test_talks_reports_and_files_are_joined(story: Story, twin: models.Case, signed_in: Any) -> None:
    by, about = story.person("lina"), twin.items.get(position=2)
    said = {"customer": twin.customer, "purpose": "clarification", "by": by, "now": story.tick()}
    of_case = threads.open_thread(subject=twin, title="关于来函", **said)
    over = threads.open_thread(subject=twin, title="已谈完", **said)
    threads.close(thread=over, reason="已答复", by=by, now=story.tick(), expected=over.version)
    of_item = threads.open_thread(subject=about.ref, title="关于白锈", **said)
    report = sorting.report(text="再次来函", customer=twin.customer, by=by, now=story.tick())
    merged(story, twin, story.case, carry=carried(twin, 2))
    of_case.refresh_from_db()
    of_item.refresh_from_db()
    assert (of_case.state, of_case.subject_id, of_case.subject_label) == (
        "open",
        story.case.pk,
        story.case.subject_label,
    )
    assert (of_item.subject_type, of_item.subject_id) == ("cases.item", story.item(4).pk)
    sorting.join(finding=report, case=again(twin), by=by, now=story.tick(), expected=report.version)
    assert list(finding_queries.findings_of(story.case)) == [report]
    client = signed_in("lina")
    panel = client.get(reverse("cases:case_related", args=[story.case.number])).content.decode()
    assert reverse("records:files", args=["cases.case", twin.pk]) in panel
    talks = client.get(reverse("cases:case_talks", args=[story.case.number])).content.decode()
    assert twin.number in talks


def test_the_inbox_joins_a_merged_number_to_the_survivor(story: Story, twin: models.Case, signed_in: Any) -> None:
    merged(story, twin, story.case)
    report = sorting.report(text="补充", by=story.person("wu"), now=story.tick())
    said = {"case": twin.number, "version": report.version}
    answer = signed_in("lina").post(reverse("cases:finding_join", args=[report.pk]), said, follow=True)
    report.refresh_from_db()
    assert (report.case, f"已并入 {story.case.number}" in answer.content.decode()) == (story.case, True)


def test_feedback_about_a_merged_case_counts_for_the_survivor(story: Story, twin: models.Case) -> None:
    link = closing.make_link(case=twin, name="沈工", by=story.person("lina"), now=story.tick())
    merged(story, twin, story.case)
    link = models.FeedbackLink.objects.select_related("case").get(pk=link.pk)
    kept = closing.answer_link(
        link=link, is_satisfied=True, score=5, words="好", by=actors.Outsider("沈工"), now=story.tick()
    )
    assert (kept.case, again(twin).is_satisfied) == (story.case, None)


# Taking back out ------------------------------------------------------------------------------------------------------


def out(story: Story, case: models.Case, who: str = "zhao", **more: Any) -> models.Case:
    case = again(case)
    said = {
        "to": "register",
        "reason": "并错了",
        "by": story.person(who),
        "now": story.tick(),
        "expected": case.version,
    }
    return merging.take_out(case=case, **{**said, **more})


def test_taken_back_out_the_case_goes_on_by_itself(story: Story, twin: models.Case) -> None:
    by = story.person("lina")
    said = {"customer": twin.customer, "purpose": "clarification", "by": by, "now": story.tick()}
    talk = threads.open_thread(subject=twin.items.get(position=2).ref, title="关于白锈", **said)
    merged(story, twin, story.case, carry=carried(twin, 2))
    copy = story.item(4)
    items.amend(item=copy, text="A 面不得有白锈。", reason="来函", by=by, now=story.tick(), expected=copy.version)
    it = out(story, twin)
    assert (it.is_open, it.merged_into, it.step_zh) == (True, None, story.refreshed().step_zh)
    back, left = twin.items.get(position=2), story.item(4)
    assert (back.text, back.moved_to, back.wording_number) == ("A 面不得有白锈。", None, 2)
    assert [each.text for each in back.wordings.all()] == ["外观面不得有白锈。", "A 面不得有白锈。"]
    assert (left.moved_to, bool(left.withdrawn_at)) == (back, True)
    talk.refresh_from_db()
    assert (talk.subject_type, talk.subject_id, talk.state) == ("cases.item", back.pk, letters.ThreadState.OPEN)
    assert trail(twin)[-1] != "cases.case.merged"
    assert "cases.case.taken_out_here" in trail(story.case)
    merged(story, twin, story.case, carry=carried(twin, 2))  # and again
    assert story.item(5).text == "A 面不得有白锈。"


def test_nothing_is_taken_out_of_what_is_over(story: Story, twin: models.Case) -> None:
    merged(story, twin, story.case)
    steering.terminate(case=story.refreshed(), reason="撤回", by=story.person("zhao"), now=story.tick())
    with pytest.raises(access.CannotJoin, match="请先重新打开"):
        out(story, twin)
    with pytest.raises(access.CannotJoin):
        out(story, story.case)
    with pytest.raises(refusals.NotAllowed):
        out(story, twin, "lina")


def test_something_is_left_of_the_survivor(story: Story, twin: models.Case) -> None:
    merged(story, twin, story.case, carry=carried(twin, 2))
    for position in (1, 2, 3):
        item = story.item(position)
        items.withdraw_item(item=item, reason="撤回", by=story.person("lina"), now=story.tick(), expected=item.version)
    with pytest.raises(access.CannotJoin, match="没有要求项"):
        out(story, twin)


def test_of_two_who_take_it_out_the_second_is_told(story: Story, twin: models.Case) -> None:
    seen = merged(story, twin, story.case)
    out(story, twin)
    with pytest.raises(access.CannotJoin):
        out(story, twin, expected=seen.version)


# Splitting ------------------------------------------------------------------------------------------------------------


def split(story: Story, positions: set[int], who: str = "lina", **more: Any) -> models.Case:
    it = again(story.case)
    said = {"title": "样件交付", "reason": "分属两个部门", "by": story.person(who), "now": story.tick()}
    return splitting.split(case=it, items=carried(it, *positions), **{**said, "expected": it.version, **more})


def test_items_split_off_become_a_case_of_their_own(story: Story, signed_in: Any) -> None:
    made = split(story, {2, 3})
    same = ("customer_id", "channel", "said_by", "notified_at", "wanted_on", "site_id", "is_safety")
    assert all(getattr(made, name) == getattr(story.case, name) for name in same)
    assert made.number != story.case.number
    assert (made.state, procedures.Task.objects.filter(subject_id=made.pk, state="open").exists()) == ("new", True)
    assert [item.text for item in made.items.all()] == [stories.REPORT, stories.LEAD]
    assert [item.text for item in case_queries.standing_items(story.case)] == [stories.SALT]
    old = story.item(2)
    assert (old.moved_to.case, old.moved_to.came_from) == (made, old)
    (related,) = queries.related_to(story.person("lina"), made)
    assert (related.case, related.words) == (story.case, "源自")
    page = signed_in("lina").get(story.case.get_absolute_url()).content.decode()
    assert f">{made.number}</a> 第 1 项" in page
    assert "cases.case.split" in trail(story.case)


def test_the_originals_are_seen_from_both(working: cast.Company, svw: customers.Customer) -> None:
    whole = stories.open_case(working, svw, items=stories.items(stories.SALT, stories.LEAD), files=[("函.txt", b"x")])
    made = split(Story(working, whole), {2})
    of = records.Attachment.objects.filter(subject_type="cases.case", name="函.txt", kind="original")
    assert set(of.values_list("subject_id", flat=True)) == {whole.pk, made.pk}
    assert of.values("blob").distinct().count() == 1


def test_spoken_items_wait_for_writing_in_the_new_case(working: cast.Company, svw: customers.Customer) -> None:
    whole = stories.open_case(working, svw, items=stories.items(stories.SALT, stories.LEAD), is_oral=True)
    made = split(Story(working, whole), {2})
    wording = made.items.get().wordings.get()
    assert (again(made).oral, wording.confirm_due_on) == ("waiting", whole.oral_due_on)


def test_what_cannot_be_split_is_refused(story: Story) -> None:
    for wrong in ({1, 2, 3}, set()):
        with pytest.raises(access.CannotJoin) as refused:
            split(story, wrong)
        assert refused.value.field == "items"
    with pytest.raises(access.CannotJoin):
        split(story, {1}, reason=" ")
    answered(story, story.item(2))
    with pytest.raises(access.CannotJoin, match="第 2 项：已就此答复顾客"):
        split(story, {2})
    with pytest.raises(refusals.Stale):
        split(story, {1}, expected=again(story.case).version + 1)
    assert models.Case.objects.count() == 1


def test_an_item_changed_meanwhile_is_not_split(story: Story) -> None:
    it = again(story.case)
    seen, item = carried(it, 2), story.item(2)
    judging.judge(item=item, verdict="can", condition="", by=story.person("wang"), now=NOW, expected=item.version)
    with pytest.raises(refusals.Stale):
        splitting.split(
            case=it, items=seen, title="x", reason="x", by=story.person("lina"), now=NOW, expected=it.version
        )


# Complaint after archive ----------------------------------------------------------------------------------------------


@pytest.fixture
def archived(story: Story) -> models.Case:
    run = procedures.Run.objects.get(subject_id=story.case.pk)
    steering.terminate(case=story.case, reason="办结", by=story.person("zhao"), now=story.tick())
    assert run.pk
    models.Case.objects.filter(pk=story.case.pk).update(archived_at=NOW, state="archived", answered_at=NOW)
    return story.refreshed()


def test_a_dissatisfied_answer_after_the_archive_opens_a_linked_case(story: Story, archived: models.Case) -> None:
    link = models.FeedbackLink.objects.create(
        case=archived, token="t", name="沈工", made_by=story.company.lina, made_at=NOW,
        expires_at=NOW + timedelta(days=30),
    )  # fmt: skip
    said = {"is_satisfied": False, "score": 1, "by": actors.Outsider("沈工"), "now": story.tick()}
    closing.answer_link(link=link, words="批次 3 有红锈", **said)
    made = models.Case.objects.exclude(pk=archived.pk).get()
    assert (made.channel, made.customer, made.items.get().text) == ("complaint", archived.customer, "批次 3 有红锈")
    assert (again(archived).is_archived, again(archived).is_open) == (True, False)
    (related,) = queries.related_to(story.person("lina"), archived)
    assert (related.case, related.words) == (made, "后续投诉")
    record = {"case": archived, "way": "phone", "speaker": "沈工", "said_at": story.now, "no_proof": "电话"}
    closing.record_feedback(**record, is_satisfied=False, words="还有", by=story.person("lina"), now=story.tick())
    assert models.Case.objects.count() == 2  # the complaint that is open already
    closing.record_feedback(**record, is_satisfied=True, words="", by=story.person("lina"), now=story.tick())
    assert models.Case.objects.count() == 2


def test_before_the_archive_it_is_reopened(story: Story) -> None:
    steering.terminate(case=story.case, reason="办结", by=story.person("zhao"), now=story.tick())
    closing.record_feedback(
        case=story.refreshed(), way="phone", speaker="沈工", said_at=story.now, is_satisfied=False, words="不行",
        no_proof="电话", by=story.person("lina"), now=story.tick(),
    )  # fmt: skip
    assert models.Case.objects.count() == 1


def intake(case: models.Case, **more: Any) -> dict[str, Any]:
    return {
        "once": once.new_key(), "customer": case.customer_id, "title": "再次投诉", "channel": "complaint",
        "said_by": "沈工", "notified_at": "2026-03-02T09:00", "items-n0-text": "批次 3 有红锈",
        "items-n0-kind": "quality", "items-n0-applies": "customer", **more,
    }  # fmt: skip


def test_the_intake_form_is_filled_in_and_the_cases_are_linked(
    story: Story, archived: models.Case, signed_in: Any
) -> None:
    client = signed_in("lina")
    assert "顾客再次投诉" in client.get(archived.get_absolute_url()).content.decode()
    page = client.get(reverse("cases:case_new"), {"complaint": archived.number}).content.decode()
    for known in (archived.number, "上汽大众", stories.SALT, 'value="complaint" selected'):
        assert known in page
    answer = client.post(reverse("cases:case_new"), intake(archived, complaint=archived.number))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    made = models.Case.objects.exclude(pk=archived.pk).get()
    assert models.Link.objects.get().relation == Relation.COMPLAINT
    assert made.number in client.get(reverse("cases:case_related", args=[archived.number])).content.decode()


def test_the_finder_names_what_is_over_for_the_same_customer_only(
    story: Story, archived: models.Case, signed_in: Any
) -> None:
    other = stories.customer(story.company, "FAW", "一汽（示例）")
    said = {"title": "盐雾试验要求提高到 720 h", "text": stories.SALT}
    client, url = signed_in("lina"), reverse("cases:case_similar")
    assert 'name="complaint"' in client.post(url, {**said, "customer": archived.customer_id}).content.decode()
    assert 'name="complaint"' not in client.post(url, {**said, "customer": other.pk}).content.decode()
    refused = client.post(reverse("cases:case_new"), intake(archived, complaint=archived.number, customer=other.pk))
    assert (refused.status_code, models.Case.objects.count()) == (422, 1)


def test_no_complaint_after_archive_about_what_goes_on(story: Story, signed_in: Any) -> None:
    refused = signed_in("lina").post(reverse("cases:case_new"), intake(story.case, complaint=story.case.number))
    assert refused.status_code == 422
    assert "尚未结案" in refused.content.decode()


# Pages ----------------------------------------------------------------------------------------------------------------


def test_merged_by_page_and_taken_back_out(story: Story, twin: models.Case, signed_in: Any) -> None:
    client: Client = signed_in("zhao")
    chosen = client.get(reverse("cases:case_merge", args=[twin.number])).content.decode()
    into = reverse("cases:case_merge_into", args=[twin.number, story.case.number])
    assert into in chosen
    searched = client.get(reverse("cases:case_merge", args=[twin.number]), {"q": "没有这个"}).content.decode()
    assert into not in searched
    page = client.get(into).content.decode()
    assert "合并后的案件已有相同文字" in page
    one, two = twin.items.get(position=1), twin.items.get(position=2)
    assert f'value="{one.pk}:{one.version}" checked' not in page
    assert f'value="{two.pk}:{two.version}" checked' in page
    it, survivor = again(twin), again(story.case)
    said = {"version": it.version, "survivor_version": survivor.version, "items": [f"{two.pk}:{two.version}"]}
    empty = client.post(into, said)
    assert (empty.status_code, again(twin).is_open) == (422, True)
    assert client.post(into, {**said, "reason": "重复"})["Location"] == story.case.get_absolute_url()
    assert again(twin).is_merged
    assert client.get(into).status_code == 409 or client.get(into).status_code >= 400
    back = reverse("cases:case_take_out", args=[twin.number])
    assert client.get(back).status_code == 200
    done = client.post(back, {"version": again(twin).version, "to": "register", "reason": "并错了"})
    assert (done.status_code, again(twin).is_open) == (302, True)


def test_split_by_page_once(story: Story, signed_in: Any) -> None:
    client, url = signed_in("lina"), reverse("cases:case_split", args=[story.case.number])
    assert client.get(url).status_code == 200
    item, it = story.item(3), again(story.case)
    said = {
        "once": once.new_key(), "version": it.version, "items": [f"{item.pk}:{item.version}"], "title": "样件",
        "reason": "分开办理",
    }  # fmt: skip
    first = client.post(url, said)
    made = models.Case.objects.exclude(pk=it.pk).get()
    assert first["Location"] == client.post(url, said)["Location"] == made.get_absolute_url()
    assert client.post(url, {**said, "once": once.new_key(), "items": ["x:1"]}).status_code == 422


def test_linked_and_voided_by_page(story: Story, twin: models.Case, signed_in: Any) -> None:
    client = signed_in("lina")
    url = reverse("cases:case_relate", args=[twin.number])
    found = client.get(reverse("cases:case_suggestions"), {"for": twin.number, "q": "盐雾"}).json()
    assert [each["value"] for each in found] == [str(story.case.pk)]
    said = {"once": once.new_key(), "other": story.case.pk, "relation": "related", "reason": "同一零件"}
    assert client.post(url, said).status_code == 302
    assert client.post(url, {**said, "once": once.new_key()}).status_code == 422
    link = models.Link.objects.get()
    void = reverse("cases:case_unrelate", args=[story.case.number, link.pk])
    assert client.get(void).status_code == 200
    assert client.post(void, {"version": link.version, "reason": "误关联"}).status_code == 302
    assert client.get(void).status_code == 404
