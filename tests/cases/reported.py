"""What tests of findings start from: a report, a case made of it, who was told, which files came along."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from tests import cast
from tests.cases import story as stories
from yinuo.cases import models
from yinuo.cases.actions import sorting
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.records import queries as records_queries

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
