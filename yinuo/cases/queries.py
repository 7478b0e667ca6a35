"""Reading cases. Whatever takes a person returns only what that person may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yinuo.cases import access, models
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.letters import models as letters
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.procedures import models as procedures
from yinuo.procedures.definition import shapes, walking
from yinuo.procedures.queries import definitions as definition_queries
from yinuo.procedures.queries import runs as run_queries
from yinuo.records import models as records_models
from yinuo.records import queries as records
from yinuo.search import queries as search
from yinuo.search import rules as search_rules

SEE = Permission.CASES_SEE
ANALYSIS_LEVEL = 2  # of a skill: 1 knows, 2 can, 3 teaches


def convention() -> models.Convention:
    """What the company decided about its cases; as shipped while it decided nothing."""
    return models.Convention.objects.order_by("pk").first() or models.Convention()


# Cases ----------------------------------------------------------------------------------------------------------------


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
        "owner__name", "registered_by__name",
    )  # fmt: skip
    return _with_relations(cases(person)).only(*_columns_of(models.Case, *shown)).get(number=number)


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


# Who can --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Competence:
    """The skill that an item's analysis needs, and whose is on record; None where the company keeps no such skill."""

    skill: org.Skill | None
    people: tuple[org.Person, ...]

    def covers(self, person: org.Person) -> bool:
        return self.skill is None or person in self.people

    @property
    def names(self) -> str:
        return "、".join(person.name for person in self.people)


def competence_for(kinds: Collection[str], on: date) -> dict[str, Competence]:
    """For each kind of requirement who is competent to analyse it on a day (S5 2(3))."""
    wanted = convention().skills
    codes = {kind: wanted.get(kind, kind) for kind in kinds}
    skills = {skill.code: skill for skill in org.Skill.objects.filter(code__in=set(codes.values()))}
    people = {code: tuple(org_queries.competent(code, on, ANALYSIS_LEVEL)) for code in skills}
    return {kind: Competence(skills.get(code), people.get(code, ())) for kind, code in codes.items()}


def analysts(it: models.Case, on: date) -> list[org.Person]:
    """Who is competent to analyse the case's items on a day: those who can judge most of them first."""
    kinds = set(models.Item.objects.filter(case=it, withdrawn_at=None).values_list("kind", flat=True))
    found = [each for each in competence_for(kinds, on).values() if each.skill is not None]
    people = list(dict.fromkeys(person for each in found for person in each.people))
    most = max((sum(person in each.people for each in found) for person in people), default=0)
    return [person for person in people if sum(person in each.people for each in found) == most]


AUTHORITY = {
    models.Kind.TECHNICAL: customers.Authority.TECHNICAL,
    models.Kind.QUALITY: customers.Authority.QUALITY,
    models.Kind.COMMERCIAL: customers.Authority.COMMERCIAL,
}


def authorities_for(kinds: Iterable[str]) -> list[str]:
    """What somebody at the customer must be authorised to say to ask for these kinds."""
    return list(dict.fromkeys(str(AUTHORITY[kind]) for kind in map(models.Kind, kinds) if kind in AUTHORITY))


def authority_gap(it: models.Case, wanted: Collection[str]) -> str:
    """A warning where the case's contact is not on record for an authority that is wanted, with those who are.

    "" where the contact has them, or where nothing is on record for the contact at all.
    """
    if it.contact is None or not it.contact.authority:
        return ""
    missing = [each for each in wanted if each not in it.contact.authority]
    if not missing:
        return ""
    what = "、".join(str(customers.Authority(each).label) for each in missing)
    on = timezone.localdate(it.notified_at)
    able = [contact.name for each in missing for contact in customers_queries.contacts_on(it.customer, on, each)]
    words = _("%(name)s is not on record for: %(what)s.") % {"name": it.contact.name, "what": what}
    return words + (_(" On record: %(names)s.") % {"names": "、".join(dict.fromkeys(able))} if able else "")


# Similar cases, lessons -----------------------------------------------------------------------------------------------


def similar_cases(person: org.Person, text: str, *, except_id: int = 0, limit: int = 5) -> list[search_rules.Similar]:
    """Past cases that resemble the text, as far as the person may see them, the most similar first."""
    if len(text.strip()) < 2:
        return []
    found = search.similar(text, models.Case.subject_type, person, limit + 1)
    return [each for each in found if each.id != except_id][:limit]


def lessons(person: org.Person) -> QuerySet[models.Lesson]:
    """Lessons the person may see, void ones too."""
    return person.visible(models.Lesson.objects.select_related("case", "written_by"), SEE)


def lessons_fitting(
    person: org.Person, text: str, *, kinds: Collection[str] = (), families: Collection[str] = (), limit: int = 5
) -> list[models.Lesson]:
    """Lessons to be proposed: those whose words resemble the text, then those of the same kind and product family."""
    like = [each.id for each in search.similar(text, models.Lesson.subject_type, person, limit)] if text.strip() else []
    rows = lessons(person).filter(voided_at=None)
    by_id = rows.in_bulk(like)
    found = [by_id[pk] for pk in like if pk in by_id]
    if len(found) < limit and kinds and families:
        fitting = rows.filter(Q(kind__in=kinds) | Q(kind=""), family__in=families).exclude(pk__in=like).order_by("-pk")
        found += list(fitting[: limit - len(found)])
    return found


def families_of(products: Sequence[customers.Product]) -> list[str]:
    """The product families of some products."""
    return sorted({product.family for product in products if product.family})


# Feedback -------------------------------------------------------------------------------------------------------------


def feedback_link(token: str) -> models.FeedbackLink | None:
    """The link behind a token, if it was ever made."""
    rows = models.FeedbackLink.objects.select_related("case__customer", "made_by")
    return rows.filter(token=token).first()


def links_of(it: models.Case) -> QuerySet[models.FeedbackLink]:
    """The case's feedback links, newest first."""
    return models.FeedbackLink.objects.filter(case=it).select_related("made_by").order_by("-pk")


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


def feedbacks_of(it: models.Case) -> QuerySet[models.Feedback]:
    """What the customer said, latest first."""
    return models.Feedback.objects.filter(case=it).select_related("recorded_by", "link").order_by("-pk")


# The procedure --------------------------------------------------------------------------------------------------------


def events_of(run: procedures.Run) -> dict[str, tuple[str, ...]]:
    """For which events each waiting step of the run's procedure waits."""
    steps = walking.steps(run_queries.definition_of(run))
    return {step.key: step.work.events for step in steps if isinstance(step.work, shapes.Wait)}


def procedures_to_choose() -> list[tuple[str, str]]:
    """Procedures with an edition in force, by which cases may go."""
    rows = procedures.Procedure.objects.filter(current__isnull=False).order_by("key")
    return [(row.key, f"{row.number} {row.name}") for row in rows]


def steps_to_choose(procedure_key: str) -> list[tuple[str, str]]:
    """The steps of a procedure's edition in force to which a case may go back: those that people do."""
    row = (
        procedures.Procedure.objects.filter(key=procedure_key, current__isnull=False).select_related("current").first()
    )
    if row is None or row.current is None:
        return []
    steps = walking.steps(definition_queries.definition_of(row.current))
    language = get_language() or "zh"
    return [(step.key, step.title.say(language)) for step in steps if step.kind in ("task", "opinions", "decision")]


# What was said in the procedure ---------------------------------------------------------------------------------------


def latest_answer(case_id: int, step: str, path: Sequence[str] | None = None) -> dict[str, Any]:
    """The form's values last submitted at a step (in one iteration, with `path`); empty when there are none."""
    found = procedures.Task.objects.filter(
        subject_type=models.Case.subject_type, subject_id=case_id, step=step, state=procedures.Task.State.DONE
    ).order_by("-pk")
    for task in found.only("data", "path")[:50]:
        if path is None or list(path) == task.path:
            return dict(task.data)
    return {}


# People ---------------------------------------------------------------------------------------------------------------


def people_of(it: models.Case) -> list[tuple[org.Person, set[str]]]:
    """Who has to do with the case and as what: owner, window, reporter, item (owner), plan, worked."""
    parts: dict[int, set[str]] = defaultdict(set)

    def note(part: str, *ids: int | None) -> None:
        for pk in ids:
            if pk:
                parts[pk].add(part)

    note("owner", it.owner_id)
    note("window", *(person.pk for person in customers_queries.window(it.customer).people))
    note("reporter", it.registered_by_id)
    note("item", *models.Item.objects.filter(case=it).values_list("owner_id", flat=True))
    note("plan", *models.Measure.objects.filter(case=it).values_list("person_id", flat=True))
    tasks = procedures.Task.objects.filter(subject_type=it.subject_type, subject_id=it.pk)
    for holder, closed_by in tasks.values_list("holder_id", "closed_by_id").distinct():
        note("worked", holder, closed_by)
    people = org.Person.objects.in_bulk(list(parts))
    return [(people[pk], parts[pk]) for pk in parts if pk in people]


def people_words(ids: Sequence[int]) -> dict[int, str]:
    """People's names with their numbers."""
    if not ids:
        return {}
    return {person.pk: person.actor_name for person in org.Person.objects.filter(pk__in=ids)}


def people_like(text: str) -> QuerySet[org.Person]:
    """Colleagues whose name, Latin name or employee number contains the text; all with an empty one."""
    people = org_queries.people()
    if not text:
        return people
    return people.filter(Q(name__icontains=text) | Q(name_latin__icontains=text) | Q(employee_number__istartswith=text))


# Findings -------------------------------------------------------------------------------------------------------------

OPEN = Permission.CASES_OPEN
WAITING_COUNTED = 100
SIMILAR_SOUGHT = 20


def findings(person: org.Person) -> QuerySet[models.Finding]:
    """What was reported, as far as the person may see it; their own always."""
    return person.visible(models.Finding.objects.all(), SEE) | models.Finding.objects.filter(reported_by=person.pk)


def finding(person: org.Person, pk: int) -> models.Finding:
    """The finding, if the person may see it; else `Finding.DoesNotExist`."""
    shown = ("customer", "reported_by", "decided_by", "case", "site", "scope")
    return findings(person).select_related(*shown).get(pk=pk)


def findings_to_sort(person: org.Person) -> QuerySet[models.Finding]:
    """What waits to be sorted and the person may sort, the oldest first."""
    waiting = models.Finding.objects.filter(state=models.Finding.State.WAITING)
    rows = person.visible(waiting, OPEN).select_related("customer", "reported_by")
    return rows.order_by("reported_at", "pk")


def mine_to_sort(person: org.Person, waiting: Sequence[models.Finding]) -> set[int]:
    """Those that wait for this very person: of customers whose window they are; without one, for every window."""
    if not waiting:
        return set()
    windows = customers_queries.windows({each.customer for each in waiting if each.customer})
    people = {each.pk: windows[each.customer_id].people if each.customer_id else [] for each in waiting}
    is_at_large = any(not of for of in people.values()) and any(each.pk == person.pk for each in _windows())
    return {pk for pk, of in people.items() if (person in of if of else is_at_large)}


def waiting_to_sort(person: org.Person) -> int:
    """How many findings wait for the person, for the menu."""
    return len(mine_to_sort(person, list(findings_to_sort(person)[:WAITING_COUNTED])))


def sorters(waiting: Sequence[models.Finding]) -> dict[int, list[org.Person]]:
    """Who sorts each finding: the window to its customer, else every window, else whoever steers cases."""
    windows = customers_queries.windows({each.customer for each in waiting if each.customer})
    all_windows, steerers = cache(_windows), cache(_steerers)  # asked for once at most, and only where needed
    found: dict[int, list[org.Person]] = {}
    for each in waiting:
        named = windows[each.customer_id].people if each.customer_id else []
        found[each.pk] = _able(named, each) or _able(all_windows(), each) or _able(steerers(), each)
    return found


def _able(people: Sequence[org.Person], finding: models.Finding) -> list[org.Person]:
    return [person for person in people if access.may_sort(person, finding)]


def _windows() -> list[org.Person]:
    """Everybody who is the window to a customer, or its deputy."""
    used = customers.Customer.objects.filter(Q(window=OuterRef("pk")) | Q(window_deputy=OuterRef("pk")), is_active=True)
    return list(org_queries.people().filter(Exists(used)))


def _steerers() -> list[org.Person]:
    return [person for person in org_queries.people() if person.may(Permission.CASES_STEER)]


def open_cases_like(person: org.Person, finding: models.Finding, limit: int = 3) -> list[tuple[models.Case, int]]:
    """Open cases that resemble a finding, with the likeness in per cent; those of its customer first."""
    alike = {each.id: each.percent for each in similar_cases(person, finding.text[:5000], limit=SIMILAR_SOUGHT)}
    rows = cases(person).filter(pk__in=alike, ended_at=None).select_related("customer")
    order = sorted(rows, key=lambda case: (case.customer_id != finding.customer_id, -alike[case.pk]))
    return [(case, alike[case.pk]) for case in order[:limit]]


def findings_of(it: models.Case) -> QuerySet[models.Finding]:
    """The findings that led to the case, or were joined to it."""
    return models.Finding.objects.filter(case=it).select_related("reported_by", "customer").order_by("reported_at")


def joinable_case(person: org.Person, number: str) -> models.Case | None:
    """The open case of this number, if the person may see it."""
    return _with_relations(cases(person)).filter(number__iexact=number.strip(), ended_at=None).first()
