from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import celery, registration, system_checks  # noqa: F401, PLC0415  register the Celery app and the system checks
        from portal.audit import export  # noqa: F401, PLC0415  registers an exporter
        from portal.monitoring import own  # noqa: F401, PLC0415  registers readings
