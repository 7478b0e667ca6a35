"""Public pages that are watched, and each visit to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.sources import models as sources

PERSON = settings.AUTH_USER_MODEL


class Often(models.IntegerChoices):
    """How often a page is looked at, in hours."""

    SIX_HOURS = 6, _("every six hours")
    DAILY = 24, _("daily")
    WEEKLY = 168, _("weekly")
    MONTHLY = 720, _("monthly")


class State(models.TextChoices):
    """How a page stands."""

    NEW = "new", _("not looked at yet")
    UNCHANGED = "unchanged", pgettext_lazy("page", "unchanged")
    CHANGED = "changed", _("changed, to be looked at")
    UNREACHABLE = "unreachable", _("unreachable")


class Outcome(models.TextChoices):
    """What a visit brought."""

    FIRST = "first", _("first text kept")
    SAME = "same", pgettext_lazy("page", "unchanged")
    CHANGED = "changed", pgettext_lazy("page", "changed")
    BACK = "back", _("as before again")
    FAILED = "failed", pgettext_lazy("visit", "failed")


class Decision(models.TextChoices):
    """What a change means for us."""

    NOTHING = "nothing", _("nothing relevant")
    EDITION = "edition", _("new edition: record it")
    REPORT = "report", _("new requirement: report it")


class Page(customers.Kept):
    """A page or file on the web: who is told, how often it is looked at, and how it stands."""

    subject_type: ClassVar[str] = "watches.page"

    name = models.CharField(max_length=200)
    address = models.URLField(max_length=1000)
    customer = models.ForeignKey(
        customers.Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="watched_pages"
    )
    document = models.ForeignKey(
        sources.Document, on_delete=models.PROTECT, null=True, blank=True, related_name="watched_pages"
    )
    keeper = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    others = models.ManyToManyField(org.Person, blank=True, related_name="+")  # who are told besides these two
    every = models.PositiveSmallIntegerField(choices=Often, default=Often.DAILY)
    selector = models.CharField(max_length=300, blank=True)
    part_begins = models.CharField(max_length=200, blank=True)
    part_ends = models.CharField(max_length=200, blank=True)
    ignores_numbers = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)

    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    since = models.DateTimeField(null=True, blank=True, editable=False)
    next_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_at = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    base = models.ForeignKey("Visit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    latest = models.ForeignKey("Visit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="watches_page_next", condition=Q(is_active=True))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("watches:page", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return self.name


class Visit(models.Model):
    """One look at a page. The text is kept of the first visit and of those that found another."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="visits")
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    status = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=300, blank=True)
    came_from = models.CharField(max_length=1000, blank=True)
    media = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    is_file = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["page", "-id"], name="watches_visit_latest")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.at:%Y-%m-%d %H:%M}"
