"""Reading organizations and their catalog."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from holdfast.catalog.models import Extra, NamedPlace, Organization, Requirement, Resource, Service
from holdfast.core.errors import NotFound
from holdfast.core.rows import find
from holdfast.core.words import in_reading_order

# What working hours are compiled from (bookings/availability/schedules.py), of the resources in `pool`. Times of day
# are minutes.
HOURS = """
    'hours', (SELECT coalesce(json_agg(json_build_object('resource', h.resource_id, 'kind', h.kind,
        'weekday', h.weekday,
        'starts', extract(epoch FROM h.starts)::int / 60, 'ends', extract(epoch FROM h.ends)::int / 60,
        'valid_from', h.valid_from, 'valid_until', h.valid_until) ORDER BY h.resource_id, h.weekday, h.starts), '[]')
        FROM catalog_workinghours h JOIN pool ON pool.id = h.resource_id),
    'exceptions', (SELECT coalesce(json_agg(json_build_object('resource', e.resource_id, 'kind', e.kind,
        'date', e.date, 'starts', extract(epoch FROM e.starts)::int / 60, 'ends', extract(epoch FROM e.ends)::int / 60)
        ORDER BY e.resource_id, e.date, e.starts), '[]')
        FROM catalog_hoursexception e JOIN pool ON pool.id = e.resource_id),
    'closures', (SELECT coalesce(json_agg(json_build_object('starts_on', c.starts_on, 'ends_on', c.ends_on,
        'closes_on_call', c.closes_on_call)), '[]') FROM catalog_closure c),
    'worked_holidays', (SELECT coalesce(json_agg(w.date), '[]') FROM catalog_workedholiday w)
"""
# Everything of the catalog that decides about one service's slots, as one document in one round trip. Times of day are
# minutes. Rooms above add what they know of the service: `document_with`.
SERVICE_DOCUMENT = f"""
WITH chosen AS (SELECT * FROM catalog_service WHERE slug = %(service)s AND is_active),
fitting AS (
    SELECT n.id AS need, p.id AS resource FROM catalog_requirement n JOIN chosen ON n.service_id = chosen.id
    JOIN catalog_resource p ON p.is_active AND catalog_fits(p, n)
),
pool AS (SELECT p.* FROM catalog_resource p WHERE p.id IN (SELECT resource FROM fitting))
SELECT json_build_object(
    'organization', (SELECT to_json(o) FROM catalog_organization o WHERE o.id = holdfast_tenant()),
    'service', (SELECT to_json(chosen) FROM chosen),
    'needs', (SELECT coalesce(json_agg(json_build_object(
        'id', n.id, 'kind', n.kind, 'skills', n.skills, 'attributes', n.attributes,
        'count', n.count, 'per_person', n.per_person, 'is_choosable', n.is_choosable,
        'pool', (SELECT coalesce(json_agg(f.resource ORDER BY f.resource), '[]') FROM fitting f WHERE f.need = n.id)
        ) ORDER BY n.position, n.id), '[]') FROM catalog_requirement n JOIN chosen ON n.service_id = chosen.id),
    'resources', (SELECT coalesce(json_agg(json_build_object(
        'id', p.id, 'slug', p.slug, 'name', p.name, 'kind', p.kind, 'lanes', p.lanes,
        'largest_party', p.largest_party, 'rank', p.rank, 'weight', p.weight, 'is_public', p.is_public,
        'skills', p.skills, 'attributes', p.attributes,
        'team', p.team_id, 'buffer_before', p.buffer_before_minutes, 'buffer_after', p.buffer_after_minutes,
        'notice', p.notice_minutes, 'horizon', p.horizon_days) ORDER BY p.id), '[]') FROM pool p),
    {HOURS},
    'limits', (SELECT coalesce(json_agg(json_build_object('id', l.id, 'kind', l.kind, 'most', l.most,
        'counts', l.counts, 'period', l.period, 'days', l.rolling_days, 'team', l.team_id, 'service', l.service_id,
        'subject', coalesce(to_json(t.name), s.name::json)) ORDER BY l.id), '[]')
        FROM catalog_limit l LEFT JOIN catalog_team t ON t.id = l.team_id
            LEFT JOIN catalog_service s ON s.id = l.service_id
        WHERE l.is_active AND (l.team_id IN (SELECT team_id FROM pool) OR l.service_id = (SELECT id FROM chosen)
            OR (l.kind = 'customer' AND l.service_id IS NULL))),
    'questions', (SELECT coalesce(json_agg(to_json(q) ORDER BY q.position, q.id), '[]')
        FROM catalog_question q JOIN chosen ON q.service_id = chosen.id),
    'extras', (SELECT coalesce(json_agg(to_jsonb(e) || jsonb_build_object('offered', e.is_active AND (
            NOT EXISTS (SELECT FROM catalog_extraoffer x WHERE x.extra_id = e.id)
            OR EXISTS (SELECT FROM catalog_extraoffer x JOIN chosen ON x.service_id = chosen.id
                WHERE x.extra_id = e.id))) ORDER BY e.position, e.id), '[]') FROM catalog_extra e)
{{more}})
"""  # noqa: S608 - HOURS is the constant above


# The same of any resources, for those who ask about hours alone.
HOURS_DOCUMENT = f"""
WITH pool AS (SELECT * FROM catalog_resource WHERE id = ANY(%(resources)s))
SELECT json_build_object(
    'organization', (SELECT to_json(o) FROM catalog_organization o WHERE o.id = holdfast_tenant()),
    'resources', (SELECT coalesce(json_agg(json_build_object('id', id)), '[]') FROM pool),
    {HOURS}
)
"""  # noqa: S608 - HOURS is the constant above

FITTING = """
SELECT p.* FROM catalog_resource p WHERE p.is_active
    AND EXISTS (SELECT FROM catalog_requirement n WHERE n.id = %s AND catalog_fits(p, n))
"""
CHOOSABLE = """
SELECT p.* FROM catalog_resource p WHERE p.is_active AND p.is_public
    AND EXISTS (SELECT FROM catalog_requirement n WHERE n.service_id = %s AND n.is_choosable AND catalog_fits(p, n))
"""
FITTING_PAIRS = """
SELECT n.id, p.id FROM catalog_requirement n, catalog_resource p
WHERE n.id = ANY(%(requirements)s) AND p.id = ANY(%(resources)s) AND catalog_fits(p, n)
"""


def organization_by_slug(slug: str) -> Organization:
    """Raises NotFound."""
    found = find(Organization, "slug", slug)
    if found is None:
        raise NotFound
    return found


def organization_ids() -> list[UUID]:
    """Every organization, for jobs that visit each in a transaction of its own."""
    return list(Organization.objects.order_by("id").values_list("id", flat=True))


def document_with(*members: str) -> str:
    """The statement of a service's document with more members, each SQL's `'name', value`; `chosen` is the service."""
    return SERVICE_DOCUMENT.replace("{more}", "".join(f", {each}" for each in members))


def service_document(service: str, statement: str) -> dict[str, Any] | None:
    """What a statement of `document_with` says of an active service of the transaction's organization, if it has it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"service": service})
        row = cursor.fetchone()
    document: dict[str, Any] | None = row[0] if row and row[0]["service"] else None
    return document


def hours_document(resources: Iterable[UUID]) -> dict[str, Any]:
    """All that decides when these resources of the transaction's organization work; `bookings.schedules` reads it."""
    with connection.cursor() as cursor:
        cursor.execute(HOURS_DOCUMENT, {"resources": list(resources)})
        row = cursor.fetchone()
    document: dict[str, Any] = row[0] if row else {}
    return document


def services_on_offer() -> list[Service]:
    """Active services in the organization's order, with what they require and ask."""
    return list(Service.objects.filter(is_active=True).prefetch_related("requirements", "questions"))


def named_places() -> list[NamedPlace]:
    """Those that can be chosen, in the organization's order."""
    return list(NamedPlace.objects.filter(is_active=True))


def extras_on_offer() -> list[Extra]:
    """Extras in the organization's order, with the services they are offered with."""
    return list(Extra.objects.filter(is_active=True).prefetch_related("offers"))


def service_by_slug(slug: str) -> Service:
    """An active service of the transaction's organization. Raises NotFound."""
    found = Service.objects.filter(slug=slug, is_active=True).first()
    if found is None:
        raise NotFound
    return found


def resources_fitting(requirement: Requirement) -> list[Resource]:
    """Resources in use that can fill a requirement, as the compiled catalog has them."""
    return list(Resource.objects.raw(FITTING, [requirement.pk]))


def fitting_pairs(requirements: Iterable[UUID], resources: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(requirement, resource) of those named that fit, whether or not the resource is in use."""
    with connection.cursor() as cursor:
        cursor.execute(FITTING_PAIRS, {"requirements": list(requirements), "resources": list(resources)})
        return set(cursor.fetchall())


def team_members(service: Service) -> list[Resource]:
    """The resources a customer may choose for a service: public ones that fit a choosable requirement."""
    members = Resource.objects.raw(CHOOSABLE, [service.pk])
    return sorted(members, key=lambda member: (member.rank, in_reading_order(member.name)))
