"""Undo (撤销): shortly after an act, whoever did it takes it back by one click or the key z.

The page that did it offers an act that turns it round, plugged in by its room, together with what that one needs. The
offer is signed, for this person and for a short while: nobody can ask for what was not offered to them, nor later.
"""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yinuo.kit import pages, plugs, refusals

SALT = "kit.undo"
WITHIN = timedelta(seconds=60)  # the notice leaves after ten seconds, unless somebody's pointer rests on it


class TooLate(refusals.Refusal):
    """The time within which an act can be taken back is over."""


def offer(person: Any, name: str, **values: Any) -> str:
    """The address that takes back what the person has just done, by the plug `name` with these values (JSON)."""
    plugs.undos.get(name)
    return reverse("kit:undo", args=[signing.dumps([name, person.pk, values], salt=SALT, compress=True)])


@pages.page(pages.SIGNED_IN, methods=("POST",))
def undo(request: pages.Request, offer: str) -> HttpResponse:
    """Take back what was offered."""
    try:
        name, person_id, values = signing.loads(offer, salt=SALT, max_age=WITHIN)
    except signing.BadSignature:
        raise TooLate(gettext_lazy("It is too late to undo this. Please change it where it stands.")) from None
    if person_id != request.user.pk:
        raise refusals.NotAllowed()
    plugs.undos.get(name).function(by=request.user, now=timezone.now(), **values)
    pages.done(request, _("Undone."))
    return redirect(pages.back_to(request, "/"))
