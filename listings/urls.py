"""Addresses of the queue, flags and their messages, the catalogue and its imports."""

from django.urls import path

from listings.views import bulk, catalogue, dry_runs, flags, innocents, messages, reading, rules, search

app_name = "listings"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("queue/", flags.queue, name="queue"),
    path("queue/views/", flags.view_save, name="view_save"),
    path("queue/next/", flags.claim_next, name="claim_next"),
    path("queue/bulk/", bulk.bulk, name="bulk"),
    path("queue/bulk/claim/", bulk.bulk_claim, name="bulk_claim"),
    path("queue/bulk/decide/", bulk.bulk_decide, name="bulk_decide"),
    path("flags/<int:pk>/", flags.flag, name="flag"),
    path("flags/<int:pk>/claim/", flags.claim, name="flag_claim"),
    path("flags/<int:pk>/release/", flags.release, name="flag_release"),
    path("flags/<int:pk>/hand-over/", flags.hand_over, name="flag_hand_over"),
    path("decisions/undo/", flags.undo, name="undo"),
    path("flags/<int:pk>/decide/", flags.decide, name="flag_decide"),
    path("flags/<int:pk>/answer/", flags.answer, name="flag_answer"),
    path("flags/<int:pk>/overrule/", flags.overrule, name="flag_overrule"),
    path("flags/<int:pk>/messages/", messages.post, name="message_post"),
    path("flags/<int:pk>/messages/read/", messages.read, name="messages_read"),
    path("attachments/<int:pk>/", messages.attachment, name="attachment"),
    path("innocents/", innocents.innocents, name="innocents"),
    path("innocents/add/", innocents.add, name="innocent_add"),
    path("innocents/<int:pk>/withdraw/", innocents.withdraw, name="innocent_withdraw"),
    path("readings/preview/", reading.preview, name="reading_preview"),
    path("readings/<int:pk>/", reading.reading, name="reading"),
    path("dry-runs/of/<int:pk>/", dry_runs.dry_runs, name="dry_runs"),
    path("dry-runs/<int:pk>/", dry_runs.dry_run, name="dry_run"),
    path("dry-runs/<int:pk>/progress/", dry_runs.dry_run_progress, name="dry_run_progress"),
    path("dry-runs/<int:pk>/cancel/", dry_runs.dry_run_cancel, name="dry_run_cancel"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<slug:signal>/", rules.switch, name="rule_switch"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<int:pk>/", catalogue.listing, name="listing"),
    path("catalogue/<int:pk>/picture/", catalogue.picture, name="picture"),
    path("catalogue/imports/", catalogue.import_list, name="imports"),
    path("catalogue/imports/add/", catalogue.import_add, name="import_add"),
    path("catalogue/imports/<int:pk>/", catalogue.import_detail, name="import_detail"),
    path("catalogue/imports/<int:pk>/progress/", catalogue.import_progress, name="import_progress"),
    path("catalogue/imports/<int:pk>/rejects/", catalogue.import_rejects, name="import_rejects"),
    path("catalogue/imports/<int:pk>/cancel/", catalogue.import_cancel, name="import_cancel"),
]
