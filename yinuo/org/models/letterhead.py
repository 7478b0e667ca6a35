"""The company on its paper (公司抬头): what stands at head and foot of everything that is printed."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, gettext

from yinuo.kit import rows
from yinuo.kit.paper import definition as paper


class Letterhead(rows.Versioned, rows.Named):
    """One row for the company. The logo is a PNG drawn anew from what was uploaded; it is small, so it lies here."""

    subject_type: ClassVar[str] = "org.letterhead"
    COLOUR: ClassVar[str] = "#0f5f66"

    address_zh = models.CharField(max_length=200, blank=True)
    address_en = models.CharField(max_length=200, blank=True)
    colour = models.CharField(max_length=7, default=COLOUR)
    logo = models.BinaryField(default=bytes, blank=True)

    def __str__(self) -> str:
        return self.subject_label

    @classmethod
    def current(cls) -> "Letterhead":
        """The company's row; before anybody set it, one that says nothing."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def on_paper(cls) -> paper.Letterhead:
        """The same for setting a paper, in the reader's language."""
        row = cls.current()
        return paper.Letterhead(row.name, row.address, row.colour, bytes(row.logo))

    @property
    def subject_label(self) -> str:
        return gettext("Letterhead")

    @property
    def site_id(self) -> int | None:
        return None

    def get_absolute_url(self) -> str:
        return reverse("org:letterhead")

    @property
    def address(self) -> str:
        """The line at the foot, in the reader's language, else in the other."""
        zh, en = self.address_zh, self.address_en
        return (en or zh) if (get_language() or "").startswith("en") else (zh or en)
