"""What wholesale offers state: unit prices by quantity, and the countries they are sent to."""

import json
import re
from typing import Any

from listings.ingest.countries import WORLD, code_of
from listings.ingest.prices import read_price

MAX_STEPS, MAX_DESTINATIONS = 20, 250
_STEPS = re.compile(r"[;；|\n]+")
_STEP = re.compile(
    r"\s*(?:≥|>=|>|from|ab|à partir de|desde|da|from\s)?\s*(?P<least>\d{1,9})\s*"
    r"(?:(?:-|–|—|~|～|to|bis|à|a)\s*(?P<most>\d{1,9})|\+)?\s*(?P<unit>[^\d:=：@$€£¥￥,.]{0,30}?)\s*[:=：@]?\s*"
    r"(?P<price>(?:[A-Z]{2,3}\s?)?[$€£¥￥]?\s?\d[\d.,'’ ]*\s?(?:[A-Z]{3}|[€£¥￥]|zł)?)\s*(?:/\s?\w{1,20})?\s*",
    re.IGNORECASE,
)
_PRICE_FIRST = re.compile(r"\s*(?P<price>[^()（）]{1,40}?)\s*[(（](?P<quantity>[^()（）]{1,60})[)）]\s*")
_LEAST = (
    "min",
    "minimum",
    "from",
    "quantity",
    "qty",
    "minQuantity",
    "min_quantity",
    "startQuantity",
    "beginAmount",
    "least",
)
_PRICE = ("price", "unitPrice", "unit_price", "value", "amount")
_APART = re.compile(r"[,，、;；|/\n]+|\s{2,}")


def read_ladder(value: Any, currency: str = "", decimal: str = "") -> str:
    """Unit prices from the smallest quantity up, like "1: 12.50 USD; 100: 11.00 USD"; "" where there is none.

    Reads what it writes, "1-99 pieces: $12.50 | ≥100: $11", "$12.50 (1-99 pieces)" and lists of objects with quantity and
    price. Raises ValueError, with the step that cannot be read.
    """
    steps: dict[int, str] = {}
    for step in _steps_of(value):
        least, price = _read_object(step) if isinstance(step, dict) else _read_step(str(step))
        amount, stated = read_price(price, decimal)
        if len(steps) >= MAX_STEPS:
            raise ValueError(f"there are more than {MAX_STEPS} steps; send the first ones")
        if (
            steps.setdefault(least, f"{amount} {stated or currency}".strip())
            != f"{amount} {stated or currency}".strip()
        ):
            raise ValueError(f"from {least} there are two prices; correct it")
    return "; ".join(f"{least}: {steps[least]}" for least in sorted(steps))


def _steps_of(value: Any) -> list[Any]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError("the JSON of the price ladder is not complete") from None
    if isinstance(value, list | tuple):
        return [step for step in value if step not in (None, "")]
    return list(filter(None, map(str.strip, _STEPS.split(str(value or "")[:2_000]))))


def _read_step(text: str) -> tuple[int, str]:
    if (turned := _PRICE_FIRST.fullmatch(text[:120])) is not None:
        text = f"{turned['quantity']}: {turned['price']}"
    if (found := _STEP.fullmatch(text[:120])) is None:
        raise ValueError(f"{text[:40]} is not a quantity with its price; write it like 1-99: 12.50 USD; 100: 11.00 USD")
    return int(found["least"]), found["price"]


def _read_object(step: dict[Any, Any]) -> tuple[int, str]:
    least, price = (next((step[name] for name in names if name in step), None) for names in (_LEAST, _PRICE))
    try:
        return int(str(least)), str(price)
    except ValueError:
        raise ValueError('a step needs min and price, like {"min": 100, "price": "11.00 USD"}') from None


def read_destinations(texts: list[str]) -> tuple[str, list[str]]:
    """(codes, what is no country): where an offer is sent, like "CA, US"; WORLD alone where it is sent everywhere."""
    codes: set[str] = set()
    unknown: list[str] = []
    for text in texts:
        for part in (part.strip() for part in ([text] if code_of(text) else _APART.split(text[:5_000]))):
            if code := code_of(part):
                codes.add(code)
            elif part and len(unknown) < MAX_DESTINATIONS:
                unknown.append(part[:40])
    return ", ".join([WORLD] if WORLD in codes else sorted(codes)), unknown
