"""The record and the list of cases as PDF: what is on screen stands on paper, for whoever may see it."""

from collections.abc import Callable

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from yinuo.kit import printing
from yinuo.org import models as org
from yinuo.records import models as records

SignedIn = Callable[[str], Client]


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.fixture
def told(company: cast.Company) -> stories.Story:
    """A case of three items, accepted and under way."""
    stories.publish(company)
    customer = stories.customer(company, "SVW", "上汽大众（示例）")
    case = stories.open_case(company, customer, title='盐雾试验 #eval("1+1") $x$')
    return stories.Story(company, case)


def test_the_record_tells_what_was_asked_and_done(told: stories.Story, signed_in: SignedIn) -> None:
    answer = signed_in("zhou").get(reverse("cases:case_paper", args=[told.case.number]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    whole = "".join("".join(pages_of(answer.content)).split())
    assert told.case.number in whole
    assert '盐雾试验#eval("1+1")$x$' in whole
    for item in told.case.items.all():
        assert "".join(item.text.split())[:20] in whole
    assert "操作记录摘录" in whole
    assert "编制" in whole
    assert "第1页共" in whole


def test_a_confidential_record_says_so_and_is_noted(company: cast.Company, signed_in: SignedIn) -> None:
    stories.publish(company)
    scope = org.Scope.objects.create(name_zh="玄鸟圈")
    for name in ("lina", "zhao", "zhou", "wang"):
        scope.grants.create(person=company.people[name], granted_at=cast.NOW)
    case = stories.open_case(company, stories.customer(company, "XN", "玄鸟汽车", scope=scope), title="玄鸟要求")
    url = reverse("cases:case_paper", args=[case.number])
    assert signed_in("sun").get(url).status_code == 404
    answer = signed_in("zhou").get(url)
    assert "保密" in pages_of(answer.content)[0]
    assert records.Reading.objects.filter(subject_id=case.pk, way="print").exists()
    listed = signed_in("zhou").get("/cases/?pdf=cases")
    assert "保密" in pages_of(listed.content)[0]
    assert "玄鸟要求" in "".join(pages_of(listed.content))
    assert "玄鸟" not in "".join(pages_of(signed_in("sun").get("/cases/?pdf=cases").content))


def test_a_list_that_is_too_long_for_paper_says_what_to_do(
    told: stories.Story, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST_ROWS", 0)
    answer = signed_in("zhou").get("/cases/?pdf=cases")
    assert answer.status_code == 409
    assert "导出 Excel" in answer.content.decode()


def test_that_a_list_was_printed_is_told(told: stories.Story, signed_in: SignedIn) -> None:
    signed_in("zhou").get("/cases/?pdf=cases")
    entry = records.Entry.objects.get(word="records.list.exported")
    assert entry.actor_id == str(told.company.zhou.pk)
    assert entry.note["rows"] == 1
