"""What notify plugs into the rooms below: it listens to what they announce."""

from datetime import datetime

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs, subjects
from yinuo.notify import actions, models, queries
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


plugs.events.plug("kit.rescoped/notify", rescope, zh="保密范围变更：更新消息", en="Scope changed: messages follow")
plugs.events.plug(
    "records.trail_suspect/notify",
    warn_of_trail,
    zh="操作记录异常：通知审核人员",
    en="Trail suspect: whoever audits it is told",
)

plugs.menu.plug(
    "notify.outbox",
    lambda person: len(queries.failed(person)) + queries.failed_jobs(person).count(),
    zh="邮件与后台任务",
    en="Mail and background work",
    permission="org.manage",
    icon="mail-forward",
    url="notify:outbox",
    order=95,
)
