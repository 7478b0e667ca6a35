"""Who is to handle a case, asked inside a procedure step: those whom the company's rules rank, or somebody else."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases.queries import assigning as assigning_queries
from yinuo.cases.queries import cases as case_queries
from yinuo.org import models as org
from yinuo.procedures.forms import fields
from yinuo.procedures.queries import people

OTHER = "other"


class OwnerWidget(forms.MultiWidget):
    """The ranked, each with the reason, and a search among everybody for somebody else."""

    template_name = "cases/widgets/owner.html"
    use_fieldset = True

    def __init__(self, ranked: Sequence[tuple[str, str]], everybody: forms.Widget) -> None:
        self.ranked = [party for party, _words in ranked]
        choices = [*ranked, (OTHER, _("somebody else"))]
        super().__init__({"choice": forms.RadioSelect(choices=choices), "other": everybody})

    def decompress(self, value: Any) -> list[str]:
        """Where a person stands in the two parts."""
        if not value or value in self.ranked:
            return [value or "", ""]
        return [OTHER, "" if value == OTHER else value]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["subwidgets"][1]["attrs"]["aria-label"] = say("Name of somebody else")
        return context


class OwnerField(forms.Field):
    """A person of those ranked or anybody else; the value is a party word ("person:0102")."""

    widget: OwnerWidget

    def __init__(self, ranked: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        self.everybody = fields.PersonField(required=False)
        super().__init__(widget=OwnerWidget(ranked, self.everybody.widget), **kwargs)

    def to_python(self, value: Any) -> str:
        """The person chosen, in whichever part."""
        choice, other = value or ("", "")
        party = str((other if choice == OTHER else choice) or "")
        if choice == OTHER and not party:
            raise forms.ValidationError(say("Please choose somebody from the list."))
        return str(self.everybody.clean(party))


def owner_field(case_id: int, *, required: bool) -> forms.Field:
    """The owner of a case, as the rules propose now; anybody where the company has no rules."""
    case = case_queries.case_of(case_id)
    proposal = assigning_queries.proposal(case, list(case.products.all()), timezone.now())
    if proposal is None:
        return fields.PersonField(required=required)
    persons = org.Person.objects.in_bulk([each.candidate.person for each in proposal.ranked])
    language = get_language() or "zh"
    ranked = [
        (people.party_of(persons[each.candidate.person]), f"{each.candidate.name} · {each.why.say(language)}")
        for each in proposal.ranked
    ]
    first = ranked[0][0] if proposal.first is not None else OTHER
    return OwnerField(ranked, required=required, initial=first, help_text=escape(_sentence(proposal, language)))


def _sentence(proposal: assigning_queries.Proposal, language: str) -> str:
    """Which rule it was; why nobody, where the rules find nobody."""
    row, pool = proposal.choice.why.say(language), proposal.choice.pool
    if pool is None:
        return say("No rule names a pool (%(row)s). Please choose somebody and say why.") % {"row": row}
    parts: Mapping[str, str] = {"row": row, "pool": pool.name.say(language), "why": proposal.why.say(language)}
    if proposal.first is None:
        return say("The rules find nobody: %(row)s → %(pool)s, %(why)s. Please choose somebody and say why.") % parts
    return say("The rules: %(row)s → %(pool)s. Submit to take the first, or choose another and say why.") % parts
