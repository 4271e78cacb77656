"""Django's settings for one office; the folder and the database come from the environment."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

FOLDER = Path(os.environ.get("HOMEWARD_OFFICE", "."))


def database(url: str | None, folder: Path) -> dict[str, Any]:
    """SQLite in the office's folder, or PostgreSQL where ``DATABASE_URL`` names one."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "office.db",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # a signature may only leave after its entry is on the disk
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # as libpq writes it, a socket's folder stands behind the question mark
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
    }


def secret(folder: Path) -> str:
    """The office's own web secret, made by ``office init``."""
    path = folder / "web.secret"
    return path.read_text(encoding="ascii") if path.is_file() else "no-office-here"


DATABASES = {"default": database(os.environ.get("DATABASE_URL"), FOLDER)}
SECRET_KEY = secret(FOLDER)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "homeward.office",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "homeward.office.pages.Entrance",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a session that is ended here has ended
# a browser keeps cookies by machine, not by port: offices beside each other name their own
_OWN = hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:12]
SESSION_COOKIE_NAME = f"session-{_OWN}"
CSRF_COOKIE_NAME = f"form-{_OWN}"
SESSION_COOKIE_AGE = 12 * 60 * 60
# scrypt is in the standard library: nothing more to keep up to date
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ROOT_URLCONF = "homeward.office.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "homeward.office.pages.shared",
            ],
            "builtins": ["homeward.office.templatetags.office"],
        },
    }
]
LANGUAGES = [
    ("en", "English"),
    ("uk", "Українська"),
    ("ru", "Русский"),
    ("ar", "العربية"),
    ("he", "עברית"),
]
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATICFILES_DIRS = [Path(__file__).resolve().parents[1] / "paper"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
X_FRAME_OPTIONS = "DENY"
# with no-referrer a browser sends "Origin: null" with every form, which no form may come from
SECURE_REFERRER_POLICY = "same-origin"
LOGGING_CONFIG = None  # nothing about a request is written down: it may name a person
