"""Django's settings. Everything that differs between machines comes from the environment (config/environment.py)."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from holdfast.config import environment as env
from holdfast.config.admin_look import UNFOLD as UNFOLD

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = env.data_dir()
DEMO = env.flag("HOLDFAST_DEMO")
DEBUG = env.flag("HOLDFAST_DEBUG")

SECRET_KEY = env.secret_key()
SECRET_KEY_FALLBACKS = env.words("HOLDFAST_OLD_SECRET_KEYS")
BASE_URL = env.text("HOLDFAST_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("HOLDFAST_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# The application's role; `holdfast migrate` uses DATABASE_OWNER_URL instead (config/database.py).
DATABASES = {"default": env.database(env.text("DATABASE_URL", "postgresql:///holdfast"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "anymail",
    "ninja",  # the API's documentation page, from our own server
    "holdfast.core",
    "holdfast.web",
    "holdfast.events",
    "holdfast.accounts",
    "holdfast.catalog",
    "holdfast.pricing",
    "holdfast.bookings",
    "holdfast.payments",
    "holdfast.alerts",
    "holdfast.waiting",
    "holdfast.series",
    "holdfast.customers",
    "holdfast.calendars",
    "holdfast.notifications",
    "holdfast.legacy",
    "holdfast.embed",
    "holdfast.wizard",
    "holdfast.portal",
    "holdfast.device",
    "holdfast.desk",
    "holdfast.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads each answer by chance, against BREACH
    "holdfast.web.middleware.ContentSecurityPolicy",
    "holdfast.embed.cookies.FramedCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "holdfast.embed.middleware.FrameAncestors",
    "holdfast.desk.middleware.AdminTenant",
    "holdfast.config.middleware.ProblemsForPrograms",
    "holdfast.config.middleware.InTheirLanguage",
]

ROOT_URLCONF = "holdfast.config.urls"
WSGI_APPLICATION = "holdfast.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "holdfast.web.templatetags.holdfast",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["holdfast.accounts.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "desk:sign-in"
LOGIN_REDIRECT_URL = "desk:today"

# Source texts are English; people see their own language and their own zone's times.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH: list[str] = []

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "holdfast.web.static_files.HashedStaticFiles"},
}

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
PROXIES_IN_FRONT = env.count_or_flag("HOLDFAST_BEHIND_PROXY")
# Live connections (live/streams/): of one web process, and from one address to it.
STREAMS_PER_PROCESS = env.number("HOLDFAST_STREAMS", 4_000)
STREAMS_PATIENCE_SECONDS = env.number("HOLDFAST_STREAMS_PATIENCE", 10)
STREAMS_PER_ADDRESS = env.number("HOLDFAST_STREAMS_PER_ADDRESS", 200)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES_IN_FRONT else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "holdfast.embed.views.refused"

# Mail: caught in the demo, else SMTP, else a provider by its anymail backend and ANYMAIL_* variables.
EMAIL_BACKEND = env.text(
    "HOLDFAST_EMAIL_BACKEND",
    "holdfast.notifications.backends.CatchingBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.text("HOLDFAST_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("HOLDFAST_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("HOLDFAST_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("HOLDFAST_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("HOLDFAST_SMTP_STARTTLS")
EMAIL_USE_SSL = env.flag("HOLDFAST_SMTP_TLS")
EMAIL_TIMEOUT = 20
# How long one process may take to send one mail before another may try (docs/adr/0007-mail-at-least-once.md).
MAIL_LEASE_SECONDS = 120
DEFAULT_FROM_EMAIL = env.text("HOLDFAST_MAIL_FROM", "bookings@localhost")
ANYMAIL = env.anymail()

# Cards: the demo and tests have the same gateway speak to a stand-in (`holdfast stripe-standin`).
STRIPE_API_URL = env.text("HOLDFAST_STRIPE_API_URL", "https://api.stripe.com").rstrip("/")
STRIPE_SCRIPT_URL = env.text("HOLDFAST_STRIPE_SCRIPT_URL", "https://js.stripe.com/v3/")
STRIPE_CHECKOUT_URL = env.text("HOLDFAST_STRIPE_CHECKOUT_URL", "https://checkout.stripe.com")
# What the script puts into frames besides its own address (docs.stripe.com/security/guide#content-security-policy).
STRIPE_FRAME_URLS = env.words("HOLDFAST_STRIPE_FRAME_URLS", "https://*.js.stripe.com,https://hooks.stripe.com")
STRIPE_TIMEOUT_SECONDS = env.number("HOLDFAST_STRIPE_TIMEOUT", 20)
STRIPE_RETRIES = 2  # at once, with the same key; after that, a job asks again

# The older system's address, /api/bookings: whose bookings arrive there, what its names mean, until when it works.
OLD_API_ORGANIZATION = env.text("HOLDFAST_OLD_API_ORGANIZATION")
OLD_API_NAMES = env.pairs("HOLDFAST_OLD_API_NAMES")
OLD_API_SUNSET = env.day("HOLDFAST_OLD_API_SUNSET")

EVENT_HANDLERS = "holdfast.config.handlers.HANDLERS"
CATALOG_GUARDS = "holdfast.config.handlers.CATALOG_GUARDS"
SERIES_ROOM = "holdfast.config.handlers.SERIES_ROOM"
PAYMENT_DOCUMENT = "holdfast.payments.documents.payment_document"
LET_OFF = "holdfast.payments.ended.let_off"

PROCRASTINATE_ON_APP_READY = "holdfast.config.schedule.register"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "holdfast.config.log.WithoutSecrets",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"database": {"()": "holdfast.config.log.DatabaseGoneInALine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["database"]}},
    "root": {"handlers": ["stderr"], "level": env.text("HOLDFAST_LOG_LEVEL", "WARNING")},
    "loggers": {"holdfast": {"level": env.text("HOLDFAST_LOG_LEVEL", "INFO")}},
}
