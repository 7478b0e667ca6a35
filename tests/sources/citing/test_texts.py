"""What requests, their items, changes and notes on customers say that is no longer so: found where it is, settled."""

from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.cases import story as stories
from tests.cases.conftest import working as _working
from yinuo.cases import models as cases
from yinuo.customers import models as customers
from yinuo.customers.actions import companies
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.sources import jobs, models
from yinuo.sources.actions import obsolete, texts
from yinuo.sources.queries import citing as reading

pytestmark = pytest.mark.django_db
State = models.Obsolete.State
working = _working
ITEM = "供方须通过 ISO/TS 16949:2009 认证，并按 CQI-9 第3版自评。"


@pytest.fixture
def by(working: cast.Company) -> dict[str, Any]:
    return {"by": stories.fresh(working.lina), "now": cast.NOW}


@pytest.fixture
def case(working: cast.Company) -> cases.Case:
    of = stories.customer(working)
    return stories.open_case(working, of, title="体系认证要求", items=stories.items(ITEM, "盐雾试验 720 h。"))


def look() -> None:
    for kind in ("cases.case", "cases.item", "changes.change", "changes.term", "customers.customer"):
        jobs.look_at_texts(kind)


def found(**wanted: Any) -> list[str]:
    return sorted(models.Obsolete.objects.filter(**wanted).values_list("printed", flat=True))


def test_items_of_requests_are_looked_through(case: cases.Case) -> None:
    look()
    assert found(of_type="cases.item") == ["CQI-9 第3版", "ISO/TS 16949:2009"]
    row = models.Obsolete.objects.get(of_type="cases.item", printed="CQI-9 第3版")
    item = case.items.get(position=1)
    assert (row.of_id, row.of_url, row.customer) == (item.pk, item.get_absolute_url(), case.customer)
    assert row.of_words == ITEM


def test_what_was_looked_through_is_not_read_again_until_it_changes(
    case: cases.Case, django_assert_max_num_queries: Any
) -> None:
    look()
    item = case.items.get(position=1)
    with django_assert_max_num_queries(4):
        assert texts.look_through(type="cases.item", by=actors.PROGRAM, now=cast.NOW) == 0
    cases.Item.objects.filter(pk=item.pk).update(text="供方须通过 IATF 16949 认证。", version=item.version + 1)
    assert texts.look_through(type="cases.item", by=actors.PROGRAM, now=cast.NOW) == 1
    assert found(of_type="cases.item", state=State.OPEN) == []
    assert len(found(of_type="cases.item", state=State.GONE)) == 2


def test_of_what_is_over_nothing_is_open(case: cases.Case, by: dict[str, Any]) -> None:
    look()
    first, second = models.Obsolete.objects.filter(of_type="cases.item").order_by("pk")
    obsolete.settle(row=first, state=State.DONE, expected=first.version, **by)
    cases.Case.objects.filter(pk=case.pk).update(ended_at=cast.NOW)
    look()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.DONE, State.GONE)


def test_notes_on_customers_are_looked_through(case: cases.Case, by: dict[str, Any]) -> None:
    companies.change(customer=case.customer, expected=case.customer.version, note="执行 QS-9000 附加要求", **by)
    look()
    assert found(of_type="customers.customer") == ["QS-9000"]
    jobs.obsolete.note_customers(**by)  # looks at names, and leaves notes alone
    assert found(of_type="customers.customer", state=State.OPEN) == ["QS-9000"]


def test_it_is_settled_with_a_reason(case: cases.Case, by: dict[str, Any]) -> None:
    look()
    row = models.Obsolete.objects.get(of_type="cases.item", printed="CQI-9 第3版")
    for state in (State.NOT_MEANT, State.ACCEPTED):
        with pytest.raises(obsolete.CannotSettle):
            obsolete.settle(row=row, state=state, reason=" ", expected=row.version, **by)
    with pytest.raises(obsolete.CannotSettle):
        obsolete.settle(row=row, state=State.GONE, expected=row.version, **by)
    obsolete.settle(row=row, state=State.NOT_MEANT, reason="仅为历史说明", expected=row.version, **by)
    assert row.state == State.NOT_MEANT


def test_the_customer_is_asked_about_the_request(case: cases.Case, by: dict[str, Any]) -> None:
    look()
    row = models.Obsolete.objects.get(of_type="cases.item", printed="CQI-9 第3版")
    thread = obsolete.ask(row=row, title="CQI-9 第4版是否适用", expected=row.version, **by)
    assert (thread.subject_type, thread.subject_id) == ("cases.case", case.pk)


def test_only_who_sees_the_request_sees_what_it_says(case: cases.Case, by: dict[str, Any]) -> None:
    look()
    mine = reading.obsolete_rows(by["by"])
    assert set(mine.values_list("of_type", flat=True)) >= {"cases.item"}
    cases.Case.objects.filter(pk=case.pk).update(scope=org.Scope.objects.create(name_zh="密"))
    assert not reading.obsolete_rows(by["by"]).filter(of_type="cases.item").exists()


def test_pages_show_where_it_is_said(case: cases.Case, by: dict[str, Any], client: Client) -> None:
    look()
    client.force_login(by["by"])
    listed = client.get("/sources/obsolete/?place=cases.item").content.decode()
    assert case.number in listed
    row = models.Obsolete.objects.get(of_type="cases.item", printed="CQI-9 第3版")
    shown = client.get(row.get_absolute_url()).content.decode()
    assert row.of_url in shown
    assert "盐雾试验" not in shown
    assert customers.Customer.objects.get(pk=case.customer_id).name in shown
