"""Posts: the list on any day, one post with the history of its holders, appointing and ending."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.org import access, lists, models, queries, rules
from yinuo.org.actions import posts as actions
from yinuo.org.definition import Permission
from yinuo.org.forms import company as forms
from yinuo.org.pages import handing_over, showing

GET_POST = ("GET", "HEAD", "POST")


def _day(request: HttpRequest) -> date:
    """The day asked for in the address, else today."""
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


@pages.page(Permission.ORG_SEE)
def posts(request: HttpRequest) -> HttpResponse:
    """All posts and who holds them, today or on a day."""
    on = _day(request)
    page = kit_lists.page_of(lists.POSTS, queries.posts_then(on), request.GET, person=request.user)
    manages = access.may_manage_somewhere(showing.person(request))
    return showing.shown(request, "posts", "posts", page=page, on=on, today=timezone.localdate(), manages=manages)


@pages.page(Permission.ORG_SEE)
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """A post: who held it when, and who held it on a day."""
    row = get_object_or_404(models.Post.objects.select_related("department__site", "superior"), pk=pk)
    on, today = _day(request), timezone.localdate()
    holdings = list(row.holdings.select_related("person").order_by("-from_on", "pk"))
    return showing.shown(
        request,
        "post",
        "posts",
        post=row,
        on=on,
        asked="on" in request.GET,
        holders=queries.holders(row.code, on),
        bars=rules.bars([(h.from_on, h.to_on) for h in holdings], today),
        holdings=holdings,
        today=today,
        manages=access.may_manage(showing.person(request), row.department.site_id),
    )


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def post_new(request: HttpRequest) -> HttpResponse:
    """Create a post."""

    def act(data: dict[str, Any]) -> str:
        return actions.create_post(**data, by=showing.person(request), now=timezone.now()).get_absolute_url()

    form = forms.NewPost(request.POST or None, initial={"department": request.GET.get("department")})
    return showing.acted(request, form, act, title=_("New post"), verb=_("Create post"), back=reverse("org:posts"))


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def post_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or close a post."""
    row = get_object_or_404(models.Post, pk=pk)

    def act(data: dict[str, Any]) -> str:
        return actions.change_post(post=row, **data, by=showing.person(request), now=timezone.now()).get_absolute_url()

    form = forms.ChangePost(request.POST or None, initial=showing.initial_of(row, forms.ChangePost))
    return showing.acted(request, form, act, title=row.name, verb=_("Save"), back=row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody hold a post."""
    row = get_object_or_404(models.Post, pk=pk)

    def act(data: dict[str, Any]) -> str:
        actions.appoint(post=row, **data, by=showing.person(request), now=timezone.now())
        return row.get_absolute_url()

    form = forms.Appointment(request.POST or None, initial={"from_on": timezone.localdate()})
    title = _("Appoint: %(post)s") % {"post": row.name}
    return showing.acted(request, form, act, title=title, verb=_("Appoint"), back=row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def holding_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when somebody holds a post for the last time."""
    row = get_object_or_404(models.Holding.objects.select_related("post", "person"), pk=pk)

    def act(data: dict[str, Any]) -> str:
        actions.end_holding(holding=row, **data, by=showing.person(request), now=timezone.now())
        return row.post.get_absolute_url()

    initial = {"version": row.version, "to_on": row.to_on or timezone.localdate()}
    form = forms.LastDay(request.POST or None, initial=initial)
    title = _("%(person)s no longer holds the post %(post)s") % {"person": row.person.name, "post": row.post.name}
    return showing.acted(
        request, form, act, title=title, verb=_("Save"), back=row.post.get_absolute_url(),
        offer=handing_over.offer(request, row.person),
    )  # fmt: skip
