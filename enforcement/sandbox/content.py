"""What each sandbox is filled with: the same recalls of products that never were, and short deadlines.

None of it is taken from what regulators write, so that nobody learns of their recalls in a sandbox.
"""

from enforcement.policies.services import PolicyContent
from recalls.services import ProductContent, RecallContent

_INVENTED = "This recall is invented test data of a sandbox. No such product was sold."

POLICY = PolicyContent(
    name="Sandbox: 30 minutes",
    amount=30,
    unit="minutes",
    description="Test data. Each step is for the platform alone: nobody else is notified of it.",
    checks_needed=1,  # the engineers report it themselves
    check_interval_seconds=60,
    rescans=(300, 3600, 86_400),
    history_rescans=(300, 3600, 86_400),
    steps=(("reminder", -600), ("missed", 0), ("contact", 300)),
)


def recall_of(title: str, hazard: str, *products: ProductContent) -> RecallContent:
    """A recall that says of itself that it is invented."""
    said = " and ".join(_said(product) for product in products)
    return RecallContent(
        title=title,
        description=f"{_INVENTED} It would be about {said}.",
        hazard=hazard,
        remedy="Refund",
        firms=tuple(product.brand for product in products if product.brand),
        products=products,
    )


def _said(product: ProductContent) -> str:
    models = ", ".join(product.model_numbers)
    return f"{product.name} with model number {models}" if models else product.name


RECALLS: tuple[tuple[str, RecallContent], ...] = (
    (
        "SANDBOX-3",
        recall_of(
            "Voltmoor VM-65 USB Chargers Recalled Due to Shock Hazard (sandbox)",
            "The housing can break, which exposes live parts.",
            ProductContent(name="Voltmoor USB chargers", brand="Voltmoor", model_numbers=("VM-65",)),
        ),
    ),
    (
        "SANDBOX-2",
        recall_of(
            "Tumblewick TW-12 Stacking Rings Recalled Due to Choking Hazard (sandbox)",
            "The smallest ring can break into small parts.",
            ProductContent(
                name="Tumblewick stacking rings",
                brand="Tumblewick",
                model_numbers=("TW-12",),
                gtins=("00098765432105",),
            ),
        ),
    ),
    (
        "SANDBOX-1",
        recall_of(
            "Hearthline HL-200R Ceramic Tower Heaters Recalled Due to Fire Hazard (sandbox)",
            "The heater can overheat, posing a fire hazard.",
            ProductContent(
                name="Hearthline Ceramic Tower Heaters",
                brand="Hearthline",
                model_numbers=("HL-200R",),
                gtins=("00012345678905",),
            ),
        ),
    ),
)
"""Number and content, in the order in which their notices are sent. The last is that of docs/integrate.md."""
