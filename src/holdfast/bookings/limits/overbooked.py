"""Do the bookings keep the limits? Asked by `holdfast doctor`, in SQL of its own, apart from what decides."""

from typing import Any
from uuid import UUID

from django.db import connection

from holdfast.core import clock
from holdfast.core.tenancy import transaction_for

# Per limit of a team or service and local day to come: what is booked, less what staff put there beyond the limit.
EXCEEDED = """
WITH counted AS (
    SELECT l.id, l.most, b.id AS booking, (b.starts_at AT TIME ZONE o.time_zone)::date AS day,
        CASE WHEN l.counts = 'people' THEN b.party_size ELSE 1 END AS uses
    FROM catalog_limit l JOIN catalog_organization o ON o.id = l.organization_id
    JOIN bookings_booking b ON b.organization_id = l.organization_id
        AND b.starts_at >= %(now)s AND b.state NOT IN ('cancelled', 'expired')
        AND (b.hold_expires_at IS NULL OR b.hold_expires_at > %(now)s)
    WHERE l.is_active AND l.organization_id = %(organization)s AND (
        (l.kind = 'service' AND b.service_id = l.service_id)
        OR (l.kind = 'team' AND EXISTS (
            SELECT FROM bookings_allocation a JOIN catalog_resource r ON r.id = a.resource_id
            WHERE a.booking_id = b.id AND a.active AND r.team_id = l.team_id))
    )
)
SELECT day, most, sum(uses) FROM counted
WHERE NOT EXISTS (
    SELECT FROM bookings_limitoverride v WHERE v.booking_id = counted.booking AND v.limit_id = counted.id
)
GROUP BY id, day, most HAVING sum(uses) > most ORDER BY day LIMIT 1000
"""


def exceeded_days(organization_id: UUID) -> list[str]:
    """Days to come with more bookings, or people, than a limit allows, those by override left out: one line each."""
    parameters: dict[str, Any] = {"organization": organization_id, "now": clock.now()}
    with transaction_for(organization_id), connection.cursor() as cursor:
        cursor.execute(EXCEEDED, parameters)
        return [f"{day}: {used} of {most}" for day, most, used in cursor.fetchall()]
