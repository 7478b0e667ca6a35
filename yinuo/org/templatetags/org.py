"""Tags of the organisation's pages."""

from datetime import date
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from yinuo.kit import plugs
from yinuo.org import definition, models, queries, rules

register = template.Library()

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))


@register.filter
def pair(words: tuple[str, str]) -> str:
    """The reader's language of a (Chinese, English) pair."""
    return words[1] if (get_language() or "").startswith("en") else words[0]


@register.filter
def purpose(role: definition.Role) -> str:
    """What a role is for."""
    return pair((role.for_zh, role.for_en))


@register.filter
def browser(agent: str) -> str:
    """A browser's own description, in two words."""
    name = next((words for mark, words in BROWSERS if mark in agent), "")
    system = next((words for mark, words in SYSTEMS if mark in agent), "Linux" if "Linux" in agent else "")
    return " · ".join(filter(None, [name, system])) or _("unknown browser")


RELATIONS = {
    "delegate": pgettext_lazy("successor", "stands in now"),
    "superior": pgettext_lazy("successor", "superior"),
    "post": pgettext_lazy("successor", "same post"),
    "department": pgettext_lazy("successor", "same department"),
}


@register.filter
def relation(successor: queries.Successor) -> str:
    """What somebody proposed is to whoever leaves."""
    return str(RELATIONS[successor.relation])


@register.filter
def kind(row: models.HandedOver) -> str:
    """Of which kind something handed over is."""
    plug = plugs.duties.get(row.duty)
    return pair((plug.zh, plug.en))


FILLERS = {"休息日", "节日连休", "Day off", "Weekend of the holiday"}


@register.filter
def telling(names: tuple[str, ...]) -> str:
    """The names of a stretch of days, without those that only say that it is one."""
    return pgettext("between names", ", ").join([name for name in names if name not in FILLERS] or names)


@register.simple_tag
def calendar_cell(
    it: rules.DayShown, named: dict[date, models.CalendarDay], site: models.Site | None, manages: bool, today: date
) -> SafeString:
    """A day of the year's grid: whether it is worked, why, and the way to change it."""
    row = named.get(it.day)
    kinds = ["day", "day-work" if it.is_working else "day-off"]
    kinds += ["day-special"] if it.is_exception else []
    kinds += ["day-own"] if row and row.source != "state" else []
    kinds += ["day-today"] if it.day == today else []
    state = _("working day") if it.is_working else _("day off")
    words = f"{it.day.isoformat()} {state}" + (f" {row.name}" if row else "")
    current = mark_safe(' aria-current="date"') if it.day == today else ""
    if not manages:
        return format_html('<td class="{}" title="{}"{}>{}</td>', " ".join(kinds), words, current, it.day.day)
    url = reverse("org:calendar_day", args=[it.day.isoformat()])
    url += f"?{urlencode({'site': site.pk})}" if site else ""
    return format_html(
        '<td class="{}"{}><a href="{}" title="{}" aria-label="{}" data-dialog>{}</a></td>',
        " ".join(kinds), current, url, words, words, it.day.day,
    )  # fmt: skip
