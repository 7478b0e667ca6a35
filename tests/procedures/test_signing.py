"""Signatures: what they cover, on paper, on behalf, and what a changed text does to them."""

import dataclasses
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.utils import IntegrityError

from tests.procedures.conftest import REGISTERED, Story, proof
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.procedures import models
from yinuo.procedures.actions import signing, working
from yinuo.procedures.definition.texts import Text
from yinuo.records import queries as records

MEANING = Text("本人同意。", "I agree.")


@pytest.fixture
def deciding(story: Story) -> Story:
    story.submit("lina", "register", data=REGISTERED)
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    return story


def paper(story: Story, signer: str = "gao") -> signing.Paper:
    scan = ContentFile(b"%PDF-1.4 signed", name="批准.pdf")
    person = story.company.people[signer]
    return signing.Paper(signer=person, signed_at=story.now, scan=scan, name="批准.pdf")


def enter(story: Story, by: str = "zhou", signer: str = "gao") -> models.Run:
    task = story.task("approve")
    return working.submit(
        task=task, by=story.company.people[by], now=story.tick(), expected=task.version, outcome="agree",
        paper=paper(story, signer),
    )  # fmt: skip


def test_a_signature_covers_what_was_signed(deciding: Story) -> None:
    deciding.submit("gao", "approve", outcome="agree", condition="尽快", signed=True)
    signature = models.Signature.objects.get()
    task = models.Task.objects.select_related("run__edition").get(pk=signature.task_id)
    assert signing.digest_of(signing.content_of(task, MEANING)) == signature.digest
    task.outcome = "revise"
    assert signing.digest_of(signing.content_of(task, MEANING)) != signature.digest
    assert (signature.meaning_zh, signature.post_zh, signature.way) == ("本人同意。", "总经理", "password")


def test_paper_is_its_own_kind(deciding: Story) -> None:
    run = enter(deciding)
    assert run.ending == "completed"
    signature = models.Signature.objects.get()
    assert not signature.is_electronic
    assert (signature.person, signature.entered_by) == (deciding.company.gao, deciding.company.zhou)
    scan = records.attachments(deciding.run.subject).get(token=signature.attachment_token)
    assert scan.name == "批准.pdf"
    done = deciding.task("approve", state="done")
    assert done.closed_by == deciding.company.gao


def test_paper_is_entered_by_somebody_who_steers_and_signed_by_whoever_has_the_task(deciding: Story) -> None:
    with pytest.raises(working.NotYours):
        enter(deciding, by="sun")
    with pytest.raises(working.NotYours):
        enter(deciding, signer="chen")
    assert deciding.open_steps() == ["approve"]


def test_the_database_keeps_paper_and_electronic_apart(deciding: Story) -> None:
    enter(deciding)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Signature.objects.update(way="pin")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Signature.objects.update(attachment_token="")


def test_a_proof_of_somebody_else_or_grown_old_does_not_sign(deciding: Story) -> None:
    task, gao = deciding.task("approve"), deciding.company.gao
    now = deciding.tick()
    for given in (proof(deciding.company.chen, now), proof(gao, now - timedelta(minutes=6))):
        with pytest.raises(signing.SignatureMissing):
            working.submit(task=task, by=gao, now=now, expected=task.version, outcome="agree", proof=given)


def test_signed_on_behalf_is_said(deciding: Story) -> None:
    gao, zhao = deciding.company.gao, deciding.company.zhao
    org.Absence.objects.create(person=gao, delegate=zhao, from_at=deciding.now, to_at=deciding.now + timedelta(days=1))
    deciding.submit("zhao", "approve", outcome="agree", signed=True)
    signature = models.Signature.objects.get()
    assert (signature.person, signature.on_behalf_of, signature.post_zh) == (zhao, gao, "销售部经理")


def test_what_is_signed_is_what_was_decided(deciding: Story) -> None:
    deciding.submit("gao", "approve", outcome="revise", condition="补充成本", signed=True)
    signature = models.Signature.objects.get()
    assert (signature.outcome_zh, signature.meaning_zh) == ("退回修改", "本人要求修改。")
    task = models.Task.objects.select_related("run__edition").get(pk=signature.task_id)
    assert signing.digest_of(signing.content_of(task, Text("本人要求修改。", "I ask for changes."))) == signature.digest


def test_sending_back_says_why(deciding: Story) -> None:
    with pytest.raises(working.Incomplete) as refused:
        deciding.submit("gao", "approve", outcome="revise", signed=True)
    assert refused.value.field == "condition"
    deciding.submit("gao", "approve", outcome="revise", condition="补充成本", signed=True)
    again = deciding.task("register")
    assert (again.returned_because, again.returned_by) == ("补充成本", deciding.company.gao)
    [told] = notify.Message.objects.filter(person=deciding.company.lina, kind="task_returned")
    assert "补充成本" in told.words_zh
    assert not notify.Message.objects.filter(person=deciding.company.lina, kind="task_assigned").exists()


def test_nothing_is_signed_on_paper_before_it_could_be(deciding: Story) -> None:
    task = deciding.task("approve")
    early = dataclasses.replace(paper(deciding), signed_at=task.opened_at - timedelta(minutes=2))
    with pytest.raises(signing.SignatureMissing):
        working.submit(
            task=task, by=deciding.company.zhou, now=deciding.tick(), expected=task.version, outcome="agree",
            paper=early,
        )  # fmt: skip


def test_signatures_stay_as_history_when_the_step_is_done_again(deciding: Story) -> None:
    deciding.submit("gao", "approve", outcome="revise", condition="补充成本", signed=True)
    assert deciding.open_steps() == ["register"]
    assert models.Signature.objects.get().task.is_void
