"""Signing in and out, and for which organization and in which language one works."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from holdfast.accounts.models import User
from holdfast.core.addresses import network_of
from holdfast.core.errors import NotFound
from holdfast.desk import actions
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.errors import TooManyAttempts
from holdfast.desk.forms import SignInForm
from holdfast.desk.middleware import remember


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Email and password. `next` leads back to where one was going, if that is here."""
    goal = safe_goal(request)
    if request.user.is_authenticated:
        return redirect(goal)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = _checked(request, form.cleaned_data["email"], form.cleaned_data["password"])
            except TooManyAttempts:
                form.add_error(
                    None,
                    _(
                        "There were too many attempts with this address. Wait 15 minutes and try again, or ask an "
                        "owner of your organization for a new password."
                    ),
                )
                status = 429
            else:
                if user is not None:
                    login(request, user)
                    return redirect(goal)
                form.add_error(
                    None, _("This email and password do not belong together. Check both; capital letters count.")
                )
    context = {"form": form, "goal": goal, "demo": settings.DEMO}
    response = render(request, "desk/sign_in.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(int(actions.WINDOW.total_seconds()))
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("desk:sign-in")


@require_POST
@desk_view()
def switch_organization(desk: Desk) -> HttpResponseBase:
    """Work for another organization of one's own. A 404 for every other, whether it exists or not."""
    wanted = desk.request.POST.get("organization", "")
    chosen = next((each for each in desk.memberships if each.organization.slug == wanted), None)
    if chosen is None:
        raise NotFound
    remember(desk.request, chosen.organization_id)
    return redirect("desk:today")


@desk_view()
def not_found(desk: Desk) -> HttpResponseBase:
    """An address of the desk that leads nowhere, for who is signed in."""
    raise NotFound


@require_POST
@desk_view()
def choose_language(desk: Desk) -> HttpResponseBase:
    actions.choose_language(user=desk.user, language=desk.request.POST.get("language", ""))
    return redirect(safe_goal(desk.request))


def safe_goal(request: HttpRequest) -> str:
    """Where `next` says to go, if it is on this host; else today's page."""
    goal = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    if url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}, require_https=secure):
        return goal
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _checked(request: HttpRequest, email: str, password: str) -> User | None:
    """The person, if the password is theirs. Raises TooManyAttempts."""
    address = network_of(request)
    actions.count_attempt(address=address, email=email)
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        return None
    actions.forgive_attempts(address=address, email=email)
    return user
