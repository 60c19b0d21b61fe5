"""What listings adds to the tables of the site: pages, navigation, words, tasks.

A new page, action, object or task of this app is entered here and nowhere else.
"""

from django.utils.translation import gettext_noop

from listings import evidence_texts, exports, import_texts, message_texts, retention  # noqa: F401  register what can be exported, and what is deleted after some days
from listings.coverage_words import covered_words
from listings.event_sentences import SENTENCES
from listings.event_titles import flag_titles, listing_titles
from listings.filters import FlagFilter, flags_to_decide
from listings.returning import flag_to_decide
from listings.states import FlagStatus
from portal import saved_lists, subjects
from portal.audit import sentences, words
from portal.background import queues
from portal.http import navigation, object_names, returning, stored_texts
from portal.identity import access, encryption
from portal.notifications import events
from portal.notifications.events import NUMBER, NUMBERS, EventType

encryption.register("listings.ScheduledFeed", "credential")
access.register(
    {
        "listings:search": "recall.view",
        "listings:queue": "flag.view",
        "listings:flag": "flag.view",
        "listings:flag_claim": "flag.claim",
        "listings:flag_release": "flag.claim",
        "listings:flag_hand_over": "flag.claim",
        "listings:undo": "flag.decide",
        "listings:claim_next": "flag.claim",
        "listings:bulk": "flag.claim",
        "listings:bulk_claim": "flag.claim",
        "listings:bulk_decide": "flag.decide",
        "listings:flag_decide": "flag.decide",
        "listings:flag_answer": "flag.answer",
        "listings:flag_overrule": "flag.overrule",
        "listings:message_post": "message.post",
        "listings:messages_read": "message.view",
        "listings:flag_seller_links": "message.view",  # giving one asks for its own permission
        "listings:seller_link_revoke": "seller_link.give",
        "listings:attachment": "message.view",
        "listings:exclusions": "flag.view",
        "listings:exclusion_add": "exclusion.add",
        "listings:exclusion_withdraw": "exclusion.withdraw",
        "listings:reading": "reading.view",
        "listings:reading_preview": "recall.edit",
        "listings:dry_runs": "dry_run.make",
        "listings:dry_run": "dry_run.make",
        "listings:dry_run_progress": "dry_run.make",
        "listings:dry_run_cancel": "dry_run.make",
        "listings:rejects": "reject.view",
        "listings:rejects_export": "reject.view",
        "listings:held_notices": "held.view",
        "listings:held": "held.view",
        "listings:held_release": "held.answer",
        "listings:held_dismiss": "held.answer",
        "listings:flag_limit": "flag_limit.set",
        "listings:rules": "rule.view",
        "listings:rule": "rule.view",
        "listings:rule_switch": "rule.switch",
        "listings:catalogue": "listing.view",
        "listings:shared_codes": "listing.view",
        "listings:shared_codes_export": "listing.view",
        "listings:listing": "listing.view",
        "listings:picture": "listing.view",
        "listings:seller": "flag.view",
        "listings:imports": "catalogue.import",
        "listings:import_add": "catalogue.import",
        "listings:uploads": "catalogue.import",
        "listings:upload": "catalogue.import",
        "listings:upload_import": "catalogue.import",
        "listings:upload_delete": "catalogue.import",
        "listings:import_detail": "catalogue.import",
        "listings:import_progress": "catalogue.import",
        "listings:import_columns": "catalogue.import",
        "listings:import_rejects": "catalogue.import",
        "listings:import_cancel": "catalogue.import",
        "listings:import_confirm": "catalogue.confirm",
        "listings:import_refuse": "catalogue.confirm",
        "listings:feed_rule": "catalogue.confirm",
        "listings:scheduled_feeds": "catalogue.import",
        "listings:scheduled_feed_add": "catalogue.import",
        "listings:scheduled_feed": "catalogue.import",
        "listings:scheduled_feed_fetch": "catalogue.import",
        "api:listings_bulk": "catalogue.import",
        "api:uploads": "catalogue.import",
        "api:upload": "catalogue.import",
        "api:upload_import": "catalogue.import",
        "api:imports": "catalogue.import",
        "api:import": "catalogue.import",
        "api:import_rejects": "catalogue.import",
        "api:import_rejects_export": "catalogue.import",  # making one asks for its own permission
        "api:import_columns": "catalogue.import",
        "api:import_confirm": "catalogue.confirm",
        "api:import_refuse": "catalogue.confirm",
        "api:import_cancel": "catalogue.import",
        "api:feed_limits": "catalogue.confirm",
        "api:scheduled_feeds": "catalogue.import",
        "api:scheduled_feed": "catalogue.import",
        "api:scheduled_feed_fetch": "catalogue.import",
        "api:listings": "listing.view",
        "api:listing": "listing.view",  # changing asks for its own permission
        "api:searches": "listing.view",  # reporting one asks for its own permission
        "api:flags": "flag.view",
        "api:flags_claim": "flag.claim",
        "api:flags_claim_next": "flag.claim",
        "api:flags_decide": "flag.decide",
        "api:flag": "flag.view",
        "api:flag_claim": "flag.claim",
        "api:flag_release": "flag.claim",
        "api:flag_hand_over": "flag.claim",
        "api:flag_decide": "flag.decide",
        "api:flag_undo": "flag.decide",
        "api:flag_answer": "flag.answer",
        "api:flag_overrule": "flag.overrule",
        "api:messages": "message.view",  # posting asks for its own permission
        "api:messages_read": "message.view",
        "api:seller_links": "message.view",  # giving one asks for its own permission
        "api:seller_link": "message.view",
        "api:seller_link_revoke": "seller_link.give",
        "api:attachment": "message.view",
        "api:exclusions": "flag.view",  # adding asks for its own permission
        "api:exclusion": "flag.view",
        "api:exclusion_withdraw": "exclusion.withdraw",
        "api:held_matches": "held.view",
        "api:held_release": "held.answer",
        "api:held_dismiss": "held.answer",
        "api:dry_runs": "dry_run.make",
        "api:dry_run": "dry_run.make",
        "api:dry_run_cancel": "dry_run.make",
        "api:innocents": "flag.view",
        "api:innocent_withdraw": "exclusion.withdraw",
    }
)

access.register_own_methods({"listings:uploads", "listings:upload"})  # tus (listings/upload_protocol.py)

access.register_sensitive(
    {
        "listings:flag_overrule": (),
        "listings:rule_switch": (),
    }
)

returning.register(
    {
        "listings:flag_decide": flag_to_decide,
    }
)

saved_lists.register("listings:queue", [*FlagFilter.base_filters, "view"])
navigation.register([(20, gettext_noop("Queue"), "listings:queue")])
navigation.register(
    [
        (85, gettext_noop("Held back"), "listings:held_notices"),
        (90, gettext_noop("Exclusions"), "listings:exclusions"),
        (100, gettext_noop("Catalogue"), "listings:catalogue"),
        (105, gettext_noop("Shared GTINs"), "listings:shared_codes"),
        (110, gettext_noop("Imports"), "listings:imports"),
        (112, gettext_noop("Import rejects"), "listings:rejects"),
    ],
    group=navigation.WORK,
)
navigation.register([(150, gettext_noop("Rules"), "listings:rules")], group=navigation.SETUP)
navigation.register_waiting({"listings:queue": flags_to_decide})

subjects.register(
    {
        "listings.flag": "listings:flag",
        "listings.listing": "listings:listing",
        "listings.catalogueimport": "listings:import_detail",
        "listings.scheduledfeed": "listings:scheduled_feed",
    },
    also_shown_by={"listings:seller": "listings.seller"},
    first_kinds={"listings.exclusion": ("listings.knowninnocent",)},
)

words.register(
    {
        "flag.opened": gettext_noop("Flag opened"),
        "flag.linked": gettext_noop("Flag linked"),
        "flag.claimed": gettext_noop("Flag claimed"),
        "flag.released": gettext_noop("Flag released"),
        "flag.handed_over": gettext_noop("Flag handed over"),
        "flag.second_asked": gettext_noop("Second reviewer requested for flag"),
        "flag.decision_undone": gettext_noop("Decision on flag undone"),
        "flag.claimed_removed": gettext_noop("Removal claimed"),
        "flag.claimed_restricted": gettext_noop("Geo-restriction claimed"),
        "flag.dismissed": gettext_noop("Flag dismissed"),
        "flag.removed": gettext_noop("Flag removed"),
        "flag.restricted": gettext_noop("Flag restricted"),
        "flag.seller_asked": gettext_noop("Seller asked about flag"),
        "flag.referred": gettext_noop("Flag referred"),
        "flag.seller_answered": gettext_noop("Seller replied about flag"),
        "flag.answered": gettext_noop("Flag answered"),
        "flag.overrule_asked": gettext_noop("Overruling of flag requested"),
        "flag.overruled": gettext_noop("Flag overruled"),
        "flag.reopened": gettext_noop("Flag reopened"),
        "flag.dismissed_on_appeal": gettext_noop("Flag dismissed on appeal"),
        "flag.withdrawn": gettext_noop("Flag withdrawn"),
        "flag.not_covered": gettext_noop("Flag no longer covered by recall"),
        "flag.covered_again": gettext_noop("Flag covered by recall again"),
        "flag.pictures_seen": gettext_noop("Pictures at the time of the decision"),
        "catalogue.searched": gettext_noop("Search of the catalogue reported"),
        "listing.off_sale": gettext_noop("Listing taken off sale"),
        "listing.on_sale": gettext_noop("Listing on sale again"),
        "held.released": gettext_noop("Held-back listings released"),
        "held.dismissed": gettext_noop("Held-back listings dismissed"),
        "flag_limit.changed": gettext_noop("Flag limit changed"),
        "message.posted": gettext_noop("Message posted"),
        "seller_link.given": gettext_noop("Link given to a seller"),
        "seller_link.opened": gettext_noop("Seller's link opened"),
        "seller_link.previewed": gettext_noop("Seller's link opened by a signed-in person"),
        "seller_link.revoked": gettext_noop("Seller's link revoked"),
        "seller_link.closed": gettext_noop("Seller's link closed with the case"),
        "reading.corrected": gettext_noop("Recall reading corrected"),
        "exclusion.added": gettext_noop("Exclusion added"),
        "exclusion.remembered": gettext_noop("Exclusion remembered from a dismissal"),
        "exclusion.withdrawn": gettext_noop("Exclusion withdrawn"),
        "exclusion.expired": gettext_noop("Exclusion expired"),
        "rule.switched_on": gettext_noop("Rule switched on"),
        "rule.switched_off": gettext_noop("Rule switched off"),
        "catalogue_upload.started": gettext_noop("Upload in parts started"),
        "catalogue_upload.deleted": gettext_noop("Unfinished upload deleted"),
        "catalogue_import.queued": gettext_noop("Catalogue import queued"),
        "catalogue_import.started": gettext_noop("Catalogue import started"),
        "catalogue_import.done": gettext_noop("Catalogue import done"),
        "catalogue_import.failed": gettext_noop("Catalogue import failed"),
        "catalogue_import.cancelled": gettext_noop("Catalogue import cancelled"),
        "catalogue_import.retried": gettext_noop("Catalogue import retried"),
        "catalogue_import.held": gettext_noop("Catalogue import waiting for confirmation"),
        "catalogue_import.confirmed": gettext_noop("Full feed confirmed"),
        "catalogue_import.refused": gettext_noop("Full feed refused"),
        "scheduled_feed.created": gettext_noop("Scheduled feed added"),
        "scheduled_feed.edited": gettext_noop("Scheduled feed edited"),
        "scheduled_feed.fetch_asked": gettext_noop("Scheduled feed fetch requested"),
        "scheduled_feed.imported": gettext_noop("New file fetched from scheduled feed"),
        "scheduled_feed.failed": gettext_noop("Scheduled feed fetch failed"),
        "scheduled_feed.refused": gettext_noop("Scheduled feed file refused"),
        "feed_rule.changed": gettext_noop("Limits for full feeds changed"),
        "dry_run.queued": gettext_noop("Dry run queued"),
        "dry_run.started": gettext_noop("Dry run started"),
        "dry_run.done": gettext_noop("Dry run done"),
        "dry_run.failed": gettext_noop("Dry run failed"),
        "dry_run.cancelled": gettext_noop("Dry run cancelled"),
        "dry_run.retried": gettext_noop("Dry run retried"),
    },
    first_names={
        "innocent.declared": "exclusion.added",
        "innocent.remembered": "exclusion.remembered",
        "innocent.withdrawn": "exclusion.withdrawn",
        "innocent.expired": "exclusion.expired",
    },
)
words.register_reasons(dict.fromkeys(("flag.not_covered", "flag.covered_again"), covered_words))
sentences.register(SENTENCES, titles={"listings.flag": flag_titles, "listings.listing": listing_titles})

queues.register(
    {
        "listings.tasks.finalize_decisions_due": queues.CLOCKS,
        "listings.tasks.expire_exclusions": queues.MATCHING,
        "listings.tasks.check_codes_due": queues.FILES,
        "listings.tasks.learn_removals_due": queues.MATCHING,
        "listings.tasks.seek_pictures_due": queues.MATCHING,
        "listings.tasks.match_notices_due": queues.MATCHING,
        "listings.tasks.check_coverage_due": queues.MATCHING,
        "listings.tasks.follow_held_due": queues.MATCHING,
        "listings.tasks.match_listings_due": queues.MATCHING,
        "listings.tasks.match_shard": queues.MATCHING,
        "listings.tasks.fetch_scheduled_feeds_due": queues.FILES,
        "listings.tasks.run_imports_due": queues.FILES,
        "listings.tasks.run_dry_runs_due": queues.FILES,
    },
    on_call={"listings.tasks.match_shard"},
    seldom={
        "listings.tasks.check_codes_due",
        "listings.tasks.check_coverage_due",
        "listings.tasks.fetch_scheduled_feeds_due",
        "listings.tasks.learn_removals_due",
        "listings.tasks.seek_pictures_due",
    },
)

events.register(
    {
        "flag.opened": EventType(
            gettext_noop("Listings were flagged: they may be recalled products. Up to 100 flags in one event."),
            {"flag_ids": NUMBERS},
            "flag_ids",
        ),
        "flag.changed": EventType(
            gettext_noop("A flag has another status, whoever changed it: your own people, the regulator, or a check."),
            {"flag_id": NUMBER, "status": {"enum": FlagStatus.values}, "before": {"enum": FlagStatus.values}},
            "flag_id",
        ),
        "seller.answered": EventType(
            gettext_noop("A seller wrote through their link."), {"flag_id": NUMBER, "message_id": NUMBER}, "flag_id"
        ),
        "message.posted": EventType(
            gettext_noop("The regulator wrote a message about a flag."),
            {"flag_id": NUMBER, "message_id": NUMBER},
            "flag_id",
        ),
    }
)
object_names.register(message_texts.OBJECTS)
stored_texts.register(
    (
        *evidence_texts.EVIDENCE,
        *evidence_texts.RELISTINGS,
        *import_texts.ROWS,
        *import_texts.CAUSES,
        *import_texts.FILES,
        *import_texts.READING,
        *message_texts.MESSAGES,
        *message_texts.SWEEPS,
        *FlagStatus.labels,
    )
)
