"""The words of a case: its choices, each with its name in both languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases import definition
from yinuo.letters import models as letters


class State(models.TextChoices):
    """Where a case stands. A company may name further statuses in its procedure; they are shown by their own words."""

    NEW = "new", pgettext_lazy("case", "to be accepted")
    ACTIVE = "active", pgettext_lazy("case", "in progress")
    CUSTOMER = "customer", pgettext_lazy("case", "awaiting the customer")
    VERIFYING = "verifying", pgettext_lazy("case", "to be verified")
    COMPLETED = "completed", pgettext_lazy("case", "completed")
    ARCHIVED = "archived", pgettext_lazy("case", "archived")
    TERMINATED = "terminated", pgettext_lazy("case", "terminated")
    REOPENED = "reopened", pgettext_lazy("case", "reopened")
    HELD = "held", pgettext_lazy("case", "on hold")
    MERGED = "merged", pgettext_lazy("case", "merged")


STATE_GROUPS: dict[str, str] = {
    State.NEW: "pending",
    State.ACTIVE: "active",
    State.CUSTOMER: "suspect",
    State.VERIFYING: "active",
    State.COMPLETED: "done",
    State.ARCHIVED: "quiet",
    State.TERMINATED: "quiet",
    State.REOPENED: "active",
    State.HELD: "suspect",
    State.MERGED: "quiet",
}


class Priority(models.IntegerChoices):
    """How soon; 1 comes first."""

    TOP = definition.Priority.TOP.value, pgettext_lazy("priority", "top")
    URGENT = definition.Priority.URGENT.value, pgettext_lazy("priority", "urgent")
    NORMAL = definition.Priority.NORMAL.value, pgettext_lazy("priority", "normal")
    LOW = definition.Priority.LOW.value, pgettext_lazy("priority", "low")


class Channel(models.TextChoices):
    """How it reached us (C03)."""

    MAIL = "mail", pgettext_lazy("way", "e-mail")
    PORTAL = "portal", _("supplier portal")
    WECHAT = "wechat", _("WeChat")
    PHONE = "phone", pgettext_lazy("way", "phone")
    MINUTES = "minutes", _("minutes of a meeting")
    VISIT = "visit", _("visit")
    AUDIT = "audit", _("customer's audit report")
    COMPLAINT = "complaint", _("complaint")
    LETTER = "letter", _("fax or letter")
    AGREEMENT = "agreement", _("agreement")
    ORDER = "order", _("order or contract")
    DRAWING = "drawing", _("drawing or specification")
    SAMPLE = "sample", pgettext_lazy("channel", "sample")
    OTHER = "other", _("other")


SPOKEN = {Channel.PHONE, Channel.VISIT}


class Kind(models.TextChoices):
    """The nature of what is asked (C05)."""

    TECHNICAL = "technical", pgettext_lazy("requirement", "technical")
    QUALITY = "quality", pgettext_lazy("requirement", "quality")
    DELIVERY = "delivery", pgettext_lazy("requirement", "delivery")
    ENVIRONMENT = "environment", pgettext_lazy("requirement", "environment")
    SERVICE = "service", pgettext_lazy("requirement", "service")
    REGULATORY = "regulatory", pgettext_lazy("requirement", "regulatory")
    COMMERCIAL = "commercial", pgettext_lazy("requirement", "commercial")


class Applies(models.TextChoices):
    """How far a requirement reaches."""

    CUSTOMER = "customer", _("all supplies")
    SITE = "site", _("one site")
    PRODUCT = "product", pgettext_lazy("applies to", "the product")
    PROJECT = "project", pgettext_lazy("applies to", "the project")


class Verdict(models.TextChoices):
    """What we say to one item."""

    CAN = definition.Verdict.CAN.value, _("can be met")
    CONDITIONAL = definition.Verdict.CONDITIONAL.value, _("can be met on condition")
    CANNOT = definition.Verdict.CANNOT.value, _("cannot be met")
    NOT_CONCERNED = definition.Verdict.NOT_CONCERNED.value, _("not concerned")


VERDICT_GROUPS = {
    Verdict.CAN: "done",
    Verdict.CONDITIONAL: "suspect",
    Verdict.CANNOT: "late",
    Verdict.NOT_CONCERNED: "quiet",
}
Confirmation = letters.Confirmation


class Answer(models.TextChoices):
    """What the customer said to our alternative."""

    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    WAIVED = "waived", _("waived for a time or a quantity")


ANSWER_GROUPS = {Answer.ACCEPTED: "done", Answer.REJECTED: "late", Answer.WAIVED: "suspect"}


class FeedbackWay(models.TextChoices):
    """How the customer's feedback came."""

    LINK = "link", _("signed link")
    PHONE = "phone", pgettext_lazy("way", "phone")
    WECHAT = "wechat", _("WeChat")
    VISIT = "visit", _("visit")
    MAIL = "mail", pgettext_lazy("way", "e-mail")


class Relation(models.TextChoices):
    """What one case is to another (关联), said of the case that names the other."""

    RELATED = "related", pgettext_lazy("relation", "related to")
    DUPLICATE = "duplicate", pgettext_lazy("relation", "asks the same as")
    ORIGIN = "origin", pgettext_lazy("relation", "comes from")
    COMPLAINT = "complaint", pgettext_lazy("relation", "complains about")


MUTUAL = {Relation.RELATED, Relation.DUPLICATE}
RELATION_BACK = {
    Relation.RELATED: Relation.RELATED.label,
    Relation.DUPLICATE: Relation.DUPLICATE.label,
    Relation.ORIGIN: pgettext_lazy("relation", "led to"),
    Relation.COMPLAINT: pgettext_lazy("relation", "later complaint"),
}
