"""Browser checks: pages that only scripts draw are seen again in a headless Chromium, one at a time.

A plain check that finds such a page marks its plan (`browser_at`); this sweep takes the marks. What the browser drew is
judged by the same rules and is a check of the page like any other, with a picture. What a shop shows to a browser and not to
a plain request proves nothing alone, and neither does a removal where a listing on sale is drawn like one that is gone.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from enforcement.checks.fetch import Capture
from enforcement.checks.rendering.process import render
from enforcement.checks.services.control_checks import on_sale
from enforcement.checks.services.flagged_pages import AsFlagged, as_flagged, both_pages, judge_listing, not_seen
from enforcement.checks.services.observations import Seen, newest_decisions, record_checks
from enforcement.checks.services.pace import host_of, reserve
from enforcement.models import CheckPlan, Observation, Takedown
from enforcement.rules.destinations import not_restricted
from enforcement.rules.similarity import are_alike, print_of
from enforcement.rules.verdict import Judgement, judge
from enforcement.rules.verdict.offers import SELLS
from enforcement.states import Source, Verdict
from portal.background import jobs, sweeping
from portal.identity.actors import Actor
from portal.models import Organisation

logger = logging.getLogger(__name__)
MAX_SECONDS = 20.0
MAX_SECONDS_OF_ONE = 65.0  # for a page, the one under which it was flagged, and listings on sale beside them
WITHIN = timedelta(seconds=5)  # how long a check may wait for its host
LATER = timedelta(seconds=30)
TURN_LOCK = 0x0FF5_0010  # advisory lock class: one browser at all
Render = Callable[[str], tuple[Capture, bytes]]
FOLLOWS = "A browser check follows."
OFF = "A browser check would have helped; browser checks are off (BROWSER_CHECKS)."


def noted(seen: Seen) -> Seen:
    """A check whose page only scripts draw, with a note that a browser sees it next, or would have helped."""
    if seen.rule != "needs_scripts" or seen.capture is None:
        return seen
    note = {"browser": FOLLOWS if settings.BROWSER_CHECKS else OFF}
    return replace(seen, capture=replace(seen.capture, extracted=seen.capture.extracted | note))


def plan_browser_checks(checks: Sequence[Seen]) -> None:
    """Have a browser see the pages of checks that are noted so."""
    wanted = [seen.takedown.pk for seen in checks if seen.capture and seen.capture.extracted.get("browser") == FOLLOWS]
    if wanted:
        CheckPlan.objects.filter(pk__in=wanted, browser_at=None).update(browser_at=timezone.now())


def browser_checks_due(render_page: Render | None = None) -> int:
    """See the pages that wait for a browser, for MAX_SECONDS; returns how many were seen.

    A mark is taken away before its page is seen: a page that ends our process is not seen again before the next plain
    check asks for it. One browser at all runs at any time, whatever the number of workers. Platforms share the turns.
    """
    seen, actor, until = 0, Actor.system("browser check"), time.monotonic() + MAX_SECONDS
    with jobs.turn(TURN_LOCK, 1) as free:
        while free and time.monotonic() < until and (takedown := _taken()) is not None:
            try:
                broke = _see(takedown, render_page or render, actor)
            except Exception as error:
                logger.exception("the browser check of takedown %s broke", takedown.pk)
                broke = error
            if broke is not None:
                CheckPlan.objects.filter(pk=takedown.pk).update(error=sweeping.error_text(broke))
            seen += 1
    return seen


def _see(takedown: Takedown, render_page: Render, actor: Actor) -> Exception | None:
    """See one page, judge and record it; the error where it could not be recorded."""
    before = takedown.observations.filter(source=Source.PAGE).defer("body", "picture").order_by("-pk").first()
    decision = newest_decisions([takedown.flag_id]).get(takedown.flag_id, 0)
    until = time.monotonic() + MAX_SECONDS_OF_ONE

    flagged = as_flagged([takedown])[takedown.pk]

    def seen_at(url: str) -> Seen:
        capture, picture = render_page(url)
        return _beside_one_on_sale(_judged(takedown, capture, picture, before, flagged), render_page, until)

    check = seen_at(takedown.flag.listing.page_url)
    if check.verdict != Verdict.LIVE and flagged.url:
        beside = seen_at(flagged.url) if _has_time(until) else not_seen(takedown, "there was no time left")
        check = both_pages(check, beside)
    check = replace(check, decision=decision)
    return next((error for _, error in record_checks(checks=[check], actor=actor)), None)


def _has_time(until: float) -> bool:
    """Whether one page more can be drawn, however slowly."""
    return time.monotonic() + settings.BROWSER_SECONDS + 2 <= until


def _beside_one_on_sale(seen: Seen, render_page: Render, until: float) -> Seen:
    """The check; unknown where it says gone, and the browser is shown listings on sale as gone too, or like this one."""
    if seen.verdict != Verdict.GONE or seen.capture is None:
        return seen
    listing, drawn = seen.takedown.flag.listing, ""
    for known in on_sale(host_of(seen.capture.url), listing, None):
        if not _has_time(until):
            drawn = drawn or "there was no time left to see one"
            break
        other, _ = render_page(known.page_url)
        if other.status is None:
            continue
        verdict = judge(replace(other.answer, drawn=True), listing_id=known.external_id, title=known.title).verdict
        drawn = f"{known.page_url}: {other.status}, {verdict}, sha256 {hashlib.sha256(other.body).hexdigest()}"
        alike = are_alike(
            print_of(seen.capture.answer, echoes=(listing.title, listing.external_id)),
            print_of(other.answer, echoes=(known.title, known.external_id)),
        )
        if verdict != Verdict.GONE and not alike:
            return replace(seen, capture=_with_note(seen.capture, drawn))
    if not drawn:
        return seen
    detail = f"A browser is not shown that a listing on sale is another case ({drawn}), so it cannot confirm a removal."
    capture = _with_note(seen.capture, drawn)
    return replace(seen, verdict=Verdict.UNKNOWN, rule="host_unreadable", detail=detail, capture=capture)


def _with_note(capture: Capture, on_sale_as: str) -> Capture:
    return replace(capture, extracted=capture.extracted | {"on_sale": on_sale_as})


def _taken() -> Takedown | None:
    """The next page to see, its mark taken away; that of a host without a free moment is put off."""
    now = timezone.now()
    while True:
        with transaction.atomic():
            due = CheckPlan.objects.filter(browser_at__lte=now)
            having = Exists(due.order_by().filter(platform=OuterRef("pk")))
            platform = Organisation.objects.platforms().filter(having).order_by("?").first()
            rows = due.filter(platform=platform).select_for_update(skip_locked=True, of=("self",))
            plan = (
                rows.select_related("takedown__flag__listing__platform", "takedown__flag__regulator")
                .order_by("browser_at")
                .first()
            )
            if plan is None:
                return None
            url = plan.takedown.flag.listing.page_url
            ready = bool(url) and bool(reserve(host_of(url), 1, within=WITHIN))
            plan.browser_at = now + LATER if url and not ready else None
            plan.save(update_fields=["browser_at"])
        if ready:
            return plan.takedown


def _judged(
    takedown: Takedown, capture: Capture, picture: bytes, before: Observation | None, flagged: AsFlagged
) -> Seen:
    if capture.status is None:
        detail = f"In a browser: {capture.failure}"
        return Seen(takedown, Source.PAGE, Verdict.UNKNOWN, "no_answer", detail, capture)
    listing = takedown.flag.listing
    found = judge_listing(replace(capture.answer, drawn=True), listing, flagged)
    found = not_restricted(found, country=takedown.flag.regulator.country, destinations=listing.destinations)
    if found.verdict == Verdict.GONE and before is not None and _sold(before):
        detail = f"A browser is told that the listing is gone ({found.detail}), a plain request that it is on sale."
        found = Judgement(Verdict.UNKNOWN, "looks_differ", detail, found.extracted)
    shown = dict(capture.extracted)
    if picture:
        shown["picture"] = f"sha256 {hashlib.sha256(picture).hexdigest()}"
    capture = replace(capture, extracted=found.extracted | shown)
    detail = f"In a browser: {found.detail}"
    return Seen(takedown, Source.PAGE, found.verdict, found.rule, detail, capture, picture=picture)


def _sold(before: Observation) -> bool:
    """Whether the newest plain answer showed the listing on sale, in words or in its data."""
    return before.verdict == Verdict.LIVE or before.extracted.get("availability") in SELLS
