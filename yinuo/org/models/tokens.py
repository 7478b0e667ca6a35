"""Tokens (访问令牌): with one, a program acts as its person."""

from typing import ClassVar

from django.db import models

from yinuo.org.models.company import Person


class Token(models.Model):
    """With its token a program acts as the person, with the rights that the person has at that moment.

    Only the digest is stored, so what was shown once is shown by nobody again. `may_write` false: it only reads.
    """

    LONGEST_DAYS: ClassVar[int] = 365

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    counted_minute = models.BigIntegerField(default=0)  # minutes since 1970; how many calls were given out in it
    counted = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.person}: {self.name}"
