"""Messages that were marked as read by mistake are unread again."""

from collections.abc import Callable

from django.contrib.messages import get_messages
from django.test import Client

from tests import cast
from tests.notify.conftest import CASE
from yinuo.notify import actions, models

SignedIn = Callable[[str], Client]


def test_marked_as_read_and_undone(company: cast.Company, signed_in: SignedIn) -> None:
    values = {"subject": CASE, "kind": "task_assigned", "now": cast.NOW}
    old, *_rest = actions.tell(people=[company.lina], words="早就读过", **values)  # type: ignore[arg-type]
    actions.read(message=old, by=company.lina, now=cast.NOW)
    new = actions.tell(people=[company.lina], words="刚到", **values)[0]  # type: ignore[arg-type]
    newer = actions.tell(people=[company.lina], words="也刚到", **values)[0]  # type: ignore[arg-type]
    unread = models.Message.objects.filter(person=company.lina, read_at=None)
    for address, said in ((f"/notify/{new.pk}/read/", {}), ("/notify/read/", {"newest": newer.pk})):
        response = signed_in("lina").post(address, said)
        assert response.status_code == 302
        undo = [message.extra_tags for message in get_messages(response.wsgi_request)][-1].removeprefix("undo:")
        assert unread.all().count() < 2
        assert signed_in("wang").post(undo).status_code == 403
        signed_in("lina").post(undo)
        assert set(unread.all()) == {new, newer}
