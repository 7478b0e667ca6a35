"""What is asked again and again: the list, one requirement with all who asked it, and saying what belongs together."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.cases import access
from yinuo.cases import models as cases
from yinuo.cases.pages import cases as case_pages
from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission
from yinuo.reports import forms, models
from yinuo.reports.actions import repeating
from yinuo.reports.lists import repeats as lists
from yinuo.reports.pages import statistics
from yinuo.reports.queries import repeats as queries
from yinuo.search.engine import meaning

SHOWN = 60


@dataclass(frozen=True)
class Said:
    """A value as the page shows it; `is_other`: not all members ask it."""

    words: str
    is_other: bool


@dataclass(frozen=True)
class Member:
    """A member of a group as the page shows it."""

    asking: models.Asking
    values: list[Said]
    topics: str
    words: str
    may_part: bool


@pages.page(Permission.REPORTS_SEE)
def repeats(request: pages.Request) -> HttpResponse:
    """Requirements that were asked more than once."""
    sheet = lists.sheet_for(request.user)
    page = kit_lists.page_of(sheet, queries.repeats(request.user), request.GET, person=request.user)
    context = {"page": page, "tabs": statistics.Asked.by(request).context("repeats")["tabs"], "current": "repeats"}
    return render(request, "reports/repeats.html", context)


def look(request: pages.Request, pk: int) -> Any:
    """The group with what the person may know of it; else 404."""
    found = queries.repeats(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@pages.page(Permission.REPORTS_SEE)
def repeat(request: pages.Request, pk: int) -> HttpResponse:
    """One requirement: who asked it when and with which values, side by side."""
    it = look(request, pk)
    rows = list(queries.members(request.user, it.pk)[: SHOWN + 1])
    shown = _members(request, rows[:SHOWN])
    context = {
        "it": it,
        "sentence": _sentence(it),
        "topics": lists.topic_words(it.n_topics),
        "members": shown,
        "least": min((each.asking.percent for each in shown), default=0),
        "is_more": len(rows) > SHOWN,
        "may_bring": any(each.may_part for each in shown),
        "report_url": _report_url(it, rows),
    }
    return render(request, "reports/repeat.html", context)


def _sentence(it: Any) -> str:
    """「8 次提出，来自 3 家顾客；最近一次 11-20。」"""
    times = ngettext("Asked %(n)s time", "Asked %(n)s times", it.n_times) % {"n": it.n_times}
    whom = ngettext("by %(n)s customer", "by %(n)s customers", it.n_customers) % {"n": it.n_customers}
    first, last = (timezone.localtime(each) for each in (it.n_first, it.n_last))
    span = _("first on %(first)s, last on %(last)s") % {"first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
    return _("%(times)s %(whom)s; %(span)s") % {"times": times, "whom": whom, "span": span}


def _members(request: pages.Request, rows: list[models.Asking]) -> list[Member]:
    said = [meaning.understand(queries.said_by(row.item)).values for row in rows]
    common = Counter(value for values in said for value in set(values))
    return [
        Member(
            asking=row,
            values=[Said(value_words(value), common[value] < len(rows)) for value in values],
            topics=lists.topic_words(row.shares.get("topics")),
            words=_(", ").join(row.shares.get("words", ())),
            may_part=access.may_handle(request.user, row.case),
        )
        for row, values in zip(rows, said, strict=True)
    ]


def value_words(value: meaning.Value) -> str:
    """A value in the reader's language."""
    if value.unit == meaning.EVERY:
        return rhythm_words().get(value.amount, value.amount)
    unit = unit_words().get(value.unit, value.unit)
    return f"{value.amount} {unit}".strip()


def unit_words() -> dict[str, str]:
    """Units that are words."""
    return {
        "d": pgettext("unit", "days"),
        "week": pgettext("unit", "weeks"),
        "month": pgettext("unit", "months"),
        "year": pgettext("unit", "years"),
        "pcs": pgettext("unit", "pieces"),
        "times": pgettext("unit", "times"),
        "级": pgettext("unit", "grade"),
    }


def rhythm_words() -> dict[str, str]:
    """How often something recurs."""
    return {
        "hourly": pgettext("rhythm", "hourly"),
        "per shift": pgettext("rhythm", "per shift"),
        "daily": pgettext("rhythm", "daily"),
        "weekly": pgettext("rhythm", "weekly"),
        "monthly": pgettext("rhythm", "monthly"),
        "quarterly": pgettext("rhythm", "quarterly"),
        "half-yearly": pgettext("rhythm", "half-yearly"),
        "yearly": pgettext("rhythm", "yearly"),
        "per batch": pgettext("rhythm", "per batch"),
        "per delivery": pgettext("rhythm", "per delivery"),
    }


def _report_url(it: Any, rows: list[models.Asking]) -> str:
    """Where to say that something should come of it: a training, a better procedure."""
    numbers = _(", ").join(dict.fromkeys(row.case.number for row in rows[:10]))
    text = _(
        "Asked %(times)s times: %(title)s\nRequests: %(numbers)s\nProposal (training, improvement of a procedure): "
    )
    said = text % {"times": it.n_times, "title": it.n_title[:300], "numbers": numbers}
    return f"{reverse('cases:finding_report')}?{urlencode({'text': said})}"


# Saying what belongs together -----------------------------------------------------------------------------------------


@pages.page(Permission.CASES_HANDLE, methods=editing.READ_WRITE)
def repeat_apart(request: pages.Request, pk: int, item: int) -> HttpResponse:
    """This one asks something else."""
    it = look(request, pk)
    asking = queries.members(request.user, it.pk).filter(pk=item).first()
    if asking is None:
        raise Http404
    form = forms.Apart(*editing.sent(request), initial={"version": asking.version})

    def act() -> str:
        said = form.cleaned_data
        repeating.set_apart(
            asking=asking, reason=said["reason"], by=request.user, now=timezone.now(), expected=said["version"]
        )
        is_left = queries.repeats(request.user).filter(pk=it.pk).exists()
        return it.get_absolute_url() if is_left else reverse("reports:repeats")

    return editing.answer(
        request, form, act=act, said=_("%(number)s stands by itself now.") % {"number": asking.item.subject_label},
        title=_("Not the same requirement"), verb=_("Take out"), back=it.get_absolute_url(),
        sentence=_("%(number)s leaves this group and does not come back by itself.")
        % {"number": asking.item.subject_label},
    )  # fmt: skip


@pages.page(Permission.CASES_HANDLE, methods=editing.READ_WRITE)
def repeat_bring(request: pages.Request, pk: int) -> HttpResponse:
    """Another request asks this too."""
    it = look(request, pk)
    first = queries.members(request.user, it.pk).first()
    if first is None:
        raise Http404
    form = forms.Bring(*editing.sent(request), person=request.user, case=first.case)

    def act() -> None:
        said = form.cleaned_data
        asking = queries.most_alike(said["case"], it)
        if asking is None:
            raise repeating.CannotJoin(_("This request has no item that counts. Choose another one."), field="case")
        repeating.bring_in(asking=asking, repeat=it, reason=said["reason"], by=request.user, now=timezone.now())

    return editing.answer(
        request, form, act=act, said=_("The request belongs to this group now."), title=_("Belongs here too"),
        verb=_("Bring in"), back=it.get_absolute_url(),
        sentence=_("Of a request with several items, the one that resembles this group most comes in."),
    )  # fmt: skip


# On the page of a request ---------------------------------------------------------------------------------------------


@pages.page(Permission.CASES_SEE)
def asked_before(request: pages.Request, number: str) -> HttpResponse:
    """Which items of a request were asked before, by whom and with which values."""
    case: cases.Case = case_pages.look(request, number)
    shown = []
    for each in queries.asked_before(request.user, case):
        mine = set(meaning.understand(queries.said(each.item.text, case.title, ())).values)
        others = [(row, [value_words(v) for v in _values(row) if v not in mine]) for row in each.others]
        shown.append((each, others))
    context = {
        "case": case,
        "found": shown,
        "has_many": case.items.count() > 1,
        "may_reports": request.user.may(Permission.REPORTS_SEE),
    }
    return render(request, "reports/asked_before.html", context)


def _values(row: models.Asking) -> tuple[meaning.Value, ...]:
    return meaning.understand(queries.said(row.item.text, row.case.title, ())).values
