"""Dialogs about items and their wordings."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.cases import models
from yinuo.cases.actions import items, judging, opening, planning
from yinuo.cases.actions import own_fields as own_actions
from yinuo.cases.forms import dialogs, own_fields, tables
from yinuo.cases.lists import items as lists
from yinuo.cases.pages import cases
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import competence as competence_queries
from yinuo.customers import models as customers
from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission

HANDLE = Permission.CASES_HANDLE


def _item(case: models.Case, position: int) -> models.Item:
    rows = models.Item.objects.select_related("case__customer", "case__contact", "owner")
    item = rows.filter(case=case, position=position).first()
    if item is None:
        raise Http404
    item.case = case
    return item


def _dialog(
    request: pages.Request,
    case: models.Case,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    verb: str,
    said: str,
    anchor: str = "",
    sentence: str = "",
    danger: bool = False,
) -> HttpResponse:
    """A dialog that leads back to the case."""

    def do() -> str:
        act(form.cleaned_data)
        return f"{case.get_absolute_url()}{anchor}"

    return editing.answer(
        request, form, act=do, said=said, title=title, verb=verb, back=case.get_absolute_url(), sentence=sentence,
        danger=danger,
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_add(request: pages.Request, number: str) -> HttpResponse:
    """The customer asks one thing more."""
    case, now = cases.look(request, number), timezone.now()
    form = dialogs.NewItem(*editing.sent(request), case=case)

    def create() -> str:
        names = ("text", "kind", "owner", "due_on", "channel", "said_by", "said_at", "is_oral")
        said = {name: form.cleaned_data[name] for name in names}
        more = own_fields.given("item", form.cleaned_data)
        new = opening.NewItem(**said, **opening.reach_of(form.cleaned_data["applies"]), more=more)
        items.add_item(case=case, new=new, reason=form.cleaned_data["reason"], by=request.user, now=now)
        return case.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("The item was added."),
        title=_("Add an item"),
        verb=_("Add"),
        back=case.get_absolute_url(),
        sentence=_("The case goes back to analysis for it."),
    )


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_more(request: pages.Request, number: str, position: int) -> HttpResponse:
    """The company's own fields of an item."""
    case, now = cases.look(request, number), timezone.now()
    item = _item(case, position)
    form = own_fields.ItemMore(*editing.sent(request), values=item.more, initial={"version": item.version})

    def act(said: dict[str, Any]) -> None:
        more = own_fields.given("item", said)
        own_actions.fill_in(item=item, more=more, by=request.user, now=now, expected=said["version"])

    return _dialog(
        request, case, form, act, title=_("Item %(n)s: further fields") % {"n": position}, verb=_("Save"),
        said=_("Saved."), anchor=f"#item-{position}",
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_amend(request: pages.Request, number: str, position: int) -> HttpResponse:
    """A new wording beside the old one."""
    case, now = cases.look(request, number), timezone.now()
    item = _item(case, position)
    initial = {"text": item.text, "version": item.version, "channel": case.channel, "said_by": case.speaker}
    form = dialogs.Amend(*editing.sent(request), initial=initial)

    def act(said: dict[str, Any]) -> None:
        names = ("text", "reason", "channel", "said_by", "said_at", "is_oral")
        items.amend(
            item=item, by=request.user, now=now, expected=said["version"], **{name: said[name] for name in names}
        )

    return _dialog(
        request, case, form, act, title=_("Item %(n)s: new wording") % {"n": position}, verb=_("Save"),
        said=_("The new wording holds."), anchor=f"#item-{position}",
        sentence=_("The old wording stays readable. What rested on it is done again."),
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_confirm(request: pages.Request, number: str, position: int) -> HttpResponse:
    """Oral words are confirmed in writing, or are not going to be."""
    case, now = cases.look(request, number), timezone.now()
    item = _item(case, position)
    wording = item.wordings.select_related("item__case").get(number=item.wording_number)
    wording.item = item
    form = dialogs.Confirm(*editing.sent(request))

    def act(said: dict[str, Any]) -> None:
        confirmed = said["confirmed"] == "yes"
        items.confirm_wording(wording=wording, confirmed=confirmed, how=said["how"], by=request.user, now=now)

    return _dialog(
        request, case, form, act, title=_("Item %(n)s: confirmation in writing") % {"n": position}, verb=_("Save"),
        said=_("Kept."), anchor=f"#item-{position}",
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_analyse(request: pages.Request, number: str, position: int) -> HttpResponse:
    """The analysis of one item, by whoever is competent in it."""
    case, now = cases.look(request, number), timezone.now()
    item = _item(case, position)
    initial = {"words": item.analysis, "version": item.version} | {
        name: tables.as_word(getattr(item, name)) for name in ("is_authentic", "is_feasible", "is_reasonable")
    }
    form = dialogs.Analyse(*editing.sent(request), initial=initial)
    needed = competence_queries.competence_for([item.kind], timezone.localdate(now))[item.kind]

    def act(said: dict[str, Any]) -> None:
        answers = {name: said[name] == "yes" for name in ("is_authentic", "is_feasible", "is_reasonable")}
        analysis = judging.Analysis(item=item, expected=said["version"], words=said["words"], **answers)
        judging.analyse(case=case, analyses=[analysis], by=request.user, now=now)

    sentence = _("Competent in %(skill)s: %(names)s") % {"skill": needed.skill, "names": needed.names}
    return _dialog(
        request, case, form, act, title=_("Item %(n)s: analysis") % {"n": position}, verb=_("Save"), said=_("Kept."),
        anchor=f"#item-{position}", sentence=sentence if needed.skill else _("No competence on record"),
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_judge(request: pages.Request, number: str, position: int) -> HttpResponse:
    """Set a verdict by hand."""
    case, now = cases.look(request, number), timezone.now()
    item = _item(case, position)
    initial = {"verdict": item.verdict, "condition": item.condition, "version": item.version}
    form = dialogs.Judge(*editing.sent(request), initial=initial)

    def act(said: dict[str, Any]) -> None:
        judging.judge(
            item=item, verdict=said["verdict"], condition=said["condition"], by=request.user, now=now,
            expected=said["version"],
        )  # fmt: skip

    return _dialog(
        request, case, form, act, title=_("Item %(n)s: verdict") % {"n": position}, verb=_("Save"), said=_("Kept."),
        anchor=f"#item-{position}",
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_answer(request: pages.Request, number: str, position: int) -> HttpResponse:
    """Record what the customer decided about our alternative."""
    case, now = cases.look(request, number), timezone.now()
    item = _item(case, position)
    initial = {
        "answer_by": case.speaker, "version": item.version, "waived_until_on": item.asked_until_on,
        "waived_quantity": item.asked_quantity,
    }  # fmt: skip
    form = dialogs.CustomersAnswer(*editing.sent(request), initial=initial)

    def act(said: dict[str, Any]) -> None:
        said = dict(said)
        judging.record_answer(item=item, by=request.user, now=now, expected=said.pop("version"), **said)

    return _dialog(
        request, case, form, act, title=_("Item %(n)s: customer's decision") % {"n": position}, verb=_("Save"),
        said=_("The customer's decision is kept."), anchor=f"#item-{position}",
        sentence=competence_queries.authority_gap(case, [customers.Authority.DEVIATION]),
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_verify(request: pages.Request, number: str, position: int) -> HttpResponse:
    """Record what came of an item."""
    case, now = cases.look(request, number), timezone.now()
    item = _item(case, position)
    initial = {"result": item.result, "finding": item.verification, "version": item.version}
    form = dialogs.Verify(*editing.sent(request), initial=initial)

    def act(said: dict[str, Any]) -> None:
        planning.verify_item(
            item=item, is_met=said["is_met"] == "yes", result=said["result"], finding=said["finding"], by=request.user,
            now=now, expected=said["version"],
        )  # fmt: skip

    return _dialog(
        request, case, form, act, title=_("Item %(n)s: result and verification") % {"n": position}, verb=_("Save"),
        said=_("Kept."), anchor=f"#item-{position}",
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def item_withdraw(request: pages.Request, number: str, position: int) -> HttpResponse:
    """The customer no longer asks it."""
    case, now = cases.look(request, number), timezone.now()
    item = _item(case, position)
    form = dialogs.VersionedReason(*editing.sent(request), initial={"version": item.version})

    def act(said: dict[str, Any]) -> None:
        items.withdraw_item(item=item, reason=said["reason"], by=request.user, now=now, expected=said["version"])

    return _dialog(
        request, case, form, act, title=_("Item %(n)s: withdrawn by the customer") % {"n": position},
        verb=_("Withdrawn"), said=_("The item is no longer asked."), anchor=f"#item-{position}", danger=True,
    )  # fmt: skip


@pages.page(Permission.CASES_SEE)
def items_all(request: pages.Request) -> HttpResponse:
    """All items of cases that the person may see."""
    rows = lists.item_rows(case_queries.items(request.user))
    page = kit_lists.page_of(lists.ITEMS, rows, request.GET, person=request.user)
    return render(request, "cases/items.html", {"page": page})
