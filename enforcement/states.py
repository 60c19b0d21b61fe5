"""The states of a takedown and the moves between them."""

from django.db import models

from portal.transitions import Transition, TransitionTable


class TakedownStatus(models.TextChoices):
    RUNNING = "running", "Running"
    MISSED = "missed", "Deadline missed"
    MET = "met", "Proved gone"
    CANCELLED = "cancelled", "Cancelled"


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


class ExtensionStatus(models.TextChoices):
    ASKED = "asked", "Asked for"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Refused"


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
    OPEN = "open", "To answer"
    GRANTED = "granted", "Granted"
    REJECTED = "rejected", "Rejected"


APPEAL_TRANSITIONS = TransitionTable(
    Transition(AppealStatus.OPEN, AppealStatus.GRANTED, "appeal.answer", "appeal.granted", "Grant", needs_reason=True),
    Transition(
        AppealStatus.OPEN, AppealStatus.REJECTED, "appeal.answer", "appeal.rejected", "Reject", needs_reason=True
    ),
)


class LetterStatus(models.TextChoices):
    DRAFT = "draft", "To review"
    SENT = "sent", "Sent"
    DISCARDED = "discarded", "Discarded"


LETTER_TRANSITIONS = TransitionTable(
    Transition(LetterStatus.DRAFT, LetterStatus.SENT, "letter.review", "letter.sent", "Send"),
    Transition(
        LetterStatus.DRAFT, LetterStatus.DISCARDED, "letter.review", "letter.discarded", "Discard", needs_reason=True
    ),
)


class NamingStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "One person agreed"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


N = NamingStatus
NAMING_TRANSITIONS = TransitionTable(
    Transition(N.PROPOSED, N.AGREED, "naming.agree", "naming.agreed", "Agree"),
    Transition(N.AGREED, N.PUBLISHED, "naming.agree", "naming.published", "Agree, and publish"),
    *(
        Transition(source, N.WITHDRAWN, "naming.agree", "naming.withdrawn", "Withdraw", needs_reason=True)
        for source in (N.PROPOSED, N.AGREED, N.PUBLISHED)
    ),
)


class Verdict(models.TextChoices):
    GONE = "gone", "Gone"
    LIVE = "live", "Live"
    RESTRICTED = "restricted", "Restricted"
    UNKNOWN = "unknown", "Unknown"


class Source(models.TextChoices):
    PAGE = "page", "Page look"
    FEED = "feed", "Full feed"
    API = "api", "Platform report"
    PERSON = "person", "A person's look"


class RungKind(models.TextChoices):
    REMINDER = "reminder", "Reminder to the moderators"
    MISSED = "missed", "Deadline missed: platform manager told"
    CONTACT = "contact", "Platform's compliance contact told"
    OFFICER = "officer", "Regulator's officer told"
    LETTER = "letter", "Formal letter drafted"
    NAMING = "naming", "Public naming proposed"


PLATFORM_RUNGS = frozenset({RungKind.REMINDER, RungKind.MISSED, RungKind.CONTACT})
"""Rungs that the platform is told of."""
