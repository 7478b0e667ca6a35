"""The customer's feedback by link: forged, expired, revoked, used, answered twice at once; or recorded by us."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import models
from yinuo.cases.actions import closing
from yinuo.kit import actors, refusals
from yinuo.records import models as records

SAID = {"satisfied": "yes", "score": "5", "words": "很及时", "name": "沈工"}


@pytest.fixture
def link(story: Story) -> models.FeedbackLink:
    return closing.make_link(case=story.case, name="沈工", by=story.person("lina"), now=story.now)


@pytest.fixture
def _today() -> object:
    with time_machine.travel(stories.NOW + timedelta(hours=2), tick=False):
        yield


@pytest.mark.usefixtures("_today")
def test_a_customer_answers_without_sign_in_once(link: models.FeedbackLink) -> None:
    url, client = link.get_absolute_url(), Client()
    assert client.get(url).status_code == 200
    assert client.post(url, SAID).status_code == 200
    feedback = models.Feedback.objects.get()
    assert (feedback.speaker, feedback.score, feedback.words, feedback.is_satisfied) == ("沈工", 5, "很及时", True)
    assert (feedback.way, feedback.recorded_by) == ("link", None)
    entry = records.Entry.objects.get(word="cases.feedback.received")
    assert (entry.actor_id, entry.actor_name) == ("outside", "沈工")
    for answer in (client.get(url), client.post(url, SAID)):
        assert answer.status_code == 410
        assert "您的反馈已收到" in answer.content.decode() or "has been used" in answer.content.decode()
    assert models.Feedback.objects.count() == 1


@pytest.mark.usefixtures("_today")
@pytest.mark.parametrize("token", ["x", "0" * 43, "..%2f..", "é" * 10, "1 or 1=1"])
def test_a_forged_link_is_told_so(link: models.FeedbackLink, token: str) -> None:
    answer = Client().get(reverse("cases:feedback", args=[token]))
    assert answer.status_code == 404
    assert link.case.title not in answer.content.decode()


def test_an_expired_link_is_told_so(link: models.FeedbackLink) -> None:
    with time_machine.travel(link.expires_at, tick=False):
        answer = Client().post(link.get_absolute_url(), SAID)
    assert answer.status_code == 410
    assert not models.Feedback.objects.exists()


@pytest.mark.usefixtures("_today")
def test_a_revoked_link_is_told_so(link: models.FeedbackLink, story: Story) -> None:
    closing.revoke_link(link=link, by=story.person("lina"), now=story.tick())
    assert Client().get(link.get_absolute_url()).status_code == 410
    with pytest.raises(closing.LinkDead):
        closing.revoke_link(link=link, by=story.person("lina"), now=story.tick())


def test_of_two_answers_at_once_one_counts(link: models.FeedbackLink, story: Story) -> None:
    seen_twice = models.FeedbackLink.objects.select_related("case").get(pk=link.pk)
    said = {"is_satisfied": True, "score": 4, "words": "", "by": actors.Outsider("沈工"), "now": story.tick()}
    closing.answer_link(link=link, **said)
    with pytest.raises(closing.LinkDead):
        closing.answer_link(link=seen_twice, **said)
    assert models.Feedback.objects.count() == 1


@pytest.mark.usefixtures("_today")
@pytest.mark.parametrize(
    "said",
    [{}, {"name": ""}, {"satisfied": ""}, {"satisfied": "no", "words": ""}, {"score": "9"}, {"satisfied": "maybe"}],
)
def test_an_incomplete_answer_keeps_the_link_open(link: models.FeedbackLink, said: dict[str, str]) -> None:
    answer = Client().post(link.get_absolute_url(), {**SAID, **said} if said else {})
    assert answer.status_code == 422
    link.refresh_from_db()
    assert link.answered_at is None


@pytest.mark.usefixtures("_today")
def test_the_customers_words_are_shown_as_words(link: models.FeedbackLink, signed_in) -> None:
    Client().post(link.get_absolute_url(), {**SAID, "words": "<script>alert(1)</script>", "name": "<b>沈</b>"})
    page = signed_in("zhao").get(link.case.get_absolute_url()).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_what_we_record_needs_speaker_time_and_way(story: Story) -> None:
    said = {"case": story.case, "way": "phone", "speaker": "沈工", "said_at": story.now, "is_satisfied": True}
    for wrong in ({"way": "link"}, {"speaker": " "}, {"said_at": story.now + timedelta(days=9)}, {"score": 6}):
        with pytest.raises(closing.CannotRecord):
            closing.record_feedback(**{**said, **wrong}, by=story.person("lina"), now=story.now)
    with pytest.raises(refusals.NotAllowed):
        closing.record_feedback(**said, by=story.person("auditor"), now=story.now)
    with pytest.raises(closing.CannotRecord) as refused:
        closing.record_feedback(**said, by=story.person("lina"), now=story.now)
    assert refused.value.field == "proof"
    kept = closing.record_feedback(**said, by=story.person("lina"), now=story.now, proof=[("录音.m4a", b"sound")])
    attachment = records.Attachment.objects.get(subject_type="cases.feedback", subject_id=kept.pk)
    assert (attachment.kind, attachment.name) == ("proof", "录音.m4a")


def test_one_link_is_no_other(story: Story, company: cast.Company) -> None:
    tokens = {
        closing.make_link(case=story.case, name="沈工", by=story.person("lina"), now=story.now).token for _ in range(20)
    }
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)
