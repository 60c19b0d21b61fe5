"""Brand names from a recall's fields, its title and the text about its firms."""

import re
from collections.abc import Collection
from typing import NamedTuple

from listings.matching.lexicon import COMPONENTS, MAKERS_ALONE, PRODUCT_TYPES, is_name, leading_maker, rarity
from listings.matching.normalise import decode, joined_word, words
from listings.matching.printed_names import printed_names
from listings.matching.prose_names import involved_maker
from listings.matching.texts import Correction, RecallText, Span

_FIRM = re.compile(r"^(?:.*?\bd[./]?b[./]?a\b\.?:?\s+)?([^,;(]+)", re.IGNORECASE)
_COMPANY = re.compile(
    r"\b(?:inc|llc|ltd|co|corp|corporation|company|gmbh|international|usa|u s a|us|america|north america|americas|"
    r"industries|group|products|limited|of|the|brands?|trading|technology|technologies|holdings?|manufacturing|mfg|"
    r"enterprises|imports?|stores)\b\.?",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:CPSC,?\s+(?:and\s+)?)?(?P<name>[\w&'’.®™+ -]{2,40}?)(?:, (?:Inc|LLC|Ltd|Corp|Co)\b\.?,?)?\s+"
    r"(?:Expands|Extends|Reannounces|(?:is )?Recalling\b|Recalls\b|Recall(?= (?!Due|of|to)[A-Z]| to (?:Inspect|Refund|Repair|Replace)\b)|"
    r"Announce[sd]?\b|Issues)"
)
_YEARS_BEFORE = re.compile(
    r"(?:(?:all|certain|model|years?) )*(?:(?:19|20)\d\d(?:[ ,/–-]|and|to|through)+)+(?:model(?: years?)? )?",
    re.IGNORECASE,
)  # "Model Year 2007 Honda TRX 500 ATVs"
_OWNED = re.compile(r"['’]s\b|(?<=['’]s)")
_SAYS_NOTHING = frozenset({"and", "corp", "gmbh", "inc", "llc", "ltd", "of", "the"})
_PROMPTED = re.compile(
    r"\bPrompts? (?:CPSC and )?(?!Re-?[aA]nnounce|Urgent)(?P<name>[A-Z][\w&'’.®™+ -]{1,40}?) (?=to (?:Recall|Re-?announce|Expand)|Recall of\b)"
    r"|\bPrompts? .+ [bB]y (?P<name2>[A-Z][\w&'’.®™+ -]{1,40}?)(?= Due|;|,|$)"
)  # "Fire Hazard Prompts Canon U.S.A. to Recall …"
_BY = re.compile(
    r"\bRecalled (?:to (?:Inspect|Refund|Repair|Replace) )?[Bb]y (?P<name>[\w&'’.®™+ -]{2,40}?)(?: Due| Because|;|,|$)"
)
_MADE_BY = re.compile(
    r"[;,] (?:Manufactured|Made|Imported|Distributed) by (?P<name>[\w&'’.®™+ -]{2,40}?)(?: Due| Because| and |;|,| \(|$)"
)  # "… Hazard; Manufactured by Selfie Craft Company"
_MARKED = re.compile(r"(?P<name>[A-Z0-9][\w&'’.-]*+(?: [A-Z0-9][\w&'’.-]*+){0,2}) ?[®™]")
# No way back into a word: its length would count squared.
_UNBRANDED = r"[A-Z0-9][\w&'’.]*+(?:-(?!brand(?:ed)?\b)[\w&'’.]*+)*"
_BRANDED = re.compile(rf"(?P<name>{_UNBRANDED}(?: {_UNBRANDED})?)[- ]brand(?:ed)?\b")
_GOODS_OF = re.compile(r"(?P<name>[A-Z][\w&'’.-]*+(?: [A-Z0-9][\w&'’.-]*+){1,2}) brand(?:ed)? [A-Z]")
_NAMES_APART = re.compile(r"(?:\band|\bor|[,;/&:]) (?=[A-Z0-9])|(?<=; )")
_NAME_APART = re.compile(r",? (?:and|or) |, ?|; ?| ?/ ?")
_UNDER_BRANDS = re.compile(
    r"\b(?:under|bear\w*|carry\w*|display\w*|have|in) (?:one of )?(?:the |these |several |various |following )*(?:brands?|brand ?names?|names|labels?)"
    r"(?: names?)?(?: (?:of|including|such as|are))?:? (?P<names>[A-Z0-9“\"][^.;()]{1,160})"
    r"|\bunder (?:both )?(?:the )?(?P<names2>[A-Z0-9“\"][^.;()]{1,120}?) (?:brands?|names|labels?)\b"
    r"|\bwith the following brands?(?: ?names?)?:? (?P<names4>[A-Z][^.;()]{1,160})"
    r"|\binvolves? (?:the )?(?P<names3>[A-Z][^.;()]{1,120}?) brands of\b"
)
_ORIGIN = re.compile(r"made in\b", re.IGNORECASE)  # a label's "Made in China" names no brand
_CURRENTS = frozenset({"ac", "dc"})  # "AC adapters" are nobody's
_LOGO = re.compile(r"(?P<name>[A-Z][\w&'’.-]*+(?: [A-Z][\w&'’.-]*+){0,2})[®™]? logo\b")
_RECALLED = re.compile(r"\bRecalled (?:Due|Because|for|After)\b")
_BESIDE = re.compile(r"[®™]? (?:and|&|or) (?P<name>[A-Z][\w'’-]+)(?= [A-Z])")
_NOBODY = frozenset(
    {
        "led",
        "lcd",
        "usb",
        "usa",
        "hd",
        "diy",
        "gps",
        "atv",
        "utv",
        "christma",
        "halloween",
        "easter",
        "hanukkah",
        "valentine",
    }
)  # first words of names of goods, in capitals for other reasons ("LED Lanterns", "Halloween Flashlights")
_OF_A_COUNTRY = frozenset({"american", "british", "canadian", "european"})
_MARKS, _QUOTES = frozenset("®™"), frozenset("“\"'‘")
SAID, BRANDED_IN = "said to be a brand", 300  # characters of a description: "involves ART brand smart plugs"
LISTED_IN, NAME_READ, MAX_NAMES = 1_500, 40, 12  # characters of a description, characters of a name, names
LONGEST_BEFORE, SHORTEST = 520, 4  # characters of a maker's name with its marks, letters of a name that begins a title
SOLD_AT_READ = 120  # characters
WORDS, WORDS_OF_FIRM = 3, 2  # how many words of a name are taken
COMMON = 0.25  # rarity up to which a word is no part of a name
NAME_FROM = 0.6  # rarity from which the names among a brand's words are enough
LEADING_FROM = 0.85  # rarity from which the first word of a product's name is taken for a brand
ALONE_FROM = 0.72  # rarity from which one word of a longer brand name is enough


def without_company(name: str) -> str:
    """A firm's name without what says only that it is one."""
    return _COMPANY.sub(" ", name)


def _recaller(title: str) -> tuple[str, int] | None:
    """Who recalls, by the title, and where the name ends."""
    match = _TITLE.search(title)
    if match and "Prompt" not in match["name"]:
        return match["name"], match.end()
    match = _PROMPTED.search(title) if "Prompt" in title else None
    return (match["name"] or match["name2"], match.end()) if match else None


def stated_makers(text: RecallText) -> list[str]:
    """The makers' names that fields, title and marks of a recall state."""
    names = [product.brand for product in text.products if product.brand]
    names += [name for name, _ in filter(None, [_recaller(text.title)])]
    names += [match["name"] for match in _BY.finditer(text.title)]
    names += [
        match["name"]
        for product in text.products
        for pattern in (_MARKED, _BRANDED)
        if (match := pattern.search(product.name))
    ]
    return names


class Brands(NamedTuple):
    """`words`: every word of a brand's name → where it is from; `names`: the words that must appear together; `printed`:
    words of brands that only the description has beside the firm's, and that tell its products apart, too."""

    words: dict[str, Span]
    names: tuple[frozenset[str], ...]
    printed: frozenset[str] = frozenset()

    def without(self, lines: frozenset[str]) -> "Brands":
        """The same without names that have one of these words."""
        kept = {word: span for word, span in self.words.items() if word not in lines}
        return Brands(kept, tuple(name for name in self.names if lines.isdisjoint(name)), self.printed - lines)


def read_brands(text: RecallText) -> Brands:
    """Given fields first, then the title ("X Recalls …", "… Recalled by X") and marked names, or where none of these
    names a brand a rare first word that title and product's name share; then the firms."""
    given = [(decode(product.brand), "brand", WORDS) for product in text.products if product.brand]
    recaller = _recaller(text.title)
    given += [(recaller[0], "recall title", WORDS)] if recaller else []
    given += [(match["name"], "recall title", WORDS) for match in _BY.finditer(text.title)]
    makers = _makers_of_names(text) + _listed_brands(text) + _on_the_logo(text) + _branded(text)
    said, known = _said_of_names(text), [name for name, _, _ in given + makers]
    makers = [each for each in makers if not _is_behind_another(said, each[0], known)]
    if not given and not makers:
        makers += [(match["name"], SAID, WORDS) for match in _BRANDED.finditer(text.description[:BRANDED_IN])]
    marked, branded = (
        [(match["name"], "product", WORDS) for product in text.products if (match := pattern.search(product.name))]
        for pattern in (_MARKED, _BRANDED)
    )
    if given or makers:  # "Graco Harmony™": what is marked beside a maker is the maker's line
        marked = [each for each in marked if _is_maker(each[0])]
    if recaller and _sells_in_its_stores(recaller[0], text.sold_at):
        marked += _private_label(text, recaller[1])
    marked += branded
    given += makers + marked
    if not given:
        given = _leading_the_title(text)
    given += _branded_in_title(text)
    given += [(match["name"], "recall title", WORDS) for match in _MADE_BY.finditer(text.title)]
    if _BY.search(text.title):
        given += _first_words(text)  # "Matco Tools Chargers Recalled by Professional Tool Products"
    firms = [(match[1], "firm", WORDS_OF_FIRM) for firm in text.firms if (match := _FIRM.search(decode(firm)))]
    names = _distinctive_names(given) or _distinctive_names(_first_words(text)) or _plain_name(recaller)
    known = [name for name, _, _ in given]
    leading = [each for each in _leading_names(text) if not _is_behind_another(said, each[0], known)]
    for name, span in (_distinctive_names(leading) | _distinctive_names(firms)).items():
        names.setdefault(name, span)
    for name, span in _distinctive_names(_named_beside(text, names) + _involved(text)).items():
        names.setdefault(name, span)
    stated = {word for name in names for word in name}
    for name, span in _distinctive_names(_printed(text)).items():
        names.setdefault(name, span)
    printed = frozenset(word for name in names for word in name) - stated
    names = _written_otherwise(_without_kinds(names | _short_name(recaller, text), text), text)
    names = {name: span for name, span in names.items() if not _NOBODY.issuperset(name)}
    found: dict[str, Span] = {}
    for name, span in names.items():
        for word in name:
            found.setdefault(word, _placed(text, span))
    return Brands(found, tuple(map(frozenset, names)), printed)


def _sells_in_its_stores(recaller: str, sold_at: str) -> bool:
    """Whether the recall is a retailer's, "Best Buy stores nationwide": what is marked beside its name is a brand of its
    own ("Best Buy Recalls Insignia™ Pressure Cookers"), and no line."""
    name = [word.text for word in words(without_company(recaller))]
    sold = [word.text for word in words(sold_at[:SOLD_AT_READ])]
    return any(
        sold[place : place + len(name)] == name and sold[place + len(name) : place + len(name) + 1] == ["store"]
        for place in range(len(sold) if name else 0)
    )


def _written_otherwise(names: dict[tuple[str, ...], Span], text: RecallText) -> dict[tuple[str, ...], Span]:
    """The names, and what else they may be written as: two or three words as one, and first letters."""
    found = dict(names)
    for name, span in names.items():
        if len(name) > 1 and (both := joined_word(name[0], name[1])):
            found.setdefault((both, *name[2:]), span)  # "Bright Starts" and "BrightStarts"
        if joined := _three_as_one(span.text):
            found.setdefault((joined,), span)
        if acronym := _acronym(span.text, text):
            found.setdefault((acronym,), span)
    return found


def _plain_name(recaller: tuple[str, int] | None) -> dict[tuple[str, ...], Span]:
    """Who recalls, where the name has ordinary words alone ("The Company Store") and nothing else names a brand: two words
    at least, of which a listing must have all."""
    said = [word.text for word in words(recaller[0])] if recaller else []
    name = tuple(word for word in said if word not in _SAYS_NOTHING)
    is_name = recaller is not None and len(name) > 1 and recaller[0][0].isupper()
    return {name: Span("recall title", 0, len(recaller[0]), recaller[0])} if recaller and is_name else {}


def _short_name(recaller: tuple[str, int] | None, text: RecallText) -> dict[tuple[str, ...], Span]:
    """The first word of a firm's name, where the products are called by it alone ("Dorel Home Furnishings Recalls Dorel Wall
    Beds")."""
    firm = [word.text for word in words(recaller[0])] if recaller else []
    found: dict[tuple[str, ...], Span] = {}
    for product in text.products if len(firm) > 1 else ():
        name = decode(product.name)
        read = words(name)
        if len(read) < 2 or read[0].text != firm[0] or read[1].text == firm[1] or not name[read[0].start].isupper():
            continue
        if (
            is_name(firm[0])
            and firm[0] not in PRODUCT_TYPES
            and (firm[0] in MAKERS_ALONE or rarity(firm[0]) >= NAME_FROM)
        ):
            found[(firm[0],)] = Span("product", read[0].start, read[0].end, name[read[0].start : read[0].end])
    return found


def _without_kinds(names: dict[tuple[str, ...], Span], text: RecallText) -> dict[tuple[str, ...], Span]:
    """The names without a word that says what the firm makes, where its products are such: "Otis Elevator Company", "woom
    Bikes". What is left must be rare."""
    last = {read[-1].text for product in text.products if (read := words(decode(product.name)))}
    types = {PRODUCT_TYPES[word] for word in last if word in PRODUCT_TYPES}
    found: dict[tuple[str, ...], Span] = {}
    for name, span in names.items():
        kept = tuple(word for word in name if word not in last and PRODUCT_TYPES.get(word) not in types)
        is_enough = bool(kept) and all(rarity(word) >= ALONE_FROM for word in kept)
        found.setdefault(kept if is_enough else name, span)
    return found


def _private_label(text: RecallText, start: int) -> list[tuple[str, str, int]]:
    """The one name that the title marks behind `start`, where the description never has it as an ordinary word."""
    found = [match for match in _MARKED.finditer(text.title, start) if text.title[: match.start()][-2:] != "& "]
    if len(found) != 1:
        return []
    name = found[0]["name"]
    shares = [rarity(word.text) for word in words(name)]
    if (
        min(shares) <= COMMON
        or max(shares) < ALONE_FROM
        or re.search(rf"\b{re.escape(name.lower())}\b", text.description)
    ):
        return []
    return [(name, "recall title", WORDS)]


def _three_as_one(name: str) -> str:
    """A name of three words written as one ("DreamOnMe"), or ""; small words count here, too."""
    said = [word.text for word in words(without_company(name))]
    joined = "".join(said)
    return joined if len(said) == WORDS and joined.isalpha() and joined.isascii() else ""


def _acronym(name: str, text: RecallText) -> str:
    """The first letters of a name of three words and more, where the recall's text has them in capitals, too ("Mountain
    Safety Research" and "MSR"); else ""."""
    letters = "".join(word[0] for word in name.split() if word[0].isupper())
    if len(letters) < WORDS or not re.search(
        rf"\b{re.escape(letters)}\b", f"{text.title} {text.description[:LISTED_IN]}"
    ):
        return ""
    return letters.lower()


def corrected_brands(read: Brands, correction: Correction) -> Brands:
    """What was read, without the names that a person dropped and with those that a person added, whatever their words."""
    dropped = {frozenset(word.text for word in words(given)) for given in correction.drop}
    names = [name for name in read.names if name not in dropped]
    found = {word: span for word, span in read.words.items() if any(word in name for name in names)}
    for given in correction.add:
        if name := frozenset(word.text for word in words(given)):
            names.append(name)
            found |= {word: Span("correction", 0, len(given), given) for word in name}
    return Brands(found, tuple(dict.fromkeys(names)), read.printed)


def _distinctive_names(given: list[tuple[str, str, int]]) -> dict[tuple[str, ...], Span]:
    """(name, field, how many of its words) → the words of those names that are not too common to name anyone."""
    found: dict[tuple[str, ...], Span] = {}
    for name, field, most in given:
        distinct = tuple(
            word.text
            for word in words(_COMPANY.sub(" ", name))[:most]
            if len(word.text) > 1 and (rarity(word.text) > COMMON or field == SAID) and not word.text.isdigit()
        )
        maker = _maker_at_home([word.text for word in words(name)])
        where = "recall description" if field == SAID else field
        if maker and (len(distinct) == 1 or len(maker) > 1 or field != "firm"):
            found.setdefault(maker, Span(where, 0, len(name), name))
            continue
        if field == SAID and distinct:
            found.setdefault(distinct, Span(where, 0, len(name), name))
            continue
        if all(word in PRODUCT_TYPES or rarity(word) < 0.45 for word in distinct):
            continue
        names = tuple(word for word in distinct if is_name(word) and rarity(word) > NAME_FROM)
        distinct = names or distinct  # "B.O.B. Trailers", "Boppy Company"
        if len(distinct) > 1 or is_name(distinct[0]) or rarity(distinct[0]) >= ALONE_FROM or field != "firm":
            found.setdefault(distinct, Span(field, 0, len(name), name))
    return found


def _maker_at_home(folded: list[str]) -> tuple[str, ...]:
    """The known maker that a name begins with. "American Honda" is Honda; "American" alone is nobody."""
    maker = leading_maker(folded)
    return leading_maker(folded[1:]) if len(maker) == 1 and maker[0] in _OF_A_COUNTRY else maker


def _leading_names(text: RecallText) -> list[tuple[str, str, int]]:
    """Very rare names with which a product's name begins ("KOYO Bounca", recalled by Games Workshop). Not of parts:
    what their names begin with is what they belong to."""
    found = []
    for product in text.products:
        name = decode(product.name)
        read = words(name)
        if len(read) < 2 or any(word.text in COMPONENTS or PRODUCT_TYPES.get(word.text) in COMPONENTS for word in read):
            continue
        first = read[0]
        if _is_line(text.title, name[first.start : first.end]):
            continue
        if _OWNED.match(name, first.end) and _recaller(text.title) and not _is_maker(name[first.start : first.end]):
            continue  # "Fisherman's Sweaters"
        distinct = first.text not in PRODUCT_TYPES and is_name(first.text) and rarity(first.text) >= LEADING_FROM
        if distinct and first.text.isalpha() and len(first.text) > 2 and name[first.start].isupper():
            found.append((name[first.start : first.end], "product", 1))
    return found


def _placed(text: RecallText, span: Span) -> Span:
    """The span at the place where its field has these words."""
    fields = {
        "recall title": (text.title,),
        "recall description": (text.description,),
        "product": tuple(decode(product.name) for product in text.products),
    }
    for said in fields.get(span.field, ()):
        if (start := said.find(span.text)) >= 0:
            return Span(span.field, start, start + len(span.text), span.text)
    return span


def _is_maker(name: str) -> bool:
    return bool(leading_maker([word.text for word in words(name)]))


def _begins_a_name(letter: str) -> bool:
    return letter.isupper() or letter.isdigit()


def _makers_of_names(text: RecallText) -> list[tuple[str, str, int]]:
    """Known makers with which a product's name, or one of several names in it, begins ("Frigidaire Gas Ranges")."""
    found = []
    for product in text.products:
        name = decode(product.name)
        years = _YEARS_BEFORE.match(name) if not _recaller(text.title) else None  # beside a maker, a line follows
        starts = [years.end() if years else 0, *(match.end() for match in _NAMES_APART.finditer(name))]
        for cut in starts[:MAX_NAMES]:
            read = words(name[cut : cut + NAME_READ])
            if not read or not _begins_a_name(name[cut + read[0].start]):
                continue
            maker = leading_maker([word.text for word in read])
            if maker and not (maker[0] in _CURRENTS and len(maker) == 1):
                last = read[len(maker) - 1]
                found.append((name[cut + read[0].start : cut + last.end], "product", len(maker)))
    return found


def _on_the_logo(text: RecallText) -> list[tuple[str, str, int]]:
    """Names whose logo the description mentions, where a product's name begins with them ("the Mountain Buggy logo")."""
    return [
        (match["name"], "product", WORDS)
        for match in _LOGO.finditer(text.description[:LISTED_IN])
        if any(decode(product.name).startswith(f"{match['name']} ") for product in text.products)
    ]


def _branded(text: RecallText) -> list[tuple[str, str, int]]:
    """Known makers of more than one word whose goods the first sentences list beside others ("as well as Martha Stewart
    Living branded Cardona chairs")."""
    found = []
    for match in _GOODS_OF.finditer(text.description[:BRANDED_IN]):
        maker = leading_maker([word.text for word in words(match["name"])])
        if len(maker) > 1:
            found.append((match["name"], "recall description", len(maker)))
    return found


def _involved(text: RecallText) -> list[tuple[str, str, int]]:
    maker, said = involved_maker(text.description)
    return [(said, SAID, len(maker))] if maker and (len(maker) > 1 or names_alone(maker[0])) else []


def _printed(text: RecallText) -> list[tuple[str, str, int]]:
    """Names that the description prints apart from the firm, unless they are a line of it ("GT Fury")."""
    stated, said = stated_makers(text), _said_of_names(text)
    return [
        (name, "recall description", WORDS)
        for name in printed_names(text)
        if not _is_behind_another(said, name, stated)
    ]


def _named_beside(text: RecallText, names: Collection[tuple[str, ...]]) -> list[tuple[str, str, int]]:
    """Names beside a brand with which a product's name begins: "JELD-WEN and Reliabilt Interior Doors"."""
    known = {word for name in names for word in name}
    found = []
    for product in text.products:
        name = decode(product.name)
        match = _BESIDE.search(name)
        before = [word.text for word in words(name[: match.start()])] if match else []
        if match and before and known.issuperset(before):
            found.append((match["name"], "product", 1))
    return found


def _said_of_names(text: RecallText) -> str:
    """Title, beginning of the description and products' names, each on a line of its own."""
    return f"{text.title}\n{text.description[:LISTED_IN]}\n" + "\n".join(decode(each.name) for each in text.products)


def _is_behind_another(said: str, name: str, others: Collection[str]) -> bool:
    """Whether `said` has this name right behind another maker's (‘Monte Carlo "Cyclone" fans’): a line of it."""
    makers = tuple({other for other in others if other and other != name})
    start = said.find(name) if makers else -1
    while start >= 0:
        before = said[max(0, start - LONGEST_BEFORE) : start]
        if before[-1:] in _QUOTES:
            before = before[:-1]
        if before.endswith(" ") and _ends_there(said, start + len(name)) and _ends_with(before[:-1], makers):
            return True
        start = said.find(name, start + 1)
    return False


def _ends_with(said: str, makers: tuple[str, ...]) -> bool:
    """Whether it ends with one of these names, of which ® or ™ may be behind."""
    while True:
        if said.endswith(makers) and any(
            said.endswith(maker) and not _is_of_word(said[: -len(maker)][-1:]) for maker in makers
        ):
            return True
        if said[-1:] not in _MARKS:
            return False
        said = said[:-1]


def _ends_there(said: str, end: int) -> bool:
    return _is_of_word(said[end - 1 : end]) != _is_of_word(said[end : end + 1])


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _listed_brands(text: RecallText) -> list[tuple[str, str, int]]:
    """Those that the description lists: "sold under the brand names Midea, Danby and Insignia", "the Kenmore brand"."""
    found = []
    for match in _UNDER_BRANDS.finditer(text.description[:LISTED_IN]):
        for name in _NAME_APART.split(match[match.lastgroup or "names"]):
            bare = name.strip(" “”\"'®™")
            if bare and _begins_a_name(bare[0]) and len(bare) <= NAME_READ and not _ORIGIN.match(bare):
                found.append((bare, "recall description", WORDS))
    return found[:MAX_NAMES]


def _is_line(title: str, word: str) -> bool:
    """Whether the title says that its maker recalls this ("Yeti Recalls Rambler Mugs"), so that it is a line, not a
    maker, unless it is known as one or said to be a brand."""
    if not (said := _TITLE.match(title)) or leading_maker([each.text for each in words(word)]):
        return False
    behind = title[said.end() :].lstrip()
    return behind.startswith(word) and not re.match(re.escape(word) + r"[\w '’®™]*[ -][Bb]rand", behind)


def _leading_the_title(text: RecallText) -> list[tuple[str, str, int]]:
    """The rare name with which a title of the kind "NewCosplay Sleepwear Recalled Due to …" begins, where the
    description also has it within a sentence, with its capitals: only a name is written so there."""
    read = words(text.title[:NAME_READ])
    if not read or not _RECALLED.search(text.title):
        return []
    first, name = read[0], text.title.split(maxsplit=1)[0].strip(",;:®™")
    distinct = first.text not in PRODUCT_TYPES and is_name(first.text) and rarity(first.text) >= ALONE_FROM
    if not distinct or len(name) < SHORTEST or not name.replace("-", "").isalpha() or not name[0].isupper():
        return []
    within = re.search(rf"[a-z,’'] {re.escape(name)}\b", text.description[:LISTED_IN])
    return [(name, "recall title", WORDS)] if within else []


def _branded_in_title(text: RecallText) -> list[tuple[str, str, int]]:
    """The brand that the first sentences speak of ("two styles of Ivanka Trump-branded scarves"), where the title begins
    with it."""
    return [
        (match["name"], "recall title", WORDS)
        for match in _BRANDED.finditer(text.description[:BRANDED_IN])
        if text.title.startswith(f"{match['name']} ")
    ]


def _first_words(text: RecallText) -> list[tuple[str, str, int]]:
    """The first word of a product's name, where it is rare, capitalised and in the title, too."""
    in_title = {word.text for word in words(text.title)}
    found = []
    for product in text.products:
        name = decode(product.name)
        for word in words(name)[:1]:
            distinct = word.text not in PRODUCT_TYPES and rarity(word.text) > ALONE_FROM and is_name(word.text)
            if word.text in in_title and distinct and name[word.start].isupper():
                found.append((name[word.start : word.end], "product", 1))
    return found


def named_in(names: tuple[frozenset[str], ...], said: object) -> str | None:
    """The word by which `said` (anything with `in`) names one of the brands: a rare one, or all words of its name."""
    for name in names:
        there = [word for word in name if word in said]  # type: ignore[operator]
        if not there:
            continue
        distinct = max(there, key=lambda word: (rarity(word), word))
        if len(there) == len(name) or names_alone(distinct):
            return distinct
    return None


def names_alone(word: str) -> bool:
    """Whether one word of a longer brand name is enough."""
    return rarity(word) >= ALONE_FROM and word not in PRODUCT_TYPES and is_name(word)
