"""Files to attach, and why one is void."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.records import models


class Files(forms.ClearableFileInput):
    """A place to drop, paste or choose several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        super().__init__(attrs={"data-drop": "", "multiple": True, "data-max-bytes": settings.MAX_FILE_BYTES})


class FilesField(forms.FileField):
    """One or several files; its value is a list."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given] or [super().clean(None, initial)]


class AttachForm(kit_forms.OnceForm):
    """Files to hang on a subject."""

    uploads = FilesField(label=_("Add files"), allow_empty_file=True)

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
