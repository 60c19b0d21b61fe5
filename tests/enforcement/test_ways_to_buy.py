"""A page that says removed is no proof while it still has a way to buy, in whatever form; a removed one has none.

The tricks are by somebody who knew the rules. `removal_pages.jsonl` holds real removals in the chrome of whole shops, with
carts, searches, newsletters and other goods: no rule against the tricks may cost them.
"""

import json
from pathlib import Path

import pytest

from enforcement.rules.verdict import Answer, judge

URL, ID, TITLE = "https://bazaar.example/goods/AA-55102", "AA-55102", "Frostholm ice shaver ISH-77"
HEADING, ENDED = f"<h1>{TITLE}</h1>", '<p class="alert">This listing has ended.</p>'
TEXT = "<p>" + "Made of brushed steel with a cool grip and a whistle. " * 16 + "</p>"
REMOVALS = (Path(__file__).parent / "removal_pages.jsonl").read_text(encoding="utf-8").splitlines()


def verdict(body: str, status: int = 200) -> str:
    html = f"<!doctype html><html><head><title>Bazaar</title></head><body>{body}</body></html>"
    return judge(Answer(status, URL, URL, {}, html), listing_id=ID, title=TITLE).verdict


@pytest.mark.parametrize(
    "offer",
    [
        "<style>.b::before{content:'Add to cart'}</style><a class=b href='/x/1'></a>",
        "<a href='/k/1'><svg><text>Add to cart</text></svg></a>",
        "<svg><text>€ 19.90</text><a href='/k/1'><text>Buy now</text></a></svg>",
        "<form action='/x/1' method='post'><input type='image' src='/buy.png'></form>",
        "<b>19.90 €</b><form action='/x/1' method='post'><button><img src='/b.png'></button></form>",
        "<select><option>Buy 1 for € 19.90</option></select>",
        "<a href='/k/1'>A d d  t o  c a r t</a>",
        "<b>19.90 €</b><button>კალათაში დამატება</button>",
        "<b>19.90 €</b><button>Себетке салу</button>",
        "<a href='/goods/BB-2'>View the new listing</a>",
        "<a href='/goods/BB-2'>Zur neuen Anzeige</a>",
        "<iframe src='/buy/1' width=900 height=900></iframe>" + TEXT,
        "<iframe src='https://checkout.pay.example/l/abc'></iframe>",
        "<fencedframe src='/b'></fencedframe>",
        "<div aria-hidden=true><b>€ 19.90</b><a href='/k/1'>Buy now</a></div>",
        "<a href='/z/1'>Get yours for € 19.90</a>",
        "<img src='/qr.png' alt='Scan to order'>",
        "<form action='/go'><input type=hidden name=item value='AA-55102'><input type=submit value='Next'></form>",
        "<span data-href='/checkout?sku=AA-55102'>Next</span>",
        "<table><tr><td>1 pc</td><td>€ 19.90</td><td><input type=number name=menge></td></tr></table>",
        "<p>In stock</p>",
        "<p>Varastossa 5 kpl</p>",
    ],
)
def test_an_ended_listing_that_can_still_be_bought_is_not_proved_gone(offer: str) -> None:
    assert verdict(f"<main>{HEADING}{ENDED}</main>") == "gone"
    assert verdict(f"<main>{HEADING}{ENDED}{offer}</main>") in {"unknown", "live"}


@pytest.mark.parametrize("place", ["aside", "footer", "section class='related'"])
def test_an_offer_under_the_listings_name_counts_wherever_it_stands(place: str) -> None:
    body = f"<main>{HEADING}{ENDED}</main><{place}><h3>{{}}</h3><b>€ 19.90</b><button>Buy now</button></{place.split(maxsplit=1)[0]}>"
    assert verdict(body.format(TITLE)) == "unknown"
    assert verdict(body.format("Better Toaster 9")) == "gone"


@pytest.mark.parametrize(
    "sentence",
    [
        "This item is no longer available online.",
        "Dieser Artikel ist online nicht mehr verfügbar.",
        "This item is no longer available from this seller.",
        "Dieser Artikel ist bei diesem Verkäufer nicht mehr verfügbar.",
        "This offer price is no longer available.",
        "The presale has ended. Regular sale starts now.",
    ],
)
def test_the_end_of_a_channel_a_price_or_one_seller_is_not_the_listings(sentence: str) -> None:
    assert verdict(f"<main>{HEADING}<p class=alert>{sentence}</p></main>") == "unknown"


@pytest.mark.parametrize(
    "script",
    [
        "document.getElementById('x').click()",
        "fetch('/box').then(r=>r.text()).then(t=>document.body.innerHTML=t)",
        "var x=new XMLHttpRequest();x.onload=function(){document.body.outerHTML=x.responseText};x.send()",
    ],
)
def test_a_script_that_fetches_or_presses_something_on_a_small_page_leads_on(script: str) -> None:
    assert verdict(f"<h1>Page not found</h1><a id=x href='/n/1'>.</a><script>{script}</script>", 404) == "unknown"
    assert verdict("<h1>Page not found</h1><a id=x href='/n/1'>.</a><script>track('404')</script>", 404) == "gone"


@pytest.mark.parametrize("line", REMOVALS, ids=[json.loads(line)["id"] for line in REMOVALS])
def test_a_removal_in_the_chrome_of_a_whole_shop_is_recognised(line: str) -> None:
    row = json.loads(line)
    answer = Answer(row["status"], row["url"], row["final_url"], row["headers"], row["html"])
    assert judge(answer, listing_id=row["listing_id"], title=row["title"]).verdict == row["want"]


def test_a_classified_ad_is_no_advertisement() -> None:
    inactive = "<div data-testid='ad-inactive-msg'><h4>To ogłoszenie nie jest już dostępne</h4></div>"
    assert verdict(f"{inactive}<main>{HEADING}<h3>150 zł</h3></main>") == "gone"


def test_a_price_beside_a_message_in_unknown_words_does_not_show_that_the_listing_is_on_sale() -> None:
    message = "<div class='alert'>Habari hii imeondolewa.</div>"
    assert verdict(f"<main>{message}{HEADING}<b>19,90 €</b></main>") == "unknown"
    assert verdict(f"<main>{HEADING}<b>19,90 €</b></main>") == "live"
    assert verdict(f"<main>{message}{HEADING}<b>19,90 €</b><button>Add to cart</button></main>") == "live"
