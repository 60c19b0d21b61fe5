"""Deny by default: which permission every address needs, and who holds which permission.

A URL name that is missing here is refused with 403; tests walk the URL table to its end.
Which *rows* somebody sees is another question, answered by `visible_to(actor)` (portal/tenancy.py).
"""

PUBLIC = "public"  # anyone, signed in or not
SIGNED_IN = "signed in"  # any person with an account

_PLATFORM = frozenset({"recall.view", "notice.view", "notice.acknowledge", "listing.view", "flag.view", "flag.claim", "flag.decide",
                       "takedown.view", "observation.record", "escalation.view", "pack.make", "innocent.withdraw",
                       "extension.ask"})  # fmt: skip

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    "regulator_staff": frozenset({
        "recall.view", "recall.edit", "recall.review", "recall.publish", "recall.withdraw", "recall.import",
        "notice.view", "notice.send", "notice.withdraw", "listing.view", "flag.view", "flag.answer", "board.view",
        "takedown.view", "observation.record", "escalation.view", "escalation.acknowledge", "policy.view", "pack.make",
        "reading.view", "innocent.declare", "innocent.withdraw", "clock.pause", "extension.ask", "extension.answer",
    }),
    "moderator": _PLATFORM,
    "platform_manager": _PLATFORM | {"catalogue.import", "key.manage"},
    "admin": frozenset({
        "recall.view", "notice.view", "listing.view", "flag.view", "flag.overrule", "board.view", "takedown.view",
        "escalation.view", "escalation.acknowledge", "policy.view", "policy.edit", "audit.view", "person.manage",
        "organisation.manage", "key.manage", "health.view", "pack.make", "innocent.withdraw", "innocent.declare",
        "innocent.declare_for_all", "clock.pause", "extension.ask", "extension.answer", "reading.view", "rule.view", "rule.switch",
    }),
}  # fmt: skip

SCOPE_PERMISSIONS: dict[str, frozenset[str]] = {
    "notices": frozenset({"recall.view", "notice.view", "notice.acknowledge"}),
    "catalogue": frozenset({"listing.view", "catalogue.import"}),
    "flags": frozenset(
        {"flag.view", "flag.claim", "flag.decide", "takedown.view", "innocent.withdraw", "extension.ask"}
    ),
    "observations": frozenset({"takedown.view", "flag.view", "observation.record"}),
}

ACCESS: dict[str, str] = {
    "healthz": PUBLIC,
    "portal:sign_in": PUBLIC,
    "portal:sign_out": SIGNED_IN,
    "portal:home": SIGNED_IN,
    "portal:account": SIGNED_IN,
    "portal:notifications": SIGNED_IN,
    "portal:notifications_read": SIGNED_IN,
    "portal:people": "person.manage",
    "portal:person_add": "person.manage",
    "portal:person_edit": "person.manage",
    "portal:organisations": "organisation.manage",
    "portal:organisation_add": "organisation.manage",
    "portal:organisation_edit": "organisation.manage",
    "portal:keys": "key.manage",
    "portal:key_add": "key.manage",
    "portal:key_revoke": "key.manage",
    "portal:audit": "audit.view",
    "portal:audit_event": "audit.view",
    "portal:audit_verify": "audit.view",
    "portal:audit_export": "audit.view",
    "portal:health": "health.view",
    "portal:retry_mail": "health.view",
    "recalls:list": "recall.view",
    "recalls:detail": "recall.view",
    "recalls:add": "recall.edit",
    "recalls:edit": "recall.edit",
    "recalls:revise": "recall.edit",
    "recalls:move": "recall.view",  # each transition asks for its own permission
    "recalls:versions": "recall.view",
    "recalls:imports": "recall.import",
    "recalls:import_add": "recall.import",
    "recalls:import_detail": "recall.import",
    "recalls:import_progress": "recall.import",
    "recalls:import_rejects": "recall.import",
    "recalls:import_cancel": "recall.import",
    "recalls:notices": "notice.view",
    "recalls:notice": "notice.view",
    "recalls:notice_acknowledge": "notice.acknowledge",
    "recalls:notice_withdraw": "notice.withdraw",
    "listings:queue": "flag.view",
    "listings:flag": "flag.view",
    "listings:flag_claim": "flag.claim",
    "listings:flag_release": "flag.claim",
    "listings:claim_next": "flag.claim",
    "listings:flag_decide": "flag.decide",
    "listings:flag_answer": "flag.answer",
    "listings:flag_overrule": "flag.overrule",
    "listings:innocents": "flag.view",
    "listings:innocent_add": "innocent.declare",
    "listings:innocent_withdraw": "innocent.withdraw",
    "listings:reading": "reading.view",
    "listings:rules": "rule.view",
    "listings:rule_switch": "rule.switch",
    "listings:catalogue": "listing.view",
    "listings:listing": "listing.view",
    "listings:imports": "catalogue.import",
    "listings:import_add": "catalogue.import",
    "listings:import_detail": "catalogue.import",
    "listings:import_progress": "catalogue.import",
    "listings:import_rejects": "catalogue.import",
    "listings:import_cancel": "catalogue.import",
    "enforcement:board": "board.view",
    "enforcement:send": "notice.send",
    "enforcement:send_progress": "notice.send",
    "enforcement:notice_board": "board.view",
    "enforcement:takedowns": "takedown.view",
    "enforcement:takedown": "takedown.view",
    "enforcement:look": "observation.record",
    "enforcement:clock_pause": "clock.pause",
    "enforcement:clock_resume": "clock.pause",
    "enforcement:clock_extend": "extension.ask",
    "enforcement:extension_answer": "extension.answer",
    "enforcement:packs": "pack.make",
    "enforcement:takedown_pack": "pack.make",
    "enforcement:notice_pack": "pack.make",
    "enforcement:escalations": "escalation.view",
    "enforcement:escalation_acknowledge": "escalation.acknowledge",
    "enforcement:letter": "escalation.view",
    "enforcement:watchdog": "health.view",
    "enforcement:policies": "policy.view",
    "enforcement:calendars": "policy.view",
    "enforcement:calendar_day_add": "policy.edit",
    "enforcement:calendar_day_remove": "policy.edit",
    "enforcement:recount": "policy.edit",
    "enforcement:policy_add": "policy.edit",
    "enforcement:policy_edit": "policy.edit",
    "api:schema": PUBLIC,
    "api:docs": PUBLIC,
    "api:notices": "notice.view",
    "api:notice": "notice.view",
    "api:notice_acknowledge": "notice.acknowledge",
    "api:listings_bulk": "catalogue.import",
    "api:listing": "listing.view",
    "api:flags": "flag.view",
    "api:flag": "flag.view",
    "api:flag_claim": "flag.claim",
    "api:flag_decide": "flag.decide",
    "api:innocents": "flag.view",
    "api:innocent_withdraw": "innocent.withdraw",
    "api:takedown": "takedown.view",
    "api:extension_ask": "extension.ask",
    "api:observations": "observation.record",
}


def rule_for(url_name: str) -> str | None:
    """The permission that the address `url_name` (namespace:name) needs; None where nobody may open it."""
    return ACCESS.get(url_name)
