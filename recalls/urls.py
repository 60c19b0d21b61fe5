"""Addresses of recalls, notices and imports."""

from django.urls import path

from recalls.views import editor, feeds, imports, notices, recalls

app_name = "recalls"
urlpatterns = [
    path("", recalls.recall_list, name="list"),
    path("add/", editor.add, name="add"),
    path("<int:pk>/", recalls.detail, name="detail"),
    path("pictures/<int:pk>/", recalls.picture, name="picture"),
    path("<int:pk>/edit/", editor.edit, name="edit"),
    path("<int:pk>/revise/", recalls.revise, name="revise"),
    path("<int:pk>/versions/", recalls.versions, name="versions"),
    path("<int:pk>/move/<slug:to>/", recalls.move, name="move"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/add/", imports.import_add, name="import_add"),
    path("imports/template/<slug:form>/", imports.import_template, name="import_template"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/submit/", imports.import_submit, name="import_submit"),
    path("imports/<int:pk>/approve/", imports.import_approve, name="import_approve"),
    path("imports/<int:pk>/return/", imports.import_return, name="import_return"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/add/", feeds.feed_add, name="feed_add"),
    path("feeds/<int:pk>/", feeds.feed, name="feed"),
    path("feeds/<int:pk>/fetch/", feeds.feed_fetch, name="feed_fetch"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/rejects/", imports.import_rejects, name="import_rejects"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/acknowledge/", notices.acknowledge, name="notice_acknowledge"),
    path("notices/<int:pk>/withdraw/", notices.withdraw, name="notice_withdraw"),
]
