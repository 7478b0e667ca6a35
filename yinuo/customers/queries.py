"""Reading customers, products, projects and portals. Whatever takes a person returns only what that person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace
from rapidfuzz import fuzz, process

from yinuo.customers import models, rules
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import models as records

SEE = Permission.CUSTOMERS_SEE
SHORT = 4  # Latin names shorter than that are codes
SIMILAR_FROM = 80  # per cent; from here on two names are worth a question


# Customers -----------------------------------------------------------------------------------------------------------


def customers(person: org.Person) -> QuerySet[models.Customer]:
    """Customers the person may see."""
    return person.visible(models.Customer.objects.all(), SEE)


def customer(person: org.Person, pk: int) -> models.Customer:
    """The customer, if the person may see it; else `Customer.DoesNotExist`."""
    return customers(person).select_related("parent", "organisation", "window", "window_deputy", "scope").get(pk=pk)


def with_ancestors(it: models.Customer) -> list[models.Customer]:
    """The customer and those above it, nearest first: what any of them requires holds for this one."""
    codes = rules.codes_of(it.path)
    found = {each.code: each for each in models.Customer.objects.filter(code__in=codes).select_related("window")}
    return [found[code] for code in codes if code in found]


def subtree(it: models.Customer) -> QuerySet[models.Customer]:
    """The customer and all below it."""
    return models.Customer.objects.filter(path__startswith=it.path)


def below(person: org.Person, it: models.Customer) -> QuerySet[models.Customer]:
    """Customers below this one that the person may see, as a tree in order."""
    return customers(person).filter(path__startswith=it.path).exclude(pk=it.pk).order_by("path")


@dataclass(frozen=True)
class Window:
    """The window to a customer (对外联络窗口): person, deputy, and the customer on which they are named."""

    person: org.Person | None
    deputy: org.Person | None
    named_on: models.Customer | None

    @property
    def people(self) -> list[org.Person]:
        return [each for each in (self.person, self.deputy) if each is not None and each.is_active]


def windows(customers_asked: Iterable[models.Customer]) -> dict[int, Window]:
    """The window of each customer, by its key: the one named on it, else on the nearest above; one query for all."""
    paths = {each.pk: rules.codes_of(each.path) for each in customers_asked}
    wanted = {code for codes in paths.values() for code in codes}
    rows = models.Customer.objects.filter(code__in=wanted).select_related("window", "window_deputy")
    named = {each.code: each for each in rows if each.window_id or each.window_deputy_id}
    nobody = Window(None, None, None)
    found = {pk: next((named[code] for code in codes if code in named), None) for pk, codes in paths.items()}
    return {pk: Window(on.window, on.window_deputy, on) if on else nobody for pk, on in found.items()}


def window(it: models.Customer) -> Window:
    """The customer's window; where none is named, the nearest one above. All None when there is none at all."""
    if it.window_id or it.window_deputy_id:
        return Window(it.window, it.window_deputy, it)
    return windows([it])[it.pk]


def is_window(person: org.Person, it: models.Customer) -> bool:
    """Whether the person is this customer's window or deputy."""
    return person.pk in {each.pk for each in window(it).people}


def named(person: org.Person, text: str) -> models.Customer | None:
    """The one customer that bears this name (code, usual, registered name or alias), if the person may see it."""
    return customers(person).filter(names__key=rules.name_key(text)).first()


def matching(person: org.Person, text: str) -> QuerySet[models.Customer]:
    """Customers one of whose names contains the text; all with an empty text. For suggestions and filters."""
    return matching_names(customers(person), text)


def matching_names(rows: QuerySet[models.Customer], text: str) -> QuerySet[models.Customer]:
    """The customers among `rows` one of whose names contains the text, whatever its width, case and punctuation."""
    if not text.strip():
        return rows
    names = models.CustomerName.objects.filter(customer=OuterRef("pk"), key__contains=rules.name_key(text))
    return rows.filter(Exists(names))


@dataclass(frozen=True)
class Similar:
    """A customer with a name like the one typed: which name, and how alike in per cent (100: the same name)."""

    customer: models.Customer
    name: str
    score: float

    @property
    def is_same(self) -> bool:
        return self.score >= 100


def similar(person: org.Person, names: Iterable[str], *, except_for: int | None = None) -> list[Similar]:
    """Customers with names like these, most alike first, one line per customer. Asked before a new one is made.

    Very short Latin names (codes) are alike only when they are the same: VW and SVW are no misspelling of each other.
    """
    rows = models.CustomerName.objects.filter(customer__in=customers(person).exclude(pk=except_for or 0))
    known = list(rows.values_list("customer_id", "key", "text"))
    keys = [key if not _is_short(key) else "" for _customer, key, _text in known]
    wanted = {rules.name_key(name) for name in names if name.strip()}
    best: dict[int, tuple[float, str]] = {}
    for customer_id, key, text in known:
        if key in wanted:
            best[customer_id] = (100.0, text)
    for name in wanted:
        if _is_short(name):
            continue
        for _key, score, index in process.extract(name, keys, scorer=fuzz.WRatio, score_cutoff=SIMILAR_FROM, limit=20):
            customer_id, key, text = known[index]
            alike = min(score, 99.0) if key != name else 100.0
            if alike > best.get(customer_id, (0.0, ""))[0]:
                best[customer_id] = (alike, text)
    found = models.Customer.objects.in_bulk(list(best))
    return sorted((Similar(found[pk], text, score) for pk, (score, text) in best.items()), key=lambda s: -s.score)


def _is_short(key: str) -> bool:
    return key.isascii() and len(key) < SHORT


def cards_without_customer(person: org.Person) -> QuerySet[org.Organisation]:
    """Cards of the address book that the person may see and on which no customer hangs yet."""
    rows = org.Organisation.objects.filter(customer=None, is_active=True)
    return rows.filter(Q(scope=None) | Q(scope__in=person.rights.scope_ids)).order_by("name_zh")


# Contacts ------------------------------------------------------------------------------------------------------------


def contacts(person: org.Person, it: models.Customer | None = None) -> QuerySet[models.CustomerContact]:
    """Contacts (of one customer) the person may see: those still there first."""
    rows = person.visible(models.CustomerContact.objects.select_related("customer"), SEE)
    return (rows.filter(customer=it) if it else rows).order_by(F("to_on").desc(nulls_first=True), "name", "pk")


def not_left(on: date) -> Q:
    """Contacts whose last day is not over on a day."""
    return Q(to_on=None) | Q(to_on__gte=on)


def contacts_around(person: org.Person, it: models.Customer, on: date) -> QuerySet[models.CustomerContact]:
    """Contacts who have not left on a day, of the customer and those above and below it: whoever may speak for it."""
    rows = contacts(person).filter(not_left(on))
    return rows.filter(Q(customer__path__startswith=it.path) | Q(customer__code__in=rules.codes_of(it.path)))


def contact_words(contact: models.CustomerContact) -> str:
    """How a contact is chosen: 沈工 · 供应商质量 · 上汽大众."""
    return " · ".join(filter(None, [contact.name, contact.department or contact.role, contact.customer.name]))


def contacts_on(it: models.Customer, on: date, authority: str = "") -> list[models.CustomerContact]:
    """Contacts of the customer and those above it who are there on a day (and may say what `authority` names)."""
    rows = models.CustomerContact.objects.filter(customer__code__in=rules.codes_of(it.path))
    rows = rows.filter(Q(from_on=None) | Q(from_on__lte=on), not_left(on))
    return [each for each in rows.order_by("-customer__depth", "name") if not authority or authority in each.authority]


# Products and projects -----------------------------------------------------------------------------------------------


def products(person: org.Person) -> QuerySet[models.Product]:
    """Products the person may see."""
    return person.visible(models.Product.objects.all(), SEE)


def matching_products(
    rows: QuerySet[models.Product], text: str, person: org.Person | None = None
) -> QuerySet[models.Product]:
    """The products among `rows` whose number, name, family or vehicle contains the text, or a customer's number does.

    Customers' numbers that the person may see; without a person those that whoever sees the product may know.
    """
    found = Q(number__icontains=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text)
    parts = models.PartNumber.objects.filter(product=OuterRef("pk"))
    if person is not None:
        parts = person.visible(parts, SEE)
    else:
        known = (Q(scope=None) | Q(scope=OuterRef("scope"))) & (Q(site=None) | Q(site=OuterRef("site")))
        parts = parts.filter(known)
    parts = parts.annotate(bare=Replace("number", Value(" "))).filter(bare__icontains=text.replace(" ", ""))
    return rows.filter(found | Q(vehicle__icontains=text) | Q(family__icontains=text) | Exists(parts))


def products_of(person: org.Person, it: models.Customer) -> QuerySet[models.Product]:
    """Products made for the customer or one below it, or bought by it under its own number."""
    ids = subtree(it).values("pk")
    parts = person.visible(models.PartNumber.objects.filter(customer__in=ids), SEE)
    return products(person).filter(Q(customer__in=ids) | Q(pk__in=parts.values("product"))).order_by("number")


def part_numbers(person: org.Person, product: models.Product) -> QuerySet[models.PartNumber]:
    """The customers' own numbers of a product, as far as the person may know these customers."""
    rows = models.PartNumber.objects.filter(product=product).select_related("customer")
    return person.visible(rows, SEE).order_by("customer__path", "number")


def part_numbers_of(person: org.Person, found: Iterable[models.Product]) -> dict[int, list[str]]:
    """The customers' numbers of several products, by the product's key, as far as the person may know them."""
    numbers: dict[int, list[str]] = {each.pk: [] for each in found}
    rows = person.visible(models.PartNumber.objects.filter(product__in=list(numbers)), SEE)
    for product_id, number in rows.order_by("number").values_list("product", "number"):
        numbers[product_id].append(number)
    return numbers


def projects(person: org.Person) -> QuerySet[models.Project]:
    """Projects the person may see."""
    return person.visible(models.Project.objects.all(), SEE)


def matching_projects(rows: QuerySet[models.Project], text: str) -> QuerySet[models.Project]:
    """The projects among `rows` whose number, name or vehicle contains the text."""
    found = Q(number__icontains=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text)
    return rows.filter(found | Q(vehicle__icontains=text))


def projects_of(person: org.Person, it: models.Customer) -> QuerySet[models.Project]:
    """Projects for the customer or one below it."""
    rows = projects(person).filter(customer__path__startswith=it.path)
    return rows.select_related("customer", "department").order_by("number")


def team(project: models.Project, on: date | None = None) -> QuerySet[models.Member]:
    """The project team (项目组), on a day or (None) with everybody who ever was in it."""
    rows = models.Member.objects.filter(project=project).select_related("person")
    if on is not None:
        rows = rows.filter(Q(from_on__lte=on), Q(to_on=None) | Q(to_on__gte=on))
    return rows.order_by("role", "from_on", "pk")


def people_in_role(project: models.Project, role: str, on: date) -> list[org.Person]:
    """Who has the role in the project's team on a day."""
    return [member.person for member in team(project, on).filter(role=role) if member.person.is_active]


# Portals -------------------------------------------------------------------------------------------------------------


def portals(person: org.Person) -> QuerySet[models.Portal]:
    """Portals the person may see."""
    return person.visible(models.Portal.objects.all(), SEE)


def matching_portals(rows: QuerySet[models.Portal], text: str) -> QuerySet[models.Portal]:
    """The portals among `rows` whose name or address contains the text."""
    return rows.filter(Q(name__icontains=text) | Q(url__icontains=text))


def portals_of(it: models.Customer) -> QuerySet[models.Portal]:
    """Active portals of the customer, else of the nearest one above that has any."""
    for each in with_ancestors(it):
        rows = models.Portal.objects.filter(customer=each, is_active=True).select_related("keeper", "deputy")
        if rows:
            return rows.order_by("pk")
    return models.Portal.objects.none()


def portals_waiting_for(person: org.Person, on: date) -> QuerySet[models.Portal]:
    """Portals whose check is due and that the person keeps (or stands in for)."""
    rows = portals(person).filter(is_active=True, next_check_on__lte=on)
    return rows.filter(Q(keeper=person) | Q(deputy=person)).order_by("next_check_on")


def checks(portal: models.Portal) -> QuerySet[models.PortalCheck]:
    """When the portal was looked at or should have been, latest first."""
    rows = models.PortalCheck.objects.filter(portal=portal).select_related("by", "keeper")
    return rows.order_by("-pk")


def all_checks(person: org.Person) -> QuerySet[models.PortalCheck]:
    """Checks of portals, made and missed, that the person may see."""
    return person.visible(models.PortalCheck.objects.all(), SEE)


@dataclass(frozen=True)
class Made:
    """How the checks that were due in some days were made."""

    on_time: int
    late: int
    missed: int
    no_access: int

    @property
    def total(self) -> int:
        return self.on_time + self.late + self.missed

    @property
    def rate(self) -> float | None:
        """The part made on time, in per cent; None when nothing was due."""
        return round(100 * self.on_time / self.total, 1) if self.total else None


def made(rows: QuerySet[models.PortalCheck]) -> Made:
    """How these checks were made; one query."""
    return Made(
        **rows.order_by().aggregate(
            on_time=Count("pk", filter=Q(days_late=0)),
            late=Count("pk", filter=Q(days_late__gt=0)),
            missed=Count("pk", filter=Q(checked_at=None)),
            no_access=Count("pk", filter=Q(result=models.Result.NO_ACCESS)),
        )
    )


def proofs(checks: Iterable[models.PortalCheck]) -> dict[int, list[records.Attachment]]:
    """The files kept as proof of checks, by the check's key; one query."""
    kind = models.PortalCheck.subject_type
    ids = [each.pk for each in checks]
    files = records.Attachment.objects.filter(subject_type=kind, subject_id__in=ids, voided_at=None, purged_at=None)
    found: dict[int, list[records.Attachment]] = {}
    for file in files.order_by("pk"):
        found.setdefault(file.subject_id, []).append(file)
    return found


def weeks(portals_asked: Iterable[models.Portal], today: date) -> dict[int, list[rules.Week]]:
    """What became of the checks of portals in each of the last 52 weeks, by the portal's key; one query."""
    keys = [each.pk for each in portals_asked]
    since = today - timedelta(weeks=rules.WEEKS)
    rows = models.PortalCheck.objects.filter(portal__in=keys, was_due_on__gt=since).order_by("pk")
    seen: dict[int, list[tuple[date, str]]] = {key: [] for key in keys}
    for key, day, late, result in rows.values_list("portal", "was_due_on", "days_late", "result"):
        if day is not None:
            seen[key].append((day, rules.how_made(late, result)))
    return {key: rules.year_of(found, today) for key, found in seen.items()}
