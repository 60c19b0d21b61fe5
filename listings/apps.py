from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "listings"

    def ready(self) -> None:
        from listings import receivers  # noqa: F401, PLC0415  connects this app to the facts announced below it
