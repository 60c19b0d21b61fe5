from django.apps import AppConfig


class RecallsConfig(AppConfig):
    name = "recalls"

    def ready(self) -> None:
        from recalls import monitoring, receivers, registration, row_rules  # noqa: F401, PLC0415  connects this app to what the ground asks
