"""What somebody has just done is taken back by the address that the notice carries, by them alone, and soon."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import signing
from django.test import Client
from django.urls import reverse

from tests.cases.story import Story
from yinuo.cases import models
from yinuo.cases.actions import closing
from yinuo.kit import undoing
from yinuo.notify import models as notify
from yinuo.procedures import models as procedures

SignIn = Callable[[str], Client]


def undo_of(response: Any) -> str:
    """The address in the notice that the next page shows."""
    tags = [message.extra_tags or "" for message in get_messages(response.wsgi_request)]
    return next((each.removeprefix("undo:") for each in tags if each.startswith("undo:")), "")


@pytest.fixture
def send(story: Story, signed_in: SignIn) -> Callable[..., Any]:
    def sent(who: str, page: str, *args: Any, **said: Any) -> Any:
        return signed_in(who).post(reverse(f"cases:{page}", args=[story.case.number, *args]), said)

    return sent


def test_a_priority_comes_back_with_its_reason(story: Story, send: Callable[..., Any], signed_in: SignIn) -> None:
    before = story.refreshed()
    undo = undo_of(send("zhao", "case_rank", version=1, priority=2, reason="顾客催促"))
    assert story.refreshed().priority == models.Priority.URGENT
    assert signed_in("zhao").post(undo).status_code == 302
    after = story.refreshed()
    told = ("priority", "priority_zh", "priority_en", "due_at", "priority_by_id")
    assert [getattr(after, name) for name in told] == [getattr(before, name) for name in told]
    assert signed_in("zhao").post(undo).status_code == 409  # once; what came since is not overwritten


def test_an_owner_comes_back_and_the_other_is_told_no_more(
    story: Story, send: Callable[..., Any], signed_in: SignIn
) -> None:
    owner = story.case.owner
    undo = undo_of(send("zhao", "case_give", version=1, owner=story.company.sun.pk))
    told = notify.Message.objects.filter(person=story.company.sun, kind="case_given", taken_back_at=None)
    assert told.count() == 1
    signed_in("zhao").post(undo)
    assert story.refreshed().owner == owner
    assert told.count() == 0


def test_a_hold_and_its_end_are_taken_back(story: Story, send: Callable[..., Any], signed_in: SignIn) -> None:
    undo = undo_of(send("zhao", "case_hold", reason="等图纸"))
    assert story.refreshed().state == models.State.HELD
    signed_in("zhao").post(undo)
    assert story.refreshed().state == models.State.NEW
    send("zhao", "case_hold", reason="等图纸")
    undo = undo_of(send("zhao", "case_resume"))
    signed_in("zhao").post(undo)
    assert story.refreshed().state == models.State.HELD
    assert story.refreshed().hold_reason == "等图纸"


def test_a_revoked_link_opens_again(story: Story, send: Callable[..., Any], signed_in: SignIn) -> None:
    link = closing.make_link(case=story.case, name="沈工", by=story.company.lina, now=story.now)
    undo = undo_of(send("lina", "link_revoke", link.pk))
    signed_in("lina").post(undo)
    link.refresh_from_db()
    assert link.revoked_at is None


def test_a_task_goes_back_to_whoever_had_it(story: Story, signed_in: SignIn) -> None:
    task = procedures.Task.objects.get(subject_id=story.case.pk, subject_type="cases.case", state="open")
    had = (task.holder_id, task.post_id)
    said = {"version": task.version, "to": story.company.zhao.pk, "reason": "出差"}
    undo = undo_of(signed_in("lina").post(reverse("procedures:task_reassign", args=[task.pk]), said))
    task.refresh_from_db()
    assert task.holder == story.company.zhao
    signed_in("lina").post(undo)
    task.refresh_from_db()
    assert (task.holder_id, task.post_id) == had
    assert not notify.Message.objects.filter(person=story.company.zhao, kind="task_reassigned", taken_back_at=None)


def test_whoever_worked_on_it_on_their_behalf_does_so_again(story: Story, signed_in: SignIn) -> None:
    task = procedures.Task.objects.get(subject_id=story.case.pk, subject_type="cases.case", state="open")
    procedures.Task.objects.filter(pk=task.pk).update(holder=story.company.lina, delegate=story.company.zhao)
    said = {"version": task.version, "to": story.company.zhao.pk, "reason": "出差"}
    undo = undo_of(signed_in("lina").post(reverse("procedures:task_reassign", args=[task.pk]), said))
    task.refresh_from_db()
    assert (task.holder, task.delegate) == (story.company.zhao, None)
    signed_in("lina").post(undo)
    task.refresh_from_db()
    assert (task.holder, task.delegate) == (story.company.lina, story.company.zhao)


def test_nobody_else_and_never_later(
    story: Story, send: Callable[..., Any], signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    undo = undo_of(send("zhao", "case_hold", reason="等图纸"))
    assert signed_in("gao").post(undo).status_code == 403
    assert signed_in("zhao").get(undo).status_code == 405
    assert signed_in("zhao").post(f"{undo[:-3]}x/").status_code == 409
    monkeypatch.setattr(undoing, "WITHIN", timedelta(seconds=-1))
    assert signed_in("zhao").post(undo).status_code == 409
    assert story.refreshed().state == models.State.HELD


def test_what_is_offered_is_signed(story: Story) -> None:
    address = undoing.offer(story.company.zhao, "cases.held", case=story.case.pk)
    token = address.rstrip("/").rpartition("/")[2]
    assert signing.loads(token, salt=undoing.SALT) == ["cases.held", story.company.zhao.pk, {"case": story.case.pk}]
