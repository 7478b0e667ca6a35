"""Rules of assignment line by line; giving a case to another than the rules did."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases import definition, models
from yinuo.cases.engine import pools
from yinuo.cases.engine.ranking import Ranked
from yinuo.cases.forms import deciding, parts, tables
from yinuo.customers import queries as customers_queries
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org import queries as org_queries

LEVELS = [("1", _("1 knows")), ("2", _("2 can")), ("3", _("3 teaches"))]
YES_NO = [("true", _("yes")), ("false", _("no"))]


class PoolsField(tables.TableField):
    """The pools: a line each. A line whose name is taken away goes; its key stays with it, for the table names it."""

    def __init__(self, plain: Iterable[Mapping[str, Any]], **kwargs: Any) -> None:
        there = list(plain)
        numbers = [int(str(each["key"])[1:]) for each in there if str(each["key"])[1:].isdigit()]
        self.next = max(numbers, default=0) + 1
        lines = [
            tables.Line(key=f"n{at}", filled={**each, "level": str(each["level"])}, fixed={"key": each["key"]})
            for at, each in enumerate(there)
        ]
        lines += [tables.Line(key=f"n{len(there)}", is_new=True)]
        nothing = [("", "—")]
        skills = [(each.code, each.name) for each in org.Skill.objects.order_by("code")]
        posts = [(each.code, f"{each.department.name} {each.name}") for each in org_queries.posts()]
        departments = [(each.code, each.name) for each in org_queries.departments()]
        columns = {
            "zh": parts.line(_("Name in Chinese"), required=False, most=60),
            "en": parts.line(_("Name in English"), required=False, most=60),
            "skill": forms.ChoiceField(choices=nothing + skills, label=_("Skill"), required=False),
            "level": forms.ChoiceField(choices=LEVELS, label=_("At least at level"), initial="2", required=False),
            "department": forms.ChoiceField(choices=nothing + departments, label=_("Department"), required=False),
            "post": forms.ChoiceField(choices=nothing + posts, label=_("Post"), required=False),
        }
        super().__init__(lines, columns, **kwargs)

    def key_of(self, line: Mapping[str, Any]) -> str:
        return ""

    def is_blank(self, line: tables.Line, cells: Mapping[str, Any]) -> bool:
        """A level is always chosen; what has no name, and nothing else chosen, is no pool."""
        asked = ("zh", "en") if not line.is_new else ("zh", "en", "skill", "department", "post")
        return not any(str(cells.get(name) or "").strip() for name in asked)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        found = []
        for line in super().clean(value):
            key = line.get("key")
            if not key:
                key, self.next = f"p{self.next}", self.next + 1
            found.append(
                {
                    "key": key,
                    "zh": line["zh"] or line["en"],
                    "en": line["en"] or line["zh"],
                    "skill": line["skill"],
                    "level": int(line["level"] or pools.LEAST),
                    "department": line["department"],
                    "post": line["post"],
                }
            )
        return found


class Pools(kit_forms.VersionedForm):
    """Among whom cases are given out."""

    def __init__(self, *args: Any, plain: Iterable[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pools"] = PoolsField(
            plain,
            label=_("Pools"),
            required=False,
            help_text=_(
                "All that is chosen must hold. A department counts with those below it. No name: the pool goes."
            ),
        )


class Table(kit_forms.VersionedForm):
    """Which pool a case falls to."""

    def __init__(self, *args: Any, convention: models.Convention, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, plain = get_language() or "zh", convention.assignment
        named = [(key, pool.name.say(language)) for key, pool in pools.pools_of(convention.pools).items()]
        self.fields["assignment"] = deciding.DecisionField(
            plain,
            facts=pools.FACTS,
            worded=_worded(person, plain),
            outcomes=named,
            outcome=_("Pool"),
            label=_("Assignment table"),
            required=False,
            help_text=_(
                "Read from above; the first line that holds decides. Several values are set apart by commas. A line "
                "without a pool is a further condition of the one above."
            ),
        )
        self.fields["otherwise"] = forms.ChoiceField(
            label=_("Otherwise"),
            choices=[("", _("the window to the customer keeps it")), *named],
            initial=plain.get("otherwise", ""),
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        """The table with what holds where no line does."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "assignment" in cleaned:
            cleaned["assignment"] = {"rows": cleaned["assignment"], "otherwise": cleaned.get("otherwise", "")}
        return cleaned


def _worded(person: org.Person, plain: Mapping[str, Any]) -> deciding.Worded:
    """The words of values. Customers are those the person may see; what stands in the table already may stay."""
    seen = customers_queries.customers(person).order_by("code")
    codes = {each.code: each.name for each in seen}
    for row in plain.get("rows", []):
        for fact, _operator, *value in row["when"]:
            if fact == "cases.customers" and value:
                kept = value[0] if isinstance(value[0], list) else [value[0]]
                codes |= {code: code for code in kept if code not in codes}
    return {
        "cases.kind": models.Kind.choices,
        "cases.priority": [(w, models.Priority(value).label) for w, value in definition.PRIORITY_BY_WORD.items()],
        "cases.is_safety": YES_NO,
        "cases.channel": models.Channel.choices,
        "cases.customers": list(codes.items()),
        "cases.site": [(site.code, site.name) for site in org_queries.sites()],
    }


class Reassign(kit_forms.VersionedForm):
    """Another owner: one of those the rules rank, with the reason for each, or anybody else; and why."""

    OTHER = "other"

    def __init__(self, *args: Any, ranked: Sequence[Ranked], owner_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh"
        choices = [
            (str(each.candidate.person), f"{each.candidate.name} · {each.why.say(language)}")
            for each in ranked
            if each.candidate.person != owner_id
        ]
        if choices:
            self.fields["choice"] = parts.radio(_("Owner"), [*choices, (self.OTHER, _("somebody else"))], required=True)
        self.fields["owner"] = tables.PersonField(
            label=_("Somebody else") if choices else _("Owner"), required=not choices
        )
        self.fields["reason"] = parts.prose(_("Reason"), rows=2, most=500)

    def clean(self) -> dict[str, Any]:
        """The person meant, under `person`."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        choice = cleaned.get("choice")
        pk = cleaned.get("owner") if choice in (None, self.OTHER) else int(choice)
        if "choice" in self.fields and choice == self.OTHER and not pk:
            self.add_error("owner", say("Please choose somebody from the list."))
        cleaned["person"] = org.Person.objects.filter(pk=pk).first() if pk else None
        return cleaned
