"""The list of documents."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.customers import lists as customers_lists
from yinuo.kit.lists import Column, Filter, Sheet
from yinuo.kit.rows import key_in
from yinuo.org import models as org
from yinuo.sources import models, queries
from yinuo.sources.queries import citing, judging

STANDING_GROUPS = {
    models.Standing.DRAFT: "pending",
    models.Standing.ROUND: "pending",
    models.Standing.SIGNED: "active",
    models.Standing.IN_FORCE: "done",
    models.Standing.SUPERSEDED: "quiet",
}
CLAUSES_GROUPS = {
    models.Edition.Clauses.READING: "active",
    models.Edition.Clauses.FAILED: "late",
    models.Edition.Clauses.DRAFT: "pending",
    models.Edition.Clauses.ACCEPTED: "done",
}


STATE_GROUPS = {
    models.Judgement.State.PROPOSED: "pending",
    models.Judgement.State.CARRIED: "suspect",
    models.Judgement.State.DECIDED: "done",
}


NATURES = {  # as short as stands on a button
    models.Nature.SPECIFIC: pgettext_lazy("nature", "Specific"),
    models.Nature.OTHER: pgettext_lazy("nature", "Other"),
    models.Nature.INFORMATIVE: pgettext_lazy("nature", "Informative"),
    models.Nature.COMMERCIAL: pgettext_lazy("nature", "Commercial"),
}


def judgement_badge(judgement: models.Judgement | None) -> tuple[str, str]:
    """How far it is decided what a clause is."""
    if judgement is None:
        return "quiet", gettext("not judged")
    return STATE_GROUPS[models.Judgement.State(judgement.state)], judgement.get_state_display()


def standing_badge(edition: models.Edition) -> tuple[str, str]:
    """What an edition is worth; a round of negotiation with its number."""
    words = edition.get_standing_display()
    if edition.standing == models.Standing.ROUND:
        words = f"{words} {edition.round}"
    return STANDING_GROUPS[models.Standing(edition.standing)], words


def clauses_badge(edition: models.Edition) -> tuple[str, str]:
    return CLAUSES_GROUPS[models.Edition.Clauses(edition.clauses)], edition.get_clauses_display()


def document_rows(rows: QuerySet[models.Document]) -> QuerySet[models.Document]:
    """The rows with what the list shows."""
    return rows.select_related("customer", "current")


def _clauses(row: models.Document) -> tuple[str, str] | None:
    return clauses_badge(row.current) if row.current else None


def _received(row: models.Document) -> date | None:
    return row.current.received_on if row.current else None


def _called(rows: QuerySet[models.Document], value: str) -> QuerySet[models.Document]:
    return rows.filter(Q(title__icontains=value) | Q(number__icontains=value))


DOCUMENTS = Sheet(
    name="documents",
    title=_("List of customers' documents"),
    columns=(
        Column("title", _("Document"), lambda row: row.title, "link", sort="title"),
        Column("number", pgettext_lazy("document", "Number"), lambda row: row.number),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), narrow=False),
        Column("customer", _("Customer"), lambda row: row.customer.name if row.customer else ""),
        Column("edition", _("Edition"), lambda row: row.current.label if row.current else ""),
        Column("received", pgettext_lazy("edition", "Received"), _received, "day", narrow=False),
        Column("clauses", _("Clauses"), _clauses, "badge"),
    ),
    filters=(
        Filter("text", _("Title or number"), _called, kind="text"),
        Filter(
            "kind", _("Kind"), lambda rows, value: rows.filter(kind=value), lambda person: models.DocumentKind.choices
        ),
        Filter(
            "clauses", _("Clauses"), lambda rows, value: rows.filter(current__clauses=value),
            lambda person: models.Edition.Clauses.choices,
        ),
        customers_lists.OF_CUSTOMER,
    ),
    sorts={"newest": (_("Newest first"), "added_at", True), "title": (_("By title"), "title", False)},
    empty=_("No document is on record yet. Add the first one: a customer's manual, an agreement, a law."),
)  # fmt: skip


def clause_rows(rows: QuerySet[models.ClauseText]) -> QuerySet[models.ClauseText]:
    """The rows with what the list shows."""
    rows = rows.select_related("edition__document__customer", "clause__judgement")
    return rows.prefetch_related(Prefetch("clause__mappings", judging.ACCEPTED, to_attr="accepted"))


def _of_customer(rows: QuerySet[models.ClauseText], value: str) -> QuerySet[models.ClauseText]:
    """Clauses of the documents of a customer and of all below it."""
    documents = customers_lists.OF_CUSTOMER.apply(models.Document.objects.all(), value)
    return rows.filter(edition__document__in=documents)


def _says(row: models.ClauseText) -> str:
    """The beginning of what a clause says; its page and the file of the list have all of it."""
    return " ".join(f"{row.title} {row.text[:200]}".split())


def _language(row: models.ClauseText) -> str:
    return str(row.edition.language)


def _whose(row: models.ClauseText) -> str:
    customer = row.edition.document.customer
    return customer.name if customer else ""


def judgement_of(row: models.ClauseText) -> models.Judgement | None:
    return getattr(row.clause, "judgement", None)


def _nature(row: models.ClauseText) -> str:
    held = judgement_of(row)
    return str(NATURES[models.Nature(held.nature)]) if held else ""


def _belongs(row: models.ClauseText) -> str:
    """The clauses of the standard to which somebody said that it belongs."""
    return "、".join(each.target_text.number for each in row.clause.accepted)  # type: ignore[attr-defined]


def _translated(row: models.ClauseText) -> str:
    return "\n".join(f"{each.title}\n{each.body}".strip() for each in row.translations.all())


def _in_state(rows: QuerySet[models.ClauseText], value: str) -> QuerySet[models.ClauseText]:
    return rows.filter(**({"clause__judgement": None} if value == "none" else {"clause__judgement__state": value}))


def _belonging(rows: QuerySet[models.ClauseText], value: str) -> QuerySet[models.ClauseText]:
    """Clauses that belong to this clause of the standard or to one below it."""
    mine = judging.ACCEPTED.filter(target_text__number__startswith=value.strip())
    return rows.filter(clause__in=mine.order_by().values("clause"))


CLAUSES = Sheet(
    name="clauses",
    title=_("List of clauses"),
    columns=(
        Column("number", pgettext_lazy("clause", "Number"), lambda row: row.number or "–", "link"),
        Column("says", pgettext_lazy("clause", "Text"), _says, export=False, language=_language),
        Column("nature", pgettext_lazy("clause", "Nature"), _nature),
        Column("iatf", _("IATF 16949 clause"), _belongs),
        Column("state", pgettext_lazy("clause", "Judgement"), lambda row: judgement_badge(judgement_of(row)), "badge"),
        Column("effective", pgettext_lazy("clause", "Holds from"), lambda row: row.effective_on, "day", narrow=False),
        Column("document", _("Document"), lambda row: row.edition.document.title),
        Column("edition", _("Edition"), lambda row: row.edition.label, narrow=False),
        Column("customer", _("Customer"), _whose, narrow=False),
        Column("page", pgettext_lazy("clause", "Page"), lambda row: row.page or "", narrow=False),
    ),
    filters=(
        Filter(
            "number", pgettext_lazy("clause", "Number"),
            lambda rows, value: rows.filter(number__istartswith=value), kind="text",
        ),
        Filter("iatf", _("IATF 16949 clause"), _belonging, kind="text"),
        Filter(
            "nature", pgettext_lazy("clause", "Nature"),
            lambda rows, value: rows.filter(clause__judgement__nature=value), lambda person: list(NATURES.items()),
        ),
        Filter(
            "state", pgettext_lazy("clause", "Judgement"), _in_state,
            lambda person: [*models.Judgement.State.choices, ("none", _("not judged"))],
        ),
        Filter(
            "kind", _("Kind"), lambda rows, value: rows.filter(edition__document__kind=value),
            lambda person: models.DocumentKind.choices,
        ),
        Filter("customer", _("Customer"), _of_customer, customers_lists.OF_CUSTOMER.choices),
    ),
    sorts={"document": (_("By document"), "id", False)},
    further=(
        Column("title", pgettext_lazy("clause", "Title"), lambda row: row.title),
        Column("text", pgettext_lazy("clause", "Text"), lambda row: row.text, "long"),
        Column("reason", pgettext_lazy("judgement", "Reason"), lambda row: getattr(judgement_of(row), "reason", "")),
        Column("translation", pgettext_lazy("clause", "Translation"), _translated, "long"),
    ),
    whole=lambda rows: rows.prefetch_related("translations"),
    empty=_("No clause is accepted yet. Check the clauses of a document and accept them."),
)  # fmt: skip


# What clauses name ----------------------------------------------------------------------------------------------------

CITED_GROUPS = {
    models.Reference.State.HELD: "done",
    models.Reference.State.UNDATED: "done",
    models.Reference.State.NEWER: "pending",
    models.Reference.State.OLDER: "suspect",
    models.Reference.State.OTHER: "pending",
    models.Reference.State.MISSING: "suspect",
    models.Reference.State.NOT_NEEDED: "quiet",
}
OBSOLETE_GROUPS = {
    models.Obsolete.State.OPEN: "suspect",
    models.Obsolete.State.TOLD: "pending",
    models.Obsolete.State.ACCEPTED: "done",
    models.Obsolete.State.GONE: "quiet",
}


def edition_words(said: str) -> str:
    """An edition as people of the reader's language say it: "ed. 4" is 第4版 to Chinese readers."""
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
    """Where it is said: document and clause, or the customer's name."""
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
        Filter("customer", _("Customer"), _obsolete_of, customers_lists.OF_CUSTOMER.choices),
    ),
    sorts={"newest": (_("Newest first"), "found_at", True), "entry": (_("By entry"), "entry", False)},
    further=(
        Column("source", _("Known from"), _knowledge),
        Column("reason", _("Reason"), lambda row: row.reason),
        Column("by", _("Settled by"), lambda row: row.by.name if row.by else ""),
        Column("at", _("Settled at"), lambda row: row.at, "moment"),
    ),
    empty=_("Nothing is out of date: no clause in force, no customer's name speaks of what is withdrawn or renamed."),
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
    empty=_("The company has no entries of its own yet. Those that came with the program stand below."),
)  # fmt: skip
