"""What people say about a change, and about the terms."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.changes import models, rules
from yinuo.customers.forms import choosing, facts
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org.forms import fields as org_fields
from yinuo.sources import queries as sources_queries

MOST_EDITIONS = 300


class EditionField(forms.ModelChoiceField):
    """An edition of a customer's document that has no change yet; the one that is chosen already stays."""

    def __init__(self, person: org.Person, keep: int | None = None, **kwargs: Any) -> None:
        rows = sources_queries.editions(person).exclude(document__customer=None)
        free = rows.filter(change=None).order_by("-received_on", "-pk").values_list("pk", flat=True)[:MOST_EDITIONS]
        keys = [*free, *([keep] if keep else [])]
        super().__init__(
            rows.filter(pk__in=keys).select_related("document").order_by("-received_on", "-pk"),
            widget=forms.Select(attrs={"data-search": ""}), **kwargs,
        )  # fmt: skip

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.subject_label)


class ChangeForm(facts.Facts):
    """What people say about a change."""

    def __init__(self, *args: Any, person: org.Person, row: models.Change | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        text, day = kit_forms.Text, facts.day
        self.fields |= {
            "title": text(label=pgettext_lazy("change", "Title"), max_length=300),
            "customer": choosing.CustomerField(person, keep=[row and row.customer_id], label=_("Customer")),
            "edition": EditionField(
                person, row.edition_id if row else None, label=_("Document and edition"), required=False,
                help_text=_("Leave it empty when the change came by drawing or mail."),
            ),
            "reference": text(
                label=pgettext_lazy("change", "Reference"), max_length=200, required=False,
                help_text=_("Number of the customer's notice, drawing with index, subject of the mail."),
            ),
            "what": text(
                label=pgettext_lazy("change", "What changed"), max_length=8000, required=False,
                widget=kit_forms.TextArea(),
            ),
            "received_on": day(_("Received on"), required=True),
            "notified_on": day(_("Notified on")),
            "published_on": day(_("Published on")),
            "responsible": org_fields.PersonField(
                keep=[row.responsible_id if row else None], label=pgettext_lazy("person", "Responsible")
            ),
            "department": org_fields.DepartmentField(label=_("Department"), required=False),
            "sites": facts.sites_field(_("Sites concerned"), row),  # type: ignore[arg-type]
            "scope": facts.scope_field(person),
            "reason": text(
                label=_("Reason"), max_length=500, required=False,
                help_text=_("Needed when the clock starts before today, or on another day than before."),
            ),
        }  # fmt: skip


class NewChange(ChangeForm, kit_forms.OnceForm):
    """A change to record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = timezone.localdate
        self.fields["responsible"].initial = self.person.pk


class ChangedChange(ChangeForm, kit_forms.VersionedForm):
    """A change to set right."""

    def __init__(self, *args: Any, person: org.Person, row: models.Change, **kwargs: Any) -> None:
        super().__init__(*args, person=person, row=row, **kwargs)
        self.leave_out_unseen(row)


class Reason(kit_forms.VersionedForm):
    """Why something is as it is."""

    reason = kit_forms.Text(label=_("Reason"), max_length=500, widget=kit_forms.TextArea())


class TermForm(forms.Form):
    """From when and within how many working days changes are reviewed."""

    start = forms.ChoiceField(
        label=_("The clock starts on"), choices=models.Start.choices, initial=models.Start.EARLIEST,
        help_text=_("A day that is not known is replaced by the day of receipt. The day itself is not counted."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Term in working days"), min_value=1, max_value=rules.MOST_DAYS, initial=rules.MOST_DAYS
    )
    note = kit_forms.Text(label=_("Note"), max_length=300, required=False)


class CompanyTerm(TermForm, kit_forms.VersionedForm):
    """The company's own term; version 0 while none was set."""


class NewTerm(kit_forms.OnceForm, TermForm):
    """A shorter term of a customer."""

    def __init__(self, *args: Any, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = choosing.CustomerField(person, label=_("Customer"), help_text=_("It holds for all customers below it."))
        self.fields = {"customer": own, **self.fields}
        self.fields["days"].initial = rules.MOST_DAYS // 2


class ChangedTerm(TermForm, kit_forms.VersionedForm):
    """A customer's term to change."""
