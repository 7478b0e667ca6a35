"""Forms of the moves on a task or run, and of publishing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import access, models
from yinuo.procedures.forms import fields


class MoveForm(kit_forms.VersionedForm):
    """A move on a task or run, from the version that the person saw."""

    def __init__(self, data: Any = None, files: Any = None, *, version: int = 0) -> None:
        super().__init__(data, files, initial={"version": version})


def _reason(label: Any = None, *, required: bool = True) -> kit_forms.Text:
    return kit_forms.Text(
        label=label or _("Reason"), required=required, max_length=2000, widget=kit_forms.TextArea(rows=2)
    )


class ReasonForm(MoveForm):
    reason = _reason()


class RemarkForm(MoveForm):
    reason = _reason(_("Remark"), required=False)


class ToStepForm(MoveForm):
    """To which earlier step, and why."""

    to = forms.ChoiceField(label=_("To step"))
    reason = _reason()

    def __init__(self, *args: Any, steps: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = fields.choice_field(
            list(steps), label=_("To step"), initial=steps[-1][0] if steps else None
        )
        self.order_fields(["to", "reason"])


class People(kit_forms.Several):
    """Several people of the company, searched by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=org.Person.objects.none(), widget=forms.SelectMultiple(attrs={"data-search": ""}), **kwargs
        )


class ToPersonForm(MoveForm):
    """To whom, and why. Only people who may work on rows of this scope and site are offered."""

    to = forms.ModelChoiceField(
        label=_("Person"),
        queryset=org.Person.objects.none(),
        empty_label="",
        widget=forms.Select(attrs={"data-search": ""}),
    )
    reason = _reason()

    def __init__(self, *args: Any, task: models.Task, but: Sequence[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = workers(task).exclude(pk__in=list(but))  # type: ignore[attr-defined]


def workers(task: models.Task) -> QuerySet[org.Person]:
    """The people who may work on a task's subject."""
    able = access.able(org_queries.people(), access.P.PROCEDURES_WORK, task.scope_id, task.site_id)
    return org_queries.people().filter(pk__in=[person.pk for person in able])


class SignerForm(ToPersonForm):
    """Whom to add as a signer, and when they sign."""

    when = forms.ChoiceField(
        label=_("Signs"),
        choices=[("before", _("before me: I wait for it")), ("after", _("after me"))],
        widget=forms.RadioSelect,
        initial="before",
    )
    reason = _reason(_("What it is about"), required=False)
    field_order = ["to", "when", "reason"]


class CopyForm(forms.Form):
    """Whom to bring this to notice."""

    people = People(label=_("People"))
    note = _reason(_("Remark"), required=False)

    def __init__(self, *args: Any, run: models.Run | models.Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = access.able(org_queries.people(), access.P.PROCEDURES_SEE, run.scope_id, run.site_id)
        self.fields["people"].queryset = org_queries.people().filter(  # type: ignore[attr-defined]
            pk__in=[person.pk for person in able]
        )


def _not_to_come(at: datetime) -> None:
    if at > timezone.now():
        raise forms.ValidationError(_("This moment is still to come."))


class SaidForm(forms.Form):
    """Who gave an opinion, when and how; stands beside the task's own form."""

    said_by = forms.ModelChoiceField(label=_("Said by"), queryset=org.Person.objects.none(), empty_label="")
    said_at = kit_forms.Moment(label=_("When"), widget=kit_forms.MomentInput(), validators=[_not_to_come])
    way = forms.ChoiceField(label=_("How"), choices=models.Opinion.Way, widget=forms.RadioSelect)

    def __init__(self, *args: Any, owners: Sequence[org.Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queryset = org.Person.objects.filter(pk__in=[person.pk for person in owners])
        self.fields["said_by"].queryset = queryset  # type: ignore[attr-defined]


class PaperForm(forms.Form):
    """A signature on paper: who signed when, and its scan; stands beside the task's own form."""

    signer = forms.ModelChoiceField(label=_("Signed by"), queryset=org.Person.objects.none(), empty_label="")
    signed_at = kit_forms.Moment(label=_("Signed at"), widget=kit_forms.MomentInput(), validators=[_not_to_come])
    scan = forms.FileField(
        label=_("Scan of the signed paper"), widget=forms.ClearableFileInput(attrs={"data-drop": ""})
    )

    def __init__(self, *args: Any, owners: Sequence[org.Person], opened_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queryset = org.Person.objects.filter(pk__in=[person.pk for person in owners])
        self.fields["signer"].queryset = queryset  # type: ignore[attr-defined]
        self.opened_at = opened_at

    def clean_signed_at(self) -> datetime:
        at: datetime = self.cleaned_data["signed_at"]
        if at < self.opened_at:
            raise forms.ValidationError(_("This was signed before there was anything to sign here."))
        return at


class ConfirmForm(MoveForm):
    """Confirming what somebody entered for oneself; signed where the step asks for it."""

    def __init__(self, *args: Any, signs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signs:
            self.fields["secret"] = forms.CharField(
                label=_("Signing PIN or password"),
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )


class EditionForm(MoveForm):
    """To which newer edition a run moves, and why."""

    edition = forms.ModelChoiceField(label=_("Edition"), queryset=models.Edition.objects.none(), empty_label="")
    reason = _reason()

    def __init__(self, *args: Any, run: models.Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newer = models.Edition.objects.filter(procedure=run.procedure_id, number__gt=run.edition.number)
        self.fields["edition"].queryset = newer.select_related("procedure")  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """The text of a new edition, pasted or as a file, with reason and signature."""

    file = forms.FileField(label=_("YAML file"), required=False)
    source = forms.CharField(
        label=_("Text"), required=False, strip=False, max_length=400_000, widget=forms.Textarea(attrs={"rows": 24})
    )
    reason = _reason(_("Reason for the new edition"))
    owner_post = forms.ModelChoiceField(
        label=_("Post that owns the procedure"), queryset=org.Post.objects.none(), required=False, empty_label="—"
    )
    secret = forms.CharField(
        label=_("Signing PIN or password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_post"].queryset = org_queries.posts()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None:
            if file.size > 400_000:
                self.add_error("file", _("This file is too large for a procedure."))
                return cleaned
            try:
                cleaned["source"] = file.read().decode("utf-8")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not UTF-8 text."))
        if not (cleaned.get("source") or "").strip() and not self.errors:
            self.add_error("source", _("Please paste the text or choose a file."))
        return cleaned
