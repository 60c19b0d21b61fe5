"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.pages: times every page and measures its size.

Stores 1,000,000 listings, 100,000 flags with clocks, checks and escalations, 10,000 recalls and 500,000 audit events.
Then requests every page of every role through the whole middleware, --times times. The last line names the slowest
page; the exit status is 1 if a page is too slow or too heavy.
"""

import argparse
import logging
import math
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  Django is set up first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import weight  # noqa: E402
from benchmarks.check_plans import CHECK_PLANS  # noqa: E402
from enforcement.models import Escalation, Letter, Policy, Takedown  # noqa: E402
from enforcement.policies.presets import install_presets  # noqa: E402
from enforcement.services import freeze  # noqa: E402
from listings.models import Flag  # noqa: E402
from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS, SIGNED_IN  # noqa: E402
from portal.identity.actors import Actor  # noqa: E402
from portal.models import AuditEvent, Export, Organisation, User  # noqa: E402
from recalls.models import Notice, Product, Recall, RecallVersion  # noqa: E402

P95_MS = 150.0
PLATFORMS, NOTICED = 20, 100  # recalls with a notice to every platform
SKIPPED = frozenset(
    {
        "portal:sign_out",
        "portal:audit_verify",
        "api:schema",
        "enforcement:letter_pdf",
        "listings:picture",
        "recalls:picture",
    }
)  # fmt: skip  downloads, and pages that take POST only
SEARCHES = {"listings:search": "q=ceramic+tower", "listings:queue": "q=tower&view=all", "listings:catalogue": "q=tower",
            "recalls:list": "q=heaters+4711", "portal:audit": "q=flag"}  # fmt: skip
LISTINGS = """INSERT INTO listings_listing (platform_id, external_id, title, description, brand, gtin, mpn, seller, category,
currency, link, image_link, digest, keys, match_due, first_seen_at, changed_at)
SELECT p.id, 'L-' || n, (ARRAY['ceramic','teak','steel','plastic','wool','glass','cotton','oak','carbon','paper'])[1 + n / 10 %% 10] || ' ' ||
(ARRAY['tower','garden','baby','kitchen','travel','office','bath','outdoor','toddler','desk'])[1 + n / 100 %% 10] || ' ' ||
(ARRAY['heater','chair','crib','lamp','bag','fan','gate','swing','bottle','charger'])[1 + n / 1000 %% 10] || ' ' || n,
'A description of some length that says what the thing is for. ' || n, 'Hearthline', '', 'HL-' || n %% 9000, 'seller ' || n %% 5000,
'home', 'USD', '', '', md5(n::text), ARRAY['w:word' || n %% 50000, 'm:hl' || n %% 9000], false,
now() - n * interval '1 second', now() FROM generate_series(1, %(listings)s) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM portal_organisation WHERE kind = 'platform') p
ON p.place = n / 10 %% %(platforms)s"""
FLAGS = """INSERT INTO listings_flag (notice_id, recall_id, regulator_id, platform_id, listing_id, status, score, band, evidence,
listing_digest, listing_as_flagged, opened_at, due_at, relisted_reason)
SELECT n.id, n.recall_id, n.regulator_id, l.platform_id, l.id,
(ARRAY['open','open','claimed_removed','removed','removed','removed','dismissed','restricted','referred','asked_seller'])[1 + l.id / 10 %% 10],
0.5 + (l.id %% 50) / 100.0, 'flag', '[{"signal": "brand_equal", "weight": 2.1, "says": "The brand is the same."}]', l.digest,
jsonb_build_object('title', l.title, 'seller', l.seller, 'brand', l.brand), now() - (l.id %% 400) * interval '1 hour',
now() + ((l.id %% 97)::int - 30) * interval '1 hour', ''
FROM (SELECT *, id / 10 AS place FROM listings_listing WHERE id %% 10 = 0 ORDER BY id LIMIT %(flags)s) l
JOIN (SELECT o.*, r.regulator_id, row_number() OVER (PARTITION BY o.platform_id ORDER BY o.id) - 1 AS place
FROM recalls_notice o JOIN recalls_recall r ON r.id = o.recall_id) n
ON n.platform_id = l.platform_id AND n.place = (l.id / 200) %% %(noticed)s"""
TAKEDOWNS = """INSERT INTO enforcement_takedown (flag_id, regulator_id, platform_id, status, terms, started_at, start_reason, due_at,
deadline_reason, extra, next_step, next_step_at, created_at, met_at, missed_at)
SELECT f.id, f.regulator_id, f.platform_id, s.status, n.terms, f.opened_at, 'the notice was sent', f.due_at, '6 hours after', 0,
CASE WHEN s.status = 'running' THEN 1 END, CASE WHEN s.status = 'running' THEN f.due_at + interval '30 days' END, f.opened_at,
CASE WHEN s.status = 'met' THEN f.opened_at + (f.id %% 90) * interval '1 hour' END, CASE WHEN s.status = 'missed' THEN f.due_at END
FROM listings_flag f JOIN recalls_notice n ON n.id = f.notice_id CROSS JOIN LATERAL (SELECT CASE
WHEN f.status IN ('removed', 'restricted') THEN 'met' WHEN f.status = 'dismissed' THEN 'cancelled'
WHEN f.due_at < now() THEN 'missed' ELSE 'running' END AS status) s"""
CHECKS = """INSERT INTO enforcement_observation (takedown_id, at, source, verdict, rule, detail, url, final_url, redirects, headers,
extracted, body_digest, body, actor_label) SELECT t.id, t.started_at + n * interval '1 hour', 'page', 'gone', 'status_gone',
'The page answers 404.', 'https://shop.example.org/' || t.id, '', '[]', '{}', '{}', '', '', 'checks'
FROM enforcement_takedown t, generate_series(1, 2) n WHERE t.status IN ('met', 'missed')"""
ESCALATIONS = """INSERT INTO enforcement_escalation (takedown_id, platform_id, step, kind, due_at, raised_at, notified_in,
acknowledged_by, note, resolved_by) SELECT t.id, t.platform_id, n, (ARRAY['reminder','missed','officer','letter'])[n], t.due_at, t.due_at, '', '', '', ''
FROM enforcement_takedown t, generate_series(1, 4) n WHERE t.status = 'missed'"""
LETTERS = """INSERT INTO enforcement_letter (escalation_id, platform_id, status, language, template_version, subject, body, drafted_at,
edited_by, reviewed_by) SELECT id, platform_id, 'draft', 'en', 0, 'A listing is still on sale', 'Dear platform', raised_at, '', ''
FROM enforcement_escalation WHERE kind = 'letter'"""
DECISIONS = """INSERT INTO listings_decision (flag_id, kind, reason, note, evidence, score, actor_kind, actor_label, before, at, final_at, finalized_at)
SELECT id, CASE status WHEN 'dismissed' THEN 'not_the_product' ELSE 'removed' END, CASE status WHEN 'dismissed' THEN 'other_model' ELSE '' END,
'', evidence, score, 'person', 'Nia', 'open', opened_at, opened_at, opened_at FROM listings_flag WHERE status NOT IN ('open', 'referred', 'asked_seller')"""
EVENTS = """INSERT INTO portal_auditevent (at, actor_kind, actor_label, action, subject_type, subject_id, subject_label, before, after, reason,
organisation_id) SELECT now() - interval '3 seconds' * (600000 - f.id * 5 - n), 'system', 'matching',
(ARRAY['flag.opened','takedown.started','flag.claimed','observation.recorded','escalation.raised'])[n],
(ARRAY['listings.flag','enforcement.takedown','listings.flag','enforcement.observation','enforcement.escalation'])[n], f.id::text, f.id::text,
'{}', '{}', '', f.platform_id FROM listings_flag f, generate_series(1, 5) n"""
SEALS = """INSERT INTO portal_auditseal (position, event_id, previous_hash, nonce, digest, hash)
SELECT row_number() OVER (ORDER BY id), id, md5(id::text) || md5(id::text), '', '', md5(id::text) || md5('x' || id) FROM portal_auditevent
WHERE id NOT IN (SELECT event_id FROM portal_auditseal)"""


def fill(*, listings: int, flags: int, recalls: int) -> dict[str, User]:
    """Fill the tables; returns one person of each role."""
    regulator = Organisation.objects.create(
        kind="regulator", name="Bench regulator", slug="bench", contact_email="duty@bench.example"
    )
    install_presets(regulator=regulator, actor=Actor.system("bench"))
    platforms = [
        Organisation.objects.create(
            kind="platform", name=f"Platform {n}", slug=f"platform-{n}", contact_email=f"safety@p{n}.example"
        )
        for n in range(PLATFORMS)
    ]
    people = {
        role: User.objects.create_user(email=f"{role}@bench.example", password=None, name=role.title(), role=role, organisation=home)
        for role, home in (("regulator_staff", regulator), ("admin", regulator), ("moderator", platforms[0]), ("platform_manager", platforms[0]))
    }  # fmt: skip
    now = timezone.now()
    rows = Recall.objects.bulk_create([
        Recall(regulator=regulator, number=f"{n:05}", status="published", title=f"Hearthline heaters {n} recalled",
               search=f"{n:05} hearthline heaters {n} recalled hl-{n}", recalled_on=now.date(), published_at=now)
        for n in range(recalls)
    ])  # fmt: skip
    versions = RecallVersion.objects.bulk_create([
        RecallVersion(recall=row, title=row.title, description="Ceramic tower heaters. " * 20, hazard="Fire hazard.", published_at=now)
        for row in rows
    ])  # fmt: skip
    Product.objects.bulk_create([
        Product(version=version, name="Ceramic heater", brand="Hearthline", model_numbers=[f"HL-{n}"]) for n, version in enumerate(versions)
    ])  # fmt: skip
    for row, version in zip(rows, versions, strict=True):
        row.current = version
    Recall.objects.bulk_update(rows, ["current"], batch_size=2_000)
    terms = freeze(Policy.objects.filter(regulator=regulator, unit="hours", amount=6).get())
    Notice.objects.bulk_create([
        Notice(recall=row, version=row.current, platform=platform, terms=terms, sent_at=now, matched_at=now, delivered_at=now)
        for row in rows[-NOTICED:] for platform in platforms
    ])  # fmt: skip
    Export.objects.bulk_create([
        Export(person=person, organisation=person.organisation, kind="audit", title="Audit events", unit="rows", status="done", progress=100,
               filename=f"offshelf-audit-{n}.csv", counted=n, size=n)
        for person in people.values() for n in range(1, 200)
    ])  # fmt: skip
    given = {"listings": listings, "flags": flags, "platforms": PLATFORMS, "noticed": NOTICED}
    with connection.cursor() as cursor:
        for name, sql in (("listings", LISTINGS), ("flags", FLAGS), ("takedowns", TAKEDOWNS), ("check plans", CHECK_PLANS), ("checks", CHECKS), ("escalations", ESCALATIONS),
                          ("letters", LETTERS), ("decisions", DECISIONS), ("audit events", EVENTS), ("seals", SEALS)):  # fmt: skip
            began = time.perf_counter()
            cursor.execute(sql, given)
            sys.stdout.write(f"{cursor.rowcount:,} {name} stored in {time.perf_counter() - began:.0f} s\n")
            sys.stdout.flush()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return people


def pages_of(person: User) -> Iterator[tuple[str, str]]:
    """Name and address of each page that the person's role can open, with an object that the person can see."""
    actor = Actor.person(person)
    flag = Flag.objects.visible_to(actor).filter(status="open").order_by("-pk").first()
    if flag is None:
        raise SystemExit(f"{person} cannot see any flag.")
    takedown = Takedown.objects.get(flag=flag)
    escalation = Escalation.objects.visible_to(actor).order_by("-pk").first()
    letter = Letter.objects.order_by("-pk").first()
    objects: dict[str, Any] = {
        "recalls": flag.recall_id, "listings:flag": flag.pk, "listings:listing": flag.listing_id, "listings:reading": flag.recall_id, "listings:dry_runs": flag.recall_id,
        "recalls:notice": flag.notice_id, "enforcement:notice_board": flag.notice_id, "enforcement:takedown": takedown.pk,
        "enforcement:clock": takedown.pk, "enforcement:appeal_make": takedown.pk, "enforcement:take": takedown.pk, "enforcement:record_check": takedown.pk,
        "enforcement:escalation": escalation.pk if escalation else 0, "enforcement:letter": letter.pk if letter else 0,
        "enforcement:policy": Policy.objects.values_list("pk", flat=True).first(),
        "portal:audit_event": AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first(),
        "portal:export": person.exports.values_list("pk", flat=True).first(), "portal:person": person.pk, "portal:organisation": person.organisation_id,
    }  # fmt: skip
    for name, rule in ACCESS.items():
        if name in SKIPPED or name.startswith("api:") or rule == PUBLIC:
            continue
        if rule != SIGNED_IN and rule not in ROLE_PERMISSIONS[person.role]:
            continue
        try:
            yield name, reverse(name)
        except NoReverseMatch:
            about = max((key for key in objects if name.startswith(key)), key=len, default="")
            with suppress(NoReverseMatch):  # a page about something else than a row
                if about:
                    yield name, reverse(name, kwargs={"pk": objects[about]})
        if name in SEARCHES:
            yield f"{name} ({SEARCHES[name]})", f"{reverse(name)}?{SEARCHES[name]}"


def timed(client: Client, address: str, times: int) -> tuple[list[float], int, bytes]:
    """Milliseconds of each response, the number of queries, and the page; no times if the response is not a page."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        count = len(queries)
    if answer.status_code != 200 or answer.streaming or "html" not in answer["Content-Type"]:
        return [], 0, b""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(address)
        spent.append((time.perf_counter() - began) * 1000)
    return sorted(spent), count, answer.content


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--listings", type=int, default=1_000_000, help="default: 1,000,000")
    parser.add_argument(
        "--flags", type=int, default=100_000, help="at most one tenth of the listings; default: 100,000"
    )
    parser.add_argument("--recalls", type=int, default=10_000, help="default: 10,000")
    parser.add_argument("--times", type=int, default=20, help="requests per page; default: 20")
    parser.add_argument("--again", action="store_true", help="use the data of an earlier run")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # about addresses that take POST only
    call_command("migrate", verbosity=0)
    if options.again:
        people = {user.role: user for user in User.objects.filter(email__endswith="@bench.example")}
    else:
        people = fill(listings=options.listings, flags=options.flags, recalls=options.recalls)
    slowest, heaviest, short = ("", 0.0), ("", 0.0, 0.0), 0
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        for name, address in pages_of(person):
            spent, queries, page = timed(client, address, options.times)
            if not spent:
                continue
            tail = spent[math.ceil(len(spent) * 0.95) - 1]
            first, later = weight.first(page) / 1000, weight.later(page) / 1000
            heavy = first > weight.FIRST_KB or later > weight.LATER_KB
            mark = ("  too slow" if tail > P95_MS else "") + ("  too heavy" if heavy else "")
            sys.stdout.write(
                f"{role:16} {name:60} p50 {statistics.median(spent):7.1f} ms  p95 {tail:7.1f} ms  {queries:3} queries"
                f"  {first:6.1f} kB first, {later:5.1f} later{mark}\n"
            )
            sys.stdout.flush()
            short += bool(mark)
            slowest = max(slowest, (f"{name} of {role}", tail), key=lambda each: each[1])
            heaviest = max(heaviest, (f"{name} of {role}", first, later), key=lambda each: each[1])
    sys.stdout.write(
        f"heaviest: {heaviest[0]}, {heaviest[1]:.1f} kB on the first visit (target: {weight.FIRST_KB:.0f}), "
        f"{heaviest[2]:.1f} kB later (target: {weight.LATER_KB:.0f}), gzip\n"
    )
    sys.stdout.write(
        f"{'reached' if not short else f'missed on {short} pages'}: slowest {slowest[0]}, p95 {slowest[1]:.0f} ms (target: {P95_MS:.0f} ms)\n"
    )
    return 1 if short else 0


if __name__ == "__main__":
    raise SystemExit(main())
