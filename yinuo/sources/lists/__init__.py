"""The list of documents."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.customers import lists as customers_lists
from yinuo.kit.lists import Column, Filter, Sheet
from yinuo.sources import models
from yinuo.sources.queries import judging

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
    if edition.withdrawn_at is not None:
        return "quiet", pgettext("edition", "withdrawn")
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
