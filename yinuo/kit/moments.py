"""Days and moments in words, relative and absolute: 明天 17:30 · 11-23. For pages and messages alike.

All in the current language and time zone; `now` is passed in.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

NEAR_DAYS = 2  # days with a name of their own: 前天, 昨天, 今天, 明天, 后天
SOON = timedelta(hours=24)  # what is due within a day is marked


def day_word(day: date, today: date) -> str:
    """今天, 明天, 3 天前 …; empty when farther than 30 days, where a date says more."""
    away = (day - today).days
    near = {
        -2: _("the day before yesterday"),
        -1: _("yesterday"),
        0: _("today"),
        1: _("tomorrow"),
        2: _("the day after tomorrow"),
    }
    if away in near:
        return near[away]
    if -30 <= away < 0:
        return ngettext("%(n)s day ago", "%(n)s days ago", -away) % {"n": -away}
    if 0 < away <= 30:
        return ngettext("in %(n)s day", "in %(n)s days", away) % {"n": away}
    return ""


def date_text(day: date, today: date) -> str:
    """11-23 within the year, else 2025-11-23."""
    return day.strftime("%m-%d") if day.year == today.year else day.isoformat()


def moment_words(at: datetime, now: datetime) -> tuple[str, str]:
    """A moment as (relative, absolute) in the current time zone: (明天 17:30, 11-23); one of them may be empty."""
    local, here = timezone.localtime(at), timezone.localtime(now)
    gone = now - at
    absolute = date_text(local.date(), here.date())
    if timedelta(0) <= gone < timedelta(minutes=1):
        return _("just now"), f"{local:%H:%M}"
    if timedelta(0) <= gone < timedelta(hours=1):
        minutes = int(gone.total_seconds() // 60)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}, f"{local:%H:%M}"
    word = day_word(local.date(), here.date())
    if abs((local.date() - here.date()).days) <= NEAR_DAYS:
        return f"{word} {local:%H:%M}", absolute
    return word, f"{absolute} {local:%H:%M}"


def late_words(due_at: datetime, now: datetime, overdue: int | None) -> str:
    """逾期 2 个工作日; without the number of working days, in hours or days by the clock."""
    if overdue:
        return ngettext("overdue by %(n)s working day", "overdue by %(n)s working days", overdue) % {"n": overdue}
    hours = int((now - due_at).total_seconds() // 3600)
    if hours < 1:
        return _("overdue")
    if hours < 48:
        return ngettext("overdue by %(n)s hour", "overdue by %(n)s hours", hours) % {"n": hours}
    return ngettext("overdue by %(n)s day", "overdue by %(n)s days", hours // 24) % {"n": hours // 24}


def due_words(due_at: datetime, now: datetime, *, is_done: bool = False, overdue: int | None = None) -> tuple[str, str]:
    """When something is due, as (what matters, the rest): (明天 17:30 前, 11-23) or (逾期 2 个工作日, 11-20 17:30).

    `overdue` is the number of working days since it was due, where the caller knows the calendar.
    """
    local, here = timezone.localtime(due_at), timezone.localtime(now)
    absolute = date_text(local.date(), here.date())
    if is_done:
        return "", f"{absolute} {local:%H:%M}"
    if due_at < now:
        return late_words(due_at, now, overdue), f"{absolute} {local:%H:%M}"
    word = day_word(local.date(), here.date())
    is_near = abs((local.date() - here.date()).days) <= NEAR_DAYS
    named, other = (word, absolute) if is_near else (absolute, word)
    return pgettext("due moment", "by %(moment)s") % {"moment": f"{named} {local:%H:%M}"}, other
