"""Files in forms: several in one field, a workbook."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yinuo.kit.sheets import guarding


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


class WorkbookField(forms.FileField):
    """One workbook. `endings` are those that a file chooser offers; what the file is, its bytes say."""

    def __init__(self, *, endings: str, help_text: Any) -> None:
        most = min(guarding.MOST_BYTES, settings.MAX_FILE_BYTES)
        widget = forms.ClearableFileInput(attrs={"data-drop": "", "accept": endings, "data-max-bytes": most})
        super().__init__(label=_("Workbook"), widget=widget, help_text=help_text)
        self.error_messages["empty"] = _("The file is empty. Please save it again in Excel, then choose it once more.")

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file.size > guarding.MOST_BYTES:
            limit = guarding.MOST_BYTES // 2**20
            raise forms.ValidationError(_("The file is larger than %(limit)s MB. Please split it.") % {"limit": limit})
        return file
