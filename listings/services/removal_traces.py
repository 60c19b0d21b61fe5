"""Removed products that come back under another name: what a removed listing showed, and which listings show it again.

What a person had removed teaches: its GTINs and model number, the wording of its description, the name of its picture's
file. They are kept as a trace (`RemovalTrace`), with candidate keys that every stored listing has as well. So a listing is
compared with traces in two ways, as with recalls: a new or changed one when it is matched, and one that is stored already
when a trace is learnt, which has it matched again.

Sellers choose what stands in a listing, so nothing of it is believed alone: each sign by itself raises a question, two of
them a match. A text that is in listings of other products, too, says nothing of this one.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from listings.matching import (
    Evidence,
    ListingReading,
    ListingText,
    Match,
    RecallReading,
    compare,
    keys_apart,
    quick_read,
    read_listing,
)
from listings.matching.copies import SEARCHED_BY, catalogue_keys, is_template, own_runs, picture_key, runs_of, text_keys
from listings.matching.gtins import codes_in
from listings.matching.key_words import short
from listings.matching.normalise import canonical_model
from listings.matching_texts import flagged_text, reading_of
from listings.models import Flag, Listing, RemovalTrace, SharedCode
from listings.past_removals import NAMES, OPENLY, WEIGHTS, shows_again, with_signs
from listings.states import WATCHED
from portal.background import sweeping
from recalls.models import Notice

SWEEP = "removals to learn from"
AT_ONCE = 500  # removals in one turn of the sweep
MATCHED_AGAIN = 2_000  # stored listings that one trace has matched again
MAX_TRACES = 20_000  # of a platform, newest first
KEPT_PLATFORMS = 16
READ_FOR_KEYS, READ_FOR_COMMON = 2_000, 40  # other listings whose keys are read, and whose descriptions are
MAX_COMPARED = 8  # removals that one listing is compared with, newest first
MAX_CODES = 2  # GTINs of one listing from which is learnt
MIN_MODEL = 5  # letters and digits of a model number that is searched for by itself


class Traces(NamedTuple):
    """The traces of one platform at one moment: by candidate key, the flags of the removed listings, newest first; and these
    keys, to be sent to where listings are read."""

    by_key: Mapping[str, Sequence[int]]
    keys: frozenset[str] = frozenset()

    def flags_for(self, keys: Iterable[str]) -> list[int]:
        by_key = self.by_key
        return sorted({flag for key in keys for flag in by_key.get(key, ())}, reverse=True)[:MAX_COMPARED]

    def touch(self, keys: Iterable[str]) -> bool:
        return not self.keys.isdisjoint(keys)


class Returned(NamedTuple):
    """A listing that shows what a removed one did: how well it matches the recall so, and the removed one's flag."""

    match: Match
    earlier: Flag


NO_TRACES = Traces({})
_kept: OrderedDict[int, tuple[object, Traces]] = OrderedDict()


def traces_of(platform_id: int) -> Traces:
    """What the platform's removed listings showed. Kept until a trace comes or goes; none changes."""
    rows = RemovalTrace.objects.filter(platform_id=platform_id).order_by()
    stamp = rows.aggregate(count=Count("pk"), learnt=Max("learnt_at"))
    if not stamp["count"]:
        return NO_TRACES
    known = _kept.get(platform_id)
    if known is not None and known[0] == stamp:
        _kept.move_to_end(platform_id)
        return known[1]
    by_key: dict[str, list[int]] = {}
    for flag_id, keys in rows.order_by("-pk").values_list("pk", "keys")[:MAX_TRACES]:
        for key in keys:
            by_key.setdefault(key, []).append(flag_id)
    traces = Traces(by_key, frozenset(by_key))
    _kept[platform_id] = (stamp, traces)
    if len(_kept) > KEPT_PLATFORMS:
        _kept.popitem(last=False)
    return traces


def returned(
    listing: Listing,
    text: ListingText,
    keys: Iterable[str],
    traces: Traces,
    without: frozenset[str],
    named: Callable[[str], Sequence[Notice]],
) -> dict[str, Returned]:
    """Recall number → how the listing matches the recall by what removed listings of it showed, the strongest of them;
    whether or not its own words match. `keys` are those that it is stored under, `named` gives a recall's active notices."""
    found: dict[str, Returned] = {}
    if not (flags := traces.flags_for(keys)):
        return found
    rows = Flag.objects.filter(pk__in=flags, status__in=WATCHED, platform_id=listing.platform_id)
    reading = read_listing(text)
    for flag in rows.exclude(listing=listing.pk).select_related("listing", "recall", "trace").order_by("-pk"):
        signs = shows_again(flag, flag.trace, text)
        signs = [sign for sign in signs if sign.signal not in without]
        notices = named(flag.recall.number) if signs else ()
        if not notices:
            continue
        match = _compared(reading_of(notices[0].version), reading, signs, without)
        if match is None or match.band == "no":
            continue
        known = found.get(flag.recall.number)
        if known is None or match.score > known.match.score:
            found[flag.recall.number] = Returned(match, flag)
    return found


def _compared(
    recall: RecallReading, listing: ListingReading, signs: Sequence[Evidence], without: frozenset[str]
) -> Match | None:
    """The match by the words of both and by `signs`. Where the listing does not go by the recall's brand, what its names
    say against it is left out: they are what is changed to bring a product back."""
    match = compare(recall, listing, without, beside=signs)
    if match is not None and any(item.signal in OPENLY for item in match.evidence):
        return match
    return compare(recall, listing, without | NAMES, beside=signs)


def returned_under(notice: Notice, listing: Listing, text: ListingText, without: frozenset[str]) -> Returned | None:
    """`returned` for one notice."""
    keys = catalogue_keys(keys_apart(quick_read(text)).stored(), text)
    number, traces = notice.recall.number, traces_of(notice.platform_id)
    return returned(listing, text, keys, traces, without, lambda named: [notice] if named == number else []).get(number)


def joined(match: Match, again: Returned) -> Match:
    """A match by the listing's own words with what a removed listing of the recall showed."""
    if again.match.score > match.score:
        return again.match
    return with_signs(match, [item for item in again.match.evidence if item.signal in WEIGHTS])


def learn_removals_due(*, until: float | None = None) -> int:
    """Learn from removals that a person decided and can no longer undo; returns how many were learnt. One that breaks is set
    aside, and the others go on."""
    due = _due()
    sweeping.forget_others(due, sweep=SWEEP)
    rows = sweeping.ready(due, sweep=SWEEP).select_related("listing")[:AT_ONCE]
    return sweeping.each(rows, learn_removal, sweep=SWEEP, until=until).done


def learn_removal(flag: Flag) -> RemovalTrace:
    """Keep what the flag's listing showed when it was flagged, and have stored listings that show it too matched again."""
    text = flagged_text(flag)
    runs = _own_runs(flag, text.description)
    keys = _codes(flag, text) | set(text_keys(runs, SEARCHED_BY))
    if picture := picture_key(text.image_link):
        keys.add(picture)
    trace, _ = RemovalTrace.objects.update_or_create(
        flag=flag,
        defaults={
            "platform_id": flag.platform_id,
            "keys": sorted(keys),
            "runs": sorted(runs),
            "learnt_at": timezone.now(),
        },
    )
    _match_again(trace.keys, flag.platform_id, flag.recall_id)
    return trace


def match_returned_again(*, notice: Notice) -> int:
    """Have stored listings that show what removed ones of the notice's recall did matched again; returns how many. For a
    notice that comes after removals, as one that was withdrawn and sent again does."""
    traces = RemovalTrace.objects.filter(flag__recall_id=notice.recall_id, flag__status__in=WATCHED)
    rows = traces.filter(platform_id=notice.platform_id).order_by("-pk").values_list("keys", flat=True)[:AT_ONCE]
    return _match_again({key for keys in rows for key in keys}, notice.platform_id, notice.recall_id)


def _match_again(keys: Collection[str], platform_id: int, recall_id: int) -> int:
    """Have stored listings that have one of the keys, and no flag under the recall, matched again."""
    if not keys:
        return 0
    rows = Listing.objects.filter(platform_id=platform_id, present=True, keys__overlap=sorted(keys))
    again = sorted(rows.exclude(flagged_under(recall_id)).order_by().values_list("pk", flat=True)[:MATCHED_AGAIN])
    return Listing.objects.filter(pk__in=again, match_due=False).update(match_due=True, match_due_since=timezone.now())


def _due() -> QuerySet[Flag]:
    known = RemovalTrace.objects.filter(flag=OuterRef("pk"))
    return Flag.objects.removed_by_people().filter(~Exists(known)).order_by("pk")


def _own_runs(flag: Flag, description: str) -> frozenset[int]:
    """The runs of words of a removed listing's description that other goods do not have: neither the seller's, who writes
    the same about every parcel, nor those whose text is alike. Only listings that were there before the flag count: what
    came later may be the same product again. Empty where too few are left to tell."""
    runs = runs_of(description)
    if not runs:
        return runs
    others = Listing.objects.filter(platform_id=flag.platform_id, first_seen_at__lte=flag.opened_at)
    others = others.exclude(pk=flag.listing_id).exclude(flagged_under(flag.recall_id)).order_by()
    stored = text_keys(runs)
    carried = Counter(
        key
        for keys in others.filter(keys__overlap=stored).values_list("keys", flat=True)[:READ_FOR_KEYS]
        for key in set(stored).intersection(keys)
    )
    if is_template(carried.values()):
        return frozenset()
    read: dict[int, str] = dict(
        others.filter(keys__overlap=text_keys(runs, SEARCHED_BY)).values_list("pk", "description")[:READ_FOR_COMMON]
    )
    if flag.listing.seller:
        read |= dict(others.filter(seller=flag.listing.seller).values_list("pk", "description")[:READ_FOR_COMMON])
    return own_runs(runs, map(runs_of, read.values()))


def _codes(flag: Flag, text: ListingText) -> set[str]:
    """The keys of the GTINs and of the model number in its field that are worth a search of their own: no code that cannot
    be trusted, or that unrelated listings of the catalogue carry, and none of many: with a list of competitors' codes, a
    listing that is bound to be removed would accuse them all."""
    codes = {code.gtin for code in codes_in(text.gtin) if not code.doubt}
    if len(codes) > MAX_CODES:
        codes = set()
    shared = SharedCode.objects.filter(platform_id=flag.platform_id, gtin__in=codes).values_list("gtin", flat=True)
    keys = {f"g:{code}" for code in codes.difference(shared)}
    model = canonical_model(text.mpn)
    if len(model) >= MIN_MODEL and any(letter.isdigit() for letter in model):
        keys.add(f"m:{short(model)}")
    return keys


def flagged_under(recall_id: int) -> Exists:
    """Whether a listing in a query around this has a flag under the recall."""
    return Exists(Flag.objects.filter(recall_id=recall_id, listing=OuterRef("pk")))
