from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "listings"

    def ready(self) -> None:
        from listings import health, monitoring, receivers, registration, row_rules  # noqa: F401, PLC0415  shows its state; hears the facts announced below it
