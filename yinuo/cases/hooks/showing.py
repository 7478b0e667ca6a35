"""How cases are found, what files may hang on them, where they stand on other rooms' pages, the menu."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from yinuo.cases import access, models
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import documents
from yinuo.cases.queries import files as file_queries
from yinuo.customers import models as customers
from yinuo.kit import plugs, subjects
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.search.rules import Document
from yinuo.watches import models as watches

# Search ---------------------------------------------------------------------------------------------------------------


def sample_documents(ids: Iterable[int]) -> list[Document]:
    """Objects that still hold: number, description, place, keeper."""
    rows = models.Sample.objects.filter(pk__in=list(ids), voided_at=None).select_related("case", "keeper")
    return [
        Document(
            type=sample.subject_type,
            id=sample.pk,
            title=sample.name or sample.number,
            label=sample.number,
            text="\n".join(filter(None, [sample.place, sample.keeper.name, sample.sealed_by, sample.case.number])),
            url=sample.get_absolute_url(),
            scope_id=sample.case.scope_id,
            site_id=sample.case.site_id,
            at=sample.case.registered_at,
        )
        for sample in rows
    ]


def lesson_documents(ids: Iterable[int]) -> list[Document]:
    """Lessons that still hold."""
    rows = models.Lesson.objects.filter(pk__in=list(ids), voided_at=None).select_related("case")
    return [
        Document(
            type=lesson.subject_type,
            id=lesson.pk,
            title=lesson.title,
            label=lesson.case.number if lesson.case else "",
            text="\n".join(filter(None, [lesson.text, " ".join(lesson.tags), lesson.fits, lesson.family])),
            url=lesson.get_absolute_url(),
            scope_id=lesson.scope_id,
            site_id=lesson.site_id,
            at=lesson.written_at,
        )
        for lesson in rows
    ]


plugs.index_sources.plug("cases.case", documents.of_cases, zh="要求受理", en="Cases")
plugs.index_sources.plug("cases.sample", sample_documents, zh="实物原件", en="Objects")
plugs.index_sources.plug("cases.lesson", lesson_documents, zh="经验教训", en="Lessons")


# Files ----------------------------------------------------------------------------------------------------------------


def case_for_files(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """The open case, if the person takes part in it."""
    case = person.visible(models.Case.objects.filter(pk=subject_id), Permission.CASES_SEE).first()
    if case is None or not case.is_open or not access.takes_part(person, case):
        return None
    return subjects.ref(case)


def item_for_files(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """An item of a case, for talks about it."""
    item = models.Item.objects.select_related("case").filter(pk=subject_id).first()
    return subjects.ref(item) if item is not None and case_for_files(item.case_id, person) else None


def sample_for_files(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """An object of a case, for its photos."""
    sample = models.Sample.objects.select_related("case").filter(pk=subject_id).first()
    return sample.ref if sample is not None and case_for_files(sample.case_id, person) else None


plugs.attachables.plug("cases.case", case_for_files, zh="案件", en="Case")
plugs.attachables.plug("cases.item", item_for_files, zh="要求项", en="Item")
plugs.attachables.plug("cases.sample", sample_for_files, zh="实物原件", en="Object")


plugs.parts.plug(
    "cases.case", file_queries.parts_of, zh="要求项、实物、反馈、上报信息、往来沟通",
    en="Items, objects, feedback, reports, letters",
)  # fmt: skip


# Menu and panels -----------------------------------------------------------------------------------------------------

plugs.menu.plug(
    "cases",
    case_queries.waiting_for,
    zh="要求受理",
    en="Requests",
    permission=Permission.CASES_SEE,
    icon="inbox",
    url="cases:cases",
    order=20,
)


def panel_of(subject: subjects.Ref, person: org.Person) -> str | None:
    """The latest cases of a customer, product or project, on its page."""
    if not person.may(Permission.CASES_SEE):
        return None
    return reverse("cases:cases_about", args=[subject.type, subject.id])


for _type in ("customer", "product", "project"):
    plugs.panels.plug(f"customers.{_type}/cases", panel_of, zh="要求受理", en="Requests", icon="inbox")


def inherited(subject: subjects.Ref, person: org.Person) -> str | None:
    """What a customer above asks by itself, on the page of one below: it holds there too."""
    url = panel_of(subject, person)
    return f"{url}?own=1" if url else None


plugs.panels.plug("customers.customer.above/cases", inherited, zh="上级顾客的要求", en="From above")


def register_found(subject: subjects.Ref, person: org.Person) -> str | None:
    """Where to register what a check of a supplier portal brought, with what is known of it."""
    check = customers.PortalCheck.objects.select_related("portal").filter(pk=subject.id).first()
    if check is None or not person.may(Permission.CASES_OPEN, subject.scope_id, subject.site_id):
        return None
    known = {"customer": check.portal.customer_id, "channel": models.Channel.PORTAL, "text": check.note[:500]}
    return f"{reverse('cases:case_new')}?{urlencode(known)}"


def report_found(subject: subjects.Ref, person: org.Person) -> str | None:
    """Where to report it for sorting instead."""
    check = customers.PortalCheck.objects.select_related("portal").filter(pk=subject.id).first()
    if check is None or not person.may(Permission.CASES_OPEN, subject.scope_id, subject.site_id):
        return None
    known = {"customer": check.portal.customer_id, "channel": models.Channel.PORTAL, "text": check.note[:500]}
    return f"{reverse('cases:finding_report')}?{urlencode(known)}"


plugs.panels.plug(
    "customers.portal_check/cases", register_found, zh="登记受理要求", en="Register a request", icon="plus"
)


def report_visited(subject: subjects.Ref, person: org.Person) -> str | None:
    """Where to report what a visit to a watched page found."""
    page = watches.Page.objects.filter(visits=subject.id).first()
    if page is None or not person.may(Permission.CASES_OPEN, subject.scope_id, subject.site_id):
        return None
    known = {"customer": page.customer_id or "", "channel": models.Channel.PORTAL, "text": subject.label[:500]}
    return f"{reverse('cases:finding_report')}?{urlencode(known)}"


plugs.panels.plug("watches.visit/cases", report_visited, zh="上报新要求", en="Report a new requirement", icon="flag")
plugs.panels.plug(
    "customers.portal_check/cases_findings", report_found, zh="上报新要求", en="Report a new requirement", icon="flag"
)
