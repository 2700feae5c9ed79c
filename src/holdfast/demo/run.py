"""`holdfast demo`: database, sample data, web and worker under one command."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from holdfast.config import database, environment, serving
from holdfast.core.listening_socket import ListeningSocket
from holdfast.demo.cards import CardCompany, card_company

if TYPE_CHECKING:
    from holdfast.demo.actions import DemoLogin


def run(*, host: str, port: int) -> int:
    """Set up what is missing, say where everything is, and serve until Ctrl-C. Returns the exit code."""
    with ListeningSocket(host, port) as listening, card_company(environment.data_dir()) as company:
        if company is not None:
            company.announce()
        postgres = database.embedded()
        try:
            with _step("PostgreSQL"):
                if postgres is not None:
                    postgres.start()
                    database.announce(postgres)
            with _step("Tables"):
                serving.migrate()
            _prepare(company, base=f"http://{_reached_at(host)}:{listening.port}")
            return serving.supervise(
                listening=listening,
                web_processes=serving.web_processes_wanted(None),
                workers=1,
                postgres=postgres,
                beside=[company.child] if company else [],
            )
        finally:
            if postgres is not None:
                postgres.stop()


def _reached_at(host: str) -> str:
    """Where programs of this machine reach what listens there."""
    return "127.0.0.1" if host in {"0.0.0.0", "::", "localhost"} else host  # noqa: S104 - compared, not listened on


def _prepare(company: CardCompany | None, *, base: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from holdfast.config import static
    from holdfast.core import clock
    from holdfast.demo import accounts, actions, statistics

    with _step("Styles and scripts"):
        static.collect()
    with _step("Sample organizations (the first time: a year of bookings)") as progress:
        logins = actions.load(clock.now(), progress)
        if owner := os.environ.get("DATABASE_OWNER_URL"):
            statistics.refresh(owner)
    if company is not None:
        with _step("Cards, at a stand-in for Stripe"), company.running():
            accounts.connect(company, base=base)
    connections.close_all()
    _say_where(settings.BASE_URL, logins)


def _say_where(base: str, logins: "list[DemoLogin]") -> None:
    from holdfast.demo import site

    click.echo()
    click.echo(click.style("  Holdfast is ready.", bold=True))
    click.echo(f"    Book as a customer   {base}/paris-elite/   {base}/harbor-home/")
    who = "priscilla.whitfield@example.com"
    click.echo(f"    A customer's pages   {base}/harbor-home/portal/   as {who}, by a link in the mail that was sent")
    click.echo(f"    On another site      {site.origin()}/demo/site/paris-elite/")
    click.echo(f"    The business's desk  {base}/desk/")
    click.echo(f"    Configuration        {base}/admin/")
    click.echo(f"    Mail that was sent   {base}/demo/mail")
    click.echo(f"    API                  {base}/api/v1/docs")
    click.echo("    Cards                a test: 4242 4242 4242 4242 pays, and no money moves")
    click.echo()
    for login in logins:
        click.echo(f"    {login.organization:<14} {login.role:<10} {login.email:<32} {login.password}")
    click.echo()
    click.echo("  Ctrl-C stops everything; your data stays.")
    click.echo()


@contextmanager
def _step(name: str) -> Iterator[Callable[[str], None]]:
    """Say what is being done and, when done, how long it took."""
    began = time.monotonic()
    click.echo(f"  {name} …")

    def progress(message: str) -> None:
        click.echo(f"      {message}")

    yield progress
    click.echo(f"  {name}: ready in {time.monotonic() - began:.1f} s")
