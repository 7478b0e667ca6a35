"""Links of invitation for many: who has not set a password yet gets one, shown once and kept nowhere."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from yinuo.kit import pages, rows
from yinuo.org import access, queries
from yinuo.org.actions import invitations as actions
from yinuo.org.definition import Permission
from yinuo.org.pages import showing

MOST = 300


@pages.page(Permission.ORG_MANAGE, methods=("GET", "HEAD", "POST"))
def invitations(request: HttpRequest) -> HttpResponse:
    """Who has not set a password yet; on a POST a link for each who is ticked, on a page to print."""
    me, now = showing.person(request), timezone.now()
    waiting = [each for each in queries.without_password()[:MOST] if access.may_manage_person(me, each)]
    if request.method != "POST":
        return showing.shown(request, "invitations", "people", waiting=waiting)
    ticked = {rows.key_in(each) for each in request.POST.getlist("people")}
    chosen = [each for each in waiting if each.pk in ticked]
    with transaction.atomic():
        made = [(each, actions.invite(person=each, by=me, now=now)) for each in chosen]
    links = [(each, settings.BASE_URL + reverse("org:invitation", args=[token])) for each, token in made]
    return showing.shown(
        request,
        "invitations",
        "people",
        waiting=waiting,
        links=links,
        is_empty=not links,
        until=now + actions.VALID_FOR,
    )
