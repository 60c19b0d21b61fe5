"""What enforcement adds to the tables of the site: pages, navigation, words, tasks.

A new page, action, object or task of this app is entered here and nowhere else.
"""

from django.conf import settings
from django.utils.translation import gettext_noop

from enforcement import check_texts, exports, message_texts, retention  # noqa: F401  register what can be exported, and what is deleted after some days
from enforcement.clocks import reasons
from enforcement.event_sentences import SENTENCES
from enforcement.redaction import exports as redacted_exports  # noqa: F401  registers the redacted case
from enforcement.sellers.guests import may_send_files
from enforcement.states import PLATFORM_STEPS, StepKind, Verdict
from portal import subjects
from portal.audit import sentences, words
from portal.background import queues
from portal.http import body_limits, navigation, object_names, stored_texts
from portal.identity import access
from portal.identity.access import PUBLIC, SIGNED_IN
from portal.notifications import events
from portal.notifications.events import NUMBER, NUMBERS, EventType

access.register(
    {
        "enforcement:board": "board.view",
        "enforcement:send": "notice.send",
        "enforcement:send_progress": "notice.send",
        "enforcement:send_stop": "notice.withdraw",
        "enforcement:wallboard": "board.view",
        "enforcement:notice_board": "board.view",
        "enforcement:product": "flag.view",
        "enforcement:platform": "takedown.view",  # a platform opens its own alone
        "enforcement:takedowns": "takedown.view",
        "enforcement:takedown": "takedown.view",
        "enforcement:record_check": "observation.record",
        "enforcement:check_now": "check.ask",
        "enforcement:clock_pause": "clock.pause",
        "enforcement:clock_resume": "clock.pause",
        "enforcement:clock_extend": "extension.ask",
        "enforcement:seller_link": PUBLIC,  # for whoever has the token
        "enforcement:seller_page": PUBLIC,  # for who has opened the link in the same browser
        "enforcement:appeal_make": "appeal.make",
        "enforcement:appeals": "takedown.view",
        "enforcement:appeal": "takedown.view",  # answering asks for its own permission
        "enforcement:extension_answer": "extension.answer",
        "enforcement:packs": "pack.make",
        "enforcement:takedown_pack": "pack.make",
        "enforcement:takedown_redacted": "pack.make",
        "enforcement:notice_pack": "pack.make",
        "enforcement:statements": "statement.make",
        "enforcement:sandbox_regulator": "sandbox.act",
        "enforcement:sandbox_version": "sandbox.act",
        "enforcement:sandbox_withdraw": "sandbox.act",
        "enforcement:sandbox_answer": "sandbox.act",
        "enforcement:sandbox_time": "sandbox.act",
        "enforcement:sandbox_miss": "sandbox.act",
        "api:sandbox_recalls": "sandbox.act",
        "api:sandbox_version": "sandbox.act",
        "api:sandbox_withdraw": "sandbox.act",
        "api:sandbox_flag": "sandbox.act",
        "api:sandbox_appeal": "sandbox.act",
        "api:sandbox_extension": "sandbox.act",
        "api:sandbox_time": "sandbox.act",
        "api:sandbox_miss": "sandbox.act",
        "enforcement:sandbox": "sandbox.manage",
        "enforcement:sandbox_create": "sandbox.manage",
        "enforcement:sandbox_key": "sandbox.enter",
        "enforcement:sandbox_key_revoke": "sandbox.enter",
        "enforcement:sandbox_enter": "sandbox.enter",
        "enforcement:sandbox_leave": SIGNED_IN,  # who is in a sandbox may always leave it
        "enforcement:sandbox_reset": "sandbox.manage",
        "enforcement:sandbox_remove": "sandbox.manage",
        "enforcement:escalations": "escalation.view",
        "enforcement:escalation_figures": "escalation.view",
        "enforcement:escalation": "escalation.view",
        "enforcement:escalation_acknowledge": "escalation.acknowledge",
        "enforcement:escalation_hand_over": "escalation.acknowledge",
        "enforcement:escalation_resolve": "escalation.acknowledge",
        "enforcement:letters": "escalation.view",
        "enforcement:letter": "escalation.view",
        "enforcement:letter_pdf": "escalation.view",
        "enforcement:letter_template": "policy.edit",
        "enforcement:letter_send": "letter.review",
        "enforcement:letter_discard": "letter.review",
        "enforcement:public_listings": "public_listing.view",
        "enforcement:public_listing_agree": "public_listing.agree",
        "enforcement:public_listing_withdraw": "public_listing.agree",
        "enforcement:late_platforms": PUBLIC,
        "enforcement:getting_started": SIGNED_IN,
        "enforcement:history": "audit.view",
        "enforcement:failed_jobs": "health.view",
        "enforcement:deadline_monitor": "health.view",
        "enforcement:policies": "policy.view",
        "enforcement:calendars": "policy.view",
        "enforcement:calendar_day_add": "policy.edit",
        "enforcement:calendar_day_remove": "policy.edit",
        "enforcement:recount": "policy.edit",
        "enforcement:policy_add": "policy.edit",
        "enforcement:policy_edit": "policy.edit",
        "api:policies": "policy.view",
        "api:sendings": "policy.view",  # sending asks for its own permission
        "api:sending_preview": "notice.send",
        "api:sending": "policy.view",
        "api:sending_stop": "notice.withdraw",
        "api:all_checks": "takedown.view",
        "api:board": "takedown.view",
        "api:board_platforms": "takedown.view",
        "api:takedowns": "takedown.view",
        "api:takedown": "takedown.view",
        "api:pack_make": "pack.make",
        "api:takedown_export": "pack.make",
        "api:notice_export": "pack.make",
        "api:period_export": "pack.make",
        "api:statements": "statement.make",
        "api:checks": "takedown.view",
        "api:check_now": "check.ask",
        "api:check_capture": "takedown.view",
        "api:clock_pause": "clock.pause",
        "api:clock_resume": "clock.pause",
        "api:extension_answer": "extension.answer",
        "api:escalations": "escalation.view",
        "api:escalation": "escalation.view",
        "api:escalation_acknowledge": "escalation.acknowledge",
        "api:escalation_comment": "escalation.acknowledge",
        "api:escalation_hand_over": "escalation.acknowledge",
        "api:escalation_resolve": "escalation.acknowledge",
        "api:letters": "escalation.view",
        "api:letter": "escalation.view",  # editing asks for its own permission
        "api:letter_pdf": "escalation.view",
        "api:letter_send": "letter.review",
        "api:letter_discard": "letter.review",
        "api:public_listings": "public_listing.view",
        "api:public_listing": "public_listing.view",
        "api:public_listing_agree": "public_listing.agree",
        "api:public_listing_withdraw": "public_listing.agree",
        "api:appeals": "takedown.view",
        "api:appeal": "takedown.view",
        "api:appeal_answer": "appeal.answer",
        "api:extension_ask": "extension.ask",
        "api:appeal_make": "appeal.make",
        "api:seller_answers": "message.post",
        "api:observations": "observation.record",
    }
)

body_limits.GUESTS["enforcement:seller_page"] = may_send_files

access.register_sensitive(
    {
        "enforcement:send": (),
        "enforcement:policy_add": (),
        "enforcement:policy_edit": (),
        "enforcement:letter_template": (),
        "enforcement:letter_send": (),
        "enforcement:public_listing_agree": (),
    }
)

navigation.register(
    [
        (10, gettext_noop("Board"), "enforcement:board"),
        (50, gettext_noop("Takedowns"), "enforcement:takedowns"),
    ]
)
navigation.register(
    [
        (60, gettext_noop("Escalations"), "enforcement:escalations"),
        (70, gettext_noop("Appeals"), "enforcement:appeals"),
        (80, gettext_noop("Letters"), "enforcement:letters"),
    ],
    group=navigation.OVERSIGHT,
)
navigation.register(
    [
        (127, gettext_noop("Sandbox"), "enforcement:sandbox"),
        (128, gettext_noop("Sandbox regulator"), "enforcement:sandbox_regulator"),
        (130, gettext_noop("Policies"), "enforcement:policies"),
        (140, gettext_noop("Calendars"), "enforcement:calendars"),
    ],
    group=navigation.SETUP,
)

subjects.register(
    {
        "enforcement.takedown": "enforcement:takedown",
        "enforcement.escalation": "enforcement:escalation",
        "enforcement.letter": "enforcement:letter",
        "enforcement.appeal": "enforcement:appeal",
        "enforcement.policy": "enforcement:policy_edit",
    },
    also_shown_by={"enforcement:notice_board": "recalls.notice"},
    first_kinds={"enforcement.publiclisting": ("enforcement.naming",)},
)

words.register(
    {
        "sandbox.created": gettext_noop("Sandbox created"),
        "sandbox.reset": gettext_noop("Sandbox reset"),
        "sandbox.removed": gettext_noop("Sandbox removed"),
        "takedown.started": gettext_noop("Takedown started"),
        "takedown.met": gettext_noop("Takedown deadline met"),
        "takedown.met_late": gettext_noop("Takedown completed late"),
        "takedown.missed": gettext_noop("Takedown deadline missed"),
        "takedown.reopened": gettext_noop("Takedown reopened"),
        "takedown.reopened_late": gettext_noop("Takedown reopened late"),
        "takedown.cancelled": gettext_noop("Takedown cancelled"),
        "takedown.resumed": gettext_noop("Takedown resumed"),
        "takedown.resumed_late": gettext_noop("Takedown resumed late"),
        "takedown.extended_after_due": gettext_noop("Deadline extended after it had passed"),
        "takedown.retimed": gettext_noop("Deadline recalculated"),
        "takedown.paused": gettext_noop("Clock paused"),
        "takedown.unpaused": gettext_noop("Clock resumed"),
        "takedown.pages_deleted": gettext_noop("Pages of removal checks deleted"),
        "takedown.taken_up_again": gettext_noop("Escalation retried"),
        "takedown.check_asked": gettext_noop("Removal check requested"),
        "observation.recorded": gettext_noop("Removal check recorded"),
        "extension.asked": gettext_noop("Extension requested"),
        "extension.granted": gettext_noop("Extension granted"),
        "extension.refused": gettext_noop("Extension refused"),
        "appeal.made": gettext_noop("Appeal submitted"),
        "appeal.granted": gettext_noop("Appeal granted"),
        "appeal.rejected": gettext_noop("Appeal rejected"),
        "takedown.check_retried": gettext_noop("Removal checks retried"),
        "escalation.raised": gettext_noop("Escalation raised"),
        "escalation.acknowledged": gettext_noop("Escalation acknowledged"),
        "escalation.commented": gettext_noop("Escalation commented on"),
        "escalation.handed_over": gettext_noop("Escalation handed over"),
        "escalation.resolved": gettext_noop("Escalation resolved"),
        "letter.template_written": gettext_noop("Letter template written"),
        "letter.edited": gettext_noop("Letter edited"),
        "letter.sent": gettext_noop("Letter sent"),
        "letter.discarded": gettext_noop("Letter discarded"),
        "public_listing.agreed": gettext_noop("First approval of the public listing"),
        "public_listing.published": gettext_noop("Public listing published"),
        "public_listing.withdrawn": gettext_noop("Public listing withdrawn"),
        "policy.created": gettext_noop("Policy created"),
        "policy.edited": gettext_noop("Policy edited"),
        "calendar.day_added": gettext_noop("Special day added"),
        "calendar.day_removed": gettext_noop("Special day removed"),
        "calendar.clocks_recounted": gettext_noop("Running clocks recounted"),
        "pack.started": gettext_noop("Evidence pack started"),
        "pack.made": gettext_noop("Evidence pack made"),
        "pack.redacted": gettext_noop("Redacted case made"),
    },
    first_names={
        "naming.agreed": "public_listing.agreed",
        "naming.published": "public_listing.published",
        "naming.withdrawn": "public_listing.withdrawn",
        "takedown.looked_at_again": "takedown.check_retried",
    },
)

words.register_reasons(
    {
        "takedown.started": reasons.started_words,
        "takedown.retimed": reasons.retimed_words,
        "takedown.missed": reasons.missed_words,
    }
)
sentences.register(SENTENCES)

queues.register(
    {
        "enforcement.tasks.sweep_escalations": queues.CLOCKS,
        "enforcement.tasks.watch_clocks": queues.CLOCKS,
        "enforcement.tasks.observe_due": queues.CHECKS,
        "enforcement.tasks.observe_feeds_due": queues.CHECKS,
        "enforcement.tasks.check_pictures_due": queues.CHECKS,
        "enforcement.tasks.ping_dead_mans_switch": queues.DELIVERIES,
    },
    on_call={"enforcement.tasks.ping_dead_mans_switch"},
)
_BROWSER = {"enforcement.tasks.browser_checks_due": queues.BROWSER}
queues.register(_BROWSER, on_call=() if settings.BROWSER_CHECKS else _BROWSER)

events.register(
    {
        "escalation.raised": EventType(
            gettext_noop("The deadline of listings is near, or has passed."),
            {"step": {"enum": sorted(PLATFORM_STEPS)}, "flag_ids": NUMBERS},
            "flag_ids",
        ),
        "letter.sent": EventType(
            gettext_noop("The regulator sent a formal letter."), {"letter_id": NUMBER}, "letter_id"
        ),
        "appeal.answered": EventType(
            gettext_noop("The regulator answered an appeal."),
            {"flag_id": NUMBER, "granted": {"type": "boolean"}},
            "flag_id",
        ),
        "public_listing.published": EventType(
            gettext_noop("The platform was named publicly as late."), {"flag_id": NUMBER}, "flag_id"
        ),
    }
)
object_names.register(message_texts.OBJECTS)
stored_texts.register(
    (
        *check_texts.VERDICTS,
        *check_texts.CHECKS,
        *message_texts.MESSAGES,
        *message_texts.FORMER,
        *message_texts.SWEEPS,
        *message_texts.MONITOR,
        *StepKind.labels,
        *Verdict.labels,
    )
)
