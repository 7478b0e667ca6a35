"""The lists of cited documents, of what is no longer so, and of the company's own entries of it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.customers import lists as customers_lists
from yinuo.kit import plugs
from yinuo.kit.lists import Column, Filter, Sheet
from yinuo.kit.rows import key_in
from yinuo.org import models as org
from yinuo.sources import models, queries
from yinuo.sources.queries import citing

CITED_GROUPS = {
    models.Reference.State.HELD: "done",
    models.Reference.State.UNDATED: "done",
    models.Reference.State.NEWER: "pending",
    models.Reference.State.OLDER: "suspect",
    models.Reference.State.OTHER: "pending",
    models.Reference.State.MISSING: "suspect",
    models.Reference.State.NAMED: "quiet",
    models.Reference.State.KNOWN: "done",
    models.Reference.State.NOT_NEEDED: "quiet",
}
OBSOLETE_GROUPS = {
    models.Obsolete.State.OPEN: "suspect",
    models.Obsolete.State.TOLD: "pending",
    models.Obsolete.State.DONE: "done",
    models.Obsolete.State.ACCEPTED: "done",
    models.Obsolete.State.NOT_MEANT: "quiet",
    models.Obsolete.State.GONE: "quiet",
}


def edition_words(said: str) -> str:
    """An edition as people of the reader's language say it: "ed. 4" is 第4版 to Chinese readers, "2017+A1" is 2017 with
    its first amendment."""
    base, plus, amendment = said.partition("+A")
    if plus:
        words = pgettext("edition of a cited document", "%(base)s with amendment %(n)s")
        return (words % {"base": edition_words(base), "n": amendment}).strip()
    if said.startswith("ed. "):
        return pgettext("edition of a cited document", "ed. %(n)s") % {"n": said[4:]}
    return said


def cited_badge(row: models.Reference) -> tuple[str, str]:
    return CITED_GROUPS[models.Reference.State(row.state)], row.get_state_display()


def obsolete_badge(row: models.Obsolete) -> tuple[str, str]:
    return OBSOLETE_GROUPS[models.Obsolete.State(row.state)], row.get_state_display()


def reference_rows(rows: QuerySet[models.Reference]) -> QuerySet[models.Reference]:
    """The rows with what the list shows."""
    return rows.select_related("held")


def _cited_by(rows: QuerySet[models.Reference], value: str) -> QuerySet[models.Reference]:
    """What the clauses of the documents of a customer, and of all below it, name."""
    documents = customers_lists.OF_CUSTOMER.apply(models.Document.objects.all(), value)
    cited = models.Citation.objects.filter(reference=OuterRef("pk"), text__edition__document__in=documents)
    return rows.filter(Exists(cited))


def _cited_in(rows: QuerySet[models.Reference], value: str) -> QuerySet[models.Reference]:
    """What the clauses of one document name."""
    cited = models.Citation.objects.filter(
        reference=OuterRef("pk"), text__edition__document=key_in(value) or 0
    ).exclude(text__edition__standing=models.Standing.SUPERSEDED)
    return rows.filter(Exists(cited))


def _documents(person: org.Person) -> list[tuple[str, str]]:
    """The documents that are offered to choose from, the newest first."""
    rows = queries.documents(person).filter(is_active=True).order_by("-added_at", "-pk")
    return [(str(pk), title) for pk, title in rows.values_list("pk", "title")[:200]]


CITED = Sheet(
    name="references",
    title=_("List of cited documents"),
    columns=(
        Column("designation", _("Cited document"), lambda row: row.designation, "link", sort="designation"),
        Column("edition", _("Edition said"), lambda row: edition_words(row.edition)),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), narrow=False),
        Column("state", pgettext_lazy("cited document", "What we hold"), cited_badge, "badge"),
        Column("held", _("Held edition"), lambda row: row.held.label if row.held else "", narrow=False),
        Column("clauses", _("Clauses"), lambda row: row.clauses, "number"),
    ),
    filters=(
        Filter(
            "text", _("Designation"), lambda rows, value: rows.filter(designation__icontains=value), kind="text"
        ),
        Filter(
            "state", pgettext_lazy("cited document", "What we hold"), lambda rows, value: rows.filter(state=value),
            lambda person: models.Reference.State.choices,
        ),
        Filter(
            "kind", _("Kind"), lambda rows, value: rows.filter(kind=value), lambda person: models.CitedKind.choices
        ),
        Filter("customer", _("Customer"), _cited_by, customers_lists.OF_CUSTOMER.choices),
        Filter("document", _("Document"), _cited_in, _documents),
    ),
    sorts={"designation": (_("By designation"), "designation", False)},
    further=(Column("reason", _("Reason"), lambda row: row.reason),),
    empty=_("No clause names another document yet. Citations are found when the clauses of an edition are accepted."),
)  # fmt: skip


def obsolete_list(rows: QuerySet[models.Obsolete]) -> QuerySet[models.Obsolete]:
    """The rows with what the list shows."""
    return rows.select_related("text__edition__document__customer", "customer", "by", "own")


def _entry_name(row: models.Obsolete) -> str:
    entry = citing.entry_of(row)
    return entry.name if entry else ""


def _successor(row: models.Obsolete) -> str:
    entry = citing.entry_of(row)
    return entry.successor if entry else ""


def _knowledge(row: models.Obsolete) -> str:
    entry = citing.entry_of(row)
    return entry.source if entry else ""


def _said_in(row: models.Obsolete) -> str:
    """Where it is said: document and clause, the customer's name, or words of another room."""
    if row.of_type:
        return row.of_label
    if row.text is None:
        return str(_("Name of the customer"))
    return f"{row.text.edition.document.title} {row.text.number}".strip()


def _said_by(row: models.Obsolete) -> str:
    customer = row.customer or (row.text.edition.document.customer if row.text else None)
    return customer.name if customer else ""


def _obsolete_of(rows: QuerySet[models.Obsolete], value: str) -> QuerySet[models.Obsolete]:
    """What the documents of a customer and of all below it say, and what these are called."""
    documents = customers_lists.OF_CUSTOMER.apply(models.Document.objects.all(), value)
    return rows.filter(Q(text__edition__document__in=documents) | Q(customer=key_in(value) or 0))


CLAUSES, NAMES = "clauses", "names"


def _places(person: org.Person) -> list[tuple[str, Any]]:
    """Where it may be said: clauses, names of customers, and the rooms that have told of their words."""
    said = [(plug.name, plug.en if (get_language() or "").startswith("en") else plug.zh) for plug in plugs.texts]
    return [(CLAUSES, _("Clauses")), (NAMES, _("Names of customers")), *said]


def _said_at(rows: QuerySet[models.Obsolete], value: str) -> QuerySet[models.Obsolete]:
    if value in (CLAUSES, NAMES):
        return rows.filter(of_type="", text__isnull=value == NAMES)
    return rows.filter(of_type=value)


OBSOLETE = Sheet(
    name="obsolete",
    title=_("Obsolescence check"),
    columns=(
        Column("printed", _("As it is said"), lambda row: row.printed, "link"),
        Column("entry", _("No longer so"), _entry_name, narrow=False),
        Column("successor", pgettext_lazy("obsolescence", "Successor"), _successor),
        Column("where", _("Where it is said"), _said_in),
        Column("customer", _("Customer"), _said_by, narrow=False),
        Column("state", _("State"), obsolete_badge, "badge"),
    ),
    filters=(
        Filter(
            "entry", _("No longer so"), lambda rows, value: rows.filter(entry=value),
            lambda person: [(each["entry"].key, each["entry"].name) for each in citing.groups(person)],
        ),
        Filter(
            "state", _("State"), lambda rows, value: rows.filter(state=value),
            lambda person: [each for each in models.Obsolete.State.choices if each[0] != models.Obsolete.State.GONE],
        ),
        Filter("place", _("Where it is said"), _said_at, _places),
        Filter("customer", _("Customer"), _obsolete_of, customers_lists.OF_CUSTOMER.choices),
    ),
    sorts={"newest": (_("Newest first"), "found_at", True), "entry": (_("By entry"), "entry", False)},
    further=(
        Column("source", _("Known from"), _knowledge),
        Column("reason", _("Reason"), lambda row: row.reason),
        Column("by", _("Settled by"), lambda row: row.by.name if row.by else ""),
        Column("at", _("Settled at"), lambda row: row.at, "moment"),
    ),
    empty=_("Nothing is out of date: no clause in force, no customer's name, no request speaks of what is withdrawn."),
)  # fmt: skip


_IN_USE, _OUT_OF_USE = pgettext_lazy("entry", "in use"), pgettext_lazy("entry", "out of use")

WITHDRAWN = Sheet(
    name="withdrawn",
    title=_("The company's own entries of what is withdrawn"),
    columns=(
        Column("name", _("No longer so"), lambda row: row.name, "link", sort="name"),
        Column("what", pgettext_lazy("obsolescence", "What happened"), lambda row: row.get_what_display()),
        Column("since", pgettext_lazy("obsolescence", "Since"), lambda row: row.since),
        Column("successor", pgettext_lazy("obsolescence", "Successor"), lambda row: row.successor),
        Column("source", _("Known from"), lambda row: row.source, narrow=False),
        Column(
            "is_active", _("In use"),
            lambda row: ("done", _IN_USE) if row.is_active else ("quiet", _OUT_OF_USE),
            "badge", narrow=False,
        ),
    ),
    filters=(
        Filter(
            "text", _("Name or successor"),
            lambda rows, value: rows.filter(Q(name__icontains=value) | Q(successor__icontains=value)), kind="text",
        ),
    ),
    sorts={"name": (_("By name"), "name", False)},
    further=(
        Column("also", _("Other names of it"), lambda row: row.also, "long"),
        Column("before", _("Only editions before"), lambda row: row.before),
    ),
    empty=_("The company has no entries of its own yet. Those that came with the program stand below."),
)  # fmt: skip
