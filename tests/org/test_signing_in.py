"""Signing in and out through the browser's door: lock-out, sessions, redirects, invitations, the demo company."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import reverse

from tests import cast
from yinuo.org import jobs, models
from yinuo.org.actions import invitations
from yinuo.org.pages import signing_in
from yinuo.records import models as records

SIGN_IN = "/org/sign-in"


def sign_in(name: str = "lina", password: str = cast.PASSWORD, client: Client | None = None, **more: str) -> Client:
    client = client or Client()
    client.last = client.post(SIGN_IN, {"name": name, "password": password, **more})  # type: ignore[attr-defined]
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def trail() -> list[str]:
    return list(records.Entry.objects.order_by("pk").values_list("word", flat=True))


# The door -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lina", "LINA", "  Lina "])
def test_the_name_counts_whatever_its_case(company: cast.Company, name: str) -> None:
    client = sign_in(name)
    assert client.last.status_code == 302  # type: ignore[attr-defined]
    assert is_in(client)
    assert trail() == ["org.person.signed_in"]


@pytest.mark.parametrize("name", ["lina", "nobody-of-that-name"])
def test_a_wrong_password_says_the_same_as_an_unknown_name(company: cast.Company, name: str) -> None:
    client = sign_in(name, "wrong")
    assert client.last.status_code == 422  # type: ignore[attr-defined]
    assert "登录名或密码不正确" in client.last.content.decode()  # type: ignore[attr-defined]
    assert not is_in(client)
    assert trail() == ["org.person.sign_in_failed"]
    assert "nobody-of-that-name" not in str(list(records.Entry.objects.values_list("subject_label", "note")))


def test_after_five_wrong_tries_the_door_says_until_when_it_is_locked(company: cast.Company) -> None:
    with time_machine.travel(cast.NOW, tick=False):
        for _try in range(5):
            client = sign_in("Lina", "wrong")
        assert client.last.status_code == 429  # type: ignore[attr-defined]
        assert "09:45" in client.last.content.decode()  # type: ignore[attr-defined]
        assert not is_in(sign_in("lina"))  # the right one does not help now
        assert is_in(sign_in("wang"))  # nobody else is locked out
    with time_machine.travel(cast.NOW + timedelta(minutes=16), tick=False):
        assert is_in(sign_in("lina"))


def test_many_addresses_cannot_guess_one_persons_password(company: cast.Company) -> None:
    for number in range(5):
        for _try in range(4):
            sign_in("lina", "wrong", Client(REMOTE_ADDR=f"203.0.113.{number}"))
    elsewhere = sign_in("lina", client=Client(REMOTE_ADDR="203.0.113.77"))
    assert elsewhere.last.status_code == 429  # type: ignore[attr-defined]
    assert is_in(sign_in("wang", client=Client(REMOTE_ADDR="203.0.113.1")))


def test_one_address_cannot_guess_many_peoples_passwords(
    company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "PER_ADDRESS", 6)
    for name in ("zhao", "lina", "chen", "wang", "zhou", "sun"):
        sign_in(name, "wrong")
    assert sign_in("wu").last.status_code == 429  # type: ignore[attr-defined]
    assert is_in(sign_in("wu", client=Client(REMOTE_ADDR="203.0.113.1")))


def test_whoever_is_barred_does_not_come_in(company: cast.Company) -> None:
    models.Person.objects.filter(pk=company.lina.pk).update(is_active=False)
    assert not is_in(sign_in())


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/org/people/", "/org/people/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_way_back_stays_in_the_house(company: cast.Company, wanted: str, lands: str) -> None:
    client = sign_in(next=wanted)
    assert client.last["Location"] == lands  # type: ignore[attr-defined]


def test_signing_in_makes_a_new_session(company: cast.Company) -> None:
    client = Client()
    session = client.session
    session["before"] = "planted"
    session.save()
    key = session.session_key
    sign_in(client=client)
    assert client.session.session_key != key
    assert not client.session.exists(key)


def test_signing_out_ends_the_session_for_good(company: cast.Company) -> None:
    client = sign_in()
    key = client.session.session_key
    assert client.get(reverse("org:sign_out")).status_code == 405
    client.post(reverse("org:sign_out"))
    assert not client.session.exists(key)
    assert not models.Presence.objects.exists()
    assert client.get("/org/people/")["Location"] == f"{SIGN_IN}?next=/org/people/"
    assert trail() == ["org.person.signed_in", "org.person.signed_out"]


# How long it lasts ----------------------------------------------------------------------------------------------------


def test_four_idle_hours_end_it_and_use_prolongs_it(company: cast.Company) -> None:
    with time_machine.travel(cast.NOW, tick=False) as clock:
        client = sign_in()
        clock.shift(timedelta(hours=3, minutes=55))
        assert client.get("/org/people/").status_code == 200
        assert models.Presence.objects.get().seen_at == cast.NOW + timedelta(hours=3, minutes=55)
        clock.shift(timedelta(hours=3, minutes=55))
        assert client.get("/org/people/").status_code == 200
        clock.shift(timedelta(hours=4, minutes=1))
        assert client.get("/org/people/").status_code == 302
        assert not models.Presence.objects.exists()


def test_twelve_hours_end_it_however_busy_one_was(company: cast.Company) -> None:
    with time_machine.travel(cast.NOW, tick=False) as clock:
        client = sign_in()
        for _hour in range(12):
            clock.shift(timedelta(hours=1))
            assert client.get("/org/people/").status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get("/org/people/").status_code == 302


def test_what_signing_in_left_behind_is_dropped_when_it_is_over(company: cast.Company) -> None:
    with time_machine.travel(cast.NOW, tick=False) as clock:
        sign_in()
        sign_in("wang", "wrong")
        jobs.forget_sign_ins()
        assert (models.Presence.objects.count(), AccessAttempt.objects.count()) == (1, 1)
        clock.shift(jobs.KEEP_TRIES + timedelta(days=1))
        jobs.forget_sign_ins()
    assert not models.Presence.objects.exists()
    assert not Session.objects.exists()
    assert not AccessAttempt.objects.exists()


def test_looking_at_pages_is_not_noted_each_time(company: cast.Company) -> None:
    with time_machine.travel(cast.NOW, tick=False) as clock:
        client = sign_in()
        clock.shift(timedelta(minutes=4))
        client.get("/org/people/")
        assert models.Presence.objects.get().seen_at == cast.NOW


def test_one_sees_and_ends_ones_sessions_only(company: cast.Company) -> None:
    here, there, other = sign_in(), sign_in(), sign_in("wang")
    page = here.get(reverse("org:me")).content.decode()
    for client in (here, there):
        assert client.session.session_key not in page  # the key itself is a secret
    theirs = models.Presence.objects.get(person=company.wang)
    assert here.post(reverse("org:session_end", args=[theirs.handle])).status_code == 404
    elsewhere = models.Presence.objects.get(session_id=there.session.session_key)
    assert here.post(reverse("org:session_end", args=[elsewhere.handle])).status_code == 302
    assert there.get("/org/people/").status_code == 302
    assert other.get("/org/people/").status_code == 200
    third = sign_in()
    here.post(reverse("org:sessions_end"))
    assert third.get("/org/people/").status_code == 302
    assert here.get("/org/people/").status_code == 200


def test_a_new_password_ends_every_other_session(company: cast.Company) -> None:
    here, there = sign_in(), sign_in()
    new = {"old": cast.PASSWORD, "password": "quite-another-77", "again": "quite-another-77"}
    assert here.post(reverse("org:password"), {**new, "old": "guess"}).status_code == 422
    assert here.post(reverse("org:password"), {**new, "again": "other"}).status_code == 422
    assert here.post(reverse("org:password"), {**new, "password": "12345", "again": "12345"}).status_code == 422
    assert here.post(reverse("org:password"), new).status_code == 302
    assert here.get("/org/people/").status_code == 200
    assert there.get("/org/people/").status_code == 302
    assert is_in(sign_in(password="quite-another-77"))


def test_who_is_barred_is_out_at_once(company: cast.Company) -> None:
    lina, admin = sign_in(), sign_in("admin")
    url = reverse("org:person_bar", args=[company.lina.pk])
    version = models.Person.objects.get(pk=company.lina.pk).version
    assert admin.post(url, {"version": version, "reason": "手机遗失"}).status_code == 302
    assert lina.get("/org/people/").status_code == 302


# Language -------------------------------------------------------------------------------------------------------------


def test_the_door_speaks_both_languages(db: None) -> None:
    client = Client()
    assert '<h1 id="sign-in-title">登录</h1>' in client.get(SIGN_IN).content.decode()
    response = client.post(reverse("org:language"), {"language": "en", "next": "//evil.example/"})
    assert response["Location"] == "/"
    assert '<h1 id="sign-in-title">Sign in</h1>' in client.get(SIGN_IN).content.decode()


def test_a_persons_language_is_kept_with_the_person(company: cast.Company) -> None:
    sign_in().post(reverse("org:language"), {"language": "en"})
    assert models.Person.objects.get(pk=company.lina.pk).language == "en"
    assert "Structure" in sign_in().get(reverse("org:structure")).content.decode()


# Invitations ----------------------------------------------------------------------------------------------------------


def test_the_invited_set_their_password_and_are_in(company: cast.Company) -> None:
    admin = sign_in("admin")
    page = {
        "once": "k" * 20, "name": "许明", "sign_in": "xu", "capacity": "100", "language": "zh",
        "site": company.site["nb"].pk,
    }  # fmt: skip
    url = admin.post(reverse("org:person_new"), page)["Location"]
    shown = admin.get(url).content.decode()
    link = shown.split(f'value="{settings.BASE_URL}', 1)[1].split('"', 1)[0]
    assert link.startswith("/org/invitation/")
    assert link not in admin.get(url).content.decode()  # shown once
    guest = Client()
    response = guest.get(link)
    assert response["Referrer-Policy"] == "same-origin"
    assert guest.post(link, {"password": "short", "again": "short"}).status_code == 422
    assert guest.post(link, {"password": "one-of-my-own-9", "again": "one-of-my-own-9"}).status_code == 302
    assert is_in(guest)
    assert guest.get(link).status_code == 404
    assert is_in(sign_in("xu", "one-of-my-own-9"))


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "中文"])
def test_made_up_links_lead_nowhere(company: cast.Company, token: str) -> None:
    assert Client().get(f"/org/invitation/{token}").status_code == 404


def test_an_expired_link_leads_nowhere(company: cast.Company) -> None:
    token = invitations.invite(person=company.lina, by=company.admin, now=cast.NOW)
    with time_machine.travel(cast.NOW + timedelta(days=8)):
        assert Client().get(f"/org/invitation/{token}").status_code == 404


# The demo company -----------------------------------------------------------------------------------------------------


def test_one_click_sign_in_is_the_demo_companys_only(company: cast.Company) -> None:
    client = Client()
    with override_settings(DEMO=False):
        assert 'name="person"' not in client.get(SIGN_IN).content.decode()
        assert client.post(reverse("org:demo_sign_in"), {"person": "lina"}).status_code == 404
    with override_settings(DEMO=True):
        assert '<button name="person" value="lina"' in client.get(SIGN_IN).content.decode()
        assert client.post(reverse("org:demo_sign_in"), {"person": "nobody"}).status_code == 404
        assert client.post(reverse("org:demo_sign_in"), {"person": "lina"}).status_code == 302
        assert client.session["_auth_user_id"] == str(company.lina.pk)
        client.post(reverse("org:demo_sign_in"), {"person": "wang"})  # from one seat to the next
        assert client.session["_auth_user_id"] == str(company.wang.pk)


@pytest.mark.parametrize(
    "way",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
@override_settings(DEMO=True)
def test_one_click_sign_in_is_for_this_machine_only(company: cast.Company, way: dict[str, str]) -> None:
    client = Client(**way)
    assert 'name="person"' not in client.get(SIGN_IN).content.decode()
    assert client.post(reverse("org:demo_sign_in"), {"person": "lina"}).status_code == 404
