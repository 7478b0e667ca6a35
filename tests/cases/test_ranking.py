"""Laws of the order in which people are asked to take a case, and that the reasons given are true."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from yinuo.cases.engine import pools, ranking
from yinuo.cases.engine.ranking import Candidate
from yinuo.procedures.definition.texts import Text

WELDING = Text("焊接", "welding")
AWAY = datetime(2026, 3, 5, 17, 30, tzinfo=UTC)

candidates = st.builds(
    Candidate,
    person=st.integers(1, 10**6),
    name=st.sampled_from(["王强", "孙丽", "陈刚"]),
    level=st.integers(1, 3),
    load=st.integers(0, 9),
    capacity=st.sampled_from([0, 20, 50, 80, 100]),
    same_site=st.booleans(),
    absent_until=st.sampled_from([None, None, AWAY]),
    knows=st.integers(0, 3),
)
teams = st.lists(candidates, min_size=1, max_size=8, unique_by=lambda each: each.person)


@given(teams, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_the_order_asked(
    team: list[Candidate], is_top: bool, chance: random.Random
) -> None:
    shuffled = list(team)
    chance.shuffle(shuffled)
    assert ranking.rank(team, is_top=is_top) == ranking.rank(shuffled, is_top=is_top)
    assert sorted(each.candidate.person for each in ranking.rank(team)) == sorted(each.person for each in team)


@given(teams, st.booleans())
def test_who_is_away_never_stands_before_who_is_there(team: list[Candidate], is_top: bool) -> None:
    there = [each.fits for each in ranking.rank(team, is_top=is_top)]
    assert there == sorted(there, reverse=True)
    assert there[0] == any(each.absent_until is None and each.capacity for each in team)


@given(candidates, st.booleans(), st.sampled_from(["away", "site", "load", "capacity", "level", "knows"]))
def test_who_is_worse_in_one_thing_and_better_in_none_stands_behind(one: Candidate, is_top: bool, worse: str) -> None:
    other = replace(
        one,
        person=one.person + 1,
        **{
            "away": {"absent_until": AWAY},
            "site": {"same_site": False},
            "load": {"load": one.load + 1},
            "capacity": {"capacity": one.capacity // 2},
            "level": {"level": one.level - 1},
            "knows": {"knows": max(0, one.knows - 1)},
        }[worse],  # type: ignore[arg-type]
    )
    assert [each.candidate for each in ranking.rank([other, one], is_top=is_top)] == [one, other]


@given(teams, st.booleans())
def test_least_is_said_only_of_who_has_least(team: list[Candidate], is_top: bool) -> None:
    """What the words claim is counted anew from the figures."""
    for each in ranking.rank(team, is_top=is_top, skill=WELDING, has_site=True):
        it = each.candidate
        rivals = [o for o in team if o.fits and o.same_site == it.same_site and (not is_top or o.level == it.level)]
        if "最少" in each.why.zh:
            assert it.fits
            assert all(it.load * o.capacity <= o.load * it.capacity for o in rivals)
            assert ("并列" in each.why.zh.partition("在办")[2]) == (sum(o.share == it.share for o in rivals) > 1)
        if "仅此一人" in each.why.zh:
            assert [o for o in team if o.fits and o.same_site == it.same_site] == [it]


def test_load_goes_before_skill_and_the_other_way_round_when_time_is_shortest() -> None:
    expert = Candidate(person=1, name="陈刚", level=3, load=5)
    novice = Candidate(person=2, name="唐薇", level=2, load=1)
    assert ranking.rank([expert, novice])[0].candidate is novice
    assert ranking.rank([expert, novice], is_top=True)[0].candidate is expert


def test_load_is_measured_by_capacity() -> None:
    half = Candidate(person=1, name="甲", load=2, capacity=50)
    full = Candidate(person=2, name="乙", load=3)
    first = ranking.rank([half, full])[0]
    assert first.candidate is full
    assert first.why.zh == "在岗；在办 3 项（产能 100 %），为合格在岗者中按产能折算最少"


def test_the_reason_in_words() -> None:
    team = [
        Candidate(person=1, name="陈刚", level=3, load=4, knows=6),
        Candidate(person=2, name="唐薇", level=2, load=7),
        Candidate(person=3, name="何静", level=2, load=0, same_site=False),
        Candidate(person=4, name="王强", level=2, load=0, absent_until=AWAY),
    ]
    first, second, third, last = ranking.rank(team, skill=WELDING, has_site=True)
    assert first.why == Text(
        "技能“焊接”3 级；在岗；在办 4 项（产能 100 %），为本厂合格在岗者中最少；同一工厂；近一年办理过该顾客 6 件",
        "skill “welding” at level 3; present; 4 in hand (capacity 100 %), the least of the qualified present at this "
        "site; same site; handled 6 cases of this customer in the last year",
    )
    assert "最少" not in second.why.zh
    assert third.why.zh.endswith("在办 0 项（产能 100 %），其他工厂合格者中仅此一人在岗；不在同一工厂")
    assert not last.fits
    assert "离岗至 03-05 17:30" in last.why.zh


def test_why_nobody() -> None:
    away = ranking.rank([Candidate(person=1, name="王强", absent_until=AWAY)])
    assert ranking.nobody(away).zh == "符合要求的人员均不能接收：王强离岗至 03-05 17:30"
    assert ranking.nobody(()).en == "nobody meets what it asks for"


def test_faults_of_pools_and_table_are_named() -> None:
    plain = [{"key": "p1", "zh": "焊接组", "skill": "welding"}, {"key": "p2", "zh": "散人"}]
    table = {"rows": [{"when": [["cases.moon", "is", "full"]], "then": "p9"}], "otherwise": "p1"}
    said = " ".join(fault.zh for fault in pools.faults_of(plain, table))
    assert "“散人”须指定技能、部门或岗位" in said
    assert "未知条件“cases.moon”" in said
    assert "分派组“p9”不存在" in said
    assert pools.faults_of(plain[:1], {"rows": [], "otherwise": "p1"}) == []
    assert pools.faults_of([], {}) == []
