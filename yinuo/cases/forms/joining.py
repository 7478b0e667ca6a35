"""Linking, merging and splitting cases."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases import models
from yinuo.cases.forms import parts
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import joining as queries
from yinuo.customers.forms import choosing
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org

RELATIONS = [
    (models.Relation.RELATED, pgettext_lazy("of two cases", "They are related")),
    (models.Relation.DUPLICATE, pgettext_lazy("of two cases", "They ask the same")),
    (models.Relation.ORIGIN, pgettext_lazy("of two cases", "This case comes from the chosen one")),
    (
        models.Relation.COMPLAINT,
        pgettext_lazy("of two cases", "In this case the customer complains about the chosen one"),
    ),
]


class CaseField(forms.ModelChoiceField):
    """A case the person may see, searched for by number or title."""

    def __init__(self, person: org.Person, it: models.Case, **kwargs: Any) -> None:
        rows = case_queries.cases(person).exclude(pk=it.pk)
        url = f"{reverse('cases:case_suggestions')}?for={it.number}"
        super().__init__(rows, widget=choosing.SearchSelect(url), **kwargs)

    def label_from_instance(self, row: models.Case) -> str:
        return row.subject_label


class Relate(kit_forms.OnceForm):
    """Which case, how it is related, and why."""

    def __init__(self, *args: Any, person: org.Person, case: models.Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = CaseField(person, case, label=_("Case"), help_text=_("by number or title"))
        self.fields["relation"] = parts.radio(_("Relation"), RELATIONS, initial=models.Relation.RELATED)
        self.fields["reason"] = parts.line(_("Remark"), required=False, most=500)


class Sought(forms.Form):
    """A case by number or title."""

    q = parts.line(_("Number or title"), required=False, most=100)


class _Items(forms.MultipleChoiceField):
    """Items of a case, each with the version seen; cleaned to versions by key."""

    def __init__(self, going: Sequence[queries.Going], **kwargs: Any) -> None:
        offered = [(each.key, each.item.text) for each in going if not each.stays]
        super().__init__(choices=offered, widget=forms.CheckboxSelectMultiple, required=False, **kwargs)

    def valid_value(self, value: str) -> bool:
        """What was offered when the page was opened; whether it still holds is asked by the action."""
        key, _colon, version = value.partition(":")
        return all(each.isascii() and each.isdigit() and len(each) < 19 for each in (key, version))

    def clean(self, value: Any) -> dict[int, int]:
        return {int(key): int(version) for key, version in (each.split(":") for each in super().clean(value))}


TAKES = {
    queries.PRIORITY: _("Take over the higher priority"),
    "wanted_on": _("Take over the earlier day asked by the customer"),
    "promised_on": _("Take over the earlier promised day"),
    queries.DUE: _("Take over the earlier due moment inside"),
}


class Merge(kit_forms.VersionedForm):
    """What goes over to the survivor, and why they are one."""

    survivor_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, going: Sequence[queries.Going], sooner: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset = [each.key for each in going if not each.stays and not each.is_same]
        self.fields["items"] = _Items(going, label=_("Items that go over"), initial=preset)
        for name, words in sooner.items():
            self.fields[f"takes_{name}"] = forms.BooleanField(
                label=TAKES[name], required=False, initial=True, help_text=words
            )
        self.fields["reason"] = parts.prose(_("Reason"), rows=2)

    @property
    def takes(self) -> set[str]:
        return {name for name in TAKES if self.cleaned_data.get(f"takes_{name}")}

    @property
    def asked(self) -> list[forms.BoundField]:
        """What is asked beside the items."""
        return [self[name] for name in self.fields if name.startswith("takes_") or name == "reason"]


class Split(kit_forms.OnceForm, kit_forms.VersionedForm):
    """Which items become a case of their own."""

    def __init__(self, *args: Any, going: Sequence[queries.Going], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"] = _Items(going, label=_("Items of the new case"))
        self.fields["title"] = parts.line(_("Title of the new case"))
        self.fields["reason"] = parts.prose(_("Reason"), rows=2)

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self["title"], self["reason"]]


class TakeOut(kit_forms.VersionedForm):
    """Where the case goes on by itself, and why."""

    def __init__(self, *args: Any, steps: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ChoiceField(
            label=_("Go on at"), choices=steps, widget=forms.RadioSelect, initial=steps[-1][0]
        )
        self.fields["reason"] = parts.prose(_("Reason"), rows=2)
