"""Looks at listings, from four sources behind one function; what they prove, and when to look again."""

import hashlib
import logging
import zlib
from dataclasses import replace
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from enforcement import rules
from enforcement.captures import capture_digest
from enforcement.fetch import Capture, look_at
from enforcement.models import Observation, Takedown
from enforcement.rules.verdict import Answer, judge
from enforcement.states import Source, Verdict
from listings import services as listings
from listings.models import CatalogueImport, Flag
from listings.states import CLAIMED, CLOCK_RUNS, PROVED, WATCHED, FlagStatus
from portal import audit
from portal.actors import Actor
from portal.jobs import JobStatus
from portal.models import Organisation

logger = logging.getLogger(__name__)
BATCH = 50
LEASE = timedelta(minutes=2)  # how long a worker may take over one look before another takes it up
MOST_ATTEMPTS = 8
LOOKS_CONSIDERED = 50


def record_observation(
    *,
    takedown: Takedown,
    source: str,
    verdict: str,
    rule: str,
    says: str = "",
    capture: Capture | None = None,
    feed: CatalogueImport | None = None,
    actor: Actor,
) -> Observation | None:
    """Store a look, seal its capture into the audit event, and draw its consequences, all in one transaction.

    Returns None where this feed was observed before. Unknown changes nothing but when to look next.
    """
    actor.require("observation.record")
    with transaction.atomic():
        takedown = Takedown.objects.select_for_update().select_related("flag__recall").get(pk=takedown.pk)
        if feed is not None and takedown.observations.filter(feed=feed).exists():
            return None
        seen = Observation.objects.create(
            takedown=takedown,
            at=capture.at if capture else feed.created_at if feed else timezone.now(),
            source=source,
            verdict=verdict,
            rule=rule,
            says=says,
            status_code=capture.status if capture else None,
            url=capture.url if capture else "",
            final_url=capture.final_url if capture else "",
            redirects=list(capture.chain) if capture else [],
            headers=capture.headers if capture else {},
            extracted=capture.extracted if capture else {},
            body_digest=hashlib.sha256(capture.body).hexdigest() if capture and capture.body else "",
            body=zlib.compress(capture.body, 6) if capture and capture.body else b"",
            feed=feed,
            actor_label=actor.label,
            user_id=actor.user_id,
        )
        audit.record(
            actor=actor,
            action="observation.recorded",
            subject=seen,
            after={"takedown": takedown.pk, "flag": takedown.flag_id, "source": source, "verdict": verdict, "rule": rule, "body_digest": seen.body_digest,
                   "capture_digest": capture_digest(seen)},
            reason=says,
        )  # fmt: skip
        _draw_consequences(takedown, seen)
    return seen


def _draw_consequences(takedown: Takedown, seen: Observation) -> None:
    terms, flag, now = rules.Terms.from_json(takedown.terms), takedown.flag, timezone.now()
    rows = takedown.observations.order_by("-at", "-pk")[:LOOKS_CONSIDERED]
    since = takedown.flag.decisions.order_by("-pk").values_list("at", flat=True).first()
    looks = [rules.Look(row.at, row.verdict, row.source) for row in reversed(rows)]
    proved = rules.proves(looks, terms)
    prover = Actor.system("proof")
    unknown = takedown.unknown_looks + 1 if seen.verdict == Verdict.UNKNOWN else 0
    after_proof = takedown.looks_after_proof
    if flag.status in PROVED and seen.verdict != Verdict.UNKNOWN:
        after_proof += 1
    Takedown.objects.filter(pk=takedown.pk).update(
        unknown_looks=unknown, look_attempts=0, looks_after_proof=after_proof
    )
    if seen.verdict == Verdict.LIVE and flag.status in WATCHED and (since is None or seen.at >= since):
        listings.prove(flag=flag, to=FlagStatus.OPEN, actor=prover, reason=f"Seen on sale: {seen.says}")
        return
    target = {"gone": FlagStatus.REMOVED, "restricted": FlagStatus.RESTRICTED}.get(proved)
    if (
        target is not None
        and flag.status != target
        and (flag.status in CLOCK_RUNS or flag.status == FlagStatus.RESTRICTED)
    ):
        needed = terms.looks_needed
        listings.prove(
            flag=flag,
            to=target,
            actor=prover,
            reason=f"{needed} looks agree, {terms.looks_apart_seconds} seconds apart: {seen.says}",
        )
        return
    if flag.status not in WATCHED and seen.verdict not in {Verdict.GONE, Verdict.RESTRICTED}:
        return
    next_at = rules.next_look(
        terms,
        now=now,
        last_verdict=seen.verdict,
        unknown_in_a_row=unknown,
        proved_at=takedown.met_at if flag.status in PROVED else None,
        looks_after_proof=after_proof,
    )
    Takedown.objects.filter(pk=takedown.pk).update(next_look_at=next_at)


def record_person_look(
    *, takedown: Takedown, verdict: str, note: str, url: str = "", actor: Actor
) -> Observation | None:
    """A person says what they saw. It counts as a look like any other."""
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": f"Choose one of {', '.join(Verdict.values)}."})
    if not note.strip():
        raise ValidationError({"note": "Say what you saw."})
    capture = Capture(url=url, at=timezone.now(), final_url=url) if url else None
    return record_observation(
        takedown=takedown, source=Source.PERSON if actor.platform_id is None else Source.API, verdict=verdict, rule="person_looked", says=note, capture=capture, actor=actor
    )  # fmt: skip


def record_api_report(
    *, takedown: Takedown, verdict: str, note: str, url: str = "", actor: Actor
) -> Observation | None:
    """A platform reports about its own listing. That is a claim: it takes an independent look to prove it."""
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": [f"Choose one of {', '.join(Verdict.values)}."]})
    capture = Capture(url=url, at=timezone.now(), final_url=url) if url else None
    return record_observation(
        takedown=takedown,
        source=Source.API,
        verdict=verdict,
        rule="platform_report",
        says=note,
        capture=capture,
        actor=actor,
    )


def observe_due() -> int:
    """Look at the pages whose moment has come; returns how many looks were made.

    A due row is leased first (its moment pushed forward), then fetched outside any transaction: a worker that dies in
    between only delays the look. A look that breaks again and again is set aside and reported by the watchdog.
    """
    looked = 0
    while leased := _lease():
        for takedown in leased:
            try:
                _observe(takedown)
                looked += 1
            except Exception as error:
                logger.exception("the look at takedown %s broke", takedown.pk)
                Takedown.objects.filter(pk=takedown.pk).update(error=f"look: {type(error).__name__}: {error}"[:500])
    return looked


def _lease() -> list[Takedown]:
    now = timezone.now()
    with transaction.atomic():
        due = (
            Takedown.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(next_look_at__lte=now)
            .order_by("next_look_at")
        )
        batch = list(due.select_related("flag__listing__platform")[:BATCH])
        for takedown in batch:
            takedown.look_attempts += 1
            takedown.next_look_at = None if takedown.look_attempts > MOST_ATTEMPTS else now + LEASE
            takedown.save(update_fields=["look_attempts", "next_look_at"])
    return [takedown for takedown in batch if takedown.look_attempts <= MOST_ATTEMPTS]


def _observe(takedown: Takedown) -> None:
    listing = takedown.flag.listing
    actor = Actor.system("page look")
    url = listing.page_url
    if not url:
        says = "The listing has no address to look at; the next full feed or a person can prove its removal."
        record_observation(
            takedown=takedown, source=Source.PAGE, verdict=Verdict.UNKNOWN, rule="no_address", says=says, actor=actor
        )
        return
    capture = look_at(url)
    if capture.status is None:
        record_observation(
            takedown=takedown,
            source=Source.PAGE,
            verdict=Verdict.UNKNOWN,
            rule="no_answer",
            says=capture.failure,
            capture=capture,
            actor=actor,
        )
        return
    answer = Answer(capture.status, capture.url, capture.final_url, capture.headers, capture.text)
    found = judge(answer, listing_id=listing.external_id, title=listing.title)
    record_observation(
        takedown=takedown,
        source=Source.PAGE,
        verdict=found.verdict,
        rule=found.rule,
        says=found.says,
        capture=replace(capture, extracted=found.extracted),
        actor=actor,
    )


def observe_feeds_due() -> int:
    """Take what the newest finished feed of each platform says about watched listings; returns how many looks that gave.

    Absence from a full feed is a look that saw the listing gone; presence in any feed is one that saw it live.
    Absence from a delta says nothing.
    """
    observed = 0
    for platform in Organisation.objects.platforms():
        feed = CatalogueImport.objects.filter(platform=platform, status=JobStatus.DONE).order_by("-pk").first()
        if feed is not None:
            observed += _observe_feed(feed)
    return observed


def _observe_feed(feed: CatalogueImport) -> int:
    observed, actor = 0, Actor.system("feed look")
    waiting = (
        Takedown.objects.filter(
            platform_id=feed.platform_id, flag__status__in=CLOCK_RUNS | PROVED, created_at__lt=feed.created_at
        )
        .exclude(last_feed__pk__gte=feed.pk)
        .select_related("flag__listing")
        .order_by("pk")
    )
    for takedown in list(waiting[:2_000]):
        verdict, says = _feed_says(feed, takedown.flag)
        if verdict:
            done = record_observation(
                takedown=takedown,
                source=Source.FEED,
                verdict=verdict,
                rule=f"{feed.kind}_feed",
                says=says,
                feed=feed,
                actor=actor,
            )
            observed += done is not None
        Takedown.objects.filter(pk=takedown.pk).update(last_feed=feed)
    return observed


def _feed_says(feed: CatalogueImport, flag: Flag) -> tuple[str, str]:
    listing = flag.listing
    if feed.kind == CatalogueImport.Kind.FULL:
        if not listing.present:
            return Verdict.GONE, f"Full feed {feed.pk} ({feed.filename}) no longer carries the listing."
        if flag.status in CLAIMED | PROVED:
            return Verdict.LIVE, f"Full feed {feed.pk} ({feed.filename}) carries the listing."
        return "", ""
    if listing.present and listing.seen_in_id == feed.pk and flag.status in CLAIMED | PROVED:
        return Verdict.LIVE, f"Delta feed {feed.pk} ({feed.filename}) carries the listing."
    return "", ""
