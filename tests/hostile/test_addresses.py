"""Addresses nobody wrote: numbers no database holds, parameters no page knows, texts no browser would send."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from tests.hostile import attacking, payloads
from tests.hostile import world as worlds
from tests.hostile.world import World
from tests.house import tree

HUGE = ("99999999999999999999", str(2**63), str(2**63 - 1), str(2**31), "0")
STRANGE = ("%00", "%ED%A0%80", "%FF", "x" * 5000, "..", "%2e%2e%2f", "{{7191*7}}", quote(payloads.MARK, safe=""), "²",
           "0000-00-00", "9999-12-31", "10000-01-01", "cases.case", "CSR-2026-0001%0d%0aX: y", "null")  # fmt: skip
# Panels of other rooms' subjects: what there is none of is an empty panel, whether the subject exists or not.
EMPTY = dict.fromkeys(("cases:cases_about", "letters:threads", "records:timeline", "records:files"), (200, 404))


def spoilt(address: tree.Address, url_parts: dict[str, str]) -> Iterator[str]:
    """The address with each parameter in turn replaced by what leads nowhere."""
    for name, converter in address.converters:
        for wrong in HUGE if converter == "IntConverter" else STRANGE:
            if converter == "SlugConverter" and not re.fullmatch(r"[-\w]+", wrong):
                continue
            given = {**url_parts, name: wrong}
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: given[found[1]], address.route)  # noqa: B023


def test_addresses_that_lead_nowhere_say_so(world: World) -> None:
    worlds.everything(world.company.zhou)
    client, wrong, tried = world.client("zhou"), [], 0
    for turn, address in enumerate(tree.addresses()):
        if not address.converters or address.name.startswith("kit:"):
            continue
        real = {name: str(value) for name, value in world.arguments(address.name)[0].items()}
        urls = list(spoilt(address, real))
        step = max(1, len(urls) // attacking.PER_FORM)
        for url in [urls[0], *urls[1 + turn % step :: step]]:
            method = "GET" if "GET" in address.view.methods else "POST"  # type: ignore[attr-defined]
            response = attacking.sent(client, url, {}) if method == "POST" else client.get(url)
            fault = attacking.fault_of(response)
            tried += 1
            is_hopeless = any(number in url for number in HUGE[:2])
            if fault or (is_hopeless and response.status_code not in EMPTY.get(address.name, (404, 409, 422))):
                wrong.append(f"{address.name} {url[:90]}: {fault or response.status_code}")
    assert tried > 150
    assert wrong == []


def parameters() -> list[str]:
    """Every parameter that some page reads from its address, as its source says."""
    found = {"after", "sort", "next", "before", "q", "tab", "page"}
    for path, _module in tree.modules():
        source = path.read_text()
        found |= set(re.findall(r'GET\.(?:get|getlist)\(\s*"(\w+)"', source))
        found |= set(re.findall(r'Filter\(\s*(?:key=)?"(\w+)"', source))
    return sorted(found)


AFTER = [
    "%%%", "W10=", "WzEsMl0=", "WyJ4IiwxXQ==", "W251bGwsMV0=", "WzFlOTk5LDFd", "W3t9LDFd", "x" * 5000, "W1tbW1tbW1s=",
    "WzEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ==", "WyIwMDAwLTAwLTAwIiwxXQ==", "WyJcdTAwMDAiLDFd",
]  # fmt: skip


def test_parameters_nobody_knows_break_no_page(world: World) -> None:
    worlds.everything(world.company.zhou)
    client, names, wrong, tried = world.client("zhou"), parameters(), [], 0
    strange = [*payloads.TEXTS.values(), *payloads.NUMBERS, *payloads.DAYS, *payloads.CHOICES, *AFTER]
    said = [each[:1000] for each in strange]
    assert len(names) > 20
    pages = {}
    for address, url in world.addresses():
        if "GET" in address.view.methods and "<" not in address.route:  # type: ignore[attr-defined]
            pages[address.name] = url
    for turn, (name, url) in enumerate(sorted(pages.items())):
        queries = [
            urlencode({each: said[(at + i) % len(said)] for i, each in enumerate(names)}) for at in range(len(said))
        ]
        queries += ["&".join(f"{each}={raw.decode('latin-1')}" for each in names) for raw in payloads.RAW]
        step = max(1, len(queries) // attacking.PER_FORM)
        for query in queries[turn % step :: step]:
            response = client.get(f"{url}?{query}", headers={"hx-request": "true"} if tried % 2 else {})
            tried += 1
            if fault := attacking.fault_of(response):
                wrong.append(attacking.noted(f"{name} {query[:200]!r}: {fault}"))
    assert tried > 50
    assert wrong == []


def test_nobody_is_led_to_another_host(world: World) -> None:
    worlds.everything(world.company.zhou)
    client = world.client("zhou")
    for away in (
        "https://evil.example/", "//evil.example", "/\\evil.example", "http:///evil.example", "https://x//evil.example",
        "javascript:alert(1)", "/\tevil", "https:evil.example",
    ):  # fmt: skip
        response = client.get("/org/sign-in", {"next": away})
        assert response["Location"] == "/", away
        stranger = world.client("lina")
        stranger.logout()
        page = stranger.get("/org/sign-in", {"next": away})
        targets = re.findall(r'name="next" value="([^"]*)"', attacking.text_of(page))
        assert "/" in targets
        assert [each for each in targets if not re.match(r"/(?![/\\])", each + "x")] == [], away
        led = stranger.get("/cases/", headers={"hx-request": "true", "hx-current-url": away})
        back = parse_qs(urlsplit(led["HX-Redirect"]).query)["next"][0]
        assert back.startswith("/"), away
        assert not back.startswith(("//", "/\\")), away


def test_back_from_sign_in_to_the_very_page(world: World) -> None:
    client = world.client("lina")
    client.logout()
    here = "http://testserver/cases/?state=open&sort=due"
    led = client.get("/cases/", headers={"hx-request": "true", "hx-current-url": here})["HX-Redirect"]
    assert led == f"/org/sign-in?next={quote('/cases/?state=open&sort=due', safe='/')}"
