"""What people are told of a clock: in working time, each occasion once, also when a worker dies in between."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from tests import cast
from tests.changes import story
from tests.customers import people
from yinuo.changes import jobs, models
from yinuo.changes.actions import clock, deciding, recording
from yinuo.kit import actors
from yinuo.kit import jobs as kit_jobs
from yinuo.notify import models as notify
from yinuo.org import models as org

pytestmark = pytest.mark.django_db
RECEIVED = date(2026, 3, 2)
DUE = date(2026, 3, 16)  # ten working days on: an ordinary fortnight
T5, T2 = date(2026, 3, 9), date(2026, 3, 12)


@pytest.fixture
def change(company: cast.Company) -> models.Change:
    story.know_years()
    customer = people.customer(company, "VW", "大众集团（示例）")
    row = story.change(company, customer, received_on=RECEIVED, now=story.at(RECEIVED), sites=[company.site["nb"]])
    assert row.due_on == DUE
    return row


def visit(now: datetime) -> int:
    return clock.remind(by=actors.PROGRAM, now=now)


def told(kind: str) -> list[str]:
    """To whom messages of a kind went, in order."""
    return list(notify.Message.objects.filter(kind=kind).order_by("pk").values_list("person__sign_in", flat=True))


def test_each_occasion_is_told_once_at_the_first_visit_in_working_time(change: models.Change) -> None:
    days = [RECEIVED + timedelta(days=n) for n in range(25)]
    when: dict[str, list[date]] = {}
    for day in days:
        for hour in (0, 1, 2, 4, 8, 9, 14):  # 08:00 to 22:00 in China, lunch included
            visit(story.at(day, hour))
            for nudge in models.Nudge.objects.all():
                when.setdefault(nudge.occasion, [nudge.told_at.date()])
    assert when == {"t5": [T5], "t2": [T2], "t0": [DUE], "late": [date(2026, 3, 17)]}
    assert told("change_due") == ["wang"] * 3
    assert sorted(told("change_late")) == ["chen", "wang", "zhou"], "the superior and the quality manager hear of it"


def test_nobody_is_told_at_night_on_weekends_or_on_holidays(company: cast.Company, change: models.Change) -> None:
    assert visit(datetime(2026, 3, 8, 16, 30, tzinfo=UTC)) == 0, "half past midnight on T-5"
    assert visit(datetime(2026, 3, 9, 0, 15, tzinfo=UTC)) == 0, "a quarter past eight: work begins at half past"
    assert visit(datetime(2026, 3, 9, 4, 30, tzinfo=UTC)) == 0, "lunch"
    org.CalendarDay.objects.create(day=T5, is_working=False, name_zh="厂庆", site=company.site["nb"])
    org.CalendarStamp.objects.update_or_create(pk=1, defaults={"token": "changed"})
    assert visit(story.at(T5)) == 0
    assert visit(story.at(T5 + timedelta(days=1))) == 1


def test_a_visit_that_breaks_off_has_told_nobody_and_the_next_tells_once(change: models.Change) -> None:
    class Killed(Exception):
        pass

    def broken_off() -> None:
        with transaction.atomic():
            assert visit(story.at(T5)) == 1
            raise Killed

    with pytest.raises(Killed):
        broken_off()
    assert (told("change_due"), models.Nudge.objects.count(), notify.Mail.objects.count()) == ([], 0, 0)
    for _time in range(3):
        visit(story.at(T5))
    assert told("change_due") == ["wang"]


def test_the_schedule_runs_in_one_transaction_and_is_repeated_harmlessly(change: models.Change) -> None:
    with time_machine.travel(story.at(DUE), tick=False):
        for _time in range(2):
            kit_jobs.run_scheduled("changes.remind")
        jobs.remind()
    assert told("change_due") == ["wang"]


def test_only_the_last_occasion_is_told_of_a_change_recorded_late(company: cast.Company, change: Any) -> None:
    later = story.at(date(2026, 3, 18))
    story.change(
        company, change.customer, received_on=RECEIVED, now=later, reason="今天才转来", responsible=company.sun
    )
    visit(later)
    assert told("change_due") == []
    assert told("change_late").count("sun") == 1
    assert told("change_late").count("zhou") == 2


def test_reviewed_and_dropped_changes_are_quiet(company: cast.Company, change: models.Change) -> None:
    other = story.change(company, change.customer, now=story.at(RECEIVED))
    deciding.review(
        change=change, on=RECEIVED, reviewer=company.sun, result="take_over", said="照办",
        by=people.fresh(company.wang), now=story.at(RECEIVED), expected=1,
    )  # fmt: skip
    recording.drop(change=other, reason="误登", by=people.fresh(company.lina), now=story.at(RECEIVED), expected=1)
    assert visit(story.at(DUE + timedelta(days=3))) == 0


def test_whoever_stands_in_is_told_and_a_due_day_that_moves_is_told_anew(
    company: cast.Company, change: models.Change
) -> None:
    org.Absence.objects.create(
        person=company.wang, delegate=company.sun, from_at=story.at(T5, 0), to_at=story.at(T5 + timedelta(days=1), 0)
    )
    visit(story.at(T5))
    assert told("change_due") == ["sun"]
    recording.change(
        change=people.fresh(change), received_on=RECEIVED + timedelta(days=2), reason="实为三月四日",
        by=people.fresh(company.lina), now=story.at(T5), expected=1,
    )  # fmt: skip
    visit(story.at(T5 + timedelta(days=1)))
    assert told("change_due") == ["sun"]
    visit(story.at(date(2026, 3, 11)))
    assert told("change_due") == ["sun", "wang"]
    assert models.Nudge.objects.filter(occasion="t5").count() == 2


def test_a_confidential_change_is_told_of_by_its_number_alone(company: cast.Company, change: models.Change) -> None:
    circle = people.scope_of(company.wang, company.lina)
    models.Change.objects.filter(pk=change.pk).update(scope=circle, own_scope=circle)
    visit(story.at(date(2026, 3, 17)))
    assert told("change_late") == ["wang"], "whoever may not know of it is not told"
    mail = notify.Mail.objects.get()
    assert "支架" not in mail.heading + mail.text
    assert change.number in mail.heading + mail.text
