import os

from django.apps import AppConfig
from django.conf import settings


class EnforcementConfig(AppConfig):
    name = "enforcement"

    def ready(self) -> None:
        from enforcement import monitoring, receivers, registration, row_rules, system_checks  # noqa: F401, PLC0415  connects this app to the facts announced below it

        shop = os.environ.get("OFFSHELF_SHOP", "")
        if settings.MODE == "demo" and shop:
            from enforcement.demo.storefront import Storefront  # noqa: PLC0415  only a demo has a shop
            from listings.signals import decision_final  # noqa: PLC0415  its models are loaded by now

            decision_final.connect(Storefront(shop).follow, weak=False)
