"""Several files in one field of a form."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile


class FilesInput(forms.ClearableFileInput):
    """A place to drop, paste or choose several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        super().__init__(attrs={"data-drop": "", "multiple": True, "data-max-bytes": settings.MAX_FILE_BYTES})


class FilesField(forms.FileField):
    """No, one or several files; its value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not given:
            super().clean(None, initial)  # refuses when a file is needed
        return [super(FilesField, self).clean(each, initial) for each in given]
