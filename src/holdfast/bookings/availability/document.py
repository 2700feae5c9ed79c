"""All that decides about one service's slots and prices, as one document in one round trip."""

from typing import Any

from holdfast.catalog import queries as catalog
from holdfast.pricing.queries import GEOGRAPHY, TERMS

DOCUMENT = catalog.document_with(TERMS, GEOGRAPHY)


def document_of(service: str) -> dict[str, Any] | None:
    """Of an active service of the transaction's organization, if it has it; `plan.compile_plan` reads it."""
    return catalog.service_document(service, DOCUMENT)
