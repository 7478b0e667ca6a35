"""The workbook that comes back."""

from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.kit import uploads

ENDINGS = ".xlsx,.xlsm,.xls,.xlsb,.ods,.et"


class FileForm(kit_forms.OnceForm):
    """The workbook."""

    file = uploads.WorkbookField(endings=ENDINGS, help_text=_("The list as it was exported here, with your changes."))
