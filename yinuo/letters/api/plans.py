"""Reports of progress: about what they are drafted and how often; and who releases what goes out."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from yinuo.customers import models as customers
from yinuo.kit import api, subjects
from yinuo.letters import access, forms, lists, models
from yinuo.letters.actions import progress as acts
from yinuo.letters.actions import releasers
from yinuo.letters.queries import wording
from yinuo.org.definition import Permission

router = Router(tags=["talks"])
SEE, WRITE = Permission.LETTERS_SEE, Permission.LETTERS_WRITE
PUBLISH = Permission.PROCEDURES_PUBLISH


class ProgressPlan(Schema):
    """How often (week, two_weeks, month) a report about a subject is drafted. It waits for the customer's window;
    nothing leaves by itself. `trouble`: why none could be drafted."""

    id: int
    subject_type: str
    subject_id: int
    about: str
    customer: api.Named
    contact: api.Named | None
    every: str
    next_on: date
    language: str
    is_active: bool
    keeper: api.Named
    last_at: datetime | None
    trouble: str
    version: int

    @staticmethod
    def resolve_about(row: Any) -> str:
        return str(row.subject_label)


class WrittenPlan(api.Asked):
    """How often, from when on, to whom and in which language. What is left out stays; of a first plan it is what the
    screen proposes."""

    every: str | None = Field(None, max_length=10)
    next_on: date | None = None
    contact: int | None = None
    language: str | None = Field(None, max_length=12)
    is_active: bool | None = None


class DraftedNow(Schema):
    """Whether a report was drafted; where not, the plan says why."""

    is_drafted: bool
    trouble: str


class ReleaseRule(Schema):
    """A post that releases what goes out for one purpose ("": all others), in place of the customer's window."""

    purpose: str
    post: api.Named


class ReleasedBy(api.Asked):
    """The purpose ("": all others), and the post that releases; null gives it back to the window."""

    purpose: str = Field("", max_length=20)
    post: int | None = None


def _openable(request: api.Request, of: str, key: int) -> tuple[subjects.Ref, customers.Customer]:
    """The subject with its customer, if the person may write about it; else 404."""
    found = access.openable(request.user, of, key)
    if found is None:
        raise Http404
    return found


@api.call(router, "GET", "/progress-plans", SEE, api.Listed[ProgressPlan], sheet=lists.PLANS)
def progress_plans(request: api.Request) -> dict[str, Any]:
    """All plans of reports of progress."""
    rows = request.user.visible(wording.plans().order_by(), SEE)
    return api.listed(request, lists.PLANS, rows)


@api.call(router, "GET", "/progress-plans/about/{type}/{int:id}", WRITE, ProgressPlan)
def progress_plan(request: api.Request, response: HttpResponse, type: str, id: int) -> Any:  # noqa: A002
    """How often a report about a case, or about all cases of a customer, is drafted."""
    about, _customer = _openable(request, type, id)
    row = wording.plan_of(about)
    if row is None:
        raise Http404
    api.tagged(response, row.version)
    return row


@api.call(router, "PATCH", "/progress-plans/about/{type}/{int:id}", WRITE, ProgressPlan, changes=True)
def progress_plan_set(
    request: api.Request,
    response: HttpResponse,
    type: str,  # noqa: A002 - as the address says
    id: int,  # noqa: A002 - as the address says
    said: WrittenPlan,
) -> Any:
    """Have reports drafted about a case or a customer, or change how often; a first plan from version 0."""
    about, customer = _openable(request, type, id)
    version, row = api.expected(request), wording.plan_of(about)
    as_is = {
        "every": row.every if row else models.ProgressPlan.Every.WEEK,
        "next_on": row.next_on if row else timezone.localdate(),
        "contact": row.contact_id if row else None,
        "language": row.language if row else wording.language_for(customer),
        "is_active": row.is_active if row else True,
    }
    values = {**as_is, **said.dict(exclude_unset=True), "version": version}
    languages = [(code, code) for code in wording.languages()]
    form = forms.PlanForm(api.as_form(values), person=request.user, customer=customer, languages=languages)
    facts = {name: value for name, value in api.checked(form).items() if name != "version"}
    made = acts.plan(
        subject=about, customer=customer, by=request.user, now=timezone.now(), expected=version, **facts
    )  # fmt: skip
    api.tagged(response, made.version)
    return made


@api.call(router, "POST", "/progress-plans/{int:id}/draft", WRITE, DraftedNow, creates=True)
def progress_draft(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """Draft a report now; it waits for its release."""
    row = api.found(request.user.visible(wording.plans(), WRITE), pk=id)

    def act(_key: str) -> str:
        return "drafted" if acts.draft_one(plan=row, by=request.user, now=timezone.now()) else "not"

    is_drafted = api.create_once(request, act) == "drafted"
    row.refresh_from_db()
    return {"is_drafted": is_drafted, "trouble": row.trouble}


# Who releases ---------------------------------------------------------------------------------------------------------


def _rules() -> list[models.Releaser]:
    return list(models.Releaser.objects.select_related("post").order_by("purpose"))


@api.call(router, "GET", "/release-rules", PUBLISH, list[ReleaseRule])
def release_rules(request: api.Request) -> Any:
    """For which purposes a post releases what goes out; for all others it is the customer's window."""
    api.refuse_unknown(request, ())
    return _rules()


@api.call(router, "POST", "/release-rules", PUBLISH, list[ReleaseRule], creates=True)
def release_rule_set(request: api.Request, said: ReleasedBy) -> Any:
    """Let a post release for one purpose in the window's place, or give it back to the window."""

    def act(_key: str) -> str:
        cleaned = api.checked(forms.ReleaserForm(api.as_form(said.dict())))
        facts = {name: cleaned[name] for name in ("purpose", "post")}
        releasers.let_post_release(by=request.user, now=timezone.now(), **facts)
        return "set"

    api.create_once(request, act)
    return _rules()
