"""What every answer carries and every request must: headers, hosts, methods, tokens, cookies, sessions."""

import re

import pytest
from django.test import Client, override_settings
from django.utils import translation

from tests import cast
from tests.hostile import attacking
from tests.hostile import world as worlds
from tests.hostile.world import World

# What the policy would block must not be there in the first place.
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|<style|\son[a-z]+=\"|\sstyle=\"|javascript:", re.I)


def test_every_answer_carries_its_guards(world: World) -> None:
    """Pages run no foreign script, are framed by nobody, kept by no cache, and tell no other host where one was."""
    worlds.everything(world.company.zhou)
    client, wrong, files = world.client("zhou"), [], 0
    for address, url in world.addresses():
        if "GET" not in address.view.methods:  # type: ignore[attr-defined]
            continue
        response = client.get(url)
        policy = response.get("Content-Security-Policy", "")
        is_file = "attachment" in response.get("Content-Disposition", "")
        files += is_file
        said = {
            "policy": "default-src 'none'" in policy and "unsafe" not in policy,
            "nosniff": response.get("X-Content-Type-Options") == "nosniff",
            "frame": response.get("X-Frame-Options") == "DENY",
            "referrer": response.get("Referrer-Policy") == "same-origin",
            "cache": "no-store" in response.get("Cache-Control", ""),
            "opener": response.get("Cross-Origin-Opener-Policy") == "same-origin",
            "sandbox": not is_file or "sandbox" in policy,
        }
        if response.get("Content-Type", "").startswith("text/html"):
            said["no script or style of its own"] = not INLINE.search(attacking.text_of(response))
        missing = [name for name, is_there in said.items() if not is_there]
        if missing:
            wrong.append(f"{address.name} {response.status_code}: {missing}")
    assert files >= 1
    assert wrong == []


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "CONNECT", "PROPFIND", "OPTIONS"])
def test_methods_that_no_page_knows_are_refused(world: World, method: str) -> None:
    worlds.everything(world.company.zhou)
    client = world.client("zhou")
    statuses = {client.generic(method, url).status_code for _address, url in world.addresses()}
    assert statuses == {405}


def test_a_method_hidden_in_a_form_changes_nothing(world: World) -> None:
    client = world.client("lina")
    answer = client.get("/", {"_method": "DELETE"}, headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 200


def test_a_form_without_its_token_is_refused_in_our_own_words(world: World) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.company.lina, backend=worlds.BACKEND)
    with translation.override("zh-hans"):
        said = translation.gettext("This page was open too long. Please reload it and send the form again.")
    wrong, tried = [], 0
    for address, url in world.addresses():
        if "POST" not in address.view.methods:  # type: ignore[attr-defined]
            continue
        tried += 1
        response = client.post(url, {"x": "1"}, headers={"hx-request": "true"} if tried % 4 else {})
        text = attacking.text_of(response)
        if response.status_code != 403 or said not in text or "CSRF verification" in text:
            wrong.append(f"{address.name}: {response.status_code}")
    assert tried > 80
    assert wrong == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "x@evil.example", "a b", "", "[::1"])
def test_a_host_that_is_not_ours_gets_no_page(world: World, host: str) -> None:
    with override_settings(ALLOWED_HOSTS=["127.0.0.1", "localhost"]):
        response = Client(raise_request_exception=False).get("/org/sign-in", headers={"host": host or "x y"})
    assert response.status_code == 400
    assert "evil" not in attacking.text_of(response)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    client = Client()
    client.get("/org/sign-in")
    client.post("/org/language", {"language": "en"})
    client.post("/org/sign-in", {"name": "lina", "password": cast.PASSWORD})
    assert "sessionid" in client.cookies
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert name == "csrftoken" or cookie["httponly"], name


def test_a_session_key_given_from_outside_is_not_taken(world: World) -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.post("/org/sign-in", {"name": "lina", "password": cast.PASSWORD})
    assert client.cookies["sessionid"].value != "a" * 32
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("name", ["x\x00y", "长" * 300, "a\r\nb", "<script>alert(9)</script>", "' or 1=1 --", "\ud800"])
def test_strange_names_at_the_door_break_nothing(world: World, name: str) -> None:
    client = Client(raise_request_exception=False)
    body = {"name": name.encode("utf-8", "surrogatepass"), "password": b"x\x00" + name.encode("utf-8", "surrogatepass")}
    for _try in range(7):
        with attacking.undone():
            response = client.post("/org/sign-in", body, headers={"user-agent": f"x{'y' * 5000}"})
        assert response.status_code in (422, 429, 400)
        assert attacking.fault_of(response) == ""
