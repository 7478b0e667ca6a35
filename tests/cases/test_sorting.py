"""A finding is sorted once: a case, part of one, or neither; undone within the minute; those who sort are reminded."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.reported import NOW, PNG, WORDS, SignIn, made, originals, reported, sha, told
from yinuo.cases import access, models
from yinuo.cases.actions import reminding, sorting, steering
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import findings as finding_queries
from yinuo.customers import models as customers
from yinuo.kit import actors, once, refusals
from yinuo.records import models as records


def test_a_case_at_once_counts_from_the_report(working: cast.Company, svw: customers.Customer) -> None:
    it = reported(working, customer=svw, channel="portal", files=[("公告.png", PNG)])
    case = made(it, working.lina)
    it.refresh_from_db()
    assert (it.state, it.case, it.decided_by) == (sorting.State.CASE, case, working.lina)
    assert (case.notified_at, case.registered_at) == (NOW, NOW + timedelta(days=3))
    early = stories.open_case(working, svw, notified_at=NOW)
    assert case.due_at == early.due_at  # the clock did not wait for the sorting
    assert (case.title, case.text, case.channel) == ("5 月起盐雾试验由 480 h 改为 720 h", WORDS, "portal")
    assert [each.text for each in case_queries.standing_items(case)] == WORDS.splitlines()
    assert case.said_by == "未注明（吴军上报）"
    assert originals(case) == originals(it) == [("公告.png", sha(PNG))]
    assert told(working.wu, "finding_sorted") == [f"您上报的要求已立案：{case.subject_label}"]
    came = records.Entry.objects.get(word="cases.case.finding_came", subject_id=case.pk)
    assert came.note["who"] == "吴军"


def test_without_customer_or_words_it_goes_by_the_form(working: cast.Company, signed_in: SignIn) -> None:
    svw = stories.customer(working)
    for missing in ({"text": WORDS}, {"text": "", "customer": svw, "files": [("a.png", PNG)]}):
        with pytest.raises(sorting.CannotSort):
            made(reported(working, **missing), working.lina)
    it = reported(working, channel="wechat", files=[("a.png", PNG)])
    page = signed_in("lina").get(reverse("cases:finding_open", args=[it.pk])).content.decode()
    for known in ("每季度提交一次第三方报告。", 'value="wechat" selected', "5 月起盐雾试验由 480 h 改为 720 h"):
        assert known in page


def test_the_form_makes_the_case_with_its_own_words_and_the_time_of_the_report(
    working: cast.Company, svw: customers.Customer, signed_in: SignIn
) -> None:
    it = reported(working, files=[("a.png", PNG)])
    said = {
        "once": once.new_key(), "customer": svw.pk, "title": "盐雾 720 h", "channel": "wechat", "said_by": "沈工",
        "notified_at": "2026-03-09T09:00", "items-n0-text": "盐雾 720 h", "items-n0-kind": "technical", "text": WORDS,
    }  # fmt: skip
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        answer = signed_in("lina").post(reverse("cases:finding_open", args=[it.pk]), said)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    it.refresh_from_db()
    assert it.case is not None
    assert (it.case.notified_at, it.customer, it.case.title) == (NOW, svw, "盐雾 720 h")
    assert originals(it.case) == [("a.png", sha(PNG))]


def test_it_joins_a_case_and_its_owner_is_told(working: cast.Company, svw: customers.Customer) -> None:
    case, it = stories.open_case(working, svw), reported(working, files=[("a.png", PNG)])
    sorting.join(finding=it, case=case, by=stories.fresh(working.lina), now=NOW, expected=it.version)
    assert originals(case) == [("a.png", sha(PNG))]
    assert told(working.wu, "finding_sorted") == [f"您上报的要求已并入：{case.subject_label}"]
    assert told(working.wang, "finding_joined") == [f"吴军上报的信息已并入您负责的案件：{case}"]
    assert finding_queries.findings_of(case).get() == it


def test_a_case_that_is_over_is_not_joined(working: cast.Company, svw: customers.Customer, signed_in: SignIn) -> None:
    case, it = stories.open_case(working, svw), reported(working)
    steering.terminate(case=case, reason="顾客撤回", by=stories.fresh(working.zhao), now=NOW)
    with pytest.raises(access.CaseClosed):
        sorting.join(finding=it, case=case, by=stories.fresh(working.lina), now=NOW, expected=it.version)
    said = {"case": case.number, "version": it.version}
    page = signed_in("lina").post(reverse("cases:finding_join", args=[it.pk]), said)
    assert (page.status_code, "没有此编号的未结案件" in page.content.decode()) == (422, True)


def test_it_is_dismissed_with_a_reason_that_the_reporter_reads(working: cast.Company) -> None:
    it, by = reported(working), stories.fresh(working.lina)
    with pytest.raises(sorting.CannotSort):
        sorting.dismiss(finding=it, reason=" ", by=by, now=NOW, expected=it.version)
    sorting.dismiss(finding=it, reason="与本公司无关", by=by, now=NOW, expected=it.version)
    assert told(working.wu, "finding_sorted") == ["您上报的要求不予受理。原因：与本公司无关"]


def test_of_two_who_sort_one_wins_and_the_other_is_told(
    working: cast.Company, svw: customers.Customer, signed_in: SignIn
) -> None:
    it = reported(working, customer=svw)
    seen = models.Finding.objects.get(pk=it.pk)
    made(it, working.lina)
    with pytest.raises(sorting.AlreadySorted, match="李娜"):
        sorting.dismiss(finding=seen, reason="不需要", by=stories.fresh(working.zhou), now=NOW, expected=seen.version)
    answer = signed_in("zhou").post(
        reverse("cases:finding_open_now", args=[it.pk]), {"version": seen.version}, follow=True
    )
    assert "李娜刚刚已将此条立案" in answer.content.decode()
    assert models.Case.objects.count() == 1


@pytest.mark.parametrize("who", ["admin", "auditor", "outsider", "he"])
def test_nobody_sorts_without_the_right_to_register_there(who: str, working: cast.Company) -> None:
    it, by = reported(working), stories.fresh(working.people[who])
    stranger = {"by": by, "now": NOW, "expected": it.version, "finding": it}
    for act in (
        lambda: sorting.dismiss(reason="x", **stranger),
        lambda: sorting.make_case(customer=None, title="x", channel="mail", items=[], **stranger),
        lambda: sorting.put_back(**{**stranger, "finding": _dismissed(working)}),
    ):
        with pytest.raises(refusals.Refusal):
            act()
    it.refresh_from_db()
    assert it.is_waiting


def _dismissed(company: cast.Company) -> models.Finding:
    it = reported(company)
    return sorting.dismiss(finding=it, reason="x", by=stories.fresh(company.lina), now=NOW, expected=it.version)


# Undoing --------------------------------------------------------------------------------------------------------------


def test_undone_within_the_minute_the_case_ends_and_its_number_stays_given(
    working: cast.Company, svw: customers.Customer
) -> None:
    it, lina = reported(working, customer=svw), stories.fresh(working.lina)
    case = made(it, lina)
    later = NOW + timedelta(days=3, seconds=9)
    sorting.put_back(finding=it, by=lina, now=later, expected=it.version)
    case.refresh_from_db()
    assert (it.is_waiting, it.case, case.is_open, case.state) == (True, None, False, "terminated")
    assert told(working.wu, "finding_sorted") == []
    assert not told(working.lina, "task_assigned")
    again = sorting.make_case_at_once(finding=it, by=lina, now=later, expected=it.version)
    assert again.number != case.number


def test_undone_joining_voids_the_files_that_came_with_it(working: cast.Company, svw: customers.Customer) -> None:
    lina = stories.fresh(working.lina)
    case, it = stories.open_case(working, svw, files=[("旧.txt", b"old")]), reported(working, files=[("a.png", PNG)])
    sorting.join(finding=it, case=case, by=lina, now=NOW, expected=it.version)
    sorting.put_back(finding=it, by=lina, now=NOW + timedelta(seconds=5), expected=it.version)
    assert [name for name, _sha in originals(case)] == ["旧.txt"]
    assert originals(it) == [("a.png", sha(PNG))]
    assert told(working.wang, "finding_joined") == []


def test_later_only_what_was_dismissed_is_sorted_again(working: cast.Company, svw: customers.Customer) -> None:
    lina, zhou, later = stories.fresh(working.lina), stories.fresh(working.zhou), NOW + timedelta(days=9)
    it, other = reported(working, customer=svw), _dismissed(working)
    made(it, lina)
    with pytest.raises(sorting.CannotSort):
        sorting.put_back(finding=it, by=lina, now=later, expected=it.version)
    sorting.put_back(finding=other, by=zhou, now=later, expected=other.version)
    assert other.is_waiting


def test_nothing_is_undone_once_somebody_works_on_the_case(working: cast.Company, svw: customers.Customer) -> None:
    it, lina = reported(working, customer=svw), stories.fresh(working.lina)
    story = stories.Story(working, made(it, lina, later=timedelta()))
    story.accept()
    with pytest.raises(sorting.CannotSort):
        sorting.put_back(finding=it, by=lina, now=NOW + timedelta(seconds=5), expected=it.version)


# Reminding ------------------------------------------------------------------------------------------------------------


def remind(later: timedelta) -> int:
    return reminding.remind_of_findings(by=actors.PROGRAM, now=NOW + later)


def test_after_a_working_day_those_who_sort_are_told_once_a_day(working: cast.Company, svw: customers.Customer) -> None:
    reported(working, customer=svw)
    reported(working)
    sorted_one = reported(working, customer=svw)
    made(sorted_one, working.lina, later=timedelta())
    assert remind(timedelta(hours=20)) == 0
    assert remind(timedelta(days=1, hours=9)) == 2
    assert remind(timedelta(days=1, hours=10)) == 0
    assert remind(timedelta(days=2, hours=2)) == 2
    assert told(working.lina, "findings_wait") == ["2 条上报信息待分拣已超过 1 个工作日。"] * 2
    assert told(working.zhou, "findings_wait") == []


def test_a_weekend_is_no_working_day(working: cast.Company) -> None:
    stories.customer(working)
    friday = NOW + timedelta(days=4)
    reported(working, now=friday)
    assert remind(timedelta(days=6)) == 0
    assert remind(timedelta(days=7, hours=20)) == 1
