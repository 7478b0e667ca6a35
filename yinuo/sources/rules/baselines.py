"""What becomes of customers' clauses when a standard gets a new edition: who follows by itself, who is asked."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from yinuo.sources.rules import standards
from yinuo.sources.rules.comparing import Kind

FOLLOWS, CHOSEN, KEPT, DROPPED, WAITS = "follows", "chosen", "kept", "dropped", "waits"
WITH_REASON = (KEPT, DROPPED)


def act_of(kind: str, decided: str) -> str:
    """What becomes of a row: what was decided, else whether its clause goes on as it was."""
    if decided and decided != WAITS:
        return decided
    return FOLLOWS if kind in standards.FOLLOWING else WAITS


def proposed(kind: str, targets: Sequence[int]) -> list[int]:
    """Which clauses of the new edition are ticked before anybody has decided: the only one there is."""
    return list(targets) if len(targets) == 1 and kind in (Kind.REWORDED, Kind.MERGED, *standards.FOLLOWING) else []


def digest_of(rows: Iterable[Sequence[object]]) -> str:
    """What a signature covers: every row with its clause before, its clauses behind and what was decided."""
    text = json.dumps(sorted(map(list, rows), key=str), ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def candidates(title: str, other: str, said: Iterable[tuple[int, str]]) -> list[int]:
    """Texts, by their keys, that speak of what a new clause is called in one of the languages."""
    names = [name for each in (title, other) if len(name := standards.bare(each.split("—")[0].split("——")[0])) > 2]
    return [key for key, words in said if any(name in standards.bare(words) for name in names)]
