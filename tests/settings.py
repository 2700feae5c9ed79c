"""The product's settings, as tests need them: the database's address is filled in by tests/database.py."""

import atexit
import os
import shutil
import tempfile

# The run's own, so that several people may test on one machine; the workers of pytest-xdist inherit it.
if "HOLDFAST_DATA_DIR" not in os.environ:
    os.environ["HOLDFAST_DATA_DIR"] = tempfile.mkdtemp(prefix="holdfast-tests-")
    atexit.register(shutil.rmtree, os.environ["HOLDFAST_DATA_DIR"], ignore_errors=True)
os.environ.setdefault("HOLDFAST_SECRET_KEY", "only-for-tests-" * 4)
os.environ.setdefault("HOLDFAST_PREPARED_STATEMENTS", "1")  # as with the embedded database, which theirs is

from holdfast.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files are served from the source tree, with no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
