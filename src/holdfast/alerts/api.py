"""Alerts for staff and their programs."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from holdfast.alerts import actions, queries
from holdfast.alerts.schemas import AlertOut
from holdfast.bookings.access import Caller, staff_caller
from holdfast.catalog.asked import organization_asked
from holdfast.catalog.models import Organization
from holdfast.core.answers import json_response, private
from holdfast.core.errors import Forbidden, NotFound
from holdfast.core.schemas import ProblemOut
from holdfast.core.tenancy import transaction_for

router = Router(tags=["staff"])


@router.get(
    "/{org}/staff/alerts",
    response={200: list[AlertOut], 404: ProblemOut},
    summary="Alerts, the open ones first",
)
def list_alerts(request: HttpRequest, org: str) -> HttpResponse:
    """The last fifty, with everybody who was told."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        _staff(request, organization)
        return private(json_response(200, [queries.alert_document(alert) for alert in queries.recent_alerts()]))


@router.post(
    "/{org}/staff/alerts/{alert_id}/acknowledge",
    response={200: AlertOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut},
    summary="Take care of an alert",
)
def acknowledge_alert(request: HttpRequest, org: str, alert_id: UUID) -> HttpResponse:
    """By a key that may change bookings. Nobody else is told any more; who comes second learns who was first."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        caller = _staff(request, organization)
        if caller.by_session or not caller.may_change:
            raise Forbidden
        alert = actions.acknowledge(
            organization_id=organization.id, alert_id=alert_id, by=caller.actor.name, who=caller.who
        )
        return private(json_response(200, queries.alert_document(queries.with_entries([alert])[0])))


def _staff(request: HttpRequest, organization: Organization) -> Caller:
    """Raises NotFound for strangers, to whom no alert exists."""
    caller = staff_caller(request, organization.id)
    if caller is None:
        raise NotFound
    return caller
