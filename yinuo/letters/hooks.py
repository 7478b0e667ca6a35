"""What the room plugs into the rooms below."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from yinuo.kit import actors, plugs, subjects
from yinuo.letters import access, models, queries
from yinuo.letters.actions import sending, threads
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.search.rules import Document


def rescoped(*, type: str, id: int, scope_id: int | None, **_more: object) -> None:  # noqa: A002 - names of the event
    """Talks about a subject are as confidential as it is; a customer's own confidence holds below an open subject."""
    for thread in models.Thread.objects.filter(subject_type=type, subject_id=id).select_related("customer"):
        now_in = scope_id or thread.customer.scope_id
        models.Thread.objects.filter(pk=thread.pk).update(scope_id=now_in)
        models.Letter.objects.filter(thread=thread).update(scope_id=now_in)
        plugs.announce("kit.rescoped", type="letters.thread", id=thread.pk, scope_id=now_in)
        for letter_id in thread.letters.values_list("pk", flat=True):
            plugs.announce("kit.rescoped", type=queries.LETTER, id=letter_id, scope_id=now_in)


def mails_rescoped(*, type: str, id: int, scope_id: int | None, **_more: object) -> None:  # noqa: A002 - as above
    """A mail is as confidential as what was made of it; one of which nothing was made, as its customer."""
    of = Q(led_to_type=type, led_to_id=id)
    if type == "customers.customer":
        of |= Q(customer=id, led_to_type="")
    for mail in models.Mail.objects.filter(of).exclude(scope=scope_id):
        models.Mail.objects.filter(pk=mail.pk).update(scope=scope_id)
        plugs.announce("kit.rescoped", type=mail.subject_type, id=mail.pk, scope_id=scope_id, was=mail.scope_id)


def ended(*, subject: subjects.Ref, by: actors.Actor, now: datetime) -> None:
    """Talks about what is over are over as well."""
    threads.end_with(subject=subject, by=by, now=now)


def letter_takes_files(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """A letter takes files from whoever may write in its talk, while the talk is open."""
    letter = models.Letter.objects.filter(pk=subject_id).select_related("thread").first()
    if letter is None or letter.thread.state == models.ThreadState.CLOSED:
        return None
    return letter.ref if access.may_write(person, letter.scope_id, letter.site_id) else None


def letters_in(thread_id: int) -> list[tuple[str, int]]:
    """What of a talk has files: its letters, which a hold on the talk holds too."""
    return [(queries.LETTER, pk) for pk in models.Letter.objects.filter(thread=thread_id).values_list("pk", flat=True)]


def thread_documents(ids: list[int]) -> list[Document]:
    """Talks with what was said in them, who said it and what was agreed; what was withdrawn is not found."""
    rows = models.Thread.objects.filter(pk__in=ids).select_related("customer").prefetch_related("letters")
    found = []
    for thread in rows:
        said = [each for each in thread.letters.all() if each.state != models.LetterState.WITHDRAWN]
        words = [thread.outcome, *(f"{each.speaker}\n{each.text}" for each in sorted(said, key=lambda each: each.pk))]
        words += [thread.customer.name_zh, thread.customer.name_en, thread.subject_label]
        found.append(
            Document(
                type=thread.ref.type,
                id=thread.pk,
                title=thread.title,
                label="",
                text="\n".join(filter(None, words)),
                url=thread.get_absolute_url(),
                scope_id=thread.scope_id,
                site_id=thread.site_id,
                at=thread.opened_at,
            )
        )
    return found


def talks_panel(subject: subjects.Ref, person: org.Person) -> str | None:
    """The talks about a customer, on the customer's page."""
    if not person.may(Permission.LETTERS_SEE, subject.scope_id, subject.site_id):
        return None
    return reverse("letters:threads", args=[subject.type, subject.id])


def waiting_for(person: org.Person) -> int:
    """Drafts that wait for the person's release."""
    return len(queries.drafts_to_release(person, timezone.now()))


def releaser(subject: subjects.Ref, argument: str = "") -> "str | list[int]":
    """Who releases what goes out about a subject for the purpose `argument`: the post the company named, else the
    window to the subject's customer. In a procedure: `role: "release:reply"`."""
    post = access.releasing_post(argument, access.releasing_posts())
    if post is not None:
        return f"post:{post.code}"
    window: list[int] = plugs.finders.get("customers.window").function(subject, "")
    return window


plugs.finders.plug(
    "letters.releaser", releaser, zh="对外放行人", en="who releases letters", team="release",
    roles=models.Purpose.choices,
)  # fmt: skip
plugs.events.plug("kit.rescoped/letters", rescoped)
plugs.events.plug("kit.rescoped/letters_mails", mails_rescoped)
plugs.events.plug("kit.ended/letters", ended)
plugs.index_sources.plug(
    "letters.thread", thread_documents, zh="顾客沟通", en="Talks",
    every=lambda: models.Thread.objects.order_by("pk").values_list("pk", flat=True),
)  # fmt: skip
plugs.attachables.plug(queries.LETTER, letter_takes_files, zh="往来沟通", en="Letter")
plugs.parts.plug("letters.thread", letters_in, zh="往来沟通", en="Letters")
plugs.panels.plug("customers.customer/letters", talks_panel, zh="与顾客的沟通", en="Talks", icon="messages")


def mail_undone(*, letter: int, by: org.Person, now: datetime) -> None:
    """A mail that was just to leave does not."""
    sending.cancel(letter=models.Letter.objects.select_related("thread").get(pk=letter), by=by, now=now)


plugs.undos.plug("letters.mail", mail_undone, zh="发送邮件", en="a letter was to be sent by mail")
plugs.menu.plug(
    "letters",
    waiting_for,
    zh="顾客沟通",
    en="Talks",
    permission=Permission.LETTERS_SEE,
    icon="messages",
    url="letters:talks",
    order=25,
)
plugs.menu.plug(
    "letters.mailboxes",
    lambda _person: queries.mailboxes_in_trouble(),
    zh="收信邮箱",
    en="Mailboxes",
    permission=Permission.ORG_MANAGE,
    icon="mailbox",
    url="letters:mailboxes",
    order=94,
)
