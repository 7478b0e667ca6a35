"""What letters say of cases by themselves: what the customer may know, and nothing of others."""

import pytest
from django.utils import translation

from tests import cast
from tests.cases import story as stories
from yinuo.cases import models
from yinuo.cases.hooks import saying
from yinuo.kit import subjects
from yinuo.letters.queries import wording
from yinuo.org import models as org


@pytest.fixture
def case(company: cast.Company) -> models.Case:
    stories.publish(company)
    return stories.open_case(company, stories.customer(company))


def test_a_receipt_is_filled_from_its_case(case: models.Case) -> None:
    template = wording.template("receipt", "zh")
    assert template is not None
    about = subjects.ref(case)
    heading, text = wording.drafted(template, about=about, customer=case.customer, contact=case.contact, now=cast.NOW)
    assert heading.startswith(f"{case.number} 已收到贵方要求：{case.title}")
    assert "【请填写" not in text.replace("【请填写：负责人】", "")
    assert "2026年" in text


def test_english_has_english_words(case: models.Case) -> None:
    template = wording.template("progress", "en")
    assert template is not None
    about = subjects.ref(case)
    with translation.override("zh-hans"):
        _heading, text = wording.drafted(template, about=about, customer=case.customer, now=cast.NOW)
    assert "Dear Sir or Madam" in text
    assert f"{case.number} " in text
    assert "：" not in text.partition(case.title)[0]


def test_our_verdict_is_not_told_before_the_result_is(case: models.Case) -> None:
    case.items.update(verdict=models.Verdict.CANNOT)
    word = str(models.Verdict.CANNOT.label)
    said = saying.of_case(subjects.ref(case))
    assert word in said["items"]
    assert word not in said["progress"]


def test_a_customers_report_keeps_what_is_confidential_to_its_circle(case: models.Case) -> None:
    about = subjects.ref(case.customer)
    assert case.number in saying.of_customer(about)["progress"]
    scope = org.Scope.objects.create(name_zh="保密")
    models.Case.objects.update(scope=scope)
    assert case.number not in saying.of_customer(about)["progress"]
    inside = subjects.Ref(about.type, about.id, about.label, about.url, scope.pk)
    assert case.number in saying.of_customer(inside)["progress"]
