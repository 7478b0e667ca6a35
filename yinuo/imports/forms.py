"""What people say about a workbook: the file, and which column holds what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.kit import uploads
from yinuo.kit.sheets.mapping import Field

OPTION = "option-"
MOST_ROWS = 30  # in which headings are looked for
MOST_HEADINGS = 3
ENDINGS = ".xlsx,.xls,.xlsm,.xlsb,.ods,.csv,.txt,.et"


class FileForm(kit_forms.OnceForm):
    """The workbook."""

    file = uploads.WorkbookField(
        endings=ENDINGS, help_text=_("Excel or .csv. The headings may stand anywhere in the first 30 rows.")
    )


class ColumnsForm(kit_forms.VersionedForm):
    """Which column holds which field: one select for each column, named `column-<number>`."""

    def __init__(
        self, *args: Any, wanted: list[Field], headings: dict[str, str], columns: dict[str, int],
        options: dict[str, forms.Field], rest: str = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields |= {f"{OPTION}{name}": field for name, field in options.items()}
        held = {str(column): key for key, column in columns.items()}
        choices = [("", rest or _("not taken over")), *((each.key, _words(each)) for each in wanted)]
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
        values["options"] = {
            name.removeprefix(OPTION): value for name, value in values.items() if name.startswith(OPTION)
        }
        return values

    @property
    def options(self) -> list[forms.BoundField]:
        """What is said once for all rows."""
        return [self[name] for name in self.fields if name.startswith(OPTION)]


class TableForm(kit_forms.VersionedForm):
    """In which sheet, and in which one or two rows that follow each other, the headings stand."""

    sheet = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    rows = forms.TypedMultipleChoiceField(coerce=int, choices=[(n, n) for n in range(1, MOST_ROWS + 1)])

    def clean_rows(self) -> list[int]:
        rows = sorted(set(self.cleaned_data["rows"]))
        if len(rows) > MOST_HEADINGS or rows != list(range(rows[0], rows[0] + len(rows))):
            raise forms.ValidationError(_("Headings stand in one to three rows that follow each other."))
        return rows


def _words(each: Field) -> str:
    return f"{each.words} *" if each.is_required else each.words
