"""The case as a record on the company's paper: what was asked, judged, planned, done and signed, and its trail."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.cases import models
from yinuo.cases.pages import cases as pages_of_cases
from yinuo.kit import pages, printing
from yinuo.kit.paper import definition as paper
from yinuo.kit.templatetags import kit as tags
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.procedures import models as procedures
from yinuo.procedures.definition import shapes
from yinuo.records import actions as records
from yinuo.records import lists as records_lists
from yinuo.records import queries as records_queries

MOST_ENTRIES = 200  # of the trail; the whole of it stands in the system
Pair = tuple[str, str, bool]


@pages.page(Permission.CASES_SEE)
def case_paper(request: pages.Request, number: str) -> HttpResponse:
    """The review record as PDF."""
    it = pages_of_cases.look_closely(request, number)
    now = timezone.now()
    records.note_reading(subject=it, way="print", by=request.user, now=now)
    told = pages_of_cases.record_of(it)
    run = told["run"]
    made = paper.Paper(
        head=printing.letterhead(),
        title=_("Review record"),
        number=it.number,
        edition=f"{run.procedure.number} {run.edition.label}" if run else "",
        secrecy=_("Confidential: only for whom it is meant") if it.scope_id else "",
        note=printing.note(request.user, now),
        language=printing.language(),
        blocks=list(_blocks(it, told, request.user)),
        signers=[paper.Signer(_("Prepared")), paper.Signer(_("Reviewed")), paper.Signer(_("Approved"))],
    )
    return printing.answer(made, f"{it.number}_{_('Review record')}")


def _blocks(it: models.Case, told: dict[str, Any], person: org.Person) -> Iterator[paper.Block]:
    yield paper.Facts(list(_facts(it, told)))
    yield paper.Heading(_("Items"))
    heads = [_("No."), _("Requirement"), _("Nature"), _("Analysis"), _("Verdict"), _("Result and verification")]
    yield printing.table(heads, [_item(item) for item in told["items"]])
    yield paper.Text(_("Analysis: authentic, feasible, reasonable, in this order."), is_quiet=True)
    if told["measures"]:
        yield paper.Heading(_("Plan"))
        heads = [_("What"), _("Item"), _("Who"), _("To be done by"), _("State")]
        yield printing.table(heads, [_measure(each) for each in told["measures"]])
    if told["feedbacks"]:
        yield paper.Heading(_("Customer's feedback"))
        heads = [_("Satisfied"), _("What was said"), _("Who"), _("When")]
        yield printing.table(heads, [_feedback(each) for each, _files in told["feedbacks"]])
    if opinions := _opinions(told["run"]):
        yield paper.Heading(_("Opinions of departments"))
        yield printing.table([_("Department"), _("Step"), _("Opinion"), _("Who"), _("When")], opinions)
    if told["done"]:
        yield paper.Heading(_("What was done, by whom"))
        yield printing.table([_("Step"), _("Who"), _("When"), _("Signature")], [_done(task) for task in told["done"]])
    if it.remark:
        yield paper.Heading(_("Completion remark"))
        yield paper.Text(it.remark)
    yield from _trail(it, person)


def _facts(it: models.Case, told: dict[str, Any]) -> Iterator[Pair]:
    project = f"{it.project.number} {it.project.name}" if it.project else ""
    products = "\n".join(f"{each.number} {each.name}" for each in told["products"])
    originals = [file.name for file in told["files"]]
    if it.no_original:
        originals.append(f"{_('original missing')}{_(': ')}{it.no_original}")
    why = f"（{it.priority_why}）" if it.priority_why else ""
    yield _("Customer"), it.customer.name, False
    yield _("Asked by"), str(it.speaker or ""), False
    yield _("Title"), it.title, True
    yield _("Products"), products, False
    yield _("Project"), project, False
    yield _("Notified"), f"{_moment(it.notified_at)} {it.get_channel_display()}", False
    yield _("Registered"), f"{_moment(it.registered_at)} {it.registered_by.name}", False
    yield _("Wanted by"), _day(it.wanted_on), False
    yield _("Promised"), _day(it.promised_on), False
    yield _("Receipt"), _moment(it.acknowledged_at), False
    yield _("Answered"), _moment(it.answered_at), False
    yield _("Priority"), f"{it.get_priority_display()}{why}", False
    yield _("State"), str(it.state_words), False
    yield _("In writing"), it.get_oral_display(), False
    yield _("Owner"), it.owner.name if it.owner else "", False
    yield _("Originals"), "\n".join(originals), True
    for each in told["own"]:
        yield tags.in_language(each.label), str(each.value), True


def _item(item: Any) -> list[str]:
    said = [item.text]
    if item.wording_number > 1:
        said.append(_("wording %(n)s") % {"n": item.wording_number})
    said += [f"{tags.in_language(each.label)}{_(': ')}{each.value}" for each in item.own]
    if item.withdrawn_at:
        said.append(_("Withdrawn by the customer"))
    verdict = [item.get_verdict_display(), item.condition]
    if item.alternative:
        verdict.append(f"{_('Alternative')}{_(': ')}{item.alternative}")
    if item.answer:
        words = f"{item.get_answer_display()} {item.answer_by} {_day(item.answer_on)}"
        verdict.append(_("Customer's decision") + _(": ") + words)
    verified = []
    if item.verified_at:
        verified = [f"{_mark(item.is_met)} {item.result}", item.verification, item.verified_by.name]
    return [
        str(item.position), "\n".join(said), item.get_kind_display(), _analysis(item),
        "\n".join(part for part in verdict if part), "\n".join(part for part in verified if part),
    ]  # fmt: skip


def _analysis(item: Any) -> str:
    if not item.analysed_at:
        return ""
    marks = " ".join(_mark(each) for each in (item.is_authentic, item.is_feasible, item.is_reasonable))
    by = f"{item.analysed_by.name}（{item.analysed_as or _('no competence on record')}）"
    return "\n".join(part for part in (marks, item.analysis, by) if part)


def _mark(yes: bool | None) -> str:
    return "" if yes is None else "✓" if yes else "✗"


def _measure(each: Any) -> list[str]:
    what = f"{each.what}\n{each.remark}" if each.remark else each.what
    item = str(each.item.position) if each.item else ""
    return [what, item, each.person.name, _day(each.due_on), each.get_state_display()]


def _feedback(each: Any) -> list[str]:
    score = f" {each.score}/5" if each.score else ""
    said = (_("satisfied") if each.is_satisfied else _("not satisfied")) + score
    return [said, each.words, f"{each.speaker} {each.get_way_display()}", _moment(each.said_at)]


def _opinions(run: procedures.Run | None) -> list[list[str]]:
    """What the departments answered to each item."""
    if run is None:
        return []
    given = procedures.Task.objects.filter(
        run=run, kind=procedures.Task.Kind.OPINIONS, closed_by__isnull=False, is_void=False
    )
    language = printing.language()
    found = []
    for task in given.select_related("closed_by").order_by("closed_at", "pk"):
        said = shapes.VERDICTS[task.verdict].say(language) if task.verdict in shapes.VERDICTS else ""
        words = f"{said}\n{task.condition}" if task.condition else said
        by = task.closed_by.name if task.closed_by else ""
        found.append([task.party_words, task.title, words, by, _moment(task.closed_at)])
    return found


def _done(task: Any) -> list[str]:
    signed = [
        " · ".join(part for part in (each.person.name, each.outcome, each.meaning, each.get_way_display()) if part)
        for each in task.signatures.all()
    ]
    return [task.title, task.closed_by.name, _moment(task.closed_at), "\n".join(signed)]


def _trail(it: models.Case, person: org.Person) -> Iterator[paper.Block]:
    """Who did what and when, the first first; as far as the person may read the trail."""
    if not records_queries.may_read(person, it.subject_type, it.pk):
        return
    rows = person.visible(records_queries.entries(it), records_queries.permission_of(it.subject_type))
    entries = [records_lists.line_of(each) for each in rows[: MOST_ENTRIES + 1]]
    if not entries:
        return
    yield paper.Heading(pgettext("paper", "Extract of the trail"))
    if len(entries) > MOST_ENTRIES:
        yield paper.Text(_("The latest %(n)s entries; all of them stand in the system.") % {"n": MOST_ENTRIES}, True)
    told = [[_moment(each.at), each.who, each.words, each.reason] for each in reversed(entries[:MOST_ENTRIES])]
    yield printing.table([_("When"), _("Who"), _("What was done"), _("Reason")], told)


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
