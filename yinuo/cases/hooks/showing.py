"""How cases are found, what files may hang on them, where they stand on other rooms' pages, the menu."""

from collections.abc import Iterable
from typing import Any

from yinuo.cases import access, models
from yinuo.kit import plugs, subjects
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.search.rules import Document

# Search ---------------------------------------------------------------------------------------------------------------


def case_documents(ids: Iterable[int]) -> list[Document]:
    """Cases with what was asked in every wording, the customer, products, results and the completion remark."""
    rows = models.Case.objects.filter(pk__in=list(ids)).select_related("customer", "project")
    rows = rows.prefetch_related("items__wordings", "products")
    found = []
    for case in rows:
        words: list[Any] = [case.text, case.customer.name_zh, case.customer.name_en, case.said_by, case.remark]
        for item in case.items.all():
            words += [each.text for each in item.wordings.all()] + [item.alternative, item.result]
        words += [f"{product.number} {product.name_zh}" for product in case.products.all()]
        words.append(f"{case.project.number} {case.project.name_zh}" if case.project else "")
        found.append(
            Document(
                type=case.subject_type,
                id=case.pk,
                title=case.title,
                label=case.number,
                text="\n".join(filter(None, words)),
                url=case.get_absolute_url(),
                scope_id=case.scope_id,
                site_id=case.site_id,
                at=case.registered_at,
            )
        )
    return found


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


plugs.index_sources.plug("cases.case", case_documents, zh="要求受理", en="Cases")
plugs.index_sources.plug("cases.lesson", lesson_documents, zh="经验教训", en="Lessons")


# Files ----------------------------------------------------------------------------------------------------------------


def case_for_files(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """The open case, if the person takes part in it."""
    case = person.visible(models.Case.objects.filter(pk=subject_id), Permission.CASES_SEE).first()
    if case is None or not case.is_open or not access.takes_part(person, case):
        return None
    return subjects.ref(case)


def sample_for_files(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """An object of a case, for its photos."""
    sample = models.Sample.objects.select_related("case").filter(pk=subject_id).first()
    return sample.ref if sample is not None and case_for_files(sample.case_id, person) else None


plugs.attachables.plug("cases.case", case_for_files, zh="案件", en="Case")
plugs.attachables.plug("cases.sample", sample_for_files, zh="实物原件", en="Object")
