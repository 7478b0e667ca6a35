"""Tags and filters of the pages: dates in words, hits marked, addresses, rights, rows of a list."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django import forms as django_forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from yinuo.kit import lists, moments, plugs, subjects
from yinuo.kit.templatetags import kit

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Monday 17:00 in Shanghai


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


def rendered(text: str, **values: object) -> str:
    return Template(text).render(Context(values))


def words(element: str) -> str:
    """The text of a piece of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", element))


class Reader:
    """Somebody at the screen who holds the permissions given."""

    is_authenticated = True

    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def may(self, permission: str, scope_id: int | None = None, site_id: int | None = None) -> bool:
        return permission in self.permissions and scope_id != 13


# Moments -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "shown"),
    [
        (timedelta(seconds=-20), "just now · 16:59"),
        (timedelta(minutes=-12), "12 minutes ago · 16:48"),
        (timedelta(hours=-3), "today 14:00 · 11-23"),
        (timedelta(hours=-18), "yesterday 23:00 · 11-22"),
        (timedelta(hours=7, minutes=30), "tomorrow 00:30 · 11-24"),
        (timedelta(days=-3), "3 days ago · 11-20 17:00"),
        (timedelta(days=20), "in 20 days · 12-13 17:00"),
        (timedelta(days=-60), "09-24 17:00"),
        (timedelta(days=-400), "2025-10-19 17:00"),
    ],
)
def test_a_moment_reads_relative_and_absolute_in_the_local_day(away: timedelta, shown: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert words(kit.moment(NOW + away)) == shown


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_every_moment_shows_its_minute_or_its_day(at: datetime) -> None:
    near, far = moments.moment_words(at, NOW)
    local = at.astimezone(timezone.get_current_timezone())
    assert f"{local:%H:%M}" in near + far
    if not (timedelta(0) <= NOW - at < timedelta(hours=1)):
        assert f"{local:%m-%d}" in far


@pytest.mark.parametrize(
    ("on", "shown"), [(date(2026, 11, 24), "tomorrow · 11-24"), (date(2027, 3, 1), "2027-03-01"), (None, "")]
)
def test_a_day_reads_relative_and_absolute(on: date | None, shown: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert words(kit.day(on)) == shown


@pytest.mark.parametrize(
    ("hours", "overdue", "shown", "kind"),
    [
        (5, None, "by today 22:00 · 11-23", "due-soon"),
        (25, None, "by tomorrow 18:00 · 11-24", '"due"'),
        (24 * 5, None, "by 11-28 17:00 · in 5 days", '"due"'),
        (24 * 90, None, "by 2027-02-21 17:00", '"due"'),
        (-0.5, None, "overdue · 11-23 16:30", "due-late"),
        (-3, None, "overdue by 3 hours · 11-23 14:00", "due-late"),
        (-72, None, "overdue by 3 days · 11-20 17:00", "due-late"),
        (-72, 1, "overdue by 1 working day · 11-20 17:00", "due-late"),
    ],
)
def test_what_is_due_says_by_when_or_how_late(hours: float, overdue: int | None, shown: str, kind: str) -> None:
    element = kit.due(NOW + timedelta(hours=hours), now=NOW, overdue=overdue)
    assert words(element) == shown
    assert kind in element


def test_what_is_done_is_never_shown_as_late() -> None:
    element = kit.due(NOW - timedelta(days=9), now=NOW, done=NOW)
    assert words(element) == "11-14 17:00"
    assert "late" not in element


def test_chinese_words_stand_for_the_same_days(settings: object) -> None:
    with translation.override("zh-hans"), time_machine.travel(NOW, tick=False):
        assert words(kit.day(date(2026, 11, 24))) == "明天 · 11-24"


# Text ----------------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.text(st.characters(exclude_characters="\ue000\ue001")), st.booleans())))
def test_marking_hits_changes_no_text_and_lets_no_markup_in(pieces: list[tuple[str, bool]]) -> None:
    text = "".join(f"\ue000{piece}\ue001" if is_hit else piece for piece, is_hit in pieces)
    shown = kit.marked(text)
    plain = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert html.unescape(plain) == html.unescape(html.escape("".join(piece for piece, _is_hit in pieces)))
    assert shown.count("<mark>") == sum(is_hit for _piece, is_hit in pieces)


@pytest.mark.parametrize("torn", ["\ue000half", "half\ue001", "\ue001a\ue000b"])
def test_a_torn_mark_is_dropped(torn: str) -> None:
    assert "\ue000" not in kit.marked(torn)
    assert "<mark>" not in kit.marked(torn)


def test_two_languages_fall_back_on_each_other() -> None:
    assert kit.in_language({"zh": "顾客", "en": "Customer"}) == "Customer"
    assert kit.in_language({"zh": "顾客", "en": ""}) == "顾客"
    with translation.override("zh-hans"):
        assert kit.in_language({"zh": "顾客", "en": "Customer"}) == "顾客"


def test_a_badge_has_a_shape_a_word_and_no_markup_from_outside() -> None:
    assert kit.badge("late", "<b>逾期</b>").count("<svg") == 1
    assert "&lt;b&gt;逾期" in kit.badge("late", "<b>逾期</b>")
    assert "state-quiet" in kit.badge("unheard-of", "归档")
    shapes = {kit.badge(group, "").split("<svg")[1] for group in kit.GROUPS}
    assert len(shapes) == len(kit.GROUPS), "two groups that look alike on a grey print"


# Addresses, rights, panels -------------------------------------------------------------------------------------------


def test_query_changes_and_removes_keys() -> None:
    request = RequestFactory().get("/cases/?state=open&after=x&q=盐雾")
    link = rendered("{% query sort='due' after=None q='' %}", request=request)
    assert html.unescape(link) == "?state=open&sort=due"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{% may "cases.open" %}yes{% else %}no{% endmay %}', "yes"),
        ('{% may "cases.close" %}yes{% else %}no{% endmay %}', "no"),
        ('{% may "cases.close" %}yes{% endmay %}', ""),
        ('{% may "cases.open" 13 %}yes{% else %}no{% endmay %}', "no"),
        ('{% may "cases.open" 12 as ok %}{{ ok }}', "True"),
    ],
)
def test_may_asks_the_person_at_the_screen(text: str, shown: str) -> None:
    request = SimpleNamespace(user=Reader("cases.open"))
    assert rendered(text, request=request) == shown


def test_may_without_a_permission_is_a_mistake_in_the_template() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% may %}yes{% endmay %}")


def test_nobody_may_anything() -> None:
    request = SimpleNamespace(user=SimpleNamespace(is_authenticated=False))
    assert rendered('{% may "cases.open" %}yes{% else %}no{% endmay %}', request=request) == "no"


def test_every_form_gets_a_key_of_its_own() -> None:
    first, second = (re.search('value="(.{16,80})"', rendered("{% once %}"))[1] for _ in range(2))
    assert first != second


def test_panels_shows_what_is_plugged_into_the_slot_and_has_something(monkeypatch: pytest.MonkeyPatch) -> None:
    board = plugs.Board("panel", "")
    board.plug("customers.customer/cases", lambda subject, person: f"/cases/of/{subject.id}", zh="要求", en="Requests")
    board.plug("customers.customer/letters", lambda subject, person: None, en="Letters")
    board.plug("customers.customers/none", lambda subject, person: "/wrong", en="Wrong")
    monkeypatch.setattr(plugs, "panels", board)
    shown = rendered(
        "{% panels 'customers.customer' subject %}",
        request=SimpleNamespace(user=Reader()),
        subject=subjects.Ref("customers.customer", 7, "上汽大众（示例）"),
    )
    assert 'hx-get="/cases/of/7"' in shown
    assert "Requests" in shown
    assert "Letters" not in shown
    assert "Wrong" not in shown


# Lists ---------------------------------------------------------------------------------------------------------------

SHEET = lists.Sheet(
    name="test.rows",
    columns=[
        lists.Column("number", "Number", lambda row: row.number, kind="link", sort="number"),
        lists.Column("title", "Title", lambda row: row.title),
        lists.Column("state", "State", lambda row: row.state, kind="badge", narrow=False),
        lists.Column("due", "Due", lambda row: row.due, kind="due", sort="due_at"),
    ],
    filters=[lists.Filter("q", "Words", lambda rows, value: rows, kind="text")],
    sorts={
        "due": ("Due first", "due_at", False),
        "new": ("Newest", "number", True),
        "old": ("Oldest", "number", False),
    },
    empty="Register the first one.",
)


def page_of(*rows: object, **changes: object) -> lists.Page:
    values = {
        "sheet": SHEET,
        "rows": [(row, [lists.Cell(column, column.value(row)) for column in SHEET.columns]) for row in rows],
        "total": len(rows),
        "more_than_total": False,
        "next_query": "",
        "query": "sort=due",
        "chosen": {"q": ""},
        "sort": "due",
        "filters": [(SHEET.filters[0], (), "")],
        "first": True,
    }
    return lists.Page(**{**values, **changes})


def row(number: str = "C-1", title: str = "盐雾试验", **changes: object) -> SimpleNamespace:
    values = {"number": number, "title": title, "state": ("late", "逾期"), "due": (NOW, True), **changes}
    return SimpleNamespace(**values, get_absolute_url=lambda: f"/cases/{number}/")


def list_of(page: lists.Page, address: str = "/cases/") -> str:
    request = RequestFactory().get(address)
    return Template('{% include "kit/list.html" %}').render(Context({"page": page, "request": request}))


def test_a_list_shows_rows_with_links_labels_and_escaped_text() -> None:
    shown = list_of(page_of(row(title="<script>alert(1)</script>"), row("C-2", title="", state=None, due=None)))
    assert '<a class="row-link" href="/cases/C-1/">C-1</a>' in shown
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert shown.count("is-blank") == 3
    assert 'data-label="State"' in shown
    assert "2 entries" in shown


def test_heads_turn_the_sort_over_where_there_are_two_ways() -> None:
    assert [head["key"] for head in kit.heads(page_of(sort="due"))] == ["new", "", "", "due"]
    turned = kit.heads(page_of(sort="new"))
    assert [head["key"] for head in turned] == ["old", "", "", "due"]
    assert [head["direction"] for head in turned] == ["descending", "", "", ""]


def test_an_empty_list_says_what_to_do_and_a_filtered_one_how_to_widen() -> None:
    assert "Register the first one." in list_of(page_of())
    filtered = list_of(page_of(chosen={"q": "zzz"}), "/cases/?q=zzz&tab=mine")
    assert "Register the first one." not in filtered
    assert 'href="/cases/?tab=mine"' in filtered


def test_turning_pages_keeps_what_the_list_does_not_own() -> None:
    page = page_of(row(), next_query="sort=due&after=abc", total=10_000, more_than_total=True)
    shown = list_of(page, "/cases/?tab=mine&after=old")
    assert "10,000+ entries" in shown
    assert 'href="/cases/?tab=mine&amp;sort=due&amp;after=abc"' in shown
    assert '<input type="hidden" name="tab" value="mine">' in shown


# Forms ---------------------------------------------------------------------------------------------------------------


class Sample(django_forms.Form):
    """A field of each layout."""

    title = django_forms.CharField(label="Title", help_text="Short")
    kind = django_forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=django_forms.RadioSelect, required=False)
    is_safe = django_forms.BooleanField(label="Safe", required=False)
    file = django_forms.FileField(label="File", required=False, widget=django_forms.FileInput(attrs={"data-drop": ""}))
    secret = django_forms.CharField(widget=django_forms.HiddenInput)


def test_a_fault_is_tied_to_its_control_and_counted_on_top() -> None:
    shown = str(Sample({}))
    described = re.search(r'<input[^>]*name="title"[^>]*>', shown)[0]
    for key in re.search('aria-describedby="([^"]+)"', described)[1].split():
        assert f'id="{key}"' in shown
    assert 'aria-invalid="true"' in described
    assert "is-invalid" in described
    assert "Please correct 2 entries." in shown


def test_each_kind_of_field_has_its_layout() -> None:
    shown = str(Sample())
    assert [kit.control_kind(field) for field in Sample().visible_fields()] == ["text", "choices", "checkbox", "drop"]
    assert "<legend" in shown
    assert "data-drop-zone" in shown
    assert shown.count("required</span>") == 1
    assert "form-faults" not in shown
