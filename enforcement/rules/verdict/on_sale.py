"""Rules by which a page shows that the listing is still online: offered, or out of stock."""

from enforcement.rules.verdict import offers
from enforcement.rules.verdict.answer import Judgement
from enforcement.rules.verdict.lexicon import fold
from enforcement.rules.verdict.page import PRICE
from enforcement.rules.verdict.reading import Reading


def offered(reading: Reading) -> Judgement | None:
    if not reading.names_listing:
        if reading.shows_id and reading.own_buttons and not reading.is_elsewhere and not reading.names_other:
            return _live("shows_offer", "The page shows the listing's id and a way to buy it.")
        return None
    if reading.own_buttons:
        return _live("shows_title", "The page shows the listing's title and a way to buy it.")
    return None


def out_of_stock(reading: Reading) -> Judgement | None:
    """Sold out, unavailable for now, available later: the listing is online and can sell again. This applies to every
    language."""
    if not reading.names_listing:
        return None
    if word := reading.word("out"):
        return _live("out_of_stock", f"The page says “{word.text}”: the listing is online and can sell again.")
    if reading.availability in offers.OUT:
        detail = f"The page's data says {reading.availability}: the listing is online and can sell again."
        return _live("out_of_stock", detail)
    if any(block.stock for block in reading.page.main()) or (
        reading.adapter is not None and reading.page.has(reading.adapter.stock)
    ):
        return _live("stock_message", "The page shows the listing with a message about its stock.")
    return None


def shown(reading: Reading) -> Judgement | None:
    """The title together with a sign of an offer: data about a sale, a price, or a button in an unknown language."""
    if not reading.names_listing:
        return None
    if reading.availability in offers.SELLS:
        return _live("structured_data", f"The page shows the title, and its data says {reading.availability}.")
    if reading.availability in offers.ENDED:
        detail = f"The page's data says {reading.availability}; the page itself does not."
        return Judgement("unknown", "data_alone", detail, doubtful=True)
    is_strange = _has_strange_message(reading)
    is_priced = reading.page.price_before(1_000_000) and not is_strange
    if reading.other_buttons or reading.buys_elsewhere_on_page or is_priced:
        return _live("shows_title", "The page shows the listing's title and a price or a button.")
    if reading.asks:
        return _live(
            "shows_title", f"The page shows the listing's title and how to ask for a price (“{reading.asks}”)."
        )
    detail = "The page shows the listing's title, but no offer and no reason why."
    if is_strange:
        detail = "The page shows the listing's title and a message in words that we do not know, but no way to buy."
    return Judgement("unknown", "title_alone", detail, doubtful=True)


def _has_strange_message(reading: Reading) -> bool:
    """Whether the page highlights a message that no language known to us explains: it may say that the listing ended, and a
    price alone does not contradict it."""
    for block in reading.page.main():
        is_message = block.loud and not block.unseen and block.tag not in {"h1", "h2", "h3"} and not block.stock
        if is_message and not PRICE.search(fold(block.text)) and not reading.means_of(block.text):
            return True
    return False


def _live(rule: str, detail: str) -> Judgement:
    return Judgement("live", rule, detail)
