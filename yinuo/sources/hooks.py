"""What the room plugs into the rooms below: whose document, search, files, panels, the menu."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.customers.actions import scoping
from yinuo.kit import actors, jobs, plugs, subjects
from yinuo.kit.texts import Text
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.search.rules import Document
from yinuo.sources import models, queries
from yinuo.sources.actions import baselines, carrying, citing, documents, judging, obsolete, texts, withdrawing
from yinuo.sources.intake import entries


def rescoped(*, type: str, id: int, **_more: object) -> None:  # noqa: A002 - names of the event
    """A document is at least as confidential as the customer that gave it."""
    if type != customers.Customer.subject_type:
        return
    for row in models.Document.objects.filter(customer=id).select_related("own_scope", "customer__scope"):
        scope = scoping.narrowed(row.own_scope, row.customer.scope if row.customer else None)
        if scope != row.scope:
            row.scope = scope
            models.Document.objects.filter(pk=row.pk).update(scope=scope)
            documents.guard(row)


def purged(*, attachment_id: int, **_more: object) -> None:
    """What was read of a file goes with its bytes; clauses that were accepted are records of their own."""
    models.Blocks.objects.filter(file__attachment=attachment_id, file__attachment__purged_at__isnull=False).delete()


def document_documents(ids: list[int]) -> list[Document]:
    """Documents with the labels of their editions."""
    rows = models.Document.objects.filter(pk__in=ids).select_related("customer").prefetch_related("editions")
    return [
        Document(
            type=row.subject_type,
            id=row.pk,
            title=row.title,
            label=row.number,
            text="\n".join(
                [
                    row.get_kind_display(),
                    *([row.customer.name_zh, row.customer.name_en] if row.customer else []),
                    *(each.label for each in row.editions.all() if each.withdrawn_at is None),
                    row.note,
                ]
            ),
            url=row.get_absolute_url(),
            scope_id=row.scope_id,
            site_id=row.site_id,
            at=row.added_at,
        )
        for row in rows
    ]


def clause_documents(ids: list[int]) -> list[Document]:
    """Accepted clauses, each by itself."""
    rows = models.ClauseText.objects.filter(pk__in=ids, edition__withdrawn_at=None).select_related("edition__document")
    return [
        Document(
            type=row.subject_type,
            id=row.pk,
            title=row.title or row.text[:80],
            label=row.number,
            text=f"{row.text}\n{row.edition.document.title} {row.edition.label}",
            url=row.get_absolute_url(),
            scope_id=row.scope_id,
            site_id=row.site_id,
            at=row.edition.accepted_at or row.edition.added_at,
        )
        for row in rows
    ]


def takes_files(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """A document takes further files (a covering letter, a proof of receipt) from whoever may edit it."""
    row = models.Document.objects.filter(pk=subject_id).first()
    if row is None or not person.may(Permission.SOURCES_EDIT, row.scope_id, row.site_id):
        return None
    return subjects.ref(row)


def documents_panel(subject: subjects.Ref, person: org.Person) -> str | None:
    """The documents of a customer, on the customer's page."""
    if not person.may(Permission.SOURCES_SEE, subject.scope_id, subject.site_id):
        return None
    return reverse("sources:of_customer", args=[subject.id])


def cited_panel(subject: subjects.Ref, person: org.Person) -> str | None:
    """What the clauses of a document name, on its page."""
    if not person.may(Permission.SOURCES_SEE, subject.scope_id, subject.site_id):
        return None
    return reverse("sources:cited_in", args=[subject.id])


def look_through(*, edition: models.Edition, now: datetime, **_more: object) -> None:
    """Its clauses were accepted: find what they name."""
    jobs.enqueue("sources.look_through", key=f"{edition.pk}-{edition.version}", now=now, edition=edition.pk)


def follow(*, edition: models.Edition, by: org.Person, now: datetime, **_more: object) -> None:
    """An edition was recorded, or what holds has changed: what clauses name follows."""
    citing.follow(document=edition.document, by=by, now=now)


def renamed(*, document: models.Document, by: org.Person, now: datetime, **_more: object) -> None:
    """A document has another number or title: what clauses name follows."""
    citing.follow(document=document, by=by, now=now)


def cited_rescoped(*, type: str, id: int, **_more: object) -> None:  # noqa: A002 - names of the event
    """Who may see a document has changed: so it has for what its clauses name."""
    if type == models.Document.subject_type:
        document = models.Document.objects.get(pk=id)
        citing.guard(document=document, by=actors.PROGRAM, now=timezone.now())
    elif type == customers.Customer.subject_type:
        obsolete.guard_customer(customer=customers.Customer.objects.get(pk=id))


def texts_rescoped(*, type: str, id: int, scope_id: int | None = None, **_more: object) -> None:  # noqa: A002 - names of the event
    """Who may see a subject has changed: so it has for what is no longer so in its words."""
    if type in plugs.texts:
        texts.guard(type=type, id=id, scope_id=scope_id)


def noted_customers() -> QuerySet[customers.Customer]:
    """Customers of whom something is noted: terms, ways of working."""
    return customers.Customer.objects.filter(is_active=True).exclude(note="")


def texts_of_customers(ids: list[int]) -> list[Text]:
    return [
        Text(
            id=row.pk, words=row.note, label=row.name, url=row.get_absolute_url(), about=subjects.ref(row),
            customer_id=row.pk,
        )
        for row in noted_customers().filter(pk__in=ids)
    ]  # fmt: skip


def to_check(person: org.Person) -> int:
    """Editions whose clauses wait to be checked."""
    return queries.editions(person).filter(clauses=models.Edition.Clauses.DRAFT).count()


def unwithdraw(*, edition: int, version: int, standing: str, by: org.Person, now: datetime) -> None:
    row = models.Edition.objects.select_related("document").get(pk=edition)
    withdrawing.put_back(edition=row, standing=standing, by=by, now=now, expected=version)


def unjudge(*, judgement: int, version: int, was: dict[str, Any], by: org.Person, now: datetime) -> None:
    judging.restore(judgement=judgement, was=was, by=by, now=now, expected=version)


def unmap(*, mapping: int, version: int, state: str, by: org.Person, now: datetime) -> None:
    row = models.Mapping.objects.get(pk=mapping)
    judging.place(mapping=row, state=state, by=by, now=now, expected=version)


def unaccept(*, edition: int, at: str, by: org.Person, now: datetime) -> None:
    row = models.Edition.objects.get(pk=edition)
    judging.reject_proposals(edition=row, at=datetime.fromisoformat(at), by=by, now=now)


def unconfirm(*, edition: int, at: str, was: list[Any], by: org.Person, now: datetime) -> None:
    row = models.Edition.objects.get(pk=edition)
    judging.unconfirm_all(edition=row, at=datetime.fromisoformat(at), was=was, by=by, now=now)


def unlink(*, edition: int, text: int, version: int, by: org.Person, now: datetime) -> None:
    row, new = models.Edition.objects.get(pk=edition), models.ClauseText.objects.get(pk=text)
    carrying.unlink(edition=row, text=new, by=by, now=now, expected=version)


plugs.events.plug("kit.rescoped/sources", rescoped)
plugs.events.plug("kit.rescoped/sources_citing", cited_rescoped)
plugs.importables.plug(
    "sources.withdrawn", entries.take, zh="失效条目", en="Entries of what is withdrawn",
    permission=Permission.SOURCES_EDIT, fields=entries.fields, look=entries.look, identity=entries.identity,
    names=entries.names_in, icon="history", url="sources:withdrawn",
    hint=_("The exported list comes back through this too. An entry is known by its name."),
)  # fmt: skip
plugs.texts.plug(
    "customers.customer", texts_of_customers, zh="顾客备注", en="Notes on customers", rows=noted_customers,
    seen=customers_queries.customers,
)  # fmt: skip
plugs.events.plug("kit.rescoped/sources_texts", texts_rescoped)
plugs.events.plug("sources.edition_accepted/sources_citing", look_through)
plugs.events.plug("sources.document_changed/sources_citing", renamed)
plugs.events.plug("sources.edition_recorded/sources_citing", follow)
plugs.events.plug("sources.edition_changed/sources_citing", follow)
plugs.events.plug("records.voided/sources", purged)
plugs.panels.plug("sources.document/cited", cited_panel, zh="引用文件", en="Cited documents", icon="link")
for _type, _rows in (
    ("document", lambda pk: models.Document.objects.filter(pk=pk).values_list("customer", flat=True)),
    ("edition", lambda pk: models.Edition.objects.filter(pk=pk).values_list("document__customer", flat=True)),
):
    plugs.facts.plug(
        f"subject.customer_id/sources.{_type}",
        lambda subject, _rows=_rows: _rows(subject.id).first(),
        zh="所属顾客",
        en="customer",
    )
plugs.index_sources.plug(
    "sources.document", document_documents, zh="顾客文件", en="Documents",
    every=lambda: models.Document.objects.order_by("pk").values_list("pk", flat=True),
)  # fmt: skip
plugs.index_sources.plug(
    "sources.clause", clause_documents, zh="条款", en="Clauses",
    every=lambda: models.ClauseText.objects.order_by("pk").values_list("pk", flat=True),
)  # fmt: skip
plugs.undos.plug("sources.rebased", baselines.undo_decided, zh="换版决定", en="where clauses belong in a new edition")
plugs.attachables.plug("sources.document", takes_files, zh="顾客文件", en="Document")
plugs.panels.plug("customers.customer/sources", documents_panel, zh="顾客文件", en="Documents", icon="file-text")
plugs.menu.plug(
    "sources", to_check, zh="顾客文件", en="Documents", permission=Permission.SOURCES_SEE, icon="file-text",
    url="sources:documents", order=27,
)  # fmt: skip
plugs.undos.plug("sources.withdrawn", unwithdraw, zh="撤销标准版本撤回", en="An edition of a standard withdrawn")
plugs.undos.plug("sources.judged", unjudge, zh="撤销条款判定", en="A clause judged")
plugs.undos.plug("sources.mapped", unmap, zh="撤销对应条款", en="A clause of the standard accepted or rejected")
plugs.undos.plug("sources.proposals", unaccept, zh="撤销批量采纳", en="Proposals accepted at once")
plugs.undos.plug("sources.confirmed", unconfirm, zh="撤销确认沿用", en="Carried judgements confirmed")
plugs.undos.plug("sources.linked", unlink, zh="撤销条款关联", en="A new clause linked to a dropped one")
