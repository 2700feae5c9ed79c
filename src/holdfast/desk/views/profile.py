"""What a person, vehicle or room can do: the services it serves, its languages and attributes, who may choose it."""

from functools import partial

from django.http import HttpResponseBase, QueryDict

from holdfast.catalog import members
from holdfast.catalog.members import ProfileChanged, Serving
from holdfast.catalog.models import Resource
from holdfast.core.fields import in_language
from holdfast.core.tenancy import transaction_for
from holdfast.desk import resolutions
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.profile_forms import ProfileForm
from holdfast.desk.profile_words import language_name, requirement_words, skill_words
from holdfast.desk.views.hours import at, resource_seen


@desk_view(transaction=False)
def profile(desk: Desk, slug: str) -> HttpResponseBase:
    """A POST saves; where bookings would no longer fit, it asks first what becomes of each."""
    with transaction_for(desk.organization.id):
        resource = resource_seen(desk, slug)
        if desk.request.method != "POST":
            return _page(desk, resource)
        if not desk.may_configure:
            return desk.page("desk/hours_refused.html", {}, section="hours", status=403)
        form = _form(desk, resource, members.servings_of(resource), desk.request.POST)
        if not form.is_valid():
            return _page(desk, resource, form=form, status=422)
    change = partial(
        members.set_profile, resource_id=resource.pk, profile=form.profile(), seen=form.cleaned_data["seen"]
    )
    try:
        return resolutions.save(desk, change, goal=at("profile", slug), title=resource.name)
    except ProfileChanged:
        with transaction_for(desk.organization.id):
            resource = resource_seen(desk, slug)
            latest = desk.request.POST.copy()
            latest["seen"] = members.fingerprint(resource)
            form = _form(desk, resource, members.servings_of(resource), latest)
            return _page(desk, resource, form=form, status=409, changed=True)


def _page(
    desk: Desk, resource: Resource, *, form: ProfileForm | None = None, status: int = 200, changed: bool = False
) -> HttpResponseBase:
    """Inside the tenant's transaction."""
    servings = members.servings_of(resource)
    context = {
        "resource": resource,
        "servings": [serving_told(each) for each in servings],
        "form": form or _form(desk, resource, servings, None),
        "skills": [skill_words(each) for each in resource.skills if not each.startswith(members.LANGUAGE)],
        "languages": [language_name(each) for each in members.languages_in(resource.skills)],
        "changed": changed,
        "section_tab": "profile",
    }
    return desk.page("desk/profile.html", context, section="hours", status=status)


def _form(desk: Desk, resource: Resource, servings: list[Serving], sent: QueryDict | None) -> ProfileForm:
    """With every skill that is asked for here, or that somebody of the kind has."""
    asked = {skill for each in servings for asks in each.asks for skill in asks.skills}
    had = Resource.objects.filter(kind=resource.kind, is_active=True).values_list("skills", flat=True)
    known = asked.union(resource.skills, *had)
    return ProfileForm(sent, resource, desk.organization, servings, known, seen=members.fingerprint(resource))


def serving_told(serving: Serving) -> dict[str, object]:
    """A service and what it asks for, in the reader's words."""
    return {
        "name": in_language(serving.service.name),
        "asks": [requirement_words(each) for each in serving.asks],
        "fits": serving.fits,
        "choosable": serving.choosable,
    }
