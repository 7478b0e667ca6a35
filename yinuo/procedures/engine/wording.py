"""What a definition says, in words: who, when, how it may turn out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import (
    SKIP,
    Definition,
    Due,
    EffectCall,
    Escalation,
    Fact,
    Form,
    Outcome,
    Span,
    Unit,
    Who,
)
from yinuo.procedures.definition.tables import Table
from yinuo.procedures.definition.texts import NOTHING, Text

UNIT_WORDS: dict[Unit, Text] = {
    "working_days": Text("个工作日", "working days"),
    "working_hours": Text("个工作小时", "working hours"),
    "calendar_hours": Text("个小时", "hours"),
}
YES, NO = Text("是", "yes"), Text("否", "no")
SUPERIOR = Text("责任者的上级", "the superior of the responsible")
NONE = Text("无", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words for what a definition speaks of. `names`: those of parties ("post:quality_manager"), finders
    ("finder:customers.window"), effects and events, as the company calls them."""

    names: Mapping[str, Text]
    facts: Mapping[str, Fact]
    steps: Mapping[str, Text]
    forms: Mapping[str, Form]
    statuses: Mapping[str, Text]
    phases: Mapping[str, Text]

    def named(self, name: str) -> Text:
        """The words for a name of `names`; the bare name when it has none."""
        bare = name.partition(":")[2]
        return self.names.get(name) or Text(bare, bare)


def words_of(definition: Definition, names: Mapping[str, Text]) -> Words:
    """The words of one definition."""
    return Words(
        names=names,
        facts=rules.fact_words(definition),
        steps={key: place.block.title for key, place in walking.plan_of(definition).places.items()},
        forms={form.key: form for form in definition.forms},
        statuses={status.key: status.title for status in definition.statuses},
        phases={phase.key: phase.title for phase in definition.phases},
    )


def joined(texts: Iterable[Text], zh: str = "、", en: str = ", ") -> Text:
    """Several words as a list; nothing = none."""
    found = list(texts)
    return Text(zh.join(text.zh for text in found), en.join(text.en for text in found)) if found else NONE


def quoted(text: Text) -> Text:
    """Words in quotation marks."""
    return Text(f"“{text.zh}”", f"“{text.en}”")


def who(it: Who | None, words: Words) -> Text:
    """Who is responsible, with whom it goes to when nobody is found."""
    if it is None:
        return NONE
    if it.kind == "superior":
        return SUPERIOR
    if it.kind == "each":
        first, _, rest = it.name.partition(".")
        said = Text(f"逐项指定的责任者（{rest or first}）", f"whoever each item names ({rest or first})")
    elif it.kind == "role":
        team, _, role = it.name.partition(":")
        named = words.named(f"team:{team}")
        said = words.names.get(it.party) or Text(f"{named.zh}·{role}", f"{named.en}, {role}")
    else:
        said = words.named(it.party)
    if it.fallback is None:
        return said
    other = who(it.fallback, words)
    return Text(f"{said.zh}，无人时为{other.zh}", f"{said.en}, else {other.en}")


def number(value: float) -> str:
    """A number without needless digits."""
    return f"{value:g}"


def span(it: Span | None) -> Text:
    """An amount of time."""
    if it is None:
        return NONE
    unit = UNIT_WORDS[it.unit]
    en = unit.en[:-1] if abs(it.amount) == 1 else unit.en
    return Text(f"{number(it.amount)} {unit.zh}", f"{number(it.amount)} {en}")


def due(it: Due | None, words: Words) -> Text:
    """When something is due."""
    if it is None:
        return Text("无期限", "no due time")
    said = span(it.span)
    if not it.after:
        return said
    fact = words.facts.get(it.after)
    after = fact.title if fact else Text(it.after, it.after)
    return Text(f"{quoted(after).zh}起 {said.zh}", f"{said.en} from {after.en} on")


def reminder(it: Span) -> Text:
    """When somebody is reminded."""
    if not it.amount:
        return Text("到期当天", "on the day itself")
    said = span(it)
    return Text(f"到期前 {said.zh}", f"{said.en} before")


def escalation(it: Escalation, words: Words) -> Text:
    """Who is told, and when."""
    after, to = span(it.after), who(it.to, words)
    return Text(f"逾期 {after.zh}报{to.zh}", f"{after.en} overdue: {to.en}")


def effect(it: EffectCall, words: Words) -> Text:
    """What the program does."""
    return words.named(f"effect:{it.name}")


def outcome(it: Outcome, words: Words) -> Text:
    """One way something may turn out."""
    if it.then == "go_on":
        return it.label
    if it.then == "end":
        return Text(f"{it.label.zh}（终止）", f"{it.label.en} (ends)")
    to = words.steps.get(it.to, Text(it.to, it.to))
    return Text(f"{it.label.zh}（退回{quoted(to).zh}）", f"{it.label.en} (back to {quoted(to).en})")


def table(it: Table | None, words: Words, outcomes: Mapping[str, Text]) -> Text:
    """A decision table, row by row."""
    if it is None:
        return NONE

    def leads(name: str) -> Text:
        if name == SKIP:
            return Text("跳过", "skip")
        return outcomes.get(name) or Text(name, name)

    rows = []
    for row in it.rows:
        when, then = rules.row_words(row.when, words.facts), leads(row.then)
        rows.append(Text(f"{when.zh} → {then.zh}", f"{when.en} → {then.en}"))
    if it.otherwise:
        last = leads(it.otherwise)
        rows.append(Text(f"其余 → {last.zh}", f"otherwise → {last.en}"))
    return joined(rows, "；", "; ")


def yes(value: bool) -> Text:
    return YES if value else NO


def form(key: str, words: Words) -> Text:
    """A form by number and title."""
    found = words.forms.get(key)
    if found is None:
        return Text(key, key) if key else NONE
    return Text(f"{found.number} {found.title.zh}", f"{found.number} {found.title.en}")


def of(key: str, known: Mapping[str, Text]) -> Text:
    """The words for a key of a mapping."""
    return known.get(key) or (Text(key, key) if key else NOTHING)
