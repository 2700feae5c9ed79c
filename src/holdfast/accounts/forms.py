"""Staff and keys, as the admin asks for them."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from holdfast.accounts import actions
from holdfast.accounts.errors import AlreadyStaff, HasAnAccount, LastOwner, WorksElsewhere
from holdfast.accounts.models import ApiKey, Membership, Role
from holdfast.core.errors import HoldfastError, ValidationError

LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español")]
FIELD_OF = {AlreadyStaff: "email", HasAnAccount: "password", LastOwner: "role", WorksElsewhere: None}


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """A membership with the account behind it. Saving goes through accounts.actions while the form is checked.

    The actions say what is refused; asking them is the only way to know, so the form runs them in a savepoint.
    """

    organization: ClassVar[Any]
    by_owner: ClassVar[bool]

    email = forms.EmailField(label=gettext_lazy("Email"), widget=UnfoldAdminEmailInputWidget)
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, required=False, widget=UnfoldAdminTextInputWidget
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=UnfoldAdminSelectWidget)
    locale = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES, widget=UnfoldAdminSelectWidget)
    is_active = forms.BooleanField(
        label=gettext_lazy("May sign in"), required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Membership
        fields = ("role",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            choice for choice in Role.choices if self.by_owner or choice[0] != Role.OWNER
        ]
        self.fields["password"].help_text = " ".join(
            [
                _("Empty if the person already has an account.")
                if self.is_new
                else _("Empty to keep the present one."),
                *password_validators_help_texts(),
            ]
        )
        if self.is_new:
            del self.fields["is_active"]
            self.fields["role"].initial = Role.MEMBER
            self.fields["locale"].initial = self.organization.default_language
        else:
            user = self.instance.user
            self.fields["email"].disabled = True
            self.initial.update(email=user.email, name=user.name, locale=user.locale, is_active=user.is_active)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                with transaction.atomic():
                    self._write(cleaned)
            except ValidationError as refusal:
                for problem in refusal.extra["errors"]:
                    self.add_error(problem["field"] if problem["field"] in self.fields else None, problem["message"])
            except HoldfastError as refusal:
                self.add_error(FIELD_OF.get(type(refusal)), str(refusal.detail))
        return cleaned

    def _write(self, cleaned: dict[str, Any]) -> None:
        if self.is_new:
            self.instance = actions.create_staff(
                organization_id=self.organization.pk,
                email=cleaned["email"],
                name=cleaned["name"],
                role=cleaned["role"],
                password=cleaned["password"],
                locale=cleaned["locale"],
            )
        else:
            actions.change_staff(
                membership=self.instance,
                role=cleaned["role"],
                name=cleaned["name"],
                locale=cleaned["locale"],
                is_active=cleaned["is_active"],
                password=cleaned["password"],
            )


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name and what the key may do; later, only whether it still opens anything."""

    organization: ClassVar[Any]
    revoked = forms.BooleanField(
        label=gettext_lazy("Revoked"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=gettext_lazy("A revoked key opens nothing any more, and stays revoked."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "may_write")
