"""Each procedure is evaluated once a year, by whoever owns it."""

from datetime import timedelta

import pytest

from tests import cast
from yinuo.kit import actors
from yinuo.procedures import models
from yinuo.procedures.actions import evaluating, publishing, working

NOW = cast.NOW
YEAR = timedelta(days=365)


@pytest.fixture
def published(company: cast.Company) -> cast.Company:
    publishing.load_library(by=actors.PROGRAM, now=NOW, owner_post=company.post["quality_manager"])
    return company


def asked(days: int) -> list[str]:
    found = evaluating.ask_for_evaluation(by=actors.PROGRAM, now=NOW + timedelta(days=days))
    return sorted(run.subject_label.partition(" ")[0] for run in found)


def test_a_year_after_the_first_edition_and_then_every_year(published: cast.Company) -> None:
    assert asked(364) == []
    assert asked(365) == ["QP-CSR-01", "QP-CSR-05", "QP-CSR-07"]
    assert asked(366) == [], "asked once"
    task = models.Task.objects.filter(run__procedure__key="evaluate", subject_label__startswith="QP-CSR-07").get()
    assert (task.step, task.post) == ("evaluate", published.post["quality_manager"])
    said = {
        "evaluated_on": "2027-03-10", "took_part": "李娜、王强、周华", "is_followed": True, "must_improve": True,
        "improvement": "缩短分派时间",
    }  # fmt: skip
    working.submit(task=task, by=published.zhou, now=NOW + YEAR * 1.02, expected=task.version, data=said)
    task.refresh_from_db()
    assert (task.state, task.run.status_zh) == ("done", "已完成")
    assert asked(365 * 2 + 1) == ["QP-CSR-07"], "what is still open is not asked twice"


def test_the_owner_of_the_procedure_is_asked(published: cast.Company) -> None:
    row = models.Procedure.objects.get(key="s1")
    publishing.set_owner(
        procedure=row, post=published.post["sales_manager"], by=published.zhou, now=NOW, expected=row.version
    )
    asked(365)
    found = dict(models.Task.objects.filter(step="evaluate").values_list("subject_label", "post__code"))
    assert {label.partition(" ")[0]: post for label, post in found.items()} == {
        "QP-CSR-01": "sales_manager", "QP-CSR-05": "quality_manager", "QP-CSR-07": "quality_manager",
    }  # fmt: skip


def test_without_the_procedure_for_it_nobody_is_asked(company: cast.Company) -> None:
    assert evaluating.ask_for_evaluation(by=actors.PROGRAM, now=NOW) == []
