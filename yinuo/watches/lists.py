"""The list of watched pages."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import lists as customers_lists
from yinuo.kit.lists import Column, Filter, Sheet, Words
from yinuo.watches import models
from yinuo.watches.definition import Trouble

GROUPS = {
    models.State.NEW: "pending",
    models.State.UNCHANGED: "quiet",
    models.State.CHANGED: "active",
    models.State.UNREACHABLE: "suspect",
}
OUTCOMES = {
    models.Outcome.FIRST: "quiet",
    models.Outcome.SAME: "quiet",
    models.Outcome.CHANGED: "active",
    models.Outcome.BACK: "quiet",
    models.Outcome.FAILED: "suspect",
}


def state_badge(row: models.Page) -> tuple[str, Words]:
    """How a page stands; out of use when it is not watched any more."""
    return (GROUPS[models.State(row.state)], row.get_state_display()) if row.is_active else customers_lists.OUT_OF_USE


def outcome_badge(visit: models.Visit) -> tuple[str, Words]:
    return OUTCOMES[models.Outcome(visit.outcome)], visit.get_outcome_display()


TROUBLES: dict[str, Words] = {
    Trouble.AWAY: _("nobody answers under this address"),
    Trouble.INSIDE: _("the address leads into the company’s own network: not fetched"),
    Trouble.SLOW: _("no whole answer came in time"),
    Trouble.TOO_LARGE: _("larger than %(about)s: not read"),
    Trouble.BOMB: _("unpacked it would be larger than %(about)s: not read"),
    Trouble.PACKED: _("packed in a way that is not known (%(about)s)"),
    Trouble.HOPS: _("sends from one address to the next without end"),
    Trouble.BROKEN: _("the answer was broken off"),
    Trouble.STATUS: _("the server refused it (%(about)s)"),
    Trouble.NO_TEXT: _("shows no text without running its scripts: watch it by eye"),
    Trouble.SELECTOR_GONE: _("the CSS selector “%(about)s” finds nothing on the page: choose the part anew"),
    Trouble.PART_GONE: _("the phrases that mark the part are not there any more"),
}


def trouble_of(visit: models.Visit) -> str:
    """Why a visit brought nothing."""
    words = str(TROUBLES.get(visit.trouble, ""))
    return words % {"about": visit.about} if "%(about)s" in words else words


def page_rows(rows: QuerySet[models.Page]) -> QuerySet[models.Page]:
    """The rows with what the list shows."""
    return rows.select_related("customer", "document", "keeper", "deputy").prefetch_related("others")


def others_of(row: models.Page) -> str:
    """Everybody who is told besides the keeper."""
    return "、".join(each.name for each in (*([row.deputy] if row.deputy else []), *row.others.all()))


def _called(rows: QuerySet[models.Page], value: str) -> QuerySet[models.Page]:
    return rows.filter(Q(name__icontains=value) | Q(address__icontains=value))


PAGES = Sheet(
    name="watched_pages",
    title=_("List of watched pages"),
    columns=(
        Column("name", _("Page"), lambda row: row.name, "link", sort="name"),
        Column("customer", _("Customer"), lambda row: row.customer.name if row.customer else ""),
        Column("document", _("Document"), lambda row: row.document.title if row.document else "", narrow=False),
        Column("state", _("State"), state_badge, "badge"),
        Column("since", pgettext_lazy("watch", "Since"), lambda row: row.since, "moment", sort="since"),
        Column("last", _("Last visit"), lambda row: row.last_at, "moment", narrow=False),
        Column("every", _("How often"), lambda row: row.get_every_display(), narrow=False),
        Column("keeper", _("Who is told"), lambda row: row.keeper.name, "person"),
        Column("others", _("Others who are told"), others_of, narrow=False),
    ),
    filters=(
        Filter("text", _("Page or address"), _called, kind="text"),
        Filter(
            "state", _("State"), lambda rows, value: rows.filter(state=value), lambda person: models.State.choices
        ),
        customers_lists.OF_CUSTOMER,
        customers_lists.ACTIVE,
    ),
    sorts={"newest": (_("Latest change first"), "since", True), "name": (_("By name"), "name", False)},
    empty=_("No page is watched yet. Add the first one: where a customer or a standards body publishes new editions."),
    further=(
        Column("address", _("Address"), lambda row: row.address),
        Column("note", _("Note"), lambda row: row.note, "long"),
    ),
)  # fmt: skip
