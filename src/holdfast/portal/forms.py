"""What the portal asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

LEAST = 10  # characters, as AUTH_PASSWORD_VALIDATORS asks
REQUIRED = {"required": _("Please fill this in.")}
ADDRESS = {**REQUIRED, "invalid": _("Enter a whole address, such as name@example.com.")}


class LinkForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        error_messages=ADDRESS,
        widget=forms.EmailInput({"autocomplete": "username webauthn"}),
    )


class PasswordSignInForm(forms.Form):
    prefix = "password"

    email = forms.EmailField(
        label=_("Email"), max_length=254, error_messages=ADDRESS, widget=forms.EmailInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=_("At least ten characters. Three words that do not belong together are easy to remember."),
        min_length=LEAST,
        error_messages={**REQUIRED, "min_length": _("A password has at least ten characters.")},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
