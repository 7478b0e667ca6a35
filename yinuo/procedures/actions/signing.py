"""Signatures on tasks and editions: proved electronically, or entered from signed paper."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.actions import signing as org_signing
from yinuo.procedures import models
from yinuo.procedures.definition.texts import Text
from yinuo.records import actions as records

FRESH = timedelta(minutes=5)


class SignatureMissing(refusals.Refusal):
    """This needs a signature."""


@dataclass(frozen=True)
class Paper:
    """A signature given on paper: who signed it when, and the scan that somebody else enters."""

    signer: org.Person
    signed_at: datetime
    scan: File
    name: str


def content_of(task: models.Task, meaning: Text) -> dict[str, Any]:
    """What a signature on a task covers: what was submitted, for what, in which edition, and what signing means."""
    return {
        "subject": [task.subject_type, task.subject_id, task.subject_label],
        "edition": task.run.edition.fingerprint,
        "item": task.item,
        "outcome": task.outcome,
        "verdict": task.verdict,
        "condition": task.condition,
        "data": task.data,
        "meaning": [meaning.zh, meaning.en],
    }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 over canonical JSON."""
    text = json.dumps(rows.plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_proof(proof: org_signing.Proof | None, *, by: org.Person, now: datetime) -> org_signing.Proof:
    """The proof of the person who signs, just given; refuses otherwise."""
    if proof is None:
        raise SignatureMissing(_("Please sign with your password or PIN."), field="secret")
    if proof.person_id != by.pk or not timedelta(0) <= now - proof.at <= FRESH:
        raise SignatureMissing(_("Please sign again."), field="secret")
    return proof


def earliest(task: models.Task) -> datetime:
    """From when a task can have been signed: the minute in which it was opened, for paper knows no seconds."""
    return task.opened_at.replace(second=0, microsecond=0)


def sign_task(
    task: models.Task,
    meaning: Text,
    outcome: Text,
    *,
    proof: org_signing.Proof | None,
    paper: Paper | None,
    on_behalf_of: org.Person | None,
    by: org.Person,
    now: datetime,
) -> models.Signature:
    """Put a signature on a task just finished, with what was decided and the post that the signer holds on the day."""
    signer, at = (paper.signer, paper.signed_at) if paper is not None else (by, now)
    if at < earliest(task):
        raise SignatureMissing(_("This was signed before there was anything to sign here."), field="signed_at")
    post = org_queries.post_on(signer, timezone.localtime(at).date())
    signature = models.Signature(
        task=task,
        person=signer,
        on_behalf_of=on_behalf_of,
        signed_at=at,
        outcome_zh=outcome.zh[:200],
        outcome_en=outcome.en[:200],
        meaning_zh=meaning.zh,
        meaning_en=meaning.en,
        post_zh=post.name_zh if post else "",
        post_en=post.name_en if post else "",
        digest=digest_of(content_of(task, meaning)),
    )
    if paper is not None:
        scan = records.attach(
            subject=task.subject, content=paper.scan, name=paper.name, by=by, now=now, kind="procedures.paper_signature"
        )
        signature.way, signature.entered_by, signature.entered_at = models.Signature.Way.PAPER, by, now
        signature.attachment_token = scan.token
    else:
        signature.way = check_proof(proof, by=by, now=now).way
    signature.save(force_insert=True)
    return signature


def sign_edition(
    edition: models.Edition, *, proof: org_signing.Proof | None, by: org.Person, now: datetime
) -> models.Signature:
    """Sign the publication of an edition."""
    given = check_proof(proof, by=by, now=now)
    post = org_queries.post_on(by, timezone.localtime(now).date())
    return models.Signature.objects.create(
        edition=edition,
        person=by,
        signed_at=now,
        meaning_zh="批准发布本版程序",
        meaning_en="I approve this edition for use",
        post_zh=post.name_zh if post else "",
        post_en=post.name_en if post else "",
        way=given.way,
        digest=edition.fingerprint,
    )
