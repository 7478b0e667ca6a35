"""Forms about people: who they are, what they can, when they are away, when they leave."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.org import models
from yinuo.org.forms import fields

LEVELS = [(1, _("1 – knows")), (2, _("2 – works alone")), (3, _("3 – teaches others")), (0, _("0 – withdrawn"))]


class PersonFields(forms.Form):
    name = kit_forms.Text(label=_("Full name"), max_length=100)
    name_latin = kit_forms.Text(label=_("Name in Latin letters"), max_length=100, required=False)
    employee_number = kit_forms.Text(label=_("Employee number"), max_length=30, required=False)
    sign_in = forms.CharField(
        label=_("Sign-in name"), max_length=60, widget=forms.TextInput(attrs={"autocapitalize": "none"})
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = kit_forms.Text(label=_("Phone"), max_length=40, required=False)
    site = fields.SiteField(label=_("Site"), required=False, empty_label=_("none"))
    location = fields.LocationField(label=_("Workplace"), required=False, empty_label=_("none"))
    superior = fields.PersonField(
        label=_("Superior"), required=False, empty_label="", help_text=_("Empty: by the post above theirs")
    )
    capacity = forms.IntegerField(label=_("Capacity in per cent"), min_value=0, max_value=100, initial=100)
    language = forms.ChoiceField(label=_("Language"), choices=[("zh", "中文"), ("en", "English")])


class NewPerson(PersonFields, kit_forms.OnceForm):
    """Somebody who joins."""


class ChangePerson(PersonFields, kit_forms.VersionedForm):
    """Somebody of whom something changes."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300, required=False)


class Leaving(kit_forms.VersionedForm):
    """Somebody who leaves the company."""

    on = kit_forms.Day(label=_("Last day"), widget=kit_forms.DateInput())
    reason = kit_forms.Text(label=_("Reason"), max_length=300, required=False)


class WithReason(kit_forms.VersionedForm):
    """A step that needs its reason."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300)


class OnlyReason(forms.Form):
    """A step on something that is not changed otherwise."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300)


class Seen(kit_forms.VersionedForm):
    """A step that needs nothing but the version seen."""


class Competence(forms.Form):
    """A skill of somebody on record."""

    skill = forms.ModelChoiceField(label=_("Skill"), queryset=models.Skill.objects.order_by("name_zh"))
    level = forms.TypedChoiceField(label=_("Skill level"), choices=LEVELS, coerce=int, initial=2)
    proof = kit_forms.Text(
        label=_("Proof of it"), max_length=300, required=False, help_text=_("Certificate, training, assessment record")
    )
    valid_until = kit_forms.Day(label=_("Valid until"), required=False, widget=kit_forms.DateInput())


class NewSkill(kit_forms.OnceForm):
    """A skill one may have."""

    code = forms.SlugField(label=_("Short code"), max_length=60)
    name_zh = kit_forms.Text(label=_("Name in Chinese"), max_length=200)
    name_en = kit_forms.Text(label=_("Name in English"), max_length=200, required=False)


class ChangeSkill(kit_forms.VersionedForm):
    """A skill that gets another name."""

    name_zh = kit_forms.Text(label=_("Name in Chinese"), max_length=200)
    name_en = kit_forms.Text(label=_("Name in English"), max_length=200, required=False)


class AbsenceFields(forms.Form):
    from_at = kit_forms.Moment(label=_("Begins"), widget=kit_forms.MomentInput())
    to_at = kit_forms.Moment(label=_("Ends"), widget=kit_forms.MomentInput())
    delegate = fields.PersonField(
        label=_("Represented by"),
        required=False,
        empty_label="",
        help_text=_("New tasks go to the delegate meanwhile. Without one they wait."),
    )
    reason = kit_forms.Text(
        label=_("Reason"), max_length=200, required=False, help_text=_("Seen by you, your superior and administrators.")
    )


class NewAbsence(AbsenceFields, kit_forms.OnceForm):
    """Somebody will be away."""

    person = fields.PersonField(label=_("Person"))
    field_order = ("person", "from_at", "to_at", "delegate", "reason")


class ChangeAbsence(AbsenceFields, kit_forms.VersionedForm):
    """An absence that changes."""
