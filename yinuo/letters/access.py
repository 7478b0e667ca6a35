"""Who may draft, and who may release what goes out to a customer."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import plugs, refusals, subjects
from yinuo.letters import models
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission


class TalkClosed(refusals.Refusal):
    """The talk is closed."""


class SubjectOver(refusals.Refusal):
    """What the talk is about is over: its record is only read."""


class NotReleaser(refusals.Refusal):
    """Somebody else releases what goes out to this customer."""

    status = 403


def may_write(person: org.Person, scope_id: int | None, site_id: int | None) -> bool:
    """Whether the person may draft and record talks on a subject of this scope and site."""
    return person.may(Permission.LETTERS_WRITE, scope_id, site_id)


def require_mail_writer(person: org.Person, mail: models.Mail) -> None:
    """Refuse unless the person may write about what belongs to the mail's scope and site."""
    if not may_write(person, mail.scope_id, mail.site_id):
        raise refusals.NotAllowed()


def releasing_posts() -> dict[str, org.Post]:
    """The posts that the company put in place of the window, by purpose; "" stands for every other purpose."""
    return {row.purpose: row.post for row in models.Releaser.objects.select_related("post")}


def releasing_post(purpose: str, posts: dict[str, org.Post]) -> org.Post | None:
    """The post that releases for a purpose in place of the window, if the company named one."""
    return posts.get(purpose) or posts.get("")


def releasers_of(threads: Iterable[models.Thread], now: datetime) -> dict[int, list[org.Person]]:
    """Who releases what goes out in each talk, by the talk's key: the holders of the post the company named, else the
    customer's window and deputy; and who stands in for one of them who is away (委托代理)."""
    asked = list(threads)
    posts = releasing_posts()
    windows = customers_queries.windows(each.customer for each in asked)
    away = set(org_queries.absences_at(now).values_list("person_id", flat=True))
    found = {}
    for thread in asked:
        post = releasing_post(thread.purpose, posts)
        if post is not None:
            named = org_queries.holders(post.code, timezone.localdate(now))
        else:
            named = windows[thread.customer_id].people
        delegates = [org_queries.delegate_of(person, now) for person in named if person.pk in away]
        found[thread.pk] = list(dict.fromkeys([*named, *filter(None, delegates)]))
    return found


def releasers(thread: models.Thread, now: datetime) -> list[org.Person]:
    """Who releases what goes out in one talk."""
    return releasers_of([thread], now)[thread.pk]


def may_release(person: org.Person, thread: models.Thread, now: datetime) -> bool:
    """Whether the person releases what goes out in this talk (and may see it at all)."""
    return may_write(person, thread.scope_id, thread.site_id) and person in releasers(thread, now)


def openable(person: org.Person, subject_type: str, subject_id: int) -> tuple[subjects.Ref, customers.Customer] | None:
    """The subject and its customer, if the person may open a talk about it.

    Rooms say so themselves: the subject takes files from the person (`attachables`), and has a customer
    (the fact `subject.customer_id/<type>`).
    """
    fact = f"subject.customer_id/{subject_type}"
    if subject_type not in plugs.attachables or fact not in plugs.facts:
        return None
    about = plugs.attachables.get(subject_type).function(subject_id, person)
    if about is None or not may_write(person, about.scope_id, about.site_id):
        return None
    customer = customers.Customer.objects.filter(pk=plugs.facts.get(fact).function(about) or 0).first()
    if customer is None or not may_write(person, customer.scope_id, customer.site_id):
        return None
    return about, customer


def require_going_on(subject: subjects.Ref) -> None:
    """Refuse when what the talk is about is over (the fact `subject.is_over/<type>` of its room)."""
    fact = f"subject.is_over/{subject.type}"
    if fact in plugs.facts and plugs.facts.get(fact).function(subject):
        raise SubjectOver(_("“%(label)s” is over. Reopen it to talk about it again.") % {"label": subject.label})


def require_writer(person: org.Person, thread: models.Thread) -> None:
    """Refuse unless the person may write in this talk, and it is open."""
    if not may_write(person, thread.scope_id, thread.site_id):
        raise refusals.NotAllowed()
    if thread.state == models.ThreadState.CLOSED:
        raise TalkClosed(_("This talk is closed. Open it again to go on."))


def require_releaser(person: org.Person, thread: models.Thread, now: datetime) -> None:
    """Refuse unless the person releases what goes out in this talk; say who does."""
    require_writer(person, thread)
    named = releasers(thread, now)
    if person in named:
        return
    if not named:
        raise NotReleaser(_("Nobody is named as window to this customer. Name one on the customer's page."))
    names = "、".join(each.name for each in named)
    raise NotReleaser(_("Only the window to this customer releases this: %(names)s.") % {"names": names})
