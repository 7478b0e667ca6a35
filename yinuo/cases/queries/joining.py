"""Cases that have to do with each other: links, what was merged, what may be merged and split."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models, rules
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.customers import queries as customers_queries
from yinuo.kit import words
from yinuo.letters import models as letters
from yinuo.org import models as org
from yinuo.procedures.queries import runs as run_queries
from yinuo.records import queries as records_queries

SIMILAR_SOUGHT = 20
FOUND_MOST = 20


# Links ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Related:
    """A linked case as the page of the other shows it."""

    link: models.Link
    case: models.Case
    words: str


def related_to(person: org.Person, it: models.Case) -> list[Related]:
    """The cases linked with one, seen from its side; whoever may not see one does not learn of it."""
    links = models.Link.objects.filter(Q(case=it) | Q(other=it), voided_at=None)
    links = links.select_related("case", "other", "made_by").order_by("pk")
    seen = _visible(person, [each.end_of(it).pk for each in links])
    return [Related(each, each.end_of(it), each.words_of(it)) for each in links if each.end_of(it).pk in seen]


def link_of(person: org.Person, it: models.Case, pk: int) -> models.Link | None:
    """The link in force of a case, if the person may see both its ends."""
    return next((each.link for each in related_to(person, it) if each.link.pk == pk), None)


def _visible(person: org.Person, keys: Iterable[int]) -> set[int]:
    wanted = set(keys)
    return set(case_queries.cases(person).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def complaint_about(it: models.Case) -> models.Case | None:
    """The case that is not over in which the customer complains about this one."""
    complaints = {"links_to__other": it, "links_to__voided_at": None, "links_to__relation": models.Relation.COMPLAINT}
    return models.Case.objects.filter(ended_at=None, **complaints).select_related("owner").order_by("-pk").first()


# Merging --------------------------------------------------------------------------------------------------------------


def survivor_of(it: models.Case) -> models.Case:
    """The case in which a merged one goes on, at the end of the way; itself where it was not merged."""
    while it.merged_into_id is not None:
        it = models.Case.objects.select_related("customer", "owner", "contact").get(pk=it.merged_into_id)
    return it


def seen_survivor(person: org.Person, it: models.Case) -> models.Case | None:
    """The case into which one was merged, if the person may see it."""
    if it.merged_into_id is None:
        return None
    return case_queries.cases(person).filter(pk=it.merged_into_id).first()


def merged_into(person: org.Person, it: models.Case) -> QuerySet[models.Case]:
    """The cases that were merged into one, as far as the person may see them."""
    return case_queries.cases(person).filter(merged_into=it).order_by("pk")


def merged_with_talks(person: org.Person, it: models.Case) -> QuerySet[models.Case]:
    """Those of the cases merged into one about which there was a talk."""
    talks = letters.Thread.objects.filter(subject_type=models.Case.subject_type, subject_id=OuterRef("pk"))
    return merged_into(person, it).filter(Exists(talks))


def merge_of(it: models.Case) -> models.Merge | None:
    """How a case was merged, unless it was taken back out."""
    found = models.Merge.objects.filter(case=it, undone_at=None)
    return found.select_related("case", "survivor__customer", "survivor__owner", "by").first()


def numbers_merged_into(ids: Iterable[int]) -> dict[int, list[str]]:
    """The numbers that lead to each of the cases, also by way of another that was merged."""
    leads = {pk: pk for pk in ids}  # case → the one of `ids` to which it leads
    found: dict[int, list[str]] = {pk: [] for pk in leads}
    level: Sequence[int] = list(leads)
    while level:
        rows = list(models.Case.objects.filter(merged_into__in=level).only("number", "merged_into"))
        for case in rows:
            leads[case.pk] = leads[case.merged_into_id or 0]
            found[leads[case.pk]].append(case.number)
        level = [case.pk for case in rows]
    return found


def proposed_survivors(person: org.Person, it: models.Case, sought: str = "") -> list[tuple[models.Case, int]]:
    """Open cases into which one may be merged, with their likeness in per cent: those of the same customer first; by
    `sought` in number or title, else those that resemble it and the customer's latest."""
    rows = _open_of_tree(person, it).exclude(pk=it.pk).select_related("customer", "owner")
    if sought:
        found = rows.filter(Q(number__icontains=sought) | Q(title__icontains=sought)).order_by("-pk")
        return _same_first(it, [(case, 0) for case in found[:FOUND_MOST]])
    alike = likeness(person, it)
    similar = [(case, alike[case.pk]) for case in rows.filter(pk__in=alike)]
    latest = rows.filter(customer=it.customer_id).exclude(pk__in=alike).order_by("-pk")[:5]
    return _same_first(it, sorted(similar, key=lambda each: -each[1])[:5] + [(case, 0) for case in latest])


def cases_like(person: org.Person, it: models.Case, text: str) -> list[models.Case]:
    """Other cases whose number or title contains the text, whatever their state: of the same customer first."""
    rows = case_queries.cases(person).exclude(pk=it.pk).filter(Q(number__icontains=text) | Q(title__icontains=text))
    own = list(rows.filter(customer=it.customer_id).order_by("-pk")[:FOUND_MOST])
    if len(own) == FOUND_MOST:
        return own
    return own + list(rows.exclude(customer=it.customer_id).order_by("-pk")[: FOUND_MOST - len(own)])


def _open_of_tree(person: org.Person, it: models.Case) -> QuerySet[models.Case]:
    """Open cases of the customer, of those above and of those below it, that are seen by the same circle."""
    around = Q(customer__path__startswith=it.customer.path) | Q(
        customer__in=customers_queries.with_ancestors(it.customer)
    )
    return case_queries.cases(person).filter(around, ended_at=None, scope=it.scope_id)


def _same_first(it: models.Case, found: list[tuple[models.Case, int]]) -> list[tuple[models.Case, int]]:
    return sorted(found, key=lambda each: each[0].customer_id != it.customer_id)


def likeness(person: org.Person, it: models.Case) -> dict[int, int]:
    """The cases that resemble one, with the likeness in per cent."""
    text = " ".join([it.title, *(item.text for item in case_queries.standing_items(it))])[:5000]
    found = lesson_queries.similar_cases(person, text, except_id=it.pk, limit=SIMILAR_SOUGHT)
    return {each.id: each.percent for each in found}


@dataclass(frozen=True)
class Going:
    """An item of a case that is merged, or split: whether it may go over, and if not, why."""

    item: models.Item
    stays: str | Promise = ""
    is_same: bool = False  # asked there already, in the same words

    @property
    def key(self) -> str:
        """The item with the version seen, as a form sends it."""
        return f"{self.item.pk}:{self.item.version}"


ANSWERED = _("The customer has been answered about it.")


def is_answered(item: models.Item) -> bool:
    """Whether the customer has been told something about the item: it goes on where that was said."""
    return bool(item.answer or item.alternative) or item.case.answered_at is not None


def why_all_stay(survivor: models.Case) -> str | Promise:
    """Why a case takes no further items: it was answered, or its procedure does not say where it would go back to."""
    if survivor.answered_at is not None:
        sentence = _("%(number)s has been answered to the customer: the items stay here, and only the lead is kept.")
        return words.filled(sentence, number=survivor.number)
    run = run_queries.run_of(survivor)
    if run is None or not run_queries.definition_of(run).reopens.amended:
        sentence = _("The procedure of %(number)s takes no further items: they stay here, and only the lead is kept.")
        return words.filled(sentence, number=survivor.number)
    return ""


def going_over(it: models.Case, survivor: models.Case) -> list[Going]:
    """The items of a case as they would go over to the survivor."""
    there = {" ".join(item.text.split()) for item in case_queries.standing_items(survivor)}
    return [Going(item, _why_it_stays(item, survivor), " ".join(item.text.split()) in there) for item in _standing(it)]


def _why_it_stays(item: models.Item, survivor: models.Case) -> str | Promise:
    if is_answered(item):
        return ANSWERED
    if item.applies == models.Applies.PROJECT and item.case.project_id != survivor.project_id:
        return _("It applies to a project that the other case does not name.")
    return ""


def to_split(it: models.Case) -> list[Going]:
    """The items of a case as they may be split off."""
    return [Going(item, ANSWERED if is_answered(item) else "") for item in _standing(it)]


def _standing(it: models.Case) -> list[models.Item]:
    rows = models.Item.objects.filter(case=it, withdrawn_at=None, moved_to=None)
    return list(rows.select_related("case", "product", "site", "owner").order_by("position"))


PRIORITY, DUE = "priority", "due_at"


def sooner(it: models.Case, survivor: models.Case) -> dict[str, Any]:
    """Where the merged case is more urgent than the survivor: the value that is proposed for it."""
    days = ("wanted_on", "promised_on", DUE)
    earlier = {name: rules.earlier(getattr(it, name), getattr(survivor, name)) for name in days}
    found = {name: value for name, value in earlier.items() if value is not None}
    return found | ({PRIORITY: it.priority} if it.priority < survivor.priority else {})


def holdings_of(it: models.Case) -> dict[str, int]:
    """How much hangs on a case beside its items: it stays there, and is seen from the survivor."""
    items = models.Item.objects.filter(case=it).values("pk")
    about = Q(subject_type=it.subject_type, subject_id=it.pk)
    about |= Q(subject_type=models.Item.subject_type, subject_id__in=items)
    talks = letters.Thread.objects.filter(about).exclude(state=letters.ThreadState.CLOSED)
    return {
        "talks": talks.count(),
        "files": records_queries.attachments(it).filter(voided_at=None).count(),
        "findings": models.Finding.objects.filter(case=it).count(),
        "samples": models.Sample.objects.filter(case=it, voided_at=None).count(),
    }


def leads_of(person: org.Person, items: Sequence[models.Item]) -> dict[int, models.Item]:
    """The items of other cases to which items lead or from which they came, as far as the person may see those cases;
    nothing is asked where no item was moved."""
    keys = {key for item in items for key in (item.came_from_id, item.moved_to_id) if key is not None}
    if not keys:
        return {}
    found = models.Item.objects.filter(pk__in=keys).select_related("case")
    seen = _visible(person, [each.case_id for each in found])
    return {each.pk: each for each in found if each.case_id in seen}
