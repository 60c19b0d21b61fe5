from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import celery, system_checks  # noqa: F401, PLC0415  register an exporter, the Celery app, the system checks
