"""The cards of the board as HTML. In Python, not in the template: 150 cards cost 4 ms instead of 30."""

from datetime import date, datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from yinuo.cases import models as cases
from yinuo.kit import moments
from yinuo.kit.templatetags import kit
from yinuo.notify import rules as notify_rules
from yinuo.reports import rules
from yinuo.reports.definition import Column
from yinuo.reports.queries import board, counted

COLUMNS = {
    Column.LATE: gettext_lazy("Overdue"),
    Column.TODAY: gettext_lazy("Today"),
    Column.NEXT: gettext_lazy("Tomorrow"),
    Column.WEEK: pgettext_lazy("column", "This week"),
    Column.NEXT_WEEK: pgettext_lazy("column", "Next week"),
    Column.LATER: pgettext_lazy("column", "Later"),
}


def words_of(span: rules.Span) -> str:
    """The column's name: 明天 only where it is worked."""
    if span.column == Column.NEXT and span.first != span.last:
        return _("Next working day")
    return str(COLUMNS[span.column])


def away_words(each: board.Away) -> str:
    """11-26 14:00 – 11-28 17:30 请假，李娜代理."""
    from_at, to_at = timezone.localtime(each.from_at), timezone.localtime(each.to_at)
    said = {"from": f"{from_at:%m-%d %H:%M}", "to": f"{to_at:%m-%d %H:%M}", "delegate": each.delegate}
    if not each.delegate:
        return _("Away %(from)s – %(to)s, nobody stands in") % said
    return _("Away %(from)s – %(to)s, %(delegate)s stands in") % said


class Drawing:
    """Draws the bodies of lanes: cells by column, cards in them, absence behind. What all cards share is asked once."""

    def __init__(
        self, found: board.Board, columns: list[rules.Span], now: datetime, calendars: counted.Calendars, *,
        movable: bool, query: dict[str, Any],
    ) -> None:  # fmt: skip
        self.found, self.columns, self.now, self.calendars, self.movable = found, columns, now, calendars, movable
        self.drag = ' draggable="true"' if movable else ""
        self.zone = timezone.get_current_timezone()
        self.today = timezone.localtime(now).date()
        self.is_english = (get_language() or "").startswith("en")
        self.task_url = reverse("procedures:task", args=[0])
        self.move_url = f"{reverse('reports:board_move')}?{urlencode(query)}"
        self.move_href = escape(f"{self.move_url}&card=")
        self.column_words = [escape(words_of(span)) for span in columns]
        self.late_words: dict[tuple[int | None, date], str] = {}
        self.move, self.pick = escape(_("Move to …")), escape(pgettext("card", "Choose"))
        self.marks = {
            cases.Priority.TOP.value: kit.badge("late", cases.Priority.TOP.label),
            cases.Priority.URGENT.value: kit.badge("suspect", cases.Priority.URGENT.label),
        }
        self.safety = kit.badge("safety", _("Safety"))

    def body(self, lane: board.Lane) -> SafeString:
        """The cells of a lane, with the stretches of absence."""
        cells: list[list[str]] = [[] for _span in self.columns]
        for card in lane.cards:
            due = card.due_at.astimezone(self.zone) if card.due_at else None
            at = rules.place_of(due.date() if due else None, due is not None and due < self.now, self.columns)
            cells[at].append(self.card(card, due, self.columns[at]))
        found = []
        for at, inside in enumerate(cells):
            words = self.column_words[at]
            if inside:
                head = f'<p class="board-when" aria-hidden="true">{words}</p>'
                group = f'<div class="board-cell at-{at}" role="group" aria-label="{words}">'
                found.append(f"{group}{head}{''.join(inside)}</div>")
            else:
                found.append(f'<div class="board-cell at-{at} is-blank"></div>')
        for each in lane.away:
            words = escape(_("%(who)s stands in") % {"who": each.delegate} if each.delegate else _("away"))
            where = f"at-{each.span[0]} to-{each.span[1]}"
            found.append(f'<div class="board-away {where}" aria-hidden="true"><span>{words}</span></div>')
        return mark_safe("".join(found))  # every word in it is escaped above

    def card(self, card: board.Card, due: datetime | None, span: rules.Span) -> str:
        """One card: number and marks, step, customer and due moment; chosen, moved, opened by hand or key."""
        facts = self.found.facts.get(card.subject_id) if card.subject_type == counted.SUBJECT else None
        number = facts.number if facts else notify_rules.number_of(card.subject_label) or card.subject_label[:30]
        title, about = self._words(card.title_zh, card.title_en), self._words(card.about_zh, card.about_en)
        step = escape(f"{title} · {about}" if about else title)
        customer = escape(self._words(facts.customer_zh, facts.customer_en)) if facts else ""
        number, key, tools = escape(number), f"{card.pk}:{card.version}", ""
        if self.movable:
            tools = (
                f'<input class="board-pick tick" type="checkbox" name="card" value="{key}" tabindex="-1" '
                f'aria-label="{self.pick} {number}"><a class="board-move" href="{self.move_href}{key}" '
                f'data-dialog tabindex="-1" aria-label="{self.move} {number}"></a>'
            )
        return (
            f'<article class="board-card at-{span.column}" id="card-{card.pk}" data-card="{key}" data-row'
            f"{self.drag}>"
            f'<p class="board-first"><a class="row-link num" href="{self.task_url.replace("0", str(card.pk), 1)}">'
            f"{number}</a>{self._marks(facts)}</p>"
            f'<p class="board-step" title="{step}">{step}</p>'
            f'<p class="board-last"><span class="board-customer" title="{customer}">{customer}</span> '
            f"{self._due_words(card, due, span)}</p>{tools}</article>"
        )

    def _words(self, zh: str, en: str) -> str:
        return (en or zh) if self.is_english else (zh or en)

    def _marks(self, facts: board.Facts | None) -> str:
        if facts is None:
            return ""
        return (self.safety if facts.is_safety else "") + self.marks.get(facts.priority, "")

    def _due_words(self, card: board.Card, due: datetime | None, span: rules.Span) -> str:
        """How late it is; today and tomorrow at what time; else the day."""
        if due is None or card.due_at is None:
            return f'<span class="board-due">{escape(_("no due moment"))}</span>'
        kind, words = "", moments.date_text(due.date(), self.today)
        if span.column == Column.LATE:
            kind, words = " due-late", self._late_words(card.due_at, card.site_id)
        elif span.first == span.last:
            kind, words = " due-soon" if span.column == Column.TODAY else "", f"{due:%H:%M}"
        return f'<span class="board-due{kind}" title="{due:%Y-%m-%d %H:%M}">{words}</span>'

    def _late_words(self, due_at: datetime, site: int | None) -> str:
        """By how many working days; what was due on one day is reckoned once."""
        calendar = self.calendars[site]
        key = (site, calendar.day_of(due_at))
        if key not in self.late_words:
            days = calendar.overdue_working_days(due_at, self.now)
            if not days:
                return escape(moments.late_words(due_at, self.now, 0))
            self.late_words[key] = escape(moments.late_words(due_at, self.now, days))
        return self.late_words[key]
