"""What notify plugs into the rooms below: it listens to what they announce."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, plugs, subjects
from yinuo.kit import words as kit_words
from yinuo.notify import actions, lists, models, queries
from yinuo.org import models as org
from yinuo.org import queries as org_queries


def rescope(*, type: str, id: int, scope_id: int | None, **_facts: object) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so do messages about it, and mail that tells too much does not leave."""
    about = models.Message.objects.filter(subject_type=type, subject_id=id)
    if scope_id is not None:
        state = models.Mail.State
        open_mails = models.Mail.objects.filter(
            message__in=about.filter(scope_id=None), state__in=[state.WAITING, state.SENDING]
        )
        open_mails.filter(handed_at__isnull=False).update(is_uncertain=True)  # it may be out already
        open_mails.update(state=state.CANCELLED, error=models.Mail.Ending.CONFIDENTIAL, version=F("version") + 1)
    about.update(scope_id=scope_id)


def warn_of_trail(*, entry_ids: list[int], now: datetime, **_facts: object) -> None:
    """Tell everybody who audits the trail that entries were found which the program did not write so."""
    actions.tell(
        people=[person for person in org_queries.people() if person.may("records.audit")],
        subject=subjects.Ref("records.entry", entry_ids[0], "", reverse("records:entries")),
        kind="trail_suspect",
        words=_("The trail has entries that were changed or inserted outside the program. Please verify it."),
        now=now,
        urgent=True,
    )


@dataclass(frozen=True)
class Counted:
    """What somebody got, in the language of whoever reads it."""

    words: Sequence[tuple[str, str]]

    def __str__(self) -> str:
        if (get_language() or "").startswith("en"):
            return ", ".join(en for _zh, en in self.words)
        return "、".join(zh for zh, _en in self.words)


def tell_successor(
    *, hand_over: org.HandOver, to: org.Person, counted: Sequence[tuple[str, str]], by: actors.Actor, now: datetime
) -> None:
    """Whoever takes over is told once, however much it is; whoever gave it to themself knows."""
    if by.actor_id == to.actor_id:
        return
    said = _("You take over from %(person)s: %(things)s. Reason: %(reason)s")
    words = kit_words.filled(said, person=hand_over.person.name, things=Counted(counted), reason=hand_over.reason)
    actions.tell(people=[to], subject=hand_over, kind="handed_over", words=words, by=by, now=now)


plugs.events.plug(
    "org.handed_over/notify", tell_successor, zh="工作移交：通知接收人", en="Handed over: the successor is told"
)
plugs.events.plug("kit.rescoped/notify", rescope, zh="保密范围变更：更新消息", en="Scope changed: messages follow")
plugs.events.plug(
    "records.trail_suspect/notify",
    warn_of_trail,
    zh="操作记录异常：通知审核人员",
    en="Trail suspect: whoever audits it is told",
)


def again(*, row: models.Mail, by: org.Person, now: datetime, expected: int) -> None:
    """Send a mail once more."""
    actions.send_again(mail=row, expected=expected, by=by, now=now)


def cancel(*, row: models.Mail, by: org.Person, now: datetime, expected: int) -> None:
    """Let a mail not leave."""
    actions.cancel(mail=row, expected=expected, by=by, now=now)


_MAILS: dict[str, Any] = {
    "rows": lambda person: queries.outbox(person).select_related("message__person"),
    "sheet": lambda _person: lists.OUTBOX,
    "permission": "org.manage",
    "label": lambda mail: mail.to,
}
plugs.bulk.plug("outbox/again", again, zh="重新发送", en="Send again", icon="send", **_MAILS)
plugs.bulk.plug("outbox/cancel", cancel, zh="取消发送", en="Cancel", icon="ban", **_MAILS)


def unread(*, read_at: str, by: org.Person, now: datetime) -> None:
    """What was marked as read at that moment is unread again."""
    actions.unread(by=by, now=now, read_at=datetime.fromisoformat(read_at))


plugs.undos.plug("notify.read", unread, zh="标为已读", en="messages were marked as read")

plugs.menu.plug(
    "notify.outbox",
    lambda person: len(queries.failed(person)) + queries.failed_jobs(person).count(),
    zh="邮件与后台",
    en="Mail and background work",
    permission="org.manage",
    icon="mail-forward",
    url="notify:outbox",
    order=95,
)
