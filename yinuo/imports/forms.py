"""What people say about a workbook: the file, and which column holds what."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.kit.sheets import guarding
from yinuo.kit.sheets.mapping import Field

ENDINGS = ".xlsx,.xls,.xlsm,.xlsb,.ods,.csv,.txt,.et"


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
        help_text=_("Excel or .csv. The headings may stand anywhere in the first 30 rows."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > guarding.MOST_BYTES:
            limit = guarding.MOST_BYTES // 2**20
            raise forms.ValidationError(_("The file is larger than %(limit)s MB. Please split it.") % {"limit": limit})
        return file


class ColumnsForm(kit_forms.VersionedForm):
    """Which column holds which field: one select for each column, named `column-<number>`."""

    def __init__(
        self, *args: Any, wanted: list[Field], headings: dict[str, str], columns: dict[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        held = {str(column): key for key, column in columns.items()}
        choices = [("", _("not taken over")), *((each.key, _words(each)) for each in wanted)]
        for column, heading in headings.items():
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=held.get(column, "")
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        columns: dict[str, int] = {}
        for name, key in list(values.items()):  # an error takes the value out
            if name.startswith("column-") and key:
                if key in columns:
                    self.add_error(name, _("Another column holds this already."))
                columns.setdefault(key, int(name.removeprefix("column-")))
        values["columns"] = columns
        return values


def _words(each: Field) -> str:
    return f"{each.words} *" if each.is_required else each.words
