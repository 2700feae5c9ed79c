"""Changes to organizations that are not plain configuration (the admin writes that)."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError

from holdfast.catalog.models import Organization
from holdfast.catalog.validators import validate_organization_slug
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for


def create_organization(
    *,
    slug: str,
    name: str,
    email: str,
    time_zone: str,
    currency: str,
    country: str,
    languages: list[str] | None = None,
    **details: Any,
) -> Organization:
    """A new organization; `details` are further fields of the model. Raises ValidationError, naming the fields."""
    languages = languages or ["en"]
    organization = Organization(
        slug=slug,
        name=name,
        email=email,
        time_zone=time_zone,
        currency=currency.upper(),
        country=country.upper(),
        languages=languages,
        created_at=clock.now(),
        **{"default_language": languages[0], **details},
    )
    with transaction_for(organization.pk):
        try:
            organization.full_clean()
            validate_organization_slug(slug)
        except DjangoValidationError as error:
            fields = error.message_dict if hasattr(error, "error_dict") else {"slug": error.messages}
            raise ValidationError(
                errors=[{"field": field, "message": text} for field, texts in fields.items() for text in texts]
            ) from None
        organization.save(force_insert=True)
    return organization
