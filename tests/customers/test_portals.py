"""Supplier portals: when somebody looks again, what a check brought, and where that leads."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.customers import people
from yinuo.customers import models
from yinuo.customers.actions import portals
from yinuo.customers.jobs import portals_due
from yinuo.kit import refusals
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.records import queries as records

pytestmark = pytest.mark.django_db
KEY = "a-key-that-is-used-once-only"
TODAY = timezone.localdate(cast.NOW)


@pytest.fixture
def tree(company: cast.Company) -> dict[str, models.Customer]:
    return people.volkswagen(company)


@pytest.fixture
def portal(tree: Any, company: cast.Company) -> models.Portal:
    return portals.add(
        customer=tree["group"],
        name="供应商平台",
        url="https://p.example/",
        keeper=company.wang,
        deputy=company.lina,
        frequency="weekly",
        by=people.fresh(company.lina),
        now=cast.NOW,
    )


def test_a_check_moves_the_next_one_to_a_working_day_and_keeps_the_proof(
    portal: models.Portal, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    org.CalendarDay.objects.create(day=timezone.localdate(cast.NOW) + timedelta(days=7), is_working=False)
    proof = SimpleUploadedFile("截图.png", b"\x89PNG\r\n\x1a\n and so on")
    url = f"/customers/portals/{portal.pk}/check/"
    with time_machine.travel(cast.NOW, tick=False):
        client = signed_in("wang")
        empty = client.post(url, {"once": KEY, "version": portal.version, "result": "something_new"})
        assert empty.status_code == 422
        data = {"once": KEY, "version": portal.version, "result": "something_new", "note": "标准换版", "proof": proof}
        assert client.post(url, data).status_code == 302
    found = people.fresh(portal)
    assert (found.last_result, found.last_check_by) == ("something_new", company.wang)
    assert found.next_check_on == timezone.localdate(cast.NOW) + timedelta(days=8)
    assert [each.name for each in records.attachments(portal.checks.get())] == ["截图.png"]
    assert not records.attachments(portal)
    assert portal.checks.get().was_due_on == portal.next_check_on
    page = signed_in("auditor").get(portal.get_absolute_url()).content.decode()
    assert "标准换版" in page
    assert "截图.png" in page


def test_a_portal_is_added_from_the_list_or_from_its_customer(tree: Any, signed_in: Callable[[str], Client]) -> None:
    lina = models.Customer.objects.get(pk=tree["svw"].pk).window
    data = {"once": KEY, "name": "平台", "url": "p.example/login", "keeper": lina.pk, "frequency": "monthly"}
    data["escalate_after"] = 2
    assert signed_in("lina").post("/customers/portals/add/", data).status_code == 422
    assert signed_in("lina").post("/customers/portals/add/", {**data, "customer": tree["faw"].pk}).status_code == 302
    url = f"/customers/{tree['svw'].pk}/portals/add/"
    assert signed_in("lina").post(url, {**data, "once": KEY + "2"}).status_code == 302
    found = models.Portal.objects.order_by("pk").values_list("customer__code", "url")
    assert list(found) == [("FAW-VW", "https://p.example/login"), ("SVW", "https://p.example/login")]


def test_only_keepers_and_editors_record_checks(
    portal: models.Portal, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    assert signed_in("sun").get(f"/customers/portals/{portal.pk}/check/").status_code == 403
    with pytest.raises(refusals.NotAllowed):
        portals.record_check(portal=portal, result="nothing_new", by=company.sun, now=cast.NOW, expected=1)


def test_the_keeper_is_told_once_when_a_check_is_due(portal: models.Portal, company: cast.Company) -> None:
    told = notify.Message.objects.filter(kind="portal_due")
    with time_machine.travel(cast.NOW, tick=False):
        portals_due()
        portals_due()
    assert [message.person for message in told] == [company.wang]
    portals.record_check(portal=people.fresh(portal), result="nothing_new", by=company.wang, now=cast.NOW, expected=1)
    later = cast.NOW + timedelta(days=7)
    org.Absence.objects.create(
        person=company.wang, from_at=later - timedelta(days=1), to_at=later + timedelta(days=1), delegate=company.sun
    )
    with time_machine.travel(later, tick=False):
        portals_due()
    assert [message.person for message in told.order_by("pk")] == [company.wang, company.lina]  # the deputy


def test_a_portal_of_a_closed_circle_has_keepers_who_may_see_it(company: cast.Company) -> None:
    customer = people.customer(company, "XEV", "保密车企", scope=people.scope_of(company.lina))
    with pytest.raises(portals.CannotKeep):
        portals.add(
            customer=customer,
            name="门户",
            url="https://x.example/",
            keeper=company.wang,
            by=people.fresh(company.lina),
            now=cast.NOW,
        )


def changed(portal: models.Portal, company: cast.Company, now: Any = cast.NOW, **facts: Any) -> date | None:
    """The day of the next check after a change, as the form sends it: with the day it showed, unless told otherwise."""
    portal = people.fresh(portal)
    facts = {"next_check_on": portal.next_check_on, **facts}
    portals.change(portal=portal, by=people.fresh(company.lina), now=now, expected=portal.version, **facts)
    return people.fresh(portal).next_check_on


def test_the_next_check_follows_the_frequency_and_is_never_switched_off(
    portal: models.Portal, company: cast.Company
) -> None:
    assert changed(portal, company, frequency="monthly") == TODAY  # nobody looked yet: the first day stays
    assert changed(portal, company, next_check_on=TODAY + timedelta(days=3)) == TODAY + timedelta(days=3)
    assert changed(portal, company, next_check_on=None) == TODAY
    portals.record_check(portal=people.fresh(portal), result="nothing_new", by=company.wang, now=cast.NOW, expected=4)
    assert changed(portal, company, frequency="weekly") == TODAY + timedelta(days=7)
    assert changed(portal, company, name="平台") == TODAY + timedelta(days=7)
    assert changed(portal, company, frequency="daily", next_check_on=TODAY + timedelta(days=2)) == TODAY + timedelta(
        days=2
    )
    assert changed(portal, company, next_check_on=None) == TODAY + timedelta(days=1)


def test_what_a_check_brought_is_registered_with_what_is_known(
    portal: models.Portal, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    for result, note in (("nothing_new", ""), ("something_new", "质量手册换版 & 附件")):
        row = people.fresh(portal)
        portals.record_check(portal=row, result=result, note=note, by=company.wang, now=cast.NOW, expected=row.version)
    page = signed_in("lina").get(portal.get_absolute_url())
    ways = [way for _check, found, *_more in page.context["checks"] for way in found]
    leads = {way.name: url for way, url in ways}
    report = signed_in("lina").get(leads["customers.portal_check/cases_findings"]).content.decode()
    assert "质量手册换版 &amp; 附件" in report
    assert f'<option value="{portal.customer_id}" selected' in report
    form = signed_in("lina").get(leads["customers.portal_check/cases"]).content.decode()
    assert "质量手册换版 &amp; 附件" in form
    assert '<option value="portal" selected' in form
    assert f'<option value="{portal.customer_id}" selected' in form
    assert not any(
        found for _check, found, *_more in signed_in("auditor").get(portal.get_absolute_url()).context["checks"]
    )
