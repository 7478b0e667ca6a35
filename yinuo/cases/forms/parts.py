"""The kinds of field that the room's forms are made of."""

from typing import Any

from django import forms

from yinuo.kit import forms as kit_forms


def prose(label: Any, *, required: bool = True, rows: int = 3, most: int = 4000, **kwargs: Any) -> kit_forms.Text:
    return kit_forms.Text(label=label, required=required, max_length=most, widget=kit_forms.TextArea(rows), **kwargs)


def line(label: Any, *, required: bool = True, most: int = 200, **kwargs: Any) -> kit_forms.Text:
    return kit_forms.Text(label=label, required=required, max_length=most, **kwargs)


def day(label: Any, *, required: bool = False, **kwargs: Any) -> forms.DateField:
    return kit_forms.Day(label=label, required=required, widget=kit_forms.DateInput(), **kwargs)


def moment(label: Any, *, required: bool = True, **kwargs: Any) -> forms.DateTimeField:
    return kit_forms.Moment(label=label, required=required, widget=kit_forms.MomentInput(), **kwargs)


def choice(label: Any, choices: Any, *, required: bool = True, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", ""), *choices], required=required, **kwargs)


def radio(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)
