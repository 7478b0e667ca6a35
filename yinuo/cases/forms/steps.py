"""The tables of a case inside procedure steps and at intake; `case_id` is the subject's."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models, rules
from yinuo.cases.forms import own_fields, tables
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import course as course_queries
from yinuo.customers import models as customers
from yinuo.kit import forms as kit_forms
from yinuo.org import queries as org_queries

BLANK_LINES = 3
ISSUED = ("what", "item", "person")  # what makes an issued action the same as the line of a plan


def _items(case_id: int) -> list[models.Item]:
    return list(models.Item.objects.filter(case=case_id, withdrawn_at=None).order_by("position"))


def _item_line(item: models.Item, filled: Mapping[str, Any], note: str = "") -> tables.Line:
    return tables.Line(
        key=str(item.pk), number=str(item.position), head=item.text, note=note, filled=filled, fixed={"item": item.pk}
    )


def _yes_no(label: Any, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(choices=tables.YES_NO, label=label, required=required)


def _person(label: Any, required: bool = False) -> tables.PersonField:
    return tables.PersonField(label=label, required=required)


def _words(label: Any, required: bool = False) -> kit_forms.Text:
    return kit_forms.Text(label=label, required=required, max_length=4000, widget=kit_forms.TextArea(2))


def _day(label: Any, required: bool = False) -> forms.DateField:
    return kit_forms.Day(label=label, required=required, widget=kit_forms.DateInput())


def _choice(choices: Any, label: Any, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", ""), *choices], label=label, required=required)


def reaches(products: Sequence[customers.Product], *, has_project: bool) -> list[tuple[str, str]]:
    """How far an item may reach: all supplies, the project, one of the products, one of our sites."""
    labels = dict(models.Applies.choices)
    found = [(str(models.Applies.CUSTOMER), str(labels[models.Applies.CUSTOMER]))]
    if has_project:
        found.append((str(models.Applies.PROJECT), str(labels[models.Applies.PROJECT])))
    found += [(f"{models.Applies.PRODUCT}:{each.pk}", f"{each.number} {each.name}") for each in products]
    return found + [(f"{models.Applies.SITE}:{site.pk}", site.name) for site in org_queries.sites_in_use()]


def reaches_in(case: models.Case) -> list[tuple[str, str]]:
    """How far an item of this case may reach."""
    return reaches(list(case.products.order_by("number")), has_project=case.project_id is not None)


def _reach_word(item: models.Item) -> str:
    key = {models.Applies.PRODUCT: item.product_id, models.Applies.SITE: item.site_id}.get(models.Applies(item.applies))
    return f"{item.applies}:{key}" if key else item.applies


class ItemsField(tables.TableField):
    """At registration: nature, reach, owner and due day of each item."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        lines = [
            _item_line(
                item, {"kind": item.kind, "applies": _reach_word(item), "owner": item.owner_id, "due_on": item.due_on}
            )
            for item in _items(case_id)
        ]
        columns = {
            "kind": _choice(models.Kind.choices, _("Nature")),
            "applies": _choice(reaches_in(case_queries.case_of(case_id)), _("Applies to")),
            "owner": _person(_("Owner")),
            "due_on": _day(_("Due")),
        }
        super().__init__(lines, columns, **kwargs)


class AnalysisField(tables.TableField):
    """Authentic, feasible, reasonable, with words where one is not (S5 2(1)); what others analysed is filled in.

    A line may stay empty: its item is analysed at the item by somebody competent in it.
    """

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        lines = [
            _item_line(
                item,
                {
                    "authentic": tables.as_word(item.is_authentic),
                    "feasible": tables.as_word(item.is_feasible),
                    "reasonable": tables.as_word(item.is_reasonable),
                    "words": item.analysis,
                },
                note=str(item.get_kind_display()),
            )
            for item in _items(case_id)
        ]
        columns = {
            "authentic": _yes_no(_("Authentic")),
            "feasible": _yes_no(_("Feasible")),
            "reasonable": _yes_no(_("Reasonable")),
            "words": _words(_("Reason, conditions")),
        }
        super().__init__(lines, columns, **kwargs)

    def is_blank(self, line: tables.Line, cells: Mapping[str, Any]) -> bool:
        return not any(str(cells.get(column) or "").strip() for column in self.columns)

    def faults_in(self, line: tables.Line, cleaned: Mapping[str, Any]) -> list[str]:
        sure = all(cleaned[part] is True for part in ("authentic", "feasible", "reasonable"))
        if sure or str(cleaned["words"] or "").strip():
            return []
        return [say("%(line)s: please give the reason.") % {"line": self.words_of(line)}]


class VerdictsField(tables.TableField):
    """What a department says to each item: the four verdicts, with the condition or reason."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        lines = [_item_line(item, {}, note=item.analysis) for item in _items(case_id)]
        columns = {
            "verdict": _choice(models.Verdict.choices, _("Verdict")),
            "condition": _words(_("Condition or reason")),
        }
        super().__init__(lines, columns, **kwargs)

    def faults_in(self, line: tables.Line, cleaned: Mapping[str, Any]) -> list[str]:
        if not rules.needs_words(cleaned["verdict"] or "") or str(cleaned["condition"] or "").strip():
            return []
        return [say("%(line)s: please give the condition or reason.") % {"line": self.words_of(line)}]


class WordingsField(tables.TableField):
    """After a clarification: the words of each item as agreed; left as they are where nothing changed."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        lines = [_item_line(item, {"text": item.text}) for item in _items(case_id)]
        super().__init__(lines, {"text": _words(_("Agreed wording"), required=True)}, **kwargs)


class PlanField(tables.TableField):
    """The plan's actions: what, for which item, who, until when; empty lines for new ones (S5 3(2))."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        items = _items(case_id)
        standing = models.Measure.objects.filter(case=case_id).exclude(state=models.Measure.State.DROPPED)
        lines = [
            tables.Line(
                key=f"m{each.pk}",
                number="",
                head=str(each.get_state_display()),
                filled={"what": each.what, "item": each.item_id, "person": each.person_id, "due_on": each.due_on},
                fixed={"measure": each.pk},
            )
            for each in standing.order_by("position", "pk")
        ]
        blank = max(BLANK_LINES, len(items)) if not lines else BLANK_LINES
        lines += [tables.Line(key=f"n{at}", fixed={"measure": None}, is_new=True) for at in range(blank)]
        choices = [(item.pk, f"{item.position} {item.text[:30]}") for item in items]
        columns = {
            "what": _words(_("What"), required=True),
            "item": forms.TypedChoiceField(
                choices=[("", _("whole case")), *choices], coerce=int, empty_value=None, required=False, label=_("Item")
            ),
            "person": _person(_("Who does it"), required=True),
            "due_on": _day(_("To be done by"), required=True),
        }
        super().__init__(lines, columns, **kwargs)

    def key_of(self, line: Mapping[str, Any]) -> str:
        """Known actions by their key; new ones in the order of the draft."""
        return f"m{line['measure']}" if line.get("measure") else ""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        shown = super().prepare_value(value)
        # A plan that is made again: its new lines of then are the known actions of now.
        known = [[line.filled[part] for part in ISSUED] for line in self.lines if not line.is_new]
        new = [
            line
            for line in value
            if isinstance(line, dict) and not line.get("measure") and [line.get(part) for part in ISSUED] not in known
        ]
        free = [line for line in self.lines if line.is_new]
        # More were added on the page than there are empty ones.
        more = [tables.Line(f"n{at}", fixed={"measure": None}, is_new=True) for at in range(len(free), len(new))]
        self.add_lines(more)
        return {**shown, **{place.key: line for place, line in zip([*free, *more], new, strict=False)}}

    def is_blank(self, line: tables.Line, cells: Mapping[str, Any]) -> bool:
        """A line whose words were emptied is left out: a known action is dropped."""
        return not str(cells.get("what") or "").strip() and (not line.is_new or super().is_blank(line, cells))


class NewItemsField(tables.TableField):
    """At intake: the requirements one by one, as many as there are; `products` are those chosen for the request."""

    def __init__(
        self, texts: Sequence[str] = (), kind: str = "", products: Sequence[customers.Product] = (), **kwargs: Any
    ) -> None:
        count = max(len(texts), 1)
        lines = [
            tables.Line(key=f"n{at}", is_new=True, filled={"text": text, "kind": kind} if text else {})
            for at, text in enumerate([*texts, *[""] * (count - len(texts))])
        ]
        columns = {
            "text": _words(_("Requirement"), required=True),
            "kind": _choice(models.Kind.choices, _("Nature")),
            "applies": forms.ChoiceField(
                choices=[*reaches(products, has_project=True), (models.Applies.PRODUCT, models.Applies.PRODUCT.label)],
                label=_("Applies to"),
                required=False,
                initial=models.Applies.CUSTOMER,
            ),
            "owner": _person(_("Owner")),
            "due_on": _day(_("Due")),
            **own_fields.columns(),
        }
        super().__init__(lines, columns, **kwargs)

    def key_of(self, line: Mapping[str, Any]) -> str:
        return ""

    def is_blank(self, line: tables.Line, cells: Mapping[str, Any]) -> bool:
        """Without words there is no requirement, whatever else was chosen."""
        return not str(cells.get("text") or "").strip()


def letter_text(case_id: int, step: str, name: str) -> str:
    """The latest text that was drafted at a step of the case's procedure, for whoever releases it."""
    return course_queries.latest_answer(case_id, step).get(name, "")
