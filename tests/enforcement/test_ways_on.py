"""A page that says removed and leads its visitors on, in words, in a drawing or by a script, proves nothing; the same page
without that is a removal, and so is one that says something like it."""

import json
import time

import pytest

from enforcement.rules.verdict import Answer, judge

URL, ID, TITLE = "https://bazaar.example/goods/AA-55102", "AA-55102", "Frostholm ice shaver ISH-77"
ENDED = '<div class="alert" role="alert">This listing has been removed.</div>'
MISSING = "<h1>Page not found</h1><p>This product could not be found.</p>"


def verdict(body: str, status: int = 200, title: str = "Bazaar", lang: str = "en") -> str:
    html = (
        f'<!doctype html><html lang="{lang}"><head><title>{title}</title></head><body><main>{body}</main></body></html>'
    )
    return judge(Answer(status, URL, URL, {}, html), listing_id=ID, title=TITLE).verdict


@pytest.mark.parametrize(
    "further",
    [
        "<svg><foreignObject><button>Add to cart</button></foreignObject></svg>",
        "<svg><a href='/k/1'><rect width='9' height='9'/></a></svg>",
        "<svg><text>19.90 € today</text></svg>",
        "<bazaar-offer sku='AA-55102'></bazaar-offer>",
        f"<bazaar-offer name='{TITLE}'></bazaar-offer>",
        "<p>{{ product.message }}</p>",
        "<p>Our items moved to our new shop. Order there as before.</p>",
        "<p>Our pages have new addresses.</p>",
        "<p>Scan to order.</p><img src='/q.png'>",
        "<p>t.me/bazaardeals</p>",
        "<p>Get yours: paypal.me/bazaar</p>",
        "<p>Just kidding, we still have it: write to us to order.</p>",
        "<p>Are you over 18? <a href='?age=18'>Yes</a></p>",
        "<p>Bist du schon 18? <a href='?alter=18'>Ja</a></p>",
    ],
)
@pytest.mark.parametrize("page", [ENDED, MISSING])
def test_what_leads_visitors_on_takes_the_proof_away(page: str, further: str) -> None:
    status = 404 if page == MISSING else 200
    assert verdict(page, status) == "gone"
    assert verdict(page + further, status) in {"unknown", "live"}


@pytest.mark.parametrize(
    "honest",
    [
        "<svg viewBox='0 0 9 9'><title>Home</title><path d='M0 0h9'/></svg>",
        "<svg><text>Bazaar</text></svg>",
        "<img src='o.png' usemap='#m'><map name='m'><area href='/' shape='default'></map>",
        "<cart-drawer></cart-drawer><menu-drawer data-id='9'><a href='/'>Home</a></menu-drawer>",
        "<p>The page you are looking for has moved or no longer exists.</p>",
        "<p>We removed it at the request of the market surveillance authority.</p>",
        "<p>Founded 18 years ago, we have 21 shops.</p>",
        "<p>Follow us on Telegram, or ask our service.</p>",
        "<p>Are you lost? Go to the home page.</p>",
        "<p>Try our new search.</p>",
        "<p>Use { and } in your search.</p>",
    ],
)
@pytest.mark.parametrize("page", [ENDED, MISSING])
def test_what_ordinary_pages_hold_leaves_the_proof(page: str, honest: str) -> None:
    assert verdict(page + honest, 404 if page == MISSING else 200) == "gone"


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ("This listing is no longer available to guests", "en"),
        ("This listing is no longer available on the web", "en"),
        ("This listing has been removed for the summer", "en"),
        ("This listing has been removed from retail sale", "en"),
        ("This listing has been removed from our archive", "en"),
        ("This listing was removed on 3 May and restored on 4 May.", "en"),
        ("Diese Anzeige ist für Gäste nicht mehr verfügbar", "de"),
        ("Dieses Angebot wurde über den Winter entfernt", "de"),
        ("Cette annonce a été retirée pour l'été", "fr"),
        ("Este anuncio ha sido retirado para el verano", "es"),
    ],
)
def test_a_removal_for_some_visitors_one_channel_or_a_season_is_none(said: str, lang: str) -> None:
    assert verdict(f"<h1>{said}</h1>", lang=lang) in {"unknown", "live", "restricted"}


@pytest.mark.parametrize(
    "said",
    [
        "This listing is no longer available on our website",
        "This listing has been removed from sale",
        "This listing has been removed from our shop for safety reasons",
        "This listing was removed on 3 May",
        "This listing is no longer available to buy",
    ],
)
def test_a_removal_for_everybody_is_one(said: str) -> None:
    assert verdict(f"<h1>{said}</h1>") == "gone"


def test_a_page_of_many_drawings_and_elements_costs_little() -> None:
    body = (
        ENDED
        + "<svg>"
        + "<a-b></a-b><g><text>x</text></g>" * 8_000
        + "</svg>"
        + "<p>{{</p>" * 5_000
        + json.dumps("{" * 50_000)
    )
    started = time.process_time()
    verdict(body)
    assert time.process_time() - started < 4
