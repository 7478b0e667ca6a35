"""What leaves the house and what comes back: whoever releases, feedback at any time, originals, counts and filters."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.cases import story as stories
from tests.cases.story import Story
from tests.cases.test_pages import intake
from yinuo.cases import access, lists, models
from yinuo.cases.actions import (
    closing,
    convention,
    following,
    items,
    originals,
    planning,
    samples,
    steering,
    talking,
    watching,
)
from yinuo.cases.queries import cases as case_queries
from yinuo.customers.actions import contacts
from yinuo.kit import actors, once
from yinuo.letters import models as letters
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures.definition import shapes
from yinuo.procedures.queries import runs as run_queries
from yinuo.records import actions as record_actions
from yinuo.records import models as records
from yinuo.search import queries as search


def to_reply(story: Story) -> None:
    story.accept()
    story.acknowledge()
    story.analyse()
    story.opine("zhou", "quality", "can", "can", "can")
    story.plan("wang", ("更换钝化液", "wang", 1))
    story.implement_and_verify()


def dissatisfied(story: Story) -> None:
    closing.record_feedback(
        case=story.case, way="phone", speaker="沈工", said_at=story.now, is_satisfied=False, words="有红锈",
        no_proof="未录音", by=story.person("lina"), now=story.tick(),
    )  # fmt: skip
    story.refreshed()


def test_not_satisfied_goes_back_wherever_the_case_stands(story: Story) -> None:
    to_reply(story)
    assert story.steps() == ["draft_reply"]
    dissatisfied(story)
    assert story.steps() == ["plan"], "before anybody waits for feedback"
    story.plan("wang", ("重做", "wang", 1))
    story.implement_and_verify()
    story.reply()
    closing.give_up_feedback(case=story.case, reason="未答复", by=story.person("lina"), now=story.tick())
    assert story.steps() == ["complete"]
    dissatisfied(story)
    assert story.steps() == ["plan"], "after it"


def test_a_post_that_releases_is_given_the_step(story: Story) -> None:
    letters.Releaser.objects.create(purpose="reply", post=story.company.post["quality_manager"])
    to_reply(story)
    story.submit("wang", "draft_reply", data={"body": "已落实。"})
    assert story.task("release_reply").post == story.company.post["quality_manager"]
    with pytest.raises(talking.CannotTalk) as refused:
        story.submit("zhou", "release_reply", outcome="release", data={"body": "已落实。"})
    assert refused.value.field == "way", "nothing is sent before somebody says how"


def test_the_files_of_the_draft_go_with_the_reply(story: Story) -> None:
    to_reply(story)
    file = record_actions.attach(
        subject=story.case, content=b"report", name="报告.pdf", by=story.person("wang"), now=story.now
    )
    kept = [{"token": file.token, "name": file.name, "sha256": file.blob.sha256}]
    story.submit("wang", "draft_reply", data={"body": "已落实。", "attachments": kept})
    story.submit("lina", "release_reply", outcome="release", data={"body": "已落实。", "way": "portal"})
    letter = letters.Letter.objects.get(thread__purpose="reply")
    assert (letter.way, letter.state) == ("portal", letters.LetterState.SENT)
    assert records.Attachment.objects.get(subject_type=letter.ref.type, subject_id=letter.pk).name == "报告.pdf"


def test_an_original_is_on_record_or_missed(story: Story, signed_in) -> None:
    lines = {"items": [], "original_kept": True}
    with pytest.raises(originals.NoOriginal):
        story.submit("lina", "register", outcome="accept", data=lines)
    story.accept()
    assert story.case.no_original == "电话提出"
    page = signed_in("lina").get(reverse("cases:cases"), {"mark": "missing"}).content.decode()
    assert "原件缺失" in page
    assert story.case.number in page
    record_actions.attach(
        subject=story.case, content=b"mail", name="来函.eml", by=story.person("lina"), now=story.tick()
    )
    assert story.refreshed().no_original == ""


def test_a_sample_is_registered_with_the_request(working, svw, signed_in) -> None:
    said = intake(svw, channel="sample")
    assert signed_in("lina").post(reverse("cases:case_new"), said).status_code == 422
    said |= {"object_kind": "sealed", "object_number": "FY-7", "object_place": "柜 3", "object_keeper": working.sun.pk}
    assert signed_in("lina").post(reverse("cases:case_new"), said | {"once": once.new_key()}).status_code == 302
    sample = models.Sample.objects.get()
    assert (sample.number, sample.keeper, sample.case.channel) == ("FY-7", working.sun, "sample")


def test_an_object_is_prolonged_after_its_case_is_over(story: Story, signed_in) -> None:
    by = story.person("sun")
    sample = samples.keep_sample(
        case=story.case, kind="sealed", number="FY-9", place="柜 1", keeper=by, by=by, now=story.now,
        valid_until_on=date(2026, 3, 20), photos=[("照片.png", b"\x89PNG\r\n\x1a\n" + bytes(40))],
    )  # fmt: skip
    steering.terminate(case=story.case, reason="项目取消", by=story.person("zhao"), now=story.tick())
    samples.change_sample(sample=sample, valid_until_on=date(2027, 3, 20), by=by, now=story.tick(), expected=1)
    page = signed_in("sun").get(reverse("cases:objects")).content.decode()
    assert "FY-9" in page
    assert "2027-03-20" in page or "27-03-20" in page
    assert "照片.png" in signed_in("sun").get(story.case.get_absolute_url()).content.decode()
    assert [hit.id for hit in search.find(story.person("zhao"), "FY-9")] == [sample.pk]


def test_objects_of_a_closed_circle_are_not_listed(working, signed_in) -> None:
    scope = org.Scope.objects.create(name_zh="保密圈")
    scope.grants.create(person=working.lina, granted_at=stories.NOW)
    scope.grants.create(person=working.zhao, granted_at=stories.NOW)
    closed = stories.customer(working, "SECRET", "某车企", scope=scope)
    case = stories.open_case(working, closed, owner=working.zhao)
    said = {"kind": "sealed", "number": "FY-SECRET", "place": "柜", "by": stories.fresh(working.lina)}
    with pytest.raises(access.OutsideCircle):
        samples.keep_sample(case=case, keeper=stories.fresh(working.sun), now=stories.NOW, **said)
    samples.keep_sample(case=case, keeper=stories.fresh(working.lina), now=stories.NOW, **said)
    assert "FY-SECRET" not in signed_in("sun").get(reverse("cases:objects")).content.decode()
    assert "FY-SECRET" in signed_in("zhao").get(reverse("cases:objects")).content.decode()
    owners = [name for _key, name in lists._owners(stories.fresh(working.sun))]
    assert "赵敏" not in owners, "whose only case is closed to the reader"
    assert case_queries.waiting_for(stories.fresh(working.zhao)) == 0
    assert case_queries.waiting_for(stories.fresh(working.lina)) == 1
    line = planning.Planned(what="x", person=stories.fresh(working.sun), due_on=date(2026, 4, 1))
    with pytest.raises(access.OutsideCircle):
        planning.keep_plan(case=case, lines=[line], by=stories.fresh(working.zhao), now=stories.NOW)


def test_time_on_hold_moves_the_due_moment(story: Story) -> None:
    due, by = story.case.due_at, story.person("zhao")
    steering.hold(case=story.case, reason="等图纸", by=by, now=story.now)
    assert case_queries.overdue_days(story.refreshed(), due + timedelta(days=30)) == 0
    steering.resume(case=story.case, by=by, now=story.now + timedelta(days=2))
    calendar = org_queries.calendar(story.case.site_id)
    waited = calendar.working_time_between(story.now, story.now + timedelta(days=2))
    assert waited > timedelta(0)
    assert story.refreshed().due_at == calendar.add_working_hours(due, waited.total_seconds() / 3600).at
    wanted = calendar.day_of(due)
    steering.correct(case=story.case, by=by, now=story.now, expected=story.case.version, wanted_on=wanted)
    assert story.refreshed().due_at == calendar.closing(wanted), "never later than what the customer asks"


def test_an_oral_amendment_waits_for_writing_and_replaces_what_waited(working, svw) -> None:
    story = Story(working, stories.open_case(working, svw, is_oral=True))
    first = story.item(1)
    items.amend(
        item=first, text="改为 1000 h", reason="来电", is_oral=True, channel="phone", said_by="沈工",
        by=story.person("wang"), now=story.tick(), expected=first.version,
    )  # fmt: skip
    states = {each.number: each.confirmation for each in models.Wording.objects.filter(item=first)}
    assert states == {1: "not_needed", 2: "waiting"}
    assert story.refreshed().oral_due_on == models.Wording.objects.get(item=first, number=2).confirm_due_on


def test_an_alternative_rests_on_the_words_even_before_the_customer_decides(story: Story) -> None:
    models.Item.objects.filter(case=story.case, position=1).update(alternative="提前一周")
    first, by = story.item(1), story.person("wang")
    items.amend(item=first, text="改为 1000 h", reason="来函", by=by, now=story.tick(), expected=first.version)
    assert story.item(1).alternative == ""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"mark": "waiting"}, True),
        ({"mark": "confirmed"}, False),
        ({"mark": "overdue"}, True),
        ({"mark": "confidential"}, False),
        ({"from": "2026-03-02", "to": "2026-03-02"}, True),
        ({"from": "2026-03-03"}, False),
        ({"to": "2026-03-01"}, False),
        ({"from": "2026-02-30"}, True),
        ({"from": "9999-12-31", "to": "0001-01-01"}, True),
        ({"project": "P-77"}, False),
    ],
)
def test_cases_are_filtered(working, svw, signed_in, asked: dict[str, str], found: bool) -> None:
    case = stories.open_case(working, svw, is_oral=True)
    page = signed_in("lina").get(reverse("cases:cases"), asked).content.decode()
    assert (case.number in page) is found


def test_a_contact_without_the_authority_is_warned_about(working, svw, signed_in) -> None:
    by = stories.fresh(working.zhao)
    add = {"customer": svw, "by": by, "now": stories.NOW}
    shen = contacts.add(name="沈工", authority=["quality"], **add)
    contacts.add(name="林工", authority=["technical"], **add)
    case = stories.open_case(working, svw, contact=shen)
    page = signed_in("lina").get(case.get_absolute_url()).content.decode()
    assert "沈工 的授权不含：技术要求" in page
    assert "林工" in page


def test_an_amendment_with_no_step_to_go_back_to_is_refused(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.accept()
    story.acknowledge()
    of = run_queries.definition_of
    monkeypatch.setattr(run_queries, "definition_of", lambda run: replace(of(run), reopens=shapes.Reopens()))
    story.analyse()
    first = story.item(1)
    with pytest.raises(following.NoSuchStep):
        items.amend(
            item=first, text="改", reason="来电", by=story.person("wang"), now=story.tick(), expected=first.version
        )
    dissatisfied(story)
    assert story.case.is_satisfied is False, "the customer's words are kept all the same"
    table = {"rows": [], "otherwise": "adopt"}
    with pytest.raises(convention.CannotDecide):
        convention.change_convention(by=story.person("zhou"), now=story.now, expected=0, procedures=table)


def test_words_of_analysis_plan_and_feedback_are_found(story: Story) -> None:
    story.accept()
    story.acknowledge()
    story.analyse("wang", feasible=[False])
    story.opine("zhou", "quality", "can", "can", "can")
    story.plan("wang", ("更换三价铬钝化液", "wang", 1))
    zhao = story.person("zhao")
    for words in ("现有工装无法满足", "三价铬钝化液"):
        assert [hit.id for hit in search.find(zhao, words)] == [story.case.pk], words


def test_the_owner_of_an_item_is_told_and_reminded(story: Story) -> None:
    item = story.item(1)
    due = date(2026, 3, 10)
    items.describe(
        item=item, owner=story.person("sun"), due_on=due, by=story.person("wang"), now=story.tick(),
        expected=item.version,
    )  # fmt: skip
    assert notify.Message.objects.filter(kind="item_given", person=story.company.sun).count() == 1
    for _visit in range(2):
        watching.tell_what_runs_out(by=actors.PROGRAM, now=stories.NOW + timedelta(days=9))
    assert notify.Message.objects.filter(kind="item_due", person=story.company.sun).count() == 1
