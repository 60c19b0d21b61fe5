"""Three months in the life of two regulators and four platforms, through the services, under a staged clock.

Bazaarly gets better from week to week, Hyperlot does not; sellers come back under other names. Each act is what a
person could do on a page; what follows from it is the product's own doing. The same data and the same moment give the
same past.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile

from enforcement.demo import stock
from enforcement.demo.agenda import Agenda, match_everything, send_mail
from enforcement.demo.platforms import Platforms
from enforcement.demo.regulators import Regulators
from enforcement.models import Policy
from enforcement.services import freeze
from listings import services as listings
from listings.models import Flag
from portal.demo.clock import StagedClock
from portal.demo.shop import Shelves
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls import services as recalls
from recalls.models import Notice, Recall, RecallImport

DAYS = 91
OPENING = time(14)  # UTC: morning in New York, afternoon in Brussels
LAST_SENT = timedelta(hours=5, minutes=48)  # before now: six hours end in twelve minutes
POLICIES = {
    "commission": ("CPSC priority: 6 hours", "China: 24 hours"),
    "market-office": ("GPSR notice: 3 working days", "GPSR order: 2 working days"),
}


class History:
    """The past up to `until`. `shop` is the address at which `shelves` answer; the organisations and people exist."""

    def __init__(self, *, clock: StagedClock, until: datetime, shop: str, shelves: Shelves) -> None:
        self.until, self.shop, self.shelves = until, shop, shelves
        self.begins = datetime.combine(until.date() - timedelta(days=DAYS), OPENING, UTC)
        self.agenda = Agenda(clock)
        self.regulators = Regulators(self.agenda, until)
        self.platforms = Platforms(self.agenda, self.regulators, shelves, (self.begins, until), self._restock)
        self._seen_flag = 0

    def live(self, *, recalled: Sequence[stock.RecallRow] | None = None) -> None:
        """Let it all happen: the `recalled` products (all of the data, if None), what was sold, found and decided."""
        for shelf in stock.shelves():
            self.agenda.add(self.begins, partial(self._first_feed, shelf))
        for recall in stock.recalls() if recalled is None else recalled:
            self._plan_recall(recall)
        self.agenda.live(self.until, after_acts=self._see_flags, after_steps=self.regulators.look_around)

    def _restock(self, offer: stock.Offer, shelf: stock.Shelf) -> None:
        self._sell(shelf, [stock.Offer(stock.again(offer, shelf), "")])

    def _plan_recall(self, recall: stock.RecallRow) -> None:
        opens = self.begins + timedelta(days=recall.day)
        sent = opens + timedelta(hours=3)
        if recall.day >= DAYS - 1:
            sent = self.until - LAST_SENT
            opens = sent - timedelta(hours=3)
        for shelf in stock.shelves():
            found = stock.offers(recall, shelf, self.shop)
            self.agenda.add(opens - timedelta(hours=20), partial(self._sell, shelf, found))
        self.agenda.add(opens, partial(self._publish, recall))
        self.agenda.add(sent, partial(self._send, recall, POLICIES[recall.regulator][int(recall.number[-1]) % 2]))
        self.agenda.add(sent + timedelta(minutes=2), match_everything)
        self.agenda.add(sent + timedelta(minutes=3), send_mail)

    def _first_feed(self, shelf: stock.Shelf) -> None:
        self._feed(shelf, stock.others(shelf, self.shop), kind="full")

    def _sell(self, shelf: stock.Shelf, found: Sequence[stock.Offer]) -> None:
        self.platforms.know(shelf, found)
        self._feed(shelf, [offer.row for offer in found], kind="delta")

    def _feed(self, shelf: stock.Shelf, rows: Sequence[dict[str, Any]], *, kind: str) -> None:
        self.shelves.stock(rows)
        platform = Organisation.objects.get(slug=shelf.platform)
        manager = User.objects.filter(organisation=platform, role="platform_manager").order_by("pk")[:1].get()
        content = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
        name = f"{shelf.platform}-{self.agenda.clock.at:%Y-%m-%d}.jsonl"
        job = listings.start_import(
            platform=platform,
            file=ContentFile(content, name=name),
            filename=name,
            kind=kind,
            actor=Actor.person(manager),
        )
        listings.run_import(job)
        match_everything()

    def _publish(self, row: stock.RecallRow) -> None:
        regulator = Organisation.objects.get(slug=row.regulator)
        writer, approver = self.regulators.staff(row.regulator)
        published = f"{self.agenda.clock.at:%Y-%m-%d}"
        content = json.dumps([row.as_published(self.shop, published)]).encode()
        name = f"recall-{row.number}.json"
        job = recalls.start_recall_import(
            regulator=regulator,
            file=ContentFile(content, name=name),
            filename=name,
            is_sample=True,
            actor=writer,
        )
        job = recalls.run_recall_import(job)
        job = recalls.confirm_recall_import(job=job, publish=True, actor=writer)
        job = recalls.run_recall_import(job)
        later = self.agenda.clock.at + timedelta(hours=2)
        self.agenda.add(later, partial(_approve, job.pk, approver))

    def _send(self, row: stock.RecallRow, policy: str) -> None:
        writer, _ = self.regulators.staff(row.regulator)
        recall = Recall.objects.get(number=row.number)
        terms = freeze(Policy.objects.get(regulator=recall.regulator, name=policy))
        platforms = list(Organisation.objects.platforms().order_by("pk"))
        sending = recalls.send_notices(recalls=[recall], platforms=platforms, terms=terms, actor=writer)
        for hours, notice in enumerate(sending.notices.order_by("pk"), 1):
            self.agenda.add(self.agenda.clock.at + timedelta(minutes=40 * hours), partial(_acknowledge, notice))

    def _see_flags(self) -> None:
        """Plan what people do about flags that were not there before."""
        for flag in Flag.objects.filter(pk__gt=self._seen_flag).select_related("listing", "takedown").order_by("pk"):
            self._seen_flag = flag.pk
            self.platforms.plan(flag)


def _approve(job: int, approver: Actor) -> None:
    waiting = recalls.approve_recall_import(job=RecallImport.objects.get(pk=job), actor=approver)
    recalls.run_recall_import(waiting)


def _acknowledge(notice: Notice) -> None:
    person = User.objects.filter(organisation=notice.platform_id, role="platform_manager").order_by("pk")[:1].get()
    recalls.acknowledge_notice(notice=notice, actor=Actor.person(person))
