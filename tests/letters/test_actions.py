"""Talks with customers: who drafts, who releases, what is frozen, what was spoken and what was written."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import cast
from tests.customers import people
from yinuo.customers.actions import companies, contacts
from yinuo.kit import plugs, refusals, subjects
from yinuo.letters import access, models, queries
from yinuo.letters.actions import incoming, outgoing, releasers, story, threads
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.records import models as records

pytestmark = pytest.mark.django_db
ABOUT = subjects.Ref("upper.row", 413, "CSR-2026-0413 盐雾试验", "/upper/413/")
DAY = timedelta(days=1)


@pytest.fixture
def tree(company: cast.Company) -> dict[str, Any]:
    return people.volkswagen(company)


def talk(company: cast.Company, tree: dict[str, Any], **facts: Any) -> models.Thread:
    facts = {
        "subject": ABOUT,
        "customer": tree["svw"],
        "title": "720 h 是否含划格",
        "purpose": "clarification",
        **facts,
    }
    return threads.open_thread(by=facts.pop("by", company.wang), now=cast.NOW, **facts)


@pytest.fixture
def thread(company: cast.Company, tree: dict[str, Any]) -> models.Thread:
    return talk(company, tree)


@pytest.fixture
def draft(thread: models.Thread, company: cast.Company) -> models.Letter:
    return outgoing.draft(thread=thread, text="请确认。", ask=True, by=company.wang, now=cast.NOW)


def release(letter: models.Letter, by: org.Person, **facts: Any) -> models.Letter:
    letter = people.fresh(letter)
    facts = {"expected": letter.version, "now": cast.NOW, **facts}
    return outgoing.release(letter=letter, by=people.fresh(by), **facts)


def heard(monkeypatch: pytest.MonkeyPatch, *events: str) -> list[tuple[str, subjects.Ref]]:
    """What a room above hears of these events."""
    found: list[tuple[str, subjects.Ref]] = []
    monkeypatch.setattr(plugs.events, "_plugs", dict(plugs.events._plugs))
    for event in events:
        plugs.events.plug(f"{event}/test", lambda subject, _event=event, **facts: found.append((_event, subject)))
    return found


# Release -------------------------------------------------------------------------------------------------------------


def test_only_the_window_or_the_deputy_releases(draft: models.Letter, company: cast.Company) -> None:
    for name in ("wang", "chen", "zhou", "gao", "auditor", "admin", "outsider"):
        with pytest.raises(refusals.Refusal) as refused:
            release(draft, company.people[name])
        assert refused.value.status == 403, name
    assert people.fresh(draft).state == "draft"
    assert release(draft, company.zhao).released_by == company.zhao


def test_the_window_is_taken_over_from_above(company: cast.Company, tree: dict[str, Any]) -> None:
    for row, releaser, other in (
        (tree["plant"], company.lina, company.chen),
        (tree["faw"], company.zhao, company.lina),
    ):
        letter = outgoing.draft(
            thread=talk(company, tree, customer=row), text="请确认。", by=company.wang, now=cast.NOW
        )
        with pytest.raises(access.NotReleaser):
            release(letter, other)
        assert release(letter, releaser).state == "released"


def test_without_a_window_nothing_goes_out_and_the_sentence_says_why(
    company: cast.Company, tree: dict[str, Any]
) -> None:
    alone = people.customer(company, "BYD", "比亚迪（示例）")
    letter = outgoing.draft(thread=talk(company, tree, customer=alone), text="您好", by=company.wang, now=cast.NOW)
    with pytest.raises(access.NotReleaser, match=r"尚未指定|Nobody is named"):
        release(letter, company.lina)


def test_who_stands_in_for_an_absent_window_releases(draft: models.Letter, company: cast.Company) -> None:
    org.Absence.objects.create(person=company.lina, delegate=company.chen, from_at=cast.NOW - DAY, to_at=cast.NOW + DAY)
    with pytest.raises(access.NotReleaser):
        release(draft, company.chen, now=cast.NOW + 2 * DAY)
    assert release(draft, company.chen).released_by == company.chen


def test_a_post_may_release_in_the_windows_place(
    draft: models.Letter, company: cast.Company, tree: dict[str, Any]
) -> None:
    post = company.post["quality_manager"]
    with pytest.raises(refusals.NotAllowed):
        releasers.let_post_release(purpose="", post=post, by=company.zhao, now=cast.NOW)
    releasers.let_post_release(purpose="clarification", post=post, by=company.zhou, now=cast.NOW)
    with pytest.raises(access.NotReleaser):
        release(draft, company.lina)
    assert release(draft, company.zhou).state == "released"
    notice = outgoing.draft(thread=talk(company, tree, purpose="notice"), text="通知", by=company.wang, now=cast.NOW)
    assert release(notice, company.lina).state == "released"  # other purposes stay with the window
    releasers.let_post_release(purpose="clarification", post=None, by=company.zhou, now=cast.NOW)
    assert access.releasing_posts() == {}
    assert records.Entry.objects.filter(word="letters.releaser.changed").count() == 2


def test_a_release_freezes_the_version_that_was_read(draft: models.Letter, company: cast.Company) -> None:
    read = draft.version
    outgoing.change_draft(
        letter=people.fresh(draft),
        text="请尽快确认。",
        way="mail",
        ask=True,
        by=company.wang,
        now=cast.NOW,
        expected=read,
    )
    with pytest.raises(refusals.Stale):
        release(draft, company.lina, expected=read)
    released = release(draft, company.lina)
    assert released.text == "请尽快确认。"
    with pytest.raises(outgoing.CannotDraft):
        outgoing.change_draft(
            letter=released, text="改", way="mail", by=company.wang, now=cast.NOW, expected=released.version
        )
    assert [each.text for each in released.versions.order_by("number")] == ["请确认。", "请尽快确认。"]


def test_it_is_released_once(draft: models.Letter, company: cast.Company, monkeypatch: pytest.MonkeyPatch) -> None:
    found = heard(monkeypatch, "letters.released")
    first = people.fresh(draft)
    release(draft, company.lina)
    with pytest.raises(refusals.Stale):
        outgoing.release(letter=first, by=people.fresh(company.zhao), now=cast.NOW, expected=first.version)
    with pytest.raises(outgoing.CannotRelease):
        release(draft, company.zhao)
    assert found == [("letters.released", ABOUT)]


def test_whoever_releases_is_told_and_so_is_the_author(draft: models.Letter, company: cast.Company) -> None:
    told = {(each.kind, each.person.sign_in) for each in notify.Message.objects.all()}
    assert told == {("letter_to_release", "lina"), ("letter_to_release", "zhao")}
    letter = people.fresh(draft)
    outgoing.send_back(
        letter=letter, reason="语气", by=people.fresh(company.lina), now=cast.NOW, expected=letter.version
    )
    assert notify.Message.objects.get(kind="letter_sent_back").person == company.wang
    assert (people.fresh(draft).asked_at, people.fresh(draft).sent_back_reason) == (None, "语气")
    assert queries.drafts_to_release(people.fresh(company.lina), cast.NOW) == []


def test_drafts_that_wait_for_me(draft: models.Letter, company: cast.Company) -> None:
    assert queries.drafts_to_release(people.fresh(company.lina), cast.NOW) == [draft]
    assert queries.drafts_to_release(people.fresh(company.chen), cast.NOW) == []
    release(draft, company.lina)
    assert queries.drafts_to_release(people.fresh(company.lina), cast.NOW) == []


# Sending -------------------------------------------------------------------------------------------------------------


def test_only_what_was_released_goes_out(
    draft: models.Letter, company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = heard(monkeypatch, "letters.sent")
    sent = {"sent_at": cast.NOW, "by": company.wang, "now": cast.NOW}
    with pytest.raises(outgoing.CannotSend):
        outgoing.mark_sent(letter=draft, expected=draft.version, **sent)
    letter = release(draft, company.lina)
    with pytest.raises(outgoing.CannotSend):
        outgoing.mark_sent(letter=letter, expected=letter.version, **{**sent, "sent_at": cast.NOW + DAY})
    letter = outgoing.mark_sent(letter=letter, expected=letter.version, answer_due_at=cast.NOW + 3 * DAY, **sent)
    thread = people.fresh(letter.thread)
    assert (letter.state, thread.state, thread.due_at) == ("sent", "waiting", cast.NOW + 3 * DAY)
    assert found == [("letters.sent", ABOUT)]
    with pytest.raises(outgoing.CannotDraft):
        outgoing.withdraw(letter=letter, reason="x", by=company.lina, now=cast.NOW, expected=letter.version)


def test_a_notice_waits_for_no_answer(company: cast.Company, tree: dict[str, Any]) -> None:
    thread = talk(company, tree, purpose="notice")
    letter = release(outgoing.draft(thread=thread, text="通知", by=company.wang, now=cast.NOW), company.lina)
    outgoing.mark_sent(letter=letter, sent_at=cast.NOW, by=company.wang, now=cast.NOW, expected=letter.version)
    assert people.fresh(thread).state == "open"


def test_a_released_letter_is_withdrawn_by_whoever_releases(draft: models.Letter, company: cast.Company) -> None:
    letter = release(draft, company.lina)
    act = {"letter": letter, "reason": "数据有误", "now": cast.NOW, "expected": letter.version}
    with pytest.raises(access.NotReleaser):
        outgoing.withdraw(by=company.wang, **act)
    assert outgoing.withdraw(by=people.fresh(company.zhao), **act).state == "withdrawn"


# Incoming ------------------------------------------------------------------------------------------------------------


def said(thread: models.Thread, company: cast.Company, **facts: Any) -> models.Letter:
    facts = {"text": "做划格。", "way": "mail", "said_at": cast.NOW - DAY, "speaker": "沈工", **facts}
    return incoming.record_incoming(thread=thread, by=company.wang, now=cast.NOW, **facts)


@pytest.mark.parametrize("way", ["phone", "visit", "in_person"])
def test_spoken_words_need_a_day_until_which_they_are_confirmed(
    way: str, thread: models.Thread, company: cast.Company
) -> None:
    with pytest.raises(story.CannotRecord):
        said(thread, company, way=way)
    letter = said(thread, company, way=way, confirm_due_on=timezone.localdate(cast.NOW))
    assert letter.confirmation == "waiting"


@pytest.mark.parametrize("way", ["mail", "portal", "wechat", "minutes", "letter"])
def test_written_words_need_none(way: str, thread: models.Thread, company: cast.Company) -> None:
    assert said(thread, company, way=way).confirmation == "not_needed"


def test_a_writing_confirms_what_was_spoken(
    thread: models.Thread, company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = heard(monkeypatch, "letters.received")
    today = timezone.localdate(cast.NOW)
    spoken = said(thread, company, way="phone", confirm_due_on=today)
    again = said(thread, company, way="phone", confirm_due_on=today)
    with pytest.raises(story.CannotRecord):
        incoming.settle_spoken(
            letter=spoken, confirmed=True, in_letter=again, by=company.wang, now=cast.NOW, expected=spoken.version
        )
    written = said(thread, company, confirms=spoken)
    spoken = people.fresh(spoken)
    assert (spoken.confirmation, spoken.confirmed_in) == ("confirmed", written)
    with pytest.raises(story.CannotRecord):
        incoming.settle_spoken(letter=spoken, confirmed=False, by=company.wang, now=cast.NOW, expected=spoken.version)
    incoming.settle_spoken(letter=again, confirmed=False, by=company.wang, now=cast.NOW, expected=again.version)
    assert people.fresh(again).confirmation == "refused"
    assert found == [("letters.received", ABOUT)] * 3


def test_a_writing_of_another_talk_confirms_nothing(
    thread: models.Thread, company: cast.Company, tree: dict[str, Any]
) -> None:
    spoken = said(thread, company, way="phone", confirm_due_on=timezone.localdate(cast.NOW))
    elsewhere = said(talk(company, tree, title="另一件事"), company)
    with pytest.raises(story.CannotRecord):
        incoming.settle_spoken(
            letter=spoken, confirmed=True, in_letter=elsewhere, by=company.wang, now=cast.NOW, expected=spoken.version
        )


def test_overdue_confirmations_are_told_once(thread: models.Thread, company: cast.Company) -> None:
    said(thread, company, way="phone", confirm_due_on=timezone.localdate(cast.NOW))
    assert incoming.tell_unconfirmed(by=company.admin, now=cast.NOW) == 0  # the day itself is not over
    assert incoming.tell_unconfirmed(by=company.admin, now=cast.NOW + DAY) == 1
    assert incoming.tell_unconfirmed(by=company.admin, now=cast.NOW + 2 * DAY) == 0
    told = notify.Message.objects.filter(kind="spoken_unconfirmed").values_list("person__sign_in", flat=True)
    assert sorted(told) == ["lina", "wang"]


def test_a_contact_speaks_for_its_own_customer_family(
    thread: models.Thread, company: cast.Company, tree: dict[str, Any]
) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    above = contacts.add(customer=tree["group"], name="总部", **by)
    sister = contacts.add(customer=tree["faw"], name="曲工", **by)
    assert said(thread, company, contact=above, speaker="").speaker == "总部"
    with pytest.raises(story.CannotRecord):
        said(thread, company, contact=sister)
    with pytest.raises(story.CannotRecord):
        said(thread, company, speaker=" ")


# Outcome -------------------------------------------------------------------------------------------------------------


def test_the_outcome_is_the_agreed_wording_and_closes(
    thread: models.Thread, company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = heard(monkeypatch, "letters.outcome")
    said(thread, company)
    act = {"wording": " 720 h，划格 ≤ 1 级 ", "now": cast.NOW}
    threads.record_outcome(thread=thread, by=company.wang, expected=thread.version, **act)
    thread = people.fresh(thread)
    assert (thread.outcome, thread.outcome_by, thread.state) == ("720 h，划格 ≤ 1 级", company.wang, "closed")
    assert found == [("letters.outcome", ABOUT)]
    with pytest.raises(access.TalkClosed):
        said(thread, company)
    threads.reopen(thread=thread, reason="顾客更改", by=company.wang, now=cast.NOW, expected=thread.version)
    assert said(thread, company).thread.state == "open"


def test_nothing_unsent_is_left_behind(draft: models.Letter, company: cast.Company) -> None:
    thread = people.fresh(draft.thread)
    act = {"thread": thread, "by": company.wang, "now": cast.NOW, "expected": thread.version}
    with pytest.raises(story.CannotRecord):
        threads.record_outcome(wording="好", **act)
    with pytest.raises(story.CannotRecord):
        threads.close(reason="无需", **act)
    outgoing.withdraw(letter=draft, reason="不发", by=company.wang, now=cast.NOW, expected=draft.version)
    assert threads.close(reason="无需", **act).state == "closed"


def test_two_outcomes_at_once_one_is_told(thread: models.Thread, company: cast.Company) -> None:
    other = people.fresh(thread)
    threads.record_outcome(thread=thread, wording="甲", by=company.wang, now=cast.NOW, expected=1)
    with pytest.raises(refusals.Stale):
        threads.record_outcome(thread=other, wording="乙", by=company.sun, now=cast.NOW, expected=1)
    assert people.fresh(thread).outcome == "甲"


# Confidentiality ------------------------------------------------------------------------------------------------------


def test_a_talk_is_as_confidential_as_its_subject(company: cast.Company, tree: dict[str, Any]) -> None:
    scope = people.scope_of(company.wang, company.lina)
    closed = subjects.Ref("upper.row", 9, "CSR-9", scope_id=scope.pk)
    thread = talk(company, tree, subject=closed, by=people.fresh(company.wang))
    letter = outgoing.draft(thread=thread, text="x", ask=True, by=people.fresh(company.wang), now=cast.NOW)
    assert (thread.scope_id, letter.scope_id) == (scope.pk, scope.pk)
    assert not queries.threads(people.fresh(company.zhao)).exists()
    assert queries.drafts_to_release(people.fresh(company.zhao), cast.NOW) == []  # deputy, but not in the circle
    with pytest.raises(refusals.NotAllowed):
        release(letter, company.zhao)
    assert queries.threads(people.fresh(company.lina)).get() == thread
    with pytest.raises(refusals.NotAllowed):
        talk(company, tree, subject=closed, by=people.fresh(company.sun))


def test_a_talk_with_a_closed_customer_is_closed_even_about_an_open_subject(
    company: cast.Company, tree: dict[str, Any]
) -> None:
    scope = people.scope_of(company.lina)
    customer = people.customer(company, "XEV", "保密车企", scope=scope)
    with pytest.raises(refusals.NotAllowed):
        talk(company, tree, customer=customer)
    assert talk(company, tree, customer=customer, by=people.fresh(company.lina)).scope_id == scope.pk


def test_talks_follow_when_their_subject_is_closed_or_opened(company: cast.Company, tree: dict[str, Any]) -> None:
    svw = people.fresh(tree["svw"])
    thread = talk(company, tree, subject=svw)
    letter = outgoing.draft(thread=thread, text="x", by=company.wang, now=cast.NOW)
    scope = people.scope_of(company.lina, company.zhao)
    for wanted in (scope, None):
        svw = people.fresh(svw)
        companies.change(customer=svw, scope=wanted, by=people.fresh(company.lina), now=cast.NOW, expected=svw.version)
        expected = wanted.pk if wanted else None
        assert (people.fresh(thread).scope_id, people.fresh(letter).scope_id) == (expected, expected)


def test_readers_write_nothing(thread: models.Thread, draft: models.Letter, company: cast.Company) -> None:
    for name in ("auditor", "admin", "outsider"):
        by = {"by": company.people[name], "now": cast.NOW}
        with pytest.raises(refusals.NotAllowed):
            outgoing.draft(thread=thread, text="x", **by)
        with pytest.raises(refusals.NotAllowed):
            incoming.record_incoming(thread=thread, text="x", way="mail", said_at=cast.NOW, speaker="y", **by)
        with pytest.raises(refusals.NotAllowed):
            threads.close(thread=thread, reason="x", expected=1, **by)
        with pytest.raises(refusals.NotAllowed):
            outgoing.withdraw(letter=draft, reason="x", expected=1, **by)


def test_every_act_is_told_on_the_subject(draft: models.Letter, company: cast.Company) -> None:
    release(draft, company.lina)
    words = records.Entry.objects.filter(subject_type="upper.row", subject_id=413).order_by("pk")
    assert list(words.values_list("word", flat=True)) == [
        "letters.thread.opened",
        "letters.letter.drafted",
        "letters.letter.released",
    ]
