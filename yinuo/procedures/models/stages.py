"""Words in the reader's language, and the stages within which a company names its statuses."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def words(zh: str, en: str) -> str:
    """The reader's language of a pair of words, else the other one."""
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


class Stage(models.TextChoices):
    """The three groups within which a company names its own statuses (S1 2.4)."""

    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("In progress")
    DONE = "done", _("Done")
