"""Pages in the manner of what large shops really send: white space, menus and dialogs before the product, headings in
several lines, captchas in forms, and words of an end that are about something else."""

import pytest

from enforcement.rules.verdict import Answer, Judgement, judge

HERE = "https://shop.example.org/p/88231907"
TITLE = "Larkmoor wooden high chair 54x90 cm"
OFFER = f"<h1>{TITLE}</h1><p>€89.90</p><button>Add to basket</button>"
READ_ON = "If this is your site, read how its files are named. " * 6
GONE = "<h1>Page not found</h1><p>The page that you asked for does not exist.</p>"


def judged(body: str, *, status: int = 200, head: str = "", title: str = TITLE) -> Judgement:
    page = f"<!doctype html><html><head><title>Shop</title>{head}</head><body>{body}</body></html>"
    return judge(Answer(status, HERE, HERE, {}, page), listing_id="88231907", title=title)


def menu(entries: int, *, indent: int = 200) -> str:
    return "<nav>" + "".join(f"{' ' * indent}<div>Rattan chairs {n}</div>" for n in range(entries)) + "</nav>"


@pytest.mark.parametrize(
    ("before", "what"),
    [
        (menu(400), "80,000 spaces between the entries of a menu"),
        (menu(4_000, indent=0), "64,000 letters of menus"),
        (f"<div id='CybotCookiebotDialog'>{'<div>Purpose: statistics of our partners</div>' * 4_000}</div>", "a dialog for consent"),
        (f"<ul class='hidden'>{'<li>Garden furniture</li>' * 4_000}</ul>", "hidden entries"),
    ],
)  # fmt: skip
def test_what_comes_before_the_product_does_not_hide_it(before: str, what: str) -> None:
    live, gone = judged(before + OFFER), judged(before + GONE, status=404)
    assert (live.verdict, gone.verdict) == ("live", "gone"), f"{what}: {live.detail} {gone.detail}"


def test_a_page_whose_own_part_is_too_long_still_proves_nothing() -> None:
    long = "".join(f"<p>Assembly of part {n}: screw the legs to the seat.</p>" for n in range(1_500))
    found = judged(f"{GONE}{long}", status=404)
    assert found.verdict == "unknown"
    assert found.rule == "not_whole"


def test_parts_that_a_system_names_as_components_are_no_menu() -> None:
    parts = "<div class='cmp cmp-container'><div class='cmp-text'>{}</div></div>"
    live, gone = judged(parts.format(OFFER)), judged(parts.format(GONE), status=404)
    assert (live.verdict, gone.verdict) == ("live", "gone")


@pytest.mark.parametrize("step", ["0%", "0", "33.3%"])
def test_a_step_of_an_animation_hides_nothing(step: str) -> None:
    head = f"<style>@keyframes fade{{{step}{{opacity:0}}100%{{opacity:1}}}}</style>"
    assert judged(GONE, status=404, head=head).verdict == "gone"
    assert judged(OFFER, head=head).verdict == "live"


def test_a_rule_that_hides_still_hides_beside_an_animation() -> None:
    head = "<style>@keyframes fade{0%{opacity:0}100%{opacity:1}} .quiet{display:none}</style>"
    found = judged(f"{OFFER}<p class='quiet'>This listing has ended.</p>", head=head)
    assert found.verdict == "live"
    assert (
        judged("<div class='quiet'><h1>Page not found</h1></div><p>Shop</p>", status=404, head=head).verdict != "gone"
    )


@pytest.mark.parametrize(
    "heading",
    [
        "<h1>Larkmoor wooden<br><small>high chair 54x90 cm</small></h1>",
        "<h1><div>Larkmoor</div><div><span>wooden high chair</span><span>54x90 cm</span></div></h1>",
    ],
)
def test_a_heading_in_several_lines_is_one_heading(heading: str) -> None:
    found = judged(f"{heading}<p>€89.90</p><button>Add to basket</button>")
    assert found.verdict == "live"
    assert found.rule == "shows_title"


def test_a_heading_without_its_end_does_not_swallow_the_page() -> None:
    found = judged(f"<h1>{TITLE}<div><p>€89.90</p><p>{'Solid beech. ' * 40}</p><button>Add to basket</button></div>")
    assert found.verdict == "live"


def test_a_captcha_in_a_form_makes_no_wall_of_a_large_page() -> None:
    text = "<p>Solid beech, from birth to 30 kg, with a tray that comes off for washing.</p>" * 40
    form = (
        "<form action='/callback'><input name='phone'><img src='/captcha.php?id=1'><input name='captcha_word'></form>"
    )
    assert judged(f"<h1>{TITLE}</h1><p>€89.90</p>{text}{form}").verdict == "live"
    small = judged(
        "<p>Type the letters</p><form><img src='/captcha.php?id=1'><input name='captcha_word'></form>", status=404
    )
    assert (small.verdict, small.rule) == ("unknown", "wall_markup")


@pytest.mark.parametrize(
    "line",
    [
        "<h2>Can't find what you are looking for?</h2>",
        "<h2>Sorry, we couldn't find that location</h2>",
        "<h2>Sorry, we didn't find any results for that search.</h2>",
        "<p><strong>If you are unable to locate a telephone number, please call our page of branches.</strong></p>",
        "<p>Our shop is well known. <b>Since 1988 this page has gone from 3 readers to 3,000.</b> We thank you.</p>",
        "<h3>Report a Broken Link</h3>",
        "<p>Supprimer ses petites annonces</p>",
        "<ul><li>Kontakt</li><li>Termine</li></ul>",
    ],
)
@pytest.mark.parametrize("status", [200, 404])
def test_words_about_something_else_prove_no_removal(line: str, status: int) -> None:
    about = "<p>We have sold furniture for children since 1988, in 14 branches and on the web.</p>" * 20
    assert judged(f"<h1>About us</h1>{about}{line}", status=status).verdict == "unknown"
    assert judged(f"{OFFER}{line}").verdict == "live"


def test_reserved_rights_are_no_stock() -> None:
    assert judged(f"{GONE}<p>Copyright © 2015 Shop. All rights reserved.</p>", status=404).verdict == "gone"


def test_a_part_of_the_listings_title_says_nothing() -> None:
    title = "The lost page. Not found again. Signed copy"
    found = judged(f"<h1>{title}</h1><p>€12.00</p><p><b>Not found again</b></p><a>Reserve</a>", title=title)
    assert found.verdict == "live"


@pytest.mark.parametrize(
    "text",
    [
        f"<h1>404</h1><p>File not found</p><p>The site configured at this address does not hold it. {READ_ON}</p>",
        "<h1>Page not found</h1><p>Looks like you've followed a broken link or entered a URL that doesn't exist on this site.</p>",
        "<h1>Page Not Found</h1><p>This file was not found.</p><p>This page was generated by the Firebase Command-Line Interface.</p>",
        "<h1>Not Found</h1><p>Please forward this error screen to the webmaster.</p>",
    ],
)
def test_the_page_of_a_hosting_service_is_not_the_shops(text: str) -> None:
    found = judged(text, status=404)
    assert (found.verdict, found.rule) == ("unknown", "server_page")


def test_an_empty_place_for_a_message_is_no_message() -> None:
    search = "<p>Your search</p><div class='not-found'></div><p>Sort by name</p>"
    assert judged(search, status=404).verdict == "unknown"
    assert (
        judged("<div class='not-found'><img src='/lost.png'></div>" + "<p>Hjem og velkommen</p>", status=404).verdict
        == "gone"
    )


def test_where_a_shop_delivers_restricts_no_listing() -> None:
    data = (
        '<script type="application/ld+json">{"@type": "Product", "name": "Larkmoor wooden high chair 54x90 cm", '
        '"offers": {"availability": "InStock"}}</script>'
    )
    line = "<h2>Where to?</h2><p>We can only deliver orders to your chosen country</p>"
    found = judged(f"{line}<h1>{TITLE}</h1><p>€89.90</p><h4>Select size</h4><button>Add to basket</button>{data}")
    assert found.verdict == "live"
    assert judged(f"<h1>{TITLE}</h1><p>This item cannot be delivered to your country.</p>").verdict == "restricted"


def test_an_id_within_a_longer_number_is_not_the_listings() -> None:
    page = "<p>Order 1988231907123</p><button>Buy now</button>"
    assert judged(page).verdict == "unknown"
    assert judged(page.replace("1988231907123", "88231907")).verdict == "live"


def test_a_page_behind_an_open_dialog_is_seen() -> None:
    dialog = "<div role='dialog'><p>We value your privacy</p><button>Accept all</button></div>"
    assert judged(f"<div aria-hidden='true'>{OFFER}</div>{dialog}").verdict == "live"
    ended = (
        f"<div aria-hidden='true'><div class='msg'>Bidding has ended on this item.</div><h1>{TITLE}</h1></div>{dialog}"
    )
    assert judged(ended).verdict == "gone"


@pytest.mark.parametrize(
    "markup",
    [
        f"<h1 class='product-title-text'>{TITLE}</h1><button class='next-btn addcart'>הוסף</button>",
        f"<h1 class='ma-title'>{TITLE}</h1><button class='action-start-order'>Start Order</button>",
    ],
)
def test_the_buttons_of_an_alibaba_like_shop_offer(markup: str) -> None:
    found = judged(f"<p>Ships from abroad</p>{markup}", head="<meta name='data-spm' content='a1z'>")
    assert (found.verdict, found.rule) == ("live", "shows_title")


def test_the_date_of_an_end_is_an_ebay_like_shops_own_mark() -> None:
    head = "<meta property='og:site_name' content='eBay'>"
    ended = f"<h1 id='itemTitle'>{TITLE}</h1><div>Finito:</div><span id='bb_tlft'><span class='endedDate'>28 nov</span></span>"
    found = judged(ended, head=head)
    assert (found.verdict, found.rule) == ("gone", "ebay_ended")
    assert judged(f"{ended}<a id='bidBtn_btn'>Offerta</a>", head=head).verdict == "live"
