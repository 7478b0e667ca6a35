"""Fields that choose a row of the organisation, each with the words by which people know it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language

from yinuo.kit import forms as kit_forms
from yinuo.org import definition, models, queries


def in_language(words: tuple[str, str]) -> str:
    """The reader's language of a (Chinese, English) pair."""
    return words[1] if (get_language() or "").startswith("en") else words[0]


class PersonField(forms.ModelChoiceField):
    """Somebody who works here, found by typing a name or number; whoever is chosen already (`keep`) may have left."""

    def __init__(self, keep: Iterable[int | None] = (), **kwargs: Any) -> None:
        kept = models.Person.objects.filter(pk__in=[each for each in keep if each])
        rows = (queries.people() | kept).order_by("name", "pk")
        super().__init__(queryset=rows, widget=forms.Select(attrs={"data-search": ""}), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} {obj.employee_number or obj.sign_in} {obj.name_latin}".strip()


class SiteField(forms.ModelChoiceField):
    """One of our sites."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=queries.sites(), **kwargs)


class DepartmentField(forms.ModelChoiceField):
    """A department or section; `code` apart, as names may repeat between sites."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=queries.departments(), **kwargs)


class PostField(forms.ModelChoiceField):
    """A post with its department."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=queries.posts(), widget=forms.Select(attrs={"data-search": ""}), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.department.name}"


class LocationField(forms.ModelChoiceField):
    """A place, with its site."""

    def __init__(self, **kwargs: Any) -> None:
        places = models.Location.objects.select_related("site").order_by("site__code", "pk")
        super().__init__(queryset=places, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.site.name}"


class RoleField(forms.ChoiceField):
    """A role, with the sentence that says what it is for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_roles, widget=forms.RadioSelect, **kwargs)


def _roles() -> list[tuple[str, str]]:
    return [
        (key, f"{in_language((role.zh, role.en))} – {in_language((role.for_zh, role.for_en))}")
        for key, role in definition.ROLES.items()
    ]


class KindsField(forms.MultipleChoiceField):
    """What an outside organisation is to us."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_kinds, widget=forms.CheckboxSelectMultiple, **kwargs)


def _kinds() -> list[tuple[str, str]]:
    return [(key, in_language(words)) for key, words in definition.ORGANISATION_KINDS.items()]


class LinesField(kit_forms.Text):
    """Several short texts, one a line; cleaned to a list without repetitions."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=kit_forms.TextArea(2), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
