"""The list of products, one product with the customers' numbers and its drawings."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.customers import access, lists, models, queries
from yinuo.customers.actions import products as actions
from yinuo.customers.forms import products as forms
from yinuo.customers.pages import customers
from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission
from yinuo.records import actions as records


@pages.page(Permission.CUSTOMERS_SEE)
def products(request: pages.Request) -> HttpResponse:
    """All products, with filters."""
    rows = queries.products(request.user).select_related("customer")
    page = kit_lists.page_of(lists.PRODUCTS, rows, request.GET, person=request.user)
    return render(request, "customers/products.html", {"page": page, "views": customers.views_of(request.user)})


@pages.page(Permission.CUSTOMERS_SEE)
def product(request: pages.Request, pk: int) -> HttpResponse:
    """One product: for whom, under which numbers, by which drawing, until when."""
    person = request.user
    rows = queries.products(person).select_related("customer", "final_oem", "scope")
    row = get_object_or_404(rows, pk=pk)
    drawings = list(row.drawings.order_by("-dated_on", "-pk"))
    standing = [each for each in drawings if each.voided_at is None]
    context = {
        "product": row,
        "final_oem": row.final_oem if row.final_oem and access.may_see(person, row.final_oem) else None,
        "part_numbers": queries.part_numbers(person, row),
        "drawings": drawings,
        "drawing": standing[0] if standing else None,
        "projects": queries.projects(person).filter(products=row).select_related("customer").order_by("number"),
        "sites": row.sites.order_by("code"),
        "may_edit": access.may_edit(person, row),
        "today": timezone.localdate(),
    }
    records.note_reading(subject=row, way="read", by=person, now=timezone.now())
    return render(request, "customers/product.html", context)


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def product_add(request: pages.Request) -> HttpResponse:
    """Add a product."""
    now = timezone.now()
    initial = {"customer": request.GET.get("customer", "")}
    form = forms.NewProduct(*editing.sent(request), person=request.user, initial=initial)

    def add() -> str:
        return actions.add(by=request.user, now=now, **form.facts()).get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Product added."),
        title=_("Add a product"),
        verb=_("Add"),
        back=reverse("customers:products"),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def product_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a product."""
    row = get_object_or_404(queries.products(request.user).select_related("customer", "final_oem"), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {
        **{key: getattr(row, key) for key in actions.COLUMNS},
        "sites": row.sites.all(),
        "scope": row.own_scope_id,
        "version": row.version,
    }
    form = forms.ChangedProduct(*editing.sent(request), person=request.user, row=row, initial=initial)

    def change() -> str:
        actions.change(
            product=row,
            by=request.user,
            now=timezone.now(),
            expected=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            **form.facts(),
        )
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=change,
        said=_("Saved."),
        title=_("Change %(label)s") % {"label": row.number},
        verb=_("Save"),
        back=row.get_absolute_url(),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def part_number_add(request: pages.Request, pk: int) -> HttpResponse:
    """Say under which number a customer buys the product."""
    now = timezone.now()
    row = get_object_or_404(queries.products(request.user), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = forms.NewPartNumber(*editing.sent(request), person=request.user, initial={"customer": row.customer_id})

    def add() -> str:
        said = form.cleaned_data
        actions.add_part_number(
            product=row,
            customer=said["customer"],
            number=said["number"],
            name=said["name"],
            by=request.user,
            now=now,
        )
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Customer's part number added."),
        title=_("Add a customer's part number to %(product)s") % {"product": row.number},
        verb=_("Add"),
        back=row.get_absolute_url(),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=("POST",))
def part_number_remove(request: pages.Request, pk: int, number: int) -> HttpResponse:
    """Take back a customer's number entered by mistake."""
    row = get_object_or_404(queries.products(request.user), pk=pk)
    part = get_object_or_404(queries.part_numbers(request.user, row).select_related("product"), pk=number)
    actions.remove_part_number(part_number=part, by=request.user, now=timezone.now())
    pages.done(request, _("Customer's part number removed."))
    return redirect(row.get_absolute_url())


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def drawing_add(request: pages.Request, pk: int) -> HttpResponse:
    """Record a drawing's edition."""
    now = timezone.now()
    row = get_object_or_404(queries.products(request.user), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    latest = row.drawings.filter(voided_at=None).order_by("-dated_on", "-pk").first()
    form = forms.NewDrawing(*editing.sent(request), initial={"number": latest.number if latest else ""})

    def add() -> str:
        actions.add_drawing(product=row, by=request.user, now=now, **form.facts())
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Drawing edition recorded."),
        title=_("Record a drawing edition of %(product)s") % {"product": row.number},
        verb=_("Add"),
        back=row.get_absolute_url(),
    )


def _drawing(request: pages.Request, pk: int, drawing: int) -> models.Drawing:
    """The drawing's edition of a product the person sees; else 404."""
    rows = models.Drawing.objects.filter(product__in=queries.products(request.user).filter(pk=pk))
    return get_object_or_404(rows.select_related("product__customer"), pk=drawing)


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def drawing_correct(request: pages.Request, pk: int, drawing: int) -> HttpResponse:
    """Set right what was recorded of a drawing's edition."""
    row = _drawing(request, pk, drawing)
    initial = {**{key: getattr(row, key) for key in actions.DRAWING_COLUMNS}, "version": row.version}
    form = forms.CorrectedDrawing(*editing.sent(request), initial=initial)

    def correct() -> None:
        expected = form.cleaned_data["version"]
        actions.correct_drawing(drawing=row, by=request.user, now=timezone.now(), expected=expected, **form.facts())

    return editing.answer(
        request,
        form,
        act=correct,
        said=_("Saved."),
        title=_("Correct %(drawing)s") % {"drawing": row},
        verb=_("Save"),
        back=row.product.get_absolute_url(),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def drawing_void(request: pages.Request, pk: int, drawing: int) -> HttpResponse:
    """Declare a drawing's edition void that was recorded by mistake."""
    row = _drawing(request, pk, drawing)
    form = forms.VoidForm(*editing.sent(request), initial={"version": row.version})

    def void() -> None:
        said = form.cleaned_data
        actions.void_drawing(
            drawing=row, reason=said["reason"], by=request.user, now=timezone.now(), expected=said["version"]
        )

    return editing.answer(
        request,
        form,
        act=void,
        said=_("The drawing edition is void."),
        title=_("Declare %(drawing)s void") % {"drawing": row},
        verb=_("Declare void"),
        back=row.product.get_absolute_url(),
        danger=True,
    )
