"""What every test stands on. Fixtures of one room live in that room's conftest."""

import os
from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from holdfast.accounts.models import Role, User
from holdfast.catalog.models import Organization
from tests import database, factories, proofs
from tests.running import House
from tools import chromium

NO_BROWSER = "no browser"


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or database.SOCKET_VARIABLE in os.environ:
        return
    server = database.TestServer()
    config.add_cleanup(server.stop)
    server.start()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A machine without a browser still proves everything else, and says at the end what it did not; in CI it fails."""
    needing = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    why = chromium.lacking() if needing and not os.environ.get("CI") else ""
    for item in needing if why else ():
        item.add_marker(pytest.mark.skip(reason=f"{NO_BROWSER}: {why}"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A copy of the template for this worker; `db` rolls each test back in it."""
    with django_db_blocker.unblock():
        name = database.copy_template("worker")
        database.use(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    database.drop(name)


@pytest.fixture(scope="session")
def lent_database(django_db_setup: None) -> Iterator[database.Lent]:
    lent = database.Lent()
    yield lent
    lent.drop()


@pytest.fixture
def committed_db(lent_database: database.Lent, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of this test's own for as long as it runs, where transactions really commit; its name."""
    before = connections["default"].settings_dict["NAME"]
    name = lent_database.take()
    with django_db_blocker.unblock():
        database.use(name)
        yield name
        connections.close_all()
        database.use(before)
    lent_database.give_back()


@pytest.fixture(scope="session")
def running_house(django_db_setup: None) -> Iterator[House]:
    """The product's web processes on a database that many tests share, each with organizations of its own."""
    name = database.copy_template("house")
    with House(name) as house:
        yield house
    # Counted for good now that its processes have ended: an action that meets a deadlock tries again in silence.
    assert proofs.deadlocks(name) == 0
    database.drop(name)


@pytest.fixture
def house(running_house: House, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """Real HTTP servers, and Django here working on their database."""
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        database.use(running_house.database)
        yield running_house
        connections.close_all()
        database.use(before)


@pytest.fixture
def organization(db: None) -> Organization:
    return factories.make_organization(slug="salon", name="Salon")


@pytest.fixture
def other_organization(db: None) -> Organization:
    return factories.make_organization(slug="rival", name="Rival")


@pytest.fixture
def owner(organization: Organization) -> User:
    return factories.make_staff(organization, role=Role.OWNER)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured on their way, by `record_property`."""
    reports = [report for group in terminalreporter.stats.values() for report in group if hasattr(report, "when")]
    figures = [
        f"{name}: {value}" for report in reports if report.when == "call" for name, value in report.user_properties
    ]
    if figures:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(figures))
    unproved = sum(NO_BROWSER in str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    if unproved:
        terminalreporter.section("NOT PROVED", red=True, bold=True)
        terminalreporter.write_line(f"{unproved} tests of pages did not run: {NO_BROWSER} starts here.", red=True)
        terminalreporter.write_line("To have one: .venv/bin/python tools/chromium.py")
