"""Which page opens which paragraph of the user guide: the one declaration behind every "?"."""

from django.urls import reverse

TOPICS: dict[str, tuple[str, ...]] = {
    "write-a-recall#write-a-recall": (
        "recalls:add",
        "recalls:edit",
    ),
    "write-a-recall#assess-the-risk-and-sign": (
        "recalls:assessment",
        "recalls:assessment_sign",
    ),
    "write-a-recall#own-a-case": ("recalls:owner",),
    "write-a-recall#add-files": (
        "recalls:file",
        "recalls:file_add",
        "recalls:file_audience",
        "recalls:file_remove",
    ),
    "write-a-recall#find-and-read-recalls": (
        "recalls:list",
        "recalls:export_selected",
        "portal:list_columns",
        "recalls:detail",
        "recalls:picture",
    ),
    "write-a-recall#import-recalls": (
        "recalls:import_add",
        "recalls:imports",
        "recalls:import_detail",
        "recalls:import_cancel",
        "recalls:import_columns",
        "recalls:import_confirm",
        "recalls:import_progress",
        "recalls:import_rejects",
        "recalls:import_submit",
        "recalls:import_template",
    ),
    "write-a-recall#fetch-a-feed": (
        "recalls:feed",
        "recalls:feed_add",
        "recalls:feed_fetch",
        "recalls:feeds",
    ),
    "write-a-recall#check-how-a-recall-is-read": (
        "listings:reading",
        "listings:reading_preview",
    ),
    "write-a-recall#try-a-recall-against-the-catalogues": (
        "listings:dry_run",
        "listings:dry_runs",
        "listings:dry_run_cancel",
        "listings:dry_run_progress",
    ),
    "review-and-publish#review-and-publish": ("recalls:move", "recalls:bulk"),
    "review-and-publish#approve-an-import": (
        "recalls:import_approve",
        "recalls:import_return",
    ),
    "correct-a-recall#correct-a-published-recall": (
        "recalls:revise",
        "recalls:version_submit",
        "recalls:version_return",
    ),
    "correct-a-recall#compare-versions": ("recalls:versions",),
    "correct-a-recall#link-recalls-of-other-regulators": ("recalls:lead", "recalls:incident_leave"),
    "send-to-a-platform#send-notices": (
        "enforcement:send",
        "enforcement:send_progress",
        "enforcement:send_stop",
    ),
    "send-to-a-platform#follow-a-notice": (
        "recalls:notice",
        "recalls:notices",
        "recalls:notice_acknowledge",
    ),
    "send-to-a-platform#withdraw-a-notice": ("recalls:notice_withdraw",),
    "send-to-a-platform#answer-held-back-listings": (
        "listings:held",
        "listings:held_notices",
        "listings:held_release",
        "listings:held_dismiss",
    ),
    "watch-the-board#read-the-board": (
        "enforcement:board",
        "enforcement:wallboard",
        "enforcement:notice_board",
    ),
    "watch-the-board#look-at-one-platform": ("enforcement:platform",),
    "relistings#look-at-one-product": ("enforcement:product",),
    "relistings#look-at-one-seller": ("listings:seller",),
    "watch-the-board#read-a-takedown": (
        "enforcement:takedown",
        "enforcement:takedowns",
    ),
    "watch-the-board#pause-or-extend-a-clock": (
        "enforcement:clock_pause",
        "enforcement:clock_resume",
        "enforcement:clock_extend",
        "enforcement:extension_answer",
    ),
    "escalate#handle-an-escalation": (
        "enforcement:escalation",
        "enforcement:escalations",
        "enforcement:escalation_acknowledge",
        "enforcement:escalation_hand_over",
        "enforcement:escalation_resolve",
    ),
    "escalate#review-and-send-letters": (
        "enforcement:letter",
        "enforcement:letters",
        "enforcement:letter_discard",
        "enforcement:letter_pdf",
        "enforcement:letter_send",
        "enforcement:letter_template",
    ),
    "escalate#public-naming": (
        "enforcement:public_listings",
        "enforcement:public_listing_agree",
        "enforcement:public_listing_withdraw",
    ),
    "escalate#read-the-escalation-figures": ("enforcement:escalation_figures",),
    "appeals#submit-an-appeal": ("enforcement:appeal_make",),
    "appeals#answer-an-appeal": (
        "enforcement:appeal",
        "enforcement:appeals",
    ),
    "set-a-policy#create-or-edit-a-policy": (
        "enforcement:policies",
        "enforcement:policy_add",
        "enforcement:policy_edit",
    ),
    "set-a-policy#set-up-calendars": (
        "enforcement:calendars",
        "enforcement:calendar_day_add",
        "enforcement:calendar_day_remove",
        "enforcement:recount",
    ),
    "clear-the-queue#work-through-the-queue": ("listings:queue",),
    "clear-the-queue#claim-a-flag": (
        "listings:flag_claim",
        "listings:flag_release",
        "listings:flag_hand_over",
        "listings:claim_next",
    ),
    "clear-the-queue#bulk-actions": (
        "listings:bulk",
        "listings:bulk_claim",
        "listings:bulk_decide",
    ),
    "clear-the-queue#messages-in-a-case": (
        "listings:message_post",
        "listings:messages_read",
        "listings:attachment",
    ),
    "decide#decide": (
        "listings:flag",
        "listings:flag_decide",
    ),
    "decide#undo-a-decision": ("listings:undo",),
    "decide#reopen-a-dismissed-flag": ("listings:flag_overrule",),
    "decide#exclusions": (
        "listings:exclusions",
        "listings:exclusion_add",
        "listings:exclusion_withdraw",
    ),
    "ask-the-seller#links-for-the-seller": (
        "listings:flag_seller_links",
        "listings:seller_link_revoke",
    ),
    "ask-the-seller#answer-the-platform": ("listings:flag_answer",),
    "prove-removal#check-now-or-record-a-check": (
        "enforcement:check_now",
        "enforcement:record_check",
    ),
    "import-a-catalogue#import-a-catalogue": (
        "listings:imports",
        "listings:import_add",
        "listings:uploads",
        "listings:upload",
        "listings:upload_import",
        "listings:upload_delete",
        "listings:import_cancel",
        "listings:import_columns",
        "listings:import_confirm",
        "listings:import_detail",
        "listings:import_progress",
        "listings:import_refuse",
        "listings:feed_rule",
    ),
    "import-a-catalogue#fetch-the-catalogue-on-a-schedule": (
        "listings:scheduled_feeds",
        "listings:scheduled_feed",
        "listings:scheduled_feed_add",
        "listings:scheduled_feed_fetch",
    ),
    "import-a-catalogue#fix-import-rejects": (
        "listings:import_rejects",
        "listings:rejects",
        "listings:rejects_export",
    ),
    "import-a-catalogue#read-the-catalogue": (
        "listings:catalogue",
        "listings:listing",
        "listings:picture",
    ),
    "import-a-catalogue#shared-gtins": (
        "listings:shared_codes",
        "listings:shared_codes_export",
    ),
    "relistings#search-everywhere": ("listings:search",),
    "audit#find-who-did-what": (
        "portal:audit",
        "portal:audit_event",
        "portal:audit_export",
        "enforcement:history",
    ),
    "audit#save-a-search-and-subscribe-to-it": ("portal:saved_view",),
    "audit#verify-the-chain": ("portal:audit_verify",),
    "people-and-sign-in#invite-and-manage-people": (
        "portal:people",
        "portal:person_add",
        "portal:person_edit",
        "portal:permissions",
    ),
    "people-and-sign-in#import-many-people": ("portal:people_import",),
    "people-and-sign-in#organisations-and-single-sign-on": (
        "portal:organisations",
        "portal:organisation_add",
        "portal:organisation_edit",
        "portal:organisation_suspension",
        "portal:organisation_sign_on",
        "portal:organisation_provisioning",
    ),
    "people-and-sign-in#end-a-sign-in": (
        "portal:person_sessions",
        "portal:person_sign_in",
    ),
    "people-and-sign-in#export-or-erase-a-person": ("portal:person_export",),
    "your-account#get-started": (
        "portal:home",
        "enforcement:getting_started",
    ),
    "your-account#account-and-second-factors": (
        "portal:account",
        "portal:confirm",
        "portal:second_factors",
        "portal:factor_app",
        "portal:factor_passkey",
        "portal:password_new",
        "portal:session_end",
        "portal:sign_out",
    ),
    "your-account#duty-hours-and-deputies": (
        "portal:duty",
        "portal:person_duty",
    ),
    "your-account#inbox": (
        "portal:notifications",
        "portal:notifications_read",
    ),
    "your-account#use-this-guide": (
        "portal:guide",
        "portal:guide_page",
    ),
    "keys-and-webhooks#api-keys": (
        "portal:keys",
        "portal:key_add",
        "portal:key_revoke",
    ),
    "keys-and-webhooks#sandbox": (
        "enforcement:sandbox",
        "enforcement:sandbox_create",
        "enforcement:sandbox_key",
        "enforcement:sandbox_key_revoke",
        "enforcement:sandbox_enter",
        "enforcement:sandbox_leave",
        "enforcement:sandbox_reset",
        "enforcement:sandbox_remove",
        "enforcement:sandbox_regulator",
        "enforcement:sandbox_version",
        "enforcement:sandbox_withdraw",
        "enforcement:sandbox_answer",
        "enforcement:sandbox_time",
        "enforcement:sandbox_miss",
    ),
    "keys-and-webhooks#webhooks": (
        "portal:webhook",
        "portal:webhooks",
        "portal:webhook_add",
        "portal:webhook_edit",
        "portal:webhook_delete",
        "portal:webhook_delivery",
        "portal:webhook_disable",
        "portal:webhook_enable",
        "portal:webhook_replay",
        "portal:webhook_rotate",
        "portal:webhook_test",
    ),
    "evidence-and-exports#create-an-evidence-pack": (
        "enforcement:notice_pack",
        "enforcement:packs",
        "enforcement:takedown_pack",
        "enforcement:takedown_redacted",
    ),
    "evidence-and-exports#your-exports": (
        "portal:export",
        "portal:exports",
        "portal:list_export",
        "portal:export_cancel",
        "portal:export_delete",
        "portal:export_file",
        "portal:export_progress",
    ),
    "evidence-and-exports#statements-of-reasons": ("enforcement:statements",),
    "watch-the-service#health-and-deadline-monitor": (
        "portal:health",
        "enforcement:deadline_monitor",
    ),
    "watch-the-service#failed-jobs": ("enforcement:failed_jobs",),
    "watch-the-service#retention-and-legal-holds": (
        "portal:retention",
        "portal:legal_hold",
        "portal:legal_holds",
    ),
    "watch-the-service#matching-rules-and-the-flag-limit": (
        "listings:rules",
        "listings:rule",
        "listings:rule_switch",
        "listings:flag_limit",
    ),
}
"""Guide page and anchor → the URL names that it helps with, pages and actions alike."""

READ_ALONG = frozenset({
    "ask-the-seller#ask-a-question",
    "correct-a-recall#preview-a-correction",
    "decide#no-longer-covered",
    "decide#read-the-comparison",
    "prove-removal#how-removal-is-confirmed",
    "relistings#how-relistings-are-found",
    "write-a-recall#record-risk-injuries-measures-and-businesses",
    "your-account#take-the-tour",
})  # fmt: skip
"""Paragraphs about something that has no address of its own; their pages and the search lead to them."""

_TOPIC_OF = {name: topic for topic, names in TOPICS.items() for name in names}


def help_address(url_name: str) -> str:
    """The address of the paragraph that helps with `url_name`; empty where none does."""
    page, _, anchor = _TOPIC_OF.get(url_name, "").partition("#")
    return f"{reverse('portal:guide_page', args=[page])}#{anchor}" if page else ""
