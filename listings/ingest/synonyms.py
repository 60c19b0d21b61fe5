"""Names of columns and keys, field by field: as Google Merchant, schema.org, shop systems and people in many languages
write them. Earlier names take precedence if a row has several. Compared without case, spaces, marks and text in brackets."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "external_id": (
        "external_id", "id", "listing_id", "item_id", "offer_id", "product_id", "productID", "article_id", "sku", "variant sku",
        "handle", "asin", "item number", "item no", "article number", "product code", "merchant sku", "seller sku",
        "Artikelnummer", "Artikel-Nr.", "Art.-Nr.", "Artnr", "Artikel-ID", "Produktnummer", "Bestellnummer", "Inserats-ID",
        "identifiant", "référence", "réf", "référence produit", "code article", "numéro d'article", "id produit",
        "referencia", "código", "código de producto", "id producto", "número de artículo", "codice", "codice articolo", "codice prodotto",
        "id prodotto", "riferimento", "artikelcode", "artikelnummer", "productcode", "numer", "numer artykułu", "kod produktu", "identyfikator",
        "id produktu", "indeks", "código do produto", "id do produto", "referência", "artikelnr", "varenummer", "varenr", "tuotenumero",
        "číslo produktu", "kód", "kód produktu", "cikkszám", "termékkód", "cod produs", "ürün kodu", "stok kodu", "ürün id",
        "商品编号", "商品编码", "商品id", "货号", "商品編號", "商品番号", "商品コード", "品番", "管理番号", "商品管理番号", "상품번호", "상품코드", "제품번호",
        "артикул", "код товара", "ид", "идентификатор", "номер товара", "код", "id товара", "артикул товара", "رقم المنتج", "guid",
    ),
    "title": (
        "title", "name", "product_name", "product title", "item name", "item title", "listing title", "product", "Bezeichnung",
        "Artikelbezeichnung", "Produktname", "Titel", "Artikelname", "Produktbezeichnung", "titre", "nom", "nom du produit", "désignation",
        "intitulé", "libellé", "título", "nombre", "nombre del producto", "titolo", "nome", "nome prodotto", "nome del prodotto", "denominazione",
        "naam", "productnaam", "titel", "omschrijving kort", "nazwa", "nazwa produktu", "tytuł", "nome do produto", "produktnamn", "namn",
        "benämning", "produktnavn", "navn", "varenavn", "tuotenimi", "nimi", "název", "název produktu", "názov", "terméknév", "megnevezés",
        "denumire", "nume produs", "ürün adı", "başlık", "商品名称", "商品标题", "产品名称", "标题", "名称", "品名", "商品名稱", "產品名稱", "標題",
        "商品名", "タイトル", "製品名", "상품명", "제품명", "название", "наименование", "наименование товара", "название товара", "заголовок",
        "назва", "اسم المنتج", "ชื่อสินค้า", "tên sản phẩm", "nama produk", "ονομασία", "τίτλος", "שם המוצר",
    ),
    "description": (
        "description", "body", "body_html", "descriptionHtml", "details", "long description", "product description", "item description",
        "short description", "summary", "content", "Beschreibung", "Artikelbeschreibung", "Produktbeschreibung", "Langtext", "Kurzbeschreibung",
        "descriptif", "description longue", "description courte", "descripción", "descripción larga", "descrizione", "omschrijving",
        "beschrijving", "productomschrijving", "opis", "opis produktu", "descrição", "beskrivning", "beskrivelse", "kuvaus", "popis",
        "leírás", "descriere", "açıklama", "商品描述", "描述", "产品描述", "详情", "商品詳情", "商品説明", "説明", "상품설명", "설명", "описание",
        "описание товара", "опис", "الوصف", "รายละเอียด", "mô tả", "deskripsi", "περιγραφή", "תיאור",
    ),
    "brand": (
        "brand", "brands", "brand name", "manufacturer", "make", "maker", "Marke", "Hersteller", "Markenname", "marque", "fabricant", "marca",
        "fabricante", "produttore", "merk", "fabrikant", "marka", "producent", "producător", "varumärke", "tillverkare", "mærke", "merke",
        "tuotemerkki", "valmistaja", "značka", "výrobce", "výrobca", "márka", "gyártó", "brend", "üretici", "品牌", "厂商", "制造商", "製造商",
        "ブランド", "メーカー", "브랜드", "제조사", "бренд", "производитель", "марка", "торговая марка", "виробник", "العلامة التجارية",
        "ยี่ห้อ", "thương hiệu", "merek", "μάρκα", "κατασκευαστής", "מותג",
    ),
    "gtin": (
        "gtin", "gtin14", "gtin13", "gtin12", "gtin8", "ean", "ean13", "ean code", "upc", "upc code", "barcode", "bar code",
        "variant barcode", "isbn", "jan", "jan code", "gtin, upc, ean, or isbn", "global unique id", "product id gtin", "EAN-Code",
        "EAN/GTIN", "GTIN/EAN", "ean/upc", "upc/ean", "Strichcode", "Barcode-Nr", "code barre", "code-barres", "code ean", "gencod",
        "código de barras", "código ean", "codice a barre", "codice ean", "streepjescode", "kod kreskowy", "kod ean", "streckkod", "stregkode",
        "viivakoodi", "čárový kód", "čiarový kód", "vonalkód", "cod de bare", "barkod", "条码", "条形码", "商品条码", "國際條碼", "條碼",
        "JANコード", "バーコード", "바코드", "штрихкод", "штрих-код", "ean-код", "الباركود", "บาร์โค้ด", "mã vạch", "ברקוד",
    ),
    "mpn": (
        "mpn", "model", "model number", "model no", "part number", "part no", "manufacturer part number", "manufacturer number",
        "google shopping / mpn", "Hersteller-Nr.", "Herstellernummer", "Herstellerartikelnummer", "Modell", "Modellnummer", "HAN", "modèle",
        "numéro de modèle", "référence fabricant", "modelo", "número de modelo", "referencia fabricante", "modello", "numero modello",
        "codice produttore", "modelnummer", "fabrikantcode", "numer modelu", "kod producenta", "modellnamn", "malli", "mallinumero",
        "típus", "model kodu", "型号", "产品型号", "規格型號", "型號", "型番", "モデル", "모델명", "모델", "модель", "номер модели", "артикул производителя",
    ),
    "seller": (
        "seller", "seller_name", "merchant", "merchant name", "vendor", "shop", "store", "supplier", "shop name", "store name", "Händler",
        "Verkäufer", "Anbieter", "Lieferant", "vendeur", "marchand", "boutique", "fournisseur", "vendedor", "tienda", "proveedor", "venditore",
        "negozio", "fornitore", "verkoper", "winkel", "leverancier", "sprzedawca", "sklep", "dostawca", "loja", "säljare", "sælger", "myyjä",
        "prodejce", "eladó", "vânzător", "satıcı", "mağaza", "卖家", "店铺", "商家", "供应商", "賣家", "店舗", "販売者", "ショップ", "판매자", "продавец",
        "магазин", "поставщик", "البائع",
    ),
    "category": (
        "category", "categories", "google_product_category", "google shopping / google product category", "product_type", "productType",
        "product category", "type", "Kategorie", "Warengruppe", "Produktkategorie", "catégorie", "rubrique", "categoría", "categoria",
        "categorie", "kategoria", "kategori", "kategorie", "kategória", "类别", "分类", "类目", "類別", "分類", "カテゴリ", "カテゴリー", "카테고리",
        "категория", "категорія", "раздел", "الفئة",
    ),
    "price": (
        "price", "sale_price", "regular price", "variant price", "amount", "current price", "unit price", "price tax incl.",
        "price tax excl.", "lowPrice", "Preis", "Verkaufspreis", "Bruttopreis", "Einzelpreis", "prix", "prix ttc", "prix de vente", "precio",
        "precio venta", "prezzo", "prijs", "verkoopprijs", "cena", "cena brutto", "preço", "pris", "hinta", "ár", "bruttó ár", "preț", "fiyat",
        "价格", "售价", "单价", "價格", "售價", "価格", "販売価格", "値段", "가격", "판매가", "цена", "стоимость", "ціна", "السعر", "ราคา", "giá", "harga",
        "τιμή", "מחיר",
    ),
    "currency": (
        "currency", "price_currency", "priceCurrency", "currencyId", "currency code", "Währung", "devise", "monnaie", "moneda", "divisa",
        "valuta", "waluta", "moeda", "měna", "mena", "pénznem", "monedă", "para birimi", "币种", "货币", "幣別", "通貨", "통화", "валюта",
    ),
    "link": (
        "link", "url", "product_url", "product link", "onlineStoreUrl", "deeplink", "deep link", "listing url", "item url", "web address",
        "external url", "Produktlink", "Produkt-URL", "Artikel-URL", "lien", "url produit", "enlace", "url del producto", "collegamento",
        "url prodotto", "produktlänk", "adres url", "链接", "商品链接", "網址", "商品URL", "リンク", "링크", "상품url", "ссылка", "url товара", "loc",
    ),
    "image_link": (
        "image_link", "image", "picture", "image_url", "photo", "images", "image src", "image urls", "pictures", "main image", "thumbnail",
        "Bild", "Bild-URL", "Bildlink", "Produktbild", "Foto", "url image", "lien image", "imagen", "url imagen", "immagine", "url immagine",
        "afbeelding", "afbeelding url", "zdjęcie", "url zdjęcia", "imagem", "obrázek", "bild url", "kép", "imagine", "resim", "图片", "主图",
        "图片链接", "圖片", "画像", "画像URL", "이미지", "картинка", "фото", "изображение", "ссылка на изображение",
    ),
}  # fmt: skip

IGNORED = frozenset({"@context", "@type"})
"""Keys that say what kind of object a row is, and nothing about the listing."""
