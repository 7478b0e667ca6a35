"""Clauses name documents; whether we hold them follows what is on record; what is no longer so is settled by people."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.customers import people
from yinuo.customers import models as customers
from yinuo.kit import refusals
from yinuo.letters import models as letters
from yinuo.org import models as org
from yinuo.records import models as records
from yinuo.sources import jobs, models
from yinuo.sources.actions import citing, correcting, documents, obsolete
from yinuo.sources.queries import citing as reading
from yinuo.sources.queries import naming

pytestmark = pytest.mark.django_db
TEXT = """供应商质量手册

1 体系
供方应通过 ISO/TS 16949:2009 认证，见附件3。
2 审核
过程审核按 VDA 6.3 第4版执行；抽样按 GB/T 2828.1-2012。
3 顾客
戴姆勒-克莱斯勒的产品按 VDA 6.3 执行。
"""
State = models.Reference.State


@pytest.fixture
def by(company: cast.Company) -> dict[str, Any]:
    return {"by": people.fresh(company.lina), "now": cast.NOW}


@pytest.fixture
def manual(company: cast.Company, by: dict[str, Any]) -> models.Document:
    customer = people.volkswagen(company)["svw"]
    return documents.add(title="供应商质量手册", number="SQM-1", kind="manual", customer=customer, **by)


def edition(
    row: models.Document, by: dict[str, Any], text: str = TEXT, *, label: str = "A/1", is_accepted: bool = True
) -> models.Edition:
    file = SimpleUploadedFile(f"{label}.txt".replace("/", "-"), text.encode())
    made = documents.add_edition(document=row, files=[file], label=label, received_on=cast.NOW.date(), **by)
    jobs.read(made.pk)
    made.refresh_from_db()
    if is_accepted:
        correcting.accept(edition=made, expected=made.draft.version, **by)
        jobs.look_through(made.pk)
    return made


def state(designation: str, said: str = "") -> str:
    return models.Reference.objects.get(designation=designation, edition=said).state


def held(by: dict[str, Any], number: str, title: str, label: str) -> models.Document:
    row = documents.add(title=title, number=number, kind="standard", **by)
    edition(row, by, f"1 {title}\n{title}。", label=label, is_accepted=False)
    return row


def test_accepted_clauses_name_documents(manual: models.Document, by: dict[str, Any]) -> None:
    made = edition(manual, by)
    found = models.Citation.objects.filter(text__edition=made)
    assert {(each.reference.designation, each.printed) for each in found} == {
        ("ISO/TS 16949", "ISO/TS 16949:2009"),
        ("附件3", "附件3"),
        ("VDA 6.3", "VDA 6.3 第4版"),
        ("VDA 6.3", "VDA 6.3"),
        ("GB/T 2828.1", "GB/T 2828.1-2012"),
    }
    assert {each.reference.state for each in found} == {State.MISSING}
    first = found.get(reference__designation="ISO/TS 16949")
    words = citing.spoken(first.text)
    assert words[first.start : first.end] == first.printed


def test_it_follows_what_is_recorded_later(manual: models.Document, by: dict[str, Any]) -> None:
    edition(manual, by)
    assert state("VDA 6.3", "ed. 4") == State.MISSING
    vda = held(by, "VDA 6.3", "过程审核", "第3版")
    assert state("VDA 6.3", "ed. 4") == State.OLDER
    assert state("VDA 6.3") == State.UNDATED
    edition(vda, by, "1 审核\n新版。", label="第4版", is_accepted=False)
    assert state("VDA 6.3", "ed. 4") == State.HELD
    row = models.Reference.objects.get(designation="VDA 6.3", edition="ed. 4")
    assert (row.document, row.held) == (vda, vda.editions.get(label="第4版"))
    documents.change(document=vda, expected=vda.version, number="X-1", title="别的文件", **by)
    assert state("VDA 6.3", "ed. 4") == State.MISSING


def test_looking_through_again_changes_nothing(manual: models.Document, by: dict[str, Any]) -> None:
    made = edition(manual, by)
    before = list(models.Citation.objects.order_by("text", "start").values_list("text", "reference", "printed"))
    finding = models.Obsolete.objects.order_by("pk").first()
    assert finding is not None
    obsolete.settle(row=finding, state="accepted", reason="顾客已口头确认", expected=finding.version, **by)
    jobs.look_through(made.pk)
    assert list(models.Citation.objects.order_by("text", "start").values_list("text", "reference", "printed")) == before
    finding.refresh_from_db()
    assert finding.state == models.Obsolete.State.ACCEPTED


def test_people_link_and_put_aside(manual: models.Document, by: dict[str, Any], company: cast.Company) -> None:
    edition(manual, by)
    other = held(by, "Q-77", "过程审核规程", "第4版")
    row = models.Reference.objects.get(designation="VDA 6.3", edition="ed. 4")
    citing.link(reference=row, document=other, expected=row.version, **by)
    row.refresh_from_db()
    assert (row.state, row.document, row.is_by_hand) == (State.HELD, other, True)
    edition(other, by, "1 审核\n更新。", label="第5版", is_accepted=False)
    row.refresh_from_db()
    assert row.state == State.NEWER  # a link by hand follows the editions of what it leads to
    with pytest.raises(citing.CannotLink):
        citing.put_aside(reference=row, reason=" ", expected=row.version, **by)
    citing.put_aside(reference=row, reason="我们不做该类产品", expected=row.version, **by)
    edition(other, by, "1 审核\n再更新。", label="第6版", is_accepted=False)
    row.refresh_from_db()
    assert row.state == State.NOT_NEEDED
    citing.follow_again(reference=row, expected=row.version, **by)
    row.refresh_from_db()
    assert (row.state, row.document) == (State.MISSING, None)
    words = set(records.Entry.objects.filter(subject_type="sources.reference").values_list("word", flat=True))
    assert words == {"sources.reference.linked", "sources.reference.put_aside", "sources.reference.followed_again"}
    outside = people.fresh(company.people["auditor"])
    with pytest.raises(refusals.NotAllowed):
        citing.put_aside(reference=row, reason="x", expected=row.version, by=outside, now=cast.NOW)


def test_an_annex_is_held_when_the_edition_has_it(manual: models.Document, by: dict[str, Any]) -> None:
    edition(manual, by)
    assert state("附件3") == State.MISSING
    edition(manual, by, TEXT + "附件3 检查表\n逐项检查。\n", label="A/2")
    assert state("附件3") == State.HELD


def test_what_is_no_longer_so_goes_on_through_editions(manual: models.Document, by: dict[str, Any]) -> None:
    edition(manual, by)
    found = {each.entry: each for each in models.Obsolete.objects.all()}
    assert set(found) == {"iso-ts-16949", "daimlerchrysler"}
    row = found["iso-ts-16949"]
    with pytest.raises(obsolete.CannotSettle):
        obsolete.settle(row=row, state="accepted", expected=row.version, **by)
    obsolete.settle(row=row, state="told", expected=row.version, **by)
    edition(manual, by, TEXT.replace("戴姆勒-克莱斯勒的产品", "其它产品"), label="A/2")
    row.refresh_from_db()
    assert row.state == models.Obsolete.State.TOLD
    assert row.text is not None
    assert row.text.edition.label == "A/2"
    gone = models.Obsolete.objects.get(entry="daimlerchrysler")
    assert gone.state == models.Obsolete.State.GONE
    assert [each.entry for each in reading.obsolete_rows(by["by"])] == ["iso-ts-16949"]


def test_names_of_customers_are_looked_at(company: cast.Company, by: dict[str, Any]) -> None:
    customer = people.volkswagen(company)["svw"]
    type(customer).objects.filter(pk=customer.pk).update(name_zh="上海大众汽车")
    jobs.look_for_obsolete()
    row = models.Obsolete.objects.get(customer=customer)
    assert (row.entry, row.printed) == ("shanghai-vw", "上海大众汽车")
    type(customer).objects.filter(pk=customer.pk).update(name_zh="上汽大众")
    jobs.look_for_obsolete()
    row.refresh_from_db()
    assert row.state == models.Obsolete.State.GONE


def test_the_company_adds_what_it_knows(manual: models.Document, by: dict[str, Any]) -> None:
    made = edition(manual, by)
    entry = obsolete.add_entry(
        name="GB/T 2828.1", before="2020", what="replaced", successor="GB/T 2828.1-2030", source="顾客通知", **by
    )
    jobs.look_for_obsolete()
    jobs.look_through(made.pk)
    row = models.Obsolete.objects.get(entry=f"own-{entry.pk}")
    assert row.printed == "GB/T 2828.1-2012"
    obsolete.change_entry(row=entry, expected=entry.version, is_active=False, **by)
    jobs.look_through(made.pk)
    row.refresh_from_db()
    assert row.state == models.Obsolete.State.GONE
    with pytest.raises(obsolete.CannotSettle):
        obsolete.add_entry(name="GB/T 2828.1", source="x", **by)
    with pytest.raises(obsolete.CannotSettle):
        obsolete.add_entry(name="GB 1", source="", **by)


def test_the_customer_is_asked(manual: models.Document, by: dict[str, Any]) -> None:
    edition(manual, by)
    row = models.Obsolete.objects.get(entry="iso-ts-16949")
    thread = obsolete.ask(row=row, title="现行标准是否为 IATF 16949？", expected=row.version, **by)
    assert (thread.customer, thread.subject_type) == (manual.customer, "sources.document")
    assert letters.Thread.objects.count() == 1
    row.refresh_from_db()
    with pytest.raises(obsolete.CannotSettle):
        obsolete.ask(row=row, title="再问", expected=row.version, **by)


def test_the_circle_of_a_document_keeps_what_it_names(
    manual: models.Document, by: dict[str, Any], company: cast.Company
) -> None:
    edition(manual, by)
    scope = org.Scope.objects.create(name_zh="圈")
    scope.grants.create(person=company.lina, granted_at=cast.NOW)
    insider = {"by": people.fresh(company.lina), "now": cast.NOW}
    documents.change(document=manual, expected=manual.version, scope=scope, **insider)
    outside, inside = people.fresh(company.wang), people.fresh(company.lina)
    assert not reading.references(outside).exists()
    assert not reading.obsolete_rows(outside).exists()
    assert reading.references(inside).count() == 5
    assert reading.obsolete_rows(inside).count() == 2


def test_pages_show_and_settle(manual: models.Document, by: dict[str, Any], client: Client) -> None:
    edition(manual, by)
    client.force_login(by["by"])
    listed = client.get("/sources/cited/").content.decode()
    assert "VDA 6.3" in listed
    assert "附件3" not in listed
    assert "附件3" in client.get("/sources/cited/?kind=annex").content.decode()
    row = models.Reference.objects.get(designation="VDA 6.3", edition="")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "<mark>VDA 6.3</mark>" in page
    finding = models.Obsolete.objects.get(entry="iso-ts-16949")
    assert "ISO/TS 16949:2009" in client.get("/sources/obsolete/").content.decode()
    address = f"/sources/obsolete/{finding.pk}/settle/"
    refused = client.post(address, {"version": finding.version, "state": "accepted", "reason": ""})
    assert refused.status_code == 422
    client.post(address, {"version": finding.version, "state": "accepted", "reason": "旧版仍有效"})
    finding.refresh_from_db()
    assert (finding.state, finding.reason) == ("accepted", "旧版仍有效")
    assert "ISO/TS" in client.get(f"/sources/{manual.pk}/cited/").content.decode()
    text = models.ClauseText.objects.get(edition__document=manual, citations__reference__designation="ISO/TS 16949")
    clause = client.get(f"/sources/clauses/{text.pk}/").content.decode()
    assert models.Reference.objects.get(designation="ISO/TS 16949").get_absolute_url() in clause
    assert finding.get_absolute_url() in clause
    prefilled = client.get("/sources/add/?number=VDA+6.3&title=VDA+6.3&kind=standard").content.decode()
    assert 'value="VDA 6.3"' in prefilled


# What an edition names, on its page -----------------------------------------------------------------------------------

NAMING = """供应商质量手册

1 体系
供方应通过 ISO/TS 16949:2009 认证，抽样按 GB/T 2828.1-2012。
2 现场
现场管理执行《现场管理规定》，并符合 GB 7258-2017 第1号修改单。
3 试验
盐雾试验按 GMW14872。
"""


def test_what_only_its_title_names_is_said_to_be_missing_by_nobody(manual: models.Document, by: dict[str, Any]) -> None:
    edition(manual, by, NAMING)
    row = models.Reference.objects.get(designation="现场管理规定")
    assert (row.kind, row.state) == (models.CitedKind.TITLED, State.NAMED)
    edition(manual, by, NAMING.replace("执行《现场", "执行甲方《现场"), label="A/2")
    row.refresh_from_db()
    assert (row.kind, row.state) == (models.CitedKind.CUSTOMER, State.MISSING)  # now the words say whose it is
    assert state("GB 7258", "2017+A1") == State.MISSING


def test_a_cited_document_is_known_until_it_is_on_record(manual: models.Document, by: dict[str, Any]) -> None:
    edition(manual, by, NAMING)
    row = models.Reference.objects.get(designation="GMW14872")
    with pytest.raises(citing.CannotLink):
        citing.know(reference=row, where=" ", expected=row.version, **by)
    citing.know(reference=row, where="实验室标准柜", expected=row.version, **by)
    edition(manual, by, NAMING + "4 包装\n按要求。\n", label="A/2")
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.KNOWN, "实验室标准柜")
    held(by, "GMW14872", "循环腐蚀试验", "2018")
    row.refresh_from_db()
    assert row.state == State.UNDATED
    with pytest.raises(citing.CannotLink):
        citing.know(reference=row, where="实验室标准柜", expected=row.version, **by)


def test_the_customer_is_asked_for_what_its_clauses_name(manual: models.Document, by: dict[str, Any]) -> None:
    edition(manual, by, NAMING)
    row = models.Reference.objects.get(designation="GMW14872")
    other = customers.Customer.objects.get(code="FAW-VW")
    with pytest.raises(citing.CannotLink):
        citing.ask(reference=row, customer=other, title="请提供", expected=row.version, **by)
    assert manual.customer is not None
    thread = citing.ask(reference=row, customer=manual.customer, title="请提供", expected=row.version, **by)
    row.refresh_from_db()
    assert (row.thread, thread.customer) == (thread, manual.customer)
    with pytest.raises(citing.CannotLink):
        citing.ask(reference=row, customer=manual.customer, title="请提供", expected=row.version, **by)


def test_an_edition_shows_how_each_document_stands(manual: models.Document, by: dict[str, Any], client: Client) -> None:
    held(by, "GB/T 2828.1", "抽样", "2012")
    made = edition(manual, by, NAMING)
    found = naming.named_in(by["by"], made)
    assert naming.counted(found) == [("missing", 2), ("withdrawn", 1), ("named", 1), ("held", 1)]
    client.force_login(by["by"])
    shown = client.get(f"/sources/editions/{made.pk}/cited/").content.decode()
    assert "GMW14872" in shown
    assert "IATF 16949" in shown  # the successor of what is withdrawn
    row = models.Reference.objects.get(designation="GMW14872")
    for act in ("know", "ask"):
        assert f"/sources/cited/{row.pk}/{act}/" in shown
    assert f'/sources/editions/{made.pk}/cited/"' in client.get(made.get_absolute_url()).content.decode()


def test_the_panel_of_an_edition_costs_the_same_however_much_it_names(
    manual: models.Document, by: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    many = "\n".join(f"{at} 试验\n按 GMW{14000 + at} 执行。" for at in range(1, 31))
    made = edition(manual, by, f"供应商质量手册\n\n{many}\n")
    with django_assert_max_num_queries(6):
        assert len(naming.named_in(by["by"], made)) == 30
