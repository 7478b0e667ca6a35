"""Sending what nobody should send, and judging what comes back."""

import contextlib
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from tests.hostile import payloads, reading
from yinuo.kit import once

# So many attacks on each form, others on the next one; HOSTILE=5000 carries out all, which takes hours.
PER_FORM = int(os.environ.get("HOSTILE", "1"))
FORM = "application/x-www-form-urlencoded"
KEPT = ("version", "once", "next")  # what the page itself puts in: attacked apart, else nothing gets past them


def text_of(response: HttpResponseBase) -> str:
    """The body as text, whether it was streamed or not."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return body.decode("utf-8", "replace")


def noted(fault: str) -> str:
    """The fault; written to a file at once where HOSTILE_LOG names one, as a thorough run is long."""
    if path := os.environ.get("HOSTILE_LOG"):
        with Path(path).open("a") as file:
            file.write(f"{fault}\n")
    return fault


def fault_of(response: HttpResponseBase) -> str:
    """What is wrong with an answer, in a few words; empty when nothing is."""
    if response.status_code >= 500:
        error = getattr(response, "exc_info", None)
        return f"{response.status_code} {error[0].__name__}: {str(error[1])[:160]}" if error else "500"
    if response.get("Content-Type", "").startswith("text/html"):
        text = text_of(response)
        if payloads.MARK in text or "<img src=x" in text:
            return "comes back unescaped"
        if "50337" in text:
            return "is run as a template"
        if 'href="javascript:' in text:
            return "becomes an address that runs"
    where = response.get("Location", "")
    if where and not (where.startswith("/") and not where.startswith("//")):
        return f"leads away to {where}"
    return ""


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back; acts that insist on the outermost transaction take it for that."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]  # as Django's own test cases say it
    with atomic:
        yield
        transaction.set_rollback(True)


def sent(client: Client, url: str, data: Any, **more: Any) -> HttpResponseBase:
    """One attack, undone afterwards; where it succeeds, the page it leads to is looked at too."""
    with undone():
        response = client.post(url, data, **more)
        if response.status_code == 302 and not fault_of(response):
            after = client.get(response["Location"])
            response = after if fault_of(after) else response
    return response


def urlencoded(data: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a POST in the plain form encoding, which takes what multipart would not."""
    return {"data": urlencode(data, doseq=True), "content_type": FORM}


def attacks(form: reading.Form, turn: int = 0) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """This turn's share of all attacks on a form, as (name, data, how it is sent)."""
    ways = (_on_all, _on_each, _on_frame, _on_body, _with_files)
    everything = [attack for way in ways for attack in way(form)]
    step = max(1, len(everything) // PER_FORM)
    return itertools.islice(everything, turn * 7 % step, None, step)


def _fresh(form: reading.Form, **changed: Any) -> dict[str, Any]:
    data: dict[str, Any] = form.plausible()
    if "once" in data:
        data["once"] = once.new_key()
    return {**data, **changed}


def _on_all(form: reading.Form) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """The same payload in every field at once."""
    open_to = [name for name in form.fields if name not in KEPT]
    groups = {**payloads.TEXTS, **{each: each for each in payloads.CHOICES[:3]}}
    groups |= {each: each for each in [*payloads.NUMBERS, *payloads.DAYS]}
    for name, payload in groups.items():
        yield f"all={name}", urlencode(_fresh(form, **dict.fromkeys(open_to, payload))), {"content_type": FORM}


def _on_each(form: reading.Form) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """One field attacked, the others as an honest person fills them."""
    for each in form.fields.values():
        if each.name in KEPT or each.kind == "file":
            continue
        for payload in _pool(each):
            data = urlencode(_fresh(form, **{each.name: payload}), doseq=True)
            yield f"{each.name}={str(payload)[:30]!r}", data, {"content_type": FORM}


def _pool(each: reading.Field) -> list[Any]:
    texts, numbers, days, choices = list(payloads.TEXTS.values()), payloads.NUMBERS, payloads.DAYS, payloads.CHOICES
    first = {"number": numbers, "date": days, "datetime-local": days, "time": days}.get(each.kind, [])
    if each.kind in ("select", "radio", "checkbox", "hidden"):
        first = [*choices, *numbers]
    several = [["1", "2", "99999999999999999999"], ["", ""]]
    return [*first, *several, *texts] if first else [*texts, *several]


def _on_frame(form: reading.Form) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """What the page puts in itself: versions, keys that work once, where to go next."""
    for name, pool in (("version", payloads.VERSIONS), ("once", payloads.KEYS)):
        if name in form.fields:
            for payload in pool:
                yield f"{name}={payload[:20]!r}", urlencode(_fresh(form, **{name: payload})), {"content_type": FORM}
    for payload in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(9)"):
        yield f"next={payload}", urlencode(_fresh(form, next=payload)), {"content_type": FORM}


def _on_body(form: reading.Form) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Bodies that are no honest form."""
    data = _fresh(form)
    yield "nothing", "", {"content_type": FORM}
    yield "half", urlencode(dict(itertools.islice(data.items(), len(data) // 2))), {"content_type": FORM}
    yield "twice", urlencode({name: [value, "x"] for name, value in data.items()}, doseq=True), {"content_type": FORM}
    yield "array names", urlencode({f"{name}[]": value for name, value in data.items()}), {"content_type": FORM}
    yield "json", json.dumps(data), {"content_type": "application/json"}
    yield "plain", urlencode(data), {"content_type": "text/plain"}
    yield "broken parts", b"--x\r\nContent-Disposition: form-data", {"content_type": "multipart/form-data; boundary=x"}
    yield "no boundary", b"abc", {"content_type": "multipart/form-data"}
    for raw in payloads.RAW:
        body = "&".join(
            f"{quote(name)}={raw.decode('latin-1') if name not in KEPT else quote(str(value))}"
            for name, value in data.items()
        )
        yield f"raw={raw!r}", body, {"content_type": FORM}
    files = {name: SimpleUploadedFile("x.txt", b"text") for name in form.fields if name not in KEPT}
    yield "files for texts", {**{name: data[name] for name in KEPT if name in data}, **files}, {}


def _with_files(form: reading.Form) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Files that are empty, lie about what they are, or have names that lead elsewhere."""
    takers = [each.name for each in form.fields.values() if each.kind == "file"]
    contents = itertools.cycle(
        [b"", f"<svg>{payloads.MARK}</svg>".encode(), b"\x89PNG\r\n\x1a\nnot", b"MZ" + b"\0" * 99]
    )
    for taker in takers:
        for name in payloads.NAMES:
            file = SimpleUploadedFile("x", next(contents), content_type="image/svg+xml")
            file._name = name  # the setter would mend the name that is to be tried
            yield f"{taker}: {name[:20]!r}", _fresh(form, **{taker: file}), {}
        yield f"{taker} as text", urlencode(_fresh(form, **{taker: "x"})), {"content_type": FORM}
