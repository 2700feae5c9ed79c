"""The step of choosing somebody, or nobody in particular: optional, and one tap from the times."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.bookings.availability import booker, plan_cache
from holdfast.catalog import queries as catalog
from holdfast.catalog.models import Organization, Service
from holdfast.catalog.pages import for_organization
from holdfast.core import clock
from holdfast.core.errors import NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.web import formats
from holdfast.wizard import ways
from holdfast.wizard.selection import Selection
from holdfast.wizard.steps import steps


@dataclass(frozen=True, slots=True)
class Member:
    """`name` is "" for whoever is free; `query` is the address of their times; `next_free` in words, or ""."""

    name: str
    query: str
    next_free: str
    is_chosen: bool


@require_safe
@for_organization
def team(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Whoever is free, or one of those who may be chosen, each with the first time that is free with them."""
    selection = Selection.read(request.GET)
    with transaction_for(organization.id):
        try:
            service = catalog.service_by_slug(selection.service) if selection.service else None
        except NotFound:
            service = None
        if service is None or "team" not in ways.optional_steps(organization, selection):
            return ways.back_to_times(organization, selection)
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, service.slug)
        selection = selection.fitting(plan)
        context = {
            "organization": organization,
            "service": service,
            "members": _members(organization, selection, [("", ""), *names_of(service)]),
            "steps": steps(organization, "team", selection, optional=ways.optional_steps(organization, selection)),
        }
        return render(request, "wizard/team.html", context)


def names_of(service: Service) -> list[tuple[str, str]]:
    """(slug, name) of those who may be chosen, in the organization's order."""
    return [(each.slug, each.name) for each in catalog.team_members(service)]


def _members(organization: Organization, selection: Selection, named: list[tuple[str, str]]) -> list[Member]:
    now = clock.now()
    wanted = [replace(selection, resource=slug, date="", at="") for slug, _name in named]
    questions = [plan_cache.question_of(organization, each.wish(), now) for each in wanted]
    free = booker.first_free_of_all(questions, now)
    return [
        Member(
            name=name,
            query=each.query(),
            next_free=formats.moment(start, organization.time_zone) if start else "",
            is_chosen=each.resource == selection.resource,
        )
        for (_slug, name), each, start in zip(named, wanted, free, strict=True)
    ]
