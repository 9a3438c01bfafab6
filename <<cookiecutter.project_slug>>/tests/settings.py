"""The settings under test: those of the project, in an environment that no machine changes."""

import os
import secrets
import tempfile
from pathlib import Path

os.environ |= {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "WEBHOOK_TOKENS": secrets.token_urlsafe(32),
    "ALLOWED_HOSTS": "testserver,localhost",
    "DEBUG": "off",
    "HTTPS": "off",
    "DEFAULT_FLOW": "reception",
    "FALLBACK_NUMBER": "",
    "PHONE_REGION": "US",
    "PUBLIC_URL": "http://testserver",
    "TROPO_API_URL": "",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "sqlite:///unused"),
}

from config.settings import *  # noqa: F403  the environment comes first

FOLDER = tempfile.TemporaryDirectory(prefix="test-")
STATIC_ROOT = Path(FOLDER.name)
if not os.environ.get("TEST_DATABASE_URL"):
    # A file, as in production: a database in memory locks in other ways.
    DATABASES["default"]["TEST"] = {"NAME": STATIC_ROOT / "db.sqlite3"}  # noqa: F405  from the star above
MIDDLEWARE = ["tests.validation.DocumentsAreValid", *MIDDLEWARE]  # noqa: F405  from the star above
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405  from the star above
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
