from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "enforcement"

    def ready(self) -> None:
        from enforcement import monitoring, receivers, registration, row_rules, system_checks  # noqa: F401, PLC0415  connects this app to the facts announced below it
