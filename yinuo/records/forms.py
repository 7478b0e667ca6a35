"""Files to attach, and why one is void."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.kit import uploads
from yinuo.records import models


class AttachForm(kit_forms.OnceForm):
    """Files to hang on a subject."""

    uploads = uploads.FilesField(label=_("Add files"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="attach_%s", **kwargs)


class ReasonForm(forms.Form):
    """Why something is voided, redacted, held or released."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300)


class RetentionForm(forms.Form):
    """How long a file is kept."""

    retention = forms.ChoiceField(
        label=_("Retention"), choices=models.Attachment.Retention.choices, widget=forms.RadioSelect
    )
    reason = kit_forms.Text(label=_("Reason"), max_length=300)


class PeriodsForm(kit_forms.VersionedForm):
    """The company's retention periods."""

    record_years = forms.IntegerField(
        label=_("Quality records, in years"), min_value=1, max_value=100, required=False, help_text=_("Empty: for good")
    )
    working_years = forms.IntegerField(
        label=_("Working papers, in years"), min_value=1, max_value=100, required=False, help_text=_("Empty: for good")
    )
