"""What people say about a document and its editions."""

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers.forms import choosing, facts
from yinuo.kit import forms as kit_forms
from yinuo.kit import uploads
from yinuo.org import models as org
from yinuo.sources import models
from yinuo.sources.actions import documents
from yinuo.sources.queries import judging
from yinuo.sources.rules import editions, obsolete

DOCUMENT = ("number", "title", "kind", "customer", "sites", "projects", "scope", "note", "is_active")


class DocumentForm(facts.Facts):
    """What people say about a document."""

    def __init__(self, *args: Any, person: org.Person, row: models.Document | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        text = kit_forms.Text
        self.fields |= {
            "kind": forms.ChoiceField(label=_("Kind"), choices=[("", ""), *models.DocumentKind.choices]),
            "customer": choosing.CustomerField(
                person, keep=[row and row.customer_id], label=_("Customer"), required=False,
                help_text=_("Leave it empty for laws and standards."),
            ),
            "title": text(label=pgettext_lazy("document", "Title"), max_length=300),
            "number": text(label=_("Document number"), max_length=80, required=False),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whose it is, is told together with what else is missing."""
        said = super().clean() or self.cleaned_data
        owned = bool(said.get("kind")) and said["kind"] not in documents.WITHOUT_CUSTOMER
        if owned and not said.get("customer") and "customer" not in self.errors:
            self.add_error("customer", documents.WHOSE)
        return said

    def _further(self, row: models.Document | None) -> dict[str, forms.Field]:
        """What is rarely said."""
        person = self.person
        return {
            "sites": facts.sites_field(_("Holds for sites"), row),  # type: ignore[arg-type]
            "projects": kit_forms.Several(
                choosing.ProjectField(person, keep=row.projects.values_list("pk", flat=True) if row else ()).queryset,
                required=False, label=_("Holds for projects only"),
                widget=choosing.SearchSelectMultiple(choosing.PROJECTS),
            ),
            "scope": facts.scope_field(person),
            "note": kit_forms.Text(label=_("Note"), required=False, max_length=4000, widget=kit_forms.TextArea()),
        }  # fmt: skip


class EditionFields(facts.Facts):
    """What people say about an edition."""

    def _edition(self) -> dict[str, forms.Field]:
        return {
            "label": kit_forms.Text(
                label=_("Edition"), max_length=80, help_text=_("As printed on the document: 2021-01-08, 3.0, A/2.")
            ),
            "received_on": facts.day(_("Received on"), required=True),
            "notified_on": facts.day(_("Notified on")),
            "effective_on": facts.day(_("Effective from")),
            "dated_on": facts.day(_("Date of the edition")),
            "way": forms.ChoiceField(label=_("How it reached us"), choices=models.Way.choices),
            "standing": forms.ChoiceField(label=pgettext_lazy("edition", "Standing"), choices=models.Standing.choices),
            "round": forms.IntegerField(label=_("Round of negotiation"), min_value=1, max_value=99, required=False),
            "language": forms.ChoiceField(label=_("Language"), choices=models.Language.choices),
            "binding_language": forms.ChoiceField(
                label=_("Binding language"), required=False,
                choices=[("", _("not said")), *models.Language.choices],
            ),
        }  # fmt: skip

    def _files(self) -> forms.Field:
        return uploads.FilesField(
            label=_("Files"),
            help_text=_("As they came: Word, PDF, Excel, web page or text. Several files make one edition."),
        )


class NewDocument(DocumentForm, EditionFields, kit_forms.OnceForm):
    """A document to record, with its first edition."""

    def __init__(self, *args: Any, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields |= {**self._edition(), "files": self._files(), **self._further(None)}
        self.fields["received_on"].initial = timezone.localdate
        for name in ("standing", "way", "language"):
            self.fields[name].initial = {"standing": "in_force", "way": "portal", "language": "zh"}[name]

    def document(self) -> dict[str, Any]:
        return {key: value for key, value in self.facts().items() if key in DOCUMENT}

    def edition(self) -> dict[str, Any]:
        return {key: value for key, value in self.facts().items() if key not in (*DOCUMENT, "files")}


class ChangedDocument(DocumentForm, kit_forms.VersionedForm):
    """A document to change."""

    def __init__(self, *args: Any, person: org.Person, row: models.Document, **kwargs: Any) -> None:
        super().__init__(*args, person=person, row=row, **kwargs)
        self.fields |= self._further(row)
        self.leave_out_unseen(row)
        self.fields["is_active"] = forms.BooleanField(label=_("In use"), required=False)
        self.fields["reason"] = kit_forms.Text(label=_("Reason of the change"), required=False, max_length=500)


class NewEdition(EditionFields, kit_forms.OnceForm):
    """A further edition of a document."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {**self._edition(), "files": self._files()}
        self.fields["received_on"].initial = timezone.localdate

    def edition(self) -> dict[str, Any]:
        return {key: value for key, value in self.facts().items() if key != "files"}


class ChangedEdition(EditionFields, kit_forms.VersionedForm):
    """An edition to set right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= self._edition()
        self.fields["note"] = kit_forms.Text(
            label=_("Note"), required=False, max_length=4000, widget=kit_forms.TextArea()
        )
        self.fields["reason"] = kit_forms.Text(
            label=_("Reason"), required=False, max_length=500,
            help_text=_("Needed when a day from which clocks are counted is changed."),
        )  # fmt: skip


def target_label(row: models.ClauseText) -> str:
    """A clause of the standard as it is offered."""
    return f"{row.number} {row.title}".strip()


class TargetField(forms.ModelChoiceField):
    """A clause of the standard, searched for by its number or title in both languages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            judging.targets(), widget=choosing.SearchSelect(reverse_lazy("sources:target_suggestions")), **kwargs
        )

    def label_from_instance(self, row: Any) -> str:
        return target_label(row)


class MappingForm(forms.Form):
    """To which clause of the standard a clause belongs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"] = TargetField(
            label=_("Clause of IATF 16949"), help_text=_("Type a number or words of the title, Chinese or English.")
        )


class TranslationForm(kit_forms.VersionedForm):
    """What a clause says in another language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "title": kit_forms.Text(label=pgettext_lazy("clause", "Title"), required=False, max_length=500),
            "body": kit_forms.Text(
                label=pgettext_lazy("clause", "Text"), required=False, max_length=20_000, widget=kit_forms.TextArea(8)
            ),
        }


class TranslationFile(forms.Form):
    """A file that says all clauses of an edition in another language."""

    def __init__(self, *args: Any, edition: models.Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [each for each in models.Language.choices if each[0] not in (edition.language, models.Language.OTHER)]
        self.fields |= {
            "language": forms.ChoiceField(label=_("Language of the file"), choices=others),
            "file": forms.FileField(
                label=_("File"),
                widget=forms.ClearableFileInput(attrs={"data-drop": "", "data-max-bytes": settings.MAX_FILE_BYTES}),
                help_text=_(
                    "The same document in the other language (Word, PDF, text), or a workbook with number and text. "
                    "Clauses are matched by their numbers."
                ),
            ),
            "with_typed": forms.BooleanField(label=_("Replace translations that were typed in too"), required=False),
        }


# What clauses name ----------------------------------------------------------------------------------------------------


class LinkReference(kit_forms.VersionedForm):
    """Which document on record is meant."""

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"] = forms.ModelChoiceField(
            rows,
            label=_("Document on record"),
            help_text=_("Only documents that everybody may see who sees the clauses."),
        )


class PutAside(kit_forms.VersionedForm):
    """Why a cited document is not needed."""

    reason = kit_forms.Text(
        label=_("Reason"), max_length=1000, widget=kit_forms.TextArea(),
        help_text=_("For example: it concerns products that we do not make."),
    )  # fmt: skip


class Know(kit_forms.VersionedForm):
    """Where a document is kept that is not on record here."""

    reason = kit_forms.Text(
        label=_("Where it is kept"), max_length=1000, widget=kit_forms.TextArea(),
        help_text=_("For example: standards cabinet of the laboratory; subscription of the group."),
    )  # fmt: skip


class AskFor(kit_forms.VersionedForm):
    """Which customer is asked for a document that its clauses name, and the matter of the talk."""

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"] = forms.ModelChoiceField(
            rows, label=_("Customer"), help_text=_("Those whose clauses name it.")
        )
        self.fields["title"] = kit_forms.Text(label=_("Matter"), max_length=200, widget=kit_forms.TextArea(2))

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class SettleObsolete(kit_forms.VersionedForm):
    """What became of something that is no longer so."""

    state = forms.ChoiceField(
        label=pgettext_lazy("obsolescence", "What became of it"), widget=forms.RadioSelect,
        choices=[each for each in models.Obsolete.State.choices if each[0] != models.Obsolete.State.GONE],
    )  # fmt: skip
    reason = kit_forms.Text(
        label=_("Reason"), required=False, max_length=1000, widget=kit_forms.TextArea(),
        help_text=_("Needed when it is accepted as it stands or not applicable."),
    )  # fmt: skip


class AskCustomer(kit_forms.VersionedForm):
    """The matter of a talk about something that is no longer so."""

    title = kit_forms.Text(label=_("Matter"), max_length=200, widget=kit_forms.TextArea(2))  # it names a whole clause

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class EntryFields(forms.Form):
    """What is withdrawn, renamed or replaced, by what, and where this is known from."""

    name = kit_forms.Text(
        label=_("What is no longer so"), max_length=200,
        help_text=_("As it is printed: a designation (QS-9000) or a name of a company."),
    )  # fmt: skip
    also = kit_forms.Text(
        label=_("Other names of it"), required=False, max_length=2000, widget=kit_forms.TextArea(),
        help_text=_("One on each line."),
    )  # fmt: skip
    before = kit_forms.Text(
        label=_("Only editions before"), required=False, max_length=40,
        help_text=_("A year (2015) or a count (4th edition); left empty, every edition is meant."),
    )  # fmt: skip
    what = forms.ChoiceField(
        label=pgettext_lazy("obsolescence", "What happened"), choices=models.Withdrawn.What.choices
    )
    since = kit_forms.Text(
        label=pgettext_lazy("obsolescence", "Since"), required=False, max_length=10,
        help_text=_("A year, month or day: 2016, 2016-10, 2016-10-01."),
    )  # fmt: skip
    successor = kit_forms.Text(label=pgettext_lazy("obsolescence", "Successor"), required=False, max_length=300)
    source = kit_forms.Text(
        label=_("Known from"), max_length=300, help_text=_("Who published it, and where: an auditor will ask.")
    )

    def clean_before(self) -> str:
        said = str(self.cleaned_data["before"])
        return editions.read(said) or said

    def clean_since(self) -> str:
        said = str(self.cleaned_data["since"])
        if not obsolete.is_since(said):
            raise forms.ValidationError(_("Please write a year, month or day: 2016, 2016-10, 2016-10-01."))
        return said


class NewEntry(EntryFields, kit_forms.OnceForm):
    """An entry to record."""


class ChangedEntry(EntryFields, kit_forms.VersionedForm):
    """An entry to change."""

    is_active = forms.BooleanField(label=_("In use"), required=False)


# Standards ------------------------------------------------------------------------------------------------------------


class StandardFile(kit_forms.OnceForm):
    """A list of a standard's clauses; a workbook does not say itself which standard it is of."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = kit_forms.Text
        self.fields |= {
            "file": forms.FileField(
                label=_("File"),
                widget=forms.ClearableFileInput(attrs={"data-drop": "", "accept": ".xlsx,.xls,.et,.csv,.yaml,.yml"}),
                help_text=_(
                    "A workbook with the columns 条款号, 中文标题, 英文标题; on a sheet of its own 旧条款号, 新条款号, "
                    "变化, where it follows an edition that is on record. Or YAML that says all of it."
                ),
            ),
            "number": text(
                label=_("Number of the standard"), max_length=80, required=False,
                help_text=_("VDA 6.3, Formel Q, Q/QH 001. Not needed for YAML."),
            ),
            "edition": text(label=_("Edition"), max_length=80, required=False),
            "zh": text(label=_("Title in Chinese"), max_length=300, required=False),
            "en": text(label=_("Title in English"), max_length=300, required=False),
            "dated_on": forms.DateField(
                label=_("Date of the edition"), required=False, widget=forms.DateInput(attrs={"type": "date"})
            ),
        }  # fmt: skip

    def said(self) -> dict[str, str]:
        """What is said beside the file."""
        day = self.cleaned_data["dated_on"]
        names = ("number", "edition", "zh", "en")
        return {name: self.cleaned_data[name] for name in names} | {"dated_on": day.isoformat() if day else ""}


class Withdraw(kit_forms.VersionedForm):
    """Why an edition of a standard is withdrawn."""

    reason = kit_forms.Text(
        label=_("Reason"), max_length=500, widget=kit_forms.TextArea(),
        help_text=_("For example: the list has clauses of another edition."),
    )  # fmt: skip


class SignBaseline(kit_forms.VersionedForm):
    """The signature that a new edition of a standard holds."""

    secret = forms.CharField(
        label=_("Signing PIN or password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
