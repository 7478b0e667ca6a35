"""What one edition names, document by document: how each stands with us, and what of it is withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from yinuo.org import models as org
from yinuo.sources import models
from yinuo.sources.queries import SEE
from yinuo.sources.queries import citing as reading
from yinuo.sources.rules import citing, obsolete

State = models.Reference.State
MISSING, OTHER, WITHDRAWN, NAMED, SETTLED, HELD = "missing", "other", "withdrawn", "named", "settled", "held"
GROUPS = (MISSING, OTHER, WITHDRAWN, NAMED, SETTLED, HELD)  # what is to be done comes first
CLOSED = (SETTLED, HELD)
OF_STATE = {
    State.MISSING: MISSING,
    State.OLDER: OTHER,
    State.OTHER: OTHER,
    State.NEWER: WITHDRAWN,
    State.NAMED: NAMED,
    State.KNOWN: SETTLED,
    State.NOT_NEEDED: SETTLED,
    State.HELD: HELD,
    State.UNDATED: HELD,
}


@dataclass
class Named:
    """A document that an edition names, the clauses that do, and the entry by which it is withdrawn, if one is."""

    reference: models.Reference
    entry: obsolete.Entry | None
    texts: list[models.ClauseText] = field(default_factory=list)

    @property
    def group(self) -> str:
        """How it stands. What is withdrawn is so whether we hold it or not, until somebody has said it is settled."""
        own = OF_STATE[State(self.reference.state)]
        return WITHDRAWN if self.entry is not None and own != SETTLED else own


def named_in(person: org.Person, edition: models.Edition) -> list[Named]:
    """The documents that the accepted clauses of an edition name, what is to be done first, then by designation."""
    rows = person.visible(models.Citation.objects.filter(text__edition=edition), SEE)
    rows = rows.select_related("reference__document", "reference__held", "reference__thread", "text__edition")
    by_key = _by_key(reading.entries())
    found: dict[int, Named] = {}
    for row in rows.order_by("text__place", "start"):
        named = found.get(row.reference_id)
        if named is None:
            named = found[row.reference_id] = Named(row.reference, _entry(by_key, row.reference))
        if not named.texts or named.texts[-1].pk != row.text_id:
            named.texts.append(row.text)
    return sorted(found.values(), key=lambda each: (GROUPS.index(each.group), str(each.reference.designation)))


def counted(found: Iterable[Named]) -> list[tuple[str, int]]:
    """How many documents stand how, in the order of the groups."""
    groups = [each.group for each in found]
    return [(group, groups.count(group)) for group in GROUPS if group in groups]


def _by_key(entries: Iterable[obsolete.Entry]) -> dict[str, list[obsolete.Entry]]:
    found: dict[str, list[obsolete.Entry]] = {}
    for entry in entries:
        for each in entry.designations:
            found.setdefault(citing.key_of(each), []).append(entry)
    return found


def _entry(by_key: dict[str, list[obsolete.Entry]], row: models.Reference) -> obsolete.Entry | None:
    """The entry that speaks of a document in the edition that is said."""
    of_it = by_key.get(citing.key_of(row.designation), ())
    return next((each for each in of_it if obsolete.speaks_of(each, row.edition)), None)
