"""Files to attach, and why one is void."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms


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


class VoidForm(forms.Form):
    """Why a file is void."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300)
