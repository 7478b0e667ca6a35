"""Anybody reports what they got to know; it is sorted once: a case, part of a case, or neither; nothing is lost."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.hostile import payloads
from yinuo.cases import access, models, rules
from yinuo.cases.actions import opening, reminding, sorting, steering
from yinuo.cases.engine import sounds
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import findings as finding_queries
from yinuo.customers import models as customers
from yinuo.customers.actions import companies
from yinuo.kit import actors, once, refusals
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.records import models as records
from yinuo.records import queries as records_queries
from yinuo.search import queries as search

SignIn = Callable[[str], Client]
NOW = cast.NOW
WORDS = "5 月起盐雾试验由 480 h 改为 720 h。\n每季度提交一次第三方报告。"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
WAV = b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0@\x1f\0\0@\x1f\0\0\1\0\x08\0data\0\0\0\0"


def reported(company: cast.Company, who: str = "wu", **said: Any) -> models.Finding:
    said = {"text": WORDS, "now": NOW, **said}
    return sorting.report(by=stories.fresh(company.people[who]), **said)


def made(finding: models.Finding, by: org.Person, later: timedelta = timedelta(days=3)) -> models.Case:
    return sorting.make_case_at_once(finding=finding, by=stories.fresh(by), now=NOW + later, expected=finding.version)


def told(person: org.Person, kind: str) -> list[str]:
    rows = notify.Message.objects.filter(person=person, kind=kind, taken_back_at=None)
    return list(rows.order_by("pk").values_list("words_zh", flat=True))


def originals(subject: Any) -> list[tuple[str, str]]:
    rows = records_queries.attachments(subject).filter(voided_at=None)
    return [(row.name, hashlib.sha256(row.blob.path.read_bytes()).hexdigest()) for row in rows]


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# Reporting ------------------------------------------------------------------------------------------------------------


def test_what_is_known_goes_on_record(working: cast.Company, svw: customers.Customer) -> None:
    said_at = NOW - timedelta(hours=2)
    it = reported(
        working,
        customer=svw,
        channel="wechat",
        said_by=" 沈工 ",
        said_at=said_at,
        files=[("群聊.png", PNG), ("语音.wav", WAV)],
    )
    assert (it.reported_by, it.reported_at, it.said_by, it.said_at) == (working.wu, NOW, "沈工", said_at)
    assert originals(it) == [("群聊.png", sha(PNG)), ("语音.wav", sha(WAV))]
    entry = records.Entry.objects.get(word="cases.finding.reported", subject_id=it.pk)
    assert {each["field"] for each in entry.changes} >= {"text", "channel", "customer", "speaker", "said_at"}
    assert told(working.lina, "finding_reported") == ["吴军 0401上报新要求：5 月起盐雾试验由 480 h 改为 720 h。"]


def test_a_sentence_or_a_file_is_enough_and_nothing_is_refused(working: cast.Company) -> None:
    assert reported(working, text="一句话").title == "一句话"
    assert "无文字" in reported(working, text="", files=[("照片.jpg", PNG)]).title
    for wrong in ({"text": " \u3000\n"}, {"channel": "pigeon"}, {"said_at": NOW + timedelta(minutes=1)}):
        with pytest.raises(sorting.CannotReport):
            reported(working, **wrong)
    assert models.Finding.objects.count() == 2


def test_a_file_that_cannot_be_kept_is_named_and_nothing_half_is_left(working: cast.Company) -> None:
    with pytest.raises(sorting.CannotReport, match=r"空\.txt"):
        reported(working, files=[("好.txt", b"x"), ("空.txt", b"")])
    assert not models.Finding.objects.exists()
    assert not records.Attachment.objects.exists()


def test_whoever_is_signed_in_may_report_and_sees_their_own(working: cast.Company, signed_in: SignIn) -> None:
    client = signed_in("outsider")
    page = client.get(reverse("cases:finding_report")).content.decode()
    assert 'name="customer"' not in page  # customers are none of their business
    said = {"text": WORDS, "once": once.new_key(), "photos": SimpleUploadedFile("a.png", PNG)}
    answer = client.post(reverse("cases:finding_report"), said)
    it = models.Finding.objects.get()
    assert answer["Location"] == f"{reverse('cases:finding_report')}?sent={it.pk}"
    assert "已上报" in client.get(answer["Location"]).content.decode()
    assert WORDS.splitlines()[1] in client.get(it.get_absolute_url()).content.decode()
    assert it.title in client.get(reverse("cases:findings")).content.decode()
    attachment = records_queries.attachments(it).get()
    download = client.get(reverse("cases:finding_file", args=[it.pk, attachment.token]))
    assert b"".join(download.streaming_content) == PNG  # type: ignore[attr-defined]
    for name in ("sorting", "finding_similar", "finding_open", "finding_join", "finding_dismiss"):
        address = reverse(f"cases:{name}", args=[] if name == "sorting" else [it.pk])
        assert client.get(address).status_code == 403, name


def test_sent_twice_it_is_there_once(working: cast.Company, signed_in: SignIn) -> None:
    client, said = signed_in("wu"), {"text": WORDS, "once": once.new_key()}
    first, second = (client.post(reverse("cases:finding_report"), said) for _turn in range(2))
    assert first["Location"] == second["Location"]
    assert models.Finding.objects.count() == 1


def test_a_refused_report_gives_back_its_faults_only_so_that_the_page_keeps_files_and_words(
    working: cast.Company, signed_in: SignIn
) -> None:
    client, url = signed_in("wu"), reverse("cases:finding_report")
    said = {"text": "", "once": once.new_key()}
    answer = client.post(url, said, headers={"hx-request": "true"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "请写一句话，或添加照片、文件。" in text
    assert "<html" not in text
    assert "<textarea" not in text
    sent = client.post(url, {**said, "text": "有了"}, headers={"hx-request": "true"})  # the key still counts
    assert sent["HX-Redirect"].startswith(url)


@pytest.mark.parametrize("name", sorted(payloads.TEXTS))
def test_naughty_words_come_back_as_words(name: str, working: cast.Company, signed_in: SignIn) -> None:
    client, text = signed_in("zhou"), payloads.TEXTS[name]
    said = {"text": f"要求 {text}", "said_by": text[:90], "once": once.new_key()}
    answer = client.post(reverse("cases:finding_report"), said)
    assert answer.status_code in (302, 422, 400)
    for it in models.Finding.objects.all():
        urls = [it.get_absolute_url(), reverse("cases:sorting"), reverse("cases:findings")]
        for url in (*urls, reverse("cases:finding_open", args=[it.pk]), reverse("cases:finding_similar", args=[it.pk])):
            page = client.get(url)
            assert page.status_code == 200, url
            assert payloads.MARK not in page.content.decode()


@pytest.mark.parametrize("name", payloads.NAMES)
def test_files_with_wrong_names_and_contents_are_kept_and_only_downloaded(
    name: str, working: cast.Company, signed_in: SignIn
) -> None:
    page = b"<html><script>alert(1)</script>"
    it = reported(working, files=[(name, page)])
    attachment = records_queries.attachments(it).get()
    url = reverse("cases:finding_file", args=[it.pk, attachment.token])
    answer = signed_in("zhou").get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    for show in ("sound", "small", "large"):
        assert signed_in("zhou").get(f"{url}?show={show}").status_code == 404


def test_sounds_are_played_under_the_type_of_their_bytes(working: cast.Company, signed_in: SignIn) -> None:
    sound = WAV + b"\x80" * 5000
    it = reported(working, files=[("语音.html", sound), ("voice.wav", b"<html>not a sound")])
    real, false = records_queries.attachments(it)
    client, url = signed_in("zhou"), reverse("cases:finding_file", args=[it.pk, real.token])
    whole = client.get(f"{url}?show=sound")
    assert (whole["Content-Type"], whole["X-Content-Type-Options"]) == ("audio/wav", "nosniff")
    assert b"".join(whole.streaming_content) == sound  # type: ignore[attr-defined]
    part = client.get(f"{url}?show=sound", headers={"range": "bytes=10-19"})
    assert (part.status_code, part["Content-Range"], part.content) == (206, f"bytes 10-19/{len(sound)}", sound[10:20])
    assert client.get(f"{url}?show=sound", headers={"range": "bytes=999999-"}).status_code == 416
    other = reverse("cases:finding_file", args=[it.pk, false.token])
    assert client.get(f"{other}?show=sound").status_code == 404
    assert f"{url}?show=sound" in client.get(it.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("header", "first", "length"),
    [("bytes=0-", 0, 100), ("bytes=0-1", 0, 2), ("bytes=90-500", 90, 10), ("bytes=99-99", 99, 1)],
)
def test_the_part_that_a_player_asks_for(header: str, first: int, length: int) -> None:
    assert sounds.part_of(header, 100) == sounds.Part(first, length)


@pytest.mark.parametrize("header", ["", "bytes=-5", "bytes=0-1,3-4", "chars=0-1", "bytes=a-b", "bytes=0-1\r\nx"])
def test_what_is_no_simple_part_gets_the_whole(header: str) -> None:
    assert sounds.part_of(header, 100) is None


# Sorting --------------------------------------------------------------------------------------------------------------


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


# Who sees and sorts ---------------------------------------------------------------------------------------------------


def test_mine_come_first(working: cast.Company, svw: customers.Customer) -> None:
    ford = stories.customer(working, "FORD", "福特汽车（示例）", window=working.zhao)
    theirs, mine, nobodys = reported(working, customer=ford), reported(working, customer=svw), reported(working)
    waiting = list(finding_queries.findings_to_sort(stories.fresh(working.lina)))
    assert waiting == [theirs, mine, nobodys]
    assert finding_queries.mine_to_sort(stories.fresh(working.lina), waiting) == {mine.pk, nobodys.pk}
    assert finding_queries.waiting_to_sort(stories.fresh(working.zhao)) == 2
    assert finding_queries.waiting_to_sort(stories.fresh(working.sun)) == 0
    assert {pk: [each.name for each in people] for pk, people in finding_queries.sorters(waiting).items()} == {
        theirs.pk: ["赵敏"], mine.pk: ["李娜"], nobodys.pk: ["李娜", "赵敏"],
    }  # fmt: skip


@pytest.fixture
def circle(working: cast.Company) -> org.Scope:
    scope = org.Scope.objects.create(name_zh="某新势力项目组")
    for name in ("lina", "zhao", "wang", "zhou"):
        scope.grants.create(person=working.people[name], granted_at=NOW)
    return scope


def test_what_is_confidential_stays_in_its_circle(working: cast.Company, circle: org.Scope, signed_in: SignIn) -> None:
    closed = stories.customer(working, "SECRET", "某新势力车企", scope=circle)
    with pytest.raises(refusals.NotAllowed):
        reported(working, customer=closed)  # 吴军 is outside and cannot even name it
    it = reported(working, "wang", customer=closed, text="耐火试验 5 min", files=[("a.png", PNG)])
    assert it.scope == circle
    token = records_queries.attachments(it).get().token
    client = signed_in("sun")
    for url in (it.get_absolute_url(), reverse("cases:finding_file", args=[it.pk, token])):
        assert client.get(url).status_code == 404
    for url in (reverse("cases:findings"), reverse("cases:sorting")):
        assert "耐火试验" not in client.get(url).content.decode()
    assert search.find(stories.fresh(working.sun), "耐火试验") == []
    assert search.find(stories.fresh(working.wang), "耐火试验") != []
    open_case = stories.open_case(working, stories.customer(working))
    with pytest.raises(sorting.CannotSort):  # the words would reach everybody
        sorting.join(finding=it, case=open_case, by=stories.fresh(working.lina), now=NOW, expected=it.version)


def test_a_reporter_outside_the_circle_learns_that_it_was_taken_up_and_no_more(
    working: cast.Company, circle: org.Scope, signed_in: SignIn
) -> None:
    closed, it = stories.customer(working, "SECRET", "某新势力车企", scope=circle), reported(working)
    case = sorting.make_case(
        finding=it, by=stories.fresh(working.lina), now=NOW, expected=it.version, customer=closed, title="绝密标题",
        channel="wechat", items=[opening.NewItem(text="x", kind="technical")], said_by="沈工",
    )  # fmt: skip
    it.refresh_from_db()
    assert (case.scope, it.scope) == (circle, circle)
    assert told(working.wu, "finding_sorted") == ["您上报的要求已受理。"]
    client = signed_in("wu")
    for url in (it.get_absolute_url(), reverse("cases:findings"), reverse("cases:finding_report")):
        page = client.get(url)
        assert page.status_code == 200
        assert case.number not in page.content.decode()
        assert "绝密标题" not in page.content.decode()
    assert signed_in("sun").get(it.get_absolute_url()).status_code == 404


def test_findings_follow_what_becomes_confidential(
    working: cast.Company, circle: org.Scope, svw: customers.Customer
) -> None:
    loose, joined = reported(working, customer=svw), reported(working)
    case = stories.open_case(working, svw)
    sorting.join(finding=joined, case=case, by=stories.fresh(working.lina), now=NOW, expected=joined.version)
    companies.change(customer=svw, scope=circle, by=stories.fresh(working.zhao), now=NOW, expected=svw.version)
    scopes = set(models.Finding.objects.filter(pk__in=[loose.pk, joined.pk]).values_list("scope_id", flat=True))
    assert scopes == {circle.pk}


def test_the_case_shows_where_it_came_from(working: cast.Company, svw: customers.Customer, signed_in: SignIn) -> None:
    it = reported(working, customer=svw, text="整段原话")
    case, client = made(it, working.lina), signed_in("zhou")
    panel = reverse("cases:case_findings", args=[case.number])
    assert panel in client.get(case.get_absolute_url()).content.decode()
    assert "整段原话" in client.get(panel).content.decode()
    assert "已立案：</a>" not in client.get(it.get_absolute_url()).content.decode()
    assert case.get_absolute_url() in client.get(it.get_absolute_url()).content.decode()


def test_similar_open_cases_stand_beside_it(working: cast.Company, svw: customers.Customer, signed_in: SignIn) -> None:
    case = stories.open_case(working, svw)
    ended = stories.open_case(working, svw)
    steering.terminate(case=ended, reason="顾客撤回", by=stories.fresh(working.zhao), now=NOW)
    it = reported(working, text="盐雾试验要求提高到 720 h")
    page = signed_in("lina").get(reverse("cases:finding_similar", args=[it.pk])).content.decode()
    assert case.number in page
    assert ended.number not in page


def test_the_inbox_costs_the_same_with_one_and_with_twenty(
    working: cast.Company, svw: customers.Customer, signed_in: SignIn
) -> None:
    client, url = signed_in("lina"), reverse("cases:sorting")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    reported(working, customer=svw, files=[("a.png", PNG)])
    reported(working)
    client.get(url)
    few = cost()
    for turn in range(10):
        reported(working, customer=svw, files=[("a.png", PNG)], text=f"要求 {turn}")
        reported(working, text=f"别的要求 {turn}")
    assert cost() == few


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


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("禁用物质清单更新，IMDS 须重新提交", "environment"),
        ("样件交期提前两周", "delivery"),
        ("PPAP 等级改为 3 级", "quality"),
        ("报价 3 月底前提交，年降 3 %", "commercial"),
        ("盐雾试验 720 h", "technical"),
        ("", "technical"),
    ],
)
def test_the_nature_is_guessed_by_words(text: str, kind: str) -> None:
    assert rules.kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (WORDS, "5 月起盐雾试验由 480 h 改为 720 h"),
        ("1. 首项。其余", "首项"),
        ("长" * 200, "长" * 79 + "…"),
        ("。", "。"),
        ("Cpk 1.67 from May. More", "Cpk 1.67 from May"),
    ],
)
def test_the_title_is_the_first_sentence(text: str, title: str) -> None:
    assert rules.title_of(text) == title
