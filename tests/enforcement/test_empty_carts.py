"""The total of an empty cart in a shop's head, which stands above every page, also above one for what is not there."""

import pytest

from enforcement.rules.verdict import Answer, judge

URL, ID, TITLE = "https://bazaar.example/goods/AA-55102", "AA-55102", "Frostholm ice shaver ISH-77"
CARTS = (
    "<a class='cart-contents' href='/cart/'>0,00</a>",
    "<a href='/warenkorb'>0,00 €</a>",
    "<a href='/cart'>0 items – $0.00</a>",
    "<button class='minicart'>¥0</button>",
)


def verdict(cart: str, main: str, status: int = 200) -> str:
    html = f"<!doctype html><html><head><title>Bazaar</title></head><body><header>{cart}</header><main>{main}</main></body></html>"
    return judge(Answer(status, URL, URL, {}, html), listing_id=ID, title=TITLE).verdict


@pytest.mark.parametrize("cart", CARTS)
def test_a_page_below_an_empty_cart_proves_what_it_says(cart: str) -> None:
    missing = "<h1>Page not found</h1><p>The page may have been removed.</p>"
    assert verdict(cart, missing, 404) == "gone"
    assert verdict(cart, f"<h1>{TITLE}</h1><p class='alert'>This listing has ended.</p>") == "gone"


@pytest.mark.parametrize(
    "offer", ["<a href='/x'>19,90 €</a>", "<a href='/x'>Buy now, 0,00 € down</a>", "<button>0,00 €</button>"]
)
def test_a_price_or_a_way_to_buy_below_the_name_is_an_offer_still(offer: str) -> None:
    ended = f"<h1>{TITLE}</h1><p class='alert'>This listing has ended.</p>{offer}"
    assert verdict(CARTS[0], ended) != "gone"


def test_a_price_in_the_head_that_is_none_of_an_empty_cart_is_one() -> None:
    assert verdict("<a href='/x'>19,90 €</a>", "<h1>Page not found</h1>", 404) != "gone"
