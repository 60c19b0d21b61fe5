"""Addresses of the ground's own pages."""

from django.urls import path

from portal.views import accounts, audit, exports, health, people, sessions, webhooks

app_name = "portal"
urlpatterns = [
    path("", accounts.home, name="home"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("account/", accounts.account, name="account"),
    path("account/sessions/end/", sessions.session_end, name="session_end"),
    path("inbox/", accounts.notifications, name="notifications"),
    path("inbox/read/", accounts.notifications_read, name="notifications_read"),
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/sessions/", sessions.person_sessions, name="person_sessions"),
    path("platforms/", people.organisations, name="organisations"),
    path("platforms/add/", people.organisation_add, name="organisation_add"),
    path("platforms/<int:pk>/", people.organisation_edit, name="organisation_edit"),
    path("keys/", people.key_list, name="keys"),
    path("keys/add/", people.key_add, name="key_add"),
    path("keys/<int:pk>/revoke/", people.key_revoke, name="key_revoke"),
    path("webhooks/", webhooks.endpoints, name="webhooks"),
    path("webhooks/add/", webhooks.endpoint_add, name="webhook_add"),
    path("webhooks/<int:pk>/", webhooks.endpoint, name="webhook"),
    path("webhooks/<int:pk>/edit/", webhooks.endpoint_edit, name="webhook_edit"),
    path("webhooks/<int:pk>/rotate/", webhooks.endpoint_rotate, name="webhook_rotate"),
    path("webhooks/<int:pk>/test/", webhooks.endpoint_test, name="webhook_test"),
    path("webhooks/<int:pk>/enable/", webhooks.endpoint_enable, name="webhook_enable"),
    path("webhooks/<int:pk>/disable/", webhooks.endpoint_disable, name="webhook_disable"),
    path("webhooks/<int:pk>/delete/", webhooks.endpoint_delete, name="webhook_delete"),
    path("webhooks/deliveries/<int:pk>/", webhooks.delivery, name="webhook_delivery"),
    path("webhooks/deliveries/<int:pk>/replay/", webhooks.delivery_replay, name="webhook_replay"),
    path("audit/", audit.events, name="audit"),
    path("audit/<int:pk>/", audit.event, name="audit_event"),
    path("audit/verify/", audit.verify, name="audit_verify"),
    path("audit/export/", audit.export, name="audit_export"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<int:pk>/", exports.export, name="export"),
    path("exports/<int:pk>/progress/", exports.export_progress, name="export_progress"),
    path("exports/<int:pk>/cancel/", exports.export_cancel, name="export_cancel"),
    path("exports/<int:pk>/delete/", exports.export_delete, name="export_delete"),
    path("exports/<int:pk>/file/", exports.export_file, name="export_file"),
    path("health/", health.health, name="health"),
]
