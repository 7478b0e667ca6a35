"""The log of what was sent, as a list."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yinuo.kit import lists
from yinuo.kit.rows import key_in
from yinuo.messengers import models, queries


def _with_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(state=state) if state in models.Delivery.State.values else rows


def _to(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(receiver=key) if (key := key_in(value)) is not None else rows


def _receivers(_person: Any) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in queries.receivers().values_list("pk", "name")]


DELIVERIES = lists.Sheet(
    name="deliveries",
    title=_("What was sent"),
    columns=[
        lists.Column("created_at", _("Noted"), lambda row: row.created_at, kind="moment"),
        lists.Column("receiver", _("Group or system"), lambda row: row.receiver.name),
        lists.Column("said", _("Message text"), lambda row: row.said),
        lists.Column("state", _("State"), lambda row: row.badge, kind="badge"),
        lists.Column("attempts", _("Tries"), lambda row: row.attempts, kind="number", narrow=False),
        lists.Column("next_at", _("Next try or sent"), lambda row: row.sent_at or row.next_at, kind="moment"),
        lists.Column("error", _("What the receiver said"), lambda row: row.error_words),
    ],
    filters=[
        lists.Filter("state", _("State"), _with_state, choices=lambda _person: models.Delivery.State.choices),
        lists.Filter("receiver", _("Group or system"), _to, choices=_receivers),
    ],
    sorts={"newest": (_("Newest first"), "pk", True), "oldest": (_("Oldest first"), "pk", False)},
    empty=_("Nothing was sent yet. Send a test to see whether the address is right."),
)
