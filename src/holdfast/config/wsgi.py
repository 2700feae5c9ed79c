"""Django, spoken to by WSGI (ADR 3: its ASGI handler costs five to twelve times the CPU)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
application = get_wsgi_application()
