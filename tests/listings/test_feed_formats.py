"""Files of every usual kind are read as intended; the report says how they were read."""

import json
from decimal import Decimal

import pytest

from tests.listings.feeds import outcome, packed, workbook, zipped, zstd

CSV = "id,title,price\n1,Lamp,12.50 USD\n"


@pytest.mark.parametrize(
    ("content", "packing"),
    [(packed(CSV.encode()), "gzip"), (zstd(CSV.encode()), "zstd"), (zipped(a=CSV), "ZIP")],
    ids=["gzip", "zstd", "ZIP"],
)
def test_packed_files_are_unpacked(content: bytes, packing: str) -> None:
    found = outcome(content)
    assert (found.listings["1"].price, found.report.packing) == (Decimal("12.50"), packing)


@pytest.mark.parametrize(
    ("codec", "title", "name"),
    [
        ("utf-8-sig", "Heizlüfter", "UTF-8"), ("utf-16", "Heizlüfter 电暖器", "UTF-16"), ("utf-16-le", "Heizlüfter", "UTF-16"),
        ("utf-16-be", "Heizlüfter", "UTF-16"), ("utf-32", "Heizlüfter", "UTF-32"), ("gb18030", "电暖器 家用节能", "GB18030"),
        ("gb18030", "儿童玩具车", "GB18030"), ("cp932", "電気ストーブ セラミックヒーター", "Shift_JIS"), ("cp932", "ハイチェア", "Shift_JIS"),
        ("euc_jp", "電気ストーブ", "EUC-JP"), ("big5", "電暖器 家用節能", "Big5"), ("cp949", "어린이 장난감 자동차", "EUC-KR"),
        ("cp1252", "Heizlüfter für kühle Räume", "Windows-1252"), ("cp1252", "Señal año niño", "Windows-1252"),
        ("cp1250", "Grzejnik łazienkowy, żółty", "Windows-1250"), ("cp1250", "Příliš žluťoučký kůň", "Windows-1250"),
        ("cp1251", "Настольная лампа", "Windows-1251"), ("koi8_r", "Настольная лампа для детской", "KOI8-R"),
        ("cp1253", "Ηλεκτρική θερμάστρα", "Windows-1253"), ("cp1254", "Çocuk oyuncağı ışıklı", "Windows-1254"),
        ("cp1255", "מנורת שולחן לילדים", "Windows-1255"), ("cp1256", "مصباح طاولة للأطفال", "Windows-1256"),
    ],
)  # fmt: skip
def test_encodings_are_recognised_and_shown(codec: str, title: str, name: str) -> None:
    found = outcome(f"id;title\n1;{title}\n".encode(codec))
    assert found.listings["1"].title == title
    assert found.report.encoding.startswith(f"{name} (")


def test_letters_that_come_late_are_seen() -> None:
    late = "id;title\n" + "".join(f"{number};Lamp\n" for number in range(20_000)) + "x;Heizlüfter für Räume\n"
    assert outcome(late.encode("cp1252")).listings["x"].title == "Heizlüfter für Räume"


def test_one_bad_byte_of_a_seller_does_not_change_how_others_are_read() -> None:
    rows = "id;title\n" + "".join(f"{number};Heizlüfter\n" for number in range(20))
    found = outcome(rows.encode() + b"x;caf\xe9\n")
    assert {listing.title for listing in found.listings.values()} == {"Heizlüfter", "caf�"}
    assert found.warned == [(22, "unreadable characters")]
    assert "20 of 21 lines" in found.report.encoding


@pytest.mark.parametrize(
    "header",
    [
        "id,title,description,brand,gtin,price", "Artikelnummer,Bezeichnung,Beschreibung,Marke,EAN,Preis",
        "Référence,Désignation,Descriptif,Marque,Code-barres,Prix TTC", "Código,Nombre,Descripción,Marca,Código de barras,Precio",
        "Codice articolo,Nome prodotto,Descrizione,Produttore,Codice EAN,Prezzo", "Artikelcode,Productnaam,Omschrijving,Merk,Streepjescode,Prijs",
        "Kod produktu,Nazwa produktu,Opis,Producent,Kod kreskowy,Cena", "商品编号,商品名称,商品描述,品牌,条形码,价格", "商品コード,商品名,商品説明,ブランド,JANコード,価格",
        "Артикул,Наименование,Описание,Производитель,Штрихкод,Цена", "상품코드,상품명,상품설명,브랜드,바코드,판매가",
        "g:id,g:title,g:description,g:brand,g:gtin,g:price", "ITEM_ID,Product Name,Details,Manufacturer,UPC,Sale Price",
    ],
)  # fmt: skip
def test_headers_are_known_in_many_languages(header: str) -> None:
    found = outcome(header + "\nA-1,Lamp,A big lamp,Acme,4006381333931,12.50\n")
    row = found.listings["A-1"]
    assert (row.title, row.description, row.brand, row.gtin, row.price) == (
        "Lamp",
        "A big lamp",
        "Acme",
        "4006381333931",
        Decimal("12.50"),
    )
    assert found.report.unused == []


def test_unused_columns_are_listed() -> None:
    assert outcome("id,title,colour,Zustand\n1,Lamp,red,neu\n").report.unused == ["colour", "Zustand"]


@pytest.mark.parametrize(
    ("prices", "last"),
    [
        (("19,95", "1.299"), "1299.00"),
        (("19.95", "1.299"), "1.30"),
        (("19.95", "1,299"), "1299.00"),
        (("1.299,00", "2.500"), "2500.00"),
    ],
)
def test_a_price_is_read_by_the_files_own_decimal_mark(prices: tuple[str, str], last: str) -> None:
    found = outcome("id\ttitle\tprice\n" + "".join(f"{n}\tLamp\t{price}\n" for n, price in enumerate(prices)))
    assert str(found.listings["1"].price) == last


def test_shopify_rows_of_one_handle_are_one_listing() -> None:
    found = outcome(
        "Handle,Title,Body (HTML),Vendor,Variant SKU,Variant Price,Variant Barcode,Image Src\n"
        "lamp,Lamp,<p>Big</p>,Acme,A,29.00,'4006381333931,https://c.example/a.jpg\nlamp,,,,B,31.00,0051141405278,\nbed,Bed,,Acme,C,9,,\n"
    )
    lamp = found.listings["lamp"]
    assert (lamp.gtin, lamp.brand, lamp.description, lamp.price) == (
        "4006381333931, 0051141405278",
        "Acme",
        "Big",
        Decimal(29),
    )
    assert list(found.listings) == ["lamp", "bed"]
    assert found.report.notes == ["1 rows continue the listing above them (variants and pictures)."]


def test_woocommerce_variations_join_their_product() -> None:
    found = outcome(
        "ID,Type,SKU,Name,Regular price,GTIN,Parent\n7,variable,tee,T-Shirt,,,\n8,variation,tee-r,T-Shirt red,5,4006381333931,tee\n"
        '9,"simple, virtual",,Card,3,,\n10,variation,x,Lost,2,,gone\n'
    )
    assert {name: (row.gtin, str(row.price)) for name, row in found.listings.items()} == {
        "tee": ("4006381333931", "5.00"), "9": ("", "3.00"), "x": ("", "2.00"),
    }  # fmt: skip


def test_shopify_bulk_lines_join_their_parent() -> None:
    product, variant = "gid://shopify/Product/1", "gid://shopify/ProductVariant/2"
    lines = [
        {"id": product, "title": "Lamp", "vendor": "Acme", "onlineStoreUrl": "https://s.example/lamp"},
        {"id": variant, "barcode": "4006381333931", "price": "12.00", "__parentId": product},
        {"id": "gid://shopify/MediaImage/3", "image": {"url": "https://c.example/a.jpg"}, "__parentId": product},
        {"id": "gid://shopify/Product/4", "title": "Bed"},
    ]
    found = outcome("\n".join(map(json.dumps, lines)))
    lamp = found.listings[product]
    assert (lamp.gtin, lamp.image_link, lamp.link) == (
        "4006381333931",
        "https://c.example/a.jpg",
        "https://s.example/lamp",
    )
    assert len(found.listings) == 2
    assert found.report.format == "Shopify bulk JSONL"


def test_schema_org_products_are_made_flat() -> None:
    product = {
        "@context": "https://schema.org", "@type": "Product", "sku": "A-1", "name": "Lamp", "brand": {"@type": "Brand", "name": "Acme"},
        "image": ["https://c.example/a.jpg", "https://c.example/b.jpg"], "gtin13": "4006381333931",
        "offers": {"@type": "Offer", "price": 12.5, "priceCurrency": "EUR", "url": "https://s.example/1", "seller": {"name": "Shop"}},
        "hasVariant": [{"gtin12": "051141405278"}],
    }  # fmt: skip
    for content in (
        json.dumps(product, indent=1),
        json.dumps([product]),
        json.dumps(product) + "\n",
        json.dumps({"@graph": [product]}),
    ):
        row = outcome(content).listings["A-1"]
        assert (row.brand, row.gtin, row.seller, row.link) == (
            "Acme",
            "051141405278, 4006381333931",
            "Shop",
            "https://s.example/1",
        )
        assert (row.price, row.currency, row.image_link) == (Decimal("12.50"), "EUR", "https://c.example/a.jpg")


@pytest.mark.parametrize("wrap", ['{{"total": 2, "products": {}}}', "{}", '{{"data": {}}}'])
def test_lists_of_objects_are_read_in_any_layout(wrap: str) -> None:
    rows = [{"id": number, "title": 'a "]}" lamp\\'} for number in (1, 2)]
    for layout in (None, 2):
        found = outcome(wrap.format(json.dumps(rows, indent=layout)))
        assert (list(found.listings), found.report.format) == (["1", "2"], "JSON list")


def test_google_merchant_xml_and_table_are_read() -> None:
    atom = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><entry><id>urn:x</id>'
        "<g:id>1</g:id><title>Lamp &amp; shade</title><link href='https://s.example/1'/><g:price>15.00 USD</g:price>"
        "<g:shipping><g:price>99 USD</g:price></g:shipping></entry></feed>"
    )
    row = outcome(atom).listings["1"]
    assert (row.title, row.link, row.price, row.currency) == ("Lamp & shade", "https://s.example/1", Decimal(15), "USD")
    table = outcome(
        "id\ttitle\timage link\tavailability\tprice\n1\tLamp\thttps://c.example/a.jpg\tin_stock\t15.00 USD\n"
    )
    assert table.report.format == "Google Merchant table, separated by tab"
    assert table.listings["1"].image_link == "https://c.example/a.jpg"


def test_xml_in_an_old_encoding_is_read_as_it_declares() -> None:
    body = '<?xml version="1.0" encoding="windows-1251"?><yml_catalog><offers><offer id="7"><name>Лампа</name></offer></offers></yml_catalog>'
    found = outcome(body.encode("cp1251"))
    assert (found.listings["7"].title, found.report.format) == ("Лампа", "YML, elements <offer>")


def test_workbooks_are_read_with_numbers_as_they_were_typed() -> None:
    found = outcome(
        workbook(
            ["Artikelnummer", "Bezeichnung", "EAN", "Preis"],
            [77, "Lampe", 4006381333931, 12.5],
            ["A", "Bett", "n/a", None],
        )
    )
    lamp = found.listings["77"]
    assert (lamp.title, lamp.gtin, lamp.price) == ("Lampe", "4006381333931", Decimal("12.50"))
    assert found.warned == [(3, "not a GTIN")]


def test_long_first_lines_are_distinguished_from_documents() -> None:
    rows = [{"id": number, "title": "Lamp", "description": "x" * 90_000} for number in (1, 2)]
    assert list(outcome("\n".join(map(json.dumps, rows))).listings) == ["1", "2"]
    assert list(outcome(json.dumps(rows[0])).listings) == ["1"]
    assert list(outcome(json.dumps({"total": 2, "products": rows})).listings) == ["1", "2"]
