"""Pure decisions about customers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.customers import rules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一汽-大众", "一汽大众"),
        ("ＳＶＷ", "svw"),
        ("SAIC  Volkswagen", "saic-volkswagen"),
        ("福特（中国）", "福特(中国)"),
    ],
)
def test_one_name_written_in_two_ways(one: str, other: str) -> None:
    assert rules.name_key(one) == rules.name_key(other)


@pytest.mark.parametrize(("one", "other"), [("一汽-大众", "上汽大众"), ("大众", "上汽大众"), ("VW", "SVW")])
def test_names_that_only_look_alike_stay_two(one: str, other: str) -> None:
    assert rules.name_key(one) != rules.name_key(other)


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_name_always_has_a_key_that_is_its_own_key(text: str) -> None:
    key = rules.name_key(text)
    assert 0 < len(key) <= 200
    assert rules.name_key(key) == key or len(key) == 200


@pytest.mark.parametrize(
    ("level", "parent", "fits"),
    [
        ("group", None, True),
        ("company", None, True),
        ("plant", None, False),
        ("company", "group", True),
        ("plant", "company", True),
        ("plant", "group", False),
        ("group", "company", False),
        ("company", "plant", False),
    ],
)
def test_what_may_hang_under_what(level: str, parent: str | None, fits: bool) -> None:
    assert rules.may_hang_under(level, parent) is fits


def test_paths_tell_who_is_above_nearest_first() -> None:
    path = rules.path_of("SVW-AT", rules.path_of("SVW", rules.path_of("VW")))
    assert path == "VW/SVW/SVW-AT/"
    assert rules.codes_of(path) == ["SVW-AT", "SVW", "VW"]


@pytest.mark.parametrize(
    ("last", "frequency", "following"),
    [
        (date(2026, 3, 2), "daily", date(2026, 3, 3)),
        (date(2026, 3, 2), "fortnightly", date(2026, 3, 16)),
        (date(2026, 1, 31), "monthly", date(2026, 2, 28)),
        (date(2024, 1, 31), "monthly", date(2024, 2, 29)),
        (date(2025, 11, 30), "quarterly", date(2026, 2, 28)),
        (date(2024, 2, 29), "yearly", date(2025, 2, 28)),
    ],
)
def test_when_a_portal_is_looked_at_again(last: date, frequency: str, following: date) -> None:
    assert rules.next_check_on(last, frequency) == following


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(rules.FREQUENCIES)))
def test_the_next_check_is_always_later_and_never_two_rounds_away(last: date, frequency: str) -> None:
    days, months = rules.FREQUENCIES[frequency]
    following = rules.next_check_on(last, frequency)
    assert last < following <= last + timedelta(days=days + 31 * months)


def test_the_one_site_or_all() -> None:
    assert rules.only([7, 7]) == 7
    assert rules.only([]) is None
    assert rules.only([7, 8]) is None
