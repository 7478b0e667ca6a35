"""Who releases what goes out: the customer's window, or the post that the company puts in its place."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.letters import models
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records


class CannotChoose(refusals.Refusal):
    """The choice does not exist."""


@transaction.atomic
def let_post_release(*, purpose: str, post: org.Post | None, by: org.Person, now: datetime) -> None:
    """Let a post release for one purpose ("": for all) in the window's place; None gives it back to the window."""
    if not by.may(Permission.PROCEDURES_PUBLISH):
        raise refusals.NotAllowed()
    if purpose and purpose not in models.Purpose.values:
        raise CannotChoose(_("Please choose a purpose."), field="purpose")
    row = models.Releaser.objects.filter(purpose=purpose).first()
    was = row.post if row else None
    subject = post or was
    if subject is None or was == post:
        return
    if row is not None:
        row.delete()
    if post is not None:
        models.Releaser.objects.create(purpose=purpose, post=post)
    told = [rows.Change("post", rows.plain(was), rows.plain(post))]
    records.write(
        by=by, now=now, word="letters.releaser.changed", subject=subject, changes=told, note={"purpose": purpose}
    )
