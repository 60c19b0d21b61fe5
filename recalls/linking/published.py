"""A published recall as a notice to link: a stored version, or an imported record."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from recalls.linking.notice import MAX_PRODUCTS, NoticeText, ProductText

SAFETY_GATE = "safety-gate"
LETTERS = 2  # of a country


class Product(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def brand(self) -> str: ...
    @property
    def model_numbers(self) -> Sequence[str]: ...
    @property
    def gtins(self) -> Sequence[str]: ...


class Said(Protocol):
    """What a recall says; `facts` by the names of recalls.importers.facts."""

    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def hazard(self) -> str: ...
    @property
    def remedy(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def firms(self) -> Sequence[str]: ...
    @property
    def facts(self) -> Mapping[str, object]: ...


def notice_of(said: Said, *, number: str, country: str, on: date | None, products: Iterable[Product]) -> NoticeText:
    """The notice. `country` is the regulator's own, where the facts name none; notices of the European Safety Gate count as
    the EU's, whichever member state notified."""
    facts = said.facts
    given = str(facts.get("country") or "")
    return NoticeText(
        number=number,
        country="EU" if facts.get("publisher") == SAFETY_GATE else given if len(given) == LETTERS else country,
        products=tuple(
            ProductText(product.name, product.brand, tuple(product.model_numbers), tuple(product.gtins))
            for product in list(products)[:MAX_PRODUCTS]
        ),
        title=said.title,
        text=f"{said.description}\n{said.remedy}\n{said.hazard}",
        url=said.url,
        firms=tuple(said.firms),
        on=on or _day(facts.get("updated")),
        is_update=on is None,
        joint=f"Joint recall with {joint}" if (joint := facts.get("joint")) else "",
        addresses=_addresses(facts.get("joint_notices")),
    )


def _addresses(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
