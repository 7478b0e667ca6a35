"""The address book of outside organisations."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from yinuo.kit import rows
from yinuo.org.models.rights import Scope


class Organisation(rows.Versioned, rows.Named):
    """An outside organisation in the one address book: customer, final OEM, supplier, certification body …

    One organisation may be several of these; `aliases` are other names of the same one, never merged by guess.
    """

    subject_type: ClassVar[str] = "org.organisation"

    kinds = models.JSONField(default=list)
    aliases = models.JSONField(default=list)
    country = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=300, blank=True)
    website = models.URLField(blank=True)
    is_active = models.BooleanField(default=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, null=True, blank=True)

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:organisation", args=[self.pk])
