"""Deny by default: which permission every address needs, and who holds which permission.

A URL name that is missing here is refused with 403; tests walk the URL table to its end.
Which *rows* someone sees is another question, answered by `visible_to(actor)` (portal/identity/tenancy.py).
"""

from collections.abc import Iterable, Mapping
from itertools import combinations

from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

from portal.http.language import with_code

PUBLIC = "public"  # anyone, signed in or not
SIGNED_IN = "signed in"  # any person with an account
ANY_KEY = "any key"  # any program with a key, whatever its scopes

_PLATFORM = frozenset({"recall.view", "notice.view", "notice.acknowledge", "listing.view", "flag.view", "flag.claim", "flag.decide",
                       "takedown.view", "observation.record", "check.ask", "escalation.view", "pack.make", "exclusion.withdraw",
                       "extension.ask", "appeal.make", "message.view", "message.post", "export.make", "seller_link.give"})  # fmt: skip

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    "regulator_staff": frozenset({
        "recall.view", "recall.edit", "recall.review", "recall.publish", "recall.withdraw", "recall.import",
        "notice.view", "notice.send", "notice.withdraw", "listing.view", "flag.view", "flag.answer", "board.view",
        "takedown.view", "observation.record", "check.ask", "escalation.view", "escalation.acknowledge", "policy.view", "pack.make",
        "reading.view", "exclusion.add", "exclusion.withdraw", "clock.pause", "extension.ask", "extension.answer",
        "letter.review", "public_listing.view", "public_listing.agree", "appeal.make", "appeal.answer", "message.view", "message.post",
        "dry_run.make", "export.make", "key.manage", "held.view", "held.answer",
    }),
    "moderator": _PLATFORM,
    "platform_manager": _PLATFORM
    | {
        "catalogue.import", "catalogue.confirm", "key.manage", "webhook.manage", "statement.make", "reject.view", "sandbox.manage",
        "sandbox.enter",
    },
    "admin": frozenset({
        "recall.view", "notice.view", "listing.view", "flag.view", "flag.overrule", "board.view", "takedown.view",
        "escalation.view", "escalation.acknowledge", "policy.view", "policy.edit", "audit.view", "person.manage", "person.export",
        "organisation.edit", "key.manage", "reject.view", "pack.make", "exclusion.withdraw", "exclusion.add",
        "exclusion.add_for_all", "clock.pause", "extension.ask", "extension.answer",
        "letter.review", "public_listing.view", "public_listing.agree", "appeal.answer", "reading.view", "rule.view", "rule.try",
        "held.view", "flag_limit.set",
        "export.make",
        "hold.manage",
        "message.view",  # and no posting: an admin is of neither side
    }),
    "operator": frozenset({  # the site and its organisations; nothing that shows or moves a case
        "organisation.edit", "organisation.manage", "person.manage", "audit.view", "health.view", "job.retry",
        "escalation.retry", "rule.view", "rule.switch", "retention.manage", "hold.manage", "export.make", "sandbox.manage",
    }),
}  # fmt: skip
"""What each role may do; with which rows is another question: an admin's are those of their own regulator."""

NOT_IN_SANDBOXES = frozenset({"key.manage", "sandbox.manage", "sandbox.enter"})
"""What people do in their own organisation alone, also for its sandbox."""

IN_SANDBOXES = frozenset({"sandbox.act"})
"""What whoever works in a sandbox may do, person or program, and nobody anywhere else: have its regulator act."""

_OVERSIGHT = frozenset({
    "recall.view", "notice.view", "listing.view", "flag.view", "takedown.view", "escalation.view", "public_listing.view",
    "message.view", "policy.view", "held.view",
})  # fmt: skip
_EXPORTS = frozenset({"export.make", "pack.make"})

PLATFORM_SCOPES: dict[str, frozenset[str]] = {
    "notices": frozenset({"recall.view", "notice.view", "notice.acknowledge"}),
    "catalogue": frozenset({"listing.view", "catalogue.import"}),
    "catalogue:confirm": frozenset({"catalogue.import", "catalogue.confirm"}),  # apart: what sends feeds confirms none
    "flags": frozenset({
        "flag.view", "flag.claim", "flag.decide", "takedown.view", "check.ask", "exclusion.withdraw", "extension.ask",
        "appeal.make", "escalation.view", "pack.make", "message.view", "message.post", "seller_link.give",
    }),
    "observations": frozenset({"takedown.view", "flag.view", "observation.record"}),
    "exports": _EXPORTS | {"statement.make"},
}  # fmt: skip
"""What a key of a platform may do, by scope. It acts for the platform."""

REGULATOR_SCOPES: dict[str, frozenset[str]] = {
    "recalls:read": frozenset({"recall.view"}),
    "recalls:write": frozenset({
        "recall.view", "recall.edit", "recall.review", "recall.publish", "recall.withdraw", "recall.import", "dry_run.make",
    }),
    "notices:send": frozenset({"recall.view", "notice.view", "notice.send", "notice.withdraw", "policy.view"}),
    "oversight:read": _OVERSIGHT,
    "oversight:write": _OVERSIGHT | {
        "flag.answer", "flag.overrule", "exclusion.add", "exclusion.add_for_all", "exclusion.withdraw", "observation.record",
        "check.ask", "clock.pause", "extension.ask", "extension.answer", "appeal.make", "appeal.answer", "escalation.acknowledge",
        "letter.review", "public_listing.agree", "message.post", "held.answer",
    },
    "exports": _EXPORTS,
    "audit:read": frozenset({"audit.view"}),
}  # fmt: skip
"""What a key of a regulator may do, by scope, as far as the person who made it may: it acts as that person."""

SCOPE_WORDS = {
    "notices": gettext_noop("Read and acknowledge recall notices."),
    "catalogue": gettext_noop("Read the catalogue and import listings."),
    "catalogue:confirm": gettext_noop("Confirm or reject imports that wait for an answer."),
    "flags": gettext_noop("Read and decide flags, write messages, request time and appeal."),
    "observations": gettext_noop("Record removal checks."),
    "exports": gettext_noop("Create and download exports."),
    "recalls:read": gettext_noop("Read recalls."),
    "recalls:write": gettext_noop("Write, review, publish, withdraw and import recalls."),
    "notices:send": gettext_noop("Send and withdraw recall notices."),
    "oversight:read": gettext_noop("Read notices, flags, takedowns and escalations."),
    "oversight:write": gettext_noop("Answer flags and appeals, change clocks, record checks and send letters."),
    "audit:read": gettext_noop("Read the audit log."),
}
"""What a key may do, in words, by scope."""


def scope_choices(scopes: Iterable[str]) -> list[tuple[str, SafeString]]:
    """Scopes for a form, in words of the page's language beside their names."""
    return [(scope, with_code(SCOPE_WORDS[scope], scope)) for scope in scopes]


def scopes_for(offered: Mapping[str, frozenset[str]], permissions: Iterable[str]) -> list[tuple[str, ...]]:
    """Which of the offered scopes a key needs to hold all `permissions`: each entry is enough. One scope where one has
    them, else two together."""
    wanted = frozenset(permissions)
    alone: list[tuple[str, ...]] = [(scope,) for scope, held in offered.items() if wanted <= held]
    pairs = combinations(offered.items(), 2)
    return alone or [(one, other) for (one, held), (other, more) in pairs if wanted <= held | more]


ACCESS: dict[str, str] = {}
"""URL name → permission, or PUBLIC, SIGNED_IN or ANY_KEY. Each app adds its own (registration.py)."""

SENSITIVE: dict[str, frozenset[str]] = {}
"""URL names that ask a person to confirm who they are, unless they did so lately; where values are named, only for those
of the address's argument `to`."""


PAGE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
"""What a page or its form is asked with; everything else is refused before the page is made."""

OWN_METHODS: set[str] = set()
"""URL names of addresses for programs, outside of the API, that say for themselves which methods they answer."""


def register(rules: Mapping[str, str]) -> None:
    """Open addresses of an app to those who hold a permission. Raises ValueError for an address that has a rule."""
    if twice := ACCESS.keys() & rules.keys():
        raise ValueError(f"There are two access rules for {', '.join(sorted(twice))}.")
    ACCESS.update(rules)


def register_sensitive(names: Mapping[str, Iterable[str]]) -> None:
    """Have addresses of an app ask for a fresh proof of who acts; each with the values of `to` that do, or none for all."""
    SENSITIVE.update({name: frozenset(values) for name, values in names.items()})


def register_own_methods(names: Iterable[str]) -> None:
    """Leave it to these addresses of an app which methods they answer."""
    OWN_METHODS.update(names)


def rule_for(url_name: str) -> str | None:
    """The permission that the address `url_name` (namespace:name) needs; None where no one may open it."""
    return ACCESS.get(url_name)
