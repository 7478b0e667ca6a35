"""The customer counts as told when a letter that answers the request went out, in its step or beside it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import models
from yinuo.customers import models as customers
from yinuo.kit import once
from yinuo.letters import models as letters
from yinuo.letters.actions import outgoing, threads
from yinuo.records import models as records


@pytest.fixture
def story(working: cast.Company, svw: customers.Customer) -> Story:
    return Story(working, stories.open_case(working, svw, title="送货单增加批次号", procedure="s1"))


def talk(story: Story, purpose: str, subject: object = None) -> letters.Thread:
    facts = {"title": "批次号", "purpose": purpose, "by": story.person("lina"), "now": story.tick()}
    return threads.open_thread(subject=subject or story.case, customer=story.case.customer, **facts)


def left(story: Story, thread: letters.Thread, *, is_answer: bool) -> letters.Letter:
    """Drafted, released, and gone out as the product itself sends it."""
    lina = story.person("lina")
    letter = outgoing.draft(thread=thread, text="已加批次号。", is_answer=is_answer, by=lina, now=story.tick())
    letter = outgoing.release(letter=letter, by=lina, now=story.tick(), expected=letter.version)
    assert story.refreshed().answered_at is None, "released is not yet said"
    return outgoing.note_left(letter=letter, sent_at=story.tick(), answer_due_at=None, by=lina, now=story.tick())


def test_a_mailed_answer_tells_the_customer(story: Story) -> None:
    letter = left(story, talk(story, "reply"), is_answer=True)
    assert story.refreshed().answered_at == letter.said_at
    entry = records.Entry.objects.get(word="cases.case.answered")
    assert entry.changes[0]["field"] == "answered_at"


def test_a_word_in_between_does_not(story: Story) -> None:
    left(story, talk(story, "notice"), is_answer=False)
    assert story.refreshed().answered_at is None


def test_what_is_said_to_the_customer_about_themselves_answers_nothing(story: Story) -> None:
    thread = talk(story, "notice", subject=story.case.customer)
    with pytest.raises(outgoing.CannotDraft) as refused:
        outgoing.draft(thread=thread, text="您好。", is_answer=True, by=story.person("lina"), now=story.tick())
    assert refused.value.field == "is_answer"


def test_the_step_of_the_procedure_says_it_once(story: Story) -> None:
    lines = [{"item": each.pk, "kind": each.kind, "applies": each.applies} for each in story.case.items.all()]
    story.submit("lina", "record", outcome="accept", data={"items": lines, "original_kept": False, "no_original": "电"})
    story.submit("wang", "handle", outcome="handled", data={"progress": "已改"})
    story.submit("wang", "complete", data={"remark": "带批次号", "result": "met", "lesson": "先问"})
    story.submit("lina", "release_reply", outcome="release", data={"body": "已增加批次号。", "way": "mail"})
    letter = letters.Letter.objects.get(thread__purpose="reply", direction="out")
    assert letter.is_answer
    assert story.refreshed().answered_at == letter.said_at
    assert records.Entry.objects.filter(word="cases.case.answered").count() == 1


def test_the_form_ticks_it_in_a_talk_for_the_reply_and_the_sender_has_the_last_word(story: Story) -> None:
    client = Client()
    client.force_login(story.person("lina"), backend="django.contrib.auth.backends.ModelBackend")
    reply, question = talk(story, "reply"), talk(story, "clarification")
    about_customer = talk(story, "notice", subject=story.case.customer)

    def box(thread: letters.Thread) -> str:
        page = client.get(reverse("letters:thread", args=[thread.pk])).content.decode()
        at = page.find('name="is_answer"')
        return page[at : page.find(">", at)] if at > 0 else ""

    assert "checked" in box(reply)
    assert "checked" not in box(question)
    assert box(question)
    assert box(about_customer) == ""
    said = {"once": once.new_key(), "text": "先告知：下周完成。", "way": "mail", "ask": "1"}
    assert client.post(reverse("letters:draft_add", args=[reply.pk]), said).status_code == 302
    letter = letters.Letter.objects.get()
    assert not letter.is_answer
    client.post(reverse("letters:letter_release", args=[letter.pk]), {"version": letter.version})
    letter.refresh_from_db()
    sent = {"version": letter.version, "way": "portal", "sent_at": "2026-01-05 09:00", "is_answer": "on"}
    page = client.post(reverse("letters:letter_sent", args=[letter.pk]), sent)
    assert page.status_code == 302, page.content.decode()
    letter.refresh_from_db()
    assert letter.is_answer
    assert models.Case.objects.get(pk=story.case.pk).answered_at == letter.said_at
