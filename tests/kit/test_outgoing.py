"""No address that somebody enters leads into the company's own network."""

import socket
from typing import Any

import pytest

from yinuo.kit import outgoing


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://10.1.2.3/x",
        "https://172.16.0.1/",
        "https://192.168.1.1:8443/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://224.0.0.1/",
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https://user:pass@example.com/",
        "https://example.com:port/",
        "javascript:alert(1)",
    ],
)
def test_addresses_inside_or_odd_are_refused_before_they_are_kept(address: str) -> None:
    with pytest.raises(outgoing.CannotAsk):
        outgoing.check(address)


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f000001"])
def test_names_that_lead_inside_are_refused_when_they_are_asked(name: str) -> None:
    with pytest.raises((outgoing.CannotAsk, outgoing.Away)):
        outgoing.ask("POST", f"https://{name}/", headers={})


def test_one_inner_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def two_faces(host: str, port: int, **_more: Any) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.7", port))]

    monkeypatch.setattr(socket, "getaddrinfo", two_faces)
    with pytest.raises(outgoing.CannotAsk):
        outgoing.ask("POST", "https://two-faces.example/", headers={})


def test_a_named_server_inside_may_be_asked(settings: Any) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1:1"]
    outgoing.check("http://127.0.0.1:1/x")
    with pytest.raises(outgoing.CannotAsk):
        outgoing.check("http://127.0.0.1:2/x")
    with pytest.raises(outgoing.Away):
        outgoing.ask("POST", "http://127.0.0.1:1/x", headers={})
