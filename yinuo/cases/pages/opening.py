"""Intake: registering a request, with similar past cases and lessons shown while one types."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.cases import models, rules
from yinuo.cases.actions import complaining, opening
from yinuo.cases.forms import asking, intake, steps, tables
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import complaints
from yinuo.cases.queries import conventions as convention_queries
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.cases.queries import people as people_queries
from yinuo.cases.queries import procedures as procedure_queries
from yinuo.customers import queries as customers_queries
from yinuo.kit import editing, pages, rows
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission

TYPED_MOST = 5000
SUGGESTIONS = 20


@pages.page(Permission.CASES_OPEN, methods=("GET", "HEAD", "POST"))
def case_new(request: pages.Request) -> HttpResponse:
    """Register what a customer asks; with `complaint`, that they complain about a case that is over."""
    now, about = timezone.now(), complained_about(request)
    given = {key: request.GET.get(key, "") for key in ("customer", "channel", "text")}
    known = complaints.known_of(about) if about is not None else given
    form = intake.NewCase(*editing.sent(request), person=request.user, initial={"site": request.user.site_id, **known})

    def create() -> str:
        asked = asking.asked_in(form.cleaned_data)
        if about is None:
            return opening.open_case(by=request.user, now=now, **asked).get_absolute_url()
        return complaining.open_complaint(about=about, by=request.user, now=now, **asked).get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("The request is registered."),
        title=_("Register a request"),
        sentence=_("What did the customer ask, who said it, and when? The rest follows by procedure."),
        verb=_("Register"),
        back=about.get_absolute_url() if about is not None else reverse("cases:cases"),
        template="cases/case_new.html",
        about=about,
    )


def complained_about(request: pages.Request) -> models.Case | None:
    """The case about which the customer complains, as the form says it, else the address."""
    number = request.POST.get("complaint", "") if request.method == "POST" else request.GET.get("complaint", "")
    if not number:
        return None
    try:
        return case_queries.case(request.user, number[:40])
    except models.Case.DoesNotExist:
        raise Http404 from None


@pages.page(Permission.CASES_OPEN, methods=("POST",))
def case_similar(request: pages.Request) -> HttpResponse:
    """Past cases and lessons that resemble what is being typed."""
    typed = {key: str(value) for key, value in request.POST.items()}
    words = " ".join(value[:TYPED_MOST] for key, value in typed.items() if key in ("title", "text"))
    words += " ".join(value[:500] for key, value in typed.items() if key.endswith("-text"))
    chosen = [key for each in request.POST.getlist("products")[:20] if (key := rows.key_in(each))]
    products = list(customers_queries.products(request.user).filter(pk__in=chosen))
    kinds = {value for key, value in typed.items() if key.endswith("-kind") and value}
    similar = lesson_queries.similar_cases(request.user, words[:TYPED_MOST])
    customer = rows.key_in(typed.get("customer", ""))
    context = {
        "similar": similar,
        "over": set()
        if "about" in request.GET
        else complaints.over_of_customer(request.user, [each.id for each in similar], customer),
        "complaint": typed.get("complaint", ""),
        "lessons": lesson_queries.lessons_fitting(
            request.user, words[:TYPED_MOST], kinds=kinds, families=lesson_queries.families_of(products)
        ),
    }
    return render(request, "cases/case_similar.html", context)


@pages.page(Permission.CASES_OPEN, methods=("POST",))
def case_procedure(request: pages.Request) -> HttpResponse:
    """By which procedure the company's table lets the request run, as far as it is filled in, and why."""
    said = request.POST
    customer = customers_queries.customers(request.user).filter(pk=rows.key_in(said.get("customer", "")) or 0).first()
    site = org_queries.sites().filter(pk=rows.key_in(said.get("site", "")) or 0).first()
    case = models.Case(
        customer=customer,
        channel=said.get("channel", "")[:20],
        is_safety=bool(said.get("is_safety")),
        site_id=site.pk if site else customer.site_id if customer else None,
    )
    kinds = {value for key, value in said.items() if key.endswith("-kind") and value in models.Kind.values}
    choice = procedure_queries.choice_for(case, kinds, convention_queries.convention())
    name = dict(procedure_queries.to_choose()).get(choice.key, "")
    return render(request, "cases/case_procedure.html", {"name": name, "why": choice.why.say(request.LANGUAGE_CODE)})


@pages.page(Permission.CASES_OPEN, methods=("POST",))
def items_split(request: pages.Request) -> HttpResponse:
    """The pasted text as proposed items, to be corrected by hand."""
    texts = rules.split(request.POST.get("text", "")[:50_000])[: tables.MOST_LINES]
    kind = request.POST.get("items-n0-kind", "")
    form = intake.NewCase(person=request.user)
    form.fields["items"] = steps.NewItemsField(
        texts, kind if kind in models.Kind.values else "", label=form.fields["items"].label
    )
    return render(request, "cases/items_split.html", {"field": form["items"]})


@pages.page(Permission.ORG_SEE)
def person_suggestions(request: pages.Request) -> HttpResponse:
    """Colleagues whose name or number contains `q`, for searchable selects."""
    found = people_queries.people_like(request.GET.get("q", "").strip()[:60])[:SUGGESTIONS]
    return JsonResponse([{"value": str(person.pk), "text": person.actor_name} for person in found], safe=False)
