from django.apps import AppConfig
from django.conf import settings


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import celery, registration, row_rules, start, system_checks  # noqa: F401, PLC0415  register the Celery app and the system checks
        from portal.audit import export  # noqa: F401, PLC0415  registers an exporter
        from portal.database import any_of  # noqa: F401, PLC0415  registers a lookup
        from portal.monitoring import own  # noqa: F401, PLC0415  registers readings
        from portal.tracing import configure  # noqa: PLC0415

        if settings.TRACES:
            configure("offshelf-web" if settings.ON_PAGES else "offshelf")
        start.done()
