"""The lists of all talks and of all mails."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import lists as customers_lists
from yinuo.kit.lists import Column, Filter, Sheet, Words
from yinuo.kit.rows import key_in
from yinuo.letters import models

STATE_GROUPS = {
    models.ThreadState.OPEN: "active",
    models.ThreadState.WAITING: "pending",
    models.ThreadState.CLOSED: "done",
}
LETTER_GROUPS = {
    models.LetterState.DRAFT: "pending",
    models.LetterState.RELEASED: "active",
    models.LetterState.SENT: "done",
    models.LetterState.RECEIVED: "done",
    models.LetterState.WITHDRAWN: "quiet",
}
CONFIRMATION_GROUPS = {
    models.Confirmation.WAITING: "suspect",
    models.Confirmation.CONFIRMED: "done",
    models.Confirmation.REFUSED: "late",
}


def _with(rows: QuerySet[models.Thread], value: str) -> QuerySet[models.Thread]:
    """Talks with a letter in a certain situation."""
    letters = models.Letter.objects.filter(thread=OuterRef("pk"))
    if value == "to_release":
        return rows.filter(Exists(letters.filter(state=models.LetterState.DRAFT, asked_at__isnull=False)))
    if value == "to_send":
        return rows.filter(Exists(letters.filter(state=models.LetterState.RELEASED)))
    if value == "unconfirmed":
        return rows.filter(Exists(letters.filter(confirmation=models.Confirmation.WAITING)))
    return rows


THREADS = Sheet(
    name="talks",
    title=_("List of talks"),
    columns=(
        Column("title", _("Matter"), lambda row: row.title, "link"),
        Column("customer", _("Customer"), lambda row: row.customer.name),
        Column("purpose", _("Purpose"), lambda row: row.get_purpose_display(), narrow=False),
        Column("about", pgettext_lazy("talk", "About"), lambda row: row.subject_label, narrow=False),
        Column(
            "state",
            _("State"),
            lambda row: (STATE_GROUPS[models.ThreadState(row.state)], row.get_state_display()),
            "badge",
        ),
        Column(
            "due",
            _("Answer due"),
            lambda row: (row.due_at, row.state == models.ThreadState.CLOSED) if row.due_at else None,
            "due",
            sort="due_at",
        ),
        Column("last", pgettext_lazy("talk", "Last"), lambda row: row.last_at, "moment", sort="last_at"),
    ),
    filters=(
        Filter("text", _("Matter"), lambda rows, value: rows.filter(title__icontains=value), kind="text"),
        Filter(
            "state",
            _("State"),
            lambda rows, value: rows.filter(state=value),
            lambda person: models.ThreadState.choices,
        ),
        Filter(
            "purpose",
            _("Purpose"),
            lambda rows, value: rows.filter(purpose=value),
            lambda person: models.Purpose.choices,
        ),
        customers_lists.OF_CUSTOMER,
        Filter(
            "with",
            _("Waiting for"),
            _with,
            lambda person: [
                ("to_release", _("a release")),
                ("to_send", _("being sent")),
                ("unconfirmed", _("a written confirmation")),
            ],
        ),
    ),
    sorts={"last": (_("Latest first"), "last_at", True), "due": (_("By due date"), "due_at", False)},
    empty=_("No talk with a customer is on record yet. Open one from a request."),
)


MAIL_GROUPS = {
    models.Mail.Outcome.SORTING: "active",
    models.Mail.Outcome.TALK: "done",
    models.Mail.Outcome.KEPT: "quiet",
}


def outcome_badge(row: models.Mail) -> tuple[str, Words]:
    """What became of a mail."""
    return MAIL_GROUPS[models.Mail.Outcome(row.outcome)], row.get_outcome_display()


def kind_badge(row: models.Mail) -> tuple[str, Words]:
    """What it is; who wrote from an address that nobody knows stands out."""
    if row.is_unknown:
        return "suspect", _("unknown sender")
    return "quiet", row.get_kind_display()


MAILS = Sheet(
    name="mails",
    title=_("List of mails"),
    columns=(
        Column("heading", _("Mail"), lambda row: row.title, "link"),
        Column("sender", pgettext_lazy("mail", "From"), lambda row: row.sender),
        Column("customer", _("Customer"), lambda row: row.customer.name if row.customer else ""),
        Column("kind", pgettext_lazy("mail", "What it is"), kind_badge, "badge"),
        Column("outcome", pgettext_lazy("mail", "What became of it"), outcome_badge, "badge"),
        Column("notified", pgettext_lazy("mail", "Reached us"), lambda row: row.notified_at, "moment", narrow=False),
        Column("entered", pgettext_lazy("mail", "Taken in"), lambda row: row.entered_at, "moment", sort="entered_at"),
    ),
    filters=(
        Filter(
            "text",
            _("Subject or sender"),
            lambda rows, value: rows.filter(Q(heading__icontains=value) | Q(sender__icontains=value)),
            kind="text",
        ),
        Filter(
            "outcome",
            pgettext_lazy("mail", "What became of it"),
            lambda rows, value: rows.filter(outcome=value),
            lambda person: models.Mail.Outcome.choices,
        ),
        Filter(
            "kind",
            pgettext_lazy("mail", "What it is"),
            lambda rows, value: rows.filter(kind=value),
            lambda person: models.MailKind.choices,
        ),
        Filter(
            "mailbox",
            _("Mailbox"),
            lambda rows, value: rows.filter(mailbox=key_in(value) or 0),
            lambda person: [(str(each.pk), each.name) for each in models.Mailbox.objects.order_by("name")],
        ),
        customers_lists.OF_CUSTOMER,
    ),
    sorts={"entered": (_("Latest first"), "entered_at", True)},
    empty=_("No mail was taken in yet. Add mails that were saved as files."),
)


PLANS = Sheet(
    name="progress_plans",
    title=_("Reports of progress"),
    columns=(
        Column("about", pgettext_lazy("talk", "About"), lambda row: row.subject_label, "link"),
        Column("customer", _("Customer"), lambda row: row.customer.name),
        Column(
            "every",
            pgettext_lazy("report", "How often"),
            lambda row: row.get_every_display() if row.is_active else _("not any more"),
        ),
        Column("next", _("Next on"), lambda row: row.next_on if row.is_active else None, "day", sort="next_on"),
        Column("last", _("Last drafted"), lambda row: row.last_at, "moment"),
        Column("keeper", _("Planned by"), lambda row: row.keeper.name, narrow=False),
        Column("trouble", _("Why not"), lambda row: row.trouble, narrow=False),
    ),
    filters=(customers_lists.OF_CUSTOMER,),
    sorts={"next": (_("Next first"), "next_on", False)},
    empty=_("No report of progress is planned yet. Plan one at the talks of a case or a customer."),
)
