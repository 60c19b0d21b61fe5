"""The highest possible score of a pair, from a quick read: pairs that cannot become a match are not compared further.

Nine of ten candidates share a word and nothing else. The bound is never below the score of all rules, so leaving a
pair out changes no match (tests/listings/matching/test_upper_bound.py compares the two on every pair of a sample).
"""

from collections.abc import Iterable, Sequence, Set

from rapidfuzz.distance import DamerauLevenshtein

from listings.matching.lexicon import PRODUCT_TYPES, rarity
from listings.matching.profile import Line, Profile
from listings.matching.quick_read import QuickRead, Traits
from listings.matching.rules import MAX_WEIGHTS
from listings.matching.rules.base import WEIGHTS
from listings.matching.rules.identifiers import model
from listings.matching.rules.kinds.product_type import UNKNOWN_KIND, UNSURE
from listings.matching.rules.names.name_line import FROM as LINE_FROM
from listings.matching.rules.names.name_line import MAX_SHARE
from listings.matching.rules.names.name_missing import COMPLETE
from listings.matching.rules.names.name_model import NONE_STATED
from listings.matching.rules.names.title_fits import ENOUGH, FITS_FROM
from listings.matching.rules.names.whole import WHOLE
from listings.matching.score import HOPELESS

_NOBODY: set[str] = set()
LINE = MAX_WEIGHTS["name_line"] / MAX_SHARE  # the weight that shares are taken of
UNKNOWN = WEIGHTS["same_product_type"] * max(UNSURE, UNKNOWN_KIND)
_distance = DamerauLevenshtein.distance
LIKE_FROM = 5  # letters
LONG_FROM = 9  # letters of a word in which two may be wrong
MORE = 2  # letters that a misspelt or similar word may have more or less than the name
ENDLESS = 99.0  # the same GTIN, or the same number beside the brand: always compare
RELIED_ON = frozenset(
    {
        "different_brand",
        "different_maker",
        "brand_not_named",
        "title_mentions_something_else",
        "title_adds_words",
        "limits_not_stated",
        "different_product_type",
        "name_missing",
        "different_product_line",
        "model_of_name_missing",
    }
)
"""Signals against a match whose weight the bound takes: where one of them is switched off, it is no bound."""


def upper_bound(  # noqa: C901, PLR0912  one step for each fact
    recall: Profile, listing: QuickRead, at_least: float = HOPELESS
) -> float:
    """An upper bound of the log-odds that `compare` can give to this pair, unless signals of `RELIED_ON` are off; no
    nearer one is looked for once it is below `at_least`."""
    words, traits = listing.words, listing.traits
    if not recall.numbers.isdisjoint(listing.gtins):
        return ENDLESS
    of_number = _of_numbers(recall, listing.numbers) if listing.numbers else 0.0
    near, names = _near(recall, traits) if traits.strange else (_NOBODY, _NOBODY)
    said = traits.said | names if names else traits.said
    brands = recall.brands
    is_named_here = not traits.has_for and _is_named(recall, words)
    is_named = is_named_here or _is_named(recall, said)
    if of_number and is_named:
        return ENDLESS
    kind = _kind(recall, listing)
    lines = () if recall.line_words.isdisjoint(said) else [(line, _share(line, said)) for line in recall.lines]
    whole = is_named and (recall.plain or any(share >= WHOLE for _, share in lines))
    best = recall.base + kind
    misspelt = 0.0
    if not (names.isdisjoint(brands) and (is_named_here or recall.rare_brands.isdisjoint(words))):
        misspelt = WEIGHTS["misspelled_brand"]
    if is_named:
        best += max([misspelt, *(weight for word, weight in brands.items() if word in said)])
        if kind > 0:
            best += recall.name_plain
            if whole and lines:
                best += MAX_WEIGHTS["whole"]
        if not recall.hosts.isdisjoint(listing.product_types):
            best += MAX_WEIGHTS["component"]
    elif brands:
        best += misspelt if names or misspelt else _other_brand(recall, listing, said, is_found=of_number > 0)
    if traits.measures:
        best += recall.size
    is_described = not recall.described.isdisjoint(words)
    if is_described:
        in_row = is_named and any(one in words and other in words for one, other in recall.described_pairs)
        best += WEIGHTS["described_line"] if in_row else WEIGHTS["described"]
    if is_hidden := bool(traits.hidden) and not recall.hidden.isdisjoint(traits.hidden):
        best += MAX_WEIGHTS["disguised"]
    if of_number:
        best += of_number
    elif traits.has_numbers:
        if recall.has_models:
            best += WEIGHTS["model_in_description"]
    elif recall.name_models and recall.name_models.isdisjoint(said):
        best += WEIGHTS["model_of_name_missing"] * NONE_STATED
    if of_number:  # nothing of the name is missed then, and the rest of the title states nothing else
        told = max((_told(line, share, said) for line, share in lines), default=0.0)
        return best + max(0.0, told) + MAX_WEIGHTS["title_fits"]
    may_be_named = is_described or (traits.has_numbers and recall.has_models)
    best += _lines(recall, lines, said, 0.0 if may_be_named else recall.limits)
    if is_hidden or best + MAX_WEIGHTS["title_fits"] < at_least:
        return best + MAX_WEIGHTS["title_fits"]
    fits = _fit(recall, listing, near, is_whole=whole)
    if best + fits < at_least and (nearer := _nearer(recall, traits, near)):
        fits = _fit(recall, listing, nearer, is_whole=whole)
    return best + fits


def _is_named(recall: Profile, said: Set[str]) -> bool:
    if not recall.naming.isdisjoint(said):
        return True
    for name in recall.brand_names:  # noqa: SIM110  asked twice for each pair, and mostly there is none
        if name <= said:
            return True
    return False


def _of_numbers(recall: Profile, numbers: Iterable[str]) -> float:
    """The most that a model number gives which the recall names, too, as long as nothing names its brand; 0 for none."""
    return max((weight_of_number(number) for number in numbers if _is_named_number(recall, number)), default=0.0)


def _is_named_number(recall: Profile, number: str) -> bool:
    return number in recall.numbers or number.startswith(recall.beginnings) or number.endswith(recall.endings)


def weight_of_number(number: str) -> float:
    """The most that the same model number gives where nothing names the brand."""
    if len(number) < (model.LONG_DIGITS if number.isdigit() else model.LONG):
        return WEIGHTS["same_short_model"]
    most = WEIGHTS["same_model"] * (1.0 if number.isdigit() else model.LONGER.get(len(number), model.LONGEST))
    return max(most, WEIGHTS["same_short_model"])


def _lines(recall: Profile, lines: Sequence[tuple[Line, float]], said: Set[str], limits: float) -> float:
    """The most that name_line, name_missing and limits can give together: the rules look at one of the lines."""
    if not lines:
        return limits + recall.lacks
    most = [limits] if recall.plain else []
    for line, share in lines:
        counted = min(1.0, share)
        told = _told(line, share, said)
        if share < COMPLETE and not recall.hosts:
            told += WEIGHTS["name_missing"] * (1 - share) * min(1.0, line.worth)
        told += limits * (1 - min(1.0, share * line.worth) * counted)
        most.append(told)
    return max(most, default=0.0)


def _told(line: Line, share: float, said: Set[str]) -> float:
    """The most that name_line can give for a share of a line."""
    told = max(0.0, min(1.0, share) - LINE_FROM) / (1 - LINE_FROM) * line.distinctive
    return told * (LINE if not line.names.isdisjoint(said) else WEIGHTS["name_words"]) if told else 0.0


def _fit(recall: Profile, listing: QuickRead, near: Set[str], *, is_whole: bool) -> float:
    """The most that `title_fits` can give, or the least that `title_says_more` takes; kinds and numbers may be known."""
    known, traits, more, weighty = recall.known, listing.traits, 0.0, 0.0
    if not known.isdisjoint(listing.joined):
        near = set(near).union(*(pair for both, pair in listing.joined.items() if both in known))
    for word, worth_of_word, weight in traits.plain:
        if word not in known and word not in near:
            more += worth_of_word
            weighty += weight
    total = traits.worth
    if total and (share := 1 - more / total) >= FITS_FROM:
        return MAX_WEIGHTS["title_fits"] * (share - FITS_FROM) / (1 - FITS_FROM) * min(1.0, total - more)
    if is_whole:
        return max(recall.says_more, recall.adds) * min(1.0, weighty / ENOUGH)
    return recall.says_more * min(1.0, weighty / ENOUGH)


def _other_brand(recall: Profile, listing: QuickRead, said: Set[str], *, is_found: bool) -> float:
    """What another brand takes, where the listing certainly has another one, or has neither brand nor name; `is_found` is
    whether a number is the same."""
    traits = listing.traits
    if listing.brand:
        return WEIGHTS["different_brand"] if _has_other_brand(recall, listing) else 0.0
    if traits.maker and not recall.said.issuperset(traits.maker):
        return WEIGHTS["different_maker"]
    if is_found or (traits.has_numbers and recall.has_models):
        return 0.0  # the description may name a recalled model, which names the product
    return WEIGHTS["brand_not_named"] if recall.line_words.isdisjoint(said) else 0.0


def _share(line: Line, said: Set[str]) -> float:
    return sum([share for word, share in line.shares.items() if word in said])


def _has_other_brand(recall: Profile, listing: QuickRead) -> bool:
    distinct = [word for word in listing.brand if word not in PRODUCT_TYPES and rarity(word) > 0]
    return bool(distinct) and recall.said.isdisjoint(distinct)


def _kind(recall: Profile, listing: QuickRead) -> float:
    """The most that the product type can give, or the least that another one takes."""
    best = 0.0
    for product_type in listing.product_types:
        best = max(best, recall.kinds.get(product_type, 0.0))
    if best < UNKNOWN and not (
        recall.unsure_kinds.isdisjoint(listing.traits.kinds) and recall.heads.isdisjoint(listing.words)
    ):
        return UNKNOWN
    return best or (recall.other_product_type if listing.product_types else 0.0)


def _near(recall: Profile, traits: Traits) -> tuple[set[str], set[str]]:
    """The words of the listing that may be misspelt names of the recall, by the measure of `pair.misspelling`, and
    these names."""
    near: set[str] = set()
    names: set[str] = set()
    for word in traits.strange:
        for beginning in (word[0], word[1:3]):
            for name in recall.names.get(beginning, ()):
                if is_near(word, name):
                    near.add(word)
                    names.add(name)
    return near, names


def _nearer(recall: Profile, traits: Traits, near: Set[str]) -> Set[str]:
    """`near` with the known words of the title that are so like a name of the recall that they state nothing else."""
    more = {
        word
        for word, _, _ in traits.plain
        if word not in recall.known and word not in near and is_like_one(word, recall.named)
    }
    return near | more if more else _NOBODY


def is_like_one(word: str, names: Sequence[str]) -> bool:
    """Whether a word is so like one of the names that beside it, it states nothing else."""
    if len(word) < LIKE_FROM:
        return False
    allowed, length = _allowed(word), len(word)
    for name in names:  # noqa: SIM110  asked for each word of a title, and mostly there is none
        if -MORE <= len(name) - length <= MORE and _distance(name, word, score_cutoff=allowed) <= allowed:
            return True
    return False


def _allowed(word: str) -> int:
    return 1 if len(word) < LONG_FROM else 2


def is_near(word: str, name: str) -> bool:
    """Whether a word that begins alike may be a misspelling of a name, or begins with it."""
    lengths = len(word), len(name)
    if abs(lengths[0] - lengths[1]) > MORE:
        return lengths[0] > lengths[1] and word.startswith(name)
    allowed = 1 if max(lengths) < LONG_FROM else 2
    return DamerauLevenshtein.distance(name, word, score_cutoff=allowed) <= allowed
