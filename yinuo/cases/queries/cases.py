"""Reading cases and what stands in them. Whatever takes a person returns only what that person may see."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet

from yinuo.cases import models
from yinuo.customers import queries as customers_queries
from yinuo.letters import models as letters
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.procedures import models as procedures
from yinuo.records import models as records_models
from yinuo.records import queries as records

SEE = Permission.CASES_SEE


def cases(person: org.Person) -> QuerySet[models.Case]:
    """Cases the person may see."""
    return person.visible(models.Case.objects.all(), SEE)


def case(person: org.Person, number: str) -> models.Case:
    """The case, if the person may see it; else `Case.DoesNotExist`."""
    return _with_relations(cases(person)).get(number=number)


def _with_relations(rows: QuerySet[models.Case]) -> QuerySet[models.Case]:
    return rows.select_related("customer", "contact", "project", "site", "scope", "owner", "registered_by")


def _columns_of(model: type[Model], *related: str) -> list[str]:
    """All columns of a model, and of related rows only those named: most of a page's work is columns nobody sees."""
    return [*(field.name for field in model._meta.concrete_fields), *related]


def case_to_show(person: org.Person, number: str) -> models.Case:
    """The case with what its page shows of related rows."""
    shown = (
        "customer__name_zh", "customer__name_en", "customer__path", "contact__name", "contact__authority",
        "project__number", "project__name_zh", "project__name_en", "site__name_zh", "site__name_en", "scope__name_zh",
        "owner__name", "registered_by__name", "taken_over__number", "taken_over__rest", "taken_over__is_history",
        "taken_over__at",
    )  # fmt: skip
    rows = _with_relations(cases(person)).select_related("taken_over")
    return rows.only(*_columns_of(models.Case, *shown)).get(number=number)


def cases_about(person: org.Person, subject_type: str, pk: int) -> QuerySet[models.Case] | None:
    """Cases of a customer and those below it, a product, or a project, newest first; None for another subject."""
    rows = cases(person).defer("text", "remark").order_by("-pk")
    if subject_type == "customers.customer":
        customer = customers_queries.customers(person).filter(pk=pk).first()
        return rows.filter(customer__path__startswith=customer.path) if customer else rows.none()
    if subject_type == "customers.product":
        return rows.filter(products=pk)
    return rows.filter(project=pk) if subject_type == "customers.project" else None


def case_of(subject_id: int) -> models.Case:
    """The case behind a reference, for the program's own work."""
    return models.Case.objects.select_related("customer", "project", "owner").get(pk=subject_id)


def overdue_days(it: models.Case, now: datetime) -> int:
    """By how many working days of its site an open case is overdue inside; on hold no clock of ours runs."""
    if it.due_at is None or it.ended_at or it.held_at or it.due_at >= now:
        return 0
    return org_queries.calendar(it.site_id).overdue_working_days(it.due_at, now)


def items_of(it: models.Case) -> QuerySet[models.Item]:
    """The case's items in order, each with all its wordings, newest first."""
    shown = (
        "product__number",
        "site__name_zh",
        "site__name_en",
        "owner__name",
        "analysed_by__name",
        "verified_by__name",
    )
    return (
        models.Item.objects.filter(case=it)
        .select_related("product", "site", "owner", "analysed_by", "verified_by")
        .only(*_columns_of(models.Item, *shown))
        .prefetch_related(Prefetch("wordings", models.Wording.objects.order_by("-number")))
        .order_by("position")
    )


def items(person: org.Person) -> QuerySet[models.Item]:
    """Items of cases that the person may see, withdrawn ones too."""
    return models.Item.objects.filter(Exists(cases(person).filter(pk=OuterRef("case"))))


def standing_items(it: models.Case) -> list[models.Item]:
    """The items that are still asked for."""
    return list(models.Item.objects.filter(case=it, withdrawn_at=None).order_by("position"))


def talked_items(it: models.Case) -> list[models.Item]:
    """Those items of the case about which there is a talk with the customer."""
    items = list(models.Item.objects.filter(case=it).order_by("position"))
    threads = letters.Thread.objects.filter(
        subject_type=models.Item.subject_type, subject_id__in=[item.pk for item in items]
    )
    talked = set(threads.values_list("subject_id", flat=True))
    return [item for item in items if item.pk in talked]


def measures_of(it: models.Case) -> QuerySet[models.Measure]:
    """The plan's actions in order."""
    rows = models.Measure.objects.filter(case=it).select_related("person", "item")
    shown = _columns_of(models.Measure, "person__name", "item__position")
    return rows.only(*shown).order_by("position", "pk")


def samples_of(it: models.Case) -> QuerySet[models.Sample]:
    """The originals that are objects, void ones last."""
    return models.Sample.objects.filter(case=it).select_related("keeper").order_by("voided_at", "number")


def has_original(it: models.Case) -> bool:
    """Whether a file or an object of the case is on record."""
    if records.attachments(it).filter(voided_at=None).exists():
        return True
    return models.Sample.objects.filter(case=it, voided_at=None).exists()


def samples(person: org.Person) -> QuerySet[models.Sample]:
    """Objects of cases the person may see, void ones too."""
    rows = models.Sample.objects.select_related("case", "keeper")
    return rows.filter(Exists(cases(person).filter(pk=OuterRef("case"))))


def waiting_for(person: org.Person) -> int:
    """How many requests wait to be accepted by the person: their own open tasks of requests not accepted yet."""
    mine = procedures.Task.objects.filter(
        holder=person, closed_at=None, state=procedures.Task.State.OPEN, subject_type=models.Case.subject_type
    )
    is_new = cases(person).filter(pk=OuterRef("subject_id"), state=models.State.NEW)
    return mine.filter(Exists(is_new)).count()


def files_of(rows: Sequence[models.Sample] | Sequence[models.Feedback]) -> dict[int, list[records_models.Attachment]]:
    """The photos of objects, or proof of feedback, by the key of each; one question for all."""
    found: dict[int, list[records_models.Attachment]] = defaultdict(list)
    if rows:
        kept = records_models.Attachment.objects.filter(
            subject_type=rows[0].subject_type, subject_id__in=[row.pk for row in rows], voided_at=None
        )
        for file in kept.select_related("blob").order_by("pk"):
            found[file.subject_id].append(file)
    return found


def joinable_case(person: org.Person, number: str) -> models.Case | None:
    """The open case of this number, or into which that one was merged, if the person may see it."""
    rows = _with_relations(cases(person))
    found = rows.filter(number__iexact=number.strip()).first()
    while found is not None and found.merged_into_id is not None:
        found = rows.filter(pk=found.merged_into_id).first()
    return found if found is not None and found.is_open else None
