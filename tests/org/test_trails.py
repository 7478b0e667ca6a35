"""Whose trail may be read by whom, and by whose clock it is read."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import cast
from yinuo.kit import actors, plugs, subjects
from yinuo.org import models
from yinuo.org.actions import scopes
from yinuo.records import actions as records

SignedIn = Callable[[str], Client]
SECRET = "项目玄鸟"


def timeline(subject_type: str, subject_id: int) -> str:
    return reverse("records:timeline", args=[subject_type, subject_id])


def test_strangers_read_nothing_that_a_room_guards(company: cast.Company, signed_in: SignedIn) -> None:
    """Even where the entries themselves carry no scope."""
    models.RoleGrant.objects.create(person=company.outsider, role="employee", from_on="2020-01-01")
    guarded = list(plugs.guards)
    assert {"org.person", "org.scope"} <= {plug.name for plug in guarded}
    stranger = signed_in("outsider")
    for plug in guarded:
        subject = subjects.Ref(plug.name, 987_654, SECRET)
        records.write(by=actors.PROGRAM, now=cast.NOW, word="org.scope.opened", subject=subject)
        for name in ("records:timeline", "records:files"):
            answer = stranger.get(reverse(name, args=[plug.name, subject.id]))
            assert answer.status_code == 404, plug.name
            assert SECRET not in answer.content.decode()


def test_the_name_of_a_scope_is_told_to_its_people_only(company: cast.Company, signed_in: SignedIn) -> None:
    scope = scopes.open_scope(name_zh=SECRET, by=company.admin, now=timezone.now())
    scopes.let_in(scope=scope, person=company.lina, reason="项目组", by=company.admin, now=timezone.now())
    assert SECRET in signed_in("lina").get(timeline("org.scope", scope.pk)).content.decode()
    assert signed_in("wang").get(timeline("org.scope", scope.pk)).status_code == 404
    assert SECRET in signed_in("lina").get(timeline("org.person", company.lina.pk)).content.decode()
    for name in ("admin", "auditor", "zhou"):  # they read trails of people, but are not named
        assert SECRET not in signed_in(name).get(timeline("org.person", company.lina.pk)).content.decode()
        assert SECRET not in signed_in(name).get(reverse("records:entries")).content.decode()


@pytest.mark.parametrize(("zone", "shown"), [("Asia/Shanghai", "09:30"), ("Europe/Berlin", "02:30")])
def test_moments_are_shown_by_the_clock_of_the_persons_site(
    company: cast.Company, signed_in: SignedIn, zone: str, shown: str
) -> None:
    models.Site.objects.update(time_zone=zone)
    records.write(by=actors.PROGRAM, now=cast.NOW, word="org.person.changed", subject=company.lina)
    assert shown in signed_in("lina").get(timeline("org.person", company.lina.pk)).content.decode()
