"""Whoever is signed in at an organization's portal, and pages for nobody else."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.customers import sessions
from holdfast.customers.models import CustomerSession

View = Callable[..., HttpResponse]


def for_customer(view: View) -> View:
    """Gives the view the session of who is signed in here; anybody else is sent to sign in first."""

    @wraps(view)
    def page(request: HttpRequest, organization: Organization, **more: Any) -> HttpResponse:
        session = sessions.current(request, organization)
        if session is None:
            goal = request.get_full_path() if request.method in ("GET", "HEAD") else ""
            return sign_in_first(organization, goal)
        return keep_private(view(request, organization, session, **more))

    return for_organization(never_cache(page))


def keep_private(response: HttpResponse) -> HttpResponse:
    """No copy of a person's page stays behind, in no cache and no search engine."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def sign_in_first(organization: Organization, goal: str = "") -> HttpResponse:
    query = f"?{urlencode({'next': goal})}" if goal else ""
    return keep_private(HttpResponseRedirect(reverse("portal:sign-in", args=[organization.slug]) + query))


def safe_goal(request: HttpRequest, organization: Organization, goal: str) -> str:
    """Where somebody wanted to go, if that is a page of this organization on this host; else their bookings."""
    here = url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    if here and goal.startswith(f"/{organization.slug}/") and len(goal) <= 500:
        return goal
    return reverse("portal:home", args=[organization.slug])


def page(
    request: HttpRequest,
    organization: Organization,
    session: CustomerSession,
    template: str,
    context: Mapping[str, Any],
    *,
    section: str,
    status: int = 200,
) -> HttpResponse:
    """Inside the portal's shell, with its ways to the other pages."""
    shell = {"organization": organization, "session": session, "account": session.account, "section": section}
    return render(request, template, {**shell, **context}, status=status)
