"""An edition of a standard that was loaded by mistake is withdrawn, as long as nothing hangs on it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.customers import people
from yinuo.kit import refusals
from yinuo.records import models as records
from yinuo.search import queries as search
from yinuo.sources import jobs, models
from yinuo.sources.actions import correcting, documents, judging, standards, withdrawing
from yinuo.sources.queries import standards as reading

pytestmark = pytest.mark.django_db
LIST = "{number: VDA 6.3, edition: '%s', dated_on: %s-01-01, clauses: [{number: P1, zh: 潜在供方分析}]}"


@pytest.fixture
def by(company: cast.Company) -> dict[str, Any]:
    return {"by": people.fresh(company.zhou), "now": cast.NOW}


def load(by: dict[str, Any], edition: str = "2023") -> models.Edition:
    content = (LIST % (edition, edition)).encode()
    kept = standards.receive(content=content, name="vda.yaml", said={}, why={"": ""}, **by)
    return standards.confirm(loading=kept, expected=kept.version, **by)


def clause(company: cast.Company) -> models.ClauseText:
    """An accepted clause of a customer."""
    by: dict[str, Any] = {"by": people.fresh(company.lina), "now": cast.NOW}
    customer = people.volkswagen(company)["svw"]
    row = documents.add(title="供应商质量手册", number="SQM-1", kind="manual", customer=customer, **by)
    file = SimpleUploadedFile("a.txt", "1 审核\n过程审核按 VDA 6.3:2023 执行。".encode())
    made = documents.add_edition(document=row, files=[file], label="A/1", received_on=cast.NOW.date(), **by)
    jobs.read(made.pk)
    made.refresh_from_db()
    correcting.accept(edition=made, expected=made.draft.version, **by)
    jobs.look_through(made.pk)
    return models.ClauseText.objects.get(edition=made, text__contains="VDA")


def test_what_was_loaded_by_mistake_counts_no_more_and_is_loaded_anew(
    by: dict[str, Any], company: cast.Company
) -> None:
    clause(company)
    wrong = load(by)
    cited = models.Reference.objects.get(designation="VDA 6.3")
    assert cited.state == "held"
    with pytest.raises(withdrawing.CannotWithdraw):
        withdrawing.withdraw(edition=wrong, reason=" ", expected=wrong.version, **by)
    withdrawing.withdraw(edition=wrong, reason="清单有误", expected=wrong.version, **by)
    assert reading.overview(by["by"])[0][0].document.current is None
    cited.refresh_from_db()
    assert cited.state == "missing"
    assert not any(hit.type == "sources.clause" for hit in search.find(by["by"], "潜在供方分析"))
    told = records.Entry.objects.get(word="sources.edition.withdrawn")
    assert told.reason == "清单有误"
    again = load(by)
    assert again.pk != wrong.pk
    assert again.document_id == wrong.document_id
    cited.refresh_from_db()
    assert (cited.state, cited.held) == ("held", again)
    with pytest.raises(withdrawing.CannotWithdraw):
        withdrawing.put_back(edition=wrong, standing="in_force", expected=wrong.version, **by)


def test_a_withdrawal_is_taken_back(by: dict[str, Any]) -> None:
    row = load(by)
    withdrawing.withdraw(edition=row, reason="清单有误", expected=row.version, **by)
    withdrawing.put_back(edition=row, standing="in_force", expected=row.version, **by)
    document = models.Document.objects.get(pk=row.document_id)
    assert (document.current, row.withdrawn_at) == (row, None)


def test_what_hangs_on_it_is_named(by: dict[str, Any], company: cast.Company) -> None:
    text, row = clause(company), load(by)
    mapping = judging.add_mapping(text=text, target=row.texts.get(), by=people.fresh(company.lina), now=cast.NOW)
    with pytest.raises(withdrawing.CannotWithdraw, match="供应商质量手册"):
        withdrawing.withdraw(edition=row, reason="清单有误", expected=row.version, **by)
    judging.place(
        mapping=mapping, state="rejected", by=people.fresh(company.lina), now=cast.NOW, expected=mapping.version
    )
    withdrawing.withdraw(edition=row, reason="清单有误", expected=row.version, **by)


def test_an_edition_that_is_being_introduced_is_withdrawn_with_its_rebaselining(by: dict[str, Any]) -> None:
    old, new = load(by, "2016"), load(by, "2023")
    with pytest.raises(withdrawing.CannotWithdraw, match="2023"):
        withdrawing.withdraw(edition=old, reason="清单有误", expected=old.version, **by)
    withdrawing.withdraw(edition=new, reason="清单有误", expected=new.version, **by)
    assert reading.open_baseline(old.document) is None
    assert models.Document.objects.get(pk=old.document_id).current == old
    assert load(by, "2023").baseline.before == old


def test_only_who_loads_standards_withdraws_them(by: dict[str, Any], company: cast.Company, client: Client) -> None:
    row = load(by)
    other = people.fresh(company.wang)
    with pytest.raises(refusals.NotAllowed):
        withdrawing.withdraw(edition=row, reason="清单有误", by=other, now=cast.NOW, expected=row.version)
    url = f"/sources/standards/editions/{row.pk}/withdraw/"
    client.force_login(other)
    assert client.get(url).status_code == 403
    client.force_login(by["by"])
    assert url in client.get(f"/sources/standards/{row.document_id}/").content.decode()
    sent = client.post(url, {"version": row.version, "reason": "清单有误"})
    assert sent.status_code == 302
    assert "VDA 6.3" not in client.get("/sources/standards/").content.decode().split("随产品")[0]
