"""What portal itself adds to the tables of the site: pages, navigation, words, tasks.

A new page, action, object or task of this app is entered here and nowhere else.
"""

from django.utils.translation import gettext_noop

from portal import list_exports, message_texts, saved_lists, subjects  # noqa: F401  list_exports registers what can be exported
from portal.audit import sentences, words
from portal.audit.system_actors import ACTORS
from portal.audit_filter import AuditFilter
from portal.background import queues
from portal.event_sentences import SENTENCES
from portal.http import navigation, object_names, stored_texts
from portal.identity import access, encryption
from portal.identity.access import ANY_KEY, PUBLIC, SIGNED_IN
from portal.services import person_export, retention_kinds  # noqa: F401  an exporter, and what is deleted after some days

encryption.register("portal.SecondFactor", "secret")
encryption.register("portal.SingleSignOn", "client_secret")
encryption.register("portal.WebhookEndpoint", "secret", "previous_secret")
access.register(
    {
        "healthz": PUBLIC,
        "health_live": PUBLIC,
        "health_ready": PUBLIC,
        "health_startup": PUBLIC,
        "health_work": PUBLIC,
        "metrics": PUBLIC,  # its view asks for METRICS_TOKEN and METRICS_FROM
        "portal:sign_in": PUBLIC,
        "portal:second_step": PUBLIC,
        "portal:sign_on": PUBLIC,
        "portal:sign_on_return": PUBLIC,
        "portal:confirm": SIGNED_IN,
        "portal:second_factors": SIGNED_IN,
        "portal:factor_app": SIGNED_IN,
        "portal:factor_passkey": SIGNED_IN,
        "portal:password_forgotten": PUBLIC,
        "portal:account_link": PUBLIC,
        "portal:password_choose": PUBLIC,
        "portal:password_new": SIGNED_IN,
        "portal:sign_out": SIGNED_IN,
        "portal:home": SIGNED_IN,
        "portal:account": SIGNED_IN,
        "portal:session_end": SIGNED_IN,
        "portal:duty": SIGNED_IN,
        "portal:guide": SIGNED_IN,
        "portal:guide_page": SIGNED_IN,
        "portal:notifications": SIGNED_IN,
        "portal:notification": SIGNED_IN,
        "portal:notifications_read": SIGNED_IN,
        "portal:people": "person.manage",
        "portal:person_add": "person.manage",
        "portal:people_import": "person.manage",
        "portal:permissions": "person.manage",
        "portal:person_edit": "person.manage",
        "portal:person_sessions": "person.manage",
        "portal:person_sign_in": "person.manage",
        "portal:person_export": "person.export",
        "portal:person_duty": "person.manage",
        "portal:organisations": "organisation.edit",
        "portal:organisation_add": "organisation.manage",
        "portal:organisation_edit": "organisation.edit",
        "portal:organisation_suspension": "organisation.manage",
        "portal:organisation_sign_on": "organisation.edit",
        "portal:organisation_provisioning": "organisation.edit",
        "portal:scim_config": PUBLIC,  # a directory's token opens these (portal/views/scim.py)
        "portal:scim_types": PUBLIC,
        "portal:scim_type": PUBLIC,
        "portal:scim_schemas": PUBLIC,
        "portal:scim_schema": PUBLIC,
        "portal:scim_users": PUBLIC,
        "portal:scim_user": PUBLIC,
        "portal:keys": "key.manage",
        "portal:key_add": "key.manage",
        "portal:key_revoke": "key.manage",
        "portal:webhooks": "webhook.manage",
        "portal:webhook_add": "webhook.manage",
        "portal:webhook": "webhook.manage",
        "portal:webhook_edit": "webhook.manage",
        "portal:webhook_rotate": "webhook.manage",
        "portal:webhook_test": "webhook.manage",
        "portal:webhook_enable": "webhook.manage",
        "portal:webhook_disable": "webhook.manage",
        "portal:webhook_delete": "webhook.manage",
        "portal:webhook_delivery": "webhook.manage",
        "portal:webhook_replay": "webhook.manage",
        "portal:list_columns": SIGNED_IN,  # each list asks for its own permission
        "portal:saved_view": SIGNED_IN,  # each list asks for its own permission
        "portal:audit": "audit.view",
        "portal:audit_event": "audit.view",
        "portal:audit_verify": "audit.view",
        "portal:audit_export": "audit.view",
        "portal:health": "health.view",
        "portal:retention": "retention.manage",
        "portal:legal_holds": "hold.manage",
        "portal:legal_hold": "hold.manage",
        "portal:exports": "export.make",
        "portal:export": "export.make",
        "portal:list_export": "export.make",
        "portal:export_progress": "export.make",
        "portal:export_cancel": "export.make",
        "portal:export_delete": "export.make",
        "portal:export_file": "export.make",  # each kind asks for its own permission
        "api:key": ANY_KEY,
        "api:platforms": "recall.view",
        "api:exports": "export.make",
        "api:export": "export.make",
        "api:export_file": "export.make",  # each kind asks for its own permission
        "api:export_cancel": "export.make",
        "api:export_delete": "export.make",
        "api:audit": "audit.view",
        "api:audit_event": "audit.view",
        "api:audit_export": "audit.view",
        "api:schema": PUBLIC,
        "api:docs": PUBLIC,
        "api:errors": PUBLIC,
    }
)

access.register_own_methods(
    {
        "portal:scim_config",
        "portal:scim_types",
        "portal:scim_type",
        "portal:scim_schemas",
        "portal:scim_schema",
        "portal:scim_users",
        "portal:scim_user",
    }
)

access.register_sensitive(
    {
        "portal:people_import": (),
        "portal:person_add": (),
        "portal:person_edit": (),
        "portal:person_sign_in": (),
        "portal:person_export": (),
        "portal:retention": (),
        "portal:legal_hold": (),
        "portal:organisation_add": (),
        "portal:organisation_edit": (),
        "portal:organisation_suspension": (),
        "portal:organisation_sign_on": (),
        "portal:organisation_provisioning": (),
        "portal:key_add": (),
        "portal:key_revoke": (),
    }
)

navigation.register(
    [
        (120, gettext_noop("Keys"), "portal:keys"),
        (125, gettext_noop("Webhooks"), "portal:webhooks"),
        (160, gettext_noop("People"), "portal:people"),
        (170, gettext_noop("Platforms"), "portal:organisations"),
        (175, gettext_noop("Retention"), "portal:retention"),
        (177, gettext_noop("Legal holds"), "portal:legal_holds"),
    ],
    group=navigation.SETUP,
)
navigation.register(
    [
        (180, gettext_noop("Audit"), "portal:audit"),
        (190, gettext_noop("Health"), "portal:health"),
    ],
    group=navigation.OVERSIGHT,
)

subjects.register(
    {
        "portal.user": "portal:person_edit",
        "portal.organisation": "portal:organisation_edit",
        "portal.webhookendpoint": "portal:webhook",
        "portal.hook": "portal:webhook_delivery",
        "portal.legalhold": "portal:legal_hold",
    }
)

words.register(
    {
        "catalogue.upserted": gettext_noop("Catalogue listings stored"),
        "person.created": gettext_noop("Person added"),
        "person.imported": gettext_noop("People imported"),
        "person.edited": gettext_noop("Person edited"),
        "person.password_changed": gettext_noop("Password changed"),
        "person.invited": gettext_noop("Invitation sent"),
        "person.invitation_accepted": gettext_noop("Invitation accepted"),
        "person.password_requested": gettext_noop("New password requested"),
        "person.password_reset": gettext_noop("Password reset by mail"),
        "person.password_change_required": gettext_noop("New password required"),
        "person.locked": gettext_noop("Unused account locked"),
        "person.unlocked": gettext_noop("Account unlocked"),
        "person.sign_on_refused": gettext_noop("Single sign-on refused"),
        "organisation.single_sign_on_edited": gettext_noop("Single sign-on edited"),
        "organisation.provisioning_edited": gettext_noop("Directory provisioning edited"),
        "person.factor_added": gettext_noop("Second factor added"),
        "person.factor_removed": gettext_noop("Second factor removed"),
        "person.factor_failed": gettext_noop("Second factor failed"),
        "person.factor_locked": gettext_noop("Second factor locked"),
        "person.recovery_codes_made": gettext_noop("Recovery codes created"),
        "person.recovery_code_used": gettext_noop("Recovery code used"),
        "person.factor_reset_requested": gettext_noop("Second factor reset requested"),
        "person.factor_reset": gettext_noop("Second factor reset"),
        "person.factor_reset_refused": gettext_noop("Second factor reset refused"),
        "person.absence_added": gettext_noop("Absence added"),
        "person.absence_ended": gettext_noop("Absence ended"),
        "person.duty_hours_set": gettext_noop("Duty hours changed"),
        "person.exported": gettext_noop("Everything about the person exported"),
        "person.erasure_requested": gettext_noop("Erasure of the person requested"),
        "person.erasure_refused": gettext_noop("Erasure of the person refused"),
        "person.erased": gettext_noop("Person erased"),
        "person.erasure_done": gettext_noop("Person erased from the audit log"),
        "audit.payloads_erased": gettext_noop("Names erased from audit events"),
        "person.signed_in": gettext_noop("Signed in"),
        "person.sign_in_failed": gettext_noop("Sign-in failed"),
        "person.sign_in_locked": gettext_noop("Sign-in locked"),
        "session.ended": gettext_noop("Session ended"),
        "organisation.created": gettext_noop("Organisation added"),
        "organisation.edited": gettext_noop("Organisation edited"),
        "organisation.suspended": gettext_noop("Organisation suspended"),
        "organisation.resumed": gettext_noop("Suspension of organisation ended"),
        "organisation.contact_failed": gettext_noop("Mail to organisation contact bounced"),
        "key.created": gettext_noop("Key created"),
        "key.revoked": gettext_noop("Key revoked"),
        "mail.retried": gettext_noop("Mail retried"),
        "hook.retried": gettext_noop("Webhook retried"),
        "webhook.added": gettext_noop("Webhook endpoint added"),
        "webhook.edited": gettext_noop("Webhook endpoint edited"),
        "webhook.secret_rotated": gettext_noop("Webhook secret rotated"),
        "webhook.disabled": gettext_noop("Webhook endpoint disabled"),
        "webhook.disabled_after_failures": gettext_noop("Webhook endpoint disabled after failures"),
        "webhook.enabled": gettext_noop("Webhook endpoint enabled"),
        "webhook.deleted": gettext_noop("Webhook endpoint deleted"),
        "webhook.tested": gettext_noop("Webhook test event sent"),
        "webhook.replayed": gettext_noop("Webhook delivery replayed"),
        "set_aside.retried": gettext_noop("Failed row retried"),
        "export.queued": gettext_noop("Export queued"),
        "export.started": gettext_noop("Export started"),
        "export.done": gettext_noop("Export done"),
        "export.failed": gettext_noop("Export failed"),
        "export.cancelled": gettext_noop("Export cancelled"),
        "export.retried": gettext_noop("Export retried"),
        "export.downloaded": gettext_noop("Export downloaded"),
        "export.deleted": gettext_noop("Export deleted"),
        "retention.applied": gettext_noop("Old data deleted"),
        "retention.changed": gettext_noop("Retention changed"),
        "view.shared": gettext_noop("Saved view shared"),
        "view.unshared": gettext_noop("Saved view no longer shared"),
        "hold.placed": gettext_noop("Legal hold placed"),
        "hold.release_requested": gettext_noop("Release of a legal hold requested"),
        "hold.release_refused": gettext_noop("Release of a legal hold refused"),
        "hold.released": gettext_noop("Legal hold released"),
    }
)
sentences.register(SENTENCES)
saved_lists.register("portal:audit", AuditFilter.base_filters.keys() - {"sealed_after", "sealed_until"})

queues.register(
    {
        "portal.tasks.seal_audit": queues.CLOCKS,
        "portal.tasks.begin_absences": queues.CLOCKS,
        "portal.tasks.lock_inactive_people": queues.DELIVERIES,
        "portal.tasks.answer_password_requests": queues.DELIVERIES,
        "portal.tasks.run_exports_due": queues.FILES,
        "portal.tasks.apply_retention": queues.FILES,
        "portal.tasks.erase_people": queues.FILES,
        "portal.tasks.send_mail_due": queues.DELIVERIES,
        "portal.tasks.send_hooks_due": queues.DELIVERIES,
        "portal.tasks.stamp_audit": queues.DELIVERIES,
        "portal.tasks.notify_subscribers": queues.DELIVERIES,
        "portal.tasks.anchor_audit": queues.DELIVERIES,
    },
    seldom={
        "portal.tasks.begin_absences",
        "portal.tasks.lock_inactive_people",
        "portal.tasks.apply_retention",
        "portal.tasks.erase_people",
        "portal.tasks.notify_subscribers",
    },
)
object_names.register(message_texts.OBJECTS)
stored_texts.register((*message_texts.MESSAGES, *message_texts.SWEEPS, *ACTORS))
