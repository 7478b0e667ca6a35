"""Links that open without sign-in, or name a file: forged, used, revoked and old ones tell and open nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.hostile import attacking
from tests.hostile import world as worlds
from tests.hostile.world import SECRET, World
from yinuo.cases import models as cases
from yinuo.org import models as org

STRANGE = ["x", "x" * 500, "%00", "..", "%2e%2e%2f", "%ED%A0%80", "' or 1=1 --", "*", "{{7191*7}}", "null", "0"]


def stranger() -> Client:
    return Client(raise_request_exception=False)


def answered(world: World, url: str) -> tuple[int, str]:
    """What a stranger gets, without what differs between any two answers."""
    response = stranger().get(url)
    text = re.sub(r'"X-CSRFToken": "\w+"|name="next" value="[^"]*"', "", attacking.text_of(response))
    assert SECRET not in text
    return response.status_code, text


@pytest.mark.parametrize("kind", ["/cases/feedback/{}/", "/org/invitation/{}"])
def test_a_forged_link_tells_the_same_whatever_it_is(world: World, kind: str) -> None:
    one = answered(world, kind.format("x" * 43))
    assert one[0] == 404
    for token in STRANGE:
        if "/" not in token and token != "..":
            status, _text = answered(world, kind.format(token))
            assert status == 404, token
    near = (world.rows["link"].token if "feedback" in kind else world.token)[:-1]
    assert answered(world, kind.format(near)) == one


def test_a_dead_feedback_link_says_why_and_no_word_of_the_case(world: World) -> None:
    link = world.rows["link"]
    url, now = f"/cases/feedback/{link.token}/", timezone.now()
    said = {"satisfied": "yes", "score": "5", "words": "好", "name": "沈工"}
    assert stranger().get(url).status_code == 200
    for dead in ({"expires_at": now - timedelta(days=1)}, {"revoked_at": now}, {"answered_at": now}):
        cases.FeedbackLink.objects.filter(pk=link.pk).update(
            **{"expires_at": now + timedelta(days=1), "revoked_at": None, "answered_at": None, **dead}
        )
        for response in (stranger().get(url), stranger().post(url, said)):
            assert response.status_code in (404, 409, 410), dead
            assert SECRET not in attacking.text_of(response)
    assert not cases.Feedback.objects.exists()


def test_the_address_of_a_link_is_told_to_nobody(world: World) -> None:
    """The address is the secret: no other host, and no cache, learns it.

    Our own host must: under `no-referrer` browsers send a form with `Origin: null`, which counts as forged.
    """
    for url in (f"/cases/feedback/{world.rows['link'].token}/", f"/org/invitation/{world.token}"):
        response = stranger().get(url)
        assert response["Referrer-Policy"] == "same-origin", url
        assert "no-store" in response["Cache-Control"], url


def test_a_used_or_old_invitation_opens_nothing(world: World) -> None:
    url, now = f"/org/invitation/{world.token}", timezone.now()
    said = {"password": "long-and-plain-77", "again": "long-and-plain-77"}
    for dead in ({"expires_at": now - timedelta(days=1)}, {"revoked_at": now}, {"used_at": now}):
        org.Invitation.objects.filter(person=world.rows["person"]).update(
            **{"expires_at": now + timedelta(days=1), "revoked_at": None, "used_at": None, **dead}
        )
        assert stranger().get(url).status_code == 404
        assert stranger().post(url, said).status_code == 404
        world.rows["person"].refresh_from_db()
        assert not world.rows["person"].check_password(said["password"])


def test_a_files_token_is_no_key_without_the_right(world: World) -> None:
    worlds.everything(world.company.auditor)
    outside, inside = world.client("auditor"), world.client("lina")
    token = world.rows["attachment"].token
    for page in ("", "preview/", "void/"):
        real = outside.get(f"/records/file/{token}/{page}")
        made_up = outside.get(f"/records/file/{'x' * len(token)}/{page}")
        assert real.status_code == made_up.status_code == 404
        assert SECRET not in attacking.text_of(real)
    response = inside.get(f"/records/file/{token}/")
    assert attacking.text_of(response) == f"{SECRET} 内容"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_forged_link_costs_what_a_dead_one_costs(world: World) -> None:
    """As many questions to the database for a token that is nearly right as for one that is made up."""
    token = world.rows["link"].token

    def cost(of: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            stranger().get(f"/cases/feedback/{of}/")
        return len(captured)

    assert cost(token[:-1]) == cost("y" * len(token))
