"""Walks through the whole loop: anybody does anything in any order, and after each step what has to be true is true.

LOOP_WALKS=200 in the environment walks so often instead of 3. A walk that fails prints its steps; its seed walks it again.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.board_metrics import METRICS
from enforcement.models import Appeal, Escalation, Extension, Letter, Observation, Pause, Takedown
from enforcement.states import TAKEDOWN_TRANSITIONS
from listings import services as listings
from listings.models import Decision, Exclusion, Flag, Listing
from listings.states import CLOCK_RUNS, CLOSED, FLAG_TRANSITIONS, FLAG_UNDOINGS, PROVED, UNDECIDED
from portal.audit.sealing import seal_events
from portal.audit.verification import verify_chain
from portal.database.acting import acting
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from portal.transition_tables import TransitionTable
from portal.transitions import IllegalTransition, LostRace
from recalls import services as recalls
from recalls.models import Notice, Recall, RecallVersion
from recalls.services import ProductContent, RecallContent
from recalls.services.content import content_of
from recalls.states import NOTICE_TRANSITIONS, RECALL_TRANSITIONS
from tests.factories import TERMS, UserFactory

pytestmark = pytest.mark.django_db
STEPS = 60
BEGAN = datetime(2026, 3, 26, 9, 0, tzinfo=UTC)  # a Thursday; clocks in Europe go forward on Sunday
MINUTE = timedelta(minutes=1)
REFUSALS = (PermissionDenied, ValidationError, IllegalTransition, LostRace)
MOVES: dict[type[Model], tuple[TransitionTable, ...]] = {
    Recall: (RECALL_TRANSITIONS,),
    Notice: (NOTICE_TRANSITIONS,),
    Flag: (FLAG_TRANSITIONS, FLAG_UNDOINGS),
    Takedown: (TAKEDOWN_TRANSITIONS,),
}
COUNTED = (
    Recall,
    RecallVersion,
    Notice,
    Listing,
    Flag,
    Decision,
    Exclusion,
    Takedown,
    Pause,
    Extension,
    Appeal,
    Observation,
)
AGREED = {**TERMS, "pauses_while_referred": True, "second_person_from": 97}
PRODUCTS = (
    ("Hearthline", "Hearthline Ceramic Tower Heaters", "HL-200R"),
    ("Zelpino", "Zelpino Folding Cribs", "ZP-88K"),
)
ROWS = (
    "Hearthline HL-200R ceramic tower heater 1500 W",
    "HEARTHLINE tower heater HL200R, new in box",
    "Zelpino ZP-88K folding crib, white",
    "Zelpino folding crib ZP88K with mattress",
    "Cotton towel, set of two",
    "Ceramic heater by Northside, 1500 W",
)
SELLERS = ("northside", "oak and ash", "bargain barn")


def content(product: tuple[str, str, str]) -> RecallContent:
    brand, name, model = product
    return RecallContent(
        title=f"{brand} Recalls {name} Due to Fire Hazard",
        description=f"This recall involves {name}, model number {model}.",
        products=(ProductContent(name, brand, (model,)),),
    )


@dataclass
class Walk:
    """The product, who acts, and what was so before the step. `log` tells a failed walk's story."""

    regulator: Organisation
    platforms: list[Organisation]
    people: dict[str, Actor]
    clock: time_machine.Traveller
    chance: random.Random
    log: list[str] = field(default_factory=list)
    states: dict[tuple[type[Model], int], str] = field(default_factory=dict)
    last_event: int = 0
    done: Counter[str] = field(default_factory=Counter)
    fed: int = 0

    @property
    def told(self) -> str:
        return "\n".join(["", *self.log])

    def anybody(self, *names: str) -> Actor:
        """Mostly one of those who may do it, now and then somebody else."""
        name = self.chance.choice(names if names and self.chance.random() < 0.9 else [*self.people])
        self.log[-1] += f" by {name}"
        return self.people[name]

    def one(self, rows: Any) -> Any:
        """One of the rows; the step is over where there is none."""
        found = list(rows.order_by("pk"))
        if not found:
            raise IllegalTransition("There is none.")
        row = self.chance.choice(found)
        self.log[-1] += f" of {row._meta.model_name} {row.pk}"
        return row

    # What regulators do

    def write(self) -> None:
        number = f"26-{Recall.objects.count() + 100}"
        recalls.create_recall(
            regulator=self.regulator,
            number=number,
            content=content(self.chance.choice(PRODUCTS)),
            actor=self.anybody("officer", "second_officer"),
        )

    def move_recall(self) -> None:
        row = self.one(Recall.objects.all())
        to = self.chance.choice(["in_review", "published", "published", "draft", "withdrawn"])
        if to == "withdrawn" and self.chance.random() < 0.7:
            return
        reason = "The manufacturer says so."
        recalls.move_recall(recall=row, to=to, reason=reason, actor=self.anybody("officer", "second_officer"))

    def embargo(self) -> None:
        row = self.one(Recall.objects.all())
        until = timezone.now() + self.chance.choice([-1, 30, 300]) * MINUTE
        recalls.embargo_recall(recall=row, until=until, actor=self.anybody("officer", "second_officer"))

    def correct(self) -> None:
        row = self.one(Recall.objects.select_related("current"))
        actor = self.anybody("officer", "second_officer")
        version = recalls.revise_recall(recall=row, actor=actor)
        said = content_of(version)
        [product, *others] = said.products
        more = self.chance.choice([(), ("HL-201",), ("ZP-89K", "ZP-90K")])
        changed = replace(product, model_numbers=(product.model_numbers[0], *more))
        recalls.edit_version(version=version, content=replace(said, products=(changed, *others)), actor=actor)

    def submit(self) -> None:
        row = self.one(RecallVersion.objects.filter(published_at=None))
        recalls.submit_version(version=row, actor=self.anybody("officer", "second_officer"))

    def publish(self) -> None:
        row = self.one(RecallVersion.objects.filter(published_at=None, recall__status="published"))
        recalls.publish_version(
            version=row, change_note="More models.", actor=self.anybody("officer", "second_officer")
        )

    def send(self) -> None:
        row, platform = self.one(Recall.objects.select_related("current")), self.chance.choice(self.platforms)
        recalls.send_notice(recall=row, platform=platform, terms=dict(AGREED), actor=self.anybody("officer"))

    def withdraw_notice(self) -> None:
        if self.chance.random() < 0.2:
            row = self.one(Notice.objects.all())
            recalls.withdraw_notice(notice=row, reason="Sent by mistake.", actor=self.anybody("officer"))

    def answer(self) -> None:
        row = self.one(Flag.objects.filter(status="referred"))
        listings.answer_referral(flag=row, note="All lots.", actor=self.anybody("officer"))

    def overrule(self) -> None:
        listings.overrule(
            flag=self.one(Flag.objects.filter(status="dismissed")),
            note="It is.",
            actor=self.anybody("admin", "second_admin"),
        )

    def pause(self) -> None:
        row = self.one(Takedown.objects.all())
        enforcement.pause_clock(takedown=row, reason="Waits for the laboratory.", actor=self.anybody("officer"))

    def resume(self) -> None:
        row = self.one(Takedown.objects.filter(paused_at__isnull=False))
        enforcement.resume_clock(takedown=row, actor=self.anybody("officer"))

    def answer_extension(self) -> None:
        row = self.one(Extension.objects.filter(status="asked"))
        grant = self.chance.random() < 0.5
        enforcement.answer_extension(extension=row, grant=grant, answer="Read.", actor=self.anybody("officer"))

    def answer_appeal(self) -> None:
        row = self.one(Appeal.objects.filter(status="open"))
        grant = self.chance.random() < 0.5
        enforcement.answer_appeal(
            appeal=row, grant=grant, answer="Read.", actor=self.anybody("officer", "second_officer")
        )

    def acknowledge(self) -> None:
        row = self.one(Escalation.objects.all())
        enforcement.acknowledge_escalation(escalation=row, note="", actor=self.anybody("officer", "manager"))

    def resolve(self) -> None:
        row = self.one(Escalation.objects.all())
        enforcement.resolve_escalation(escalation=row, note="Called.", actor=self.anybody("officer", "manager"))

    def discard_letter(self) -> None:
        row = self.one(Letter.objects.all())
        enforcement.discard_letter(letter=row, reason="Too early.", actor=self.anybody("officer"))

    def look(self) -> None:
        row = self.one(Takedown.objects.all())
        verdict = self.chance.choice(["gone", "gone", "live", "unknown", "restricted"])
        enforcement.record_person_check(takedown=row, verdict=verdict, note="Seen.", actor=self.anybody("officer"))

    # What platforms do

    def feed(self) -> None:
        platform, kind = self.chance.choice(self.platforms), self.chance.choice(["full", "delta", "delta"])
        rows = self.chance.sample(range(8), self.chance.randint(1, 5))
        lines = [
            f'{{"id": "X-{number}", "title": "{self.chance.choice(ROWS)}", "seller": "{self.chance.choice(SELLERS)}"}}'
            for number in rows
        ]
        self.fed += 1
        file = ContentFile("\n".join(lines).encode(), f"feed{self.fed}.jsonl")
        actor = Actor.system("feed")
        job = listings.start_import(platform=platform, file=file, filename=file.name or "", kind=kind, actor=actor)
        listings.run_import(job)

    def decide(self) -> None:
        row = self.one(Flag.objects.filter(status__in=UNDECIDED) if self.chance.random() < 0.8 else Flag.objects.all())
        kind = self.chance.choice(
            ["removed", "removed", "geo_restricted", "not_the_product", "ask_seller", "seller_answered", "escalate"]
        )
        listings.decide(
            flag=row,
            kind=kind,
            reason=self.chance.choice(["accessory", "other_model", ""]),
            note=self.chance.choice(["", "Asked by mail."]),
            seen=listings.seen_token(row) if self.chance.random() < 0.95 else "an older page",
            actor=self.moderator_of(row.platform_id),
        )

    def moderator_of(self, platform_id: int) -> Actor:
        own = [
            name
            for name, actor in self.people.items()
            if actor.platform_id == platform_id and name.startswith("moderator")
        ]
        return self.anybody(*own)

    def undo(self) -> None:
        row = self.one(Flag.objects.filter(decisions__finalized_at=None, decisions__isnull=False).distinct())
        listings.undo_last(flag=row, actor=self.moderator_of(row.platform_id))

    def claim(self) -> None:
        row = self.one(Flag.objects.all())
        listings.claim_flag(flag=row, actor=self.moderator_of(row.platform_id))

    def release(self) -> None:
        row = self.one(Flag.objects.filter(claimed_by__isnull=False))
        listings.release_flag(flag=row, actor=self.moderator_of(row.platform_id))

    def ask_extension(self) -> None:
        row = self.one(Takedown.objects.all())
        amount = self.chance.choice([0, 1, 5])
        enforcement.ask_extension(
            takedown=row, amount=amount, reason="A flood.", actor=self.anybody("manager", "officer")
        )

    def appeal(self) -> None:
        row = self.one(Takedown.objects.all())
        enforcement.make_appeal(
            takedown=row, side="platform", text="It is another model.", actor=self.anybody("manager")
        )

    def report(self) -> None:
        row = self.one(Takedown.objects.all())
        verdict = self.chance.choice(["gone", "live", "restricted"])
        enforcement.record_api_report(
            takedown=row, verdict=verdict, note="Ours.", actor=self.anybody("moderator", "manager")
        )

    def set_presence(self) -> None:
        row, present = self.one(Listing.objects.all()), self.chance.random() < 0.5
        listings.set_presence(listing=row, present=present, actor=self.anybody("manager"))

    def exclude(self) -> None:
        row = self.one(Listing.objects.select_related("platform"))
        recall = self.one(Recall.objects.filter(status="published"))
        listings.add_exclusion(
            platform=row.platform,
            recall=recall,
            scope="listing",
            listing=row,
            reason="Known.",
            actor=self.anybody("manager"),
        )

    def withdraw_exclusion(self) -> None:
        row = self.one(Exclusion.objects.all())
        listings.withdraw_exclusion(
            known=row, reason="It is recalled after all.", actor=self.anybody("manager", "admin")
        )

    # What goes on by itself

    def wait(self) -> None:
        self.clock.shift(self.chance.choice([1, 20, 61, 200, 500, 1440]) * MINUTE)

    def sweep(self) -> None:
        """What the workers do, in any order and as often as it happens."""
        sweeps: list[Callable[[], object]] = [
            recalls.publish_embargoed_due,
            listings.match_notices_due,
            listings.check_coverage_due,
            listings.finalize_due,
            listings.reopen_unanswered,
            listings.expire_exclusions,
            enforcement.sweep_escalations,
            enforcement.observe_feeds_due,
            *(
                lambda platform=platform: listings.match_listings_due(platform_id=platform.pk)
                for platform in self.platforms
            ),
        ]
        for sweep in self.chance.sample(sweeps, self.chance.randint(2, len(sweeps))):
            sweep()

    def see(self) -> None:
        row = self.one(Takedown.objects.all())
        verdict = self.chance.choice(["gone", "gone", "gone", "live", "unknown", "restricted"])
        seen = enforcement.Seen(row, "page", verdict, "test", f"seen {verdict}")
        enforcement.record_observation(seen=seen, actor=Actor.system("checks"))

    # What has to be true

    def step(self, act: Callable[[], None]) -> None:
        self.log.append(f"{timezone.now():%d %b %H:%M} {act.__name__}")
        before, refused = self.fingerprint(), ""
        try:
            act()
        except REFUSALS as refusal:
            refused = f"{type(refusal).__name__} {refusal}"
        if refused:
            self.log[-1] += f": {refused}"
            assert self.fingerprint() == before, self.told
        else:
            self.done[act.__name__] += 1
        self.check()

    def fingerprint(self) -> tuple[Any, ...]:
        counts = tuple(model._default_manager.count() for model in COUNTED)
        states = tuple(sorted((model.__name__, *row) for model in MOVES for row in _states(model)))
        newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
        return counts, states, newest

    def check(self) -> None:
        self.check_moves()
        self.check_cases()
        self.last_event = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def check_moves(self) -> None:
        """Every change of a state is a move of its table, or some after another, and has an event of its own."""
        for model, tables in MOVES.items():
            for pk, state in _states(model):
                before = self.states.get((model, pk))
                self.states[model, pk] = state
                if before in {None, state}:
                    continue
                events = AuditEvent.objects.filter(
                    pk__gt=self.last_event, subject_type=model._meta.label_lower, subject_id=str(pk)
                )
                reached = before
                for event in events.order_by("pk"):
                    if "status" in event.after and event.after["status"] != reached:
                        assert event.before.get("status", reached) == reached, (model, pk, event.action, self.told)
                        pairs = {(row.source, row.target) for table in tables for row in table}
                        assert (reached, event.after["status"]) in pairs, (model, pk, reached, event.after, self.told)
                        reached = event.after["status"]
                if model is Flag and state in PROVED:
                    self.check_proof(Flag.objects.get(pk=pk))
                assert reached == state, (model.__name__, pk, f"{before} to {state} without its event", self.told)

    def check_cases(self) -> None:
        now = timezone.now()
        for flag in Flag.objects.select_related("takedown", "notice__recall", "listing"):
            case, told = flag.takedown, (flag.pk, flag.status, flag.takedown.status, self.told)
            assert flag.due_at == case.due_at, told
            assert flag.platform_id == flag.listing.platform_id == flag.notice.platform_id == case.platform_id, told
            assert (flag.status in CLOCK_RUNS) == (case.status in {"running", "missed"}), told
            assert (flag.status in PROVED) == (case.status == "met"), told
            assert (flag.status in CLOSED) == (case.status == "cancelled"), told
            assert case.paused_at is None or case.status == "running", told
            assert case.pauses.filter(ended_at=None).count() == (case.paused_at is not None), told
            assert flag.notice.status == "active" or flag.status not in CLOCK_RUNS, told
            steps = list(case.escalations.order_by("pk").values_list("step", flat=True))
            assert steps == sorted(set(steps)), told
        for notice in Notice.objects.select_related("recall"):
            assert notice.status != "active" or notice.recall.status == "published", (notice.pk, self.told)
            assert notice.version.published_at is not None, (notice.pk, self.told)
        assert not Takedown.objects.filter(met_at__gt=now).exists(), self.told

    def check_proof(self, flag: Flag) -> None:
        """Two checks of somebody else than the platform, an hour apart, that agree, and nothing that speaks against them."""
        verdict = {"removed": {"gone"}, "restricted": {"restricted", "gone"}}[flag.status]
        known = [row for row in flag.takedown.observations.order_by("pk") if row.verdict != "unknown"]
        agreeing = []
        for row in reversed(known):
            if row.verdict not in verdict:
                break
            agreeing.append(row)
        moments = [row.at for row in agreeing if row.source in {"page", "person"}]
        assert len(moments) >= 2, (
            flag.pk,
            "one moment at which somebody else than the platform saw it gone",
            self.told,
        )
        assert max(moments) - min(moments) >= timedelta(hours=1), (flag.pk, self.told)

    def check_counts(self) -> None:
        """The board's numbers are those that one counts by hand."""
        now, notices = timezone.now(), list(Notice.objects.all())
        counted = enforcement.counts_of_notices(notices, now)
        for notice in notices:
            flags = list(Flag.objects.filter(notice=notice).select_related("takedown"))
            by_hand = {
                "found": len(flags),
                "late": sum(
                    flag.status in CLOCK_RUNS and flag.takedown.due_at < now and flag.takedown.paused_at is None
                    for flag in flags
                ),
                "undecided": sum(flag.status in UNDECIDED for flag in flags),
                "gone": sum(flag.status == "removed" for flag in flags),
                "dismissed": sum(flag.status == "dismissed" for flag in flags),
                "relisted": sum(flag.relisted_from_id is not None for flag in flags),
            }
            assert by_hand.keys() <= METRICS.keys()
            assert {name: counted[notice.pk][name] for name in by_hand} == by_hand, self.told

    def check_views(self) -> None:
        """Nobody is shown, by rule or by row security, what is another platform's or was never sent."""
        everything = [
            (model, list(model._default_manager.all())) for model in (Flag, Takedown, Notice, Listing, Recall)
        ]
        sent = {notice.recall_id: set[int]() for notice in Notice.objects.all()}
        for notice in Notice.objects.all():
            sent[notice.recall_id].add(notice.platform_id)
        for name, actor in self.people.items():
            for model, rows in everything:
                with acting(actor.principal):
                    shown = set(model.objects.visible_to(actor).values_list("pk", flat=True))
                    let_through = set(model._default_manager.values_list("pk", flat=True))
                assert shown <= let_through, (name, model)
                if actor.platform_id is None:
                    continue
                own = {row.pk for row in rows if actor.platform_id in _platforms_of(row, sent)}
                assert shown <= own, (name, model, self.told)
                assert let_through <= own, (name, model, self.told)


def _platforms_of(row: Any, sent: dict[int, set[int]]) -> set[int]:
    return sent.get(row.pk, set()) if isinstance(row, Recall) else {row.platform_id}


def _states(model: type[Model]) -> list[tuple[int, str]]:
    return list(model._default_manager.order_by("pk").values_list("pk", "status"))


@pytest.fixture
def people(
    officer: User, second_officer: User, admin: User, moderator_a: User, second_moderator_a: User, manager_a: User,
    moderator_b: User, outsider: User,
) -> dict[str, Actor]:  # fmt: skip
    second_admin = UserFactory(role="admin", organisation=admin.organisation)
    named = {
        "officer": officer, "second_officer": second_officer, "admin": admin, "second_admin": second_admin,
        "moderator": moderator_a, "moderator_2": second_moderator_a, "manager": manager_a, "moderator_b": moderator_b,
        "outsider": outsider,
    }  # fmt: skip
    return {name: Actor.person(person) for name, person in named.items()}


@pytest.mark.parametrize("seed", range(int(os.environ.get("LOOP_WALKS", "3"))))
def test_whatever_anybody_does_cases_are_consistent_and_seen_by_their_own_people_only(
    seed: int,
    regulator: Organisation,
    platform_a: Organisation,
    platform_b: Organisation,
    people: dict[str, Actor],
) -> None:
    chance = random.Random(seed)  # noqa: S311  the same walks every time
    with time_machine.travel(BEGAN, tick=False) as clock:
        walk = Walk(regulator, [platform_a, platform_b], people, clock, chance)
        acts = [
            walk.write, walk.move_recall, walk.move_recall, walk.embargo, walk.correct, walk.submit, walk.publish, walk.send,
            walk.send, walk.withdraw_notice, walk.answer, walk.overrule, walk.pause, walk.resume, walk.answer_extension,
            walk.answer_appeal, walk.acknowledge, walk.resolve, walk.discard_letter, walk.look, walk.feed, walk.feed,
            walk.decide, walk.decide, walk.decide, walk.undo, walk.claim, walk.release, walk.ask_extension, walk.appeal,
            walk.report, walk.set_presence, walk.exclude, walk.withdraw_exclusion, walk.wait, walk.wait, walk.wait,
            walk.sweep, walk.sweep, walk.sweep, walk.sweep, walk.see, walk.see,
        ]  # fmt: skip
        for begin in (walk.write, walk.write, walk.feed, walk.feed):
            walk.step(begin)
        for recall in Recall.objects.all():
            recalls.move_recall(recall=recall, to="in_review", actor=people["officer"])
            [approver, *_] = recalls.approvers_of(recall.versions.get())
            recalls.move_recall(recall=recall, to="published", actor=Actor.person(approver))
            for platform in walk.platforms:
                recalls.send_notice(recall=recall, platform=platform, terms=dict(AGREED), actor=people["officer"])
        listings.match_notices_due()
        walk.check()
        for _ in range(STEPS):
            walk.step(chance.choice(acts))
        walk.check_counts()
        walk.check_views()
        while seal_events():
            pass
        assert not verify_chain().problem
        assert walk.done["sweep"]
