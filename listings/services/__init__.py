"""Everything that changes listings, imports, flags, decisions and messages. Pages, API, tasks and commands call nothing
else."""

from listings.services.bulk import claim_many, decide_many
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
    hand_over_flag,
    let_go_flags,
    release_flag,
)
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
    question_words,
    seen_token,
)
from listings.services.dry_runs import cancel_dry_run, run_dry_run, start_dry_run
from listings.services.exclusions import add_exclusion, expire_exclusions, remember_exclusion, withdraw_exclusion
from listings.services.feed_checks import feed_rule_of, set_feed_rule
from listings.services.finalizing import finalize_due, undo_decision, undoable_by
from listings.services.flags import ask_for_second, open_flag, prove, set_due, withdraw_flags
from listings.services.imports import (
    cancel_import,
    confirm_import,
    refuse_import,
    run_import,
    run_imports_due,
    start_import,
)
from listings.services.matches import match_listings_due, shard_turn, shards_at_work, unmatched
from listings.services.messages import TWICE_WITHIN, Damaged, content_of, mark_read, people_of, post_message
from listings.services.notice_matches import match_notice, match_notices_due
from listings.services.pictures import pictures_due, record_picture
from listings.services.presence import set_presence
from listings.services.readings import correct_reading, facts_of, read_draft, read_version
from listings.services.rejects import CATALOGUES, RECALLS, rejects_of
from listings.services.rule_switches import SIGNALS, switch_rule, switched_off
from listings.services.saved_views import drop_view, forget_views, save_view
from listings.services.seller_deadlines import reopen_unanswered
from listings.services.upserts import MAX_ITEMS, upsert_listings

__all__ = [
    "CATALOGUES",
    "CLAIM_MINUTES",
    "COLUMN_NEEDED",
    "FIELD_LABELS",
    "MAX_ITEMS",
    "MAX_QUESTION",
    "MAX_SELLER_HOURS",
    "MODERATORS",
    "QUESTION",
    "RECALLS",
    "SELLER_HOURS",
    "SIGNALS",
    "TWICE_WITHIN",
    "Damaged",
    "Held",
    "Stale",
    "add_exclusion",
    "answer_referral",
    "ask_for_second",
    "asked_to_overrule",
    "cancel_dry_run",
    "cancel_import",
    "chosen_for",
    "claim_flag",
    "claim_many",
    "claim_next",
    "colleagues",
    "confirm_import",
    "content_of",
    "correct_reading",
    "decide",
    "decide_many",
    "dismiss_on_appeal",
    "drop_view",
    "expire_exclusions",
    "facts_of",
    "feed_rule_of",
    "finalize_due",
    "forget_views",
    "hand_over_flag",
    "import_with_columns",
    "let_go_flags",
    "mark_read",
    "match_listings_due",
    "match_notice",
    "match_notices_due",
    "open_flag",
    "overrule",
    "people_of",
    "pictures_due",
    "post_message",
    "preview",
    "problems_of",
    "prove",
    "question_words",
    "read_draft",
    "read_version",
    "record_picture",
    "refuse_import",
    "rejects_of",
    "release_flag",
    "remember_exclusion",
    "reopen_unanswered",
    "run_dry_run",
    "run_import",
    "run_imports_due",
    "save_view",
    "seen_token",
    "set_due",
    "set_feed_rule",
    "set_presence",
    "shard_turn",
    "shards_at_work",
    "start_dry_run",
    "start_import",
    "switch_rule",
    "switched_off",
    "undo_decision",
    "undoable_by",
    "unmatched",
    "upsert_listings",
    "withdraw_exclusion",
    "withdraw_flags",
]
