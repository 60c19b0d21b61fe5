"""The audit's actions in words, for the histories that pages show. The log itself keeps the action."""

from django.utils.translation import gettext, gettext_noop

WORDS = {
    "flag.opened": gettext_noop("Flag opened"),
    "flag.linked": gettext_noop("Flag linked"),
    "flag.claimed": gettext_noop("Flag claimed"),
    "flag.released": gettext_noop("Flag released"),
    "flag.claimed_removed": gettext_noop("Flag claimed removed"),
    "flag.claimed_restricted": gettext_noop("Flag claimed restricted"),
    "flag.dismissed": gettext_noop("Flag dismissed"),
    "flag.removed": gettext_noop("Flag removed"),
    "flag.restricted": gettext_noop("Flag restricted"),
    "flag.seller_asked": gettext_noop("Flag seller asked"),
    "flag.referred": gettext_noop("Flag referred"),
    "flag.seller_answered": gettext_noop("Flag seller answered"),
    "flag.answered": gettext_noop("Flag answered"),
    "flag.overruled": gettext_noop("Flag overruled"),
    "flag.reopened": gettext_noop("Flag reopened"),
    "flag.dismissed_on_appeal": gettext_noop("Flag dismissed on appeal"),
    "flag.withdrawn": gettext_noop("Flag withdrawn"),
    "takedown.started": gettext_noop("Takedown started"),
    "takedown.met": gettext_noop("Takedown met"),
    "takedown.met_late": gettext_noop("Takedown met late"),
    "takedown.missed": gettext_noop("Takedown missed"),
    "takedown.reopened": gettext_noop("Takedown reopened"),
    "takedown.reopened_late": gettext_noop("Takedown reopened late"),
    "takedown.cancelled": gettext_noop("Takedown cancelled"),
    "takedown.resumed": gettext_noop("Takedown resumed"),
    "takedown.resumed_late": gettext_noop("Takedown resumed late"),
    "takedown.extended_after_due": gettext_noop("Takedown extended after due"),
    "takedown.retimed": gettext_noop("Takedown retimed"),
    "takedown.paused": gettext_noop("Takedown paused"),
    "takedown.unpaused": gettext_noop("Takedown unpaused"),
    "takedown.taken_up_again": gettext_noop("Takedown taken up again"),
    "notice.sent": gettext_noop("Notice sent"),
    "notice.delivered": gettext_noop("Notice delivered"),
    "notice.acknowledged": gettext_noop("Notice acknowledged"),
    "notice.matched": gettext_noop("Notice matched"),
    "observation.recorded": gettext_noop("Observation recorded"),
    "extension.asked": gettext_noop("Extension asked"),
    "extension.granted": gettext_noop("Extension granted"),
    "extension.refused": gettext_noop("Extension refused"),
    "appeal.made": gettext_noop("Appeal made"),
    "appeal.granted": gettext_noop("Appeal granted"),
    "appeal.rejected": gettext_noop("Appeal rejected"),
    "recall.created": gettext_noop("Recall created"),
    "recall.edited": gettext_noop("Recall edited"),
    "recall.submitted": gettext_noop("Recall submitted"),
    "recall.published": gettext_noop("Recall published"),
    "recall.revision_begun": gettext_noop("Recall revision begun"),
    "recall.version_published": gettext_noop("Recall version published"),
    "recall.withdrawn": gettext_noop("Recall withdrawn"),
    "recall.priority_set": gettext_noop("Recall priority set"),
}


def event_words(action: str) -> str:
    """ "flag.claimed_removed" as "Flag claimed removed"; an action that is not listed above in English."""
    words = action.replace(".", " ").replace("_", " ")
    return gettext(WORDS.get(action, words[:1].upper() + words[1:]))
