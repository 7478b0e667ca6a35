"""The list of cases, one case with all that belongs to it, its panels and its printed summary."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.cases import access, lists, models
from yinuo.cases.queries import assigning as assigning_queries
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import circles as circle_queries
from yinuo.cases.queries import competence as competence_queries
from yinuo.cases.queries import course as course_queries
from yinuo.cases.queries import feedback as feedback_queries
from yinuo.cases.queries import joining as joining_queries
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.cases.queries import own_fields as own_queries
from yinuo.cases.queries import people as people_queries
from yinuo.cases.queries import procedures as procedure_queries
from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.procedures import access as procedure_access
from yinuo.procedures import models as procedures
from yinuo.procedures.queries import runs as run_queries
from yinuo.procedures.queries import tasks as task_queries
from yinuo.records import actions as records
from yinuo.records import queries as records_queries

LATEST = 10


def look(request: pages.Request, number: str) -> models.Case:
    """The case, if the person may see it; else 404."""
    return _found(case_queries.case, request, number)


def look_closely(request: pages.Request, number: str) -> models.Case:
    """The same with what a whole page of it shows."""
    return _found(case_queries.case_to_show, request, number)


def _found(read: Callable[[org.Person, str], models.Case], request: pages.Request, number: str) -> models.Case:
    try:
        return read(request.user, number)
    except models.Case.DoesNotExist:
        raise Http404 from None


@pages.page(Permission.CASES_SEE)
def cases(request: pages.Request) -> HttpResponse:
    """All cases the person may see."""
    rows = lists.case_rows(case_queries.cases(request.user))
    page = kit_lists.page_of(lists.cases_at(timezone.now()), rows, request.GET, person=request.user)
    waiting = case_queries.waiting_for(request.user)
    sentence = _("No request waits to be accepted by you.")
    if waiting:
        sentence = ngettext(
            "%(n)s request waits to be accepted by you.", "%(n)s requests wait to be accepted by you.", waiting
        ) % {"n": waiting}
    return render(request, "cases/cases.html", {"page": page, "sentence": sentence})


@pages.page(Permission.CASES_SEE)
def case(request: pages.Request, number: str) -> HttpResponse:
    """One case: what is to be done now, then what was asked, the plan, originals, feedback."""
    it = look_closely(request, number)
    person, now = request.user, timezone.now()
    records.note_reading(subject=it, way="read", by=person, now=now)
    run = run_queries.run_of(it)
    items = _with_leads(person, list(case_queries.items_of(it)))
    own = _own_fields(it, items)
    feedbacks = list(feedback_queries.feedbacks_of(it)) if it.answered_at or it.is_satisfied is not None else []
    context = {
        "case": it,
        "run": run,
        "now": now,
        "today": timezone.localdate(),
        "overdue": case_queries.overdue_days(it, now),
        "steps": _strip(request, run),
        "items": items,
        "measures": list(case_queries.measures_of(it)),
        "samples": _with_files(list(case_queries.samples_of(it))),
        "feedbacks": _with_files(feedbacks),
        "authority_gap": competence_queries.authority_gap(
            it, competence_queries.authorities_for(item.kind for item in items)
        ),
        "links": list(feedback_queries.links_of(it)) if it.answered_at else [],
        "products": list(it.products.all()),
        "open_tasks": _tasks(request, it, run, items),
        "may": _may(request, it),
        "sentence": sentence_of(it),
        "is_assigned": assigning_queries.is_assigned(it),
        "circle": circle_queries.circle_in_words(it),
        "base_url": settings.BASE_URL,
        "knows": procedure_queries.knows_of(run),
        "survivor": joining_queries.seen_survivor(person, it),
        **own,
    }
    return render(request, "cases/case.html", context)


def _own_fields(it: models.Case, items: list[models.Item]) -> dict[str, Any]:
    """What was entered in the company's own fields of the case, and on each item (as `item.own`)."""
    of_case, of_item = own_queries.forms()
    for item in items:
        item.own = own_queries.answered(of_item, item.more)  # type: ignore[attr-defined]
    return {"own": own_queries.answered(of_case, it.more), "item_fields": bool(of_item.fields)}


def _with_leads(person: org.Person, items: list[models.Item]) -> list[models.Item]:
    """Each item with the one of another case from which it came (`origin`) and to which it leads (`lead`)."""
    found = joining_queries.leads_of(person, items)
    for item in items:
        item.origin, item.lead = found.get(item.came_from_id), found.get(item.moved_to_id)  # type: ignore
    return items


def _with_files(rows: list[Any]) -> list[tuple[Any, list[Any]]]:
    """Objects or feedback, each with its photos or proof."""
    files = case_queries.files_of(rows)
    return [(row, files.get(row.pk, [])) for row in rows]


def _may(request: pages.Request, it: models.Case) -> dict[str, bool]:
    person = request.user
    handles = access.may_handle(person, it)
    return {
        "handle": handles and it.is_open,
        "record": handles,
        "steer": access.may_steer(person, it),
        "write": person.may(Permission.LETTERS_WRITE, it.scope_id, it.site_id) and it.is_open,
        "complain": not it.is_open and not it.is_merged and access.may_open(person, it.scope_id, it.site_id),
    }


def _strip(request: pages.Request, run: Any) -> list[tuple[str, str, str]]:
    if run is None:
        return []
    return [(mark.key, mark.title.say(request.LANGUAGE_CODE), mark.mark) for mark in run_queries.strip_of(run)]


@dataclass(frozen=True)
class Open:
    """An open task as the page shows it: whether it is the reader's, and what ends it when the program waits."""

    task: procedures.Task
    is_mine: bool
    helps: list[tuple[str, str]]


def _tasks(request: pages.Request, it: models.Case, run: procedures.Run | None, items: list[models.Item]) -> list[Open]:
    """The open tasks, those of the reader first."""
    if not it.is_open:
        return []
    by_key, now = {str(item.pk): item for item in items}, timezone.now()
    found = [task for task in task_queries.open_tasks(it) if task.kind != "effect" or task.reason]
    found = task_queries.with_overdue(found, now)
    mine = _mine(request.user, found, now)
    waits = [task for task in found if task.kind == "wait"]
    events = course_queries.events_of(run) if run is not None and waits else {}
    shown = [
        Open(task, task.pk in mine, _helps(task, events.get(task.step, ()), it, by_key) if task in waits else [])
        for task in found
    ]
    return sorted(shown, key=lambda each: not each.is_mine)


def _mine(person: org.Person, tasks: list[procedures.Task], now: datetime) -> set[int]:
    """Which of the tasks the person may work on now; nothing more is asked where the holder answers it."""
    for_people = [task for task in tasks if task.is_for_people]
    mine = {task.pk for task in for_people if person.pk in (task.holder_id, task.delegate_id)}
    others = [task.pk for task in for_people if task.pk not in mine]
    if others and (any(task.holder_id is None for task in for_people) or procedure_access.covered_by(person, now)):
        mine |= set(task_queries.tasks_of(person, now).filter(pk__in=others).values_list("pk", flat=True))
    return mine


def _helps(
    task: procedures.Task, events: Collection[str], it: models.Case, by_key: dict[str, models.Item]
) -> list[tuple[str, str]]:
    """Address and words of the dialogs in which the customer's answer is recorded for which a task waits."""
    item = by_key.get(task.path[-1]) if task.path else None
    if item is not None:
        is_asked = item.alternative and not item.answer
        return [(reverse("cases:item_answer", args=[it.number, item.position]), _("Customer's decision"))] * bool(
            is_asked
        )
    if "cases.feedback_received" in events:
        return [
            (reverse("cases:feedback_record", args=[it.number]), _("Record feedback")),
            (reverse("cases:feedback_give_up", args=[it.number]), _("No feedback is given")),
        ]
    if events:
        return []
    waiting = [each for each in by_key.values() if each.wordings.all()[0].confirmation == models.Confirmation.WAITING]
    return [
        (
            reverse("cases:item_confirm", args=[it.number, each.position]),
            _("Item %(n)s: confirmation in writing") % {"n": each.position},
        )
        for each in waiting
        if not each.withdrawn_at
    ]


def sentence_of(it: models.Case) -> str:
    """「上汽大众 · 11-20 邮件收到」 — from whom, when and how."""
    parts = [it.customer.name, it.speaker]
    at = timezone.localtime(it.notified_at)
    parts.append(_("%(day)s by %(channel)s") % {"day": f"{at:%m-%d}", "channel": it.get_channel_display()})
    kept = [format_html('<span class="num">{}</span>', part) if part is parts[-1] else part for part in parts if part]
    return format_html_join(" · ", "{}", ((part,) for part in kept))


# Panels ---------------------------------------------------------------------------------------------------------------


@pages.page(Permission.CASES_SEE)
def cases_about(request: pages.Request, subject_type: str, pk: int) -> HttpResponse:
    """The latest cases of a customer (and those below it, unless `own`), product or project."""
    rows = case_queries.cases_about(request.user, subject_type, pk)
    if rows is None:
        raise Http404
    if "own" in request.GET:
        rows = rows.filter(customer=pk)
    return render(request, "cases/cases_about.html", {"cases": rows[:LATEST]})


@pages.page(Permission.CASES_SEE)
def case_like(request: pages.Request, number: str) -> HttpResponse:
    """Similar cases and lessons that fit, beside the case."""
    it = look(request, number)
    items = case_queries.standing_items(it)
    text = " ".join([it.title, *(item.text for item in items)])[:5000]
    families = lesson_queries.families_of(list(it.products.all()))
    context = {
        "similar": lesson_queries.similar_cases(request.user, text, except_id=it.pk),
        "lessons": lesson_queries.lessons_fitting(
            request.user, text, kinds={item.kind for item in items}, families=families
        ),
    }
    return render(request, "cases/case_similar.html", context)


@pages.page(Permission.CASES_SEE)
def case_talks(request: pages.Request, number: str) -> HttpResponse:
    """The talks with the customer about the case, about those merged into it, then about its items."""
    it = look(request, number)
    merged = list(joining_queries.merged_with_talks(request.user, it))
    context = {"case": it, "talked": case_queries.talked_items(it), "merged": merged}
    return render(request, "cases/case_talks.html", context)


@pages.page(Permission.CASES_SEE)
def case_people(request: pages.Request, number: str) -> HttpResponse:
    """Who has to do with the case: owner, window, who registered it, owners of items, whoever works on it."""
    it = look(request, number)
    return render(request, "cases/case_people.html", {"people": people_queries.people_of(it)})


@pages.page(Permission.CASES_SEE)
def case_print(request: pages.Request, number: str) -> HttpResponse:
    """The case on paper: what was asked, analysed, decided, planned, verified, answered, with signatures."""
    it = look_closely(request, number)
    now = timezone.now()
    records.note_reading(subject=it, way="print", by=request.user, now=now)
    return render(request, "cases/case_print.html", {**record_of(it), "now": now})


def record_of(it: models.Case) -> dict[str, Any]:
    """What stands in the record of a case, on screen and as a file."""
    run = run_queries.run_of(it)
    items = list(case_queries.items_of(it))
    return {
        "case": it,
        "run": run,
        "items": items,
        **_own_fields(it, items),
        "measures": list(case_queries.measures_of(it)),
        "samples": _with_files(list(case_queries.samples_of(it))),
        "feedbacks": _with_files(list(feedback_queries.feedbacks_of(it))),
        "files": list(records_queries.attachments(it).filter(voided_at=None)),
        "products": list(it.products.all()),
        "done": [task for task in task_queries.tasks_in(run) if task.closed_by and not task.is_void] if run else [],
    }
