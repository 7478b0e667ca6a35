"""Talks with customers: threads about one matter, the letters in them, every version of what we drafted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.kit import rows, subjects
from yinuo.org import models as org

PERSON = settings.AUTH_USER_MODEL


class Purpose(models.TextChoices):
    """Why we talk with the customer."""

    CLARIFICATION = "clarification", pgettext_lazy("purpose", "clarification")
    ALTERNATIVE = "alternative", pgettext_lazy("purpose", "alternative proposed")
    NOTICE = "notice", pgettext_lazy("purpose", "notice")
    REPLY = "reply", pgettext_lazy("purpose", "reply")
    FEEDBACK = "feedback", pgettext_lazy("purpose", "feedback")


class ThreadState(models.TextChoices):
    """Where the talk stands."""

    OPEN = "open", pgettext_lazy("thread", "being worked on")
    WAITING = "waiting", pgettext_lazy("thread", "waiting for the customer")
    CLOSED = "closed", pgettext_lazy("thread", "closed")


class Thread(rows.Versioned, subjects.SubjectColumns):
    """A talk with one customer about one matter. Its outcome is the wording both sides agreed on.

    The subject (a case, an item, the customer itself) lends its scope and site: who may see it may see the talk.
    """

    customer = models.ForeignKey(customers.Customer, on_delete=models.PROTECT, related_name="threads")
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20, choices=Purpose)
    state = models.CharField(max_length=10, choices=ThreadState, default=ThreadState.OPEN)
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    last_at = models.DateTimeField()
    outcome = models.TextField(blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="letters_thread_subject"),
            models.Index(fields=["last_at"], name="letters_thread_last"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("letters:thread", args=[self.pk])

    @property
    def ref(self) -> subjects.Ref:
        """The thread itself as a subject (`self.subject` is what it is about)."""
        return subjects.Ref("letters.thread", self.pk, self.title, self.get_absolute_url(), self.scope_id, self.site_id)


class Direction(models.TextChoices):
    IN = "in", _("from the customer")
    OUT = "out", _("to the customer")


class Way(models.TextChoices):
    """How something was said."""

    MAIL = "mail", pgettext_lazy("way", "e-mail")
    PORTAL = "portal", pgettext_lazy("way", "supplier portal")
    WECHAT = "wechat", pgettext_lazy("way", "WeChat")
    PHONE = "phone", pgettext_lazy("way", "phone")
    MINUTES = "minutes", pgettext_lazy("way", "minutes of a meeting")
    VISIT = "visit", pgettext_lazy("way", "visit")
    LETTER = "letter", pgettext_lazy("way", "fax or letter")
    IN_PERSON = "in_person", pgettext_lazy("way", "in person")


class LetterState(models.TextChoices):
    """Where a letter stands: ours are drafted, released and sent; the customer's are received."""

    DRAFT = "draft", pgettext_lazy("letter", "draft")
    RELEASED = "released", pgettext_lazy("letter", "released")
    SENT = "sent", pgettext_lazy("letter", "sent")
    RECEIVED = "received", pgettext_lazy("letter", "received")
    WITHDRAWN = "withdrawn", pgettext_lazy("letter", "withdrawn")


class Confirmation(models.TextChoices):
    """Whether spoken words stand in writing."""

    NOT_NEEDED = "not_needed", _("in writing")
    WAITING = "waiting", _("to be confirmed in writing")
    CONFIRMED = "confirmed", _("confirmed in writing")
    REFUSED = "refused", _("customer does not confirm in writing")


class Letter(rows.Versioned):
    """One thing said, to the customer or by them, in whatever way.

    Spoken words carry whether and until when they are to be confirmed in writing. `scope_id` and `site_id` are the
    thread's, so that the letter's files are seen by whoever may see the talk. Nobody entered an answer that a mailbox
    brought. `is_automatic`: a report of progress as the program drafted it. `is_answer`: it answers what the talk is
    about (a request), as whoever writes or sends it says; a word in between does not.
    """

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="letters")
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=10, choices=LetterState)
    way = models.CharField(max_length=20, choices=Way)
    contact = models.ForeignKey(
        customers.CustomerContact, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    speaker = models.CharField(max_length=100, blank=True)
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    said_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    sent_back_reason = models.TextField(blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmation = models.CharField(max_length=12, choices=Confirmation, default=Confirmation.NOT_NEEDED)
    confirm_due_on = models.DateField(null=True, blank=True)
    told_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_in = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="confirms")
    is_automatic = models.BooleanField(default=False, editable=False)
    is_answer = models.BooleanField(_("Answers the request"), default=False)
    scope_id = models.BigIntegerField(null=True, blank=True)
    site_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["thread", "id"], name="letters_letter_thread"),
            models.Index(fields=["asked_at"], name="letters_letter_asked", condition=Q(state="draft")),
            models.Index(fields=["confirm_due_on"], name="letters_letter_oral", condition=Q(confirmation="waiting")),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"{reverse('letters:thread', args=[self.thread_id])}#letter-{self.pk}"

    @property
    def ref(self) -> subjects.Ref:
        """The letter as a subject, for its files."""
        return subjects.Ref("letters.letter", self.pk, str(self), self.get_absolute_url(), self.scope_id, self.site_id)


class Mailbox(rows.Versioned):
    """A mailbox to which customers write and which is looked at for new mail. Nothing on its server is ever changed.

    `secret` is the password, sealed (`kit.vault`). `uid_validity` and `uid_last` say how far it was read. What comes
    in belongs to `site`, and to `scope` where the mailbox is confidential.
    """

    subject_type: ClassVar[str] = "letters.mailbox"

    class Way(models.TextChoices):
        IMAPS = "imaps", _("TLS from the start")
        STARTTLS = "imap+tls", _("STARTTLS")
        PLAIN = "imap", _("without encryption")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("mailbox", "not looked at yet")
        WELL = "well", pgettext_lazy("mailbox", "in order")
        TROUBLE = "trouble", pgettext_lazy("mailbox", "cannot be reached")

    name = models.CharField(_("Name"), max_length=100)
    address = models.EmailField(_("Mail address"))
    host = models.CharField(_("IMAP server"), max_length=253)
    port = models.PositiveIntegerField(_("Port"), default=993)
    way = models.CharField(_("Encryption"), max_length=10, choices=Way, default=Way.IMAPS)
    user = models.CharField(_("Sign-in name"), max_length=254)
    secret = models.TextField(editable=False)
    folder = models.CharField(_("Folder"), max_length=200, default="INBOX")
    since_on = models.DateField(_("Mail from"))
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(_("Is looked at"), default=True)
    uid_validity = models.BigIntegerField(default=0, editable=False)
    uid_last = models.BigIntegerField(default=0, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.NEW, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)
    well_at = models.DateTimeField(null=True, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.CharField(max_length=1000, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("letters:mailboxes")

    @property
    def subject_label(self) -> str:
        return f"{self.name} {self.address}"


class MailKind(models.TextChoices):
    """What a mail is (`definition.Kind`), in words."""

    REQUEST = "request", pgettext_lazy("mail", "mail")
    REPLY = "reply", pgettext_lazy("mail", "answer")
    NOTICE = "notice", pgettext_lazy("mail", "notice of a system")
    INVITATION = "invitation", pgettext_lazy("mail", "invitation")
    ENCRYPTED = "encrypted", pgettext_lazy("mail", "encrypted")
    BOUNCE = "bounce", pgettext_lazy("mail", "undeliverable")
    DELIVERY_REPORT = "delivery_report", pgettext_lazy("mail", "delivery report")
    READ_RECEIPT = "read_receipt", pgettext_lazy("mail", "read receipt")
    AUTO_REPLY = "auto_reply", pgettext_lazy("mail", "automatic reply")
    LOOP = "loop", pgettext_lazy("mail", "went round")


class Mail(models.Model):
    """One mail as it came, once, with what became of it: to be sorted, part of a talk, or kept here alone.

    `sender` is whose mail it is: of a mail that our own people passed on, the first writer; `passed_on_by` is who did.
    `key` tells the same mail again. What was made of it in a room above is pointed at by `led_to` columns.
    """

    subject_type: ClassVar[str] = "letters.mail"

    class Outcome(models.TextChoices):
        SORTING = "sorting", pgettext_lazy("mail", "to be sorted")
        TALK = "talk", pgettext_lazy("mail", "part of a talk")
        KEPT = "kept", pgettext_lazy("mail", "kept here alone")

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, blank=True, related_name="mails")
    brought_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    header_id = models.CharField(max_length=250, blank=True)
    kind = models.CharField(max_length=20, choices=MailKind)
    outcome = models.CharField(max_length=10, choices=Outcome)
    sender = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=254, blank=True)
    recipients = models.TextField(blank=True)
    heading = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    own_text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    remarks = models.JSONField(default=list)
    said_at = models.DateTimeField(null=True, blank=True)
    passed_on_by = models.CharField(max_length=500, blank=True)
    passed_on_at = models.DateTimeField(null=True, blank=True)
    notified_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    customer = models.ForeignKey(
        customers.Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="mails"
    )
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="mail")
    led_to_type = models.CharField(max_length=60, blank=True)
    led_to_id = models.BigIntegerField(null=True, blank=True)
    led_to_url = models.CharField(max_length=300, blank=True)
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["header_id"], name="letters_mail_header"),
            models.Index(fields=["entered_at", "id"], name="letters_mail_entered"),
            models.Index(fields=["led_to_type", "led_to_id"], name="letters_mail_led_to"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("letters:mail", args=[self.pk])

    @property
    def title(self) -> str:
        """Its subject, as people call it."""
        return self.heading or str(_("Mail without a subject"))

    @property
    def subject_label(self) -> str:
        return self.title

    @property
    def is_unknown(self) -> bool:
        """Whether nobody at a customer is known by the sender's address."""
        return self.customer_id is None and self.outcome == self.Outcome.SORTING


class DraftVersion(models.Model):
    """One version of a draft, with who wrote it. The released one is the last."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "number"], name="letters_draftversion_once")]

    def __str__(self) -> str:
        return f"{self.letter_id}/{self.number}"


class Releaser(rows.Versioned):
    """A post that releases what goes out for one purpose (blank: for all), in place of the customer's window."""

    purpose = models.CharField(max_length=20, choices=Purpose, blank=True, unique=True)
    post = models.ForeignKey(org.Post, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.purpose}: {self.post}"
