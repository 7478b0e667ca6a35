"""Talks through the browser's eyes: the panel, composing, releasing, recording, and what is forged."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.customers import people
from yinuo.customers import models as customers
from yinuo.customers.actions import contacts
from yinuo.kit import plugs, subjects
from yinuo.letters import models
from yinuo.letters.actions import incoming, outgoing, threads
from yinuo.records import queries as records
from yinuo.search import queries as search

pytestmark = pytest.mark.django_db
KEY = "a-key-that-is-used-once-only"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def tree(company: cast.Company) -> dict[str, customers.Customer]:
    return people.volkswagen(company)


@pytest.fixture
def thread(company: cast.Company, tree: Any) -> models.Thread:
    return threads.open_thread(
        subject=tree["svw"],
        customer=tree["svw"],
        title="720 h 是否含划格",
        purpose="clarification",
        by=company.wang,
        now=timezone.now(),
    )


@pytest.fixture
def draft(thread: models.Thread, company: cast.Company) -> models.Letter:
    return outgoing.draft(thread=thread, text="请确认划格要求。", ask=True, by=company.wang, now=timezone.now())


def test_the_panel_of_a_customer_is_a_part_and_a_page(
    thread: models.Thread, tree: Any, signed_in: Callable[[str], Client]
) -> None:
    url = f"/letters/about/customers.customer/{tree['svw'].pk}/"
    part = signed_in("wang").get(url, headers=HTMX).content.decode()
    page = signed_in("wang").get(url).content.decode()
    assert thread.title in part
    assert "<html" not in part
    assert "<html" in page
    assert url in signed_in("wang").get(tree["svw"].get_absolute_url()).content.decode()


def test_composing_in_the_talk_itself(thread: models.Thread, company: cast.Company, signed_in: Callable) -> None:
    url = f"/letters/{thread.pk}/draft/"
    client = signed_in("wang")
    empty = client.post(url, {"once": KEY, "way": "mail", "text": ""}, headers=HTMX)
    assert empty.status_code == 422
    assert "has-fault" in empty.content.decode()
    file = SimpleUploadedFile("试验报告.pdf", b"%PDF-1.7 report")
    data = {"once": KEY, "way": "mail", "text": "请确认。", "ask": "1", "attached": [file]}
    made = client.post(url, data, headers=HTMX)
    assert made.status_code == 200
    assert "试验报告.pdf" in made.content.decode()
    assert made.content.decode().startswith("<article")
    client.post(url, {**data, "attached": []}, headers=HTMX)
    letter = thread.letters.get()
    assert letter.asked_at is not None
    assert [each.name for each in records.attachments(letter.ref)] == ["试验报告.pdf"]
    plain = client.post(url, {"once": KEY + "2", "way": "phone", "text": "补充"})
    assert plain.status_code == 302
    assert thread.letters.count() == 2


def test_the_release_button_is_there_for_who_may(draft: models.Letter, signed_in: Callable[[str], Client]) -> None:
    url = f"/letters/{draft.thread_id}/"
    for name, shown in (("lina", True), ("zhao", True), ("wang", False), ("auditor", False)):
        page = signed_in(name).get(url).content.decode()
        assert (f"/letters/letter/{draft.pk}/release/" in page) is shown, name
    assert "待 李娜、赵敏 批准" in signed_in("wang").get(url).content.decode()


def test_releasing_sends_the_version_read(draft: models.Letter, signed_in: Callable[[str], Client]) -> None:
    url = f"/letters/letter/{draft.pk}/release/"
    for forged in ("", "0", "99", "x", "-1", "１"):
        refused = signed_in("lina").post(url, {"version": forged}, headers=HTMX)
        if forged != "１":
            assert refused.status_code == 409, forged
            assert refused["HX-Retarget"] == "#notices"
    assert signed_in("wang").post(url, {"version": draft.version}).status_code == 403
    assert signed_in("auditor").post(url, {"version": draft.version}).status_code == 403


def test_a_letter_from_draft_to_sent(draft: models.Letter, signed_in: Callable[[str], Client]) -> None:
    lina, wang = signed_in("lina"), signed_in("wang")
    back = lina.post(f"/letters/letter/{draft.pk}/send-back/", {"version": draft.version, "reason": "语气生硬"})
    assert back.status_code == 302
    assert "语气生硬" in wang.get(f"/letters/{draft.thread_id}/").content.decode()
    change = f"/letters/letter/{draft.pk}/change/"
    version = people.fresh(draft).version
    data = {"version": version, "text": "烦请确认。", "way": "mail", "ask": "1"}
    assert wang.post(change, data).status_code == 302
    late = wang.post(change, {**data, "text": "另一版"})
    assert late.status_code == 422
    assert "另一版" in late.content.decode()
    version = people.fresh(draft).version
    released = lina.post(f"/letters/letter/{draft.pk}/release/", {"version": version}, headers=HTMX)
    assert released.status_code == 200
    assert "已批准" in released.content.decode()
    proof = SimpleUploadedFile("已发送.png", b"\x89PNG\r\n\x1a\n proof")
    sent = {
        "version": people.fresh(draft).version,
        "way": "mail",
        "sent_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "attached": [proof],
    }
    assert wang.post(f"/letters/letter/{draft.pk}/sent/", sent).status_code == 302
    letter = people.fresh(draft)
    assert (letter.state, letter.thread.state) == ("sent", "waiting")
    assert [each.kind for each in records.attachments(letter.ref)] == ["proof"]


def test_recording_what_the_customer_said(
    thread: models.Thread, company: cast.Company, tree: Any, signed_in: Callable[[str], Client]
) -> None:
    contact = contacts.add(customer=tree["svw"], name="沈工", by=people.fresh(company.lina), now=timezone.now())
    stranger = contacts.add(customer=tree["faw"], name="曲工", by=people.fresh(company.lina), now=timezone.now())
    client = signed_in("wang")
    url = f"/letters/{thread.pk}/incoming/"
    data = {
        "once": KEY,
        "text": "划格不低于 1 级",
        "way": "phone",
        "said_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "contact": contact.pk,
    }
    assert client.post(url, data).status_code == 422  # spoken, without a day for the confirmation
    assert client.post(url, {**data, "contact": stranger.pk}).status_code == 422
    day = timezone.localdate().isoformat()
    assert client.post(url, {**data, "confirm_due_on": day}).status_code == 302
    spoken = thread.letters.get()
    assert (spoken.contact, spoken.speaker, spoken.confirmation) == (contact, "沈工", "waiting")
    original = SimpleUploadedFile("回复.eml", b"From: shen@svw.example\r\n\r\nok")
    answer = {**data, "once": KEY + "2", "way": "mail", "confirms": spoken.pk, "attached": [original]}
    assert client.post(url, {**answer, "confirm_due_on": day}).status_code == 302
    written = thread.letters.get(way="mail")
    assert written.confirmation == "not_needed"
    assert people.fresh(spoken).confirmed_in == written
    page = client.get(f"/letters/{thread.pk}/").content.decode()
    assert "已书面确认" in page
    assert "回复.eml" in page


def test_settling_spoken_words_by_hand(thread: models.Thread, company: cast.Company, signed_in: Callable) -> None:
    spoken = incoming.record_incoming(
        thread=thread,
        text="先这样",
        way="phone",
        said_at=timezone.now(),
        speaker="沈工",
        confirm_due_on=timezone.localdate(),
        by=company.wang,
        now=timezone.now(),
    )
    url = f"/letters/letter/{spoken.pk}/confirmation/"
    client = signed_in("wang")
    assert client.post(url, {"version": spoken.version, "answer": "987654"}).status_code == 422
    assert client.post(url, {"version": spoken.version, "answer": "no"}).status_code == 302
    assert people.fresh(spoken).confirmation == "refused"
    assert "顾客不予书面确认" in client.get(f"/letters/{thread.pk}/").content.decode()


def test_agreeing_closing_and_taking_up_again(thread: models.Thread, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("wang")
    url = f"/letters/{thread.pk}/"
    assert client.post(f"{url}outcome/", {"version": 1, "wording": " "}).status_code == 422
    assert client.post(f"{url}outcome/", {"version": 1, "wording": "720 h，划格 ≤ 1 级"}).status_code == 302
    page = client.get(url).content.decode()
    assert "720 h，划格 ≤ 1 级" in page
    assert "/draft/" not in page
    assert client.post(f"{url}draft/", {"once": KEY, "way": "mail", "text": "还有"}).status_code == 422
    assert client.post(f"{url}reopen/", {"version": 2, "reason": "顾客更改"}).status_code == 302
    assert client.post(f"{url}close/", {"version": 3, "reason": "不再需要"}).status_code == 302
    assert people.fresh(thread).state == "closed"


# Opening a talk about a subject of a room above -----------------------------------------------------------------------


@pytest.fixture
def upper(tree: Any, company: cast.Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """A room above whose subjects belong to 上汽大众; 7 is confidential to 李娜, 8 is everybody's."""
    scope = people.scope_of(company.lina)

    def attachable(subject_id: int, person: Any) -> subjects.Ref | None:
        scope_id = {7: scope.pk, 8: None}.get(subject_id, -1)
        if scope_id == -1 or not person.may("cases.handle", scope_id):
            return None
        return subjects.Ref("upper.row", subject_id, f"R-{subject_id}", f"/upper/{subject_id}/", scope_id)

    for board in (plugs.attachables, plugs.facts):
        monkeypatch.setattr(board, "_plugs", dict(board._plugs))
    plugs.attachables.plug("upper.row", attachable)
    plugs.facts.plug("subject.customer_id/upper.row", lambda subject: tree["svw"].pk)


@pytest.mark.usefixtures("upper")
def test_a_talk_is_opened_from_the_subjects_page(signed_in: Callable[[str], Client]) -> None:
    url = "/letters/about/upper.row/8/open/"
    data = {"once": KEY, "title": "批次追溯标签", "purpose": "clarification"}
    assert "/open/" in signed_in("wang").get("/letters/about/upper.row/8/", headers=HTMX).content.decode()
    assert "/open/" not in signed_in("auditor").get("/letters/about/upper.row/8/", headers=HTMX).content.decode()
    assert signed_in("wang").post(url, data).status_code == 302
    assert signed_in("wang").post(url, data).status_code == 302
    thread = models.Thread.objects.get(subject_type="upper.row")
    assert (thread.subject_id, thread.subject_label, thread.customer.code) == (8, "R-8", "SVW")


@pytest.mark.usefixtures("upper")
def test_forged_subjects_lead_to_nothing(signed_in: Callable[[str], Client]) -> None:
    data = {"once": KEY, "title": "x", "purpose": "clarification"}
    for about in ("upper.row/7", "upper.row/9", "org.person/1", "nothing.there/1", "customers.customer/999999"):
        assert signed_in("wang").post(f"/letters/about/{about}/open/", data).status_code == 404, about
        answer = signed_in("wang").get(f"/letters/about/{about}/", headers=HTMX)
        assert answer.status_code == 200
        assert "R-" not in answer.content.decode()
    assert signed_in("lina").post("/letters/about/upper.row/7/open/", data).status_code == 302
    thread = models.Thread.objects.get()
    assert thread.scope_id is not None
    for url in (f"/letters/{thread.pk}/", "/letters/", "/letters/about/upper.row/7/"):
        page = signed_in("wang").get(url)
        assert page.status_code in (200, 404)
        assert "R-7" not in page.content.decode()


def test_no_address_of_a_closed_talk_answers_outside_its_circle(
    company: cast.Company, tree: Any, signed_in: Callable[[str], Client]
) -> None:
    scope = people.scope_of(company.lina)
    lina = people.fresh(company.lina)
    about = subjects.Ref("upper.row", 1, "CSR-1", scope_id=scope.pk)
    act = {"by": lina, "now": timezone.now()}
    thread = threads.open_thread(subject=about, customer=tree["svw"], title="密谈", purpose="notice", **act)
    letter = outgoing.draft(thread=thread, text="密", ask=True, **act)
    urls = [f"/letters/{thread.pk}/{step}" for step in ("", "outcome/", "close/", "reopen/", "incoming/")]
    urls += [
        f"/letters/letter/{letter.pk}/{step}/" for step in ("change", "send-back", "withdraw", "sent", "confirmation")
    ]
    for url in urls:
        assert signed_in("zhao").get(url).status_code == 404, url
        assert signed_in("lina").get(url).status_code == 200, url
    for url in (f"/letters/{thread.pk}/draft/", f"/letters/letter/{letter.pk}/release/"):
        assert signed_in("zhao").post(url, {"version": 1}).status_code == 404, url
    for name in ("zhao", "auditor"):
        page = signed_in(name).get("/letters/").content.decode()
        assert "密谈" not in page
        assert re.search(r"没有待您批准", page)


def test_the_list_of_talks_costs_the_same_with_many(
    thread: models.Thread, company: cast.Company, tree: Any, signed_in: Callable, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("wang")
    url = f"/letters/about/customers.customer/{tree['svw'].pk}/"
    outgoing.draft(thread=thread, text="x", by=company.wang, now=timezone.now())
    counts = []
    for _round in range(2):
        for page in ("/letters/", url):
            client.get(page)
            with django_assert_max_num_queries(80) as seen:
                client.get(page)
            counts.append(len(seen))
        for number in range(6):
            more = threads.open_thread(
                subject=tree["svw"], customer=tree["svw"], title=f"事项{number}", purpose="notice", by=company.wang,
                now=timezone.now(),
            )  # fmt: skip
            outgoing.draft(thread=more, text="x", by=company.wang, now=timezone.now())
    assert counts[:2] == counts[2:]


def test_who_releases_is_set_by_the_quality_manager(company: cast.Company, signed_in: Callable[[str], Client]) -> None:
    url = "/letters/release-rules/"
    assert signed_in("zhao").get(url).status_code == 403
    post = company.post["quality_manager"]
    assert signed_in("zhou").post(url, {"purpose": "reply", "post": post.pk}).status_code == 302
    assert "质量部经理" in signed_in("zhou").get(url).content.decode()


@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", "<script>alert(1)</script>", "\u202e反", "%s {customer} %(a)s", "ﷺ" * 40]
)
def test_naughty_words_are_kept_as_text(text: str, thread: models.Thread, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("wang")
    made = client.post(f"/letters/{thread.pk}/draft/", {"once": KEY, "way": "mail", "text": text, "ask": "1"})
    assert made.status_code == 302
    assert thread.letters.get().text == text
    page = client.get(f"/letters/{thread.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    filters = {"text": text, "customer": text, "state": text, "with": text, "sort": text, "after": text}
    assert client.get("/letters/", filters).status_code == 200


def test_talks_are_found_by_what_was_said_and_agreed(
    thread: models.Thread, draft: models.Letter, company: cast.Company
) -> None:
    act = {"by": company.wang, "now": timezone.now()}
    incoming.record_incoming(
        thread=thread, text="划格按二级验收", way="mail", said_at=act["now"], speaker="沈工", **act
    )
    withdrawn = outgoing.draft(thread=thread, text="误写的内容", **act)
    outgoing.withdraw(letter=withdrawn, reason="误写", expected=1, **act)
    for words in ("划格按二级", "沈工", "请确认划格要求", thread.title):
        (hit,) = [hit for hit in search.find(company.sun, words) if hit.type == "letters.thread"]
        assert (hit.id, hit.url) == (thread.pk, thread.get_absolute_url())
    assert not [hit for hit in search.find(company.sun, "误写的内容") if hit.type == "letters.thread"]
    outgoing.withdraw(letter=draft, reason="不发", expected=draft.version, **act)
    threads.record_outcome(thread=people.fresh(thread), wording="按二级执行", expected=1, **act)
    assert search.find(company.sun, "按二级执行")


def test_what_is_confidential_is_found_by_the_circle_only(company: cast.Company) -> None:
    scope = people.scope_of(company.lina)
    customer = people.customer(company, "XEV", "保密车企", scope=scope, window=company.lina)
    by = {"by": people.fresh(company.lina), "now": timezone.now()}
    threads.open_thread(subject=customer, customer=customer, title="天狼壳体", purpose="notice", **by)
    assert search.find(people.fresh(company.lina), "天狼壳体")
    assert not search.find(people.fresh(company.wang), "天狼壳体")


def test_the_list_of_a_group_has_the_talks_of_its_plants(
    tree: Any, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    by = {"by": company.wang, "now": timezone.now()}
    for row in (tree["plant"], tree["faw"]):
        threads.open_thread(subject=row, customer=row, title=f"事项 {row.code}", purpose="notice", **by)
    page = signed_in("wang").get("/letters/", {"customer": tree["group"].pk}).content.decode()
    assert "事项 SVW-AT" in page
    assert "事项 FAW-VW" in page
    page = signed_in("wang").get("/letters/", {"customer": tree["svw"].pk}).content.decode()
    assert "事项 SVW-AT" in page
    assert "事项 FAW-VW" not in page


def test_a_talk_shows_what_happened_to_what_it_is_about(
    thread: models.Thread, tree: Any, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in("wang").get(thread.get_absolute_url()).content.decode()
    url = f"/records/timeline/customers.customer/{tree['svw'].pk}/"
    assert url in page
    assert "发起顾客沟通" in signed_in("wang").get(url, headers=HTMX).content.decode()
