"""What `make bench-pages` stores: rows as a large site has them, written past the services."""

import sys
import time

from django.db import connection
from django.utils import timezone

from benchmarks.check_plans import CHECK_PLANS
from enforcement.models import Policy
from enforcement.policies.presets import install_presets
from enforcement.services import freeze
from portal.database.roles import as_owner
from portal.identity.actors import Actor
from portal.models import Export, Organisation, User
from recalls.models import Notice, Product, Recall, RecallVersion

PLATFORMS, NOTICED = 20, 100  # recalls with a notice to every platform
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
organisation_id) SELECT now() - interval '3 seconds' * (1200000 - t.id * 10 - n), 'system', 'matching',
(ARRAY['flag.opened','takedown.started','flag.claimed','observation.recorded','escalation.raised'])[1 + n %% 5],
(ARRAY['listings.flag','enforcement.takedown','listings.flag','enforcement.observation','enforcement.escalation'])[1 + n %% 5], s.id::text,
s.id::text, '{}', '{}', '', t.platform_id FROM enforcement_takedown t CROSS JOIN (SELECT (SELECT max(id) FROM enforcement_observation) AS checks,
(SELECT max(id) FROM enforcement_escalation) AS steps) newest, generate_series(1, 10) n
CROSS JOIN LATERAL (SELECT (ARRAY[t.flag_id, t.id, t.flag_id, 1 + t.id * n %% newest.checks, 1 + t.id * n %% newest.steps])[1 + n %% 5] AS id) s"""
SIGN_INS = """INSERT INTO portal_auditevent (at, actor_kind, actor_label, user_id, action, subject_type, subject_id, subject_label, before, after,
reason) SELECT now() - interval '1 minute' * n, 'person', u.name, u.id, 'person.signed_in', 'portal.user', u.id::text, u.name, '{}', '{}', ''
FROM portal_user u, generate_series(1, 2000) n"""
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
    operator = Organisation.objects.create(kind="operator", name="Bench operator", slug="bench-operator")
    people = {
        role: User.objects.create_user(email=f"{role}@bench.example", password=None, name=role.title(), role=role, organisation=home)
        for role, home in (("regulator_staff", regulator), ("admin", regulator), ("moderator", platforms[0]), ("platform_manager", platforms[0]),
                           ("operator", operator))
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
                          ("letters", LETTERS), ("decisions", DECISIONS), ("sign-ins", SIGN_INS), ("audit events", EVENTS), ("seals", SEALS)):  # fmt: skip
            began = time.perf_counter()
            cursor.execute(sql, given)
            sys.stdout.write(f"{cursor.rowcount:,} {name} stored in {time.perf_counter() - began:.0f} s\n")
            sys.stdout.flush()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return people
