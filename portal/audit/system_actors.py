"""Which part of the system acted, for histories in other languages: events name it in English ("System: matching")."""

from typing import Any

from django.utils.translation import gettext_noop

from portal.http.stored_texts import in_readers_language

ACTORS = (
    gettext_noop("System: absences"),
    gettext_noop("System: appeal, answered by %(who)s"),
    gettext_noop("System: browser check"),
    gettext_noop("System: catalogue import"),
    gettext_noop("System: clock"),
    gettext_noop("System: clock, after %(who)s"),
    gettext_noop("System: closing of the case"),
    gettext_noop("System: create_admin command"),
    gettext_noop("System: create_operator command"),
    gettext_noop("System: decision of %(who)s"),
    gettext_noop("System: delivery"),
    gettext_noop("System: demo"),
    gettext_noop("System: directory of %(organisation)s"),
    gettext_noop("System: dry run"),
    gettext_noop("System: embargo"),
    gettext_noop("System: erasure"),
    gettext_noop("System: escalation sweep"),
    gettext_noop("System: exclusions"),
    gettext_noop("System: export"),
    gettext_noop("System: export_person"),
    gettext_noop("System: exports"),
    gettext_noop("System: feed check"),
    gettext_noop("System: import_catalogue command"),
    gettext_noop("System: import_recalls command"),
    gettext_noop("System: lock of unused accounts"),
    gettext_noop("System: mail"),
    gettext_noop("System: matching"),
    gettext_noop("System: new version"),
    gettext_noop("System: page check"),
    gettext_noop("System: pictures"),
    gettext_noop("System: proof"),
    gettext_noop("System: recall feed"),
    gettext_noop("System: recall import"),
    gettext_noop("System: report of a platform"),
    gettext_noop("System: retention"),
    gettext_noop("System: sandbox"),
    gettext_noop("System: sandbox regulator, after %(who)s"),
    gettext_noop("System: scheduled feed"),
    gettext_noop("System: seller's clock"),
    gettext_noop("System: seller's link"),
    gettext_noop("System: single sign-on of %(organisation)s"),
    gettext_noop("System: webhooks"),
)
"""What `Actor.system` is called with, as labels."""


def actor_words(acted: Any) -> str:
    """Who did it, of an event or a decision: people and keys as they were written, the system's parts translated."""
    label = str(acted.actor_label)
    return (in_readers_language(label) or label) if acted.actor_kind == "system" else label
