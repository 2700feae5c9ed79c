"""What the web processes run: `live/` in front, Django by WSGI behind it, on one port."""

import os

from a2wsgi import WSGIMiddleware
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")

from holdfast.config.behind_proxies import BehindProxies
from holdfast.config.wsgi import application as django_application
from holdfast.live.app import Live
from holdfast.live.bodies import WholeBodies

# The interpreter runs one thread at a time: a second one works while the first waits for the database, more only wait
# for each other, each with a database connection of its own.
THREADS = 2

# Neither does a thread wait for a client: bodies arrive first (live/bodies.py), and answers queue up without bound.
_ours = Live(WholeBodies(WSGIMiddleware(django_application, workers=THREADS, send_queue_size=0)))
application = BehindProxies(_ours, settings.PROXIES_IN_FRONT) if settings.PROXIES_IN_FRONT else _ours
