"""Reading a listing: its words, identifiers and sizes, each with its place."""

from dataclasses import dataclass
from functools import cached_property

from listings.matching.identifiers import Size, gtin14, gtins_in, models_in, sizes_in
from listings.matching.lexicon import rarity, things_in
from listings.matching.normalise import canonical_model, decode, words
from listings.matching.texts import ListingText, Span

DESCRIPTION_READ = 1_500  # characters: what comes later is rarely about identity


@dataclass(frozen=True)
class ListingReading:
    """`words` are those of title, brand and MPN with their first place; `more_words` those of the description."""

    text: ListingText
    title_words: tuple[str, ...]
    words: dict[str, Span]
    more_words: dict[str, Span]
    brand_words: tuple[str, ...]
    models: dict[str, Span]
    more_models: dict[str, Span]
    gtins: dict[str, Span]
    disguised: dict[str, Span]

    @property
    def id(self) -> str:
        return self.text.id

    @cached_property
    def things(self) -> dict[str, Span]:
        """The things that the title names, in any language of the lexicon."""
        folded = [word.text for word in words(self.text.title)]
        places = words(self.text.title)
        return {
            thing: Span("title", places[first].start, places[last - 1].end, self.text.title[places[first].start : places[last - 1].end])
            for thing, first, last in things_in(folded)
        }

    @cached_property
    def sizes(self) -> tuple[Size, ...]:
        return sizes_in(self.text.title, "title")

    @cached_property
    def lowered(self) -> str:
        """Title and description in lower case, for phrases."""
        return f"{self.text.title}\n{self.text.description[:DESCRIPTION_READ]}".lower()


def read_listing(text: ListingText) -> ListingReading:
    """Everything the rules need to know of a listing."""
    title, description, brand, mpn = decode(text.title), decode(text.description[:DESCRIPTION_READ]), decode(text.brand), text.mpn
    text = ListingText(text.id, title, description, brand, text.gtin, mpn, text.seller, text.price, text.category)
    found: dict[str, Span] = {}
    disguised: dict[str, Span] = {}
    title_words = []
    for word in words(title):
        span = Span("title", word.start, word.end, title[word.start : word.end])
        found.setdefault(word.text, span)
        title_words.append(word.text)
        if word.disguised:
            disguised.setdefault(word.text, span)
    brand_words = []
    for word in words(brand):
        found.setdefault(word.text, Span("brand", word.start, word.end, brand[word.start : word.end]))
        brand_words.append(word.text)
        if word.disguised:
            disguised.setdefault(word.text, Span("brand", word.start, word.end, brand[word.start : word.end]))
    more: dict[str, Span] = {}
    for word in words(description):
        if word.text not in found:
            more.setdefault(word.text, Span("description", word.start, word.end, description[word.start : word.end]))
    models = models_in(title, "title", joined=True, digits_alone=True)
    if mpn:
        models.setdefault(canonical_model(mpn), Span("mpn", 0, len(mpn), mpn))
        for number, span in models_in(mpn, "mpn", digits_alone=True).items():
            models.setdefault(number, span)
    gtins = gtins_in(title, "title") | gtins_in(description, "description")
    if (number := gtin14(text.gtin)) is not None:
        gtins[number] = Span("gtin", 0, len(text.gtin), text.gtin)
    return ListingReading(
        text=text,
        title_words=tuple(title_words),
        words=found,
        more_words=more,
        brand_words=tuple(brand_words),
        models=models,
        more_models=models_in(description, "description") if description else {},
        gtins=gtins,
        disguised=disguised,
    )


def rare_first(candidates: set[str]) -> list[str]:
    """Words by how much they tell, rarest first; equal ones in the order of the alphabet."""
    return sorted(candidates, key=lambda word: (-rarity(word), word))
