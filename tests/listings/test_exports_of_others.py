"""Exports of other shop systems, tools and countries: every file with the exact listings that it must give.

A listing is written as "title | brand | GTIN | price | picture or link"; parts at the end may be left out.
"""

import gzip
import json

import pytest

from tests.listings.feeds import outcome, workbook, zipped

EAN, EAN2 = "4006381333931", "0051141405278"
CSV = "id,title,gtin\n"
PIC = "https://c.example/a.jpg"


def _cells(*rows: str, sep: str = ";") -> str:
    return "".join(row.replace(" ; ", sep) + "\n" for row in rows)


EXPORTS = [
    pytest.param(
        "sku,store_view_code,attribute_set_code,product_type,categories,name,description,price,base_image,additional_attributes\n"
        f'L-1,,Default,simple,Default Category/Lamps,Lamp,Big,12.5000,/l/a.jpg,"manufacturer=Acme,ean={EAN}"\n'
        "L-1,de,Default,,,Lampe,Groß,,,\nL-2,,Default,virtual,,Card,,5.0000,,\n",
        {"L-1": f"Lamp | Acme | {EAN} | 12.50", "L-2": "Card |  |  | 5.00"},
        id="Magento with a row per store view",
    ),
    pytest.param(
        _cells(
            "id ; parent_id ; product_number ; active ; stock ; name ; description ; price_net ; price_gross ; cover_media_url ; manufacturer_name ; ean",
            f"0a1b ;  ; SW-1 ; 1 ; 5 ; Heizlüfter ; Warm ; 100.00 ; 119.00 ; {PIC} ; Acme ; {EAN}",
        ),
        {"0a1b": f"Heizlüfter | Acme | {EAN} | 119.00 | {PIC}"},
        id="Shopware",
    ),
    pytest.param(
        "Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Brand Name,Price,Product UPC/EAN,Product Image File - 1\n"
        f"Product,77,Lamp,P,L-77,Acme,12.50,{EAN},a.jpg\n  SKU,78,[RT]Colour=Red,,L-77-R,,,{EAN2},\nProduct,79,Bed,P,B-79,Acme,99,,\n",
        {"77": f"Lamp | Acme | {EAN}, {EAN2} | 12.50", "79": "Bed | Acme |  | 99.00"},
        id="BigCommerce with SKU rows",
    ),
    pytest.param(
        "TemplateType=fptcustom\tVersion=2026.1\tThe top 3 rows are for Amazon.com use only.\t\t\t\nSeller SKU\tTitle\tProduct ID\tType\tBrand\tPrice\n"
        f"item_sku\titem_name\texternal_product_id\texternal_product_id_type\tbrand_name\tstandard_price\nAM-1\tLamp\t{EAN}\tEAN\tAcme\t12.50\n",
        {"AM-1": f"Lamp | Acme | {EAN} | 12.50"},
        id="Amazon flat file with three header lines",
    ),
    pytest.param(
        _cells(
            "*Action(SiteID=Germany|Country=DE|Currency=EUR|Version=745) ; ItemID ; CustomLabel ; *Title ; P:EAN ; C:Marke ; *StartPrice ; PicURL",
            f"Revise ; 110554433221 ; L-1 ; Lampe ; {EAN} ; Acme ; 19,95 ; {PIC}",
        ),
        {"110554433221": f"Lampe | Acme | {EAN} | 19.95 | {PIC}"},
        id="eBay File Exchange",
    ),
    pytest.param(
        "handleId,fieldType,name,description,productImageUrl,collection,sku,price,brand\n"
        f"product_1,Product,Lamp,Big,{PIC},Lamps,L-1,12.5,Acme\nproduct_1,Variant,,,,,L-1-R,0,\nproduct_2,Product,Bed,,,,B,99,\n",
        {"product_1": f"Lamp | Acme |  | 12.50 | {PIC}", "product_2": "Bed |  |  | 99.00"},
        id="Wix with variant rows",
    ),
    pytest.param(
        "Product ID [Non Editable],Variant ID [Non Editable],Product Type [Non Editable],Product Page,Product URL,Title,Description,SKU,Price,Hosted Image URLs\n"
        f"abc,v1,PHYSICAL,shop,lamp,Lamp,<p>Big</p>,L-1,12.50,{PIC}\n,v2,,,,,,L-2,13.50,\ndef,v3,PHYSICAL,shop,bed,Bed,,B,99,\n",
        {"abc": f"Lamp |  |  | 12.50 | {PIC}", "def": "Bed |  |  | 99.00"},
        id="Squarespace with variant rows",
    ),
    pytest.param(
        f"sku|brand|title|url|price|hans|eans|description|categoryPath|imageUrls\nI-1|Acme|Lampe|https://s.example/1|19.95|TL-1|{EAN}|Hell|Licht|{PIC}\n",
        {"I-1": f"Lampe | Acme | {EAN} | 19.95 | {PIC}"},
        id="idealo with bars",
    ),
    pytest.param(
        workbook(
            ["product_id", "name(en-gb)", "name(de-de)", "sku", "upc", "ean", "manufacturer", "image_name", "price"],
            [42, "Lamp", "Lampe", "L", "", int(EAN), "Acme", "catalog/a.jpg", 12.5],
        ),
        {"42": f"Lamp | Acme | {EAN} | 12.50"},
        id="OpenCart workbook",
    ),
    pytest.param(
        f"<SHOP><SHOPITEM><ITEM_ID>H-1</ITEM_ID><PRODUCTNAME>Lampa</PRODUCTNAME><PRODUCT>Lampa + dárek</PRODUCT><DESCRIPTION>Velká</DESCRIPTION>"
        f"<URL>https://s.example/1</URL><IMGURL>{PIC}</IMGURL><PRICE_VAT>499,90</PRICE_VAT><MANUFACTURER>Acme</MANUFACTURER><EAN>{EAN}</EAN></SHOPITEM></SHOP>",
        {"H-1": f"Lampa | Acme | {EAN} | 499.90 | {PIC}"},
        id="Heureka XML on one line",
    ),
    pytest.param(
        f'<offers version="1"><group name="other"><o id="C-1" url="https://s.example/1" price="12.50"><cat><![CDATA[Lampy]]></cat><name><![CDATA[Lampa]]></name>'
        f'<imgs><main url="{PIC}"/></imgs><attrs><a name="Producent">Acme</a><a name="EAN">{EAN}</a></attrs></o></group></offers>',
        {"C-1": f"Lampa | Acme | {EAN} | 12.50 | {PIC}"},
        id="Ceneo XML with attribute pairs",
    ),
    pytest.param(
        f'<yml_catalog><shop><offers><offer id="Y-1" type="vendor.model"><typePrefix>Лампа</typePrefix><vendor>Acme</vendor><model>TL-1</model>'
        f"<barcode>{EAN}</barcode><price>990</price><picture>{PIC}</picture></offer></offers></shop></yml_catalog>",
        {"Y-1": f"Лампа Acme TL-1 | Acme | {EAN} | 990.00 | {PIC}"},
        id="YML offer without a name",
    ),
    pytest.param(
        f"<products><product><id>1</id><title>Lamp</title><gtin>{EAN}</gtin><images><image>{PIC}</image><image>https://c.example/b.jpg</image></images>"
        "<variants><variant><id>1a</id><gtin>051141405278</gtin></variant></variants></product></products>",
        {"1": f"Lamp |  | {EAN}, 051141405278 |  | {PIC}"},
        id="XML with pictures and variants inside",
    ),
    pytest.param(
        json.dumps(
            [
                {
                    "id": 1,
                    "name": "Lamp",
                    "sku": "L",
                    "regular_price": "12.50",
                    "images": [{"id": 5, "src": PIC}],
                    "brands": [{"id": 2, "name": "Acme"}],
                    "global_unique_id": EAN,
                    "categories": [{"id": 9, "name": "Lamps"}],
                    "dimensions": {"length": ""},
                }
            ]
        ),
        {"1": f"Lamp | Acme | {EAN} | 12.50 | {PIC}"},
        id="WooCommerce's API",
    ),
    pytest.param(
        json.dumps(
            {
                "data": {
                    "products": {
                        "edges": [
                            {
                                "node": {
                                    "id": "gid://shopify/Product/1",
                                    "title": "Lamp",
                                    "vendor": "Acme",
                                    "variants": {
                                        "edges": [
                                            {"node": {"barcode": EAN, "price": "12.50"}},
                                            {"node": {"barcode": EAN2}},
                                        ]
                                    },
                                }
                            }
                        ]
                    }
                }
            }
        ),
        {"gid://shopify/Product/1": f"Lamp | Acme | {EAN}, {EAN2} | 12.50"},
        id="Shopify's GraphQL answer",
    ),
    pytest.param(
        json.dumps(
            {
                "cards": [
                    {
                        "nmID": 12603546,
                        "vendorCode": "A-1",
                        "title": "Lamp",
                        "brand": "Acme",
                        "sizes": [
                            {"chrtID": 1, "techSize": "42", "skus": [EAN, "own-7"]},
                            {"chrtID": 2, "techSize": "43", "skus": ["96385074", EAN2]},
                        ],
                    }
                ]
            }
        ),
        {"12603546": f"Lamp | Acme | {EAN}, {EAN2}"},
        id="Wildberries' cards, with each size's barcodes among its own numbers",
    ),
    pytest.param(
        json.dumps(
            {
                "@context": "https://schema.org",
                "@graph": [
                    {"@type": "WebSite", "@id": "https://s.example/#site", "name": "Shop"},
                    {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}]},
                    {
                        "@type": "Product",
                        "sku": "A-1",
                        "name": "Lamp",
                        "brand": "Acme",
                        "gtin13": EAN,
                        "offers": [{"price": "12.50"}, {"price": "13"}],
                    },
                ],
            }
        ),
        {"A-1": f"Lamp | Acme | {EAN} | 12.50"},
        id="JSON-LD graph with other things in it",
    ),
    pytest.param(
        json.dumps(
            {
                "@type": "ItemList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": 1,
                        "item": {"@type": ["Product", "Thing"], "sku": "A-1", "name": "Lamp"},
                    }
                ],
            }
        ),
        {"A-1": "Lamp"},
        id="JSON-LD list of items",
    ),
    pytest.param(
        '[[{"id": 1, "title": "Lamp"}], [{"id": 2, "title": "Bed"}]]', {"1": "Lamp", "2": "Bed"}, id="lists in a list"
    ),
    pytest.param(
        '{"1": {"title": "Lamp", "ean": "' + EAN + '"}, "2": {"title": "Bed"}}',
        {"1": f"Lamp |  | {EAN}", "2": "Bed"},
        id="objects by their id",
    ),
    pytest.param(
        '\x1e{"id": 1, "title": "Lamp"}\n\x1e{"id": 2, "title": "Bed"}\n',
        {"1": "Lamp", "2": "Bed"},
        id="JSON text sequence",
    ),
    pytest.param(
        '{"id": 1, "title": "Lamp"},\n{"id": 2, "title": "Bed"},\n',
        {"1": "Lamp", "2": "Bed"},
        id="JSON lines with commas",
    ),
    pytest.param(
        "\ufeffid;title\n1;Lamp\n\ufeffid;title\n2;Bed\n",
        {"1": "Lamp", "2": "Bed"},
        id="two files in one, each with a mark",
    ),
    pytest.param(
        f'id, "title", "gtin"\n"1", "Lamp, big", "{EAN}"\n', {"1": f"Lamp, big |  | {EAN}"}, id="blanks before quotes"
    ),
    pytest.param(
        f'"id,title,gtin"\n"1,""Lamp, big"",{EAN}"\n"2,Bed,"\n',
        {"1": f"Lamp, big |  | {EAN}", "2": "Bed"},
        id="every line one quoted text",
    ),
    pytest.param(
        f"Catalogue of 29 Nov 2026;;\n;;\nArtikelnummer;Bezeichnung;EAN\n1;Lampe;{EAN}\n",
        {"1": f"Lampe |  | {EAN}"},
        id="lines above the header",
    ),
    pytest.param(
        workbook(["Price list 2026"], [], ["Artikelnummer", "Bezeichnung", "EAN"], [1, "Lampe", EAN]),
        {"1": f"Lampe |  | {EAN}"},
        id="workbook with lines above the header",
    ),
    pytest.param("id,title,gtin\r1,Lamp,\r2,Bed,\r", {"1": "Lamp", "2": "Bed"}, id="carriage returns only"),
    pytest.param(
        "id\ttitle\tprice\n1\tLamp\t1.299,-\n2\tBed\t1.299\n3\tCup\t4,5\n",
        {"1": "Lamp |  |  | 1299.00", "2": "Bed |  |  | 1299.00", "3": "Cup |  |  | 4.50"},
        id="prices with decimal commas",
    ),
    pytest.param(
        "商品编号,商品名称,条形码\n1,电暖器 家用节能," + EAN + "\n2,儿童玩具车,\n".encode().decode(),
        {"1": f"电暖器 家用节能 |  | {EAN}", "2": "儿童玩具车"},
        id="Chinese headers",
    ),
    pytest.param(
        "商品编号,商品名称,品牌\n1,电暖器家用节能,暖风\n2,儿童玩具车,好孩子\n".encode("utf-16-le"),
        {"1": "电暖器家用节能 | 暖风", "2": "儿童玩具车 | 好孩子"},
        id="Chinese UTF-16-LE without a mark",
    ),
    pytest.param(
        "商品编号,商品名称,品牌\n1,电暖器家用节能,暖风\n2,儿童玩具车,好孩子\n".encode("utf-16-be"),
        {"1": "电暖器家用节能 | 暖风", "2": "儿童玩具车 | 好孩子"},
        id="Chinese UTF-16-BE without a mark",
    ),
    pytest.param(
        "Référence interne;Nom de l'article;Marque du produit;Code EAN13;Prix de vente TTC\nF-1;Lampe;Acme;"
        + EAN
        + ";19,95\n",
        {"F-1": f"Lampe | Acme | {EAN} | 19.95"},
        id="French",
    ),
    pytest.param(
        "SKU padre;Nombre del artículo;Marca comercial;Código EAN13;PVP\nE-1;Lámpara;Acme;" + EAN + ";19,95\n",
        {"E-1": f"Lámpara | Acme | {EAN} | 19.95"},
        id="Spanish",
    ),
    pytest.param(
        "Cod. articolo;Descrizione breve;Titolo prodotto;Marchio;Codice EAN13;Prezzo al pubblico\nI-1;x;Lampada;Acme;"
        + EAN
        + ";19,95\n",
        {"I-1": f"Lampada | Acme | {EAN} | 19.95"},
        id="Italian",
    ),
    pytest.param(
        "Symbol;Nazwa towaru;Producent;EAN;Cena brutto PLN\nP-1;Lampa;Acme;" + EAN + ";19,95\n",
        {"P-1": f"Lampa | Acme | {EAN} | 19.95"},
        id="Polish",
    ),
    pytest.param(
        "商品管理番号（商品URL）,商品名,ブランド名,JAN,販売価格\nr-1,ランプ,Acme," + EAN + ",1980\n",
        {"r-1": f"ランプ | Acme | {EAN} | 1980.00"},
        id="Rakuten",
    ),
    pytest.param(
        gzip.compress((CSV + "1,Lamp,\n").encode()) + gzip.compress(b"2,Bed,\n"),
        {"1": "Lamp", "2": "Bed"},
        id="two gzip members",
    ),
    pytest.param(gzip.compress((CSV + "1,Lamp,\n").encode()) + b"\0" * 512, {"1": "Lamp"}, id="gzip padded with zeros"),
    pytest.param(zipped(**{"../../etc/feed__csv": CSV + "1,Lamp,\n"}), {"1": "Lamp"}, id=".. in a ZIP's only name"),
    pytest.param(
        zipped(**{"__MACOSX/._feed__csv": "x", ".DS_Store": "x", "feed__csv": CSV + "1,Lamp,\n"}),
        {"1": "Lamp"},
        id="ZIP of a Mac",
    ),
    pytest.param(
        CSV + '1,"a\u2028b\x85c\x0bd\x0ce",\n2,Bed,\n',
        {"1": "a\u2028b\x85cde", "2": "Bed"},
        id="line separators that end no line",
    ),
    pytest.param(
        CSV + f'\'001,Lamp,\'{EAN}\n"=""002""",Bed,"=""{EAN2}"""\n',
        {"001": f"Lamp |  | {EAN}", "002": f"Bed |  | {EAN2}"},
        id="ids and GTINs in Excel's dress",
    ),
    pytest.param(
        workbook(["id", "title", "gtin"], ["'001", "Lamp", float(EAN)], [2.0, "Bed", "051141405278.0"]),
        {"001": f"Lamp |  | {EAN}", "2": "Bed |  | 051141405278"},
        id="workbook with numbers as GTINs",
    ),
    pytest.param(
        json.dumps(
            {
                "paging": {"total": 1},
                "results": [
                    {
                        "id": "MLA1",
                        "title": "Calefactor",
                        "price": 1999.5,
                        "currency_id": "ARS",
                        "thumbnail": PIC,
                        "seller": {"id": 5, "nickname": "TIENDA"},
                        "attributes": [
                            {"id": "BRAND", "name": "Marca", "value_name": "Acme"},
                            {"id": "GTIN", "name": "Código", "value_name": EAN},
                        ],
                    }
                ],
            }
        ),
        {"MLA1": f"Calefactor | Acme | {EAN} | 1999.50 | {PIC}"},
        id="Mercado Libre's answer with facts in pairs",
    ),
    pytest.param(
        json.dumps(
            {
                "total": 1,
                "itemSummaries": [
                    {
                        "itemId": "v1|110|0",
                        "title": "Heater",
                        "price": {"value": "19.95", "currency": "EUR"},
                        "seller": {"username": "shop1"},
                        "image": {"imageUrl": PIC},
                    }
                ],
            }
        ),
        {"v1|110|0": f"Heater |  |  | 19.95 | {PIC}"},
        id="eBay's answer",
    ),
    pytest.param(
        json.dumps(
            {
                "items": [
                    {
                        "asin": "B01",
                        "identifiers": [
                            {"marketplaceId": "A1", "identifiers": [{"identifierType": "EAN", "identifier": EAN}]}
                        ],
                        "summaries": [
                            {"marketplaceId": "A1", "brand": "Acme", "itemName": "Heater", "modelNumber": "HL-2"}
                        ],
                        "images": [{"marketplaceId": "A1", "images": [{"variant": "MAIN", "link": PIC}]}],
                    }
                ]
            }
        ),
        {"B01": f"Heater | Acme | {EAN} |  | {PIC}"},
        id="Amazon's answer with the title in a part",
    ),
    pytest.param(
        json.dumps(
            {"Items": [{"Item": {"itemCode": "shop:10", "itemName": "ヒーター", "itemPrice": 1980, "shopName": "店"}}]}
        ),
        {"shop:10": "ヒーター |  |  | 1980.00"},
        id="Rakuten's answer, each listing in a wrapper",
    ),
    pytest.param(
        json.dumps(
            {
                "products": [
                    {
                        "name": "accounts/1/products/online~en~US~SK1",
                        "offerId": "SK1",
                        "attributes": {
                            "title": "Heater",
                            "gtin": [EAN],
                            "brand": "Acme",
                            "imageLink": PIC,
                            "price": {"amountMicros": "19950000", "currencyCode": "USD"},
                        },
                    }
                ]
            }
        ),
        {"SK1": f"Heater | Acme | {EAN} | 19.95 | {PIC}"},
        id="Google's answer, whose name is a path",
    ),
    pytest.param(
        json.dumps(
            {
                "aliexpress_answer": {
                    "resp_result": {
                        "result": {
                            "products": {"product": [{"product_id": 33, "product_title": "Heater", "shop_name": "S7"}]}
                        }
                    }
                }
            }
        ),
        {"33": "Heater"},
        id="a list under five wrappers",
    ),
    pytest.param(
        json.dumps(
            {"total": 1, "ads": [{"list_id": 22, "subject": "Radiateur", "price": [35], "images": {"urls": [PIC]}}]}
        ),
        {"22": f"Radiateur |  |  | 35.00 | {PIC}"},
        id="a list under a name of its own",
    ),
    pytest.param(
        json.dumps(
            {"hits": {"total": {"value": 1}, "hits": [{"_id": "77", "_source": {"title": "Heater", "ean": EAN}}]}}
        ),
        {"77": f"Heater |  | {EAN}"},
        id="a search engine's answer",
    ),
    pytest.param(
        json.dumps({"products": {"11": {"title": "Lamp", "price": 5}, "12": {"title": "Bed", "price": 9}}}),
        {"11": "Lamp |  |  | 5.00", "12": "Bed |  |  | 9.00"},
        id="objects by their id in a wrapper",
    ),
    pytest.param(
        json.dumps({"name": "Lamps and beds", "products": [{"id": 1, "title": "Lamp"}]}),
        {"1": "Lamp"},
        id="a list beside the name of the shop",
    ),
    pytest.param(
        json.dumps(
            {
                "results": [
                    {
                        "listing_id": 11,
                        "title": "Hat",
                        "price": {"amount": 1999, "divisor": 100, "currency_code": "USD"},
                    }
                ]
            }
        ),
        {"11": "Hat |  |  | 19.99"},
        id="Etsy's price with a divisor",
    ),
    pytest.param(
        json.dumps(
            {
                "products": [
                    {
                        "base": {
                            "productId": "F1",
                            "title": "Heater",
                            "productBrand": "Acme",
                            "sellingPrice": {"amount": 999, "currency": "INR"},
                        },
                        "shippingInfo": {"price": 4},
                        "related": [{"title": "Bed", "brand": "Other"}],
                    }
                ]
            }
        ),
        {"F1": "Heater | Acme |  | 999.00"},
        id="a listing in a part, beside another one",
    ),
    pytest.param(
        f"<BMECAT version='2005'><T_NEW_CATALOG><PRODUCT><SUPPLIER_PID>SK1</SUPPLIER_PID><PRODUCT_DETAILS><DESCRIPTION_SHORT>Heizlüfter"
        f"</DESCRIPTION_SHORT><INTERNATIONAL_PID type='gtin'>{EAN}</INTERNATIONAL_PID><MANUFACTURER_NAME>Acme</MANUFACTURER_NAME>"
        "</PRODUCT_DETAILS><PRODUCT_PRICE_DETAILS><PRODUCT_PRICE><PRICE_AMOUNT>19.95</PRICE_AMOUNT><PRICE_CURRENCY>EUR</PRICE_CURRENCY>"
        "</PRODUCT_PRICE></PRODUCT_PRICE_DETAILS></PRODUCT></T_NEW_CATALOG></BMECAT>",
        {"SK1": f"Heizlüfter | Acme | {EAN} | 19.95"},
        id="BMEcat",
    ),
    pytest.param(
        f"<prestashop><products><product><id>5</id><name><language id='1'>Heater</language></name><ean13>{EAN}</ean13></product></products>"
        "</prestashop>",
        {"5": f"Heater |  | {EAN}"},
        id="PrestaShop's XML with a text for each language",
    ),
    pytest.param(
        "<ItemArray><Item><ItemID>110</ItemID><Title>Heater</Title><Seller><UserID>shop1</UserID></Seller><SellingStatus><CurrentPrice>19.95"
        f"</CurrentPrice></SellingStatus><PictureDetails><PictureURL>{PIC}</PictureURL></PictureDetails><ItemSpecifics><NameValueList>"
        f"<Name>EAN</Name><Value>{EAN}</Value></NameValueList><NameValueList><Name>Brand</Name><Value>Acme</Value></NameValueList>"
        "</ItemSpecifics><RelatedItem><Brand>Other</Brand><MPN>X-1</MPN></RelatedItem></Item></ItemArray>",
        {"110": f"Heater | Acme | {EAN} | 19.95 | {PIC}"},
        id="eBay's XML with facts in pairs",
    ),
    pytest.param(
        "<n:Answers xmlns:n='http://shop.example/'><n:Answer><n:sku>SK1</n:sku><n:productName>Heater</n:productName><n:price>"
        "<n:currency>USD</n:currency><n:amount>19.95</n:amount></n:price></n:Answer></n:Answers>",
        {"SK1": "Heater |  |  | 19.95"},
        id="XML whose elements have names of their own",
    ),
    pytest.param(
        f"<Catalog><Product ID='55' Title='Acme Heater'><EANCode EAN='{EAN}'/></Product></Catalog>",
        {"55": f"Acme Heater |  | {EAN}"},
        id="XML that says all in attributes",
    ),
    pytest.param(
        _cells("Κωδικός ; Όνομα προϊόντος ; Μάρκα ; Barcode ; Τιμή", f"S1 ; Θερμάστρα ; Acme ; {EAN} ; 199,00"),
        {"S1": f"Θερμάστρα | Acme | {EAN} | 199.00"},
        id="Greek",
    ),
    pytest.param(
        _cells("Cod produs ; Denumire produs ; Cod EAN ; Pret", f"S1 ; Radiator ; {EAN} ; 199,00"),
        {"S1": f"Radiator |  | {EAN} | 199.00"},
        id="Romanian without accents",
    ),
    pytest.param(
        _cells("Mã sản phẩm ; Tên sản phẩm ; Thương hiệu ; Mã vạch", f"V1 ; Máy sưởi ; Acme ; {EAN}"),
        {"V1": f"Máy sưởi | Acme | {EAN}"},
        id="Vietnamese",
    ),
    pytest.param(
        _cells("รหัสสินค้า ; ชื่อสินค้า ; แบรนด์ ; บาร์โค้ด", f"T1 ; ฮีตเตอร์ ; Acme ; {EAN}"),
        {"T1": f"ฮีตเตอร์ | Acme | {EAN}"},
        id="Thai",
    ),
    pytest.param(
        _cells("Šifra ; Naziv ; Robna marka ; Barkod ; Cijena", f"H1 ; Grijalica ; Acme ; {EAN} ; 19,90"),
        {"H1": f"Grijalica | Acme | {EAN} | 19.90"},
        id="Croatian",
    ),
    pytest.param(
        _cells("Prekės kodas ; Pavadinimas ; Prekės ženklas ; Kaina", "L1 ; Šildytuvas ; Acme ; 19,90"),
        {"L1": "Šildytuvas | Acme |  | 19.90"},
        id="Lithuanian",
    ),
]


@pytest.mark.parametrize(("content", "wanted"), EXPORTS)
def test_an_export_gives_exactly_these_listings(content: bytes | str, wanted: dict[str, str]) -> None:
    found = outcome(content)
    shown = {}
    for external_id, row in found.listings.items():
        parts = [row.title, row.brand, row.gtin, str(row.price or ""), row.image_link]
        while not parts[-1]:
            parts.pop()
        shown[external_id] = " | ".join(parts)
    assert shown == {
        external_id: " | ".join(part.strip() for part in text.split(" | ")) for external_id, text in wanted.items()
    }
    assert found.refused == []
    assert not found.report.broke_off


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('{"id": 1, "brand": {"name": "Acme"}, "seller": {"name": "Shop"}}', id="JSON with a brand"),
        pytest.param('{"id": 1, "related": [{"id": 2, "title": "Bed"}]}', id="JSON with another product"),
        pytest.param("<items><item><id>1</id><brand><name>Acme</name></brand></item></items>", id="XML with a brand"),
        pytest.param(
            "<items><item><id>1</id><related><entry><title>Bed</title></entry></related></item></items>",
            id="XML with another product",
        ),
    ],
)
def test_a_listing_without_a_title_gets_none_from_elsewhere(content: str) -> None:
    found = outcome(content)
    assert (found.listings, [cause for _, cause in found.refused]) == ({}, ["missing title"])


def test_another_products_facts_are_not_the_listings() -> None:
    pairs = [{"name": "EAN", "value": EAN}, {"name": "Brand", "value": "Other"}]
    found = outcome(
        json.dumps(
            {"id": 1, "title": "Lamp", "related": [{"title": "Bed", "attributes": pairs}], "similar_items": pairs}
        )
    )
    assert (found.listings["1"].gtin, found.listings["1"].brand) == ("", "")


def test_facts_in_pairs_are_no_column_that_is_not_used() -> None:
    pairs = [{"name": "EAN", "value": EAN}, {"name": "Wattage", "value": 900}]
    found = outcome(json.dumps({"id": 1, "title": "Lamp", "attributes": pairs, "warehouse": 7}))
    assert (found.listings["1"].gtin, found.report.unused) == (EAN, ["warehouse"])
