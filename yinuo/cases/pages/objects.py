"""Originals that are objects: registered at their case, listed for whoever keeps them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.cases import lists, models
from yinuo.cases.actions import samples
from yinuo.cases.forms import afterwards, dialogs
from yinuo.cases.pages import cases
from yinuo.cases.queries import cases as case_queries
from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission

SEE = Permission.CASES_SEE
HANDLE = Permission.CASES_HANDLE


@pages.page(SEE)
def objects(request: pages.Request) -> HttpResponse:
    """All objects of cases that the person may see: where, with whom, until when."""
    rows = case_queries.samples(request.user)
    page = kit_lists.page_of(lists.objects_on(timezone.localdate()), rows, request.GET, person=request.user)
    return render(request, "cases/objects.html", {"page": page})


@pages.page(HANDLE, methods=editing.READ_WRITE)
def sample_keep(request: pages.Request, number: str) -> HttpResponse:
    """Register an object as an original."""
    case, now = cases.look(request, number), timezone.now()
    form = afterwards.NewSample(*editing.sent(request), initial={"keeper": request.user.pk})

    def create() -> str:
        said = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "photos")}
        photos = [(file.name, file) for file in form.cleaned_data["photos"]]
        samples.keep_sample(case=case, by=request.user, now=now, photos=photos, **said)
        return f"{case.get_absolute_url()}#originals"

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("The object is registered."),
        title=_("Register an object"),
        verb=_("Register"),
        back=case.get_absolute_url(),
        sentence=_("A sample, sealed sample, colour master or gauge that belongs to what was asked."),
    )


def _sample(case: models.Case, pk: int) -> models.Sample:
    sample = models.Sample.objects.filter(case=case, pk=pk, voided_at=None).first()
    if sample is None:
        raise Http404
    sample.case = case
    return sample


@pages.page(SEE, methods=editing.READ_WRITE)
def sample_change(request: pages.Request, number: str, pk: int) -> HttpResponse:
    """The object is kept elsewhere or by somebody else, or holds longer; whether the case is over or not."""
    case, now = cases.look(request, number), timezone.now()
    sample = _sample(case, pk)
    initial = {name: getattr(sample, name) for name in (*samples.CHANGED, "version")} | {"keeper": sample.keeper_id}
    form = afterwards.ChangeSample(*editing.sent(request), initial=initial)

    def act() -> None:
        said = dict(form.cleaned_data)
        photos, expected = said.pop("photos"), said.pop("version")
        samples.change_sample(sample=sample, by=request.user, now=now, expected=expected, **said)
        samples.add_photos(sample=sample, photos=[(each.name, each) for each in photos], by=request.user, now=now)

    return editing.answer(
        request, form, act=act, said=_("Kept."), title=str(sample), verb=_("Save"), back=sample.get_absolute_url()
    )


@pages.page(SEE, methods=editing.READ_WRITE)
def sample_void(request: pages.Request, number: str, pk: int) -> HttpResponse:
    """The object no longer holds."""
    case, now = cases.look(request, number), timezone.now()
    sample = _sample(case, pk)
    form = dialogs.VersionedReason(*editing.sent(request), initial={"version": sample.version})

    def act() -> None:
        said = form.cleaned_data
        samples.void_sample(sample=sample, reason=said["reason"], by=request.user, now=now, expected=said["version"])

    return editing.answer(
        request, form, act=act, said=_("Void."), title=_("Void %(sample)s") % {"sample": sample}, verb=_("Void"),
        back=sample.get_absolute_url(), danger=True,
    )  # fmt: skip
