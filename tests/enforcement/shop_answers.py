"""A second set of invented answers of shops, by kind: other words, languages, walls and statuses than the open set's.

It was written before the rules of the verdict were, and is what they are measured on. A row reads as in the open set; `want`
names what may be said ("unknown|gone": either).
"""

import json
from collections.abc import Iterator
from typing import Any

HOST = "https://www.market.example"
URL = HOST + "/dp/offer/QX77-310942"
ID = "QX77-310942"
TITLE = "Nordfell Kindertraum foldable crib NF-220 oak"
OTHER = "Castlewick hand blender 600 W"
Row = dict[str, Any]

WALLS = [
    # Cloudflare, managed challenge and block page
    "<html lang=en-US><head><title>One more step</title><script>(function(){window._cf_chl_opt={cvId:'3'};}())</script></head><body><div class='main-wrapper'><h1>www.market.example</h1><p>Verifying you are human. This may take a few seconds.</p></div></body></html>",
    "<html><head><title>Attention</title></head><body><div id='cf-error-details'><h1>Sorry, you have been blocked</h1><p>You are unable to access market.example</p><p>Ray ID: 7c1d</p></div></body></html>",
    # DataDome, PerimeterX, Kasada, Akamai, Imperva: mostly script
    "<html><head><title>market.example</title></head><body><script>var dd={'rt':'c','cid':'AHrl','host':'geo.captcha-delivery.com'}</script><script src='https://ct.captcha-delivery.com/c.js'></script></body></html>",
    "<html><head><title>Robot or human?</title><meta name='description' content='px-captcha'></head><body><div id='px-captcha'></div><p>Activate and hold the button to confirm that you're human. Thank You!</p></body></html>",
    "<html><head></head><body><script>window.KPSDK={};KPSDK.now=Date.now;</script><script src='/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39/ips.js'></script></body></html>",
    "<html><head><title>&nbsp;</title></head><body><div id='sec-if-cpt-container'></div><script src='/_sec/cp_challenge/sec-cpt-3-2.js'></script><h2>Powered and protected by Akamai</h2></body></html>",
    "<html><head><META NAME='robots' CONTENT='noindex,nofollow'><script src='/_Incapsula_Resource?SWJIYLWA=5074'></script></head><body></body></html>",
    "<html><head><title>Pardon Our Interruption</title></head><body><h1>Pardon Our Interruption...</h1><p>As you were browsing something about your browser made us think you were a bot.</p></body></html>",
    # widgets and home-made ones
    "<html><head><title>Security check</title></head><body><form method='post' action='/verify'><div class='g-recaptcha' data-sitekey='6Lc'></div><script src='https://www.google.com/recaptcha/api.js'></script><button>Continue</button></form></body></html>",
    "<html><head><title>market.example</title></head><body><h1>Sicherheitsprüfung</h1><p>Bitte lösen Sie das Rätsel, um fortzufahren.</p><div class='h-captcha' data-sitekey='1'></div></body></html>",
    "<html><head><title>Проверка</title></head><body><p>Похоже, запросы с вашего устройства отправляет программа. Подтвердите, что вы человек.</p><form action='/showcaptcha'><input type='submit'></form></body></html>",
    "<html><head><title>安全验证</title></head><body><div id='baxia-punish'></div><p>亲，请拖动下方滑块完成验证</p><iframe src='//market.example/_____tmd_____/punish?x5secdata=xx'></iframe></body></html>",
    "<html><head><title>확인</title></head><body><p>자동화된 접근이 감지되었습니다. 로봇이 아님을 확인해 주세요.</p></body></html>",
    "<html><head><title>ご確認ください</title></head><body><p>不正なアクセスを検出しました。画像に表示されている文字を入力してください。</p><form><input name='t'></form></body></html>",
    "<html><head><title>Vérification</title></head><body><p>Nous devons vérifier que vous n'êtes pas un automate. Faites glisser le curseur vers la droite.</p><div id='geetest_box' class='geetest_holder'></div></body></html>",
    "<html><head><title>Un momento</title></head><body><p>Hemos detectado actividad inusual desde tu red. Completa la verificación de seguridad.</p></body></html>",
    "<html><head><meta http-equiv='refresh' content='5'></head><body><p>Checking if the site connection is secure</p></body></html>",
    "<html><head><script>var a=[3,1];document.cookie='__chk='+a.join('')+';path=/';window.location.href=window.location.href;</script></head><body></body></html>",
]
WALL_STATUSES = (200, 202, 403, 404, 405, 410, 418, 429, 503, 999)
OUTAGES = [
    (200, "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"),
    (200, "<html><head><title>Wartungsarbeiten</title></head><body><h1>Wir sind gleich wieder da</h1><p>Unser Shop wird gerade gewartet.</p></body></html>"),
    (200, "<html><head><title>Oups</title></head><body><h1>Une erreur est survenue</h1><p>Veuillez réessayer plus tard.</p></body></html>"),
    (200, "<html><head><title>メンテナンス中</title></head><body><p>ただいまメンテナンス中です。しばらくお待ちください。</p></body></html>"),
    (200, "<html><head><title>系统繁忙</title></head><body><p>系统繁忙，请稍后再试</p></body></html>"),
    (404, "<html><head><title>Технические работы</title></head><body><p>Сайт временно недоступен, ведутся технические работы.</p></body></html>"),
    (404, "<html><head><title>Service unavailable</title></head><body><p>The service is temporarily unavailable. Please try again later.</p></body></html>"),
    (410, ""),
    (404, "   \n "),
    (204, ""),
    (200, "<!doctype html><html><head><title>Market</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id='app'></div><script src='/static/main.9f.js'></script></body></html>"),
    (404, "<!doctype html><html><head><title>Market</title></head><body><div id='__next'></div><script>window.__DATA__={'message':'this listing was removed'}</script></body></html>"),
    (500, "<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>"),
    (522, "<html><head><title>market.example | 522: Connection timed out</title></head><body><h1>Connection timed out</h1></body></html>"),
    (200, "<html><body>Internal Server Error</body></html>"),
    (200, "<html><head><title>Error</title></head><body>upstream connect error or disconnect/reset before headers. reset reason: connection termination</body></html>"),
    (200, "<html><head><title>Coś poszło nie tak</title></head><body><p>Przepraszamy, coś poszło nie tak. Spróbuj ponownie za chwilę.</p></body></html>"),
]  # fmt: skip
SIGN_INS = [
    (200, HOST + "/anmelden?weiter=%2Fdp", "<title>Anmelden</title>", "<h1>Willkommen zurück</h1><form><label>E-Mail</label><input type=email><input type=password><button>Anmelden</button></form>"),
    (200, URL, "<title>Connexion</title>", "<h1>Identifiez-vous</h1><form action='/connexion'><input name=mail><input type=password name=mdp></form><p>Cette page n'est plus disponible sans compte.</p>"),
    (404, HOST + "/signin", "<title>ログイン</title>", "<h1>ログイン</h1><form><input type=password></form>"),
    (200, HOST + "/account/login", "<title>Log in to see this item</title>", "<p>Members only. Enter your e-mail and we will send you a code.</p><form><input type=email></form>"),
]  # fmt: skip
CONSENTS = [
    (200, HOST + "/consent?return=/dp", "<title>Datenschutz</title>", "<h1>Wir verwenden Cookies</h1><button>Alle akzeptieren</button><button>Ablehnen</button>"),
    (200, URL, "<title>Market</title>", "<h2>Votre vie privée</h2><p>Nous et nos partenaires utilisons des cookies.</p><button>Tout accepter</button><button>Continuer sans accepter</button>"),
    (404, URL, "<title>Age check</title>", "<h1>Are you over 18?</h1><p>You must be of legal age to enter this site.</p><button>Yes</button><button>No</button>"),
    (200, URL, "<title>Seleccione su país</title>", "<h1>Elija su país e idioma</h1><ul><li>España</li><li>México</li></ul>"),
]  # fmt: skip
ENDED = {
    "en": ("The seller has ended this listing", "This item has been removed because it violates our product safety policy.", "Sorry, this offer has expired and can no longer be bought"),
    "de": ("Die Anzeige wurde gelöscht", "Diese Auktion ist abgelaufen.", "Dieses Produkt wird nicht mehr verkauft.", "Der Artikel wurde aus Sicherheitsgründen aus dem Sortiment genommen."),
    "fr": ("L'annonce a été retirée par le vendeur", "Ce produit n'est plus en vente.", "Cette offre a expiré."),
    "es": ("El vendedor ha retirado este artículo", "Esta publicación fue eliminada", "Este producto ya no se vende."),
    "it": ("L'inserzione è scaduta", "Questo articolo è stato rimosso dal venditore", "Questo prodotto non è più in vendita"),
    "pt": ("Este anúncio foi removido", "O anúncio expirou", "Este produto já não está à venda"),
    "nl": ("Deze advertentie is verwijderd", "Dit product wordt niet meer verkocht"),
    "pl": ("Ogłoszenie zostało usunięte", "Ta aukcja już się zakończyła"),
    "ru": ("Объявление удалено продавцом", "Этот товар снят с продажи"),
    "ja": ("この商品は削除されました", "このオークションは終了しています", "こちらの商品は販売終了となりました"),
    "zh": ("宝贝已被卖家下架", "此商品已被删除", "很抱歉，您查看的商品已经失效", "此商品已從賣場移除"),
    "ko": ("판매가 종료된 상품입니다", "이 상품은 삭제되었습니다"),
    "tr": ("Bu ilan yayından kaldırıldı", "Bu ürün artık satılmıyor"),
    "ar": ("تم حذف هذا الإعلان", "هذا المنتج لم يعد متوفرا"),
    "sv": ("Annonsen är borttagen", "Auktionen är avslutad"),
    "da": ("Annoncen er slettet", "Varen sælges ikke længere"),
    "no": ("Annonsen er fjernet", "Dette produktet selges ikke lenger"),
    "fi": ("Ilmoitus on poistettu", "Tuotetta ei enää myydä"),
    "cs": ("Inzerát byl smazán", "Tento produkt se již neprodává"),
    "hu": ("A hirdetést törölték", "Ez a termék már nem kapható"),
    "ro": ("Anunțul a fost șters", "Acest produs nu mai este disponibil"),
    "el": ("Η αγγελία έχει διαγραφεί", "Το προϊόν δεν είναι πλέον διαθέσιμο"),
    "uk": ("Оголошення видалено", "Цей товар знято з продажу"),
    "vi": ("Sản phẩm này đã bị gỡ", "Tin đăng đã hết hạn"),
    "th": ("สินค้านี้ถูกลบแล้ว", "ประกาศนี้สิ้นสุดแล้ว"),
    "id": ("Produk ini telah dihapus", "Iklan sudah tidak tersedia lagi"),
}  # fmt: skip
OUT = {
    "en": (
        "Out of stock",
        "We're sold out right now – email me when it's back",
        "Temporarily unavailable",
        "Item unavailable in the selected size",
    ),
    "de": ("Ausverkauft", "Momentan nicht lieferbar", "Zurzeit vergriffen"),
    "fr": ("Rupture de stock", "Temporairement en rupture", "Épuisé"),
    "es": ("Agotado", "Sin existencias", "Temporalmente sin stock"),
    "it": ("Non disponibile al momento", "Esaurito"),
    "pt": ("Esgotado", "Produto indisponível", "Avise-me quando chegar"),
    "nl": ("Uitverkocht", "Tijdelijk niet op voorraad"),
    "pl": ("Produkt chwilowo niedostępny", "Brak w magazynie", "Wyprzedane"),
    "ru": ("Нет в наличии", "Временно отсутствует", "Распродано"),
    "ja": ("売り切れ", "在庫なし", "ただいま品切れ中です。入荷をお待ちください"),
    "zh": ("暂时缺货", "已售罄", "補貨中", "目前無貨"),
    "ko": ("품절", "일시품절", "재입고 알림 신청"),
    "tr": ("Tükendi", "Stokta yok"),
    "ar": ("غير متوفر حاليا", "نفدت الكمية"),
    "sv": ("Slut i lager", "Tillfälligt slut"),
    "da": ("Udsolgt", "Ikke på lager"),
    "no": ("Utsolgt", "Midlertidig utsolgt"),
    "fi": ("Loppuunmyyty", "Ei varastossa"),
    "cs": ("Vyprodáno", "Momentálně nedostupné"),
    "hu": ("Elfogyott", "Jelenleg nem elérhető"),
    "ro": ("Stoc epuizat", "Momentan indisponibil"),
    "el": ("Εξαντλήθηκε", "Προσωρινά μη διαθέσιμο"),
    "uk": ("Немає в наявності",),
    "vi": ("Hết hàng", "Tạm hết hàng"),
    "th": ("สินค้าหมด",),
    "id": ("Stok habis", "Sedang tidak tersedia"),
}
NOT_FOUND = {
    "en": ("404 – Nothing here", "The page you requested does not exist", "This item doesn't exist"),
    "de": ("Diese Seite existiert nicht", "Artikel nicht gefunden"),
    "fr": ("Cette page n'existe pas", "Produit introuvable"),
    "es": ("Página no encontrada", "No hemos encontrado este producto"),
    "it": ("Pagina non trovata", "Questo articolo non esiste"),
    "pt": ("Página não encontrada", "Não encontramos o que você procura"),
    "nl": ("Pagina niet gevonden",),
    "pl": ("Nie znaleziono strony",),
    "ru": ("Страница не найдена", "Такой страницы не существует"),
    "ja": ("お探しのページは見つかりませんでした", "指定された商品は存在しません"),
    "zh": ("您访问的页面不存在", "很抱歉，找不到該頁面", "商品不存在"),
    "ko": ("페이지를 찾을 수 없습니다", "존재하지 않는 상품입니다"),
    "tr": ("Aradığınız sayfa bulunamadı",),
    "ar": ("الصفحة غير موجودة",),
    "sv": ("Sidan kunde inte hittas",),
    "da": ("Siden blev ikke fundet",),
    "no": ("Fant ikke siden",),
    "fi": ("Sivua ei löytynyt",),
    "cs": ("Stránka nenalezena",),
    "hu": ("Az oldal nem található",),
    "ro": ("Pagina nu a fost găsită",),
    "el": ("Η σελίδα δεν βρέθηκε",),
    "uk": ("Сторінку не знайдено",),
    "vi": ("Không tìm thấy trang",),
    "th": ("ไม่พบหน้าที่คุณต้องการ",),
    "id": ("Halaman tidak ditemukan",),
}
BUYS = (
    "Buy it now",
    "Add to bag",
    "Kaufen",
    "Ajouter au panier",
    "Comprar",
    "Aggiungi al carrello",
    "In winkelwagen",
    "Do koszyka",
    "В корзину",
    "カートに入れる",
    "加入購物車",
    "장바구니 담기",
    "Sepete ekle",
    "Lägg i varukorgen",
    "أضف إلى السلة",
)
REVIEWS = (
    "<h2>Customer reviews</h2><p>I read that this item was removed from other shops, this listing has ended there.</p>",
    "<section class='reviews'><p>Der Artikel wurde entfernt und ist nicht mehr erhältlich, schrieb mir jemand.</p></section>",
    "<div id='opiniones'><blockquote>El anuncio ha sido eliminado, pensé.</blockquote></div>",
    "<section>レビュー: 前の商品は販売終了しました。</section>",
    "<section>Question: is this the one that was taken down? Answer: no, the old listing was deleted.</section>",
)
OTHERS_OUT = (
    f"<div class='related-products'><h3>{OTHER}</h3><p>This item is no longer available</p></div>",
    f"<section><h2>Das könnte Ihnen auch gefallen</h2><div>{OTHER}</div><div>Ausverkauft</div><div>Artikel nicht mehr verfügbar</div></section>",
    f"<ul class='carousel'><li>{OTHER} – 已下架</li></ul>",
    f"<aside><h4>{OTHER}</h4>Cette offre est terminée</aside>",
)
RESTRICTED = (
    "This product is not available in your region",
    "Sorry, this item can't be shipped to your location",
    "Dieser Artikel ist in Ihrem Land nicht erhältlich.",
    "Cet article n'est pas disponible dans votre pays",
    "Este producto no está disponible en tu región",
    "Questo prodotto non può essere venduto nel tuo paese",
    "Este item não está disponível na sua região",
    "Dit product is niet beschikbaar in jouw land",
    "Ten produkt nie jest dostępny w twoim kraju",
    "Этот товар недоступен в вашем регионе",
    "该商品在您所在的地区不可售",
    "お住まいの地域ではこの商品を購入できません",
    "해당 국가에서는 구매할 수 없는 상품입니다",
    "Bu ürün bulunduğunuz ülkede satılmıyor",
    "هذا المنتج غير متوفر في بلدك",
    "Den här produkten är inte tillgänglig i ditt land",
)


def page(body: str, title: str = "Market") -> str:
    return f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>"


def product(body: str, title: str = TITLE) -> str:
    frame = "<header><a href='/cart'>Basket</a><form action='/search'><input name=q></form></header><div class='product-page'>"
    return page(f"{frame}<h1>{title}</h1>{body}</div><footer>Imprint · Jobs · Help</footer>", f"{title} - Market")


def data(name: str, availability: str) -> str:
    offer = {"@type": "Offer", "price": "19.00", "availability": f"http://schema.org/{availability}"}
    return f'<script type="application/ld+json">{json.dumps({"@graph": [{"@type": "Product", "name": name, "offers": [offer]}]})}</script>'


def _answer(kind: str, want: str, html: str, status: int = 200, **more: Any) -> Row:
    row = {"kind": kind, "want": want, "status": status, "url": URL, "final_url": URL, "headers": {}, "html": html}
    return row | {"title": TITLE, "listing_id": ID} | more


def _unread() -> Iterator[Row]:
    for number, html in enumerate(WALLS):
        for status in WALL_STATUSES[number % 2 :: 2]:
            yield _answer("wall", "unknown", html, status)
    yield _answer("wall", "unknown", page("<h1>Not found</h1>"), 404, headers={"cf-mitigated": "challenge"})
    yield _answer("wall", "unknown", "", 405, headers={"x-amzn-waf-action": "captcha"})
    for status, html in OUTAGES:
        yield _answer("out_of_order", "unknown", html, status)
    for kind, rows in (("sign_in_wall", SIGN_INS), ("consent_wall", CONSENTS)):
        for status, final, head, body in rows:
            yield _answer(
                kind, "unknown", f"<html><head>{head}</head><body>{body}</body></html>", status, final_url=final
            )


def _gone() -> Iterator[Row]:
    for language, sentences in ENDED.items():
        for number, sentence in enumerate(sentences):
            told = (
                f"<div role=alert>{sentence}</div>",
                f"<p><strong>{sentence}</strong></p>",
                f"<div class='banner'><span>{sentence}</span></div>",
            )[number % 3]
            others = f"<section class='recommendations'><h2>Similar</h2><a href='/x'>{OTHER}</a><button>Buy it now</button></section>"
            yield _answer("ended_with_its_title", "gone", product(told + (others if number else "")), lang=language)
            yield _answer(
                "ended_as_a_message",
                "gone",
                page(f"<header><a>Cart</a></header><div>{sentence}</div><a href='/'>OK</a>{others}"),
                lang=language,
            )
    for language, sentences in NOT_FOUND.items():
        for number, sentence in enumerate(sentences):
            html = page(f"<h1>{sentence}</h1><p><a href='/'>Market</a></p>{others if number else ''}", sentence)
            yield _answer("not_found_page", "gone", html, (404, 200, 410)[number], lang=language)
    yield _answer(
        "data_of_another_product",
        "gone",
        page("<p>Dieses Angebot ist nicht mehr verfügbar.</p>" + data(OTHER, "InStock")),
    )
    yield _answer(
        "data_of_another_product",
        "gone",
        product("<div class=notice>La oferta ha finalizado</div>" + data(OTHER, "InStock")),
    )
    yield _answer(
        "data_and_page_disagree",
        "unknown|gone",
        product("<div>Cette annonce a été supprimée</div>" + data(TITLE, "InStock")),
    )


def _live() -> Iterator[Row]:
    for language, sentences in OUT.items():
        for number, sentence in enumerate(sentences):
            told = (
                f"<div class='stock-state'>{sentence}</div>",
                f"<p>{sentence}</p>",
                f"<button disabled>{sentence}</button>",
                f"<span>{sentence}</span>",
            )[number]
            yield _answer("out_of_stock_is_no_removal", "live", product("<p>24,90 €</p>" + told), lang=language)
    for number, buy in enumerate(BUYS):
        offer = f"<p>{'€ 1.299,00' if number % 2 else '49.00'}</p><button class=b>{buy}</button>"
        yield _answer("on_sale", "live", product(offer))
        yield _answer("on_sale_review_speaks_of_removal", "live", product(offer + REVIEWS[number % len(REVIEWS)]))
        yield _answer("on_sale_other_product_out", "live", product(offer + OTHERS_OUT[number % len(OTHERS_OUT)]))
    offer = "<p>49.00 USD</p><button>Add to basket</button>"
    yield _answer("data_and_page_disagree", "unknown|live", product(offer + data(TITLE, "Discontinued")))
    yield _answer(
        "broken_data", "live", product(offer + "<script type='application/ld+json'>{\"@type\": Product</script>")
    )
    yield _answer(
        "broken_data",
        "live",
        product(offer + "<script type='application/ld+json'>[[[[</script>" + data("", "Nonsense")),
    )
    for final in (
        HOST + "/nordfell-crib/dp/offer/QX77-310942/",
        "https://m.market.example/dp/offer/qx77-310942?utm=1",
        HOST + "/p/nordfell-kindertraum",
    ):
        yield _answer("same_page_other_address", "live", product(offer), final_url=final)
    for title in (
        "Page not found: a novel",
        "I am not a robot – T-shirt",
        "Sold out! The story of a festival",
        "Dieses Angebot ist beendet (Hörbuch)",
        "Access denied: memoirs of a spy",
    ):
        yield _answer("a_book_about_captchas", "live", product(offer, title), title=title)


def _between() -> Iterator[Row]:
    for sentence in RESTRICTED:
        yield _answer("restricted", "restricted", product(f"<p>{sentence}</p>"))
    yield _answer("restricted", "restricted", page("<h1>Unavailable For Legal Reasons</h1>"), 451)
    yield _answer(
        "restricted",
        "restricted",
        page("<p>This content is not available in your country due to a legal request.</p>"),
        404,
    )
    for final in (HOST, HOST + "/", HOST + "/de/", HOST + "/index.html"):
        yield _answer(
            "sent_home", "unknown", page(f"<h1>Deals</h1><h3>{OTHER}</h3><button>Add to bag</button>"), final_url=final
        )
    other = page(f"<h1>{OTHER}</h1><p>19.00</p><button>Add to bag</button>", OTHER)
    for final in (HOST + "/dp/offer/QX77-555", HOST + "/c/cribs", HOST + "/search?q=crib", HOST + "/suche/babybett"):
        yield _answer("sent_elsewhere", "unknown|gone", other, final_url=final)
    ended = page(f"<h1>{OTHER}</h1><p>This listing has ended</p>", OTHER)
    yield _answer("another_product_ended", "unknown", ended, final_url=HOST + "/dp/offer/QX77-555")
    variant = TITLE.replace("NF-220", "NF-221")
    yield _answer(
        "another_product_ended",
        "unknown",
        page(f"<h1>{variant}</h1><p>This listing has ended</p>", variant),
        final_url=HOST + "/dp/offer/QX77-556",
    )
    yield _answer(
        "hidden_words",
        "live",
        product("<p>49.00</p><button>Buy it now</button><div hidden>This listing has ended</div>"),
    )
    yield _answer(
        "hidden_words",
        "live",
        product("<p>49.00</p><button>Buy it now</button><p style='display: none'>This item was removed</p>"),
    )
    yield _answer(
        "seller_writes",
        "live|unknown",
        product(
            "<p>49.00</p><button>Buy it now</button><div class=description>This listing has ended. This item was removed.</div>"
        ),
    )
    yield _answer(
        "seller_writes",
        "live|unknown",
        product("<div class=description>This listing has ended.</div><p>49.00</p><button>Kaufen</button>"),
    )
    yield _answer("not_found_but_on_sale", "live|unknown", product("<p>49.00</p><button>Buy it now</button>"), 404)


def answers() -> list[Row]:
    rows = [*_unread(), *_gone(), *_live(), *_between()]
    return [{"id": f"second-{number}", **row} for number, row in enumerate(rows)]
