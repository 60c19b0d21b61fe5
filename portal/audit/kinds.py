"""The kinds of actions, under which the audit's filter lists them: what stands before the dot, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from portal.audit.words import WORDS, event_words

KINDS: Mapping[str, str] = {
    "appeal": gettext_noop("Appeals"),
    "audit": gettext_noop("Audit log"),
    "calendar": gettext_noop("Calendars"),
    "catalogue": gettext_noop("Catalogues"),
    "catalogue_import": gettext_noop("Catalogue imports"),
    "catalogue_upload": gettext_noop("Catalogue uploads"),
    "dry_run": gettext_noop("Dry runs"),
    "escalation": gettext_noop("Escalations"),
    "exclusion": gettext_noop("Exclusions"),
    "export": gettext_noop("Exports"),
    "extension": gettext_noop("Extensions"),
    "feed": gettext_noop("Recall feeds"),
    "feed_rule": gettext_noop("Feed rules"),
    "flag": gettext_noop("Flags"),
    "flag_limit": gettext_noop("Flag limits"),
    "held": gettext_noop("Listings held back"),
    "hold": gettext_noop("Legal holds"),
    "hook": gettext_noop("Webhook deliveries"),
    "key": gettext_noop("Keys"),
    "letter": gettext_noop("Letters"),
    "listing": gettext_noop("Listings"),
    "mail": gettext_noop("Mail"),
    "message": gettext_noop("Messages"),
    "notice": gettext_noop("Notices"),
    "observation": gettext_noop("Removal checks"),
    "organisation": gettext_noop("Organisations"),
    "pack": gettext_noop("Evidence packs"),
    "person": gettext_noop("People"),
    "policy": gettext_noop("Policies"),
    "public_listing": gettext_noop("Public naming"),
    "reading": gettext_noop("Facts of recalls"),
    "recall": gettext_noop("Recalls"),
    "recall_import": gettext_noop("Recall imports"),
    "retention": gettext_noop("Retention"),
    "rule": gettext_noop("Matching rules"),
    "sandbox": gettext_noop("Sandboxes"),
    "scheduled_feed": gettext_noop("Scheduled feeds"),
    "seller_link": gettext_noop("Seller links"),
    "sending": gettext_noop("Sendings"),
    "session": gettext_noop("Sessions"),
    "set_aside": gettext_noop("Failed jobs"),
    "takedown": gettext_noop("Takedowns"),
    "view": gettext_noop("Saved views"),
    "webhook": gettext_noop("Webhook endpoints"),
}


def grouped_actions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every action with its words in the reader's language, by kind; both in the order of these words."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for action in WORDS:
        kind = action.partition(".")[0]
        label = gettext(KINDS.get(kind, kind.replace("_", " ").capitalize()))
        groups.setdefault(label, []).append((action, event_words(action)))
    return sorted((label, sorted(actions, key=lambda each: each[1].casefold())) for label, actions in groups.items())
