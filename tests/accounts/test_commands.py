"""The two commands that make a business and its first owner."""

import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate
from django.db import connections

from holdfast.catalog.models import Organization
from holdfast.cli import main
from holdfast.core.embedded_postgres import APP
from tests import database

NEW = ["--slug", "studio", "--name", "Studio", "--email", "hello@example.com", "--time-zone", "Europe/Madrid",
       "--currency", "eur", "--country", "es", "--languages", "es, en"]  # fmt: skip


@pytest.fixture(autouse=True)
def _on_the_database_of_the_test(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each command would start a PostgreSQL of its own."""
    monkeypatch.setenv("DATABASE_URL", database.url(APP, connections["default"].settings_dict["NAME"]))


def test_a_business_and_its_owner_are_two_commands(db: None) -> None:
    assert CliRunner().invoke(main, ["createorganization", *NEW]).exit_code == 0
    made = Organization.objects.get()
    assert (made.slug, made.currency, made.country, made.languages) == ("studio", "EUR", "ES", ["es", "en"])
    answers = "ada@example.com\nAda\n\na good password\na good password\n"
    result = CliRunner().invoke(main, ["createstaff", "studio"], input=answers)
    assert "ada@example.com may sign in and work for Studio as owner." in result.output
    assert authenticate(username="ada@example.com", password="a good password") is not None


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (["--slug", "admin"], "slug: The address “admin” is taken by Holdfast itself."),
        (["--slug", "My Studio"], "slug: Use small letters, digits and single hyphens."),
        (["--time-zone", "Madrid"], "time_zone: “Madrid” is not a time zone. Use a name such as Europe/Paris."),
        (["--languages", "xx"], "default_language: Value 'xx' is not a valid choice."),
    ],
)
def test_what_cannot_be_is_said_in_a_line(db: None, changed: list[str], line: str) -> None:
    result = CliRunner().invoke(main, ["createorganization", *NEW, *changed])
    assert result.exit_code == 1
    assert line in result.output
    assert "Traceback" not in result.output
    assert not Organization.objects.exists()


def test_staff_need_an_organization_and_a_password(organization: Organization) -> None:
    given = ["--email", "ada@example.com", "--name", "Ada", "--role", "owner"]
    nowhere = CliRunner().invoke(main, ["createstaff", "nowhere", *given, "--password", "a good password"])
    assert (nowhere.exit_code, nowhere.output) == (1, "Error: There is no organization “nowhere”.\n")
    weak = CliRunner().invoke(main, ["createstaff", "salon", *given, "--password", "short"])
    assert weak.exit_code == 1
    assert "password: This password is too short." in weak.output
