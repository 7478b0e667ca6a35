"""Forms about originals that are objects, the customer's feedback, lessons."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.forms import parts, tables
from yinuo.kit import forms as kit_forms
from yinuo.kit.uploads import FilesField
from yinuo.org import models as org


class NewSample(kit_forms.OnceForm):
    """An original that is an object."""

    kind = parts.choice(_("Kind"), models.Sample.Kind.choices)
    number = parts.line(_("Number of the object"), most=60)
    name = parts.line(_("Description"), required=False)
    place = parts.line(_("Place"))
    keeper = tables.PersonField(label=_("Keeper"))
    sealed_by = parts.line(_("Sealed by"), required=False, most=100)
    sealed_on = parts.day(_("Sealed on"))
    valid_until_on = parts.day(_("Valid until"))
    photos = FilesField(label=_("Photos"), required=False)

    def clean_keeper(self) -> org.Person:
        return org.Person.objects.get(pk=self.cleaned_data["keeper"])


class ChangeSample(kit_forms.VersionedForm):
    """Kept elsewhere, by somebody else, longer; described better."""

    name = parts.line(_("Description"), required=False)
    place = parts.line(_("Place"))
    keeper = tables.PersonField(label=_("Keeper"))
    sealed_by = parts.line(_("Sealed by"), required=False, most=100)
    sealed_on = parts.day(_("Sealed on"))
    valid_until_on = parts.day(_("Valid until"))
    photos = FilesField(label=_("More photos"), required=False)

    def clean_keeper(self) -> org.Person:
        return org.Person.objects.get(pk=self.cleaned_data["keeper"])


SATISFIED = [("yes", _("satisfied")), ("no", _("not satisfied"))]
SCORES = [("5", "5"), ("4", "4"), ("3", "3"), ("2", "2"), ("1", "1")]


class RecordFeedback(kit_forms.OnceForm):
    """What the customer said, recorded by us."""

    way = parts.choice(_("Way"), [pair for pair in models.FeedbackWay.choices if pair[0] != models.FeedbackWay.LINK])
    speaker = parts.line(_("Who at the customer"), most=100)
    said_at = parts.moment(_("Said"), initial=lambda: timezone.localtime())
    satisfied = parts.radio(_("Satisfied"), SATISFIED)
    score = parts.radio(_("Score"), SCORES, required=False)
    words = parts.prose(_("In words"), required=False)
    proof = FilesField(label=_("Proof"), required=False, help_text=_("mail, screenshot, minutes, recording"))
    no_proof = parts.line(_("Why there is no proof"), required=False, most=300)


class GiveFeedback(forms.Form):
    """What the customer says by link."""

    satisfied = parts.radio(_("Are you satisfied with how your request was handled?"), SATISFIED)
    score = parts.radio(_("Score"), SCORES, required=False)
    words = parts.prose(_("In words"), required=False)
    name = parts.line(_("Your name"), most=100)


class NewLink(kit_forms.OnceForm):
    """For whom a feedback link is made."""

    name = parts.line(_("For whom"), most=100)


class LessonForm(forms.Form):
    """What a case taught."""

    title = parts.line(_("Title"))
    text = parts.prose(_("What to do next time"), rows=5)
    kind = parts.choice(_("Nature"), models.Kind.choices, required=False)
    family = parts.line(_("Product family"), required=False, most=100)
    fits = parts.line(_("Where it fits"), required=False, most=300)
    tags = parts.line(_("Tags"), required=False, most=500, help_text=_("separated by commas"))

    def clean_tags(self) -> list[str]:
        text = self.cleaned_data["tags"]
        for sign in "，、;；":
            text = text.replace(sign, ",")
        return [tag.strip() for tag in text.split(",") if tag.strip()]


class NewLesson(kit_forms.OnceForm, LessonForm):
    """A lesson to keep."""


class ChangedLesson(kit_forms.VersionedForm, LessonForm):
    """A lesson to change."""
