"""Addresses of the ground's own pages."""

from django.urls import path

from portal.views import accounts, audit, exports, factors, health, passwords, people, sessions, signing_in

app_name = "portal"
urlpatterns = [
    path("", accounts.home, name="home"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/second-step/", signing_in.second_step, name="second_step"),
    path("sign-in/confirm/", signing_in.confirm, name="confirm"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/forgotten/", passwords.password_forgotten, name="password_forgotten"),
    path("password/link/<str:token>/", passwords.account_link, name="account_link"),
    path("password/choose/", passwords.password_choose, name="password_choose"),
    path("password/new/", passwords.password_new, name="password_new"),
    path("account/second-factor/", factors.second_factors, name="second_factors"),
    path("account/second-factor/app/", factors.factor_app, name="factor_app"),
    path("account/second-factor/passkey/", factors.factor_passkey, name="factor_passkey"),
    path("account/", accounts.account, name="account"),
    path("account/sessions/end/", sessions.session_end, name="session_end"),
    path("inbox/", accounts.notifications, name="notifications"),
    path("inbox/read/", accounts.notifications_read, name="notifications_read"),
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/sessions/", sessions.person_sessions, name="person_sessions"),
    path("people/<int:pk>/sign-in/", sessions.person_sign_in, name="person_sign_in"),
    path("platforms/", people.organisations, name="organisations"),
    path("platforms/add/", people.organisation_add, name="organisation_add"),
    path("platforms/<int:pk>/", people.organisation_edit, name="organisation_edit"),
    path("keys/", people.key_list, name="keys"),
    path("keys/add/", people.key_add, name="key_add"),
    path("keys/<int:pk>/revoke/", people.key_revoke, name="key_revoke"),
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
