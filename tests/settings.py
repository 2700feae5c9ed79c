"""The product's settings, as tests need them: the database's address is filled in by tests/database.py."""

import os
import tempfile

os.environ.setdefault("HOLDFAST_DATA_DIR", tempfile.gettempdir() + "/holdfast-tests")
os.environ.setdefault("HOLDFAST_SECRET_KEY", "only-for-tests-" * 4)

from holdfast.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files are served from the source tree, with no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
