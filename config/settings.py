"""Settings: wiring only. Every deployment value comes from the environment: docs/operations.md lists them."""

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from mapui.logs import not_turned_away

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Deployment ---------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
WSGI_APPLICATION = "config.wsgi.application"
ROOT_URLCONF = "config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "mapui",
    "analysis",
    "appeals",
    "people",
    "geo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.gis",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "leaflet",
    "pgtrigger",
    "phonenumber_field",
    "procrastinate.contrib.django",
    "rest_framework",
    "rest_framework_gis",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mapui.request_log.RequestLog",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mapui.middleware.ChosenLanguageMiddleware",
    "mapui.middleware.RefuseNulMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mapui.staff_gate.StaffGate",
    "mapui.middleware.FormAloneMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

FORM_RENDERER = "mapui.form_renderer.LeanRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "mapui.context.site",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------------------
# `default` is the web's role; `owner` owns the tables and is used by `manage.py migrate` alone.
# Statements are prepared by `geo.prepared` alone: psycopg, if it prepared its own, would drop all after a rollback.
# A generic plan keeps the border pieces' index.
# A connection is asked whether it lives before a request's first cursor of Django's: the lookup opens none.


def _database(url_name: str, default: str = environ.Env.NOTSET) -> dict[str, Any]:
    return {
        **env.db_url(url_name, default=default, engine="django.contrib.gis.db.backends.postgis"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", default=env.str("DATABASE_URL"))
DATABASE_BACKUP_URL = env.str("DATABASE_BACKUP_URL", default="")
"""The same database as a role that sees every row and changes none: `manage.py backup` and `restore` alone use it."""

DATABASES = {
    "default": _database("DATABASE_URL"),
    "owner": _database("DATABASE_OWNER_URL", default=DATABASE_OWNER_URL) | {"TEST": {"MIRROR": "default"}},
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {"prepare_threshold": None, "options": "-c plan_cache_mode=force_generic_plan -c jit=off"}
)


def _bundled_library(package: str, pattern: str) -> str | None:
    """Return the shared library that a wheel carries (newer and safer than Debian's), if it does."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent.parent / f"{package}.libs"
    return next((str(path) for path in sorted(folder.glob(pattern))), None)


GDAL_LIBRARY_PATH = env.str("GDAL_LIBRARY_PATH", default=_bundled_library("pyogrio", "libgdal*"))
GEOS_LIBRARY_PATH = env.str("GEOS_LIBRARY_PATH", default=_bundled_library("shapely", "libgeos_c*"))

# Only allauth counts in it: tries to sign in, for all processes together. A migration of `people` makes the table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_sign_in_tries",
        "KEY_FUNCTION": "people.sign_in.keyed_hash",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# --- Languages and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "uk"
LANGUAGES = [("uk", _("Ukrainian")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Kyiv"
USE_TZ = True

# --- Static files and uploads -------------------------------------------------------------------------------

NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
# Leaflet 1.9.4 stands before the 1.9.3 that django-leaflet bundles: the first finder that knows a name wins.
STATICFILES_DIRS = [
    ("leaflet", NODE_MODULES / "leaflet" / "dist"),
    ("leaflet-heat", NODE_MODULES / "leaflet.heat" / "dist"),
    ("markercluster", NODE_MODULES / "leaflet.markercluster" / "dist"),
    ("geoman", NODE_MODULES / "@geoman-io" / "leaflet-geoman-free" / "dist"),
    ("inter", NODE_MODULES / "@fontsource-variable" / "inter"),
]
MEDIA_URL = "media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.storage.HashedModulesStorage"
    },
}
ICONS_DIR = NODE_MODULES / "lucide-static" / "icons"

# --- Safety -------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "session"
SESSION_ENGINE = "people.session_store"
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_485_760

BASEMAP_URL = env.str("BASEMAP_URL", default="")
"""XYZ template of the operator's tiles, such as https://tiles.example.org/{z}/{x}/{y}.png; empty: no basemap."""
BASEMAP_ATTRIBUTION = env.str("BASEMAP_ATTRIBUTION", default="")
BASEMAP_HOSTS = env.list("BASEMAP_HOSTS", default=[])
"""Hosts of tiles that a city may choose for its own map, such as tiles.example.org or *.tiles.example.org."""
_basemap_hosts = [f"https://{BASEMAP_URL.split('/')[2].replace('{s}', '*')}"] if BASEMAP_URL else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:", *_basemap_hosts, *(f"https://{host}" for host in BASEMAP_HOSTS)],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
    }
}

# --- Sign-in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.sign_in_backend.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff_home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "people.sign_in.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
STAFF_IDLE_LIMIT = timedelta(minutes=env.int("STAFF_IDLE_MINUTES", default=30))
"""A sign-in ends after so long without a visit."""
STAFF_SESSION_LIMIT = timedelta(hours=env.int("STAFF_SESSION_HOURS", default=12))
"""A sign-in ends after so long whatever happens."""
CONFIRMATION_LASTS = timedelta(minutes=15)
"""Exports and the management of people ask for password or second factor again after so long."""
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(CONFIRMATION_LASTS.total_seconds())
SESSION_COOKIE_AGE = int(STAFF_SESSION_LIMIT.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Second factor ------------------------------------------------------------------------------------------

SECOND_FACTOR_KEY = env.list("SECOND_FACTOR_KEY")
"""Words that seal the secrets of second factors, comma-separated: the first seals, all unseal."""
MFA_ADAPTER = "people.second_factor.SealedMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Dilnychnyi"
MFA_TOTP_PERIOD = 30
# No tolerance: allauth remembers a used code for one period only, so that a code of the neighbours would work twice.
MFA_TOTP_TOLERANCE = 0
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
"""Tries are counted by the address that the proxy adds last to X-Forwarded-For, as `geo.api.caller` reads it."""

# --- Mail and jobs ------------------------------------------------------------------------------------------

_host = (ALLOWED_HOSTS or ["localhost"])[0].lstrip(".")
_mail = env.email_url("EMAIL_URL", default="filemail://" if DEBUG else "smtp://localhost:25")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"] or str(BASE_DIR / ".local" / "mail")
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"noreply@{_host}")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEBUG else f"https://{_host}").rstrip("/")
"""Scheme and host that mails lead to."""
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}
QUEUE_AGE_MAX_S = env.int("QUEUE_AGE_MAX_S", default=900)
"""After so many seconds without a worker that takes the oldest job, the site is not ready."""

# --- API ----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
    "EXCEPTION_HANDLER": "geo.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "dilnychnyi",
    "DESCRIPTION": "Who is the district police officer of a place; letters; analysis.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "geo.schema.with_problems"],
}

# --- The map ------------------------------------------------------------------------------------------------

LEAFLET_CONFIG = {"NO_GLOBALS": True, "RESET_VIEW": False, "SCALE": None, "ATTRIBUTION_PREFIX": False}

# --- Product ------------------------------------------------------------------------------------------------

BORDER_NEAR_M = env.float("BORDER_NEAR_M", default=30.0)
"""Within this distance of a border, in metres, the neighbouring district is named too."""
BORDER_SEARCH_M = 50.0
"""`border.distance_m` is measured up to this distance, in metres."""
PUBLIC_API_RATE_PER_MINUTE = env.int("PUBLIC_API_RATE_PER_MINUTE", default=600)
"""Requests a minute from one address to the public API; 0 switches the limit off (a proxy may keep it)."""
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=200_000_000)
"""Largest boundary file that an import accepts, in bytes."""
RECEIPT_KEY = env.str("RECEIPT_KEY", default=SECRET_KEY)
"""Receipts are drawn and looked up under this key: once letters exist it must not change, or no receipt opens."""
LETTER_KEYS = env.str("LETTER_KEYS")
"""`name:base64` with commas between, 32 bytes each: letters are sealed under the first, older ones still unsealed."""
READING_LOG_KEY = env.list("READING_LOG_KEY")
"""Words that sign the daily digests of the log of openings, comma-separated: the first signs, all verify."""
QUICK_EXIT_URL = env.str("QUICK_EXIT_URL", default="https://www.meteo.gov.ua/")
"""Where quick exit leads: a page that anybody may have open, such as the weather. Nothing is asked of it before."""
LETTERS_MIN_FILL_S = env.float("LETTERS_MIN_FILL_S", default=5.0)
"""A letter that is sent sooner after its first page was opened, in seconds, is asked for once more."""
LETTERS_PER_ADDRESS = env.int("LETTERS_PER_ADDRESS", default=20)
"""Letters from one address within ten minutes, in all processes together; a house or an office may share one."""
PHOTOS_AT_ONCE = env.int("PHOTOS_AT_ONCE", default=5)
"""Photos that one letter or one turn of its conversation may bring; each has 10 MB and 24 million pixels at most."""
PHOTOS_PER_ADDRESS = env.int("PHOTOS_PER_ADDRESS", default=100)
"""Photos from one address within ten minutes, in all processes together."""
PHOTOS_PER_LETTER = env.int("PHOTOS_PER_LETTER", default=30)
"""Photos that each side of one conversation may add up to."""
RECEIPT_TRIES_PER_ADDRESS = env.int("RECEIPT_TRIES_PER_ADDRESS", default=30)
"""Tries of receipts from one address within a minute, in all processes together."""
LETTERS_BUSY_PER_MINUTE = env.int("LETTERS_BUSY_PER_MINUTE", default=60)
"""More letters than so many a minute, in the whole service, and each has to bring a proof of work, or to wait."""
RECEIPTS_BUSY_PER_MINUTE = env.int("RECEIPTS_BUSY_PER_MINUTE", default=300)
"""The same for tries of receipts."""
BUSY_WAIT_S = env.int("BUSY_WAIT_S", default=60)
"""How long, in seconds, somebody without script takes or waits in place of the work."""
WORK_SIZE = env.int("WORK_SIZE", default=50_000)
"""The most hashes that a proof of work takes; half of it on average."""
DATA_CONTROLLER = env.str("DATA_CONTROLLER", default="")
"""Who answers for the data of letters and how to reach them, as writers read it; empty: the community is named."""
# What releases may state; each may be made stricter, a laxer one stops the start (docs/adr/0016).
RELEASE_ADDRESSES = env.int("RELEASE_ADDRESSES", default=8)
RELEASE_SIDE_M = env.int("RELEASE_SIDE_M", default=100)
RELEASE_SIDE_WITHOUT_ADDRESSES_M = env.int("RELEASE_SIDE_WITHOUT_ADDRESSES_M", default=400)
"""The least that an area of ordinary topics holds: addresses, metres on a side, metres where no address is known."""
RELEASE_PROTECTED_ADDRESSES = env.int("RELEASE_PROTECTED_ADDRESSES", default=100)
RELEASE_PROTECTED_SIDE_M = env.int("RELEASE_PROTECTED_SIDE_M", default=400)
RELEASE_PROTECTED_SIDE_WITHOUT_ADDRESSES_M = env.int("RELEASE_PROTECTED_SIDE_WITHOUT_ADDRESSES_M", default=800)
"""The same for sensitive topics."""
RELEASE_SMALL_COUNT = env.int("RELEASE_SMALL_COUNT", default=4)
"""Counts from one to this are told as a span."""
RELEASE_DELAY_MONTHS = env.int("RELEASE_DELAY_MONTHS", default=1)
"""Whole months between the end of a period and its release."""
PHONENUMBER_DEFAULT_REGION = "UA"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

# --- Logs: never a path, a query or a person's words ---------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "private": {"class": "mapui.logs.PrivateFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"class": "mapui.logs.JsonFormatter"},
    },
    "filters": {"not_turned_away": {"()": "django.utils.log.CallbackFilter", "callback": not_turned_away}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "private" if DEBUG else "json"}},
    "loggers": {
        "django": {"handlers": []},  # takes away Django's own, which print and mail every value
        # On a live site `requests` has told of every answer; an error of ours is told with where it happened.
        "django.request": {"filters": ["not_turned_away"], "level": "WARNING" if DEBUG else "ERROR"},
        "django.db.backends": {"level": "INFO"},  # below it writes every statement with its values
        "requests": {"level": "WARNING" if DEBUG else "INFO"},  # with DEBUG django.server tells them
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},  # it and the next tell every step of every PDF
        "weasyprint.progress": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},  # below it names the passkeys of people
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
