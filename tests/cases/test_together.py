"""Several requests at once: done whole, or left with the reason; what somebody changed meanwhile stays."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from yinuo.cases import models
from yinuo.cases.actions import sorting, steering
from yinuo.customers import models as customers
from yinuo.kit import bulk, jobs, once
from yinuo.kit import models as kit_models
from yinuo.org import models as org
from yinuo.org.actions import batches
from yinuo.records import models as records

State = org.BatchRow.State
PRIORITY = reverse("org:bulk", args=["cases", "priority"])


@pytest.fixture
def three(working: cast.Company, svw: customers.Customer) -> list[models.Case]:
    return [stories.open_case(working, svw, title=f"要求 {n}") for n in range(3)]


def picked(rows: list[models.Case]) -> str:
    return ",".join(bulk.written(row) for row in rows)


def send(client: Client, url: str, picks: str, **asked: str) -> org.Batch:
    data = {"picks": picks, "back": "/cases/?sort=oldest", "once": once.new_key(), **asked}
    response = client.post(url, data)
    assert response.status_code == 302, response.content.decode()
    batch = org.Batch.objects.latest("pk")
    all_done = not batch.rows.exclude(state=State.DONE).exists()
    assert response["Location"] == ("/cases/?sort=oldest" if all_done else reverse("org:batch", args=[batch.pk]))
    return batch


def became(batch: org.Batch) -> list[str]:
    return list(batch.rows.order_by("pk").values_list("state", flat=True))


def test_each_row_is_changed_by_its_own_action(three: list[models.Case], signed_in: Callable[..., Client]) -> None:
    zhao = signed_in("zhao")
    batch = send(zhao, PRIORITY, picked(three), priority="2", reason="顾客催促")
    assert became(batch) == [State.DONE] * 3
    assert set(models.Case.objects.values_list("priority", flat=True)) == {2}
    assert records.Entry.objects.filter(word="cases.case.ranked", reason="顾客催促").count() == 3
    page = zhao.get("/cases/").content.decode()
    assert "已完成 3 项" in page


def test_what_cannot_be_changed_stays_with_its_reason(
    three: list[models.Case], working: cast.Company, signed_in: Callable[..., Client]
) -> None:
    picks = picked(three)
    changed, over, _free = three
    say = {"reason": "x", "by": stories.fresh(working.zhao), "now": stories.NOW}
    steering.change_priority(case=changed, priority=1, expected=changed.version, **say)
    steering.terminate(case=over, **say)
    zhao = signed_in("zhao")
    batch = send(zhao, PRIORITY, picks, priority="4", reason="顾客不急")
    assert became(batch) == [State.LEFT, State.LEFT, State.DONE]
    assert list(models.Case.objects.order_by("pk").values_list("priority", flat=True)) == [1, over.priority, 4]
    page = zhao.get(reverse("org:batch", args=[batch.pk])).content.decode()
    assert over.number in page
    assert "已终止" in page
    assert "他人已作修改" in page


def test_what_one_may_not_see_is_not_named(
    three: list[models.Case], working: cast.Company, signed_in: Callable[..., Client]
) -> None:
    scope = org.Scope.objects.create(name_zh="密", name_en="secret")
    models.Case.objects.filter(pk=three[0].pk).update(scope=scope)
    batch = send(signed_in("zhao"), PRIORITY, picked(three), priority="2", reason="x")
    assert became(batch) == [State.LEFT, State.DONE, State.DONE]
    assert batch.rows.order_by("pk").first().label == ""
    assert signed_in("zhou").get(reverse("org:batch", args=[batch.pk])).status_code == 404


def test_whoever_has_no_right_is_offered_nothing(three: list[models.Case], signed_in: Callable[..., Client]) -> None:
    assert "data-pick" in signed_in("zhao").get("/cases/").content.decode()
    assert "data-pick" not in signed_in("auditor").get("/cases/").content.decode()
    assert signed_in("wang").get(PRIORITY).status_code == 403
    assert signed_in("zhao").get(reverse("org:bulk", args=["cases", "nothing"])).status_code == 404


def test_sent_twice_it_is_done_once(three: list[models.Case], signed_in: Callable[..., Client]) -> None:
    zhao = signed_in("zhao")
    data = {"picks": picked(three), "back": "/cases/", "once": once.new_key(), "priority": "2", "reason": "x"}
    zhao.post(PRIORITY, data)
    zhao.post(PRIORITY, data)
    assert org.Batch.objects.count() == 1
    assert records.Entry.objects.filter(word="cases.case.ranked").count() == 3


def test_nothing_is_done_before_the_reason_is_given(three: list[models.Case], signed_in: Callable[..., Client]) -> None:
    zhao = signed_in("zhao")
    asked = zhao.get(f"{PRIORITY}?pick={bulk.written(three[0])}&pick={bulk.written(three[1])}&back=/cases/")
    assert three[0].number in asked.content.decode()
    response = zhao.post(PRIORITY, {"picks": picked(three), "once": once.new_key(), "priority": "2", "reason": ""})
    assert response.status_code == 422
    assert not org.Batch.objects.exists()


def test_everything_that_the_list_finds(three: list[models.Case], signed_in: Callable[..., Client]) -> None:
    zhao = signed_in("zhao")
    asked = zhao.get(PRIORITY, {"found": f"number={three[1].number}&sort=oldest", "back": "/cases/"})
    assert asked.context["count"] == 1
    assert zhao.get(PRIORITY, {"found": "sort=oldest"}).context["chosen"]["picks"].value() == picked(three)


def test_many_rows_are_the_workers_and_go_on_after_it_died(
    three: list[models.Case], working: cast.Company, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    zhao = signed_in("zhao")
    batch = send(zhao, PRIORITY, picked(three), priority="3", reason="x")
    assert became(batch) == [State.WAITING] * 3
    url = reverse("org:batch", args=[batch.pk])
    assert 'max="3" value="0"' in zhao.get(url).content.decode()
    job = kit_models.Job.objects.get(key=f"org.batch:{batch.pk}")
    batch.rows.filter(row=three[0].pk).update(state=State.DONE)  # as if the worker had died after the first
    jobs.perform(job.pk)
    assert became(batch) == [State.DONE] * 3
    assert records.Entry.objects.filter(word="cases.case.ranked").count() == 2
    assert "<progress" not in zhao.get(url).content.decode()


def test_an_act_that_breaks_changes_nothing_and_the_others_go_on(
    three: list[models.Case], signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    act = bulk.act_of("cases/priority").plug
    whole = act.function

    def breaks(*, row: models.Case, **more: object) -> None:
        whole(row=row, **more)
        if row.pk == three[1].pk:
            raise RuntimeError("broken")

    monkeypatch.setitem(act.__dict__, "function", breaks)
    batch = send(signed_in("zhao"), PRIORITY, picked(three), priority="2", reason="x")
    assert became(batch) == [State.DONE, State.LEFT, State.DONE]
    assert models.Case.objects.get(pk=three[1].pk).priority == three[1].priority


def test_reports_are_dismissed_together_and_put_back_by_undoing(
    working: cast.Company, svw: customers.Customer, signed_in: Callable[..., Client]
) -> None:
    found = [sorting.report(text=f"听说 {n}", by=working.wu, now=stories.NOW, customer=svw) for n in range(2)]
    client = signed_in("lina")
    data = {"picks": picked(found), "back": "/cases/findings/", "once": once.new_key(), "reason": "重复"}  # type: ignore[arg-type]
    client.post(reverse("org:bulk", args=["findings", "dismiss"]), data)
    batch = org.Batch.objects.get()
    assert became(batch) == [State.DONE] * 2
    assert not models.Finding.objects.filter(state=models.Finding.State.WAITING).exists()
    client.post(reverse("org:batch_undo", args=[batch.pk]))
    assert became(batch) == [State.UNDONE] * 2
    assert models.Finding.objects.filter(state=models.Finding.State.WAITING, reason="").count() == 2
    assert signed_in("zhao").post(reverse("org:batch_undo", args=[batch.pk])).status_code == 404


def test_reminders_go_to_whoever_has_the_step(
    three: list[models.Case], working: cast.Company, signed_in: Callable[..., Client]
) -> None:
    url = reverse("org:bulk", args=["cases", "urge"])
    batch = send(signed_in("zhao"), url, picked(three))
    assert became(batch) == [State.DONE] * 3
    assert records.Entry.objects.filter(word="procedures.task.reminded").count() == 3
    again = send(signed_in("zhao"), url, picked([stories.fresh(case) for case in three]))
    assert became(again) == [State.LEFT] * 3


def test_forgetting_takes_only_what_is_old(three: list[models.Case], signed_in: Callable[..., Client]) -> None:
    batch = send(signed_in("zhao"), PRIORITY, picked(three), priority="2", reason="x")
    batches.forget(before=batch.begun_at)
    assert org.Batch.objects.exists()
    batches.forget(before=batch.begun_at.replace(year=batch.begun_at.year + 1))
    assert not org.BatchRow.objects.exists()
