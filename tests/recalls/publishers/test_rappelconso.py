"""The entries of RappelConso, of today and of before. The records are invented."""

from typing import Any

import pytest

from tests.recalls.publishers.reading import recalls


def fiche(**changes: Any) -> dict[str, Any]:
    return {
        "gtin": 3245414264410, "numero_fiche": "2026-10-0018", "numero_version": 1, "marque_produit": "sans marque", "libelle": "haché de veau",
        "modeles_ou_references": "mzbg156 108209", "motif_rappel": "salmonelle", "risques_encourus": "brûlures|choc", "date_publication": "2026-10-02T17:50:11+00:00",
        "identification_produits": "3245414264410$n° lot : 73728848$date limite de consommation$2026-10-07$|3230890017520$26265 et 26266$non concerné$$|000000000$tous les lots$$$",
        "liens_vers_les_images": "https://x.example/a.jpg|https://x.example/b.jpg", "distributeurs": "deuba¤lyon", "id": 23689,
    } | changes  # fmt: skip


def test_entries_of_rappelconso_are_read() -> None:
    (recall,) = recalls({"total_count": 1, "results": [fiche()]})
    product = recall.products[0]
    assert (product.name, product.brand, product.model_numbers) == ("haché de veau", "", ("mzbg156", "108209"))
    assert product.gtins == ("03245414264410", "03230890017520")
    assert recall.facts["lots"] == ["73728848", "26265", "26266"]
    assert recall.facts["dates"] == ["date limite de consommation: 2026-10-07"]
    assert (recall.sold_at, len(recall.pictures)) == ("deuba\nlyon", 2)
    assert recall.facts["risks"] == ["brûlures", "choc"]


def test_rappelconso_rows_of_one_notice_are_one_recall_of_its_newest_version() -> None:
    older = fiche(libelle="old", identification_produits="4006381333931$tous les lots$$$", gtin=0)
    newer = fiche(numero_version=2, identification_produits="3245414264410$tous les lots$$$")
    second = fiche(numero_version=2, identification_produits="3230890017520$tous les lots$$$", gtin=3230890017520)
    (recall,) = recalls([older, newer, second])
    assert (recall.products[0].name, recall.products[0].gtins) == (
        "haché de veau",
        ("03245414264410", "03230890017520"),
    )
    assert recall.facts["scope"] == "all lots"


def test_a_gtin_that_became_a_number_gets_its_zeros_back() -> None:
    (recall,) = recalls([fiche(gtin=51141405278, identification_produits="$tous les lots$$$")])
    assert recall.products[0].gtins == ("00051141405278",)


@pytest.mark.parametrize(
    ("text", "gtins", "lots"),
    [
        ("5713795220915 Tous les lots  5713795220922 Tous les lots", 2, []), ("201577800065 Tous les lots", 0, []), ("LOT 33019", 0, ["33019"]),
        ("18012224 Date de durabilité minimale entre le 04/03/2022 et le 27/03/2022", 0, ["18012224"]), ("790  3526170007023 790", 1, ["790"]),
        ("00000000 00000000", 0, []), ("73513537 Tous les lots", 1, []), ("3447571405167 Poudre 1.05kg DDM 09/12/2022", 1, []),
    ],
)  # fmt: skip
def test_rappelconso_of_before_has_running_text(text: str, gtins: int, lots: list[str]) -> None:
    fields = {
        "reference_fiche": "2022-03-0002",
        "ndeg_de_version": 1,
        "nom_de_la_marque_du_produit": "Electra taille 12",
        "noms_des_modeles_ou_references": "Bottle",
        "identification_des_produits": text,
        "motif_du_rappel": "x",
        "date_ref": "2022-03",
    }
    (recall,) = recalls({"total_count": 1, "records": [{"links": [], "record": {"id": "a", "fields": fields}}]})
    assert (len(recall.products[0].gtins), recall.facts.get("lots", [])) == (gtins, lots)
    assert (recall.products[0].brand, recall.products[0].sizes) == ("Electra", ("12",))


def test_rappelconso_as_csv_is_the_same() -> None:
    names = ["numero_fiche", "numero_version", "marque_produit", "libelle", "identification_produits", "motif_rappel"]
    text = ";".join(names) + "\n2026-10-0018;1;Acme;Lampe;3245414264410$tous les lots$$$;choc\n"
    (recall,) = recalls(text)
    assert (recall.number, recall.products[0].gtins) == ("2026-10-0018", ("03245414264410",))
