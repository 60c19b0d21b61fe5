"""The verdict on 370 answers of shops in seldom tried languages, platforms and tricks, written before any rule was read.

Half are in the manner of the open set's kinds, half attacks by shops that sell on and removals in unusual shapes. A seed
parted them: the open half was worked on, the sealed half only counted. Each row carries its reason.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from enforcement.rules.verdict import Answer, Judgement, judge

URL, ID, TITLE = "https://bazaar.example/goods/AA-55102", "AA-55102", "Frostholm ice shaver ISH-77"
# Removals that stay unknown: pictures of words on a host that is not Amazon's, a note above a list of goods to buy, and
# "unavailable" beside "removed".
NOT_PROVED = {"amazon_dog", "redirected_with_a_note", "etsy_gone"}
AMAZON = (
    "<title>Page Not Found</title><div id='g'><a href='/ref=cs_404_logo'><img alt='Amazon' src='/l.png'></a>"
    "<a href='/ref=cs_404_link'><img src='/t.png' alt='Sorry! We could not find that page.'></a></div>"
)


def answers(half: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / f"foreign_answers_{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def judged(row: dict[str, Any]) -> Judgement:
    answer = Answer(row["status"], row["url"], row["final_url"], row["headers"], row["html"])
    return judge(answer, listing_id=row["listing_id"], title=row["title"])


def found(body: str, status: int = 200, url: str = URL, head: str = "") -> tuple[str, str]:
    html = f"<!doctype html><html><head>{head}</head><body><nav><a href='/'>Home</a></nav>{body}</body></html>"
    judgement = judge(Answer(status, url, url, {}, html), listing_id=ID, title=TITLE)
    return judgement.verdict, judgement.rule


@pytest.mark.parametrize("half", ["open", "sealed"])
def test_no_answer_of_a_shop_that_sells_on_is_a_proof_of_removal(half: str) -> None:
    rows = answers(half)
    assert [(row["kind"], row["reason"]) for row in rows if judged(row).verdict == "gone" and row["want"] != "gone"
            and "gone" not in row["want"].split("|")] == []  # fmt: skip
    assert len(rows) == 185


@pytest.mark.parametrize("half", ["open", "sealed"])
def test_every_answer_is_judged_right_but_for_removals_that_stay_unknown(half: str) -> None:
    wrong = [(row, judged(row)) for row in answers(half) if judged(row).verdict not in row["want"].split("|")]
    assert [(row["kind"], row["reason"]) for row, _ in wrong if row["kind"] not in NOT_PROVED] == []
    assert {found.verdict for _, found in wrong} <= {"unknown"}
    assert Counter(row["want"] for row in answers(half))["gone"] > 60


def test_a_hidden_cart_under_the_listings_name_is_an_offer_that_a_script_can_show() -> None:
    ended = f"<main><h1>{TITLE}</h1>{{}}<p>This listing has ended.</p></main>"
    cart = "<form action='/cart/add'><button>Ostaa</button></form>"
    assert found(ended.format("")) == ("gone", "says_ended")
    assert found(ended.format(f"<div style='display:none'>{cart}</div>")) == ("unknown", "hidden_offer")
    assert found(ended.format(f"<div hidden class='minicart'>{cart}</div>")) == ("gone", "says_ended")


def test_data_that_a_script_draws_the_listing_from_is_an_offer_on_a_page_for_what_is_not_there() -> None:
    missing = "<main><h1>Stránka nebyla nalezena</h1></main><script src='/app.js'></script>"
    data = json.dumps({"name": TITLE, "price": 19})
    assert found(missing, 404) == ("gone", "not_found")
    assert found(f"{missing}<div data-product='{data}'></div>", 404) == ("unknown", "hidden_offer")
    assert found(f"{missing}<script>window.state={data}</script>", 404) == ("unknown", "hidden_offer")
    other = json.dumps({"name": "Better Toaster 9", "price": 19})
    assert found(f"{missing}<div data-product='{other}'></div>", 404) == ("gone", "not_found")


@pytest.mark.parametrize(
    ("href", "verdict"),
    [
        ("/goods/AA-55102", "gone"),
        ("https://www.bazaar.example/goods/AA-55102#top", "gone"),
        ("/en/frostholm-ice-shaver-AA-55102.html?ref=x", "gone"),
        ("/goods/AA-55102-new", "unknown"),
        ("/goods/BB-70001", "unknown"),
        ("/goods/BB-70001?from=AA-55102", "unknown"),
        ("https://other.example/goods/AA-55102", "unknown"),
    ],
)
def test_a_removal_that_links_to_the_listing_elsewhere_is_no_proof(href: str, verdict: str) -> None:
    link = f"<p><a href='{href}'>{TITLE}</a></p>"
    assert found(f"<main><h1>{TITLE}</h1><p>Oglas je istekao.</p>{link}</main>")[0] == verdict
    assert found(f"<main><h1>{TITLE}</h1><p>Oglas je istekao.</p></main><aside>{link}</aside>")[0] == "gone"


def test_an_order_for_the_listings_id_is_an_offer_wherever_it_stands() -> None:
    missing = "<main><h1>Page not found</h1>{}</main>"
    assert found(missing.format("<map name='m'><area href='/checkout?sku=AA-55102' alt='x'></map>"))[0] == "unknown"
    assert found(missing.format("<map name='m'><area href='/checkout?sku=ZZ-1' alt='x'></map>"))[0] == "gone"


def test_what_only_the_browsers_title_says_is_no_proof() -> None:
    head = "<title>Page not found</title>"
    assert found("<p>Please choose your store to continue.</p>", 404, head=head) == ("unknown", "title_only")
    assert found("<p>JavaScript is switched off.</p>", 404, head=head) == ("unknown", "needs_scripts")
    assert found("<h1>Oops, 404</h1><p>Please choose your store.</p>", 404, head=head) == ("gone", "not_found")


def test_a_page_for_what_is_not_there_has_no_picture_and_no_telephone_version_of_the_listing() -> None:
    missing = "<main><h1>Page not found</h1>{}</main>"
    assert found(missing.format(f"<img src='/o.png' alt='{TITLE} for 19 EUR, call us'>"))[1] == "pictured"
    assert found(missing.format("<img src='/o.png' alt='A sad robot'>")) == ("gone", "not_found")
    amp = "<link rel='amphtml' href='https://amp.bazaar.example/goods/AA-55102'>"
    assert found(missing.format(""), head=amp) == ("unknown", "other_versions")


def test_amazons_page_of_pictures_proves_a_removal_on_amazons_own_hosts_alone() -> None:
    for host in ("www.amazon.de", "amazon.com", "www.amazon.co.jp", "www.amazon.com.br"):
        assert found(AMAZON, 404, f"https://{host}/dp/AA-55102")[0] == "gone", host
    for host in ("shop.example", "amazon.shop.example", "www.amazon.de.shop.example", "amazon-outlet.com"):
        assert found(AMAZON, 404, f"https://{host}/dp/AA-55102")[0] == "unknown", host
