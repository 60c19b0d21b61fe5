"""The states of a recall and of a notice, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_noop

from portal.transitions import Transition, TransitionTable


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
        gettext_noop("Cancel the embargo"),
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
