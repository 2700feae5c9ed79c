"""What alerts somebody: who was told, who takes care of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.alerts import actions, queries
from holdfast.alerts.errors import AlertOver, AlreadyAcknowledged
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.alert_words import told
from holdfast.desk.views.session import safe_goal


@desk_view()
def alerts(desk: Desk) -> HttpResponseBase:
    """The open ones first; emergencies stand above every page too, and money on Today, until somebody takes care."""
    return desk.page(
        "desk/alerts.html", {"alerts": [told(alert, desk.zone) for alert in queries.recent_alerts()]}, section="alerts"
    )


@require_POST
@desk_view(transaction=False)
def acknowledge(desk: Desk, alert_id: UUID) -> HttpResponseBase:
    """Whoever works here may: a member of the team is just who is on call."""
    if not desk.may_acknowledge:
        messages.warning(desk.request, _("You can look at everything and change nothing."))
        return redirect("desk:alerts")
    try:
        actions.acknowledge(
            organization_id=desk.organization.id, alert_id=alert_id, by=desk.actor.name, who=f"user:{desk.user.pk}"
        )
    except AlreadyAcknowledged as error:
        words = _("%(name)s is already taking care of it. There is nothing for you to do.")
        messages.info(desk.request, words % {"name": error.extra["by"]})
    except AlertOver as error:
        messages.info(desk.request, str(error.detail))
    else:
        messages.success(desk.request, _("You are taking care of it. Nobody else is told any more."))
    return redirect(safe_goal(desk.request) if desk.request.POST.get("next") else "desk:alerts")
