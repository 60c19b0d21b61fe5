"""Everything that changes a recall, a notice or an import of recalls. Pages, API, tasks and commands call only this."""

from recalls.services.imports import cancel_recall_import, run_recall_import, start_recall_import
from recalls.services.notices import (
    acknowledge_notice,
    confirm_deliveries,
    mark_matched,
    match_again,
    record_delivery,
    send_notice,
    unmatched,
    withdraw_notice,
)
from recalls.services.pictures import pictures_due
from recalls.services.publishing import (
    approvers_of,
    embargo_recall,
    failed_publication,
    may_approve,
    move_recall,
    publish_embargoed_due,
    publish_version,
    writers_of,
)
from recalls.services.readdressing import mail_notices_again
from recalls.services.recalls import (
    ProductContent,
    RecallContent,
    create_recall,
    edit_version,
    hold_for_writing,
    revise_recall,
    set_priority,
)
from recalls.services.rejects import write_rejects
from recalls.services.sendings import MOST_NOTICES, SendPlan, plan_sending, send_notices, stop_sending, too_many

__all__ = [
    "MOST_NOTICES",
    "ProductContent",
    "RecallContent",
    "SendPlan",
    "acknowledge_notice",
    "approvers_of",
    "cancel_recall_import",
    "confirm_deliveries",
    "create_recall",
    "edit_version",
    "embargo_recall",
    "failed_publication",
    "hold_for_writing",
    "mail_notices_again",
    "mark_matched",
    "match_again",
    "may_approve",
    "move_recall",
    "pictures_due",
    "plan_sending",
    "publish_embargoed_due",
    "publish_version",
    "record_delivery",
    "revise_recall",
    "run_recall_import",
    "send_notice",
    "send_notices",
    "set_priority",
    "start_recall_import",
    "stop_sending",
    "too_many",
    "unmatched",
    "withdraw_notice",
    "write_rejects",
    "writers_of",
]
