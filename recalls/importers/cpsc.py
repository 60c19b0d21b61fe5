"""The JSON of the CPSC Recall API (https://www.saferproducts.gov/RestWebServices/Recall): a list of recalls."""

import gzip
import html
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import ftfy

from recalls.importers.gtin import NotAGtin, normalise_gtin
from recalls.importers.records import ImportedProduct, ImportedRecall, Reject, UnreadableFile

LARGEST = 400 * 1024 * 1024  # bytes of JSON, unpacked
LARGEST_RATIO = 200  # unpacked to packed; JSON text packs 5 to 20 times
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOJIBAKE = re.compile("[ÃÂâ€ð]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_RECALLS = re.compile(r"^(?P<brand>[A-Z0-9][\w&'’.\-®™+ ]{1,40}?)\s+(?:Recalls|Expands|Reannounces)\b")


def read_file(source: Path | IO[bytes]) -> list[Any]:
    """The records of a CPSC file, gzip or plain. Raises UnreadableFile with one sentence that says how to mend it."""
    raw = source.read_bytes() if isinstance(source, Path) else source.read()
    if raw[:2] == b"\x1f\x8b":
        raw = _unpack(raw)
    if len(raw) > LARGEST:
        raise UnreadableFile(f"The file is larger than {LARGEST >> 20} MB: split it.")
    try:
        records = json.loads(raw.decode("utf-8-sig", errors="surrogateescape"))
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"The file is not complete JSON: {error.msg} at line {error.lineno}, column {error.colno}. Download it again."
        ) from None
    except RecursionError:
        raise UnreadableFile("The file is nested too deeply to be a list of recalls.") from None
    if not isinstance(records, list):
        raise UnreadableFile(
            f"The file holds a {type(records).__name__}; a list of recalls was expected: [{{…}}, {{…}}]."
        )
    return records


def _unpack(raw: bytes) -> bytes:
    limit = min(LARGEST, max(len(raw) * LARGEST_RATIO, 1 << 20))
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            content = packed.read(limit + 1)
    except (OSError, EOFError):
        raise UnreadableFile("The gzip file is damaged or cut off: download it again.") from None
    if len(content) > limit:
        raise UnreadableFile("The gzip file unpacks to far more than a list of recalls would: it was refused unread.")
    return content


def parse(records: list[Any]) -> Iterator[ImportedRecall | Reject]:
    """Each record as a recall or a reject, in order. A bad record never stops the others."""
    for place, record in enumerate(records, 1):
        yield parse_record(place, record)


def parse_record(place: int, record: Any) -> ImportedRecall | Reject:
    """One record. Recall numbers stay text, letter for letter; unknown values are kept in `source`."""
    if not isinstance(record, dict):
        return Reject(
            place, "", f"record {place} is a {type(record).__name__}, not an object: {{…}} was expected", show(record)
        )
    number = clean(record.get("RecallNumber"))
    title = clean(record.get("Title"))
    if not number:
        return Reject(place, "", "RecallNumber is missing or empty: give the regulator's number", show(record))
    if len(number) > 40:
        return Reject(
            place, number[:80], "RecallNumber is longer than 40 characters: give the number alone", show(record)
        )
    if not title:
        return Reject(place, number, "Title is missing or empty: give the recall's title", show(record))
    try:
        recalled_on = read_date(record.get("RecallDate"))
    except ValueError as error:
        return Reject(place, number, str(error), show(record))
    notes: list[str] = []
    gtins = _gtins(record.get("ProductUPCs"), notes)
    rows = _objects(record.get("Products"))
    names = [clean(row.get("Name")) for row in rows]
    products = tuple(
        ImportedProduct(
            name=name or title,
            brand=clean(row.get("Brand"))[:200] or brand_as_read(title, name),
            model_numbers=_words(row.get("Model")),
            gtins=gtins if len(rows) == 1 else (),
            sizes=_words(row.get("Size")),
            units=clean(row.get("NumberOfUnits"))[:200],
            description=clean(row.get("Description")),
        )
        for row, name in zip(rows, names, strict=True)
    ) or (ImportedProduct(name=title, brand=brand_as_read(title, ""), gtins=gtins),)
    if gtins and len(rows) > 1:
        products = (*products[:-1], ImportedProduct(**{**_fields(products[-1]), "gtins": gtins}))
        notes.append("the UPCs are not told apart by product and stand with the last one")
    return ImportedRecall(
        record=place,
        number=number,
        title=title,
        description=clean(record.get("Description")),
        hazard=_joined(record.get("Hazards")),
        remedy=_joined(record.get("Remedies")),
        sold_at=_joined(record.get("Retailers")),
        firms=tuple(
            name
            for key in ("Manufacturers", "Importers", "Distributors")
            for row in _objects(record.get(key))
            if (name := clean(row.get("Name")))
        ),
        url=_address(record.get("URL")),
        recalled_on=recalled_on,
        units="; ".join(unit for row in rows if (unit := clean(row.get("NumberOfUnits")))),
        products=products,
        pictures=tuple(
            (url, clean(row.get("Caption")))
            for row in _objects(record.get("Images"))
            if (url := _address(row.get("URL")))
        ),
        source=json.loads(_CONTROL_ESCAPE.sub("", _surrogates_out(json.dumps(record)))),
        notes=tuple(notes),
    )


_CONTROL_ESCAPE = re.compile(r"\\u0000")


def _surrogates_out(text: str) -> str:
    return re.sub(
        r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}",
        r"\\ufffd",
        text,
    )


def _fields(product: ImportedProduct) -> dict[str, Any]:
    return {name: getattr(product, name) for name in product.__slots__}


def clean(value: Any) -> str:
    """Text decoded once and right: entities (also twice escaped), mojibake, control characters, lone surrogates."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if _LONE_SURROGATE.search(text):
        text = (
            text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            if _escaped_bytes(text)
            else _LONE_SURROGATE.sub("\ufffd", text)
        )
    if _MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    return re.sub(r"[ \t\u00a0]+", " ", _CONTROL.sub("", text)).strip()


def _escaped_bytes(text: str) -> bool:
    return all("\udc80" <= character <= "\udcff" for character in _LONE_SURROGATE.findall(text))


def read_date(value: Any) -> date | None:
    """The day of either naive format that CPSC uses: 2025-06-26 and 2025-06-26T00:00:00. Raises ValueError."""
    text = clean(value)
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError(f"RecallDate {text!r} is not a date: write it as 2025-06-26") from None


def brand_as_read(title: str, product: str) -> str:
    """The brand as far as the record shows it: the name before "Recalls", where the product's name begins with it too."""
    match = _RECALLS.match(title)
    if match is None:
        return ""
    brand = _marks_off(match["brand"].strip())
    words = brand.split()
    if not product or not words or len(words) > 4 or words[0].lower() not in product.lower().split():
        return ""
    return brand


def _marks_off(name: str) -> str:
    return re.sub(r"[®™]", "", name).strip(" ,.-")[:200]


def _objects(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _joined(value: Any) -> str:
    return "\n".join(text for row in _objects(value) if (text := clean(row.get("Name"))))


def _words(value: Any) -> tuple[str, ...]:
    return tuple(word for part in re.split(r"[,;\n]| and ", clean(value)) if (word := part.strip()))


def _address(value: Any) -> str:
    text = clean(value)
    return text[:1000] if re.match(r"https?://\S+$", text) else ""


def _gtins(value: Any, notes: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in value if isinstance(value, list) else []:
        text = clean(row.get("UPC") if isinstance(row, dict) else row)
        for part in re.split(r"[,;/]|\s{2,}", text):
            if not part.strip():
                continue
            try:
                found[normalise_gtin(part)] = None
            except NotAGtin as error:
                notes.append(f"UPC left out: {error}")
    return tuple(found)


def show(record: Any) -> str:
    return json.dumps(record, ensure_ascii=True)[:2000]
