"""The states of a takedown and the moves between them."""

from django.db import models
from django.utils.translation import gettext_noop

from portal.transition_tables import Transition, TransitionTable


class TakedownStatus(models.TextChoices):
    RUNNING = "running", gettext_noop("Running")
    MISSED = "missed", gettext_noop("Deadline missed")
    MET = "met", gettext_noop("Removal confirmed")
    CANCELLED = "cancelled", gettext_noop("Cancelled")


T = TakedownStatus
PROVE, DECIDE, OVERRULE, ESCALATE = "observation.record", "flag.decide", "flag.overrule", "escalation.raise"

OPEN = frozenset({T.RUNNING, T.MISSED})

TAKEDOWN_TRANSITIONS = TransitionTable(
    Transition(T.RUNNING, T.MET, PROVE, "takedown.met"),
    Transition(T.MISSED, T.MET, PROVE, "takedown.met_late"),
    Transition(T.RUNNING, T.MISSED, ESCALATE, "takedown.missed"),
    Transition(T.MET, T.RUNNING, PROVE, "takedown.reopened"),
    Transition(T.MET, T.MISSED, PROVE, "takedown.reopened_late"),
    Transition(T.RUNNING, T.CANCELLED, DECIDE, "takedown.cancelled"),
    Transition(T.MISSED, T.CANCELLED, DECIDE, "takedown.cancelled"),
    Transition(T.CANCELLED, T.RUNNING, OVERRULE, "takedown.resumed"),
    Transition(T.CANCELLED, T.MISSED, OVERRULE, "takedown.resumed_late"),
    Transition(T.MISSED, T.RUNNING, "extension.answer", "takedown.extended_after_due"),
)


class ControlFinding(models.TextChoices):
    """What control checks found out about a host."""

    READABLE = "readable", gettext_noop("Readable")
    UNREADABLE = "unreadable", gettext_noop("Unreadable")
    NO_LISTING = "no_listing", gettext_noop("No listing to compare with")
    UNCLEAR = "unclear", gettext_noop("Unclear")


class ExtensionStatus(models.TextChoices):
    ASKED = "asked", gettext_noop("Requested")
    GRANTED = "granted", gettext_noop("Granted")
    REFUSED = "refused", gettext_noop("Refused")


EXTENSION_TRANSITIONS = TransitionTable(
    Transition(ExtensionStatus.ASKED, ExtensionStatus.GRANTED, "extension.answer", "extension.granted", "Grant"),
    Transition(
        ExtensionStatus.ASKED,
        ExtensionStatus.REFUSED,
        "extension.answer",
        "extension.refused",
        "Refuse",
        needs_reason=True,
    ),
)


class AppealStatus(models.TextChoices):
    OPEN = "open", gettext_noop("Awaiting answer")
    GRANTED = "granted", gettext_noop("Granted")
    REJECTED = "rejected", gettext_noop("Rejected")


APPEAL_TRANSITIONS = TransitionTable(
    Transition(AppealStatus.OPEN, AppealStatus.GRANTED, "appeal.answer", "appeal.granted", "Grant", needs_reason=True),
    Transition(
        AppealStatus.OPEN, AppealStatus.REJECTED, "appeal.answer", "appeal.rejected", "Reject", needs_reason=True
    ),
)


class LetterStatus(models.TextChoices):
    DRAFT = "draft", gettext_noop("To review")
    SENT = "sent", gettext_noop("Sent")
    DISCARDED = "discarded", gettext_noop("Discarded")


LETTER_TRANSITIONS = TransitionTable(
    Transition(LetterStatus.DRAFT, LetterStatus.SENT, "letter.review", "letter.sent", "Send"),
    Transition(
        LetterStatus.DRAFT, LetterStatus.DISCARDED, "letter.review", "letter.discarded", "Discard", needs_reason=True
    ),
)


class PublicListingStatus(models.TextChoices):
    PROPOSED = "proposed", gettext_noop("Proposed")
    AGREED = "agreed", gettext_noop("One person agreed")
    PUBLISHED = "published", gettext_noop("Published")
    WITHDRAWN = "withdrawn", gettext_noop("Withdrawn")


N = PublicListingStatus
PUBLIC_LISTING_TRANSITIONS = TransitionTable(
    Transition(N.PROPOSED, N.AGREED, "public_listing.agree", "public_listing.agreed", "Agree"),
    Transition(N.AGREED, N.PUBLISHED, "public_listing.agree", "public_listing.published", "Agree and publish"),
    *(
        Transition(
            source, N.WITHDRAWN, "public_listing.agree", "public_listing.withdrawn", "Withdraw", needs_reason=True
        )
        for source in (N.PROPOSED, N.AGREED, N.PUBLISHED)
    ),
)


class Verdict(models.TextChoices):
    GONE = "gone", gettext_noop("Gone")
    LIVE = "live", gettext_noop("Live")
    RESTRICTED = "restricted", gettext_noop("Restricted")
    UNKNOWN = "unknown", gettext_noop("Unknown")


class Source(models.TextChoices):
    PAGE = "page", gettext_noop("Page check")
    FEED = "feed", gettext_noop("Full feed")
    API = "api", gettext_noop("Platform report")
    PERSON = "person", gettext_noop("Manual check")


class StepKind(models.TextChoices):
    REMINDER = "reminder", gettext_noop("Reminder to moderators")
    MISSED = "missed", gettext_noop("Deadline missed: platform manager notified")
    CONTACT = "contact", gettext_noop("Platform's compliance contact notified")
    OFFICER = "officer", gettext_noop("Regulator staff notified")
    LETTER = "letter", gettext_noop("Formal letter drafted")
    NAMING = "naming", gettext_noop("Public naming proposed")


PLATFORM_STEPS = frozenset({StepKind.REMINDER, StepKind.MISSED, StepKind.CONTACT})
"""Steps that the platform is notified of."""
