"""Customers as a tree, their people, our products for them, projects with their teams, supplier portals.

Confidentiality: `own_scope` is what somebody set on the row, `scope` what holds: its own, else that of the parent or
customer. A circle inside another has no people of its own: so everything under a closed customer is closed to that
circle or to fewer people, and no row tells of another behind a wall. `scope` and `site` are stored on every row, so
that one predicate (`person.visible`) answers.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.kit import rows
from yinuo.org import models as org

PERSON = settings.AUTH_USER_MODEL


class Guarded(models.Model):
    """Who may see the row: the scope that holds (None: everybody with the permission) and the site (None: all)."""

    scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Kept(rows.Versioned, Guarded):
    """A row that people keep over years; `added_at` is when it came here."""

    added_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True


class Level(models.TextChoices):
    """Where a customer stands in its tree."""

    GROUP = "group", pgettext_lazy("level", "group")
    COMPANY = "company", pgettext_lazy("level", "company")
    PLANT = "plant", pgettext_lazy("level", "plant")


class Kind(models.TextChoices):
    """What the customer is in the supply chain."""

    OEM = "oem", _("vehicle manufacturer")
    TIER_1 = "tier_1", _("tier-1 supplier")
    TIER_2 = "tier_2", _("tier-2 supplier")
    AFTERMARKET = "aftermarket", _("aftermarket")
    TRADING = "trading", _("trading company")
    OTHER = "other", pgettext_lazy("kind of customer", "other")


class Customer(Kept, rows.Named):
    """A customer, a final vehicle manufacturer behind one, or both: group, company or plant.

    The names here are what we call it; `organisation` is its card in the address book with the registered name.
    What a customer requires holds for all customers below it. `path` is kept by the actions.
    """

    subject_type: ClassVar[str] = "customers.customer"

    code = models.CharField(max_length=30, unique=True)
    organisation = models.OneToOneField(org.Organisation, on_delete=models.PROTECT, related_name="customer")
    level = models.CharField(max_length=10, choices=Level, default=Level.COMPANY)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OEM)
    is_customer = models.BooleanField(default=True)
    is_final_oem = models.BooleanField(default=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=400, unique=True)
    depth = models.PositiveSmallIntegerField(default=0)
    window = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    window_deputy = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sites = models.ManyToManyField(org.Site, blank=True, related_name="+")
    own_scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=5, default="zh")
    note = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_customer=True) | Q(is_final_oem=True), name="customers_customer_role"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="customers_customer_not_own_parent"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("customers:customer", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return f"{self.code} {self.name}"


class CustomerName(models.Model):
    """One name of a customer: code, usual and registered names, aliases. A name belongs to one customer only."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=200)
    key = models.CharField(max_length=200, unique=True)
    is_alias = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.text


class Authority(models.TextChoices):
    """What somebody at the customer may say with effect."""

    TECHNICAL = "technical", _("technical requirements")
    QUALITY = "quality", _("quality requirements")
    COMMERCIAL = "commercial", _("commercial requirements")
    DEVIATION = "deviation", _("approve deviations")


class CustomerContact(rows.Versioned, Guarded):
    """Somebody at the customer, with what they may require or approve. Who left stays, for what they once said."""

    subject_type: ClassVar[str] = "customers.contact"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=100)
    department = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    wechat = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=5, default="zh")
    authority = models.JSONField(default=list, blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(from_on=None) | Q(to_on__gte=F("from_on")), name="customers_contact_order"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('customers:customer', args=[self.customer_id])}?tab=contacts"

    @property
    def subject_label(self) -> str:
        return self.name

    @property
    def authority_words(self) -> list[str]:
        """What the contact may say, in the reader's language."""
        return [str(Authority(value).label) for value in self.authority if value in Authority.values]


class Product(Kept, rows.Named):
    """A product under our part number. `customer` is whom it is made for; others may buy it under their own numbers."""

    subject_type: ClassVar[str] = "customers.product"

    number = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="products")
    final_oem = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    family = models.CharField(max_length=100, blank=True)
    vehicle = models.CharField(max_length=200, blank=True)
    sites = models.ManyToManyField(org.Site, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    service_until_on = models.DateField(null=True, blank=True)
    own_scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="customers_product_order",
            )
        ]
        indexes = [models.Index(fields=["family"], name="customers_product_family")]

    def get_absolute_url(self) -> str:
        return reverse("customers:product", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return f"{self.number} {self.name}"


class PartNumber(Guarded):
    """A customer's own number for one of our products; as confidential as that customer."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="part_numbers")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="part_numbers")
    number = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "customer", "number"], name="customers_partnumber_once")
        ]
        indexes = [models.Index(fields=["number"], name="customers_partnumber_number")]

    def __str__(self) -> str:
        return self.number


class Drawing(rows.Versioned):
    """One edition of a drawing of a product. Earlier editions stay; one entered by mistake is void, with the reason."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="drawings")
    number = models.CharField(max_length=80)
    edition = models.CharField(max_length=40)
    dated_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "number", "edition"], condition=Q(voided_at=None), name="customers_drawing_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.edition}"


class Phase(models.TextChoices):
    """How far a project is (APQP)."""

    QUOTATION = "quotation", pgettext_lazy("phase", "quotation")
    PLANNING = "planning", pgettext_lazy("phase", "planning")
    PRODUCT = "product", pgettext_lazy("phase", "product design")
    PROCESS = "process", pgettext_lazy("phase", "process design")
    VALIDATION = "validation", pgettext_lazy("phase", "validation")
    SERIES = "series", pgettext_lazy("phase", "series production")
    SERVICE = "service", pgettext_lazy("phase", "service parts")
    CLOSED = "closed", pgettext_lazy("phase", "closed")


class Project(Kept, rows.Named):
    """Work for a customer under one number, with its responsible department (项目责任部门) and team (项目组)."""

    subject_type: ClassVar[str] = "customers.project"

    number = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="projects")
    products = models.ManyToManyField(Product, blank=True, related_name="projects")
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.QUOTATION)
    department = models.ForeignKey(
        org.Department, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    vehicle = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    sop_on = models.DateField(null=True, blank=True)
    own_scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)

    def get_absolute_url(self) -> str:
        return reverse("customers:project", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return f"{self.number} {self.name}"


class TeamRole(models.TextChoices):
    """What somebody does in a project team; the word before the comma is what procedures name."""

    LEADER = "leader", pgettext_lazy("team", "project leader")
    SALES = "sales", pgettext_lazy("team", "sales")
    ENGINEERING = "engineering", pgettext_lazy("team", "product engineering")
    PROCESS = "process", pgettext_lazy("team", "process engineering")
    QUALITY = "quality", pgettext_lazy("team", "quality")
    PRODUCTION = "production", pgettext_lazy("team", "production")
    PURCHASING = "purchasing", pgettext_lazy("team", "purchasing")
    LOGISTICS = "logistics", pgettext_lazy("team", "logistics")
    FINANCE = "finance", pgettext_lazy("team", "finance")


class Member(rows.Versioned):
    """Somebody has a role in a project team from a day to a day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=TeamRole)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="customers_member_order")
        ]
        indexes = [models.Index(fields=["person", "role"], name="customers_member_person")]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"


class Frequency(models.TextChoices):
    """How often a portal is looked at."""

    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")
    FORTNIGHTLY = "fortnightly", _("every two weeks")
    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")
    HALF_YEARLY = "half_yearly", _("every half year")
    YEARLY = "yearly", _("yearly")


class Result(models.TextChoices):
    """What looking at a portal brought."""

    NOTHING_NEW = "nothing_new", _("nothing new")
    SOMETHING_NEW = "something_new", _("something new")
    NO_ACCESS = "no_access", _("could not sign in")


class Portal(Kept):
    """A customer's supplier portal (门户网站清单): who keeps the account, when it is looked at, what it brought."""

    subject_type: ClassVar[str] = "customers.portal"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="portals")
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=500)
    account = models.CharField(max_length=100, blank=True)
    keeper = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    frequency = models.CharField(max_length=20, choices=Frequency, default=Frequency.WEEKLY)
    next_check_on = models.DateField(null=True, blank=True)
    last_check_on = models.DateField(null=True, blank=True)
    last_check_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last_result = models.CharField(max_length=20, choices=Result, blank=True)
    told_for_on = models.DateField(null=True, blank=True, editable=False)
    escalate_after = models.PositiveSmallIntegerField(default=2)  # working days; 0: never
    escalated_for_on = models.DateField(null=True, blank=True, editable=False)
    note = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_check_on"], name="customers_portal_next", condition=Q(is_active=True)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customers:portal", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return self.name


class PortalCheck(Guarded):
    """A day on which `keeper` had to look at a portal: who did, and what it brought; no `checked_at`: nobody did."""

    subject_type: ClassVar[str] = "customers.portal_check"

    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="checks")
    keeper = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=20, choices=Result, blank=True)
    note = models.TextField(blank=True)
    was_due_on = models.DateField(null=True, blank=True)
    days_late = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["portal", "-checked_at"], name="customers_portalcheck_latest"),
            models.Index(fields=["was_due_on"], name="customers_portalcheck_due"),
        ]
        constraints = [models.UniqueConstraint(
            fields=["portal", "was_due_on"], condition=Q(checked_at=None), name="customers_portalcheck_missed_once"
        )]  # fmt: skip

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return f"{reverse('customers:portal', args=[self.portal_id])}#check-{self.pk}"

    @property
    def subject_label(self) -> str:
        day = timezone.localdate(self.checked_at) if self.checked_at else self.was_due_on
        return f"{self.portal.name} {day}"
