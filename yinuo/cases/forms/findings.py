"""Reporting what was learned from a customer, and sorting it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases import models
from yinuo.customers.forms import choosing
from yinuo.kit import forms as kit_forms
from yinuo.kit.uploads import FilesField
from yinuo.org import models as org
from yinuo.org.definition import Permission

MOST_FILES = 20
# The ways by which most of it comes, first; the others after them.
FIRST = (models.Channel.WECHAT, models.Channel.PHONE, models.Channel.PORTAL, models.Channel.MINUTES,
         models.Channel.VISIT, models.Channel.DRAWING, models.Channel.MAIL)  # fmt: skip


class Taken(forms.ClearableFileInput):
    """Photos or sounds, taken at once on a phone, chosen elsewhere."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self, accept: str, capture: str) -> None:
        bytes_at_most = settings.MAX_FILE_BYTES
        super().__init__(
            attrs={"accept": accept, "capture": capture, "multiple": True, "data-max-bytes": bytes_at_most}
        )


class Report(kit_forms.OnceForm):
    """One text box and files; the rest is known or not."""

    def __init__(self, *args: Any, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = [each for each in models.Channel if each not in FIRST]
        ways = [(each.value, each.label) for each in (*FIRST, *rest)]
        self.fields |= {
            "text": kit_forms.Text(
                label=_("What did you get to know?"),
                required=False,
                max_length=20_000,
                widget=kit_forms.TextArea(4),
            ),
            "photos": FilesField(label=_("Photo"), required=False, widget=Taken("image/*", "environment")),
            "sounds": FilesField(label=pgettext_lazy("file", "Voice"), required=False, widget=Taken("audio/*", "user")),
            "files": FilesField(label=pgettext_lazy("report", "Files"), required=False),
            "channel": forms.ChoiceField(
                label=_("How did it reach us?"), required=False, choices=ways, widget=forms.RadioSelect
            ),
            "customer": choosing.CustomerField(person, label=_("Customer"), required=False),
            "said_by": kit_forms.Text(label=_("Who said it"), required=False, max_length=100),
            "said_at": kit_forms.Moment(label=_("When was it said?"), required=False, widget=kit_forms.MomentInput()),
        }
        if not person.may(Permission.CUSTOMERS_SEE):
            del self.fields["customer"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("photos", "sounds", "files")
        cleaned["all_files"] = [file for name in names for file in cleaned.get(name) or []]
        if len(cleaned["all_files"]) > MOST_FILES:
            self.add_error("files", _("At most %(n)s files at once.") % {"n": MOST_FILES})
        return cleaned


class Seen(kit_forms.VersionedForm):
    """A decision of one click, on the version that the person saw."""


class Join(kit_forms.VersionedForm):
    """To which case the finding belongs."""

    case = kit_forms.Text(label=_("Number of the case"), max_length=40)


class Dismiss(kit_forms.VersionedForm):
    """Why the finding is not handled."""

    reason = kit_forms.Text(
        label=_("Reason"),
        max_length=500,
        widget=kit_forms.TextArea(2),
        help_text=_("The reporter reads it: already known, no requirement, another company's matter …"),
    )
