"""Everything that changes clocks, observations, escalations and policies. Pages, API, tasks and receivers call only this."""

from enforcement.appeals.services import answer_appeal, make_appeal
from enforcement.calendars.services.recounting import preview_recount, recount_clocks
from enforcement.calendars.services.special_days import add_calendar_day, remove_calendar_day
from enforcement.checks.services.browser_checks import browser_checks_due
from enforcement.checks.services.control_checks import unreadable_hosts
from enforcement.checks.services.listing_pictures import check_pictures_due
from enforcement.checks.services.observations import (
    Seen,
    observe_feeds_due,
    record_api_report,
    record_observation,
    record_off_sale,
    record_on_sale,
    record_person_check,
)
from enforcement.checks.services.removal_checks import observe_due
from enforcement.checks.services.requested_checks import check_now
from enforcement.clocks.services.lifecycle import (
    follow_final_decision,
    follow_flag,
    require_countable,
    start_clock,
    start_clocks,
)
from enforcement.clocks.services.timing import (
    answer_extension,
    ask_extension,
    extends_at_once,
    pause_clock,
    resume_clock,
    retime_for_notice,
)
from enforcement.escalations.services.handling import (
    acknowledge_escalation,
    comment_escalation,
    hand_over_escalation,
    pass_on_escalations,
    resolve_escalation,
)
from enforcement.escalations.services.steps import escalate, sweep_escalations
from enforcement.evidence_packs.services.exports import NOTICE_PACK, PERIOD_PACK, TAKEDOWN_PACK
from enforcement.evidence_packs.services.files import stream_pack
from enforcement.evidence_packs.services.packs import (
    Pack,
    start_notice_pack,
    start_period_pack,
    start_takedown_pack,
    takedowns_of_period,
)
from enforcement.letters.pdf import letter_pdf
from enforcement.letters.services import (
    agree_to_public_listing,
    discard_letter,
    edit_letter,
    send_letter,
    withdraw_public_listing,
    write_template,
)
from enforcement.oversight.services.activity import SELLER, history_of, seller_of
from enforcement.oversight.services.board_counts import counts_of_notices, counts_of_platforms
from enforcement.oversight.services.deadline_monitor import ping_dead_mans_switch, watch_clocks
from enforcement.oversight.services.failed_jobs import FAILED_JOBS, FailedJobs, retry
from enforcement.oversight.services.figures import Figures, OfPlatform, figures
from enforcement.oversight.services.getting_started import GettingStartedStep, getting_started
from enforcement.oversight.services.outcomes import (
    Outcome,
    PlatformRecord,
    outcomes,
    parts_elsewhere,
    platform_record,
)
from enforcement.oversight.services.products import STATES as PRODUCT_STATES
from enforcement.oversight.services.products import SellerOfProduct, count_by_platform, flags_of_product, sellers_of
from enforcement.oversight.services.removals import removals_of
from enforcement.policies.services import (
    PolicyContent,
    content_of,
    create_policy,
    draft_terms,
    edit_policy,
    freeze,
    roughly_after,
)
from enforcement.sellers.services import answer_as_seller
from enforcement.statements.services import STATEMENTS, statements_asked

__all__ = [
    "FAILED_JOBS",
    "NOTICE_PACK",
    "PERIOD_PACK",
    "PRODUCT_STATES",
    "SELLER",
    "STATEMENTS",
    "TAKEDOWN_PACK",
    "FailedJobs",
    "Figures",
    "GettingStartedStep",
    "OfPlatform",
    "Outcome",
    "Pack",
    "PlatformRecord",
    "PolicyContent",
    "Seen",
    "SellerOfProduct",
    "acknowledge_escalation",
    "add_calendar_day",
    "agree_to_public_listing",
    "answer_appeal",
    "answer_as_seller",
    "answer_extension",
    "ask_extension",
    "browser_checks_due",
    "check_now",
    "check_pictures_due",
    "comment_escalation",
    "content_of",
    "count_by_platform",
    "counts_of_notices",
    "counts_of_platforms",
    "create_policy",
    "discard_letter",
    "draft_terms",
    "edit_letter",
    "edit_policy",
    "escalate",
    "extends_at_once",
    "figures",
    "flags_of_product",
    "follow_final_decision",
    "follow_flag",
    "freeze",
    "getting_started",
    "hand_over_escalation",
    "history_of",
    "letter_pdf",
    "make_appeal",
    "observe_due",
    "observe_feeds_due",
    "outcomes",
    "parts_elsewhere",
    "pass_on_escalations",
    "pause_clock",
    "ping_dead_mans_switch",
    "platform_record",
    "preview_recount",
    "record_api_report",
    "record_observation",
    "record_off_sale",
    "record_on_sale",
    "record_person_check",
    "recount_clocks",
    "removals_of",
    "remove_calendar_day",
    "require_countable",
    "resolve_escalation",
    "resume_clock",
    "retime_for_notice",
    "retry",
    "roughly_after",
    "seller_of",
    "sellers_of",
    "send_letter",
    "start_clock",
    "start_clocks",
    "start_notice_pack",
    "start_period_pack",
    "start_takedown_pack",
    "statements_asked",
    "stream_pack",
    "sweep_escalations",
    "takedowns_of_period",
    "unreadable_hosts",
    "watch_clocks",
    "withdraw_public_listing",
    "write_template",
]
