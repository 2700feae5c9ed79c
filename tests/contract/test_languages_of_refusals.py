"""A refusal of the API speaks the reader's language, else the organization's; its code is for programs and stays."""

from typing import Any

import pytest
from django.test import Client

from holdfast.catalog.models import Organization
from tests import factories

CASA = "/api/v1/casa"
WORDS = {
    "is needed": {"fr": "est nécessaire", "es": "es necesario"},
    "There is nothing here": {"fr": "Il n’y a rien ici", "es": "Aquí no hay nada"},
    "Some of what was sent cannot be used": {
        "fr": "Une partie de ce qui a été envoyé n’est pas utilisable",
        "es": "Parte de lo enviado no se puede usar",
    },
    "This is not an email address.": {
        "fr": "Ce n’est pas une adresse e-mail.",
        "es": "No es una dirección de correo electrónico.",
    },
    "whole minutes, with an offset from UTC": {
        "fr": "en minutes entières, avec le décalage UTC",
        "es": "en minutos enteros, con la diferencia con UTC",
    },
    "a text": {"fr": "un texte", "es": "un texto"},
}


@pytest.fixture
def casa(db: None) -> Organization:
    return factories.make_organization(slug="casa", languages=["es", "en", "fr"], default_language="es")


def said(words: str, language: str) -> str:
    return words if language == "en" else WORDS[words][language]


def sent(client: Client, body: Any, asked: str) -> Any:
    return client.post(
        f"{CASA}/bookings", body, content_type="application/json", headers={"Accept-Language": asked}
    ).json()


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("fr", "fr"), ("de, en-GB;q=0.5", "en"), ("en;q=0.1, fr;q=0.9", "fr"), ("de", "es"), ("", "es")],
)
def test_what_is_wrong_with_a_request_is_said_in_the_language_asked_for_else_the_organizations(
    client: Client, casa: Organization, asked: str, spoken: str
) -> None:
    customer = {"name": 7, "email": "nobody"}
    body = {"starts_at": "2030-01-01T10:00:30", "customer": customer}
    problem = sent(client, body, asked)
    assert problem["code"] == "validation_error"
    assert problem["title"] == said("Some of what was sent cannot be used", spoken)
    assert {each["field"]: each["message"] for each in problem["errors"]} == {
        "service": said("is needed", spoken),
        "starts_at": said("whole minutes, with an offset from UTC", spoken),
        "customer.name": said("a text", spoken),
        "customer.email": said("This is not an email address.", spoken),
    }
    answer = client.get(f"{CASA}/services/nothing", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == said("There is nothing here", spoken)
    assert answer.headers["Content-Language"] == spoken


def test_an_organization_that_nobody_knows_is_missed_in_the_readers_language(client: Client, db: None) -> None:
    answer = client.get("/api/v1/nobody/services", headers={"Accept-Language": "fr"})
    assert (answer.json()["code"], answer.json()["detail"]) == ("not_found", "Il n’y a rien ici")
