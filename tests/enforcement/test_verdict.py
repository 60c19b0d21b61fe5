"""Pages in the style of real shops, each with its verdict and the rule that decides."""

import pytest

from enforcement.rules.verdict import Answer, judge

HERE = "https://shop.example.org/listing/4711"
TITLE = "Hearthline HL-200R ceramic tower heater"
OFFER = '<script type="application/ld+json">{"@type": "Product", "offers": {"availability": "https://schema.org/%s"}}</script>'


RELATED = '<script type="application/ld+json">{"@type": "Product", "name": "Owlet kettle", "offers": {"availability": "https://schema.org/OutOfStock"}}</script>'
GRAPH = (
    '<script type="application/ld+json">{"@graph": [{"@type": "BreadcrumbList"}, {"@type": "Product", "name": "Hearthline HL-200R '
    'ceramic tower heater", "offers": [{"availability": "https://schema.org/Discontinued"}]}]}</script>'
)


def page(body: str, title: str = "Shop") -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


OFFERED = page(f"<h1>{TITLE}</h1><p>$49.90</p><button>Add to cart</button>")
PAGES = [
    # name, status, final address, headers, page, verdict, rule
    ("an offer", 200, HERE, {}, OFFERED, "live", "shows_title"),
    ("an offer with data", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + OFFER % "InStock"), "live", "structured_data"),
    ("microdata", 200, HERE, {}, page(f'<h1>{TITLE}</h1><link itemprop="availability" href="https://schema.org/InStock">'), "live", "structured_data"),
    ("open graph", 200, HERE, {}, f'<html><head><meta property="og:availability" content="instock"></head><body><h1>{TITLE}</h1></body></html>', "live", "structured_data"),
    ("id and a way to buy", 200, HERE, {}, page("<p>Item 4711</p><button>Buy now</button>"), "live", "shows_offer"),
    ("an offer under a nicer address", 200, HERE + "/tower-heater", {}, OFFERED, "live", "shows_title"),
    ("not found", 404, HERE, {}, page("<h1>Page not found</h1>"), "gone", "not_found"),
    ("gone", 410, HERE, {}, page("<h1>Gone</h1>"), "gone", "not_found"),
    ("a removal that passes", 410, HERE, {}, page("<h1>Gone</h1><p>Temporarily gone for maintenance, the shop will return soon</p>"), "unknown", "out_of_order"),
    ("a removal that passes, titled as the listing", 410, HERE, {}, page("<h1>Gone</h1><p>Temporarily gone for maintenance</p>", TITLE), "unknown", "out_of_order"),
    ("maintenance titled as the listing", 200, HERE, {}, page("<h1>We'll be right back</h1><p>Scheduled maintenance</p>", TITLE), "unknown", "out_of_order"),
    ("removed, but sold by messenger", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>This listing has been removed. WhatsApp +49 170 5550101</p>"), "unknown", "contradiction"),
    ("removed, but sold by mail", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>This listing has ended. Email a@b.example to order, 24 €.</p>"), "unknown", "contradiction"),
    ("removed, but sold by mail for euros", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>Diese Anzeige wurde entfernt. An a@b.example, 19 Euro.</p>"), "unknown", "contradiction"),
    ("removed, with an address for questions", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>This listing has ended. Questions? Email help@shop.example</p>"), "gone", "says_ended"),
    ("not sold any more, in the first person", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>We no longer sell this product.</p>"), "gone", "says_ended"),
    ("removed, with a link to share it", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>This listing has been removed.</p><a>Share on WhatsApp</a>"), "gone", "says_ended"),
    ("an empty 404 was not read", 404, HERE, {}, "", "unknown", "nothing_read"),
    ("soft 404 in English", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>This item is no longer available.</p>"), "gone", "says_ended"),
    ("soft 404 in German", 200, HERE, {}, page("<h1>Dieser Artikel ist leider nicht mehr verfügbar</h1>"), "gone", "says_ended"),
    ("soft 404 in French", 200, HERE, {}, page("<p>Cet article n'est plus disponible.</p>"), "gone", "says_ended"),
    ("soft 404 in Spanish", 200, HERE, {}, page("<p>Este producto ya no está disponible.</p>"), "gone", "says_ended"),
    ("soft 404 in Italian", 200, HERE, {}, page("<p>Il prodotto non è più disponibile.</p>"), "gone", "says_ended"),
    ("soft 404 in Portuguese", 200, HERE, {}, page("<p>Este produto não está mais disponível</p>"), "gone", "says_ended"),
    ("soft 404 in Dutch", 200, HERE, {}, page("<p>Dit product is niet meer leverbaar.</p>"), "gone", "says_ended"),
    ("soft 404 in Polish", 200, HERE, {}, page("<h1>Oferta zakończona</h1>"), "gone", "says_ended"),
    ("soft 404 in Turkish", 200, HERE, {}, page("<h1>Ürün bulunamadı</h1>"), "gone", "not_found"),
    ("soft 404 in Russian", 200, HERE, {}, page("<h1>Объявление снято с публикации</h1>"), "gone", "says_ended"),
    ("soft 404 in Chinese", 200, HERE, {}, page("<h1>商品已下架</h1>"), "gone", "says_ended"),
    ("soft 404 in Japanese", 200, HERE, {}, page("<h1>販売を終了しました</h1>"), "gone", "says_ended"),
    ("ended, with others to buy", 200, HERE, {}, page("<h1>This listing has ended</h1><p>See these instead</p><button>Add to cart</button>"), "gone", "says_ended"),
    ("data says discontinued", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + OFFER % "Discontinued"), "unknown", "data_alone"),
    ("data says out of stock: it can come back", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + OFFER % "OutOfStock"), "live", "out_of_stock"),
    ("data says sold out", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + OFFER % "SoldOut"), "live", "out_of_stock"),
    ("out of stock and taken down", 200, HERE, {}, page("<h1>This listing has been removed</h1>" + OFFER % "OutOfStock"), "gone", "says_ended"),
    ("data of another product beside it", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + RELATED + OFFER % "InStock"), "live", "structured_data"),
    ("only other products have data", 200, HERE, {}, page("<h1>This item is no longer available</h1>" + RELATED), "gone", "says_ended"),
    ("a graph of data", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + GRAPH), "unknown", "data_alone"),
    ("data with a bare word", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + OFFER.replace("https://schema.org/", "") % "Discontinued"), "unknown", "data_alone"),
    ("data that is broken", 200, HERE, {}, page(f"<h1>{TITLE}</h1><script type='application/ld+json'>{{not json</script><button>Add to cart</button>"), "live", "shows_title"),
    ("microdata says discontinued", 200, HERE, {}, page(f'<h1>{TITLE}</h1><meta itemprop="availability" content="Discontinued">'), "unknown", "data_alone"),
    ("to be ordered before it is there", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + OFFER % "PreOrder"), "live", "structured_data"),
    ("made to order", 200, HERE, {}, page(f"<h1>{TITLE}</h1>" + OFFER % "BackOrder"), "live", "structured_data"),
    ("a wall of a service", 200, HERE, {"x-datadome": "protected"}, page("<p>…</p>"), "unknown", "wall_header"),
    ("a wall in German", 403, HERE, {}, page("<h1>Bitte bestätigen Sie, dass Sie kein Roboter sind</h1>"), "unknown", "robot_check"),
    ("a proxy that wants a name", 407, HERE, {}, "", "unknown", "status_407"),
    ("out of time", 504, HERE, {}, "", "unknown", "server_error"),
    ("a search in German", 200, "https://shop.example.org/suche/heizung", {}, page("<h1>312 Treffer</h1>"), "unknown", "sent_to_search"),
    ("a search in Polish", 200, "https://shop.example.org/szukaj/grzejnik", {}, page("<h1>312 ofert</h1>"), "unknown", "sent_to_search"),
    ("the shop's first page with a slash", 200, "https://shop.example.org", {}, page("<h1>Welcome</h1>"), "unknown", "nothing_read"),
    ("a wall that answers 404", 404, HERE, {}, page("<h1>Are you a robot?</h1>"), "unknown", "robot_check"),
    ("a wall that answers 200", 200, HERE, {}, page("<h1>Attention Required!</h1><p>Enable JavaScript and cookies to continue</p>"), "unknown", "robot_check"),
    ("a wall by its header", 404, HERE, {"cf-mitigated": "challenge"}, page("<h1>Just a moment…</h1>"), "unknown", "wall_header"),
    ("a captcha in Chinese", 200, HERE, {}, page("<p>请完成人机验证</p>"), "unknown", "robot_check"),
    ("a captcha in Russian", 200, HERE, {}, page("<p>Подтвердите: я не робот</p>"), "unknown", "robot_check"),
    ("a book about captchas is an offer", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>With a chapter on the captcha</p><button>Add to cart</button>"), "live", "shows_title"),
    ("refused", 403, HERE, {}, page("<h1>Forbidden</h1>"), "unknown", "status_403"),
    ("too many requests", 429, HERE, {}, "", "unknown", "status_429"),
    ("sign in first", 401, HERE, {}, "", "unknown", "status_401"),
    ("out of order", 503, HERE, {}, page("<h1>We'll be right back</h1>"), "unknown", "server_error"),
    ("bad gateway", 502, HERE, {}, "", "unknown", "server_error"),
    ("legal reasons", 451, HERE, {}, page("<h1>Unavailable</h1>"), "restricted", "status_451"),
    ("not in your country", 200, HERE, {}, page(f"<h1>{TITLE}</h1><p>This item is not available in your country.</p>"), "restricted", "says_restricted"),
    ("not in your country, with 404", 404, HERE, {}, page("<p>In deinem Land nicht verfügbar</p>"), "restricted", "says_restricted"),
    ("not in your region, Chinese", 200, HERE, {}, page("<p>您所在的地区无法购买</p>"), "restricted", "says_restricted"),
    ("sent to the first page", 200, "https://shop.example.org/", {}, page("<h1>Welcome</h1>"), "unknown", "nothing_read"),
    ("sent to a search", 200, "https://shop.example.org/search?q=heater", {}, page("<h1>312 heaters</h1>"), "unknown", "sent_to_search"),
    ("sent to a query", 200, "https://shop.example.org/all?q=heater", {}, page("<h1>Results</h1>"), "unknown", "nothing_read"),
    ("sent away with a word", 200, "https://shop.example.org/", {}, page("<div role=alert>That listing has been removed</div>"), "gone", "says_ended"),
    ("another page altogether", 200, HERE, {}, page("<h1>Our newsletter</h1>"), "unknown", "nothing_clear"),
    ("an empty page", 200, HERE, {}, "", "unknown", "nothing_read"),
    ("script only", 200, HERE, {}, page('<div id="root"></div><script>var title = "no longer available";</script>'), "unknown", "needs_scripts"),
    ("a redirect without end", 302, HERE, {}, "", "unknown", "other_status"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status", "final", "headers", "text", "verdict", "rule"), PAGES, ids=[row[0] for row in PAGES]
)
def test_each_kind_of_page_has_its_verdict_and_its_rule(
    name: str, status: int, final: str, headers: dict[str, str], text: str, verdict: str, rule: str
) -> None:
    found = judge(Answer(status, HERE, final, headers, text), listing_id="4711", title=TITLE)
    assert (found.verdict, found.rule) == (verdict, rule), found.detail


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(PAGES) >= 60
    assert len({row[0] for row in PAGES}) == len(PAGES)


def test_every_verdict_is_in_the_corpus() -> None:
    assert {row[5] for row in PAGES} == {"gone", "live", "restricted", "unknown"}
