"""A document comes in, is read by a process of its own, corrected, accepted, found."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.customers import people
from tests.sources.word import shelf
from yinuo.kit import models as kit
from yinuo.kit import plugs, refusals
from yinuo.records import actions as records_actions
from yinuo.records import models as records
from yinuo.search import queries as search
from yinuo.sources import jobs, models, queries
from yinuo.sources.actions import correcting, documents

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
GOLD = Path(__file__).parent / "pdf" / "gold"
TEXT = """Q/QH 供应商质量手册

1 总则
本手册适用于全部供方。
1.1 记录
质量记录保存15年。
1.2 过程能力
Cpk不低于1.67。
2 变更
变更应提前六个月通知顾客。
"""


@pytest.fixture
def by(company: cast.Company) -> dict[str, Any]:
    return {"by": people.fresh(company.lina), "now": cast.NOW}


@pytest.fixture
def manual(company: cast.Company, by: dict[str, Any]) -> models.Document:
    customer = people.volkswagen(company)["svw"]
    return documents.add(title="供应商质量手册", number="SQM-1", kind="manual", customer=customer, **by)


def file(content: bytes | str = TEXT, name: str = "manual.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def edition(manual: models.Document, by: dict[str, Any], *files: Any, label: str = "A/1") -> models.Edition:
    made = documents.add_edition(document=manual, files=files or [file()], label=label, received_on=DAY, **by)
    jobs.read(made.pk)
    made.refresh_from_db()
    return made


def test_a_text_becomes_clauses_to_be_checked(manual: models.Document, by: dict[str, Any]) -> None:
    made = edition(manual, by)
    assert made.clauses == models.Edition.Clauses.DRAFT
    tree = queries.tree_of(made.draft)
    assert [each.number for each in tree.nodes] == ["1", "1.1", "1.2", "2"]
    assert [tree.depth(each.key) for each in tree.nodes] == [0, 1, 1, 0]
    assert manual.current == made


def test_accepted_clauses_are_frozen_and_found(
    manual: models.Document, by: dict[str, Any], company: cast.Company
) -> None:
    made = edition(manual, by, file(shelf.FILES["headings"]().content(), "headings.docx"))
    documents_before = models.ClauseText.objects.count()
    correcting.accept(edition=made, expected=made.draft.version, **by)
    assert (documents_before, models.ClauseText.objects.count()) == (0, 15)
    first = models.ClauseText.objects.get(edition=made, place=0)
    assert (first.number, first.clause.document_id, first.parent) == ("1", manual.pk, None)
    assert models.ClauseText.objects.get(edition=made, number="1.2.2.2").parent.number == "1.2.2"  # type: ignore[union-attr]
    found = search.find(people.fresh(company.wang), "customer requirement")
    assert any(hit.kind == "sources.clause" for hit in found)
    with pytest.raises(refusals.Refusal):
        correcting.correct(edition=made, act="merge", arguments={"key": "0.1"}, seen={}, **by)


def test_a_correction_is_told_and_undone(manual: models.Document, by: dict[str, Any]) -> None:
    made = edition(manual, by)
    tree = queries.tree_of(made.draft)
    before = [(each.number, each.text) for each in tree.nodes]
    key = tree.nodes[2].key
    correcting.correct(edition=made, act="merge", arguments={"key": key}, seen={key: tree.nodes[2].print}, **by)
    made.draft.refresh_from_db()
    assert len(queries.tree_of(made.draft).nodes) == len(before) - 1
    told = records.Entry.objects.filter(word="sources.clause.corrected").latest("pk")
    assert told.note["clause"].startswith("1.2")
    correcting.undo(edition=made, expected=made.draft.version, **by)
    made.draft.refresh_from_db()
    assert [(each.number, each.text) for each in queries.tree_of(made.draft).nodes] == before


def test_two_people_at_one_clause(manual: models.Document, by: dict[str, Any], company: cast.Company) -> None:
    made = edition(manual, by)
    node = queries.tree_of(made.draft).nodes[1]
    arguments = {"key": node.key, "number": "1.1a", "title": node.title}
    other = {"by": people.fresh(company.sun), "now": cast.NOW}
    correcting.correct(edition=made, act="head", arguments=arguments, seen={node.key: node.print}, **other)
    with pytest.raises(correcting.CannotCorrect, match="孙丽"):
        correcting.correct(
            edition=made, act="leave_out", arguments={"key": node.key}, seen={node.key: node.print}, **by
        )
    another = queries.tree_of(made.draft).nodes[2]  # somebody else's correction elsewhere is in nobody's way
    correcting.correct(
        edition=made, act="leave_out", arguments={"key": another.key}, seen={another.key: another.print}, **by
    )


def test_a_file_that_cannot_be_read_is_kept_with_the_reason(manual: models.Document, by: dict[str, Any]) -> None:
    made = edition(manual, by, file(b"PK\x03\x04 cut off", "manual.docx"))
    assert made.clauses == models.Edition.Clauses.FAILED
    kept = made.files.get()
    assert (kept.state, kept.remarks[0][0]) == ("failed", "truncated")
    assert kept.attachment.name == "manual.docx"


def test_the_same_files_twice_are_one_edition(manual: models.Document, by: dict[str, Any]) -> None:
    edition(manual, by)
    with pytest.raises(documents.CannotKeep, match="A/1"):
        documents.add_edition(document=manual, files=[file()], label="A/2", received_on=DAY, **by)
    assert manual.editions.count() == 1


def test_the_newest_edition_in_force_holds(manual: models.Document, by: dict[str, Any]) -> None:
    old = edition(manual, by)
    new = documents.add_edition(document=manual, files=[file(TEXT + "3 新")], label="A/2", received_on=DAY, **by)
    old.refresh_from_db()
    assert (old.standing, new.follows, manual.current) == ("superseded", old, new)


def test_another_day_of_receipt_needs_a_reason(manual: models.Document, by: dict[str, Any]) -> None:
    made = edition(manual, by)
    with pytest.raises(documents.CannotKeep) as refused:
        documents.change_edition(edition=made, expected=made.version, received_on=date(2026, 2, 1), **by)
    assert refused.value.field == "reason"


def test_a_secret_customer_s_document_is_secret(company: cast.Company, by: dict[str, Any]) -> None:
    secret = people.customer(company, "XEV", "保密车企", scope=people.scope_of(company.lina))
    by = {**by, "by": people.fresh(company.lina)}
    row = documents.add(title="保密手册", kind="manual", customer=secret, **by)
    made = edition(row, by)
    assert made.scope == secret.scope
    assert not queries.documents(people.fresh(company.wang)).exists()
    assert queries.editions(people.fresh(company.lina)).exists()


def test_a_reading_that_was_given_up_can_be_begun_anew(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    made = documents.add_edition(document=manual, files=[file()], label="A/1", received_on=DAY, **by)
    client, where = signed_in("lina"), made.get_absolute_url()
    assert "hx-trigger" in client.get(where).content.decode()
    kit.Job.objects.filter(name="sources.read").update(state=kit.Job.State.FAILED)
    page = client.get(where).content.decode()
    assert "read-again" in page
    assert 'hx-trigger="load delay' not in page
    client.post(f"{where}read-again/")
    assert kit.Job.objects.filter(name="sources.read", state=kit.Job.State.WAITING).count() == 1
    jobs.read(made.pk)
    made.refresh_from_db()
    assert made.clauses == models.Edition.Clauses.DRAFT


def test_what_was_read_goes_with_the_bytes(
    manual: models.Document, by: dict[str, Any], company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    gold = (GOLD / "libreoffice_en.pdf").read_bytes()
    made = edition(manual, by, SimpleUploadedFile("manual.pdf", gold))
    kept = made.files.get().attachment
    assert signed_in("lina").get(f"/sources/editions/{made.pk}/pages/0/1/").status_code == 200
    assert any(kept.blob.pages_folder.iterdir())
    records.Attachment.objects.filter(pk=kept.pk).update(purged_at=cast.NOW)
    records_actions._remove_bytes(kept.blob, cast.NOW)
    plugs.announce("records.voided", attachment_id=kept.pk, subject=kept.subject, by=by["by"], now=cast.NOW)
    assert not kept.blob.pages_folder.exists()
    assert not models.Blocks.objects.filter(file__edition=made).exists()
    assert signed_in("lina").get(f"/sources/editions/{made.pk}/check/").status_code == 200
    correcting.accept(edition=made, expected=made.draft.version, **by)


# Editions -------------------------------------------------------------------------------------------------------------

NEXT = TEXT.replace("15年", "20年").replace("2 变更", "2 包装\n包装应防锈。\n3 变更")


def test_a_clause_stays_the_same_through_editions(manual: models.Document, by: dict[str, Any]) -> None:
    old = edition(manual, by)
    correcting.accept(edition=old, expected=old.draft.version, **by)
    new = edition(manual, by, file(NEXT), label="A/2")
    correcting.accept(edition=new, expected=new.draft.version, **by)
    was = {each.text: each.clause_id for each in old.texts.all()}
    now = {each.number: each for each in new.texts.all()}
    assert now["1"].clause_id == was["本手册适用于全部供方。"]
    assert now["1.1"].clause_id == was["质量记录保存15年。"]
    assert now["3"].clause_id == was["变更应提前六个月通知顾客。"]
    assert now["2"].clause_id not in was.values()
    told = {each.new.number if each.new else "": (each.kind, each.values) for each in new.lineage.all()}
    assert told["1.1"] == ("reworded", [["15年", "20年"]])
    assert (told["3"][0], told["2"][0], told["1.2"][0]) == ("renumbered", "new", "same")
    noted = records.Entry.objects.filter(word="sources.edition.accepted").latest("pk").note
    assert (noted["reworded"], noted["new"], noted["same"]) == (1, 1, 2)


def test_the_page_shows_changed_values_first(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    edition(manual, by)
    new = edition(manual, by, file(NEXT), label="A/2")
    page = signed_in("wang").get(f"/sources/editions/{new.pk}/compare/")
    assert [each.match.kind for each in page.context["shown"]] == ["reworded", "new", "renumbered"]
    assert "<del>15年</del> → <ins>20年</ins>" in page.content.decode()


# Pages ----------------------------------------------------------------------------------------------------------------


def test_a_document_is_recorded_with_its_first_edition(
    company: cast.Company, signed_in: Callable[[str], Client], django_capture_on_commit_callbacks: Any
) -> None:
    customer = people.volkswagen(company)["svw"]
    client = signed_in("lina")
    once = client.get("/sources/add/").context["form"]["once"].value()
    answer = client.post(
        "/sources/add/",
        {
            "once": once, "kind": "manual", "customer": customer.pk, "title": "供应商质量手册", "label": "2026",
            "received_on": "2026-03-02", "way": "portal", "standing": "in_force", "language": "zh", "files": file(),
        },
    )  # fmt: skip
    made = models.Edition.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert "hx-trigger" in client.get(made.get_absolute_url()).content.decode()
    jobs.read(made.pk)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Cpk不低于1.67" in page
    assert "供应商质量手册" in client.get("/sources/").content.decode()
    assert "供应商质量手册" in client.get(f"/sources/customer/{customer.pk}/").content.decode()


def test_a_form_with_a_fault_names_the_field(company: cast.Company, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("lina")
    once = client.get("/sources/add/").context["form"]["once"].value()
    answer = client.post("/sources/add/", {"once": once, "kind": "manual", "title": "手册", "label": "1"})
    assert {"received_on", "files"} <= set(answer.context["form"].errors)


def test_all_clauses_that_hold_are_a_list(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    old = edition(manual, by)
    correcting.accept(edition=old, expected=old.draft.version, **by)
    page = signed_in("wang").get("/sources/clauses/?number=1.")
    assert [row.number for row, _cells in page.context["page"].rows] == ["1.1", "1.2"]
    edition(manual, by, file(NEXT), label="A/2")
    assert signed_in("wang").get("/sources/clauses/").context["page"].rows == []


def test_several_files_are_read_one_after_the_other(manual: models.Document, by: dict[str, Any]) -> None:
    files = [file(), file(b"PK\x03\x04 cut off", "annex.docx"), file(NEXT, "more.txt")]
    made = documents.add_edition(document=manual, files=files, label="A/3", received_on=DAY, **by)
    for left in (2, 1, 0):
        jobs.read(made.pk)
        assert made.files.filter(state="waiting").count() == left
    made.refresh_from_db()
    assert made.clauses == models.Edition.Clauses.DRAFT
    tree = queries.tree_of(made.draft)
    assert [(each.file, each.number) for each in tree.nodes][3:6] == [(0, "2"), (2, "1"), (2, "1.1")]
