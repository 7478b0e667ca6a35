"""Forms that validate and nothing else, rendered through our own field template."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from yinuo.kit import once, rows


class Renderer(TemplatesSetting):
    """Django's form renderer with the product's field template (label, control, help, error, required mark)."""

    form_template_name = "kit/form.html"
    field_template_name = "kit/field.html"


class OnceForm(forms.Form):
    """A creating form: carries its one-time key, so that sending it twice makes one row."""

    once = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = once.new_key


class VersionedForm(forms.Form):
    """A changing form: carries the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class TextArea(forms.Textarea):
    """A text area that grows with its text (see `kit.js`)."""

    def __init__(self, rows: int = 3) -> None:
        super().__init__(attrs={"rows": rows, "data-grow": ""})


class DateInput(forms.DateInput):
    """A day, through the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A moment to the minute, through the browser's own picker, in the site's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class Several(forms.ModelMultipleChoiceField):
    """Several rows, chosen by key. What no database holds as a key is no lawful choice."""

    def clean(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else ():
            if rows.key_in(str(key)) is None:
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": str(key)[:40]})
        return super().clean(value)


FIRST_YEAR, LAST_YEAR = 1900, 2199
NO_SUCH_DAY = _("Please give a day between 1900 and 2199.")


class Day(forms.DateField):
    """A day of our times: far ones are slips of the finger, and what is counted from them leaves the calendar."""

    widget = DateInput

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise forms.ValidationError(NO_SUCH_DAY)


class Moment(forms.DateTimeField):
    """A moment of our times, in the site's time zone."""

    widget = MomentInput

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise forms.ValidationError(NO_SUCH_DAY)


class Text(forms.CharField):
    """Text without control characters (they break Excel, XML and PostgreSQL), outer blanks removed."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "".join(c for c in text if c in "\n\t" or (c >= " " and c not in "\x7f\ufeff\ufffe\uffff")).strip()

    def validate(self, value: Any) -> None:
        super().validate(value)
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise forms.ValidationError(_("This text has a damaged character. Please type it again.")) from None
