"""Prices as people and spreadsheets write them."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

_CURRENCY = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_SYMBOLS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "￥": "CNY",
    "₽": "RUB",
    "₹": "INR",
    "₩": "KRW",
    "zł": "PLN",
}
_CENT = Decimal("0.01")
_PLAIN = re.compile(r"(\d{1,11}(?:\.\d{1,2})?)(?: ([A-Z]{3}))?", re.ASCII)
_GROUPS = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_TAIL = re.compile(r"[.,][-–—]+")
_POWER = re.compile(r"\d[eE][+-]?\d")
_ELSE_BETWEEN = re.compile(r"\d\s*[^\d.,\s'’`´\-–—][^\d]*\d")
"""Digits with more than the marks of a number between them: two prices, a unit (12.50/100 g), a hexadecimal number."""
_MARKS = str.maketrans({"٫": ".", "٬": ","} | {chr(0xFEE0 + plain): chr(plain) for plain in range(0x21, 0x7F)})
"""Arabic marks, and full-width forms, as ASCII has them."""
_DECIMALS = re.compile(r"\d([.,])\d{1,2}(?!\d|[.,]\d)")
MAX_PRICE = Decimal(10) ** 12


def decimal_mark(prices: Iterable[str]) -> str:
    """The decimal mark that a file's prices show, "," or "."; "" if they show none, or both about as often."""
    seen = {",": 0, ".": 0}
    for price in prices:
        if (found := _DECIMALS.search(price[:60])) is not None:
            seen[found[1]] += 1
    best = max(seen, key=seen.__getitem__)
    return best if seen[best] > 4 * (sum(seen.values()) - seen[best]) else ""


def currency_of(text: str) -> str:
    """The code of a currency that a field of its own names, as EUR, euro or €; "" for what is none."""
    if (code := re.match("[A-Z]{3}", text.strip().upper())) is not None:
        return code.group()
    return next((code for symbol, code in _SYMBOLS.items() if symbol in text), "")


def read_price(text: str, decimal: str = "") -> tuple[Decimal, str]:
    """(amount, currency or "") of "1.299,00 EUR", "$12.50", "12". `decimal` is the file's decimal mark, if it shows one.

    Raises ValueError if the text is not a price, or could be two: 1.299 alone is 1299 or 1.30.
    """
    text = text.strip()[:60]
    if not text.isascii():
        text = text.translate(_MARKS)
    if (plain := _PLAIN.fullmatch(text)) is not None:
        return Decimal(plain[1]).quantize(_CENT), plain[2] or ""
    currency = next((code for symbol, code in _SYMBOLS.items() if symbol in text), "")
    if match := _CURRENCY.search(text.upper()):
        currency = match.group()
    number = re.sub(r"[^\d.,\-]", "", _TAIL.sub("", _GROUPS.sub("", text))).strip(".,")
    if _POWER.search(text) or _ELSE_BETWEEN.search(text) or number.count("-") > number.startswith("-"):
        raise ValueError(f"{text[:40]} is not a price; write it like 12.50 USD")
    marks = {mark: number.count(mark) for mark in ",." if mark in number}
    if len(marks) == 2:
        at = max(number.rfind(","), number.rfind("."))
        number = re.sub(r"[.,]", "", number[:at]) + "." + number[at + 1 :]
    elif marks:
        number = _with_one_mark(number, *marks.popitem(), decimal=decimal)
    try:
        amount = Decimal(number).quantize(_CENT)
    except InvalidOperation:
        raise ValueError(f"{text[:40]} is not a price; write it like 12.50 USD") from None
    if not 0 <= amount < MAX_PRICE:
        raise ValueError(f"{text[:40]} is not between 0 and {MAX_PRICE - 1:,}; correct it")
    return amount, currency


def _with_one_mark(number: str, mark: str, times: int, *, decimal: str) -> str:
    before, _, after = number.rpartition(mark)
    if times > 1:
        return number.replace(mark, "")
    if len(after) != 3 or not 1 <= len(before.lstrip("-")) <= 3 or before.lstrip("-").startswith("0"):
        return f"{before}.{after}"
    if decimal == mark:
        return f"{before}.{after}"
    if decimal or mark == ",":
        return before + after
    raise ValueError(f"{number} could be {before + after} or {before}.{after[:2]}: write it like {before + after}.00")
