"""What the platforms' people and their sellers do in the demo's past about the listings that are flagged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from enforcement import services
from enforcement.demo import stock
from enforcement.demo.agenda import Agenda
from enforcement.demo.regulators import Regulators
from enforcement.models import Appeal
from enforcement.states import AppealStatus, TakedownStatus
from listings import services as listings
from listings.models import Flag
from listings.states import UNDECIDED, FlagStatus
from portal.demo.shop import Shelves
from portal.identity.actors import Actor
from portal.models import User

SLOW, SLOW_EVERY = timedelta(days=12), 3
"""A platform that keeps missing its deadlines leaves one flag in three alone until so long after its deadline."""

Restock = Callable[[stock.Offer, stock.Shelf], None]


@dataclass(frozen=True)
class Case:
    """A flag of the past, with the listing behind it and the platform that has to decide."""

    flag: int
    offer: stock.Offer
    shelf: stock.Shelf

    @property
    def listing(self) -> str:
        return str(self.offer.row["id"])

    def now(self) -> Flag:
        return Flag.objects.select_related("listing", "takedown__regulator", "platform").get(pk=self.flag)

    def moderator(self) -> Actor:
        return Actor.person(User.objects.get(organisation__slug=self.shelf.platform, role="moderator"))


class Platforms:
    """The platforms' desks. `restock` puts a product that was taken down on sale again, by another seller."""

    def __init__(
        self,
        agenda: Agenda,
        regulators: Regulators,
        shelves: Shelves,
        span: tuple[datetime, datetime],
        restock: Restock,
    ) -> None:
        self.agenda, self.regulators, self.shelves, self.restock = agenda, regulators, shelves, restock
        self.begins, self.until = span
        self._planned = 0
        self._offers: dict[tuple[str, str], tuple[stock.Offer, stock.Shelf]] = {}

    def know(self, shelf: stock.Shelf, offers: Sequence[stock.Offer]) -> None:
        for offer in offers:
            self._offers[(shelf.platform, str(offer.row["id"]))] = (offer, shelf)

    def plan(self, flag: Flag) -> None:
        """Plan what becomes of a new flag: when the platform decides, and how it goes on."""
        offer, shelf = self._offers[(flag.platform.slug, flag.listing.external_id)]
        case = Case(flag.pk, offer, shelf)
        lived = (flag.opened_at - self.begins) / (self.until - self.begins)
        first, last = shelf.pace
        self._planned += 1
        pace = (first + (last - first) * lived) * (0.85 + self._planned % 7 * 0.05)
        at = flag.opened_at + (flag.takedown.due_at - flag.opened_at) * pace
        if last >= first and last > 1 and self._planned % SLOW_EVERY == 0:
            at = flag.takedown.due_at + SLOW
        getattr(self, f"_{offer.turn or 'removed'}")(case, at)

    def _removed(self, case: Case, at: datetime) -> None:
        self.agenda.add(at - timedelta(minutes=5), partial(self.shelves.take_down, case.listing, "404"))
        self.agenda.add(at, partial(self._decide, case, "removed"))

    def _unannounced(self, case: Case, at: datetime) -> None:
        self.agenda.add(at, partial(self.shelves.take_down, case.listing, "note"))

    def _restricted(self, case: Case, at: datetime) -> None:
        self.agenda.add(at - timedelta(minutes=5), partial(self.shelves.take_down, case.listing, "region"))
        self.agenda.add(
            at, partial(self._decide, case, "geo_restricted", note="Hidden in the countries of the recall.")
        )

    def _reopened(self, case: Case, at: datetime) -> None:
        self._removed(case, at)
        back = at + timedelta(days=3, hours=12)
        self.agenda.add(back, partial(self.shelves.put_back, case.listing))
        self._removed(case, back + timedelta(days=4))

    def _relisted(self, case: Case, at: datetime) -> None:
        self._removed(case, at)
        self.agenda.add(at + timedelta(days=6), partial(self.restock, case.offer, case.shelf))

    def _dismissed(self, case: Case, at: datetime) -> None:
        note = "The seller sent a photo of the label: made after the recalled lots."
        self.agenda.add(at, partial(self._decide, case, "not_the_product", reason="not_affected", note=note))

    def _overruled(self, case: Case, at: datetime) -> None:
        note = "The title names another colour."
        self.agenda.add(at, partial(self._decide, case, "not_the_product", reason="other_model", note=note))
        self.agenda.add(at + timedelta(days=2), partial(self._overrule, case))
        self._removed(case, at + timedelta(days=2, hours=10))

    def _seller_asked(self, case: Case, at: datetime) -> None:
        opened = case.now().opened_at
        self.agenda.add(opened + (at - opened) * 0.3, partial(self._decide, case, "ask_seller"))
        answer = "The seller confirms the model number on the label."
        self.agenda.add(opened + (at - opened) * 0.6, partial(self._decide, case, "seller_answered", note=answer))
        self._removed(case, at)

    def _referred(self, case: Case, at: datetime) -> None:
        opened = case.now().opened_at
        question = "The label is not readable in the photos. Does the recall cover all colours?"
        self.agenda.add(opened + (at - opened) * 0.2, partial(self._decide, case, "escalate", note=question))
        self.agenda.add(opened + (at - opened) * 0.5, partial(self._answer, case))
        self._removed(case, at)

    def _appeal_rejected(self, case: Case, at: datetime) -> None:
        self._removed(case, at)
        self._appeal(case, at, grant=False)

    def _appeal_granted(self, case: Case, at: datetime) -> None:
        self._removed(case, at)
        self._appeal(case, at, grant=True)

    def _appeal(self, case: Case, at: datetime, *, grant: bool) -> None:
        self.agenda.add(at + timedelta(days=1), partial(self._make_appeal, case))
        self.agenda.add(at + timedelta(days=3), partial(self._answer_appeal, case, grant=grant))

    def _decide(self, case: Case, kind: str, *, reason: str = "", note: str = "") -> None:
        flag = case.now()
        if flag.status not in UNDECIDED or (kind == "seller_answered" and flag.status != FlagStatus.ASKED_SELLER):
            return  # a check or the seller's silence was faster
        seen = listings.seen_token(flag)
        listings.decide(flag=flag, kind=kind, reason=reason, note=note, seen=seen, actor=case.moderator())

    def _overrule(self, case: Case) -> None:
        flag = case.now()
        admin = self.regulators.admin(flag.takedown.regulator.slug)
        note = "The recall covers all colours. The model number on the photo is the recalled one."
        if flag.status == FlagStatus.DISMISSED:
            listings.overrule(flag=flag, note=note, actor=admin)

    def _answer(self, case: Case) -> None:
        flag = case.now()
        _, second = self.regulators.staff(flag.takedown.regulator.slug)
        if flag.status == FlagStatus.REFERRED:
            listings.answer_referral(flag=flag, note="Yes: every colour with this model number.", actor=second)

    def _make_appeal(self, case: Case) -> None:
        takedown = case.now().takedown
        text = "The seller says that this is a later series with another safety part."
        if takedown.status != TakedownStatus.CANCELLED:
            services.make_appeal(takedown=takedown, side="seller", text=text, actor=case.moderator())

    def _answer_appeal(self, case: Case, *, grant: bool) -> None:
        appeal = Appeal.objects.filter(takedown__flag=case.flag, status=AppealStatus.OPEN).first()
        if appeal is None:
            return
        self.regulators.answer_appeal(appeal, grant=grant)
        if grant:
            self.shelves.put_back(case.listing)
