"""Files that hang on the parts of cases: whose they are, what they are called, what a hold on a case keeps."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import F, Q, QuerySet

from yinuo.cases import models
from yinuo.kit import subjects
from yinuo.letters import models as letters
from yinuo.letters import queries as letter_queries
from yinuo.records import queries as records_queries

CASE, ITEM = models.Case.subject_type, models.Item.subject_type
NAMED: tuple[type[models.Item] | type[models.Feedback], ...] = (models.Item, models.Feedback)
Part = tuple[str, int]


def case_of_part(subject: subjects.Ref) -> int | None:
    """The case under which a file on this is found by its name; None where it is found by itself or nowhere."""
    if subject.type == letter_queries.LETTER:
        about = letters.Letter.objects.filter(pk=subject.id).values_list(
            "thread__subject_type", "thread__subject_id"
        ).first()  # fmt: skip
        if about is None or about[0] == CASE:
            return about[1] if about else None
        return _case_of(models.Item, about[1]) if about[0] == ITEM else None
    model = next((each for each in NAMED if each.subject_type == subject.type), None)
    return _case_of(model, subject.id) if model is not None else None


def _case_of(model: type[models.Item] | type[models.Feedback], pk: int) -> int | None:
    return model._default_manager.filter(pk=pk).values_list("case", flat=True).first()


def names_in(case_ids: Collection[int]) -> dict[int, list[str]]:
    """What the files on items, feedback and letters of cases are called; of letters those that everybody may know who
    sees the case."""
    case_of: dict[Part, int] = {}
    for model in NAMED:
        rows = model._default_manager.filter(case__in=case_ids).values_list("pk", "case")
        case_of |= {(model.subject_type, pk): case for pk, case in rows}
    case_of |= _letters_of(case_ids, {pk: case for (kind, pk), case in case_of.items() if kind == ITEM})
    found: dict[int, list[str]] = defaultdict(list)
    for kind in {kind for kind, _pk in case_of}:
        keys = [pk for of, pk in case_of if of == kind]
        for pk, names in records_queries.file_names(kind, keys).items():
            found[case_of[kind, pk]] += names
    return found


def _letters_of(case_ids: Collection[int], items: dict[int, int]) -> dict[Part, int]:
    """Letters about cases or their items, not withdrawn, no more confidential than the case itself."""
    standing = {
        case: (scope, site) for case, scope, site in models.Case.objects.filter(pk__in=case_ids).values_list(
            "pk", "scope", "site"
        )
    }  # fmt: skip
    rows = _letters(Q(thread__subject_id__in=case_ids), Q(thread__subject_id__in=items))
    rows = rows.exclude(state=letters.LetterState.WITHDRAWN).annotate(
        kind=F("thread__subject_type"), about=F("thread__subject_id")
    )
    found: dict[Part, int] = {}
    for pk, kind, about, scope, site in rows.values_list("pk", "kind", "about", "scope_id", "site_id"):
        case = about if kind == CASE else items[about]
        if scope in (None, standing[case][0]) and site in (None, standing[case][1]):
            found[letter_queries.LETTER, pk] = case
    return found


def _letters(of_cases: Q, of_items: Q) -> QuerySet[letters.Letter]:
    about = Q(of_cases, thread__subject_type=CASE) | Q(of_items, thread__subject_type=ITEM)
    return letters.Letter.objects.filter(about)


def parts_of(case_id: int) -> list[Part]:
    """What of a case has files of its own: items, objects, feedback, what was reported of it, letters about it. A hold
    on the case holds them too."""
    items = models.Item.objects.filter(case=case_id).values_list("pk", flat=True)
    kept: dict[str, Iterable[int]] = {ITEM: items}
    for model in (models.Sample, models.Feedback, models.Finding):
        kept[model.subject_type] = model._default_manager.filter(case=case_id).values_list("pk", flat=True)
    about = _letters(Q(thread__subject_id=case_id), Q(thread__subject_id__in=items))
    kept[letter_queries.LETTER] = about.values_list("pk", flat=True)
    return [(kind, pk) for kind, keys in kept.items() for pk in keys]
