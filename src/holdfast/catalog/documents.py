"""The catalog as the API and the pages give it, in the active language."""

from collections.abc import Iterable
from typing import Any

from holdfast.catalog.members import languages_in
from holdfast.catalog.models import Extra, NamedPlace, Organization, Question, Resource, Service
from holdfast.core.fields import in_language


def organization_document(organization: Organization) -> dict[str, Any]:
    """Public facts only."""
    return {
        "slug": organization.slug,
        "name": organization.name,
        "tagline": in_language(organization.tagline),
        "about": in_language(organization.about),
        "time_zone": organization.time_zone,
        "currency": organization.currency,
        "country": organization.country,
        "languages": organization.languages,
        "default_language": organization.default_language,
        "email": organization.email,
        "phone": organization.phone,
        "address": organization.address,
        "accent": organization.accent,
        "policies": {
            "hold_minutes": organization.hold_minutes,
            "waiting_offer_minutes": organization.waiting_offer_minutes,
            "cancellation_notice_minutes": organization.cancellation_notice_minutes,
        },
    }


def service_document(service: Service, currency: str, extras: Iterable[Extra]) -> dict[str, Any]:
    """A service, and those of the organization's `extras` that are offered with it."""
    longest = service.longest_duration_minutes or service.duration_minutes
    return {
        "slug": service.slug,
        "name": in_language(service.name),
        "summary": in_language(service.summary),
        "description": in_language(service.description),
        "place": in_language(service.place),
        "durations_minutes": list(range(service.duration_minutes, longest + 1, service.duration_step_minutes)),
        "step_minutes": service.step_minutes,
        "notice_minutes": service.notice_minutes,
        "horizon_days": service.horizon_days,
        "largest_party": service.largest_party,
        "price": {"amount": service.price_amount, "currency": currency},
        "price_unit": service.price_unit,
        "needs_approval": service.needs_approval,
        "allows_series": service.allows_series,
        "emergency": emergency_document(service) if service.offers_emergency else None,
        "has_team_members": any(requirement.is_choosable for requirement in service.requirements.all()),
        "attendees": service.attendees,
        "asks_places": service.asks_places,
        "questions": [question_document(question) for question in service.questions.all()],
        "extras": [extra_document(each, currency) for each in extras if each.is_offered_with(service.pk)],
    }


def extra_document(extra: Extra, currency: str) -> dict[str, Any]:
    return {
        "slug": extra.slug,
        "name": in_language(extra.name),
        "about": in_language(extra.about),
        "price": {"amount": extra.amount, "currency": currency},
        "per": extra.per,
        "most": extra.most if extra.stock is None else min(extra.most, extra.stock),
        "included": extra.included,
    }


def place_document(place: NamedPlace) -> dict[str, str]:
    return {
        "slug": place.slug,
        "name": in_language(place.name),
        "latitude": format(place.latitude.normalize(), "f"),
        "longitude": format(place.longitude.normalize(), "f"),
    }


def emergency_document(service: Service) -> dict[str, int]:
    """On what terms it takes emergencies."""
    return {
        "notice_minutes": service.emergency_notice_minutes,
        "horizon_hours": service.emergency_horizon_hours,
        "surcharge_percent": service.emergency_surcharge_percent,
        "surcharge_amount": service.emergency_surcharge_amount,
    }


def question_document(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "label": in_language(question.label),
        "hint": in_language(question.hint),
        "required": question.is_required,
        "choices": [{"value": each["value"], "label": in_language(each["label"])} for each in question.choices],
        "smallest": question.smallest,
        "largest": question.largest,
    }


def team_member_document(resource: Resource, organization: Organization) -> dict[str, Any]:
    """Nothing private: no email, no hours, no skills but languages, and only attributes that are shown to customers."""
    return {
        "slug": resource.slug,
        "name": resource.name,
        "kind": resource.kind,
        "about": in_language(resource.about),
        "languages": languages_in(resource.skills),
        "attributes": {
            name: resource.attributes[name] for name in organization.public_attributes if name in resource.attributes
        },
        "photo": None,
    }
