"""What the company's rules of assignment say: of one case, of those of a past month."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yinuo.cases import definition, models
from yinuo.cases.engine import pools as pooling
from yinuo.cases.engine import ranking
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import conventions as convention_queries
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.cases.queries import roster as rosters
from yinuo.customers import models as customers
from yinuo.customers import rules as customers_rules
from yinuo.kit import words as kit_words
from yinuo.org import models as org
from yinuo.procedures.definition.shapes import Fact, Json
from yinuo.procedures.definition.tables import Row, Table
from yinuo.procedures.definition.texts import NOTHING, Text

MOST_TRIED = 500
PRIORITY_WORDS = {value: word for word, value in definition.PRIORITY_BY_WORD.items()}


@dataclass(frozen=True)
class Rules:
    """Pools and table of the company, with the words of what the table asks."""

    pools: Mapping[str, pooling.Pool]
    table: Table
    words: Mapping[str, Fact]

    @property
    def is_empty(self) -> bool:
        """Nothing was decided: the window to the customer owns what comes."""
        return not self.table.rows and not self.table.otherwise


@dataclass(frozen=True)
class Proposal:
    """What the rules say of one case: the pool with the reason, its people ranked."""

    choice: pooling.Choice
    ranked: tuple[ranking.Ranked, ...] = ()

    @property
    def first(self) -> ranking.Ranked | None:
        """Who gets it: the first, unless even they cannot take it."""
        return self.ranked[0] if self.ranked and self.ranked[0].fits else None

    @property
    def why(self) -> Text:
        """Why this person; without one, why nobody."""
        if self.first is not None:
            return self.first.why
        return ranking.nobody(self.ranked) if self.choice.pool else NOTHING


def rules(convention: models.Convention | None = None) -> Rules:
    """The rules in force, or those of a convention that is not stored yet."""
    it = convention or convention_queries.convention()
    table, _faults = pooling.table_of(it.assignment)
    return Rules(pooling.pools_of(it.pools), table, _words(table))


def _words(table: Table) -> dict[str, Fact]:
    """The facts with the words of their values; of customers and sites only those that the table names."""
    named = {
        str(value)
        for row in table.rows
        for condition in row.when
        for value in (condition.value if isinstance(condition.value, tuple) else (condition.value,))
    }
    values: dict[str, dict[str, Text]] = {
        "cases.kind": {str(key): Text(*kit_words.both(label)) for key, label in models.Kind.choices},
        "cases.priority": {
            word: Text(*kit_words.both(models.Priority(value).label))
            for word, value in definition.PRIORITY_BY_WORD.items()
        },
        "cases.channel": {str(key): Text(*kit_words.both(label)) for key, label in models.Channel.choices},
    }
    rows: dict[str, Any] = {"cases.customers": customers.Customer.objects, "cases.site": org.Site.objects}
    for name, all_rows in rows.items():
        if any(condition.field == name for row in table.rows for condition in row.when):
            found = all_rows.filter(code__in=named).values_list("code", "name_zh", "name_en")
            values[name] = {code: Text(zh or en, en or zh) for code, zh, en in found}
    return {name: replace(fact, values=values.get(name, {})) for name, fact in pooling.FACTS.items()}


def rows_in_words(said: Rules) -> list[tuple[Row, Text]]:
    """The rows of the table, each with what it asks."""
    return [(row, pooling.words_of(row, said.words)) for row in said.table.rows]


def is_assigned(case: models.Case) -> bool:
    """Whether the rules had a say in whose the case is."""
    return models.Assignment.objects.filter(case=case).exists()


def facts_of(case: models.Case, families: Collection[str]) -> dict[str, Json]:
    """What the table may ask about a case."""
    return {
        "cases.kind": str(case.kind),
        "cases.priority": PRIORITY_WORDS[definition.Priority(case.priority)],
        "cases.is_safety": case.is_safety,
        "cases.channel": str(case.channel),
        "cases.customers": [*customers_rules.codes_of(case.customer.path)],
        "cases.site": case.site.code if case.site else None,
        "cases.families": [*sorted(families)],
    }


def proposal(case: models.Case, products: Sequence[customers.Product], now: datetime) -> Proposal | None:
    """Who would get the case now, stored or not; None where the company has no rules. Its own work is no load."""
    if not convention_queries.convention().assignment:
        return None
    said = rules()
    if said.is_empty:
        return None
    choice = _choice(said, case, lesson_queries.families_of(products))
    if choice.pool is None:
        return Proposal(choice)
    roster = rosters.read([choice.pool], [case.customer_id], now, without=[case.pk] if case.pk else ())
    return Proposal(choice, _ranked(roster, choice.pool, case, now))


def _choice(said: Rules, case: models.Case, families: Collection[str]) -> pooling.Choice:
    return pooling.choose(said.pools, said.table, facts_of(case, families), said.words)


def _ranked(
    roster: rosters.Roster, pool: pooling.Pool, case: models.Case, at: datetime, more: Counter[int] | None = None
) -> tuple[ranking.Ranked, ...]:
    return ranking.rank(
        roster.candidates(pool, case, at, more),
        is_top=case.priority == definition.Priority.TOP,
        skill=roster.skills.get(pool.skill, NOTHING),
        has_site=case.site_id is not None,
    )


def members(said: Rules, now: datetime) -> dict[str, list[tuple[org.Person, int, datetime | None]]]:
    """Who is of each pool today, with the level, and until when they are away."""
    roster, on = rosters.read(said.pools.values(), (), now), now.astimezone(org.zone_of(None)).date()
    return {
        key: [
            (each.person, level, each.absent_until(now))
            for each in roster.people
            if (level := each.level_in(pool, on)) is not None
        ]
        for key, pool in said.pools.items()
    }


def assignments_of(case: models.Case) -> list[models.Assignment]:
    """To whom the case was given by the rules or against them, the latest first."""
    return list(models.Assignment.objects.filter(case=case).select_related("chosen", "by").order_by("-pk"))


def offered() -> dict[str, Any]:
    """Pools and table to begin with, from the skills on record; empty pools where there are none."""
    wanted = convention_queries.convention().skills
    kinds = {str(kind): str(wanted.get(kind, kind)) for kind in models.Kind.values}
    found = org.Skill.objects.filter(code__in=set(kinds.values())).values_list("code", "name_zh", "name_en")
    skills = {code: Text(zh or en, en or zh) for code, zh, en in found}
    names = {str(key): Text(*kit_words.both(label)) for key, label in models.Kind.choices}
    return pooling.start(skills, kinds, names)


# What would have happened ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """One past case: what the rules give, and who had it."""

    case: models.Case
    proposal: Proposal


@dataclass(frozen=True)
class Trial:
    """Past cases under rules, newest first. `counts`: name → (had, gets); `by_row`: row → how many; `total` may be
    more than were looked at."""

    tried: list[Tried]
    counts: list[tuple[str, int, int]]
    by_row: list[tuple[int, Text, int, int]]
    total: int

    @property
    def unmatched(self) -> list[Tried]:
        return [each for each in self.tried if each.proposal.first is None]

    @property
    def is_whole(self) -> bool:
        return self.total == len(self.tried)


def trial(person: org.Person, said: Rules, *, since: datetime, until: datetime, now: datetime) -> Trial:
    """What rules would have made of the cases registered from `since` to `until`, as far as the person may see them.

    The cases come one after the other as they did. Absences count as of that moment; skills, posts and rights as of
    today; a person's load is today's other work and what the trial has already given them.
    """
    rows = case_queries.cases(person).filter(registered_at__gte=since, registered_at__lt=until)
    latest = rows.select_related("customer", "site", "owner").prefetch_related("products").order_by("-pk")
    looked_at = list(latest.defer("text", "remark")[:MOST_TRIED])
    roster = rosters.read(
        said.pools.values(), {each.customer_id for each in looked_at}, now, since=since,
        without=[each.pk for each in looked_at],
    )  # fmt: skip
    given: Counter[int] = Counter()
    tried = []
    for case in reversed(looked_at):
        choice = _choice(said, case, lesson_queries.families_of(list(case.products.all())))
        ranked = _ranked(roster, choice.pool, case, case.registered_at, given) if choice.pool else ()
        found = Proposal(choice, ranked)
        if found.first is not None:
            given[found.first.candidate.person] += 1
        tried.append(Tried(case, found))
    return Trial(tried[::-1], _counts(tried), _by_row(said, tried), rows.count())


def _counts(tried: Iterable[Tried]) -> list[tuple[str, int, int]]:
    had = Counter(each.case.owner.name if each.case.owner else "" for each in tried)
    gets = Counter(each.proposal.first.candidate.name if each.proposal.first else "" for each in tried)
    names = sorted(had | gets, key=lambda name: (name == "", -gets[name], -had[name], name))
    return [(name, had[name], gets[name]) for name in names]


def _by_row(said: Rules, tried: Sequence[Tried]) -> list[tuple[int, Text, int, int]]:
    """Each row with how many cases it decided, and for how many of these nobody was found."""
    all_of = Counter(each.proposal.choice.row for each in tried)
    none_of = Counter(each.proposal.choice.row for each in tried if each.proposal.first is None)
    places = [*range(len(said.table.rows)), -1]
    return [(at, _row_words(said, at), all_of[at], none_of[at]) for at in places]


def _row_words(said: Rules, at: int) -> Text:
    return pooling.words_of(said.table.rows[at], said.words) if at >= 0 else Text("其他情况", "otherwise")
