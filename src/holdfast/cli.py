"""The holdfast command line."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click


def _django() -> None:
    """Make models and actions usable in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    import django

    django.setup()


@contextmanager
def _refusals() -> Iterator[None]:
    """Say a refusal in a line for each field, without a traceback."""
    from holdfast.core.errors import HoldfastError

    try:
        yield
    except HoldfastError as error:
        lines = [f"{each['field']}: {each['message']}" for each in error.extra.get("errors", [])]
        raise click.ClickException("\n".join(lines) or str(error.detail)) from None


@click.group()
@click.version_option(package_name="holdfast")
def main() -> None:
    """Holdfast: booking that holds."""


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line([f"{sys.argv[0]} manage", *arguments])


@main.command()
@click.option("--grant-to", help="The application's role; else the one DATABASE_URL names.")
def migrate(grant_to: str | None) -> None:
    """Bring the database up to date, as its owner, and give the application's role its rights."""
    application = os.environ.get("DATABASE_URL", "")
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL") or application
    _django()
    from django.core.management import call_command
    from psycopg.conninfo import conninfo_to_dict

    from holdfast.core import grants

    call_command("migrate", interactive=False)
    grants.grant_to(grant_to or str(conninfo_to_dict(application)["user"]))


@main.command()
@click.option("--slug", prompt="Address (as in /your-name/)", help="Small letters, digits and hyphens.")
@click.option("--name", prompt="Name of the business")
@click.option("--email", prompt="Email customers can answer to")
@click.option("--time-zone", prompt="Time zone", default="Europe/Paris", show_default=True)
@click.option("--currency", prompt="Currency (ISO 4217)", default="EUR", show_default=True)
@click.option("--country", prompt="Country (two letters)", default="FR", show_default=True)
@click.option("--languages", prompt="Languages, the first being the default", default="en", show_default=True)
def createorganization(
    slug: str, name: str, email: str, time_zone: str, currency: str, country: str, languages: str
) -> None:
    """Make a new organization."""
    _django()
    from holdfast.catalog.actions import create_organization

    with _refusals():
        create_organization(
            slug=slug,
            name=name,
            email=email,
            time_zone=time_zone,
            currency=currency,
            country=country,
            languages=[code.strip() for code in languages.split(",") if code.strip()],
        )
    click.echo(f"{name} is at /{slug}/. Next: holdfast createstaff {slug}")


@main.command()
@click.argument("organization")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option(
    "--role",
    type=click.Choice(["owner", "manager", "dispatcher", "member", "read_only"]),
    prompt=True,
    default="owner",
    show_default=True,
)
@click.option("--locale", type=click.Choice(["en", "fr", "es"]), default="en", show_default=True)
@click.option(
    "--password",
    prompt="Password (empty if the person already has an account)",
    hide_input=True,
    confirmation_prompt=True,
    default="",
    show_default=False,
)
def createstaff(organization: str, email: str, name: str, role: str, locale: str, password: str) -> None:
    """Let a person work for ORGANIZATION (its address)."""
    _django()
    from holdfast.accounts.actions import create_staff
    from holdfast.catalog.queries import organization_by_slug
    from holdfast.core.errors import NotFound

    try:
        found = organization_by_slug(organization)
    except NotFound:
        raise click.ClickException(f"There is no organization “{organization}”.") from None
    with _refusals():
        create_staff(organization_id=found.pk, email=email, name=name, role=role, password=password, locale=locale)
    click.echo(f"{email} may sign in and work for {found.name} as {role.replace('_', ' ')}.")
