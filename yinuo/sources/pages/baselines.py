"""Re-baselining to a new edition of a standard: both views of every row, the work list, the signature."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.kit import editing, pages, undoing
from yinuo.kit import rows as kit_rows
from yinuo.org.actions import signing as org_signing
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import access, forms, models
from yinuo.sources.actions import baselines as actions
from yinuo.sources.pages import comparing, standards
from yinuo.sources.queries import baselines as queries
from yinuo.sources.rules import baselines as rules
from yinuo.sources.rules.comparing import Kind

SHOWN = 20  # clauses of the standard on one page
VIEWS = {
    "waits": (rules.WAITS,),
    "done": (rules.CHOSEN, rules.KEPT, rules.DROPPED),
    "follows": (rules.FOLLOWS,),
    "all": (),
}
BADGES = {"waits": "pending", "follows": "done", "chosen": "done", "kept": "suspect", "dropped": "quiet"}


@pages.page(Permission.SOURCES_SEE)
def baseline(request: pages.Request, pk: int) -> HttpResponse:
    """Where every customer's clause belongs, before and behind; what waits for a decision."""
    row = _baseline(request, pk)
    progress = queries.progress(row, request.user)
    kinds = queries.counts_by_kind(row)
    usual = "waits" if progress.waits else "all"
    show = request.GET.get("show", usual)
    show = show if show in (*VIEWS, "new") else usual
    after = kit_rows.key_in(request.GET.get("after", ""))
    context: dict[str, Any] = {
        "baseline": row,
        "document": row.after.document,
        "progress": progress,
        "kinds": standards.counted(kinds),
        "tabs": _tabs(row, progress, kinds.get(Kind.NEW, 0)),
        "show": show,
        "groups": [],
        "is_open": row.signed_at is None,
        "may_decide": row.signed_at is None and request.user.may(Permission.SOURCES_EDIT),
        "may_sign": row.signed_at is None and access.may_load_standards(request.user),
        "targets": row.after.texts.order_by("place") if row.signed_at is None else (),
    }
    if show == "new":
        context["fresh"] = queries.fresh(row, request.user)
    else:
        found, context["next"] = queries.groups(
            row, request.user, acts=VIEWS[show], after=-1 if after is None else after, most=SHOWN
        )
        context["groups"] = [(group, _badge(group.kind)) for group in found]
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return render(request, "sources/baseline.html", context)


def _tabs(row: models.Baseline, progress: queries.Progress, fresh: int) -> list[tuple[str, str, int, str]]:
    by_act = progress.by_act
    done = sum(by_act.get(act, 0) for act in VIEWS["done"])
    shown = [
        ("waits", _("To be decided"), progress.waits),
        ("done", _("Decided"), done),
        ("follows", _("Follow by themselves"), by_act.get(rules.FOLLOWS, 0)),
        ("all", _("All rows"), progress.all),
        ("new", _("New clauses"), fresh),
    ]
    return [(key, words, count, f"{row.get_absolute_url()}?show={key}") for key, words, count in shown]


def _badge(kind: str) -> tuple[str, str]:
    return comparing.GROUPS.get(Kind(kind), "quiet"), comparing.words_of(Kind(kind))


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def baseline_decide(request: pages.Request, pk: int) -> HttpResponse:
    """Decide the chosen rows alike, or take a decision back."""
    row = _baseline(request, pk)
    seen = _seen(request)
    said = request.POST
    act, now = said.get("act", ""), timezone.now()
    if act == "take_back":
        actions.take_back(baseline=row, seen=seen, by=request.user, now=now)
        pages.done(request, _("Taken back: it is to be decided again."))
    else:
        targets = [key for each in said.getlist("targets") if (key := kit_rows.key_in(each)) is not None]
        count = actions.decide(
            baseline=row, seen=seen, act=act, targets=targets, reason=said.get("reason", ""), by=request.user, now=now
        )
        words = ngettext("%(n)s row decided.", "%(n)s rows decided.", count) % {"n": count}
        versions = dict(row.rows.filter(mapping__in=seen).values_list("mapping", "version"))
        offer = undoing.offer(request.user, "sources.rebased", baseline=row.pk, rows_seen=sorted(versions.items()))
        pages.done(request, words, offer)
    return redirect(pages.back_to(request, row.get_absolute_url()))


def _seen(request: pages.Request) -> dict[int, int]:
    """The rows that were ticked, with the versions that the person saw: `12.0`."""
    seen = {}
    for each in request.POST.getlist("rows"):
        mapping, _dot, version = each.partition(".")
        keys = kit_rows.key_in(mapping), kit_rows.key_in(version)
        if keys[0] is not None and keys[1] is not None:
            seen[keys[0]] = keys[1]
    return seen


@pages.page(Permission.SOURCES_STANDARDS, methods=editing.READ_WRITE)
def baseline_sign(request: pages.Request, pk: int) -> HttpResponse:
    """Sign that the new edition holds."""
    row = _baseline(request, pk)
    now = timezone.now()
    form = forms.SignBaseline(*editing.sent(request), initial={"version": row.version})
    waits = queries.progress(row).waits

    def sign() -> str:
        proof = org_signing.check_signature(secret=form.cleaned_data["secret"], by=request.user, now=now)
        actions.sign(baseline=row, proof=proof, by=request.user, now=now, expected=form.cleaned_data["version"])
        return row.get_absolute_url()

    sentence = _("From now on the new numbers stand in lists and at clauses. This is not undone.")
    if waits:
        sentence = ngettext(
            "%(n)s row is still to be decided; it cannot be signed before.",
            "%(n)s rows are still to be decided; it cannot be signed before.",
            waits,
        ) % {"n": waits}
    return editing.answer(
        request, form, act=sign, said=_("Signed: edition %(label)s holds.") % {"label": row.after.label},
        title=_("Sign the re-baselining"), sentence=sentence, verb=_("Sign"), back=row.get_absolute_url(),
    )  # fmt: skip


def _baseline(request: pages.Request, pk: int) -> models.Baseline:
    """A re-baselining that the person may see; else 404."""
    rows = queries.baselines(request.user).select_related(
        "before__document", "after__document", "signed_by", "opened_by"
    )
    return get_object_or_404(rows, pk=pk)
