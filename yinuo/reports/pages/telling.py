"""The overview in words: counts, what changed since last week, working days."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.notify import rules as notify_rules
from yinuo.reports.queries import figures


def count_words(figure: figures.Figure) -> str:
    """How many now; 10,000+ where counting stopped."""
    return f"{figure.now:,}+" if figure.more else f"{figure.now:,}"


def signed(change: float, digits: int = 0) -> str:
    """+2, −1, or that nothing changed."""
    if round(abs(change), digits) == 0:
        return pgettext("compared with last week", "unchanged")
    return f"{'+' if change > 0 else '−'}{abs(change):,.{digits}f}"


def change_words(figure: figures.Figure) -> str:
    """较上周 +2."""
    if figure.more:
        return ""
    return _("%(change)s against last week") % {"change": signed(figure.change)}


def days(seconds: float, day: float) -> str:
    """Working seconds as working days, one digit behind the point."""
    return f"{seconds / day:.1f}"


def slowest(steps: list[figures.StepTime]) -> figures.StepTime | None:
    """The step of ours that takes longest on average."""
    ours = [step for step in steps if step.is_ours and step.now]
    return max(ours, key=lambda step: step.now.mean if step.now else 0, default=None)


def sentence_of(found: figures.Figures, steps: list[figures.StepTime], day: float) -> str:
    """「较上周：新登记 5 项（+2），办结 3 项（−1），逾期 2 项（+1，其中 CSR-2026-0008 逾期最久）；“相关部门评审”平均
    等待 2.1 个工作日，延长 0.6。」"""
    parts = [
        _("%(n)s registered (%(change)s)") % _numbers(found.registered),
        _("%(n)s completed (%(change)s)") % _numbers(found.completed),
    ]
    if found.terminated.now:
        parts.append(_("%(n)s terminated (%(change)s)") % _numbers(found.terminated))
    parts.append(_late_words(found))
    step = slowest(steps)
    if step is None:
        return _("Against last week: %(figures)s.") % {"figures": _(", ").join(parts)}
    said = {"figures": _(", ").join(parts), "step": step_words(step, day)}
    return _("Against last week: %(figures)s; %(step)s.") % said


def _numbers(figure: figures.Figure) -> dict[str, str]:
    return {"n": count_words(figure), "change": pgettext("sum", "many") if figure.more else signed(figure.change)}


def _late_words(found: figures.Figures) -> str:
    said = _numbers(found.late)
    if found.oldest is None:
        return _("%(n)s tasks overdue (%(change)s)") % said
    number = notify_rules.number_of(found.oldest.label) or found.oldest.label
    return _("%(n)s tasks overdue (%(change)s; the longest: %(number)s)") % {**said, "number": number}


def step_words(step: figures.StepTime, day: float) -> str:
    """“相关部门评审”平均等待 2.1 个工作日，延长 0.6."""
    assert step.now is not None  # noqa: S101  only steps with a time are told of
    said = {"step": step.title, "days": days(step.now.mean, day)}
    change = step_change(step, day)
    if step.before is None or change == 0:
        return _("“%(step)s” takes %(days)s working days on average") % said
    said["change"] = f"{abs(change):.1f}"
    if change > 0:
        return _("“%(step)s” takes %(days)s working days on average, %(change)s longer") % said
    return _("“%(step)s” takes %(days)s working days on average, %(change)s shorter") % said


def step_change(step: figures.StepTime, day: float) -> float:
    """By how many working days the mean differs from what it was a week ago."""
    if step.now is None or step.before is None:
        return 0
    return round(step.now.mean / day, 1) - round(step.before.mean / day, 1)


def trend_words(figure: figures.Figure) -> str:
    """What a sparkline shows, for those who do not see it."""
    numbers = ", ".join(f"{n:,}" for n in figure.trend)
    return ngettext(
        "%(n)s week, the oldest first: %(numbers)s", "%(n)s weeks, the oldest first: %(numbers)s", len(figure.trend)
    ) % {"n": len(figure.trend), "numbers": numbers}
