"""Our own table: one row per product; rows with the same recall number make one recall. Any table can be read once its
columns are chosen."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from recalls.importers import safety
from recalls.importers.barcodes import read_barcodes
from recalls.importers.base import Row, guarded, in_groups, number_in, unusable
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Reject, Report, UnreadableFile
from recalls.importers.tablefile import Table
from recalls.importers.text import address, brand, clean, day, distinct, line, show, storable

HEADER = (
    "Recall number", "Title", "Recall date", "Product", "Brand", "Model numbers", "GTINs", "Sizes", "Units", "Description", "Hazard",
    "Remedy", "Sold at", "Firms", "Web address", "Pictures", "Lots", "Category", "Country", "Risk level", "Incidents", "Injuries",
    "Deaths", "Worst severity", "Injury details", "Corrective measures", "Businesses",
)  # fmt: skip
"""The columns of the empty table to fill in."""

PREVIEW_ROWS = 10
Mapping = dict[str, str]

FIELDS: dict[str, tuple[str, ...]] = {
    "number": ("recall number", "number", "recall no", "notice number", "case number", "reference", "reference number", "id",
               "rueckrufnummer", "ruckrufnummer", "aktenzeichen", "nummer", "numero", "numero de rappel", "numero de fiche",
               "numero de referencia", "召回编号", "编号"),
    "title": ("title", "recall title", "recall heading", "heading", "headline", "titel", "titre", "titulo", "标题"),
    "recalled_on": ("recall date", "date", "recalled on", "published", "publication date", "date published", "datum",
                    "rueckrufdatum", "date de publication", "fecha", "日期", "召回日期"),
    "product": ("product", "product name", "name of product", "name", "item", "produkt", "produktname", "bezeichnung", "artikel",
                "produit", "nom du produit", "libelle", "producto", "nombre", "产品", "产品名称", "商品名称"),
    "brand": ("brand", "brand name", "make", "marke", "hersteller marke", "marque", "marca", "品牌"),
    "models": ("model numbers", "model", "models", "model number", "modell", "modellnummer", "artikelnummer", "modele", "modeles",
               "references", "modelo", "型号"),
    "gtins": ("gtins", "gtin", "upc", "upcs", "ean", "eans", "barcode", "barcodes", "gtins or upcs", "strichcode",
              "code barres", "codigo de barras", "条形码", "条码"),
    "sizes": ("sizes", "size", "groesse", "grosse", "taille", "tamano", "尺寸"),
    "units": ("units", "units sold", "number of units", "quantity", "stueckzahl", "quantite", "cantidad", "数量"),
    "description": ("description", "product description", "beschreibung", "descripcion", "描述"),
    "hazard": ("hazard", "hazard description", "hazards", "risk", "danger", "gefahr", "risiko", "motif du rappel", "risque",
               "riesgo", "peligro", "危害", "危险"),
    "remedy": ("remedy", "remedy type", "corrective action", "measures", "massnahme", "abhilfe", "mesure", "medida", "措施"),
    "sold_at": ("sold at", "sold at label", "retailers", "distribution", "verkauft bei", "vertrieb", "distributeurs", "vendido en",
                "销售渠道"),
    "firms": ("firms", "manufacturer", "manufacturers", "importers", "company", "hersteller", "fabricant", "fabricante", "生产商", "制造商"),
    "url": ("web address", "url", "link", "recall url", "webadresse", "lien", "enlace", "网址"),
    "pictures": ("pictures", "images", "image", "picture", "bilder", "bild", "photos", "imagenes", "图片"),
    "lots": ("lots", "lot", "batch", "batches", "batch number", "lot number", "charge", "chargennummer", "numero de lot", "lote", "批号"),
    "category": ("category", "kategorie", "categorie", "categoria", "类别"),
    "country": ("country", "land", "pays", "pais", "国家"),
    "risk_level": ("risk level", "risikostufe", "niveau de risque", "nivel de riesgo", "风险等级"),
    "incidents": ("incidents", "number of incidents", "vorfaelle", "vorfalle", "nombre d incidents", "incidentes", "事故数"),
    "injuries": ("injuries", "number of injuries", "injured", "verletzte", "blesses", "heridos", "受伤人数"),
    "deaths": ("deaths", "number of deaths", "fatalities", "todesfaelle", "todesfalle", "deces", "muertes", "死亡人数"),
    "worst_severity": ("worst severity", "injury severity", "verletzungsschwere", "gravite des blessures", "严重程度"),
    "injury_details": ("injury details", "incident details", "incidents and injuries", "verletzungen", "lesiones", "伤害详情"),
    "measures": ("corrective measures", "korrekturmassnahmen", "mesures correctives", "medidas correctivas", "纠正措施"),
    "businesses": ("businesses",),
}  # fmt: skip
"""Our fields, each with the headers under which tables have it (lower case, without accents and signs)."""

OF_THE_RECALL = (
    "title",
    "recalled_on",
    "description",
    "hazard",
    "remedy",
    "sold_at",
    "firms",
    "url",
    "country",
    "risk_level",
    "incidents",
    "injuries",
    "deaths",
    "worst_severity",
    "injury_details",
    "measures",
    "businesses",
)


class ColumnsUnknown(UnreadableFile):
    """Not all needed columns were recognised: a person chooses them. `guess` is what was recognised."""

    def __init__(self, header: list[str], sample: list[list[str]], guess: Mapping, reason: str) -> None:
        super().__init__(reason)
        self.header, self.sample, self.guess = header, sample, guess


def blank(form: str) -> bytes:
    """The empty table, as "csv" or "xlsx". All cells of the workbook are text, so that leading zeros stay."""
    if form == "csv":
        return ("\ufeff" + ",".join(HEADER) + "\r\n").encode()
    import openpyxl  # noqa: PLC0415  few programs need it, and each start would pay for it
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  likewise

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Recalls"
    sheet.append(HEADER)
    for place in range(1, len(HEADER) + 1):
        sheet.column_dimensions[get_column_letter(place)].number_format = "@"
        sheet.column_dimensions[get_column_letter(place)].width = 20
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def own_objects(values: list[Any]) -> list[Any]:
    """The values of a JSON file that is our own export, line by line or as a list; none where it is something else."""
    found = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    first = next((each for each in found if isinstance(each, dict)), {})
    is_ours = "Recall number" in first and first.keys() <= set(HEADER)
    return list(found) if is_ours else []


def header_key(name: str) -> str:
    """A header as it is compared: lower case, no accents, no signs, ß as ss."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter)
    )
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def guessed(header: list[str]) -> Mapping:
    """Which column is which of our fields, according to the headers; no column twice."""
    keys = {header_key(name): name for name in reversed(header)}
    found: Mapping = {}
    for field_name, names in FIELDS.items():
        match = next(
            (keys[key] for name in names if (key := header_key(name)) in keys and keys[key] not in found.values()), None
        )
        if match is not None:
            found[field_name] = match
    return found


def mapping_of(table: Table, given: Mapping | None) -> Mapping:
    """The mapping to read a table by. Raises ColumnsUnknown if it has no number, or neither title nor product."""
    mapping = {name: column for name, column in (given or {}).items() if name in FIELDS and column in table.header}
    mapping = mapping or guessed(table.header)
    missing = [] if "number" in mapping else ["the recall number"]
    if not mapping.keys() & {"title", "product"}:
        missing.append("the title or the product")
    if missing:
        found = ", ".join(table.header[:12])
        sample = [[cell[:200] for cell in cells] for _, cells in table.rows[:PREVIEW_ROWS]]
        detail = f"No column was recognised as {' or as '.join(missing)}. Found: {found}. Choose the columns."
        raise ColumnsUnknown(table.header, sample, mapping, detail)
    return mapping


def read(table: Table, mapping: Mapping, report: Report) -> Iterator[Row]:
    unused = [name for name in table.header if name not in mapping.values()]
    report.fields.update(dict.fromkeys(unused, len(table.rows)))
    forms = _date_forms(table, mapping)
    raws = [Raw(place, dict(zip(table.header, cells, strict=True))) for place, cells in table.rows]
    for key, group in in_groups(raws, lambda raw: _get(raw, mapping, "number") or f"? {raw.place}").items():
        kept, differing = _alike(group, mapping)
        yield guarded(kept[0], partial(_recall, kept, mapping, forms), "" if key.startswith("? ") else key[:80])
        for raw, name in differing:
            detail = f"line {raw.place} repeats the number {key} with a different {name.replace('_', ' ')}: keep one per recall"
            yield Reject(raw.place, key[:80], detail, show(raw.value))


def _get(raw: Raw, mapping: Mapping, name: str) -> str:
    return clean(raw.value.get(mapping[name], "")) if name in mapping else ""


def _alike(group: list[Raw], mapping: Mapping) -> tuple[list[Raw], list[tuple[Raw, str]]]:
    """The rows that agree with the first about the recall, or leave it empty; and those that differ, with the field."""
    kept, differing = [group[0]], []
    for raw in group[1:]:
        name = next(
            (
                name
                for name in OF_THE_RECALL
                if (value := _get(raw, mapping, name)) and value != _get(group[0], mapping, name)
            ),
            None,
        )
        if name is None:
            kept.append(raw)
        else:
            differing.append((raw, name))
    return kept, differing


def _recall(group: list[Raw], mapping: Mapping, forms: tuple[str, ...] | None) -> ImportedRecall:
    first, notes = group[0], list[str]()
    number = number_in(_get(first, mapping, "number"), mapping["number"])
    products = tuple(dict.fromkeys(_product(raw, mapping, notes) for raw in group))
    title = _get(first, mapping, "title") or " – ".join(distinct(product.name for product in products))
    if not title:
        column = mapping.get("title") or mapping["product"]
        raise unusable(
            number, f"line {first.place}: {column} is missing or empty: give the recall's title or its product"
        )
    recorded = _recorded(first, mapping, number)
    level = "" if recorded.get("risk_level") else _get(first, mapping, "risk_level")
    pictures = distinct(address(each) for raw in group for each in _several(_get(raw, mapping, "pictures")))
    return ImportedRecall(
        record=first.place,
        number=number,
        title=title,
        description=_get(first, mapping, "description"),
        hazard=_get(first, mapping, "hazard"),
        remedy=_get(first, mapping, "remedy"),
        sold_at=_get(first, mapping, "sold_at"),
        firms=_several(_get(first, mapping, "firms")),
        url=address(_get(first, mapping, "url")),
        recalled_on=_day(_get(first, mapping, "recalled_on"), mapping.get("recalled_on", ""), forms, number),
        units="; ".join(product.units for product in products if product.units),
        products=tuple(
            product if product.name else ProductContent(**{**_fields(product), "name": title}) for product in products
        ),
        pictures=tuple((url, "") for url in pictures),
        source=storable(first.value if len(group) == 1 else {"rows": [raw.value for raw in group]}),
        notes=tuple(notes),
        facts=made({
            "country": _get(first, mapping, "country"),
            "risk_level": level,
            "category": list(distinct(_get(raw, mapping, "category") for raw in group)),
            "lots": list(distinct(lot for raw in group for lot in _several(_get(raw, mapping, "lots")))),
        }),
        recorded=recorded,
    )  # fmt: skip


def _recorded(first: Raw, mapping: Mapping, number: str) -> dict[str, Any]:
    """What the columns of the table state of risk, injuries, measures and businesses. A risk level in words of its own
    stays text, and so does a count that is none: it stands with the details of the injuries."""
    readers: dict[str, Callable[[str], Any]] = {
        "risk_level": safety.risk_level_in,
        **dict.fromkeys(safety.COUNTS, safety.count_in),
        "worst_severity": lambda cell: safety.word_in(cell, safety.SEVERITIES, mapping["worst_severity"]),
        "injury_details": str,
        "measures": safety.measures_in,
        "businesses": safety.businesses_in,
    }
    try:
        found = {name: read(_get(first, mapping, name)) for name, read in readers.items() if name in mapping}
    except safety.NotInVocabulary as error:
        raise unusable(number, f"line {first.place}: {error}") from None
    in_words = [
        f"{mapping[name]}: {cell}"
        for name in safety.COUNTS
        if (cell := _get(first, mapping, name)) and found[name] is None
    ]
    if in_words:
        found["injury_details"] = "\n".join(filter(None, [found.get("injury_details", ""), *in_words]))
    if wrong := safety.contradiction(found.get("deaths"), found.get("worst_severity", "")):
        detail = "deaths are stated, so the worst severity is fatal" if wrong == "deaths" else "fatal, but no deaths"
        raise unusable(number, f"line {first.place}: {mapping['worst_severity']}: {detail}: correct one of both")
    return found


def _fields(product: ProductContent) -> dict[str, Any]:
    return {name: getattr(product, name) for name in product.__slots__}


def _product(raw: Raw, mapping: Mapping, notes: list[str]) -> ProductContent:
    return ProductContent(
        name=line(_get(raw, mapping, "product")) or line(_get(raw, mapping, "title")),
        brand=brand(_get(raw, mapping, "brand")),
        model_numbers=_several(_get(raw, mapping, "models"), r"[;,|\n]"),
        gtins=read_barcodes(_get(raw, mapping, "gtins"), notes),
        sizes=_several(_get(raw, mapping, "sizes")),
        units=line(_get(raw, mapping, "units"))[:200],
    )


def _several(text: str, separators: str = r"[;|\n]") -> tuple[str, ...]:
    return distinct(line(part) for part in re.split(separators, text))


def _date_forms(table: Table, mapping: Mapping) -> tuple[str, ...] | None:
    """The date formats of the column; None if 04/11/2020 could be April or November."""
    if "recalled_on" not in mapping:
        return ()
    place = table.header.index(mapping["recalled_on"])
    slashed = [
        match for _, cells in table.rows if (match := re.match(r"(\d{1,2})/(\d{1,2})/\d{4}$", cells[place].strip()))
    ]
    plain = ("%d.%m.%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%Y%m%d", "%Y/%m/%d")
    if any(int(match[1]) > 12 for match in slashed):
        return (*plain, "%d/%m/%Y")
    if any(int(match[2]) > 12 for match in slashed):
        return (*plain, "%m/%d/%Y")
    return None if slashed else plain


def _day(text: str, column: str, forms: tuple[str, ...] | None, number: str) -> date | None:
    if forms is None and "/" in text:
        raise unusable(number, f"{column} {text[:40]!r} could be two different days: write it like 2025-06-26")
    try:
        return day(text, name=column, forms=forms or ("%d.%m.%Y", "%B %d, %Y"))
    except ValueError as error:
        raise unusable(number, str(error)) from None
