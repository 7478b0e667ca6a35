"""Sites, departments, posts and who holds them; people, their skills and absences."""

from datetime import date
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from yinuo.kit import rows, subjects
from yinuo.org import rules

R = TypeVar("R", bound=models.Model)


class Site(rows.Versioned, rows.Named):
    """A plant or office of our company, with its own time zone, calendar and working hours."""

    subject_type: ClassVar[str] = "org.site"

    code = models.CharField(max_length=20, unique=True)
    time_zone = models.CharField(max_length=50, default="Asia/Shanghai")
    is_active = models.BooleanField(default=True)

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:site", args=[self.pk])


class Location(rows.Versioned, rows.Named):
    """A place at a site where somebody works (building, shop, line)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="locations")


class Department(rows.Versioned, rows.Named):
    """A department, down to the section (课). `code` is the lasting name that procedures use."""

    subject_type: ClassVar[str] = "org.department"

    code = models.SlugField(max_length=40, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="departments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="sections")
    is_active = models.BooleanField(default=True)

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:department", args=[self.pk])


class Post(rows.Versioned, rows.Named):
    """A post (岗位) in a department; tasks go to posts, people hold them. `code` is what procedures name."""

    subject_type: ClassVar[str] = "org.post"

    code = models.SlugField(max_length=60, unique=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    superior = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="subordinates")
    is_head = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:post", args=[self.pk])


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(sign_in__iexact=(username or "").strip())


class Person(AbstractBaseUser, rows.Versioned):
    """Somebody of the company. Never deleted: `is_active` says whether they may still sign in."""

    subject_type: ClassVar[str] = "org.person"
    USERNAME_FIELD = "sign_in"
    EMAIL_FIELD = "email"

    sign_in = models.CharField(_("sign-in name"), max_length=60, unique=True)
    name = models.CharField(_("full name"), max_length=100)
    name_latin = models.CharField(_("name in Latin letters"), max_length=100, blank=True)
    employee_number = models.CharField(_("employee number"), max_length=30, unique=True, null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, default="zh", choices=[("zh", "中文"), ("en", "English")])
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True)
    superior = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), default=100, help_text=_("Per cent of a full working week")
    )
    signing_pin = models.CharField(max_length=200, blank=True, editable=False)
    signing_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    signing_locked_until = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    left_on = models.DateField(null=True, blank=True)

    objects = People()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(capacity__lte=100), name="org_person_capacity"),
            models.UniqueConstraint(Lower("sign_in"), name="org_person_sign_in"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_id(self) -> str:
        return str(self.pk)

    @property
    def actor_name(self) -> str:
        return f"{self.name} {self.employee_number or self.sign_in}"

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:person", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the person reads moments and lives days: their site's, else the company's."""
        return zone_of(self.site.time_zone if self.site else None)

    @cached_property
    def rights(self) -> rules.Rights:
        """What the person may do and see now, on the day of their site; read once per request."""
        now = timezone.now()
        roles = [
            rules.RoleHeld(role=role, site_id=site)
            for role, site, from_on, to_on, zone in self.role_grants.values_list(
                "role", "site_id", "from_on", "to_on", "person__site__time_zone"
            )
            if from_on <= (today := now.astimezone(zone_of(zone)).date()) and (to_on is None or today <= to_on)
        ]
        scopes = self.scope_grants.filter(ended_at=None).values_list("scope_id", flat=True)
        return rules.Rights(roles=tuple(roles), scope_ids=frozenset(scopes))

    @cached_property
    def _scopes_granted(self) -> QuerySet[Any]:
        """The scopes granted to the person, for the database to look up in each statement; never read here."""
        return self.scope_grants.filter(ended_at=None).values("scope_id")

    def forget_rights(self) -> None:
        """Let rights be read anew: an action has just changed them."""
        self.__dict__.pop("rights", None)

    def visible(self, rows: QuerySet[R], permission: str) -> QuerySet[R]:
        """The rows (with `scope_id` and `site_id`) that the person may see: one SQL predicate, no list of ids.

        A row without scope is seen by whoever holds the permission at its site; a row with one by named people only.
        """
        if not self.is_active or not self.rights.roles_with(permission):
            return rows.none()
        rows = rows.filter(subjects.is_empty_or_in("scope_id", self._scopes_granted))
        sites = self.rights.sites_for(permission)
        return rows if sites is None else rows.filter(subjects.is_empty_or_in("site_id", sites))

    def may(self, permission: str, scope_id: int | None = None, site_id: int | None = None) -> bool:
        """Whether the person holds the permission (for a row of this scope and site, when given)."""
        return self.is_active and self.rights.allow(permission, scope_id=scope_id, site_id=site_id)


def zone_of(name: str | None) -> ZoneInfo:
    """The time zone of a site, or (None) the company's."""
    return ZoneInfo(name or settings.TIME_ZONE)


def in_force(on: date | None = None) -> Q:
    """Rows with from_on/to_on that are in force on a day (without one: today where the reader is)."""
    day = on or timezone.localdate()
    return Q(from_on__lte=day) & (Q(to_on=None) | Q(to_on__gte=day))


class Holding(rows.Versioned):
    """A person holds a post from a day to a day; several at once, acting (代理) or not. No row: the post is vacant."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    is_acting = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="org_holding_order")
        ]
        indexes = [models.Index(fields=["post", "from_on"]), models.Index(fields=["person", "from_on"])]

    def __str__(self) -> str:
        return f"{self.person} – {self.post}"


class Skill(rows.Versioned, rows.Named):
    """Something one must be able to do to judge or handle a kind of requirement (welding, environment law …)."""

    subject_type: ClassVar[str] = "org.skill"

    code = models.SlugField(max_length=60, unique=True)

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:skill", args=[self.pk])


class PersonSkill(rows.Versioned):
    """Competence on record: level 1 knows, 2 can, 3 teaches, 0 withdrawn; with proof and validity (IATF 16949 7.2)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="people")
    level = models.PositiveSmallIntegerField(default=2)
    proof = models.CharField(max_length=300, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "skill"], name="org_personskill_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.skill}"


class Absence(rows.Versioned):
    """A person is away from a moment to a moment; tasks go to the delegate (委托代理) meanwhile."""

    subject_type: ClassVar[str] = "org.absence"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    delegate = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="covers")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="org_absence_order"),
            models.CheckConstraint(condition=~Q(delegate=F("person")), name="org_absence_other"),
        ]
        indexes = [models.Index(fields=["person", "from_at"])]

    def __str__(self) -> str:
        return f"{self.person} {self.from_at:%Y-%m-%d}"

    @property
    def subject_label(self) -> str:
        return str(self)

    def get_absolute_url(self) -> str:
        return reverse("org:absences")
