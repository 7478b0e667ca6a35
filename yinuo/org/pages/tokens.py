"""My tokens: made here and shown once; ended by me or by whoever manages me."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import pages
from yinuo.org import access, models
from yinuo.org.actions import tokens as actions
from yinuo.org.forms import tokens as forms
from yinuo.org.pages import showing


@pages.page(pages.SIGNED_IN, methods=("GET", "HEAD", "POST"))
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token. It stands on the answer, and nowhere else ever after."""
    row, made = showing.person(request), list[str]()

    def act(data: dict[str, Any]) -> str:
        made.append(actions.make_token(**data, by=row, now=timezone.now()))
        return f"{reverse('org:me')}#tokens"

    answer = showing.acted(
        request,
        forms.NewToken(request.POST or None),
        act,
        title=_("New token"),
        sentence=_("With it a program acts as you. What it does stands in the trail under your name."),
        verb=_("Make the token"),
        back=reverse("org:me"),
        said=_("The token is made."),
    )
    return showing.shown(request, "token_made", "", token=made[0]) if made else answer


@pages.page(pages.SIGNED_IN, methods=("POST",))
def token_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token worthless."""
    me = showing.person(request)
    token = models.Token.objects.select_related("person").filter(pk=pk).first()
    if token is None or (token.person != me and not access.may_manage_person(me, token.person)):
        raise Http404
    actions.end_token(token=token, by=me, now=timezone.now())
    pages.done(request, _("The token opens nothing any more."))
    return redirect("org:me" if token.person == me else token.person.get_absolute_url())
