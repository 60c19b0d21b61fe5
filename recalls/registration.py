"""What recalls adds to the tables of the site: pages, navigation, words, tasks.

A new page, action, object or task of this app is entered here and nowhere else.
"""

from django.utils.translation import gettext_noop

from portal import list_columns, saved_lists, subjects
from portal.audit import sentences, words
from portal.background import queues
from portal.http import navigation, object_names, stored_texts
from portal.identity import access
from portal.identity.access import PUBLIC
from portal.notifications import attachments, events
from portal.notifications.events import LINE, NUMBER, EventType
from recalls import exports, import_texts, message_texts, retention  # noqa: F401  register what can be exported, and what is deleted after some days
from recalls.columns import COLUMNS
from recalls.event_sentences import SENTENCES
from recalls.filters import RecallFilter
from recalls.notice_files import notice_file
from recalls.states import RecallStatus

access.register(
    {
        "recalls:published_atom": PUBLIC,
        "recalls:published_jsonld": PUBLIC,
        "recalls:list": "recall.view",
        "recalls:detail": "recall.view",
        "recalls:picture": "recall.view",
        "recalls:add": "recall.edit",
        "recalls:edit": "recall.edit",
        "recalls:revise": "recall.edit",
        "recalls:version_submit": "recall.edit",
        "recalls:version_return": "recall.review",
        "recalls:version_discard": "recall.edit",
        "recalls:bulk": "recall.edit",
        "recalls:assessment": "recall.edit",
        "recalls:assessment_sign": "recall.review",
        "recalls:owner": "recall.edit",
        "recalls:file": "recall.view",
        "recalls:file_add": "recall.edit",
        "recalls:file_audience": "recall.edit",
        "recalls:file_remove": "recall.edit",
        "recalls:export_selected": "export.make",
        "recalls:move": "recall.view",  # each transition asks for its own permission
        "recalls:versions": "recall.view",
        "recalls:imports": "recall.import",
        "recalls:import_add": "recall.import",
        "recalls:import_detail": "recall.import",
        "recalls:import_progress": "recall.import",
        "recalls:import_rejects": "recall.import",
        "recalls:import_cancel": "recall.import",
        "recalls:import_template": "recall.import",
        "recalls:import_columns": "recall.import",
        "recalls:import_confirm": "recall.import",
        "recalls:import_submit": "recall.import",
        "recalls:import_approve": "recall.publish",
        "recalls:import_return": "recall.review",
        "recalls:lead": "recall.review",
        "recalls:incident_leave": "recall.review",
        "recalls:feeds": "recall.import",
        "recalls:feed_add": "recall.import",
        "recalls:feed": "recall.import",
        "recalls:feed_fetch": "recall.import",
        "recalls:notices": "notice.view",
        "recalls:notice": "notice.view",
        "recalls:notice_acknowledge": "notice.acknowledge",
        "recalls:notice_withdraw": "notice.withdraw",
        "api:recalls": "recall.view",  # creating asks for its own permission
        "api:recall": "recall.view",  # changing asks for its own permission
        "api:recall_versions": "recall.view",  # starting one asks for its own permission
        "api:recall_version_publish": "recall.publish",
        "api:recall_version_discard": "recall.edit",
        "api:recall_submit": "recall.edit",
        "api:recall_return": "recall.review",
        "api:recall_approve": "recall.publish",
        "api:recall_embargo": "recall.publish",
        "api:recall_withdraw": "recall.withdraw",
        "api:recall_assessment": "recall.view",  # changing asks for its own permission
        "api:recall_assessment_sign": "recall.review",
        "api:recall_owner": "recall.edit",
        "api:recall_files": "recall.view",  # adding asks for its own permission
        "api:recall_file": "recall.view",
        "api:recall_file_content": "recall.view",
        "api:recall_file_audience": "recall.edit",
        "api:recall_file_remove": "recall.edit",
        "api:recall_incident": "recall.view",
        "api:recall_imports": "recall.import",
        "api:recall_import": "recall.import",
        "api:recall_import_changes": "recall.import",
        "api:recall_import_rejects": "recall.import",
        "api:recall_import_rejects_export": "recall.import",  # making one asks for its own permission
        "api:recall_import_columns": "recall.import",
        "api:recall_import_confirm": "recall.import",
        "api:recall_import_submit": "recall.import",
        "api:recall_import_approve": "recall.publish",
        "api:recall_import_return": "recall.review",
        "api:recall_import_cancel": "recall.import",
        "api:recall_feeds": "recall.import",
        "api:recall_feed": "recall.import",
        "api:recall_feed_fetch": "recall.import",
        "api:notices": "notice.view",
        "api:notice": "notice.view",
        "api:notice_acknowledge": "notice.acknowledge",
        "api:notice_withdraw": "notice.withdraw",
    }
)

access.register_sensitive(
    {
        "recalls:move": ("published", "embargoed", "withdrawn"),
        "recalls:import_approve": (),
        "recalls:notice_withdraw": (),
    }
)

saved_lists.register("recalls:list", [*RecallFilter.base_filters, "sort"])
list_columns.register("recalls:list", COLUMNS)

navigation.register([(30, gettext_noop("Recalls"), "recalls:list")])
navigation.register([(40, gettext_noop("Notices"), "recalls:notices")], group=navigation.WORK)

subjects.register(
    {
        "recalls.recall": "recalls:detail",
        "recalls.notice": "recalls:notice",
        "recalls.recallimport": "recalls:import_detail",
        "recalls.recallfeed": "recalls:feed",
    }
)

words.register(
    {
        "notice.sent": gettext_noop("Notice sent"),
        "notice.delivered": gettext_noop("Notice delivered"),
        "notice.acknowledged": gettext_noop("Notice acknowledged"),
        "notice.matched": gettext_noop("Notice matched"),
        "notice.held_back": gettext_noop("Listings of notice held back"),
        "notice.none_held_back": gettext_noop("No more listings of notice held back"),
        "notice.match_again": gettext_noop("Notice queued for new matching"),
        "recall.created": gettext_noop("Recall created"),
        "recall.edited": gettext_noop("Recall edited"),
        "recall.submitted": gettext_noop("Recall submitted"),
        "recall.published": gettext_noop("Recall published"),
        "recall.publication_failed": gettext_noop("Recall publication failed"),
        "recall.revision_started": gettext_noop("Recall revision started"),
        "recall.version_published": gettext_noop("Recall version published"),
        "recall.version_submitted": gettext_noop("Recall version submitted"),
        "recall.version_returned": gettext_noop("Recall version returned"),
        "recall.version_discarded": gettext_noop("Recall version discarded"),
        "recall.withdrawn": gettext_noop("Recall withdrawn"),
        "recall.priority_set": gettext_noop("Recall priority set"),
        "recall.risk_assessed": gettext_noop("Recall risk assessed"),
        "recall.risk_signed": gettext_noop("Recall risk assessment signed"),
        "recall.signature_dropped": gettext_noop("Recall risk signature removed"),
        "recall.owner_set": gettext_noop("Recall owner set"),
        "recall.file_added": gettext_noop("Recall file added"),
        "recall.file_audience_set": gettext_noop("Recall file shown or hidden"),
        "recall.file_removed": gettext_noop("Recall file removed"),
        "notice.withdrawn": gettext_noop("Notice withdrawn"),
        "notice.version_followed": gettext_noop("Notice updated to the new version"),
        "notice.version_widened": gettext_noop("Notice widened by the new version"),
        "sending.started": gettext_noop("Sending started"),
        "recall.imported": gettext_noop("Recall imported"),
        "recall.returned": gettext_noop("Recall returned to draft"),
        "recall.incident_joined": gettext_noop("Recall linked to a shared incident"),
        "recall.incident_left": gettext_noop("Recall taken out of its shared incident"),
        "recall.lead_rejected": gettext_noop("Lead to a shared incident rejected"),
        "recall.embargoed": gettext_noop("Recall approved under embargo"),
        "recall.embargo_cancelled": gettext_noop("Recall embargo cancelled"),
        "recall_import.queued": gettext_noop("Recall import queued"),
        "recall_import.started": gettext_noop("Recall import started"),
        "recall_import.done": gettext_noop("Recall import done"),
        "recall_import.failed": gettext_noop("Recall import failed"),
        "recall_import.cancelled": gettext_noop("Recall import cancelled"),
        "recall_import.retried": gettext_noop("Recall import retried"),
        "recall_import.previewed": gettext_noop("Recall import previewed"),
        "recall_import.columns_named": gettext_noop("Recall import columns named"),
        "recall_import.confirmed": gettext_noop("Recall import confirmed"),
        "recall_import.submit_asked": gettext_noop("Submission of recall import requested"),
        "recall_import.submitted": gettext_noop("Recall import submitted for publication"),
        "recall_import.approved": gettext_noop("Recall import approved"),
        "recall_import.returned": gettext_noop("Recall import returned to draft"),
        "feed.created": gettext_noop("Recall feed added"),
        "feed.edited": gettext_noop("Recall feed edited"),
        "feed.fetch_asked": gettext_noop("Recall feed fetch requested"),
        "feed.imported": gettext_noop("New file fetched from recall feed"),
        "feed.failed": gettext_noop("Recall feed fetch failed"),
        "feed.refused": gettext_noop("Recall feed file refused"),
    },
    first_names={
        "recall.revision_begun": "recall.revision_started",
        "sending.begun": "sending.started",
    },
)
sentences.register(SENTENCES)

queues.register(
    {
        "recalls.tasks.publish_embargoed_due": queues.CLOCKS,
        "recalls.tasks.run_recall_imports_due": queues.FILES,
        "recalls.tasks.fetch_recall_feeds_due": queues.FILES,
        "recalls.tasks.find_incidents_due": queues.MATCHING,
        "recalls.tasks.refresh_findability_due": queues.MATCHING,
        "recalls.tasks.confirm_deliveries": queues.DELIVERIES,
    },
    seldom={
        "recalls.tasks.fetch_recall_feeds_due",
        "recalls.tasks.find_incidents_due",
        "recalls.tasks.refresh_findability_due",
    },
)

_NOTICE = {"notice_id": NUMBER, "recall_number": LINE}
events.register(
    {
        "notice.sent": EventType(
            gettext_noop("The regulator sent a recall notice to the platform."), _NOTICE, "notice_id"
        ),
        "notice.widened": EventType(
            gettext_noop("A new version of the recall covers more. The catalogue is matched again."),
            _NOTICE,
            "notice_id",
        ),
        "notice.withdrawn": EventType(gettext_noop("The regulator withdrew a recall notice."), _NOTICE, "notice_id"),
    }
)

attachments.register("notice", notice_file)
object_names.register(message_texts.OBJECTS)
stored_texts.register(
    (
        *import_texts.ROWS,
        *import_texts.FILES,
        *message_texts.MESSAGES,
        *message_texts.SWEEPS,
        "Recall %(number)s was already sent to %(platform)s.",
        *RecallStatus.labels,
    )
)
