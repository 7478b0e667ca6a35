"""Letters that the product itself sends by mail: through which server, to whom, and how far each came."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.kit import rows
from yinuo.letters.models.talks import Letter, Mailbox

PERSON = settings.AUTH_USER_MODEL


class Sender(rows.Versioned):
    """The outgoing server beside a mailbox: letters leave from the mailbox's address, so answers come back into it.

    `secret` is the password, sealed (`kit.vault`). `sent_folder`, when given, gets a copy of what left, by IMAP.
    """

    subject_type: ClassVar[str] = "letters.sender"

    class Way(models.TextChoices):
        SMTPS = "smtps", _("TLS from the start")
        STARTTLS = "smtp+tls", _("STARTTLS")
        PLAIN = "smtp", _("without encryption")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("sender", "nothing sent yet")
        WELL = "well", pgettext_lazy("sender", "in order")
        TROUBLE = "trouble", pgettext_lazy("sender", "cannot be reached")

    mailbox = models.OneToOneField(Mailbox, on_delete=models.PROTECT, related_name="sender")
    name = models.CharField(_("Name customers see"), max_length=100)
    host = models.CharField(_("SMTP server"), max_length=253)
    port = models.PositiveIntegerField(_("Port"), default=465)
    way = models.CharField(_("Encryption"), max_length=10, choices=Way, default=Way.SMTPS)
    user = models.CharField(_("Sign-in name"), max_length=254, blank=True)
    secret = models.TextField(editable=False, blank=True)
    sent_folder = models.CharField(_("Folder for copies"), max_length=200, blank=True)
    is_active = models.BooleanField(_("Is used for sending"), default=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW, editable=False)
    well_at = models.DateTimeField(null=True, editable=False)
    error = models.CharField(max_length=1000, blank=True, editable=False)
    copy_error = models.CharField(max_length=1000, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.name} <{self.mailbox.address}>"

    def get_absolute_url(self) -> str:
        return reverse("letters:mailboxes")

    @property
    def subject_label(self) -> str:
        return f"{self.name} {self.host}"


class Dispatch(rows.Versioned):
    """One mail that carries a letter, from the wish to send it until every recipient's server has its say.

    `header_id` (its Message-ID) is fixed before the first try. `handed_at` is set just before the text is handed over:
    a try that died before it sent nothing; one that died after it may have, and nobody but a person sends it again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("dispatch", "about to leave")
        SENDING = "sending", pgettext_lazy("dispatch", "being sent")
        UNCERTAIN = "uncertain", pgettext_lazy("dispatch", "perhaps sent")
        SENT = "sent", pgettext_lazy("dispatch", "sent by mail")
        FAILED = "failed", pgettext_lazy("dispatch", "not sent")
        CANCELLED = "cancelled", pgettext_lazy("dispatch", "cancelled")

    class Copy(models.TextChoices):
        NONE = "none", pgettext_lazy("copy", "no copy")
        WANTED = "wanted", pgettext_lazy("copy", "copy to be filed")
        KEPT = "kept", pgettext_lazy("copy", "copy in the mailbox")
        FAILED = "failed", pgettext_lazy("copy", "copy could not be filed")

    OPEN = (State.WAITING, State.SENDING, State.UNCERTAIN)

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="dispatches")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="dispatches")
    heading = models.CharField(max_length=300)
    header_id = models.CharField(max_length=200, unique=True)
    answers = models.CharField(max_length=250, blank=True)
    references = models.TextField(blank=True)
    files = models.JSONField(default=list)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=1000, blank=True)
    copy = models.CharField(max_length=10, choices=Copy, default=Copy.NONE)
    copy_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(state__in=["waiting", "sending", "uncertain"]),
                name="letters_dispatch_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="letters_dispatch_open",
                condition=Q(state__in=["waiting", "sending"]) | Q(copy="wanted"),
            ),
            models.Index(fields=["letter", "id"], name="letters_dispatch_letter"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def state_badge(self) -> tuple[str, str]:
        """How far it came, as a badge."""
        return DISPATCH_GROUPS[Dispatch.State(self.state)], self.get_state_display()

    @property
    def is_told(self) -> bool:
        """Whether a server has had its say about anybody."""
        return self.attempts > 0 or self.handed_at is not None


DISPATCH_GROUPS = {
    Dispatch.State.WAITING: "pending",
    Dispatch.State.SENDING: "active",
    Dispatch.State.UNCERTAIN: "suspect",
    Dispatch.State.SENT: "done",
    Dispatch.State.FAILED: "late",
    Dispatch.State.CANCELLED: "quiet",
}


class Recipient(models.Model):
    """One address that a mail goes to, and what became of it there; `words` are a server's own."""

    class Kind(models.TextChoices):
        TO = "to", pgettext_lazy("recipient", "to")
        CC = "cc", pgettext_lazy("recipient", "copy")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("recipient", "about to leave")
        HANDED = "handed", pgettext_lazy("recipient", "perhaps delivered")
        TAKEN = "taken", pgettext_lazy("recipient", "accepted by the server")
        REFUSED = "refused", pgettext_lazy("recipient", "refused")
        BOUNCED = "bounced", pgettext_lazy("recipient", "undelivered")

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="recipients")
    kind = models.CharField(max_length=2, choices=Kind)
    contact = models.ForeignKey(customers.CustomerContact, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    words = models.CharField(max_length=1000, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispatch", "address"], name="letters_recipient_once")]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"

    @property
    def badge(self) -> tuple[str, str]:
        """What became of it there, as a badge."""
        return RECIPIENT_GROUPS[Recipient.State(self.state)], self.get_state_display()


RECIPIENT_GROUPS = {
    Recipient.State.WAITING: "pending",
    Recipient.State.HANDED: "suspect",
    Recipient.State.TAKEN: "done",
    Recipient.State.REFUSED: "late",
    Recipient.State.BOUNCED: "late",
}
