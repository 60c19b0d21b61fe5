"""The states of a recall and of a notice, and the moves between them."""

from django.db import models

from portal.transitions import Transition, TransitionTable


class RecallStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


RECALL_TRANSITIONS = TransitionTable(
    Transition(RecallStatus.DRAFT, RecallStatus.IN_REVIEW, "recall.edit", "recall.submitted", "Submit for review"),
    Transition(
        RecallStatus.IN_REVIEW,
        RecallStatus.DRAFT,
        "recall.review",
        "recall.returned",
        "Return to draft",
        needs_reason=True,
    ),
    Transition(RecallStatus.IN_REVIEW, RecallStatus.PUBLISHED, "recall.publish", "recall.published", "Publish"),
    Transition(
        RecallStatus.DRAFT,
        RecallStatus.WITHDRAWN,
        "recall.withdraw",
        "recall.withdrawn",
        "Discard draft",
        needs_reason=True,
    ),
    Transition(
        RecallStatus.PUBLISHED,
        RecallStatus.WITHDRAWN,
        "recall.withdraw",
        "recall.withdrawn",
        "Withdraw",
        needs_reason=True,
    ),
)


class NoticeStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    WITHDRAWN = "withdrawn", "Withdrawn"


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
