"""Reading talks and mails. Whatever takes a person returns only what that person may see."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, F, Prefetch, Q, QuerySet

from yinuo.customers import models as customers
from yinuo.kit import plugs, subjects
from yinuo.letters import access, models, rules
from yinuo.letters.definition import Circle
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.records import models as records
from yinuo.records import queries as records_queries

SEE = Permission.LETTERS_SEE
LETTER = "letters.letter"
ANSWERED = "subject.is_answered/"  # the fact by which a room says that what a talk is about was answered


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


def answerable(thread: models.Thread) -> bool:
    """Whether a letter of this talk can answer what it is about: the rooms of requests say when one was answered."""
    return f"{ANSWERED}{thread.subject_type}" in plugs.facts


def is_answer_at_first(thread: models.Thread, letters: Iterable[models.Letter]) -> bool:
    """Whether the next letter is mostly the answer: in a talk for the reply, as long as none of it has gone out."""
    sent = models.LetterState.SENT
    return thread.purpose == models.Purpose.REPLY and not any(it.is_answer and it.state == sent for it in letters)


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


def thread_named(text: str) -> models.Thread | None:
    """The talk that a subject (or other words) names by its token."""
    proved = [pk for pk, proof in rules.tokens_in(text)[:20] if hmac.compare_digest(_proof(pk), proof)]
    found = models.Thread.objects.select_related("customer").in_bulk(proved)
    return next((found[pk] for pk in proved if pk in found), None)


def thread_answered(numbers: Sequence[str]) -> models.Thread | None:
    """The talk in which a mail stands that is answered by its number: a customer's, or ours."""
    for mail in mails_answered(numbers):
        if mail.letter is not None:
            return mail.letter.thread
    sent = models.Dispatch.objects.filter(header_id__in=[n for n in numbers if n])
    dispatch = sent.select_related("letter__thread__customer").order_by("pk").last()
    return dispatch.letter.thread if dispatch else thread_named(" ".join(numbers))


def new_header_id(thread: models.Thread, address: str) -> str:
    """The number of a mail to be sent: it carries the talk's token, for answers whose subject was rewritten."""
    mark = token_of(thread).strip("[]").lower()
    return f"{mark}.{secrets.token_hex(10)}@{address.rpartition('@')[2]}"


def _proof(pk: int) -> str:
    return hmac.new(b"talk:" + settings.SECRET_KEY.encode(), str(pk).encode(), hashlib.sha256).hexdigest()[:8]


# Mails that we send ---------------------------------------------------------------------------------------------------


def senders(thread: models.Thread) -> QuerySet[models.Sender]:
    """The outgoing servers through which letters of a talk may leave: of its site or all, of its scope or none."""
    site = Q(mailbox__site_id=None) | Q(mailbox__site_id=thread.site_id)
    scope = Q(mailbox__scope_id=None) | Q(mailbox__scope_id=thread.scope_id)
    rows = models.Sender.objects.filter(site, scope, is_active=True).select_related("mailbox")
    return rows.order_by(
        F("mailbox__scope_id").desc(nulls_last=True), F("mailbox__site_id").desc(nulls_last=True), "pk"
    )


def mailboxes_in_trouble() -> int:
    """How many mailboxes cannot be read, or cannot send."""
    trouble = models.Mailbox.State.TROUBLE
    reading = Q(is_active=True, state=trouble)
    sending = Q(sender__is_active=True, sender__state=models.Sender.State.TROUBLE)
    return models.Mailbox.objects.filter(reading | sending).count()


def some_mailbox_sends() -> bool:
    """Whether letters can leave by mail at all."""
    return models.Sender.objects.filter(is_active=True).exists()


def enclosable(letter: models.Letter, person: org.Person) -> tuple[list[records.Attachment], list[records.Attachment]]:
    """The files that may go along with a letter: its own, and those of what the talk is about as far as the person may
    read them."""
    own = [each for each in files_of([letter])[letter.pk] if each.kind not in ("proof", "sent")]
    about = letter.thread.subject
    if not records_queries.may_read(person, about.type, about.id):
        return own, []
    rows = records_queries.attachments(about).filter(voided_at=None, purged_at=None)
    same = {each.blob_id for each in own}
    seen = person.visible(rows, records_queries.permission_of(about.type))
    return own, [each for each in seen[:200] if each.blob_id not in same]


def header_ids(thread: models.Thread) -> list[str]:
    """The numbers of the mails of a talk, theirs and ours, oldest first: what a further one refers to."""
    came = (
        models.Mail.objects.filter(letter__thread=thread).exclude(header_id="").values_list("entered_at", "header_id")
    )
    sent = models.Dispatch.objects.filter(letter__thread=thread, sent_at__isnull=False)
    both = [*came, *sent.values_list("sent_at", "header_id")]
    return list(dict.fromkeys(number for _at, number in sorted(both)))


def dispatches_of(letters_asked: Iterable[models.Letter]) -> dict[int, models.Dispatch]:
    """The latest mail of each letter that was to be sent, with its recipients."""
    rows = models.Dispatch.objects.filter(letter__in=[each.pk for each in letters_asked])
    rows = rows.select_related("sender__mailbox").prefetch_related("recipients").order_by("pk")
    return {each.letter_id: each for each in rows}


def next_dispatch(now: datetime) -> models.Dispatch | None:
    """The mail to be sent next, or whose sender died."""
    state = models.Dispatch.State
    free = Q(state=state.WAITING, next_at__lte=now) | Q(state=state.SENDING, claimed_until__lt=now)
    rows = models.Dispatch.objects.filter(free).select_related("letter__thread__customer", "sender__mailbox")
    return rows.order_by("next_at", "pk").first()


def next_copy(now: datetime) -> models.Dispatch | None:
    """A mail that left and of which a copy is still to be filed."""
    rows = models.Dispatch.objects.filter(copy=models.Dispatch.Copy.WANTED, next_at__lte=now)
    return rows.select_related("letter__thread", "sender__mailbox").order_by("next_at", "pk").first()


def dispatch_reported(numbers: Sequence[str], text: str) -> models.Dispatch | None:
    """The mail of ours that a server's word is about: by its number, else the last one in the talk that is named."""
    rows = models.Dispatch.objects.select_related("letter__thread__customer")
    found = rows.filter(header_id__in=[each for each in numbers if each]).first()
    if found is not None:
        return found
    thread = thread_named(" ".join([*numbers, text]))
    return rows.filter(letter__thread=thread, handed_at__isnull=False).order_by("pk").last() if thread else None


def attachments_by_key(keys: Sequence[int]) -> list[records.Attachment]:
    """Files by their keys, in that order; one that was purged meanwhile is missing, which its reader finds out."""
    found = records.Attachment.objects.select_related("blob").in_bulk(list(keys))
    return [found[key] for key in keys]


def sent_copy(dispatch: models.Dispatch) -> records.Attachment | None:
    """The mail as it left, byte for byte."""
    rows = records_queries.attachments(dispatch.letter.ref).filter(kind="sent", purged_at=None)
    return rows.order_by("pk").last()
