"""Why a message that a listing is gone is no proof: the page was not read whole, or its customers still get an offer.

Each rule looks at a page on which a removal was read, and turns the verdict into "unknown". Control checks may decide.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import islice
from urllib.parse import urlsplit

from enforcement.rules.verdict import order_marks
from enforcement.rules.verdict.addresses import HOME
from enforcement.rules.verdict.answer import Judgement
from enforcement.rules.verdict.lexicon import fold, states_any
from enforcement.rules.verdict.other_places import drawn_from, holds_id, moved, other_versions, pictured, sold_in_data
from enforcement.rules.verdict.page import HEADINGS, PRICE, Block, Button, is_nothing
from enforcement.rules.verdict.reading import SMALL_404, Reading, Word
from enforcement.rules.verdict.visibility import MAX_STYLES, hides
from enforcement.rules.verdict.ways_on import asks_first, drawn_with_links, not_filled_in, sold_on

SMALL = 700  # characters: on a page this small, any text is its main message
LABEL = 60  # characters of what stands on a button, or of a status
LONGEST_BUTTON = 200  # characters
PRICE_ALONE = 25  # characters of a text that is a price and little else
BYTE_ORDER_MARK = 3  # bytes that are not in the text
BURIED = 40  # characters of other text above a message: then it is one of many
_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_STARTS = re.compile(r"<(?:html|body)[\s>]", re.IGNORECASE)
_TARGET = re.compile(
    r"^\s*(\d{0,9}\.?\d{0,9})[\s\d.]*[;,]?\s*(?:url\s*=)?\s*['\"]?([^\s'\"\d;,.][^\s'\"]*|\.[^\s'\"]+)", re.IGNORECASE
)
MAX_CHANGES = 20  # changes by scripts that are looked at
SOON = 3  # seconds: nobody reads a page that leads on sooner
_LEADS_ON = re.compile(
    r"location\s*(?:\.\s*(?:replace|assign)\s*\(|(?:\.\s*href\s*)?=(?!=))|document\s*\.\s*(?:write|open)\s*\(|\.\s*(?:click|submit|requestSubmit)\s*\("
)
_FETCHES = re.compile(r"\bfetch\s*\(|XMLHttpRequest|\.ajax\s*\(|\$\.get\s*\(|\bimport\s*\(")
_RULE_SHOWS = re.compile(r"content\s*:\s*[\"']([^\"']{2,60})[\"']")
_WRITES = re.compile(r"\.(?:innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|attachShadow)|document\.write")
_CHANGES = re.compile(
    r"(?:querySelector(?:All)?\(\s*[\"'](?P<selector>[^\"']{1,80})[\"']|getElementById\(\s*[\"'](?P<id>[\w-]{1,60})[\"'])\s*\)"
    r"\s*(?:\[0\])?\s*\??\.\s*(?:remove|replaceWith|replaceChildren|textContent\s*=|innerText\s*=|innerHTML\s*=|outerHTML\s*=|hidden\s*=|"
    r"style\s*\.\s*(?:display|visibility)|insertAdjacentHTML)"
)
_SELECTOR = re.compile(r"[\w.#\-\[\]='\s>]+")
# Films, maps and measurements that ordinary pages hold.
_FRAME_OF_OTHERS = re.compile(
    r"\s*$|about:|javascript:\s*(?:void\(0\)|false|''|\"\");?\s*$|(?:https?:)?//(?:[\w-]+\.)*(?:platform\.twitter\.com|youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|dailymotion\.com|googletagmanager\.com|doubleclick\.net|"
    r"googlesyndication\.com|google\.com/(?:maps|recaptcha)|facebook\.com/plugins|trustpilot\.com|trustedshops\.com)(?:[/?:]|$)",
    re.IGNORECASE,
)
_SECOND_LEVEL = frozenset({"co", "com", "net", "org", "gov", "ac", "edu", "ne", "or", "go", "gob", "gv"})
# A number or a name to write to, beside any word: "removed; to order, WhatsApp +49 170 …", "call 0800 …".
_MESSENGER = re.compile(
    r"(?:whats ?app|wa\.me|telegram|t\.me/|wechat|weixin|微信|viber|kakao ?talk|zalo|line id)\D{0,40}\+?\d(?:[\d ().-]{5,})"
    r"|\+?\d[\d ().-]{6,}\D{0,20}(?:whats ?app|telegram|wechat|weixin|微信|viber|kakao ?talk|zalo)"
    r"|(?:instagram|insta|facebook|tiktok|signal|telegram|\bdm\b|\bvk\b)[^@]{0,20}@[\w.]{3,}"
)
_OTHER_SELLERS = re.compile(
    r"\b(?:other|more) (?:sellers|vendors|merchants)\b|\b(?:andere[nr]?|weitere[nr]?) (?:verkaufer|anbieter|handler)|"
    r"autres (?:vendeurs|marchands)|otr[oa]s (?:vendedores|tiendas)|outros (?:vendedores|lojistas)|altri venditori|"
    r"andere verkopers|inn(?:ych|i) sprzedawc|други(?:е|х) продавц|інш(?:і|их) продавц|"
    r"di[gğ]er sat[iı]c[iı]|andra saljare|andre s(?:el|ael|æl)gere|mu(?:ut|ilta) myyj|jin(?:i|ych) prodej|in(?:i|ych) predaj|"
    r"ostali prodavac|drug(?:i|ih) prodaj|alti vanzatori|mas eladok|αλλοι πωλητες|其他(?:卖|賣)家|更多(?:卖|賣)家|他の出品者|"
    r"다른 판매자|بائع\w+ آخر|nguoi ban khac|penjual lain|ผู้ขายรายอื่น"
)
_ALIKE = re.compile(
    r"similar|alike|more items|products|also|ahnlich|artikel|produkte|simil|parecid|semelhant|produits|articles|prodott|"
    r"podobn|produkty|похож|товары|benzer|urunler|liknande|lignende|vastaav|相似|類似|비슷"
)
NEAR = 3  # blocks below a text that names other sellers
_PHONE = re.compile(r"(?:\+|\b00|\b0|\b1-)[1-9][\d ()./-]{6,}\d")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
# An account to pay into: a bank's, or of a coin.
_ACCOUNT = re.compile(r"\biban\W{0,3}[a-z]{2}\d{2}|\bbc1[a-z0-9]{20,}|\b0x[a-f0-9]{40}\b")
_MIXED = re.compile(r"[a-z][а-яіїєα-ω]|[а-яіїєα-ω][a-z]")


def unproven(reading: Reading, word: Word | None) -> Judgement | None:
    """Why this page does not prove the removal that `word` (or its markup) states; None where nothing speaks against."""
    for rule, doubt in _DOUBTS:
        if detail := doubt(reading, word):
            said = f"The page says “{word.text}”, but " if word else "The page has the markup of an ended listing, but "
            return Judgement("unknown", rule, said + detail, doubtful=True)
    return None


def _not_whole(reading: Reading, _word: Word | None) -> str:
    text, headers = reading.answer.text, reading.answer.headers
    length = headers.get("content-length", "")
    if reading.answer.truncated or reading.page.cut:
        return "it is too long to be read whole."
    if _STARTS.search(text[:2_000]) and not _ENDS.search(text):
        return "it breaks off before its end."
    packed = headers.get("content-encoding") or "utf-16" in headers.get("content-type", "").lower()
    arrived = len(text.encode(errors="replace")) + BYTE_ORDER_MARK
    if not packed and length.isdecimal() and len(length) < 12 and int(length) > arrived:
        return "less of it arrived than the shop announced."
    return ""


def _framed(reading: Reading, _word: Word | None) -> str:
    """Content that is drawn from elsewhere: frames, and shadow trees that stand in the markup."""
    page = reading.page
    if page.has(
        "frameset, template[shadowrootmode], template[shadowroot], iframe[srcdoc], object[data], embed[src], portal[src], "
        "[hx-get][hx-trigger*='load'], [hx-get][hx-trigger*='revealed'], turbo-frame[src], include-fragment[src], [x-init*='fetch']"
    ):
        return "a part of it is drawn in a frame, which was not read."
    frames = page.tree.css("iframe[src], fencedframe") if page.tree is not None else []
    for frame in frames[:50]:
        size = {frame.attributes.get(name) for name in ("width", "height")}
        hidden = size & {"0", "1"} or hides(frame.attributes.get("style") or "") or "hidden" in frame.attributes
        if not hidden and not _FRAME_OF_OTHERS.match(frame.attributes.get("src") or ""):
            return "a part of it is drawn in a frame, which was not read."
    return ""


def _leads_on(reading: Reading, _word: Word | None) -> str:
    """A page that sends its visitor on at once: nobody sees it."""
    tree = reading.page.tree
    metas = tree.css("meta[http-equiv]") if tree is not None else []
    refreshes = [
        m.attributes.get("content") or "" for m in metas if (m.attributes.get("http-equiv") or "").lower() == "refresh"
    ]
    for content in (reading.answer.headers.get("refresh", ""), *refreshes):
        found = _TARGET.match(content[:300])
        if found and (float(found[1].strip(".") or 0) <= SOON or not HOME.fullmatch(urlsplit(found[2]).path)):
            return "it leads on to another page."
    handlers = tree.css("[onload], [onerror], [onpageshow]")[:50] if tree is not None else []
    if any(
        _LEADS_ON.search((node.attributes.get(name) or "")[:2_000])
        for node in handlers
        for name in ("onload", "onerror", "onpageshow")
    ):
        return "a script on it leads on to another page."
    if tree is not None and reading.seen < SMALL_404 and not reading.answer.drawn:
        scripts = " ".join(node.text()[:4_000] for node in tree.css("script:not([src])"))
        if _LEADS_ON.search(scripts):
            return "a script on it leads on to another page."
        if _FETCHES.search(scripts) and _WRITES.search(scripts):
            return "a script on it fetches another page and shows that."
    return ""


def _of_another_host(reading: Reading, _word: Word | None) -> str:
    asked, answered = urlsplit(reading.answer.url).hostname or "", reading.where.hostname or ""
    if asked and answered and _registered(asked) != _registered(answered):
        return f"it is a page of {answered}, not of {asked}."
    return ""


def _registered(host: str) -> str:
    """The part of a host name that somebody registered, nearly: "shop.co.uk" of "www.shop.co.uk"."""
    labels = host.lower().rstrip(".").split(".")
    if labels[-1].isdigit():
        return host
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if deep else -2 :])


def _needs_scripts(reading: Reading, word: Word | None) -> str:
    """A page that scripts have yet to draw, or a small one that asks for a reader with scripts."""
    if reading.names_listing or reading.seen >= SMALL:
        return ""
    if any("javascript" in fold(block.text) for block in reading.page.main()):
        return "it asks for a browser with scripts, and may show them something else."
    if reading.seen < 80 and reading.page.has("script") and _only_in_title(reading, word):
        return "only in its title: scripts draw the rest, so it was not read."
    return ""


def _only_in_title(reading: Reading, word: Word | None) -> str:
    """Only the browser's title says it, and the page itself something else."""
    if word is None or word.block.tag != "title" or reading.is_shops_own_end:
        return ""
    if any(each.block.tag != "title" and each.means & {"ended", "not_found"} for each in reading.words):
        return ""
    return "only in its title."


def _offer_kept_hidden(reading: Reading, _word: Word | None) -> str:
    """The offer is on the page, for a script to show: hidden, in a template, or in data that scripts draw from."""
    hidden = reading.page.hidden
    named = _named(reading, None)
    if any(reading.names_listing and _is_its(button, named, reading) for button in reading.page.hidden_buttons):
        return "it holds a hidden offer of the listing, which a script can show."
    styles = reading.page.tree.css("style")[:50] if reading.page.tree is not None and reading.names_listing else []
    if any(
        (states_any("buy", fold(shown)) or PRICE.search(fold(shown)))
        for node in styles
        for shown in _RULE_SHOWS.findall(node.text()[:MAX_STYLES])
    ):
        return "a style of it shows a way to buy."
    if reading.page.tree is not None and reading.title:
        hidden += " ".join((node.html or "")[:20_000] for node in reading.page.tree.css("template")[:20])
        scripts = (node.text()[:20_000] for node in reading.page.tree.css("script:not([src])")[:50])
        hidden += " ".join(script for script in scripts if _WRITES.search(script))
    said = fold(hidden[:60_000])
    if reading.is_titled(said) and states_any("buy", said):
        return "it holds a hidden offer of the listing, which a script can show."
    if (
        not reading.names_listing
        and reading.page.has("script")
        and any(map(reading.is_titled, drawn_from(reading.page)))
    ):
        return "it holds the listing with its price in its data, from which scripts can draw it."
    return ""


def _ordered(reading: Reading, word: Word | None) -> str:
    """A way to order it: a button under its name, or on its page; a number, a mailbox, a messenger."""
    named = _named(reading, word)
    for button in reading.page.buttons:
        is_priced = button.zone == "main" and len(button.text) < PRICE_ALONE and _is_price(fold(button.text))
        is_priced = is_priced and not _is_empty_cart(button)
        if button.enabled and (is_priced or (_buys(button, reading) and _is_its(button, named, reading))):
            return "it still offers the listing."
    if _is_priced(reading) and any(_is_its(form, named, reading) for form in reading.page.forms):
        return "it has a form that may order the listing."
    return _said_to_be_sold(reading, word) if reading.names_listing or named else ""


def _said_to_be_sold(reading: Reading, word: Word | None) -> str:
    if in_stock := next((block for block in reading.page.main() if _is_in_stock(block, word)), None):
        return f"also “{in_stock.text[:80]}”."
    if reading.names_listing and any(order_marks.speaks_of_buying(alt) for _, alt in reading.page.pictures):
        return "it shows a picture of a way to buy."
    texts = [block.text for block in reading.page.main() if not block.unseen]
    if any(zone != "menu" for zone in reading.page.contacts) or any(_takes_orders(fold(text)) for text in texts):
        return "it says where to order the listing."
    return ""


def _named(reading: Reading, word: Word | None) -> list[int]:
    """Where the main part names the listing, nearly: by its title, or a picture of it. On a page that does not name it, a
    price alone may stand for it, if no other heading is above."""
    main = [block for block in reading.page.main() if not block.unseen]
    found = [block.index for block in reading.page.blocks if not block.unseen and reading.resembles(block.text)]
    found += [index for index, alt in reading.page.pictures if reading.resembles(alt)]
    if not reading.names_listing and word is not None:
        heads = [block.index for block in main if block.tag in HEADINGS]
        last = next((index for index in heads if index > max(word.block.index, heads[0])), len(reading.page.blocks) + 1)
        prices = (
            block.index
            for block in main
            if len(block.text) < PRICE_ALONE
            and _is_price(fold(block.text))
            and not (block.index < min(heads, default=0) and is_nothing(block.text))
        )
        found += [index for index in prices if index < last]
    return sorted(found)


def _buys(button: Button, reading: Reading) -> bool:
    if button.orders:
        return True
    text = fold(button.text)
    if not text or len(text) > LONGEST_BUTTON:
        return False
    if (
        states_any("buy", text)
        or order_marks.speaks_of_buying(text)
        or _MIXED.search(text)
        or order_marks.has_cart_sign(text)
    ):
        return True
    if PRICE.search(text) is None or _is_empty_cart(button) or _shows_another(button, reading):
        return False
    return len(text) < LABEL or _is_price(text)


def _is_empty_cart(button: Button) -> bool:
    """Whether it shows the total of an empty cart: nothing, above all headings of the page."""
    return not button.under and is_nothing(button.text)


def _shows_another(button: Button, reading: Reading) -> bool:
    """Whether a link with a picture, a name and a price shows another product: the one that came after it."""
    said = fold(button.text)
    if any(states_any(each, said) for each in ("buy", "stock", "thing", "ask")):
        return False
    if not button.card or holds_id(button.card, reading) or button.card.startswith(("#", "javascript:")):
        return False
    named = PRICE.sub("", said)
    return len(re.findall(r"[^\W\d_]{2,}", named)) > 1 and not reading.resembles(button.text)


def _is_in_stock(block: Block, word: Word | None) -> bool:
    """Whether a short text says that there is some in stock."""
    text = fold(block.text)
    if block.unseen or len(text) > LABEL or (word is not None and block.index == word.block.index):
        return False
    return states_any("stock", text) and not any(
        states_any(each, text) for each in ("no", "out", "over", "no_more", "not_found")
    )


def _is_price(text: str) -> bool:
    return PRICE.search(text) is not None and len(re.sub(r"[\W\d_]", "", text)) <= 3


def _is_its(button: Button, named: list[int], reading: Reading) -> bool:
    """`named`: the indexes of the blocks that are nearly the listing's title, in order."""
    above = bisect_right(named, button.index)
    if above and button.under <= named[above - 1]:
        return True  # below the listing's name, with no other heading between
    if reading.is_untitled:
        return True
    return reading.names_listing and button.zone == "main" and button.under > 0


def _takes_orders(said: str) -> bool:
    """Whether a text gives a messenger's number; or a telephone or a mail address beside a price or a word of buying."""
    if _MESSENGER.search(said) or _ACCOUNT.search(said):
        return True
    reached = _PHONE.search(said) or _MAIL.search(said)
    return bool(reached) and (PRICE.search(said) is not None or any(states_any(word, said) for word in ("buy", "ask")))


def _changed_by_script(reading: Reading, word: Word | None) -> str:
    """A script of the page takes the message away, or puts something else in its place."""
    tree = reading.page.tree
    if tree is None or word is None or reading.answer.drawn:
        return ""
    scripts = " ".join(node.text()[:20_000] for node in tree.css("script:not([src])")[:50])
    named = [found["selector"] or f"[id='{found['id']}']" for found in islice(_CHANGES.finditer(scripts), MAX_CHANGES)]
    for selector in dict.fromkeys(named):
        if not _SELECTOR.fullmatch(selector):
            continue
        node = tree.css_first(selector)
        if node is not None and word.text[:40] in " ".join(node.text(separator=" ").split()):
            return "a script on it changes that message."
    return ""


def _not_the_shops_word(reading: Reading, word: Word | None) -> str:
    """Words among the text below a price are the seller's, or about something else."""
    if word is None or not reading.names_listing:
        return ""
    if word.block.tag == "title":
        return "only in its title, and shows the listing with a price." if _is_priced(reading) else ""
    if word.block.loud:
        return ""
    over = (block.text for block in reading.page.main() if block.index < word.block.index and not block.loud)
    inside = word.block.text.find(word.text[:40])
    if reading.page.price_before(word.block.index) or inside > BURIED or any(len(text) > BURIED for text in over):
        return "among the text about the listing. These may be the seller's words."
    return ""


def _sold_by_others(reading: Reading, _word: Word | None) -> str:
    """One seller's offer ended, and the page sells the product by others: a short text names them, above a way to buy. What
    others sell that is only alike is another product."""
    if not reading.names_listing:
        return ""
    named = {
        block.index
        for block in reading.page.blocks
        if len(block.text) <= LABEL
        and not block.unseen
        and _OTHER_SELLERS.search(fold(block.text))
        and not _ALIKE.search(fold(block.text))
    }
    for button in reading.page.buttons if named else ():
        below = button.under in named or any(0 <= button.index - index <= NEAR for index in named)
        if below and button.enabled and not button.unseen and states_any("buy", fold(button.text)):
            return "it shows offers of other sellers."
    return ""


def _is_priced(reading: Reading) -> bool:
    return reading.page.price_before(1_000_000)


_DOUBTS: tuple[tuple[str, Callable[[Reading, Word | None], str]], ...] = (
    ("not_whole", _not_whole),
    ("framed", _framed),
    ("drawn_with_links", drawn_with_links),
    ("not_filled_in", not_filled_in),
    ("asks_first", asks_first),
    ("leads_on", _leads_on),
    ("other_host", _of_another_host),
    ("needs_scripts", _needs_scripts),
    ("title_only", _only_in_title),
    ("hidden_offer", _offer_kept_hidden),
    ("moved", moved),
    ("changed_by_script", _changed_by_script),
    ("pictured", pictured),
    ("sold_in_data", sold_in_data),
    ("other_versions", other_versions),
    ("contradiction", _ordered),
    ("sold_on", sold_on),
    ("other_sellers", _sold_by_others),
    ("sellers_words", _not_the_shops_word),
)
