"""Pages that say "removed" to our parser and offer the listing to every browser: each was shown to a real Chromium."""

import gzip

import pytest
from django.utils import timezone

from enforcement.checks.fetch import Capture
from enforcement.rules.verdict import Judgement, judge

TITLE, ADDRESS = "Norvik Ceramic Heater NV-20", "https://shop.example.org/item/394821177"
HEAD = '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Shop</title></head><body>'
OFFER = (
    f'<main><h1>{TITLE}</h1><p class="price">$19.99</p><form action="/cart/add" method="post">'
    '<input type="hidden" name="id" value="394821177" /><button>Add to cart</button></form></main>'
)
ENDED = "<main><h1>This listing has been removed</h1><p>This listing is no longer available.</p></main>"
END = "</body></html>"
REMOVED = HEAD + ENDED + END
HTML = "text/html; charset=utf-8"
PIECES = (
    "<h1>",
    "Norvik ",
    "Ceramic ",
    "Heater ",
    "NV-20",
    "</h1>",
    "$19.99",
    "<a href=/b>",
    "Buy now",
    "</a>",
    "",
    "",
)
PACKED = gzip.compress(REMOVED.encode())


def judged(body: str | bytes, content_type: str = HTML, status: int = 410) -> Judgement:
    page = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type} if content_type else {}
    seen = Capture(ADDRESS, timezone.now(), status, ADDRESS, headers=headers, body=page)
    return judge(seen.answer, listing_id="394821177", title=TITLE)


def test_the_plain_pages_are_judged_as_they_read() -> None:
    assert judged(REMOVED).verdict == "gone"
    assert judged(HEAD + OFFER + END, status=200).verdict == "live"


XML = {
    f"{kind or 'none'}, {tag}": (
        ("" if kind else '<?xml version="1.0"?>')
        + HEAD
        + f"<div><{tag}/>{OFFER}<p><{tag}></{tag}></p></div>"
        + ENDED
        + END,
        kind,
    )
    for kind in ("application/xhtml+xml", "text/xml; charset=utf-8", "text/html, application/xhtml+xml", "")
    for tag in ("style", "title", "textarea", "iframe")
}
NOSCRIPT = {
    f"noscript in the {place}, {opens}": (
        HEAD.replace("</head>", f"<noscript>{opens}</noscript></head>") + OFFER + f"<p>{closes}</p>" + ENDED + END
        if place == "head"
        else HEAD + f"<noscript>{opens}</noscript>{OFFER}<p>{closes}</noscript></p>" + ENDED + END,
        HTML,
    )
    for place in ("head", "body")
    for opens, closes in (
        ("<style>", "</style>"), ("<!--", "-->"), ("<textarea>", "</textarea>"), ("<title>", "</title>"),
        ('<div title="', '">'), ("<xmp>", "</xmp>"), ("<noframes>", "</noframes>"),
    )
}  # fmt: skip
BYTES = {
    "packed, with the offer behind it": (PACKED + (HEAD + OFFER + END).encode(), HTML),
    "packed, with the offer as its comment": (
        PACKED[:3] + b"\x10" + PACKED[4:10] + OFFER.encode() + b"\0" + PACKED[10:],
        HTML,
    ),
    "a comment that is one in UTF-8 alone": (
        f"{HEAD}é\x1b$B<!--\x1b(B{OFFER}\x1b$B--> \x1b(B{ENDED}{END}".encode(),
        "text/html; charset=iso-2022-jp",
    ),
    "UTF-16 to whoever looks for it": (
        (HEAD + ENDED).encode("utf-16-le") + "\0".join(PIECES).encode() + END.encode("utf-16-le"),
        HTML,
    ),
    "UTF-16 in another parameter": (
        ("\n" + HEAD + ENDED + END).encode("utf-16-le") + OFFER.encode(),
        'text/html; note="charset=utf-16le"; charset=utf-8',
    ),
}


@pytest.mark.parametrize(("body", "content_type"), [*XML.values(), *NOSCRIPT.values()], ids=[*XML, *NOSCRIPT])
def test_a_page_that_browsers_take_apart_otherwise_proves_no_removal(body: str, content_type: str) -> None:
    found = judged(body, content_type, 200 if "noframes" in body else 410)
    assert found.verdict in {"unknown", "live"}, found
    assert not found.doubtful, "control checks must not decide what such a page is"


@pytest.mark.parametrize("start", ["%PDF-1.4\n", "GIF89a", "Removed. "])
def test_what_does_not_say_what_it_is_and_does_not_begin_as_a_page_proves_nothing(start: str) -> None:
    """Browsers look into it, and show a document or a drawing."""
    assert judged(start + REMOVED, "").rule == "two_readings"
    assert judged(" \n" + REMOVED, "").verdict == "gone"


@pytest.mark.parametrize(("body", "content_type"), BYTES.values(), ids=BYTES)
def test_bytes_that_browsers_read_as_another_text_prove_no_removal(body: bytes, content_type: str) -> None:
    found = judged(body, content_type)
    assert found.verdict in {"unknown", "live"}, found
    assert not found.doubtful, "control checks must not decide what such a page is"


def test_what_only_scripts_would_show_is_still_read_as_before() -> None:
    counted = "<noscript><img src='/count.gif'><style>.late{opacity:1}</style></noscript>"
    assert judged(HEAD.replace("</head>", counted + "</head>") + counted + ENDED + END).verdict == "gone"
    assert judged(HEAD + counted + OFFER + END, status=200).verdict == "live"


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "euc-kr", "big5"])
def test_a_removal_in_the_encoding_that_its_page_declares_is_one(encoding: str) -> None:
    said = {"gb18030": "该商品已下架", "big5": "此商品已下架", "euc-kr": "이 상품은 삭제되었습니다"}
    page = REMOVED.replace("This listing has been removed", said.get(encoding, "この商品は削除されました"))
    assert judged(page.encode(encoding), f"text/html; charset={encoding}").verdict == "gone"
    declared = page.replace("<head>", f"<head><meta charset={encoding}>").encode(encoding)
    assert judged(declared, "text/html").verdict == "gone"
    assert judged(declared, HTML).rule == "two_readings", "browsers take the encoding of the header"


SHOWN = ("object", "del", "s", "strike", "datalist style='display:block'")


@pytest.mark.parametrize("element", SHOWN)
def test_an_offer_in_an_element_that_browsers_show_is_an_offer(element: str) -> None:
    """Struck out and without a line through it, the fallback of an object that is none, a list that a style shows."""
    link = f"<h2>{TITLE}</h2><p>$19.99</p><a href='/b/394821177'>Buy now</a>"
    wrapped = f"<{element}>{link}</{element.split(maxsplit=1)[0]}>"
    for body in (wrapped + ENDED, ENDED + wrapped):
        assert judged(HEAD + body + END).verdict != "gone", body


def test_a_struck_price_offers_nothing() -> None:
    assert judged(HEAD + ENDED + "<p><del>$29.99</del> <s>$24.99</s></p>" + END).verdict == "gone"
