"""All that is booked in an organization, and what of it changed since: for calendars kept in memory (live/).

Whatever changes an allocation records an event of its booking in the same transaction; who follows the events reads
the changed lanes' periods anew, in the same snapshot, and knows what the table says.
"""

from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES
from holdfast.events.following import STANDING, UNSEEN

# Moments are microseconds since 1970. Where the log stands comes first, then the catalog's version.
EVERYTHING = f"""
WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM catalog_resource),
taken AS (
    SELECT n.number, a.* FROM numbered n JOIN bookings_allocation a ON a.resource_id = n.id AND a.active
        AND a.start_minute > %(since)s - {LONGEST_OCCUPATION_MINUTES} AND a.end_minute > %(since)s
)
SELECT {STANDING}, o.catalog_version,
    (SELECT coalesce(max(horizon_days), 0) FROM catalog_service WHERE is_active),
    (SELECT array_agg(id ORDER BY number) FROM numbered),
    (SELECT string_agg(int4send(number::int) || int4send(lane) || int4send(start_minute) || int4send(end_minute), '')
        FROM taken WHERE expires_at IS NULL),
    (SELECT json_agg(json_build_array(resource_id, lane, start_minute, end_minute,
        (extract(epoch FROM expires_at) * 1000000)::bigint)) FROM taken WHERE expires_at IS NOT NULL)
FROM catalog_organization o WHERE o.id = %(organization)s
"""  # noqa: S608 - put together from constants
# The periods that bookings with news occupy or have occupied, and whatever occupies their lanes there now.
NEWS = f"""
WITH news AS MATERIALIZED (
    SELECT DISTINCT subject FROM events_event WHERE organization_id = %(organization)s AND {UNSEEN}
),
touched AS MATERIALIZED (
    SELECT DISTINCT a.resource_id, a.lane, a.start_minute, a.end_minute
    FROM news JOIN bookings_allocation a ON a.booking_id = news.subject WHERE a.end_minute > %(since)s
)
SELECT {STANDING}, o.catalog_version,
    (SELECT json_agg(json_build_array(resource_id, lane, start_minute, end_minute)) FROM touched),
    (SELECT json_agg(json_build_array(a.resource_id, a.lane, a.start_minute, a.end_minute,
        (extract(epoch FROM a.expires_at) * 1000000)::bigint))
        FROM touched t JOIN bookings_allocation a ON a.resource_id = t.resource_id AND a.lane = t.lane AND a.active
            AND a.start_minute > t.start_minute - {LONGEST_OCCUPATION_MINUTES}
            AND a.start_minute < t.end_minute AND a.end_minute > t.start_minute)
FROM catalog_organization o WHERE o.id = %(organization)s
"""  # noqa: S608 - put together from constants
# Beside a row `found` of the events: the periods that its booking occupies or has occupied, of which resources.
TOUCHED = """
SELECT json_agg(DISTINCT jsonb_build_array(resource_id, start_minute, end_minute)) AS periods
FROM bookings_allocation WHERE booking_id = found.subject
"""
STANDS = f"SELECT {STANDING}"
