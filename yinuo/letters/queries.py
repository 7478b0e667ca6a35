"""Reading talks and mails. Whatever takes a person returns only what that person may see."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet

from yinuo.customers import models as customers
from yinuo.kit import subjects
from yinuo.letters import access, models, rules
from yinuo.letters.definition import Circle
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.records import models as records

SEE = Permission.LETTERS_SEE
LETTER = "letters.letter"


def threads(person: org.Person) -> QuerySet[models.Thread]:
    """Talks the person may see."""
    return person.visible(models.Thread.objects.all(), SEE)


def _letters(person: org.Person) -> QuerySet[models.Letter]:
    """Letters the person may see: by their own scope and site, which are their talk's, so that no talk is looked up."""
    return person.visible(models.Letter.objects.all(), SEE)


def letters_of(asked: Iterable[models.Thread]) -> dict[int, list[models.Letter]]:
    """The letters of several talks in the order in which they were entered, with every version of our drafts."""
    found: dict[int, list[models.Letter]] = {each.pk: [] for each in asked}
    versions = models.DraftVersion.objects.select_related("by").order_by("number")
    rows = models.Letter.objects.filter(thread__in=list(found))
    rows = rows.select_related("contact", "entered_by", "released_by", "sent_by", "confirmed_in")
    for row in rows.prefetch_related(Prefetch("versions", versions)).order_by("pk"):
        found[row.thread_id].append(row)
    return found


def threads_about(subject: "subjects.Subject | subjects.Ref", person: org.Person) -> QuerySet[models.Thread]:
    """Talks about one subject, latest first."""
    it = subjects.ref(subject)
    rows = threads(person).filter(subject_type=it.type, subject_id=it.id)
    return rows.select_related("customer").order_by("-last_at", "-pk")


def threads_with(customer_id: int, person: org.Person) -> QuerySet[models.Thread]:
    """Talks with one customer, whatever they are about, latest first."""
    return threads(person).filter(customer=customer_id).select_related("customer").order_by("-last_at", "-pk")


def unconfirmed(person: org.Person, until: date | None = None) -> QuerySet[models.Letter]:
    """Spoken words still to be confirmed in writing (待书面确认), those due until a day, earliest first."""
    rows = _letters(person).filter(confirmation=models.Confirmation.WAITING).select_related("thread__customer")
    return (rows.filter(confirm_due_on__lte=until) if until else rows).order_by("confirm_due_on", "pk")


def drafts_to_release(person: org.Person, now: datetime) -> list[models.Letter]:
    """Drafts that wait for this person's release, longest waiting first. One query when nothing waits for anybody."""
    rows = _letters(person).filter(state=models.LetterState.DRAFT, asked_at__isnull=False)
    if not rows.exists():  # asked on every page, for the menu: mostly nothing waits, which costs half as much to learn
        return []
    drafts = list(rows.select_related("thread__customer", "entered_by").order_by("asked_at")[:500])
    by_thread = access.releasers_of({draft.thread_id: draft.thread for draft in drafts}.values(), now)
    return [draft for draft in drafts if person in by_thread[draft.thread_id]]


def files_of(letters_asked: Iterable[models.Letter]) -> dict[int, list[records.Attachment]]:
    """The files of several letters, by the letter's key, oldest first; void ones are left out."""
    ids = [each.pk for each in letters_asked]
    rows = records.Attachment.objects.filter(subject_type=LETTER, subject_id__in=ids, voided_at=None)
    found: dict[int, list[records.Attachment]] = {pk: [] for pk in ids}
    for row in rows.select_related("blob").order_by("id"):
        found[row.subject_id].append(row)
    return found


# Mail ----------------------------------------------------------------------------------------------------------------


def mails(person: org.Person) -> QuerySet[models.Mail]:
    """Mails the person may see."""
    return person.visible(models.Mail.objects.all(), SEE)


def mailboxes() -> QuerySet[models.Mailbox]:
    """All mailboxes, for administrators."""
    rows = models.Mailbox.objects.select_related("site", "scope").annotate(count=Count("mails"))
    return rows.order_by("-is_active", "name", "pk")


def mailboxes_due(now: datetime) -> QuerySet[models.Mailbox]:
    """Mailboxes whose time it is to be looked at."""
    rows = models.Mailbox.objects.filter(is_active=True)
    return rows.filter(Q(next_at=None) | Q(next_at__lte=now)).order_by("next_at", "pk")


def mail_of(subject: "subjects.Subject | subjects.Ref") -> models.Mail | None:
    """The mail of which something in a room above was made."""
    it = subjects.ref(subject)
    return models.Mail.objects.filter(led_to_type=it.type, led_to_id=it.id).first()


def originals_of(mail: models.Mail) -> QuerySet[records.Attachment]:
    """The mail as it came, byte for byte."""
    it = subjects.ref(mail)
    rows = records.Attachment.objects.filter(subject_type=it.type, subject_id=it.id, voided_at=None)
    return rows.select_related("blob").order_by("pk")


def mails_answered(numbers: Sequence[str]) -> list[models.Mail]:
    """The mails on record that a mail answers or refers to, by their numbers, the nearest first."""
    found = {
        each.header_id: each
        for each in models.Mail.objects.select_related("letter__thread__customer").filter(
            header_id__in=[n for n in numbers if n]
        )
    }
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def ours() -> rules.Ours:
    """By which addresses and domains our own people and servers are known."""
    addresses = {each.lower() for each in org_queries.people().exclude(email="").values_list("email", flat=True)}
    addresses |= own_addresses()
    return rules.Ours(frozenset(addresses), rules.own_domains(addresses))


def own_addresses() -> frozenset[str]:
    """The addresses of the program itself: what comes from them goes round."""
    found = {each.lower() for each in models.Mailbox.objects.values_list("address", flat=True)}
    return frozenset(found | {parseaddr(settings.MAIL_FROM)[1].lower()})


def circle() -> Circle:
    """Whom the reader of mails should know of: ourselves, and the systems of customers."""
    return Circle(own_addresses(), frozenset(_portal_domains()))


def _portal_domains() -> dict[str, customers.Customer]:
    """The hosts of customers' portals; addresses of a whole company's domain count with them (srm.vw.com: vw.com)."""
    found: dict[str, customers.Customer] = {}
    for portal in customers.Portal.objects.filter(is_active=True).select_related("customer").order_by("-pk"):
        host = (urlsplit(portal.url).hostname or "").lower()
        if host and not host.replace(".", "").isdigit():
            found[host.removeprefix("www.")] = portal.customer
    return found


def customer_of(address: str) -> customers.Customer | None:
    """Whose address it is: a contact's, a portal's, or of a domain that belongs to one customer and those below it."""
    domain = address.rpartition("@")[2].lower()
    contacts = customers.CustomerContact.objects.select_related("customer").order_by("to_on", "pk")
    contact = contacts.filter(email__iexact=address).last() if address else None
    if contact is not None:
        return contact.customer
    for host, customer in _portal_domains().items():
        if rules.is_within(domain, {host}) or (domain.count(".") >= 1 and rules.is_within(host, {domain})):
            return customer
    if not domain or domain in rules.PUBLIC_DOMAINS:
        return None
    found = {each.customer for each in contacts.filter(email__iendswith=f"@{domain}")}
    top = min(found, key=lambda each: (each.depth, each.path), default=None)
    return top if top and all(each.path.startswith(top.path) for each in found) else None


def contact_of(address: str, customer: customers.Customer | None) -> customers.CustomerContact | None:
    """The contact with this address at the customer."""
    rows = customers.CustomerContact.objects.filter(customer=customer, email__iexact=address)
    return rows.order_by("pk").last() if address and customer else None


def token_of(thread: models.Thread) -> str:
    """What, in the subject of an answer, leads it into its talk."""
    return f"[YN-{thread.pk}-{_proof(thread.pk)}]"


def thread_named(subject: str) -> models.Thread | None:
    """The talk that a subject names by its token."""
    named = rules.token_in(subject)
    if named is None or not hmac.compare_digest(_proof(named[0]), named[1]):
        return None
    return models.Thread.objects.select_related("customer").filter(pk=named[0]).first()


def _proof(pk: int) -> str:
    return hmac.new(b"talk:" + settings.SECRET_KEY.encode(), str(pk).encode(), hashlib.sha256).hexdigest()[:8]
