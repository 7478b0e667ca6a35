"""The form of the letterhead."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.org.forms import company

MOST_LOGO = 4 * 2**20


class LetterheadForm(company.Named, kit_forms.VersionedForm):
    """What stands on the company's paper."""

    address_zh = kit_forms.Text(
        label=_("Foot line in Chinese"), max_length=200, required=False, help_text=_("Address, telephone, web site.")
    )
    address_en = kit_forms.Text(label=_("Foot line in English"), max_length=200, required=False)
    colour = kit_forms.Text(
        label=_("Colour of headings"), max_length=7, widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Dark enough to be read on white."),
    )  # fmt: skip
    logo = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG or JPEG; it is drawn anew."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )  # fmt: skip
    without_logo = forms.BooleanField(label=_("No logo any more"), required=False)

    def clean_logo(self) -> object:
        logo = self.cleaned_data["logo"]
        if logo and logo.size > MOST_LOGO:
            raise forms.ValidationError(_("The logo is larger than 4 MB. Please give a smaller file."))
        return logo
