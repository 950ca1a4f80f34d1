"""Settings: one file of typed readers; wrong combinations are checks (checks.py)."""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from trustsurvey import env
from trustsurvey.mail import TIMEOUT, mail_settings, pace
from trustsurvey.roles import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("TRUSTSURVEY_VAR", default=str(BASE_DIR / "var")))


def _secret_key() -> str:
    """Secret of this installation: from the environment, or made once and kept."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        fresh.rename(path)
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = env.flag("DEBUG", default=False)
# True where the site is reached by https (behind a proxy that ends TLS).
HTTPS = env.flag("HTTPS", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=())

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    "anymail",
    "surveys",
    "analytics",
    "trustsurvey",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # answers respondents before a session, a cookie or a sign-in can exist
    "surveys.collect.surface.RespondentSurface",
    "surveys.issue.surface.IssuerSurface",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "trustsurvey.urls"
WSGI_APPLICATION = "trustsurvey.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Four connections, four roles: "default" the application (owns nothing), "issuer" signs
# the right to answer, "collector" takes answers in, "owner" migrates and mixes.
DATABASES = database_settings(BASE_DIR, os.environ, SECRET_KEY)
DATABASE_ROUTERS = ["trustsurvey.routers.OwnerMigrates"]
# Each process keeps its own: what frozen releases show (analytics/kept_sections.py).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "sections": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "sections",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 300},  # of at most some 150 kB each
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "surveys.User"
# auth.W004 asks for a unique e-mail field: user_email_unique holds it in any case
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "surveys:list"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", default="UTC")
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Where the site is reached, for links in mails, which no request asks for.
SITE_URL = env.text("SITE_URL", default="http://localhost:8000").rstrip("/")
MAIL = mail_settings(os.environ)
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST = MAIL.smtp.get("HOST", "localhost")
EMAIL_PORT = MAIL.smtp.get("PORT", 25)
EMAIL_HOST_USER = MAIL.smtp.get("HOST_USER", "")
EMAIL_HOST_PASSWORD = MAIL.smtp.get("HOST_PASSWORD", "")
EMAIL_USE_TLS = MAIL.smtp.get("USE_TLS", False)
EMAIL_USE_SSL = MAIL.smtp.get("USE_SSL", False)
EMAIL_TIMEOUT = TIMEOUT
ANYMAIL = dict(MAIL.anymail)
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", default="surveys@localhost")
MAIL_PER_MINUTE = pace(env.number("MAIL_PER_MINUTE", default=600))

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["surveys.api.bodies.BoundedJSON"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "surveys.api.tokens.TokenAuthentication",
        "surveys.api.tokens.MemberAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "trustsurvey",
    "DESCRIPTION": "Questionnaires, surveys, people, answers and releases for programs.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_PUBLIC": True,
    "ENUM_NAME_OVERRIDES": {
        "LanguageEnum": "surveys.definition.LANGUAGES",
        "QuestionnaireKindEnum": "surveys.models.QuestionnaireVersion.Kind",
        "MessageKindEnum": "surveys.models.Message.Kind",
        "ExportKindEnum": "analytics.export.models.Export.Kind",
        "ModeEnum": "surveys.models.Survey.Mode",
        "AnalysisStatusEnum": "analytics.models.Analysis.Status",
        "CriterionKindEnum": "surveys.models.Criterion.Kind",
        "DeliveryStateEnum": "surveys.models.WebhookDelivery.State",
        "EndpointStateEnum": "surveys.models.WebhookEndpoint.State",
        "WaveStateEnum": "surveys.models.Wave.State",
        "InvitationStateEnum": "surveys.models.Invitation.State",
        "ReleaseStateEnum": "analytics.models.Release.State",
        "ExportStateEnum": "analytics.export.models.Export.State",
    },
}
# Requests that one token, or one member, may send in a minute to a web process.
API_PER_MINUTE = env.number("API_PER_MINUTE", default=600)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"of_no_respondent": {"()": "trustsurvey.logs.OfNoRespondent"}},
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"filters": ["of_no_respondent"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# Chance cannot be asked twice: this seed is stored with each analysis.
ANALYSIS_SEED = env.number("ANALYSIS_SEED", default=20260115)

# Files of exports: where web server and worker both find them, for how many days they
# are kept, and how much room on that disk is never theirs (the answers may need it).
EXPORTS_DIR = Path(env.text("EXPORTS_DIR", default=str(VAR_DIR / "exports")))
EXPORTS_DAYS = env.number("EXPORTS_DAYS", default=7)
EXPORTS_SPARE_MB = env.number("EXPORTS_SPARE_MB", default=256)
