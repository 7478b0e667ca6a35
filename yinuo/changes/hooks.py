"""What the room plugs into the rooms below: editions open changes, search, files, panels, the menu, what is in hand."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from yinuo.changes import access, models, queries
from yinuo.changes.actions import applying, deciding, giving, recording
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import actors, jobs, plugs, subjects
from yinuo.kit.texts import Text
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.search.rules import Document
from yinuo.sources import models as sources

# Editions, calendars, circles -----------------------------------------------------------------------------------------


def edition_recorded(*, edition: sources.Edition, by: org.Person, now: datetime, **_more: Any) -> None:
    """An edition replaces another one: its change is opened, and the clock runs, before a clause of it is accepted."""
    recording.open_for_edition(edition=edition, by=by, now=now)


def edition_changed(*, edition: sources.Edition, by: org.Person, now: datetime, reason: str, **_more: Any) -> None:
    """The days of an edition were set right: so are those of its change."""
    recording.follow_edition(edition=edition, by=by, now=now, reason=reason)


def edition_accepted(*, edition: sources.Edition, by: org.Person, now: datetime, **_more: Any) -> None:
    """It is known now which clauses changed."""
    recording.count_clauses(edition=edition, by=by, now=now)


def rescoped(*, type: str, id: int, **_more: object) -> None:  # noqa: A002 - names of the event
    """A change is at least as confidential as its customer and its document."""
    rows = {
        customers.Customer.subject_type: models.Change.objects.filter(customer=id, edition=None),
        sources.Document.subject_type: models.Change.objects.filter(edition__document=id),
    }.get(type)
    if rows is not None:
        recording.rescope(rows_of=rows, by=actors.PROGRAM, now=timezone.now())


def calendar_changed(*, now: datetime, **_more: Any) -> None:
    """Due days of clocks that run are reckoned anew, in the background."""
    jobs.enqueue("changes.set_anew", key=uuid4().hex, now=now)


plugs.events.plug("sources.edition_recorded/changes", edition_recorded)
plugs.events.plug("sources.edition_changed/changes", edition_changed)
plugs.events.plug("sources.edition_accepted/changes", edition_accepted)
plugs.events.plug("kit.rescoped/changes", rescoped)
plugs.events.plug("org.calendar_changed/changes", calendar_changed)


# Search, files, whose -------------------------------------------------------------------------------------------------


def change_documents(ids: list[int]) -> list[Document]:
    """Changes with what changed, what was said of it, and the document they came with."""
    rows = models.Change.objects.filter(pk__in=ids).select_related("customer", "edition__document")
    return [
        Document(
            type=row.subject_type,
            id=row.pk,
            title=row.title,
            label=row.number,
            text="\n".join(
                [
                    row.customer.name_zh,
                    row.customer.name_en,
                    row.reference,
                    row.edition.subject_label if row.edition else "",
                    row.what,
                    row.said,
                ]
            ),
            url=row.get_absolute_url(),
            scope_id=row.scope_id,
            site_id=row.site_id,
            at=row.added_at,
        )
        for row in rows
    ]


def takes_files(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """A change takes proofs (minutes of the review, photographs, the customer's answer) from whoever may edit it."""
    row = models.Change.objects.filter(pk=subject_id).first()
    return subjects.ref(row) if row is not None and access.may_edit(person, row) else None


plugs.facts.plug(
    "subject.customer_id/changes.change",
    lambda subject: models.Change.objects.filter(pk=subject.id).values_list("customer", flat=True).first(),
    zh="所属顾客", en="customer",
)  # fmt: skip
plugs.index_sources.plug(
    "changes.change", change_documents, zh="工程规范变更", en="Engineering changes",
    every=lambda: models.Change.objects.order_by("pk").values_list("pk", flat=True),
)  # fmt: skip
plugs.attachables.plug("changes.change", takes_files, zh="工程规范变更", en="Engineering change")


# Panels and the menu --------------------------------------------------------------------------------------------------


def customer_panel(subject: subjects.Ref, person: org.Person) -> str | None:
    """The changes of a customer, on its page."""
    if not person.may(Permission.CHANGES_SEE, subject.scope_id, subject.site_id):
        return None
    return reverse("changes:of_customer", args=[subject.id])


def edition_panel(subject: subjects.Ref, person: org.Person) -> str | None:
    """The change that came with an edition, on its page."""
    if not person.may(Permission.CHANGES_SEE, subject.scope_id, subject.site_id):
        return None
    return reverse("changes:of_edition", args=[subject.id])


def due(person: org.Person) -> int:
    """Changes the person is to have reviewed within five working days, or should have."""
    return queries.due_for(person, timezone.localdate()).count()


plugs.panels.plug("customers.customer/changes", customer_panel, zh="工程规范变更", en="Changes", icon="git-compare")
plugs.panels.plug("sources.edition/changes", edition_panel, zh="工程规范变更", en="Change", icon="git-compare")
plugs.menu.plug(
    "changes", due, zh="规范变更", en="Changes", permission=Permission.CHANGES_SEE, icon="git-compare",
    url="changes:changes", order=28,
)  # fmt: skip


# In hand, and taken back ----------------------------------------------------------------------------------------------

plugs.duties.plug(
    "changes.change", giving.changes_in_hand, zh="工程规范变更", en="Engineering changes", give=giving.give_change,
    order=45, sees=Permission.CHANGES_SEE, needs=Permission.CHANGES_EDIT,
    counted=("{n} 项工程规范变更", "{n} engineering change", "{n} engineering changes"),
)  # fmt: skip
plugs.duties.plug(
    "changes.document", giving.documents_in_hand, zh="变更后应更新的文件", en="Documents to change",
    give=giving.give_document, order=46, sees=Permission.CHANGES_SEE, needs=Permission.CHANGES_EDIT,
    counted=("{n} 份应更新的文件", "{n} document to change", "{n} documents to change"),
)  # fmt: skip


def review_back(*, change: int, version: int, by: org.Person, now: datetime) -> None:
    """Take a review back."""
    row = queries.changes(by).select_related("customer").get(pk=change)
    deciding.take_review_back(change=row, by=by, now=now, expected=version)


def application_back(*, application: int, version: int, by: org.Person, now: datetime) -> None:
    """Take back what was said of a change at a product and site."""
    row = models.Application.objects.select_related("change").get(pk=application, change__in=queries.changes(by))
    applying.take_back(application=row, by=by, now=now, expected=version)


def drop_back(*, change: int, version: int, by: org.Person, now: datetime) -> None:
    """Take a dropped change up again."""
    row = queries.changes(by).get(pk=change)
    recording.take_up(change=row, by=by, now=now, expected=version)


plugs.undos.plug("changes.reviewed", review_back, zh="登记评审", en="Record a review")
plugs.undos.plug("changes.applied", application_back, zh="登记实施或验证", en="Record what was done")
plugs.undos.plug("changes.dropped", drop_back, zh="终止变更", en="Drop a change")


# What is said in words, for whoever looks for what is no longer so ----------------------------------------------------


def open_changes() -> QuerySet[models.Change]:
    """Changes of which something is still to be done."""
    return models.Change.objects.filter(dropped_at=None, verified_on=None).exclude(result=models.Result.NOTHING)


def texts_of_changes(ids: list[int]) -> list[Text]:
    return [
        Text(
            id=row.pk, words=f"{row.title}\n{row.reference}\n{row.what}", label=row.subject_label,
            url=row.get_absolute_url(), about=subjects.ref(row), customer_id=row.customer_id,
        )
        for row in open_changes().filter(pk__in=ids)
    ]  # fmt: skip


def terms_seen(person: org.Person) -> QuerySet[models.Term]:
    """The terms of customers that the person may see."""
    rows = queries.terms() if person.may(Permission.CHANGES_SEE) else models.Term.objects.none()
    return rows.filter(customer__in=customers_queries.customers(person).values("pk"))


def texts_of_terms(ids: list[int]) -> list[Text]:
    """What is said of a customer's term: by which document it holds."""
    rows = [(row, row.customer) for row in queries.terms().filter(pk__in=ids)]
    return [
        Text(
            id=row.pk, words=row.note, label=customer.name, url=row.get_absolute_url(), about=subjects.ref(customer),
            customer_id=customer.pk,
        )
        for row, customer in rows if customer is not None
    ]  # fmt: skip


plugs.texts.plug(
    "changes.change", texts_of_changes, zh="工程规范变更", en="Engineering changes", rows=open_changes,
    seen=queries.changes,
)  # fmt: skip
plugs.texts.plug(
    "changes.term", texts_of_terms, zh="顾客评审时限", en="Review terms of customers", rows=queries.terms,
    seen=terms_seen,
)  # fmt: skip
