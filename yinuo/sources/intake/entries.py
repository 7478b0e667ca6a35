"""The company's own entries of what is withdrawn, from workbooks: the columns are those of the exported list."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.kit import importing
from yinuo.kit.importing import CHANGE, FAULT, NEW, SAME, Finding
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models as org
from yinuo.sources import models
from yinuo.sources.actions import obsolete
from yinuo.sources.rules import editions
from yinuo.sources.rules import obsolete as rules

Values = dict[str, Any]
What = models.Withdrawn.What
YES, NO = "yes", "no"
WHAT = {  # as people write it, beside the words of the screen
    "废止": What.WITHDRAWN.value, "作废": What.WITHDRAWN.value, "被替代": What.REPLACED.value,
    "代替": What.REPLACED.value, "更名": What.RENAMED.value, "合并": What.MERGED.value, "拆分": What.SPLIT.value,
}  # fmt: skip


def fields(person: org.Person) -> list[Field]:
    return [
        Field(
            "name", _("No longer so"), ("失效对象", "失效标准", "标准号", "旧标准", "原名称", "Name"), "code", True,
            longest=200,
        ),
        Field("also", _("Other names of it"), ("其他写法", "别名", "又称", "Also"), "long", longest=2000),
        Field(
            "before", _("Only editions before"), ("仅限早于此版本", "早于版本", "Before"), "code", longest=40,
        ),
        Field(
            "what", pgettext("obsolescence", "What happened"), ("失效方式", "情况", "What"), "choice",
            choices=WHAT | {str(words): value for value, words in models.Withdrawn.What.choices},
        ),
        Field(
            "since", pgettext("obsolescence", "Since"), ("起始时间", "失效日期", "作废日期", "Since"), "code",
            longest=10, help=_("A year, month or day: 2016, 2016-10, 2016-10-01."),
        ),
        Field(
            "successor", pgettext("obsolescence", "Successor"), ("替代为", "替代标准", "新标准", "Successor"),
            longest=300,
        ),
        Field("source", _("Known from"), ("依据来源", "来源", "依据", "Source"), is_required=True, longest=300),
        Field(
            "is_active", _("In use"), ("使用中", "启用", "Active"), "choice",
            choices={"是": YES, "否": NO, pgettext("entry", "in use"): YES, pgettext("entry", "out of use"): NO},
        ),
    ]  # fmt: skip


def identity(values: Values) -> str:
    return " ".join(str(values.get("name") or "").split()).casefold()


def names_in(rows: Sequence[Values], person: org.Person) -> dict[str, models.Withdrawn]:
    """The entries that the rows of a block name, looked up once for all of them."""
    return _there(rows)


def look(*, rows: Sequence[Values], person: org.Person, known: Collection[str]) -> list[Finding]:
    """What each row means for the entries that are there."""
    there = _there(rows)
    words = {each.key: each.words for each in fields(person)}
    return [_finding(row, there.get(identity(row)), words) for row in rows]


def _there(rows: Sequence[Values]) -> dict[str, models.Withdrawn]:
    wanted = {identity(row) for row in rows}
    return {key: each for each in models.Withdrawn.objects.all() if (key := identity({"name": each.name})) in wanted}


def _finding(row: Values, there: models.Withdrawn | None, words: dict[str, str]) -> Finding:
    label = str(row.get("name") or "")
    if not rules.is_since(str(row.get("since") or "")):
        wrong = _("Please write a year, month or day: 2016, 2016-10, 2016-10-01.")
        return Finding(FAULT, label, problems=(("since", wrong),))
    if there is None:
        return Finding(NEW, label)
    changes = importing.compared(there, _facts(row), dict(words))
    return Finding(CHANGE if changes else SAME, label, changes=changes, version=there.version)


def _facts(values: Values) -> Values:
    """The values as the actions take them; what the file does not say is left out."""
    facts = {key: value for key, value in values.items() if value not in (None, "", [])}
    if "is_active" in facts:
        facts["is_active"] = facts["is_active"] == YES
    if "before" in facts:
        facts["before"] = editions.read(str(facts["before"])) or facts["before"]
    return facts


def take(
    *, values: Values, names: dict[str, models.Withdrawn], by: org.Person, now: datetime, expected: int | None
) -> models.Withdrawn:
    """Add an entry, or change the one of this name. The name stays as it is written here."""
    facts = _facts(values)
    if expected is None:
        return obsolete.add_entry(by=by, now=now, **facts)
    row = names[identity(values)]
    return obsolete.change_entry(row=row, by=by, now=now, expected=expected, **facts | {"name": row.name})
