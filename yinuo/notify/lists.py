"""The outbox as a list."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yinuo.kit import lists
from yinuo.notify import models

GROUPS = {"waiting": "pending", "sending": "active", "sent": "done", "failed": "late", "cancelled": "quiet"}


def _state(mail: models.Mail) -> tuple[str, object]:
    if not settings.SMTP_URL and mail.error.startswith(models.Mail.Ending.NO_SERVER):
        return "quiet", mail.get_state_display()  # nothing is wrong with this one: there is no mail server
    return GROUPS[mail.state], mail.get_state_display()


def _with_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(state=state) if state in GROUPS else rows


OUTBOX = lists.Sheet(
    name="outbox",
    title=_("Outgoing mail"),
    columns=[
        lists.Column("to", _("Recipient"), lambda mail: mail.to),
        lists.Column(
            "heading", _("Mail subject"), lambda mail: mail.heading if mail.message.scope_id is None else "•••"
        ),
        lists.Column("state", _("State"), _state, kind="badge"),
        lists.Column("attempts", _("Tries"), lambda mail: mail.attempts, kind="number", narrow=False),
        lists.Column("next_at", _("Next try or sent"), lambda mail: mail.sent_at or mail.next_at, kind="moment"),
        lists.Column("error", _("What the mail server said"), lambda mail: mail.error_words),
    ],
    filters=[
        lists.Filter("state", _("State"), _with_state, choices=lambda _person: models.Mail.State.choices),
        lists.Filter("to", _("Recipient"), lambda rows, text: rows.filter(to__icontains=text), kind="text"),
    ],
    sorts={"newest": (_("Newest first"), "pk", True), "oldest": (_("Oldest first"), "pk", False)},
    empty=_("No mail yet. Mail appears here as soon as somebody is told something."),
)
