"""Addresses of recalls, notices and imports."""

from django.urls import path

from recalls.views import editor, imports, notices, recalls

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
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/rejects/", imports.import_rejects, name="import_rejects"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/acknowledge/", notices.acknowledge, name="notice_acknowledge"),
    path("notices/<int:pk>/withdraw/", notices.withdraw, name="notice_withdraw"),
]
