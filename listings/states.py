"""The states of a flag and the moves between them; the named subsets say how the product handles each."""

from django.db import models
from django.utils.translation import gettext_noop

from portal.models.jobs import JobStatus, job_transitions
from portal.transition_tables import Transition, TransitionTable


class FlagStatus(models.TextChoices):
    OPEN = "open", gettext_noop("Open")
    ASKED_SELLER = "asked_seller", gettext_noop("Seller asked")
    REFERRED = "referred", gettext_noop("With the regulator")
    SECOND_ASKED = "second_asked", gettext_noop("Waiting for a second person")
    CLAIMED_REMOVED = "claimed_removed", gettext_noop("Removal claimed")
    CLAIMED_RESTRICTED = "claimed_restricted", gettext_noop("Geo-restriction claimed")
    REMOVED = "removed", gettext_noop("Removal confirmed")
    RESTRICTED = "restricted", gettext_noop("Geo-restriction confirmed")
    DISMISSED = "dismissed", gettext_noop("Not the product")
    WITHDRAWN = "withdrawn", gettext_noop("Notice withdrawn")
    NOT_COVERED = "not_covered", gettext_noop("No longer covered")


class FeedKind(models.TextChoices):
    """A full feed lists every listing, so that absence from it is an observation; a delta does not."""

    FULL = "full", gettext_noop("Full: what is missing here is no longer on sale")
    DELTA = "delta", gettext_noop("Delta: only what is new or changed")


S = FlagStatus

UNDECIDED = frozenset({S.OPEN, S.ASKED_SELLER, S.REFERRED, S.SECOND_ASKED})
WAITS = frozenset({S.ASKED_SELLER, S.REFERRED})
"""Undecided, and waiting for someone outside the platform's queue: the seller or the regulator."""
CLAIMED = frozenset({S.CLAIMED_REMOVED, S.CLAIMED_RESTRICTED})
PROVED = frozenset({S.REMOVED, S.RESTRICTED})
CLOSED = frozenset({S.DISMISSED, S.WITHDRAWN, S.NOT_COVERED})
"""The case is over: it is not the product, or not recalled any more."""
CLOCK_RUNS = UNDECIDED | CLAIMED
WATCHED = CLAIMED | PROVED
"""States in which rescans check the listing's page."""

DECIDE, ANSWER, OVERRULE, PROVE, WITHDRAW, COVER = (
    "flag.decide",
    "flag.answer",
    "flag.overrule",
    "observation.record",
    "notice.withdraw",
    "flag.follow_version",
)


def _moves() -> list[Transition]:
    moves = []
    for source in (S.OPEN, S.ASKED_SELLER, S.REFERRED, S.SECOND_ASKED):
        moves += [
            Transition(source, S.CLAIMED_REMOVED, DECIDE, "flag.claimed_removed", "Removed"),
            Transition(source, S.CLAIMED_RESTRICTED, DECIDE, "flag.claimed_restricted", "Geo-restricted"),
            Transition(source, S.DISMISSED, DECIDE, "flag.dismissed", "Not the product"),
            Transition(source, S.REMOVED, PROVE, "flag.removed"),
            Transition(source, S.RESTRICTED, PROVE, "flag.restricted"),
        ]
    moves += [
        Transition(source, S.SECOND_ASKED, DECIDE, "flag.second_asked", "Not the product, to be confirmed")
        for source in (S.OPEN, S.ASKED_SELLER, S.REFERRED)
    ]
    for source in (S.OPEN, S.SECOND_ASKED):
        moves += [
            Transition(source, S.ASKED_SELLER, DECIDE, "flag.seller_asked", "Ask the seller"),
            Transition(source, S.REFERRED, DECIDE, "flag.referred", "Escalate to the regulator"),
        ]
    moves += [
        Transition(S.ASKED_SELLER, S.REFERRED, DECIDE, "flag.referred", "Escalate to the regulator"),
        Transition(S.ASKED_SELLER, S.OPEN, DECIDE, "flag.seller_answered", "Seller answered"),
        Transition(S.REFERRED, S.OPEN, ANSWER, "flag.answered", "Answer", needs_reason=True),
        Transition(S.DISMISSED, S.OPEN, OVERRULE, "flag.overruled", "Overrule", needs_reason=True),
        Transition(S.CLAIMED_REMOVED, S.REMOVED, PROVE, "flag.removed"),
        Transition(S.CLAIMED_REMOVED, S.RESTRICTED, PROVE, "flag.restricted"),
        Transition(S.CLAIMED_RESTRICTED, S.RESTRICTED, PROVE, "flag.restricted"),
        Transition(S.CLAIMED_RESTRICTED, S.REMOVED, PROVE, "flag.removed"),
        Transition(S.RESTRICTED, S.REMOVED, PROVE, "flag.removed"),
    ]
    moves += [
        Transition(source, S.OPEN, PROVE, "flag.reopened")
        for source in (S.CLAIMED_REMOVED, S.CLAIMED_RESTRICTED, S.REMOVED, S.RESTRICTED)
    ]
    moves += [
        Transition(source, S.DISMISSED, "appeal.answer", "flag.dismissed_on_appeal")
        for source in (S.CLAIMED_REMOVED, S.CLAIMED_RESTRICTED, S.REMOVED, S.RESTRICTED)
    ]
    moves += [Transition(source, S.WITHDRAWN, WITHDRAW, "flag.withdrawn") for source in sorted(UNDECIDED | CLAIMED)]
    moves += [Transition(source, S.NOT_COVERED, COVER, "flag.not_covered") for source in sorted(UNDECIDED)]
    moves += [Transition(S.NOT_COVERED, S.OPEN, COVER, "flag.covered_again")]
    return moves


FLAG_TRANSITIONS = TransitionTable(*_moves())

FLAG_UNDOINGS = TransitionTable(
    *(
        Transition(decided, before, DECIDE, "flag.decision_undone")
        for before in sorted(UNDECIDED)
        for decided in sorted(CLAIMED | UNDECIDED | {S.DISMISSED})
        if decided != before
    )
)
"""From a decision that is not final yet back to the status before it."""


class LinkState(models.TextChoices):
    """What became of a seller's link. That it was opened or answered is known; by whom is not."""

    HANDED_OVER = "handed_over", gettext_noop("Handed over")
    WAITING = "waiting", gettext_noop("Waiting to be sent")
    UNDELIVERED = "undelivered", gettext_noop("Not delivered")
    SENT = "sent", gettext_noop("Sent")
    OPENED = "opened", gettext_noop("Opened")
    ANSWERED = "answered", gettext_noop("Answered")
    EXPIRED = "expired", gettext_noop("Expired")
    CLOSED = "closed", gettext_noop("Closed")


class SellerAct(models.TextChoices):
    """What a seller can do through a link."""

    ANSWER = "answer", gettext_noop("Answer")
    CONTEST = "contest", gettext_noop("Appeal")
    PROOF = "proof", gettext_noop("Proof of correction or disposal")


class DecisionKind(models.TextChoices):
    REMOVED = "removed", gettext_noop("Removed")
    GEO_RESTRICTED = "geo_restricted", gettext_noop("Geo-restricted")
    NOT_THE_PRODUCT = "not_the_product", gettext_noop("Not the product")
    ASK_SECOND = "ask_second", gettext_noop("Not the product (needs a second person)")
    ASK_SELLER = "ask_seller", gettext_noop("Ask the seller")
    SELLER_ANSWERED = "seller_answered", gettext_noop("Seller answered")
    SELLER_SILENT = "seller_silent", gettext_noop("Seller did not reply in time")
    ESCALATE = "escalate", gettext_noop("Escalate to the regulator")
    ANSWER = "answer", gettext_noop("Regulator's answer")
    OVERRULE = "overrule", gettext_noop("Overruled")
    ASK_OVERRULE = "ask_overrule", gettext_noop("Overruled (needs a second person)")
    APPEAL_GRANTED = "appeal_granted", gettext_noop("Appeal granted")
    UNDONE = "undone", gettext_noop("Undone")


DECISION_TARGET = {
    DecisionKind.REMOVED: S.CLAIMED_REMOVED,
    DecisionKind.GEO_RESTRICTED: S.CLAIMED_RESTRICTED,
    DecisionKind.NOT_THE_PRODUCT: S.DISMISSED,
    DecisionKind.ASK_SECOND: S.SECOND_ASKED,
    DecisionKind.ASK_SELLER: S.ASKED_SELLER,
    DecisionKind.SELLER_ANSWERED: S.OPEN,
    DecisionKind.SELLER_SILENT: S.OPEN,
    DecisionKind.ESCALATE: S.REFERRED,
    DecisionKind.ANSWER: S.OPEN,
    DecisionKind.OVERRULE: S.OPEN,
    DecisionKind.APPEAL_GRANTED: S.DISMISSED,
}
"""The status that a decision gives a flag. Undoing the decision restores the status before it."""


class DismissReason(models.TextChoices):
    OTHER_MODEL = "other_model", gettext_noop("Another model or version")
    ACCESSORY = "accessory", gettext_noop("Accessory or spare part")
    OTHER_BRAND = "other_brand", gettext_noop("Another brand or maker")
    NOT_AFFECTED = "not_affected", gettext_noop("Outside the recalled lots or dates")
    REMEDIED = "remedied", gettext_noop("Repaired or replaced by the recall's remedy")
    MEDIA = "media", gettext_noop("Book, manual or media about the product")
    OTHER = "other", gettext_noop("Another reason (explain in the note)")


class ImportStatus(models.TextChoices):
    """The states of a job, and two of a full feed that a person has to check."""

    QUEUED = JobStatus.QUEUED.value, gettext_noop("Queued")
    RUNNING = JobStatus.RUNNING.value, gettext_noop("Running")
    DONE = JobStatus.DONE.value, gettext_noop("Done")
    FAILED = JobStatus.FAILED.value, gettext_noop("Failed")
    CANCELLED = JobStatus.CANCELLED.value, gettext_noop("Cancelled")
    WAITING = "waiting", gettext_noop("Waiting for confirmation")
    REFUSED = "refused", gettext_noop("Refused")


CATALOGUE_IMPORT_TRANSITIONS = TransitionTable(
    *job_transitions("catalogue.import", "catalogue_import"),
    Transition(ImportStatus.RUNNING, ImportStatus.WAITING, "catalogue.import", "catalogue_import.held"),
    Transition(
        ImportStatus.WAITING,
        ImportStatus.QUEUED,
        "catalogue.confirm",
        "catalogue_import.confirmed",
        "Confirm",
        needs_reason=True,
    ),
    Transition(
        ImportStatus.WAITING,
        ImportStatus.REFUSED,
        "catalogue.confirm",
        "catalogue_import.refused",
        "Refuse",
        needs_reason=True,
    ),
)
