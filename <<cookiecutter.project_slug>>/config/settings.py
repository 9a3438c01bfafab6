"""How this project is put together. What differs between machines comes from the environment.

`.env` is read when present, and the real environment wins. README.md lists every variable.
"""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

PROJECT_NAME = "<< cookiecutter.__name >>"
PROJECT_DESCRIPTION = "<< cookiecutter.__description >>"

# Security. DEBUG changes nothing about it; HTTPS drives cookies, redirect and HSTS.

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["<< cookiecutter.domain_name >>"])
ADMIN_URL = env.str("ADMIN_URL", default="admin/")

SECURE_SSL_REDIRECT = HTTPS
# A redirect would end the call: tropo.middleware refuses the webhook over plain http instead.
SECURE_REDIRECT_EXEMPT = [r"^tropo(/|$)", r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
X_FRAME_OPTIONS = "DENY"
# Django 6 has this setting; until then ops.middleware reads it.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "media-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

# Telephony.

WEBHOOK_TOKENS = env.list("WEBHOOK_TOKENS", default=[])
DEFAULT_FLOW = env.str("DEFAULT_FLOW", default="reception")
PHONE_REGION = env.str("PHONE_REGION", default="US")
FALLBACK_NUMBER = env.str("FALLBACK_NUMBER", default="")
TURN_BUDGET = env.float("TURN_BUDGET", default=4.0)
CONFIDENCE_REJECT = env.int("CONFIDENCE_REJECT", default=40)
CONFIDENCE_CONFIRM = env.int("CONFIDENCE_CONFIRM", default=65)
TURNS_MAX = env.int("TURNS_MAX", default=200)
TEXT_MAX = env.float("TEXT_MAX", default=24.0)
PUBLIC_URL = env.str("PUBLIC_URL", default="")
CALLER_ID = env.str("CALLER_ID", default="")
RECORDING_MAIL = env.list("RECORDING_MAIL", default=[])
TROPO_API_URL = env.str("TROPO_API_URL", default="")
TROPO_VOICE_TOKEN = env.str("TROPO_VOICE_TOKEN", default="")
TROPO_MESSAGING_TOKEN = env.str("TROPO_MESSAGING_TOKEN", default="")
RECOGNIZER = "<< cookiecutter.__language >>"
VOICES = {RECOGNIZER: "<< cookiecutter.voice >>"}

# Applications.

INSTALLED_APPS = [
    "<< cookiecutter.project_slug >>",
    "tropo",
    "calls",
    "flows",
    "reports",
    "phone",
    "ops",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ops.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tropo.middleware.TropoMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.context.project",
            ],
        },
    },
]

# Data. The turn owns its transaction, so ATOMIC_REQUESTS stays off.

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without IMMEDIATE, transactions that meet fail at once; WAL lets readers pass a writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 3,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024

# People.

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "reports:overview"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "<< cookiecutter.__language >>"
TIME_ZONE = env.str("TIME_ZONE", default="<< cookiecutter.timezone >>")

# Files and mail.

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_ROOT = BASE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
ADMINS = [("<< cookiecutter.__author >>", "<< cookiecutter.email >>")]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "<< cookiecutter.email >>"
vars().update(env.email("EMAIL_URL", default="consolemail://"))
# The platform waits for the mail of a recording.
EMAIL_TIMEOUT = 5

# Logs go to standard error, without secrets.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "ops.logs.Redact"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
