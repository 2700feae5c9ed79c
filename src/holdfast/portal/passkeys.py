"""Passkeys: what the page's script asks for, and sends back. The rules are in customers/passkeys.py."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.addresses import network_of
from holdfast.core.errors import HoldfastError
from holdfast.customers import passkeys, sessions, tries
from holdfast.customers.errors import PasskeyRefused
from holdfast.customers.models import CustomerSession, Way
from holdfast.portal.access import for_customer, keep_private, safe_goal


@require_POST
@for_organization
@never_cache
def ask_to_sign_in(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What the device is to sign; it names nobody."""
    try:
        tries.count(organization, Way.PASSKEY, email=network_of(request), network=network_of(request))
    except HoldfastError as refused:
        return _refusal(refused)
    return keep_private(HttpResponse(passkeys.ask_to_sign_in(organization), content_type="application/json"))


@require_POST
@for_organization
@never_cache
def sign_in(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Answers where to go next."""
    try:
        sent = _sent(request)
        account = passkeys.sign_in(organization=organization, credential=_credential(sent))
    except HoldfastError as refused:
        return _refusal(refused)
    response = JsonResponse({"next": safe_goal(request, organization, str(sent.get("next", "")))})
    sessions.begin(request, response, account, Way.PASSKEY)
    return keep_private(response)


@require_POST
@for_customer
def ask_to_register(request: HttpRequest, organization: Organization, session: CustomerSession) -> HttpResponse:
    try:
        sessions.check_fresh(session)
    except HoldfastError as refused:
        return _refusal(refused)
    session.account.organization = organization
    return HttpResponse(passkeys.ask_to_register(session.account), content_type="application/json")


@require_POST
@for_customer
def register(request: HttpRequest, organization: Organization, session: CustomerSession) -> HttpResponse:
    try:
        sessions.check_fresh(session)
        sent = _sent(request)
        name = str(sent.get("name", ""))
        passkeys.register(account=session.account, credential=_credential(sent), name=name)
    except HoldfastError as refused:
        return _refusal(refused)
    messages.success(request, _("The passkey is added. From now on it signs you in."))
    return JsonResponse({"next": reverse("portal:account", args=[organization.slug])}, status=201)


def _sent(request: HttpRequest) -> dict[str, Any]:
    """Raises PasskeyRefused."""
    try:
        sent = json.loads(request.body)
    except ValueError:
        raise PasskeyRefused from None
    if not isinstance(sent, dict):
        raise PasskeyRefused
    return sent


def _credential(sent: dict[str, Any]) -> dict[str, Any]:
    """Raises PasskeyRefused."""
    credential = sent.get("credential")
    if not isinstance(credential, dict) or not isinstance(credential.get("response"), dict):
        raise PasskeyRefused
    return credential


def _refusal(refused: HoldfastError) -> HttpResponse:
    response = JsonResponse(refused.problem(), status=refused.status, content_type="application/problem+json")
    for name, value in refused.headers.items():
        response[name] = value
    return keep_private(response)
