"""The workbook that comes back."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.kit.sheets import guarding

ENDINGS = ".xlsx,.xlsm,.xls,.xlsb,.ods,.et"


class FileForm(kit_forms.OnceForm):
    """The workbook."""

    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.ClearableFileInput(
            attrs={
                "data-drop": "",
                "accept": ENDINGS,
                "data-max-bytes": min(guarding.MOST_BYTES, settings.MAX_FILE_BYTES),
            }
        ),
        help_text=_("The list as it was exported here, with your changes."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > guarding.MOST_BYTES:
            limit = guarding.MOST_BYTES // 2**20
            raise forms.ValidationError(_("The file is larger than %(limit)s MB. Please split it.") % {"limit": limit})
        return file
