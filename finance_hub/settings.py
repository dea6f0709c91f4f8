"""Settings, read from the environment; every default is the safe one.

PROFILE is `production` unless the environment says `demo` (one machine, made-up people) or `test`.
Secrets may be given as NAME or as NAME_FILE. `finance_hub.kernel.guard` refuses to serve unsafe.
"""

from __future__ import annotations

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import environ

env = environ.FileAwareEnv()

# Work is spread over processes, as many as there are processors: more threads in each only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

BASE_DIR = Path(__file__).resolve().parent.parent
PROFILE: str = env.str("FINANCE_HUB_PROFILE", default="production")
if PROFILE not in {"production", "demo", "test"}:
    raise environ.ImproperlyConfigured(f"FINANCE_HUB_PROFILE is {PROFILE!r}: production, demo or test")
IN_PRODUCTION = PROFILE == "production"

#: Everything the service writes: uploaded files, briefings, collected assets, credentials of the demo.
VAR_DIR = Path(env.str("FINANCE_HUB_VAR", default=str(BASE_DIR / "var")))
FILES_DIR = VAR_DIR / "files"

SECRET_KEY_IS_SET = bool(env.str("SECRET_KEY", default=""))
# Without a secret only commands that sign nothing work; the guard keeps the server from starting.
SECRET_KEY: str = env.str("SECRET_KEY", default="") or secrets.token_urlsafe(64)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
#: Seals the seeds of second factors; another secret than SECRET_KEY.
TOTP_KEY: str = env.str("TOTP_KEY", default="") or ("" if IN_PRODUCTION else f"totp:{SECRET_KEY}")
TOTP_REQUIRED: bool = env.bool("TOTP_REQUIRED", default=IN_PRODUCTION)
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if IN_PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
#: How many proxies of ours stand in front; their X-Forwarded-For entries are believed, no others.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)
#: Bearer token of the metrics scraper; without one only this machine may read /metrics.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")
OPENAPI_IS_PUBLIC: bool = env.bool("OPENAPI_IS_PUBLIC", default=not IN_PRODUCTION)
#: API keys of which kind open this installation.
LIVE_KEYS = IN_PRODUCTION

#: Where webhooks may go: these ports, over https, to addresses of the open Internet; and to networks
#: of our own (CIDR) only where they are listed, e.g. those of the banks' dedicated lines.
WEBHOOK_PORTS: list[int] = env.list("WEBHOOK_PORTS", cast=int, default=[443, 8443])
WEBHOOK_NETWORKS: list[IPv4Network | IPv6Network] = [
    ip_network(text) for text in env.list("WEBHOOK_NETWORKS", default=[])
]
#: A receiver on this very machine, over plain http at 127.0.0.1: for trying out, never in production.
WEBHOOK_LOOPBACK: bool = not IN_PRODUCTION and env.bool("WEBHOOK_LOOPBACK", default=True)
#: A file of certificates that are trusted besides those of the system.
WEBHOOK_CA_FILE: str = env.str("WEBHOOK_CA_FILE", default="")

#: The address under which people reach the service, for links in e-mails and the code on a briefing.
SITE_URL: str = env.str("SITE_URL", default="").rstrip("/")

#: The key that signs published briefings: a PKCS #12 or PEM file, or a key on a PKCS #11 token. Without one they are
#: published unsigned, and say so.
BRIEFING_KEY_FILE: str = env.str("BRIEFING_KEY_FILE", default="")
BRIEFING_KEY_PASSPHRASE: str = env.str("BRIEFING_KEY_PASSPHRASE", default="")
BRIEFING_CERTIFICATE_FILE: str = env.str("BRIEFING_CERTIFICATE_FILE", default="")
BRIEFING_TOKEN_MODULE: str = env.str("BRIEFING_TOKEN_MODULE", default="")
BRIEFING_TOKEN_LABEL: str = env.str("BRIEFING_TOKEN_LABEL", default="")
BRIEFING_TOKEN_PIN: str = env.str("BRIEFING_TOKEN_PIN", default="")
BRIEFING_TOKEN_KEY: str = env.str("BRIEFING_TOKEN_KEY", default="")
BRIEFING_TOKEN_CERTIFICATE: str = env.str("BRIEFING_TOKEN_CERTIFICATE", default="")

#: The mail server through which subscribers are told of an issue; without one and a sender nobody is.
EMAIL_HOST: str = env.str("EMAIL_HOST", default="")
EMAIL_PORT: int = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER: str = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD: str = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS: bool = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL: bool = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 20
EMAIL_FROM: str = env.str("EMAIL_FROM", default="")
#: Whether the issue itself goes along; it is internal, and a link is enough for whoever may log in.
EMAIL_ATTACH: bool = env.bool("EMAIL_ATTACH", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "finance_hub.kernel",
    "funds",
    "loans",
    "listings",
    "tasks",
    "finance_hub.web",
    "finance_hub.demo",
]

MIDDLEWARE = [
    "finance_hub.rest.middleware.RequestId",
    "finance_hub.rest.middleware.Metrics",
    "finance_hub.rest.request_log.RequestLog",
    "finance_hub.rest.middleware.RefusePlainHttp",
    "django.middleware.security.SecurityMiddleware",
    "finance_hub.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "finance_hub.web.middleware.SessionLimits",
]

ROOT_URLCONF = "finance_hub.urls"
WSGI_APPLICATION = "finance_hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "finance_hub.web.context.frame",
            ]
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://127.0.0.1:5432/finance_hub")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "TEST": {"TEMPLATE": "template0"},
}
DATABASES["default"].setdefault("OPTIONS", {})["application_name"] = "finance_hub"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")

#: The bell of the workers; named so that the kernel need not import it.
CELERY_APP = "finance_hub.celery.app"
#: Kinds of jobs and the function that does each; imported by the worker when first needed.
JOB_HANDLERS = {
    "loan_batch": "loans.intake.run",
    "quality": "loans.operations.findings.run",
    "holdings_export": "loans.operations.exports.run",
    "month": "tasks.jobs.compute_month",
    "restatement": "tasks.jobs.restate",
    "publish": "tasks.jobs.publish_briefing",
    "edition": "tasks.jobs.edit_briefing",
    "correction": "tasks.jobs.correct_briefing",
    "briefing_files": "tasks.briefing.beside.make_files",
    "dispatch": "tasks.delivery.dispatch",
    "tear_sheet": "tasks.jobs.make_sheet",
    "loss": "tasks.risk.working.compute_loss",
    "stress_join": "tasks.risk.working.join",
    "webhook": "loans.operations.deliveries.deliver",
}
#: Kinds that a person may stop and start again: each leaves nothing behind until it has succeeded.
STOPPABLE_JOBS = (
    "month",
    "restatement",
    "publish",
    "edition",
    "correction",
    "quality",
    "briefing_files",
    "dispatch",
)
#: Asked every few seconds: each records jobs for what is out of date.
DUE = (
    "tasks.schedule.enqueue_due",
    "loans.operations.findings.enqueue_due",
    "tasks.risk.due.enqueue_due",
    "tasks.archive.enqueue_due",
    "tasks.delivery.enqueue_due",
)
#: Done by the clock: name → what is called with the present moment. Harmless to repeat.
CHORES = {
    "forget_requests": "finance_hub.kernel.requests.forget",
    "announce_periods": "loans.operations.periods.announce",
    "push": "loans.operations.deliveries.push",
    "sweep_batches": "loans.operations.sweep",
    "sweep_exports": "loans.operations.exports.sweep",
    "sweep_sheets": "tasks.sheets.sweep",
}

AUTH_USER_MODEL = "kernel.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "full_name")}},
]  # fmt: skip
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-session" if IN_PRODUCTION else "session"
SESSION_COOKIE_SECURE = IN_PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
CSRF_COOKIE_NAME = "__Host-csrf" if IN_PRODUCTION else "csrf"
CSRF_COOKIE_SECURE = IN_PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "finance_hub.web.failures.unproven"

# TLS ends at the proxy. Plain HTTP is refused by RefusePlainHttp, never redirected: a redirect
# would let a misconfigured client send its key in the clear for years.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = False
# W002: X-Frame-Options is set by SecurityHeaders, page by page.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W008"]
SECURE_HSTS_SECONDS = 63_072_000 if IN_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IN_PRODUCTION
SECURE_HSTS_PRELOAD = IN_PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
FILE_UPLOAD_HANDLERS = ["finance_hub.web.uploads.Door"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IN_PRODUCTION
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

#: Tests and demonstrations ask faster than people and their programs do.
_RATE_FACTOR: int = env.int("RATE_FACTOR", default={"production": 1, "demo": 10, "test": 1000}[PROFILE])
#: (how many, in how many seconds); see finance_hub.rest.rates.
RATES = {
    "read": (600 * _RATE_FACTOR, 60),
    "submit": (60 * _RATE_FACTOR, 60),
    "export": (10 * _RATE_FACTOR, 3600),
}
#: Uploads of one bank that may be under way at once.
CONCURRENT_UPLOADS: int = env.int("CONCURRENT_UPLOADS", default=2 * _RATE_FACTOR)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["finance_hub.rest.authentication.BearerKey"],
    "DEFAULT_PERMISSION_CLASSES": ["finance_hub.rest.permission.DeclaredAction"],
    "DEFAULT_RENDERER_CLASSES": ["finance_hub.rest.formats.Json"],
    "DEFAULT_PARSER_CLASSES": ["finance_hub.rest.formats.StrictJson"],
    "DEFAULT_SCHEMA_CLASS": "finance_hub.rest.schema.Operations",
    "EXCEPTION_HANDLER": "finance_hub.rest.errors.answer",
    "UNAUTHENTICATED_USER": None,
    # `format` is a parameter of ours (the results of a batch), not of the renderers.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "finance_hub",
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,
    # Choices stay where they are used: names for them would change with every new field.
    "POSTPROCESSING_HOOKS": [],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "finance_hub.rest.logs.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "celery": {"level": "INFO"},
        "pikepdf": {"level": "WARNING"},
    },
}
