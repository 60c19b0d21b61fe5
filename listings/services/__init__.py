"""Everything that changes listings, imports, flags, decisions and messages. Pages, API, tasks and commands call nothing
else."""

from listings.services.bulk import MAX_COUNT, BulkResult, claim_many, decide_many
from listings.services.chosen_columns import (
    COLUMN_NEEDED,
    FIELD_LABELS,
    chosen_for,
    import_with_columns,
    preview,
    problems_of,
)
from listings.services.claims import (
    CLAIM_MINUTES,
    Held,
    claim_flag,
    claim_next,
    colleagues,
    free_for,
    hand_over_flag,
    is_free_for,
    let_go_flags,
    pass_on_flags,
    release_flag,
)
from listings.services.correction_effects import effects_on_notices
from listings.services.coverage import begin_coverage_check, check_coverage_due, outcomes_of
from listings.services.decisions import (
    MAX_QUESTION,
    MAX_SELLER_HOURS,
    MODERATORS,
    QUESTION,
    SELLER_HOURS,
    Stale,
    answer_referral,
    asked_to_overrule,
    decide,
    dismiss_on_appeal,
    overrule,
    question_for,
    question_words,
    seen_token,
    taken_already,
)
from listings.services.dry_runs import cancel_dry_run, forget_version, run_dry_run, run_dry_runs_due, start_dry_run
from listings.services.exclusions import add_exclusion, expire_exclusions, remember_exclusion, withdraw_exclusion
from listings.services.feed_checks import feed_rule_of, set_feed_rule
from listings.services.finalizing import finalize_due, undo_decision, undo_last, undoable_by
from listings.services.flag_limits import set_flag_limit
from listings.services.flags import ask_for_second, open_flag, prove, set_due, withdraw_flags
from listings.services.held_matches import (
    UNANSWERED_TOO_OLD,
    dismiss_held,
    drop_held,
    follow_held,
    follow_notice,
    release_held,
    unanswered,
)
from listings.services.held_summary import HeldSummary, summary_of
from listings.services.imports import (
    cancel_import,
    confirm_import,
    refuse_import,
    run_import,
    run_imports_due,
    start_import,
)
from listings.services.intake import limit_of, seller_key
from listings.services.matches import match_listings_due, shard_turn, shards_at_work, unmatched
from listings.services.messages import TWICE_WITHIN, content_of, mark_read, people_of, post_message
from listings.services.notice_matches import match_notice, match_notices_due
from listings.services.picture_search import seek_pictures_due
from listings.services.pictures import pictures_due, record_picture
from listings.services.presence import set_presence
from listings.services.readings import correct_reading, facts_of, read_draft, read_version
from listings.services.rejects import exact_rejects, rejects_of
from listings.services.removal_traces import learn_removals_due
from listings.services.rule_switches import SIGNALS, switch_rule, switched_off
from listings.services.rule_trials import RuleTrial, try_switch
from listings.services.scheduled_feeds import (
    FeedSettings,
    ask_for_scheduled_fetch,
    create_scheduled_feed,
    edit_scheduled_feed,
    fetch_scheduled_feeds_due,
)
from listings.services.searches import report_search
from listings.services.seller_answers import MAX_ANSWERS, post_seller_answer
from listings.services.seller_deadlines import reopen_unanswered
from listings.services.seller_links import PAGE as SELLER_PAGE
from listings.services.seller_links import (
    GivenLink,
    find_seller_link,
    give_seller_link,
    mail_to_seller,
    open_seller_link,
    revoke_seller_link,
)
from listings.services.shared_codes import AT_MOST_EVERY as CODES_AT_MOST_EVERY
from listings.services.shared_codes import check_codes, check_codes_due
from listings.services.uploads import (
    MAX_PART,
    MAX_UNFINISHED,
    UploadRefused,
    append_part,
    begin_upload,
    delete_upload,
    import_upload,
)
from listings.services.upserts import MAX_ITEMS, upsert_listings
from portal.services.kept_files import Damaged

__all__ = [
    "CLAIM_MINUTES",
    "CODES_AT_MOST_EVERY",
    "COLUMN_NEEDED",
    "FIELD_LABELS",
    "MAX_ANSWERS",
    "MAX_COUNT",
    "MAX_ITEMS",
    "MAX_PART",
    "MAX_QUESTION",
    "MAX_SELLER_HOURS",
    "MAX_UNFINISHED",
    "MODERATORS",
    "QUESTION",
    "SELLER_HOURS",
    "SELLER_PAGE",
    "SIGNALS",
    "TWICE_WITHIN",
    "UNANSWERED_TOO_OLD",
    "BulkResult",
    "Damaged",
    "FeedSettings",
    "GivenLink",
    "Held",
    "HeldSummary",
    "RuleTrial",
    "Stale",
    "UploadRefused",
    "add_exclusion",
    "answer_referral",
    "append_part",
    "ask_for_scheduled_fetch",
    "ask_for_second",
    "asked_to_overrule",
    "begin_coverage_check",
    "begin_upload",
    "cancel_dry_run",
    "cancel_import",
    "check_codes",
    "check_codes_due",
    "check_coverage_due",
    "chosen_for",
    "claim_flag",
    "claim_many",
    "claim_next",
    "colleagues",
    "confirm_import",
    "content_of",
    "correct_reading",
    "create_scheduled_feed",
    "decide",
    "decide_many",
    "delete_upload",
    "dismiss_held",
    "dismiss_on_appeal",
    "drop_held",
    "edit_scheduled_feed",
    "effects_on_notices",
    "exact_rejects",
    "expire_exclusions",
    "facts_of",
    "feed_rule_of",
    "fetch_scheduled_feeds_due",
    "finalize_due",
    "find_seller_link",
    "follow_held",
    "follow_notice",
    "forget_version",
    "free_for",
    "give_seller_link",
    "hand_over_flag",
    "import_upload",
    "import_with_columns",
    "is_free_for",
    "learn_removals_due",
    "let_go_flags",
    "limit_of",
    "mail_to_seller",
    "mark_read",
    "match_listings_due",
    "match_notice",
    "match_notices_due",
    "open_flag",
    "open_seller_link",
    "outcomes_of",
    "overrule",
    "pass_on_flags",
    "people_of",
    "pictures_due",
    "post_message",
    "post_seller_answer",
    "preview",
    "problems_of",
    "prove",
    "question_for",
    "question_words",
    "read_draft",
    "read_version",
    "record_picture",
    "refuse_import",
    "rejects_of",
    "release_flag",
    "release_held",
    "remember_exclusion",
    "reopen_unanswered",
    "report_search",
    "revoke_seller_link",
    "run_dry_run",
    "run_dry_runs_due",
    "run_import",
    "run_imports_due",
    "seek_pictures_due",
    "seen_token",
    "seller_key",
    "set_due",
    "set_feed_rule",
    "set_flag_limit",
    "set_presence",
    "shard_turn",
    "shards_at_work",
    "start_dry_run",
    "start_import",
    "summary_of",
    "switch_rule",
    "switched_off",
    "taken_already",
    "try_switch",
    "unanswered",
    "undo_decision",
    "undo_last",
    "undoable_by",
    "unmatched",
    "upsert_listings",
    "withdraw_exclusion",
    "withdraw_flags",
]
