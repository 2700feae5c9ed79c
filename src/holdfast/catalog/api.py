"""Organizations, services, team members."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router

from holdfast.catalog import documents, queries
from holdfast.catalog.asked import organization_asked
from holdfast.catalog.schemas import NamedPlaceOut, OrganizationOut, ServiceOut, TeamMemberOut
from holdfast.core.answers import json_response
from holdfast.core.schemas import ProblemOut
from holdfast.core.tenancy import transaction_for

router = Router(tags=["catalog"])


@router.get("/{org}", response={200: OrganizationOut, 404: ProblemOut}, summary="An organization")
def get_organization(request: HttpRequest, org: str) -> Any:
    """Name, zone, currency, languages and policies. The language of texts follows Accept-Language."""
    return _cached(request, documents.organization_document(organization_asked(request, org)))


@router.get("/{org}/services", response={200: list[ServiceOut], 404: ProblemOut}, summary="All services on offer")
def list_services(request: HttpRequest, org: str) -> Any:
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        extras = queries.extras_on_offer()
        found = [
            documents.service_document(each, organization.currency, extras) for each in queries.services_on_offer()
        ]
    return _cached(request, found)


@router.get("/{org}/services/{service}", response={200: ServiceOut, 404: ProblemOut}, summary="One service")
def get_service(request: HttpRequest, org: str, service: str) -> Any:
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        asked = queries.service_by_slug(service)
        found = documents.service_document(asked, organization.currency, queries.extras_on_offer())
    return _cached(request, found)


@router.get(
    "/{org}/services/{service}/team-members",
    response={200: list[TeamMemberOut], 404: ProblemOut},
    summary="Who can be chosen for a service",
)
def list_team_members(request: HttpRequest, org: str, service: str) -> Any:
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        members = queries.team_members(queries.service_by_slug(service))
        found = [documents.team_member_document(each, organization) for each in members]
    return _cached(request, found)


@router.get("/{org}/places", response={200: list[NamedPlaceOut], 404: ProblemOut}, summary="Places that have a name")
def list_places(request: HttpRequest, org: str) -> Any:
    """What a `pickup` or `dropoff` can name as its `place`."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        found = [documents.place_document(each) for each in queries.named_places()]
    return _cached(request, found)


def _cached(request: HttpRequest, document: Any) -> HttpResponse:
    response = json_response(200, document, request=request)
    response["Cache-Control"] = "public, max-age=30, stale-while-revalidate=86400"
    response["Content-Language"] = get_language() or "en"
    response["Vary"] = "Accept-Language, Cookie"
    return response
