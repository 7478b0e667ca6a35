"""What a mail becomes in the room of cases: a case that counts from when it reached us; its answer comes there too."""

from datetime import datetime, timedelta

from tests import cast
from tests.cases import story as stories
from tests.letters.reading import mails as written
from yinuo.cases import models
from yinuo.cases.actions import sorting
from yinuo.customers import models as customers
from yinuo.customers.actions import contacts
from yinuo.kit import actors
from yinuo.letters.intake import receiving
from yinuo.notify import models as notify
from yinuo.records import queries as records

WRITTEN = datetime.fromisoformat("2026-11-20T16:20:11+08:00")
NOW = WRITTEN + timedelta(hours=1)


def took(text: str, **lines: str) -> models.Finding:
    content = written.mail(text, **lines).as_bytes()
    mail, _is_new = receiving.receive(content, by=actors.PROGRAM, now=NOW)
    return models.Finding.objects.get(pk=mail.led_to_id)


def test_a_case_counts_from_when_the_mail_reached_us_and_its_answer_comes_there(
    working: cast.Company, svw: customers.Customer
) -> None:
    by = stories.fresh(working.lina)
    contacts.add(customer=svw, name="张三", email="zhang@vw.example", by=by, now=cast.NOW)
    finding = took("请将盐雾试验提高到 720 h。")
    case = sorting.make_case_at_once(finding=finding, by=by, now=NOW, expected=finding.version)
    assert case.notified_at == WRITTEN
    assert case.customer == svw
    answer = took(
        "还请附上报告。", In_Reply_To="<1@vw.example>", Message_ID="<2@vw.example>", Subject="Re: 盐雾试验要求"
    )
    assert (answer.state, answer.case) == ("joined", case)
    assert len([each for each in records.attachments(case) if each.name.endswith(".eml")]) == 2
    told = notify.Message.objects.filter(kind="finding_joined").values_list("person", flat=True)
    assert list(told) == ([case.owner_id] if case.owner_id else [])


def test_a_strangers_answer_does_not_join_the_case(working: cast.Company, svw: customers.Customer) -> None:
    by = stories.fresh(working.lina)
    contacts.add(customer=svw, name="张三", email="zhang@vw.example", by=by, now=cast.NOW)
    finding = took("请将盐雾试验提高到 720 h。")
    sorting.make_case_at_once(finding=finding, by=by, now=NOW, expected=finding.version)
    answer = took("我也要。", From="x@elsewhere.example", In_Reply_To="<1@vw.example>", Message_ID="<3@x.example>")
    assert answer.is_waiting
