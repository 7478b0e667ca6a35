"""A page on a real server is watched: what changes is seen, told and decided; nothing there can hold us up."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.api import programs
from tests.customers import people
from tests.watches import server
from yinuo.kit import actors, fetching, refusals
from yinuo.kit import models as kit
from yinuo.notify import models as notify
from yinuo.sources.actions import documents
from yinuo.watches import lists, models, queries, rules
from yinuo.watches.actions import giving, pages, visiting
from yinuo.watches.jobs import look as look_at
from yinuo.watches.jobs import look_for_due

pytestmark = pytest.mark.django_db
KEY = "a-key-that-is-used-once-only"
HEAD = "<html><head><title>t</title></head><body>"
NEWS = HEAD + "<h1>供应商要求</h1><p>现行版本：2025-01</p><p>盐雾试验 480 h</p></body></html>"


@pytest.fixture
def site(settings: Any) -> Iterator[server.Site]:
    with server.running() as found:
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{found.port}"]
        yield found


@pytest.fixture
def add(company: cast.Company, site: server.Site) -> Callable[..., models.Page]:
    def make(path: str, **facts: Any) -> models.Page:
        said = {"name": "供应商要求页", "keeper": company.wang, "deputy": company.sun} | facts
        return pages.add(address=site.url(path), by=people.fresh(company.lina), now=cast.NOW, **said)

    return make


def look(page: models.Page, hours: float = 0) -> models.Visit:
    visit = visiting.look(page=people.fresh(page), by=actors.PROGRAM, now=cast.NOW + timedelta(hours=hours))
    assert visit is not None
    page.refresh_from_db()
    return visit


def told(kind: str) -> set[str]:
    return set(notify.Message.objects.filter(kind=kind).values_list("person__name", flat=True))


def test_what_changes_is_seen_told_once_and_decided(
    add: Any, site: server.Site, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    site.page("/news", NEWS)
    page = add("/news")
    assert look(page).outcome == "first"
    same = look(page, 24)
    assert (same.outcome, same.text, page.state) == ("same", "", "unchanged")
    site.page("/news", NEWS.replace("480", "720").replace("2025-01", "2026-01"))
    assert look(page, 48).outcome == "changed"
    assert (page.state, told("watch_changed")) == ("changed", {"王强", "孙丽"})
    site.page("/news", NEWS.replace("480", "960").replace("2025-01", "2026-01"))
    look(page, 72)
    assert notify.Message.objects.filter(kind="watch_changed").count() == 2  # who has to look was told already
    shown = signed_in("wang").get(page.get_absolute_url())
    pieces = [piece for hunk in shown.context["hunks"] for piece in hunk.pieces]
    assert ("out", "480") in pieces
    assert ("in", "960") in pieces
    client = signed_in("wang")
    url = f"{page.get_absolute_url()}decide/"
    said = {"version": page.version, "decision": "report", "remark": "盐雾 480 → 960 h"}
    assert client.post(url, {**said, "remark": " "}).status_code == 422
    assert client.post(url, said).status_code == 302
    page.refresh_from_db()
    assert (page.state, page.base_id, page.latest.decided_by) == ("unchanged", page.latest_id, company.wang)
    assert look(page, 96).outcome == "same"
    with pytest.raises(visiting.CannotDecide):
        visiting.decide(page=page, decision="nothing", remark="x", by=company.wang, now=cast.NOW, expected=page.version)


def test_a_page_that_changes_back_needs_nobody(add: Any, site: server.Site) -> None:
    site.page("/", NEWS)
    page = add("/")
    look(page)
    site.page("/", NEWS.replace("</body>", "<p>维护中</p></body>"))
    look(page, 24)
    site.page("/", NEWS)
    assert (look(page, 48).outcome, page.state) == ("back", "unchanged")


def test_what_does_not_count_is_no_change(add: Any, site: server.Site) -> None:
    def body(counter: int, inside: str = "A 版") -> str:
        return (
            f"{HEAD}<p>访问 {counter} 次，2026年3月{counter}日</p><p>标准开始</p><p>{inside}</p><p>标准结束</p></body>"
        )

    site.page("/", body(1))
    numbers, part = add("/", ignores_numbers=True), add("/", part_begins="标准开始", part_ends="标准结束")
    look(numbers), look(part)
    site.page("/", body(22))
    assert [look(each, 24).outcome for each in (numbers, part)] == ["same", "same"]
    site.page("/", body(22, "B 版"))
    assert [look(each, 48).outcome for each in (numbers, part)] == ["changed", "changed"]
    site.page("/", HEAD + "<p>全新页面</p>")
    gone = look(part, 72)
    assert (gone.outcome, gone.trouble) == ("failed", "part_gone")


def test_only_what_the_selector_means_counts(add: Any, site: server.Site) -> None:
    said = '<div id="news"><p class="item new">现行版本：%s</p><p class="item">CSR 下载</p></div><p>今日访问 %s</p>'
    site.page("/parts", HEAD + said % ("2025-01", "1") + "</body></html>")
    page = add("/parts", selector="#news .item")
    first = look(page)
    assert (first.outcome, first.text) == ("first", "现行版本：2025-01\nCSR 下载")
    site.page("/parts", HEAD + said % ("2025-01", "2") + "</body></html>")
    assert look(page, 24).outcome == "same"
    site.page("/parts", HEAD + said % ("2026-01", "3") + "</body></html>")
    assert look(page, 48).outcome == "changed"
    site.page("/parts", HEAD + "<p>改版</p></body></html>")
    gone = look(page, 72)
    assert (gone.outcome, gone.trouble) == ("failed", "selector_gone")
    assert "#news .item" in lists.trouble_of(gone)
    with pytest.raises(pages.CannotWatch) as refused:
        add("/parts", selector="p:nth-child(2)")
    assert refused.value.field == "selector"


def test_several_people_keep_a_page(add: Any, site: server.Site, company: cast.Company) -> None:
    site.page("/news", NEWS)
    page = add("/news", others=[company.zhao, company.zhou])
    look(page)
    site.page("/news", NEWS.replace("480", "720"))
    look(page, 24)
    assert told("watch_changed") == {each.name for each in (company.wang, company.sun, company.zhao, company.zhou)}
    assert queries.waiting_for(people.fresh(company.zhou)).get() == page
    said = {"decision": "nothing", "remark": "盐雾时间"}
    visiting.decide(page=page, by=people.fresh(company.zhao), now=cast.NOW, expected=page.version, **said)
    with pytest.raises(pages.CannotWatch) as refused:
        add("/news", others=[company.wang])
    assert refused.value.field == "others"


@pytest.mark.parametrize(
    ("selector", "path"),
    [
        ("main", "//main"),
        ("#a > p.b", "//*[@id='a']/p[contains(concat(' ', normalize-space(@class), ' '), ' b ')]"),
        ('td[data-x="1"], TH[y]', "//td[@data-x='1'] | //th[@y]"),
        ("p:hover", None),
        ("> p", None),
        ("a, ", None),
        ("p + p", None),
        ("", None),
        ("a['or 1=1", None),
    ],
)
def test_selectors_are_read_or_refused(selector: str, path: str | None) -> None:
    assert rules.xpath_of(selector) == path


def test_a_server_that_says_nothing_changed_is_believed(add: Any, site: server.Site) -> None:
    site.page("/", NEWS, ETag='"1"', **{"Last-Modified": "Mon, 02 Mar 2026 01:00:00 GMT"})
    page = add("/")
    look(page)
    again = look(page, 24)
    assert (again.status, again.outcome) == (304, "same")
    assert site.asked[-1][1]["If-None-Match"] == '"1"'
    assert site.asked[-1][1]["If-Modified-Since"] == "Mon, 02 Mar 2026 01:00:00 GMT"


def test_chinese_pages_are_read_whatever_says_their_character_set(add: Any, site: server.Site) -> None:
    text = "顾客特殊要求第八版"
    meta = f'<html><head><meta charset="gb2312"></head><body><p>{text}</p></body></html>'
    site.page("/meta", meta.encode("gb18030"), "text/html")
    site.page("/header", f"<html><body><p>{text}</p></body></html>".encode("gb18030"), "text/html; charset=gb2312")
    assert [look(add(path)).text for path in ("/meta", "/header")] == [text, text]


def test_files_are_compared_by_their_bytes(add: Any, site: server.Site, signed_in: Callable[[str], Client]) -> None:
    site.page("/csr.pdf", b"%PDF-1.7 one", "application/pdf")
    page = add("/csr.pdf")
    assert look(page).is_file
    site.page("/csr.pdf", b"%PDF-1.7 another", "application/pdf")
    assert look(page, 24).outcome == "changed"
    assert signed_in("wang").get(page.get_absolute_url()).status_code == 200


def test_a_page_that_does_not_come_is_tried_again_later_and_told_once(add: Any, site: server.Site) -> None:
    site.page("/", NEWS)
    page = add("/")
    look(page)
    del site.answers["/"]
    waits = []
    for n in range(1, 8):
        visit = look(page, 24 * n)
        assert (visit.status, visit.trouble, visit.about) == (404, "status", "404")
        waits.append((page.next_at - visit.at) / timedelta(hours=1))
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert (page.state, page.failures) == ("unreachable", 7)
    assert notify.Message.objects.filter(kind="watch_unreachable").count() == 2  # keeper and deputy, once
    site.page("/", NEWS)
    assert (look(page, 300).outcome, page.state, page.failures) == ("same", "unchanged", 0)
    site.answers["/"] = (503, {"Retry-After": "36000"}, b"")
    look(page, 400)
    assert page.next_at == cast.NOW + timedelta(hours=410)


def test_a_change_that_waits_is_not_forgotten_when_the_page_goes_away(add: Any, site: server.Site) -> None:
    site.page("/", NEWS)
    page = add("/")
    look(page)
    site.page("/", NEWS.replace("</body>", "<p>新</p></body>"))
    look(page, 24)
    del site.answers["/"]
    for n in range(2, 6):
        look(page, 24 * n)
    assert page.state == "changed"


TROUBLE: dict[str, tuple[Any, str]] = {
    "drips its head": (server.drip_headers, "slow"),
    "drips its body": (server.drip_body, "slow"),
    "endless": (server.endless, "too_large"),
    "bomb": ((200, {"Content-Encoding": "gzip"}, server.bomb(30)), "bomb"),
    "no gzip": ((200, {"Content-Encoding": "gzip"}, b"plain"), "broken"),
    "packed otherwise": ((200, {"Content-Encoding": "br"}, b"x"), "packed"),
    "leads inside": ((302, {"Location": "http://127.0.0.1:9/"}, b""), "inside"),
    "leads to the cloud": ((302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""), "inside"),
    "leads to a file": ((302, {"Location": "file:///etc/passwd"}, b""), "inside"),
    "leads in a circle": ((302, {"Location": "/x"}, b""), "hops"),
    "says nothing": ((200, {"Content-Type": "text/html"}, b"<html><script>go()</script></html>"), "no_text"),
    "empty": ((200, {"Content-Type": "text/html"}, b""), "no_text"),
}


@pytest.mark.parametrize("which", TROUBLE)
def test_whatever_a_server_does_a_visit_ends(
    which: str, add: Any, site: server.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 2.0)
    site.answers["/x"], expected = TROUBLE[which]
    page, began = add("/x"), time.monotonic()
    visit = look(page)
    assert (visit.outcome, visit.trouble) == ("failed", expected)
    assert time.monotonic() - began < 15


def test_every_hop_is_looked_up_and_must_lead_outside(
    add: Any, site: server.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that was public when the page was added leads inside later."""
    page = add("/x")
    models.Page.objects.filter(pk=page.pk).update(address="http://two-faces.com/")
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_more: [(2, 1, 6, "", ("10.0.0.7", port))])
    assert look(page).trouble == "inside"


def test_a_good_redirection_is_followed_and_told(add: Any, site: server.Site) -> None:
    site.answers["/old"] = (301, {"Location": "/new"}, b"")
    site.page("/new", NEWS)
    assert look(add("/old")).came_from == site.url("/new")


@pytest.mark.parametrize("address", ["http://10.0.0.1/", "ftp://a.com/", "https://u:p@a.com/", "https://[::1]/"])
def test_addresses_inside_are_not_kept(address: str, company: cast.Company) -> None:
    with pytest.raises(pages.CannotWatch):
        pages.add(name="x", address=address, keeper=company.wang, by=people.fresh(company.lina), now=cast.NOW)


def test_names_for_examples_are_never_fetched(company: cast.Company) -> None:
    said: Any = {"keeper": company.wang, "by": people.fresh(company.lina), "now": cast.NOW}
    page = pages.add(name="x", address="https://www.oem.example/csr", **said)
    assert page.next_at is None
    with pytest.raises(pages.CannotWatch):
        pages.look_now(page=page, by=company.wang, now=cast.NOW)


def test_the_clock_asks_once_for_what_is_due(add: Any, site: server.Site) -> None:
    page = add("/x")
    jobs = kit.Job.objects.filter(name="watches.look")
    assert jobs.count() == 1  # asked for when it was added
    look_for_due()
    assert jobs.count() == 1
    models.Page.objects.filter(pk=page.pk).update(next_at=cast.NOW + timedelta(hours=1), is_active=False)
    look_for_due()
    assert jobs.count() == 1


def test_the_worker_looks_when_a_page_is_due_and_not_before(add: Any, site: server.Site) -> None:
    site.page("/", NEWS)
    page = add("/")
    with time_machine.travel(cast.NOW, tick=False):
        look_at(page.pk)
        look_at(page.pk)  # asked for twice: the next visit is tomorrow
    assert [visit.outcome for visit in page.visits.all()] == ["first"]
    assert len(site.asked) == 1


def test_another_address_begins_anew_and_what_was_asked_before_is_dropped(
    add: Any, site: server.Site, company: cast.Company
) -> None:
    site.page("/a", NEWS)
    page = add("/a")
    look(page)
    before = people.fresh(page)
    pages.change(
        page=people.fresh(page), address=site.url("/b"), by=people.fresh(company.lina), now=cast.NOW,
        expected=page.version,
    )  # fmt: skip
    answer = fetching.Answer(200, NEWS.encode(), media="text/html")
    assert visiting.keep(page=before, answer=answer, by=actors.PROGRAM, now=cast.NOW) is None
    page.refresh_from_db()
    assert (page.state, page.base, page.etag) == ("new", None, "")


def test_a_page_is_as_confidential_as_what_it_belongs_to(
    company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    scope = people.scope_of(company.lina)
    customer = people.customer(company, "XEV", "保密车企", scope=scope)
    said: Any = {"address": "https://x.example/", "by": people.fresh(company.lina), "now": cast.NOW}
    with pytest.raises(pages.CannotWatch):
        pages.add(name="页", customer=customer, keeper=company.wang, **said)
    page = pages.add(name="保密页", customer=customer, keeper=people.fresh(company.lina), **said)
    assert signed_in("wang").get(page.get_absolute_url()).status_code == 404
    assert "保密页" not in signed_in("wang").get("/watches/pages/").content.decode()
    assert "保密页" in signed_in("lina").get("/watches/pages/").content.decode()


def test_who_is_not_told_and_may_not_edit_decides_nothing(add: Any, company: cast.Company) -> None:
    page = add("/x")
    with pytest.raises(refusals.NotAllowed):
        visiting.decide(page=page, decision="nothing", remark="x", by=company.auditor, now=cast.NOW, expected=1)
    with pytest.raises(refusals.NotAllowed):
        pages.look_now(page=page, by=company.auditor, now=cast.NOW)


def test_a_new_edition_leads_to_its_document(
    add: Any, site: server.Site, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    customer = people.volkswagen(company)["svw"]
    by = people.fresh(company.lina)
    document = documents.add(title="手册", kind="manual", customer=customer, by=by, now=cast.NOW)
    site.page("/", NEWS)
    page = add("/", document=document)
    assert page.customer == customer
    look(page)
    site.page("/", NEWS.replace("</body>", "<p>新</p></body>"))
    look(page, 24)
    said = {"version": page.version, "decision": "edition", "remark": "换版"}
    answer = signed_in("wang").post(f"{page.get_absolute_url()}decide/", said)
    assert answer["Location"] == f"/sources/{document.pk}/editions/add/"


def test_from_the_dialog_a_new_requirement_goes_on_to_be_reported(
    add: Any, site: server.Site, signed_in: Callable[[str], Client]
) -> None:
    site.page("/", NEWS)
    page = add("/")
    look(page)
    site.page("/", NEWS.replace("480", "720"))
    look(page, 24)
    said = {"version": page.version, "decision": "report", "remark": "盐雾 720 h"}
    answer = signed_in("wang").post(f"{page.get_absolute_url()}decide/", said, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "盐雾 720 h" in signed_in("wang").get(answer["HX-Redirect"]).content.decode()


def test_pages_are_handed_over(add: Any, company: cast.Company) -> None:
    page = add("/x")
    by = people.fresh(company.lina)
    held = giving.in_hand(company.wang, by, cast.NOW)
    assert [duty.label for duty in held.duties] == ["供应商要求页"]
    giving.give(
        key=page.pk, holder=company.wang, to=company.sun, last_on=cast.NOW.date(), reason="", expected=page.version,
        by=by, now=cast.NOW,
    )  # fmt: skip
    page.refresh_from_db()
    assert (page.keeper, page.deputy) == (company.sun, None)


def test_overview_and_page_cost_the_same_whatever_there_is(
    add: Any, site: server.Site, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("wang")

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    site.page("/", NEWS)
    page = add("/")
    look(page), look(page, 24)
    urls = ("/watches/", "/watches/pages/", page.get_absolute_url())
    [cost(url) for url in urls]
    first = [cost(url) for url in urls]
    for n in range(8):
        more = add(f"/{n}")
        for at in range(3):
            look(more, at)
        look(page, 48 + n)
    assert [cost(url) for url in urls] == first


def test_programs_read_pages_and_visits(add: Any, site: server.Site, company: cast.Company) -> None:
    site.page("/", NEWS)
    page = add("/")
    look(page)
    program = programs.Program(company.auditor, may_write=False)
    assert [row["name"] for row in program.get("watches")["items"]] == ["供应商要求页"]
    assert [visit["outcome"] for visit in program.get(f"watches/{page.pk}/visits")] == ["first"]


def test_changes_are_told_line_by_line_within_bounds() -> None:
    old = "\n".join(f"第 {n} 条 保持不变" for n in range(3000))
    began = time.monotonic()
    hunks = rules.changes(old, old.replace("第 7 条", "第 7 条（修订）"))
    assert [dict(hunk.pieces).get("in") for hunk in hunks] == ["（修订）"]
    assert len(rules.changes("\n".join("ab" * 9), "\n".join("cd" * 9000))) <= rules.MOST_HUNKS
    assert rules.changes("a 1", "a 2", ignores_numbers=True) == []
    assert time.monotonic() - began < 20
