"""Signing in at an organization's portal: by a link from a mail, or a password; and out. Passkeys: passkeys.py."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization, zone_of
from holdfast.core.addresses import network_of
from holdfast.customers import actions, sessions
from holdfast.customers.errors import LinkNotGood, TooManyTries
from holdfast.customers.links import SIGN_IN_LIFETIME
from holdfast.customers.models import Way
from holdfast.customers.tries import digest_of
from holdfast.portal.access import keep_private, safe_goal
from holdfast.portal.forms import LinkForm, PasswordSignInForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_organization
@never_cache
def sign_in(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Asks for an address and has a link mailed. Whether the address is known is not said, and takes no less time."""
    goal = safe_goal(request, organization, request.POST.get("next") or request.GET.get("next", ""))
    session = sessions.current(request, organization)
    if request.method != "POST":
        if session and "again" not in request.GET:
            return keep_private(HttpResponseRedirect(goal))
        form = LinkForm(initial={"email": session.account.email} if session else None)
        return _page(request, organization, goal, form=form)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, organization, goal, form=form, status=422)
    browser = sessions.browser_secret(request) or secrets.token_urlsafe(24)
    try:
        actions.ask_for_link(
            organization=organization,
            email=form.cleaned_data["email"],
            network=network_of(request),
            browser=browser,
            locale=get_language() or "en",
            time_zone=zone_of(request),
            goal=goal,
        )
    except TooManyTries as refused:
        return _too_many(request, organization, goal, refused, form=form)
    place = _place(organization, goal)
    shown = {"organization": organization, "email": form.cleaned_data["email"], "goal": goal, "turn_to": place}
    response = render(request, "portal/sign_in_sent.html", shown)
    sessions.remember_asking(response, browser, SIGN_IN_LIFETIME)
    return keep_private(response)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organization
@never_cache
@sensitive_post_parameters("password-password")
def sign_in_by_password(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Who comes by a GET, having looked at a refusal again, is led to the page that asks."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("portal:sign-in", args=[organization.slug]))
    goal = safe_goal(request, organization, request.POST.get("next", ""))
    form = PasswordSignInForm(request.POST)
    if not form.is_valid():
        return _page(request, organization, goal, password_form=form, status=422)
    try:
        account = actions.check_password_of(
            organization=organization,
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            network=network_of(request),
        )
    except TooManyTries as refused:
        return _too_many(request, organization, goal, refused, password_form=form)
    if account is None:
        wrong = _("This email and password do not belong together. A link by mail always works, and lets you set one.")
        form.add_error(None, wrong)
        return _page(request, organization, goal, password_form=form, status=422)
    response = keep_private(HttpResponseRedirect(goal))
    sessions.begin(request, response, account, Way.PASSWORD)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_organization
@never_cache
def follow_link(request: HttpRequest, organization: Organization, token: str) -> HttpResponse:
    """Says who is about to sign in; a POST does it. A GET, such as a mail scanner's, uses nothing up."""
    try:
        if request.method == "POST":
            account, goal = actions.use_link(organization=organization, token=token)
            response: HttpResponse = HttpResponseRedirect(safe_goal(request, organization, goal))
            sessions.begin(request, response, account, Way.LINK)
            return keep_private(response)
        link = actions.good_link(organization, token)
    except LinkNotGood:
        over = {"organization": organization}
        return keep_private(render(request, "portal/sign_in_over.html", over, status=LinkNotGood.status))
    asked_here = digest_of(sessions.browser_secret(request)) == link.browser
    context = {"organization": organization, "email": link.email, "asked_here": asked_here}
    return keep_private(render(request, "portal/sign_in_link.html", context))


@require_POST
@for_organization
@never_cache
def sign_out(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Of this browser, or with `everywhere` of all of theirs."""
    response = HttpResponseRedirect(reverse("portal:sign-in", args=[organization.slug]))
    everywhere = "everywhere" in request.POST
    sessions.end(request, response, organization, everywhere=everywhere)
    messages.success(request, _("You are signed out everywhere.") if everywhere else _("You are signed out."))
    return keep_private(response)


def _place(organization: Organization, goal: str) -> str:
    """The page that asks who it is, with where it leads."""
    return reverse("portal:sign-in", args=[organization.slug]) + "?" + urlencode({"next": goal})


def _page(
    request: HttpRequest,
    organization: Organization,
    goal: str,
    *,
    form: LinkForm | None = None,
    password_form: PasswordSignInForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "organization": organization,
        "goal": goal,
        "form": form or LinkForm(),
        "password_form": password_form or PasswordSignInForm(),
        "by_password": password_form is not None,
        "refused": refused,
        "turn_to": _place(organization, goal),
    }
    return keep_private(render(request, "portal/sign_in.html", context, status=status))


def _too_many(
    request: HttpRequest,
    organization: Organization,
    goal: str,
    refused: TooManyTries,
    *,
    form: LinkForm | None = None,
    password_form: PasswordSignInForm | None = None,
) -> HttpResponse:
    page = _page(
        request,
        organization,
        goal,
        form=form,
        password_form=password_form,
        refused=str(refused.detail),
        status=refused.status,
    )
    for name, value in refused.headers.items():
        page[name] = value
    return page
