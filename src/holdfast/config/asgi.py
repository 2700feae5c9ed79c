"""What the web processes run: `live/` in front, Django by WSGI behind it, on one port."""

import os

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")

from holdfast.config.wsgi import application as django_application
from holdfast.live.app import Live

# Few threads: the interpreter runs one at a time, and each keeps a database connection.
THREADS = 4

application = Live(WSGIMiddleware(django_application, workers=THREADS))
