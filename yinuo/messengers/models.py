"""Groups and programs that are told, and what each was sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.kit import rows, subjects
from yinuo.messengers import definition, rules
from yinuo.org import models as org


class Receiver(rows.Versioned):
    """A group's robot, or another program that takes signed events (webhook).

    Its address holds the right to post, so address and secret are kept sealed (`kit.vault`) and never shown again.
    A group of a department hears what its people are told, one without what anybody is told.
    """

    subject_type: ClassVar[str] = "messengers.receiver"

    class Kind(models.TextChoices):
        WECOM = definition.Kind.WECOM, _("WeCom group robot")
        DINGTALK = definition.Kind.DINGTALK, _("DingTalk group robot")
        FEISHU = definition.Kind.FEISHU, _("Feishu group robot")
        WEBHOOK = definition.Kind.WEBHOOK, _("Webhook of another system")

    class Tells(models.TextChoices):
        ALL = rules.Tells.ALL, pgettext_lazy("messenger", "Everything people are told")
        LATE = rules.Tells.LATE, pgettext_lazy("messenger", "What is overdue, and what is urgent")
        URGENT = rules.Tells.URGENT, pgettext_lazy("messenger", "Only what is urgent")
        NONE = rules.Tells.NONE, pgettext_lazy("messenger", "Nothing but the daily digest")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    address_sealed = models.TextField()
    address_hint = models.CharField(max_length=200)
    secret_sealed = models.TextField(blank=True)
    language = models.CharField(_("language"), max_length=5, default="zh", choices=[("zh", "中文"), ("en", "English")])
    department = models.ForeignKey(
        org.Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    tells = models.CharField(max_length=10, choices=Tells, default=Tells.LATE)
    digest_at = models.TimeField(_("daily digest at"), null=True, blank=True)
    digest_on = models.DateField(null=True, blank=True)
    with_confidential = models.BooleanField(default=False)
    is_on = models.BooleanField(_("in use"), default=True)
    next_post_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="messengers_receiver_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("messengers:receiver", args=[self.pk])

    @property
    def is_webhook(self) -> bool:
        return self.kind == definition.Kind.WEBHOOK


class Delivery(rows.Versioned, subjects.SubjectColumns):
    """One line for a group, or one event for a program, from the wish to send it until it was taken.

    `key` stays the same however often it is sent. `handed_at` is set just before it goes out: a try that died before
    certainly told nobody. `post`: what went out together.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", pgettext_lazy("messenger", "Taken")
        UNCERTAIN = "uncertain", _("Perhaps delivered")
        FAILED = "failed", _("Not delivered")
        CANCELLED = "cancelled", _("Cancelled")

    class Ending(models.TextChoices):
        """Why a try ended without the receiver's own words."""

        UNREADABLE = "unreadable", _("Address or secret cannot be read any more; please enter them anew")
        DIED = "died", _("The sender ended in the middle")
        CONFIDENTIAL = "confidential", _("The subject became confidential")
        TAKEN_BACK = "taken back", _("Taken back")
        FOREIGN = "foreign", _("The answer is not that of the messenger")

    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, related_name="deliveries")
    key = models.UUIDField(unique=True)
    event = models.CharField(max_length=60)
    text = models.CharField(max_length=2000, blank=True)
    payload = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    post = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["receiver", "next_at"],
                name="messengers_delivery_open",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["receiver", "-id"], name="messengers_delivery_log"),
            models.Index(fields=["state", "-id"], name="messengers_delivery_state"),
            models.Index(fields=["subject_type", "subject_id"], name="messengers_delivery_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.receiver_id}"

    GROUPS: ClassVar[dict[str, str]] = {
        State.WAITING: "pending",
        State.SENDING: "active",
        State.SENT: "done",
        State.UNCERTAIN: "suspect",
        State.FAILED: "late",
        State.CANCELLED: "quiet",
    }

    @property
    def badge(self) -> tuple[str, str]:
        """Group and word for the badge."""
        return self.GROUPS[self.state], str(self.State(self.state).label)

    @property
    def said(self) -> str:
        """What was sent, as the log shows it."""
        return self.text or self.event

    @property
    def error_words(self) -> str:
        """Why it did not leave: our own reasons in the reader's language, a receiver's as it said them."""
        return str(self.Ending(self.error).label) if self.error in self.Ending.values else self.error
