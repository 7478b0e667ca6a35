"""Small forms that open in a dialog: what somebody does with a case, an item, an object, a lesson."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.forms import tables
from yinuo.kit import forms as kit_forms
from yinuo.kit.uploads import FilesField
from yinuo.org import models as org


def words(label: Any, *, required: bool = True, rows: int = 3, most: int = 4000, **kwargs: Any) -> kit_forms.Text:
    return kit_forms.Text(label=label, required=required, max_length=most, widget=kit_forms.TextArea(rows), **kwargs)


def line(label: Any, *, required: bool = True, most: int = 200, **kwargs: Any) -> kit_forms.Text:
    return kit_forms.Text(label=label, required=required, max_length=most, **kwargs)


def day(label: Any, *, required: bool = False, **kwargs: Any) -> forms.DateField:
    return kit_forms.Day(label=label, required=required, widget=kit_forms.DateInput(), **kwargs)


def moment(label: Any, *, required: bool = True, **kwargs: Any) -> forms.DateTimeField:
    return kit_forms.Moment(label=label, required=required, widget=kit_forms.MomentInput(), **kwargs)


def choice(label: Any, choices: Any, *, required: bool = True, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", ""), *choices], required=required, **kwargs)


def radio(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


class Reason(forms.Form):
    """Only why."""

    reason = words(_("Reason"), rows=2)


class VersionedReason(kit_forms.VersionedForm, Reason):
    """Why, on the version seen."""


class Rank(kit_forms.VersionedForm):
    """Another priority than the table's."""

    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=models.Priority.choices, coerce=int, widget=forms.RadioSelect
    )
    reason = words(_("Reason"), rows=2)


class Owner(kit_forms.VersionedForm):
    """Another owner."""

    owner = tables.PersonField(label=_("Owner"))

    def clean_owner(self) -> org.Person:
        return org.Person.objects.get(pk=self.cleaned_data["owner"])


class Reopen(forms.Form):
    """Where to go on, and why."""

    def __init__(self, *args: Any, steps: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ChoiceField(label=_("Go on at"), choices=steps, widget=forms.RadioSelect)
        self.fields["reason"] = words(_("Reason"), rows=2)


# Items ----------------------------------------------------------------------------------------------------------------


class NewItem(kit_forms.OnceForm):
    """One requirement more."""

    text = words(_("Requirement"))
    kind = choice(_("Nature"), models.Kind.choices)
    applies = choice(_("Applies to"), models.Applies.choices, initial=models.Applies.CUSTOMER)
    owner = tables.PersonField(label=_("Owner"), required=False)
    due_on = day(_("Due"))
    reason = line(_("How it came"), most=300)

    def clean_owner(self) -> org.Person | None:
        owner = self.cleaned_data["owner"]
        return org.Person.objects.filter(pk=owner).first() if owner else None


class Amend(kit_forms.VersionedForm):
    """The customer says it otherwise."""

    text = words(_("New wording"), rows=4)
    channel = choice(_("Channel"), models.Channel.choices)
    said_by = line(_("Who said it"), most=100)
    said_at = moment(_("Said or published"), required=False)
    is_oral = forms.BooleanField(label=_("Spoken only, to be confirmed in writing"), required=False)
    reason = words(_("Why it changes"), rows=2)


class Confirm(forms.Form):
    """Oral words in writing, or not."""

    confirmed = radio(
        _("What the customer did"), [("yes", _("confirmed in writing")), ("no", _("does not confirm in writing"))]
    )
    how = line(_("In which mail or letter, or who refused"), most=300)


class Judge(kit_forms.VersionedForm):
    """A verdict by hand."""

    verdict = radio(_("Verdict"), models.Verdict.choices)
    condition = words(_("Condition or reason"), required=False, rows=2)


class CustomersAnswer(kit_forms.VersionedForm):
    """What the customer decided about our alternative."""

    answer = radio(_("Customer's decision"), models.Answer.choices)
    answer_by = line(_("Who at the customer"), most=100)
    answer_on = day(_("Decided on"), required=True, initial=lambda: timezone.localdate())
    waived_until_on = day(_("Waived until"))
    waived_quantity = forms.IntegerField(
        label=_("Waived for pieces"), required=False, min_value=1, max_value=2_000_000_000
    )


class Verify(kit_forms.VersionedForm):
    """What came of an item."""

    is_met = radio(_("Verified"), [("yes", _("met")), ("no", _("not met"))])
    result = words(_("Result"), required=False, rows=2)
    finding = words(_("What was checked and found"), rows=2)


# Objects, feedback, lessons -------------------------------------------------------------------------------------------


class NewSample(kit_forms.OnceForm):
    """An original that is an object."""

    kind = choice(_("Kind"), models.Sample.Kind.choices)
    number = line(_("Number of the object"), most=60)
    name = line(_("Description"), required=False)
    place = line(_("Place"))
    keeper = tables.PersonField(label=_("Keeper"))
    sealed_by = line(_("Sealed by"), required=False, most=100)
    sealed_on = day(_("Sealed on"))
    valid_until_on = day(_("Valid until"))
    photos = FilesField(label=_("Photos"), required=False)

    def clean_keeper(self) -> org.Person:
        return org.Person.objects.get(pk=self.cleaned_data["keeper"])


class MoveSample(kit_forms.VersionedForm):
    """Kept elsewhere, or by somebody else."""

    place = line(_("Place"))
    keeper = tables.PersonField(label=_("Keeper"))

    def clean_keeper(self) -> org.Person:
        return org.Person.objects.get(pk=self.cleaned_data["keeper"])


SATISFIED = [("yes", _("satisfied")), ("no", _("not satisfied"))]
SCORES = [("5", "5"), ("4", "4"), ("3", "3"), ("2", "2"), ("1", "1")]


class RecordFeedback(kit_forms.OnceForm):
    """What the customer said, recorded by us."""

    way = choice(_("Way"), [pair for pair in models.FeedbackWay.choices if pair[0] != models.FeedbackWay.LINK])
    speaker = line(_("Who at the customer"), most=100)
    said_at = moment(_("Said"), initial=lambda: timezone.localtime())
    satisfied = radio(_("Satisfied"), SATISFIED)
    score = radio(_("Score"), SCORES, required=False)
    words = words(_("In words"), required=False)
    proof = FilesField(label=_("Proof"), required=False)


class GiveFeedback(forms.Form):
    """What the customer says by link."""

    satisfied = radio(_("Are you satisfied with how your request was handled?"), SATISFIED)
    score = radio(_("Score"), SCORES, required=False)
    words = words(_("In words"), required=False)
    name = line(_("Your name"), most=100)


class NewLink(kit_forms.OnceForm):
    """For whom a feedback link is made."""

    name = line(_("For whom"), most=100)


class LessonForm(forms.Form):
    """What a case taught."""

    title = line(_("Title"))
    text = words(_("What to do next time"), rows=5)
    kind = choice(_("Nature"), models.Kind.choices, required=False)
    family = line(_("Product family"), required=False, most=100)
    fits = line(_("Where it fits"), required=False, most=300)
    tags = line(_("Tags"), required=False, most=500, help_text=_("separated by commas"))

    def clean_tags(self) -> list[str]:
        text = self.cleaned_data["tags"]
        for sign in "，、;；":
            text = text.replace(sign, ",")
        return [tag.strip() for tag in text.split(",") if tag.strip()]


class NewLesson(kit_forms.OnceForm, LessonForm):
    """A lesson to keep."""


class ChangedLesson(kit_forms.VersionedForm, LessonForm):
    """A lesson to change."""


class ConventionForm(kit_forms.VersionedForm):
    """How the company numbers, ranks and times its cases."""

    number_pattern = line(_("Pattern of case numbers"), most=60, help_text="CSR-{year}-{n:04}")
    allows_gaps = forms.BooleanField(
        label=_("Numbers may have gaps"),
        required=False,
        help_text=_("Registrations then never wait for one another; a failed one leaves a gap."),
    )
    oral_days = forms.IntegerField(label=_("Working days for confirmation in writing"), min_value=1, max_value=250)
    feedback_days = forms.IntegerField(label=_("Days a feedback link holds"), min_value=1, max_value=365)
    top = forms.IntegerField(label=_("Working days when top"), min_value=0, max_value=250)
    urgent = forms.IntegerField(label=_("Working days when urgent"), min_value=0, max_value=250)
    normal = forms.IntegerField(label=_("Working days when normal"), min_value=0, max_value=250)
    low = forms.IntegerField(label=_("Working days when low"), min_value=0, max_value=250)
    priorities = forms.JSONField(label=_("Priority table"), widget=kit_forms.TextArea(14))
    skills = forms.JSONField(label=_("Skill needed by kind"), required=False, widget=kit_forms.TextArea(3))

    def clean_skills(self) -> dict[str, str]:
        given = self.cleaned_data["skills"] or {}
        if not isinstance(given, dict) or not set(given) <= set(models.Kind.values):
            raise forms.ValidationError(_("Name kinds and the codes of skills."))
        return {str(kind): str(code) for kind, code in given.items()}
