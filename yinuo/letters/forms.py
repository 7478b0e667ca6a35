"""Forms of talks: what somebody drafts, records, releases and settles."""

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.customers.forms import choosing
from yinuo.kit import forms as kit_forms
from yinuo.kit import uploads
from yinuo.letters import models
from yinuo.org import models as org
from yinuo.org import queries as org_queries

MOST_MAILS = 20


class OpenThread(kit_forms.OnceForm):
    """A talk to open."""

    title = kit_forms.Text(label=_("Matter"), max_length=200, help_text=_("What is to be cleared, in one line"))
    purpose = forms.ChoiceField(label=_("Purpose"), choices=models.Purpose.choices)
    due_at = kit_forms.Moment(label=_("Answer due"), required=False, widget=kit_forms.MomentInput())


def answer_field() -> forms.BooleanField:
    """Whether a letter answers the request that its talk is about."""
    return forms.BooleanField(
        label=_("Answers the request"),
        required=False,
        help_text=_("When it has gone out, the customer counts as told. Not for words in between."),
    )


class DraftForm(forms.Form):
    """What is to go out. `answers`: what the talk is about can be answered."""

    def __init__(
        self,
        *args: Any,
        person: org.Person,
        customer: customers.Customer,
        answers: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "text": kit_forms.Text(label=_("To the customer"), max_length=50_000, widget=kit_forms.TextArea(4)),
            "contact": choosing.ContactField(person, customer, label=_("To whom"), required=False),
            "way": forms.ChoiceField(label=_("Way"), choices=models.Way.choices, initial=models.Way.MAIL),
            "heading": kit_forms.Text(
                label=_("Subject line"), max_length=150, required=False, help_text=_("Of a mail; empty: the matter")
            ),
            "attached": uploads.FilesField(label=_("Files"), required=False),
        }
        if answers:
            self.fields["is_answer"] = answer_field()


class NewDraft(DraftForm, kit_forms.OnceForm):
    """A letter to draft."""


class ChangedDraft(DraftForm, kit_forms.VersionedForm):
    """A draft to rewrite."""


class IncomingForm(kit_forms.OnceForm):
    """What the customer said or wrote."""

    def __init__(
        self,
        *args: Any,
        person: org.Person,
        customer: customers.Customer,
        waiting: list[models.Letter] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        text = kit_forms.Text
        self.fields |= {
            "text": text(label=_("What was said"), max_length=50_000, widget=kit_forms.TextArea(4)),
            "way": forms.ChoiceField(label=_("Way"), choices=models.Way.choices),
            "said_at": kit_forms.Moment(label=_("When"), widget=kit_forms.MomentInput()),
            "contact": choosing.ContactField(person, customer, label=_("Who said it"), required=False),
            "speaker": text(label=_("or somebody not on record"), max_length=100, required=False),
            "confirm_due_on": kit_forms.Day(
                label=_("To be confirmed in writing by"),
                required=False,
                widget=kit_forms.DateInput(),
                help_text=_("For words spoken by phone, on a visit or in person."),
            ),
            "attached": uploads.FilesField(
                label=_("Originals"), required=False, help_text=_("The mail, the scan, the screenshot as it came")
            ),
        }
        if waiting:
            self.fields["confirms"] = forms.ChoiceField(
                label=_("Confirms these spoken words"),
                required=False,
                choices=[("", "—"), *[(str(each.pk), str(each)) for each in waiting]],
            )


class Settled(kit_forms.VersionedForm):
    """Whether the customer confirmed spoken words in writing."""

    def __init__(self, *args: Any, writings: list[models.Letter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), str(each)) for each in writings]
        choices.append(("no", str(models.Confirmation.REFUSED.label)))
        self.fields["answer"] = forms.ChoiceField(
            label=_("Confirmed by"), choices=choices, widget=forms.RadioSelect, initial=choices[0][0]
        )


class SentForm(kit_forms.VersionedForm):
    """How and when a released letter went out."""

    way = forms.ChoiceField(label=_("Way"), choices=models.Way.choices)
    sent_at = kit_forms.Moment(label=_("Sent at"), widget=kit_forms.MomentInput())
    is_answer = answer_field()
    answer_due_at = kit_forms.Moment(label=_("Answer due"), required=False, widget=kit_forms.MomentInput())
    attached = uploads.FilesField(
        label=_("Proof"), required=False, help_text=_("The sent mail, the receipt, a screenshot")
    )


class MailForm(kit_forms.VersionedForm):
    """Whom a released letter goes to by mail, and what goes along."""

    def __init__(
        self,
        *args: Any,
        person: org.Person,
        customer: customers.Customer,
        senders: list[models.Sender],
        files: tuple[list[Any], list[Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {each.pk: each for each in senders}
        self.there = {str(each.pk): each for part in files for each in part}
        self.fields |= {
            "to": choosing.ContactsField(person, customer, label=_("To whom")),
            "cc": choosing.ContactsField(person, customer, label=_("Copy to"), required=False),
            "heading": kit_forms.Text(label=_("Subject line"), max_length=150, help_text=_("The talk's mark is added")),
        }
        if len(senders) > 1:
            choices = [(str(each.pk), str(each)) for each in senders]
            self.fields["sender"] = forms.ChoiceField(label=pgettext_lazy("sender", "From"), choices=choices)
        labels = {"files": _("Files of the letter"), "more": _("Files of what it is about")}
        for (name, label), part in zip(labels.items(), files, strict=True):
            if part:
                self.fields[name] = forms.MultipleChoiceField(
                    label=label, required=False, widget=forms.CheckboxSelectMultiple,
                    choices=[(str(each.pk), f"{each.name} · {filesizeformat(each.blob.size)}") for each in part],
                )  # fmt: skip
        if "more" in self.fields:
            self.fields["more"].help_text = _("None goes along unless you choose it. They are our own: look twice.")
        self.fields["is_answer"] = answer_field()
        self.fields["answer_due_at"] = kit_forms.Moment(
            label=_("Answer due"), required=False, widget=kit_forms.MomentInput()
        )

    @property
    def sender(self) -> models.Sender:
        return self.people.get(int(self.cleaned_data.get("sender") or 0)) or next(iter(self.people.values()))

    @property
    def chosen_files(self) -> list[Any]:
        """The chosen files."""
        said = [*self.cleaned_data.get("files", []), *self.cleaned_data.get("more", [])]
        return [self.there[each] for each in said]


class SenderForm(kit_forms.VersionedForm):
    """The outgoing server beside a mailbox."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = kit_forms.Text
        self.fields |= {
            "name": text(label=_("Name customers see"), max_length=100, help_text=_("For example your company's name")),
            "host": text(label=_("SMTP server"), max_length=253, help_text=_("For example smtp.exmail.qq.com")),
            "way": forms.ChoiceField(label=_("Encryption"), choices=models.Sender.Way.choices),
            "port": forms.IntegerField(label=_("Port"), min_value=1, max_value=65535),
            "user": text(label=_("Sign-in name"), max_length=254, required=False),
            "password": forms.CharField(
                label=_("Password"),
                required=False,
                strip=False,
                max_length=500,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                help_text=_("With many providers a code for mail programs. Empty: it stays as it is"),
            ),
            "sent_folder": text(
                label=_("Folder for copies"),
                max_length=200,
                required=False,
                help_text=_("Such as Sent Messages; what left is also put there. Empty: nothing is put anywhere"),
            ),
            "is_active": forms.BooleanField(label=_("Is used for sending"), required=False),
        }

    @property
    def values(self) -> dict[str, Any]:
        """What the action asks for."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class TemplateForm(kit_forms.VersionedForm):
    """What letters of one kind begin with."""

    heading = kit_forms.Text(label=_("Subject line"), max_length=150)
    text = kit_forms.Text(label=_("Words"), max_length=20_000, widget=kit_forms.TextArea(18))
    is_active = forms.BooleanField(label=_("Is offered when a letter is drafted"), required=False)


class LanguageForm(forms.Form):
    """A template in a language in which there is none yet."""

    kind = forms.ChoiceField(label=_("What the letter is for"), choices=models.Template.Kind.choices)
    language = kit_forms.Text(
        label=_("Language"), max_length=12, help_text=_("Its code: de German, ja Japanese, ko Korean, fr French, …")
    )


class PlanForm(kit_forms.VersionedForm):
    """How often a report of progress is drafted."""

    def __init__(
        self, *args: Any, person: org.Person, customer: customers.Customer, languages: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields |= {
            "every": forms.ChoiceField(
                label=pgettext_lazy("report", "How often"), choices=models.ProgressPlan.Every.choices
            ),
            "next_on": kit_forms.Day(label=_("Next on"), widget=kit_forms.DateInput()),
            "contact": choosing.ContactField(person, customer, label=_("To whom"), required=False),
            "language": forms.ChoiceField(label=_("Language"), choices=languages),
            "is_active": forms.BooleanField(label=_("Is drafted"), required=False),
        }


class Reasoned(kit_forms.VersionedForm):
    """A step that needs its reason."""

    reason = kit_forms.Text(label=_("Reason"), max_length=2000, widget=kit_forms.TextArea(2))


class OutcomeForm(kit_forms.VersionedForm):
    """The wording both sides agreed on."""

    wording = kit_forms.Text(
        label=_("Agreed wording"),
        max_length=20_000,
        widget=kit_forms.TextArea(5),
        help_text=_("As it holds from now on; the talk is closed with it."),
    )


class ReleaserForm(forms.Form):
    """Who releases for one purpose."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=[("", _("all purposes")), *models.Purpose.choices], required=False
    )
    post = forms.ModelChoiceField(
        org_queries.posts(), label=_("Released by"), required=False, empty_label=_("the customer's window")
    )


class MailFiles(kit_forms.OnceForm):
    """Mails saved as files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = uploads.FilesField(
            label=pgettext_lazy("came", "Mails"), help_text=_("At most 20 files at once, each of at most 50 MB")
        )
        files.widget.attrs["accept"] = ".eml,.msg,message/rfc822,application/vnd.ms-outlook"
        self.fields["files"] = files

    def clean_files(self) -> list[Any]:
        given: list[Any] = self.cleaned_data["files"]
        if len(given) > MOST_MAILS:
            raise forms.ValidationError(_("At most %(n)s files at once.") % {"n": MOST_MAILS})
        return given


class _Mailbox(forms.Form):
    """Where a mailbox is, how it is opened, and to whom its mail belongs."""

    is_new = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = kit_forms.Text
        self.fields |= {
            "name": text(label=_("Name"), max_length=100, help_text=_("As you call it, for example: quality mailbox")),
            "address": forms.EmailField(label=_("Mail address")),
            "host": text(label=_("IMAP server"), max_length=253, help_text=_("For example imap.exmail.qq.com")),
            "way": forms.ChoiceField(label=_("Encryption"), choices=models.Mailbox.Way.choices),
            "port": forms.IntegerField(label=_("Port"), min_value=1, max_value=65535),
            "user": text(label=_("Sign-in name"), max_length=254),
            "password": forms.CharField(
                label=_("Password"),
                required=self.is_new,
                strip=False,
                max_length=500,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                help_text=_("With many providers a code for mail programs, not the password itself")
                if self.is_new
                else _("Empty: it stays as it is"),
            ),
            "folder": text(label=_("Folder"), max_length=200),
            "since_on": kit_forms.Day(label=_("Mail from"), widget=kit_forms.DateInput()),
            "site": forms.ModelChoiceField(
                org_queries.sites(), label=_("Site"), required=False, empty_label=_("all sites")
            ),
            "scope": forms.ModelChoiceField(
                org.Scope.objects.order_by("name_zh"),
                label=_("Confidential to"),
                required=False,
                empty_label=_("nobody in particular"),
            ),
            "is_active": forms.BooleanField(label=_("Is looked at"), required=False),
        }

    @property
    def values(self) -> dict[str, Any]:
        """What the action asks for."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("once", "version")}


class NewMailbox(_Mailbox, kit_forms.OnceForm):
    """A mailbox to set up."""


class ChangedMailbox(_Mailbox, kit_forms.VersionedForm):
    """A mailbox to change."""

    is_new = False
