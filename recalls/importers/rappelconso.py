"""France, RappelConso: the dataset with several `GTIN$lot$kind of date$from$to` in one field (v2), and the older one whose
identification is running text (v1). Several rows of one notice, and its versions, make one recall: the newest."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from portal.gtin import checked_gtin
from recalls.importers.barcodes import is_placeholder, read_barcodes, thirteen_digits
from recalls.importers.base import MAX_NUMBER, Importer, Row, Unusable, dated, guarded, in_groups
from recalls.importers.codes import codes_in, lots_in
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Reject, Report
from recalls.importers.text import address, brand, clean, day, distinct, is_none, line, show, storable

_V1 = {
    "reference_fiche": "numero_fiche", "ndeg_de_version": "numero_version", "nature_juridique_du_rappel": "nature_juridique_rappel",
    "categorie_de_produit": "categorie_produit", "sous_categorie_de_produit": "sous_categorie_produit",
    "nom_de_la_marque_du_produit": "marque_produit", "noms_des_modeles_ou_references": "modeles_ou_references",
    "identification_des_produits": "identification_produits", "date_debut_fin_de_commercialisation": "commercialisation",
    "temperature_de_conservation": "temperature_conservation", "marque_de_salubrite": "marque_salubrite",
    "motif_du_rappel": "motif_rappel", "risques_encourus_par_le_consommateur": "risques_encourus",
    "description_complementaire_du_risque": "description_complementaire_risque", "numero_de_contact": "numero_contact",
    "date_de_publication": "date_publication", "lien_vers_la_fiche_rappel": "lien_vers_la_fiche_rappel",
}  # fmt: skip
_NAMES = frozenset({
    "gtin", "numero_fiche", "numero_version", "nature_juridique_rappel", "categorie_produit", "sous_categorie_produit",
    "marque_produit", "modeles_ou_references", "identification_produits", "conditionnements", "date_debut_commercialisation",
    "date_date_fin_commercialisation", "date_fin_commercialisation", "temperature_conservation", "marque_salubrite",
    "informations_complementaires", "zone_geographique_de_vente", "distributeurs", "motif_rappel", "risques_encourus",
    "preconisations_sanitaires", "description_complementaire_risque", "conduites_a_tenir_par_le_consommateur", "numero_contact",
    "modalites_de_compensation", "date_de_fin_de_la_procedure_de_rappel", "informations_complementaires_publiques",
    "liens_vers_les_images", "lien_vers_la_liste_des_produits", "lien_vers_la_liste_des_distributeurs",
    "lien_vers_affichette_pdf", "lien_vers_la_fiche_rappel", "rappel_guid", "date_publication", "libelle", "id", "date_ref",
    "commercialisation",
})  # fmt: skip
_REMEDIES = ("remboursement", "echange", "échange", "réparation", "autre", "bon d'achat", "aucune")
_SIZE_IN_BRAND = re.compile(r"\s+taille\s+(?P<size>\S+)$", re.IGNORECASE)
_DATES = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """The fields of a row, from whichever envelope the portal put them in."""
    for outer, inner in (("record", "fields"), ("fields", None)):
        if isinstance(record, dict) and isinstance(record.get(outer), dict):
            record = record[outer] if inner is None else record[outer].get(inner, record[outer])
    return record if isinstance(record, dict) else {}


def _matches(record: dict[str, Any]) -> bool:
    fields = _flat(record)
    return bool(fields.keys() & {"numero_fiche", "reference_fiche"}) and bool(
        fields.keys()
        & {
            "identification_produits",
            "identification_des_produits",
            "marque_produit",
            "nom_de_la_marque_du_produit",
            "motif_rappel",
            "motif_du_rappel",
        }
    )


def read(raws: list[Raw], report: Report) -> Iterator[Row]:
    rows = []
    for raw in raws:
        fields = _flat(raw.value)
        report.unknown_fields(fields, _NAMES | _V1.keys())
        is_v1 = "reference_fiche" in fields
        rows.append(Raw(raw.place, {_V1.get(name, name): value for name, value in fields.items()} | {"v1": is_v1}))
    for number, group in in_groups(rows, lambda raw: line(raw.value.get("numero_fiche"))).items():
        if not number or len(number) > MAX_NUMBER:
            reason = "is missing or empty" if not number else f"is longer than {MAX_NUMBER} characters"
            for raw in group:
                yield Reject(
                    raw.place, number[:80], f"numero_fiche {reason}: give the notice's number", show(raw.value)
                )
            continue
        newest = max(_version(raw) for raw in group)
        current = [raw for raw in group if _version(raw) == newest]
        yield guarded(current[0], partial(_recall, number, current, report), number)


def _version(raw: Raw) -> int:
    text = line(raw.value.get("numero_version"))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _recall(number: str, group: list[Raw], report: Report) -> ImportedRecall:
    record, notes = group[0].value, list[str]()
    size = _SIZE_IN_BRAND.search(line(record.get("marque_produit")))
    mark = brand(_SIZE_IN_BRAND.sub("", line(record.get("marque_produit"))))
    models = clean(record.get("modeles_ou_references"))
    label = _text(record, "libelle") or "; ".join(distinct(line(each) for each in models.splitlines()))
    name = label if any(map(str.isalpha, label)) else _text(record, "sous_categorie_produit") or label
    if not name:
        raise Unusable("libelle and modeles_ou_references are empty: name the product in one of them")
    found = _Identified()
    for raw in group:
        (_read_v1 if record["v1"] else _read_v2)(raw.value, found, notes)
    product = ProductContent(
        name=name,
        brand=mark,
        model_numbers=codes_in(models),
        gtins=distinct([*found.gtins, *thirteen_digits(models)]),
        sizes=(size["size"],) if size else (),
        description="" if models == name else models,
    )
    guid = line(record.get("id"))
    page = address(record.get("lien_vers_la_fiche_rappel"))
    return ImportedRecall(
        record=group[0].place,
        number=number,
        title=f"{name} ({mark})" if mark else name,
        description="\n".join(
            _parts(record, "modeles_ou_references", "conditionnements", "informations_complementaires")
        ),
        hazard="\n".join(_parts(record, "motif_rappel", "risques_encourus", "description_complementaire_risque")),
        remedy="\n".join(
            _parts(
                record,
                "conduites_a_tenir_par_le_consommateur",
                "modalites_de_compensation",
                "preconisations_sanitaires",
            )
        ),
        sold_at=_sold(record),
        url=page or (f"https://rappel.conso.gouv.fr/fiche-rappel/{guid}/interne" if guid.isdigit() else ""),
        recalled_on=dated(
            number, lambda: day(record.get("date_publication"), name="date_publication", forms=("%d/%m/%Y",))
        ),
        products=(product,),
        pictures=tuple(
            (url, "")
            for each in re.split(r"[|\s]+", clean(record.get("liens_vers_les_images")))
            if (url := address(each))
        ),
        source=storable({key: value for key, value in record.items() if key != "v1"}),
        notes=tuple(notes),
        facts=_facts(record, found, report),
    )


class _Identified:
    """The identifiers in the entries of a notice."""

    def __init__(self) -> None:
        self.gtins: list[str] = []
        self.lots: list[str] = []
        self.dates: list[str] = []
        self.unread: list[str] = []
        self.scopes: list[str] = []


def _read_v2(record: dict[str, Any], found: _Identified, notes: list[str]) -> None:
    for entry in clean(record.get("identification_produits")).split("|"):
        given, lot, kind, first, last, *_ = [*(part.strip() for part in entry.split("$")), "", "", "", "", ""]
        if not entry.strip():
            continue
        gtins = read_barcodes(given, notes)
        found.gtins += gtins
        lots, scope = lots_in("" if is_none(lot) else lot)
        if not lot:  # no lot is given: only the dates can say which ones
            scope = "listed lots" if first or last else "unknown"
        found.lots += lots
        found.unread += [lot] if scope == "unknown" and lot else []
        found.scopes.append(scope if gtins else "unknown")
        if first or last:
            found.dates.append(
                f"{kind}: {' – '.join(distinct([first, last]))}"
                if kind and not is_none(kind)
                else " – ".join(distinct([first, last]))
            )
    single = line(record.get("gtin")).removesuffix(".0")
    if single.isascii() and single.isdigit() and not is_placeholder(single) and len(single) <= 14:
        gtin = checked_gtin(single) or checked_gtin(single.zfill(13))  # a number has lost its leading zeros
        if gtin is None:
            notes.append(f"barcode left out: {single} has a wrong check digit: compare it with the label")
        elif gtin not in found.gtins:
            found.gtins.append(gtin)


def _read_v1(record: dict[str, Any], found: _Identified, notes: list[str]) -> None:
    """Running text: 13 digits with a correct check digit are a barcode; 8 or 12 only if the text does not say otherwise."""
    text = line(record.get("identification_produits"))
    found.gtins += thirteen_digits(text)
    rest = re.sub(r"(?<!\d)\d{13}(?!\d)", " ", _DATES.sub(" ", text))
    states_lot = re.search(r"(?<!tous les )\blots?\b(?!s)", text, re.IGNORECASE) is not None
    has_dates = _DATES.search(text) is not None
    for run in re.findall(r"(?<!\d)(?:\d{12}|\d{8})(?!\d)", rest):
        if is_placeholder(run):
            continue
        if (gtin := checked_gtin(run)) is not None and not (len(run) == 8 and (states_lot or has_dates)):
            found.gtins.append(gtin)
        elif len(run) == 8 and not states_lot:
            found.lots.append(run)
        elif len(run) == 12:
            notes.append(f"barcode left out: {run} has a wrong check digit: compare it with the label")
    bare = re.sub(r"(?<!\d)(?:\d{12,13}|0{8})(?!\d)", " ", text) if found.gtins or states_lot else ""
    lots, scope = lots_in(" ".join(bare.split())) if bare.strip() else ((), "unknown")
    if scope == "listed lots":
        found.lots += lots
    elif scope == "unknown" and text and not is_placeholder(text.replace(" ", "")):
        found.unread.append(text)
    found.scopes.append(scope)


def _facts(record: dict[str, Any], found: _Identified, report: Report) -> dict[str, str | list[str]]:
    options = [each.strip() for each in _text(record, "modalites_de_compensation").split("|")]
    for option in options:
        if option and not option.lower().startswith(_REMEDIES):
            report.unknown_word("modalites_de_compensation", option)
    scopes = set(found.scopes)
    return made({
        "publisher": "rappelconso",
        "kind": _text(record, "nature_juridique_rappel"),
        "country": "FR",
        "category": [_text(record, "categorie_produit"), _text(record, "sous_categorie_produit")],
        "risks": [each.strip() for each in _text(record, "risques_encourus").split("|")],
        "scope": scopes.pop() if len(scopes) == 1 else "unknown" if "unknown" in scopes else "listed lots",
        "lots": found.lots,
        "dates": found.dates,
        "remarks": [f"Lot as stated: {each}" for each in found.unread],
        "options": options,
        "contact": _text(record, "numero_contact"),
        "documents": [address(record.get(key)) for key in ("lien_vers_la_liste_des_produits", "lien_vers_affichette_pdf")],
        "history": f"Version {_text(record, 'numero_version')}" if _text(record, "numero_version") else "",
        "updated": line(record.get("date_publication"))[:10] or _text(record, "date_ref"),
    })  # fmt: skip


def _text(record: dict[str, Any], name: str) -> str:
    text = line(clean(record.get(name)).replace("¤", " "))
    return "" if text.lower() == "non concerné" else text


def _parts(record: dict[str, Any], *names: str) -> list[str]:
    """The fields that are not empty; the source writes `¤` for a line break and `|` as a separator."""
    texts = (clean(record.get(name)).replace("¤", "\n").replace("|", "\n").replace("\r", "") for name in names)
    return [text for text in texts if text]


def _sold(record: dict[str, Any]) -> str:
    first, last = _text(record, "date_debut_commercialisation"), _text(record, "date_date_fin_commercialisation")
    last = last or _text(record, "date_fin_commercialisation")
    span = (
        f"from {first} to {last}" if first and last else f"from {first}" if first else f"until {last}" if last else ""
    )
    parts = [*_parts(record, "distributeurs", "zone_geographique_de_vente"), _text(record, "commercialisation") or span]
    return "\n".join(part for part in parts if part)


IMPORTER = Importer(
    "rappelconso", "RappelConso (France)", _matches, read, ("numero_fiche", "reference_fiche"), frozenset()
)
