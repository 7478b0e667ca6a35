"""The company's paper: how it looks, and saying what stands on it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yinuo.kit import downloads, editing, pages, printing
from yinuo.kit.paper import definition as paper
from yinuo.org import access, models
from yinuo.org.actions import letterhead as actions
from yinuo.org.definition import Permission
from yinuo.org.forms import letterhead as forms
from yinuo.org.pages import showing


@pages.page(Permission.ORG_SEE)
def letterhead(request: pages.Request) -> HttpResponse:
    """A sheet of the company's paper as it is printed now."""
    row = models.Letterhead.current()
    return showing.shown(
        request, "letterhead", "letterhead", row=row, manages=access.may_manage(request.user, None),
        preview=f"{reverse('org:letterhead_preview')}?v={row.version}-{get_language()}",
    )  # fmt: skip


@pages.page(Permission.ORG_MANAGE, methods=editing.READ_WRITE)
def letterhead_edit(request: pages.Request) -> HttpResponse:
    """Say what stands on the company's paper."""
    row = models.Letterhead.current()
    data, files = editing.sent(request)
    form = forms.LetterheadForm(data, files, initial=showing.initial_of(row, forms.LetterheadForm) | {"logo": None})

    def act() -> None:
        said: dict[str, Any] = dict(form.cleaned_data)
        expected = said.pop("version")
        actions.set_letterhead(**said, expected=expected, by=request.user, now=timezone.now())

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Letterhead"), verb=_("Save"), back=reverse("org:letterhead")
    )


@pages.page(Permission.ORG_SEE)
def letterhead_preview(request: pages.Request) -> HttpResponse:
    """The first page of a specimen, as a picture."""
    sheet = paper.Paper(
        head=models.Letterhead.on_paper(),
        title=_("Specimen of the company's paper"),
        number="QH-F-0001",
        edition="A/0",
        note=_("Printed by %(person)s") % {"person": request.user.name},
        language=printing.language(),
        blocks=[
            paper.Heading(pgettext("paper", "Heading")),
            paper.Text(_("What is printed from the system stands on this paper: statistics, records, lists.")),
            paper.Facts([(_("Customer"), _("Sample"), False), (_("Number"), "CSR-0001", False)]),
            paper.Table([paper.Column(_("Step")), paper.Column(_("Working days"), is_number=True)], [["…", "1.5"]] * 3),
        ],
        signers=[paper.Signer(_("Prepared")), paper.Signer(_("Reviewed")), paper.Signer(_("Approved"))],
    )
    return downloads.guarded(HttpResponse(printing.made(sheet, as_picture=True), content_type="image/png"))
