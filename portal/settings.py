"""Settings for every way of running Offshelf; what differs comes from the environment (docs/operations/settings.md).

OFFSHELF_MODE is `production` (the default and the strict one), `demo` (one machine, embedded servers, plain HTTP on
loopback) or `test`.
"""

from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import start
from portal.env import Env

start.begin()
env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.choice("OFFSHELF_MODE", ("production", "demo", "test"), "production")
PRODUCTION = MODE == "production"
FOLDER = Path(env.text("OFFSHELF_FOLDER", str(BASE_DIR / ".offshelf" / MODE)))

SECRET_KEY = env.text("SECRET_KEY")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters; make one with `openssl rand -base64 48`.")
# Former keys: what was encrypted or signed under one of them is still read (docs/operations/settings.md).
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
if PRODUCTION and any(len(key) < 50 for key in SECRET_KEY_FALLBACKS):
    raise ImproperlyConfigured("SECRET_KEY_FALLBACKS has a key shorter than 50 characters, which SECRET_KEY never was.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must list the host names that people use, comma-separated, and never *.")
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000" if not PRODUCTION else f"https://{ALLOWED_HOSTS[0]}").rstrip(
    "/"
)
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []
DEBUG = False

DATABASES = {"default": env.database("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Pages ask short questions: compiling a plan first takes longer than running it. What hangs is cut: a page waits for no
# statement longer than its reader would, and a frozen process holds its locks for a minute at most (milliseconds).
ON_PAGES = env.choice("OFFSHELF_PROCESS", ("web", "other"), "other") == "web"  # set by portal/wsgi.py
DATABASES["default"]["OPTIONS"]["options"] = " ".join(
    (
        "-c jit=off",
        f"-c statement_timeout={env.integer('STATEMENT_SECONDS', 30 if ON_PAGES else 900, low=1, high=86_400)}s",
        f"-c lock_timeout={'10s' if ON_PAGES else '120s'}",
        f"-c idle_in_transaction_session_timeout={'30s' if ON_PAGES else '60s'}",
        DATABASES["default"]["OPTIONS"].get("options", ""),
    )
).strip()
# The role that owns the tables and migrates; DATABASE_URL's works and cannot change the audit log (portal/database/roles.py).
OWNER_DATABASE = env.database("OWNER_DATABASE_URL") if env.text("OWNER_DATABASE_URL", "") else None
APP_DATABASE = DATABASES["default"].copy()  # as it is written, whoever a process connects as at the moment
# A server that follows the first, for pages that may be some seconds old (portal/database/replica.py).
DATABASE_ROUTERS = ["portal.database.replica.Router"]
REPLICA_LAG_SECONDS = env.integer("REPLICA_LAG_SECONDS", 10, low=1, high=300)
if env.text("REPLICA_DATABASE_URL", ""):
    DATABASES["replica"] = DATABASES["default"] | env.database("REPLICA_DATABASE_URL")
    DATABASES["replica"]["OPTIONS"] |= {
        "connect_timeout": DATABASES["replica"]["OPTIONS"].get("connect_timeout", "3"),
        "options": f"{DATABASES['default']['OPTIONS']['options']} -c default_transaction_read_only=on "
        f"{DATABASES['replica']['OPTIONS'].get('options', '')}".strip(),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "pgtrigger",
    "portal",
    "recalls",
    "listings",
    "enforcement",
]
MIDDLEWARE = [
    "portal.http.request_ids.RequestIdMiddleware",
    "portal.monitoring.page_times.PageTimesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.old_addresses.OldAddressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.http.middleware.CompressionMiddleware",
    "portal.http.middleware.WritingOrderMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.http.body_limits.BodyMiddleware",  # before the form is read, which the next one does
    "portal.http.origins.OriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.http.middleware.MethodMiddleware",  # before the next one asks who it is
    "portal.http.middleware.ActorMiddleware",
    "portal.database.replica.WroteMiddleware",
    "portal.http.middleware.LanguageMiddleware",  # knows the person, and stands outside of what refuses them
    "portal.http.middleware.AccessMiddleware",
    "portal.http.middleware.TextMiddleware",
    "portal.tour.TourMiddleware",
    "portal.http.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "portal.http.form_renderer.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.http.context.workplace",
            ],
        },
    },
]

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = [
    "portal.identity.backends.SignedInBackend",
    "django.contrib.auth.backends.ModelBackend",  # passwords
]
LOGIN_URL = "portal:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:sign_in"
# NIST SP 800-63B-4, 3.1.1.2: 15 characters where a password can be the only factor, no rules of composition, no expiry.
MIN_PASSWORD = 15
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": MIN_PASSWORD},
    },
    {"NAME": "portal.identity.passwords.OwnWordsValidator"},
    {"NAME": "portal.identity.passwords.KnownPasswordValidator"},
]
# After how many days without a sign-in an account is locked until an admin or operator unlocks it; 0: never.
INACTIVE_DAYS = env.integer("INACTIVE_DAYS", 0, low=0, high=3_650)
# For how long a proof of who one is serves for sensitive acts (keys, people, policies, publishing, sending, overruling).
REAUTHENTICATION_MINUTES = env.integer("REAUTHENTICATION_MINUTES", 60, low=5, high=720)
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

SAMPLE_DATA = env.flag("SAMPLE_DATA", default=False)  # the demo says so: every page then carries a mark

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("zh-hans", "简体中文")]  # each calls itself
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"))) if PRODUCTION else None
# Files are in a folder, or in a bucket of S3 or of what speaks its protocol.
FILES_S3_BUCKET = env.text("FILES_S3_BUCKET", "")
_FILES: dict[str, object] = {"BACKEND": "portal.media.storage.WholeFiles"}
if FILES_S3_BUCKET:
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "FILES_S3_BUCKET is set, and the extra s3 is not installed (docs/operations/install.md, Extras)."
        )
    _FILES = {
        "BACKEND": "portal.media.object_storage.ObjectFiles",
        "OPTIONS": {
            "bucket_name": FILES_S3_BUCKET,
            "location": env.text("FILES_S3_PREFIX", ""),
            "endpoint_url": env.text("FILES_S3_ENDPOINT", "") or None,
            "region_name": env.text("FILES_S3_REGION", "us-east-1"),
            "access_key": env.text("FILES_S3_ACCESS_KEY", "") or None,
            "secret_key": env.text("FILES_S3_SECRET_KEY", "") or None,
        },
    }
STORAGES = {
    "default": _FILES,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
STATICFILES_FINDERS = [
    "portal.http.stylesheets.JoinedStylesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = FOLDER / "files"  # uploaded feeds, attachments of messages and exports, never served directly; drafts
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000

EMAIL_BACKEND = (
    "portal.notifications.smtp.EmailBackend"
    if PRODUCTION
    else "django.core.mail.backends.filebased.EmailBackend"
    if MODE == "demo"
    else "django.core.mail.backends.locmem.EmailBackend"
)
EMAIL_FILE_PATH = FOLDER / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25, low=1, high=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20  # seconds for one mail, from the connection to the server's last word
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "offshelf@localhost")

SESSION_ENGINE = "portal.identity.sessions"
# Of this host alone: a browser takes no cookie of such a name from a neighbour under the same domain, nor without TLS.
_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_PREFIX}sessionid", f"{_PREFIX}csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "portal.http.errors.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^health/(live|ready|startup|work)$", r"^metrics$"]  # asked on this machine
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whose X-Forwarded-For is believed: that many proxies, or those in these networks (portal/identity/client_address.py).
TRUSTED_PROXIES = env.proxies("TRUSTED_PROXIES", 1 if BEHIND_PROXY else 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.HasAccess"],
    "DEFAULT_RENDERER_CLASSES": ["portal.api.renderers.SpelledJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "portal.api.problems.problem_details",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Offshelf API",
    "DESCRIPTION": "For marketplaces: receive recall notices, upload your catalogue, decide flags and report observations. "
    "For regulators: write recalls, send notices and oversee takedowns.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "GET_LIB_DOC_EXCLUDES": "portal.api.schema.undocumented",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.schema.tell_blank_apart",
        "portal.api.answer_headers.add_headers",
        "portal.api.schema_webhooks.add_webhooks",
    ],
    "ENUM_NAME_OVERRIDES": {
        "FlagStatusEnum": "listings.states.FlagStatus",
        "TakedownStatusEnum": "enforcement.states.TakedownStatus",
        "NoticeStatusEnum": "recalls.states.NoticeStatus",
        "DecisionKindEnum": "listings.serializers.decisions.KINDS",
        "InnocentScopeEnum": "listings.models.exclusions.Exclusion.Scope",
        "ExtensionStatusEnum": "enforcement.states.ExtensionStatus",
        "AppealStatusEnum": "enforcement.states.AppealStatus",
        "RecallStatusEnum": "recalls.states.RecallStatus",
        "ImportStatusEnum": "listings.states.ImportStatus",
        "RecallImportStatusEnum": "recalls.states.ImportStatus",
        "DifferenceKindEnum": "recalls.api.import_bodies.PART_KINDS",
        "ProductDifferenceKindEnum": "recalls.api.import_bodies.PRODUCT_KINDS",
        "FeedKindEnum": "listings.states.FeedKind",
        "FetchResultEnum": "portal.api.schedules.RESULTS",
        "JobStatusEnum": "portal.models.jobs.JobStatus",
        "LetterStatusEnum": "enforcement.states.LetterStatus",
        "PublicListingStatusEnum": "enforcement.states.PublicListingStatus",
        "StepKindEnum": "enforcement.states.StepKind",
        "MeasureKindEnum": "recalls.models.safety.MeasureKind",
        "RecallFileKindEnum": "recalls.models.documents.RecallFile.Kind",
        "LanguageEnum": "portal.models.accounts.Language",
        "PageLanguageEnum": "portal.settings.LANGUAGES",
    },
}

BROKER_URL = env.broker("BROKER_URL")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # what kills its process is not handed to the next at once; the sweep comes
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # a page never waits for the broker; the sweep finds the work in the database
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3_600,  # longer than any task may take
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "global_keyprefix": env.text("BROKER_PREFIX", "offshelf:"),
}
CELERY_TIMEZONE = "UTC"
# How many tasks match the listings of one platform at once; fewer than the processes of the queue "matching".
MATCH_SHARDS = env.integer("MATCH_SHARDS", 1, low=1, high=64)
# How many exports are made at once; fewer than the processes of the queue "files", so that imports find one free.
EXPORTS_AT_ONCE = env.integer("EXPORTS_AT_ONCE", 1, low=1, high=64)
# How many catalogues are imported at once, likewise.
IMPORTS_AT_ONCE = env.integer("IMPORTS_AT_ONCE", 1, low=1, high=64)
SWEEP_SECONDS = env.integer("SWEEP_SECONDS", 2 if MODE == "demo" else 10, low=1, high=300)

# For how long a moderator can undo a decision; no check, letter or message leaves because of it before. 0: not at all.
UNDO_SECONDS = env.integer("UNDO_SECONDS", 0 if MODE == "test" else 20, low=0, high=600)

# For how many days a seller can answer through the link that they were given.
SELLER_LINK_DAYS = env.integer("SELLER_LINK_DAYS", 14, low=1, high=90)

# One file that is uploaded in parts, in bytes. Each platform may have 20 of them unfinished.
MAX_UPLOAD_BYTES = env.integer("MAX_UPLOAD_GB", 10, low=1, high=1_000) << 30

# How many calls one API key may make in a minute; more are refused with 429 until the minute is over.
API_CALLS_PER_MINUTE = env.integer("API_CALLS_PER_MINUTE", 600, low=1, high=1_000_000)

# What a sandbox may use: calls a minute of all its keys together, and listings that it holds.
SANDBOX_CALLS_PER_MINUTE = env.integer("SANDBOX_CALLS_PER_MINUTE", 120, low=1, high=10_000)
SANDBOX_LISTINGS = env.integer("SANDBOX_LISTINGS", 1_000, low=1, high=100_000)

# How many checks a second one host gets from all workers together, and whether checks keep to robots.txt
# (docs/operations/settings.md).
CHECKS_PER_SECOND = env.integer("CHECKS_PER_SECOND", 5, low=1, high=100_000, formerly="LOOKS_PER_SECOND")
# Share of a wait, in percent, by which checks are moved at random, so that nobody can be ready for them.
CHECK_JITTER = env.integer("CHECK_JITTER", 25, low=0, high=50)
# Pictures of unflagged listings that are fetched in a day for each platform (listings/services/picture_search.py).
PICTURES_A_DAY = env.integer("PICTURES_A_DAY", 2_000, low=0, high=1_000_000)
CHECK_SECONDS = env.integer("CHECK_SECONDS", 15, low=1, high=60)  # for all of one check: name, connection, answer
# How many checks one worker makes at the same time.
CHECK_THREADS = env.integer("CHECK_THREADS", 8, low=1, high=64, formerly="LOOK_THREADS")
ROBOTS = env.choice("ROBOTS", ("ignore", "obey"), "ignore")
# Proxies to look through as well, as name=address: a listing gone here and live there is restricted.
EGRESS_PROXIES = env.pairs("EGRESS_PROXIES")

# Whether anyone may read the list of published recalls, without an account.
PUBLISHED_FEED = env.flag("PUBLISHED_FEED", default=False)

# Whether pages that only scripts draw are checked again in a headless Chromium, which one, for how long, and whether Chromium
# keeps its own sandbox (off only where the system has none to offer, as in some containers).
BROWSER_CHECKS = env.flag("BROWSER_CHECKS", default=False)
BROWSER_PATH = env.text("BROWSER_PATH", "")
BROWSER_SECONDS = env.integer("BROWSER_SECONDS", 20, low=3, high=60)
BROWSER_SANDBOX = env.flag("BROWSER_SANDBOX", default=True)

# An address of a dead-man's switch: fetched after each check that found every clock in order, it alarms when that stops.
WATCHDOG_PING_URL = env.text("WATCHDOG_PING_URL", "")

# Who may read /metrics: who knows this token, who asks from these networks, or both where both are set. Neither: nobody.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
METRICS_FROM = env.networks("METRICS_FROM")
# Traces go where OpenTelemetry's own variables say (portal/tracing.py); of them the protocol is checked here.
TRACES = bool(env.text("OTEL_EXPORTER_OTLP_ENDPOINT", "") or env.text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ""))
if TRACES:
    env.choice("OTEL_EXPORTER_OTLP_PROTOCOL", ("http/protobuf",), "http/protobuf")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("METRICS_TOKEN is shorter than 32 characters; make one with `openssl rand -hex 32`.")

# A folder with further fonts (TrueType or OpenType) for PDFs, for scripts that the shipped ones lack.
PDF_FONTS = env.text("PDF_FONTS", "")

# A time stamp authority (RFC 3161) for the audit chain, the certificates it is trusted under (PEM), and how often it is asked.
TIME_STAMP_URL = env.text("TIME_STAMP_URL", "")
TIME_STAMP_ROOTS = env.text("TIME_STAMP_ROOTS", "")
TIME_STAMP_MINUTES = env.integer("TIME_STAMP_MINUTES", 60, low=1, high=10_080)
if TIME_STAMP_URL and not TIME_STAMP_ROOTS:
    raise ImproperlyConfigured(
        "TIME_STAMP_URL needs TIME_STAMP_ROOTS: a PEM file with the authority's root certificates."
    )

# Providers of single sign-on that may be at a private address, as host or host:port, and the authorities (PEM) that these are
# trusted under besides the public ones.
SIGN_ON_PRIVATE_HOSTS = [
    word if ":" in word else f"{word}:443" for word in map(str.lower, env.words("SIGN_ON_PRIVATE_HOSTS"))
]
SIGN_ON_ROOTS = env.certificates("SIGN_ON_ROOTS")
if SIGN_ON_ROOTS and not SIGN_ON_PRIVATE_HOSTS:
    raise ImproperlyConfigured("SIGN_ON_ROOTS is for the hosts of SIGN_ON_PRIVATE_HOSTS, which names none.")

# The age public keys (age1…) that backups are encrypted for; none: they are not encrypted.
BACKUP_RECIPIENTS = env.words("BACKUP_RECIPIENTS")

# Where the audit chain's newest hash leaves the database to (portal/audit/anchors.py), and how often.
ANCHOR_FILE = env.text("ANCHOR_FILE", "")
ANCHOR_URL = env.text("ANCHOR_URL", "")
ANCHOR_MAIL_TO = env.text("ANCHOR_MAIL_TO", "")
ANCHOR_MINUTES = env.integer("ANCHOR_MINUTES", 60, low=1, high=10_080)

# Hosts that page checks may reach although they are not public, as host:port; only the demo's own shop needs this.
FETCH_ALLOWED_PRIVATE = env.words("FETCH_ALLOWED_PRIVATE")
if PRODUCTION and FETCH_ALLOWED_PRIVATE:
    raise ImproperlyConfigured("FETCH_ALLOWED_PRIVATE is for the demo: production never fetches private addresses.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "portal.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "portal.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": env.choice("LOG_FORMAT", ("line", "json"), "line")}
    },
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "fpdf": {"level": "WARNING"},
    },
}
