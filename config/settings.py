"""All settings in one file, driven by the environment. Business choices are data with an owner, not settings.

YINUO_DATA       folder for database, stored files, secret key and seals (default: `var` beside this checkout)
DATABASE_URL     e.g. postgres://user:password@host/name (default: SQLite inside YINUO_DATA)
YINUO_BASE_URL   address under which people reach the product (links in mails, cookie security)
YINUO_WEB_PROCESSES  how many processes answer pages (default: on PostgreSQL one for each core, at most 4; else 1)
YINUO_DEMO       1 = the demo company's people may sign in by one click; only at this machine, on a loopback address
YINUO_DEBUG      1 = Django's debug pages, for developers only
YINUO_HOSTS      further host names, separated by commas
YINUO_SMTP_URL   smtp[s|+tls]://user:password@host:port for outgoing mail (none = mail waits in the outbox)
YINUO_MAIL_FROM  sender of outgoing mail
YINUO_OUTGOING_ALLOW  servers inside the company that may be posted to, host or host:port, separated by commas
YINUO_TERMS      words shown for 顾客 and 特殊, e.g. "客户,特定" (capability C44); applied when catalogues are compiled
"""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("YINUO_DATA") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The installation's own key: made once, readable by the owner only."""
    path = DATA_DIR / "secret-key"
    if not path.exists():
        # Written whole under a passing name and then linked: of two processes that start at once one wins, and neither
        # ever reads half a key.
        passing = path.with_name(f"secret-key-{secrets.token_hex(8)}")
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(passing, path)
        passing.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("YINUO_DEBUG") == "1"
BASE_URL = os.environ.get("YINUO_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(BASE_URL)
LOOPBACK = _base.hostname in ("127.0.0.1", "localhost", "::1")
DEMO = os.environ.get("YINUO_DEMO") == "1" and LOOPBACK

ALLOWED_HOSTS = [_base.hostname or "127.0.0.1", *filter(None, os.environ.get("YINUO_HOSTS", "").split(","))]
if LOOPBACK:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# Room order is floor order, from the cellar up; listeners are called in this order.
ROOMS = [
    "yinuo.kit",
    "yinuo.records",
    "yinuo.org",
    "yinuo.search",
    "yinuo.notify",
    "yinuo.imports",
    "yinuo.comparisons",
    "yinuo.messengers",
    "yinuo.procedures",
    "yinuo.customers",
    "yinuo.letters",
    "yinuo.sources",
    "yinuo.watches",
    "yinuo.changes",
    "yinuo.cases",
    "yinuo.reports",
    "yinuo.desk",
]
ROOMS = [room for room in ROOMS if (BASE_DIR / room.replace(".", "/") / "apps.py").exists()]

INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "django_q",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yinuo.org.pages.presence.PresenceMiddleware",
    "yinuo.org.api.tokens.TokenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yinuo.kit.middleware.PersonMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "yinuo.kit.forms.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "yinuo.kit.templatetags.kit"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yinuo.kit.pages.frame",
            ],
        },
    }
]

# Not as an address by default: a folder may have #, ? or % in its name.
_database: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "yinuo.sqlite3"}
if os.environ.get("DATABASE_URL"):
    _database = dict(dj_database_url.parse(os.environ["DATABASE_URL"]))
_database["CONN_MAX_AGE"] = 60
if _database["ENGINE"].endswith("sqlite3"):
    # Deferred transactions lose writes to "database is locked" when several writers upgrade at once.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "org.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "org:sign_in"
LOGIN_REDIRECT_URL = "/"

# Lock-out for a quarter of an hour: after five failed tries per person and address; further limits per person and per
# address stand in org/pages/signing_in.py.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_USERNAME_FORM_FIELD = "username"  # as `authenticate` is called, whatever the model calls it
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "yinuo.org.pages.signing_in.locked_out"
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "yinuo.kit.pages.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _base.scheme == "https"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _base.scheme == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_SSL_REDIRECT = True
# Subdomains and the browsers' preload list are the company's decision, not this product's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

_terms = (os.environ.get("YINUO_TERMS") or "顾客,特殊").split(",")
TERMS = (_terms[0], _terms[-1])  # the company's words for 顾客 and 特殊 (C44)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # how moments are shown; stored in UTC, each site has its own

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

FILES_DIR = DATA_DIR / "files"  # stored originals, outside the web root
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MAX_FILE_BYTES = 100 * 1024 * 1024

SMTP_URL = os.environ.get("YINUO_SMTP_URL", "")
OUTGOING_ALLOW = [host for host in os.environ.get("YINUO_OUTGOING_ALLOW", "").split(",") if host]
MAIL_FROM = os.environ.get("YINUO_MAIL_FROM", "Yinuo 一诺 <yinuo@localhost>")

Q_CLUSTER = {
    "name": "yinuo",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 75,  # must exceed timeout; what a killed worker held comes again after this many seconds
    "max_attempts": 0,  # our own job rows count attempts
    "poll": 0.5,
    "bulk": 1,
    "save_limit": 100,
    "catch_up": False,
    "label": "jobs",
}

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"yinuo": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
