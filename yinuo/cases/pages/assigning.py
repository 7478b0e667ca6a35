"""Rules of assignment: pools, table, what they would have made of the last month; why somebody owns a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.cases import models
from yinuo.cases.actions import assigning as acts
from yinuo.cases.actions import convention as conventions
from yinuo.cases.actions import reassigning, steering
from yinuo.cases.engine.pools import Pool
from yinuo.cases.forms import assigning, dialogs
from yinuo.cases.pages import cases
from yinuo.cases.queries import assigning as assigning_queries
from yinuo.cases.queries import conventions as convention_queries
from yinuo.kit import editing, pages, rows, undoing
from yinuo.org import models as org
from yinuo.org.definition import Permission

STEER = Permission.CASES_STEER
RECENT = timedelta(days=30)


def _expected() -> int:
    row = convention_queries.convention()
    return row.version if row.pk else 0


@dataclass(frozen=True)
class ShownPool:
    """A pool as the page shows it: what it asks for in words, who is of it today."""

    name: str
    asks: str
    people: list[tuple[org.Person, int, datetime | None]]


@pages.page(STEER)
def assignment(request: pages.Request) -> HttpResponse:
    """The rules in force, with who is of each pool today; an offer where there are none."""
    said, language = assigning_queries.rules(), request.LANGUAGE_CODE
    members = assigning_queries.members(said, timezone.now())
    names = _names()
    shown = [ShownPool(pool.name.say(language), _asks(pool, names), members[key]) for key, pool in said.pools.items()]
    pool_names = {key: pool.name.say(language) for key, pool in said.pools.items()}
    offered = assigning_queries.offered() if not said.pools and said.is_empty else None
    context = {
        "rules": said,
        "pools": shown,
        "rows": [
            (n, words.say(language), pool_names.get(row.then, row.then))
            for n, (row, words) in enumerate(assigning_queries.rows_in_words(said), 1)
        ],
        "otherwise": pool_names.get(said.table.otherwise, ""),
        "offered": [each["zh"] if not language.startswith("en") else each["en"] for each in offered["pools"]]
        if offered
        else [],
        "is_new": offered is not None,
        "expected": _expected(),
    }
    return render(request, "cases/assigning/assignment.html", context)


def _names() -> dict[tuple[str, str], str]:
    """What skills, departments and posts are called."""
    found: dict[tuple[str, str], str] = {}
    for kind, model in (("skill", org.Skill), ("department", org.Department), ("post", org.Post)):
        found |= {(kind, row.code): row.name for row in model._default_manager.all()}
    return found


def _asks(pool: Pool, names: dict[tuple[str, str], str]) -> str:
    """「技能“焊接”不低于 2 级 · 工程部」"""
    asked = []
    if pool.skill:
        skill = names.get(("skill", pool.skill), pool.skill)
        asked.append(_("skill “%(skill)s” at level %(n)s or above") % {"skill": skill, "n": pool.level})
    asked += [names.get((kind, code), code) for kind in ("department", "post") if (code := getattr(pool, kind))]
    return " · ".join(asked)


@pages.page(STEER, methods=("POST",))
def assignment_begin(request: pages.Request) -> HttpResponse:
    """Take the rules that are offered."""
    seen = rows.key_in(request.POST.get("version", ""))
    acts.begin(by=request.user, now=timezone.now(), expected=-1 if seen is None else seen)
    pages.done(request, _("Saved."))
    return redirect("cases:assignment")


@pages.page(STEER, methods=editing.READ_WRITE)
def assignment_pools(request: pages.Request) -> HttpResponse:
    """Among whom cases are given out."""
    plain = convention_queries.convention().pools
    form = assigning.Pools(*editing.sent(request), plain=plain, initial={"version": _expected()})

    def act() -> None:
        said = form.cleaned_data
        conventions.change_convention(
            by=request.user, now=timezone.now(), expected=said["version"], pools=said["pools"]
        )

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Pools"), verb=_("Save"), back=reverse("cases:assignment"),
        sentence=_("Among whom cases are given out, and what one must be or be able to do for it."),
    )  # fmt: skip


@pages.page(STEER, methods=editing.READ_WRITE)
def assignment_table(request: pages.Request) -> HttpResponse:
    """Which pool a case falls to."""
    convention = convention_queries.convention()
    form = assigning.Table(
        *editing.sent(request), convention=convention, person=request.user, initial={"version": _expected()}
    )

    def act() -> None:
        said = form.cleaned_data
        conventions.change_convention(
            by=request.user, now=timezone.now(), expected=said["version"], assignment=said["assignment"]
        )

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Assignment table"), verb=_("Save"),
        back=reverse("cases:assignment"), template="cases/assigning/assignment_table.html",
        sentence=_("New cases without a named owner go to the pool of the first line that holds."),
    )  # fmt: skip


@pages.page(STEER, methods=editing.READ_WRITE)
def assignment_trial(request: pages.Request) -> HttpResponse:
    """What the rules would have made of the last month; sent from the table's page, what the table there would."""
    convention, now = convention_queries.convention(), timezone.now()
    is_draft = request.method == "POST"
    if is_draft:
        form = assigning.Table(request.POST, convention=convention, person=request.user)
        if not form.is_valid():
            words = {
                "title": _("Assignment table"), "verb": _("Save"), "back": reverse("cases:assignment"), "form": form,
            }  # fmt: skip
            return render(request, "cases/assigning/assignment_table.html", words, status=422)
        convention.assignment = form.cleaned_data["assignment"]
    since, until = _stretch(request.GET.get("of", ""), now)
    said = assigning_queries.rules(convention)
    trial = assigning_queries.trial(request.user, said, since=since, until=until, now=now)
    url = reverse("cases:assignment_trial")
    context = {
        "trial": trial,
        "is_empty": said.is_empty,
        "is_draft": is_draft,
        "since": since,
        "until": until - timedelta(microseconds=1),
        "tabs": [] if is_draft else [("", _("Last 30 days"), 0, url), ("month", _("Last month"), 0, f"{url}?of=month")],
        "current": request.GET.get("of", ""),
        **_in_words(trial, request.LANGUAGE_CODE),
    }
    return render(request, "cases/assigning/assignment_trial.html", context)


def _stretch(of: str, now: datetime) -> tuple[datetime, datetime]:
    """The last thirty days, or the last calendar month."""
    if of != "month":
        return now - RECENT, now
    first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first - timedelta(days=1)).replace(day=1), first


def _in_words(trial: assigning_queries.Trial, language: str) -> dict[str, Any]:
    lines = [
        {
            "case": each.case,
            "row": each.proposal.choice.why.say(language),
            "pool": each.proposal.choice.pool.name.say(language) if each.proposal.choice.pool else "",
            "gets": each.proposal.first.candidate.name if each.proposal.first else "",
            "is_same": each.proposal.first is not None and each.proposal.first.candidate.person == each.case.owner_id,
            "why": each.proposal.why.say(language),
        }
        for each in trial.tried
    ]
    return {
        "lines": lines,
        "rows": [(at + 1, words.say(language), every, none) for at, words, every, none in trial.by_row],
        "matched": len(trial.tried) - len(trial.unmatched),
        "most": max((max(had, gets) for _name, had, gets in trial.counts), default=1),
    }


# One case -------------------------------------------------------------------------------------------------------------


@pages.page(Permission.CASES_SEE)
def case_assignment(request: pages.Request, number: str) -> HttpResponse:
    """Why it is theirs: what the rules said, and what was decided against them."""
    found = assigning_queries.assignments_of(cases.look(request, number))
    return render(request, "cases/assigning/case_assignment.html", {"assignments": found})


@pages.page(STEER, methods=editing.READ_WRITE)
def case_give(request: pages.Request, number: str) -> HttpResponse:
    """Another owner: among those the rules rank, with the reason; anybody where the company has no rules."""
    case = cases.look(request, number)
    proposal = assigning_queries.proposal(case, list(case.products.all()), timezone.now())
    initial, owner, at = {"version": case.version}, case.owner_id, timezone.now()
    form: dialogs.Owner | assigning.Reassign
    if proposal is None:
        form = dialogs.Owner(*editing.sent(request), initial=initial | {"owner": case.owner_id})
    else:
        form = assigning.Reassign(
            *editing.sent(request), ranked=proposal.ranked, owner_id=case.owner_id, initial=initial
        )

    def act() -> str:
        said, now = form.cleaned_data, timezone.now()
        if proposal is None:
            steering.change_owner(case=case, owner=said["owner"], by=request.user, now=now, expected=said["version"])
        else:
            reassigning.reassign(
                case=case, owner=said["person"], reason=said["reason"], by=request.user, now=now,
                expected=said["version"],
            )  # fmt: skip
        return case.get_absolute_url()

    def undo() -> str:
        told = {"since": at.isoformat(), "expected": case.version}
        return undoing.offer(request.user, "cases.owner", case=case.pk, owner=owner, **told) if owner else ""

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Change the owner"), verb=_("Save"),
        back=case.get_absolute_url(), sentence=_why(proposal, case, request.LANGUAGE_CODE), undo=undo,
    )  # fmt: skip


def _why(proposal: assigning_queries.Proposal | None, case: models.Case, language: str) -> str:
    """Which rule and pool the case falls to now, and whose it is."""
    if proposal is None or proposal.choice.pool is None:
        return ""
    owner = case.owner.name if case.owner else "—"
    return _("Now with %(owner)s. The rules: %(row)s → %(pool)s.") % {
        "owner": owner,
        "row": proposal.choice.why.say(language),
        "pool": proposal.choice.pool.name.say(language),
    }
