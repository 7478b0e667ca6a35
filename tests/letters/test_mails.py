"""Mails taken in: whose, since when, what becomes of each; the same one once; answers in their talk."""

from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.customers import people
from tests.letters.reading import mails as written
from tests.letters.reading import test_forwarded
from yinuo.cases import models as cases
from yinuo.customers.actions import companies, contacts, portals
from yinuo.kit import actors, refusals
from yinuo.letters import models, queries
from yinuo.letters.actions import mails, threads
from yinuo.letters.intake import receiving, sentences
from yinuo.letters.readers import headers
from yinuo.notify import models as notify
from yinuo.records import queries as records

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-21T09:30:00+08:00")
WRITTEN = datetime.fromisoformat("2026-11-20T16:20:11+08:00")
KEY = "a-key-that-is-used-once-only"


@pytest.fixture
def tree(company: cast.Company) -> dict[str, Any]:
    found = people.volkswagen(company)
    contacts.add(
        customer=found["svw"], name="张三", email="zhang@vw.example", by=people.fresh(company.lina), now=cast.NOW
    )
    portals.add(
        customer=found["faw"], name="SRM", url="https://srm.faw.example/login", keeper=company.lina,
        by=people.fresh(company.lina), now=cast.NOW,
    )  # fmt: skip
    return found


def take(it: "EmailMessage | bytes", by: Any = actors.PROGRAM, **facts: Any) -> models.Mail:
    content = it if isinstance(it, bytes) else it.as_bytes()
    return receiving.receive(content, by=by, now=NOW, **facts)[0]


def finding_of(mail: models.Mail) -> cases.Finding:
    return cases.Finding.objects.get(pk=mail.led_to_id)


def test_a_customers_mail_waits_to_be_sorted_with_its_original_and_files(company: cast.Company, tree: Any) -> None:
    it = written.mail()
    it.add_attachment(b"%PDF-1", "application", "pdf", filename="图纸.pdf")
    mail = take(it)
    finding = finding_of(mail)
    assert mail.outcome == "sorting"
    assert (finding.customer, finding.channel, finding.source) == (tree["svw"], "mail", "mail")
    assert finding.title == "盐雾试验要求"
    assert "720 h" in finding.rest
    assert finding.said_by == written.SENDER
    assert finding.said_at == finding.reported_at == WRITTEN
    files = {each.name: each.blob.path.read_bytes() for each in records.attachments(finding)}
    assert files["图纸.pdf"] == b"%PDF-1"
    assert files["盐雾试验要求.eml"] == it.as_bytes()
    assert [each.blob.path.read_bytes() for each in queries.originals_of(mail)] == [it.as_bytes()]
    told = notify.Message.objects.filter(kind="finding_reported").values_list("person__sign_in", flat=True)
    assert set(told) == {"lina", "zhao"}


def test_we_were_notified_when_our_first_server_had_it_and_never_later_than_now(tree: Any) -> None:
    hops = (
        "Received: from x by mail.qinghe.example; Fri, 20 Nov 2026 18:00:00 +0800\n"
        "Received: from y by mx.qinghe.example; Fri, 20 Nov 2026 17:00:00 +0800\n"
        "Received: from z by out.vw.example; Fri, 20 Nov 2026 16:20:00 +0800\n"
    )
    mail = take(hops.encode() + written.mail().as_bytes())
    assert mail.notified_at == datetime.fromisoformat("2026-11-20T17:00:00+08:00")
    ahead = written.mail(Date="Fri, 20 Nov 2099 16:20:11 +0800", Message_ID="<2@vw.example>")
    mail = take(ahead)
    assert mail.notified_at == mail.said_at == NOW


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("ZHANG@vw.example", "svw"),
        ("somebody.else@vw.example", "svw"),
        ("noreply@srm.faw.example", "faw"),
        ("li@faw.example", "faw"),
        ("stranger@elsewhere.example", None),
        ("zhang@notvw.example", None),
        ("", None),
    ],
)
def test_whose_address_it_is(tree: Any, address: str, who: str | None) -> None:
    assert queries.customer_of(address) == (tree[who] if who else None)


def test_a_domain_of_two_customers_is_their_groups_or_nobodys(company: cast.Company, tree: Any) -> None:
    by = people.fresh(company.lina)
    contacts.add(customer=tree["faw"], name="李四", email="li@vw.example", by=by, now=cast.NOW)
    assert queries.customer_of("x@vw.example") is None
    contacts.add(customer=tree["group"], name="王五", email="wang@vw.example", by=by, now=cast.NOW)
    assert queries.customer_of("x@vw.example") == tree["group"]
    contacts.add(customer=tree["svw"], name="赵六", email="zhao@qq.com", by=by, now=cast.NOW)
    assert queries.customer_of("other@qq.com") is None
    assert queries.customer_of("zhao@qq.com") == tree["svw"]


def test_a_portals_notice_waits_to_be_sorted_though_a_machine_wrote_it(tree: Any) -> None:
    mail = take(written.mail(From="noreply@srm.faw.example", Auto_Submitted="auto-replied", Subject="新规范发布"))
    assert (mail.kind, mail.outcome, mail.customer) == ("notice", "sorting", tree["faw"])


def test_strangers_wait_to_be_sorted_marked_as_such(company: cast.Company, tree: Any, signed_in: Any) -> None:
    mail = take(written.mail(From="x@elsewhere.example"))
    assert mail.is_unknown
    assert finding_of(mail).customer is None
    page = signed_in("lina").get(reverse("cases:sorting")).content.decode()
    assert "未知发件人" in page
    assert "未知发件人" in signed_in("lina").get(mail.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "lines",
    [
        {"From": "MAILER-DAEMON@vw.example", "Subject": "Undelivered Mail Returned to Sender"},
        {"Subject": "自动回复: 盐雾"},
        {"From": "yinuo@localhost"},
    ],
)
def test_a_machines_word_is_kept_and_troubles_nobody_until_somebody_says_so(
    company: cast.Company, tree: Any, lines: dict[str, str]
) -> None:
    mail = take(written.mail(**lines))
    assert (mail.outcome, mail.led_to_id) == ("kept", None)
    assert not cases.Finding.objects.exists()
    mails.hand_on(mail=mail, by=people.fresh(company.lina), now=NOW)
    mail.refresh_from_db()
    assert finding_of(mail).is_waiting
    with pytest.raises(mails.CannotTakeIn):
        mails.hand_on(mail=mail, by=people.fresh(company.lina), now=NOW)


def test_what_our_own_people_pass_on_is_its_writers(company: cast.Company, tree: Any) -> None:
    it = written.mail(
        test_forwarded.BLOCKS["Outlook zh"], From="李娜 <lina@qinghe.example>", Subject="转发: 盐雾试验要求",
        Date="Sat, 21 Nov 2026 09:00:00 +0800",
    )  # fmt: skip
    mail = take(it)
    assert (mail.sender, mail.customer, mail.heading) == (written.SENDER, tree["svw"], "盐雾试验要求")
    assert mail.said_at == mail.notified_at == datetime.fromisoformat("2026-11-20T16:20:00+08:00")
    assert mail.passed_on_by == "李娜 <lina@qinghe.example>"
    assert mail.passed_on_at == datetime.fromisoformat("2026-11-21T09:00:00+08:00")
    assert mail.own_text == "请处理\n\n请提高到 720 h"
    stranger = written.mail(test_forwarded.BLOCKS["Outlook zh"], From="x@elsewhere.example", Subject="FW: 盐雾")
    assert take(stranger).customer is None  # whoever is not ours may say what they like in a block


def test_the_same_mail_is_taken_in_once(tree: Any) -> None:
    first = take(written.mail())
    again = take(b"Received: from a by another.example; Fri, 20 Nov 2026 17:00:00 +0800\n" + written.mail().as_bytes())
    other = take(written.mail("其他内容"))
    assert first == again != other
    assert cases.Finding.objects.count() == 2


def test_an_answer_joins_its_talk(company: cast.Company, tree: Any) -> None:
    thread = threads.open_thread(
        subject=tree["svw"], customer=tree["svw"], title="划格", purpose="clarification", by=company.wang, now=cast.NOW
    )
    it = written.mail("可以。\n\n> 请确认", Subject=f"Re: 划格 {queries.token_of(thread)}")
    it.add_attachment(b"%PDF-1", "application", "pdf", filename="图纸.pdf")
    mail = take(it)
    (letter,) = thread.letters.all()
    assert (mail.outcome, mail.letter, letter.text, letter.entered_by) == ("talk", letter, "可以。", None)
    assert {each.name for each in queries.files_of([letter])[letter.pk]} == {
        "图纸.pdf",
        f"{headers.file_name(it['Subject'])}.eml",
    }
    further = take(
        written.mail("还有。", Subject="Re: 划格", In_Reply_To="<1@vw.example>", Message_ID="<2@vw.example>")
    )
    assert further.letter is not None
    assert further.letter.thread == thread
    assert not cases.Finding.objects.exists()


def test_a_guessed_token_or_a_strangers_answer_joins_nothing(company: cast.Company, tree: Any) -> None:
    thread = threads.open_thread(
        subject=tree["svw"], customer=tree["svw"], title="划格", purpose="clarification", by=company.wang, now=cast.NOW
    )
    take(written.mail(Subject=f"Re: [YN-{thread.pk}-00000000]"))
    take(
        written.mail(From="x@elsewhere.example", Subject=f"Re: {queries.token_of(thread)}", Message_ID="<3@x.example>")
    )
    assert not thread.letters.exists()
    assert cases.Finding.objects.count() == 2


def test_what_was_wrong_is_said_in_sentences(tree: Any) -> None:
    mail = take(b"From: zhang@vw.example\nContent-Type: text/plain; charset=x-nobody\n\nwords")
    said = sentences.sentences(mail.remarks)
    assert any("x-nobody" in sentence for sentence in said)
    for fault in sentences.SENTENCES:
        assert sentences.sentences([{"fault": fault.value, "about": ""}])


def test_a_confidential_customers_mail_is_seen_by_its_circle_alone(
    company: cast.Company, tree: Any, signed_in: Any
) -> None:
    circle = people.scope_of(company.lina, company.zhao)
    open_before = take(written.mail("早先的要求", Message_ID="<2@vw.example>"))
    svw = people.fresh(tree["svw"])
    companies.change(customer=svw, scope=circle, by=people.fresh(company.lina), now=NOW, expected=svw.version)
    mail = take(written.mail())
    assert finding_of(mail).scope == mail.scope == people.fresh(open_before).scope == circle
    assert signed_in("lina").get(mail.get_absolute_url()).status_code == 200
    assert signed_in("wang").get(mail.get_absolute_url()).status_code == 404


# By hand --------------------------------------------------------------------------------------------------------------


def upload(client: Client, *files: tuple[str, bytes], key: str = KEY) -> Any:
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/letters/mails/add/", {"once": key, "files": given}, follow=True)


def test_saved_mails_are_added_by_hand_several_at_once(company: cast.Company, tree: Any, signed_in: Any) -> None:
    client = signed_in("lina")
    page = upload(client, ("一.eml", written.mail().as_bytes()), ("照片.jpg", b"\xff\xd8 no mail"))
    assert "照片.jpg" in page.content.decode()
    (finding,) = cases.Finding.objects.all()
    assert finding.reported_by == company.lina
    assert finding.customer == tree["svw"]
    page = upload(client, ("again.eml", written.mail().as_bytes()), key=KEY + "2")
    assert "已有记录" in page.content.decode()
    assert cases.Finding.objects.count() == 1


def test_what_is_no_mail_is_refused_with_the_way_out(tree: Any, signed_in: Any) -> None:
    page = upload(signed_in("lina"), ("照片.jpg", b"\xff\xd8 no mail"))
    assert page.status_code == 422
    assert ".msg" in page.content.decode()
    assert not models.Mail.objects.exists()


def test_who_may_not_write_brings_no_mail(company: cast.Company, tree: Any) -> None:
    with pytest.raises(refusals.NotAllowed):
        take(written.mail(), by=company.auditor)
