"""Handing over what somebody has in hand: posts, reports, standing in; who may; two at once; what stays and why."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import cast
from yinuo.kit import refusals
from yinuo.kit.models import Job
from yinuo.notify import models as notify
from yinuo.org import models, queries
from yinuo.org.actions import absences, handing_over, people, posts
from yinuo.org.jobs import hand_over as background
from yinuo.records.models import Entry

NOW = cast.NOW
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
State = models.HandedOver.State


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def choices(person: models.Person, to: models.Person, by: models.Person, *kinds: str) -> list[handing_over.Choice]:
    """Everything that `by` sees in somebody's hands (of some kinds) for one successor."""
    return [
        handing_over.Choice(duty=kind.plug.name, key=duty.key, expected=duty.version, to=to)
        for kind in queries.in_hand(person, by, NOW)
        for duty in kind.held.duties
        if not kinds or kind.plug.name in kinds
    ]


def hand_over(
    person: models.Person, chosen: list[handing_over.Choice], by: models.Person, *, last_on: date = TODAY,
    leaves: bool = False,
) -> models.HandOver:  # fmt: skip
    row = handing_over.begin(
        person=fresh(person), choices=chosen, reason="离职", last_on=last_on, leaves=leaves,
        expected=fresh(person).version, by=fresh(by), now=NOW,
    )  # fmt: skip
    handing_over.carry_on(hand_over=row, by=fresh(by), now=NOW)
    return fresh(row)


def left(row: models.HandOver) -> dict[str, str]:
    """What stayed, with the reason."""
    return dict(row.rows.filter(state=State.LEFT).values_list("label", "why"))


def test_posts_reports_and_standing_in_go_to_the_successor(at_work: cast.Company) -> None:
    it = at_work
    absences.enter_absence(person=it.wang, from_at=NOW, to_at=NOW + 2 * DAY, delegate=it.chen, by=it.admin, now=NOW)
    last = TODAY + 9 * DAY
    row = hand_over(it.chen, choices(it.chen, it.zhou, it.admin), it.admin, last_on=last)
    assert left(row) == {}
    assert row.finished_at is not None
    held = it.post["engineering_manager"].holdings.order_by("from_on").values_list("person__name", "from_on", "to_on")
    assert list(held)[-2:] == [("陈刚", date(2020, 1, 1), last), ("周华", last + DAY, None)]
    assert fresh(it.wang).superior == it.zhou
    assert fresh(it.he).superior == it.zhou
    assert models.Absence.objects.get(person=it.wang).delegate == it.zhou
    assert queries.in_hand(it.chen, it.admin, NOW)[0].plug.name == "org.post"  # holds it until the last day
    with time_machine.travel(NOW + 10 * DAY, tick=False):
        assert queries.in_hand(it.chen, it.admin, NOW + 10 * DAY) == []


def test_whoever_succeeds_their_own_superior_gets_the_one_above(at_work: cast.Company) -> None:
    it = at_work
    row = hand_over(it.chen, choices(it.chen, it.wang, it.admin), it.admin)
    assert left(row) == {}
    assert fresh(it.wang).superior == it.gao
    assert fresh(it.he).superior == it.wang


def test_the_successor_is_told_once_of_everything(at_work: cast.Company) -> None:
    it = at_work
    row = hand_over(it.chen, choices(it.chen, it.wang, it.admin), it.admin)
    told = notify.Message.objects.get(person=it.wang)
    assert told.words_zh == "陈刚的工作移交给您：1 个岗位、2 名直接下属。原因：离职"
    assert told.words_en == "You take over from 陈刚: 1 post, 2 direct reports. Reason: 离职"
    assert told.subject_url == row.get_absolute_url()
    words = list(Entry.objects.filter(subject_type="org.person", subject_id=it.chen.pk).values_list("word", flat=True))
    assert words == ["org.person.hand_over_began", "org.holding.ended", "org.person.hand_over_ended"]


def test_leaving_and_handing_over_are_one_act(at_work: cast.Company) -> None:
    it = at_work
    row = hand_over(it.chen, choices(it.chen, it.wang, it.admin), it.admin, leaves=True, last_on=TODAY + DAY)
    assert left(row) == {}
    assert fresh(it.chen).left_on == TODAY + DAY
    assert queries.holders("engineering_manager", TODAY + 2 * DAY) == [it.wang]
    with time_machine.travel(NOW + 3 * DAY, tick=False):
        assert people.close_accounts(by=it.admin, now=NOW + 3 * DAY) == 1
        assert it.chen not in queries.people()


def test_what_cannot_be_given_stays_and_says_why_and_the_next_run_does_the_rest(at_work: cast.Company) -> None:
    it = at_work
    chosen = choices(it.chen, it.zhou, it.admin)
    people.change_person(person=fresh(it.wang), expected=fresh(it.wang).version, by=it.admin, now=NOW, phone="12")
    row = hand_over(it.chen, chosen, it.admin)
    assert list(left(row)) == ["王强 0202"]
    assert "期间" in left(row)["王强 0202"]
    again = hand_over(it.chen, choices(it.chen, it.zhou, it.admin), it.admin)
    assert [each.label for each in again.rows.all()] == ["王强 0202"]
    assert left(again) == {}
    assert fresh(it.wang).superior == it.zhou


def test_of_two_who_hand_over_the_same_each_thing_goes_once(at_work: cast.Company) -> None:
    it = at_work
    to_zhou, to_zhao = choices(it.chen, it.zhou, it.admin), choices(it.chen, it.zhao, it.admin)
    rows = [
        handing_over.begin(
            person=fresh(it.chen), choices=chosen, reason="离职", last_on=TODAY, leaves=False, expected=1, by=it.admin,
            now=NOW,
        )
        for chosen in (to_zhou, to_zhao)
    ]  # fmt: skip
    for row in rows:
        handing_over.carry_on(hand_over=row, by=fresh(it.admin), now=NOW)
    first, second = rows
    assert left(first) == {}
    assert len(left(second)) == len(to_zhao)
    assert fresh(it.wang).superior == it.zhou
    assert it.post["engineering_manager"].holdings.filter(person=it.zhao).count() == 0
    assert not notify.Message.objects.filter(person=it.zhao).exists()


def test_done_twice_is_done_once(at_work: cast.Company) -> None:
    it = at_work
    row = hand_over(it.chen, choices(it.chen, it.zhou, it.admin), it.admin)
    before = Entry.objects.count()
    assert handing_over.carry_on(hand_over=row, by=fresh(it.admin), now=NOW)
    background(hand_over=row.pk)
    assert Entry.objects.count() == before
    assert notify.Message.objects.filter(person=it.zhou).count() == 1


def test_what_was_begun_and_not_done_is_done_in_the_background(at_work: cast.Company) -> None:
    it = at_work
    row = handing_over.begin(
        person=fresh(it.chen), choices=choices(it.chen, it.zhou, it.admin), reason="离职", last_on=TODAY, leaves=False,
        expected=1, by=it.admin, now=NOW,
    )  # fmt: skip
    job = Job.objects.get(name="org.hand_over")
    assert job.due_at == NOW + handing_over.AGAIN
    background(**job.arguments)
    assert fresh(row).finished_at is not None
    assert left(row) == {}


def test_who_may(at_work: cast.Company) -> None:
    it = at_work
    for who in (it.lina, it.wang, it.auditor):
        with pytest.raises(refusals.NotAllowed):
            hand_over(it.sun, choices(it.sun, it.zhou, it.admin), who)
    row = hand_over(it.chen, choices(it.chen, it.zhou, it.gao), it.gao)  # steers work, does not manage the company
    assert set(left(row).values()) == {"您可以查看此项，但无权将其移交给他人。"}
    assert len(left(row)) == 3


def test_nothing_is_handed_over_without_a_reason_to_oneself_or_to_somebody_gone(at_work: cast.Company) -> None:
    it = at_work
    chosen = choices(it.chen, it.zhou, it.admin)
    for changed, field in (({"reason": " "}, "reason"), ({"choices": []}, "to")):
        with pytest.raises(handing_over.CannotHandOver) as refused:
            handing_over.begin(
                **{"person": it.chen, "choices": chosen, "reason": "离职", "last_on": TODAY, "leaves": False,
                   "expected": 1, "by": it.admin, "now": NOW, **changed}
            )  # fmt: skip
        assert refused.value.field == field
    with pytest.raises(handing_over.CannotHandOver):
        hand_over(it.chen, choices(it.chen, it.chen, it.admin), it.admin)
    people.bar(person=it.zhou, expected=1, reason="停用", by=it.admin, now=NOW)
    with pytest.raises(handing_over.CannotHandOver):
        hand_over(it.chen, choices(it.chen, fresh(it.zhou), it.admin), it.admin)
    assert not models.HandOver.objects.exists()


def test_who_is_proposed(at_work: cast.Company) -> None:
    it = at_work
    skill = models.Skill.objects.create(code="welding", name_zh="焊接")
    models.PersonSkill.objects.create(person=it.wang, skill=skill, level=2)
    absences.enter_absence(person=it.wang, from_at=NOW, to_at=NOW + DAY, delegate=it.sun, by=it.admin, now=NOW)
    absences.enter_absence(person=it.chen, from_at=NOW, to_at=NOW + 2 * DAY, by=it.admin, now=NOW)
    found = queries.successors(it.wang, NOW)
    assert [(each.person.name, each.relation) for each in found] == [
        ("孙丽", "delegate"), ("陈刚", "superior"), ("何静", "post"),
    ]  # fmt: skip
    assert found[1].away_until == NOW + 2 * DAY
    assert [skill.name_zh for skill in found[0].lacks] == ["焊接"]


# The page -------------------------------------------------------------------------------------------------------------


def fields_of(client: Client, url: str) -> dict[str, str]:
    """What the page would send as it stands."""
    form = client.get(url).context["form"]
    return {field.html_name: field.value() for field in form if field.value() not in (None, False)} | {
        "reason": "离职", "last_on": TODAY.isoformat(),
    }  # fmt: skip


def test_from_the_page_through_the_preview_to_the_record(at_work: cast.Company, signed_in) -> None:
    it, client = at_work, signed_in("admin")
    url = f"/org/people/{it.chen.pk}/hand-over"
    assert f'href="{url}"' in client.get(f"/org/people/{it.chen.pk}").content.decode()
    said = client.get(url).content.decode()
    assert "陈刚手上有 1 个岗位、2 名直接下属。" in said
    sent = {**fields_of(client, url), "to": it.zhou.pk, f"to-org-report-{it.he.pk}": "-"}
    preview = client.post(url, {**sent, "step": "preview"})
    assert preview.status_code == 200
    assert "周华" in preview.content.decode()
    assert not models.HandOver.objects.exists()
    done = client.post(url, {**sent, "step": "do"})
    row = models.HandOver.objects.get()
    assert done["Location"] == row.get_absolute_url()
    assert client.post(url, {**sent, "step": "do"})["Location"] == row.get_absolute_url()  # sent twice, done once
    record = client.get(row.get_absolute_url()).content.decode()
    assert "已移交 2 项" in record
    assert fresh(it.wang).superior == it.zhou
    assert fresh(it.he).superior == it.chen
    assert signed_in("zhou").get(row.get_absolute_url()).status_code == 200
    assert signed_in("lina").get(row.get_absolute_url()).status_code == 404
    assert signed_in("lina").get(url).status_code == 403


def test_the_page_names_what_is_wrong_and_keeps_what_was_chosen(at_work: cast.Company, signed_in) -> None:
    it, client = at_work, signed_in("admin")
    url = f"/org/people/{it.chen.pk}/hand-over"
    sent = {**fields_of(client, url), "to": it.zhou.pk}
    for wrong, sentence in (
        ({"reason": ""}, "必填"), ({"to": ""}, "请选择接收人"), ({"seen": "["}, "刷新页面"),
        ({"seen": "[[1]]"}, "刷新页面"), ({"last_on": ""}, "必填"),
    ):  # fmt: skip
        answer = client.post(url, {**sent, **wrong, "step": "preview"})
        assert answer.status_code == 422, wrong
        assert sentence in answer.content.decode(), wrong
    back = client.post(url, {**sent, "reason": "转岗", "step": "edit"})
    assert back.status_code == 200
    assert 'value="转岗"' in back.content.decode()


def test_the_end_of_an_account_or_a_post_offers_it_first(at_work: cast.Company, signed_in) -> None:
    it, client = at_work, signed_in("admin")
    holding = it.chen.holdings.get()
    for url in (f"/org/people/{it.chen.pk}/leave", f"/org/people/{it.chen.pk}/bar", f"/org/holdings/{holding.pk}/end"):
        assert f"/org/people/{it.chen.pk}/hand-over" in client.get(url).content.decode(), url
    assert "hand-over" not in client.get(f"/org/people/{it.sun.pk}/leave").content.decode()


def test_the_page_costs_the_same_with_one_thing_and_with_thirty(
    at_work: cast.Company, signed_in, django_assert_max_num_queries
) -> None:
    it, client = at_work, signed_in("admin")
    url = f"/org/people/{it.sun.pk}/hand-over"

    def queries_now() -> int:
        with django_assert_max_num_queries(500) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    def report(at: int) -> None:
        person = models.Person.objects.create(sign_in=f"p{at}", name=f"同事{at}", site=it.site["nb"], superior=it.sun)
        models.RoleGrant.objects.create(person=person, role="employee", from_on=TODAY)
        absences.enter_absence(person=person, from_at=NOW, to_at=NOW + DAY, delegate=it.sun, by=it.admin, now=NOW)

    report(0)
    queries_now()
    few = queries_now()
    for at in range(1, 30):
        report(at)
        posts.create_post(
            code=f"post{at}", name_zh=f"岗位{at}", department=it.department["quality"], by=it.admin, now=NOW
        )
    assert queries_now() == few
