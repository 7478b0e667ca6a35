"""Who is to handle a case: the people of a pool in order, with the reason for each place in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from yinuo.procedures.definition.texts import NOTHING, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody of the pool as they stand now. `level`: of the pool's skill; `load`: open tasks, and own cases without
    one; `capacity`: per cent of a full week; `absent_until`: as the site's clock says it; `knows`: cases of this
    customer handled in the last year."""

    person: int
    name: str
    level: int = 0
    load: int = 0
    capacity: int = 100
    same_site: bool = True
    absent_until: datetime | None = None
    knows: int = 0

    @property
    def fits(self) -> bool:
        """Whether the case can be given to them: they are there, and have time at all."""
        return self.absent_until is None and self.capacity > 0

    @property
    def share(self) -> Fraction:
        """Load measured by capacity; who has no time at all stands behind all who are as loaded."""
        return Fraction(self.load * 100, self.capacity) if self.capacity else Fraction(10**9 + self.load)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate at their place, with the reason."""

    candidate: Candidate
    fits: bool
    why: Text

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the case, to be read years later."""
        return {
            "person": self.candidate.person,
            "name": self.candidate.name,
            "fits": self.fits,
            "zh": self.why.zh,
            "en": self.why.en,
        }


def order(candidate: Candidate, *, is_top: bool) -> tuple[Any, ...]:
    """What puts one before another: there, own site, then load before skill; where time is shortest skill before load.
    Names and keys make the order total."""
    skill, load = -candidate.level, candidate.share
    middle = (skill, load) if is_top else (load, skill)
    return (not candidate.fits, not candidate.same_site, *middle, -candidate.knows, candidate.name, candidate.person)


def rank(
    candidates: Iterable[Candidate], *, is_top: bool = False, skill: Text = NOTHING, has_site: bool = False
) -> tuple[Ranked, ...]:
    """The candidates in order. `is_top`: the case has the highest priority; `skill`: the name of what the pool asks
    for; `has_site`: the case belongs to a site."""
    placed = sorted(candidates, key=lambda each: order(each, is_top=is_top))
    return tuple(Ranked(each, each.fits, _why(each, placed, is_top, skill, has_site)) for each in placed)


def _why(one: Candidate, everybody: Sequence[Candidate], is_top: bool, skill: Text, has_site: bool) -> Text:
    """「技能“焊接”3 级；在岗；在办 4 项（产能 100 %），为本厂合格在岗者中最少；同一工厂；近一年办理过该顾客 6 件」"""
    rivals = [each for each in everybody if each.fits and each.same_site == one.same_site]
    where = (OWN_SITE if one.same_site else OTHER_SITE) if has_site else ANYWHERE
    said = [_skill(one, rivals, is_top, skill, where), _presence(one), _load(one, rivals, is_top, where)]
    if has_site:
        said.append(Text("同一工厂", "same site") if one.same_site else Text("不在同一工厂", "another site"))
    if one.knows:
        cases = "case" if one.knows == 1 else "cases"
        words = f"handled {one.knows} {cases} of this customer in the last year"
        said.append(Text(f"近一年办理过该顾客 {one.knows} 件", words))
    return Text("；".join(each.zh for each in said if each), "; ".join(each.en for each in said if each))


ANYWHERE = Text("", "")
OWN_SITE = Text("本厂", " at this site")
OTHER_SITE = Text("其他工厂", " at other sites")


def _skill(one: Candidate, rivals: Sequence[Candidate], is_top: bool, skill: Text, where: Text) -> Text:
    if not skill:
        return NOTHING
    said = Text(f"技能“{skill.zh}”{one.level} 级", f"skill “{skill.en}” at level {one.level}")
    if is_top and one.fits and len(rivals) > 1:
        highest = Text("最高", "the highest")
        return _superlative(said, [each.level for each in rivals], one.level, max, highest, where)
    return said


def _presence(one: Candidate) -> Text:
    if one.absent_until is None:
        return Text("在岗", "present") if one.capacity else Text("在岗，但产能为 0", "present, but without capacity")
    return Text(f"离岗至 {one.absent_until:%m-%d %H:%M}", f"away until {one.absent_until:%m-%d %H:%M}")


def _load(one: Candidate, rivals: Sequence[Candidate], is_top: bool, where: Text) -> Text:
    said = Text(f"在办 {one.load} 项（产能 {one.capacity} %）", f"{one.load} in hand (capacity {one.capacity} %)")
    if not one.fits:
        return said
    if len(rivals) == 1:
        return _and(said, Text(f"{where.zh}合格者中仅此一人在岗", f"alone of the qualified{where.en}"))
    against, level = list(rivals), NOTHING
    if is_top:  # skill has decided first, so load is compared among equals
        against, level = [each for each in rivals if each.level == one.level], Text("同级", " of the same level")
    if len(against) == 1:
        return said
    measured = len({each.capacity for each in against}) > 1
    least = Text("按产能折算最少", "the least measured by capacity") if measured else Text("最少", "the least")
    where = Text(f"{where.zh}{level.zh}", f"{where.en}{level.en}")
    return _superlative(said, [each.share for each in against], one.share, min, least, where)


def _superlative(said: Text, values: Sequence[Any], own: Any, best: Any, word: Text, where: Text) -> Text:
    """Says so where somebody's value is the best of all, alone or with others."""
    if own != best(values):
        return said
    zh, en = ("并列", "equally ") if values.count(own) > 1 else ("", "")
    return _and(
        said, Text(f"为{where.zh}合格在岗者中{zh}{word.zh}", f"{en}{word.en} of the qualified present{where.en}")
    )


def _and(one: Text, other: Text) -> Text:
    return Text(f"{one.zh}，{other.zh}", f"{one.en}, {other.en}")


def nobody(ranked: Sequence[Ranked]) -> Text:
    """Why none of a pool can take a case: nobody is qualified, or those who are, are away."""
    if not ranked:
        return Text("没有符合要求的人员", "nobody meets what it asks for")
    parts = [(each.candidate.name, _presence(each.candidate)) for each in ranked[:3]]
    zh = "、".join(f"{name}{words.zh}" for name, words in parts)
    en = ", ".join(f"{name} {words.en}" for name, words in parts)
    more = len(ranked) - len(parts)
    rest = Text(f" 等 {len(ranked)} 人", f" and {more} more") if more else NOTHING
    return Text(f"符合要求的人员均不能接收：{zh}{rest.zh}", f"those who meet it cannot take it: {en}{rest.en}")
