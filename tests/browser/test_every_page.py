"""Every page of the product, by whoever may open it: it fits at both widths, is accessible, and speaks Chinese.

The addresses are found as people find them: from page to page, by the links that stand there.
"""

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext, Browser, Page

from tests.browser.conftest import PHONE, WIDE, Product, Room
from tests.browser.seats import AT_REST, barriers
from tests.house import tree
from yinuo.sources.readers import withdrawn

# Who walks through which rooms: between them they may open everything.
WALKERS = {
    "lina": (
        "desk", "cases", "comparisons", "customers", "imports", "letters", "notify", "org", "procedures", "records",
        "search", "sources", "watches", "changes",
    ),
    "zhou": ("desk", "cases", "changes", "letters", "procedures", "records", "reports", "sources"),
    "wang": ("desk", "procedures"),
    "admin": ("desk", "letters", "messengers", "org", "notify", "records"),
}  # fmt: skip
LINK = re.compile(r'(?:href|hx-get|data-search|data-suggest|action)="(/[^"#?]*)([^"#]*)')
EACH = 1  # pages of one address that are followed
# Pages whose links depend on how far things are: more of them are followed.
HUBS = {"cases:case": 40, "procedures:task": 40, "letters:thread": 12, "customers:customer": 6, "org:site": 3,
        "records:files": 12, "records:timeline": 12, "changes:change": 12, "sources:document": 9, "sources:edition": 12,
        "watches:page": 3}  # fmt: skip

# Addresses that no link of the demo company leads to today, with what would have to happen first. They are pages or
# dialogs of the same templates as those that are opened; stories and the rooms' own tests open them.
NOT_TODAY = {
    "cases:case_assignment": "a case that was given out by the rules",
    "cases:case_merge_into": "a case of the same customer chosen from the list; in the story of joining",
    "reports:asked_before": "two requests that ask the same",
    "reports:repeat": "two requests that ask the same; in the room's own tests",
    "reports:repeat_apart": "two requests that ask the same",
    "reports:repeat_bring": "two requests that ask the same",
    "cases:case_unrelate": "a case that is linked to another; in the story of joining",
    "messengers:deliveries": "something that was sent; in the room's own tests",
    "messengers:receiver": "a group or program that is told; in the room's own tests",
    "messengers:receiver_change": "a group or program that is told",
    "org:batch": "rows of a list that stayed as they were; in the story of views",
    "org:bulk": "rows of a list that are chosen; in the story of views",
    "org:view_edit": "a view that somebody saved; in the story of views",
    "org:view_new": "a list that is filtered; in the story of views",
    "cases:case_reopen": "a case that ended and may be reopened",
    "cases:case_findings": "a case that came from a report; in the story of findings",
    "cases:finding": "a report; in the story of findings",
    "cases:finding_dismiss": "a report that waits to be sorted",
    "cases:finding_file": "a report with a file",
    "cases:finding_join": "a report that waits to be sorted",
    "cases:finding_open": "a report that waits to be sorted",
    "cases:finding_similar": "a report that waits to be sorted",
    "cases:feedback": "a signed link; opened by the customer in the story of S5",
    "cases:item_answer": "an alternative that waits for the customer; in the story of S5",
    "cases:item_confirm": "spoken words that wait for confirmation; in the story of S5",
    "cases:item_more": "a company with fields of its own on items",
    "cases:sample_move": "an object that is kept",
    "cases:sample_void": "an object that is kept",
    "comparisons:comparison": "an exported workbook that came back; in the room's own tests",
    "comparisons:comparison_source": "an exported workbook that came back",
    "imports:import_faults": "a workbook that was brought; in the story of sheets",
    "imports:import_one": "a workbook that was brought; in the story of sheets",
    "imports:import_source": "a workbook that was brought",
    "imports:import_table": "a workbook that was brought",
    "letters:draft_change": "a draft of a letter",
    "letters:letter_send_back": "a draft of a letter",
    "letters:mailbox_change": "a mailbox that is looked at",
    "letters:mailbox_look": "a mailbox that is looked at",
    "letters:mail": "a mail that came; in the room's own tests",
    "letters:mail_hand_on": "a mail that was only kept",
    "letters:letter_mail": "a released letter, and a mailbox that sends",
    "letters:mail_cancel": "a mail that is about to leave",
    "letters:mail_decide": "a mail of which nobody knows whether it left",
    "letters:mail_now": "a mail that waits for another try",
    "letters:plan_now": "a report of progress that is planned",
    "letters:sender": "a mailbox that is looked at",
    "letters:letter_sent": "a released letter that goes out by hand",
    "letters:letter_withdraw": "a draft of a letter",
    "letters:spoken_settle": "spoken words in a letter",
    "letters:thread_reopen": "a closed talk",
    "org:hand_over": "work that was handed over; in the story of it",
    "org:hand_over_state": "work that is being handed over",
    "org:invitation": "a signed link; once",
    "org:letterhead_preview": "a picture inside the page of the letterhead",
    "org:location_edit": "a place within a site",
    "org:person_admit": "somebody who was barred",
    "org:year_known": "a year without data",
    "procedures:draft": "a draft; looked at in the stories of the editor",
    "procedures:draft_discard": "a draft",
    "procedures:draft_publish": "a draft; in the stories of the editor",
    "procedures:draft_read_in": "a draft",
    "procedures:draft_sheet": "a draft; in the stories of the editor",
    "procedures:draft_text": "a draft; in the stories of the editor",
    "procedures:draft_try": "a draft; looked at in the stories of the editor",
    "org:sign_in": "whoever is signed in is led on; in the stories of keys",
    "reports:saved_report": "a report that somebody saved; in the room's own tests",
    "reports:saved_edit": "a report that somebody saved",
    "reports:saved_paper": "a report that somebody saved; in the room's own tests",
    "reports:saved_picture": "a picture inside the page of a saved report",
    "reports:saved_sending": "a report that somebody saved; in the room's own tests",
    "records:entry_redact": "an entry that may be redacted by whoever looks at it",
    "records:file_keep": "a file that is kept by whoever looks at it",
    "records:hold_new": "a subject that may be held by whoever looks at it",
    "procedures:opinion_confirm": "an opinion entered for somebody",
    "procedures:opinion_withdraw": "an opinion that one entered for somebody",
    "procedures:task_end_delegation": "a task that somebody does on one's behalf",
    "procedures:opinion_reject": "an opinion entered for somebody",
    "procedures:run_migrate": "a newer edition",
    "procedures:run_reopen": "a run that ended",
    "procedures:run_resume": "a run on hold",
    "procedures:task_paper": "a task to sign that is one's own",
    "procedures:task_withdraw": "a task that one has just finished",
    "records:hold_lift": "a hold on files",
    "sources:loading": "a list of a standard that somebody brings; in the room's own tests",
    "sources:obsolete_one": "something withdrawn that a clause names; in the room's own tests",
    "sources:obsolete_settle": "something withdrawn that a clause names",
    "sources:obsolete_ask": "something withdrawn that a clause names",
    "sources:withdrawn_change": "an entry of the company's own; in the room's own tests",
    "sources:page_picture": "a picture inside the page on which clauses are checked; in the story of documents",
}


@dataclass
class Walk:
    """Where one can go: per address its page's URL, and by whom it is opened."""

    room: Room
    seats: dict[str, Page] = field(default_factory=dict)
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # name of address → who, URL
    parts: set[str] = field(default_factory=set)  # addresses that give a part of a page, a file or data
    looked: set[tuple[str, str]] = field(default_factory=set)  # whose look at which address
    refused: list[str] = field(default_factory=list)  # links that led to nothing

    def seat(self, who: str) -> Page:
        if who not in self.seats:
            self.seats[who] = self.room.seat(who)
        return self.seats[who]

    def walk(self, who: str) -> None:
        """From the work bench by every link, each address as often as `EACH` and `HUBS` say."""
        request = self.seat(who).request
        waiting, known, often = deque(["/"]), {"/"}, Counter[str]()
        while waiting:
            url = waiting.popleft()
            name = name_of(url)
            if name is None or name.partition(":")[0] not in WALKERS[who] or often[name] >= HUBS.get(name, EACH):
                continue
            often[name] += 1
            for link in self._open(who, name, url, request):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def _open(self, who: str, name: str, url: str, request: APIRequestContext) -> Iterator[str]:
        if (who, name) in self.looked and name not in HUBS:
            return iter(())
        self.looked.add((who, name))
        answer = request.get(url, max_redirects=0)
        if answer.status >= 400:
            self.refused.append(f"{who}: {answer.status} {url}")
            return iter(())
        text = answer.text() if "html" in answer.headers.get("content-type", "") else ""
        if "<html" in text:
            self.pages.setdefault(name, (who, url))
        else:
            self.parts.add(name)
        return (html.unescape(path + query) for path, query in LINK.findall(text))


def name_of(url: str) -> str | None:
    """The address that a URL belongs to, if it may be looked at."""
    try:
        found = resolve(url.partition("?")[0])
    except Resolver404:
        return None
    return found.view_name if "GET" in getattr(found.func, "methods", ()) else None


@pytest.fixture(scope="module")
def walked(product: Product, browser: Browser) -> Iterator[Walk]:
    walk = Walk(Room(product, browser))
    for who in WALKERS:
        walk.walk(who)
    yield walk
    walk.room.leave()
    assert walk.room.troubles == []


ROOMS = sorted({each.name.partition(":")[0] for each in tree.addresses()} - {"kit"})
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is read on a page: its text, and what is said of fields and pictures.
READ = """[document.body.innerText, ...[...document.querySelectorAll('[placeholder], [aria-label], [title], [alt]')]
    .filter(e => e.checkVisibility() && !e.closest('[lang=en]'))
    .map(e => ['placeholder', 'aria-label', 'title', 'alt'].map(each => e.getAttribute(each)).join(' '))].join('\\n')"""
WORD = re.compile(r"(?<![\w@./:-])[A-Za-z]{4,}(?![\w@/:-]|\.\w)")
# What a Chinese page writes in Latin letters too; and as wholes the codes and names in the demo company's data.
LATIN = set(
    """CSR Chrome Code Ctrl Enter English Excel FMEA Ford IATF IMAP IMDS JPEG Linux MMOG Outlook PPAP PPM REACH STARTTLS
    TISAX WeChat Webhook Word YAML Yinuo year""".split()  # noqa: SIM905
)
SAID = [
    re.escape(said.strip('"'))
    for path in sorted(tree.HOUSE.glob("desk/demo/*.yaml"))
    for said in re.findall(r'\b(?:en|latin|code|in|address_en): ("[^"]+"|[^,}\[\]]+)', path.read_text("utf-8"))
]
# Names of companies, standards and publishers in what the program knows to be withdrawn, as they are said in Chinese.
SAID += {
    re.escape(name)
    for entry in withdrawn.entries("zh")
    for name in re.findall(r"[A-Za-z][\w&./-]*", f"{entry.name} {entry.successor} {entry.source}")
}
DATA = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(SAID, key=len, reverse=True))})(?!\w)")


def latin_of(page: Page) -> list[str]:
    """The English words that a reader of Chinese would meet; what is to be typed as it stands is none."""
    text = page.evaluate(READ)
    for said in inner_texts(page, "[lang=en]"):
        text = text.replace(said, " ")
    text = DATA.sub(" ", text)
    for said in inner_texts(page, "code"):
        text = text.replace(said, " ")
    return sorted(set(WORD.findall(text)) - LATIN)


def inner_texts(page: Page, selector: str) -> list[str]:
    """Longest first: so none of them is cut by a shorter one before its turn."""
    return sorted(filter(None, page.locator(selector).all_inner_texts()), key=len, reverse=True)


def test_every_address_is_reached(walked: Walk) -> None:
    """By links; what no link leads to today says why, and no link leads into nothing."""
    known = {*walked.pages, *walked.parts, *NOT_TODAY}
    wanted = {each.name for each in tree.addresses() if "GET" in getattr(each.view, "methods", ())}
    assert walked.refused == []
    assert sorted(wanted - known) == []


@pytest.mark.parametrize("room", ROOMS)
def test_pages_fit_are_accessible_and_speak_chinese(walked: Walk, room: str) -> None:
    wrong = []
    for name, (who, url) in walked.pages.items():
        if name.startswith(f"{room}:"):
            wrong += [f"{name} {url} ({who}): {each}" for each in faults_of(walked.seat(who), url)]
    assert wrong == []


def faults_of(page: Page, url: str) -> Iterator[str]:
    page.set_viewport_size(WIDE)
    answer = page.goto(url)
    page.wait_for_function(AT_REST)
    if answer is None or answer.status != 200:
        yield f"status {answer and answer.status}"
    if english := latin_of(page):
        yield f"English: {english}"
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        if (overflow := page.evaluate(TOO_WIDE)) > 0:
            yield f"{overflow} px wider than {size['width']}"
        yield from (f"{rule} at {size['width']}: {where} ({why})" for rule, where, why in barriers(page))


def test_pages_are_there_in_english(walked: Walk) -> None:
    wrong = []
    for who in WALKERS:
        speak(walked.seat(who), "English", "en")
        for name, (opener, url) in walked.pages.items():
            if opener == who:
                answer = walked.seat(who).request.get(url)
                if answer.status != 200 or '<html lang="en"' not in answer.text():
                    wrong.append(f"{name} {url}: {answer.status}")
        speak(walked.seat(who), "中文", "zh-Hans")
    assert wrong == []


def speak(page: Page, language: str, code: str) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/")
    page.locator(".top-person").click()
    page.get_by_role("button", name=language).click()
    page.wait_for_function("language => document.documentElement?.lang === language", arg=code)
