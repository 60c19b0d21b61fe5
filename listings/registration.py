"""What listings adds to the tables of the site: pages, navigation, words, tasks.

A new page, action, object or task of this app is entered here and nowhere else.
"""

from django.utils.translation import gettext_noop

from listings.filters import flags_to_decide
from listings.returning import flag_to_decide
from portal import subjects
from portal.audit import words
from portal.background import queues
from portal.http import navigation, returning
from portal.identity import access
from portal.notifications import events
from portal.notifications.events import NUMBER, EventType

access.register(
    {
        "listings:search": "recall.view",
        "listings:queue": "flag.view",
        "listings:view_save": "flag.view",
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
        "listings:rules": "rule.view",
        "listings:rule_switch": "rule.switch",
        "listings:catalogue": "listing.view",
        "listings:listing": "listing.view",
        "listings:picture": "listing.view",
        "listings:imports": "catalogue.import",
        "listings:import_add": "catalogue.import",
        "listings:import_detail": "catalogue.import",
        "listings:import_progress": "catalogue.import",
        "listings:import_columns": "catalogue.import",
        "listings:import_rejects": "catalogue.import",
        "listings:import_cancel": "catalogue.import",
        "listings:import_confirm": "catalogue.confirm",
        "listings:import_refuse": "catalogue.confirm",
        "listings:feed_rule": "catalogue.confirm",
        "api:listings_bulk": "catalogue.import",
        "api:listings": "listing.view",
        "api:listing": "listing.view",  # changing asks for its own permission
        "api:flags": "flag.view",
        "api:flag": "flag.view",
        "api:flag_claim": "flag.claim",
        "api:flag_decide": "flag.decide",
        "api:messages": "message.view",  # posting asks for its own permission
        "api:attachment": "message.view",
        "api:exclusions": "flag.view",
        "api:exclusion": "flag.view",
        "api:exclusion_withdraw": "exclusion.withdraw",
        "api:innocents": "flag.view",
        "api:innocent_withdraw": "exclusion.withdraw",
    }
)

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

navigation.register([(20, gettext_noop("Queue"), "listings:queue")])
navigation.register(
    [
        (90, gettext_noop("Exclusions"), "listings:exclusions"),
        (100, gettext_noop("Catalogue"), "listings:catalogue"),
        (110, gettext_noop("Imports"), "listings:imports"),
    ],
    group=navigation.WORK,
)
navigation.register([(150, gettext_noop("Rules"), "listings:rules")], group=navigation.SETUP)
navigation.register_waiting({"listings:queue": flags_to_decide})

subjects.register(
    {
        "listings.flag": "listings:flag",
        "listings.catalogueimport": "listings:import_detail",
    },
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
        "listing.off_sale": gettext_noop("Listing taken off sale"),
        "listing.on_sale": gettext_noop("Listing on sale again"),
        "message.posted": gettext_noop("Message posted"),
        "reading.corrected": gettext_noop("Recall reading corrected"),
        "exclusion.added": gettext_noop("Exclusion added"),
        "exclusion.remembered": gettext_noop("Exclusion remembered from a dismissal"),
        "exclusion.withdrawn": gettext_noop("Exclusion withdrawn"),
        "exclusion.expired": gettext_noop("Exclusion expired"),
        "rule.switched_on": gettext_noop("Rule switched on"),
        "rule.switched_off": gettext_noop("Rule switched off"),
        "catalogue_import.queued": gettext_noop("Catalogue import queued"),
        "catalogue_import.started": gettext_noop("Catalogue import started"),
        "catalogue_import.done": gettext_noop("Catalogue import done"),
        "catalogue_import.failed": gettext_noop("Catalogue import failed"),
        "catalogue_import.cancelled": gettext_noop("Catalogue import cancelled"),
        "catalogue_import.retried": gettext_noop("Catalogue import retried"),
        "catalogue_import.held": gettext_noop("Catalogue import waiting for confirmation"),
        "catalogue_import.confirmed": gettext_noop("Full feed confirmed"),
        "catalogue_import.refused": gettext_noop("Full feed refused"),
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

queues.register(
    {
        "listings.tasks.finalize_decisions_due": queues.CLOCKS,
        "listings.tasks.expire_exclusions": queues.MATCHING,
        "listings.tasks.match_notices_due": queues.MATCHING,
        "listings.tasks.match_listings_due": queues.MATCHING,
        "listings.tasks.match_shard": queues.MATCHING,
        "listings.tasks.run_imports_due": queues.FILES,
        "listings.tasks.run_dry_runs_due": queues.FILES,
    },
    on_call={"listings.tasks.match_shard"},
)

events.register(
    {
        "message.posted": EventType(
            "The regulator wrote a message about a flag.", {"flag_id": NUMBER, "message_id": NUMBER}
        )
    }
)
