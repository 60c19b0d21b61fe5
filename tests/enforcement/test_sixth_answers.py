"""The verdict on a sixth set of invented answers: 120 pages of shops, as bytes in the encoding that each of them names."""

from datetime import UTC, datetime

import pytest

from enforcement.checks.fetch import Capture
from enforcement.rules.verdict import Answer, Judgement, judge
from tests.enforcement.sixth_answers import COUNT, ID, ROWS, URL, Row

TITLE = "Velmora infrared heater VH-2200 with stand"
SHOWN = f"<h1>{TITLE}</h1>"


def judged(row: Row) -> Judgement:
    body = row.raw or row.html.encode(row.charset or "utf-8")
    headers = {"content-type": "text/html; charset=utf-8", **row.headers}
    capture = Capture(URL, datetime(2026, 3, 2, tzinfo=UTC), row.status, row.to, headers=headers, body=body)
    return judge(Answer(row.status, URL, row.to, headers, capture.text), listing_id=ID, title=row.title)


def test_no_answer_of_a_listing_that_may_be_there_is_a_proof_of_removal() -> None:
    assert [row.html for row in ROWS if judged(row).verdict == "gone" and "gone" not in row.want] == []


def test_every_answer_is_judged_right() -> None:
    assert [row.html for row in ROWS if judged(row).verdict not in row.want.split("|")] == []
    assert len(ROWS) == COUNT


@pytest.mark.parametrize(
    "body",
    [
        "Not Found",
        "404 page not found",
        "Cannot GET /itm/TR-50917",
        '{"message":"Item not found"}',
        '[{"status":"This listing was removed"}]',
        "<?xml version='1.0'?><Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>",
        "<title>404 Not Found</title><center><h1>404 Not Found</h1></center><hr><center>nginx/1.24.0</center>",
        "<title>404 Not Found</title><h1>Not Found</h1><p>The requested URL was not found on this server.</p>",
        "<title>HTTP Status 404 – Not Found</title><h1>HTTP Status 404 – Not Found</h1>",
    ],
)
def test_what_a_web_server_or_an_api_says_is_not_the_word_of_the_shop_but_control_checks_may_decide(body: str) -> None:
    for status in (200, 404, 410):
        found = judged(Row("server", "unknown", status, body))
        assert (found.verdict, found.doubtful) == ("unknown", True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Item discontinued by manufacturer: No",
        "The manufacturer's warranty on this product has expired.",
        "Free shipping offer has ended",
        "Delivery to your address is no longer available.",
        "Size M is no longer available",
    ],
)
def test_what_ends_beside_a_listing_is_not_its_removal(sentence: str) -> None:
    assert judged(Row("beside", "live", 200, f"{SHOWN}<p>89.90 €</p><p>{sentence}</p>")).verdict == "live"


@pytest.mark.parametrize("offer", ["Price on request", "Preis auf Anfrage", "Log in to see the price", "立即询价"])
def test_a_listing_whose_price_is_given_on_request_is_live(offer: str) -> None:
    assert judged(Row("price", "live", 200, f"{SHOWN}<p>{offer}</p>")).verdict == "live"


def test_a_buy_link_among_other_links_is_an_offer_whatever_a_box_below_says() -> None:
    offer = "<div><a href='/b'>Buy it now</a> <a href='/w'>Watch</a></div>"
    ended = "<div class='strip'>This listing has ended.</div>"
    assert judged(Row("links", "live", 200, f"{SHOWN}{offer}{ended}")).verdict == "live"
