"""Reports of progress: for whom they are drafted and how often."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.kit import editing, lists, pages
from yinuo.letters import access, forms, models
from yinuo.letters import lists as letters_lists
from yinuo.letters.actions import progress as acts
from yinuo.letters.queries import wording
from yinuo.org.definition import Permission


@pages.page(Permission.LETTERS_SEE)
def plans(request: pages.Request) -> HttpResponse:
    """All plans the person may see."""
    rows = request.user.visible(wording.plans().order_by(), Permission.LETTERS_SEE)
    page = lists.page_of(letters_lists.PLANS, rows, request.GET, person=request.user)
    troubled = rows.filter(is_active=True).exclude(trouble="").count()
    words = ngettext(
        "%(n)s report cannot be drafted; its row says why.", "%(n)s reports cannot be drafted; their rows say why.",
        troubled,
    )  # fmt: skip
    sentence = (
        words % {"n": troubled} if troubled else _("Each becomes a draft for the window; nothing leaves by itself.")
    )
    return render(request, "letters/plans.html", {"page": page, "sentence": sentence})


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def plan(request: pages.Request, subject_type: str, subject_id: int) -> HttpResponse:
    """How often a report about a case, or about all cases of a customer, is drafted."""
    found = access.openable(request.user, subject_type, subject_id)
    if found is None:
        raise Http404
    about, customer = found
    row = wording.plan_of(about)
    today = timezone.localdate()
    initial = {
        "every": row.every if row else models.ProgressPlan.Every.WEEK,
        "next_on": row.next_on if row else today,
        "contact": row.contact_id if row else None,
        "language": row.language if row else wording.language_for(customer),
        "is_active": row.is_active if row else True,
        "version": row.version if row else 0,
    }
    languages = [(code, wording.language_words(code)) for code in wording.languages()]
    form = forms.PlanForm(
        *editing.sent(request), person=request.user, customer=customer, languages=languages, initial=initial
    )

    def act() -> None:
        said = dict(form.cleaned_data)
        expected = said.pop("version")
        acts.plan(subject=about, customer=customer, by=request.user, now=timezone.now(), expected=expected, **said)

    return editing.answer(
        request, form, act=act, said=_("Saved."),
        title=_("Report progress to %(customer)s") % {"customer": customer.name},
        sentence=_("About %(label)s. Each report becomes a draft for the window; nothing leaves by itself.")
        % {"label": about.label},
        verb=_("Save"), back=about.url,
    )  # fmt: skip


@pages.page(Permission.LETTERS_WRITE, methods=("POST",))
def plan_now(request: pages.Request, pk: int) -> HttpResponse:
    """Draft a report now."""
    rows = request.user.visible(wording.plans(), Permission.LETTERS_WRITE)
    row = get_object_or_404(rows, pk=pk)
    drafted = acts.draft_one(plan=row, by=request.user, now=timezone.now())
    pages.done(request, _("The report is drafted and waits for its release.") if drafted else _("Nothing was drafted."))
    return redirect("letters:plans")
