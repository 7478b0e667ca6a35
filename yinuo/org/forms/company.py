"""Forms of sites, departments, posts, scopes, roles and the address book."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.org import models
from yinuo.org.forms import fields

CODE_HINT = _("Small letters, digits, hyphens and underscores. Procedures name it by this code; it does not change.")


class Named(forms.Form):
    """A name in both languages."""

    name_zh = kit_forms.Text(label=_("Name in Chinese"), max_length=200)
    name_en = kit_forms.Text(label=_("Name in English"), max_length=200, required=False)


class Reasoned(forms.Form):
    """With the reason, for the trail."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300)


# Sites ----------------------------------------------------------------------------------------------------------------


class SiteFields(Named):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone) for zone in sorted(available_timezones()) if "/" in zone],
        initial="Asia/Shanghai",
        widget=forms.Select(attrs={"data-search": ""}),
    )


class NewSite(SiteFields, kit_forms.OnceForm):
    """A site that opens."""

    code = forms.SlugField(label=_("Short code"), max_length=20)
    field_order = ("code", "name_zh", "name_en", "time_zone")


class ChangeSite(SiteFields, kit_forms.VersionedForm):
    """A site that changes or closes."""

    is_active = forms.BooleanField(label=_("In use"), required=False)


class NewLocation(Named, kit_forms.OnceForm):
    """A place at a site."""


class ChangeLocation(Named, kit_forms.VersionedForm):
    """A place that gets another name."""


# Departments and posts ------------------------------------------------------------------------------------------------


class DepartmentFields(Named):
    site = fields.SiteField(label=_("Site"), required=False, empty_label=_("the whole company"))
    parent = fields.DepartmentField(label=_("Belongs to"), required=False, empty_label=_("none"))


class NewDepartment(DepartmentFields, kit_forms.OnceForm):
    """A department or section that opens."""

    code = forms.SlugField(label=_("Short code"), max_length=40, help_text=CODE_HINT)
    field_order = ("code", "name_zh", "name_en", "site", "parent")


class ChangeDepartment(DepartmentFields, kit_forms.VersionedForm):
    """A department that changes, moves or closes."""

    is_active = forms.BooleanField(label=_("In use"), required=False)
    reason = kit_forms.Text(label=_("Reason"), max_length=300, required=False)


class PostFields(Named):
    department = fields.DepartmentField(label=_("Department"))
    superior = fields.PostField(label=_("Post above it"), required=False, empty_label=_("none"))
    is_head = forms.BooleanField(label=_("Heads the department"), required=False)


class NewPost(PostFields, kit_forms.OnceForm):
    """A post that is created."""

    code = forms.SlugField(label=_("Short code"), max_length=60, help_text=CODE_HINT)
    field_order = ("code", "name_zh", "name_en", "department", "superior", "is_head")


class ChangePost(PostFields, kit_forms.VersionedForm):
    """A post that changes or closes."""

    is_active = forms.BooleanField(label=_("In use"), required=False)
    reason = kit_forms.Text(label=_("Reason"), max_length=300, required=False)


class Appointment(kit_forms.OnceForm):
    """Somebody takes up a post."""

    person = fields.PersonField(label=_("Person"))
    from_on = kit_forms.Day(label=_("Begins"), widget=kit_forms.DateInput())
    to_on = kit_forms.Day(label=_("Ends"), required=False, widget=kit_forms.DateInput(), help_text=_("Empty: for good"))
    is_acting = forms.BooleanField(label=_("Acting, until somebody is appointed"), required=False)
    reason = kit_forms.Text(label=_("Reason"), max_length=300, required=False)


class LastDay(kit_forms.VersionedForm):
    """The last day of something."""

    to_on = kit_forms.Day(label=_("Last day"), widget=kit_forms.DateInput())
    reason = kit_forms.Text(label=_("Reason"), max_length=300, required=False)


# Scopes and roles -----------------------------------------------------------------------------------------------------


class NewScope(Named, kit_forms.OnceForm):
    """A scope that opens."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300, required=False)


class ChangeScope(Named, kit_forms.VersionedForm):
    """A scope that gets another name."""


class LetIn(Reasoned, kit_forms.OnceForm):
    """Somebody is named in a scope."""

    person = fields.PersonField(label=_("Person"))
    field_order = ("person", "reason")


class RoleForm(kit_forms.OnceForm):
    """Somebody gets a role."""

    person = fields.PersonField(label=_("Person"))
    role = fields.RoleField(label=_("Role"))
    site = fields.SiteField(label=_("At the site"), required=False, empty_label=_("all sites"))
    from_on = kit_forms.Day(label=_("Begins"), widget=kit_forms.DateInput())
    to_on = kit_forms.Day(label=_("Ends"), required=False, widget=kit_forms.DateInput(), help_text=_("Empty: for good"))
    reason = kit_forms.Text(label=_("Reason"), max_length=300, required=False)


# Address book ---------------------------------------------------------------------------------------------------------


class OrganisationFields(Named):
    kinds = fields.KindsField(label=_("What it is to us"))
    aliases = fields.LinesField(
        label=_("Other names"), required=False, help_text=_("One a line: short names, former names, abbreviations.")
    )
    country = kit_forms.Text(label=_("Country"), max_length=60, required=False)
    address = kit_forms.Text(label=_("Address"), max_length=300, required=False)
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    scope = forms.ModelChoiceField(
        label=_("Confidential: only for the people of"),
        queryset=models.Scope.objects.none(),
        required=False,
        empty_label=_("not confidential"),
    )


class NewOrganisation(OrganisationFields, kit_forms.OnceForm):
    """An organisation that enters the address book."""


class ChangeOrganisation(OrganisationFields, kit_forms.VersionedForm):
    """An organisation that changes."""

    is_active = forms.BooleanField(label=_("In use"), required=False)
