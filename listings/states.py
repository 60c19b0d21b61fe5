"""The states of a flag and the moves between them; the named subsets say what the product does with each."""

from django.db import models

from portal.transitions import Transition, TransitionTable


class FlagStatus(models.TextChoices):
    OPEN = "open", "Open"
    ASKED_SELLER = "asked_seller", "Seller asked"
    REFERRED = "referred", "With the regulator"
    CLAIMED_REMOVED = "claimed_removed", "Removal claimed"
    CLAIMED_RESTRICTED = "claimed_restricted", "Geo-restriction claimed"
    REMOVED = "removed", "Removed, proved"
    RESTRICTED = "restricted", "Geo-restricted, proved"
    DISMISSED = "dismissed", "Not the product"
    WITHDRAWN = "withdrawn", "Notice withdrawn"


S = FlagStatus

UNDECIDED = frozenset({S.OPEN, S.ASKED_SELLER, S.REFERRED})
CLAIMED = frozenset({S.CLAIMED_REMOVED, S.CLAIMED_RESTRICTED})
PROVED = frozenset({S.REMOVED, S.RESTRICTED})
CLOCK_RUNS = UNDECIDED | CLAIMED
WATCHED = CLAIMED | PROVED
"""States in which rescans look at the listing's page."""

DECIDE, ANSWER, OVERRULE, PROVE, WITHDRAW = (
    "flag.decide",
    "flag.answer",
    "flag.overrule",
    "observation.record",
    "notice.withdraw",
)


def _moves() -> list[Transition]:
    moves = []
    for source in (S.OPEN, S.ASKED_SELLER, S.REFERRED):
        moves += [
            Transition(source, S.CLAIMED_REMOVED, DECIDE, "flag.claimed_removed", "Removed"),
            Transition(source, S.CLAIMED_RESTRICTED, DECIDE, "flag.claimed_restricted", "Geo-restricted"),
            Transition(source, S.DISMISSED, DECIDE, "flag.dismissed", "Not the product"),
            Transition(source, S.REMOVED, PROVE, "flag.removed"),
            Transition(source, S.RESTRICTED, PROVE, "flag.restricted"),
        ]
    moves += [
        Transition(S.OPEN, S.ASKED_SELLER, DECIDE, "flag.seller_asked", "Ask the seller"),
        Transition(S.OPEN, S.REFERRED, DECIDE, "flag.referred", "Escalate to the regulator"),
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
    withdrawable = (S.OPEN, S.ASKED_SELLER, S.REFERRED, S.CLAIMED_REMOVED, S.CLAIMED_RESTRICTED)
    moves += [Transition(source, S.WITHDRAWN, WITHDRAW, "flag.withdrawn") for source in withdrawable]
    return moves


FLAG_TRANSITIONS = TransitionTable(*_moves())


class DecisionKind(models.TextChoices):
    REMOVED = "removed", "Removed"
    GEO_RESTRICTED = "geo_restricted", "Geo-restricted"
    NOT_THE_PRODUCT = "not_the_product", "Not the product"
    ASK_SELLER = "ask_seller", "Ask the seller"
    ESCALATE = "escalate", "Escalate to the regulator"
    ANSWER = "answer", "Regulator's answer"
    OVERRULE = "overrule", "Overruled"
    APPEAL_GRANTED = "appeal_granted", "Appeal granted"


DECISION_TARGET = {
    DecisionKind.REMOVED: S.CLAIMED_REMOVED,
    DecisionKind.GEO_RESTRICTED: S.CLAIMED_RESTRICTED,
    DecisionKind.NOT_THE_PRODUCT: S.DISMISSED,
    DecisionKind.ASK_SELLER: S.ASKED_SELLER,
    DecisionKind.ESCALATE: S.REFERRED,
    DecisionKind.ANSWER: S.OPEN,
    DecisionKind.OVERRULE: S.OPEN,
    DecisionKind.APPEAL_GRANTED: S.DISMISSED,
}


class DismissReason(models.TextChoices):
    OTHER_MODEL = "other_model", "Another model or version"
    ACCESSORY = "accessory", "Accessory or spare part"
    OTHER_BRAND = "other_brand", "Another brand or maker"
    NOT_AFFECTED = "not_affected", "Outside the recalled lots or dates"
    REMEDIED = "remedied", "Repaired or replaced by the recall's remedy"
    MEDIA = "media", "Book, manual or media about the product"
    OTHER = "other", "Another reason (say it in the note)"
