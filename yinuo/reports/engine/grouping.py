"""With which group an item asks the same, or with which single ones it begins a group."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from yinuo.search.engine.meaning import Likeness

SAME = 56  # per cent from which two requirements ask the same; set by the gold requests of the tests
KEPT = 48  # a member whose words changed stays while it resembles its group so much
MIDDLE = 42  # a group is resembled as a whole: on average of its five most similar members, not by one alone
FEW = 5


@dataclass(frozen=True)
class Near:
    """Another item, the group it belongs to, and how much it resembles the one looked at."""

    item_id: int
    repeat_id: int | None
    likeness: Likeness


@dataclass(frozen=True)
class Choice:
    """Where an item belongs: a group there is, or a new one with these single items; why, by the most similar one."""

    repeat_id: int | None = None
    founders: Sequence[Near] = field(default_factory=tuple)
    best: Near | None = None

    @property
    def is_any(self) -> bool:
        return self.best is not None


def choose(near: Sequence[Near], apart: Collection[int] = (), at: int | None = None) -> Choice:
    """The group that an item resembles most. `apart`: groups to which it does not belong; `at`: the one it is in.

    A group is preferred to single items, so that there are few groups; one as good as another keeps its members.
    """
    by_group: dict[int, list[Near]] = defaultdict(list)
    for each in sorted(near, key=lambda found: (-found.likeness.percent, found.item_id)):
        if each.repeat_id is not None and each.repeat_id not in apart:
            by_group[each.repeat_id].append(each)
    fitting = {key: found[0] for key, found in by_group.items() if _fits(found, is_kept=key == at)}
    if at in fitting:
        return Choice(at, best=fitting[at])
    if fitting:
        key = max(fitting, key=lambda group: (fitting[group].likeness.percent, -group))
        return Choice(key, best=fitting[key])
    singles = [each for each in near if each.repeat_id is None and each.likeness.percent >= SAME]
    if not singles:
        return Choice()
    singles.sort(key=lambda found: (-found.likeness.percent, found.item_id))
    return Choice(None, tuple(singles[:FEW]), singles[0])


def _fits(found: Sequence[Near], *, is_kept: bool) -> bool:
    """Whether the group as a whole is resembled; its members come the most similar first."""
    percents = [each.likeness.percent for each in found[:FEW]]
    return percents[0] >= (KEPT if is_kept else SAME) and sum(percents) / len(percents) >= MIDDLE


def shared(topics: Sequence[Collection[str]]) -> list[str]:
    """The topics that most of the members are about, those of most members first."""
    count: dict[str, int] = defaultdict(int)
    for each in topics:
        for topic in set(each):
            count[topic] += 1
    kept = [topic for topic, times in count.items() if times * 2 > len(topics)]
    return sorted(kept, key=lambda topic: (-count[topic], topic))
