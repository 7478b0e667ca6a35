"""What people say about a watched page, and what a change means."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers.forms import choosing, facts
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org.forms import fields
from yinuo.sources import queries as sources
from yinuo.watches import models


class PageForm(facts.Facts):
    """What people say about a watched page."""

    def __init__(self, *args: Any, person: org.Person, row: models.Page | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = kit_forms.Text
        kept = list(row.others.values_list("pk", flat=True)) if row else []
        documents = sources.documents(person).filter(is_active=True).order_by("title", "pk")
        self.fields |= {
            "name": text(label=_("Page"), max_length=200, help_text=_("What it is, in your words.")),
            "address": forms.URLField(label=_("Address"), max_length=1000, assume_scheme="https"),
            "customer": choosing.CustomerField(
                person, keep=[row and row.customer_id], label=_("Customer"), required=False
            ),
            "document": forms.ModelChoiceField(
                documents, required=False, label=_("Document"), widget=forms.Select(attrs={"data-search": ""}),
                help_text=_("The document whose new editions appear there."),
            ),
            "keeper": fields.PersonField(keep=[row.keeper_id if row else None], label=_("Who is told")),
            "deputy": fields.PersonField(
                keep=[row.deputy_id if row else None], label=_("Who is told as well"), required=False
            ),
            "others": kit_forms.Several(
                org.Person.objects.filter(Q(is_active=True) | Q(pk__in=kept)).order_by("name", "pk"), required=False,
                label=_("More people who are told"), widget=forms.SelectMultiple(attrs={"data-search": ""}),
            ),
            "every": forms.TypedChoiceField(
                label=_("How often"), choices=models.Often.choices, coerce=int, initial=models.Often.DAILY
            ),
            "selector": text(
                label=_("Only what this CSS selector means"), max_length=300, required=False,
                help_text=_("For example: .news-list. Left empty, the whole page counts."),
            ),
            "part_begins": text(
                label=_("Only from this phrase"), max_length=200, required=False,
                help_text=_("Words on the page before which nothing counts: left empty, the page counts from its top."),
            ),
            "part_ends": text(
                label=_("Only up to this phrase"), max_length=200, required=False,
                help_text=_("Words after which nothing counts: left empty, the page counts to its end."),
            ),
            "ignores_numbers": forms.BooleanField(
                label=_("Numbers and days do not count"), required=False,
                help_text=_("For pages that show a counter or today’s date."),
            ),
            "note": text(label=_("Note"), max_length=300, required=False),
        }  # fmt: skip


class NewPage(PageForm, kit_forms.OnceForm):
    """A page to watch."""


class ChangedPage(PageForm, kit_forms.VersionedForm):
    """A watched page to change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_active"] = forms.BooleanField(label=_("Is watched"), required=False)


class Look(kit_forms.VersionedForm):
    """Asks for a visit."""


class Decide(kit_forms.VersionedForm):
    """What a change means for us."""

    decision = forms.ChoiceField(
        label=_("What does it mean?"), choices=models.Decision.choices, widget=forms.RadioSelect
    )
    remark = kit_forms.Text(label=pgettext_lazy("watch", "What changed"), max_length=500, widget=kit_forms.TextArea())
