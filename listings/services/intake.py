"""Which matches of a notice become flags at once, and which are held back because its queue is full.

A recall whose terms are too wide matches hundreds of listings, and a seller can add hundreds that score higher than the
one that matters. So a notice has a limit of undecided flags (FlagLimit of its regulator):

- a recalled GTIN, or a recalled model number with its brand, is flagged whatever the limit, and takes no room from it;
- of the rest, new listings are flagged as they come until half of the limit is taken, of one seller a tenth at most;
- everything else is held back and comes in by turns as far as there is room: the strongest of each seller first, then
  the second strongest of each (listings/services/held_matches.py). A flag that is decided makes room.

Batches that are matched at the same moment do not know of each other's flags, so the half may be exceeded by what they
find together; the turns keep to the limit.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from listings.matching import Match
from listings.matching.normalise import decode, fold, latin_shape
from listings.models import Flag, FlagLimit, HeldMatch, Listing
from listings.relisting import relisting_words
from listings.services.flags import open_flag, past_of, weigh
from listings.states import UNDECIDED
from portal.background.sweeping import database_is_gone
from portal.identity.actors import Actor
from recalls.models import Notice

EXACT = frozenset({"same_gtin", "same_model_and_brand"})
IN_MEMORY = 1_000  # matches of one notice that are kept with their evidence at a time
MAX_KEY = 200  # characters
AT_ONCE, OF_ONE_SELLER = 2, 10  # the limit is divided by these: half of it at once, a tenth for one seller
REFRESHED = ["version", "seller", "score", "band", "signals", "listing_digest", "dismissed_at", "answered_by", "reason"]


class Found(NamedTuple):
    """A listing that matches, whether its flag takes room of the notice's limit, and the removed one that it brings back,
    if that is known."""

    listing: Listing
    match: Match
    takes_room: bool = True
    earlier: Flag | None = None

    @property
    def relisted(self) -> tuple[Flag, str] | None:
        """The removed listing's flag and why, as `open_flag` takes them."""
        return None if self.earlier is None else (self.earlier, relisting_words(self.match, self.earlier))


def limit_of(regulator_id: int) -> int:
    """How many flags of one notice of this regulator may be undecided at once."""
    found = FlagLimit.objects.filter(regulator_id=regulator_id).values_list("flags", flat=True).first()
    return FlagLimit.DEFAULT if found is None else found


def is_exact(match: Match) -> bool:
    """Whether an identifier says which product it is. Such a match is never held back."""
    return any(item.signal in EXACT for item in match.evidence)


def seller_key(seller: str, listing_id: int) -> str:
    """Whose turn a listing takes: its seller's, however the name is spelt; without a seller, its own."""
    folded = latin_shape(fold(decode(seller))[0])
    return "".join(letter for letter in folded if letter.isalnum())[:MAX_KEY] or f"#{listing_id}"


def signals_for(match: Match) -> list[str]:
    """The names of the evidence that speaks for a match, in the order of the alphabet."""
    return sorted({item.signal for item in match.evidence if item.weight > 0})


def undecided_by_seller(notice: Notice) -> Counter[str]:
    """The undecided flags that take room of the notice's limit, counted by seller."""
    flags = Flag.objects.filter(notice=notice, status__in=UNDECIDED, takes_room=True).order_by()
    return Counter(seller_key(*row) for row in flags.values_list("listing__seller", "listing_id"))


def flag_found(found: Found, *, notice: Notice, actor: Actor) -> Flag | None:
    """Open the flag of a match that need not wait, or no longer."""
    with transaction.atomic():
        flag = open_flag(
            notice=notice,
            listing=found.listing,
            match=found.match,
            earlier=found.relisted,
            takes_room=found.takes_room,
            actor=actor,
        )
        HeldMatch.objects.filter(notice=notice, listing=found.listing).delete()
    return flag


class Intake:
    """The matches of one notice that are found together: a batch of new listings, or (`whole`) the whole catalogue.

    `offer` each, then flag what `settle` returns; the others are held back by then, but for those that are `broken`, with
    their errors. `held` says whether any are held back: after a whole catalogue, the caller lets in the first of them.
    """

    def __init__(self, notice: Notice, *, whole: bool = False) -> None:
        self._notice, self._whole = notice, whole
        self._exact: list[Found] = []
        self._others: list[Found] = []
        self.held = False
        self.broken: list[tuple[Listing, Exception]] = []

    def offer(self, listing: Listing, match: Match, earlier: Flag | None = None) -> None:
        if is_exact(match):
            self._exact.append(Found(listing, match, takes_room=False, earlier=earlier))
            return
        self._others.append(Found(listing, match, earlier=earlier))
        if self._whole and len(self._others) > IN_MEMORY:
            self._hold(self._new(self._others))
            self._others = []

    def settle(self) -> list[Found]:
        if not self._others and not self.held:
            return self._exact
        new = self._new(self._others)
        limit, undecided = limit_of(self._notice.recall.regulator_id), undecided_by_seller(self._notice)
        at_once = self._if_all_fit(new, limit, undecided) if self._whole else _at_once(new, limit, undecided)
        chosen = {each.listing.pk for each in at_once}
        self._hold([each for each in new if each.listing.pk not in chosen])
        return [*self._exact, *at_once]

    def _if_all_fit(self, found: list[Found], limit: int, undecided: Counter[str]) -> list[Found]:
        return [] if self.held or len(found) > limit - undecided.total() else found

    def _new(self, found: list[Found]) -> list[Found]:
        """Those that need room: neither flagged before (whether such a flag opens again is for `open_flag` to say) nor
        dismissed while they were held back."""
        pks = [each.listing.pk for each in found]
        flagged = set(Flag.objects.filter(notice=self._notice, listing__in=pks).values_list("listing_id", flat=True))
        self._exact += [
            Found(each.listing, each.match, takes_room=False, earlier=each.earlier)
            for each in found
            if each.listing.pk in flagged
        ]
        rows = HeldMatch.objects.filter(notice=self._notice, listing__in=pks).exclude(dismissed_at=None)
        dismissed = {row.listing_id: row for row in rows}
        return [
            each
            for each in found
            if each.listing.pk not in flagged
            and ((row := dismissed.get(each.listing.pk)) is None or is_stronger(each.match, row))
        ]

    def _hold(self, found: Sequence[Found]) -> None:
        if not found:
            return
        rows, past = [], past_of(self._notice)
        for each in found:
            try:
                with transaction.atomic():
                    weighed = weigh(notice=self._notice, listing=each.listing, match=each.match, past=past)
            except SoftTimeLimitExceeded:
                raise
            except Exception as error:
                if database_is_gone(error):
                    raise
                self.broken.append((each.listing, error))
                continue
            if weighed is not None:
                rows.append(held_match(self._notice, each.listing, weighed))
        HeldMatch.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["notice", "listing"], update_fields=REFRESHED
        )
        self.held = self.held or bool(rows)


def held_match(notice: Notice, listing: Listing, match: Match) -> HeldMatch:
    """The unsaved row of a match that waits."""
    return HeldMatch(
        notice=notice,
        version_id=notice.version_id,
        regulator_id=notice.recall.regulator_id,
        listing=listing,
        seller=seller_key(listing.seller, listing.pk),
        score=match.score,
        band=match.band,
        signals=signals_for(match),
        listing_digest=listing.digest,
    )


def is_stronger(match: Match, before: HeldMatch) -> bool:
    """Whether a match says more than what a person dismissed: a higher score, or evidence of another kind."""
    return match.score > before.score or not set(signals_for(match)) <= set(before.signals)


def _at_once(found: list[Found], limit: int, undecided: Counter[str]) -> list[Found]:
    """Those that are flagged as they come, strongest first."""
    chosen: list[Found] = []
    room, share = limit // AT_ONCE - undecided.total(), max(1, limit // OF_ONE_SELLER)
    for each in sorted(found, key=lambda each: (-each.match.score, each.listing.pk)):
        seller = seller_key(each.listing.seller, each.listing.pk)
        if len(chosen) < room and undecided[seller] < share:
            chosen.append(each)
            undecided[seller] += 1
    return chosen
