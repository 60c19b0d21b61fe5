"""A sixth set of invented answers of shops: 120 pages in the layouts of large marketplaces, in some forty languages.

Written before their author read the rules; a third (`HELD_OUT`, drawn by a seed beforehand) was judged once, at the end.
`want` names what may be said ("unknown|gone": either). A row that should be live, restricted or unknown and is judged gone
is a false proof.
"""

import json
import random
from typing import Any, NamedTuple

SHOP = "https://market.example"
URL = f"{SHOP}/itm/TR-50917"
ID = "TR-50917"
TITLE = "Velmora infrared heater VH-2200 with stand"
COUNT = 120
# Drawn before the first run; positions in ROWS.
HELD_OUT = frozenset(random.Random(20261129).sample(range(COUNT), COUNT // 3))  # noqa: S311


class Row(NamedTuple):
    """One answer; `to` is the address that it came from, where that is another one."""

    kind: str
    want: str
    status: int
    html: str
    to: str = URL
    headers: dict[str, str] = {}
    title: str = TITLE
    charset: str = ""
    raw: bytes = b""


def _amazon(middle: str, *, lang: str = "en", title: str = TITLE, buy: str = "", side: str = "") -> str:
    return (
        f"<!doctype html><html lang='{lang}'><head><title>{title} : Home</title></head><body>"
        "<div id='navbar'><a href='/'>market</a><a href='/gp/cart'>0</a></div>"
        f"<div id='dp'><div id='centerCol'><h1 id='title'><span id='productTitle'>{title}</span></h1>"
        f"<div id='feature-bullets'><ul><li>2200 W</li><li>IP34</li></ul></div></div>"
        f"<div id='rightCol'><div id='availability'>{middle}</div>{buy}</div></div>"
        f"<div id='sims-carousel' class='a-carousel'>{side}</div><div id='navFooter'>© 2026</div></body></html>"
    )


def _ebay(banner: str, *, lang: str = "en", title: str = TITLE, price: str = "", buy: str = "", side: str = "") -> str:
    return (
        f"<!doctype html><html lang='{lang}'><head><title>{title} for sale</title></head><body>"
        "<header id='gh'><a href='/'>market</a><input name='_nkw'></header><div id='mainContent'>"
        f"<div class='d-statusmessage'>{banner}</div><h1 class='x-item-title__mainTitle'><span>{title}</span></h1>"
        f"<div class='x-price-primary'>{price}</div>{buy}</div><div class='merch-placement'>{side}</div>"
        "<footer id='glbfooter'>Community</footer></body></html>"
    )


def _shopify(form: str, *, lang: str = "en", title: str = TITLE, data: str = "", after: str = "") -> str:
    return (
        f"<!doctype html><html lang='{lang}'><head><title>{title} – Hearth</title>{data}"
        "<script src='https://cdn.shopify.com/s/trekkie.js'></script></head><body><div id='shopify-section-header'>"
        "<a href='/collections/all'>All</a><a href='/cart'>Cart</a></div><main id='MainContent'>"
        f"<div class='product'><h1 class='product__title'>{title}</h1>{form}</div></main>{after}"
        "<div id='shopify-section-footer'>© Hearth</div></body></html>"
    )


def _woo(summary: str, *, lang: str = "en", title: str = TITLE, after: str = "") -> str:
    return (
        f"<!doctype html><html lang='{lang}'><head><title>{title} – Shop</title></head><body class='single-product woocommerce'>"
        "<header><nav><a href='/'>Home</a><a href='/shop'>Shop</a></nav></header><main id='primary'>"
        f"<div class='product type-product'><div class='summary entry-summary'><h1 class='product_title'>{title}</h1>"
        f"{summary}</div></div>{after}</main><footer>Powered by WooCommerce</footer></body></html>"
    )


def _message(text: str, *, lang: str = "en", head: str = "Market", more: str = "") -> str:
    return (
        f"<!doctype html><html lang='{lang}'><head><title>{head}</title></head><body><header><a href='/'>Market</a>"
        f"<form action='/search'><input name='q'></form></header><main>{text}</main>{more}"
        "<footer><a href='/help'>?</a></footer></body></html>"
    )


def _list(heading: str, add: str) -> str:
    cards = "".join(
        f"<li class='card'><a href='/itm/{n}'>{name}</a><span class='price'>{price}</span><button>{add}</button></li>"
        for n, name, price in (
            (1, "Oak lamp 12", "49,00"),
            (2, "Panel radiator 900", "119,00"),
            (3, "Fan 40 cm", "35,90"),
        )
    )
    return f"<section class='recommendations'><h2>{heading}</h2><ul>{cards}</ul></section>"


def _ld(availability: str, name: str = TITLE) -> str:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": name,
        "offers": {
            "@type": "Offer",
            "price": "89.90",
            "priceCurrency": "EUR",
            "availability": f"https://schema.org/{availability}",
        },
    }
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def _buy(text: str) -> str:
    return f"<span class='price'>89,90 €</span><form action='/cart/add'><button type='submit'>{text}</button></form>"


# fmt: off
WALLS = [
    Row("wall", "unknown", 404, "<html><head><title>Robot Check</title></head><body><form method='get' action='/errors/validateCaptcha'><input type=hidden name=amzn value=x><h4>Type the characters you see in this image:</h4><img src='/captcha/x.jpg'><input id='captchacharacters' name='field-keywords'></form></body></html>"),
    Row("wall", "unknown", 404, "<html><head><title>Just a moment...</title><meta http-equiv='refresh' content='390'></head><body><div class='main-wrapper'><noscript>Enable JavaScript and cookies to continue</noscript></div><script>window._cf_chl_opt={cType:'managed'};</script></body></html>", headers={"cf-mitigated": "challenge", "server": "cloudflare"}),
    Row("wall", "unknown", 410, "<html><head><title></title></head><body><script>var dd={'rt':'c','cid':'AHrl','hsh':'A55','t':'fe','host':'geo.captcha-delivery.com'}</script><script src='https://ct.captcha-delivery.com/c.js'></script></body></html>", headers={"x-datadome": "protected"}),
    Row("wall", "unknown", 200, "<html><head><script>sessionStorage.x5referer=window.location.href;window.location.replace('https://market.example/_____tmd_____/punish?x5secdata=xcF7');</script></head></html>"),
    Row("wall", "unknown", 404, "<html lang=zh><head><title>验证码拦截</title></head><body><div id='nocaptcha'></div><p>请按住滑块，拖动到最右边</p><script src='//g.alicdn.com/sd/ncpc/nc.js'></script></body></html>"),
    Row("wall", "unknown", 410, "<html lang=ko><head><title>접속 확인</title></head><body><h1>비정상적인 접근이 감지되었습니다</h1><p>자동 입력 방지를 위해 아래 숫자를 입력해 주세요.</p><form><input name=code></form></body></html>"),
    Row("wall", "unknown", 404, "<html lang=ja><head><title>アクセスが制限されています</title></head><body><p>お客様のアクセスは一時的に制限されています。ロボットではないことを確認してください。</p></body></html>"),
    Row("wall", "unknown", 404, "<html><head><title>Robot or human?</title></head><body><div id='px-captcha'></div><p>Activate and hold the button to confirm that you're human. Thank You!</p><script>window._pxAppId='PXu6b0qd2S';</script></body></html>"),
    Row("wall", "unknown", 404, "<html lang=pt><head><title>Verificação</title></head><body><p>Percebemos uma atividade incomum vinda da sua rede. Complete o desafio para continuar.</p><form action='/desafio' method=post><input name=resposta></form></body></html>"),
    Row("wall", "unknown", 410, "<html lang=ru><head><title>Доступ ограничен</title></head><body><h1>Доступ ограничен</h1><p>Проблема с IP. Подтвердите, что вы не робот, чтобы продолжить.</p></body></html>"),
    Row("wall", "unknown", 404, "<html lang=is><head><title>Staðfesting</title></head><body><p>Staðfestu að þú sért ekki vélmenni til að halda áfram.</p><form method=post><input type=checkbox name=ok><button>Áfram</button></form></body></html>"),
    Row("wall", "unknown", 404, "<html lang=lv><head><title>Drošības pārbaude</title></head><body><h1>Drošības pārbaude</h1><p>Lūdzu, apstipriniet, ka neesat robots.</p><img src='/k.png'><form><input name=kods></form></body></html>"),
    Row("wall", "unknown", 410, "<html lang=he dir=rtl><head><title>בדיקת אבטחה</title></head><body><p>זיהינו פעילות חריגה מהרשת שלך. אנא אשרו שאינכם רובוט.</p></body></html>"),
    Row("wall", "unknown", 404, "<html><head><title>Pardon Our Interruption</title></head><body><h1>Pardon Our Interruption...</h1><p>As you were browsing something about your browser made us think you were a bot.</p><script src='/_Incapsula_Resource?SWJIYLWA=719d'></script></body></html>"),
    Row("wall", "unknown", 404, "<html><head><script>(function(){var t=0;for(var i=0;i<4e5;i++){t^=i*2654435761}document.cookie='__tst='+t;location.reload(true)})();</script></head><body></body></html>"),
    Row("wall", "unknown", 429, "<html lang=th><body><h1>มีการร้องขอมากเกินไป</h1><p>กรุณาลองใหม่อีกครั้งในภายหลัง</p></body></html>"),
    Row("wall", "unknown", 404, "<html lang=id><head><title>Verifikasi</title></head><body><p>Geser potongan puzzle untuk membuktikan bahwa Anda bukan robot.</p><div class='slider'></div></body></html>"),
    Row("wall", "unknown", 403, "<html><body>This item is no longer available. Reference 0.4a2c1602</body></html>"),
]
NOT_READ = [
    Row("scripts_only", "unknown", 200, "<!doctype html><html lang=id><head><title>Belanja Online</title><script src='/assets/main.9f2.js' defer></script></head><body><div id='main'></div><noscript>Please enable JavaScript.</noscript></body></html>"),
    Row("scripts_only", "unknown", 404, "<!doctype html><html><head><title>Store</title><script type=module src='/assets/index-4ac.js'></script></head><body><div id='root'></div></body></html>"),
    Row("empty", "unknown", 200, ""),
    Row("empty", "unknown", 404, "<html><head></head><body></body></html>"),
    Row("tiny", "unknown", 410, "<html><body>Gone</body></html>"),
    Row("tiny", "unknown", 404, "Not Found", headers={"content-type": "text/plain"}),
    Row("server_error", "unknown", 503, "<html><head><title>503</title></head><body><h1>Listing ended</h1></body></html>"),
    Row("server_error", "unknown", 404, "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"),
    Row("maintenance", "unknown", 200, _message("<h1>Δουλεύουμε πάνω σε βελτιώσεις</h1><p>Το κατάστημα θα επιστρέψει σύντομα.</p>", lang="el", head="Συντήρηση")),
    Row("maintenance", "unknown", 404, _message("<h1>Karbantartás alatt</h1><p>Hamarosan visszatérünk.</p>", lang="hu", head="Karbantartás")),
    Row("sign_in", "unknown", 200, "<html lang=zh><head><title>登录</title></head><body><div id='login-form'><input name='fm-login-id'><input type='password' name='fm-login-password'><button>登录</button></div></body></html>", to="https://login.market.example/member/login.jhtml?redirectURL=x"),
    Row("sign_in", "unknown", 404, "<html lang=uk><head><title>Вхід</title></head><body><h1>Увійдіть, щоб переглянути сторінку</h1><form><input name=email><input type=password name=p><button>Увійти</button></form></body></html>"),
    Row("consent", "unknown", 200, "<html lang=nl><head><title>Privacy</title></head><body><h1>Wij gebruiken cookies</h1><p>Geef toestemming om verder te gaan naar de site.</p><button>Alles accepteren</button><button>Weigeren</button></body></html>", to="https://privacy.market.example/consent?next=x"),
    Row("age_gate", "unknown", 200, "<html lang=da><head><title>Aldersbekræftelse</title></head><body><h1>Er du fyldt 18 år?</h1><button>Ja</button><button>Nej</button></body></html>"),
    Row("age_gate", "unknown", 200, "<html><head><title>Vape house</title></head><body><div class='gate'><h2>Are you over 18?</h2><p>You must be of legal age to enter this site.</p><button>Yes, I am</button><button>No, exit</button></div></body></html>"),
    Row("damage", "unknown", 200, "", raw=b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xb3\xc9(\xc9\xcd\x91\x12\x00Lt\x98\xfa\x01\x17\xd5\x00\x8e", headers={"content-type": "text/html"}),
    Row("damage", "unknown", 404, "", raw=bytes(range(128, 256)) * 20, headers={"content-type": "text/html"}),
    Row("json", "unknown", 403, '{"ret":["FAIL_SYS_USER_VALIDATE","RGV587_ERROR::SM"],"data":{"url":"https://market.example/_____tmd_____/punish"}}', headers={"content-type": "application/json"}),
    Row("json", "unknown", 404, '{"error":"not_found"}', headers={"content-type": "application/json"}),
    Row("json", "live|unknown", 200, json.dumps({"item": {"id": ID, "title": TITLE, "status": "active", "price": 89.9, "stock": 4}}), headers={"content-type": "application/json"}),
    Row("json", "gone|unknown", 200, json.dumps({"item": {"id": ID, "title": TITLE, "status": "deleted"}}), headers={"content-type": "application/json"}),
]
ELSEWHERE = [
    Row("redirect", "unknown", 200, _message("<h1>Velkommen</h1>" + _list("Populært nå", "Legg i handlekurven"), lang="nb"), to=f"{SHOP}/"),
    Row("redirect", "unknown", 200, _message("<h1>Heaters</h1><p>24 results</p>" + _list("Heaters", "Add")), to=f"{SHOP}/c/heaters"),
    Row("redirect", "unknown", 200, _message("<h1>Keine Treffer</h1><p>Zu deiner Suche wurde nichts gefunden.</p>", lang="de"), to=f"{SHOP}/search?q=TR-50917"),
    Row("similar_instead", "unknown|gone", 200, _woo(_buy("Dodaj u košaricu"), lang="hr", title="Panelni radijator 900 bijeli"), to=f"{SHOP}/itm/PR-900"),
    Row("similar_instead", "unknown|gone", 200, _woo(_buy("Lägg i varukorgen"), lang="sv", title="Fläkt 40 cm vit")),
    Row("moved", "live", 200, _woo(_buy("Adaugă în coș"), lang="ro"), to=f"{SHOP}/ro/itm/TR-50917?utm_source=x"),
]
GONE = [
    Row("ended", "gone", 200, _ebay("This listing ended on Sun, 22 Nov at 10:14 AM. The seller has relisted this item or one like this. <a href='/itm/TR-60001'>See relisted item</a>", price="EUR 89.90", side=_list("Similar items", "Buy it now"))),
    Row("ended", "gone", 200, _ebay("Dieses Angebot wurde vom Verkäufer beendet, da der Artikel nicht mehr verfügbar ist.", lang="de", price="EUR 89,90", side=_list("Ähnliche Artikel", "In den Warenkorb"))),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><div class='ui-pdp-warning'>Publicación finalizada</div>" + _list("Productos relacionados", "Comprar"), lang="es")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><div class='ui-pdp-message'>Anúncio encerrado.</div>", lang="pt")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><div data-box-name='ended'>Sprzedaż zakończona</div><p>Ta oferta została zakończona.</p>" + _list("Podobne oferty", "Dodaj do koszyka"), lang="pl")),
    Row("ended", "gone", 200, _message(f"<p>商品已下架</p><h1>{TITLE}</h1>" + _list("猜你喜欢", "加入购物车"), lang="zh")),
    Row("ended", "gone", 200, _message("<div class='error-notice-hd'>很抱歉，您查看的宝贝不存在，可能已下架或者被转移。</div>", lang="zh", head="淘")),
    Row("ended", "gone", 404, _message("<h1>お探しの商品は見つかりませんでした</h1><p>この商品は販売を終了しました。</p>", lang="ja", head="ページが見つかりません")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p class='prod-not-find'>판매가 종료된 상품입니다.</p>" + _list("추천 상품", "장바구니 담기"), lang="ko")),
    Row("ended", "gone", 200, _message("<h2>Produk ini sudah dihapus oleh penjual</h2>" + _list("Produk serupa", "Tambah ke keranjang"), lang="id")),
    Row("ended", "gone", 404, _message("<h1>Sản phẩm không tồn tại</h1><p>Sản phẩm này đã bị người bán xóa.</p>", lang="vi")),
    Row("ended", "gone", 200, _message("<h1>ไม่พบสินค้า</h1><p>สินค้านี้ถูกลบออกแล้ว</p>" + _list("สินค้าแนะนำ", "เพิ่มลงตะกร้า"), lang="th")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Þessi auglýsing hefur verið fjarlægð.</p>", lang="is")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>See kuulutus on eemaldatud.</p>", lang="et")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Šis sludinājums ir dzēsts.</p>" + _list("Līdzīgi", "Pievienot grozam"), lang="lv")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Skelbimas nebegalioja, jį pašalino pardavėjas.</p>", lang="lt")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Oglas je bil odstranjen.</p>", lang="sl")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Ovaj oglas je istekao ili je uklonjen.</p>", lang="hr")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Овај оглас је обрисан.</p>", lang="sr")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Тази обява е премахната от продавача.</p>", lang="bg")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Acest anunț a fost șters de către vânzător.</p>", lang="ro")),
    Row("ended", "gone", 404, _message("<h1>Inzerát bol vymazaný</h1><p>Tento inzerát už neexistuje.</p>", lang="sk")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Nabídka byla ukončena prodejcem.</p>", lang="cs")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Η αγγελία έχει αφαιρεθεί.</p>", lang="el")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Оголошення видалено продавцем.</p>", lang="uk")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>המודעה הוסרה על ידי המוכר.</p>", lang="he")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>تم حذف هذا الإعلان من قبل البائع.</p>", lang="ar")),
    Row("ended", "gone", 404, _message("<h1>این آگهی حذف شده است</h1>", lang="fa")),
    Row("ended", "gone", 404, _message("<h1>यह उत्पाद हटा दिया गया है</h1>", lang="hi")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>Aquest anunci ha estat eliminat pel venedor.</p>", lang="ca")),
    Row("ended", "gone", 200, _message(f"<h1>{TITLE}</h1><p>L'annonce a été supprimée par son auteur.</p>" + _list("Annonces similaires", "Ajouter au panier"), lang="fr")),
    Row("ended", "gone", 200, _message("<p>Sorry, this item and shop are currently unavailable</p><h2>This listing was removed by the seller.</h2>" + _list("You may also like", "Add to basket"))),
    Row("ended", "gone", 200, _message("<h1>This item is no longer available</h1><p>But here is something similar:</p><div class='product'><h2>Panel radiator 900</h2>" + _buy("Add to cart") + "</div>")),
    Row("ended", "gone", 410, _message("<h1>Annoncen er slettet</h1><p>Sælgeren har fjernet annoncen.</p>", lang="da")),
    Row("soft_404", "gone", 200, _message("<h1>Sivua ei löytynyt</h1><p>Etsimääsi tuotetta ei enää ole.</p>" + _list("Suositeltua", "Lisää ostoskoriin"), lang="fi", head="Sivua ei löydy")),
    Row("soft_404", "gone", 404, _message("<h1>Pagina non trovata</h1><p>Il prodotto che cerchi non esiste più.</p>" + _list("Consigliati", "Aggiungi al carrello"), lang="it", head="404")),
    Row("old_charset", "gone", 404, "<html><head><meta charset='shift_jis'><title>ページが見つかりません</title></head><body><h1>ページが見つかりません</h1><p>この商品は削除されました。</p></body></html>", charset="shift_jis", headers={"content-type": "text/html"}),
    Row("old_charset", "gone", 200, f"<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'><title>Магазин</title></head><body><h1>{TITLE}</h1><p>Товар снят с продажи.</p></body></html>", charset="windows-1251", headers={"content-type": "text/html"}),
]
LIVE = [
    Row("out_of_stock", "live", 200, _amazon("<span>Derzeit nicht verfügbar.</span><br>Ob und wann dieser Artikel wieder vorrätig sein wird, ist unbekannt.", lang="de", side=_list("Gesponsert", "In den Einkaufswagen"))),
    Row("out_of_stock", "live", 200, _amazon("<span>現在在庫切れです。</span> この商品の再入荷予定は立っておりません。", lang="ja")),
    Row("out_of_stock", "live", 200, _amazon("<span>Şu anda mevcut değil.</span>", lang="tr")),
    Row("out_of_stock", "live", 200, _amazon("<span>غير متوفر حالياً.</span>", lang="ar")),
    Row("out_of_stock", "live", 200, _amazon("<span>वर्तमान में अनुपलब्ध।</span>", lang="hi")),
    Row("out_of_stock", "live", 200, _woo("<p class='stock out-of-stock'>Nema na zalihi</p>", lang="hr")),
    Row("out_of_stock", "live", 200, _woo("<p class='stock out-of-stock'>Ni na zalogi</p>", lang="sl")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>Uppselt</p><p>Varan er ekki til á lager.</p>", lang="is")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>Läbi müüdud</p><p>Toode on hetkel otsas.</p>", lang="et")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>Nav noliktavā</p><p>Prece pašlaik nav pieejama.</p>", lang="lv")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>Išparduota</p><p>Šiuo metu prekės neturime.</p>", lang="lt")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>Изчерпано количество</p><p>Продуктът не е наличен в момента.</p>", lang="bg")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>Stoc epuizat</p><p>Momentan indisponibil.</p>", lang="ro")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>Εξαντλήθηκε</p><p>Προσωρινά μη διαθέσιμο.</p>", lang="el")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>Немає в наявності</p>", lang="uk")),
    Row("out_of_stock", "live", 200, _woo("<p class='availability'>אזל מהמלאי</p><p>המוצר אינו זמין כרגע.</p>", lang="he")),
    Row("out_of_stock", "live", 200, _message(f"<h1>{TITLE}</h1><div class='price'>₫890.000</div><button disabled>Hết hàng</button>", lang="vi")),
    Row("out_of_stock", "live", 200, _message(f"<h1>{TITLE}</h1><div class='price'>฿2,490</div><p>สินค้าหมดชั่วคราว</p>", lang="th")),
    Row("out_of_stock", "live", 200, _message(f"<h1>{TITLE}</h1><div class='price'>RM 199</div><p>Stok habis</p><p>Produk ini tidak tersedia buat masa ini.</p>", lang="ms")),
    Row("out_of_stock", "live", 200, _message(f"<h1>{TITLE}</h1><p>일시품절</p><p>재입고 알림 신청</p>", lang="ko")),
    Row("out_of_stock", "live", 200, _shopify("<button name='add' disabled>Esgotado</button>", lang="pt", data=_ld("OutOfStock"))),
    Row("out_of_stock", "live", 200, _shopify("<button name='add' disabled>Loppuunmyyty</button><p>Ei saatavilla tällä hetkellä</p>", lang="fi")),
    Row("variant_out", "live", 200, _shopify("<select name='id'><option disabled>White - Sold out</option><option selected>Black</option></select>" + _buy("Add to cart"))),
    Row("on_sale", "live", 200, _ebay("", price="EUR 89,90", buy="<a href='/buy'>Sofort-Kaufen</a><a>In den Warenkorb</a>", lang="de", side="<p>Dieses Angebot wurde beendet</p>")),
    Row("on_sale", "live", 200, _shopify(_buy("Add to cart"), after="<div id='reviews'><p>My first one was removed from sale because it was recalled. This page no longer exists, they told me.</p></div>")),
    Row("on_sale", "live", 200, _woo("<p class='price'>89,90 €</p><p>Nur noch 2 auf Lager. Das Angebot endet in 3 Stunden.</p>" + _buy("In den Warenkorb"), lang="de")),
    Row("on_sale", "live", 200, _woo(_buy("Į krepšelį") + "<p>Akcija baigėsi.</p>", lang="lt")),
    Row("holiday", "live|unknown", 200, _ebay("The seller is away until 7 December. Orders will be shipped after that date.", price="EUR 89.90", buy="<button>Buy it now</button>")),
    Row("pre_order", "live", 200, _amazon("This title will be released on 4 February 2027. Pre-order now.", buy=_buy("Pre-order now"))),
    Row("store_only", "live", 200, _woo("<p class='price'>89,90 €</p><p>Online nicht verfügbar. Nur in unseren Filialen erhältlich.</p>", lang="de")),
    Row("price_hidden", "live", 200, _message(f"<h1>{TITLE}</h1><p>Minimum order: 50 pieces</p><a href='/signin'>Sign in to see price</a><button>Contact supplier</button><button>Start order request</button>")),
]
RESTRICTED = [
    Row("restricted", "restricted", 200, _message(f"<h1>{TITLE}</h1><p>Dit artikel is niet beschikbaar in jouw land.</p>", lang="nl")),
    Row("restricted", "live|restricted", 200, _amazon("This item cannot be shipped to your selected delivery location. Please choose a different delivery location.", buy="<span class='price'>€89.90</span>")),
    Row("restricted", "restricted", 200, _message(f"<h1>{TITLE}</h1><p>Acest produs nu este disponibil în țara ta.</p>", lang="ro")),
]
CONTRADICTION = [
    Row("contradiction", "live|unknown", 200, _shopify(_buy("Add to cart"), data=_ld("Discontinued"))),
    Row("contradiction", "unknown|gone", 200, _message(f"{_ld('InStock')}<h1>{TITLE}</h1><p>L'annuncio è stato rimosso dal venditore.</p>", lang="it")),
    Row("contradiction", "live|unknown", 404, _woo(_buy("Add to basket"))),
]
ROWS = [*WALLS, *NOT_READ, *ELSEWHERE, *GONE, *LIVE, *RESTRICTED, *CONTRADICTION]
