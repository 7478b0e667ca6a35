"""Being away: who may enter it, who stands in, and that nobody stands in for themself."""

from datetime import datetime, timedelta

import pytest

from tests import cast
from yinuo.kit import refusals
from yinuo.org import models, queries
from yinuo.org.actions import absences

NOW = cast.NOW
DAY = timedelta(days=1)


def away(
    company: cast.Company,
    who: str,
    delegate: str | None = None,
    *,
    by: str | None = None,
    start: datetime = NOW - timedelta(hours=1),
    days: int = 5,
) -> models.Absence:
    return absences.enter_absence(
        person=company.people[who],
        delegate=company.people[delegate] if delegate else None,
        from_at=start,
        to_at=start + days * DAY,
        by=company.people[by or who],
        now=NOW,
    )


def test_tasks_go_to_the_delegate_while_one_is_away(at_work: cast.Company) -> None:
    away(at_work, "lina", "zhao")
    assert not queries.present(at_work.lina, NOW)
    assert queries.delegate_of(at_work.lina, NOW) == at_work.zhao
    assert queries.present(at_work.lina, NOW + 5 * DAY)
    assert queries.delegate_of(at_work.lina, NOW + 5 * DAY) is None
    assert queries.delegate_of(at_work.wang, NOW) is None


def test_a_delegate_who_is_away_passes_it_on(at_work: cast.Company) -> None:
    away(at_work, "lina", "zhao")
    away(at_work, "zhao", "gao", days=2)
    assert queries.delegate_of(at_work.lina, NOW) == at_work.gao
    assert queries.delegate_of(at_work.lina, NOW + 3 * DAY) == at_work.zhao


def test_without_a_delegate_nobody_stands_in(at_work: cast.Company) -> None:
    away(at_work, "lina", "zhao")
    away(at_work, "zhao")
    assert queries.delegate_of(at_work.lina, NOW) is None


def test_nobody_stands_in_for_themself_through_others(at_work: cast.Company) -> None:
    away(at_work, "lina", "zhao")
    away(at_work, "zhao", "gao")
    with pytest.raises(absences.CannotBeAway, match=r"away|缺勤") as refused:
        away(at_work, "gao", "lina")
    assert refused.value.field == "delegate"
    # Later, when lina is back, it is no circle.
    assert away(at_work, "gao", "lina", start=NOW + 10 * DAY).delegate == at_work.lina


@pytest.mark.parametrize(("who", "by"), [("lina", "lina"), ("lina", "zhao"), ("lina", "admin")])
def test_one_enters_it_oneself_or_the_superior_does(at_work: cast.Company, who: str, by: str) -> None:
    assert away(at_work, who, "zhao", by=by).person == at_work.lina


@pytest.mark.parametrize("by", ["sun", "gao", "outsider", "auditor"])
def test_others_do_not_enter_it(at_work: cast.Company, by: str) -> None:
    with pytest.raises(refusals.NotAllowed):
        away(at_work, "lina", "zhao", by=by)
    absence = away(at_work, "lina", "zhao")
    with pytest.raises(refusals.NotAllowed):
        absences.cancel_absence(absence=absence, expected=1, by=at_work.people[by], now=NOW)


def test_times_that_make_no_sense_are_refused(at_work: cast.Company) -> None:
    with pytest.raises(absences.CannotBeAway):
        away(at_work, "lina", days=0)
    with pytest.raises(absences.CannotBeAway):
        away(at_work, "lina", start=NOW - 9 * DAY)
    away(at_work, "lina")
    with pytest.raises(absences.CannotBeAway):
        away(at_work, "lina", start=NOW + 2 * DAY)
    at_work.sun.is_active = False
    at_work.sun.save()
    with pytest.raises(absences.CannotBeAway):
        away(at_work, "wang", "sun")


def test_an_absence_is_changed_and_called_off(at_work: cast.Company, words_of) -> None:
    absence = away(at_work, "lina", "zhao")
    absences.change_absence(absence=absence, to_at=NOW + DAY, expected=1, by=at_work.lina, now=NOW)
    assert queries.present(at_work.lina, NOW + DAY)
    with pytest.raises(refusals.Stale):
        absences.change_absence(absence=absence, delegate=at_work.sun, expected=1, by=at_work.lina, now=NOW)
    absences.cancel_absence(absence=absence, expected=2, by=at_work.zhao, now=NOW)
    assert queries.present(at_work.lina, NOW)
    assert words_of("org.person") == ["org.absence.entered", "org.absence.changed", "org.absence.cancelled"]
    with pytest.raises(absences.CannotBeAway):
        absences.change_absence(absence=absence, to_at=NOW + 2 * DAY, expected=3, by=at_work.lina, now=NOW)


def test_the_reason_stays_out_of_the_trail(at_work: cast.Company) -> None:
    from_at, to_at = NOW, NOW + DAY
    absence = absences.enter_absence(
        person=at_work.lina, from_at=from_at, to_at=to_at, reason="病假", by=at_work.lina, now=NOW
    )
    absences.change_absence(absence=absence, reason="住院", expected=1, by=at_work.lina, now=NOW)
    assert absence.reason == "住院"
    from yinuo.records import models as records  # read here only: no program logic reads the trail

    assert not any("病假" in str(e.changes) or "住院" in str(e.changes) for e in records.Entry.objects.all())


def test_somebody_barred_is_not_present(at_work: cast.Company) -> None:
    at_work.sun.is_active = False
    assert not queries.present(at_work.sun, NOW)
