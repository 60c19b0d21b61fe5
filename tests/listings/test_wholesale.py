"""Wholesale offers: supplier, minimum order, unit prices by quantity and destinations, from files and the API."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from listings import services, tasks
from listings.ingest.countries import code_of
from listings.ingest.rows import parse_row
from listings.ingest.wholesale import read_destinations, read_ladder
from listings.models import Listing
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.listings.feeds import outcome


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1-99: 12.50 USD; 100-499: 11 USD; >=500: 9.8 USD", "1: 12.50 USD; 100: 11.00 USD; 500: 9.80 USD"),
        ("$12.50 (1-99 Pieces) | $11.00 (≥100 Pieces)", "1: 12.50 USD; 100: 11.00 USD"),
        ("100+ pcs: €9,90\n10–99 pcs: €12,00", "10: 12.00 EUR; 100: 9.90 EUR"), ("ab 50 Stück: 3,20 €/Stück", "50: 3.20 EUR"),
        ('[{"min": 1, "price": "2.50"}, {"min": 1000, "price": "2.00"}]', "1: 2.50 CNY; 1000: 2.00 CNY"),
        ("1-9件：￥20；10件以上：￥18", "1: 20.00 CNY; 10: 18.00 CNY"), ("1: 12.50 USD; 100: 11.00 USD", "1: 12.50 USD; 100: 11.00 USD"), ("", ""), ("call us", None),
        ("1: 2 USD; 1: 3 USD", None), ("; ".join(f"{step}: 1 USD" for step in range(1, 23)), None), ('[{"min": "x"}]', None), ("[{", None),
        ("1-99: " + "9" * 500, None), ([{"min": 5, "price": 3}], "5: 3.00 CNY"), (["5: 3 USD"], "5: 3.00 USD"),
    ],
)  # fmt: skip
def test_a_price_ladder_is_read_or_refused_with_its_step(given: Any, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match=r"\w"):
            read_ladder(given, "CNY")
    else:
        assert read_ladder(given, "CNY") == expected
        assert read_ladder(expected) == expected, "what it writes it reads"


@pytest.mark.parametrize(
    ("given", "expected", "unknown"),
    [
        ("US, ca; DE", "CA, DE, US", []), ("United States/Vereinigtes Königreich/法国/日本", "FR, GB, JP, US", []),
        ("USA | UK | Alemania", "DE, GB, US", []), ("Worldwide, US", "WORLD", []), ("European Union", "EU", []),
        ("US, Atlantis", "US", ["Atlantis"]), ("", "", []), ("Bosnia and Herzegovina", "BA", []), ("4.99", "", ["4.99"]),
    ],
)  # fmt: skip
def test_destinations_are_countries_in_any_language(given: str, expected: str, unknown: list[str]) -> None:
    assert read_destinations([given]) == (expected, unknown)
    assert read_destinations([expected])[0] == expected


def test_no_word_is_a_country_by_chance() -> None:
    assert [code_of(word) for word in ("", "x" * 10_000, "ZZ", "001", "free", "\x00", "shipping")] == [""] * 7


@pytest.mark.parametrize(
    "header",
    [
        "id;title;Supplier Name;MOQ;Ladder Price;Ship to countries", "id;Bezeichnung;Lieferant;Mindestbestellmenge;Staffelpreise;Lieferländer",
        "id;désignation;fournisseur;quantité minimale de commande;prix dégressifs;pays de livraison", "id;título;proveedor;pedido mínimo;precio escalonado;países de envío",
        "id;商品名称;供应商;起订量;阶梯价格;配送国家", "id;商品名;仕入先;最小ロット;段階価格;配送先", "id;название;поставщик;минимальный заказ;оптовые цены;страны доставки",
    ],
)  # fmt: skip
def test_headers_are_known_in_several_languages(header: str) -> None:
    (row,) = outcome(
        f"{header}\n1;Lamp;Ningbo Lights;100 pieces;1: 2.50 USD | 500: 2.00 USD;US, CA\n"
    ).listings.values()
    assert (row.supplier, row.seller, row.minimum_order) == ("Ningbo Lights", "Ningbo Lights", "100 pieces")
    assert (row.price_ladder, row.destinations) == ("1: 2.50 USD; 500: 2.00 USD", "CA, US")


def test_a_seller_beside_a_supplier_stays_the_seller() -> None:
    (row,) = outcome("id,title,seller,supplier\n1,Lamp,Shop A,Factory B\n").listings.values()
    assert (row.seller, row.supplier) == ("Shop A", "Factory B")


def test_what_cannot_be_read_costs_its_field_alone() -> None:
    row, rejects = parse_row(3, {"id": "1", "title": "Lamp", "price ladder": "ask", "ship to": "Atlantis, US"})
    assert row is not None
    assert (row.price_ladder, row.destinations) == ("", "US")
    assert [(each.cause, each.whole_row) for each in rejects] == [
        ("unreadable price ladder", False), ("unknown destination", False),
    ]  # fmt: skip


def test_an_offer_without_these_fields_keeps_the_digest_that_it_had() -> None:
    row, _ = parse_row(1, {"id": "1", "title": "Lamp", "seller": "A"})
    assert row is not None
    assert row.digest == "d674198af06365b815251a434e317912f5410fd8cdf329b43a7404b7b36387b3"


@pytest.mark.django_db
def test_they_are_stored_from_a_file_and_changed_through_the_api(
    platform_a: Organisation, manager_a: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = ContentFile(b"id,title,supplier,moq,ladder price,ship to\n1,Lamp,Ningbo,10,1: 2 USD,US\n", "a.csv")
    services.start_import(platform=platform_a, file=file, filename="a.csv", kind="delta", actor=Actor.person(manager_a))
    tasks.run_imports_due()
    listing = Listing.objects.get()
    assert (listing.supplier, listing.minimum_order, listing.price_ladder, listing.destinations) == (
        "Ningbo", "10", "1: 2.00 USD", "US",
    )  # fmt: skip
    Listing.objects.update(match_due=False)
    item = {
        "id": "1",
        "title": "Lamp",
        "supplier": "Ningbo",
        "minimum_order": 10,
        "price_ladder": "1: 2 USD",
        "destinations": "CA",
    }
    (result,) = services.upsert_listings(platform=platform_a, items=[item], actor=Actor.person(manager_a))
    listing.refresh_from_db()
    assert (result["result"], listing.destinations, listing.match_due) == ("changed", "CA", False)
    assert listing.changes.first().before["destinations"] == "US"


@pytest.mark.django_db
def test_they_are_shown_beside_the_flag_and_on_the_page_of_the_listing(
    regulator: Organisation, platform_a: Organisation, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    notice: Notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    stated = {
        "supplier": "Ningbo Lights",
        "minimum_order": "100 sets",
        "price_ladder": "1: 2.00 USD",
        "destinations": "CA, US",
    }
    listing = ListingFactory(platform=platform_a, **stated)
    flag = FlagFactory(notice=notice, listing=listing, listing_as_flagged={"title": listing.title, **stated})
    client = sign_in(moderator_a)
    for page in (f"/flags/{flag.pk}/", f"/catalogue/{listing.pk}/"):
        text = client.get(page).content.decode()
        assert [value for value in stated.values() if value not in text] == [], page
