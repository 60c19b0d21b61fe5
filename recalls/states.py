"""The states of a recall, of a notice and of an import of recalls, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_noop

from portal.transition_tables import Transition, TransitionTable


class RecallStatus(models.TextChoices):
    DRAFT = "draft", gettext_noop("Draft")
    IN_REVIEW = "in_review", gettext_noop("In review")
    EMBARGOED = "embargoed", gettext_noop("Embargoed")
    PUBLISHED = "published", gettext_noop("Published")
    WITHDRAWN = "withdrawn", gettext_noop("Withdrawn")


RECALL_TRANSITIONS = TransitionTable(
    Transition(
        RecallStatus.DRAFT, RecallStatus.IN_REVIEW, "recall.edit", "recall.submitted", gettext_noop("Submit for review")
    ),
    Transition(
        RecallStatus.IN_REVIEW,
        RecallStatus.DRAFT,
        "recall.review",
        "recall.returned",
        gettext_noop("Return to draft"),
        needs_reason=True,
    ),
    Transition(
        RecallStatus.IN_REVIEW, RecallStatus.PUBLISHED, "recall.publish", "recall.published", gettext_noop("Publish")
    ),
    Transition(
        RecallStatus.IN_REVIEW,
        RecallStatus.EMBARGOED,
        "recall.publish",
        "recall.embargoed",
        gettext_noop("Approve under embargo"),
    ),
    Transition(
        RecallStatus.EMBARGOED,
        RecallStatus.PUBLISHED,
        "recall.publish",
        "recall.published",
        gettext_noop("Publish now"),
    ),
    Transition(
        RecallStatus.EMBARGOED,
        RecallStatus.DRAFT,
        "recall.review",
        "recall.embargo_cancelled",
        gettext_noop("Cancel embargo"),
        needs_reason=True,
    ),
    Transition(
        RecallStatus.DRAFT,
        RecallStatus.WITHDRAWN,
        "recall.withdraw",
        "recall.withdrawn",
        gettext_noop("Discard draft"),
        needs_reason=True,
    ),
    Transition(
        RecallStatus.PUBLISHED,
        RecallStatus.WITHDRAWN,
        "recall.withdraw",
        "recall.withdrawn",
        gettext_noop("Withdraw"),
        needs_reason=True,
    ),
)


class NoticeStatus(models.TextChoices):
    ACTIVE = "active", gettext_noop("Active")
    WITHDRAWN = "withdrawn", gettext_noop("Withdrawn")


NOTICE_TRANSITIONS = TransitionTable(
    Transition(
        NoticeStatus.ACTIVE,
        NoticeStatus.WITHDRAWN,
        "notice.withdraw",
        "notice.withdrawn",
        "Withdraw notice",
        needs_reason=True,
    ),
)


class ImportStatus(models.TextChoices):
    """The states of a job, and two in which an import waits for a person: to confirm its preview, and to approve that
    what it submitted is published."""

    QUEUED = "queued", gettext_noop("Queued")
    RUNNING = "running", gettext_noop("Running")
    WAITING = "waiting", gettext_noop("Waiting for confirmation")
    REVIEW = "review", gettext_noop("Waiting for approval")
    DONE = "done", gettext_noop("Done")
    FAILED = "failed", gettext_noop("Failed")
    CANCELLED = "cancelled", gettext_noop("Cancelled")


IMPORT_TRANSITIONS = TransitionTable(
    Transition(ImportStatus.QUEUED, ImportStatus.RUNNING, "recall.import", "recall_import.started"),
    Transition(ImportStatus.RUNNING, ImportStatus.WAITING, "recall.import", "recall_import.previewed"),
    Transition(
        ImportStatus.WAITING, ImportStatus.QUEUED, "recall.import", "recall_import.confirmed", gettext_noop("Confirm")
    ),
    Transition(ImportStatus.RUNNING, ImportStatus.REVIEW, "recall.import", "recall_import.submitted"),
    Transition(
        ImportStatus.REVIEW, ImportStatus.QUEUED, "recall.publish", "recall_import.approved", gettext_noop("Publish")
    ),
    Transition(
        ImportStatus.REVIEW,
        ImportStatus.DONE,
        "recall.review",
        "recall_import.returned",
        gettext_noop("Return to draft"),
        needs_reason=True,
    ),
    Transition(ImportStatus.RUNNING, ImportStatus.DONE, "recall.import", "recall_import.done"),
    Transition(ImportStatus.RUNNING, ImportStatus.FAILED, "recall.import", "recall_import.failed"),
    Transition(ImportStatus.FAILED, ImportStatus.QUEUED, "job.retry", "recall_import.retried", "Try again"),
    Transition(ImportStatus.QUEUED, ImportStatus.CANCELLED, "recall.import", "recall_import.cancelled", "Cancel"),
    Transition(ImportStatus.RUNNING, ImportStatus.CANCELLED, "recall.import", "recall_import.cancelled", "Cancel"),
    Transition(ImportStatus.WAITING, ImportStatus.CANCELLED, "recall.import", "recall_import.cancelled", "Cancel"),
)

COLUMNS_NAMED = TransitionTable(
    Transition(ImportStatus.WAITING, ImportStatus.QUEUED, "recall.import", "recall_import.columns_named"),
)
"""The move of an import after its columns were chosen: it is previewed again, whereas confirming would store it."""

SUBMIT_ASKED = TransitionTable(
    Transition(
        ImportStatus.DONE,
        ImportStatus.QUEUED,
        "recall.import",
        "recall_import.submit_asked",
        gettext_noop("Submit for publication"),
    ),
)
"""The move of a finished import whose drafts are to be put into review: a table of its own, since confirming, approving and
trying again lead to the same state, each from another one."""
