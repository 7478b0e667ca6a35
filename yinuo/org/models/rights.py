"""Who may do what and who may see what is confidential: roles, scopes; links and sessions of those who sign in."""

from typing import ClassVar

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.urls import reverse

from yinuo.kit import rows
from yinuo.org import rules
from yinuo.org.models.company import Person, Site


class Scope(rows.Versioned, rows.Named):
    """A circle of named people who alone may see something confidential (a customer, a project)."""

    subject_type: ClassVar[str] = "org.scope"

    @property
    def scope_id(self) -> int:
        """What is told of a scope is itself confidential, its name first of all."""
        return self.pk

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:scope", args=[self.pk])


class ScopeGrant(models.Model):
    """A person may see what the scope covers."""

    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scope_grants")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "person"], condition=Q(ended_at=None), name="org_scopegrant_once")
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.person}"


class RoleGrant(rows.Versioned):
    """A person holds a role (see `definition.ROLES`) for all sites or one, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=40)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "role"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class Invitation(models.Model):
    """A link with which somebody sets their own password: a new colleague, or one who forgot it.

    Only the digest of the link's token is stored. It works once, for a week, unless revoked.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person} {self.made_at:%Y-%m-%d}"


class Presence(models.Model):
    """Where a person is signed in: one row per session, gone with it."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="presences")
    agent = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)
    signed_in_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} {self.agent[:40]}"

    @property
    def handle(self) -> str:
        """What pages call the session by: its key is a secret."""
        return rules.token_digest(self.session_id)[:20]
