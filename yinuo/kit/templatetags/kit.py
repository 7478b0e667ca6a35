"""Template tags and filters of every page; built in, so no template loads them."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import template
from django.forms import BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yinuo.kit import bulk, lists, moments, once, plugs, subjects, views

register = template.Library()

GROUPS = ("pending", "active", "done", "late", "safety", "quiet", "suspect")
HIT = re.compile("\ue000([^\ue000\ue001]*)\ue001")


# Words in two languages ----------------------------------------------------------------------------------------------


@register.filter
def in_language(words: Any) -> str:
    """The reader's language of `{"zh": …, "en": …}` (or of an object with `zh` and `en`), else the other one."""
    if not words or isinstance(words, str):
        return words or ""
    of = words.get if isinstance(words, dict) else lambda key: getattr(words, key, "")
    zh, en = of("zh") or "", of("en") or ""
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


# Icons and badges ----------------------------------------------------------------------------------------------------


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the vendor sprite, hidden from screen readers: the words beside it carry the meaning."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#tabler-{}"></use></svg>',
        f"icon {extra}".strip(),
        static("vendor/icons.svg"),
        name,
    )


SHAPES = {  # drawn as outlines and fills, so that they survive a grey printout without background colours
    "pending": '<circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" stroke-width="1.4"/>',
    "active": '<circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" stroke-width="1.4"/>'
    '<path d="M5 1.4a3.6 3.6 0 0 1 0 7.2z" fill="currentColor"/>',
    "done": '<path d="M1.5 5.4 4 7.9 8.6 2.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "late": '<path d="M5 .8 9.6 9H.4z" fill="currentColor"/>',
    "safety": '<path d="M5 .3 9.7 5 5 9.7.3 5z" fill="currentColor"/>',
    "quiet": '<path d="M1.5 5h7" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "suspect": '<path d="M5 1.1 8.9 5 5 8.9 1.1 5z" fill="none" stroke="currentColor" stroke-width="1.4"/>',
}


@register.simple_tag
def badge(group: str, word: Any) -> SafeString:
    """A state as shape and word. `group` is one of `GROUPS`; anything else looks quiet."""
    return _badge(group if group in SHAPES else "quiet", f"{word}")  # plain text: the cache must not mix in safe text


@lru_cache(maxsize=1000)
def _badge(group: str, word: str) -> SafeString:
    shape = mark_safe(f'<svg class="shape" viewBox="0 0 10 10" aria-hidden="true">{SHAPES[group]}</svg>')
    return format_html('<span class="state state-{}">{}{}</span>', group, shape, word)


@register.filter
def badge_of(pair: Any) -> SafeString | str:
    """A badge from a (group, word) pair, as list columns of kind `badge` give it; nothing for an empty value."""
    return badge(pair[0], pair[1]) if pair else ""


# Days and moments ----------------------------------------------------------------------------------------------------


def _time(at: datetime, near: str, far: str, kind: str = "", clock: str = "") -> SafeString:
    """`<time>`: the relative words, then the absolute ones in faint ink."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}" data-paper="{}"{}{}>{}{}</time>',
        at.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M} {local.tzname()}",
        f"{local:%Y-%m-%d %H:%M}",
        format_html(' class="{}"', kind) if kind else "",
        format_html(' data-clock="{}"', clock) if clock else "",
        near or far,
        format_html('<span class="far"> · {}</span>', far) if near and far else "",
    )


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """A moment, relative and absolute, in the reader's language and time zone."""
    if not at:
        return ""
    now = timezone.now()
    is_fresh = timedelta(0) <= now - at < timedelta(hours=1)
    return _time(at, *moments.moment_words(at, now), clock=f"{timezone.localtime(at):%H:%M}" if is_fresh else "")


@register.filter
def day(on: date | None) -> SafeString | str:
    """A day, relative and absolute: 明天 · 11-23."""
    if not on:
        return ""
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    today = timezone.localdate()
    word, absolute = moments.day_word(on, today), moments.date_text(on, today)
    far = format_html('<span class="far"> · {}</span>', absolute) if word else ""
    return format_html(
        '<time datetime="{0}" title="{0}" data-paper="{0}">{1}{2}</time>', on.isoformat(), word or absolute, far
    )


@register.simple_tag
def due(
    due_at: datetime | None, now: datetime | None = None, done: Any = False, overdue: int | None = None
) -> SafeString | str:
    """When something is due: 明天 17:30 前 · 11-23, or 逾期 2 个工作日 · 11-20 17:30.

    `overdue` is the number of working days since it was due, where the caller knows the calendar. What is `done`
    (a bool, or the moment it was done) is shown without alarm.
    """
    if not due_at:
        return ""
    now = now or timezone.now()
    near, far = moments.due_words(due_at, now, is_done=bool(done), overdue=overdue)
    if done:
        return _time(due_at, near, far, "due due-done")
    if due_at < now:
        return format_html('<span class="due due-late">{}{}</span>', icon("alert-triangle"), _time(due_at, near, far))
    if due_at - now <= moments.SOON:
        return format_html('<span class="due due-soon">{}{}</span>', icon("clock-hour-4"), _time(due_at, near, far))
    return _time(due_at, near, far, "due")


@register.filter
def due_of(value: Any) -> SafeString | str:
    """The due moment of a list cell: a moment, or (moment, done) or (moment, done, overdue working days)."""
    if not isinstance(value, tuple):
        return due(value)
    at, done, overdue = (*value, None)[:3]
    return due(at, done=done, overdue=overdue)


# Text ----------------------------------------------------------------------------------------------------------------


@register.filter
def marked(text: str | None) -> SafeString:
    """Text with search hits (between U+E000 and U+E001) in `<mark>`; everything else escaped."""
    safe = HIT.sub(r"<mark>\1</mark>", str(conditional_escape(str(text or ""))))
    return mark_safe(safe.replace("\ue000", "").replace("\ue001", ""))


@register.filter
def starts(text: str, beginning: str) -> bool:
    return text.startswith(beginning)


@register.simple_tag
def script_words() -> str:
    """The words that `kit.js` shows, in the reader's language, as JSON for an attribute of `<body>`."""
    words = {
        "broken": _("The server could not answer. Your input is still here; please try again."),
        "offline": _("No connection to the server. Your input is still here; please try again."),
        "missing": _("This is no longer there, or you may not see it."),
        "undo": _("Undo"),
        "undo_soon": _("Undo, within ten seconds"),
        "close": _("Close"),
        "copied": _("Copied"),
        "remove": _("Remove"),
        "too_large": _("This file is larger than allowed."),
        "rows_down": _("Next row"),
        "rows_up": _("Previous row"),
        "open_row": _("Open row"),
        "help": _("This list of keys"),
        "no_hits": _("No match"),
        "screenshot": _("screenshot"),
        "pick_row": _("Choose or leave out the row"),
        "picked": _("{n} chosen"),
        "today": _("today"),
        "minutes_ago": _("{n} minutes ago"),
    }
    return json.dumps(words, ensure_ascii=False)


@register.simple_tag
def paste_words() -> str:
    """The words that `pasting.js` shows, as JSON for an attribute of a table of lines."""
    words = {
        "taken": _("Taken over: {rows} rows, {cells} cells"),
        "added": _("{n} lines added"),
        "heads": _("the first copied row was read as headings"),
        "stop": pgettext("between parts of a sentence", ", "),
        "comma": pgettext("between names", ", "),
        "end": _("."),
        "open": _("Please look at {n}:"),
        "at": _("Row {row}, {column}: {sentence}"),
        "unknown": _("There is no “{text}” to choose."),
        "several": _("There are several “{text}”. Please choose."),
        "day": _("“{text}” is no day that is understood. Please write it as 2026-12-01."),
        "number": _("“{text}” is no number."),
        "long": _("Longer than the {n} characters that are allowed."),
        "span": pgettext("rows", "{from} to {to}"),
        "rows_over": _("Row {rows} of what was copied did not fit: {n} lines at most. Please split it."),
        "rows_out": _("Row {rows} of what was copied did not fit: the table has no more lines."),
        "columns_over": _("No column here for what was copied in column {columns}; it was left out."),
        "more": _("and {n} more; the cells are marked"),
        "undo": _("Undo the pasting"),
        "undone": _("The pasting was undone."),
        "close": _("Close"),
    }
    return json.dumps(words, ensure_ascii=False)


@register.filter
def initial(name: str | None) -> str:
    """The first letter of a name, for the small circle before it."""
    return (name or "?").strip()[:1].upper() or "?"


# Addresses, rights, keys ---------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The current query string with changes; None or an empty string removes a key."""
    parameters = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            parameters.pop(key, None)
        else:
            parameters[key] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_tag(takes_context=True)
def carried(context: Context, page: lists.Page) -> list[tuple[str, str]]:
    """What the address says beyond this list's filters (a tab, another list, the view): kept when it is filtered."""
    kept = _beside(context, page)
    return [*kept, (views.PARAMETER, page.view_key)] if page.view_key else kept


def _beside(context: Context, page: lists.Page) -> list[tuple[str, str]]:
    own = {*page.chosen, "sort", "after", views.PARAMETER, views.HIDE, views.ALWAYS}
    return [(key, value) for key, value in context["request"].GET.items() if key not in own]


@register.simple_tag(takes_context=True)
def list_url(context: Context, page: lists.Page, query: str = "") -> str:
    """The address of another state of the list: the page's path, what is carried, and the list's own query."""
    kept = urlencode(carried(context, page))
    return f"{context['request'].path}?{'&'.join(part for part in (kept, query) if part)}"


@register.simple_tag(takes_context=True)
def view_url(context: Context, page: lists.Page, key: object = "") -> str:
    """The address at which the list opens with a view; without filters where none is given."""
    shown = str(key or (views.ALL if page.opened.views else ""))
    query = urlencode(_beside(context, page) + ([(views.PARAMETER, shown)] if shown else []))
    return f"{context['request'].path}{'?' if query else ''}{query}"


@register.simple_tag(takes_context=True)
def view_parts(context: Context, page: lists.Page) -> str:
    """What a page that keeps a view must be told: which list, where it stands, and what it shows now."""
    at = {"list": page.sheet.name, "path": context["request"].path, "beside": urlencode(_beside(context, page))}
    return urlencode({**at, "query": page.query})


@register.simple_tag
def once_key() -> str:
    """A fresh one-time key."""
    return once.new_key()


@register.simple_tag(name="once")
def once_field() -> SafeString:
    """The hidden input with a fresh one-time key that every creating form carries."""
    return format_html('<input type="hidden" name="once" value="{}">', once.new_key())


class MayNode(template.Node):
    """`{% may "cases.open" %}…{% else %}…{% endmay %}`, or `{% may "cases.open" as allowed %}`."""

    child_nodelists = ("nodes", "otherwise")

    def __init__(self, arguments: list[FilterExpression], variable: str, nodes: NodeList, otherwise: NodeList) -> None:
        self.arguments, self.variable, self.nodes, self.otherwise = arguments, variable, nodes, otherwise

    def render(self, context: Context) -> SafeString:
        person = context["request"].user
        allowed = person.is_authenticated and person.may(*[each.resolve(context) for each in self.arguments])
        if self.variable:
            context[self.variable] = allowed
            return SafeString("")
        return (self.nodes if allowed else self.otherwise).render(context)


@register.tag
def may(parser: Parser, token: Token) -> MayNode:
    """Whether the person at the screen holds a permission: name, then scope id and site id where they matter."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("may needs a permission")
    if len(bits) > 2 and bits[-2] == "as":
        arguments = [parser.compile_filter(bit) for bit in bits[:-2]]
        return MayNode(arguments, bits[-1], NodeList(), NodeList())
    nodes = parser.parse(("else", "endmay"))
    otherwise = NodeList()
    if parser.next_token().contents == "else":
        otherwise = parser.parse(("endmay",))
        parser.delete_first_token()
    return MayNode([parser.compile_filter(bit) for bit in bits], "", nodes, otherwise)


# Parts that need a little reckoning ----------------------------------------------------------------------------------


@register.inclusion_tag("kit/parts/panels.html", takes_context=True)
def panels(context: Context, slot: str, subject: Any) -> dict[str, Any]:
    """Everything that upper rooms plugged into `slot` (as `<slot>/<room>…`) of the subject's page, as htmx panels."""
    person, ref = context["request"].user, subjects.ref(subject)
    found = []
    for plug in plugs.panels:
        if plug.name.partition("/")[0] == slot and (url := plug.function(ref, person)):
            found.append({"url": url, "title": in_language(plug), "icon": plug.about.get("icon", "")})
    return {"panels": found}


@register.simple_tag
def heads(page: lists.Page) -> list[dict[str, Any]]:
    """Column heads of a list: each with the sort key that clicking it asks for, and whether it is sorted by now.

    Where a sheet has two sorts of one field (newest, oldest), a second click asks for the other.
    """
    now_field, now_down = page.sheet.sorts[page.sort][1:]
    found = []
    for column in page.columns:
        keys = [key for key, (_words, field, _down) in page.sheet.sorts.items() if column.sort and field == column.sort]
        is_now = bool(keys) and now_field == column.sort
        others = [key for key in keys if key != page.sort]
        wanted = others[0] if is_now and others else (keys[0] if keys else "")
        direction = ("descending" if now_down else "ascending") if is_now else ""
        query = urlencode({**dict(parse_qsl(page.query)), "sort": wanted})
        found.append({"column": column, "key": wanted, "direction": direction, "query": query})
    return found


SHOWN: dict[str, Callable[[Any, Any], Any]] = {  # how a list shows a value, by the kind of its column
    "link": lambda row, value: format_html('<a class="row-link" href="{}">{}</a>', row.get_absolute_url(), value),
    "badge": lambda row, value: badge_of(value),
    "due": lambda row, value: due_of(value),
    "moment": lambda row, value: moment(value),
    "day": lambda row, value: day(value),
}


PICK = '<td class="cell-pick"><input type="checkbox" class="tick" data-pick value="%s" aria-label="%s"></td>'


@register.simple_tag
def body_rows(page: lists.Page) -> SafeString:
    """The rows of a list. In Python, not in the template: 50 rows of 7 cells cost 4 ms instead of 15."""
    columns = [
        (
            f"cell-{column.kind}{'' if column.narrow else ' wide-only'}",
            conditional_escape(str(column.label)),
            SHOWN.get(column.kind),
            column.language,
        )
        for column in page.columns
    ]
    lines = []
    pick = PICK % ("%s", conditional_escape(_("Choose %(row)s")) % {"row": "%s"}) if page.acts else ""
    for row, cells in page.rows:
        line = ["<tr data-row>"]
        if pick:
            line.append(pick % (bulk.written(row), conditional_escape(str(cells[0].value or row))))
        for (kind, label, shown, language), cell in zip(columns, cells, strict=True):
            if cell.value is None or cell.value == "":
                line.append(f'<td class="{kind} is-blank" data-label="{label}"></td>')
                continue
            text = conditional_escape(shown(row, cell.value) if shown else str(cell.value))
            title = f' title="{text}"' if shown is None and len(text) > 20 else ""
            lang = f' lang="{conditional_escape(language(row))}"' if language else ""
            line.append(f'<td class="{kind}" data-label="{label}"{title}{lang}>{text}</td>')
        line.append("</tr>")
        lines.append("".join(line))
    return mark_safe("\n".join(lines))


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a form field with the class its kind needs."""
    kind = getattr(field.field.widget, "input_type", "textarea")
    style = {"checkbox": "tick", "radio": "tick", "select": "form-select"}
    given = field.field.widget.attrs.get("class", "")
    extra: dict[str, str | bool] = {"class": f"{given} {style.get(kind, 'form-control')}".strip()}
    if field.errors:
        extra["class"] = f"{extra['class']} is-invalid"
    return field.as_widget(attrs=extra)


@register.filter
def control_kind(field: BoundField) -> str:
    """How `kit/field.html` lays a field out: checkbox, choices (radio buttons, boxes), file, drop, select or text."""
    widget = field.field.widget
    if hasattr(widget, "subwidgets") and field.use_fieldset and widget.__class__.__name__ != "SelectDateWidget":
        return "choices"
    kind = getattr(widget, "input_type", "")
    if kind == "file":
        return "drop" if "data-drop" in widget.attrs else "file"
    return kind if kind in ("checkbox", "select") else "text"
