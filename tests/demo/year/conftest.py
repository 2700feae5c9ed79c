"""One loaded demo for this folder: many tests read it, and it is rolled back at the end."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from holdfast.demo import actions

# A Friday: 16:30 in Paris, 10:30 in New York.
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="package")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[actions.DemoLogin]]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "DEMO", True)
        logins = actions.load(NOW, lambda _message: None)
        # Rows that are not committed have no statistics: the planner would take them for a handful.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop = off")
        yield logins
        transaction.set_rollback(True)
