"""What our own people are told: messages in their inbox, and mail on its way to a real mail server."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.kit import rows, subjects


class Message(subjects.SubjectColumns):
    """One line in one person's inbox, in both languages, leading to its subject."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox")
    kind = models.CharField(max_length=60)
    words_zh = models.CharField(max_length=500)
    words_en = models.CharField(max_length=500)
    is_urgent = models.BooleanField(default=False)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notify_message_inbox"),
            models.Index(
                fields=["person"],
                name="notify_message_unread",
                condition=models.Q(read_at=None, taken_back_at=None),
            ),
            models.Index(fields=["subject_type", "subject_id"], name="notify_message_subject"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def about(self) -> str:
        """The subject's label, unless the sentence says it already."""
        return "" if self.subject_label in self.words else self.subject_label

    @property
    def words(self) -> str:
        """The sentence in the reader's language."""
        return self.words_en if (get_language() or "").startswith("en") else self.words_zh


class Mail(rows.Versioned):
    """One mail to one address, from the wish to send it until the mail server took it or refused it for good.

    `header_id` (its Message-ID) is fixed before the first try, so that a mail sent twice after a crash is recognised.
    `handed_at` is set just before the text is handed over: a try that died before it certainly sent nothing, one that
    died after it may have.
    """

    subject_type: ClassVar[str] = "notify.mail"

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")
        CANCELLED = "cancelled", _("Cancelled")

    class Ending(models.TextChoices):
        """Why it ended without a mail server's word; in `error`, details may follow after a colon."""

        NO_SERVER = "no mail server for three days", _("No mail server for three days")
        UNANSWERED = "twice without an answer", _("Twice without an answer after the text was handed over")
        NOT_FOR_THEM = "no right to see it", _("The person may not see the subject any more")
        CONFIDENTIAL = "became confidential", _("The subject became confidential")
        TAKEN_BACK = "taken back", _("Taken back")
        OUT_OF_DATE = "out of date", _("It could not leave on its day")
        UNWRITABLE = "bad address or text", _("Bad address or text")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mails")
    to = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    heading = models.CharField(max_length=300)
    text = models.TextField()
    header_id = models.CharField(max_length=200, unique=True)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    is_uncertain = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], name="notify_mail_open", condition=models.Q(state__in=["waiting", "sending"])
            ),
            models.Index(fields=["state", "-id"], name="notify_mail_state"),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.heading}"

    @property
    def subject_label(self) -> str:
        return self.to

    def get_absolute_url(self) -> str:
        return reverse("notify:outbox")

    @property
    def error_words(self) -> str:
        """Why it did not leave: our own reasons in the reader's language, a mail server's as it said them."""
        head, colon, detail = self.error.partition(": ")
        return f"{self.Ending(head).label}{colon}{detail}" if head in self.Ending.values else self.error


class Choice(rows.Versioned):
    """What a person wants to get by mail; the inbox always has everything."""

    subject_type: ClassVar[str] = "notify.choice"

    class Mails(models.TextChoices):
        ALL = "all", _("Everything at once")
        URGENT = "urgent", _("Only what is urgent")
        NEVER = "never", _("No mails")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice")
    mails = models.CharField(max_length=10, choices=Mails, default=Mails.ALL)
    digest = models.BooleanField(_("Daily digest"), default=True)

    def __str__(self) -> str:
        return f"{self.person}: {self.get_mails_display()}"

    @property
    def subject_label(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("notify:choices")


class Digest(models.Model):
    """On which day it was last looked whether a person gets a digest, so that there is one a day at most."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.on}"


class MailHours(rows.Versioned):
    """Between which hours of a working day mail leaves (one row for the company); urgent mail always leaves."""

    subject_type: ClassVar[str] = "notify.mail_hours"

    starts = models.TimeField(_("Mail leaves from"))
    ends = models.TimeField(_("Mail leaves until"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="notify_mailhours_order")
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"

    @property
    def subject_label(self) -> str:
        return str(self)

    def get_absolute_url(self) -> str:
        return reverse("notify:outbox")
