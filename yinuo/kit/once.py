"""Keys that work once: a form sent twice (double click, back button, lost answer) makes one row."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import models, refusals


class KeyMissing(refusals.Refusal):
    """The form came without its key."""

    status = 400


def new_key() -> str:
    return secrets.token_urlsafe(24)


def once(key: str, *, person_id: int | None, now: datetime, create: Callable[[], str]) -> str:
    """Run `create` (which returns the address of what it made) unless this person used the key before.

    One transaction: when `create` refuses, the key stays unused. Of two submits at once the second waits for the
    first one's row and gets its address.
    """
    incomplete = KeyMissing(_("The form is incomplete. Please reload the page and send it again."))
    if not 16 <= len(key) <= 80 or "\x00" in key:
        raise incomplete
    try:
        with transaction.atomic():
            models.OneTimeKey.objects.create(key=key, person_id=person_id, used_at=now)
            url = create()
            models.OneTimeKey.objects.filter(key=key).update(result_url=url)
            return url
    except IntegrityError:
        used = models.OneTimeKey.objects.filter(key=key).first()
        if used is None:
            raise
        if used.person_id != person_id:
            raise incomplete from None
        return used.result_url
