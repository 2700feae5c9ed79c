"""How cards are taken: the account, its signing secret, the address of its notices. For the owner alone.

A key goes in and never comes out: not into a page, a message, a log or an error.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from holdfast.core.errors import HoldfastError, ValidationError
from holdfast.core.sealing import CannotOpen
from holdfast.core.tenancy import transaction_for
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.price_fields import REQUIRED
from holdfast.payments import accounts
from holdfast.payments.errors import PaymentsOpen

MOST_LISTED = 20


def _secret(label: Any, hint: Any) -> forms.CharField:
    """What is typed is never sent back."""
    widget = forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}, render_value=False)
    return forms.CharField(
        label=label, help_text=hint, max_length=255, strip=True, widget=widget, error_messages=REQUIRED
    )


class _PublicAlone(forms.TextInput):
    """Shows what was typed only if it is what it should be."""

    def format_value(self, value: Any) -> Any:
        return super().format_value(value if str(value or "").startswith("pk_") else "")


class KeysForm(forms.Form):
    publishable_key = forms.CharField(
        label=gettext_lazy("Publishable key"), max_length=255, error_messages=REQUIRED,
        # A secret key that was put into the wrong field is not sent back either.
        widget=_PublicAlone({"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Begins with pk_live_ or pk_test_. It is public: customers' browsers get it."),
    )  # fmt: skip
    secret_key = _secret(
        gettext_lazy("Secret key"),
        gettext_lazy("Begins with sk_ or rk_. It is kept encrypted and never shown again."),
    )


class SigningForm(forms.Form):
    secret = _secret(
        gettext_lazy("Signing secret"),
        gettext_lazy("Begins with whsec_. It is kept encrypted and never shown again."),
    )


@sensitive_post_parameters()
@desk_view(may="own", transaction=False)
def cards(desk: Desk) -> HttpResponseBase:
    """POST `do`: connect, check, listen, rotate, disconnect."""
    sent = desk.request.POST
    if desk.request.method != "POST":
        return _page(desk)
    match sent.get("do"):
        case "connect":
            return _connect(desk, sent)
        case "rotate":
            return _rotate(desk, sent)
        case "check":
            return _answered(desk, lambda: _told(desk))
        case "listen":
            return _answered(desk, lambda: _listen(desk))
    return _page(desk, status=422)


@desk_view(may="own", transaction=False)
def disconnect_cards(desk: Desk) -> HttpResponseBase:
    """Asks first, and is refused while payments are open."""
    if desk.request.method == "POST":
        try:
            accounts.disconnect(organization_id=desk.organization.id, by=desk.actor.name)
        except (PaymentsOpen, ValidationError) as refused:
            messages.warning(desk.request, str(refused.detail))
        else:
            messages.success(desk.request, _("Cards are no longer taken, and the keys are forgotten."))
            return redirect("desk:cards")
    with transaction_for(desk.organization.id):
        found = accounts.open_payments()
        context = {"connected": accounts.connected(), "open": list(found[:MOST_LISTED]), "count": found.count()}
        return desk.page("desk/cards_disconnect.html", context, section="cards")


def _connect(desk: Desk, sent: Mapping[str, Any]) -> HttpResponseBase:
    form = KeysForm(sent)
    if not form.is_valid():
        return _page(desk, keys=form, status=422)
    try:
        seen = accounts.connect(organization_id=desk.organization.id, **form.cleaned_data, by=desk.actor.name)
    except HoldfastError as refused:
        for error in refused.extra.get("errors", [{"field": None, "message": str(refused.detail)}]):
            form.add_error(error["field"], error["message"])
        return _page(desk, keys=form, status=refused.status)
    messages.success(desk.request, _("Connected to %(account)s.") % {"account": seen.name or seen.id})
    return redirect("desk:cards")


def _rotate(desk: Desk, sent: Mapping[str, Any]) -> HttpResponseBase:
    form = SigningForm(sent)
    if not form.is_valid():
        return _page(desk, signing=form, status=422)
    try:
        accounts.rotate(organization_id=desk.organization.id, secret=form.cleaned_data["secret"], by=desk.actor.name)
    except HoldfastError as refused:
        for error in refused.extra.get("errors", [{"field": None, "message": str(refused.detail)}]):
            form.add_error(error["field"], error["message"])
        return _page(desk, signing=form, status=refused.status)
    messages.success(desk.request, _("The signing secret is saved. The one before is believed for another day."))
    return redirect("desk:cards")


def _listen(desk: Desk) -> None:
    accounts.listen(organization=desk.organization, by=desk.actor.name)
    messages.success(desk.request, _("Stripe sends its notices here now."))


def _told(desk: Desk) -> None:
    seen = accounts.check(organization_id=desk.organization.id)
    said = {"name": seen.name or seen.id, "country": seen.country, "currency": seen.currency}
    messages.success(desk.request, _("Stripe answers: %(name)s, %(country)s, %(currency)s.") % said)
    if not seen.takes_payments:
        messages.warning(desk.request, _("Stripe does not let this account take payments yet. Finish its setup there."))


def _answered(desk: Desk, ask: Any) -> HttpResponseBase:
    """Back to the page with what came of it, in words."""
    try:
        ask()
    except CannotOpen:
        messages.error(desk.request, _("The saved key cannot be opened any more. Please enter the keys again."))
    except HoldfastError as refused:
        messages.error(desk.request, str(refused.detail))
    return redirect("desk:cards")


def _page(
    desk: Desk, *, keys: KeysForm | None = None, signing: SigningForm | None = None, status: int = 200
) -> HttpResponseBase:
    with transaction_for(desk.organization.id):
        found = accounts.connected()
        context = {
            "connected": found,
            "heard": accounts.heard(),
            "address": accounts.address_of(desk.organization),
            "keys": keys or KeysForm(),
            "signing": signing or SigningForm(),
            "change_keys": keys is not None,
        }
        return desk.page("desk/cards.html", context, section="cards", status=status)
