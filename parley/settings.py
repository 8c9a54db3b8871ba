"""All settings, read from the environment once.

Nothing here is needed on a bare machine: bin/up sets what must be set.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from parley import env
from parley.core import csp

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("PARLEY_DATA", BASE_DIR / "var")

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    raise env.EnvError("SECRET_KEY is not set. bin/up makes one; elsewhere set it to 50 random characters.")

APP_URL = env.text("NEXT_PUBLIC_APP_URL") or env.text("PARLEY_APP_URL", "http://localhost:8000")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", APP_URL)

# Demo: one-click sign-in. It needs all three of: the switch, an embedded database, a loopback address (see
# accounts.demo).
DEMO = env.flag("PARLEY_DEMO")
EMBEDDED_DATABASE = env.flag("PARLEY_EMBEDDED_DATABASE")

# Other services to sign in with, each when its two variables are set; what is not set has no address either.
SIGN_IN_SERVICES = env.sign_in_services()

INSTALLED_APPS = [
    "parley.core",
    "parley.accounts",
    "parley.scenarios",
    "parley.calls",
    "parley.scoring",
    "parley.training",
    "parley.reporting",
    "parley.integrations",
    "parley.billing",
    "parley.marketing",
    "parley.shell",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *(f"allauth.socialaccount.providers.{name}" for name in SIGN_IN_SERVICES),
    "allauth.usersessions",
    "csp",
    "django_cotton",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "parley.core.middleware.health_first",
    "parley.core.middleware.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parley.shell.errors.closed_for_maintenance",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "parley.accounts.middleware.sign_in_required",
    "parley.accounts.middleware.act_as_member",
    "parley.shell.errors.frame_for_members",
]

ROOT_URLCONF = "parley.urls"
ASGI_APPLICATION = "parley.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "parley" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parley.accounts.context.member",
                "parley.shell.context.shell",
            ],
        },
    }
]

# Databases: "default" is the authenticator, who owns nothing and must SET ROLE; "owner" migrates and refreshes.
# The worker process sets PARLEY_PROCESS=worker and comes in as its own role.
PROCESS = env.choice("PARLEY_PROCESS", "web", ("web", "worker"))
_default = env.database("DATABASE_WORKER_URL" if PROCESS == "worker" else "DATABASE_URL")
_owner = env.database("DATABASE_OWNER_URL") if env.text("DATABASE_OWNER_URL") else copy.deepcopy(_default)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {**_default, "DISABLE_SERVER_SIDE_CURSORS": True, "CONN_MAX_AGE": 0},
    "owner": {**_owner, "CONN_MAX_AGE": 0},
}
if PROCESS == "web" and env.flag("PARLEY_DATABASE_POOL", True):
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],
        "pool": {"min_size": 2, "max_size": env.integer("PARLEY_DATABASE_POOL_SIZE", 12), "timeout": 10},
    }
DATABASE_DIRECT_URL = env.text("DATABASE_DIRECT_URL") or env.text("DATABASE_URL")
LIVE_STREAMS = env.integer("PARLEY_LIVE_STREAMS", 2000)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Identity"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/dashboard/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "parley.accounts.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = APP_URL.startswith("http://localhost")
MFA_TOTP_ISSUER = "Parley"
USERSESSIONS_TRACK_ACTIVITY = False
# Other services connect to an account that exists: who may come in is the organisation's to say.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_ADAPTER = "parley.accounts.adapter.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = SIGN_IN_SERVICES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = APP_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("PARLEY_BEHIND_PROXY") else None
CSRF_FAILURE_VIEW = "parley.shell.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Closed to everybody; `bin/parley maintenance on` does the same without a restart (parley/core/maintenance.py).
MAINTENANCE = env.flag("PARLEY_MAINTENANCE")
MAINTENANCE_WORDS = env.text("PARLEY_MAINTENANCE_WORDS")

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("PARLEY_STATIC_ROOT", DATA_DIR / "static")
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "parley" / "static"] if (BASE_DIR / "parley" / "static").is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# What Vite builds carries a hash of its content in its name, so browsers may keep it for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/dist/assets/.+-[\w-]{8}\.\w+$"

# Buckets of the specification: the local disk, or S3 when PARLEY_S3_ENDPOINT or AWS credentials are named.
BUCKETS = ("recordings", "transcripts", "avatars", "org-assets", "scenario-assets", "exports", "tmp")
S3_ENDPOINT = env.text("PARLEY_S3_ENDPOINT")
S3_PREFIX = env.text("PARLEY_S3_BUCKET_PREFIX")
S3_REGION = env.text("PARLEY_S3_REGION")
STORAGE_KIND = env.choice("PARLEY_STORAGE", "s3" if S3_ENDPOINT else "disk", ("disk", "s3"))


def _bucket(name: str) -> dict[str, Any]:
    if STORAGE_KIND == "s3":
        options: dict[str, Any] = {"holds": name, "bucket_name": f"{S3_PREFIX}{name}"}
        if S3_ENDPOINT:
            options |= {"endpoint_url": S3_ENDPOINT, "addressing_style": "path"}
        if S3_REGION:
            options["region_name"] = S3_REGION
        return {"BACKEND": "parley.core.s3.S3Bucket", "OPTIONS": options}
    return {
        "BACKEND": "parley.core.storage.DiskBucket",
        "OPTIONS": {"location": str(DATA_DIR / "buckets" / name)},
    }


STORAGES: dict[str, dict[str, Any]] = {
    "default": _bucket("tmp"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    **{name: _bucket(name) for name in BUCKETS},
}
SIGNED_URL_TTL_S = env.integer("PARLEY_SIGNED_URL_TTL_S", 300)

# What pages may load (parley/core/csp.py): our own host, and services only when they are switched on.
CONTENT_SECURITY_POLICY = csp.policy(
    csp.Services(
        app_url=APP_URL,
        storage_origins=csp.storage_origins(STORAGE_KIND, S3_ENDPOINT),
        clerk_key=env.text("NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY") if env.text("CLERK_SECRET_KEY") else "",
        stripe=bool(env.text("STRIPE_SECRET_KEY")),
        vapi=bool(env.text("VAPI_API_KEY")),
        sign_in=csp.sign_in_origins(SOCIALACCOUNT_PROVIDERS),
    )
)

# E-mail: files on disk unless SMTP or Resend is named.
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Parley <parley@localhost>")
if env.text("RESEND_API_KEY"):
    EMAIL_BACKEND = "anymail.backends.resend.EmailBackend"
    ANYMAIL = {"RESEND_API_KEY": env.text("RESEND_API_KEY")}
elif env.text("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("EMAIL_HOST")
    EMAIL_PORT = env.integer("EMAIL_PORT", 25)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")

# Voice and language models.
OPENAI_API_KEY = env.text("OPENAI_API_KEY")
LLM_BASE_URL = env.text("PARLEY_LLM_BASE_URL")
LLM_MODEL = env.text("PARLEY_LLM_MODEL", "gpt-4o-mini")
DEEPGRAM_API_KEY = env.text("DEEPGRAM_API_KEY")
ELEVENLABS_API_KEY = env.text("ELEVENLABS_API_KEY")
WHISPER_MODEL = env.text("PARLEY_WHISPER_MODEL")
PIPER_VOICE = env.text("PARLEY_PIPER_VOICE")
RENDER_AHEAD = env.flag("PARLEY_RENDER_AHEAD", True)
CALLS_PER_PROCESS = env.integer("PARLEY_CALLS_PER_PROCESS", 2)

CALL_TOKEN_TTL_S = env.integer("PARLEY_CALL_TOKEN_TTL_S", 300)
CALL_HEARTBEAT_LOST_S = env.integer("PARLEY_CALL_HEARTBEAT_LOST_S", 45)

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Procrastinate runs on the same PostgreSQL; a job deferred in a transaction commits or vanishes with it.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS: list[str] = []

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"pii": {"()": "parley.core.logs.MaskPii"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["pii"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "faster_whisper": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
        "procrastinate.blueprints": {"level": "WARNING"},
    },
}
