"""Ways to go on selling behind a page that says "ended", by somebody who knew the rules; each beside a real removal.

They came after `seller_tricks.jsonl` and `test_ways_to_buy.py`, and use what those left: payment buttons that a script draws,
parts of a page that load later, scripts that change the message, styles behind a variable, sentences about something else.
"""

import pytest

from enforcement.rules.verdict import Answer, judge

URL, ID, TITLE = "https://bazaar.example/goods/AA-55102", "AA-55102", "Frostholm ice shaver ISH-77"
ENDED = '<p class="alert">This listing has ended.</p>'
PICTURE = "<img src='/k.jpg' alt=''>"
LONG = "<p>" + "Made of brushed steel with a cool grip. " * 30 + "</p>"


def verdict(body: str, status: int = 200, head: str = "") -> tuple[str, str]:
    html = f"<!doctype html><html><head><title>Bazaar</title>{head}</head><body>{body}</body></html>"
    found = judge(Answer(status, URL, URL, {}, html), listing_id=ID, title=TITLE)
    return found.verdict, found.rule


def ended(offer: str = "", head: str = "") -> tuple[str, str]:
    return verdict(f"<main><h1>{TITLE}</h1>{ENDED}{offer}</main>", head=head)


@pytest.mark.parametrize(
    "offer",
    [
        "<apple-pay-button></apple-pay-button>",
        "<stripe-buy-button buy-button-id='x'></stripe-buy-button>",
        "<div class='shopify-payment-button'></div>",
        "<div id='paypal-button-container'></div>",
        "<button class='snipcart-add-item' data-item-id='1'>+</button>",
        "<a href='https://shopx.gumroad.com/l/abc'>→</a>",
        "<a href='https://ko-fi.com/s/abc'>→</a>",
        "<a href='https://discord.gg/abc'>join</a>",
        "<a href='/x'>🛒</a>",
        "<p>IBAN DE89 3704 0044 0532 0130 00</p>",
        "<p>Send to bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh</p>",
        "<div hx-get='/box' hx-trigger='load'></div>",
        "<turbo-frame id='b' src='/box'></turbo-frame>",
        "<include-fragment src='/box'></include-fragment>",
        "<div x-data x-init=\"$el.innerHTML=await(await fetch('/box')).text()\"></div>",
        "<img src='x' onerror=\"location.href='/goods/x'\">",
        "<script>document.querySelector('.alert').remove()</script>",
        "<script>document.querySelector('.alert').textContent='In stock'</script>",
        f"{LONG}<script>fetch('/box').then(t=>document.querySelector('.alert').outerHTML=t)</script>",
        f"<script type='application/json'>{{\"id\": \"{ID}\", \"purchasable\": true}}</script>",
        f"<script>window.__NUXT__={{\"product\":{{\"id\":\"{ID}\",\"available_for_sale\":true}}}}</script>",
        f"<div data-product='{{\"id\":\"{ID}\",\"canBuy\":true}}'></div>",
        f"<script type='application/json'>{{\"title\": \"{TITLE}\", \"addToCartUrl\": \"/cart/add/1\"}}</script>",
        f"<a href='/goods/BB-2'>{PICTURE}<b>Frost Holm shaver</b> € 19.90</a>",
        f"<a href='/goods/BB-2'>{PICTURE}Last pieces here € 19.90</a>",
        f"<a href='/go/{ID}'><img src='/banner.png' width='900' alt=''></a>",
    ],
)  # fmt: skip
def test_an_ended_listing_with_a_way_to_order_is_not_proved_gone(offer: str) -> None:
    assert ended() == ("gone", "says_ended")
    assert ended(offer)[0] in {"unknown", "live"}


@pytest.mark.parametrize(
    "offer",
    [
        "<script type='application/json'>{\"id\": \"ZZ-1\", \"purchasable\": true}</script>",
        f"<script type='application/json'>{{\"id\": \"{ID}\", \"purchasable\": false}}</script>",
        "<script>document.querySelector('.cookie-banner').remove()</script>",
        "<img src='x' onerror=\"this.src='/none.png'\">",
        f"<aside><a href='/goods/BB-2'>{PICTURE}<b>Morrowe Aquila II</b> € 19.90</a></aside>",
        f"<p>Replaced by</p><a href='/goods/BB-2'>{PICTURE}<b>Morrowe Aquila II</b> € 19.90</a>",
    ],
)  # fmt: skip
def test_what_real_pages_of_ended_listings_hold_is_no_offer_of_the_listing(offer: str) -> None:
    assert ended(offer) == ("gone", "says_ended")


@pytest.mark.parametrize(
    "style",
    [
        ":root{--d:none} .alert{display:var(--d)}",
        "body:has(h1) .alert{display:none}",
        "html body .alert{visibility:hidden}",
        ".q::after{content:'At the counter: € 19.90'}",
    ],
)
def test_a_style_that_hides_the_message_or_writes_an_offer_leaves_no_proof(style: str) -> None:
    assert ended(head=f"<style>{style}</style>")[0] != "gone"


def test_a_message_in_the_colour_of_its_ground_is_not_seen() -> None:
    message = "<p class='alert' style='color:{}'>This listing has ended.</p>"
    page = f"<main style='background:#fff'><h1>{TITLE}</h1>{message}</main>"
    assert verdict(page.format("white"))[0] == "unknown"
    assert verdict(page.format("#c00")) == ("gone", "says_ended")


@pytest.mark.parametrize(
    "sentence",
    [
        "This listing has ended early bird pricing.",
        "This product was removed from the fridge section and moved to Garden.",
        "This product is no longer available as a set; single pieces below.",
        "This item is no longer available for rent.",
        "This product is no longer available in plastic packaging.",
        "The listing has been removed from your recently viewed items.",
        "This item was removed by mistake and is back.",
        "This item has been deleted from our competitor's shop.",
        "The product is no longer available on Amazon.",
        "The auction has ended without a buyer and the item is offered again.",
        "This listing ended and was restarted.",
        "Dieser Artikel ist nur noch in Restmengen erhältlich, die Anzeige wurde beendet und neu eingestellt.",
        "Ce produit n'est plus disponible à l'unité.",
        "Este producto ya no está disponible en color rojo.",
        "Produkt nie jest już dostępny w starym opakowaniu.",
        "Этот товар больше не продаётся поштучно.",
        "该商品已下架，私信购买",
        "この商品の販売は終了しましたが、DMで購入できます。",
        "판매 종료된 상품이나 카톡으로 주문 가능",
        "Bu ürün artık mağazada satılmıyor, DM'den sipariş ver.",
        "هذا الإعلان محذوف، اطلبه عبر الرسائل",
        "Publicación pausada",
    ],
)
def test_the_end_of_something_else_is_not_the_listings(sentence: str) -> None:
    assert verdict(f"<main><h1>{TITLE}</h1><p class='alert'>{sentence}</p></main>")[0] != "gone"


@pytest.mark.parametrize(
    "sentence",
    [
        "This item is no longer available in our shop.",
        "This product is no longer sold on Kramo.",
        "Dieser Artikel ist bei uns nicht mehr erhältlich.",
        "Ce produit n'est plus disponible dans notre boutique.",
        "Este producto ya no está disponible en nuestra tienda.",
        "Этот товар больше не продаётся в нашем магазине.",
    ],
)
def test_the_end_in_the_shop_itself_is_the_listings(sentence: str) -> None:
    assert verdict(f"<main><h1>{TITLE}</h1><p class='alert'>{sentence}</p></main>")[0] == "gone"


@pytest.mark.parametrize(
    "more",
    [
        "<a href='https://paypal.me/x/19'>19</a>",
        "<button>Wemba</button>",
        "<form method='post' action='/x/1'><button>Wemba</button></form>",
        "<form action='/v'><input name='answer'><img src='/x.png'><button>OK</button></form>",
        "<p>WhatsApp +49 170 1234567</p>",
        "<p>450 MXN</p>",
        "<form action='/login'><input type='password' name='p'></form>",
    ],
)
def test_a_shops_own_page_for_what_is_missing_proves_it_in_any_language_but_not_with_more_on_it(more: str) -> None:
    search = "<form role='search' action='/'><input type='search' name='q'><button>Suka</button></form>"
    menu = "<nav><a href='/c'>Wemba</a></nav><footer>2026</footer>"
    for shown in ("<div class='error-404'><h2>Zzkk wemba</h2>{}</div>", "<main><p>404</p><p>Zzkk wemba</p>{}</main>"):
        assert verdict(menu + shown.format(search), 404) == ("gone", "own_404_page")
        assert verdict(menu + shown.format(search), 200)[0] == "unknown"
        assert verdict(menu + shown.format(search + more), 404)[0] == "unknown"


def test_a_link_to_sign_in_is_no_word_of_stock() -> None:
    menu = "<header><a href='/login'>Zaloguj się</a><a href='/cart'>Koszyk 0</a></header>"
    page = f"{menu}<main><h1>{TITLE}</h1><p class='alert'>Sprzedaż zakończona</p></main>"
    assert verdict(page) == ("gone", "says_ended")
    assert verdict(page.replace("</main>", "<p>Na zalogi</p></main>"))[0] == "unknown"


@pytest.mark.parametrize(
    "sentence",
    [
        "Tego produktu nie wysyłamy do wybranego kraju",
        "Bu ürün seçtiğiniz ülkeye gönderilmiyor",
        "This item can't be shipped to your address",
        "Dieser Artikel kann nicht in das ausgewählte Land geliefert werden",
        "Ce produit n'est pas livrable dans le pays sélectionné",
    ],
)
def test_what_is_not_sent_to_the_chosen_country_is_restricted(sentence: str) -> None:
    assert verdict(f"<main><h1>{TITLE}</h1><p class='alert'>{sentence}</p></main>")[0] == "restricted"
