"""Passkeys (W3C WebAuthn Level 3, sections 7.1 and 7.2): the only place that speaks to the library.

The device asks the person (user verification) where it can; a challenge is good once, for minutes, at one organization.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.addresses import origin_of
from holdfast.core.tenancy import transaction_for
from holdfast.customers.errors import PasskeyRefused
from holdfast.customers.models import Challenge, CustomerAccount, Passkey
from holdfast.events import actions as events

LIFETIME = timedelta(minutes=5)
MOST = 10
_TRANSPORTS = ("usb", "nfc", "ble", "smart-card", "internal", "cable", "hybrid")


def _site() -> str:
    """The relying party's id: the host at which the pages are, and nowhere else."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def ask_to_register(account: CustomerAccount) -> str:
    """What the browser hands to `navigator.credentials.create`, as JSON."""
    organization: Organization = account.organization
    with transaction_for(account.organization_id):
        known = [bytes(each.credential_id) for each in account.passkeys.all()]
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name=organization.name,
        user_name=account.email,
        user_display_name=account.email,
        user_id=account.id.bytes,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    _keep(account.organization_id, options.challenge, account)
    return webauthn.options_to_json(options)


def register(*, account: CustomerAccount, credential: dict[str, Any], name: str) -> Passkey:
    """Keep the public half of a device's new key. Raises PasskeyRefused."""
    challenge = _spend(account.organization_id, credential, account)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=origin_of(settings.BASE_URL),
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    now = clock.now()
    try:
        with transaction_for(account.organization_id):
            if account.passkeys.count() >= MOST:
                raise PasskeyRefused(_("There are ten passkeys already. Remove one first."))
            passkey = Passkey.objects.create(
                organization_id=account.organization_id,
                account=account,
                credential_id=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                transports=_transports(credential),
                name=name.strip()[:60] or _("Passkey"),
                created_at=now,
            )
            events.record(
                organization_id=account.organization_id, kind="customer.passkey_added", subject=account.id, payload={}
            )
    except IntegrityError:  # this very key is kept already
        raise PasskeyRefused from None
    return passkey


def ask_to_sign_in(organization: Organization) -> str:
    """What the browser hands to `navigator.credentials.get`: it names no key, so it tells nobody who has one."""
    options = webauthn.generate_authentication_options(
        rp_id=_site(), user_verification=UserVerificationRequirement.PREFERRED
    )
    _keep(organization.id, options.challenge, None)
    return webauthn.options_to_json(options)


def sign_in(*, organization: Organization, credential: dict[str, Any]) -> CustomerAccount:
    """The account whose passkey signed. Raises PasskeyRefused; also where the key's counter went back (7.2, 22)."""
    challenge = _spend(organization.id, credential, None)
    try:
        credential_id = base64url_to_bytes(str(credential["rawId"]))
    except (ValueError, KeyError):
        raise PasskeyRefused from None
    with transaction_for(organization.id):
        found = Passkey.objects.select_related("account", "account__organization")
        passkey = found.filter(credential_id=credential_id).first()
    if passkey is None:
        raise PasskeyRefused
    try:
        seen = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=origin_of(settings.BASE_URL),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    now, account = clock.now(), passkey.account
    with transaction_for(organization.id):
        # Of two that come together with the same count, one is refused.
        same = Passkey.objects.filter(id=passkey.id, sign_count=passkey.sign_count)
        if not same.update(sign_count=seen.new_sign_count, used_at=now):
            raise PasskeyRefused
        CustomerAccount.objects.filter(id=account.id).update(signed_in_at=now)
    return account


def _keep(organization_id: Any, value: bytes, account: CustomerAccount | None) -> None:
    now = clock.now()
    with transaction_for(organization_id):
        Challenge.objects.filter(expires_at__lt=now).delete()
        Challenge.objects.create(
            organization_id=organization_id, value=value, account=account, expires_at=now + LIFETIME
        )


def _spend(organization_id: Any, credential: dict[str, Any], account: CustomerAccount | None) -> bytes:
    """The challenge that the answer names, if it was ours, for this, and not used yet. Raises PasskeyRefused."""
    value = _challenge_in(credential)
    with transaction_for(organization_id):
        ours = Challenge.objects.filter(value=value, account=account, expires_at__gt=clock.now())
        spent, _rows = ours.delete()
    if not spent:
        raise PasskeyRefused
    return value


def _challenge_in(credential: dict[str, Any]) -> bytes:
    try:
        told = webauthn.helpers.parse_client_data_json(
            base64url_to_bytes(str(credential["response"]["clientDataJSON"]))
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    return told.challenge


def _transports(credential: dict[str, Any]) -> list[str]:
    told = credential.get("response", {}).get("transports") or []
    return [each for each in told if each in _TRANSPORTS] if isinstance(told, list) else []
