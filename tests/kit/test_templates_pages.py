"""The frame around every page, refusals, and that no template breaks the content security policy."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import include, path

from yinuo.kit import gallery

kit_urls = [
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/panel/", gallery.gallery_panel, name="gallery_panel"),
    path("gallery/refusal/", gallery.gallery_refusal, name="gallery_refusal"),
]
urlpatterns = [path("kit/", include((kit_urls, "kit"))), path("", include("config.urls"))]
handler404 = "yinuo.kit.pages.not_found"

SignedIn = Callable[[str], Client]
pytestmark = pytest.mark.urls(__name__)  # `signed_in` brings the database


def test_every_component_renders_inside_the_frame(signed_in: SignedIn) -> None:
    page = signed_in("lina").get("/kit/gallery/").content.decode()
    for part in ('class="skip"', 'id="notices"', 'id="menu"', "<h1>", 'role="search"', "李娜", 'aria-live="polite"'):
        assert part in page, part
    assert page.count("<h1>") == 1
    assert page.count("<tr data-row>") == 24
    assert '"X-CSRFToken": "' in page


def test_no_element_id_occurs_twice(signed_in: SignedIn) -> None:
    page = signed_in("lina").get("/kit/gallery/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)


def test_messages_become_notices_with_their_way_back(signed_in: SignedIn) -> None:
    page = signed_in("lina").get("/kit/gallery/?say=1").content.decode()
    assert 'class="notice notice-success" data-undo-url="?undone=1"' in page
    assert 'class="notice notice-warning"' in page


def test_the_reader_s_language_reaches_html_and_words(signed_in: SignedIn) -> None:
    client = signed_in("lina")
    assert '<html lang="zh-Hans">' in client.get("/kit/gallery/").content.decode()


def test_a_refusal_is_a_page_or_a_notice(signed_in: SignedIn) -> None:
    client = signed_in("lina")
    page = client.get("/kit/gallery/refusal/")
    assert page.status_code == 409
    assert "plain-state" in page.content.decode()
    part = client.get("/kit/gallery/refusal/", headers={"hx-request": "true"})
    assert part.headers["HX-Retarget"] == "#notices"
    assert part.content.decode().strip().startswith('<div class="notice notice-refusal"')


def test_a_page_that_is_not_there_says_so(signed_in: SignedIn) -> None:
    answer = signed_in("lina").get("/nothing/here/")
    assert answer.status_code == 404
    assert "plain-state" in answer.content.decode()


def test_the_page_for_breakdowns_needs_no_database_and_no_request() -> None:
    text = (settings.BASE_DIR / "yinuo/kit/templates/kit/broken.html").read_text(encoding="utf-8")
    assert "{{" not in text
    assert "include" not in text


FORBIDDEN = {
    "an inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|hx-on\S*)\s*=", re.IGNORECASE),
    "evaluated htmx values": re.compile(r"hx-(?:vals|headers|vars)\s*=\s*['\"]\s*(?:js|javascript):", re.IGNORECASE),
    "a script from elsewhere": re.compile(r"""(?:src|href)=["'](?:https?:)?//""", re.IGNORECASE),
}
IN_A_MAIL = {("reports/mail.html", "an inline style")}  # mail programs load no style sheet and know no policy of ours


def test_no_template_breaks_the_content_security_policy() -> None:
    templates = list((settings.BASE_DIR / "yinuo").glob("*/templates/**/*.html"))
    assert len(templates) > 15
    faults = [
        f"{template.relative_to(settings.BASE_DIR)}: {what}: {found[0][:80]}"
        for template in templates
        for what, pattern in FORBIDDEN.items()
        if ("/".join(template.parts[-2:]), what) not in IN_A_MAIL
        and (found := pattern.search(template.read_text(encoding="utf-8")))
    ]
    assert not faults, "\n".join(faults)
